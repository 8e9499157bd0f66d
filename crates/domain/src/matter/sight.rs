//! What of a body is not everybody's who sees the matter.
//!
//! Invariant: a body is whole to whoever wrote what is kept back.

use super::Kind;
use crate::id::OrgId;
use crate::{application, callback_change, key_change, signing_key};

/// Who looks at a matter.
#[derive(Clone, Copy, Debug)]
pub struct Onlooker {
    /// The organisation.
    pub org: OrgId,
    /// Whether it is the matter's owner, or acts for it.
    pub acts_for_owner: bool,
    /// Whether it is the operator.
    pub is_operator: bool,
}

/// The body of a matter as somebody sees it: a key that nobody has confirmed yet is shown to whoever filed it, whom to reach
/// at an applicant in clear to the applicant, the whole of a callback address to its owner and the operator. None of a body that is not of this kind.
pub fn seen_by(kind: Kind, body: &str, onlooker: Onlooker) -> Option<String> {
    match kind {
        Kind::SigningKey => signing_key::seen_by(body, onlooker.org),
        Kind::CallbackChange => {
            callback_change::seen_by(body, onlooker.acts_for_owner || onlooker.is_operator, onlooker.org)
        }
        Kind::KeyChange => key_change::seen_by(body, onlooker.org),
        Kind::Application if !onlooker.acts_for_owner => application::contact::masked(body),
        _ => Some(body.to_owned()),
    }
}
