//! The wire form of terminals.

use super::register::{NewTerminal, RunBy};
use super::service::{self, Shown};
use crate::app::Json;
use crate::auth::Staff;
use crate::key;
use crate::rows::{Fault, Reader};
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::{DryRun, Query};
use crate::wire::rows;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::division::DivisionCode;
use domain::id::{OrgId, TerminalId};
use domain::terminal::{Action, State as Rule};
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::import::BatchOutcome;
use sdk::types::terminal::{
    ChangeTerminalState, CreateTerminal, RefusedCodes, RegisterTerminals, TerminalRow, TerminalState,
    TerminalView,
};
use store::terminal::RefusalRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_terminal, list_terminals))
        .routes(routes!(register_terminals))
        .routes(routes!(get_terminal))
        .routes(routes!(change_terminal_state))
}

/// Registers a terminal.
#[utoipa::path(post, path = "/api/v1/terminals", tag = "terminal", operation_id = "create_terminal",
    request_body = CreateTerminal, responses((status = 201, body = TerminalView)))]
async fn create_terminal(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateTerminal>,
) -> Result<(StatusCode, HeaderMap, Json<TerminalView>), Error> {
    let mut fields = Fields::default();
    let serial = fields.parse("/serial", &body.serial);
    let psam = fields.parse_opt("/psam_no", body.psam_no.as_deref());
    let org = fields.parse("/org_id", &body.org_id);
    let division = fields.parse::<DivisionCode>("/division", &body.division);
    let division = division.and_then(|division| fields.take("/division", division.listed()));
    let mut keys = Vec::new();
    for (at, body) in body.keys.iter().enumerate() {
        keys.extend(key::http::new_key(&world, &mut fields, &format!("/keys/{at}"), body));
    }
    let complete = keys.len() == body.keys.len();
    let (Some(serial), Some(psam), Some(org), Some(division), true) = (serial, psam, org, division, complete)
    else {
        return Err(fields.error());
    };
    let id = world.id(TerminalId::make);
    let new = NewTerminal { id, serial, psam, org: RunBy::Id(org), division };
    let shown = service::create(&world, &staff, new, keys).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(view(&shown)?)))
}

/// Registers terminals as they stand in the rows of a file, or says what would become of each: good rows are kept, bad
/// ones are named. A row that is registered just so is unchanged.
#[utoipa::path(post, path = "/api/v1/terminals/rows", tag = "terminal", operation_id = "register_terminals",
    params(DryRun), request_body = RegisterTerminals, responses((status = 200, body = BatchOutcome)))]
async fn register_terminals(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(dry): Query<DryRun>,
    Json(body): Json<RegisterTerminals>,
) -> Result<Json<BatchOutcome>, Error> {
    rows::check_size(&body.rows)?;
    let read = body.rows.iter().map(|row| read(&world, row)).collect();
    let outcomes = service::register(&world, &staff, read, dry.run()).await?;
    Ok(Json(rows::batch(outcomes)))
}

/// The terminal that a row means.
fn read(world: &World, row: &TerminalRow) -> Result<NewTerminal, Vec<Fault>> {
    let mut reader = Reader::default();
    let serial = reader.keep("serial", row.serial.parse());
    let org = if row.org.starts_with("org_") {
        reader.keep("org", row.org.parse()).map(RunBy::Id)
    } else {
        reader.keep("org", row.org.parse()).map(RunBy::Code)
    };
    let division = reader.keep("division", row.division.parse::<DivisionCode>());
    let division = division.and_then(|division| reader.keep("division", division.listed()));
    let psam = reader.optional("psam_no", &row.psam_no);
    let id = world.id(TerminalId::make);
    let new = (|| Some(NewTerminal { id, serial: serial?, psam: psam?, org: org?, division: division? }))();
    reader.finish(new)
}

/// A terminal as it is now.
#[utoipa::path(get, path = "/api/v1/terminals/{terminal_id}", tag = "terminal", operation_id = "get_terminal",
    params(("terminal_id" = String, Path)), responses((status = 200, body = TerminalView)))]
async fn get_terminal(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(terminal_id): Path<String>,
) -> Result<(HeaderMap, Json<TerminalView>), Error> {
    let id = terminal_id.parse().map_err(|_| Error::not_found())?;
    let shown = service::get(&world, &staff, id).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown)?)))
}

/// Lists the terminals in sight.
#[utoipa::path(get, path = "/api/v1/terminals", tag = "terminal", operation_id = "list_terminals",
    params(PageQuery), responses((status = 200, body = Page<TerminalView>)))]
async fn list_terminals(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TerminalView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<TerminalId>().ok())?;
    let shown = service::list(&world, &staff, after, page::probe(limit)).await?;
    let views = shown.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |terminal: &TerminalView| terminal.terminal_id.clone())))
}

/// Blocks or unblocks a terminal.
#[utoipa::path(post, path = "/api/v1/terminals/{terminal_id}/state", tag = "terminal",
    operation_id = "change_terminal_state",
    params(("terminal_id" = String, Path), ("If-Match" = String, Header)), request_body = ChangeTerminalState,
    responses((status = 200, body = TerminalView)))]
async fn change_terminal_state(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(terminal_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<ChangeTerminalState>,
) -> Result<(HeaderMap, Json<TerminalView>), Error> {
    let id = terminal_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 200) else { return Err(fields.error()) };
    let action = match body.state {
        TerminalState::Active => Action::Unblock,
        TerminalState::Blocked => Action::Block,
    };
    let shown = service::act(&world, &staff, id, version, action, reason).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown)?)))
}

fn refused(row: &RefusalRow) -> RefusedCodes {
    let count = |number| u64::try_from(number).unwrap_or_default();
    RefusedCodes {
        forged: count(row.forged),
        malformed: count(row.malformed),
        first_at: Timestamp::from_micros(row.first_at).to_string(),
        last_at: Timestamp::from_micros(row.last_at).to_string(),
    }
}

fn view(shown: &Shown) -> Result<TerminalView, Error> {
    let row = &shown.row;
    let id = TerminalId::from_bytes(row.id).to_string();
    let state = match row.state.parse().map_err(|_| Error::internal("a stored terminal state is unknown"))? {
        Rule::Active => TerminalState::Active,
        Rule::Blocked => TerminalState::Blocked,
    };
    Ok(TerminalView {
        serial: row.serial.clone(),
        org_id: OrgId::from_bytes(row.org_id).to_string(),
        division: row.division.clone(),
        psam_no: row.psam.clone(),
        state,
        reason: shown.reason.clone(),
        refused_codes: shown.refusal.as_ref().map(refused),
        keys: shown.keys.iter().map(|row| key::http::view(row, &id)).collect::<Result<_, _>>()?,
        version: row.version,
        created_at: Timestamp::from_micros(row.created_at).to_string(),
        terminal_id: id,
    })
}
