//! Static SQL text for both databases.
//!
//! Statements are written once with `$1`, `$2`, …; `SQLite` would number `$n` by first appearance, so its text
//! is rewritten to `?n` while compiling. `sql!(postgres: …, sqlite: …)` is for set-based hot statements only.

/// One statement in the two dialects.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// Text for `PostgreSQL`.
    pub postgres: &'static str,
    /// Text for `SQLite`, parameters numbered `?n`.
    pub sqlite: &'static str,
}

/// Copies `text`, turning each `$` before a digit into `?`. Used by [`sql!`] in constants only.
#[must_use]
pub const fn numbered<const N: usize>(text: &str) -> [u8; N] {
    let bytes = text.as_bytes();
    let mut out = [0u8; N];
    let mut i = 0;
    while i < N {
        let dollar = bytes[i] == b'$' && i + 1 < N && bytes[i + 1].is_ascii_digit();
        out[i] = if dollar { b'?' } else { bytes[i] };
        i += 1;
    }
    out
}

/// The text of [`numbered`] bytes; the rewrite replaces ASCII by ASCII, so UTF-8 stays UTF-8.
#[must_use]
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// Makes a [`Sql`] of a literal (`sql!("…")`) or of one literal per database (`sql!(postgres: "…", sqlite: "…")`).
#[macro_export]
macro_rules! sql {
    (postgres: $postgres:expr, sqlite: $sqlite:expr $(,)?) => {{
        const TEXT: &str = $sqlite;
        const NUMBERED: [u8; TEXT.len()] = $crate::db::sql::numbered::<{ TEXT.len() }>(TEXT);
        $crate::Sql { postgres: $postgres, sqlite: $crate::db::sql::text(&NUMBERED) }
    }};
    ($text:expr) => {
        $crate::sql!(postgres: $text, sqlite: $text)
    };
}

/// Like [`sql!`], for a statement that must lock the rows it reads: `PostgreSQL` gets ` for update`, `SQLite`
/// needs nothing because its single writer already excludes every other.
#[macro_export]
macro_rules! sql_lock {
    ($text:literal) => {
        $crate::sql!(postgres: concat!($text, " for update"), sqlite: $text)
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_numbered_for_sqlite_and_nothing_else_changes() {
        let sql = sql!("select '价$' || $2, $1 from org where a = $11");
        assert_eq!(sql.sqlite, "select '价$' || ?2, ?1 from org where a = ?11");
        assert_eq!(sql.postgres, "select '价$' || $2, $1 from org where a = $11");
    }
}
