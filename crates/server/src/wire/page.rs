//! Pages: `?limit&cursor` in, `{data, has_more, next_cursor}` out.

use crate::Error;
use sdk::types::Page;
use serde::Deserialize;

/// Rows of a page when none is asked for.
pub const DEFAULT: u32 = 50;
/// Most rows of a page.
pub const MOST: u32 = 200;
/// Most characters of a cursor.
const CURSOR: usize = 200;

/// The query of a list operation.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many rows to return.
    ///
    /// # Errors
    /// `request.fields` naming `?limit`.
    pub fn limit(&self) -> Result<usize, Error> {
        let limit = self.limit.unwrap_or(DEFAULT);
        if limit == 0 || limit > MOST {
            return Err(Error::field_text("?limit", "request.limit", "须为1至200 (must be 1 to 200)"));
        }
        Ok(limit as usize)
    }

    /// The cursor read as a value by `parse`.
    ///
    /// # Errors
    /// `request.fields` naming `?cursor`.
    pub fn cursor<T>(&self, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Error> {
        let wrong =
            || Error::field_text("?cursor", "request.cursor", "翻页游标无效 (not a cursor of this list)");
        let read = |text: &str| if text.len() > CURSOR { None } else { parse(text) };
        self.cursor.as_deref().map(|text| read(text).ok_or_else(wrong)).transpose()
    }
}

/// Rows to read for a page of `limit`: one more tells whether another page follows.
#[must_use]
pub fn probe(limit: usize) -> i64 {
    i64::try_from(limit).map_or(i64::MAX, |limit| limit.saturating_add(1))
}

/// Builds a page from `limit + 1` rows that were read.
pub fn page<T>(mut rows: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> String) -> Page<T> {
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = if has_more { rows.last().map(cursor) } else { None };
    Page { data: rows, has_more, next_cursor }
}
