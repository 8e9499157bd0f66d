//! The wire form of monitoring.

use super::service::{self, Chart, Quarter};
use super::trial::{self, Shortfall, Trial};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::monitoring::{Commitment, MonthFigures, Trigger};
use domain::parameter::Name;
use sdk::types::monitoring::{
    MonitoringMonth, MonitoringPromise, MonitoringQuarter, MonitoringThresholds, MonitoringView,
    ShortfallView, TrialView,
};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Months shown where nothing is asked for.
const MONTHS: i32 = 12;
/// Most months of one answer.
const MOST_MONTHS: i32 = 36;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_monitoring)).routes(routes!(try_parameter))
}

/// How far back.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MonitoringQuery {
    /// Closed months wanted, 1 to 36; 12 by default.
    #[param(minimum = 1, maximum = 36)]
    months: Option<i32>,
}

/// The monthly figures of a channel's same-entity group, with the numbers they are measured by.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/monitoring", tag = "monitoring",
    operation_id = "get_monitoring", params(("channel_id" = String, Path), MonitoringQuery),
    responses((status = 200, body = MonitoringView)))]
async fn get_monitoring(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Query(query): Query<MonitoringQuery>,
) -> Result<Json<MonitoringView>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(view(&service::chart(&world, &staff, id, closed_months(query.months)?).await?)))
}

fn closed_months(wanted: Option<i32>) -> Result<i32, Error> {
    let months = wanted.unwrap_or(MONTHS);
    let is_admitted = (1..=MOST_MONTHS).contains(&months);
    let refused = || Error::field_text("?months", "request.range", "须为1至36 (must be 1 to 36)");
    if is_admitted { Ok(months) } else { Err(refused()) }
}

/// What to try.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TrialQuery {
    /// The value to try, between the parameter's `least` and `most`.
    value: i64,
    /// Closed months wanted, 1 to 36; 12 by default.
    #[param(minimum = 1, maximum = 36)]
    months: Option<i32>,
}

/// Which channels another value of a parameter of CH-23 would have found, beside the value in force. Changes nothing.
#[utoipa::path(get, path = "/api/v1/parameters/{parameter}/trial", tag = "monitoring", operation_id = "try_parameter",
    params(("parameter" = String, Path), TrialQuery), responses((status = 200, body = TrialView)))]
async fn try_parameter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(parameter): Path<String>,
    Query(query): Query<TrialQuery>,
) -> Result<Json<TrialView>, Error> {
    let name: Name = parameter.parse().map_err(|_| Error::not_found())?;
    let wish = trial::Wish { name, value: query.value, months: closed_months(query.months)? };
    Ok(Json(trial_view(&wish, &trial::trial(&world, &staff, wish).await?)))
}

fn trial_view(wish: &trial::Wish, found: &Trial) -> TrialView {
    let channels = |triggers: fn(&Shortfall) -> bool| {
        let heads = found.shortfalls.iter().filter(|one| triggers(one)).map(|one| one.channel.id);
        heads.collect::<BTreeSet<_>>().len() as u64
    };
    TrialView {
        name: wish.name.to_string(),
        standing: found.standing,
        tried: wish.value,
        first_month: found.first.to_string(),
        last_month: found.last.to_string(),
        channels_standing: channels(|one| !one.standing.is_empty()),
        channels_tried: channels(|one| !one.tried.is_empty()),
        shortfalls: found.shortfalls.iter().map(shortfall).collect(),
    }
}

fn shortfall(found: &Shortfall) -> ShortfallView {
    ShortfallView {
        month: found.month.to_string(),
        channel_id: found.channel.id.to_string(),
        channel_number: found.channel.number.to_string(),
        channel_name: found.channel.name.clone(),
        standing: found.standing.iter().map(ToString::to_string).collect(),
        tried: found.tried.iter().map(ToString::to_string).collect(),
    }
}

fn view(chart: &Chart) -> MonitoringView {
    let number = |name| chart.parameters.get(name, chart.today);
    MonitoringView {
        channel_id: chart.head.to_string(),
        member_ids: chart.members.iter().map(ToString::to_string).collect(),
        thresholds: MonitoringThresholds {
            issuance_window_months: number(Name::IssuanceWindow),
            min_issuance: number(Name::MinIssuance),
            drop_basis_points: number(Name::IssuanceDrop),
            drop_run_months: number(Name::DropRun),
            mau_ratio_basis_points: number(Name::MauRatio),
            first_evaluation_months: number(Name::FirstEvaluation),
            promise_basis_points: number(Name::SocialCommitment),
            promise_run_quarters: number(Name::SocialRun),
        },
        promise: chart.promise.as_ref().map(|(promised, quarters)| promise(promised, quarters)),
        months: chart.months.iter().map(|(figures, triggers)| month(figures, triggers)).collect(),
        matter_ids: chart.matters.iter().map(ToString::to_string).collect(),
    }
}

fn month(figures: &MonthFigures, triggers: &[Trigger]) -> MonitoringMonth {
    MonitoringMonth {
        month: figures.month.to_string(),
        issued: figures.issuance,
        issued_total: figures.cumulative,
        active_users: figures.active,
        triggers: triggers.iter().map(ToString::to_string).collect(),
    }
}

fn promise(promised: &Commitment, quarters: &[Quarter]) -> MonitoringPromise {
    MonitoringPromise {
        measure: promised.measure.to_string(),
        annual: promised.annual,
        quarterly: promised.quarterly.map(Vec::from),
        monthly_active_users: promised.active,
        quarters: quarters.iter().map(quarter).collect(),
    }
}

fn quarter(shown: &Quarter) -> MonitoringQuarter {
    MonitoringQuarter {
        first_month: shown.figures.from.to_string(),
        last_month: shown.figures.from.plus(2).to_string(),
        amount: shown.figures.amount,
        active_users: shown.figures.active.to_vec(),
        amount_basis_points: shown.fulfilment.amount,
        active_basis_points: shown.fulfilment.active,
        is_missed: shown.is_missed,
        triggers: shown.triggers.iter().map(ToString::to_string).collect(),
    }
}
