//! Imports of the card registry: a file is announced once, sent in chunks of rows, and every chunk is committed with
//! its counters in one transaction, so that whoever is killed goes on at the next row.
//!
//! Invariant: a chunk is written and counted exactly once, in the order of the file; one that comes again is only looked
//! at. Good rows are kept beside bad ones. Deliberately not here: files, their encodings and columns (the command line).

mod apply;
pub mod http;
mod plan;
mod read;
mod row;

pub use row::{Prepared, Row, prepare};

use crate::auth::{Staff, authorize};
use crate::rows::Outcome;
use crate::{Error, World};
use apply::Act;
use domain::audit::{Record, Reference};
use domain::card::{Chunk, Progress, Refusal};
use domain::id::ImportId;
use domain::org::Operation;
use domain::parameter::{Name, standard};
use plan::Plan;
use std::sync::Arc;
use std::time::Duration;
use store::card::import::ImportRow;
use store::{StoreError, WriteTx};

/// How long rows wait for the ones before them, which another request carries.
const TURN: Duration = Duration::from_secs(8);
/// How often a chunk is planned again because another transaction added the same card or holder meanwhile.
const ATTEMPTS: usize = 5;

/// Announces a file, or finds the import that it already is.
///
/// # Errors
/// `staff.role`; `import.total` when the file was announced with another number of rows.
pub async fn start(
    world: &World,
    staff: &Staff,
    name: String,
    digest: [u8; 32],
    total: i64,
) -> Result<ImportRow, Error> {
    authorize(staff, Operation::CardImport, staff.division)?;
    let now = world.now();
    let row = ImportRow {
        id: *world.id(ImportId::make).as_bytes(),
        org_id: *staff.org.as_bytes(),
        staff_id: *staff.id.as_bytes(),
        digest,
        name,
        total,
        rows_done: 0,
        inserted: 0,
        updated: 0,
        unchanged: 0,
        refused: 0,
        created_at: now.as_micros(),
        finished_at: None,
    };
    let actor = staff.actor();
    world
        .db()
        .write(move |tx| {
            if store::card::import::insert(tx, &row)? {
                let mut record = Record::done(now, actor, "import.started");
                record.object = Some(Reference::new(ImportId::PREFIX, &row.id));
                record.evidence = Some(row.digest);
                tx.audit(&record);
                return Ok(row.clone());
            }
            tx.unaudited("the import is there already");
            let found = store::card::import::find_by_digest(tx, &row.org_id, &row.digest)?;
            let found = found.ok_or(StoreError::Stale)?;
            if found.total == total {
                Ok(found)
            } else {
                Err(Refusal::ImportTotal { total: found.total }.into())
            }
        })
        .await
}

/// An import of the own organisation.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: ImportId) -> Result<ImportRow, Error> {
    authorize(staff, Operation::CardImport, staff.division)?;
    let org = *staff.org.as_bytes();
    let found = world.db().read(move |tx| store::card::import::find(tx, id.as_bytes())).await?;
    found.filter(|row| row.org_id == org).ok_or_else(Error::not_found)
}

/// What a chunk did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// How far the import has come.
    pub import: ImportRow,
    /// The rows were done already; nothing was written.
    pub repeated: bool,
    /// One for each row, in order.
    pub outcomes: Vec<Outcome>,
}

/// A chunk that has been made ready.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Place of the first row in the file.
    pub first_row: i64,
    /// The rows.
    pub prepared: Arc<Vec<Prepared>>,
    /// SM3 of the rows as they came.
    pub evidence: [u8; 32],
}

/// Writes the next rows of an import; good rows are kept, bad ones are named. Rows that come before their turn wait for
/// it, so that a client may send the next chunk while one is being written.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `import.chunk_…`.
pub async fn rows(world: &World, staff: &Staff, id: ImportId, rows: Rows) -> Result<Imported, Error> {
    authorize(staff, Operation::CardImport, staff.division)?;
    let act = Act { at: world.now(), actor: staff.actor(), import: id };
    let org = *staff.org.as_bytes();
    let mut attempts = 0;
    loop {
        let turn = world.import_turn().notified();
        let (ring, rows) = (world.keys().ring(), rows.clone());
        let written = world.db().write(move |tx| write(tx, &ring, &org, &act, &rows)).await;
        match written {
            Err(error) if error.code() == "import.chunk_gap" => {
                tokio::time::timeout(TURN, turn).await.map_err(|_| error)?;
            }
            Err(error) if error.code() == "resource.stale" && attempts < ATTEMPTS => attempts += 1,
            written => {
                world.import_turn().notify_waiters();
                return written;
            }
        }
    }
}

fn write(
    tx: &mut WriteTx<'_>,
    ring: &crate::key::Ring,
    org: &[u8; 16],
    act: &Act,
    rows: &Rows,
) -> Result<Imported, Error> {
    let found = store::card::import::lock(tx, act.import.as_bytes())?.filter(|row| row.org_id == *org);
    let mut import = found.ok_or_else(Error::not_found)?;
    let progress = Progress { total: import.total, rows_done: import.rows_done };
    let count = i64::try_from(rows.prepared.len()).unwrap_or(i64::MAX);
    let chunk = progress.accept(rows.first_row, count, standard(Name::ImportBatch).value)?;
    let plan = Plan::make(tx, &rows.prepared, act.at.as_micros())?;
    match chunk {
        Chunk::Repeated => tx.unaudited("a repeated chunk writes nothing"),
        Chunk::Next => {
            apply::apply(tx, ring, &plan, act)?;
            advance(&mut import, &plan.outcomes, act);
            store::card::import::update(tx, &import)?;
            let mut record = Record::done(act.at, act.actor, "card.imported");
            record.object = Some(Reference::new(ImportId::PREFIX, act.import.as_bytes()));
            record.evidence = Some(rows.evidence);
            tx.audit(&record);
        }
    }
    Ok(Imported { import, repeated: chunk == Chunk::Repeated, outcomes: plan.outcomes })
}

fn advance(import: &mut ImportRow, outcomes: &[Outcome], act: &Act) {
    for outcome in outcomes {
        let counter = match outcome {
            Outcome::Inserted => &mut import.inserted,
            Outcome::Updated => &mut import.updated,
            Outcome::Unchanged => &mut import.unchanged,
            Outcome::Refused(_) => &mut import.refused,
        };
        *counter += 1;
        import.rows_done += 1;
    }
    let progress = Progress { total: import.total, rows_done: import.rows_done };
    import.finished_at = progress.is_finished().then_some(act.at.as_micros());
}
