//! What of a body is not everybody's who sees the matter.
//!
//! Invariant: a body is whole to whoever wrote what is kept back.

use super::Kind;
use crate::id::OrgId;
use crate::{application, key_change, signing_key};

/// Who looks at a matter.
#[derive(Clone, Copy, Debug)]
pub struct Onlooker {
    /// The organisation.
    pub org: OrgId,
    /// Whether it is the matter's owner, or acts for it.
    pub acts_for_owner: bool,
}

/// The body of a matter as somebody sees it: a key that nobody has confirmed yet is shown to whoever filed it, whom to reach
/// at an applicant in clear to the applicant. None of a body that is not of this kind.
pub fn seen_by(kind: Kind, body: &str, onlooker: Onlooker) -> Option<String> {
    match kind {
        Kind::SigningKey => signing_key::seen_by(body, onlooker.org),
        Kind::KeyChange => key_change::seen_by(body, onlooker.org),
        Kind::Application if !onlooker.acts_for_owner => application::contact::masked(body),
        _ => Some(body.to_owned()),
    }
}
