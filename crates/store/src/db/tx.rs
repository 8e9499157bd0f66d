//! Transactions as types: a [`ReadTx`] can only look, a [`WriteTx`] can also change and must leave evidence.

use super::asked::Asked;
use super::connection::Connection;
use super::journal::{Journal, Mark};
use super::sql::Sql;
use super::value::{Column, Row, Value};
use crate::StoreError;
use domain::audit::Record;
use domain::id::RequestId;
use domain::statistic::Key;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A read transaction: one consistent view.
pub struct ReadTx<'c> {
    pub(crate) connection: &'c mut Connection,
}

impl ReadTx<'_> {
    /// All rows of the answer.
    pub fn query(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.connection.query(sql, params)
    }

    /// The one row of the answer, or none; `RowCount` for more than one.
    pub fn query_opt(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.connection.query(sql, params)?;
        if rows.len() > 1 {
            return Err(StoreError::RowCount(rows.len() as u64));
        }
        Ok(rows.pop())
    }

    /// The one row of the answer; `RowCount` when there is not exactly one.
    pub fn query_one(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<Row, StoreError> {
        self.query_opt(sql, params)?.ok_or(StoreError::RowCount(0))
    }

    /// For every row of `columns` the one row found by `sql`, or none. The `PostgreSQL` text selects from
    /// `unnest(…) with ordinality` and returns the ordinal as its first column; the `SQLite` text looks one up.
    pub fn select_each(&mut self, sql: Sql, columns: &[Column<'_>]) -> Result<Vec<Option<Row>>, StoreError> {
        if columns.first().is_none_or(Column::is_empty) {
            return Ok(Vec::new());
        }
        self.connection.select_each(sql, columns)
    }
}

/// What a writer's connection keeps between transactions.
pub(crate) struct WriterState {
    pub(crate) journal: Journal,
    pub(crate) locals: HashMap<TypeId, Box<dyn Any + Send>>,
}

/// A write transaction, or one job's part of a grouped one.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    state: &'c mut WriterState,
    touched: bool,
    evidenced: bool,
    asked: Option<Arc<Asked>>,
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(connection: &'c mut Connection, state: &'c mut WriterState) -> Self {
        Self { read: ReadTx { connection }, state, touched: false, evidenced: false, asked: None }
    }

    /// Runs a change; the number of rows it touched.
    pub fn execute(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<u64, StoreError> {
        self.touched = true;
        self.read.connection.execute(sql, params)
    }

    /// Runs a change that must touch exactly one row; `Stale` when it touched none.
    pub fn execute_one(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<(), StoreError> {
        match self.execute(sql, params)? {
            1 => Ok(()),
            0 => Err(StoreError::Stale),
            n => Err(StoreError::RowCount(n)),
        }
    }

    /// Inserts the rows that are not there yet; `true` for each that was. Values of column `key` are bytes and
    /// unique within the call, and the `PostgreSQL` text returns them.
    pub fn insert_each(
        &mut self,
        sql: Sql,
        key: usize,
        columns: &[Column<'_>],
    ) -> Result<Vec<bool>, StoreError> {
        if columns.first().is_none_or(Column::is_empty) {
            return Ok(Vec::new());
        }
        self.touched = true;
        self.read.connection.insert_each(sql, key, columns)
    }

    /// Runs a change for every row of `columns`; the number of rows touched in all.
    pub fn update_each(&mut self, sql: Sql, columns: &[Column<'_>]) -> Result<u64, StoreError> {
        if columns.first().is_none_or(Column::is_empty) {
            return Ok(0);
        }
        self.touched = true;
        self.read.connection.update_each(sql, columns)
    }

    /// Adds a record to the audit log; it commits or vanishes with this transaction.
    pub fn audit(&mut self, record: &Record) {
        self.evidenced = true;
        match &self.asked {
            Some(asked) => self.state.journal.record_asked(record, asked),
            None => self.state.journal.record(record),
        }
    }

    /// Declares that this write needs no evidence, and why (housekeeping that no party could dispute).
    pub fn unaudited(&mut self, _why: &'static str) {
        self.evidenced = true;
    }

    /// The request of staff that this write is asked for in, if one is.
    #[must_use]
    pub fn request(&self) -> Option<RequestId> {
        self.asked.as_ref().map(|asked| asked.id)
    }

    /// Adds to a counter; it commits or vanishes with this transaction.
    pub fn count(&mut self, key: Key, by: i64) {
        self.state.journal.count(key, by);
    }

    /// What this writer's connection remembers of type `T`, taken out; put it back with [`WriteTx::keep`].
    /// It is forgotten whenever a commit fails, so it may describe only what was read inside a transaction.
    pub fn recall<T: Any + Send + Default>(&mut self) -> Box<T> {
        let found = self.state.locals.remove(&TypeId::of::<T>());
        found.and_then(|any| any.downcast().ok()).unwrap_or_default()
    }

    /// Remembers `value` for the next transaction on this connection.
    pub fn keep<T: Any + Send>(&mut self, value: Box<T>) {
        self.state.locals.insert(TypeId::of::<T>(), value);
    }

    pub(crate) fn mark(&self) -> Mark {
        self.state.journal.mark()
    }

    pub(crate) fn reset(&mut self, mark: Mark) {
        self.state.journal.reset(mark);
        self.touched = false;
        self.evidenced = false;
    }

    /// Starts the next job of the group with a clean slate of duties.
    pub(crate) fn begin_job(&mut self) {
        self.touched = false;
        self.evidenced = false;
    }

    /// Says in which request the job at hand is asked for.
    pub(crate) fn set_asked(&mut self, asked: Option<Arc<Asked>>) {
        self.asked = asked;
    }

    pub(crate) fn owes_evidence(&self) -> bool {
        self.touched && !self.evidenced
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.read.connection
    }

    /// Writes the collected records and counters as the last statements before the commit.
    pub(crate) fn seal(&mut self) -> Result<(), StoreError> {
        self.state.journal.seal(self.read.connection)
    }

    pub(crate) fn committed(&mut self) {
        self.state.journal.committed();
    }

    pub(crate) fn rolled_back(&mut self) {
        self.state.journal.rolled_back();
        self.state.locals.clear();
    }
}
