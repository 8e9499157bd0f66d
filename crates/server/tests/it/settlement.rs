//! The day cut: a batch for each payee, a signed day file, and totals that equal the ledger.

use crate::harness::{Platform, refusal};
use crate::payment::scene::{FEE, Till, pay, payer, till};
use domain::identity::Shard;
use domain::ledger::{AccountKind, Purpose, address, plan};
use domain::money::Amount;
use domain::org::Role;
use domain::settlement::{Batch, Manifest, read};
use domain::time::{BusinessDate, Timestamp};
use gm::sm2::{Signature, VerifyingKey};
use sdk::client::{Acceptance, Staff};
use sdk::types::payment::CreateRefund;
use sdk::types::settlement::{BatchView, CutDay, DayCutView};
use server::ledger::{Posting, Postings};

/// Moves business time to an instant.
fn go_to(platform: &Platform, at: Timestamp, plus_seconds: i64) {
    let now = platform.world().now();
    platform.clock().advance(at.plus_seconds(plus_seconds).as_seconds() - now.as_seconds());
}

fn cut(staff: &Staff, day: BusinessDate) -> Result<DayCutView, sdk::client::Error> {
    staff.cut_day(&CutDay { business_on: day.to_string() })
}

fn batches(staff: &Staff, day: BusinessDate) -> Vec<BatchView> {
    staff.batches(&day.to_string()).map(Result::unwrap).collect()
}

fn refund(till: &Till, payment_id: &str, number: &str, amount_fen: i64) {
    let wish = CreateRefund { refund_no: number.into(), amount_fen, reason: "退货".into() };
    till.terminal.create_refund(payment_id, &wish).unwrap();
}

on_both! {
    fn a_day_is_cut_when_it_is_over_in_beijing_and_not_a_second_before(platform) {
        let operator = platform.operator();
        let till = till(platform);
        let holder = payer(platform, &till, 10_000);
        let day = platform.world().now().business_date().plus_days(1);
        go_to(platform, day.end(), -60);
        let late = pay(&till, &holder, "A-1", 1_000);
        assert_eq!(late.business_on, Some(day.to_string()));
        assert_eq!(refusal(cut(&operator, day)), (409, "settlement.day_open".into()), "23:59");
        go_to(platform, day.end(), 0);
        let next = pay(&till, &holder, "A-2", 2_000);
        assert_eq!(next.business_on, Some(day.plus_days(1).to_string()), "00:00:00 is the next day");
        let view = cut(&operator, day).unwrap();
        assert_eq!((view.batches, view.net_fen, view.balanced), (1, 1_000 - 6, true));
        assert_eq!(cut(&operator, day).unwrap(), view, "cutting it again changes nothing");
        let found = batches(&operator, day);
        assert_eq!((found[0].payments, found[0].paid_fen, found[0].fee_fen), (1, 1_000, 6));
        assert!(batches(&operator, day.plus_days(1)).is_empty());
        assert!(operator.verify_ledger().unwrap().balanced);
    }

    fn days_are_cut_in_order_by_the_operator_alone(platform) {
        let operator = platform.operator();
        let till = till(platform);
        let holder = payer(platform, &till, 10_000);
        let day = platform.world().now().business_date();
        pay(&till, &holder, "A-1", 100);
        platform.clock().advance(86_400);
        pay(&till, &holder, "A-2", 100);
        platform.clock().advance(86_400);
        assert_eq!(refusal(cut(&operator, day.plus_days(1))).1, "settlement.order");
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        assert_eq!(refusal(cut(&clerk, day)).0, 403);
        cut(&operator, day).unwrap();
        cut(&operator, day.plus_days(1)).unwrap();
    }

    fn a_day_file_is_signed_and_adds_up_for_anybody(platform) {
        let (operator, clerk) = (platform.operator(), platform.staff(Role::OperatorClerk, "000000"));
        let (one, two) = (till(platform), till(platform));
        let day = platform.world().now().business_date();
        for (number, fen) in [("A-1", 1_234), ("A-2", 5_000), ("A-3", 70)] {
            let holder = payer(platform, &one, 10_000);
            let paid = pay(&one, &holder, number, fen);
            if fen == 5_000 {
                refund(&one, &paid.payment_id, "R-1", 1_500);
            }
        }
        let holder = payer(platform, &two, 10_000);
        pay(&two, &holder, "A-1", 9_999);
        platform.clock().advance(86_400);
        assert_eq!(cut(&operator, day).unwrap().batches, 2);
        let found = batches(&operator, day);
        let batch = found.iter().find(|batch| batch.payee_id == one.payee.to_string()).unwrap();
        assert_eq!((batch.payments, batch.paid_fen, batch.refunds, batch.refunded_fen), (3, 6_304, 1, 1_500));
        assert_eq!((batch.fee_fen, batch.net_fen), (7 + 30, 6_304 - 1_500 - 37), "0.42 fen are rounded away");
        let file = clerk.day_file(&batch.batch_id).unwrap();
        let manifest = Manifest::read(&file.manifest).unwrap();
        manifest.check(&file.content).unwrap();
        let lines = read(&file.content).unwrap();
        assert_eq!(Batch::of(day, manifest.batch.payee, &lines).unwrap(), manifest.batch);
        assert_eq!((lines.len(), file.rows, file.sum_fen), (4, 4, 6_304 - 1_500));
        let keys = platform.config(platform.world()).platform_keys.data;
        let key = keys.iter().find(|key| key.key_id == file.key_id).unwrap();
        let bytes = |hex: &str| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        let key = VerifyingKey::from_sec1(&bytes(&key.public_key)).unwrap();
        let signature = Signature(bytes(&file.signature).try_into().unwrap());
        assert!(key.verify(file.manifest.as_bytes(), &signature).is_ok());
        let own = platform.staff_of(Role::DepartmentClerk, two.payee);
        assert_eq!(batches(&own, day).len(), 1, "a department sees its own");
        assert_eq!(refusal(own.day_file(&batch.batch_id)).0, 404);
    }

    fn money_is_swept_and_refunds_draw_on_the_swept_account(platform) {
        let operator = platform.operator();
        let till = till(platform);
        let holders: Vec<_> = (0..5).map(|_| payer(platform, &till, 10_000)).collect();
        let day = platform.world().now().business_date();
        let paid: Vec<_> =
            holders.iter().enumerate().map(|(n, holder)| pay(&till, holder, &format!("A-{n}"), 1_000)).collect();
        platform.clock().advance(86_400);
        pay(&till, &holders[0], "B-0", 500);
        // Before the cut of its day the sub-account pays it back, also when the day is over.
        refund(&till, &paid[0].payment_id, "R-0", 1_000);
        cut(&operator, day).unwrap();
        let fee = 5 * 1_000 * FEE / 10_000;
        let balance = |kind: &str| -> i64 {
            let accounts = operator.accounts().map(Result::unwrap);
            let of_kind = |a: &sdk::types::ledger::AccountView| format!("{:?}", a.kind) == kind;
            accounts.filter(of_kind).map(|account| account.balance_fen).sum()
        };
        assert_eq!((balance("Payee"), balance("Settled"), balance("Fee")), (500, 4_000 - fee, fee));
        for (n, paid) in paid.iter().enumerate().skip(1) {
            refund(&till, &paid.payment_id, &format!("R-{n}"), 900);
        }
        assert_eq!(balance("Settled"), 4_000 - fee - 3_600);
        // A payee whose money is gone cannot refund.
        let rest = CreateRefund { refund_no: "R-9".into(), amount_fen: 100, reason: "退货".into() };
        for paid in &paid[1..4] {
            till.terminal.create_refund(&paid.payment_id, &rest).unwrap();
        }
        assert_eq!(refusal(till.terminal.create_refund(&paid[4].payment_id, &rest)).1, "transfer.overdraft");
        platform.clock().advance(86_400);
        let view = cut(&operator, day.plus_days(1)).unwrap();
        assert_eq!(view.net_fen, 500 - 3 - 1_000 - 3_600 - 300, "below zero: more went back than came in");
        assert!(operator.verify_ledger().unwrap().balanced);
    }

    fn books_that_differ_from_the_ledger_are_not_cut(platform) {
        let operator = platform.operator();
        let till = till(platform);
        let holder = payer(platform, &till, 10_000);
        let day = platform.world().now().business_date();
        pay(&till, &holder, "A-1", 1_000);
        platform.clock().advance(86_400);
        // Money that no payment explains.
        let shard = Shard::new(holder.person.shard).unwrap();
        let move_one = |what: &[u8], back: bool| {
            let mut posting = Posting::default();
            let clearing = posting.accounts.platform(shard, AccountKind::BankClearing);
            let payee = posting.accounts.of(shard, AccountKind::Payee, till.payee.as_bytes());
            let accounts = if back { [payee, clearing] } else { [clearing, payee] };
            let (id, at) = (address::transfer(1, shard.get(), &[what]), platform.world().now());
            let amount = Amount::new(1).unwrap();
            posting.transfers.push(plan::posted(id, accounts, amount, Purpose::Correction, at));
            let outcomes = platform.world().db().submit_blocking::<Postings>(shard.get(), posting).unwrap();
            assert!(outcomes[0].is_ok());
        };
        move_one(b"stray", false);
        assert_eq!(refusal(cut(&operator, day)), (409, "settlement.unbalanced".into()));
        assert!(batches(&operator, day).is_empty(), "nothing was changed");
        move_one(b"stray back", true);
        assert!(cut(&operator, day).is_ok());
    }
}
