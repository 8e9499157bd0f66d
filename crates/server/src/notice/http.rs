//! The wire form of notices to many channels.

use super::service::{self, Audience};
use crate::app::Json;
use crate::auth::Staff;
use crate::channel::http::class;
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::division::DivisionCode;
use domain::id::ChannelId;
use http::StatusCode;
use sdk::types::notice::{NoticeAudience, NoticeSent, SendNotice};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(send_notice))
}

/// Sends a notice to every channel of an audience; each gets a matter of its own.
#[utoipa::path(post, path = "/api/v1/notices", tag = "notice", operation_id = "send_notice",
    request_body = SendNotice, responses((status = 201, body = NoticeSent)))]
async fn send_notice(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<SendNotice>,
) -> Result<(StatusCode, Json<NoticeSent>), Error> {
    let mut fields = Fields::default();
    let audience = audience(&mut fields, &body.audience);
    if !body.opening.is_object() {
        fields.refuse("/opening", "request.fields", "须为对象 (an object is expected)");
    }
    fields.check()?;
    let sent = service::send(&world, &staff, audience, body.opening.to_string()).await?;
    let matter_ids = sent.iter().map(ToString::to_string).collect();
    Ok((StatusCode::CREATED, Json(NoticeSent { matter_ids })))
}

fn audience(fields: &mut Fields, wanted: &NoticeAudience) -> Audience {
    let mut found =
        Audience { classes: wanted.classes.iter().copied().map(class).collect(), ..Audience::default() };
    for (place, region) in wanted.regions.iter().enumerate() {
        found.regions.extend(fields.parse::<DivisionCode>(&format!("/audience/regions/{place}"), region));
    }
    for (place, channel) in wanted.channel_ids.iter().enumerate() {
        found.channels.extend(fields.parse::<ChannelId>(&format!("/audience/channel_ids/{place}"), channel));
    }
    found
}
