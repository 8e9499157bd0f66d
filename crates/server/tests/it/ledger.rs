//! The ledger as a whole: whatever happens, its balances are what its transfers say.

use crate::payment::scene::{balance, bank, order, payer, scan, till, work};
use domain::identity::Shard;
use domain::ledger::{AccountKind, Applied, address, plan};
use domain::money::Amount;
use domain::org::Role;
use sdk::client::Acceptance;
use sdk::types::payment::{CreatePayment, CreateRefund, Funding};
use sdk::types::settlement::CutDay;
use server::ledger::{Posting, Postings};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

on_both! {
    fn a_posting_told_twice_moves_money_once_and_a_chain_stands_or_falls(platform) {
        let shard = Shard::new(7).unwrap();
        let mut posting = Posting::default();
        let clearing = posting.accounts.platform(shard, AccountKind::BankClearing);
        let holder = posting.accounts.of(shard, AccountKind::Prepaid, &[1; 16]);
        let payee = posting.accounts.of(shard, AccountKind::Payee, &[2; 16]);
        let (now, fen) = (platform.world().now(), |fen| Amount::new(fen).unwrap());
        let id = |what: &[u8]| address::transfer(1, 7, &[what]);
        posting.transfers = vec![plan::top_up(id(b"in"), clearing, holder, fen(100), now)];
        let post = |posting: &Posting| {
            platform.world().db().submit_blocking::<Postings>(7, posting.clone()).unwrap()
        };
        assert_eq!(post(&posting), [Ok(Applied::New)]);
        assert_eq!(post(&posting), [Ok(Applied::Exists)]);
        let mut chain = posting.clone();
        chain.transfers = vec![
            plan::pay_prepaid(id(b"a"), holder, payee, fen(60), now).linked(),
            plan::pay_prepaid(id(b"b"), holder, payee, fen(60), now),
        ];
        assert!(post(&chain).iter().all(Result::is_err));
        let found = platform.read(move |tx| Ok(store::ledger::find_account(tx, holder)?)).unwrap();
        assert_eq!(found.balance().get(), 100, "neither part of the chain took effect");
    }

    fn many_at_once_are_decided_as_if_each_came_alone(platform) {
        let shard = Shard::new(9).unwrap();
        let (now, one) = (platform.world().now(), Amount::new(1).unwrap());
        let posting = |number: u8, spends: bool| {
            let mut posting = Posting::default();
            let clearing = posting.accounts.platform(shard, AccountKind::BankClearing);
            let holder = posting.accounts.of(shard, AccountKind::Prepaid, &[1; 16]);
            let payee = posting.accounts.of(shard, AccountKind::Payee, &[2; 16]);
            let id = address::transfer(1, 9, &[b"many", &[number, u8::from(spends)]]);
            posting.transfers.push(if spends {
                plan::pay_prepaid(id, holder, payee, one, now)
            } else {
                plan::top_up(id, clearing, holder, one, now)
            });
            posting
        };
        let db = platform.world().db();
        for number in 0..3 {
            db.submit_blocking::<Postings>(9, posting(number, false)).unwrap();
        }
        // Three may be paid; told twice each, every repetition of a success is that success.
        let all: Vec<_> = platform.block_on(async {
            let mut asked = Vec::new();
            for number in (0..8).chain(0..8) {
                let (db, posting) = (db.clone(), posting(number, true));
                let post = async move { db.submit::<Postings>(9, posting).await };
                asked.push((number, tokio::spawn(post)));
            }
            let mut all = Vec::new();
            for (number, post) in asked {
                all.push((number, post.await.unwrap().unwrap()[0]));
            }
            all
        });
        let count = |wanted: Applied| all.iter().filter(|(_, outcome)| *outcome == Ok(wanted)).count();
        assert_eq!((count(Applied::New), count(Applied::Exists)), (3, 3));
        assert_eq!(all.iter().filter(|(_, outcome)| outcome.is_err()).count(), 10);
    }

    fn after_any_mix_of_events_every_balance_is_what_its_transfers_say(platform) {
        let (operator, _simulator) = (platform.operator(), bank(platform));
        let till = till(platform);
        let holders: Vec<_> = (0..4).map(|_| payer(platform, &till, 20_000)).collect();
        let mut dice = Dice(20_261_121);
        let mut paid = Vec::new();
        let amounts = [250, 901, 911, 913, 914, 1_000, 3_000];
        for step in 0..60 {
            let holder = &holders[dice.roll(4)];
            let fen = amounts[dice.roll(7)];
            match dice.roll(10) {
                0..6 => {
                    let funding = if dice.roll(2) == 0 { Funding::Prepaid } else { Funding::Bank };
                    let wanted =
                        CreatePayment { funding, ..order(&till, &format!("M-{step}"), fen, &scan(&till, holder)) };
                    paid.extend(till.terminal.create_payment(&wanted).ok().map(|view| view.payment_id));
                }
                6..8 if !paid.is_empty() => {
                    let id = &paid[dice.roll(paid.len())];
                    let wish = CreateRefund { refund_no: format!("R-{step}"), amount_fen: fen, reason: "退".into() };
                    let _ = till.terminal.create_refund(id, &wish);
                }
                8 => work(platform),
                _ => {
                    platform.clock().advance(40_000);
                    let over = platform.world().now().business_date().plus_days(-1);
                    let _ = operator.cut_day(&CutDay { business_on: over.to_string() });
                }
            }
        }
        for _ in 0..4 {
            platform.clock().advance(4_000);
            work(platform);
        }
        platform.clock().advance(86_400);
        for back in (1..40).rev() {
            let over = platform.world().now().business_date().plus_days(-back);
            operator.cut_day(&CutDay { business_on: over.to_string() }).unwrap();
        }
        let found = operator.verify_ledger().unwrap();
        assert!(found.balanced && found.differing.is_empty(), "{found:?}");
        assert!(paid.len() > 10 && holders.iter().all(|holder| balance(&till, holder) >= 0));
        let clerk = platform.staff(Role::RegionClerk, "330100");
        assert_eq!(crate::harness::refusal(clerk.verify_ledger()).0, 403);
    }
}
