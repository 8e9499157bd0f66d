//! The second pair of eyes: what a reviewer says of something that somebody proposed, and the words of both.
//!
//! Invariant: nobody decides what they proposed themselves, and nothing is decided twice (CH-37.1).

use crate::Error;
use domain::id::StaffId;
use domain::parameter::State;
use domain::time::Timestamp;
use store::ReadTx;
use store::remark::RemarkRow;

/// What a reviewer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// In force from its day on.
    Approve,
    /// Never in force.
    Reject,
}

/// What is decided upon, as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// Its state.
    pub state: &'a str,
    /// Who proposed it.
    pub proposed_by: [u8; 16],
    /// The version of its row.
    pub version: i64,
}

impl Decision {
    /// The state that it leads to.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Approve => State::Approved,
            Self::Reject => State::Rejected,
        }
    }

    /// Whether this reviewer may say it of a proposal whose stated row version they saw.
    ///
    /// # Errors
    /// `resource.stale`; `parameter.decided`, `parameter.own_proposal`.
    pub fn admit(self, proposal: &Proposal<'_>, version: i64, reviewer: StaffId) -> Result<(), Error> {
        if proposal.version != version {
            return Err(Error::platform("resource.stale"));
        }
        let before: State =
            proposal.state.parse().map_err(|_| Error::internal("a stored state is unknown"))?;
        match self {
            Self::Approve => before.approve(StaffId::from_bytes(proposal.proposed_by), reviewer)?,
            Self::Reject => before.reject()?,
        }
        Ok(())
    }
}

/// What somebody said when a proposal came to a state.
#[must_use]
pub fn remark(object_id: [u8; 16], at: Timestamp, by: StaffId, state: State, words: String) -> RemarkRow {
    RemarkRow { object_id, at: at.as_micros(), staff_id: *by.as_bytes(), action: state.to_string(), words }
}

/// Why a thing was proposed, and why it was decided as it was.
///
/// # Errors
/// The store's.
pub fn words(
    tx: &mut ReadTx<'_>,
    object_id: &[u8; 16],
    state: &str,
) -> Result<(Option<String>, Option<String>), Error> {
    let reason = store::remark::find(tx, object_id, State::Proposed.as_str())?;
    let is_decided = state != State::Proposed.as_str();
    let decision = if is_decided { store::remark::find(tx, object_id, state)? } else { None };
    Ok((reason, decision))
}
