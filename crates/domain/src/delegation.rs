//! 代理审批: a reviewer on leave lets a colleague of the same organisation act in matters in their place for some days.
//!
//! Invariants. It takes effect when the colleague accepts, and ends when either side says so or its last day is over. It
//! gives what the giver may do in matters and nothing else, to one person, who cannot pass it on. No administrator of one of
//! the three powers gives or takes one (三权分立). Who stands in for another counts as both persons wherever a second one is asked
//! for ([`crate::matter::By::other_than`]). The regulation is silent; the periods are choices of this project.

use crate::name::names;
use crate::org::{Operation, Role, allows};
use crate::refusal::refusals;
use crate::time::BusinessDate;

refusals! {
    /// Why nobody stands in.
    Refusal {
        /// No such colleague, not enabled, oneself, or of a role that may not stand in: the answer does not say which.
        Colleague = "delegation.colleague" "没有可以代理的该登录名同事：须为本单位启用的审核或经办人员，且不是本人或三员"
            "no colleague of this login may stand in: an enabled reviewer or clerk of the own organisation, not oneself and no administrator";
        /// The last day comes before the first, or the first has passed.
        Span = "delegation.span" "起始日不得早于今天，截止日不得早于起始日"
            "the first day is today or later, and the last no earlier than the first";
        /// Longer than the most.
        Long { most: i64 } = "delegation.long" "代理最长{most}天" "a delegation lasts {most} days at most";
        /// On one of its days the giver is represented already, or has asked for it.
        Overlap = "delegation.overlap" "该期间已有其他代理" "another delegation has a day in common with it";
        /// It is not in a state in which this side could do this.
        State = "delegation.state" "当前状态不允许该操作" "its state does not allow this";
        /// It is not in force: not accepted, not begun, over, revoked, or of somebody who may not act any more.
        NotInForce = "delegation.not_in_force" "代理当前无效" "the delegation is not in force";
    }
}

names! {
    /// What was said about a delegation.
    State {
        /// The colleague has not answered yet.
        Offered = "offered",
        /// The colleague stands in on its days.
        Accepted = "accepted",
        /// The colleague does not.
        Declined = "declined",
        /// One of the two has ended it.
        Revoked = "revoked",
    }
    /// What is done with one.
    Action {
        /// The colleague takes it on.
        Accept = "accept",
        /// The colleague does not.
        Decline = "decline",
        /// It ends at once.
        Revoke = "revoke",
    }
    /// Who of the two acts.
    Side {
        /// Who is away.
        Giver = "giver",
        /// Who stands in.
        Taker = "taker",
    }
    /// How a delegation stands on a day.
    Standing {
        /// It waits for the colleague.
        Offered = "offered",
        /// It was accepted and begins later.
        Coming = "coming",
        /// The colleague stands in.
        InForce = "in_force",
        /// Its last day is over.
        Lapsed = "lapsed",
        /// The colleague did not take it on.
        Declined = "declined",
        /// It was ended.
        Revoked = "revoked",
    }
}

/// Its days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: BusinessDate,
    /// The last.
    pub until: BusinessDate,
}

impl Span {
    /// Days that may be asked for today. Refuses, in order: span, long.
    pub fn ask(
        from: BusinessDate,
        until: BusinessDate,
        today: BusinessDate,
        most: i64,
    ) -> Result<Self, Refusal> {
        if from < today || until < from {
            return Err(Refusal::Span);
        }
        if i64::from(until.days_since(from)) >= most {
            return Err(Refusal::Long { most });
        }
        Ok(Self { from, until })
    }

    /// Whether it has a day in common with `other`.
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.until && other.from <= self.until
    }
}

/// Whether an account of `taker` may stand in for one of `giver` in the same organisation: what it is given must be
/// reviewing, and no administrator of one of the three powers takes part.
pub fn admit(giver: Role, taker: Role) -> Result<(), Refusal> {
    let takes =
        matches!(taker, Role::RegionAdmin | Role::RegionClerk | Role::MinistryReviewer | Role::OperatorClerk);
    if takes && allows(giver, Operation::DelegationGive) { Ok(()) } else { Err(Refusal::Colleague) }
}

impl State {
    /// How it stands on a day.
    pub fn on(self, span: Span, today: BusinessDate) -> Standing {
        match self {
            Self::Declined => Standing::Declined,
            Self::Revoked => Standing::Revoked,
            Self::Offered | Self::Accepted if span.until < today => Standing::Lapsed,
            Self::Offered => Standing::Offered,
            Self::Accepted if today < span.from => Standing::Coming,
            Self::Accepted => Standing::InForce,
        }
    }
}

impl Standing {
    /// The state after one side has done something.
    pub const fn act(self, action: Action, side: Side) -> Result<State, Refusal> {
        match (self, action, side) {
            (Self::Offered, Action::Accept, Side::Taker) => Ok(State::Accepted),
            (Self::Offered, Action::Decline, Side::Taker) => Ok(State::Declined),
            (Self::Offered, Action::Revoke, Side::Giver)
            | (Self::Coming | Self::InForce, Action::Revoke, Side::Giver | Side::Taker) => Ok(State::Revoked),
            (Self::Offered, Action::Accept | Action::Decline, Side::Giver)
            | (Self::Offered, Action::Revoke, Side::Taker)
            | (Self::Coming | Self::InForce, Action::Accept | Action::Decline, Side::Giver | Side::Taker)
            | (
                Self::Lapsed | Self::Declined | Self::Revoked,
                Action::Accept | Action::Decline | Action::Revoke,
                Side::Giver | Side::Taker,
            ) => Err(Refusal::State),
        }
    }

    /// What one side may do.
    pub fn actions(self, side: Side) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.act(*action, side).is_ok())
    }

    /// Whether the colleague stands in.
    pub fn require(self) -> Result<(), Refusal> {
        if self == Self::InForce { Ok(()) } else { Err(Refusal::NotInForce) }
    }

    /// Whether it may still come to something, so that no other may share a day with it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Coming | Self::InForce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::Power;
    use crate::parameter::{Name, Parameters};

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn span(from: &str, until: &str) -> Span {
        Span { from: day(from), until: day(until) }
    }

    #[test]
    fn days_begin_today_or_later_and_are_not_too_many() {
        let today = day("2026-03-02");
        let most = Parameters::standard().get(Name::DelegationMost, today);
        assert_eq!(most, 30);
        for (from, until, outcome) in [
            ("2026-03-02", "2026-03-02", Ok(())),
            ("2026-03-02", "2026-03-31", Ok(())),
            ("2026-03-02", "2026-04-01", Err(Refusal::Long { most: 30 })),
            ("2026-03-01", "2026-03-05", Err(Refusal::Span)),
            ("2026-03-05", "2026-03-04", Err(Refusal::Span)),
        ] {
            assert_eq!(Span::ask(day(from), day(until), today, most).map(drop), outcome, "{from} {until}");
        }
    }

    #[test]
    fn two_spans_overlap_when_they_have_a_day_in_common() {
        let first = span("2026-03-02", "2026-03-05");
        for (other, overlaps) in [
            (span("2026-03-05", "2026-03-09"), true),
            (span("2026-03-06", "2026-03-09"), false),
            (span("2026-02-01", "2026-03-02"), true),
            (span("2026-02-01", "2026-03-01"), false),
        ] {
            assert_eq!((first.overlaps(other), other.overlaps(first)), (overlaps, overlaps), "{other:?}");
        }
    }

    /// 三权分立: standing in gives nobody a second power, and no administrator of one is given another's work.
    #[test]
    fn no_administrator_of_a_power_gives_or_takes() {
        for giver in Role::ALL {
            for taker in Role::ALL {
                let is_admitted = admit(*giver, *taker).is_ok();
                let administers = |role: Role| role == Role::OperatorAdmin || role.power() != Power::System;
                assert!(!(is_admitted && (administers(*giver) || administers(*taker))), "{giver} {taker}");
                assert!(!(is_admitted && (giver.is_own_org_only() || taker.is_own_org_only())));
            }
        }
        assert_eq!(admit(Role::RegionAdmin, Role::RegionClerk), Ok(()));
        assert_eq!(admit(Role::MinistryReviewer, Role::MinistryReviewer), Ok(()));
        assert_eq!(
            admit(Role::RegionClerk, Role::RegionAdmin),
            Err(Refusal::Colleague),
            "a clerk reviews nothing"
        );
    }

    #[test]
    fn it_is_in_force_on_its_days_once_it_was_accepted_and_lapses_by_itself() {
        let days = span("2026-03-02", "2026-03-05");
        for (state, today, standing) in [
            (State::Offered, "2026-03-03", Standing::Offered),
            (State::Offered, "2026-03-06", Standing::Lapsed),
            (State::Accepted, "2026-03-01", Standing::Coming),
            (State::Accepted, "2026-03-02", Standing::InForce),
            (State::Accepted, "2026-03-05", Standing::InForce),
            (State::Accepted, "2026-03-06", Standing::Lapsed),
            (State::Declined, "2026-03-03", Standing::Declined),
            (State::Revoked, "2026-03-03", Standing::Revoked),
        ] {
            let found = state.on(days, day(today));
            assert_eq!(found, standing, "{state} {today}");
            assert_eq!(found.require().is_ok(), standing == Standing::InForce);
        }
    }

    #[test]
    fn the_colleague_answers_and_either_side_ends_it() {
        use Side::{Giver, Taker};
        let may = |standing: Standing, side| standing.actions(side).collect::<Vec<_>>();
        assert_eq!(may(Standing::Offered, Taker), [Action::Accept, Action::Decline]);
        assert_eq!(may(Standing::Offered, Giver), [Action::Revoke]);
        for standing in [Standing::Coming, Standing::InForce] {
            assert_eq!(
                (may(standing, Giver), may(standing, Taker)),
                (vec![Action::Revoke], vec![Action::Revoke])
            );
        }
        for standing in [Standing::Lapsed, Standing::Declined, Standing::Revoked] {
            assert!(may(standing, Giver).is_empty() && may(standing, Taker).is_empty(), "{standing}");
        }
        assert_eq!(Standing::InForce.act(Action::Revoke, Taker), Ok(State::Revoked));
    }
}
