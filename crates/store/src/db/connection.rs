//! One connection, to either database. Nothing outside this file and `open.rs` names a database client.

use super::sql::Sql;
use super::value::{Cell, Column, Row, Value};
use crate::StoreError;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A connection that runs one transaction at a time.
pub(crate) enum Connection {
    /// The embedded database.
    Sqlite(rusqlite::Connection),
    /// A server, with its prepared statements by text.
    Postgres(Box<PostgresConnection>),
}

/// A `PostgreSQL` connection and what has been prepared on it.
pub(crate) struct PostgresConnection {
    pub(crate) client: postgres::Client,
    prepared: HashMap<&'static str, postgres::Statement>,
    /// When its plans were last forgotten.
    planned: Instant,
    /// How long they are kept.
    plans_last: Duration,
    /// The last error was a serialization failure or a deadlock: the transaction may be run again.
    pub(crate) retryable: bool,
}

impl PostgresConnection {
    pub(crate) fn new(client: postgres::Client, plans_last: Duration) -> Self {
        Self { client, prepared: HashMap::new(), planned: Instant::now(), plans_last, retryable: false }
    }

    /// Forgets plans that are too old to fit the tables. Statements stay prepared.
    fn plan_anew(&mut self) -> Result<(), StoreError> {
        if self.planned.elapsed() >= self.plans_last {
            self.client.batch_execute("discard plans").map_err(|e| self.note(e))?;
            self.planned = Instant::now();
        }
        Ok(())
    }

    fn prepare(&mut self, text: &'static str) -> Result<postgres::Statement, StoreError> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(text).map_err(|e| self.note(e))?;
        self.prepared.insert(text, statement.clone());
        Ok(statement)
    }

    fn note(&mut self, error: postgres::Error) -> StoreError {
        let code = error.code().map(postgres::error::SqlState::code);
        self.retryable |= matches!(code, Some("40001" | "40P01"));
        error.into()
    }

    fn rows(
        &mut self,
        text: &'static str,
        params: &[&(dyn postgres::types::ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, StoreError> {
        let statement = self.prepare(text)?;
        self.client.query(&statement, params).map_err(|e| self.note(e))
    }
}

impl Connection {
    /// Runs text that is not a prepared statement: transaction control and migrations.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        match self {
            Connection::Sqlite(c) => Ok(c.execute_batch(text)?),
            Connection::Postgres(p) => p.client.batch_execute(text).map_err(|e| p.note(e)),
        }
    }

    /// Begins a transaction with `text`.
    pub(crate) fn begin(&mut self, text: &'static str) -> Result<(), StoreError> {
        if let Connection::Postgres(p) = self {
            p.plan_anew()?;
        }
        self.control(text)
    }

    /// Runs one statement of transaction control, prepared once.
    pub(crate) fn control(&mut self, text: &'static str) -> Result<(), StoreError> {
        match self {
            Connection::Sqlite(c) => {
                c.prepare_cached(text)?.raw_execute()?;
                Ok(())
            }
            Connection::Postgres(p) => p.client.batch_execute(text).map_err(|e| p.note(e)),
        }
    }

    pub(crate) fn query(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        match self {
            Connection::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql.sqlite)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                let mut out = Vec::new();
                while let Some(row) = rows.next()? {
                    out.push(sqlite_row(row)?);
                }
                Ok(out)
            }
            Connection::Postgres(p) => {
                let params: Vec<_> =
                    params.iter().map(|v| v as &(dyn postgres::types::ToSql + Sync)).collect();
                p.rows(sql.postgres, &params)?.iter().map(|row| postgres_row(row, 0)).collect()
            }
        }
    }

    pub(crate) fn execute(&mut self, sql: Sql, params: &[Value<'_>]) -> Result<u64, StoreError> {
        match self {
            Connection::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql.sqlite)?;
                Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
            }
            Connection::Postgres(p) => {
                let params: Vec<_> =
                    params.iter().map(|v| v as &(dyn postgres::types::ToSql + Sync)).collect();
                let statement = p.prepare(sql.postgres)?;
                p.client.execute(&statement, &params).map_err(|e| p.note(e))
            }
        }
    }

    /// For every row of `columns` the row that the statement finds, or none. On `PostgreSQL` one statement over
    /// `unnest(...) with ordinality`, whose first result column is the ordinal; on `SQLite` one look-up each.
    pub(crate) fn select_each(
        &mut self,
        sql: Sql,
        columns: &[Column<'_>],
    ) -> Result<Vec<Option<Row>>, StoreError> {
        let count = columns.first().map_or(0, Column::len);
        match self {
            Connection::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql.sqlite)?;
                let mut out = Vec::with_capacity(count);
                for i in 0..count {
                    let mut rows =
                        statement.query(rusqlite::params_from_iter(columns.iter().map(|c| c.value(i))))?;
                    out.push(rows.next()?.map(sqlite_row).transpose()?);
                }
                Ok(out)
            }
            Connection::Postgres(p) => {
                let params: Vec<_> = columns.iter().map(Column::array).collect();
                let mut out = vec![None; count];
                for row in p.rows(sql.postgres, &params)? {
                    let ordinal = usize::try_from(row.get::<_, i64>(0)).unwrap_or(0);
                    if let Some(slot) = ordinal.checked_sub(1).and_then(|i| out.get_mut(i)) {
                        *slot = Some(postgres_row(&row, 1)?);
                    }
                }
                Ok(out)
            }
        }
    }

    /// Inserts every row that is not there yet and says which were. On `PostgreSQL` the statement returns the
    /// values of column `key` (bytes, unique within the call) of the inserted rows.
    pub(crate) fn insert_each(
        &mut self,
        sql: Sql,
        key: usize,
        columns: &[Column<'_>],
    ) -> Result<Vec<bool>, StoreError> {
        let count = columns.first().map_or(0, Column::len);
        match self {
            Connection::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql.sqlite)?;
                let mut out = Vec::with_capacity(count);
                for i in 0..count {
                    let params = rusqlite::params_from_iter(columns.iter().map(|c| c.value(i)));
                    out.push(statement.execute(params)? == 1);
                }
                Ok(out)
            }
            Connection::Postgres(p) => {
                let params: Vec<_> = columns.iter().map(Column::array).collect();
                let rows = p.rows(sql.postgres, &params)?;
                if rows.len() == count {
                    return Ok(vec![true; count]);
                }
                let inserted: std::collections::HashSet<&[u8]> = rows.iter().map(|r| r.get(0)).collect();
                Ok((0..count)
                    .map(|i| matches!(columns[key].value(i), Value::Bytes(b) if inserted.contains(b)))
                    .collect())
            }
        }
    }

    /// Runs the statement for every row of `columns`; the number of rows it touched.
    pub(crate) fn update_each(&mut self, sql: Sql, columns: &[Column<'_>]) -> Result<u64, StoreError> {
        let count = columns.first().map_or(0, Column::len);
        match self {
            Connection::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql.sqlite)?;
                let mut touched = 0;
                for i in 0..count {
                    touched += statement
                        .execute(rusqlite::params_from_iter(columns.iter().map(|c| c.value(i))))?
                        as u64;
                }
                Ok(touched)
            }
            Connection::Postgres(p) => {
                let params: Vec<_> = columns.iter().map(Column::array).collect();
                let statement = p.prepare(sql.postgres)?;
                p.client.execute(&statement, &params).map_err(|e| p.note(e))
            }
        }
    }

    /// Checks, without running it, that the database accepts the statement and that its parameters and columns are
    /// of the kinds that cross.
    pub(crate) fn check(&mut self, sql: Sql) -> Result<(), StoreError> {
        match self {
            Connection::Sqlite(c) => Ok(c.prepare(sql.sqlite).map(drop)?),
            Connection::Postgres(p) => {
                let statement = p.prepare(sql.postgres)?;
                let columns = statement.columns().iter().map(postgres::Column::type_);
                let foreign = statement.params().iter().chain(columns).find(|ty| !super::value::crosses(ty));
                match foreign {
                    Some(ty) => Err(StoreError::Config(format!("type {ty} does not cross"))),
                    None => Ok(()),
                }
            }
        }
    }

    /// Whether the last failure asks for the transaction to be run again; asking clears it.
    pub(crate) fn take_retryable(&mut self) -> bool {
        match self {
            Connection::Sqlite(_) => false,
            Connection::Postgres(p) => std::mem::take(&mut p.retryable),
        }
    }
}

fn sqlite_row(row: &rusqlite::Row<'_>) -> Result<Row, rusqlite::Error> {
    use rusqlite::types::ValueRef;
    let count = row.as_ref().column_count();
    let mut cells = Vec::with_capacity(count);
    for i in 0..count {
        cells.push(match row.get_ref(i)? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(v) => Cell::I64(v),
            ValueRef::Text(v) => Cell::Text(String::from_utf8_lossy(v).into_owned()),
            ValueRef::Blob(v) => Cell::Bytes(v.to_vec()),
            ValueRef::Real(_) => return Err(rusqlite::Error::InvalidQuery),
        });
    }
    Ok(Row { cells })
}

fn postgres_row(row: &postgres::Row, skip: usize) -> Result<Row, StoreError> {
    use postgres::types::Type;
    let mut cells = Vec::with_capacity(row.len() - skip);
    for (i, column) in row.columns().iter().enumerate().skip(skip) {
        let cell = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i).map(|v| v.map_or(Cell::Null, Cell::I64)),
            Type::TEXT | Type::VARCHAR => {
                row.try_get::<_, Option<String>>(i).map(|v| v.map_or(Cell::Null, Cell::Text))
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i).map(|v| v.map_or(Cell::Null, Cell::Bytes)),
            ref other => {
                return Err(StoreError::Corrupt {
                    table: "row",
                    column: "by position",
                    found: format!("type {other} at {i}"),
                });
            }
        };
        cells.push(cell?);
    }
    Ok(Row { cells })
}
