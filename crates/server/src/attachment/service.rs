//! Announcing a file, taking its parts, verifying it, and finding it again.

use super::Shelf;
use crate::auth::{Sight, Staff, authorize_role};
use crate::delegation::service::authority;
use crate::matter::advice;
use crate::matter::service::{acted_on, in_sight, receives};
use crate::{Error, World};
use domain::attachment::{self, Announced, ContentType, PART, Refusal, State};
use domain::audit::{Actor, Record, Reference};
use domain::id::{AttachmentId, MatterId, OrgId};
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::Timestamp;
use std::io::{self, Read};
use std::sync::Arc;
use store::attachment::AttachmentRow;
use store::{ReadTx, WriteTx};
use tokio::task::spawn_blocking;

/// Announces a file of a matter in which the asker acts.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `attachment.ended`, `attachment.count`,
/// `attachment.size`.
pub async fn create(
    world: &World,
    staff: &Staff,
    id: MatterId,
    new: Announced,
) -> Result<AttachmentRow, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (attachment, now) = (world.id(AttachmentId::make), world.now());
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let matter = acted_on(tx, &staff, &ring, id.as_bytes())?;
            if matter.ended != 0 {
                return Err(Refusal::Ended.into());
            }
            let parameters = crate::parameter::service::in_force(tx)?;
            let most = parameters.get(Name::AttachmentSize, now.business_date());
            attachment::size(new.size, most).map_err(|refusal| Error::field("/size", &refusal))?;
            let most = parameters.get(Name::AttachmentCount, now.business_date());
            let there = store::attachment::list(tx, &matter.id)?.len();
            if i64::try_from(there).is_ok_and(|there| there >= most) {
                return Err(Refusal::Count { most }.into());
            }
            let row = AttachmentRow {
                id: *attachment.as_bytes(),
                matter_id: matter.id,
                purpose: new.purpose.clone(),
                file_name: new.file_name.clone(),
                size: new.size,
                digest: new.digest,
                received: 0,
                state: State::Receiving.to_string(),
                content_type: None,
                staff_id: *staff.id.as_bytes(),
                org_id: *staff.org.as_bytes(),
                created_at: now.as_micros(),
                completed_at: None,
                version: 1,
            };
            store::attachment::insert(tx, &row)?;
            record(tx, &row, "attachment.created", (staff.actor(), authority), now);
            Ok(row)
        })
        .await
}

/// What a matter takes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes of a file.
    pub bytes: i64,
    /// Most files.
    pub files: i64,
}

/// The files of a matter in sight, and what it takes now.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn list(world: &World, staff: &Staff, id: MatterId) -> Result<(Vec<AttachmentRow>, Limits), Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, today) = (staff.clone(), world.now().business_date());
    world
        .db()
        .read(move |tx| {
            let matter = in_sight(tx, &staff, id.as_bytes())?;
            let parameters = crate::parameter::service::in_force(tx)?;
            let limits = Limits {
                bytes: parameters.get(Name::AttachmentSize, today),
                files: parameters.get(Name::AttachmentCount, today),
            };
            let files = store::attachment::list(tx, &matter.id)?;
            Ok((shown(tx, &staff, &matter.id, files)?, limits))
        })
        .await
}

/// A file of a matter in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: AttachmentId) -> Result<AttachmentRow, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let staff = staff.clone();
    world
        .db()
        .read(move |tx| {
            let row = store::attachment::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            in_sight(tx, &staff, &row.matter_id)?;
            let matter = row.matter_id;
            shown(tx, &staff, &matter, vec![row])?.pop().ok_or_else(Error::not_found)
        })
        .await
}

/// Those of a matter's files that the asker is shown: its owner has no part in what other offices were asked about it.
///
/// # Errors
/// The store's.
pub(crate) fn shown(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    matter: &[u8; 16],
    files: Vec<AttachmentRow>,
) -> Result<Vec<AttachmentRow>, Error> {
    match staff.sight() {
        Sight::Own(_) => advice::without(tx, matter, files),
        Sight::Area(_) => Ok(files),
    }
}

/// Takes the next part of a file that the asker's organisation sends.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `attachment.complete`, `attachment.part`,
/// `attachment.offset`, `attachment.beyond`; `resource.stale` when two parts come at once.
pub async fn append(
    world: &World,
    staff: &Staff,
    id: AttachmentId,
    offset: i64,
    bytes: Vec<u8>,
) -> Result<AttachmentRow, Error> {
    let before = own(world, staff, id).await?;
    let received = attachment::part(state(&before)?, before.size, before.received, offset, bytes.len())?;
    let at = u64::try_from(offset).map_err(|_| Error::internal("an offset below zero"))?;
    // A part that took its time may come when the file is whole: what was verified stays as it is.
    if !on_shelf(world, move |shelf| shelf.write(id, at, &bytes)).await? {
        return Err(Refusal::Complete.into());
    }
    let after = AttachmentRow { received, ..before };
    save(world, staff, after).await
}

/// Verifies a file that has arrived. One with another content is forgotten, so that it can be sent again.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `attachment.complete`,
/// `attachment.incomplete`, `attachment.mismatch`, `attachment.type`; `attachment.ended` for a matter that has ended since
/// the file was announced; `channel.exited`, `channel.terminated` for an owner whose channel has left since.
pub async fn complete(world: &World, staff: &Staff, id: AttachmentId) -> Result<AttachmentRow, Error> {
    let before = own(world, staff, id).await?;
    attachment::whole(state(&before)?, before.size, before.received)?;
    let size = u64::try_from(before.size).map_err(|_| Error::internal("a size below zero"))?;
    let digest = before.digest;
    let Some(head) = on_shelf(world, move |shelf| shelf.close(id, size, &digest)).await? else {
        save(world, staff, AttachmentRow { received: 0, ..before }).await?;
        return Err(Refusal::Mismatch.into());
    };
    let content_type = ContentType::of(&head)?.to_string();
    let (staff, now) = (staff.clone(), world.now());
    let after = AttachmentRow {
        state: State::Complete.to_string(),
        content_type: Some(content_type),
        completed_at: Some(now.as_micros()),
        ..before
    };
    let done = world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            // Nothing is added to the evidence of what was decided.
            let matter = store::matter::lock(tx, &after.matter_id)?.ok_or_else(Error::not_found)?;
            if matter.ended != 0 {
                return Err(Error::from(Refusal::Ended));
            }
            receives(tx, &staff, &matter)?;
            store::attachment::update(tx, &after)?;
            record(tx, &after, "attachment.completed", (staff.actor(), authority), now);
            Ok(AttachmentRow { version: after.version + 1, ..after.clone() })
        })
        .await?;
    // It counts already; what is left behind costs room and nothing else.
    let shelf = world.shelf();
    drop(spawn_blocking(move || settle(&*shelf, id)));
    Ok(done)
}

/// Gives up a file that has not arrived whole. What is whole is evidence and stays.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `attachment.complete`; `resource.stale` when
/// it became whole meanwhile.
pub async fn remove(world: &World, staff: &Staff, id: AttachmentId) -> Result<(), Error> {
    let row = own(world, staff, id).await?;
    if state(&row)? == State::Complete {
        return Err(Refusal::Complete.into());
    }
    let (staff, now) = (staff.clone(), world.now());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            store::attachment::delete(tx, &row)?;
            record(tx, &row, "attachment.removed", (staff.actor(), authority), now);
            Ok::<(), Error>(())
        })
        .await?;
    on_shelf(world, move |shelf| shelf.remove(id)).await
}

/// A whole file in sight, and what it is.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `attachment.not_complete`.
pub async fn content(
    world: &World,
    staff: &Staff,
    id: AttachmentId,
) -> Result<(AttachmentRow, ContentType), Error> {
    let row = get(world, staff, id).await?;
    let found = row.content_type.as_deref().ok_or(Refusal::NotComplete)?;
    let content_type = found.parse().map_err(|_| Error::internal("an attachment of an unknown type"))?;
    Ok((row, content_type))
}

/// The whole files of a matter, as its rules see them.
///
/// # Errors
/// The store's.
pub fn files(tx: &mut ReadTx<'_>, matter: &[u8; 16]) -> Result<Vec<domain::matter::File>, Error> {
    let rows = store::attachment::list(tx, matter)?;
    let file = |row: AttachmentRow| {
        let id = AttachmentId::from_bytes(row.id);
        let content_type = row.content_type?;
        Some(domain::matter::File {
            id,
            org: OrgId::from_bytes(row.org_id),
            purpose: row.purpose,
            content_type,
            size: row.size,
            digest: row.digest,
        })
    };
    Ok(rows.into_iter().filter_map(file).collect())
}

/// A file that the asker's organisation sends, in a matter that it still sees.
async fn own(world: &World, staff: &Staff, id: AttachmentId) -> Result<AttachmentRow, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let row = get(world, staff, id).await?;
    let sends = row.org_id == *staff.org.as_bytes();
    if sends { Ok(row) } else { Err(domain::matter::Refusal::Party.into()) }
}

async fn save(world: &World, staff: &Staff, row: AttachmentRow) -> Result<AttachmentRow, Error> {
    let (staff, today) = (staff.clone(), world.now().business_date());
    world
        .db()
        .write(move |tx| {
            authority(tx, &staff, today)?;
            tx.unaudited("a part of a file says nothing yet");
            store::attachment::update(tx, &row)?;
            Ok(AttachmentRow { version: row.version + 1, ..row.clone() })
        })
        .await
}

/// Does something with the bytes on the shelf, which blocks.
///
/// # Errors
/// `platform.unavailable`; why is logged here.
pub(crate) async fn on_shelf<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(&dyn Shelf) -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let shelf: Arc<dyn Shelf> = world.shelf();
    let done = spawn_blocking(move || work(&*shelf)).await;
    let done = done.map_err(|error| Error::internal(error.to_string()))?;
    done.map_err(|error| {
        tracing::error!(%error, "the shelf of attachments");
        Error::platform("platform.unavailable")
    })
}

/// Writes a whole file to the shelf part by part and closes it; `false` when the shelf holds another content.
pub(crate) fn put(
    shelf: &dyn Shelf,
    id: AttachmentId,
    mut content: impl Read,
    size: u64,
    digest: &[u8; 32],
) -> io::Result<bool> {
    let mut at = 0;
    while at < size {
        let mut part = Vec::new();
        content.by_ref().take(PART.unsigned_abs()).read_to_end(&mut part)?;
        if part.is_empty() || !shelf.write(id, at, &part)? {
            return Ok(false);
        }
        at += part.len() as u64;
    }
    Ok(shelf.close(id, size, digest)?.is_some())
}

/// Takes away what the shelf kept to make a closed file; what stays costs room and nothing else.
pub(crate) fn settle(shelf: &dyn Shelf, id: AttachmentId) {
    if let Err(error) = shelf.settle(id) {
        tracing::warn!(attachment = %id, %error, "the parts of a closed file are left");
    }
}

fn state(row: &AttachmentRow) -> Result<State, Error> {
    row.state.parse().map_err(|_| Error::internal("an attachment in an unknown state"))
}

fn record(
    tx: &mut WriteTx<'_>,
    row: &AttachmentRow,
    action: &'static str,
    (actor, authority): (Actor, Option<Reference>),
    now: Timestamp,
) {
    let mut record = Record::done(now, actor, action);
    record.object = Some(Reference::new(AttachmentId::PREFIX, &row.id));
    record.origin = Some(Reference::new(MatterId::PREFIX, &row.matter_id));
    record.evidence = Some(row.digest);
    record.authorization = authority;
    tx.audit(&record);
}
