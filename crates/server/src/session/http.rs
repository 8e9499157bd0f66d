//! The wire form of callers' sessions.

use super::service;
use crate::app::Json;
use crate::auth::Caller;
use crate::wire::hex;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::SessionId;
use gm::sm2::EncryptingKey;
use http::StatusCode;
use sdk::types::session::{OpenSession, Ping, Pong, SessionOpened};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(open_session)).routes(routes!(close_session)).routes(routes!(ping))
}

/// Opens a session for requests at high rates.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "session", operation_id = "open_session",
    request_body = OpenSession, responses((status = 201, body = SessionOpened)))]
async fn open_session(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Json(body): Json<OpenSession>,
) -> Result<(StatusCode, Json<SessionOpened>), Error> {
    let wrong =
        || Error::field_text("/encryption_key", "key.malformed", "不是有效的SM2公钥 (not an SM2 public key)");
    let point = hex::decode("/encryption_key", &body.encryption_key)?;
    let receiver = EncryptingKey::from_sec1(&point).map_err(|_| wrong())?;
    let opened = service::open(&world, caller, &receiver).await?;
    let view = SessionOpened {
        session_id: opened.id.to_string(),
        key_envelope: hex::encode(&opened.envelope),
        expires_at: opened.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Closes a session of the caller's.
#[utoipa::path(delete, path = "/api/v1/sessions/{session_id}", tag = "session", operation_id = "close_session",
    params(("session_id" = String, Path)), responses((status = 204)))]
async fn close_session(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(session_id): Path<String>,
) -> Result<StatusCode, Error> {
    let id: SessionId = session_id.parse().map_err(|_| Error::not_found())?;
    service::close(&world, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers the caller's own text: proves that both ends agree on keys and signatures, and touches no data.
#[utoipa::path(post, path = "/api/v1/ping", tag = "session", operation_id = "ping",
    request_body = Ping, responses((status = 200, body = Pong)))]
async fn ping(State(world): State<World>, Json(body): Json<Ping>) -> Result<Json<Pong>, Error> {
    if body.text.chars().count() > 512 {
        return Err(Error::field_text("/text", "request.too_long", "最多512个字符 (at most 512 characters)"));
    }
    Ok(Json(Pong { text: body.text, at: world.real_now().to_string() }))
}
