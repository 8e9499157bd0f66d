//! What can go wrong between a store function and its database.

use std::fmt;

/// An error of the store. `Display` is for operators and never carries row content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// A row with this key is there already; the constraint's or index's name where the database gives it.
    Unique(String),
    /// Another constraint refused the row, such as a check; its name where the database gives it.
    Constraint(String),
    /// The row changed since it was read (optimistic version).
    Stale,
    /// A statement that must touch exactly one row touched this many.
    RowCount(u64),
    /// A stored value cannot be what the schema says it is.
    Corrupt {
        /// Table or query that was read.
        table: &'static str,
        /// Column, by name or position.
        column: &'static str,
        /// What was found, without the value itself.
        found: String,
    },
    /// The queue in front of the database is full: try again shortly.
    Busy,
    /// The database cannot be reached or has closed.
    Unavailable(String),
    /// A write transaction was about to commit without an audit record.
    Unaudited,
    /// The database refused its configuration (durability, version, migration).
    Config(String),
    /// Any other database error, with its code where there is one.
    Db {
        /// SQLSTATE or SQLite result code.
        code: String,
        /// The database's own message.
        message: String,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Unique(name) | StoreError::Constraint(name) => {
                write!(f, "constraint {name} refused the row")
            }
            StoreError::Stale => f.write_str("the row changed since it was read"),
            StoreError::RowCount(n) => write!(f, "a statement for one row touched {n}"),
            StoreError::Corrupt { table, column, found } => write!(f, "{table}.{column} holds {found}"),
            StoreError::Busy => f.write_str("the database queue is full"),
            StoreError::Unavailable(why) => write!(f, "the database is unavailable: {why}"),
            StoreError::Unaudited => f.write_str("a write without an audit record"),
            StoreError::Config(why) => write!(f, "the database configuration is refused: {why}"),
            StoreError::Db { code, message } => write!(f, "database error {code}: {message}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// SQLite's codes for a key that is there already: of a unique index, a primary key, a row id.
const UNIQUE: [i32; 3] = [
    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE,
    rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    rusqlite::ffi::SQLITE_CONSTRAINT_ROWID,
];

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, message) = &error else {
            return StoreError::Db { code: "sqlite".into(), message: error.to_string() };
        };
        let message = message.clone().unwrap_or_default();
        match code.code {
            rusqlite::ErrorCode::ConstraintViolation if UNIQUE.contains(&code.extended_code) => {
                StoreError::Unique(message)
            }
            rusqlite::ErrorCode::ConstraintViolation => StoreError::Constraint(message),
            rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked => StoreError::Busy,
            rusqlite::ErrorCode::DiskFull | rusqlite::ErrorCode::SystemIoFailure => {
                StoreError::Unavailable(message)
            }
            _ => StoreError::Db { code: code.extended_code.to_string(), message },
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return StoreError::Unavailable(error.to_string());
        };
        let code = db.code().code();
        let constraint = || db.constraint().unwrap_or_default().to_owned();
        if code == "23505" {
            return StoreError::Unique(constraint());
        }
        if code.starts_with("23") {
            return StoreError::Constraint(constraint());
        }
        if code.starts_with("57P") {
            return StoreError::Unavailable(db.message().to_owned());
        }
        StoreError::Db { code: code.to_owned(), message: db.message().to_owned() }
    }
}
