//! Every error that the platform can answer, as a list and as the page that the `type` of a problem leads to.
//!
//! Invariant: the page is made from the catalogue itself, so whatever [`Error`](crate::Error) names has its row there, under an id
//! that is its code. It says what a code means and nothing about a request; deliberately not here: anything of a world.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64;
use domain::refusal::CATALOGUE;
use http::{HeaderValue, header};
use std::fmt::Write;

/// Where the page is; the code follows after `#`.
pub const ERRORS: &str = "/docs/reference/errors";

/// One error as it may come over the wire. Words in braces are filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Clause that it stands for, if it is a rule of the regulation.
    pub clause: Option<&'static str>,
    /// What it says in Chinese.
    pub zh: &'static str,
    /// What it says in English.
    pub en: &'static str,
}

/// Every error, by code.
#[must_use]
pub fn errors() -> Vec<Entry> {
    let refusals = CATALOGUE.iter().flat_map(|(_, entries)| *entries).map(|entry| Entry {
        code: entry.code,
        status: crate::error::status_of(entry.code).as_u16(),
        clause: entry.clause,
        zh: entry.zh,
        en: entry.en,
    });
    let platform = crate::error::PLATFORM.iter().map(|&(code, status, zh, en)| Entry {
        code,
        status,
        clause: None,
        zh,
        en,
    });
    let mut all: Vec<Entry> = refusals.chain(platform).collect();
    all.sort_by_key(|entry| entry.code);
    all
}

/// The page.
pub fn routes() -> Router {
    Router::new().route(ERRORS, get(page))
}

async fn page() -> Response {
    let nonce = BASE64.encode(&gm::random::bytes::<16>());
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let Ok(policy) = HeaderValue::from_str(&policy) else {
        return crate::Error::internal("a policy is no header").into_response();
    };
    let mut response = render(&nonce).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn render(nonce: &str) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>错误码 Errors</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style nonce=\"{nonce}\">{STYLE}</style></head>\n\
         <body><main><h1>错误码 <span lang=\"en\">Errors</span></h1>\n\
         <p>错误以 <code>application/problem+json</code>（RFC 9457）答复；<code>code</code> 不会改变。花括号内的词在答复中填入。</p>\n\
         <p lang=\"en\">An error is <code>application/problem+json</code> (RFC 9457); its <code>code</code> is stable. Words in \
         braces are filled in.</p>\n\
         <table><thead><tr><th scope=\"col\">code</th><th scope=\"col\">HTTP</th><th scope=\"col\">条款 <span lang=\"en\">clause</span></th>\
         <th scope=\"col\">含义 <span lang=\"en\">meaning</span></th></tr></thead><tbody>\n"
    );
    for entry in errors() {
        let (code, status, clause) = (entry.code, entry.status, entry.clause.unwrap_or_default());
        let _ = writeln!(
            page,
            "<tr id=\"{code}\"><th scope=\"row\"><a href=\"#{code}\"><code>{code}</code></a></th><td>{status}</td><td>{clause}</td>\
             <td>{}<br><span lang=\"en\">{}</span></td></tr>",
            escape(entry.zh),
            escape(entry.en)
        );
    }
    page.push_str("</tbody></table></main></body></html>\n");
    page
}

const STYLE: &str = "\
:root{color-scheme:light dark;font:15px/1.6 system-ui,'Noto Sans CJK SC',sans-serif}\
body{margin:0}main{max-width:72rem;margin:0 auto;padding:1.5rem}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #8886}\
tbody th{font-weight:normal}td span{opacity:.8}tr:target{background:#ffd54a55}tr{scroll-margin-top:30vh}a{color:inherit}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_row_for_each_error_under_its_code() {
        let (page, all) = (render("nonce"), errors());
        assert!(all.len() > 300, "{}", all.len());
        for entry in &all {
            assert_eq!(page.matches(&format!("<tr id=\"{}\">", entry.code)).count(), 1, "{}", entry.code);
            assert!(page.contains(&escape(entry.zh)) && page.contains(&escape(entry.en)), "{}", entry.code);
        }
        assert_eq!(escape("a<b> & c"), "a&lt;b&gt; &amp; c");
    }
}
