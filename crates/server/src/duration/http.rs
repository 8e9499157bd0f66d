//! The wire form of how long steps took.

use super::service::{self, Asked, View};
use crate::app::Json;
use crate::auth::Staff;
use crate::channel::http::class;
use crate::wire::fields::Fields;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::duration::Told;
use domain::time::BusinessDate;
use sdk::types::channel::ChannelClass;
use sdk::types::duration::{ApplicationDurations, StepDuration};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_application_durations))
}

/// What is counted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DurationQuery {
    /// Of channels of this class alone; an application that has no channel yet is of none.
    class: Option<ChannelClass>,
    /// Steps that ended on this day or later; by default `duration.window_days` before the last one, and two years before it at most.
    from_on: Option<String>,
    /// Steps that ended on this day or before; by default today.
    until_on: Option<String>,
}

/// How long the steps of applications took, by the platform's own history: of each the median and what nine of ten did not
/// exceed, and nothing of fewer than `duration.min_cases`.
#[utoipa::path(get, path = "/api/v1/applications/durations", tag = "matter",
    operation_id = "get_application_durations", params(DurationQuery),
    responses((status = 200, body = ApplicationDurations)))]
async fn get_application_durations(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<DurationQuery>,
) -> Result<Json<ApplicationDurations>, Error> {
    let mut fields = Fields::default();
    let from = fields.parse_opt::<BusinessDate>("?from_on", query.from_on.as_deref());
    let until = fields.parse_opt::<BusinessDate>("?until_on", query.until_on.as_deref());
    let (Some(from), Some(until)) = (from, until) else { return Err(fields.error()) };
    let asked = Asked { class: query.class.map(class), from, until };
    Ok(Json(view(&service::get(&world, &staff, asked).await?)))
}

fn view(found: &View) -> ApplicationDurations {
    let step = |one: &Told| StepDuration {
        state: one.state.to_string(),
        cases: one.cases.map(|cases| i64::try_from(cases).unwrap_or(i64::MAX)),
        median_seconds: one.usual.map(|usual| usual.median_seconds),
        ninety_seconds: one.usual.map(|usual| usual.ninety_seconds),
    };
    ApplicationDurations {
        from_on: found.from.to_string(),
        until_on: found.until.to_string(),
        min_cases: found.least,
        steps: found.steps.iter().map(step).collect(),
    }
}
