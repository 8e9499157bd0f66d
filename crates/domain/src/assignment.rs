//! 转办: who of an office handles a matter that waits for that office.
//!
//! Invariant: a matter waits for an office and never for a person. An assignment stays within one organisation and changes
//! nothing else: nobody may do less or more for it, no wait ends, no last day moves. Not here: who belongs to the office.

use crate::id::StaffId;
use crate::matter::words;
use crate::refusal::refusals;

refusals! {
    /// Why a matter is not put into somebody's hands.
    Refusal {
        /// It does not wait for the asker's office.
        Turn = "assignment.turn" "办件当前不由本机构办理，无须指定承办人" "the matter does not wait for the own office";
        /// It is in those hands.
        Same = "assignment.same" "承办人未变更" "it is in those hands already";
        /// Somebody of another office, of another role, or whose account is disabled.
        Colleague = "assignment.colleague" "承办人须为本机构办理该类事项的在用账户"
            "only an active account of the own office that acts for it can take a matter";
        /// It is taken from somebody, or given to somebody else, and nobody said why.
        Reason = "assignment.reason" "移交他人或接手他人承办的事项，须说明1至2000字的理由"
            "say why it is handed over or taken over, in 1 to 2000 characters";
    }
}

/// Whether `by` may put a matter into the hands of `to`, nobody when there is none. Refuses, in order: the same hands; no
/// reason, where it is more than taking what nobody has or laying down one's own.
pub fn assign(
    by: StaffId,
    from: Option<StaffId>,
    to: Option<StaffId>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    if from == to {
        return Err(Refusal::Same);
    }
    let needs_none = match (from, to) {
        (None, Some(to)) => to == by,
        (Some(from), None) => from == by,
        _ => false,
    };
    match reason {
        None if needs_none => Ok(()),
        None => Err(Refusal::Reason),
        Some(reason) => words(reason).map_err(|_| Refusal::Reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_is_taken_and_laid_down_in_silence_and_the_rest_has_its_reason() {
        let [me, other, third] = [1, 2, 3].map(|byte| StaffId::from_bytes([byte; 16]));
        for (from, to, bare) in [
            (None, Some(me), Ok(())),
            (Some(me), None, Ok(())),
            (None, Some(other), Err(Refusal::Reason)),
            (Some(me), Some(other), Err(Refusal::Reason)),
            (Some(other), Some(me), Err(Refusal::Reason)),
            (Some(other), Some(third), Err(Refusal::Reason)),
            (Some(other), None, Err(Refusal::Reason)),
            (Some(me), Some(me), Err(Refusal::Same)),
            (None, None, Err(Refusal::Same)),
        ] {
            assert_eq!(assign(me, from, to, None), bare, "{from:?} {to:?}");
            let said = if from == to { Err(Refusal::Same) } else { Ok(()) };
            assert_eq!(assign(me, from, to, Some("休假")), said, "{from:?} {to:?}");
        }
        assert_eq!(assign(me, None, Some(me), Some("  ")), Err(Refusal::Reason));
    }
}
