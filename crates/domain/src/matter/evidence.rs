//! What was signed in a matter, checked with nothing but the matter itself: no platform, no database.
//!
//! Invariant: a fault is named for every byte that was changed in what was signed, in the signature or in the text whose
//! digest was signed; and where the key has no registration, or one that does not hold together: its statement names another
//! matter or organisation or is not signed with the key, the fingerprint that was heard is another's, its owner did not file it
//! or the operator did not confirm it, before the signature. Not proven: the persons, the moments and the words of a registration.
//! No signature covers them, and whoever can write the file can write them. A reader compares the key's fingerprint with one
//! obtained elsewhere. Of what was accepted on paper ([`papers`]) nothing is signed: the digest of the scan is named, and
//! who filed and who accepted it is the platform's word.

use super::{By, Kind};
use crate::agreement::Agreement;
use crate::exit::Exit;
use crate::id::MatterId;
use crate::name::names;
use crate::signing_key::Registration;
use crate::time::{BusinessDate, Timestamp};

names! {
    /// What is wrong with a signed document.
    Fault {
        /// The key did not sign this.
        Signature = "signature",
        /// The text is not the one whose digest was signed.
        Text = "text",
        /// It is about another matter.
        Matter = "matter",
        /// It cannot be read.
        Document = "document",
        /// The key's registration is not whole, is of another key or organisation, or was confirmed later.
        Registration = "registration",
        /// The key has no registration. So it is of all that was signed before keys were registered, and of what was left out.
        Unregistered = "unregistered",
        /// What is said of a paper does not hold together: another party filed or accepted it, or the order of days is wrong.
        Paper = "paper",
        /// A file of the scan was not shown to whoever checks, or has other bytes.
        Scan = "scan",
    }
}

/// A signed document of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What was signed, word for word.
    pub document: String,
    /// The key, in hexadecimal.
    pub public_key: String,
    /// Whether the text that it names by its digest stands in the matter; a later text may have taken its place.
    pub has_text: bool,
    /// The registration of the key; none of what was signed before keys were registered.
    pub registration: Option<Registration>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// What was signed on paper: no signature that a key could check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperEvidence {
    /// What the paper is about, word for word.
    pub document: String,
    /// SM3 of each file of the scan, in hexadecimal.
    pub scans: Vec<String>,
    /// Who filed it, and when.
    pub filed: (By, Timestamp),
    /// Who accepted it, and when.
    pub accepted: (By, Timestamp),
    /// The day on which the paper itself was seen.
    pub seen_on: Option<BusinessDate>,
    /// Whether the text that it names by its digest stands in the matter.
    pub has_text: bool,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// What was accepted on paper in a matter, oldest first: of agreements, and of nothing else.
pub fn papers(kind: Kind, matter: MatterId, body: &str) -> Vec<PaperEvidence> {
    match kind {
        Kind::Agreement => {
            serde_json::from_str::<Agreement>(body).map(|own| own.papers(matter)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The signed documents of a matter, oldest first: the signatures under an agreement (CH-25.2), the certificates of deletion
/// of an exit (CH-36.1). None of a body that is not of this kind, or of a kind in which nothing is signed.
pub fn evidence(kind: Kind, matter: MatterId, body: &str) -> Option<Vec<Evidence>> {
    match kind {
        Kind::Agreement => Some(serde_json::from_str::<Agreement>(body).ok()?.evidence(matter)),
        Kind::Exit => Some(serde_json::from_str::<Exit>(body).ok()?.evidence(matter)),
        _ => None,
    }
}
