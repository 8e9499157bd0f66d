//! The life of a card as tables.

use super::*;
use expect_test::expect;
use proptest::prelude::*;
use std::fmt::Write;

const STATES: [State; 8] = [
    State::Applied,
    State::Personalised,
    State::Delivered,
    State::Active,
    State::LossReported,
    State::TemporarilyLost,
    State::Locked,
    State::Invalid(Reason::Lost),
];

const ACTIONS: [Action; 9] = [
    Action::Personalise,
    Action::Deliver,
    Action::Activate,
    Action::ReportLoss,
    Action::ReportTemporaryLoss,
    Action::WithdrawLoss,
    Action::Lock,
    Action::Unlock,
    Action::Invalidate(Reason::Damaged),
];

fn card(id: u8, person: u8, state: State) -> Card {
    Card {
        id: CardId::from_bytes([id; 16]),
        person: PersonId::from_bytes([person; 16]),
        division: "330100".parse().unwrap(),
        number: "A00000001".parse().unwrap(),
        recognition: None,
        generation: Generation::Third,
        state,
        issued_on: None,
        expires_on: None,
    }
}

#[test]
fn the_life_of_a_card_is_what_was_reviewed() {
    let mut table = String::new();
    for state in STATES {
        for action in ACTIONS {
            if let Some(next) = state.next(&action) {
                writeln!(table, "{state:?} {action:?} -> {next:?}").unwrap();
            }
        }
    }
    expect![[r#"
        Applied Personalise -> Personalised
        Applied Invalidate(Damaged) -> Invalid(Damaged)
        Personalised Deliver -> Delivered
        Personalised Invalidate(Damaged) -> Invalid(Damaged)
        Delivered Activate -> Active
        Delivered Invalidate(Damaged) -> Invalid(Damaged)
        Active ReportLoss -> LossReported
        Active ReportTemporaryLoss -> TemporarilyLost
        Active Lock -> Locked
        Active Invalidate(Damaged) -> Invalid(Damaged)
        LossReported WithdrawLoss -> Active
        LossReported Invalidate(Damaged) -> Invalid(Damaged)
        TemporarilyLost ReportLoss -> LossReported
        TemporarilyLost WithdrawLoss -> Active
        TemporarilyLost Invalidate(Damaged) -> Invalid(Damaged)
        Locked Unlock -> Active
        Locked Invalidate(Damaged) -> Invalid(Damaged)
    "#]]
    .assert_eq(&table);
}

/// CM-19.1: every reason of invalid is on the invalid list, once.
#[test]
fn every_reason_of_invalid_enters_the_invalid_list() {
    for reason in Reason::ALL {
        for state in &STATES[..7] {
            let (to, event) = state.act(Action::Invalidate(*reason)).unwrap();
            assert_eq!((to, event.enters_invalid_list()), (State::Invalid(*reason), Some(*reason)));
        }
        assert_eq!(State::Invalid(*reason).act(Action::Activate), Err(Refusal::Transition));
    }
    let (_, event) = State::Active.act(Action::ReportLoss).unwrap();
    assert_eq!(event.enters_invalid_list(), None);
}

/// ND-1.4: only an active card, and so only its e-card, is usable.
#[test]
fn only_an_active_card_is_usable_and_the_others_say_why() {
    let outcomes = STATES.map(State::usable);
    assert_eq!(
        outcomes,
        [
            Err(Refusal::NotActive),
            Err(Refusal::NotActive),
            Err(Refusal::NotActive),
            Ok(()),
            Err(Refusal::LossReported),
            Err(Refusal::TemporarilyLost),
            Err(Refusal::Locked),
            Err(Refusal::Invalid),
        ]
    );
}

#[test]
fn the_last_day_of_a_card_still_counts() {
    let mut card = card(1, 1, State::Active);
    card.expires_on = Some("2026-06-30".parse().unwrap());
    for (today, outcome) in
        [("2026-06-29", Ok(())), ("2026-06-30", Ok(())), ("2026-07-01", Err(Refusal::Expired))]
    {
        assert_eq!(card.usable(today.parse().unwrap()), outcome, "{today}");
    }
}

#[test]
fn a_card_is_in_force_between_activation_and_invalidity() {
    for state in STATES {
        assert_eq!(state.in_force(), matches!(state.aaz502(), 1..=4), "{state:?}");
    }
}

#[test]
fn the_wire_sees_six_codes() {
    assert_eq!(STATES.map(State::aaz502), [0, 0, 0, 1, 2, 4, 3, 9]);
}

#[test]
fn a_stored_state_comes_back_whole_or_not_at_all() {
    for state in STATES {
        assert_eq!(State::from_parts(state.phase(), state.reason()), Some(state));
    }
    assert_eq!(State::from_parts(Phase::Invalid, None), None);
    assert_eq!(State::from_parts(Phase::Active, Some(Reason::Lost)), None);
}

#[test]
fn a_row_of_the_registry_sets_the_state_but_undoes_neither_activation_nor_invalidity() {
    use State::{Active, Applied, Delivered, Invalid, Locked, LossReported, Personalised, TemporarilyLost};
    let lost = Some(Reason::Lost);
    for (current, code, reason, outcome) in [
        (None, 0, None, Ok(Personalised)),
        (None, 1, None, Ok(Active)),
        (None, 9, lost, Ok(Invalid(Reason::Lost))),
        (None, 9, None, Err(Refusal::WireReason)),
        (None, 1, lost, Err(Refusal::WireReason)),
        (None, 5, None, Err(Refusal::WireState)),
        (None, 8, lost, Err(Refusal::WireState)),
        (Some(Delivered), 0, None, Ok(Delivered)),
        (Some(Applied), 1, None, Ok(Active)),
        (Some(Active), 0, None, Err(Refusal::Backwards)),
        (Some(Active), 2, None, Ok(LossReported)),
        (Some(LossReported), 4, None, Ok(TemporarilyLost)),
        (Some(LossReported), 3, None, Ok(Locked)),
        (Some(Locked), 1, None, Ok(Active)),
        (Some(Invalid(Reason::Damaged)), 1, None, Err(Refusal::Invalid)),
        (Some(Invalid(Reason::Damaged)), 0, None, Err(Refusal::Invalid)),
        (Some(Invalid(Reason::Damaged)), 9, lost, Ok(Invalid(Reason::Damaged))),
    ] {
        assert_eq!(State::import(current, code, reason), outcome, "{current:?} {code}");
    }
}

/// R27: the old card enters the invalid list, and there are never two valid cards.
#[test]
fn a_replaced_card_is_invalid_from_the_same_moment() {
    let new = card(2, 1, State::Delivered);
    let (state, event) = card(1, 1, State::LossReported).replace_by(&new, Reason::Replaced).unwrap();
    assert_eq!(state, State::Invalid(Reason::Replaced));
    assert_eq!(event.and_then(|event| event.enters_invalid_list()), Some(Reason::Replaced));
    let dead = State::Invalid(Reason::Damaged);
    assert_eq!(card(1, 1, dead).replace_by(&new, Reason::Replaced), Ok((dead, None)));
    assert_eq!(card(2, 1, State::Active).replace_by(&new, Reason::Replaced), Err(Refusal::SameCard));
    assert_eq!(card(1, 2, State::Active).replace_by(&new, Reason::Replaced), Err(Refusal::OtherPerson));
    assert_eq!(card(1, 1, State::Active).replace_by(&card(2, 1, dead), Reason::Lost), Err(Refusal::Invalid));
}

#[test]
fn a_card_number_is_nine_capital_letters_and_digits() {
    for (text, accepted) in [
        ("A12345678", true),
        ("000000000", true),
        ("A1234567", false),
        ("A123456789", false),
        ("a12345678", false),
        ("A1234567 ", false),
        ("A12345é", false),
    ] {
        assert_eq!(text.parse::<CardNumber>().is_ok(), accepted, "{text}");
    }
    let number: CardNumber = "A12345678".parse().unwrap();
    assert_eq!((number.as_str(), format!("{number:?}").as_str()), ("A12345678", "A******78"));
}

#[test]
fn a_recognition_code_is_32_hexadecimal_digits() {
    let text = "330100D15600000500AABBCC00112233";
    let code: RecognitionCode = text.to_lowercase().parse().unwrap();
    assert_eq!((code.to_string().as_str(), code.division()), (text, "330100".parse().ok()));
    assert_eq!(format!("{code:?}"), "330100**********************2233");
    for bad in [&text[1..], &text[2..], "330100D15600000500AABBCC0011223G", ""] {
        assert_eq!(bad.parse::<RecognitionCode>(), Err(Refusal::Recognition), "{bad}");
    }
}

#[test]
fn two_generations_are_in_use() {
    for (number, outcome) in [
        (1, Err(Refusal::Generation)),
        (2, Ok(Generation::Second)),
        (3, Ok(Generation::Third)),
        (4, Err(Refusal::Generation)),
    ] {
        assert_eq!(Generation::new(number), outcome);
    }
    assert_eq!(Generation::Third.number(), 3);
}

proptest! {
    #[test]
    fn no_walk_through_life_leaves_invalid_or_returns_before_activation(steps in prop::collection::vec(0..9_usize, 0..40)) {
        let mut state = State::Applied;
        let mut activated = false;
        for step in steps {
            if let Ok((next, _)) = state.act(ACTIONS[step]) {
                prop_assert!(state.reason().is_none());
                state = next;
            }
            activated |= state == State::Active;
            prop_assert!(!activated || state.aaz502() != 0);
        }
    }
}
