//! How payments, refunds and handles behave, at both sides of every number.

use super::*;
use proptest::prelude::*;

const FAILED: BankAnswer = BankAnswer::Failed(BankReason::Declined);
const ACTIONS: [Action; 9] = [
    Action::Submit,
    Action::Answer(BankAnswer::Succeeded),
    Action::Answer(FAILED),
    Action::Answer(BankAnswer::Unknown),
    Action::RefundPart,
    Action::RefundRest,
    Action::RestoreAll,
    Action::RestorePart,
    Action::Close,
];

fn amount(fen: i64) -> Amount {
    Amount::new(fen).unwrap()
}

fn paid(fen: i64) -> Payment {
    Payment { status: Status::Succeeded, ..Payment::new(amount(fen), Funding::Prepaid) }
}

#[test]
fn the_whole_table_of_states_and_actions() {
    use Status::*;
    let possible = [
        (Created, 0, Pending),
        (Created, 8, Closed),
        (Pending, 1, Succeeded),
        (Pending, 2, Failed),
        (Pending, 3, Unknown),
        (Unknown, 1, Succeeded),
        (Unknown, 2, Failed),
        (Unknown, 3, Unknown),
        (Succeeded, 4, PartiallyRefunded),
        (Succeeded, 5, Refunded),
        (PartiallyRefunded, 4, PartiallyRefunded),
        (PartiallyRefunded, 5, Refunded),
        (PartiallyRefunded, 6, Succeeded),
        (PartiallyRefunded, 7, PartiallyRefunded),
        (Refunded, 6, Succeeded),
        (Refunded, 7, PartiallyRefunded),
    ];
    for state in Status::ALL {
        for (number, action) in ACTIONS.iter().enumerate() {
            let expected = possible.iter().find(|row| (row.0, row.1) == (*state, number)).map(|row| row.2);
            assert_eq!(state.next(action), expected, "{state} {action:?}");
        }
    }
}

#[test]
fn an_answer_does_what_the_table_says_in_every_state() {
    use Consequence::*;
    for state in Status::ALL.iter().copied() {
        let open = matches!(state, Status::Pending | Status::Unknown);
        let table = [
            (
                BankAnswer::Succeeded,
                if open {
                    Post
                } else if state.is_paid() {
                    Nothing
                } else {
                    Suspend
                },
            ),
            (
                FAILED,
                if open {
                    Void
                } else if state.is_paid() {
                    Reconcile
                } else {
                    Nothing
                },
            ),
            (BankAnswer::Unknown, if open { Query } else { Nothing }),
        ];
        for (answer, consequence) in table {
            let (after, found) = state.answered(answer);
            assert_eq!(found, consequence, "{state} {answer:?}");
            let expected = state.next(&Action::Answer(answer)).unwrap_or(state);
            assert_eq!(after, expected, "an answer that decides nothing leaves {state} as it is");
        }
    }
}

#[test]
fn a_refund_is_decided_once_and_a_contradiction_is_a_difference() {
    use Consequence::*;
    use RefundStatus as R;
    let table = [
        (R::Pending, BankAnswer::Succeeded, R::Succeeded, Post),
        (R::Pending, FAILED, R::Failed, Void),
        (R::Pending, BankAnswer::Unknown, R::Unknown, Query),
        (R::Unknown, BankAnswer::Unknown, R::Unknown, Query),
        (R::Unknown, BankAnswer::Succeeded, R::Succeeded, Post),
        (R::Succeeded, BankAnswer::Succeeded, R::Succeeded, Nothing),
        (R::Succeeded, FAILED, R::Succeeded, Reconcile),
        (R::Failed, BankAnswer::Succeeded, R::Failed, Reconcile),
        (R::Failed, FAILED, R::Failed, Nothing),
    ];
    for (state, answer, after, consequence) in table {
        assert_eq!(state.answered(answer), (after, consequence), "{state} {answer:?}");
    }
}

#[test]
fn a_repeated_refund_number_is_the_same_refund_or_refused() {
    let known = Refund { amount: amount(30), status: RefundStatus::Succeeded };
    assert_eq!(paid(100).refund(Some(known), amount(30)), Ok(Refunding::Exists(known)));
    assert_eq!(paid(100).refund(Some(known), amount(31)), Err(Refusal::RefundReused));
}

#[test]
fn only_paid_money_goes_back_and_never_more_than_was_paid() {
    let Ok(Refunding::Begun(part)) = paid(100).refund(None, amount(60)) else { panic!() };
    assert_eq!((part.status, part.left()), (Status::PartiallyRefunded, Fen::new(40)));
    assert_eq!(part.refund(None, amount(41)), Err(Refusal::RefundExceeds { left: Fen::new(40) }));
    let Ok(Refunding::Begun(all)) = part.refund(None, amount(40)) else { panic!() };
    assert_eq!(all.status, Status::Refunded);
    assert_eq!(all.refund(None, amount(1)), Err(Refusal::RefundExceeds { left: Fen::ZERO }));
    assert_eq!(all.restore(amount(40)), Ok(part));
    assert_eq!(all.restore(amount(101)), Err(Refusal::State { state: Status::Refunded }));
    for state in [Status::Created, Status::Pending, Status::Unknown, Status::Failed, Status::Closed] {
        let payment = Payment { status: state, ..paid(100) };
        assert_eq!(payment.refund(None, amount(1)), Err(Refusal::State { state }));
    }
}

#[test]
fn a_handle_is_spent_once_by_its_terminal_for_its_payee_within_two_minutes() {
    let (payee, terminal) = (Payee([1; 16]), [2; 16]);
    let at = Timestamp::from_seconds;
    let handle = Handle { payee, verified_by: terminal, issued_at: at(1000), spent: false };
    let spent = handle.spend(payee, terminal, at(1120), 120).unwrap();
    assert_eq!(spent, Handle { spent: true, ..handle });
    assert_eq!(spent.spend(payee, terminal, at(1001), 120), Err(Refusal::HandleSpent));
    let late = at(1120).as_micros() + 1;
    assert_eq!(handle.spend(payee, terminal, Timestamp::from_micros(late), 120), Err(Refusal::HandleExpired));
    assert_eq!(handle.spend(Payee([9; 16]), terminal, at(1001), 120), Err(Refusal::HandleOtherPayee));
    assert_eq!(handle.spend(payee, [9; 16], at(1001), 120), Err(Refusal::HandleOtherTerminal));
}

#[test]
fn paying_needs_level_two() {
    assert_eq!([1, 2].map(check_level), [Err(Refusal::LevelTwoRequired), Ok(())]);
}

#[test]
fn a_refund_is_in_time_on_the_last_day_and_not_after() {
    let day = BusinessDate::from_days;
    assert_eq!(check_refund_window(day(10), day(375), 365), Ok(()));
    assert_eq!(check_refund_window(day(10), day(376), 365), Err(Refusal::RefundTooLate { until: day(375) }));
}

#[test]
fn limits_include_their_own_figure() {
    let limits = Limits { per_payment: Some(amount(50)), per_day: Some(amount(80)) };
    assert_eq!(limits.check(amount(50), Fen::new(30)), Ok(()));
    assert_eq!(limits.check(amount(51), Fen::ZERO), Err(Refusal::OverPaymentLimit { limit: Fen::new(50) }));
    assert_eq!(limits.check(amount(50), Fen::new(31)), Err(Refusal::OverDayLimit { limit: Fen::new(80) }));
    assert_eq!(
        limits.check(amount(50), Fen::new(i64::MAX)),
        Err(Refusal::OverDayLimit { limit: Fen::new(80) })
    );
    assert_eq!(Limits::default().check(amount(i64::MAX), Fen::ZERO), Ok(()));
}

#[test]
fn numbers_are_plain_and_the_bank_is_asked_ever_less_often() {
    for (text, plain) in
        [("A-1_b.9", true), ("", false), ("a b", false), ("a,b", false), ("订单", false), ("=1", false)]
    {
        assert_eq!(text.parse::<Number>().is_ok(), plain, "{text}");
    }
    assert!("x".repeat(64).parse::<Number>().is_ok() && "x".repeat(65).parse::<Number>().is_err());
    assert!((0..9).map(query_delay_seconds).is_sorted());
}

proptest! {
    #[test]
    fn refunds_in_any_order_with_any_failures_keep_the_sum(
        total in 1_i64..1000,
        steps in proptest::collection::vec((1_i64..400, any::<bool>()), 0..40),
    ) {
        let mut payment = paid(total);
        let mut standing: Vec<Amount> = Vec::new();
        for (fen, fails) in steps {
            match standing.pop() {
                Some(last) if fails => payment = payment.restore(last).unwrap(),
                last => {
                    standing.extend(last);
                    if let Ok(Refunding::Begun(after)) = payment.refund(None, amount(fen)) {
                        payment = after;
                        standing.push(amount(fen));
                    }
                }
            }
            let sum: i64 = standing.iter().map(|amount| amount.get()).sum();
            prop_assert_eq!(payment.refunded, Fen::new(sum));
            prop_assert!(sum <= total);
            let expected = match sum {
                0 => Status::Succeeded,
                _ if sum == total => Status::Refunded,
                _ => Status::PartiallyRefunded,
            };
            prop_assert_eq!(payment.status, expected);
        }
    }
}
