//! The engine against a model that keeps nothing but the list of applied transfers and adds everything up
//! anew.

use super::{
    Account, AccountKind, Applied, Book, Outcome, PendingState, Purpose, Refusal, Transfer, TransferKind,
    plan,
};
use crate::id::{AccountId, TransferId};
use crate::money::{Amount, Fen};
use crate::time::Timestamp;
use proptest::prelude::*;

const LIMIT: i128 = 300;

fn account(number: u8) -> AccountId {
    AccountId::from_bytes([number; 16])
}

fn id(number: u8) -> TransferId {
    TransferId::from_bytes([number; 16])
}

fn amount(fen: i64) -> Amount {
    Amount::new(fen).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

/// Eight accounts, one of each kind; number `i` is `AccountKind::ALL[i]`, number 0 is clearing.
fn book() -> Book {
    let mut book = Book::default();
    for (number, kind) in (0_u8..).zip(AccountKind::ALL.iter().copied()) {
        book.put_account(match kind {
            AccountKind::BankClearing => Account::clearing(account(number), Fen::new(300)),
            _ => Account::new(account(number), kind),
        });
    }
    book
}

#[derive(Clone, Default)]
struct Model(Vec<Transfer>);

impl Model {
    fn decision(&self, of: TransferId) -> Option<&Transfer> {
        self.0.iter().find(|transfer| transfer.kind.of() == Some(of))
    }

    fn room(&self, number: u8) -> i128 {
        let this = account(number);
        let (mut own, mut promised, mut drawn) = (0, 0, 0);
        for transfer in &self.0 {
            let fen = i128::from(transfer.amount.get());
            let open = transfer.kind == TransferKind::Pending && self.decision(transfer.id).is_none();
            let posted = matches!(transfer.kind, TransferKind::Posted | TransferKind::Post { .. });
            let fills = if number == 0 { transfer.debit } else { transfer.credit } == this;
            let draws = if number == 0 { transfer.credit } else { transfer.debit } == this;
            own += if fills && posted { fen } else { 0 };
            promised += if fills && open { fen } else { 0 };
            drawn += if draws && (posted || open) { fen } else { 0 };
        }
        let counted =
            if AccountKind::ALL[usize::from(number)] == AccountKind::Transit { promised } else { 0 };
        own + counted - drawn + if number == 0 { LIMIT } else { 0 }
    }

    fn accepts(&self, transfer: &Transfer) -> bool {
        let fits = match transfer.kind.of() {
            None => true,
            Some(of) => self.0.iter().any(|pending| {
                let exact =
                    matches!(transfer.kind, TransferKind::Post { .. }) || pending.amount == transfer.amount;
                pending.id == of
                    && pending.kind == TransferKind::Pending
                    && self.decision(of).is_none()
                    && (pending.debit, pending.credit) == (transfer.debit, transfer.credit)
                    && transfer.amount <= pending.amount
                    && exact
            }),
        };
        let mut after = self.clone();
        after.0.push(*transfer);
        let numbers = 0..8;
        fits && transfer.debit != transfer.credit && numbers.into_iter().all(|n| after.room(n) >= 0)
    }

    fn apply(&mut self, chain: &[Transfer]) -> bool {
        let mut after = self.clone();
        for transfer in chain {
            if after.0.iter().any(|known| known.id == transfer.id) || !after.accepts(transfer) {
                return false;
            }
            after.0.push(*transfer);
        }
        let closed = chain.last().is_some_and(|last| !last.linked);
        if closed {
            *self = after;
        }
        closed
    }
}

/// Transfers of which many draw on clearing, the only account that holds something from the start.
fn transfer() -> impl Strategy<Value = Transfer> {
    let debit = prop_oneof![Just(0_u8), 0_u8..8];
    (0_u8..120, 0_u8..8, any::<u8>(), debit, 0_u8..8, 1_i64..60, proptest::bool::weighted(0.2)).prop_map(
        |(number, kind, of, debit, credit, fen, linked)| {
            let kind = match kind {
                0..=2 => TransferKind::Posted,
                3..=4 => TransferKind::Pending,
                5 => TransferKind::Post { of: id(of % 120) },
                6 => TransferKind::Void { of: id(of % 120) },
                _ => TransferKind::Expire { of: id(of % 120) },
            };
            let [debit, credit] = [account(debit), account(credit)];
            let (id, amount, code) = (id(number), amount(fen), Purpose::Payment);
            Transfer { id, kind, debit, credit, amount, linked, code, at: at(0) }
        },
    )
}

/// Batches in which decisions mostly fit a pending transfer that comes before them, so that many are accepted.
fn batch() -> impl Strategy<Value = Vec<Transfer>> {
    proptest::collection::vec((transfer(), proptest::bool::weighted(0.9)), 1..80).prop_map(|drawn| {
        let mut batch: Vec<Transfer> = Vec::new();
        for (transfer, fit) in drawn {
            let fitted = transfer.kind.of().filter(|_| fit).map(|of| fit_to_pending(transfer, of, &batch));
            batch.push(fitted.unwrap_or(transfer));
        }
        batch
    })
}

/// A decision as `drawn`, on one of the pending transfers of `batch`; a posted transfer if there is none.
fn fit_to_pending(drawn: Transfer, of: TransferId, batch: &[Transfer]) -> Transfer {
    let pendings: Vec<_> = batch.iter().filter(|known| known.kind == TransferKind::Pending).collect();
    let pick = usize::from(of.as_bytes()[0]).checked_rem(pendings.len());
    let Some(pending) = pick.map(|pick| pendings[pick]) else {
        return Transfer { kind: TransferKind::Posted, ..drawn };
    };
    let decision = match drawn.kind {
        TransferKind::Post { .. } => pending.post(drawn.id, drawn.amount.min(pending.amount), at(1)),
        TransferKind::Void { .. } => pending.void(drawn.id, at(1)),
        _ => pending.expire(drawn.id, at(1)),
    };
    Transfer { linked: drawn.linked, ..decision }
}

fn chains(batch: &[Transfer]) -> Vec<&[Transfer]> {
    batch.split_inclusive(|transfer| !transfer.linked).collect()
}

fn check_invariants(book: &Book) {
    let mut sums = [0_i128; 4];
    for account in book.accounts() {
        let counters =
            [account.debits.posted, account.credits.posted, account.debits.pending, account.credits.pending];
        for (sum, counter) in sums.iter_mut().zip(counters) {
            assert!(!counter.is_negative(), "{account:?}");
            *sum += i128::from(counter.get());
        }
        assert!(account.headroom() >= 0, "below its floor: {account:?}");
    }
    assert_eq!((sums[0], sums[2]), (sums[1], sums[3]), "debits equal credits");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_engine_agrees_with_the_model_and_keeps_its_invariants(batch in batch()) {
        let (mut book, mut model) = (book(), Model::default());
        for chain in chains(&batch) {
            let applied = model.apply(chain);
            let outcomes = book.apply(chain);
            let all_new = outcomes.iter().all(|outcome| *outcome == Ok(Applied::New));
            prop_assert_eq!(applied, all_new, "{:?} {:?}", chain, outcomes);
            let none_new = outcomes.iter().all(|outcome| *outcome != Ok(Applied::New));
            prop_assert!(all_new || none_new, "{:?}", outcomes);
            check_invariants(&book);
            for number in 0..8 {
                prop_assert_eq!(book.account(account(number)).unwrap().headroom(), model.room(number));
            }
        }
        prop_assert_eq!(book.take_changes().transfers.len(), model.0.len());
    }

    #[test]
    fn a_batch_is_the_same_as_its_chains_one_by_one(batch in batch()) {
        let (mut whole, mut parts) = (book(), book());
        let outcomes = whole.apply(&batch);
        let singly: Vec<Outcome> = chains(&batch).into_iter().flat_map(|chain| parts.apply(chain)).collect();
        prop_assert_eq!(outcomes, singly);
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn what_took_effect_takes_effect_once_whatever_prefix_is_repeated(batch in batch(), cut in 0_usize..80) {
        let mut book = book();
        let first = book.apply(&batch);
        let applied: Vec<Transfer> = batch
            .iter()
            .zip(&first)
            .filter(|(_, outcome)| **outcome == Ok(Applied::New))
            .map(|(transfer, _)| *transfer)
            .collect();
        let before = book.clone();
        let again = book.apply(&applied[..cut.min(applied.len())]);
        prop_assert_eq!(&book, &before);
        prop_assert!(again.iter().all(|outcome| *outcome != Ok(Applied::New)));
        let all_again = book.apply(&applied);
        prop_assert!(all_again.iter().all(|outcome| *outcome == Ok(Applied::Exists)));
        prop_assert_eq!(book, before);
    }
}

fn seeded() -> Book {
    let mut book = book();
    let top_up = plan::top_up(id(200), account(0), account(1), amount(100), at(0));
    assert_eq!(book.apply(&[top_up]), [Ok(Applied::New)]);
    book
}

fn pay(number: u8, fen: i64) -> Transfer {
    plan::pay_prepaid(id(number), account(1), account(3), amount(fen), at(1))
}

#[test]
fn every_refusal_of_a_single_transfer_has_its_name() {
    let mut book = seeded();
    let hold = plan::pending(id(1), [account(1), account(3)], amount(60), Purpose::Payment, at(1));
    let [posted, voided, expired] = [2, 3, 4]
        .map(|n| plan::pending(id(n), [account(1), account(3)], amount(10), Purpose::Payment, at(1)));
    let decisions =
        [posted.post(id(12), amount(5), at(2)), voided.void(id(13), at(2)), expired.expire(id(14), at(2))];
    let done = book.apply(&[&[hold, posted, voided, expired], decisions.as_slice()].concat());
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let huge = Transfer { debit: account(0), credit: account(1), ..pay(50, i64::MAX) };
    let to = |number: u8, transfer: Transfer| Transfer { credit: account(number), ..transfer };
    let table = [
        (Transfer { amount: amount(61), ..hold }, Refusal::ExistsWithDifferent { field: "amount" }),
        (Transfer { kind: TransferKind::Posted, ..hold }, Refusal::ExistsWithDifferent { field: "kind" }),
        (Transfer { debit: account(2), ..hold }, Refusal::ExistsWithDifferent { field: "debit" }),
        (to(2, hold), Refusal::ExistsWithDifferent { field: "credit" }),
        (Transfer { code: Purpose::Fee, ..hold }, Refusal::ExistsWithDifferent { field: "code" }),
        (to(1, pay(50, 1)), Refusal::SameAccount),
        (to(99, pay(50, 1)), Refusal::UnknownAccount),
        (pay(50, 36), Refusal::Overdraft),
        (plan::payout(id(50), account(4), account(0), amount(1), at(1)), Refusal::Overdraft),
        (huge, Refusal::Overflow),
        (Transfer { id: id(99), ..hold }.void(id(50), at(2)), Refusal::PendingNotFound),
        (to(2, hold.void(id(50), at(2))), Refusal::PendingDiffers { field: "credit" }),
        (
            Transfer { debit: account(2), ..hold.void(id(50), at(2)) },
            Refusal::PendingDiffers { field: "debit" },
        ),
        (
            Transfer { amount: amount(59), ..hold.void(id(50), at(2)) },
            Refusal::PendingDiffers { field: "amount" },
        ),
        (hold.post(id(50), amount(61), at(2)), Refusal::AmountExceeds),
        (posted.void(id(50), at(2)), Refusal::AlreadyPosted),
        (voided.post(id(50), amount(1), at(2)), Refusal::AlreadyVoided),
        (expired.expire(id(50), at(2)), Refusal::AlreadyExpired),
        (pay(50, 1).linked(), Refusal::LinkedChainOpen),
    ];
    for (transfer, refusal) in table {
        let before = book.clone();
        assert_eq!(book.apply(&[transfer]), [Err(refusal)], "{transfer:?}");
        assert_eq!(book, before, "a refused transfer leaves no trace");
    }
    assert_eq!(book.apply(&[Transfer { at: at(9), ..hold }]), [Ok(Applied::Exists)]);
    assert_eq!(book.pending(id(3)).unwrap().state, PendingState::Voided);
}

#[test]
fn clearing_may_be_drawn_to_its_limit_and_no_further() {
    let mut book = book();
    let route = |number, fen| {
        plan::posted(id(number), [account(6), account(0)], amount(fen), Purpose::Correction, at(0))
    };
    book.put_account(Account { floor: Fen::new(-1000), ..Account::new(account(6), AccountKind::Suspense) });
    assert_eq!(book.apply(&[route(1, 300)]), [Ok(Applied::New)]);
    assert_eq!(book.apply(&[route(2, 1)]), [Err(Refusal::Limit)]);
    assert_eq!(book.account(account(0)).unwrap().balance(), Fen::new(-300));
}

#[test]
fn a_bank_payment_is_held_then_posted_or_given_back_as_a_whole() {
    let route = plan::BankRoute { clearing: account(0), transit: account(2), payee: account(3) };
    let held = plan::hold_bank([id(1), id(2)], route, amount(80), at(1));
    let mut book = book();
    assert_eq!(book.apply(&held), [Ok(Applied::New); 2]);
    assert_eq!(
        book.apply(&[held[0].void(id(9), at(2))]),
        [Err(Refusal::Overdraft)],
        "the second leg draws on it"
    );
    let mut paid = book.clone();
    assert_eq!(paid.apply(&plan::post_bank([id(3), id(4)], &held, at(2))), [Ok(Applied::New); 2]);
    assert_eq!([0, 2, 3].map(|n| paid.account(account(n)).unwrap().balance().get()), [80, 0, 80]);
    let mut expired = book.clone();
    assert_eq!(expired.apply(&plan::expire_bank([id(5), id(6)], &held, at(2))), [Ok(Applied::New); 2]);
    assert_eq!(book.apply(&plan::void_bank([id(5), id(6)], &held, at(2))), [Ok(Applied::New); 2]);
    for released in [&book, &expired] {
        assert_eq!([0, 2, 3].map(|n| released.account(account(n)).unwrap().headroom()), [LIMIT, 0, 0]);
    }
    let late = plan::post_bank([id(3), id(4)], &held, at(3));
    assert_eq!(book.apply(&late), [Err(Refusal::AlreadyVoided), Err(Refusal::LinkedFailed)]);
    assert_eq!(expired.apply(&late), [Err(Refusal::AlreadyExpired), Err(Refusal::LinkedFailed)]);
    let suspended = plan::late_answer(id(7), account(0), account(6), amount(80), at(3));
    assert_eq!(book.apply(&[suspended]), [Ok(Applied::New)]);
}

#[test]
fn a_chain_fails_as_one_and_names_its_culprit() {
    let mut book = seeded();
    let before = book.clone();
    let chain = [pay(1, 40).linked(), pay(2, 61).linked(), pay(3, 1)];
    assert_eq!(
        book.apply(&chain),
        [Err(Refusal::LinkedFailed), Err(Refusal::Overdraft), Err(Refusal::LinkedFailed)]
    );
    assert_eq!(book, before);
    assert_eq!(book.apply(&[pay(1, 40), pay(4, 60)]), [Ok(Applied::New); 2]);
}

#[test]
fn changes_name_each_row_once_and_in_order() {
    let mut book = seeded();
    let batch = [pay(9, 10), pay(8, 10)];
    assert_eq!(super::Wanted::by(&batch).transfers, [id(8), id(9)]);
    assert_eq!(super::Wanted::by(&batch).accounts, [account(1), account(3)]);
    book.take_changes();
    book.apply(&batch);
    let changes = book.take_changes();
    assert_eq!(changes.accounts.iter().map(|a| a.id).collect::<Vec<_>>(), [account(1), account(3)]);
    assert_eq!(changes.transfers.iter().map(|t| t.id).collect::<Vec<_>>(), [id(8), id(9)]);
    assert_eq!(book.take_changes(), super::Changes::default());
}
