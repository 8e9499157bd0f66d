//! Values, rows and columns: the only shapes that cross between a store function and a database.

use crate::StoreError;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use std::error::Error;

/// A parameter. Integers are 64 bits, ids and sealed data are bytes; there is no other kind.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// SQL null.
    Null,
    /// `bigint`.
    I64(i64),
    /// `text`.
    Text(&'a str),
    /// `bytea`.
    Bytes(&'a [u8]),
}

impl From<i64> for Value<'_> {
    fn from(v: i64) -> Self {
        Value::I64(v)
    }
}
impl<'a> From<&'a i64> for Value<'a> {
    fn from(v: &'a i64) -> Self {
        Value::I64(*v)
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(v: &'a str) -> Self {
        Value::Text(v)
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(v: &'a String) -> Self {
        Value::Text(v)
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(v: &'a [u8]) -> Self {
        Value::Bytes(v)
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(v: &'a Vec<u8>) -> Self {
        Value::Bytes(v)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(v: &'a [u8; N]) -> Self {
        Value::Bytes(v)
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

/// Builds a parameter list: `params![id.as_bytes(), at, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::Value::from($value)),*] as &[$crate::Value<'_>]
    };
}

/// Whether a value or a set of values of this type can be sent or received.
pub(crate) fn crosses(ty: &Type) -> bool {
    let sets = [Type::INT8_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY];
    Value::accepts(ty) || sets.contains(ty)
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::I64(v) => v.to_sql(ty, out),
            Value::Text(v) => v.to_sql(ty, out),
            Value::Bytes(v) => v.to_sql(ty, out),
        }
    }
    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::VARCHAR, Type::BYTEA].contains(ty)
    }
    to_sql_checked!();
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::I64(v) => ValueRef::Integer(*v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

/// One column of a set-based statement: as long as every other column of the same call.
#[derive(Debug, Clone)]
pub enum Column<'a> {
    /// `bigint[]`.
    I64(Vec<i64>),
    /// `bigint[]` with nulls.
    OptI64(Vec<Option<i64>>),
    /// `text[]`.
    Text(Vec<&'a str>),
    /// `text[]` with nulls.
    OptText(Vec<Option<&'a str>>),
    /// `bytea[]`.
    Bytes(Vec<&'a [u8]>),
    /// `bytea[]` with nulls.
    OptBytes(Vec<Option<&'a [u8]>>),
}

impl<'a> Column<'a> {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Column::I64(v) => v.len(),
            Column::OptI64(v) => v.len(),
            Column::Text(v) => v.len(),
            Column::OptText(v) => v.len(),
            Column::Bytes(v) => v.len(),
            Column::OptBytes(v) => v.len(),
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn value(&self, row: usize) -> Value<'a> {
        match self {
            Column::I64(v) => Value::I64(v[row]),
            Column::OptI64(v) => v[row].into(),
            Column::Text(v) => Value::Text(v[row]),
            Column::OptText(v) => v[row].into(),
            Column::Bytes(v) => Value::Bytes(v[row]),
            Column::OptBytes(v) => v[row].into(),
        }
    }

    pub(crate) fn array(&self) -> &(dyn ToSql + Sync) {
        match self {
            Column::I64(v) => v,
            Column::OptI64(v) => v,
            Column::Text(v) => v,
            Column::OptText(v) => v,
            Column::Bytes(v) => v,
            Column::OptBytes(v) => v,
        }
    }
}

/// An owned cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// SQL null.
    Null,
    /// `bigint`.
    I64(i64),
    /// `text`.
    Text(String),
    /// `bytea`.
    Bytes(Vec<u8>),
}

/// One row of an answer; columns are read by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(crate) cells: Vec<Cell>,
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::I64(v) => Value::I64(*v),
            Cell::Text(v) => Value::Text(v),
            Cell::Bytes(v) => Value::Bytes(v),
        }
    }
}

macro_rules! getter {
    ($name:ident, $opt:ident, $variant:ident, $ty:ty, $doc:literal) => {
        #[doc = concat!("Column `i` as ", $doc, "; `Corrupt` when it is null or of another kind.")]
        pub fn $name(&self, i: usize) -> Result<$ty, StoreError> {
            self.$opt(i)?.ok_or_else(|| corrupt(i, "null"))
        }

        #[doc = concat!("Column `i` as ", $doc, " or null.")]
        pub fn $opt(&self, i: usize) -> Result<Option<$ty>, StoreError> {
            match self.cells.get(i) {
                Some(Cell::$variant(v)) => Ok(Some(v.clone())),
                Some(Cell::Null) => Ok(None),
                _ => Err(corrupt(i, concat!("something other than ", $doc))),
            }
        }
    };
}

impl Row {
    /// Every column as a parameter.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.cells.iter().map(Value::from)
    }

    getter!(i64, opt_i64, I64, i64, "an integer");
    getter!(text, opt_text, Text, String, "text");
    getter!(bytes, opt_bytes, Bytes, Vec<u8>, "bytes");

    /// Column `i` as exactly `N` bytes.
    pub fn array<const N: usize>(&self, i: usize) -> Result<[u8; N], StoreError> {
        self.opt_array(i)?.ok_or_else(|| corrupt(i, "null"))
    }

    /// Column `i` as exactly `N` bytes or null.
    pub fn opt_array<const N: usize>(&self, i: usize) -> Result<Option<[u8; N]>, StoreError> {
        match self.cells.get(i) {
            Some(Cell::Bytes(v)) => {
                v.as_slice().try_into().map(Some).map_err(|_| corrupt(i, "bytes of another length"))
            }
            Some(Cell::Null) => Ok(None),
            _ => Err(corrupt(i, "something other than bytes")),
        }
    }

    /// Column `i` as text, parsed by `parse`; `Corrupt` when it refuses.
    pub fn parse<T>(&self, i: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        match self.cells.get(i) {
            Some(Cell::Text(v)) => parse(v).ok_or_else(|| corrupt(i, "a text the schema does not know")),
            _ => Err(corrupt(i, "something other than text")),
        }
    }
}

fn corrupt(i: usize, found: &str) -> StoreError {
    StoreError::Corrupt { table: "row", column: "by position", found: format!("{found} at {i}") }
}
