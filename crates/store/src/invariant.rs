//! Questions about a whole world whose answer must be "nothing": asked after every behaviour test, and by whoever
//! wants to know whether a database is sound. Each answer is a list of sentences, empty when all is well.

use crate::{ReadTx, StoreError, sql};
use domain::audit::{Block, Export, LogId, Record, Whence};
use std::collections::BTreeSet;

/// Everything that is wrong.
pub fn violations(tx: &mut ReadTx<'_>) -> Result<Vec<String>, StoreError> {
    let mut found = audit(tx)?;
    found.extend(ecards(tx)?);
    found.extend(ledger(tx)?);
    Ok(found)
}

/// A thing, and the time, log and place of a record about it.
type Filed = ([u8; 20], i64, [u8; 16], i64);

/// Every record reads and is filed, every leaf is its record's, every frontier is its log's.
fn audit(tx: &mut ReadTx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(
        sql!("select log, first, records, leaves, frontier, count from audit_block order by log, first"),
        &[],
    )?;
    let mut export = Export::new(&[]);
    let (mut found, mut filed, mut whence) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let leaves = row.bytes(3)?;
        let block = Block {
            log: LogId(row.array(0)?),
            first: u64::try_from(row.i64(1)?).unwrap_or_default(),
            records: row.bytes(2)?,
            leaves: leaves.chunks_exact(32).filter_map(|leaf| leaf.try_into().ok()).collect(),
            frontier: row.bytes(4)?,
        };
        let count = u64::try_from(row.i64(5)?).unwrap_or_default();
        let records = block.encoded_records().unwrap_or_default();
        let records: Vec<Record> = records.iter().filter_map(|one| Record::decode(one).ok()).collect();
        if records.len() as u64 != count || block.leaves.len() as u64 != count {
            found.push(format!("block {} of log {:?} does not read", block.first, block.log));
        }
        for (place, record) in (row.i64(1)?..).zip(&records) {
            let at = record.at.as_micros();
            filed.extend(record.filed_under().map(|object| (object.encode(), at, block.log.0, place)));
        }
        let committed = |one: &Record| Some((*one.request?.as_bytes(), one.whence?.0));
        whence.extend(records.iter().filter_map(committed));
        export.block(&block);
    }
    found.extend(export.finish().faults.iter().map(|fault| format!("audit: {fault:?}")));
    found.extend(trail(tx, &filed)?);
    found.extend(requests(tx, &whence)?);
    Ok(found)
}

/// Every address that is kept is the one that its records commit to.
fn requests(tx: &mut ReadTx<'_>, whence: &BTreeSet<([u8; 16], [u8; 16])>) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in tx.query(sql!("select id, address, salt from audit_request"), &[])? {
        let (id, address, salt) = (row.array(0)?, row.text(1)?, row.array(2)?);
        if !whence.contains(&(id, Whence::commit(&salt, &address).0)) {
            found.push(format!("audit: the address of request {id:?} is not the one in its records"));
        }
    }
    Ok(found)
}

/// The records about a thing are found under it, and nothing else is.
fn trail(tx: &mut ReadTx<'_>, filed: &BTreeSet<Filed>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(sql!("select object, at, log, place from audit_trail"), &[])?;
    let found = rows.iter().map(|row| Ok((row.array(0)?, row.i64(1)?, row.array(2)?, row.i64(3)?)));
    let found = found.collect::<Result<BTreeSet<Filed>, StoreError>>()?;
    let wrong = filed.symmetric_difference(&found);
    Ok(wrong.map(|(object, _, _, place)| format!("audit: {object:?} is misfiled at {place}")).collect())
}

/// No e-card's state differs from its card's (ND-1.4).
fn ecards(tx: &mut ReadTx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.query(
        sql!(
            "select e.state, c.state from ecard e left join card c on c.shard = e.shard and c.id = e.card_id
             where c.state is null or c.state <> e.state"
        ),
        &[],
    )?;
    rows.iter()
        .map(|row| Ok(format!("an e-card is {} and its card {:?}", row.text(0)?, row.opt_text(1)?)))
        .collect()
}

/// Debits equal credits, posted and pending.
fn ledger(tx: &mut ReadTx<'_>) -> Result<Vec<String>, StoreError> {
    let row = tx.query_one(
        sql!(
            "select cast(coalesce(sum(debits_posted), 0) as bigint), cast(coalesce(sum(credits_posted), 0) as bigint),
                    cast(coalesce(sum(debits_pending), 0) as bigint), cast(coalesce(sum(credits_pending), 0) as bigint)
             from account"
        ),
        &[],
    )?;
    let mut found = Vec::new();
    for (what, debits, credits) in
        [("posted", row.i64(0)?, row.i64(1)?), ("pending", row.i64(2)?, row.i64(3)?)]
    {
        if debits != credits {
            found.push(format!("the ledger has {debits} fen of {what} debits and {credits} of credits"));
        }
    }
    Ok(found)
}
