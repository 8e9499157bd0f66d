//! The wire form of the sandbox's clock.

use super::service::{self, Reading};
use crate::app::Json;
use crate::auth::Staff;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use sdk::types::clock::{AdvanceClock, ClockView};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What needs no sign-in.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(get_clock))
}

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(advance_clock))
}

/// What the sandbox's clock says; there is none in production.
#[utoipa::path(get, path = "/api/v1/clock", tag = "clock", operation_id = "get_clock",
    responses((status = 200, body = ClockView)))]
async fn get_clock(State(world): State<World>) -> Result<Json<ClockView>, Error> {
    Ok(Json(view(service::read(&world)?)))
}

/// Moves the sandbox's business time forward, for everybody in it, and does to matters what the days that have
/// passed bring; there is none to move in production. Signatures, sessions and codes go on by real time.
#[utoipa::path(post, path = "/api/v1/clock/advance", tag = "clock", operation_id = "advance_clock",
    request_body = AdvanceClock, responses((status = 200, body = ClockView)))]
async fn advance_clock(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<AdvanceClock>,
) -> Result<Json<ClockView>, Error> {
    let moved = service::advance(&world, &staff, body.seconds).await;
    moved.map(|reading| Json(view(reading))).map_err(|error| match error.code() {
        "clock.step" => error.at("/seconds"),
        _ => error,
    })
}

fn view(reading: Reading) -> ClockView {
    ClockView {
        now: reading.now.to_string(),
        real_now: reading.real_now.to_string(),
        ahead_seconds: reading.now.as_seconds() - reading.real_now.as_seconds(),
    }
}
