//! What is signed: the heads of all logs, folded into one root.

use super::{Hash, Refusal, tree};
use crate::time::Timestamp;

/// The log of one writer in one process run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogId(pub [u8; 16]);

/// How far one log goes and what its tree says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// The log.
    pub log: LogId,
    /// Its number of records.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl LogHead {
    const BYTES: usize = 56;

    /// Its bytes: log, size, root.
    pub fn encode(&self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[..16].copy_from_slice(&self.log.0);
        out[16..24].copy_from_slice(&self.size.to_be_bytes());
        out[24..].copy_from_slice(&self.root);
        out
    }

    fn decode(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let (log, rest) = bytes.split_first_chunk()?;
        let (size, root) = rest.split_first_chunk()?;
        Some(Self { log: LogId(*log), size: u64::from_be_bytes(*size), root: root.try_into().ok()? })
    }
}

/// The state of all logs at one moment. Invariant: each log occurs once, in the order of the ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeHead {
    at: Timestamp,
    logs: Vec<LogHead>,
}

impl TreeHead {
    /// Folds `logs`, given in any order. Refuses: malformed, if a log occurs twice.
    pub fn new(at: Timestamp, mut logs: Vec<LogHead>) -> Result<Self, Refusal> {
        logs.sort_by_key(|head| head.log);
        let head = Self { at, logs };
        if head.is_ascending() { Ok(head) } else { Err(Refusal::Malformed { what: "tree head" }) }
    }

    /// When it was folded.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The log heads in it, by id.
    pub fn logs(&self) -> &[LogHead] {
        &self.logs
    }

    /// The head of `log`, if it existed by then.
    pub fn find(&self, log: LogId) -> Option<&LogHead> {
        self.logs.binary_search_by_key(&log, |head| head.log).ok().map(|at| &self.logs[at])
    }

    /// One leaf for each log: for [`tree::inclusion`] of a log in this head.
    pub fn leaves(&self) -> Vec<Hash> {
        self.logs.iter().map(|head| tree::leaf_hash(&head.encode())).collect()
    }

    /// The root over the logs.
    pub fn root(&self) -> Hash {
        tree::root(&self.leaves())
    }

    /// The number of records under it.
    pub fn records(&self) -> u64 {
        self.logs.iter().map(|head| head.size).fold(0, u64::saturating_add)
    }

    /// The bytes to be signed: a word that keeps them from being mistaken for anything else, then time,
    /// number of logs, number of records, root.
    pub fn to_sign(&self) -> Vec<u8> {
        let mut out = b"ykt audit head 1\n".to_vec();
        out.extend(self.at.as_micros().to_be_bytes());
        out.extend((self.logs.len() as u64).to_be_bytes());
        out.extend(self.records().to_be_bytes());
        out.extend(self.root());
        out
    }

    /// The log heads as bytes, for storage and export.
    pub fn encode_logs(&self) -> Vec<u8> {
        self.logs.iter().flat_map(LogHead::encode).collect()
    }

    /// Reads what [`TreeHead::encode_logs`] wrote. Refuses: malformed.
    pub fn decode(at: Timestamp, logs: &[u8]) -> Result<Self, Refusal> {
        let (heads, rest) = logs.as_chunks();
        let logs = heads.iter().map(LogHead::decode).collect::<Option<Vec<_>>>();
        match logs.map(|logs| Self { at, logs }) {
            Some(head) if rest.is_empty() && head.is_ascending() => Ok(head),
            _ => Err(Refusal::Malformed { what: "tree head" }),
        }
    }

    fn is_ascending(&self) -> bool {
        self.logs.is_sorted_by(|left, right| left.log < right.log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(id: u8, size: u64) -> LogHead {
        LogHead { log: LogId([id; 16]), size, root: [id ^ 0xFF; 32] }
    }

    #[test]
    fn a_head_is_the_same_whatever_order_its_logs_come_in() {
        let [a, b] = [[log(1, 5), log(2, 7), log(3, 0)], [log(3, 0), log(1, 5), log(2, 7)]]
            .map(|logs| TreeHead::new(Timestamp::EPOCH, logs.to_vec()).unwrap());
        assert_eq!((&a, a.to_sign()), (&b, b.to_sign()));
        assert_eq!((a.records(), a.find(LogId([2; 16]))), (12, Some(&log(2, 7))));
        assert_eq!(a.find(LogId([9; 16])), None);
        assert_eq!(TreeHead::decode(Timestamp::EPOCH, &a.encode_logs()), Ok(a));
    }

    #[test]
    fn a_log_twice_or_out_of_order_or_cut_off_is_refused() {
        let refused = Err(Refusal::Malformed { what: "tree head" });
        assert_eq!(TreeHead::new(Timestamp::EPOCH, vec![log(1, 5), log(1, 6)]), refused);
        let bytes = [log(2, 5).encode(), log(1, 6).encode()].concat();
        assert_eq!(TreeHead::decode(Timestamp::EPOCH, &bytes), refused);
        assert_eq!(TreeHead::decode(Timestamp::EPOCH, &bytes[..57]), refused);
    }

    #[test]
    fn everything_in_a_head_is_under_its_signature() {
        let head = |at, logs: &[LogHead]| {
            TreeHead::new(Timestamp::from_micros(at), logs.to_vec()).unwrap().to_sign()
        };
        let signed = head(1, &[log(1, 5), log(2, 7)]);
        let other_root = LogHead { root: [0; 32], ..log(2, 7) };
        let others = [
            head(2, &[log(1, 5), log(2, 7)]),
            head(1, &[log(1, 5), log(2, 8)]),
            head(1, &[log(1, 7), log(2, 5)]),
            head(1, &[log(1, 5), other_root]),
            head(1, &[log(1, 5)]),
            head(1, &[]),
        ];
        assert!(others.iter().all(|other| *other != signed));
    }

    #[test]
    fn a_log_can_be_proven_to_be_in_a_head() {
        let head = TreeHead::new(Timestamp::EPOCH, (1..8).map(|id| log(id, 1)).collect()).unwrap();
        let leaves = head.leaves();
        let path = tree::inclusion(&leaves, 4).unwrap();
        assert_eq!(tree::verify_inclusion(&leaves[4], 4, 7, &path, &head.root()), Ok(()));
    }
}
