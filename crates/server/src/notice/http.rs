//! The wire form of notices to many channels.

use crate::auth::Staff;
use crate::idempotency::Keyed;
use crate::sending::http::{answer, audience, moment, written};
use crate::sending::service::{self, Wanted};
use crate::wire::fields::Fields;
use crate::wire::query::{DryRun, Query};
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use domain::sending::Content;
use sdk::types::notice::SendNotice;
use sdk::types::sending::Sent;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(send_notice))
}

/// Sends a notice to every channel of an audience, as one sending; each gets a matter of its own. A dry run says to which
/// channels it would go. The same key with the same body is answered as before.
#[utoipa::path(post, path = "/api/v1/notices", tag = "notice", operation_id = "send_notice",
    params(DryRun, ("idempotency-key" = String, Header)), request_body = SendNotice,
    responses((status = 201, body = Sent), (status = 200, description = "a dry run", body = Sent)))]
async fn send_notice(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(dry): Query<DryRun>,
    Keyed { key, body }: Keyed<SendNotice>,
) -> Result<Response, Error> {
    let mut fields = Fields::default();
    let audience = audience(&mut fields, &body.audience, Content::Notice);
    let send_at = moment(&mut fields, body.send_at.as_deref());
    if !body.opening.is_object() {
        fields.refuse("/opening", "request.fields", "须为对象 (an object is expected)");
    }
    fields.check()?;
    let wanted = Wanted {
        content: Content::Notice,
        words: body.opening.to_string(),
        audience: written(&body.audience)?,
        title: body.opening["subject"].as_str().unwrap_or_default().to_owned(),
        key,
        send_at,
    };
    Ok(answer(&service::send(&world, &staff, audience, wanted, dry.run()).await?))
}
