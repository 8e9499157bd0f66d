//! How far an import of the registry has come: rows arrive in chunks, in order, each counted once.
//!
//! Invariant: the rows that are done are always the first ones of the file, so that an import that was broken off
//! goes on at the next row; a chunk that comes again is recognised and changes nothing.

use super::Refusal;

/// What a chunk is to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// The next rows: they are to be written and counted.
    Next,
    /// Rows that are done: the answer was lost, and is given again.
    Repeated,
}

/// An import's place in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows of the file, without the header.
    pub total: i64,
    /// Rows that are done; the next chunk begins here.
    pub rows_done: i64,
}

impl Progress {
    /// Looks at a chunk of `rows` rows from `first_row` on (the first row of a file is 0).
    ///
    /// Refuses, in order: its size, rows beyond the file, a gap before it, an overlap with rows that are done.
    pub const fn accept(self, first_row: i64, rows: i64, most: i64) -> Result<Chunk, Refusal> {
        if rows < 1 || rows > most {
            return Err(Refusal::ChunkRows { most });
        }
        let end = first_row.saturating_add(rows);
        if first_row < 0 || end > self.total {
            return Err(Refusal::ChunkBeyond { total: self.total });
        }
        if first_row > self.rows_done {
            return Err(Refusal::ChunkGap { expected: self.rows_done });
        }
        if first_row == self.rows_done {
            return Ok(Chunk::Next);
        }
        if end <= self.rows_done {
            Ok(Chunk::Repeated)
        } else {
            Err(Refusal::ChunkOverlap { expected: self.rows_done })
        }
    }

    /// Whether nothing is left to do.
    pub const fn is_finished(self) -> bool {
        self.rows_done >= self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_the_next_one_or_a_repeated_one() {
        let progress = Progress { total: 10, rows_done: 4 };
        let (gap, overlap) = (Refusal::ChunkGap { expected: 4 }, Refusal::ChunkOverlap { expected: 4 });
        let (beyond, size) = (Refusal::ChunkBeyond { total: 10 }, Refusal::ChunkRows { most: 6 });
        for (first, rows, outcome) in [
            (4, 0, Err(size)),
            (4, 1, Ok(Chunk::Next)),
            (4, 6, Ok(Chunk::Next)),
            (4, 7, Err(size)),
            (5, 6, Err(beyond)),
            (-1, 1, Err(beyond)),
            (i64::MAX, 1, Err(beyond)),
            (5, 5, Err(gap)),
            (3, 1, Ok(Chunk::Repeated)),
            (0, 4, Ok(Chunk::Repeated)),
            (3, 2, Err(overlap)),
        ] {
            assert_eq!(progress.accept(first, rows, 6), outcome, "{first} {rows}");
        }
    }

    #[test]
    fn an_import_is_finished_with_its_last_row() {
        for (rows_done, finished) in [(0, false), (9, false), (10, true)] {
            assert_eq!(Progress { total: 10, rows_done }.is_finished(), finished);
        }
    }
}
