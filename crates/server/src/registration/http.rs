//! The wire form of registrations.

use super::service::{self, Decision, View};
use crate::app::Json;
use crate::auth::Staff;
use crate::channel::http::{class, wire_class};
use crate::limit::Peer;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::application::form::Contact;
use domain::id::{OrgId, RegistrationId};
use domain::org::Login;
use domain::registration::{self, Filing};
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode};
use sdk::types::registration::{
    CheckRegistration, DeclineRegistration, FileRegistration, OpenRegistration, RegistrationContact,
    RegistrationFiled, RegistrationState, RegistrationStatus, RegistrationView,
};
use sdk::types::staff::StaffCreated;
use sdk::types::{Page, Private, Reveal};
use serde::Deserialize;
use store::registration::RegistrationRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What needs no authentication.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(file_registration)).routes(routes!(check_registration))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_registrations))
        .routes(routes!(get_registration))
        .routes(routes!(reveal_registration))
        .routes(routes!(confirm_registration))
        .routes(routes!(decline_registration))
        .routes(routes!(open_registration))
        .merge(crate::company::http::staff_routes())
}

/// Files a registration. The answer is the same whatever is known of the company; the receipt is in it and nowhere else.
#[utoipa::path(post, path = "/api/v1/registrations", tag = "registration", operation_id = "file_registration",
    request_body = FileRegistration, responses((status = 202, body = RegistrationFiled)))]
async fn file_registration(
    State(world): State<World>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Json(body): Json<FileRegistration>,
) -> Result<(StatusCode, Json<RegistrationFiled>), Error> {
    let RegistrationContact { name, phone, email } = body.contact;
    let filing = Filing {
        name: body.name,
        uscc: body.uscc,
        division: body.division,
        legal_representative: body.legal_representative,
        registered_on: body.registered_on,
        class: class(body.class),
        contact: Contact {
            name: name.expose().to_owned(),
            phone: phone.expose().to_owned(),
            email: email.expose().to_owned(),
        },
        words: body.words,
    };
    let filed = registration::read(filing, world.now().business_date())?;
    if let Some(Extension(Peer(peer))) = peer {
        world.pass_filing(peer, &headers)?;
    }
    let receipt = service::file(&world, filed).await?;
    let filed = RegistrationFiled {
        registration_id: receipt.id.to_string(),
        receipt: Private::new(receipt.secret.expose()),
        lapses_at: receipt.lapses_at.to_string(),
    };
    Ok((StatusCode::ACCEPTED, Json(filed)))
}

/// How one's own registration stands, to whoever holds its receipt.
#[utoipa::path(post, path = "/api/v1/registrations/{registration_id}/check", tag = "registration",
    operation_id = "check_registration", params(("registration_id" = String, Path)),
    request_body = CheckRegistration, responses((status = 200, body = RegistrationStatus)))]
async fn check_registration(
    State(world): State<World>,
    Path(registration_id): Path<String>,
    Json(body): Json<CheckRegistration>,
) -> Result<Json<RegistrationStatus>, Error> {
    let id = id(&registration_id)?;
    let (row, lapses_at) = service::check(&world, id, body.receipt.expose()).await?;
    Ok(Json(RegistrationStatus {
        state: wire_state(&row)?,
        filed_at: moment(row.filed_at),
        changed_at: moment(row.changed_at),
        lapses_at: lapses_at.to_string(),
        reason: row.reason,
    }))
}

/// Which registrations, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RegistrationQuery {
    /// In this state.
    state: Option<RegistrationState>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Lists registrations in the order they were filed; who can be reached is masked.
#[utoipa::path(get, path = "/api/v1/registrations", tag = "registration", operation_id = "list_registrations",
    params(RegistrationQuery), responses((status = 200, body = Page<RegistrationView>)))]
async fn list_registrations(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<RegistrationQuery>,
) -> Result<Json<Page<RegistrationView>>, Error> {
    let asked = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = asked.limit()?;
    let after = asked.cursor(|text| text.parse::<RegistrationId>().ok())?;
    let state = query.state.map(state);
    let found = service::list(&world, &staff, state, after, page::probe(limit)).await?;
    let views = found.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |one: &RegistrationView| one.registration_id.clone())))
}

/// One registration; who can be reached is masked.
#[utoipa::path(get, path = "/api/v1/registrations/{registration_id}", tag = "registration",
    operation_id = "get_registration", params(("registration_id" = String, Path)),
    responses((status = 200, body = RegistrationView)))]
async fn get_registration(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(registration_id): Path<String>,
) -> Result<(HeaderMap, Json<RegistrationView>), Error> {
    let found = service::get(&world, &staff, id(&registration_id)?).await?;
    Ok((etag::headers(found.row.version), Json(view(&found)?)))
}

/// One registration with its contact in clear, for those who are about to answer it; that they asked, and why, is on record.
#[utoipa::path(post, path = "/api/v1/registrations/{registration_id}/reveal", tag = "registration",
    operation_id = "reveal_registration", params(("registration_id" = String, Path)), request_body = Reveal,
    responses((status = 200, body = RegistrationView)))]
async fn reveal_registration(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(registration_id): Path<String>,
    Json(body): Json<Reveal>,
) -> Result<Json<RegistrationView>, Error> {
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    let found = service::reveal(&world, &staff, id(&registration_id)?, reason).await?;
    Ok(Json(view(&found)?))
}

/// Confirms that a company is who it says it is; the security administrator then opens its account.
#[utoipa::path(post, path = "/api/v1/registrations/{registration_id}/confirm", tag = "registration",
    operation_id = "confirm_registration",
    params(("registration_id" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = RegistrationView)))]
async fn confirm_registration(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(registration_id): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<(HeaderMap, Json<RegistrationView>), Error> {
    let decided = service::decide(&world, &staff, id(&registration_id)?, version, Decision::Confirm).await?;
    Ok((etag::headers(decided.row.version), Json(view(&decided)?)))
}

/// Declines a registration; whoever filed it reads the reason.
#[utoipa::path(post, path = "/api/v1/registrations/{registration_id}/decline", tag = "registration",
    operation_id = "decline_registration",
    params(("registration_id" = String, Path), ("If-Match" = String, Header)),
    request_body = DeclineRegistration, responses((status = 200, body = RegistrationView)))]
async fn decline_registration(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(registration_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<DeclineRegistration>,
) -> Result<(HeaderMap, Json<RegistrationView>), Error> {
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    let decision = Decision::Decline(reason);
    let decided = service::decide(&world, &staff, id(&registration_id)?, version, decision).await?;
    Ok((etag::headers(decided.row.version), Json(view(&decided)?)))
}

/// Opens a confirmed registration's organisation with its first account. The one-time password is in this answer and
/// nowhere else.
#[utoipa::path(post, path = "/api/v1/registrations/{registration_id}/open", tag = "registration",
    operation_id = "open_registration",
    params(("registration_id" = String, Path), ("If-Match" = String, Header)),
    request_body = OpenRegistration, responses((status = 201, body = StaffCreated)))]
async fn open_registration(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(registration_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<OpenRegistration>,
) -> Result<(StatusCode, Json<StaffCreated>), Error> {
    let mut fields = Fields::default();
    let Some(login) = fields.parse::<Login>("/login", &body.login) else { return Err(fields.error()) };
    let (row, secret) = service::open(&world, &staff, id(&registration_id)?, version, &login).await?;
    let staff = crate::staff::http::view(&row);
    let created = StaffCreated { staff, one_time_password: Private::new(secret.expose()) };
    Ok((StatusCode::CREATED, Json(created)))
}

fn id(text: &str) -> Result<RegistrationId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn moment(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}

fn view(found: &View) -> Result<RegistrationView, Error> {
    let (row, contact, company) = (&found.row, &found.contact, found.company.as_ref());
    let class = row.class.parse().map_err(|_| Error::internal("a stored class is unknown"))?;
    Ok(RegistrationView {
        registration_id: RegistrationId::from_bytes(row.id).to_string(),
        state: wire_state(row)?,
        name: row.name.clone(),
        uscc: row.uscc.clone(),
        division: row.division.clone(),
        legal_representative: company.map(|company| company.legal_representative.clone()),
        registered_on: company.map(|company| company.registered_on.to_string()),
        full_years: company.map(|company| company.full_years(found.today)),
        old_enough_on: found.old_enough_on.map(|day| day.to_string()),
        class: wire_class(class),
        contact: RegistrationContact {
            name: Private::new(&contact.name),
            phone: Private::new(&contact.phone),
            email: Private::new(&contact.email),
        },
        words: found.words.clone(),
        org_id: found.org.as_ref().map(|org| OrgId::from_bytes(org.id).to_string()),
        org_name: found.org.as_ref().map(|org| org.name.clone()),
        reason: row.reason.clone(),
        filed_at: moment(row.filed_at),
        changed_at: moment(row.changed_at),
        lapses_at: found.lapses_at.to_string(),
        version: row.version,
    })
}

const fn state(state: RegistrationState) -> registration::State {
    match state {
        RegistrationState::Waiting => registration::State::Waiting,
        RegistrationState::Confirmed => registration::State::Confirmed,
        RegistrationState::Declined => registration::State::Declined,
        RegistrationState::Opened => registration::State::Opened,
        RegistrationState::Lapsed => registration::State::Lapsed,
    }
}

fn wire_state(row: &RegistrationRow) -> Result<RegistrationState, Error> {
    Ok(match service::state(row)? {
        registration::State::Waiting => RegistrationState::Waiting,
        registration::State::Confirmed => RegistrationState::Confirmed,
        registration::State::Declined => RegistrationState::Declined,
        registration::State::Opened => RegistrationState::Opened,
        registration::State::Lapsed => RegistrationState::Lapsed,
    })
}
