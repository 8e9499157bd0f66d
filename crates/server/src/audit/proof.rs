//! Proofs of single records: found in the trail, handed out, and checked by whoever holds them.
//!
//! Whoever took part in something may have it proven: a channel or terminal what it did itself and what went through
//! it, an auditor everything. A proof is made under the first head that covers the record, so that it costs the leaves of
//! the moment between the two and not those of the whole log. **Invariant.** No byte of a proof can change without its
//! check failing; whose the key is, the holder of the proof compares with what was obtained elsewhere.

use super::export::read_head;
use super::service::{everywhere, seal};
use crate::auth::{Caller, Staff, authorize};
use crate::{Error, World};
use data_encoding::HEXLOWER;
use domain::audit::{Actor, Block, Frontier, Hash, LogId, Proof, Record, Reference, TreeHead};
use domain::key::proof::fingerprint;
use domain::org::Operation;
use domain::time::Timestamp;
use gm::sm2::VerifyingKey;
use sdk::types::audit::ProofView;
use store::ReadTx;
use store::audit::{BlockRow, HeadRow};
use store::key::KeyRow;

/// Records of one thing that one answer proves at most.
pub const RECORDS: usize = 20;
/// How long after the time that was asked for a record is looked for.
const WINDOW_MICROS: i64 = 60_000_000;
/// Clocks of servers differ by this much at most.
const SKEW_MICROS: i64 = 2_000_000;
/// Bytes of records that one look goes through at most.
const LOOK_BYTES: usize = 64 << 20;
/// Leaves between a record and its head at most; only where a thinned head is an hour away under load are there more.
const LEAVES: i64 = 1_000_000;
/// Blocks read at once.
const PAGE: i64 = 256;

/// A record that is sealed, with what shows it.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The record and its path.
    pub proof: Proof,
    /// The first head that covers it.
    pub head: HeadRow,
    /// Public key of the head.
    pub key: Vec<u8>,
    /// How many records of the log it covers.
    pub size: i64,
}

/// What is to be proven.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// What the records are about.
    pub object: Reference,
    /// When it happened; records of the minute from then on count.
    pub from: Timestamp,
}

/// Proves to a channel or terminal the records that it took part in.
///
/// # Errors
/// As [`Caller::read`]; `resource.not_found` when there is no such record; `audit.out_of_range` when only an export can
/// prove it.
pub async fn prove_to_caller(world: &World, caller: Caller, sought: Sought) -> Result<Vec<Proven>, Error> {
    // What was answered a moment ago is under a head before it is asked for.
    seal(world).await?;
    let ring = world.keys().ring();
    caller.read(world, move |tx| prove(tx, ring.rows(), sought, Some(caller.reference()))).await
}

/// Proves records to an auditor.
///
/// # Errors
/// `staff.role`, `staff.division`; else as [`prove_to_caller`].
pub async fn prove_to_staff(world: &World, staff: &Staff, sought: Sought) -> Result<Vec<Proven>, Error> {
    authorize(staff, Operation::AuditExport, everywhere()?)?;
    seal(world).await?;
    let ring = world.keys().ring();
    world.db().read(move |tx| prove(tx, ring.rows(), sought, None)).await
}

fn prove(
    tx: &mut ReadTx<'_>,
    keys: &[KeyRow],
    sought: Sought,
    who: Option<Reference>,
) -> Result<Vec<Proven>, Error> {
    let mut proven = Vec::new();
    for (block, place, record) in find(tx, sought.object, sought.from.as_micros(), who)? {
        proven.push(of_record(tx, keys, &block, place, record)?);
    }
    if proven.is_empty() { Err(Error::not_found()) } else { Ok(proven) }
}

/// The proof of the record at `place`, which `block` holds.
pub(super) fn of_record(
    tx: &mut ReadTx<'_>,
    keys: &[KeyRow],
    block: &BlockRow,
    place: u64,
    record: Vec<u8>,
) -> Result<Proven, Error> {
    let (head, size) = covering(tx, block, place)?;
    let key = keys.iter().find(|row| row.id == head.key_id).and_then(|row| row.public_key.clone());
    let key = key.ok_or_else(|| Error::internal("the key of a head is gone"))?;
    let size = i64::try_from(size).map_err(|_| domain::audit::Refusal::OutOfRange)?;
    Ok(Proven { proof: path(tx, block, place, record, size)?, head, key, size })
}

/// The records about `object` in the blocks of the window with their places, the oldest first, whichever log has them; of `who`
/// only those it took part in.
fn find(
    tx: &mut ReadTx<'_>,
    object: Reference,
    from: i64,
    who: Option<Reference>,
) -> Result<Vec<(BlockRow, u64, Vec<u8>)>, Error> {
    let (start, end) = (from.saturating_sub(SKEW_MICROS), from.saturating_add(WINDOW_MICROS));
    let sought = object.encode();
    let (mut found, mut looked) = (Vec::new(), 0);
    for log in store::audit::list_logs(tx)? {
        let mut next = store::audit::find_place_at(tx, &log, start)?;
        let before = found.len();
        while let Some(first) = next.take().filter(|_| found.len() - before < RECORDS && looked <= LOOK_BYTES)
        {
            let rows = store::audit::list_blocks_of(tx, &log, first, end, PAGE)?;
            next = (i64::try_from(rows.len()) == Ok(PAGE))
                .then(|| rows.last())
                .flatten()
                .map(|row| row.first + 1);
            for row in rows {
                looked += row.records.len();
                if row.records.windows(sought.len()).any(|bytes| bytes == sought) {
                    for (at, place, record) in about(&row, object, who)? {
                        found.push((at, (row.clone(), place, record)));
                    }
                }
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().take(RECORDS).map(|(_, found)| found).collect())
}

fn about(
    row: &BlockRow,
    object: Reference,
    who: Option<Reference>,
) -> Result<Vec<(Timestamp, u64, Vec<u8>)>, Error> {
    let first = place(row.first)?;
    let block = Block {
        log: LogId(row.log),
        first,
        records: row.records.clone(),
        leaves: hashes(&row.leaves),
        frontier: Vec::new(),
    };
    let mut found = Vec::new();
    for (at, bytes) in (first..).zip(block.encoded_records()?) {
        let record = Record::decode(bytes)?;
        let took_part = who.is_none_or(|who| record.actor == Actor::Party(who) || record.origin == Some(who));
        if record.object == Some(object) && took_part {
            found.push((record.at, at, bytes.to_vec()));
        }
    }
    Ok(found)
}

/// The first head that covers the record at `place`, and how many records of the log it covers.
fn covering(tx: &mut ReadTx<'_>, block: &BlockRow, place: u64) -> Result<(HeadRow, u64), Error> {
    // A head folded in the same moment may not have seen the block yet; the newest one has.
    let mut heads = store::audit::list_heads(tx, block.at - 1, i64::MAX, 16)?;
    heads.extend(store::audit::find_head(tx)?);
    for row in heads {
        let head = TreeHead::decode(Timestamp::from_micros(row.at), &row.logs)?;
        if let Some(sealed) = head.find(LogId(block.log)).filter(|sealed| sealed.size > place) {
            return Ok((row, sealed.size));
        }
    }
    Err(Error::not_found())
}

fn path(tx: &mut ReadTx<'_>, block: &BlockRow, at: u64, record: Vec<u8>, end: i64) -> Result<Proof, Error> {
    if end - block.first > LEAVES {
        return Err(domain::audit::Refusal::OutOfRange.into());
    }
    let before = match store::audit::find_block_before(tx, &block.log, block.first)? {
        Some(row) => Frontier::decode(&row.frontier)?,
        None => Frontier::default(),
    };
    let mut leaves = Vec::new();
    for bytes in store::audit::list_leaves(tx, &block.log, block.first, end)? {
        leaves.extend(hashes(&bytes));
    }
    leaves.truncate(usize::try_from(end - block.first).unwrap_or_default());
    Ok(Proof::make((LogId(block.log), at), record, &before, &leaves)?)
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks().0.to_vec()
}

pub(super) fn place(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|_| Error::internal("a block before the first record"))
}

/// What the check of a proof showed.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What is sealed.
    pub record: Record,
    /// When the head that covers it was folded.
    pub head_at: Timestamp,
    /// Root of the head, hex.
    pub root: String,
    /// Id of the key that signed the head.
    pub key_id: String,
    /// Fingerprint of that key, to compare with one that was obtained elsewhere.
    pub fingerprint: String,
}

/// Checks a line of a file of proofs; reads nothing else.
///
/// # Errors
/// What does not hold, as a sentence.
pub fn verify_line(line: &[u8]) -> Result<Checked, &'static str> {
    let view: ProofView = serde_json::from_slice(line).map_err(|_| "not a proof")?;
    if !serde_json::to_vec(&view).is_ok_and(|written| written == line) {
        return Err("not written as a proof is written");
    }
    let (head, signature) = read_head(&view.head).ok_or("the head is not one")?;
    if view.key.key_id != view.head.key_id {
        return Err("the key is not the one that signed the head");
    }
    let point = HEXLOWER.decode(view.key.public_key.as_bytes()).map_err(|_| "not an SM2 public key")?;
    let key = VerifyingKey::from_sec1(&point).map_err(|_| "not an SM2 public key")?;
    key.verify(&head.to_sign(), &signature).map_err(|_| "the signature of the head does not hold")?;
    let proof = read(&view).ok_or("not lower-case hexadecimal")?;
    let record = proof.verify(&head).map_err(|_| "the record is not what the head sealed")?;
    Ok(Checked {
        record,
        head_at: head.at(),
        root: view.head.root,
        key_id: view.key.key_id,
        fingerprint: fingerprint(&point),
    })
}

fn read(view: &ProofView) -> Option<Proof> {
    let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
    let path = view.path.iter().map(|text| bytes(text)?.try_into().ok()).collect::<Option<_>>()?;
    Some(Proof {
        record: bytes(&view.record)?,
        log: LogId(bytes(&view.log)?.try_into().ok()?),
        place: view.place,
        path,
    })
}
