//! Checking an export: blocks of records against tree heads, and finding what was changed and where.

use super::{Frontier, Hash, LogId, Record, Refusal, TreeHead, leaf_hash};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// The records of one transaction in one log, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The log.
    pub log: LogId,
    /// The place of its first record in the log.
    pub first: u64,
    /// The records: length (2 bytes) and encoding of each.
    pub records: Vec<u8>,
    /// One leaf for each record.
    pub leaves: Vec<Hash>,
    /// The right edge of the log's tree after this block.
    pub frontier: Vec<u8>,
}

impl Block {
    /// Appends `records` to the log whose right edge is `frontier`.
    pub fn append(log: LogId, frontier: &mut Frontier, records: &[Record]) -> Self {
        let first = frontier.size();
        let mut packed = Vec::with_capacity(records.len() * 128);
        let mut leaves = Vec::with_capacity(records.len());
        for record in records {
            let start = packed.len();
            packed.extend([0, 0]);
            record.encode_into(&mut packed);
            let length = u16::try_from(packed.len() - start - 2).unwrap_or(u16::MAX);
            packed[start..start + 2].copy_from_slice(&length.to_be_bytes());
            leaves.push(leaf_hash(&packed[start + 2..]));
        }
        frontier.extend(&leaves);
        Self { log, first, records: packed, leaves, frontier: frontier.encode() }
    }

    /// The encodings of its records. Refuses: malformed.
    pub fn encoded_records(&self) -> Result<Vec<&[u8]>, Refusal> {
        let mut records = Vec::with_capacity(self.leaves.len());
        for record in packed(&self.records) {
            records.push(record?);
        }
        if records.len() == self.leaves.len() { Ok(records) } else { Err(MALFORMED) }
    }
}

const MALFORMED: Refusal = Refusal::Malformed { what: "block" };

/// The encodings of the records that a block holds, one after the other. Refuses once: malformed.
pub fn packed(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], Refusal>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let [high, low, tail @ ..] = rest else {
            return (!std::mem::take(&mut rest).is_empty()).then_some(Err(MALFORMED));
        };
        let split = tail.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])));
        rest = split.map_or(&[], |(_, tail)| tail);
        Some(split.map(|(record, _)| record).ok_or(MALFORMED))
    })
}

/// What is wrong, and where. Places count a log's records from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A record does not fit its leaf, and the leaf fits the tree: the record was changed.
    Record {
        /// The log.
        log: LogId,
        /// The record.
        leaf: u64,
    },
    /// A leaf does not fit its record, and the record fits the tree: the leaf was changed.
    Leaf {
        /// The log.
        log: LogId,
        /// The record.
        leaf: u64,
    },
    /// A block does not lead from the tree before it to the tree after it.
    Block {
        /// The log.
        log: LogId,
        /// Its first record.
        first: u64,
        /// Its number of records.
        count: u64,
    },
    /// The bytes of a block are no records.
    Malformed {
        /// The log.
        log: LogId,
        /// Its first record.
        first: u64,
    },
    /// Everything stored agrees with itself but not with a signed head: rewritten between the two places.
    Rewritten {
        /// The log.
        log: LogId,
        /// The end of what an earlier head still confirms.
        from: u64,
        /// The end of what this head covers.
        to: u64,
        /// The time of the head.
        head_at: Timestamp,
    },
    /// Records are left out, or occur twice.
    Gap {
        /// The log.
        log: LogId,
        /// The place that should follow.
        expected: u64,
        /// The place that does.
        found: u64,
    },
    /// A signed head covers more records than the export has.
    Missing {
        /// The log.
        log: LogId,
        /// What the head covers.
        sealed: u64,
        /// What there is.
        found: u64,
    },
    /// A later head covers fewer records than an earlier one, or the same with another root.
    Forked {
        /// The log.
        log: LogId,
        /// The time of the later head.
        head_at: Timestamp,
    },
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Logs seen.
    pub logs: u64,
    /// Records seen.
    pub records: u64,
    /// Records under a head.
    pub sealed: u64,
    /// What is wrong, in the order found; empty if all is as it was sealed.
    pub faults: Vec<Fault>,
}

/// A check in progress. The signatures of the heads are the caller's to check first.
#[derive(Clone, Debug)]
pub struct Export {
    walks: BTreeMap<LogId, Walk>,
    evidence: Evidence,
}

/// What the heads say of one log, and how far it has been walked.
#[derive(Clone, Debug, Default)]
struct Walk {
    sealed: BTreeMap<u64, (Hash, Timestamp)>,
    edge: Frontier,
    confirmed: u64,
}

impl Export {
    /// Begins with the signed heads, in any order, and checks them against each other.
    pub fn new(heads: &[TreeHead]) -> Self {
        let mut export = Self { walks: BTreeMap::new(), evidence: Evidence::default() };
        let mut heads: Vec<&TreeHead> = heads.iter().collect();
        heads.sort_by_key(|head| head.at());
        for head in heads {
            for (log, walk) in &export.walks {
                if head.find(*log).is_none() && !walk.sealed.is_empty() {
                    export.evidence.faults.push(Fault::Forked { log: *log, head_at: head.at() });
                }
            }
            for log_head in head.logs() {
                let walk = export.walks.entry(log_head.log).or_default();
                let forked = match walk.sealed.last_key_value() {
                    Some((size, (root, _))) => {
                        log_head.size < *size || log_head.size == *size && log_head.root != *root
                    }
                    None => false,
                };
                if forked {
                    export.evidence.faults.push(Fault::Forked { log: log_head.log, head_at: head.at() });
                } else {
                    walk.sealed.entry(log_head.size).or_insert((log_head.root, head.at()));
                }
            }
        }
        export
    }

    /// Checks the next block of its log.
    pub fn block(&mut self, block: &Block) {
        let walk = self.walks.entry(block.log).or_default();
        let faults = &mut self.evidence.faults;
        let (log, first, count) = (block.log, block.first, block.leaves.len() as u64);
        self.evidence.records += count;
        let expected = walk.edge.size();
        if first != expected {
            faults.push(Fault::Gap { log, expected, found: first });
        }
        let hashes = block.encoded_records().map(|records| records.into_iter().map(leaf_hash).collect());
        let hashes = hashes.unwrap_or_else(|_| {
            faults.push(Fault::Malformed { log, first });
            block.leaves.clone()
        });
        let by_leaves = walk.edge.extended(&block.leaves);
        let by_records = walk.edge.extended(&hashes);
        let stored = Frontier::decode(&block.frontier).ok().filter(|stored| stored.size() == first + count);
        let records_fit = stored.as_ref() == Some(&by_records);
        for (leaf, (hash, stored)) in (first..).zip(hashes.iter().zip(&block.leaves)) {
            if hash != stored {
                faults.push(if records_fit {
                    Fault::Leaf { log, leaf }
                } else {
                    Fault::Record { log, leaf }
                });
            }
        }
        let candidates = match stored {
            Some(stored) if first > expected || stored == by_leaves || records_fit => vec![stored],
            _ if first != expected => return,
            stored => {
                faults.push(Fault::Block { log, first, count });
                [Some(by_leaves), Some(by_records), stored].into_iter().flatten().collect()
            }
        };
        if first == expected {
            walk.confirm_inside(block, faults);
        }
        walk.advance(log, candidates, faults);
    }

    /// Ends the check: what the heads cover must have been there.
    pub fn finish(self) -> Evidence {
        let mut evidence = self.evidence;
        for (log, walk) in &self.walks {
            let sealed = walk.sealed.last_key_value().map_or(0, |(size, _)| *size);
            let found = walk.edge.size();
            evidence.logs += 1;
            evidence.sealed += sealed.min(found);
            if found < sealed {
                evidence.faults.push(Fault::Missing { log: *log, sealed, found });
            }
        }
        evidence
    }
}

impl Walk {
    /// Checks the heads that end inside `block`, by its leaves.
    fn confirm_inside(&mut self, block: &Block, faults: &mut Vec<Fault>) {
        let start = self.edge.size();
        let end = start + block.leaves.len() as u64;
        let mut edge = self.edge.clone();
        for (leaf, size) in block.leaves.iter().zip(start + 1..end) {
            edge.push(*leaf);
            if let Some((root, head_at)) = self.sealed.get(&size) {
                if edge.root() == *root {
                    self.confirmed = size;
                } else {
                    let (from, head_at) = (self.confirmed, *head_at);
                    faults.push(Fault::Rewritten { log: block.log, from, to: size, head_at });
                }
            }
        }
    }

    /// Goes on from the candidate a head confirms, otherwise from the first.
    fn advance(&mut self, log: LogId, mut candidates: Vec<Frontier>, faults: &mut Vec<Fault>) {
        let Some(size) = candidates.first().map(Frontier::size) else { return };
        let mut chosen = 0;
        if let Some((root, head_at)) = self.sealed.get(&size) {
            match candidates.iter().position(|edge| edge.root() == *root) {
                Some(confirmed) => (chosen, self.confirmed) = (confirmed, size),
                None => {
                    faults.push(Fault::Rewritten { log, from: self.confirmed, to: size, head_at: *head_at });
                }
            }
        }
        self.edge = candidates.swap_remove(chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::tests::record;
    use crate::audit::{Actor, LogHead};
    use proptest::prelude::*;

    const LOG: LogId = LogId([7; 16]);

    /// Four blocks of three records each; a head after the second and the fourth.
    fn trail() -> (Vec<Block>, Vec<TreeHead>) {
        let (mut edge, mut blocks, mut heads) = (Frontier::default(), Vec::new(), Vec::new());
        for number in 0..4 {
            let at = |place: i64| Timestamp::from_micros(number * 3 + place);
            let records = [0, 1, 2].map(|place| Record::done(at(place), Actor::System, "code.verify"));
            blocks.push(Block::append(LOG, &mut edge, &records));
            if number % 2 == 1 {
                heads.push(head(number, &edge));
            }
        }
        (blocks, heads)
    }

    fn head(at: i64, edge: &Frontier) -> TreeHead {
        let log = LogHead { log: LOG, size: edge.size(), root: edge.root() };
        TreeHead::new(Timestamp::from_micros(at), vec![log]).unwrap()
    }

    fn check(blocks: &[Block], heads: &[TreeHead]) -> Evidence {
        let mut export = Export::new(heads);
        blocks.iter().for_each(|block| export.block(block));
        export.finish()
    }

    #[test]
    fn an_untouched_export_has_no_fault() {
        let (blocks, heads) = trail();
        assert_eq!(check(&blocks, &heads), Evidence { logs: 1, records: 12, sealed: 12, faults: vec![] });
        let tail = check(&blocks, &heads[..1]);
        assert_eq!((tail.sealed, tail.faults), (6, vec![]));
    }

    #[test]
    fn one_changed_byte_anywhere_is_found_and_located_in_its_block() {
        let (blocks, heads) = trail();
        for number in 0..blocks.len() {
            let block = &blocks[number];
            let places = 3 * number as u64..3 * (number as u64 + 1);
            let lengths = [block.records.len(), block.leaves.len() * 32, block.frontier.len()];
            for (part, length) in lengths.into_iter().enumerate() {
                for at in 0..length {
                    let mut changed = blocks.clone();
                    let target = &mut changed[number];
                    let byte = match part {
                        0 => &mut target.records[at],
                        1 => &mut target.leaves[at / 32][at % 32],
                        _ => &mut target.frontier[at],
                    };
                    *byte ^= 0x40;
                    let faults = check(&changed, &heads).faults;
                    assert!(!faults.is_empty(), "part {part} byte {at} of block {number}");
                    for fault in &faults {
                        let place = match fault {
                            Fault::Record { leaf, .. } if part == 0 => leaf,
                            Fault::Malformed { first, .. } if part == 0 => first,
                            Fault::Leaf { leaf, .. } if part == 1 => leaf,
                            Fault::Block { first, .. } if part == 2 => first,
                            other => panic!("part {part} byte {at} of block {number}: {other:?}"),
                        };
                        assert!(places.contains(place), "{fault:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_record_rewritten_with_its_leaf_is_located_in_its_block() {
        let (mut blocks, heads) = trail();
        let mut edge = Frontier::decode(&blocks[1].frontier).unwrap();
        let forged =
            [0, 1, 2].map(|place| Record::done(Timestamp::from_micros(place), Actor::System, "forged"));
        let rewritten = Block::append(LOG, &mut edge, &forged);
        blocks[2] = Block { frontier: blocks[2].frontier.clone(), ..rewritten };
        let faults = check(&blocks, &heads).faults;
        assert_eq!(faults[0], Fault::Block { log: LOG, first: 6, count: 3 });
    }

    #[test]
    fn a_rewritten_history_that_agrees_with_itself_is_caught_by_the_head_somebody_kept() {
        let (mut blocks, heads) = trail();
        let mut edge = Frontier::decode(&blocks[1].frontier).unwrap();
        for block in &mut blocks[2..] {
            let forged =
                [0, 1, 2].map(|place| Record::done(Timestamp::from_micros(place), Actor::System, "forged"));
            *block = Block::append(LOG, &mut edge, &forged);
        }
        let head_at = heads[1].at();
        assert_eq!(check(&blocks, &heads).faults, [Fault::Rewritten { log: LOG, from: 6, to: 12, head_at }]);
        let forged = [heads.clone(), vec![head(9, &edge)]].concat();
        assert!(
            check(&blocks, &forged)
                .faults
                .contains(&Fault::Forked { log: LOG, head_at: Timestamp::from_micros(9) })
        );
    }

    #[test]
    fn left_out_and_missing_records_are_faults() {
        let (blocks, heads) = trail();
        let without = [&blocks[..1], &blocks[2..]].concat();
        assert_eq!(check(&without, &heads).faults, [Fault::Gap { log: LOG, expected: 3, found: 6 }]);
        let twice = [&blocks[..1], &blocks].concat();
        assert_eq!(check(&twice, &heads).faults, [Fault::Gap { log: LOG, expected: 3, found: 0 }]);
        assert_eq!(check(&blocks[..3], &heads).faults, [Fault::Missing { log: LOG, sealed: 12, found: 9 }]);
        assert_eq!(check(&[], &heads).faults, [Fault::Missing { log: LOG, sealed: 12, found: 0 }]);
    }

    #[test]
    fn a_head_that_shrinks_or_forgets_a_log_is_a_fault() {
        let (blocks, heads) = trail();
        let later = Timestamp::from_micros(99);
        let shrunk = TreeHead::new(later, heads[0].logs().to_vec()).unwrap();
        let emptied = TreeHead::new(later, vec![]).unwrap();
        for head in [shrunk, emptied] {
            let faults = check(&blocks, &[heads.clone(), vec![head]].concat()).faults;
            assert_eq!(faults, [Fault::Forked { log: LOG, head_at: later }]);
        }
    }

    #[test]
    fn a_head_inside_a_block_is_checked_too() {
        let (mut blocks, _) = trail();
        let mut edge = Frontier::default();
        edge.extend(&blocks[0].leaves[..2]);
        let heads = [head(1, &edge)];
        assert_eq!(check(&blocks, &heads).faults, []);
        let forged =
            [0, 1, 2].map(|place| Record::done(Timestamp::from_micros(place), Actor::System, "forged"));
        blocks[0] = Block::append(LOG, &mut Frontier::default(), &forged);
        let head_at = heads[0].at();
        let expected = Fault::Rewritten { log: LOG, from: 0, to: 2, head_at };
        assert_eq!(check(&blocks[..1], &heads).faults, [expected]);
    }

    proptest! {
        #[test]
        fn what_is_appended_reads_back(records in proptest::collection::vec(record(), 0..20)) {
            let mut edge = Frontier::default();
            let block = Block::append(LOG, &mut edge, &records);
            let encoded = block.encoded_records().unwrap();
            let read: Result<Vec<_>, _> = encoded.into_iter().map(Record::decode).collect();
            prop_assert_eq!(read, Ok(records));
            prop_assert_eq!(check(&[block], &[head(1, &edge)]).faults, vec![]);
        }
    }
}
