//! The evidence and the counters of one writer: collected while jobs run, written as one row each per commit.
//!
//! Invariant: the in-memory frontier equals the last committed block's; it advances only after a commit. A log
//! belongs to one connection of one process run and is never resumed.

use super::asked::Asked;
use super::connection::Connection;
use crate::{StoreError, params, sql};
use domain::audit::{Frontier, Record, leaf_hash};
use domain::statistic::{Delta, Key};
use std::sync::Arc;

/// Real time in microseconds, given by whoever opened the database.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How far the journal had got when a job began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    records: usize,
    leaves: usize,
    counts: usize,
    filed: usize,
    asked: usize,
}

/// A record that is filed under a thing of long life.
struct Filed {
    object: [u8; 20],
    at: i64,
    /// Its place in the block.
    place: usize,
}

pub(crate) struct Journal {
    log: [u8; 16],
    clock: Clock,
    opened: bool,
    frontier: Frontier,
    next: Option<Frontier>,
    records: Vec<u8>,
    leaves: Vec<[u8; 32]>,
    counts: Vec<(Key, i64)>,
    filed: Vec<Filed>,
    /// The requests that records of the block were asked for in.
    asked: Vec<Arc<Asked>>,
    sequence: i64,
    /// When the block before was written: a clock that was set back does not turn the order of a log.
    last: i64,
}

impl Journal {
    pub(crate) fn new(log: [u8; 16], clock: Clock) -> Self {
        Self {
            log,
            clock,
            opened: false,
            frontier: Frontier::default(),
            next: None,
            records: Vec::new(),
            leaves: Vec::new(),
            counts: Vec::new(),
            filed: Vec::new(),
            asked: Vec::new(),
            sequence: 0,
            last: i64::MIN,
        }
    }

    pub(crate) fn record(&mut self, record: &Record) {
        for object in record.filed_under() {
            let (object, at) = (object.encode(), record.at.as_micros());
            self.filed.push(Filed { object, at, place: self.leaves.len() });
        }
        let start = self.records.len();
        self.records.extend([0, 0]);
        record.encode_into(&mut self.records);
        let length = u16::try_from(self.records.len() - start - 2).unwrap_or(u16::MAX);
        self.records[start..start + 2].copy_from_slice(&length.to_be_bytes());
        self.leaves.push(leaf_hash(&self.records[start + 2..]));
    }

    /// Takes a record that is asked for in a request.
    pub(crate) fn record_asked(&mut self, record: &Record, asked: &Arc<Asked>) {
        self.record(&asked.complete(record));
        if !self.asked.iter().any(|one| one.id == asked.id) {
            self.asked.push(asked.clone());
        }
    }

    pub(crate) fn count(&mut self, key: Key, by: i64) {
        self.counts.push((key, by));
    }

    pub(crate) fn mark(&self) -> Mark {
        let (records, leaves) = (self.records.len(), self.leaves.len());
        Mark { records, leaves, counts: self.counts.len(), filed: self.filed.len(), asked: self.asked.len() }
    }

    pub(crate) fn reset(&mut self, mark: Mark) {
        self.records.truncate(mark.records);
        self.leaves.truncate(mark.leaves);
        self.counts.truncate(mark.counts);
        self.filed.truncate(mark.filed);
        self.asked.truncate(mark.asked);
    }

    pub(crate) fn seal(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let at = (self.clock)().max(self.last);
        self.last = at;
        if !self.leaves.is_empty() {
            self.seal_records(connection, at)?;
        }
        if !self.counts.is_empty() {
            let mut delta = Delta::default();
            for (key, by) in self.counts.drain(..) {
                delta.add(key, by).map_err(|_| StoreError::Corrupt {
                    table: "statistic_delta",
                    column: "delta",
                    found: "an overflow".into(),
                })?;
            }
            let mut id = [0u8; 24];
            id[..16].copy_from_slice(&self.log);
            id[16..].copy_from_slice(&self.sequence.to_be_bytes());
            self.sequence += 1;
            connection.execute(
                sql!("insert into statistic_delta (bucket, id, delta) values ($1, $2, $3)"),
                params![at / 60_000_000, &id, &delta.encode()],
            )?;
        }
        Ok(())
    }

    fn seal_records(&mut self, connection: &mut Connection, at: i64) -> Result<(), StoreError> {
        if !self.opened {
            connection.execute(
                sql!("insert into audit_log (id, opened_at) values ($1, $2)"),
                params![&self.log, at],
            )?;
        }
        let first = i64::try_from(self.frontier.size()).unwrap_or(i64::MAX);
        let mut next = self.frontier.clone();
        next.extend(&self.leaves);
        connection.execute(
            sql!(
                "insert into audit_block (log, first, count, at, records, leaves, frontier)
                 values ($1, $2, $3, $4, $5, $6, $7)"
            ),
            params![
                &self.log,
                first,
                i64::try_from(self.leaves.len()).unwrap_or(i64::MAX),
                at,
                &self.records,
                self.leaves.as_flattened(),
                &next.encode()
            ],
        )?;
        self.next = Some(next);
        self.file(connection, first)?;
        self.asked.iter().try_for_each(|asked| asked.keep(connection))
    }

    /// Files the records of the block whose first is at `first` under the things of long life that they are about.
    fn file(&self, connection: &mut Connection, first: i64) -> Result<(), StoreError> {
        for filed in &self.filed {
            let place = first + i64::try_from(filed.place).unwrap_or(i64::MAX - first);
            connection.execute(
                sql!("insert into audit_trail (object, at, log, place) values ($1, $2, $3, $4)"),
                params![&filed.object, filed.at, &self.log, place],
            )?;
        }
        Ok(())
    }

    pub(crate) fn committed(&mut self) {
        if let Some(next) = self.next.take() {
            self.frontier = next;
            self.opened = true;
        }
        self.clear();
    }

    pub(crate) fn rolled_back(&mut self) {
        self.next = None;
        self.clear();
    }

    fn clear(&mut self) {
        self.records.clear();
        self.leaves.clear();
        self.counts.clear();
        self.filed.clear();
        self.asked.clear();
    }
}
