//! Rows of a file, tried or registered: `ykt org import`, `ykt service import` and `ykt terminal import`.
//!
//! Invariant: nothing is kept of how far a file has come. What is there as a row says stays as it is, so a file that broke off
//! is brought again from its beginning.

use crate::arguments::Context;
use crate::card::errors::Errors;
use crate::card::file;
use crate::failure::{Attempt, Exit, Failure};
use csv::ByteRecord;
use encoding_rs::Encoding;
use sdk::client::Error;
use sdk::types::import::{BatchOutcome, RowOutcome, RowResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Most bytes of a field, as of a cell on the pages: 500 characters of four bytes.
const FIELD_LIMIT: usize = 2000;

/// A file to import.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// CSV in UTF-8 or GB 18030, with the header of the portal's Chinese template or the names of the API's fields
    file: PathBuf,
    /// Say what would become of each row, and register nothing; rows more than 200 apart do not see each other
    #[arg(long)]
    dry_run: bool,
}

/// A column: the field, what the template calls it, and whether a file must have it.
#[derive(Debug, Clone, Copy)]
pub struct Column(pub &'static str, pub &'static str, pub Need);

/// Whether a file must have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Required,
    /// It may.
    Optional,
}

/// What became of a file, as it is printed.
#[derive(Debug, Default, Serialize)]
struct Report {
    dry_run: bool,
    rows: usize,
    inserted: usize,
    updated: usize,
    unchanged: usize,
    refused: usize,
    errors_file: Option<PathBuf>,
}

impl Report {
    fn count(&mut self, results: &[RowResult]) {
        for result in results {
            self.rows += 1;
            match result.outcome {
                RowOutcome::Inserted => self.inserted += 1,
                RowOutcome::Updated => self.updated += 1,
                RowOutcome::Unchanged => self.unchanged += 1,
                RowOutcome::Refused => self.refused += 1,
            }
        }
    }
}

impl Import {
    /// Whether nothing is to be written.
    pub fn is_dry(&self) -> bool {
        self.dry_run
    }

    /// Sends every row; what is refused is written beside the file, with its reasons.
    pub fn run<R: DeserializeOwned + Default>(
        &self,
        context: &Context,
        columns: &[Column],
        send: impl Fn(Vec<R>) -> Result<BatchOutcome, Error>,
    ) -> Result<(), Failure> {
        let mut table = Table::open(&self.file, columns)?;
        let mut errors = Errors::open(&self.file, &table.names, table.encoding, FIELD_LIMIT)?;
        let mut report = Report { dry_run: self.dry_run, ..Report::default() };
        loop {
            let records = table.next()?;
            if records.is_empty() {
                break;
            }
            let is_first = report.rows == 0;
            let told = send(records.iter().map(|record| table.row(record)).collect())?;
            // What an earlier run found is kept until this one has been let in.
            if is_first {
                errors.restart()?;
            }
            errors.write(&records, &told.results)?;
            report.count(&told.results);
        }
        report.errors_file = errors.finish()?;
        context.output.item(&report)?;
        match &report.errors_file {
            None => Ok(()),
            Some(path) => {
                let message = format!("{} rows were refused; {} says why", report.refused, path.display());
                Err(Failure::new(Exit::Partial, message))
            }
        }
    }
}

/// So many rows go in one request, as from the pages: with the longest texts they are within its limit.
const AT_ONCE: usize = 200;

/// A file that is read chunk by chunk.
struct Table {
    reader: csv::Reader<File>,
    encoding: &'static Encoding,
    /// Its header as it stands.
    names: Vec<String>,
    /// The field of each column; none of the reasons of a file of errors.
    fields: Vec<Option<&'static str>>,
    what: String,
}

impl Table {
    fn open(path: &Path, columns: &[Column]) -> Result<Self, Failure> {
        let survey = file::survey(path, |_| ())?;
        if survey.rows == 0 {
            return Err(Failure::usage("the file has no rows"));
        }
        let what = format!("read {}", path.display());
        let mut reader = file::builder().from_reader(File::open(path).attempt(&what)?);
        let name = |cell: &[u8]| {
            file::decode(cell, survey.encoding).trim_start_matches('\u{FEFF}').trim().to_owned()
        };
        let names: Vec<String> = reader.byte_headers().attempt(&what)?.iter().map(name).collect();
        let fields = fields(&names, columns)?;
        Ok(Self { reader, encoding: survey.encoding, names, fields, what })
    }

    /// The next rows as they stand; none at the end.
    fn next(&mut self) -> Result<Vec<ByteRecord>, Failure> {
        let records = self.reader.byte_records().take(AT_ONCE);
        records.collect::<Result<_, _>>().attempt(&self.what)
    }

    /// A row by its fields; an empty one if it does not have the columns of the header, which its reason tells.
    fn row<R: DeserializeOwned + Default>(&self, record: &ByteRecord) -> R {
        if record.len() != self.fields.len() || record.iter().any(|cell| cell.len() > FIELD_LIMIT) {
            return R::default();
        }
        let cell = |(field, cell): (&Option<&'static str>, &[u8])| {
            let text = file::decode(cell, self.encoding);
            field.map(|field| (field.to_owned(), Value::String(text.trim().to_owned())))
        };
        let row: Map<String, Value> = self.fields.iter().zip(record).filter_map(cell).collect();
        serde_json::from_value(Value::Object(row)).unwrap_or_default()
    }
}

/// The field of each column of a header. Unknown ones are refused, so that a misspelt one is not lost in silence.
fn fields(names: &[String], columns: &[Column]) -> Result<Vec<Option<&'static str>>, Failure> {
    let mut fields = Vec::with_capacity(names.len());
    for name in names {
        let plain = name.trim_end_matches(['*', '＊']);
        let known = columns.iter().find(|Column(field, title, _)| [*field, *title].contains(&plain));
        let field = match known {
            Some(Column(field, ..)) => Some(*field),
            None if name == "error" => None,
            None => return Err(Failure::usage(format!("the file has a column {name:?} that is not known"))),
        };
        if field.is_some() && fields.contains(&field) {
            return Err(Failure::usage(format!("the file has the column {name:?} twice")));
        }
        fields.push(field);
    }
    let missing = columns
        .iter()
        .find(|Column(field, _, need)| *need == Need::Required && !fields.contains(&Some(*field)));
    match missing {
        Some(Column(field, title, _)) => {
            Err(Failure::usage(format!("the file has no column {field:?} ({title})")))
        }
        None => Ok(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] =
        &[Column("serial", "序列号", Need::Required), Column("psam_no", "终端机编号", Need::Optional)];

    fn read(names: &[&str]) -> Result<Vec<Option<&'static str>>, String> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        fields(&names, COLUMNS).map_err(|failure| failure.message)
    }

    #[test]
    fn a_header_is_that_of_the_template_or_names_the_fields() {
        assert_eq!(read(&["终端机编号", "序列号*"]), Ok(vec![Some("psam_no"), Some("serial")]));
        assert_eq!(read(&["serial", "error"]), Ok(vec![Some("serial"), None]));
        for (names, word) in [
            (&["序列号", "备注"][..], "not known"),
            (&["serial", "序列号"][..], "twice"),
            (&["psam_no"][..], "no column"),
        ] {
            assert!(read(names).unwrap_err().contains(word), "{names:?}");
        }
    }
}
