//! The wire form of traffic.

use super::service::{self, KeyUse, Traffic};
use crate::app::Json;
use crate::auth::Staff;
use crate::error::words_of;
use crate::wire::query::{Query, period};
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::refusal;
use domain::time::{BusinessDate, Timestamp};
use domain::traffic::{Figures, Passage};
use sdk::types::traffic::{
    IssuanceFunnel, IssuanceGate, IssuanceReason, KeyTraffic, KeyTrafficList, TrafficFigures, TrafficOfCode,
    TrafficOfDay, TrafficOfOperation, TrafficView,
};
use serde::Deserialize;
use std::cmp::Reverse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most days of a question.
const MOST_DAYS: i32 = 92;
/// Most codes of an answer.
const MOST_CODES: usize = 20;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_key_traffic)).routes(routes!(get_traffic))
}

/// How often each signing key of a channel was used today and yesterday, and when last: requests that proved to be made
/// with it, refused ones and those in its sessions included. A minute may be missing, and of a server that was killed its
/// last one is.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/traffic/keys", tag = "traffic",
    operation_id = "list_key_traffic", params(("channel_id" = String, Path)),
    responses((status = 200, body = KeyTrafficList)))]
async fn list_key_traffic(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<Json<KeyTrafficList>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let found = service::of_keys(&world, &staff, id).await?;
    Ok(Json(KeyTrafficList {
        today_on: found.today.to_string(),
        keys: found.keys.iter().map(key_traffic).collect(),
    }))
}

fn key_traffic(used: &KeyUse) -> KeyTraffic {
    KeyTraffic {
        key_id: used.key.to_string(),
        calls_today: used.today,
        calls_yesterday: used.yesterday,
        last_called_at: used.last_at.as_ref().map(Timestamp::to_string),
    }
}

/// The query of [`get_traffic`].
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TrafficQuery {
    /// First business day, `YYYY-MM-DD`.
    #[param(max_length = 10)]
    from_on: String,
    /// Last day, included, at most 92 days later.
    #[param(max_length = 10)]
    to_on: String,
}

/// What the requests of a channel looked like over some days: how they ended, how long their answers took, with which
/// errors. Counted are those that proved to be the channel's, from the last byte of the request to the whole answer. A minute
/// may be missing.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/traffic", tag = "traffic", operation_id = "get_traffic",
    params(("channel_id" = String, Path), TrafficQuery), responses((status = 200, body = TrafficView)))]
async fn get_traffic(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Query(query): Query<TrafficQuery>,
) -> Result<Json<TrafficView>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let days = period((&query.from_on, &query.to_on), MOST_DAYS)?;
    Ok(Json(view(service::of_channel(&world, &staff, id, days).await?)))
}

fn view(traffic: Traffic) -> TrafficView {
    let mut operations: Vec<_> = traffic.operations.into_iter().collect();
    operations.sort_by_key(|(_, of)| Reverse(of.calls()));
    let mut codes: Vec<_> = traffic.codes.into_iter().collect();
    codes.sort_by_key(|(_, calls)| Reverse(*calls));
    codes.truncate(MOST_CODES);
    let day =
        |(day, of): (&BusinessDate, &Figures)| TrafficOfDay { day_on: day.to_string(), figures: figures(of) };
    TrafficView {
        days: traffic.days.iter().map(day).collect(),
        operations: operations
            .into_iter()
            .map(|(operation, of)| TrafficOfOperation { operation, figures: figures(&of) })
            .collect(),
        codes: codes
            .into_iter()
            .map(|((status, code), calls)| TrafficOfCode { code, status, calls })
            .collect(),
        issuance: IssuanceFunnel {
            asked: traffic.issuance.asked(),
            answered: traffic.issuance.answered(),
            gates: traffic.issuance.passages().into_iter().map(gate).collect(),
        },
    }
}

fn gate(passage: Passage) -> IssuanceGate {
    let reason = |(code, calls): (String, i64)| {
        let rule = refusal::find(&code);
        // Behind an error of the platform stands no rule; it has words all the same.
        let (zh, en) = rule.map(|entry| (entry.zh, entry.en)).or_else(|| words_of(&code)).unzip();
        IssuanceReason {
            title_zh: zh.map(str::to_owned),
            title_en: en.map(str::to_owned),
            clause: rule.and_then(|entry| entry.clause).map(str::to_owned),
            code,
            calls,
        }
    };
    IssuanceGate {
        gate: passage.gate.to_string(),
        came: passage.came,
        lost: passage.lost,
        reasons: passage.reasons.into_iter().map(reason).collect(),
    }
}

fn figures(of: &Figures) -> TrafficFigures {
    TrafficFigures {
        calls: of.calls(),
        answered: of.answered,
        refused: of.refused,
        failed: of.failed,
        p50_micros: of.latency.percentile(50),
        p95_micros: of.latency.percentile(95),
    }
}
