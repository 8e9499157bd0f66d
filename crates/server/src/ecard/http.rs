//! The wire form of e-cards, holder sessions and codes.

use super::password::SealedPassword;
use super::proof::HolderProof;
use super::real_person::{Evidence, Method};
use super::service::{self, Claimant, Claimed, Shown};
use super::session::{Factor, Opened};
use super::{code, session};
use crate::app::Json;
use crate::auth::Caller;
use crate::error::field;
use crate::wire::hex;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::card::Phase;
use domain::ecard::{EsscNo, Level};
use domain::id::{BindingId, ChannelId, TerminalId};
use domain::identity::{DocumentKind, IdDocument};
use domain::locator::Locator;
use domain::refusal::Refuse;
use domain::service::Consent;
use domain::time::Timestamp;
use gm::sm2::EncryptingKey;
use http::StatusCode;
use sdk::holder::{context, session_context};
use sdk::problem::FieldError;
use sdk::types::card::CardState;
use sdk::types::ecard::{
    ChangePassword, ClaimEcard, EcardClaimed, EcardView, IdKind, ListAllUses, RealPerson, RealPersonMethod,
    ResetPassword, SetPassword, Unbind,
};
use sdk::types::holder_session::{HolderFactor, HolderSessionOpened, OpenHolderSession};
use sdk::types::qr::{CodeCreated, CreateCode, Purpose, Qr};
use sdk::types::usage::{Authorization, UseView};
use sdk::types::{Page, Private};
use serde::Deserialize;
use store::ecard::uses::ShownUse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(claim_ecard))
        .routes(routes!(get_ecard))
        .routes(routes!(open_holder_session))
        .routes(routes!(set_password))
        .routes(routes!(change_password))
        .routes(routes!(reset_password))
        .routes(routes!(unbind))
        .routes(routes!(create_code))
        .routes(routes!(list_uses))
        .routes(routes!(list_all_uses))
}

/// Claims the holder's e-card in the calling channel (签发), or raises its level.
#[utoipa::path(post, path = "/api/v1/ecards", tag = "ecard", operation_id = "claim_ecard",
    request_body = ClaimEcard, responses((status = 201, body = EcardClaimed)))]
async fn claim_ecard(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Json(body): Json<ClaimEcard>,
) -> Result<(StatusCode, Json<EcardClaimed>), Error> {
    let claimed = service::claim(&world, caller, claimant(&body)?).await?;
    Ok((StatusCode::CREATED, Json(claimed_view(claimed))))
}

/// A binding of the caller's as it is now.
#[utoipa::path(get, path = "/api/v1/ecards/{binding_id}", tag = "ecard", operation_id = "get_ecard",
    params(("binding_id" = String, Path)), responses((status = 200, body = EcardView)))]
async fn get_ecard(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<EcardView>, Error> {
    Ok(Json(view(service::get(&world, caller, binding(&id)?).await?)))
}

/// Opens a holder session that the holder's device asked for.
#[utoipa::path(post, path = "/api/v1/holder-sessions", tag = "ecard", operation_id = "open_holder_session",
    request_body = OpenHolderSession, responses((status = 201, body = HolderSessionOpened)))]
async fn open_holder_session(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Json(body): Json<OpenHolderSession>,
) -> Result<(StatusCode, Json<HolderSessionOpened>), Error> {
    let id = binding(&body.binding_id)?;
    let (device, point) = device_key(&body.device_key)?;
    let factor = match body.factor {
        HolderFactor::Password(factor) => Factor::Password(SealedPassword {
            envelope: factor.password_envelope,
            context: session_context(&body.binding_id, &body.device_key),
        }),
        HolderFactor::RealPerson(evidence) => Factor::RealPerson(self::evidence(&evidence)),
    };
    let opened = session::open(&world, caller, id, (&device, point), factor).await?;
    Ok((StatusCode::CREATED, Json(opened_view(&opened))))
}

/// Sets the first password; one password serves all channels.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/password", tag = "ecard", operation_id = "set_password",
    params(("binding_id" = String, Path)), request_body = SetPassword,
    responses((status = 200, body = EcardView)))]
async fn set_password(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<SetPassword>,
) -> Result<Json<EcardView>, Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let sealed = sealed(body.password_envelope, "set_password", &id);
    Ok(Json(view(service::set_password(&world, caller, binding(&id)?, proof, sealed).await?)))
}

/// Replaces the password by knowing the current one.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/password/change", tag = "ecard",
    operation_id = "change_password", params(("binding_id" = String, Path)), request_body = ChangePassword,
    responses((status = 200, body = EcardView)))]
async fn change_password(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<ChangePassword>,
) -> Result<Json<EcardView>, Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let current = sealed(body.current_password_envelope, "change_password.current", &id);
    let new = sealed(body.new_password_envelope, "change_password.new", &id);
    Ok(Json(view(service::change_password(&world, caller, binding(&id)?, proof, current, new).await?)))
}

/// Replaces a forgotten password in a session that a real-person check opened.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/password/reset", tag = "ecard",
    operation_id = "reset_password", params(("binding_id" = String, Path)), request_body = ResetPassword,
    responses((status = 200, body = EcardView)))]
async fn reset_password(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<ResetPassword>,
) -> Result<Json<EcardView>, Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let sealed = sealed(body.password_envelope, "reset_password", &id);
    Ok(Json(view(service::reset_password(&world, caller, binding(&id)?, proof, sealed).await?)))
}

/// Ends the binding (解除关联); the e-card stays in other channels.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/unbind", tag = "ecard", operation_id = "unbind",
    params(("binding_id" = String, Path)), request_body = Unbind, responses((status = 200, body = EcardView)))]
async fn unbind(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<Unbind>,
) -> Result<Json<EcardView>, Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    Ok(Json(view(service::unbind(&world, caller, binding(&id)?, proof).await?)))
}

/// What else a code is asked for with.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CodeQuery {
    /// Whether to draw the code.
    #[serde(default)]
    svg: bool,
}

/// A code for the holder to show, good for at most a minute and one scan.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/codes", tag = "ecard", operation_id = "create_code",
    params(("binding_id" = String, Path), CodeQuery), request_body = CreateCode,
    responses((status = 201, body = CodeCreated)))]
async fn create_code(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<CodeQuery>,
    Json(body): Json<CreateCode>,
) -> Result<(StatusCode, Json<CodeCreated>), Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let minted = code::mint(&world, caller, binding(&id)?, proof).await?;
    let svg = query.svg.then(|| code::draw(&minted.code)).transpose()?;
    let view = CodeCreated {
        qr: Qr { version: code::QR_VERSION, level: "M".into(), svg },
        expires_at: minted.expires_at.to_string(),
        code: minted.code,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// The uses of the holder's e-card that the channel has part in, newest first: of codes that it showed, and what it
/// verified itself.
#[utoipa::path(get, path = "/api/v1/ecards/{binding_id}/uses", tag = "ecard", operation_id = "list_uses",
    params(("binding_id" = String, Path), PageQuery), responses((status = 200, body = Page<UseView>)))]
async fn list_uses(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<UseView>>, Error> {
    let limit = query.limit()?;
    let rows = service::uses(&world, caller, binding(&id)?, before(&query)?, limit as i64 + 1).await?;
    Ok(Json(use_page(rows, limit)?))
}

/// Every use of the holder's e-card, in whichever channel, newest first, so that the holder may look at every one
/// (ND-2.4b). Each page takes a proof of its own.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/uses/search", tag = "ecard",
    operation_id = "list_all_uses", params(("binding_id" = String, Path), PageQuery),
    request_body = ListAllUses, responses((status = 200, body = Page<UseView>)))]
async fn list_all_uses(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
    Json(body): Json<ListAllUses>,
) -> Result<Json<Page<UseView>>, Error> {
    let limit = query.limit()?;
    let before = before(&query)?;
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let rows = service::all_uses(&world, caller, binding(&id)?, proof, before, limit as i64 + 1).await?;
    Ok(Json(use_page(rows, limit)?))
}

fn before(query: &PageQuery) -> Result<(i64, Vec<u8>), Error> {
    let before = query.cursor(|text| {
        let (at, id) = text.split_once('-')?;
        Some((at.parse().ok()?, data_encoding::HEXLOWER.decode(id.as_bytes()).ok()?))
    })?;
    Ok(before.unwrap_or((i64::MAX, Vec::new())))
}

fn use_page(rows: Vec<ShownUse>, limit: usize) -> Result<Page<UseView>, Error> {
    let rows = page(rows, limit, |row| format!("{}-{}", row.at, hex::encode(&row.id)));
    let data = rows.data.iter().map(use_view).collect::<Result<_, Error>>()?;
    Ok(Page { data, has_more: rows.has_more, next_cursor: rows.next_cursor })
}

/// The binding a path names; a text that is none names nothing.
pub(crate) fn binding(text: &str) -> Result<BindingId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn sealed(envelope: String, operation: &str, id: &str) -> SealedPassword {
    SealedPassword { envelope, context: context(operation, id) }
}

fn device_key(text: &str) -> Result<(EncryptingKey, Vec<u8>), Error> {
    let wrong =
        || Error::field_text("/device_key", "key.malformed", "不是有效的SM2公钥 (not an SM2 public key)");
    let point = hex::decode("/device_key", text)?;
    let key = EncryptingKey::from_sec1(&point).map_err(|_| wrong())?;
    let point = key.to_sec1().to_vec();
    Ok((key, point))
}

fn evidence(given: &RealPerson) -> Evidence {
    let method = match given.method {
        RealPersonMethod::Face => Method::Face,
        RealPersonMethod::Sms => Method::Sms,
        RealPersonMethod::Window => Method::Window,
    };
    Evidence { method, token: given.token.expose().to_owned() }
}

fn kind(kind: IdKind) -> DocumentKind {
    match kind {
        IdKind::ResidentId => DocumentKind::ResidentId,
        IdKind::HongKongMacaoPermit => DocumentKind::HmTravelPermit,
        IdKind::TaiwanPermit => DocumentKind::TwTravelPermit,
        IdKind::ForeignPermanentResident => DocumentKind::ForeignPermanentResidence,
        IdKind::Passport => DocumentKind::Passport,
    }
}

/// Reads a claim; every wrong field is named.
fn claimant(body: &ClaimEcard) -> Result<Claimant, Error> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let name = keep(&mut wrong, "/name", body.name.expose().parse());
    let document =
        keep(&mut wrong, "/id_number", IdDocument::new(kind(body.id_kind), body.id_number.expose()));
    let number = body.card_number.as_ref();
    let number = number.and_then(|text| keep(&mut wrong, "/card_number", text.expose().parse()));
    let division = body.division.as_ref().and_then(|text| keep(&mut wrong, "/division", text.parse()));
    let level = Level::new(i64::from(body.level));
    if level.is_none() {
        wrong.push(field("/level", "ecard.level", "级别须为1或2", "the level is 1 or 2"));
    }
    if !(1..=512).contains(&body.real_person.token.expose().len()) {
        wrong.push(field("/real_person/token", "request.length", "须为1至512字节", "1 to 512 bytes"));
    }
    let device = body.device_key.as_deref().map(device_key).transpose();
    if device.is_err() {
        wrong.push(field("/device_key", "key.malformed", "不是有效的SM2公钥", "not an SM2 public key"));
    }
    match (name, document, level, device) {
        (Some(name), Some(document), Some(level), Ok(device)) if wrong.is_empty() => {
            let evidence = evidence(&body.real_person);
            Ok(Claimant { document, name, number, division, evidence, level, device })
        }
        _ => Err(Error::fields(wrong)),
    }
}

/// The value, or its refusal among the wrong fields.
fn keep<T, R: Refuse>(wrong: &mut Vec<FieldError>, pointer: &str, value: Result<T, R>) -> Option<T> {
    value.map_err(|refusal| wrong.push(field(pointer, refusal.code(), &refusal.zh(), &refusal.en()))).ok()
}

fn card_state(phase: Phase) -> CardState {
    match phase {
        Phase::Applied => CardState::Applied,
        Phase::Personalised => CardState::Personalised,
        Phase::Delivered => CardState::Delivered,
        Phase::Active => CardState::Active,
        Phase::LossReported => CardState::LossReported,
        Phase::TemporarilyLost => CardState::TemporarilyLost,
        Phase::Locked => CardState::Locked,
        Phase::Invalid => CardState::Invalid,
    }
}

fn opened_view(opened: &Opened) -> HolderSessionOpened {
    HolderSessionOpened {
        id: opened.id.to_string(),
        secret_envelope: Private::new(hex::encode(&opened.envelope)),
        level: level(opened.level),
        expires_at: opened.expires_at.to_string(),
    }
}

fn level(number: i64) -> u8 {
    u8::try_from(number).unwrap_or(1)
}

fn claimed_view(claimed: Claimed) -> EcardClaimed {
    let binding = claimed.binding;
    EcardClaimed {
        binding_id: BindingId::from_bytes(binding.id).to_string(),
        ecard_no: EsscNo::from_bytes(binding.ecard_no).to_string(),
        sign_no: binding.sign_no,
        pseudonym: hex::encode(&binding.pseudonym),
        sign_level: level(binding.sign_level),
        state: card_state(claimed.state),
        already_claimed: claimed.known,
        password_required: claimed.password_set,
        holder_session: claimed.session.as_ref().map(opened_view),
    }
}

fn view(shown: Shown) -> EcardView {
    let time = |micros: i64| Timestamp::from_micros(micros).to_string();
    let (ecard, binding) = (shown.ecard, shown.binding);
    EcardView {
        binding_id: BindingId::from_bytes(binding.id).to_string(),
        ecard_no: EsscNo::from_bytes(binding.ecard_no).to_string(),
        sign_no: binding.sign_no,
        pseudonym: hex::encode(&binding.pseudonym),
        sign_level: level(binding.sign_level),
        state: card_state(ecard.state),
        division: ecard.division,
        name_masked: shown.name,
        id_number_masked: shown.number,
        password_set: ecard.password.is_some(),
        password_locked_until: shown.locked_until.map(|until| until.to_string()),
        claimed_at: time(binding.first_bound_at),
        unbound_at: binding.unbound_at.map(time),
    }
}

fn use_view(row: &ShownUse) -> Result<UseView, Error> {
    let wrong = || Error::internal("a use is filed under an impossible key");
    let locator = Locator {
        bucket: u32::try_from(row.bucket).map_err(|_| wrong())?,
        shard: u16::try_from(row.shard).map_err(|_| wrong())?,
        id: row.id,
    };
    let purpose = match row.purpose.split(':').next() {
        Some("identity") => Purpose::Identity,
        Some("pay") => Purpose::Pay,
        _ => Purpose::Service,
    };
    let granted = domain::service::find(&row.service).is_ok_and(|service| service.consent == Consent::Grant);
    Ok(UseView {
        use_id: locator.text(Locator::USE),
        used_at: Timestamp::from_micros(row.at).to_string(),
        purpose,
        authorization: if granted { Authorization::Grant } else { Authorization::Code },
        service: Some(row.service.clone()),
        channel_id: row.channel.as_ref().map(|_| ChannelId::from_bytes(row.caller).to_string()),
        terminal_id: row.terminal.as_ref().map(|_| TerminalId::from_bytes(row.caller).to_string()),
        caller_name: row.channel.clone().or_else(|| row.terminal.clone()).unwrap_or_default(),
        division: row.division.clone(),
        amount_fen: None,
    })
}
