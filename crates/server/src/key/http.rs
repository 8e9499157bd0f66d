//! The wire form of keys: the platform's public ones, and registering and revoking those of callers.

use super::service::{self, NewKey, Owned, Owner};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::hex;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::KeyId;
use domain::key::KeyUsage as Usage;
use domain::key::proof::fingerprint;
use domain::time::Timestamp;
use gm::sm2::VerifyingKey;
use http::StatusCode;
use sdk::types::key::{
    AddKey, KeyRotated, KeyState, KeyUsage, KeyView, PlatformKey, PlatformKeys, RevokeKey, RotateKey,
};
use store::key::KeyRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What needs no authentication.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_platform_keys))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(add_channel_key))
        .routes(routes!(add_terminal_key))
        .routes(routes!(revoke_key))
        .routes(routes!(rotate_key))
}

/// The platform's public keys. Compare the fingerprints out of band before pinning them.
#[utoipa::path(get, path = "/api/v1/keys", tag = "key", operation_id = "list_platform_keys",
    responses((status = 200, body = PlatformKeys)))]
async fn list_platform_keys(State(world): State<World>) -> Result<Json<PlatformKeys>, Error> {
    // Who asks because an answer was signed with a key that they do not know must find it here, whoever made it.
    world.keys().refresh(world.db()).await?;
    let ring = world.keys().ring();
    Ok(Json(PlatformKeys { data: ring.rows().iter().filter_map(platform_key).collect() }))
}

fn platform_key(row: &KeyRow) -> Option<PlatformKey> {
    let (usage, algorithm) = match row.usage.parse().ok()? {
        Usage::Sign => (KeyUsage::Sign, "sm2-sm3"),
        Usage::Encrypt => (KeyUsage::Encrypt, "sm2"),
        _ => return None,
    };
    let point = row.public_key.as_deref()?;
    Some(PlatformKey {
        key_id: KeyId::from_bytes(row.id).to_string(),
        usage,
        algorithm: algorithm.into(),
        public_key: hex::encode(point),
        fingerprint: fingerprint(point),
        valid_from: Timestamp::from_micros(row.created_at).to_string(),
        valid_until: None,
    })
}

/// Registers a key of a channel of the sandbox. In production a channel's owner files its next key in a matter of the kind
/// `key_change`, which the operator confirms.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/keys", tag = "key", operation_id = "add_channel_key",
    params(("channel_id" = String, Path)), request_body = AddKey, responses((status = 201, body = KeyView)))]
async fn add_channel_key(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Json(body): Json<AddKey>,
) -> Result<(StatusCode, Json<KeyView>), Error> {
    let owner = Owner::Channel(channel_id.parse().map_err(|_| Error::not_found())?);
    add(&world, &staff, owner, &body).await
}

/// Registers a key of a terminal.
#[utoipa::path(post, path = "/api/v1/terminals/{terminal_id}/keys", tag = "key",
    operation_id = "add_terminal_key", params(("terminal_id" = String, Path)), request_body = AddKey,
    responses((status = 201, body = KeyView)))]
async fn add_terminal_key(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(terminal_id): Path<String>,
    Json(body): Json<AddKey>,
) -> Result<(StatusCode, Json<KeyView>), Error> {
    let owner = Owner::Terminal(terminal_id.parse().map_err(|_| Error::not_found())?);
    add(&world, &staff, owner, &body).await
}

async fn add(
    world: &World,
    staff: &Staff,
    owner: Owner,
    body: &AddKey,
) -> Result<(StatusCode, Json<KeyView>), Error> {
    let mut fields = Fields::default();
    let Some(new) = new_key(world, &mut fields, "", body) else { return Err(fields.error()) };
    let owned = service::add(world, staff, owner, new).await?;
    Ok((StatusCode::CREATED, Json(owned_view(&owned)?)))
}

/// Revokes a key of a channel or terminal at once.
#[utoipa::path(post, path = "/api/v1/keys/{key_id}/revoke", tag = "key", operation_id = "revoke_key",
    params(("key_id" = String, Path)), request_body = RevokeKey, responses((status = 200, body = KeyView)))]
async fn revoke_key(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(key_id): Path<String>,
    Json(body): Json<RevokeKey>,
) -> Result<Json<KeyView>, Error> {
    let id = key_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    Ok(Json(owned_view(&service::revoke(&world, &staff, id, reason).await?)?))
}

/// Rotates a data key of the platform.
#[utoipa::path(post, path = "/api/v1/keys/rotate", tag = "key", operation_id = "rotate_key",
    request_body = RotateKey, responses((status = 200, body = KeyRotated)))]
async fn rotate_key(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<RotateKey>,
) -> Result<Json<KeyRotated>, Error> {
    let mut fields = Fields::default();
    let Some(usage) = fields.parse::<Usage>("/usage", &body.usage) else { return Err(fields.error()) };
    let version = service::rotate(&world, &staff, usage).await?;
    Ok(Json(KeyRotated { usage: usage.to_string(), version }))
}

/// Reads a key to register; `at` is the pointer of the object it stands in.
pub(crate) fn new_key(world: &World, fields: &mut Fields, at: &str, body: &AddKey) -> Option<NewKey> {
    let usage = match body.usage {
        KeyUsage::Sign => Usage::Caller,
        KeyUsage::Encrypt => Usage::Encrypt,
    };
    let pointer = format!("{at}/public_key");
    let point = hex::decode(&pointer, &body.public_key).ok();
    let Some(key) = point.and_then(|point| VerifyingKey::from_sec1(&point).ok()) else {
        fields.refuse(&pointer, "key.malformed", "不是有效的SM2公钥 (not an SM2 public key)");
        return None;
    };
    Some(NewKey { id: world.id(KeyId::make), usage, key, label: None })
}

fn owned_view(owned: &Owned) -> Result<KeyView, Error> {
    let owner = match owned.owner {
        Owner::Channel(id) => id.to_string(),
        Owner::Terminal(id) => id.to_string(),
    };
    view(&owned.row, &owner)
}

/// A key of a caller as its owner's view shows it.
pub(crate) fn view(row: &KeyRow, owner_id: &str) -> Result<KeyView, Error> {
    use domain::key::KeyState as State;
    let unknown = |_| Error::internal("a stored key has an unknown word");
    let state = match row.state.parse().map_err(unknown)? {
        State::Active => KeyState::Active,
        State::Retiring => KeyState::Retiring,
        State::Retired => KeyState::Retired,
        State::Revoked => KeyState::Revoked,
    };
    let usage = if row.usage == Usage::Encrypt.as_str() { KeyUsage::Encrypt } else { KeyUsage::Sign };
    let point = row.public_key.as_deref().unwrap_or_default();
    let end = row.retired_at.map(|at| Timestamp::from_micros(at).to_string());
    let (retires_at, revoked_at) = match state {
        KeyState::Active => (None, None),
        KeyState::Retiring | KeyState::Retired => (end, None),
        KeyState::Revoked => (None, end),
    };
    Ok(KeyView {
        key_id: KeyId::from_bytes(row.id).to_string(),
        owner_id: owner_id.to_owned(),
        label: row.label.clone(),
        usage,
        state,
        public_key: hex::encode(point),
        fingerprint: fingerprint(point),
        created_at: Timestamp::from_micros(row.created_at).to_string(),
        retires_at,
        revoked_at,
    })
}
