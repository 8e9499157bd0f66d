//! Whether the server runs, whether it can serve, and which one it is: for whoever supervises it, without
//! authentication and without a word about what is inside.

use crate::app::Worlds;
use crate::{Error, World};
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a server says of itself.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Version {
    /// `ykt`
    pub name: &'static str,
    /// Semantic version.
    pub version: &'static str,
}

/// Whether each world can serve.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Readiness {
    /// Whether all can.
    pub ready: bool,
    /// The production world's database answers.
    pub production: bool,
    /// The sandbox world's database answers.
    pub sandbox: bool,
}

/// The routes; they belong to the server, not to a world.
pub fn routes() -> OpenApiRouter<Worlds> {
    OpenApiRouter::new().routes(routes!(livez)).routes(routes!(readyz)).routes(routes!(version))
}

/// The process answers. A failure means: restart it.
#[utoipa::path(get, path = "/livez", tag = "health", operation_id = "get_liveness", responses((status = 204)))]
async fn livez() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The server can serve. A failure means: send it no requests for now.
#[utoipa::path(get, path = "/readyz", tag = "health", operation_id = "get_readiness",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn readyz(State(worlds): State<Worlds>) -> (StatusCode, axum::Json<Readiness>) {
    let (production, sandbox) = (answers(&worlds.production).await, answers(&worlds.sandbox).await);
    let ready = production && sandbox;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(Readiness { ready, production, sandbox }))
}

/// Which program this is.
#[utoipa::path(get, path = "/version", tag = "health", operation_id = "get_version",
    responses((status = 200, body = Version)))]
async fn version() -> axum::Json<Version> {
    axum::Json(Version { name: "ykt", version: env!("CARGO_PKG_VERSION") })
}

async fn answers(world: &World) -> bool {
    match world.db().read(store::epoch::authority).await.map_err(Error::from) {
        Ok(_) => true,
        Err(error) => {
            let source = error.source_for_log().unwrap_or_default();
            tracing::warn!(world = world.name().as_str(), source, "the database does not answer");
            false
        }
    }
}
