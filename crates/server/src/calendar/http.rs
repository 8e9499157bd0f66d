//! The wire form of the calendar.

use super::service::{self, Shown, Standing, Wish};
use crate::app::Json;
use crate::auth::Staff;
use crate::parameter::review::Decision;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::calendar::{Calendar, Holiday, Year};
use domain::id::{CalendarYearId, StaffId};
use domain::parameter::State as Rule;
use domain::time::{BusinessDate, Timestamp};
use http::{HeaderMap, StatusCode};
use sdk::types::calendar::{
    CalendarEntry, CalendarHoliday, CalendarView, CalendarYearState, CalendarYearView, DecideCalendarYear,
    ProposeCalendarYear,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The years that are believed.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;
/// Most holidays, and most days worked instead, of one year.
const MOST: usize = 20;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_calendar, propose_calendar_year))
        .routes(routes!(decide_calendar_year))
}

/// The calendar of working days and what is missing of it: the years in force, and, for whoever may read the parameters, every
/// arrangement with who entered and decided it.
#[utoipa::path(get, path = "/api/v1/calendar-years", tag = "calendar", operation_id = "get_calendar",
    responses((status = 200, body = CalendarView)))]
async fn get_calendar(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<CalendarView>, Error> {
    let standing = service::list(&world).await?;
    let mut data = views(&standing)?;
    if !service::sees_entries(&staff) {
        data.retain(|year| year.is_in_force);
        data.iter_mut().for_each(|year| year.entry = None);
    }
    Ok(Json(CalendarView {
        until_on: standing.calendar.until().to_string(),
        next_year: standing.calendar.next_year(),
        missing_year: standing.calendar.missing(standing.today),
        data,
    }))
}

/// Proposes the arrangement of a year, which holds when a second person has approved it.
#[utoipa::path(post, path = "/api/v1/calendar-years", tag = "calendar", operation_id = "propose_calendar_year",
    request_body = ProposeCalendarYear, responses((status = 201, body = CalendarYearView)))]
async fn propose_calendar_year(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<ProposeCalendarYear>,
) -> Result<(StatusCode, HeaderMap, Json<CalendarYearView>), Error> {
    let shown = service::propose(&world, &staff, wish(&body)?).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(entered(&shown, false)?)))
}

/// Approves or rejects a proposed arrangement.
#[utoipa::path(post, path = "/api/v1/calendar-years/{calendar_year_id}/decision", tag = "calendar",
    operation_id = "decide_calendar_year",
    params(("calendar_year_id" = String, Path), ("If-Match" = String, Header)),
    request_body = DecideCalendarYear, responses((status = 200, body = CalendarYearView)))]
async fn decide_calendar_year(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(calendar_year_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<DecideCalendarYear>,
) -> Result<(HeaderMap, Json<CalendarYearView>), Error> {
    let id = calendar_year_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, 500) else { return Err(fields.error()) };
    let decision = Decision::from(body.decision);
    let shown = service::decide(&world, &staff, id, version, decision, reason).await?;
    Ok((etag::headers(shown.row.version), Json(entered(&shown, decision == Decision::Approve)?)))
}

/// Reads a year; every field that is wrong by itself is named, what is wrong between days is for the rule.
fn wish(body: &ProposeCalendarYear) -> Result<Wish, Error> {
    let mut fields = Fields::default();
    if !YEARS.contains(&body.year) {
        fields.refuse("/year", "request.range", "须为2000至2200 (must be 2000 to 2200)");
    }
    if !(1..=MOST).contains(&body.holidays.len()) {
        fields.refuse("/holidays", "request.range", "须为1至20项 (must be 1 to 20 items)");
    }
    if body.worked.len() > MOST {
        fields.refuse("/worked", "request.range", "不得超过20项 (must be 20 items at most)");
    }
    let holidays: Vec<_> = body.holidays.iter().enumerate().map(|one| holiday(&mut fields, one)).collect();
    let worked = body.worked.iter().enumerate();
    let worked: Vec<_> =
        worked.map(|(place, day)| fields.parse::<BusinessDate>(&format!("/worked/{place}"), day)).collect();
    let source = fields.text("/source", &body.source, 200);
    let reason = fields.text("/reason", &body.reason, 500);
    fields.check()?;
    let year = Year {
        year: body.year,
        holidays: holidays.into_iter().flatten().collect(),
        worked: worked.into_iter().flatten().collect(),
    };
    Ok(Wish { year, source: source.unwrap_or_default(), reason: reason.unwrap_or_default() })
}

fn holiday(fields: &mut Fields, (place, body): (usize, &CalendarHoliday)) -> Option<Holiday> {
    let name = fields.text(&format!("/holidays/{place}/name"), &body.name, 20);
    let first_on = fields.parse(&format!("/holidays/{place}/first_on"), &body.first_on);
    let last_on = fields.parse(&format!("/holidays/{place}/last_on"), &body.last_on);
    Some(Holiday { name: name?, first_on: first_on?, last_on: last_on? })
}

/// The delivered years and the entered ones in their order; of one year the last approved one is in force.
fn views(standing: &Standing) -> Result<Vec<CalendarYearView>, Error> {
    let holds = |year: i32| {
        let is_approved = |one: &&Shown| one.row.state == Rule::Approved.as_str() && one.year.year == year;
        standing.entered.iter().rfind(is_approved)
    };
    let mut views = Vec::new();
    for delivered in Calendar::delivered() {
        let is_in_force = holds(delivered.year.year).is_none();
        views.push(view(&delivered.year, CalendarYearState::Delivered, delivered.source, is_in_force));
    }
    for shown in &standing.entered {
        let is_in_force = holds(shown.year.year).is_some_and(|one| one.row.id == shown.row.id);
        views.push(entered(shown, is_in_force)?);
    }
    views.sort_by_key(|view| view.year);
    Ok(views)
}

fn entered(shown: &Shown, is_in_force: bool) -> Result<CalendarYearView, Error> {
    let row = &shown.row;
    let state = match row.state.parse().map_err(|_| Error::internal("a stored state is unknown"))? {
        Rule::Proposed => CalendarYearState::Proposed,
        Rule::Approved => CalendarYearState::Approved,
        Rule::Rejected => CalendarYearState::Rejected,
    };
    let staff = |id: [u8; 16]| StaffId::from_bytes(id).to_string();
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    let entry = CalendarEntry {
        calendar_year_id: CalendarYearId::from_bytes(row.id).to_string(),
        number: row.number,
        proposed_by: staff(row.proposed_by),
        proposed_at: at(row.proposed_at),
        reason: shown.reason.clone(),
        decided_by: row.decided_by.map(staff),
        decided_at: row.decided_at.map(at),
        decision_reason: shown.decision.clone(),
        version: row.version,
    };
    Ok(CalendarYearView { entry: Some(entry), ..view(&shown.year, state, &row.source, is_in_force) })
}

fn view(year: &Year, state: CalendarYearState, source: &str, is_in_force: bool) -> CalendarYearView {
    let holiday = |one: &Holiday| CalendarHoliday {
        name: one.name.clone(),
        first_on: one.first_on.to_string(),
        last_on: one.last_on.to_string(),
    };
    CalendarYearView {
        year: year.year,
        state,
        is_in_force,
        source: source.to_owned(),
        holidays: year.holidays.iter().map(holiday).collect(),
        worked: year.worked.iter().map(ToString::to_string).collect(),
        working_days: u32::try_from(year.working_days()).unwrap_or(u32::MAX),
        entry: None,
    }
}
