//! `ykt card import`: a file of the registry, row by row into a running platform.
//!
//! Invariant: the platform keeps how far a file has come, this program keeps nothing but the file of errors; so it may
//! be stopped at any moment and started again. Two chunks are under way at a time: while one is written, the next is
//! read and sent.

use super::errors::Errors;
use super::file::{self, FIELD_LIMIT, Rows, Survey};
use crate::arguments::Context;
use crate::failure::{Exit, Failure};
use csv::ByteRecord;
use indicatif::{ProgressBar, ProgressStyle};
use sdk::client::Staff;
use sdk::types::import::{CardRow, ImportRows, ImportView, MAX_CHUNK_ROWS, RowsImported, StartImport};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// Chunks under way at a time.
const UNDER_WAY: usize = 2;

/// Which file to import.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// CSV in UTF-8 or GB 18030, columns named by element codes (aab301 aac002 aac003 aaz500 aaz502 …)
    file: PathBuf,
    /// Rows sent at a time
    #[arg(long, default_value_t = MAX_CHUNK_ROWS, value_parser = chunk_rows)]
    chunk: usize,
}

fn chunk_rows(text: &str) -> Result<usize, String> {
    let wrong = || format!("1 to {MAX_CHUNK_ROWS}");
    text.parse().ok().filter(|rows| (1..=MAX_CHUNK_ROWS).contains(rows)).ok_or_else(wrong)
}

/// What an import did, as it is printed.
#[derive(Debug, serde::Serialize)]
struct Report {
    #[serde(flatten)]
    import: ImportView,
    errors_file: Option<PathBuf>,
}

impl Import {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        let (import, errors_file) = import(&staff, &self.file, self.chunk)?;
        let refused = import.refused;
        context.output.item(&Report { import, errors_file: errors_file.clone() })?;
        match errors_file {
            None => Ok(()),
            Some(path) => {
                let message = format!("{refused} rows were refused; {} says why", path.display());
                Err(Failure::new(Exit::Partial, message))
            }
        }
    }
}

/// Imports a file; the file of errors, if rows were refused.
pub fn import(staff: &Staff, path: &Path, chunk: usize) -> Result<(ImportView, Option<PathBuf>), Failure> {
    let survey = survey(path)?;
    if survey.rows == 0 {
        return Err(Failure::usage("the file has no rows"));
    }
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let rows = Rows::open(path, survey.encoding)?;
    let request = StartImport { file_name, digest: survey.digest.clone(), total: survey.rows };
    let begun = staff.start_import(&request)?;
    let mut errors = Errors::open(path, &rows.columns.names, survey.encoding, FIELD_LIMIT)?;
    // A process that died between the answer and the file of errors owes the reasons: rows are told again, not written.
    let first = if errors.rows() == begun.refused { begun.rows_done } else { 0 };
    if first == 0 {
        errors.restart()?;
    }
    let work = Work { staff, begun: &begun, chunk, first, total: survey.rows };
    let import = work.run(rows, &mut errors)?.unwrap_or_else(|| begun.clone());
    Ok((import, errors.finish()?))
}

fn survey(path: &Path) -> Result<Survey, Failure> {
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let bar = ProgressBar::new(size).with_style(style("{msg} {wide_bar} {bytes}/{total_bytes}"));
    bar.set_message("read");
    let survey = file::survey(path, |bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    survey
}

/// Drawn on a terminal only; `indicatif` keeps silent elsewhere.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A chunk on its way.
struct Chunk {
    first_row: i64,
    records: Vec<ByteRecord>,
    rows: Vec<CardRow>,
}

/// A chunk that was answered.
struct Answered {
    first_row: i64,
    records: Vec<ByteRecord>,
    outcome: Result<RowsImported, Failure>,
}

struct Work<'w> {
    staff: &'w Staff,
    begun: &'w ImportView,
    chunk: usize,
    first: i64,
    total: i64,
}

impl Work<'_> {
    /// Sends every row that is left; the import as it is afterwards, if anything was left.
    fn run(&self, rows: Rows, errors: &mut Errors) -> Result<Option<ImportView>, Failure> {
        let total = u64::try_from(self.total).unwrap_or_default();
        let bar = ProgressBar::new(total)
            .with_style(style("{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}"));
        bar.set_message("import");
        let (to_send, sending) = sync_channel(UNDER_WAY);
        let (answer, answers) = channel();
        let sending = Mutex::new(sending);
        let outcome = thread::scope(|scope| {
            let reader = scope.spawn(move || self.read(rows, &to_send));
            for _ in 0..UNDER_WAY {
                let (answer, sending) = (answer.clone(), &sending);
                scope.spawn(move || self.send(sending, |answered| answer.send(answered).is_ok()));
            }
            drop(answer);
            let outcome = self.collect(&answers, errors, &bar);
            // The receivers go first, so that a reader that waits for room ends too.
            drop(answers);
            let read = reader.join().unwrap_or_else(|_| Err(Failure::failed("the reader broke off")));
            outcome.and_then(|last| read.map(|()| last))
        });
        bar.finish_and_clear();
        outcome
    }

    /// Reads chunks until the end or until nobody takes them.
    fn read(&self, mut rows: Rows, to_send: &SyncSender<Chunk>) -> Result<(), Failure> {
        rows.skip(self.first)?;
        let mut first_row = self.first;
        while first_row < self.total {
            // A chunk does not straddle what is done and what is not.
            let until = if first_row < self.begun.rows_done { self.begun.rows_done } else { self.total };
            let count = self.chunk.min(usize::try_from(until - first_row).unwrap_or(usize::MAX));
            let (records, rows) = rows.next(count)?;
            if rows.is_empty() {
                return Err(Failure::failed("the file became shorter while it was read"));
            }
            let count = i64::try_from(rows.len()).unwrap_or_default();
            if to_send.send(Chunk { first_row, records, rows }).is_err() {
                return Ok(());
            }
            first_row += count;
        }
        Ok(())
    }

    fn send(&self, sending: &Mutex<Receiver<Chunk>>, answer: impl Fn(Answered) -> bool) {
        loop {
            let next = match sending.lock() {
                Ok(sending) => sending.recv(),
                Err(_) => return,
            };
            let Ok(Chunk { first_row, records, rows }) = next else { return };
            let request = ImportRows { first_row, rows };
            let outcome = self.staff.import_rows(&self.begun.import_id, &request).map_err(Failure::from);
            let failed = outcome.is_err();
            if !answer(Answered { first_row, records, outcome }) || failed {
                // Whoever waits for this chunk's turn would wait in vain: take nothing more.
                while let Ok(sending) = sending.lock() {
                    if sending.recv().is_err() {
                        return;
                    }
                }
                return;
            }
        }
    }

    /// Takes answers in the order of the file and writes down what was refused.
    fn collect(
        &self,
        answers: &Receiver<Answered>,
        errors: &mut Errors,
        bar: &ProgressBar,
    ) -> Result<Option<ImportView>, Failure> {
        let mut waiting = BTreeMap::new();
        let mut next = self.first;
        let mut last = None;
        for answered in answers {
            waiting.insert(answered.first_row, answered);
            while let Some(answered) = waiting.remove(&next) {
                let imported = answered.outcome?;
                errors.write(&answered.records, &imported.results)?;
                next += i64::try_from(answered.records.len()).unwrap_or_default();
                bar.set_position(u64::try_from(next).unwrap_or_default());
                last = Some(imported.import);
            }
        }
        match waiting.pop_first() {
            Some((_, answered)) => answered.outcome.map(|imported| Some(imported.import)),
            None => Ok(last),
        }
    }
}
