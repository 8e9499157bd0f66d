//! The wire form of statistics.

use super::rehearsal;
use super::service::{self, Figures, Group, Question};
use crate::app::Json;
use crate::auth::{Party, Staff};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::statistic::Rehearsal;
use domain::time::{BusinessDate, Month};
use http::StatusCode;
use sdk::types::Page;
use sdk::types::statistic::{RehearseStatistics, RehearsedFigures, StatisticRow};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most days of a report.
const MOST_DAYS: i32 = 400;

/// The routes of this noun for staff and callers alike.
pub fn party_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_statistics))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(rehearse_statistics))
}

/// Most figures recorded at once.
const MOST_FIGURES: usize = 500;

/// Records figures of the sandbox's month that nobody's use has brought about, so that the rules of CH-23 can be tried;
/// production has none. The sums are spread over the days of the month that have begun; its users are counted with
/// the month's close.
#[utoipa::path(post, path = "/api/v1/statistics/rehearsals", tag = "statistic",
    operation_id = "rehearse_statistics", request_body = RehearseStatistics, responses((status = 204)))]
async fn rehearse_statistics(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<RehearseStatistics>,
) -> Result<StatusCode, Error> {
    if body.figures.is_empty() || body.figures.len() > MOST_FIGURES {
        let message = "须为1至500项 (must be 1 to 500)";
        return Err(Error::field_text("/figures", "request.range", message));
    }
    let mut fields = Fields::default();
    let read: Vec<_> =
        body.figures.iter().enumerate().map(|(place, one)| rehearsal(&mut fields, place, one)).collect();
    let Some(rehearsals) = read.into_iter().collect() else { return Err(fields.error()) };
    rehearsal::record(&world, &staff, rehearsals).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn rehearsal(fields: &mut Fields, place: usize, one: &RehearsedFigures) -> Option<Rehearsal> {
    let at = |field: &str| format!("/figures/{place}/{field}");
    let month = fields.take(&at("month"), one.month.parse::<Month>());
    let channel = fields.take(&at("channel_id"), one.channel_id.parse::<ChannelId>());
    let division = fields.take(&at("division"), one.division.parse::<DivisionCode>());
    let issued = fields.take(&at("issued"), Rehearsal::figure(one.issued));
    let uses = fields.take(&at("uses"), Rehearsal::figure(one.uses));
    let active_users = fields.take(&at("active_users"), Rehearsal::figure(one.active_users));
    Some(Rehearsal {
        month: month?,
        channel: channel?,
        division: division?,
        issued: issued?,
        uses: uses?,
        active_users: active_users?,
    })
}

/// The query of [`list_statistics`].
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StatisticQuery {
    /// First day, `YYYY-MM-DD`.
    #[param(max_length = 10)]
    from_on: String,
    /// Last day, included, at most 400 days later.
    #[param(max_length = 10)]
    to_on: String,
    /// `day` (as by default) or `month`: whole natural months.
    #[param(max_length = 5)]
    group: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Figures by day or month and channel: for staff of what lies in their division, for a channel of itself.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistic", operation_id = "list_statistics",
    params(StatisticQuery), responses((status = 200, body = Page<StatisticRow>)))]
async fn list_statistics(
    State(world): State<World>,
    party: Party,
    Query(query): Query<StatisticQuery>,
) -> Result<Json<Page<StatisticRow>>, Error> {
    let question = question(&query)?;
    let paging = PageQuery { limit: query.limit, cursor: query.cursor };
    let (limit, after) = (paging.limit()?, paging.cursor(read_cursor)?);
    let figured = match party {
        Party::Staff(staff) => service::for_staff(&world, &staff, question).await?,
        Party::Caller(caller) => service::for_channel(&world, caller, question).await?,
    };
    let rows = figured.into_iter().filter(|(place, _)| after.is_none_or(|after| *place > after));
    let rows: Vec<_> = rows.take(limit + 1).collect();
    let page = page::page(rows, limit, |((day, channel), _)| format!("{day}.{channel}"));
    Ok(Json(Page {
        data: page.data.into_iter().map(|(place, figures)| view(question, place, figures)).collect(),
        has_more: page.has_more,
        next_cursor: page.next_cursor,
    }))
}

fn question(query: &StatisticQuery) -> Result<Question, Error> {
    let date = |pointer: &str, text: &str| {
        text.parse::<BusinessDate>().map_err(|refusal| Error::field(pointer, &refusal))
    };
    let (from, to) = (date("?from_on", &query.from_on)?, date("?to_on", &query.to_on)?);
    if to < from || to.days_since(from) > MOST_DAYS {
        let message =
            "须不早于from_on且最多相隔400天 (must not be before from_on, nor more than 400 days after it)";
        return Err(Error::field_text("?to_on", "request.range", message));
    }
    let group = match query.group.as_deref() {
        None | Some("day") => Group::Day,
        Some("month") => Group::Month,
        Some(_) => {
            let message = "须为day或month (must be day or month)";
            return Err(Error::field_text("?group", "request.group", message));
        }
    };
    Ok(Question { from, to, group })
}

fn read_cursor(text: &str) -> Option<(BusinessDate, ChannelId)> {
    let (day, channel) = text.split_once('.')?;
    Some((day.parse().ok()?, channel.parse().ok()?))
}

fn view(question: Question, (day, channel): (BusinessDate, ChannelId), figures: Figures) -> StatisticRow {
    StatisticRow {
        period: question.text(day),
        channel_id: channel.to_string(),
        issued: figures.issued,
        issued_total: figures.issued_total,
        active_users: figures.active_users,
        uses: figures.uses,
        payments: figures.payments,
        paid_fen: figures.paid_fen,
        refunds: figures.refunds,
        refunded_fen: figures.refunded_fen,
        refused: figures.refused,
    }
}
