//! The wire form of passkeys. Showing one is part of signing in and of stepping up, in [`crate::staff::portal`].

use super::ceremony::{ALGORITHMS, Assertion, Attestation, ClientSaid, DeviceSaid};
use super::service::{self, Question, Wanted};
use crate::app::Json;
use crate::auth::Staff;
use crate::staff::http::password;
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use data_encoding::BASE64URL_NOPAD;
use domain::id::PasskeyId;
use domain::passkey::{CHALLENGE_SECONDS, CREDENTIAL_ID_BYTES, MOST, Refusal};
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Private;
use sdk::types::passkey::{
    BeginPasskey, FactorAsked, PasskeyAssertion, PasskeyBegun, PasskeyRegistered, PasskeyRequest,
    PasskeyView, Passkeys, RegisterPasskey,
};
use store::passkey::PasskeyRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most characters of a passkey's name.
const NAME_LENGTH: usize = 40;
/// Most characters of what a device answers, in base64url, as the schema says.
const ATTESTATION_LENGTH: usize = 16_384;
const CLIENT_LENGTH: usize = 4096;
const AUTHENTICATOR_LENGTH: usize = 4096;
const CREDENTIAL_LENGTH: usize = CREDENTIAL_ID_BYTES.div_ceil(3) * 4;
const SIGNATURE_LENGTH: usize = 2048;

/// What an account may do before its second factor is enrolled.
pub fn enrolment_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_passkeys, register_passkey))
        .routes(routes!(begin_passkey))
        .routes(routes!(remove_passkey))
}

/// Lists one's own passkeys, and says at which origin they are used.
#[utoipa::path(get, path = "/api/v1/staff/passkeys", tag = "staff", operation_id = "list_passkeys",
    responses((status = 200, body = Passkeys)))]
async fn list_passkeys(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<Passkeys>, Error> {
    let standing = service::list(&world, &staff).await?;
    Ok(Json(Passkeys { data: standing.rows.iter().map(view).collect(), most: MOST, origin: standing.origin }))
}

/// Begins a passkey: what a device has to make it from, good once and for five minutes. It takes the password, and a fresh proof
/// of the second factor where there is one.
#[utoipa::path(post, path = "/api/v1/staff/passkeys/begin", tag = "staff", operation_id = "begin_passkey",
    request_body = BeginPasskey, responses((status = 201, body = PasskeyBegun)))]
async fn begin_passkey(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<BeginPasskey>,
) -> Result<(StatusCode, Json<PasskeyBegun>), Error> {
    let mut fields = Fields::default();
    let Some(password) = password(&mut fields, "/password", &body.password) else {
        return Err(fields.error());
    };
    let begun = service::begin(&world, &staff, &password).await?;
    let PasskeyRequest { challenge, rp_id, credential_ids, timeout_seconds, .. } = request(begun.wanted);
    let begun = PasskeyBegun {
        challenge,
        rp_id,
        user_id: BASE64URL_NOPAD.encode(staff.id.as_bytes()),
        user_name: begun.user_name,
        algorithms: ALGORITHMS.into(),
        credential_ids,
        timeout_seconds,
    };
    Ok((StatusCode::CREATED, Json(begun)))
}

/// Registers a passkey that a device has made. The first second factor of an account ends its other sessions and brings recovery
/// codes.
#[utoipa::path(post, path = "/api/v1/staff/passkeys", tag = "staff", operation_id = "register_passkey",
    request_body = RegisterPasskey, responses((status = 201, body = PasskeyRegistered)))]
async fn register_passkey(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<RegisterPasskey>,
) -> Result<(StatusCode, Json<PasskeyRegistered>), Error> {
    let mut fields = Fields::default();
    let name = fields.text("/name", &body.name, NAME_LENGTH);
    let client = fields
        .take("/client_data", bytes(&body.client_data, CLIENT_LENGTH).and_then(|raw| ClientSaid::read(&raw)));
    let made = bytes(&body.attestation_object, ATTESTATION_LENGTH).and_then(|raw| Attestation::device(&raw));
    let device = fields.take("/attestation_object", made);
    let (Some(name), Some(client), Some(device)) = (name, client, device) else { return Err(fields.error()) };
    let registered = service::register(&world, &staff, name, Attestation { client, device }).await?;
    let codes = registered.recovery_codes.iter().map(|code| Private::new(code.expose())).collect();
    let answer = PasskeyRegistered { passkey: view(&registered.row), recovery_codes: codes };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Removes one of one's own passkeys, after a fresh proof; the last second factor of an account stays.
#[utoipa::path(delete, path = "/api/v1/staff/passkeys/{passkey_id}", tag = "staff",
    operation_id = "remove_passkey", params(("passkey_id" = String, Path)), responses((status = 204)))]
async fn remove_passkey(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(passkey_id): Path<String>,
) -> Result<StatusCode, Error> {
    let id = passkey_id.parse().map_err(|_| Error::not_found())?;
    service::remove(&world, &staff, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may be shown as a second factor, as it is sent.
pub fn asked(question: Question) -> FactorAsked {
    FactorAsked { takes_code: question.takes_code, passkey: question.passkey.map(request) }
}

/// Reads what a passkey answered.
pub fn assertion(fields: &mut Fields, body: &PasskeyAssertion) -> Option<Assertion> {
    let credential_id = fields.take("/passkey/credential_id", bytes(&body.credential_id, CREDENTIAL_LENGTH));
    let client = bytes(&body.client_data, CLIENT_LENGTH).and_then(|raw| ClientSaid::read(&raw));
    let client = fields.take("/passkey/client_data", client);
    let device = bytes(&body.authenticator_data, AUTHENTICATOR_LENGTH).and_then(DeviceSaid::read);
    let device = fields.take("/passkey/authenticator_data", device);
    let signature = fields.take("/passkey/signature", bytes(&body.signature, SIGNATURE_LENGTH));
    Some(Assertion { credential_id: credential_id?, client: client?, device: device?, signature: signature? })
}

fn bytes(text: &str, most: usize) -> Result<Vec<u8>, Refusal> {
    let fits = !text.is_empty() && text.len() <= most;
    let decoded = fits.then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten();
    decoded.ok_or(Refusal::Malformed)
}

fn request(wanted: Wanted) -> PasskeyRequest {
    PasskeyRequest {
        challenge: BASE64URL_NOPAD.encode(&wanted.challenge),
        rp_id: wanted.party.id,
        origin: wanted.party.origin,
        credential_ids: wanted.credential_ids.iter().map(|id| BASE64URL_NOPAD.encode(id)).collect(),
        timeout_seconds: CHALLENGE_SECONDS,
    }
}

fn view(row: &PasskeyRow) -> PasskeyView {
    PasskeyView {
        passkey_id: PasskeyId::from_bytes(row.id).to_string(),
        name: row.name.clone(),
        created_at: Timestamp::from_micros(row.created_at).to_string(),
        used_at: row.used_at.map(|at| Timestamp::from_micros(at).to_string()),
    }
}
