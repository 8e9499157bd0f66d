//! The wire form of whom to call about a channel.

use super::address;
use super::service::{self, Shown, View};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::contact::Occasion;
use domain::id::ChannelId;
use gm::Secret;
use http::StatusCode;
use sdk::types::contact::{
    ChannelContact, ChannelContacts, ConfirmChannelContact, ContactOccasion, HeldContact,
};
use sdk::types::notification::PendingMailAddress;
use sdk::types::{Private, Reveal};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a code that are looked at.
const CODE_LENGTH: usize = 16;
/// Characters of a reason.
const REASON: usize = 200;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_channel_contacts))
        .routes(routes!(reveal_channel_contact))
        .routes(routes!(mail_contact_code))
        .routes(routes!(confirm_channel_contact))
}

/// Whom to call about a channel now, and who was before; masked, save for whoever is of the owner.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/contacts", tag = "channel",
    operation_id = "get_channel_contacts", params(("channel_id" = String, Path)),
    responses((status = 200, body = ChannelContacts)))]
async fn get_channel_contacts(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<Json<ChannelContacts>, Error> {
    Ok(Json(view(service::get(&world, &staff, id(&channel_id)?).await?)))
}

/// Tells whom to call about a channel now in clear, to those who have business with it; that they asked, and why, is on record.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/contacts/reveal", tag = "channel",
    operation_id = "reveal_channel_contact", params(("channel_id" = String, Path)), request_body = Reveal,
    responses((status = 200, body = ChannelContact)))]
async fn reveal_channel_contact(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Json(body): Json<Reveal>,
) -> Result<Json<ChannelContact>, Error> {
    let id = id(&channel_id)?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, REASON) else { return Err(fields.error()) };
    let told = service::reveal(&world, &staff, id, reason).await?;
    Ok(Json(ChannelContact {
        name: Private::new(told.name),
        phone: Private::new(told.phone),
        email: Private::new(told.email),
    }))
}

/// Has a code of six digits mailed to whom to call about the channel now; the owner gives it back.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/contacts/code", tag = "channel",
    operation_id = "mail_contact_code", params(("channel_id" = String, Path)),
    responses((status = 202, body = PendingMailAddress)))]
async fn mail_contact_code(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<(StatusCode, Json<PendingMailAddress>), Error> {
    let pending = address::begin(&world, &staff, id(&channel_id)?).await?;
    let (masked, expires_at) = (pending.address.masked(), pending.expires_at.to_string());
    Ok((StatusCode::ACCEPTED, Json(PendingMailAddress { masked, expires_at })))
}

/// Confirms the address of whom to call about the channel now by the code that was mailed to it. It holds for all channels of
/// the same owner whose contact has that address.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/contacts/confirm", tag = "channel",
    operation_id = "confirm_channel_contact", params(("channel_id" = String, Path)),
    request_body = ConfirmChannelContact, responses((status = 200, body = ChannelContacts)))]
async fn confirm_channel_contact(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Json(body): Json<ConfirmChannelContact>,
) -> Result<Json<ChannelContacts>, Error> {
    let id = id(&channel_id)?;
    let mut fields = Fields::default();
    let Some(code) = fields.text("/code", body.code.expose(), CODE_LENGTH) else {
        return Err(fields.error());
    };
    address::confirm(&world, &staff, id, Secret::new(code)).await?;
    Ok(Json(view(service::get(&world, &staff, id).await?)))
}

fn id(text: &str) -> Result<ChannelId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn view(found: View) -> ChannelContacts {
    ChannelContacts {
        channel_id: found.channel.to_string(),
        contacts: found.held.into_iter().map(held).collect(),
        is_mail_sent: found.is_mail_sent,
        pending_until: found.pending_until.map(|at| at.to_string()),
        may_verify: found.may_verify,
        may_reveal: found.may_reveal,
    }
}

fn held(Shown { held, verified_at }: Shown) -> HeldContact {
    HeldContact {
        matter_id: held.told.matter.to_string(),
        occasion: match held.told.occasion {
            Occasion::Test => ContactOccasion::Test,
            Occasion::Formal => ContactOccasion::Formal,
            Occasion::Change => ContactOccasion::Change,
            Occasion::Notice => ContactOccasion::Notice,
        },
        name: Private::new(held.told.contact.name),
        phone: Private::new(held.told.contact.phone),
        email: Private::new(held.told.contact.email),
        since_at: held.told.at.to_string(),
        until_at: held.until.map(|at| at.to_string()),
        verified_at: verified_at.map(|at| at.to_string()),
    }
}
