//! The proof that one record is sealed, for whoever holds the head and nothing else of the trail.
//!
//! Invariant: a proof holds for the one record, at the one place of the one log, under the one head. Deliberately not
//! here: that the head is the platform's, which its signature says.

use super::{Frontier, Hash, LogId, Record, Refusal, TreeHead, leaf_hash, tree};

/// A record and its way up to the root of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The record's encoding.
    pub record: Vec<u8>,
    /// The log that holds it.
    pub log: LogId,
    /// Its place in the log, from 0.
    pub place: u64,
    /// The siblings from its leaf upwards.
    pub path: Vec<Hash>,
}

impl Proof {
    /// The proof of `record` at `place`, in the tree that `leaves` make of the one whose right edge is `before`.
    /// Refuses: out of range.
    pub fn make(
        (log, place): (LogId, u64),
        record: Vec<u8>,
        before: &Frontier,
        leaves: &[Hash],
    ) -> Result<Self, Refusal> {
        Ok(Self { record, log, place, path: tree::inclusion_after(before, leaves, place)? })
    }

    /// The record, if it is what `head` sealed. Refuses: malformed, out of range, unproven.
    pub fn verify(&self, head: &TreeHead) -> Result<Record, Refusal> {
        let record = Record::decode(&self.record)?;
        let sealed = head.find(self.log).ok_or(Refusal::OutOfRange)?;
        let leaf = leaf_hash(&self.record);
        tree::verify_inclusion(&leaf, self.place, sealed.size, &self.path, &sealed.root)?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Actor, LogHead};
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn a_proof_holds_for_its_record_and_place_and_head_and_for_no_other() {
        let log = LogId([7; 16]);
        let records: Vec<Vec<u8>> = (0..9)
            .map(|n| Record::done(Timestamp::from_micros(n), Actor::System, "code.verify").encode())
            .collect();
        let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(record)).collect();
        let edge = Frontier::default().extended(&leaves);
        let of = |size, root| TreeHead::new(Timestamp::EPOCH, vec![LogHead { log, size, root }]).unwrap();
        let head = of(edge.size(), edge.root());
        for place in 0..9 {
            for known in 0..=place {
                let before = Frontier::default().extended(&leaves[..known]);
                let proof =
                    Proof::make((log, place as u64), records[place].clone(), &before, &leaves[known..])
                        .unwrap();
                let record = proof.verify(&head).unwrap();
                assert_eq!(record.encode(), records[place]);
                let moved = Proof { place: (place as u64 + 1) % 9, ..proof.clone() };
                assert!(moved.verify(&head).is_err());
                let other = Proof { record: records[(place + 1) % 9].clone(), ..proof.clone() };
                assert_eq!(other.verify(&head), Err(Refusal::Unproven));
                assert_eq!(proof.verify(&of(9, [0; 32])), Err(Refusal::Unproven));
                let foreign = Proof { log: LogId([8; 16]), ..proof };
                assert_eq!(foreign.verify(&head), Err(Refusal::OutOfRange));
            }
        }
    }
}
