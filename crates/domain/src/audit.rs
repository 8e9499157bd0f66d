//! The audit trail: what a record says, and the Merkle trees that make a change to it visible.
//!
//! A [`Record`] has exactly one encoding, its leaf is SM3 over it, and the leaves of one log form the tree of
//! RFC 6962 with SM3 in place of SHA-256 ([`tree`]). Each writer of each process run has its own log and
//! never waits for another; a [`TreeHead`] folds the heads of all logs into one root, whose bytes are signed.
//! From then on a record counts as sealed: [`Export`] finds the byte that changed.
//!
//! **Invariants.** A record names persons by keyed commitments only, so that deletion stays possible and an
//! export may be handed to an auditor. Logs only grow; a head that covers fewer records than an earlier one
//! is a fault. The claim ends at what somebody else has seen: nothing sealed under a head another party holds
//! can change unnoticed.
//!
//! Not here: keys and signatures, storage, and the making of commitments.

mod change;
mod export;
mod head;
mod label;
mod proof;
mod record;
pub mod tree;

pub use change::{Change, Value};
pub use export::{Block, Evidence, Export, Fault, packed};
pub use head::{LogHead, LogId, TreeHead};
pub use label::Label;
pub use proof::Proof;
pub use record::{Actor, Outcome, Record, Reference, Subject, Whence};
pub use tree::{Frontier, Hash, leaf_hash};

use crate::refusal::refusals;

refusals! {
    /// Why bytes of the trail are not accepted.
    Refusal {
        /// Not the one encoding of any value.
        Malformed {
            /// Of what.
            what: &'static str,
        } = "audit.malformed" "审计数据格式不正确（{what}）" "malformed audit bytes: {what}";
        /// A proof was asked for, or given, about a leaf or size outside the tree.
        OutOfRange = "audit.out_of_range" "超出审计日志范围" "outside the audit log";
        /// A proof does not lead to the root.
        Unproven = "audit.unproven" "审计证明不成立" "the audit proof does not hold";
    }
}
