//! The wire form of statistics.

use super::rehearsal;
use super::service::{self, Figures, Group, Question, Refusals};
use super::{area, coverage, usage};
use crate::app::Json;
use crate::auth::{Party, Staff};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::{Query, period};
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::statistic::Rehearsal;
use domain::statistic::coverage::Count;
use domain::statistic::usage::Used;
use domain::time::{BusinessDate, Month};
use http::StatusCode;
use sdk::types::Page;
use sdk::types::statistic::{
    AreaCoverage, Coverage, CoverageCount, CoverageMark, MonthCoverage, RehearseStatistics, RehearsedFigures,
    StatisticArea, StatisticAreas, StatisticRefusals, StatisticRow, StatisticService, StatisticServices,
    StatisticTotal, StatisticTotals,
};
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
    OpenApiRouter::new()
        .routes(routes!(rehearse_statistics))
        .routes(routes!(list_statistic_areas))
        .routes(routes!(list_statistic_services))
        .routes(routes!(get_coverage))
        .routes(routes!(list_statistic_totals))
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
    let services = one.services.iter().enumerate().map(|(place, of)| {
        let service =
            fields.take(&at(&format!("services/{place}/service")), domain::service::find(&of.service));
        let uses = fields.take(&at(&format!("services/{place}/uses")), Rehearsal::figure(of.uses));
        service.map(domain::service::Service::service_code).zip(uses)
    });
    let services = services.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>();
    let parts = uses.zip(services.as_ref()).map(|(uses, services)| Rehearsal::parts(uses, services));
    fields.take(&at("services"), parts.unwrap_or(Ok(())))?;
    Some(Rehearsal {
        services: services?,
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
    /// Of this channel alone, `chn_…`; one that is not in sight has no figures.
    #[param(max_length = 40)]
    channel_id: Option<String>,
    /// `asc` (as by default), or `desc` for the newest first.
    #[param(max_length = 4)]
    order: Option<String>,
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
    let (period, order) = ((&*query.from_on, &*query.to_on), order(query.order.as_deref())?);
    let question = question(period, query.group.as_deref(), query.channel_id.as_deref())?;
    let paging = PageQuery { limit: query.limit, cursor: query.cursor };
    let (limit, after) = (paging.limit()?, paging.cursor(read_cursor)?);
    let figured = match party {
        Party::Staff(staff) => service::for_staff(&world, &staff, question).await?,
        Party::Caller(caller) => service::for_channel(&world, caller, question).await?,
    };
    let rows: Vec<_> = match order {
        Order::Ascending => {
            let rows = figured.into_iter().filter(|(place, _)| after.is_none_or(|after| *place > after));
            rows.take(limit + 1).collect()
        }
        Order::Descending => {
            let rows =
                figured.into_iter().rev().filter(|(place, _)| after.is_none_or(|after| *place < after));
            rows.take(limit + 1).collect()
        }
    };
    let page = page::page(rows, limit, |((day, channel), _)| format!("{day}.{channel}"));
    Ok(Json(Page {
        data: page.data.into_iter().map(|(place, figures)| view(question, place, figures)).collect(),
        has_more: page.has_more,
        next_cursor: page.next_cursor,
    }))
}

/// In which order the rows are listed.
#[derive(Debug, Clone, Copy)]
enum Order {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

fn order(text: Option<&str>) -> Result<Order, Error> {
    match text {
        None | Some("asc") => Ok(Order::Ascending),
        Some("desc") => Ok(Order::Descending),
        Some(_) => {
            let message = "须为asc或desc (must be asc or desc)";
            Err(Error::field_text("?order", "request.order", message))
        }
    }
}

fn question(days: (&str, &str), group: Option<&str>, channel_id: Option<&str>) -> Result<Question, Error> {
    let (from, to) = period(days, MOST_DAYS)?;
    let group = match group {
        None | Some("day") => Group::Day,
        Some("month") => Group::Month,
        Some(_) => {
            let message = "须为day或month (must be day or month)";
            return Err(Error::field_text("?group", "request.group", message));
        }
    };
    Ok(Question { from, to, group, channel: channel(channel_id)? })
}

fn channel(text: Option<&str>) -> Result<Option<ChannelId>, Error> {
    text.map(str::parse).transpose().map_err(|refusal| Error::field("?channel_id", &refusal))
}

/// The query of [`list_statistic_totals`].
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TotalQuery {
    /// First day, `YYYY-MM-DD`.
    #[param(max_length = 10)]
    from_on: String,
    /// Last day, included, at most 400 days later.
    #[param(max_length = 10)]
    to_on: String,
    /// `day` (as by default) or `month`: whole natural months.
    #[param(max_length = 5)]
    group: Option<String>,
}

/// Figures by day or month of all channels in sight together. A person counts once in each channel; a period without any
/// figure is left out.
#[utoipa::path(get, path = "/api/v1/statistics/totals", tag = "statistic", operation_id = "list_statistic_totals",
    params(TotalQuery), responses((status = 200, body = StatisticTotals)))]
async fn list_statistic_totals(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<TotalQuery>,
) -> Result<Json<StatisticTotals>, Error> {
    let question = question((&query.from_on, &query.to_on), query.group.as_deref(), None)?;
    let as_of = world.now();
    let figured = service::for_staff(&world, &staff, question).await?;
    let periods = service::together(&figured);
    Ok(Json(StatisticTotals {
        as_of: as_of.to_string(),
        periods: periods.iter().map(|(first, figures)| total(question.text(*first), figures)).collect(),
    }))
}

fn total(period: String, figures: &Figures) -> StatisticTotal {
    StatisticTotal {
        period,
        issued: figures.issued,
        active_users: figures.active_users,
        uses: figures.uses,
        refused: figures.refusals.all(),
        payments: figures.payments,
        paid_fen: figures.paid_fen,
    }
}

/// The query of [`list_statistic_areas`].
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AreaQuery {
    /// The natural month, `YYYY-MM`.
    #[param(max_length = 7)]
    month: String,
    /// Of this channel alone, `chn_…`; one that is not in sight has no figures.
    #[param(max_length = 40)]
    channel_id: Option<String>,
}

/// Figures of a month by where they came about: by province for the nation and for a channel's owner, by prefecture for a
/// province, by county for a prefecture. What took place in no such area is in none. A person counts once in each area
/// and channel.
#[utoipa::path(get, path = "/api/v1/statistics/areas", tag = "statistic", operation_id = "list_statistic_areas",
    params(AreaQuery), responses((status = 200, body = StatisticAreas)))]
async fn list_statistic_areas(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<AreaQuery>,
) -> Result<Json<StatisticAreas>, Error> {
    let month = query.month.parse::<Month>().map_err(|refusal| Error::field("?month", &refusal))?;
    let wish = area::Wish { month, channel: channel(query.channel_id.as_deref())? };
    let found = area::areas(&world, &staff, wish).await?;
    Ok(Json(StatisticAreas {
        month: month.to_string(),
        is_closed: found.is_closed,
        areas: found.areas.iter().map(|(code, figures)| area_view(*code, figures)).collect(),
    }))
}

fn area_view(division: DivisionCode, figures: &Figures) -> StatisticArea {
    StatisticArea {
        division: division.to_string(),
        issued: figures.issued,
        active_users: figures.active_users,
        uses: figures.uses,
        refused: figures.refusals.all(),
    }
}

/// Uses of a month by application, with those of the same month of the year before and of the months between (CH-22, CH-23.0a). They are
/// counted shortly after midnight for the day that is over; a change is told of a month that is over and counted.
#[utoipa::path(get, path = "/api/v1/statistics/services", tag = "statistic", operation_id = "list_statistic_services",
    params(AreaQuery), responses((status = 200, body = StatisticServices)))]
async fn list_statistic_services(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<AreaQuery>,
) -> Result<Json<StatisticServices>, Error> {
    let month = query.month.parse::<Month>().map_err(|refusal| Error::field("?month", &refusal))?;
    let wish = usage::Wish { month, channel: channel(query.channel_id.as_deref())? };
    let found = usage::services(&world, &staff, wish).await?;
    let service = |used: &Used| StatisticService {
        service: used.service.to_string(),
        uses: used.uses,
        year_before: used.year_before,
        change_basis_points: used.change,
        months: used.months.clone(),
    };
    Ok(Json(StatisticServices {
        month: month.to_string(),
        counted_to: found.counted.map(|day| day.to_string()),
        months: found.months.iter().map(ToString::to_string).collect(),
        services: found.services.iter().map(service).collect(),
    }))
}

/// How many persons have a card and how many its electronic form, in the asker's area and right below it, beside the marks of
/// 人社厅发〔2019〕45号 (ND-4.1 to ND-4.5); counted shortly after midnight, by the division that issued the card.
#[utoipa::path(get, path = "/api/v1/statistics/coverage", tag = "statistic", operation_id = "get_coverage",
    responses((status = 200, body = Coverage)))]
async fn get_coverage(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<Coverage>, Error> {
    let seen = coverage::coverage(&world, &staff).await?;
    let area = |(division, count): (DivisionCode, Count)| AreaCoverage {
        division: division.to_string(),
        count: count_view(count),
    };
    Ok(Json(Coverage {
        division: seen.division.to_string(),
        on: seen.coverage.on.map(|day| day.to_string()),
        count: count_view(seen.coverage.of(seen.division)),
        areas: seen.coverage.below(seen.division).into_iter().map(area).collect(),
        months: seen
            .months
            .iter()
            .map(|(month, count)| MonthCoverage { month: month.to_string(), count: count_view(*count) })
            .collect(),
        marks: seen
            .marks
            .iter()
            .map(|(mark, progress)| CoverageMark {
                clause: mark.clause.to_owned(),
                on: mark.on.to_owned(),
                demand: mark.demand.to_string(),
                reached: progress.reached,
                of: progress.of,
                is_met: progress.is_met,
            })
            .collect(),
    }))
}

fn count_view(count: Count) -> CoverageCount {
    CoverageCount { holders: count.holders, ecards: count.ecards, basis_points: count.basis_points() }
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
        refused: figures.refusals.all(),
        refusals: refusals(figures.refusals),
    }
}

const fn refusals(counted: Refusals) -> StatisticRefusals {
    let Refusals { code, replay, card, person, department, channel, payment } = counted;
    StatisticRefusals { code, replay, card, person, department, channel, payment }
}
