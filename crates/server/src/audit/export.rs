//! The export file, and its check by whoever holds it.
//!
//! A file is JSON lines: a title, the keys that signed, the heads, then the blocks by log and place. The check reads
//! nothing else: signatures, roots, leaves, and that every head is the beginning of the next. **Invariant.** No byte
//! of a file can change without a fault that names its line, log or record; what the file cannot prove is that its
//! keys are the platform's, so the report says which they are. Deliberately not here: where the file comes from.

use data_encoding::HEXLOWER;
use domain::audit::{Block, Evidence, Export, Fault, LogId, TreeHead};
use domain::id::KeyId;
use domain::key::proof::fingerprint;
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
                self.report.keys.push((key.key_id.clone(), fingerprint(&point)));
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
pub(super) fn read_head(view: &HeadView) -> Option<(TreeHead, Signature)> {
    view.key_id.parse::<KeyId>().ok()?;
    let at: Timestamp = view.at.parse().ok()?;
    let head = TreeHead::decode(at, &HEXLOWER.decode(view.logs.as_bytes()).ok()?).ok()?;
    let signature = HEXLOWER.decode(view.signature.as_bytes()).ok()?.try_into().ok()?;
    let agrees = at.to_string() == view.at
        && head.records() == view.size
        && HEXLOWER.encode(&head.root()) == view.root;
    agrees.then_some((head, Signature(signature)))
}

/// Bytes of hexadecimal text; a pair that is none reads as 255, which is rarely there by itself, so that the
/// damage shows and stays in its place. `false` when
/// there was such a pair.
fn read_hex(text: &str) -> (Vec<u8>, bool) {
    if let Ok(bytes) = HEXLOWER.decode(text.as_bytes()) {
        return (bytes, true);
    }
    let pairs = text.as_bytes().chunks_exact(2);
    (pairs.map(|pair| HEXLOWER.decode(pair).map_or(0xFF, |byte| byte[0])).collect(), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::{Actor, Frontier, LogHead, Record};
    use gm::sm2::SigningKey;
    use sdk::types::audit::ExportTitle;

    /// Two logs of two blocks with two records each, and a head after each pair of blocks.
    fn trail() -> (Vec<TreeHead>, Vec<Block>) {
        let mut edges = [1, 2].map(|log| (LogId([log; 16]), Frontier::default()));
        let (mut heads, mut blocks) = (Vec::new(), Vec::new());
        for round in 0..2 {
            for (log, edge) in &mut edges {
                let at = |n: i64| Timestamp::from_micros(round * 10 + n);
                let records = [0, 1].map(|n| Record::done(at(n), Actor::System, "code.verify"));
                blocks.push(Block::append(*log, edge, &records));
            }
            let logs =
                edges.iter().map(|(log, edge)| LogHead { log: *log, size: edge.size(), root: edge.root() });
            heads.push(TreeHead::new(Timestamp::from_micros(round * 10 + 5), logs.collect()).unwrap());
        }
        blocks.sort_by_key(|block| (block.log, block.first));
        (heads, blocks)
    }

    fn file(key: &SigningKey, heads: &[TreeHead], blocks: &[Block]) -> String {
        let key_id = KeyId::from_bytes([9; 16]).to_string();
        let mut lines = vec![ExportLine::Title(ExportTitle { version: VERSION })];
        let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
        lines.push(ExportLine::Key(HeadKey { key_id: key_id.clone(), public_key }));
        lines.extend(heads.iter().map(|head| {
            ExportLine::Head(HeadView {
                at: head.at().to_string(),
                size: head.records(),
                logs: HEXLOWER.encode(&head.encode_logs()),
                root: HEXLOWER.encode(&head.root()),
                key_id: key_id.clone(),
                signature: HEXLOWER.encode(&key.sign(&head.to_sign()).0),
            })
        }));
        lines.extend(blocks.iter().map(|block| {
            ExportLine::Block(BlockView {
                log: HEXLOWER.encode(&block.log.0),
                first: block.first,
                records: HEXLOWER.encode(&block.records),
                leaves: HEXLOWER.encode(block.leaves.as_flattened()),
                frontier: HEXLOWER.encode(&block.frontier),
            })
        }));
        lines.iter().map(|line| write_line(line).unwrap()).collect()
    }

    fn verify(file: &[u8]) -> Report {
        verify_file(file).unwrap()
    }

    #[test]
    fn an_untouched_file_is_sound_and_says_what_it_rests_on() {
        let (heads, blocks) = trail();
        let key = SigningKey::generate();
        let report = verify(file(&key, &heads, &blocks).as_bytes());
        assert_eq!(report.faults(), Vec::<String>::new());
        assert_eq!((report.heads, report.blocks), (2, 4));
        assert_eq!(report.evidence, Evidence { logs: 2, records: 8, sealed: 8, faults: vec![] });
        let fingerprint = HEXLOWER.encode(&gm::sm3::digest(&key.verifying_key().to_sec1())[..16]);
        assert_eq!(report.keys, [(KeyId::from_bytes([9; 16]).to_string(), fingerprint)]);
        assert_eq!(report.newest, Some((heads[1].at(), HEXLOWER.encode(&heads[1].root()))));
    }

    #[test]
    fn one_changed_byte_anywhere_is_found() {
        let (heads, blocks) = trail();
        let whole = file(&SigningKey::generate(), &heads, &blocks).into_bytes();
        for at in 0..whole.len() {
            // Another letter or digit, and the same letter in upper case.
            for flip in [1, 0x20].into_iter().filter(|flip| *flip == 1 || whole[at].is_ascii_alphabetic()) {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                let around = String::from_utf8_lossy(&whole[at.saturating_sub(20)..at + 1]).into_owned();
                assert!(!verify(&changed).is_sound(), "byte {at}, after {around}");
            }
        }
    }

    #[test]
    fn a_changed_record_is_named_by_log_and_place() {
        let (heads, blocks) = trail();
        let key = SigningKey::generate();
        let original = file(&key, &heads, &blocks);
        // The last byte of the second record of the second block of the first log.
        let records = HEXLOWER.encode(&blocks[1].records);
        let last = original.find(&records).unwrap() + records.len() - 1;
        for (byte, lines) in [(b'0', 0), (b'x', 1)] {
            let mut changed = original.clone().into_bytes();
            changed[last] = if changed[last] == byte { b'1' } else { byte };
            let report = verify(&changed);
            let named = Fault::Record { log: LogId([1; 16]), leaf: 3 };
            assert_eq!((report.evidence.faults.as_slice(), report.lines.len()), ([named].as_slice(), lines));
            assert_eq!(describe(&named), format!("log {}: record 3 was changed", "01".repeat(16)));
        }
    }

    #[test]
    fn what_is_left_out_added_or_moved_is_found() {
        let (heads, blocks) = trail();
        let key = SigningKey::generate();
        let whole = file(&key, &heads, &blocks);
        let lines: Vec<&str> = whole.lines().collect();
        let sound = |lines: &[&str]| verify((lines.join("\n") + "\n").as_bytes()).is_sound();
        assert!(sound(&lines));
        for left_out in (0..lines.len()).filter(|at| *at != 2) {
            let mut fewer = lines.clone();
            fewer.remove(left_out);
            // Without its last head the rest is unsealed, but what the first one sealed is still as it was.
            assert_eq!(sound(&fewer), left_out == 3, "line {left_out}");
        }
        for (one, other) in [(0, 1), (2, 3), (3, 4), (4, 5), (5, 6)] {
            let mut moved = lines.clone();
            moved.swap(one, other);
            // Which of two logs comes first says nothing.
            assert_eq!(sound(&moved), (one, other) == (5, 6), "lines {one} and {other}");
        }
        for at in 0..lines.len() {
            let mut twice = lines.clone();
            twice.insert(at, lines[at]);
            // A key that is there twice is the same key.
            assert_eq!(sound(&twice), at == 1, "line {at} twice");
        }
        assert!(!verify(b"").is_sound());
    }

    #[test]
    fn a_trail_rewritten_from_end_to_end_is_not_what_the_head_sealed() {
        let (heads, _) = trail();
        let mut edges = [1, 2].map(|log| (LogId([log; 16]), Frontier::default()));
        let mut blocks = Vec::new();
        for (log, edge) in &mut edges {
            let records =
                [0, 1, 2, 3].map(|n| Record::done(Timestamp::from_micros(n), Actor::System, "code.refuse"));
            blocks.push(Block::append(*log, edge, &records));
        }
        let report = verify(file(&SigningKey::generate(), &heads, &blocks).as_bytes());
        assert!(report.evidence.faults.iter().all(|fault| matches!(fault, Fault::Rewritten { .. })));
        assert_eq!(report.evidence.faults.len(), 4, "two logs against two heads");
    }
}
