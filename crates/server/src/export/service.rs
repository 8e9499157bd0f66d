//! Asking for an export, looking how far it has come, giving its file out, and removing it when its time is over.

use super::make::KIND;
use super::source::Source;
use crate::attachment::service::on_shelf;
use crate::auth::{Staff, require_step_up};
use crate::{Error, World, job};
use data_encoding::HEXLOWER;
use domain::audit::{Change, Record, Reference};
use domain::export::{Action, Format, KEPT_SECONDS, Language, Refusal, State, TOLD_SECONDS, admit};
use domain::id::{AttachmentId, ExportId};
use domain::time::Timestamp;
use store::export::ExportRow;
use store::{ReadTx, StoreError};

/// Files that are removed in one run.
const REMOVED: i64 = 100;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The list.
    pub source: Source,
    /// Its word on record.
    pub word: &'static str,
    /// Whose trail it is.
    pub object: Option<String>,
    /// What narrows it, JSON.
    pub filter: String,
    /// As what.
    pub format: Format,
    /// In which language.
    pub language: Language,
}

/// Begins an export of a list that the asker may see by their own role: whoever stands in for somebody gets by it what they see
/// themselves.
///
/// # Errors
/// `staff.role`; `resource.not_found` for the thing of a trail; `staff.step_up_required`; `export.under_way`, `export.kept`.
pub(super) async fn create(world: &World, staff: &Staff, wanted: Wanted) -> Result<ExportRow, Error> {
    let staff = Staff { stands_in: None, ..staff.clone() };
    wanted.source.admit(world, &staff).await?;
    require_step_up(&staff)?;
    let (id, now) = (world.id(ExportId::make), world.now());
    let row = ExportRow {
        id: *id.as_bytes(),
        staff_id: *staff.id.as_bytes(),
        role: staff.role.to_string(),
        org_id: *staff.org.as_bytes(),
        division: staff.division.to_string(),
        list: wanted.word.to_owned(),
        object_id: wanted.object,
        filter: wanted.filter,
        format: wanted.format.to_string(),
        language: wanted.language.to_string(),
        state: State::Waiting.to_string(),
        row_count: 0,
        file_id: None,
        size: None,
        digest: None,
        reason: None,
        created_at: now.as_micros(),
        ended_at: None,
        version: 1,
    };
    world
        .db()
        .write(move |tx| {
            // Two requests of one account are counted one after the other.
            store::org::lock_staff_of(tx, &row.org_id, &row.staff_id)?;
            let mut count = |state: State| store::export::count_in(tx, &row.staff_id, state.as_str());
            let under_way = count(State::Waiting)? + count(State::Running)?;
            admit(under_way, count(State::Ready)?)?;
            store::export::insert(tx, &row)?;
            job::enqueue(tx, KIND, &id.to_string(), now)?;
            tx.audit(&record(&row, "export.asked", now));
            Ok(row.clone())
        })
        .await
}

/// The own exports before `before`, newest first.
///
/// # Errors
/// The store's.
pub(super) async fn list(
    world: &World,
    staff: &Staff,
    before: Option<ExportId>,
    limit: i64,
) -> Result<Vec<ExportRow>, Error> {
    let id = *staff.id.as_bytes();
    let before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    Ok(world.db().read(move |tx| store::export::list_of(tx, &id, &before, limit)).await?)
}

/// One of the own exports.
///
/// # Errors
/// `resource.not_found`, also for somebody else's.
pub(super) async fn get(world: &World, staff: &Staff, id: ExportId) -> Result<ExportRow, Error> {
    let owner = *staff.id.as_bytes();
    let found = world.db().read(move |tx: &mut ReadTx<'_>| store::export::find(tx, id.as_bytes())).await?;
    found.filter(|row| row.staff_id == owner).ok_or_else(Error::not_found)
}

/// The file of one of the own exports, to be given out; that it was is on record.
///
/// # Errors
/// `resource.not_found`; `export.not_ready`, `export.failed`, `export.expired`; `export.scope` when the asker sees something
/// else than when it was begun; `staff.role` and `resource.not_found` when they do not see the list any more.
pub(super) async fn content(
    world: &World,
    staff: &Staff,
    id: ExportId,
) -> Result<(ExportRow, AttachmentId), Error> {
    let staff = Staff { stands_in: None, ..staff.clone() };
    let (row, now) = (get(world, &staff, id).await?, world.now());
    standing(&row, now)?.give()?;
    is_as_begun(&row, &staff)?;
    Source::stored(&row.list, row.object_id.as_deref(), &row.filter)?.admit(world, &staff).await?;
    let file = row.file_id.map(AttachmentId::from_bytes).ok_or(Refusal::Expired)?;
    let given = row.clone();
    world
        .db()
        .write(move |tx| {
            tx.audit(&record(&given, "export.downloaded", now));
            Ok::<_, Error>(())
        })
        .await?;
    Ok((row, file))
}

/// How an export stands at `now`.
///
/// # Errors
/// Internal: the stored word is none.
pub(super) fn standing(row: &ExportRow, now: Timestamp) -> Result<State, Error> {
    Ok(state(row)?.at(row.ended_at.map(Timestamp::from_micros), now))
}

pub(super) fn state(row: &ExportRow) -> Result<State, Error> {
    row.state.parse().map_err(|_| Error::internal("an export in an unknown state"))
}

/// Refuses an account that sees something else than when it began the export.
pub(super) fn is_as_begun(row: &ExportRow, staff: &Staff) -> Result<(), Error> {
    let is_same = staff.role.as_str() == row.role
        && *staff.org.as_bytes() == row.org_id
        && staff.division.to_string() == row.division;
    if is_same { Ok(()) } else { Err(Refusal::Scope.into()) }
}

/// What is on record of an export: whose file of which list, and what it held once there is one. Of what narrowed it there is the
/// digest, since somebody may have searched for a name: whoever says what it was can be held to it.
pub(super) fn record(row: &ExportRow, action: &'static str, now: Timestamp) -> Record {
    let filter = HEXLOWER.encode(&gm::sm3::digest(row.filter.as_bytes()));
    let mut changes = vec![
        Change::came("list", &row.list),
        Change::came("format", &row.format),
        Change::came("filter_sm3", &filter),
    ];
    if row.digest.is_some() {
        changes.push(Change::came("rows", &row.row_count.to_string()));
    }
    changes.extend(row.object_id.as_deref().map(|object| Change::came("object", object)));
    let owner = domain::audit::Actor::Party(Reference::new(domain::id::StaffId::PREFIX, &row.staff_id));
    let mut record = Record::done(now, owner, action).changing(changes);
    record.object = Some(Reference::new(ExportId::PREFIX, &row.id));
    record.evidence = row.digest;
    record
}

/// Removes the files whose time is over, and forgets exports that nobody asks about any more.
///
/// # Errors
/// The store's and the shelf's.
pub async fn expire(world: &World) -> Result<(), Error> {
    let now = world.now();
    let over = now.plus_seconds(-KEPT_SECONDS).as_micros();
    let due = world.db().read(move |tx| {
        let ready = store::export::list_ended(tx, State::Ready.as_str(), over, REMOVED)?;
        // One that failed has a file only if it could not be taken away then.
        let failed = store::export::list_ended(tx, State::Failed.as_str(), over, REMOVED)?;
        Ok::<_, StoreError>([ready, failed].concat())
    });
    for row in due.await? {
        // First the file: whoever stops in between finds the row again. One that cannot be removed keeps the others from nothing.
        if let Err(error) = remove(world, row.file_id).await {
            let source = error.source_for_log();
            tracing::warn!(source, "the file of an export whose time is over is left for now");
            continue;
        }
        let before = state(&row)?;
        let after = before.next(Action::Expire).unwrap_or(before);
        let expired = ExportRow { state: after.to_string(), file_id: None, ..row };
        let written = world.db().write(move |tx| {
            tx.unaudited("the file of an export is gone");
            store::export::update(tx, &expired)
        });
        match written.await {
            // Another server was faster.
            Err(StoreError::Stale) => (),
            other => other?,
        }
    }
    let told = now.plus_seconds(-KEPT_SECONDS - TOLD_SECONDS).as_micros();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("exports that nobody asks about");
            store::export::forget_ended(tx, told)
        })
        .await?;
    Ok(())
}

/// Removes the bytes of a file, if there is one.
///
/// # Errors
/// The shelf's.
pub(super) async fn remove(world: &World, file: Option<[u8; 16]>) -> Result<(), Error> {
    let Some(id) = file.map(AttachmentId::from_bytes) else { return Ok(()) };
    on_shelf(world, move |shelf| shelf.remove(id)).await
}
