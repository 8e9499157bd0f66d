//! Sealing: the heads of all logs folded into one that is signed.

use super::trail::Thing;
use crate::auth::{Staff, authorize, authorize_role};
use crate::{Error, World};
use domain::audit::{Change, Frontier, LogHead, LogId, Record, Reference, TreeHead};
use domain::division::DivisionCode;
use domain::id::ExportId;
use domain::org::Operation;
use domain::time::Timestamp;
use store::ReadTx;
use store::audit::{BlockRow, EdgeRow, HeadRow};

/// Folds the heads of all logs into one and signs it, unless the newest head says the same already.
///
/// # Errors
/// The store's; internal when a stored frontier cannot be read.
pub async fn seal(world: &World) -> Result<(), Error> {
    let sealed = world
        .db()
        .read(|tx| {
            let edges = store::audit::list_edges(tx)?;
            let newest = store::audit::find_head(tx)?;
            Ok::<_, Error>((is_sealed(newest.as_ref(), edges)?, newest))
        })
        .await?;
    if let (true, newest) = sealed {
        return witness(world, newest.as_ref());
    }
    let (ring, now) = (world.keys().ring(), world.real_now());
    let head = world
        .db()
        .write(move |tx| {
            tx.unaudited("a head is the evidence of what it covers");
            let newest = store::audit::lock_head(tx)?;
            let edges = store::audit::list_edges(tx)?;
            // Clocks of two processes differ; heads have one order all the same.
            let after = newest.as_ref().map_or(i64::MIN, |head| head.at.saturating_add(1));
            let head = fold(Timestamp::from_micros(now.as_micros().max(after)), edges)?;
            if let Some(newest) = newest.filter(|newest| newest.root == head.root()) {
                return Ok(newest);
            }
            let (key_id, signature) = ring.sign(&head.to_sign());
            let row = HeadRow {
                at: head.at().as_micros(),
                logs: head.encode_logs(),
                root: head.root(),
                key_id: *key_id.as_bytes(),
                signature: signature.0,
            };
            store::audit::insert_head(tx, &row)?;
            Ok::<_, Error>(row)
        })
        .await?;
    witness(world, Some(&head))
}

/// Puts the newest head into the answers from now on, so that whoever calls is a witness.
fn witness(world: &World, head: Option<&HeadRow>) -> Result<(), Error> {
    let Some(head) = head else { return Ok(()) };
    world.show_head(&super::http::head_line(head)?);
    Ok(())
}

fn is_sealed(newest: Option<&HeadRow>, edges: Vec<EdgeRow>) -> Result<bool, Error> {
    let Some(newest) = newest else { return Ok(edges.is_empty()) };
    Ok(newest.root == fold(Timestamp::from_micros(newest.at), edges)?.root())
}

fn fold(at: Timestamp, edges: Vec<EdgeRow>) -> Result<TreeHead, Error> {
    let heads = edges.into_iter().map(|edge| {
        let frontier = Frontier::decode(&edge.frontier)?;
        Ok(LogHead { log: LogId(edge.log), size: frontier.size(), root: frontier.root() })
    });
    Ok(TreeHead::new(at, heads.collect::<Result<_, domain::audit::Refusal>>()?)?)
}

/// The newest head.
///
/// # Errors
/// `staff.role`, `staff.division`; `resource.not_found` before anything was sealed.
pub async fn head(world: &World, staff: &Staff) -> Result<HeadRow, Error> {
    authorize(staff, Operation::AuditHead, everywhere()?)?;
    world.db().read(store::audit::find_head).await?.ok_or_else(Error::not_found)
}

/// The trail is the whole platform's: only who may see every division may read it.
pub(super) fn everywhere() -> Result<DivisionCode, Error> {
    Ok(DivisionCode::new(0)?)
}

/// Where an export goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the heads after this moment; `last` is the newest head of the export.
    Heads {
        /// µs.
        after: i64,
        /// µs.
        last: i64,
    },
    /// At the blocks after this one.
    Blocks {
        /// The log; none is before the first.
        log: Option<[u8; 16]>,
        /// The block's first record.
        first: i64,
    },
}

/// A part of an export.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Whether the title comes first.
    pub is_first: bool,
    /// Id and public key of each key that signed heads of the export.
    pub keys: Vec<([u8; 16], Vec<u8>)>,
    /// Heads, oldest first.
    pub heads: Vec<HeadRow>,
    /// Blocks, by log and place.
    pub blocks: Vec<BlockRow>,
    /// Where it goes on; nothing at the end.
    pub next: Option<Place>,
}

/// The next part of an export, of at most `limit` heads or blocks; `place` is nothing for the first. The export of
/// somebody is itself on record.
///
/// # Errors
/// `staff.role`, `staff.division`; the store's.
pub async fn export(world: &World, staff: &Staff, place: Option<Place>, limit: usize) -> Result<Part, Error> {
    authorize(staff, Operation::AuditExport, everywhere()?)?;
    if place.is_none() {
        note(world, Record::done(world.real_now(), staff.actor(), "audit.exported")).await?;
        seal(world).await?;
    }
    let keys = world.keys().ring();
    world.db().read(move |tx| part(tx, place, limit, keys.rows())).await
}

/// A list that files are made of.
#[derive(Debug, Clone, Copy)]
pub enum Exported {
    /// The things that a role may list.
    List {
        /// The word on record.
        word: &'static str,
        /// What a role must hold to see it.
        operation: Operation,
    },
    /// What was done to one thing.
    Trail {
        /// The word on record.
        word: &'static str,
        /// Whose.
        of: Thing,
    },
}

/// What somebody makes a file of.
#[derive(Debug, Clone)]
pub struct Making {
    /// Of which list.
    pub of: Exported,
    /// How many rows it will have.
    pub rows: u32,
    /// As what.
    pub format: &'static str,
}

/// Puts on record that somebody makes a file of a list, before they have it; the id goes into the file, so that whoever finds
/// one can ask whose it is.
///
/// # Errors
/// `staff.role` and `resource.not_found` for what one may not see; the store's.
pub async fn record_export(world: &World, staff: &Staff, making: Making) -> Result<ExportId, Error> {
    let (word, object) = match making.of {
        Exported::List { word, operation } => {
            authorize_role(staff, operation)?;
            (word, None)
        }
        Exported::Trail { word, of } => {
            of.is_seen_by(world, staff).await?;
            (word, of.id())
        }
    };
    let id = world.id(ExportId::make);
    let mut changes = vec![
        Change::came("list", word),
        Change::came("rows", &making.rows.to_string()),
        Change::came("format", making.format),
    ];
    changes.extend(object.map(|object| Change::came("object", &object)));
    let mut record = Record::done(world.real_now(), staff.actor(), "list.exported").changing(changes);
    record.object = Some(Reference::new(ExportId::PREFIX, id.as_bytes()));
    note(world, record).await?;
    Ok(id)
}

/// Puts on record what changes nothing but the record.
///
/// # Errors
/// The store's.
pub(crate) async fn note(world: &World, record: Record) -> Result<(), Error> {
    world
        .db()
        .write(move |tx| {
            tx.audit(&record);
            Ok(())
        })
        .await
}

fn part(
    tx: &mut ReadTx<'_>,
    place: Option<Place>,
    limit: usize,
    known: &[store::key::KeyRow],
) -> Result<Part, Error> {
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let (after, last) = match place {
        Some(Place::Blocks { log, first }) => return blocks(tx, log, first, limit),
        Some(Place::Heads { after, last }) => (after, last),
        None => (i64::MIN, store::audit::find_head(tx)?.map_or(i64::MIN, |head| head.at)),
    };
    let mut part = Part { is_first: place.is_none(), ..Part::default() };
    if part.is_first {
        for id in store::audit::list_head_keys(tx, last)? {
            let row = known.iter().find(|row| row.id == id);
            let public = row.and_then(|row| row.public_key.clone());
            part.keys.push((id, public.ok_or_else(|| Error::internal("the key of a head is gone"))?));
        }
    }
    part.heads = store::audit::list_heads(tx, after, last, wanted)?;
    let more = part.heads.len() > limit;
    part.heads.truncate(limit);
    part.next = Some(match part.heads.last() {
        Some(head) if more => Place::Heads { after: head.at, last },
        _ => Place::Blocks { log: None, first: -1 },
    });
    Ok(part)
}

fn blocks(tx: &mut ReadTx<'_>, log: Option<[u8; 16]>, first: i64, limit: usize) -> Result<Part, Error> {
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let start = log.as_ref().map_or(&[][..], |log| log);
    let mut blocks = store::audit::list_blocks(tx, start, first, wanted)?;
    let more = blocks.len() > limit;
    blocks.truncate(limit);
    let next = blocks.last().filter(|_| more);
    let next = next.map(|block| Place::Blocks { log: Some(block.log), first: block.first });
    Ok(Part { blocks, next, ..Part::default() })
}
