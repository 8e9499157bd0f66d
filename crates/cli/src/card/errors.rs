//! The file of errors beside an imported file: every refused row as it stood, in the encoding that it stood in, with the
//! reasons in a last column, so that it can be put right with the same program and imported like any other.

use crate::failure::{Attempt, Failure};
use csv::{ByteRecord, Reader, Writer};
use encoding_rs::Encoding;
use sdk::types::import::{RowError, RowOutcome, RowResult};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

/// The file, open from the first row that is refused.
pub struct Errors {
    path: PathBuf,
    header: Vec<String>,
    /// How many columns the imported file has: one more than `header` if it is a file of errors itself.
    columns: usize,
    encoding: &'static Encoding,
    /// Most bytes of a field.
    field_limit: usize,
    rows: i64,
    writer: Option<Writer<File>>,
}

impl Errors {
    /// The file of errors of `path`, with the rows that an earlier run has left in it.
    pub fn open(
        path: &Path,
        header: &[String],
        encoding: &'static Encoding,
        field_limit: usize,
    ) -> Result<Self, Failure> {
        let mut name = path.as_os_str().to_owned();
        name.push(".errors.csv");
        let path = PathBuf::from(name);
        let rows = if path.exists() { count(&path) } else { 0 };
        let columns = header.len();
        let header = header.iter().filter(|name| *name != "error").cloned().collect();
        Ok(Self { path, header, columns, encoding, field_limit, rows, writer: None })
    }

    /// How many rows are in it.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Begins anew.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.rows = 0;
        self.writer = None;
        if self.path.exists() {
            fs::remove_file(&self.path).attempt(format!("replace {}", self.path.display()))?;
        }
        Ok(())
    }

    /// Adds the refused rows of a chunk and brings them to the disk before the next one is looked at.
    pub fn write(&mut self, records: &[ByteRecord], results: &[RowResult]) -> Result<(), Failure> {
        let refused: Vec<_> =
            records.iter().zip(results).filter(|(_, result)| result.outcome == RowOutcome::Refused).collect();
        if refused.is_empty() {
            return Ok(());
        }
        let what = format!("write {}", self.path.display());
        let (width, columns, encoding, limit) =
            (self.header.len(), self.columns, self.encoding, self.field_limit);
        let writer = self.writer(&what)?;
        for (record, result) in &refused {
            // What the platform says of a row that could not be read is about the empty one sent in its place.
            let reason = if record.len() != columns {
                let found = record.len();
                format!("列数应为{columns}，实为{found} (the row has {found} columns, the header {columns})")
            } else if record.iter().any(|field| field.len() > limit) {
                format!("字段超过{limit}字节 (a field has more than {limit} bytes)")
            } else {
                reasons(&result.errors)
            };
            let (reason, _, _) = encoding.encode(&reason);
            let fields = record.iter().chain(std::iter::repeat(&b""[..])).take(width).chain([&*reason]);
            writer.write_record(fields).attempt(&what)?;
        }
        writer.flush().attempt(&what)?;
        self.rows += i64::try_from(refused.len()).unwrap_or_default();
        Ok(())
    }

    fn writer(&mut self, what: &str) -> Result<&mut Writer<File>, Failure> {
        if self.writer.is_none() {
            let fresh = self.rows == 0;
            let mut options = OpenOptions::new();
            if fresh {
                options.write(true).create(true).truncate(true);
            } else {
                options.append(true);
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt;
                options.mode(0o600);
            }
            let mut writer = Writer::from_writer(options.open(&self.path).attempt(what)?);
            if fresh {
                let names = self.header.iter().map(String::as_str).chain(["error"]);
                writer.write_record(names.map(|name| self.encoding.encode(name).0)).attempt(what)?;
            }
            self.writer = Some(writer);
        }
        self.writer.as_mut().ok_or_else(|| Failure::failed(format!("cannot {what}")))
    }

    /// Its path, if it holds any row.
    pub fn finish(self) -> Result<Option<PathBuf>, Failure> {
        Ok((self.rows > 0).then_some(self.path))
    }
}

fn reasons(errors: &[RowError]) -> String {
    let one = |error: &RowError| format!("{}: {} [{}]", error.field, error.message, error.code);
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Rows of a file of errors; one that cannot be read counts as empty and is written anew.
fn count(path: &Path) -> i64 {
    let Ok(mut reader) = Reader::from_path(path) else { return 0 };
    let mut rows = 0;
    for record in reader.byte_records() {
        if record.is_err() {
            return 0;
        }
        rows += 1;
    }
    rows
}
