//! Printing an agreement.

use super::sheet::{Parties, Printed, Side, pages};
use crate::auth::Staff;
use crate::form::paper::Format;
use crate::form::{Typeface, pdf};
use crate::{Error, World, matter};
use domain::agreement::Agreement;
use domain::id::MatterId;
use domain::matter::Kind;
use store::ReadTx;

/// The document of an agreement in sight, of the text with this digest or of that of today.
///
/// # Errors
/// `staff.role`; `resource.not_found` for a matter out of sight, one that is no agreement, and a text that it does not have;
/// `form.font_missing`.
pub async fn paper(
    world: &World,
    staff: &Staff,
    id: MatterId,
    sm3: Option<String>,
) -> Result<Vec<u8>, Error> {
    let found = matter::service::get(world, staff, id).await?;
    if found.row.kind != Kind::Agreement.as_str() {
        return Err(Error::not_found());
    }
    let body = found.body.ok_or_else(Error::not_found)?;
    let agreement: Agreement =
        serde_json::from_str(&body).map_err(|error| Error::internal(error.to_string()))?;
    let document = agreement.document(sm3.as_deref()).ok_or_else(Error::not_found)?;
    let (operator, owner) = (document.offered.0.org.map(|org| *org.as_bytes()), found.row.owner_id);
    let channel_id = found.row.channel_id;
    let read = move |tx: &mut ReadTx<'_>| {
        let channel = match &channel_id {
            Some(id) => store::channel::find(tx, id)?,
            None => None,
        };
        Ok::<_, Error>(Parties {
            operator: operator.map(|id| side(tx, &id)).transpose()?.unwrap_or_default(),
            owner: side(tx, &owner)?,
            channel: channel.map(|row| format!("{}（{}）", row.name, row.number)).unwrap_or_default(),
        })
    };
    let parties = world.db().read(read).await?;
    let (world, version) = (world.name(), found.row.version);
    let work = move || {
        let typeface = Typeface::of_system()?;
        let document = agreement.document(sm3.as_deref()).ok_or_else(Error::not_found)?;
        let printed = Printed { id, version, world, parties: &parties, document: &document };
        let (pages, title) = pages(&printed, &typeface)?;
        pdf::write(&pages, &typeface, Format::UPRIGHT, &title)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

fn side(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Side, Error> {
    let found = store::org::find(tx, id)?;
    Ok(found.map(|org| Side { name: org.name, uscc: org.uscc }).unwrap_or_default())
}
