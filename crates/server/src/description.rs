//! What the description of the API says of every operation alike: who may call it, and how it refuses.
//!
//! Who may call is said where a group of routes gets its authentication, so that the two cannot part.

use sdk::Problem;
use sdk::types::webhook::WebhookEvent;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, Info, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

/// An SM2 signature over the request (RFC 9421), by a channel's or terminal's key.
pub const SIGNATURE: &str = "signature";
/// An HMAC-SM3 over the request, under the key of an open session.
pub const SESSION: &str = "session";
/// A bearer token of a member of staff.
pub const STAFF: &str = "staff";
/// A cookie of a member of staff's browser; what changes something shows `Ykt-Csrf` too.
pub const PORTAL: &str = "portal";

/// The routes, each saying that any one of these schemes admits a caller.
#[must_use]
pub fn secured<S>(mut routes: OpenApiRouter<S>, schemes: &[&str]) -> OpenApiRouter<S>
where
    S: Send + Sync + Clone + 'static,
{
    for operation in routes.get_openapi_mut().paths.paths.values_mut().flat_map(operations) {
        let any = schemes.iter().map(|scheme| SecurityRequirement::new(*scheme, [""; 0]));
        operation.security = Some(any.collect());
    }
    routes
}

/// Adds what all operations share.
pub fn complete(description: &mut OpenApi) {
    description.info = Info::new("ykt", env!("CARGO_PKG_VERSION"));
    description.info.description = Some(
        "电子社保卡平台接口。The API of the e-social-security-card platform. Money is in fen, times are RFC 3339, \
         ids are opaque; a refusal is a `Problem` whose `code` is stable. Where the operator limits the rate, each \
         caller and member of staff has so many requests per minute, a minute's worth at once; above it 429 \
         `platform.rate_limited` says in `Retry-After` when to come again. A request that does not end in 60 \
         seconds is answered 408 `request.timeout`, without the platform's signature. The sandbox has the same \
         paths below `/sandbox`."
            .to_owned(),
    );
    let components = description.components.get_or_insert_with(Components::new);
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    // What is delivered to a channel's own endpoint: no operation of ours takes or answers it.
    schemas.push((WebhookEvent::name().into_owned(), WebhookEvent::schema()));
    WebhookEvent::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.schemas.extend(crate::matter::description::schemas());
    let header = |name: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
    components.add_security_scheme(SIGNATURE, header("Signature"));
    components.add_security_scheme(SESSION, header("Ykt-Session"));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme(STAFF, SecurityScheme::Http(bearer));
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::auth::COOKIE)));
    components.add_security_scheme(PORTAL, cookie);
    for operation in description.paths.paths.values_mut().flat_map(operations) {
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response {
                response.description = meaning(status).to_owned();
            }
        }
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        let refused = ResponseBuilder::new()
            .description("Refused, or failed; `code` says why.")
            .content(sdk::problem::CONTENT_TYPE, content)
            .build();
        operation.responses.responses.insert("default".to_owned(), refused.into());
    }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "201" => "Made.",
        "204" => "Done; there is nothing to say.",
        "503" => "Not now.",
        _ => "The answer.",
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}
