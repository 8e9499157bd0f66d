//! The export file, and its check by whoever holds it.
//!
//! A file is JSON lines: a title, the keys that signed, the heads, then the blocks by log and place. The check reads
//! nothing else: signatures, roots, leaves, and that every head is the beginning of the next. **Invariant.** No byte
//! of a file can change without a fault that names its line, log or record; what the file cannot prove is that its
//! keys are the platform's, so the report says which they are. Deliberately not here: where the file comes from.

use data_encoding::HEXLOWER;
use domain::audit::{Block, Evidence, Export, Fault, LogId, TreeHead};
use domain::id::KeyId;
use domain::time::Timestamp;
use gm::sm2::{Signature, VerifyingKey};
use sdk::types::audit::{BlockView, ExportLine, HeadKey, HeadView};
use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

/// The format that [`verify_file`] reads.
pub const VERSION: u32 = 1;

/// The line that `line` makes in a file, with its end.
///
/// # Errors
/// None that a line can cause; `serde_json`'s own.
pub fn write_line(line: &ExportLine) -> serde_json::Result<String> {
    serde_json::to_string(line).map(|text| text + "\n")
}

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each key of the file, by id, with the fingerprint (SM3, first 16 bytes, hex) to compare with one that was
    /// obtained elsewhere.
    pub keys: Vec<(String, String)>,
    /// Heads whose signature holds.
    pub heads: u64,
    /// Time and root of the newest of them.
    pub newest: Option<(Timestamp, String)>,
    /// Blocks.
    pub blocks: u64,
    /// Lines that are wrong in themselves.
    pub lines: Vec<LineFault>,
    /// Logs, records, and what is wrong with them.
    pub evidence: Evidence,
}

impl Report {
    /// Whether everything is as it was sealed.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.lines.is_empty() && self.evidence.faults.is_empty()
    }

    /// Each fault as a sentence.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let lines = self.lines.iter().map(ToString::to_string);
        lines.chain(self.evidence.faults.iter().map(describe)).collect()
    }
}

/// A line that is wrong in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFault {
    /// From 1; one past the last line when something is missing at the end.
    pub line: u64,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A fault of the trail as a sentence; records are counted from 0 in their log.
#[must_use]
pub fn describe(fault: &Fault) -> String {
    let name = |log: &LogId| HEXLOWER.encode(&log.0);
    match fault {
        Fault::Record { log, leaf } => format!("log {}: record {leaf} was changed", name(log)),
        Fault::Leaf { log, leaf } => format!("log {}: the leaf of record {leaf} was changed", name(log)),
        Fault::Block { log, first, count } => {
            format!("log {}: the block of {count} records from {first} does not lead to its edge", name(log))
        }
        Fault::Malformed { log, first } => {
            format!("log {}: the block from record {first} cannot be read", name(log))
        }
        Fault::Rewritten { log, from, to, head_at } => format!(
            "log {}: something from record {from} to {to} is not what the head of {head_at} sealed",
            name(log)
        ),
        Fault::Gap { log, expected, found } => {
            format!("log {}: record {expected} should follow, but {found} does", name(log))
        }
        Fault::Missing { log, sealed, found } => {
            format!("log {}: {sealed} records are sealed, but only {found} are there", name(log))
        }
        Fault::Forked { log, head_at } => {
            format!("log {}: the head of {head_at} contradicts an earlier one", name(log))
        }
    }
}

/// Checks an export file. Memory grows with the heads, not with the records.
///
/// # Errors
/// Only those of reading; whatever is wrong with the file is in the report.
pub fn verify_file(reader: impl BufRead) -> std::io::Result<Report> {
    let mut check = Check::default();
    for line in reader.split(b'\n') {
        check.number += 1;
        check.line(&line?);
    }
    Ok(check.finish())
}

/// A check in progress.
#[derive(Default)]
struct Check {
    number: u64,
    report: Report,
    keys: BTreeMap<String, VerifyingKey>,
    used: Vec<String>,
    heads: Vec<TreeHead>,
    blocks: Option<Export>,
}

impl Check {
    fn fault(&mut self, what: &'static str) {
        self.report.lines.push(LineFault { line: self.number, what });
    }

    fn line(&mut self, bytes: &[u8]) {
        let line = match serde_json::from_slice(bytes) {
            Ok(line) => line,
            Err(_) => return self.fault("not a line of an export"),
        };
        let written = write_line(&line);
        if !written.is_ok_and(|text| text.trim_end().as_bytes() == bytes) {
            self.fault("not written as an export is written");
        }
        match (line, self.number == 1) {
            (ExportLine::Title(title), true) if title.version == VERSION => {}
            (ExportLine::Title(_), _) => self.fault("the title of another format, or in the wrong place"),
            (_, true) => self.fault("the first line is not a title"),
            (ExportLine::Key(key), _) => self.key(key),
            (ExportLine::Head(head), _) => self.head(&head),
            (ExportLine::Block(block), _) => self.block(&block),
        }
    }

    fn key(&mut self, key: HeadKey) {
        let point = HEXLOWER.decode(key.public_key.as_bytes()).unwrap_or_default();
        match VerifyingKey::from_sec1(&point) {
            Ok(prepared) => {
                let print = HEXLOWER.encode(&gm::sm3::digest(&point)[..16]);
                self.report.keys.push((key.key_id.clone(), print));
                self.keys.insert(key.key_id, prepared);
            }
            Err(_) => self.fault("not an SM2 public key"),
        }
    }

    fn head(&mut self, view: &HeadView) {
        if self.blocks.is_some() {
            return self.fault("a head after the first block");
        }
        let Some((head, signature)) = read_head(view) else { return self.fault("not a head") };
        let Some(key) = self.keys.get(&view.key_id) else {
            return self.fault("the head was signed by a key that is not in the file");
        };
        if key.verify(&head.to_sign(), &signature).is_err() {
            return self.fault("the signature of the head does not hold");
        }
        self.used.push(view.key_id.clone());
        if self.heads.last().is_some_and(|last| last.at() >= head.at()) {
            self.fault("the heads are not in the order of their times");
        }
        self.heads.push(head);
    }

    fn block(&mut self, view: &BlockView) {
        let heads = &self.heads;
        let export = self.blocks.get_or_insert_with(|| Export::new(heads));
        let (log, log_whole) = read_hex(&view.log);
        let (records, records_whole) = read_hex(&view.records);
        let (leaves, leaves_whole) = read_hex(&view.leaves);
        let (frontier, frontier_whole) = read_hex(&view.frontier);
        let (leaves, rest) = leaves.as_chunks();
        let whole = log_whole && records_whole && leaves_whole && frontier_whole && rest.is_empty();
        let leaves = leaves.to_vec();
        match log.try_into() {
            Ok(log) => {
                export.block(&Block { log: LogId(log), first: view.first, records, leaves, frontier });
                self.report.blocks += 1;
                if !whole {
                    self.fault("a block with characters that are not lower-case hexadecimal");
                }
            }
            Err(_) => self.fault("a block without the id of its log"),
        }
    }

    fn finish(mut self) -> Report {
        self.number += 1;
        if self.heads.is_empty() {
            self.fault("no head: nothing is sealed");
        }
        if self.keys.keys().any(|id| !self.used.contains(id)) {
            self.fault("a key that signed no head");
        }
        self.report.heads = self.heads.len() as u64;
        self.report.newest = self.heads.last().map(|head| (head.at(), HEXLOWER.encode(&head.root())));
        let export = self.blocks.unwrap_or_else(|| Export::new(&self.heads));
        self.report.evidence = export.finish();
        self.report
    }
}

/// A head whose every part is spelt as the platform spells it, and agrees with the others.
fn read_head(view: &HeadView) -> Option<(TreeHead, Signature)> {
    view.key_id.parse::<KeyId>().ok()?;
    let at: Timestamp = view.at.parse().ok()?;
    let head = TreeHead::decode(at, &HEXLOWER.decode(view.logs.as_bytes()).ok()?).ok()?;
    let signature = HEXLOWER.decode(view.signature.as_bytes()).ok()?.try_into().ok()?;
    let agrees = at.to_string() == view.at
        && head.records() == view.size
        && HEXLOWER.encode(&head.root()) == view.root;
    agrees.then_some((head, Signature(signature)))
}

/// Bytes of hexadecimal text; a pair that is none reads as 0, so that the damage stays in its place. `false` when
/// there was such a pair.
fn read_hex(text: &str) -> (Vec<u8>, bool) {
    if let Ok(bytes) = HEXLOWER.decode(text.as_bytes()) {
        return (bytes, true);
    }
    let pairs = text.as_bytes().chunks_exact(2);
    (pairs.map(|pair| HEXLOWER.decode(pair).map_or(0, |byte| byte[0])).collect(), false)
}
