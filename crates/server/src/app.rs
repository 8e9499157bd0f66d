//! The router: every operation of the API, mounted once for each world.

use crate::auth;
use crate::description::{PORTAL, SESSION, SIGNATURE, STAFF, secured};
use crate::metrics::{self, Requests};
use crate::tryit::Stage;
use crate::{Error, World, listen};
use axum::Router;
use axum::extract::{FromRequest, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::pointer::pointer;
use domain::strict::Strict;
use domain::time::BusinessDate;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The worlds a server serves.
#[derive(Debug, Clone)]
pub struct Worlds {
    /// Real persons and money.
    pub production: World,
    /// Test persons and magic values.
    pub sandbox: World,
    /// How both were asked.
    pub requests: Requests,
    /// Days on which the portals are shown without colours, in mourning.
    pub grey_days: Arc<[BusinessDate]>,
}

impl Worlds {
    /// Two worlds that nobody has asked yet, always in colours.
    #[must_use]
    pub fn new(production: World, sandbox: World) -> Self {
        Self { production, sandbox, requests: Requests::default(), grey_days: Arc::default() }
    }
}

/// The whole server as one router.
pub fn router(worlds: &Worlds) -> Router {
    router_with(worlds, Stage::default())
}

/// The whole server, with a stage for visitors of the try-it page.
pub fn router_with(worlds: &Worlds, stage: Stage) -> Router {
    worlds.production.set_test_world(&worlds.sandbox);
    let operations = |world: &World| {
        let observed = from_fn_with_state((worlds.requests.clone(), world.clone()), metrics::observe);
        api(world).split_for_parts().0.layer(observed)
    };
    let production = operations(&worlds.production);
    let sandbox = Router::new().nest("/sandbox", operations(&worlds.sandbox));
    let (health, _) = crate::health::routes().with_state(worlds.clone()).split_for_parts();
    production
        .merge(sandbox)
        .merge(health)
        .merge(crate::tryit::routes(stage))
        .merge(crate::portal::routes(worlds))
        .merge(crate::reference::routes())
        .fallback(async || Error::not_found())
        .method_not_allowed_fallback(async || Error::platform("request.method"))
        .layer(from_fn(|request, next| listen::within(listen::REQUEST_TIME, request, next)))
        .layer(from_fn(auth::finish))
}

/// The API of one world with its description.
#[must_use]
pub fn api(world: &World) -> OpenApiRouter {
    let callers = OpenApiRouter::new()
        .merge(crate::session::http::routes())
        .merge(crate::ecard::http::routes())
        .merge(crate::grant::http::routes())
        .merge(crate::qr::http::routes())
        .merge(crate::payment::http::routes())
        .merge(crate::audit::http::routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_caller));
    let callers = secured(callers, &[SIGNATURE, SESSION]);
    let staff = of_staff().layer(from_fn_with_state(world.clone(), auth::authenticate_staff));
    let staff = secured(staff, &[STAFF, PORTAL]);
    let parties = OpenApiRouter::new()
        .merge(crate::statistic::http::party_routes())
        .merge(crate::webhook::http::party_routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_party));
    let parties = secured(parties, &[STAFF, PORTAL, SIGNATURE, SESSION]);
    let enrolment = crate::staff::portal::enrolment_routes()
        .layer(from_fn_with_state(world.clone(), auth::authenticate_enrolling_staff));
    let account = OpenApiRouter::new()
        .merge(crate::staff::http::account_routes())
        .merge(crate::staff::portal::account_routes())
        .layer(from_fn_with_state(world.clone(), auth::authenticate_new_staff));
    let account = secured(account.merge(enrolment), &[STAFF, PORTAL]);
    let signing_in = crate::staff::portal::public_routes()
        .layer(from_fn_with_state(world.clone(), crate::limit::of_staff));
    let public = OpenApiRouter::new()
        .merge(signing_in)
        .merge(crate::key::http::public_routes())
        .merge(crate::clock::http::public_routes())
        .merge(crate::division::http::public_routes())
        .merge(crate::directory::http::public_routes())
        .merge(crate::registration::http::public_routes())
        .layer(from_fn_with_state(world.clone(), crate::limit::by_address));
    let open = account.merge(public);
    OpenApiRouter::new().merge(callers).merge(staff).merge(parties).merge(open).with_state(world.clone())
}

/// The operations of staff.
fn of_staff() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .merge(crate::card::http::staff_routes())
        .merge(crate::org::http::staff_routes())
        .merge(crate::org::roles::staff_routes())
        .merge(crate::parameter::http::staff_routes())
        .merge(crate::calendar::http::staff_routes())
        .merge(crate::registration::http::staff_routes())
        .merge(crate::sign_in_rule::http::staff_routes())
        .merge(crate::staff::http::staff_routes())
        .merge(crate::team::http::staff_routes())
        .merge(crate::delegation::http::staff_routes())
        .merge(crate::service::http::staff_routes())
        .merge(crate::service_form::http::staff_routes())
        .merge(crate::channel::http::staff_routes())
        .merge(crate::matter::http::staff_routes())
        .merge(crate::monitoring::http::staff_routes())
        .merge(crate::notice::http::staff_routes())
        .merge(crate::notification::http::staff_routes())
        .merge(crate::contact::http::staff_routes())
        .merge(crate::duration::http::staff_routes())
        .merge(crate::sending::http::staff_routes())
        .merge(crate::key_rotation::http::staff_routes())
        .merge(crate::attachment::http::staff_routes())
        .merge(crate::form::http::staff_routes())
        .merge(crate::agreement::http::staff_routes())
        .merge(crate::template::http::staff_routes())
        .merge(crate::terminal::http::staff_routes())
        .merge(crate::traffic::http::staff_routes())
        .merge(crate::key::http::staff_routes())
        .merge(crate::audit::http::staff_routes())
        .merge(crate::webhook::http::staff_routes())
        .merge(crate::payee::http::staff_routes())
        .merge(crate::ledger::http::staff_routes())
        .merge(crate::settlement::http::staff_routes())
        .merge(crate::job::http::staff_routes())
        .merge(crate::export::http::staff_routes())
        .merge(crate::clock::http::staff_routes())
        .merge(crate::statistic::http::staff_routes())
}

/// The description of the API.
#[must_use]
pub fn openapi(world: &World) -> OpenApi {
    let mut description = api(world).split_for_parts().1;
    description.merge(crate::health::routes().into_openapi());
    crate::description::complete(&mut description);
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

/// Reads a JSON body strictly: an object with every field that is required and none that is unknown, and objects within
/// it, never arrays of their fields.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    match T::deserialize(Strict(&mut reader)).and_then(|value| reader.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => match well_formed(body) {
            Ok(()) => Err(locate::<T>(body, &error)),
            Err(why) => Err(Error::detailed("request.malformed", why)),
        },
    }
}

/// Whether the body is JSON at all, whatever it says; or why not.
fn well_formed(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    serde_json::from_str::<IgnoredAny>(text).map(|IgnoredAny| ()).map_err(|error| error.to_string())
}

/// Reads a wrong body once more, to say which field is wrong.
fn locate<T: DeserializeOwned>(body: &[u8], found: &serde_json::Error) -> Error {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(Strict(&mut reader)) else {
        return wrong("", &found.to_string());
    };
    let why = error.inner().to_string();
    wrong(&pointer(error.path(), &why), &why)
}

fn wrong(pointer: &str, why: &str) -> Error {
    Error::field_text(pointer, "request.fields", &format!("字段缺失、多余或类型不正确 ({why})"))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
