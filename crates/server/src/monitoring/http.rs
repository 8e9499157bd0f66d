//! The wire form of monitoring.

use super::service::{self, Chart};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::monitoring::{MonthFigures, Trigger};
use domain::parameter::Name;
use sdk::types::monitoring::{MonitoringMonth, MonitoringThresholds, MonitoringView};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Months shown where nothing is asked for.
const MONTHS: i32 = 12;
/// Most months of one answer.
const MOST_MONTHS: i32 = 36;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_monitoring))
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
    let months = query.months.unwrap_or(MONTHS);
    if !(1..=MOST_MONTHS).contains(&months) {
        return Err(Error::field_text("?months", "request.range", "须为1至36 (must be 1 to 36)"));
    }
    Ok(Json(view(&service::chart(&world, &staff, id, months).await?)))
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
        },
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
