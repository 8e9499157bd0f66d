//! The wire form of sign-in rules.

use super::service::{self, Wish, networks};
use crate::app::Json;
use crate::auth::Staff;
use crate::limit::Origin;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::OrgId;
use domain::parameter::Name;
use domain::refusal::Refuse;
use domain::sign_in_rule::{Network, Networks, Refusal};
use domain::time::Timestamp;
use http::HeaderMap;
use sdk::types::sign_in_rule::{Concurrency, SetSignInRule, SignInRuleView};
use store::sign_in_rule::SignInRuleRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_sign_in_rule, set_sign_in_rule))
}

/// From where the accounts of an organisation are used, and whether in one place at a time.
#[utoipa::path(get, path = "/api/v1/orgs/{org_id}/sign-in-rule", tag = "org", operation_id = "get_sign_in_rule",
    params(("org_id" = String, Path)), responses((status = 200, body = SignInRuleView)))]
async fn get_sign_in_rule(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(org_id): Path<String>,
    origin: Origin,
) -> Result<(HeaderMap, Json<SignInRuleView>), Error> {
    let row = service::get(&world, &staff, id(&org_id)?).await?;
    Ok((etag::headers(row.version), Json(view(&row, origin)?)))
}

/// Says from where the accounts of an organisation are used, and whether in one place at a time. An empty list is no limit. What
/// lies outside is refused from the next request on; nobody leaves out the own address from the list of the own organisation.
#[utoipa::path(post, path = "/api/v1/orgs/{org_id}/sign-in-rule", tag = "org", operation_id = "set_sign_in_rule",
    params(("org_id" = String, Path), ("If-Match" = String, Header)), request_body = SetSignInRule,
    responses((status = 200, body = SignInRuleView)))]
async fn set_sign_in_rule(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(org_id): Path<String>,
    IfMatch(version): IfMatch,
    origin: Origin,
    Json(body): Json<SetSignInRule>,
) -> Result<(HeaderMap, Json<SignInRuleView>), Error> {
    let wish = wish(&body, world.parameter(Name::SignInNetworks))?;
    let Origin(own) = origin;
    let set = service::set(&world, &staff, id(&org_id)?, version, wish, own).await;
    let row = set.map_err(|error| {
        let is_own = error.code() == Refusal::OwnAddress.code();
        if is_own { error.at("/networks") } else { error }
    })?;
    Ok((etag::headers(row.version), Json(view(&row, origin)?)))
}

fn id(text: &str) -> Result<OrgId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

/// At most `most` networks; every one that is wrong is named.
fn wish(body: &SetSignInRule, most: i64) -> Result<Wish, Error> {
    let mut fields = Fields::default();
    if i64::try_from(body.networks.len()).map_or(true, |count| count > most) {
        return Err(Error::field("/networks", &Refusal::TooMany { most }));
    }
    let read = body.networks.iter().enumerate();
    let read: Vec<_> =
        read.filter_map(|(at, text)| fields.parse::<Network>(&format!("/networks/{at}"), text)).collect();
    fields.check()?;
    let networks = Networks::new(read, most).map_err(|refusal| Error::field("/networks", &refusal))?;
    Ok(Wish { networks, concurrency: concurrency(body.concurrency) })
}

fn view(row: &SignInRuleRow, Origin(own): Origin) -> Result<SignInRuleView, Error> {
    let concurrency =
        row.concurrency.parse().map_err(|_| Error::internal("a stored concurrency is unknown"))?;
    Ok(SignInRuleView {
        org_id: OrgId::from_bytes(row.org_id).to_string(),
        networks: networks(&row.networks)?.as_slice().iter().map(ToString::to_string).collect(),
        concurrency: wire_concurrency(concurrency),
        changed_at: row.changed_at.map(|at| Timestamp::from_micros(at).to_string()),
        own_address: own.map(|address| address.to_string()),
        version: row.version,
    })
}

fn concurrency(concurrency: Concurrency) -> domain::sign_in_rule::Concurrency {
    use domain::sign_in_rule::Concurrency as Rule;
    match concurrency {
        Concurrency::Many => Rule::Many,
        Concurrency::Single => Rule::Single,
    }
}

fn wire_concurrency(concurrency: domain::sign_in_rule::Concurrency) -> Concurrency {
    use domain::sign_in_rule::Concurrency as Rule;
    match concurrency {
        Rule::Many => Concurrency::Many,
        Rule::Single => Concurrency::Single,
    }
}
