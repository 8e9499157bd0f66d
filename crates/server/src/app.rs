//! The router: every operation of the API, mounted once for each world.

use crate::auth;
use crate::tryit::Stage;
use crate::{Error, World};
use axum::Router;
use axum::extract::{FromRequest, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The worlds a server serves.
#[derive(Debug, Clone)]
pub struct Worlds {
    /// Real persons and money.
    pub production: World,
    /// Test persons and magic values.
    pub sandbox: World,
}

/// The whole server as one router.
pub fn router(worlds: &Worlds) -> Router {
    router_with(worlds, Stage::default())
}

/// The whole server, with a stage for visitors of the try-it page.
pub fn router_with(worlds: &Worlds, stage: Stage) -> Router {
    let production = world_router(&worlds.production);
    let sandbox = Router::new().nest("/sandbox", world_router(&worlds.sandbox));
    let (health, _) = crate::health::routes().with_state(worlds.clone()).split_for_parts();
    production
        .merge(sandbox)
        .merge(health)
        .merge(crate::tryit::routes(stage))
        .fallback(async || Error::not_found())
        .method_not_allowed_fallback(async || Error::platform("request.method"))
        .layer(from_fn(auth::finish))
}

fn world_router(world: &World) -> Router {
    let (router, _) = api(world).split_for_parts();
    router
}

/// The API of one world with its description.
#[must_use]
pub fn api(world: &World) -> OpenApiRouter {
    let callers = OpenApiRouter::new()
        .merge(crate::session::http::routes())
        .merge(crate::ecard::http::routes())
        .merge(crate::grant::http::routes())
        .merge(crate::qr::http::routes())
        .merge(crate::webhook::http::routes())
        .merge(crate::payment::http::routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_caller));
    let staff = OpenApiRouter::new()
        .merge(crate::card::http::staff_routes())
        .merge(crate::org::http::staff_routes())
        .merge(crate::staff::http::staff_routes())
        .merge(crate::service::http::staff_routes())
        .merge(crate::channel::http::staff_routes())
        .merge(crate::terminal::http::staff_routes())
        .merge(crate::key::http::staff_routes())
        .merge(crate::audit::http::staff_routes())
        .merge(crate::payee::http::staff_routes())
        .merge(crate::ledger::http::staff_routes())
        .merge(crate::settlement::http::staff_routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_staff));
    let parties = OpenApiRouter::new()
        .merge(crate::statistic::http::party_routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_party));
    let account = crate::staff::http::account_routes()
        .layer(from_fn_with_state(world.clone(), auth::authenticate_new_staff));
    let public = OpenApiRouter::new()
        .merge(crate::staff::http::public_routes())
        .merge(crate::key::http::public_routes());
    let open = account.merge(public);
    OpenApiRouter::new().merge(callers).merge(staff).merge(parties).merge(open).with_state(world.clone())
}

/// The description of the API.
#[must_use]
pub fn openapi(world: &World) -> OpenApi {
    let mut description = api(world).split_for_parts().1;
    description.merge(crate::health::routes().into_openapi());
    description
}

/// A JSON body: read strictly, answered with every wrong field named.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let body = axum::body::to_bytes(request.into_body(), auth::BODY_LIMIT)
            .await
            .map_err(|_| Error::platform("request.too_large"))?;
        parse(&body).map(Self)
    }
}

/// Reads a JSON body strictly.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    match serde_json::from_slice(body) {
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => Err(Error::field_text("", "request.fields", &error.to_string())),
        Err(error) => Err(Error::detailed("request.malformed", error.to_string())),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
