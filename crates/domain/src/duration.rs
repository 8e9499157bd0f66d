//! 办理时长: how long the steps of applications took, by what the platform has on record of them (CH-9).
//!
//! A step is the time in one state, from when an application enters it until it leaves it, whoever it waited for. Invariants. Only
//! what has ended is counted, so nothing is guessed of what goes on; what the owner took back tells nothing of how long a step
//! takes, and is left out. Of fewer cases than are named nothing is told, not even how many: a median of two is no
//! expectation, and no single case can be read from it, nor whether there was one. One looks back over a limited time.
//!
//! Not here: how long a step may take, which are the last days of `matter`.

use crate::application::{Action, State};
use crate::channel::Class;
use crate::id::MatterId;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};

/// Most days of which somebody asks at once: from a day to the same two years later, with a leap day.
pub const LONGEST_PERIOD: i32 = 732;

refusals! {
    /// Why durations are not told.
    Refusal {
        /// Too long a time at once.
        Period { most: i32 } = "duration.period" "一次最多查询{most}天" "at most {most} days are asked for at once";
    }
}

/// Whether this time, with its last day, may be asked for.
///
/// # Errors
/// `duration.period`
pub fn period(from: BusinessDate, until: BusinessDate) -> Result<(), Refusal> {
    let is_long = from.plus_days(LONGEST_PERIOD) <= until;
    if is_long { Err(Refusal::Period { most: LONGEST_PERIOD }) } else { Ok(()) }
}

/// That an application went from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which.
    pub matter: MatterId,
    /// The class of its channel; none before there is one.
    pub class: Option<Class>,
    /// When.
    pub at: Timestamp,
    /// By what; none when it was opened.
    pub action: Option<Action>,
    /// Where it went.
    pub to: State,
}

/// The time that an application spent in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// In which.
    pub state: State,
    /// The class of its channel.
    pub class: Option<Class>,
    /// When it left it.
    pub ended_at: Timestamp,
    /// How long that was.
    pub seconds: i64,
}

/// The spells that have ended in these moves, which come in order, one application after another.
pub fn spells(moves: &[Move]) -> Vec<Spell> {
    let pairs = moves.iter().zip(moves.iter().skip(1)).filter(|(one, next)| one.matter == next.matter);
    let ended = pairs.filter(|(_, next)| next.action != Some(Action::Withdraw));
    let spell = |(one, next): (&Move, &Move)| Spell {
        state: one.to,
        class: next.class,
        ended_at: next.at,
        seconds: next.at.micros_since(one.at) / 1_000_000,
    };
    ended.map(spell).collect()
}

/// How long a step usually takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Half of the cases took no longer.
    pub median_seconds: i64,
    /// Nine of ten took no longer.
    pub ninety_seconds: i64,
}

/// What is told of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which.
    pub state: State,
    /// How many cases there are; nothing of too few.
    pub cases: Option<usize>,
    /// How long they took; nothing of too few.
    pub usual: Option<Usual>,
}

/// The steps of an application between filing and access, in their order.
pub const STEPS: [State; 7] = [
    State::LocalReview,
    State::MinistryReview,
    State::Allocation,
    State::Testing,
    State::Preparing,
    State::FirstReview,
    State::FinalReview,
];

/// What is told of each step by these spells, of `least` cases at least.
pub fn told(spells: &[Spell], least: i64) -> Vec<Told> {
    let step = |state: &State| {
        let mut took: Vec<i64> =
            spells.iter().filter(|spell| spell.state == *state).map(|spell| spell.seconds).collect();
        took.sort_unstable();
        let usual = usual(&took, least);
        Told { state: *state, cases: usual.map(|_| took.len()), usual }
    };
    STEPS.iter().map(step).collect()
}

/// Of the sorted durations the ones that half and nine tenths do not exceed (nearest rank), of `least` at least.
fn usual(sorted: &[i64], least: i64) -> Option<Usual> {
    if i64::try_from(sorted.len()).ok()? < least {
        return None;
    }
    let rank = |tenths: usize| sorted.get((sorted.len() * tenths).div_ceil(10).checked_sub(1)?).copied();
    Some(Usual { median_seconds: rank(5)?, ninety_seconds: rank(9)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn went(matter: i64, seconds: i64, action: Action, to: State) -> Move {
        let matter = MatterId::make(Timestamp::from_seconds(matter), [0; 10]);
        let at = Timestamp::from_seconds(seconds);
        Move { matter, class: Some(Class::Social), at, action: Some(action), to }
    }

    fn spell(seconds: i64) -> Spell {
        let ended_at = Timestamp::from_seconds(seconds);
        Spell { state: State::LocalReview, class: None, ended_at, seconds }
    }

    /// CH-9.0: a step is counted once it has ended, again when it is begun again, and never across two applications.
    #[test]
    fn a_step_lasts_from_its_state_to_the_next() {
        let moves = [
            went(1, 100, Action::File, State::LocalReview),
            went(1, 160, Action::Return, State::Draft),
            went(1, 400, Action::File, State::LocalReview),
            went(1, 430, Action::Approve, State::MinistryReview),
            went(2, 500, Action::File, State::LocalReview),
        ];
        let found: Vec<_> = spells(&moves).iter().map(|one| (one.state, one.seconds)).collect();
        assert_eq!(found, [(State::LocalReview, 60), (State::Draft, 240), (State::LocalReview, 30)]);
    }

    #[test]
    fn two_years_are_asked_for_at_once() {
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        assert_eq!(period(day("2024-01-01"), day("2026-01-01")), Ok(()), "732 days, one a leap day");
        let refused = Err(Refusal::Period { most: 732 });
        assert_eq!(period(day("2024-01-01"), day("2026-01-02")), refused);
        assert_eq!(period(day("2026-01-01"), day("2024-01-01")), Ok(()), "of nothing");
    }

    #[test]
    fn what_was_taken_back_tells_nothing() {
        let moves = [
            went(1, 100, Action::File, State::LocalReview),
            went(1, 200, Action::Withdraw, State::Withdrawn),
        ];
        assert_eq!(spells(&moves), []);
    }

    #[test]
    fn of_too_few_cases_nothing_is_told() {
        let of = |count: i64| told(&(1..=count).map(spell).collect::<Vec<_>>(), 5)[0];
        assert_eq!((of(4).cases, of(4).usual), (None, None));
        assert_eq!(of(5).cases, Some(5));
        assert_eq!(of(5).usual, Some(Usual { median_seconds: 3, ninety_seconds: 5 }));
        assert_eq!(of(10).usual, Some(Usual { median_seconds: 5, ninety_seconds: 9 }));
        assert_eq!(of(11).usual, Some(Usual { median_seconds: 6, ninety_seconds: 10 }));
        assert_eq!(told(&[], 0)[0].usual, None, "nothing is told of nothing");
    }
}
