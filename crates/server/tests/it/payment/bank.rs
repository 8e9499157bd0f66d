//! Money from a bank: asked outside the transaction, posted when the bank says so, asked again when it says nothing.

use super::scene::{Till, balance, bank, order, payer, scan, till, work};
use crate::ecard::scene::Holder;
use crate::harness::{Platform, refusal};
use domain::audit::{Block, LogId, Record};
use domain::ledger::{AccountKind, PendingState, address};
use domain::locator::Locator;
use sdk::client::Acceptance;
use sdk::types::payment::{
    ClosePayment, CreatePayment, CreateRefund, Funding, PaymentState, PaymentView, RefundState,
};

fn by_bank(till: &Till, holder: &Holder, order_no: &str, fen: i64) -> PaymentView {
    let wanted = CreatePayment { funding: Funding::Bank, ..order(till, order_no, fen, &scan(till, holder)) };
    till.terminal.create_payment(&wanted).unwrap()
}

/// The posted balance of all accounts of a kind.
fn holds(platform: &Platform, kind: AccountKind) -> i64 {
    let accounts = platform.read(|tx| Ok(store::ledger::list_accounts(tx, None, 10_000)?));
    accounts.iter().filter(|a| a.account.kind == kind).map(|a| a.account.balance().get()).sum()
}

/// No promise is left open anywhere.
fn settled(platform: &Platform) -> bool {
    let accounts = platform.read(|tx| Ok(store::ledger::list_accounts(tx, None, 10_000)?));
    accounts.iter().all(|a| a.account.debits.pending.get() == 0 && a.account.credits.pending.get() == 0)
}

/// Lets the bank be asked once more.
fn asked_again(platform: &Platform, kind: &'static str, subject: &str) {
    let (subject, now) = (subject.to_owned(), platform.world().now());
    platform.write(move |tx| server::job::enqueue(tx, kind, &subject, now));
    work(platform);
}

/// What has become of the two promises of a bank payment.
fn promises(platform: &Platform, payment_id: &str) -> [PendingState; 2] {
    let Locator { bucket, shard, id } = Locator::parse(Locator::PAYMENT, payment_id).unwrap();
    let ids = ["hold 1", "hold 2"]
        .map(|what| address::transfer(bucket, shard, &[b"payment\n", &id, what.as_bytes()]));
    platform.write(move |tx| {
        let found = store::ledger::lock_pendings(tx, &ids)?;
        Ok([0, 1].map(|place: usize| found[place].unwrap().state))
    })
}

/// The actions of all records of the trail.
fn told(platform: &Platform) -> Vec<String> {
    let rows = platform.read(|tx| Ok(store::audit::list_blocks(tx, &[], 0, 100_000)?));
    let blocks = rows.into_iter().map(|row| Block {
        log: LogId(row.log),
        first: 0,
        records: row.records,
        leaves: row.leaves.as_chunks().0.to_vec(),
        frontier: row.frontier,
    });
    let actions = blocks.flat_map(|block| {
        let encoded = block.encoded_records().unwrap();
        encoded.into_iter().map(|one| Record::decode(one).unwrap().action.to_string()).collect::<Vec<_>>()
    });
    actions.collect()
}

on_both! {
    fn a_bank_payment_is_held_asked_for_and_posted(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let held = by_bank(&till, &holder, "A-1", 1_000);
        assert_eq!((held.state, held.paid_at.clone()), (PaymentState::Pending, None));
        assert!(!settled(platform));
        work(platform);
        let paid = till.terminal.payment(&held.payment_id).unwrap();
        assert_eq!(paid.state, PaymentState::Paid);
        assert!(settled(platform));
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::BankClearing)), (1_000, 1_000));
        let back = CreateRefund { refund_no: "R-1".into(), amount_fen: 300, reason: "退货".into() };
        assert_eq!(till.terminal.create_refund(&paid.payment_id, &back).unwrap().state, RefundState::Pending);
        work(platform);
        assert_eq!(till.terminal.create_refund(&paid.payment_id, &back).unwrap().state, RefundState::Refunded);
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::BankClearing)), (700, 700));
    }

    fn a_bank_that_declines_leaves_nothing_held(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        for (fen, failure) in [(1_901, "bank.insufficient_funds"), (1_902, "bank.declined"), (1_903, "bank.over_limit"),
            (1_904, "bank.unavailable")]
        {
            let held = by_bank(&till, &holder, &format!("A-{fen}"), fen);
            work(platform);
            let failed = till.terminal.payment(&held.payment_id).unwrap();
            assert_eq!((failed.state, failed.failure_code.as_deref()), (PaymentState::Failed, Some(failure)));
        }
        assert!(settled(platform));
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::BankClearing)), (0, 0));
    }

    fn a_time_out_is_unknown_until_the_bank_names_it(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let [moved, lost, slow, refused] =
            [1_911, 1_912, 1_913, 1_914].map(|fen| by_bank(&till, &holder, &format!("A-{fen}"), fen).payment_id);
        work(platform);
        let state = |id: &str| till.terminal.payment(id).unwrap().state;
        for id in [&moved, &lost, &slow, &refused] {
            assert_eq!(state(id), PaymentState::Unknown, "no failure and no success without the bank's word");
        }
        platform.clock().advance(6);
        work(platform);
        assert_eq!((state(&moved), state(&lost), state(&slow)), (PaymentState::Paid, PaymentState::Unknown, PaymentState::Unknown));
        platform.clock().advance(20);
        work(platform);
        assert_eq!((state(&slow), state(&refused)), (PaymentState::Paid, PaymentState::Failed));
        assert_eq!(state(&lost), PaymentState::Unknown, "not known to the bank yet is not refused");
        platform.clock().advance(3_700);
        work(platform);
        assert_eq!(state(&lost), PaymentState::Failed, "believed once it is old enough");
        assert!(settled(platform));
        assert_eq!(simulator.moved_fen(), holds(platform, AccountKind::BankClearing));
    }

    fn an_answer_that_comes_too_late_goes_to_suspense_and_back(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let held = by_bank(&till, &holder, "A-1", 1_915);
        work(platform);
        platform.clock().advance(16 * 60);
        work(platform);
        let failed = || till.terminal.payment(&held.payment_id).unwrap().state == PaymentState::Failed;
        assert!(failed() && settled(platform));
        assert_eq!(holds(platform, AccountKind::Suspense), 0);
        // The bank carries it out after all: the control question finds out, and the money goes back.
        platform.clock().advance(3_600);
        work(platform);
        assert!(failed(), "the payee gets nothing");
        let actions = platform.read(|tx| Ok(store::ledger::list_accounts(tx, None, 10_000)?));
        let through = actions.iter().filter(|a| a.account.kind == AccountKind::Suspense);
        assert_eq!(through.map(|a| a.account.credits.posted.get()).sum::<i64>(), 1_915);
        assert_eq!((holds(platform, AccountKind::Suspense), holds(platform, AccountKind::Payee)), (0, 0));
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::BankClearing)), (0, 0));
    }

    fn an_answer_given_twice_counts_once(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let held = by_bank(&till, &holder, "A-1", 1_000);
        work(platform);
        let (name, now) = (held.payment_id.clone(), platform.world().now());
        platform.write(move |tx| {
            server::job::enqueue(tx, "bank.query", &name, now)?;
            server::job::enqueue(tx, "bank.debit", &name, now)
        });
        work(platform);
        assert_eq!(till.terminal.payment(&held.payment_id).unwrap().state, PaymentState::Paid);
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::Payee)), (1_000, 1_000));
    }

    /// A worker was slow, its lease ran out and another asked too: the bank is asked twice, and answers twice.
    fn a_bank_that_answers_twice_moves_the_money_once(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let held = by_bank(&till, &holder, "A-1", 1_000);
        let back = CreateRefund { refund_no: "R-1".into(), amount_fen: 400, reason: "退货".into() };
        let wish = holder.device.create_top_up("T-1", 2_000).unwrap();
        let topped = till.client.create_top_up(&wish).unwrap().top_up_id;
        for _ in 0..2 {
            asked_again(platform, "bank.debit", &held.payment_id);
            asked_again(platform, "bank.query", &held.payment_id);
            asked_again(platform, "bank.debit", &topped);
            asked_again(platform, "bank.query", &topped);
        }
        till.terminal.create_refund(&held.payment_id, &back).unwrap();
        for _ in 0..2 {
            asked_again(platform, "bank.refund", &format!("{}/R-1", held.payment_id));
            asked_again(platform, "bank.query", &format!("{}/R-1", held.payment_id));
        }
        let paid = till.terminal.payment(&held.payment_id).unwrap();
        assert_eq!((paid.state, paid.refunded_fen), (PaymentState::Paid, 400));
        assert_eq!((holds(platform, AccountKind::Payee), balance(&till, &holder)), (600, 2_000));
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::BankClearing)), (2_600, 2_600));
        assert!(settled(platform) && told(platform).iter().all(|action| !action.ends_with("contradicted")));
    }

    /// Nobody but people can know which of two answers is true: the books stay, and the contradiction is on record.
    fn a_bank_that_contradicts_itself_moves_nothing_and_is_on_record(platform) {
        let (till, _simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let paid = by_bank(&till, &holder, "A-1", 5_916);
        let wish = holder.device.create_top_up("T-1", 1_916).unwrap();
        let topped = till.client.create_top_up(&wish).unwrap().top_up_id;
        work(platform);
        let back = |number: &str, amount_fen| {
            let wish = CreateRefund { refund_no: number.into(), amount_fen, reason: "退货".into() };
            till.terminal.create_refund(&paid.payment_id, &wish).unwrap().state
        };
        back("R-1", 916);
        back("R-2", 917);
        work(platform);
        assert_eq!((back("R-1", 916), back("R-2", 917)), (RefundState::Refunded, RefundState::Failed));
        let books = || {
            let kinds = [AccountKind::BankClearing, AccountKind::Payee, AccountKind::Prepaid, AccountKind::Suspense];
            kinds.map(|kind| holds(platform, kind))
        };
        let before = (books(), till.terminal.payment(&paid.payment_id).unwrap());
        assert!(told(platform).iter().all(|action| !action.ends_with("contradicted")));
        for subject in [&paid.payment_id, &topped, &format!("{}/R-1", paid.payment_id), &format!("{}/R-2", paid.payment_id)] {
            asked_again(platform, "bank.query", subject);
        }
        assert_eq!((books(), till.terminal.payment(&paid.payment_id).unwrap()), before);
        assert_eq!((back("R-1", 916), back("R-2", 917)), (RefundState::Refunded, RefundState::Failed));
        assert!(settled(platform));
        let told = told(platform);
        for (action, times) in [("payment.contradicted", 1), ("refund.contradicted", 2), ("topup.contradicted", 1)] {
            assert_eq!(told.iter().filter(|one| **one == action).count(), times, "{action}");
        }
    }

    /// The worker that was to ask the bank died; by the time another takes its job up, the payment's time is over.
    fn a_payment_about_which_nobody_asked_in_its_time_expires(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let held = by_bank(&till, &holder, "A-1", 1_000);
        let (id, later) = (held.payment_id.clone(), platform.world().now().plus_seconds(3_600).as_micros());
        platform.write(move |tx| {
            let job = store::job::find(tx, "bank.debit", &id)?.unwrap();
            assert!(store::job::lease(tx, &job, later)?);
            Ok(())
        });
        let state = || till.terminal.payment(&held.payment_id).unwrap().state;
        platform.clock().advance(15 * 60 - 1);
        work(platform);
        assert_eq!((state(), settled(platform)), (PaymentState::Pending, false));
        platform.clock().advance(1);
        work(platform);
        assert_eq!((state(), settled(platform)), (PaymentState::Closed, true));
        assert_eq!(promises(platform, &held.payment_id), [PendingState::Expired; 2]);
        platform.clock().advance(3_600);
        work(platform);
        assert_eq!((state(), simulator.moved_fen()), (PaymentState::Closed, 0), "nobody is asked any more");
        assert!(told(platform).contains(&"payment.expired".to_owned()));

        let closed = by_bank(&till, &holder, "A-2", 1_000);
        till.terminal.close_payment(&closed.payment_id, &ClosePayment { reason: None }).unwrap();
        assert_eq!(promises(platform, &closed.payment_id), [PendingState::Voided; 2], "what is closed is void");
        let posted = by_bank(&till, &holder, "A-3", 1_000);
        assert_eq!(promises(platform, &posted.payment_id), [PendingState::Pending; 2]);
        work(platform);
        assert_eq!(promises(platform, &posted.payment_id), [PendingState::Posted; 2]);
    }

    fn a_refund_the_bank_refuses_can_be_made_again(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let paid = by_bank(&till, &holder, "A-1", 5_000);
        work(platform);
        let back = |number: &str, amount_fen| {
            let wish = CreateRefund { refund_no: number.into(), amount_fen, reason: "退货".into() };
            till.terminal.create_refund(&paid.payment_id, &wish)
        };
        back("R-1", 1_902).unwrap();
        assert_eq!(till.terminal.payment(&paid.payment_id).unwrap().refunded_fen, 1_902);
        work(platform);
        assert_eq!(back("R-1", 1_902).unwrap().state, RefundState::Failed);
        assert_eq!(till.terminal.payment(&paid.payment_id).unwrap().refunded_fen, 0);
        back("R-2", 5_000).unwrap();
        work(platform);
        assert_eq!(back("R-2", 5_000).unwrap().state, RefundState::Refunded);
        assert_eq!((simulator.moved_fen(), holds(platform, AccountKind::Payee)), (0, 0));
        assert!(settled(platform));
    }

    fn a_payment_is_closed_only_before_the_bank_is_asked(platform) {
        let (till, _simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let close = |id: &str| till.terminal.close_payment(id, &ClosePayment { reason: None });
        let early = by_bank(&till, &holder, "A-1", 1_000);
        assert_eq!(close(&early.payment_id).unwrap().state, PaymentState::Closed);
        assert!(close(&early.payment_id).unwrap().replayed && settled(platform));
        work(platform);
        assert_eq!(till.terminal.payment(&early.payment_id).unwrap().state, PaymentState::Closed, "nobody was asked");
        let paid = by_bank(&till, &holder, "A-2", 1_000);
        work(platform);
        assert_eq!(refusal(close(&paid.payment_id)), (409, "payment.state".into()));
    }

    fn a_top_up_moves_money_from_the_bank_to_the_prepaid_account(platform) {
        let (till, simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        let wish = holder.device.create_top_up("T-1", 2_000).unwrap();
        assert_eq!(till.client.create_top_up(&wish).unwrap().state, PaymentState::Pending);
        assert_eq!(balance(&till, &holder), 0);
        work(platform);
        let done = till.client.create_top_up(&wish).unwrap();
        assert_eq!((done.state, done.balance_fen, done.replayed), (PaymentState::Paid, Some(2_000), true));
        let lacking = holder.device.create_top_up("T-2", 1_901).unwrap();
        till.client.create_top_up(&lacking).unwrap();
        work(platform);
        let failed = till.client.create_top_up(&lacking).unwrap();
        assert_eq!((failed.state, failed.failure_code.as_deref()), (PaymentState::Failed, Some("bank.insufficient_funds")));
        assert_eq!((balance(&till, &holder), simulator.moved_fen()), (2_000, 2_000));
    }

    /// What came to nothing uses nothing up: the day's limit is there for what does not.
    fn a_payment_that_failed_or_was_closed_gives_the_days_limit_back(platform) {
        let (till, _simulator) = (till(platform), bank(platform));
        let holder = payer(platform, &till, 0);
        for place in 0..6 {
            let held = by_bank(&till, &holder, &format!("A-{place}"), 999_902);
            work(platform);
            assert_eq!(till.terminal.payment(&held.payment_id).unwrap().state, PaymentState::Failed);
        }
        for place in 0..6 {
            let held = by_bank(&till, &holder, &format!("B-{place}"), 1_000_000);
            let request = ClosePayment { reason: Some("顾客取消".into()) };
            let closed = till.terminal.close_payment(&held.payment_id, &request).unwrap();
            assert_eq!(closed.state, PaymentState::Closed);
        }
        for place in 0..5 {
            by_bank(&till, &holder, &format!("C-{place}"), 1_000_000);
        }
        let over = CreatePayment { funding: Funding::Bank, ..order(&till, "C-5", 1, &scan(&till, &holder)) };
        let outcome = till.terminal.create_payment(&over);
        assert_eq!(refusal(outcome).1, "payment.over_day_limit", "50,000 are under way");
    }
}
