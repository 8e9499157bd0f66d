//! What was signed in a matter, checked with nothing but the matter itself: no platform, no database.
//!
//! Invariant: a fault is named for every byte that was changed in what was signed, in the signature or in the text whose
//! digest was signed. Not here: whose key it is. A reader compares its fingerprint with one obtained elsewhere.

use super::Kind;
use crate::agreement::Agreement;
use crate::exit::Exit;
use crate::id::MatterId;
use crate::name::names;

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
    /// What is wrong.
    pub faults: Vec<Fault>,
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
