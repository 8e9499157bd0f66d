//! What a use case can answer instead of a result, and how it reads on the wire (RFC 9457).
//!
//! An error carries a public half (status, code, sentences, clause, wrong fields) and at most one internal half,
//! which is logged once where the response is made and never sent.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use domain::refusal::Refuse;
use http::{HeaderValue, StatusCode, header};
use sdk::Problem;
use sdk::problem::FieldError;
use std::sync::Arc;
use store::StoreError;

/// An error of a use case.
#[derive(Debug, Clone)]
pub struct Error(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// A rule said no.
    Refused { status: StatusCode, refusal: Box<dyn Refuse> },
    /// The platform said no: `code`, Chinese, English.
    Public {
        status: StatusCode,
        code: &'static str,
        zh: &'static str,
        en: &'static str,
        detail: Option<String>,
    },
    /// The request has the wrong shape; every wrong field is named.
    Fields(Vec<FieldError>),
    /// A refusal that was recorded earlier and is given again.
    Recorded { status: StatusCode, entry: domain::refusal::Entry, cause: String },
    /// Too fast; so many seconds later the next request passes.
    RateLimited(u32),
    /// The store failed.
    Store(StoreError),
    /// An invariant failed; the sentence is for the log.
    Internal(String),
}

/// The Chinese and the English sentence of a code of [`PLATFORM`].
pub(crate) fn words_of(code: &str) -> Option<(&'static str, &'static str)> {
    PLATFORM.iter().find(|row| row.0 == code).map(|row| (row.2, row.3))
}

/// Errors that no rule of the regulation stands behind: `(code, status, Chinese, English)`.
pub const PLATFORM: &[(&str, u16, &str, &str)] = &[
    ("request.malformed", 400, "请求格式不正确", "the request cannot be read"),
    ("request.fields", 422, "请求字段不正确", "fields of the request are wrong"),
    ("request.method", 405, "此路径不支持该方法", "the path does not take this method"),
    (
        "request.timeout",
        408,
        "请求未在时限内完成，请以相同内容重试",
        "the request did not end in time, repeat it unchanged",
    ),
    ("request.too_large", 413, "请求过大", "the request is too large"),
    ("idempotency.missing", 400, "缺少 Idempotency-Key", "an Idempotency-Key header is required"),
    (
        "idempotency.mismatch",
        422,
        "同一 Idempotency-Key 的请求内容不同",
        "the same Idempotency-Key came with another request",
    ),
    (
        "idempotency.in_flight",
        409,
        "同一 Idempotency-Key 的请求正在处理",
        "a request with the same Idempotency-Key is in flight",
    ),
    ("signature.missing", 401, "缺少签名", "the request is not signed"),
    ("signature.invalid", 401, "签名无效", "the signature is not valid"),
    ("session.invalid", 401, "会话无效", "the session is not valid"),
    ("staff.unauthenticated", 401, "未登录或登录已过期", "not signed in, or the sign-in has expired"),
    (
        "staff.csrf",
        403,
        "请求来源校验失败，请刷新页面",
        "the request does not come from the portal's own page",
    ),
    ("caller.forbidden", 403, "此调用方不能执行此操作", "this kind of caller may not do this"),
    ("caller.suspended", 403, "调用方已停用", "the caller is suspended or blocked"),
    ("holder.proof_invalid", 403, "持卡人会话证明无效", "the holder's proof is not valid"),
    (
        "holder_session.ended",
        403,
        "持卡人会话已结束，请重新验证",
        "the holder's session has ended: open another one",
    ),
    ("password.envelope", 422, "密码信封无效", "the password envelope cannot be used here"),
    ("real_person.unavailable", 503, "未接入实人认证服务", "no real-person check is configured"),
    (
        "real_person.no_answer",
        503,
        "实人认证服务未响应，请稍后再试",
        "the real-person check did not answer, try again shortly",
    ),
    ("webhook.too_many", 409, "该渠道的回调地址已达上限", "the channel has as many endpoints as it may have"),
    ("resource.not_found", 404, "不存在", "not found"),
    ("resource.exists", 409, "已存在", "it exists already"),
    ("resource.stale", 412, "数据已被他人修改", "it was changed by someone else"),
    ("resource.if_match_missing", 428, "缺少 If-Match", "an If-Match header is required"),
    (
        "form.font_missing",
        503,
        "缺少字体，无法生成表格：请安装 fonts-noto-cjk（Noto Sans CJK）",
        "forms cannot be printed without a font: install fonts-noto-cjk (Noto Sans CJK)",
    ),
    ("platform.rate_limited", 429, "请求过于频繁", "too many requests"),
    ("platform.busy", 503, "系统繁忙，请稍后再试", "busy, try again shortly"),
    ("platform.unavailable", 503, "系统暂不可用", "temporarily unavailable"),
    ("platform.internal", 500, "系统内部错误", "an internal error"),
];

impl Error {
    /// A platform error of [`PLATFORM`] by its code; an unknown code is an internal error.
    #[must_use]
    pub fn platform(code: &'static str) -> Self {
        Self::platform_with(code, None)
    }

    /// [`Error::platform`] with a sentence about this occurrence.
    #[must_use]
    pub fn detailed(code: &'static str, detail: impl Into<String>) -> Self {
        Self::platform_with(code, Some(detail.into()))
    }

    fn platform_with(code: &'static str, detail: Option<String>) -> Self {
        let Some(&(code, status, zh, en)) = PLATFORM.iter().find(|row| row.0 == code) else {
            return Self::internal(format!("unknown platform error {code}"));
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(Arc::new(Kind::Public { status, code, zh, en, detail }))
    }

    /// A rule said no.
    #[must_use]
    pub fn refused(refusal: impl Refuse + 'static) -> Self {
        let status = status_of(refusal.code());
        Self(Arc::new(Kind::Refused { status, refusal: Box::new(refusal) }))
    }

    /// The text under which a refusal is recorded with a spent code: its code, and the cause beneath after a slash.
    #[must_use]
    pub fn to_recorded(&self) -> String {
        let cause = match &*self.0 {
            Kind::Refused { refusal, .. } => {
                refusal.en().rsplit_once('(').map(|(_, c)| c.trim_end_matches(')').to_owned())
            }
            _ => None,
        };
        match cause {
            Some(cause) if self.code().starts_with("authorization.") => format!("{}/{cause}", self.code()),
            _ => self.code().to_owned(),
        }
    }

    /// The refusal behind a recorded text.
    #[must_use]
    pub fn recorded(text: &str) -> Self {
        let (code, cause) = text.split_once('/').unwrap_or((text, ""));
        let entries = domain::refusal::CATALOGUE.iter().flat_map(|(_, entries)| entries.iter());
        let Some(entry) = entries.into_iter().find(|entry| entry.code == code) else {
            return Self::internal(format!("an unknown refusal {code} is recorded"));
        };
        Self(Arc::new(Kind::Recorded { status: status_of(code), entry: *entry, cause: cause.to_owned() }))
    }

    /// One wrong field: `pointer` is a JSON pointer into the body or `?name` of the query.
    #[must_use]
    pub fn field(pointer: &str, refusal: &dyn Refuse) -> Self {
        Self(Arc::new(Kind::Fields(vec![field(pointer, refusal.code(), &refusal.zh(), &refusal.en())])))
    }

    /// The same refusal about one field, which the use case that gave it did not know.
    #[must_use]
    pub fn at(self, pointer: &str) -> Self {
        match &*self.0 {
            Kind::Refused { refusal, .. } => Self::field(pointer, &**refusal),
            _ => self,
        }
    }

    /// One wrong field with a sentence of its own.
    #[must_use]
    pub fn field_text(pointer: &str, code: &str, message: &str) -> Self {
        Self(Arc::new(Kind::Fields(vec![FieldError {
            pointer: pointer.into(),
            code: code.into(),
            message: message.into(),
        }])))
    }

    /// Too many requests; the next one passes so many seconds later.
    #[must_use]
    pub fn rate_limited(seconds: u32) -> Self {
        Self(Arc::new(Kind::RateLimited(seconds)))
    }

    /// Wrong fields.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self(Arc::new(Kind::Fields(errors)))
    }

    /// The same, with the wrong fields of a part of the body named from its root: `part` is the pointer to it.
    #[must_use]
    pub fn under(self, part: &str) -> Self {
        match &*self.0 {
            Kind::Fields(errors) => {
                let mut errors = errors.clone();
                errors.iter_mut().for_each(|error| error.pointer.insert_str(0, part));
                Self::fields(errors)
            }
            _ => self,
        }
    }

    /// A broken invariant; `why` goes to the log only.
    #[must_use]
    pub fn internal(why: impl Into<String>) -> Self {
        Self(Arc::new(Kind::Internal(why.into())))
    }

    /// What does not exist, or what the caller may not know to exist.
    #[must_use]
    pub fn not_found() -> Self {
        Self::platform("resource.not_found")
    }

    /// The stable machine code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &*self.0 {
            Kind::Refused { refusal, .. } => refusal.code(),
            Kind::Public { code, .. } => code,
            Kind::Recorded { entry, .. } => entry.code,
            Kind::Fields(_) => "request.fields",
            Kind::RateLimited(_) => "platform.rate_limited",
            Kind::Store(StoreError::Busy) => "platform.busy",
            Kind::Store(StoreError::Unavailable(_)) => "platform.unavailable",
            Kind::Store(StoreError::Stale) => "resource.stale",
            Kind::Store(_) | Kind::Internal(_) => "platform.internal",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match &*self.0 {
            Kind::Refused { status, .. } | Kind::Public { status, .. } | Kind::Recorded { status, .. } => {
                *status
            }
            Kind::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::RateLimited(_) | Kind::Store(_) | Kind::Internal(_) => {
                let status = PLATFORM.iter().find(|row| row.0 == self.code()).map_or(500, |row| row.1);
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// The clause a refusal rests on.
    #[must_use]
    pub fn clause(&self) -> Option<&'static str> {
        match &*self.0 {
            Kind::Refused { refusal, .. } => refusal.clause(),
            Kind::Recorded { entry, .. } => entry.clause,
            _ => None,
        }
    }

    /// The words of that clause and where they stand, for whoever wants to read why.
    fn ground(&self, english: bool) -> Option<String> {
        let quote = if english { domain::clause::quote_en } else { domain::clause::quote_zh };
        self.clause().and_then(quote)
    }

    /// What the log should say beyond the public half, if anything.
    #[must_use]
    pub fn source_for_log(&self) -> Option<String> {
        match &*self.0 {
            Kind::Store(error) => Some(error.to_string()),
            Kind::Internal(why) => Some(why.clone()),
            _ => None,
        }
    }

    /// The wire form in the reader's language.
    #[must_use]
    pub fn problem(&self, english: bool, request_id: &str) -> Problem {
        let (zh, en, detail, errors) = match &*self.0 {
            Kind::Refused { refusal, .. } => (refusal.zh(), refusal.en(), self.ground(english), Vec::new()),
            Kind::Recorded { entry, cause, .. } => {
                let say = |template: &str| template.replace("{cause}", cause);
                (say(entry.zh), say(entry.en), self.ground(english), Vec::new())
            }
            Kind::Public { zh, en, detail, .. } => ((*zh).into(), (*en).into(), detail.clone(), Vec::new()),
            other => {
                let row = PLATFORM.iter().find(|row| row.0 == self.code());
                let (zh, en) = row.map_or(("", ""), |row| (row.2, row.3));
                let errors = if let Kind::Fields(errors) = other { errors.clone() } else { Vec::new() };
                (zh.into(), en.into(), None, errors)
            }
        };
        let status = self.status();
        Problem {
            kind: format!("{}#{}", crate::reference::ERRORS, self.code()),
            title: if english { en } else { zh },
            status: status.as_u16(),
            detail,
            code: self.code().to_owned(),
            clause: self.clause().map(str::to_owned),
            errors,
            request_id: request_id.to_owned(),
            retryable: matches!(
                status,
                StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
            ),
        }
    }
}

/// Builds a field error from a refusal; the sentence is Chinese with the English one behind it.
#[must_use]
pub fn field(pointer: &str, code: &str, zh: &str, en: &str) -> FieldError {
    FieldError { pointer: pointer.into(), code: code.into(), message: format!("{zh} ({en})") }
}

/// What [`field`] says in one of its two languages.
#[must_use]
pub fn side(message: &str, english: bool) -> &str {
    let both = message.strip_suffix(')').and_then(|both| both.split_once(" ("));
    let (zh, en) = both.unwrap_or((message, message));
    if english { en } else { zh }
}

/// The status of a refusal, by the family of its code: what may not be done is 403, what has the wrong shape 422,
/// what the state forbids 409.
#[must_use]
pub fn status_of(code: &str) -> StatusCode {
    let (noun, reason) = code.split_once('.').unwrap_or((code, ""));
    match (noun, reason) {
        ("authorization" | "scope" | "real_person", _) => StatusCode::FORBIDDEN,
        ("identity" | "money" | "id" | "division" | "time" | "name" | "phone" | "uscc", _)
        | (_, "malformed" | "shape") => StatusCode::UNPROCESSABLE_ENTITY,
        ("staff", "role" | "division" | "password_change_required" | "own_account")
        | ("staff", "code_refused" | "step_up_required" | "factor_required") => StatusCode::FORBIDDEN,
        ("staff", "login_refused" | "code_required") => StatusCode::UNAUTHORIZED,
        ("staff", "role_for_kind" | "password_weak" | "password_same")
        | ("org", "division_for_kind")
        | ("channel", "access_mode" | "parent_missing" | "parent_unexpected" | "parent_level")
        | ("channel", "no_region" | "issuance_not_open") => StatusCode::UNPROCESSABLE_ENTITY,
        ("sign_in_rule", "elsewhere") => StatusCode::UNAUTHORIZED,
        ("sign_in_rule", "address") | ("delegation", "not_in_force") | ("export", "scope") => {
            StatusCode::FORBIDDEN
        }
        ("sign_in_rule", "host_bits" | "too_many" | "own_address") => StatusCode::UNPROCESSABLE_ENTITY,
        ("delegation", "colleague" | "span" | "long") => StatusCode::UNPROCESSABLE_ENTITY,
        ("export", "list") | ("notification", "unmutable" | "address") => StatusCode::UNPROCESSABLE_ENTITY,
        ("notification", "code_pause" | "codes_daily") => StatusCode::TOO_MANY_REQUESTS,
        ("notification", "code_refused") => StatusCode::FORBIDDEN,
        ("parameter", "range" | "early" | "no_trial") => StatusCode::UNPROCESSABLE_ENTITY,
        ("calendar", "other_year" | "span" | "twice" | "weekday" | "sum") => StatusCode::UNPROCESSABLE_ENTITY,
        ("advice", "asker" | "not_asked" | "withdraw") => StatusCode::FORBIDDEN,
        ("advice", "office" | "file") | ("assignment", "colleague" | "reason") => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ("matter", "party" | "division" | "same_person") => StatusCode::FORBIDDEN,
        ("matter", "words" | "no_channel") => StatusCode::UNPROCESSABLE_ENTITY,
        ("attachment", "purpose" | "file_name" | "size" | "digest" | "part") => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ("passkey", "challenge" | "unknown" | "origin" | "unverified" | "signature" | "counter") => {
            StatusCode::FORBIDDEN
        }
        ("passkey", "algorithm") => StatusCode::UNPROCESSABLE_ENTITY,
        ("password", "locked" | "attempts") => StatusCode::TOO_MANY_REQUESTS,
        ("password", "wrong") => StatusCode::FORBIDDEN,
        ("password", _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

/// Every module's refusals convert into [`Error`]; `domain::refusal::CATALOGUE` lists them.
macro_rules! refusals_of {
    ($($module:ident)*) => {
        $(impl From<domain::$module::Refusal> for Error {
            fn from(refusal: domain::$module::Refusal) -> Self {
                Self::refused(refusal)
            }
        })*
    };
}

refusals_of! {
    advice assignment attachment audit authorization calendar card channel clock contact delegation division ecard export grant id identity key ledger locator matter money name notification org parameter
    passkey payment person qr rectification registration sending service service_form settlement sign_in_rule staff statistic template terminal time webhook
}

impl From<domain::matter::Refused> for Error {
    fn from(refused: domain::matter::Refused) -> Self {
        use domain::matter::Refused;
        match refused {
            Refused::Rule(refusal) => {
                Self(Arc::new(Kind::Refused { status: status_of(refusal.code()), refusal }))
            }
            Refused::Fields(faults) => Self::fields(
                faults
                    .iter()
                    .map(|fault| {
                        let refusal = &fault.refusal;
                        field(&fault.pointer, refusal.code(), &refusal.zh(), &refusal.en())
                    })
                    .collect(),
            ),
            Refused::Unreadable { pointer, why } => {
                Self::field_text(&pointer, "request.fields", &format!("字段缺失、多余或类型不正确 ({why})"))
            }
        }
    }
}

impl Error {
    /// What somebody is told who was overtaken between the look and the writing.
    #[must_use]
    pub fn taken(error: StoreError, refusal: impl FnOnce() -> Self) -> Self {
        match error {
            StoreError::Unique(_) => refusal(),
            other => other.into(),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self(Arc::new(Kind::Store(error)))
    }
}

impl IntoResponse for Error {
    /// A bare response that carries the error; the outermost layer writes the body in the reader's language.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        let retry = matches!(self.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS);
        if retry {
            let seconds = if let Kind::RateLimited(seconds) = *self.0 { seconds } else { 1 };
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::channel::Refusal;

    #[test]
    fn a_refusal_quotes_its_clause_in_the_readers_language() {
        let refusal = Error::refused(Refusal::AccessMode);
        let zh = refusal.problem(false, "req-1").detail.unwrap();
        let title = "《电子社会保障卡服务渠道管理办法（试行）》第八条：";
        assert!(zh.starts_with(title) && zh.ends_with("仅支持以H5方式接入"), "{zh}");
        assert!(refusal.problem(true, "req-1").detail.unwrap().starts_with("CH-8.3b: "));
        assert_eq!(Error::refused(Refusal::Transition).problem(false, "req-1").detail, None);
    }
}
