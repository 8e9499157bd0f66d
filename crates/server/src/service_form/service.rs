//! Publishing and withdrawing the form of a service, and finding it.

use crate::attachment::service::{self as shelf, on_shelf};
use crate::auth::{Staff, authorize_role};
use crate::{Error, World};
use domain::attachment::{ContentType, HEAD};
use domain::audit::{Change, Record, Reference};
use domain::id::{AttachmentId, ServiceFormId};
use domain::org::Operation;
use domain::service::Service;
use domain::service_form::{Action, Blank, Refusal, State, document, number, of};
use domain::time::Timestamp;
use std::io::{Error as Fault, ErrorKind};
use store::service_form::ServiceFormRow;
use store::{ReadTx, WriteTx};

/// A document that somebody publishes.
#[derive(Debug, Clone)]
pub struct Document {
    /// What they call it.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Publishes the form of a service in the place of the one before. The same document under the same name is that one, so that
/// who has not seen the answer may ask again; one that the shelf has lost is published as the next version.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `service_form.standard`, `service_form.size`, `service_form.type`;
/// `platform.unavailable`.
pub async fn publish(
    world: &World,
    staff: &Staff,
    service: &'static Service,
    new: Document,
) -> Result<ServiceFormRow, Error> {
    authorize_role(staff, Operation::ServiceFormWrite)?;
    of(service)?;
    let head = &new.bytes[..new.bytes.len().min(HEAD)];
    let content_type = document(head, i64::try_from(new.bytes.len()).unwrap_or(i64::MAX))?;
    let (id, now) = (world.id(ServiceFormId::make), world.now());
    let row = ServiceFormRow {
        id: *id.as_bytes(),
        service: service.code.to_owned(),
        number: 0,
        state: State::Current.to_string(),
        file_name: new.file_name,
        size: i64::try_from(new.bytes.len()).unwrap_or(i64::MAX),
        digest: gm::sm3::digest(&new.bytes),
        content_type: content_type.to_string(),
        published_by: *staff.id.as_bytes(),
        published_at: now.as_micros(),
        ended_by: None,
        ended_at: None,
        reason: None,
    };
    let lost = lost(world, &row).await?;
    if let Err(error) = put(world, file(id), new.bytes, row.digest).await {
        // No row speaks of it yet. Should it stay, it costs room and nothing else.
        on_shelf(world, move |shelf| shelf.remove(file(id))).await.ok();
        return Err(error);
    }
    let actor = staff.actor();
    let written = world
        .db()
        .write(move |tx| {
            let versions = locked(tx, &row.service)?;
            let before = versions.iter().find(|one| one.state == State::Current.as_str());
            if let Some(same) = before.filter(|before| is_same(before, &row) && Some(before.id) != lost) {
                tx.unaudited("the same document is published already");
                return Ok(same.clone());
            }
            if let Some(before) = before {
                let state = State::Current.next(Action::Replace)?.to_string();
                store::service_form::end(tx, &ended(before, state, None, &row.published_by, now))?;
            }
            let next = number(versions.first().and_then(|last| u32::try_from(last.number).ok()));
            let row = ServiceFormRow { number: i64::from(next), ..row.clone() };
            store::service_form::insert(tx, &row)?;
            let mut record = Record::done(now, actor, "service_form.published")
                .changing([Change::came("service", &row.service), Change::came("number", &next.to_string())]);
            record.object = Some(Reference::new(ServiceFormId::PREFIX, &row.id));
            record.evidence = Some(row.digest);
            tx.audit(&record);
            Ok::<_, Error>(row)
        })
        .await;
    if !written.as_ref().is_ok_and(|row| row.id == *id.as_bytes())
        && let Err(error) = take_away(world, id).await
    {
        let source = error.source_for_log();
        tracing::warn!(form = %id, source, "the document of a form that came to nothing is left");
    }
    written
}

/// Takes the current form of a service down, with nothing in its place; it is named, so that one that was published meanwhile
/// stays.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `service_form.absent`, `service_form.ended`.
pub async fn withdraw(
    world: &World,
    staff: &Staff,
    service: &'static Service,
    id: ServiceFormId,
    reason: String,
) -> Result<ServiceFormRow, Error> {
    authorize_role(staff, Operation::ServiceFormWrite)?;
    let (actor, by, now) = (staff.actor(), *staff.id.as_bytes(), world.now());
    world
        .db()
        .write(move |tx| {
            let versions = locked(tx, service.code)?;
            let current = versions.iter().find(|one| one.state == State::Current.as_str());
            let current = current.ok_or(Refusal::Absent)?;
            if current.id != *id.as_bytes() {
                return Err(Refusal::Ended.into());
            }
            let state = State::Current.next(Action::Withdraw)?;
            let row = ended(current, state.to_string(), Some(reason.clone()), &by, now);
            store::service_form::end(tx, &row)?;
            let changes = [Change::turned("state", State::Current.as_str(), state.as_str())];
            let mut record = Record::done(now, actor, "service_form.withdrawn").changing(changes);
            record.object = Some(Reference::new(ServiceFormId::PREFIX, &row.id));
            tx.audit(&record);
            Ok(row)
        })
        .await
}

/// Every version of a service's form, the newest first.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    service: &'static Service,
) -> Result<Vec<ServiceFormRow>, Error> {
    authorize_role(staff, Operation::ServiceList)?;
    Ok(world.db().read(move |tx| store::service_form::list(tx, service.code)).await?)
}

/// A form, current or not, and what it is; its bytes lie on the shelf under [`file`].
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn content(
    world: &World,
    staff: &Staff,
    id: ServiceFormId,
) -> Result<(ServiceFormRow, ContentType), Error> {
    authorize_role(staff, Operation::ServiceList)?;
    let found = world.db().read(move |tx| store::service_form::find(tx, id.as_bytes())).await?;
    let row = found.ok_or_else(Error::not_found)?;
    let content_type = row.content_type.parse();
    Ok((row, content_type.map_err(|_| Error::internal("a service form of an unknown type"))?))
}

/// The forms that are current, as the rules of an application see them.
///
/// # Errors
/// The store's.
pub fn blanks(tx: &mut ReadTx<'_>) -> Result<Vec<Blank>, Error> {
    let blank = |row: ServiceFormRow| {
        Ok(Blank {
            service: row.service.parse()?,
            form: ServiceFormId::from_bytes(row.id),
            number: u32::try_from(row.number).map_err(|_| Error::internal("a version below zero"))?,
        })
    };
    store::service_form::list_current(tx)?.into_iter().map(blank).collect()
}

/// Under what the bytes of a form lie on the shelf.
#[must_use]
pub fn file(id: ServiceFormId) -> AttachmentId {
    AttachmentId::from_bytes(*id.as_bytes())
}

/// Puts a document on the shelf and closes it.
async fn put(world: &World, id: AttachmentId, bytes: Vec<u8>, digest: [u8; 32]) -> Result<(), Error> {
    let work = move |shelf: &dyn crate::attachment::Shelf| {
        if !shelf::put(shelf, id, bytes.as_slice(), bytes.len() as u64, &digest)? {
            return Err(Fault::new(ErrorKind::InvalidData, "the file of a form is not what was written"));
        }
        shelf::settle(shelf, id);
        Ok(())
    };
    on_shelf(world, work).await
}

/// Takes the file of a form away, unless a form is on record with it: that may have been written and not been answered.
async fn take_away(world: &World, id: ServiceFormId) -> Result<(), Error> {
    let found = world.db().read(move |tx| store::service_form::find(tx, id.as_bytes())).await?;
    if found.is_some() { Ok(()) } else { on_shelf(world, move |shelf| shelf.remove(file(id))).await }
}

/// The current form, if it is the same document as a new one and the shelf does not hold its file any more.
async fn lost(world: &World, new: &ServiceFormRow) -> Result<Option<[u8; 16]>, Error> {
    let service = new.service.clone();
    let versions = world.db().read(move |tx| store::service_form::list(tx, &service)).await?;
    let current = versions.into_iter().find(|one| one.state == State::Current.as_str());
    let Some(same) = current.filter(|current| is_same(current, new)) else { return Ok(None) };
    let kept = file(ServiceFormId::from_bytes(same.id));
    let looked = on_shelf(world, move |shelf| match shelf.read(kept, 0, 1) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        read => read.map(|bytes| !bytes.is_empty()),
    });
    let is_held = looked.await?;
    Ok((!is_held).then_some(same.id))
}

/// The versions of a service's form, the newest first; nobody else changes them until the transaction ends.
fn locked(tx: &mut WriteTx<'_>, service: &str) -> Result<Vec<ServiceFormRow>, Error> {
    if !store::service_form::lock_service(tx, service)? {
        return Err(Error::not_found());
    }
    Ok(store::service_form::list(tx, service)?)
}

/// Whether a new form is the document that is there, under its name.
fn is_same(before: &ServiceFormRow, new: &ServiceFormRow) -> bool {
    before.digest == new.digest && before.file_name == new.file_name
}

fn ended(
    row: &ServiceFormRow,
    state: String,
    reason: Option<String>,
    by: &[u8; 16],
    now: Timestamp,
) -> ServiceFormRow {
    ServiceFormRow { state, reason, ended_by: Some(*by), ended_at: Some(now.as_micros()), ..row.clone() }
}
