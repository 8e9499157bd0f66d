//! The wire form of statistics.

use super::service::{self, Figures, Group, Question};
use crate::app::Json;
use crate::auth::Party;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::extract::State;
use domain::id::ChannelId;
use domain::time::BusinessDate;
use sdk::types::Page;
use sdk::types::statistic::StatisticRow;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most days of a report.
const MOST_DAYS: i32 = 400;

/// The routes of this noun for staff and callers alike.
pub fn party_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_statistics))
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
