//! Payments by handle: from the order to the posted transfer in one request, once.

use super::scene::{balance, fund, order, pay, payer, scan, till};
use crate::ecard::scene::move_card;
use crate::harness::{CallerHandle, HANGZHOU, refusal};
use domain::card::Phase;
use domain::org::OrgKind;
use sdk::client::{Acceptance, Call, Terminal as Client};
use sdk::types::payment::{CreatePayment, PaymentSource, PaymentState, PaymentView};

fn code<T>(outcome: Result<T, sdk::client::Error>) -> String {
    refusal(outcome).1
}

on_both! {
    fn an_order_is_posted_in_one_request_and_can_be_read_again(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 5_000);
        let paid = pay(&till, &holder, "A-1", 1_200);
        assert_eq!((paid.state, paid.amount_fen, paid.refunded_fen, paid.replayed), (PaymentState::Paid, 1_200, 0, false));
        assert_eq!(paid.business_on.as_deref(), Some(platform.world().now().business_date().to_string().as_str()));
        assert_eq!(balance(&till, &holder), 3_800);
        assert_eq!(till.terminal.payment(&paid.payment_id).unwrap(), paid);
        assert_eq!(till.terminal.payment_of_order("A-1").unwrap(), paid, "the payee is the terminal's own");
        let neighbour = platform.terminal(HANGZHOU).terminal();
        assert_eq!(refusal(neighbour.payment(&paid.payment_id)).0, 404, "another department's terminal");
        assert_eq!(refusal(till.terminal.payment_of_order("A-2")).0, 404);
    }

    fn the_same_request_is_answered_again_and_moves_money_once(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 5_000);
        let wanted = order(&till, "A-1", 1_000, &scan(&till, &holder));
        let keyed = |body: &CreatePayment| Call::post("/api/v1/payments", body).unwrap().keyed("K-1");
        let first: PaymentView = till.terminal.client().send(&keyed(&wanted)).unwrap();
        let again: PaymentView = till.terminal.client().send(&keyed(&wanted)).unwrap();
        assert!(again.replayed);
        assert_eq!(PaymentView { replayed: false, ..again }, first);
        let more = CreatePayment { amount_fen: 1_001, ..wanted.clone() };
        assert_eq!(refusal(till.terminal.client().send::<PaymentView>(&keyed(&more))), (422, "idempotency.mismatch".into()));
        let other = CreatePayment { order_no: "A-2".into(), ..wanted.clone() };
        assert_eq!(refusal(till.terminal.client().send::<PaymentView>(&keyed(&other))), (422, "idempotency.mismatch".into()));
        // Under another key the same order is the same payment, even by a fresh handle of the same holder.
        assert!(till.terminal.create_payment(&wanted).unwrap().replayed);
        let rescanned = order(&till, "A-1", 1_000, &scan(&till, &holder));
        assert_eq!(till.terminal.create_payment(&rescanned).unwrap().payment_id, first.payment_id);
        assert_eq!(code(till.terminal.create_payment(&CreatePayment { amount_fen: 999, ..rescanned })), "payment.order_reused");
        let stranger = payer(platform, &till, 5_000);
        let theirs = order(&till, "A-1", 1_000, &scan(&till, &stranger));
        assert_eq!(code(till.terminal.create_payment(&theirs)), "payment.order_reused");
        assert_eq!((balance(&till, &holder), balance(&till, &stranger)), (4_000, 5_000));
    }

    /// A key belongs to its order and its handle: with another of either it is refused, whichever comes first.
    fn a_key_with_another_order_or_another_handle_is_refused(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 50_000);
        let send = |client: &Client, key: &str, body: &CreatePayment| {
            let call = Call::post("/api/v1/payments", body).unwrap();
            refusable(client.client().send::<PaymentView>(&call.keyed(key)))
        };
        let mismatch = || Err((422, "idempotency.mismatch".to_owned()));
        for turn in 0..2 {
            for what in ["order", "handle"] {
                let key = format!("{what}-{turn}");
                let one = order(&till, &key, 100, &scan(&till, &holder));
                let two = if what == "order" {
                    CreatePayment { order_no: format!("{key}-other"), ..one.clone() }
                } else {
                    order(&till, &key, 100, &scan(&till, &holder))
                };
                let (first, second) = if turn == 0 { (&one, &two) } else { (&two, &one) };
                let taken = send(&till.terminal, &key, first).unwrap();
                assert_eq!(send(&till.terminal, &key, second), mismatch(), "{key}");
                assert_eq!(send(&till.terminal, &key, first).unwrap(), taken, "{key}: the first is answered again");
            }
        }
        assert_eq!(balance(&till, &holder), 49_600);
        // Together, in as few batches as the writer makes of them.
        let handle = scan(&till, &holder);
        let orders = race(16, &till.handle, |client, thread| {
            send(client, "K-orders", &order(&till, &format!("O-{thread}"), 100, &handle))
        });
        let handles: Vec<String> = (0..16).map(|_| scan(&till, &holder)).collect();
        let scans = race(16, &till.handle, |client, thread| {
            send(client, "K-handles", &order(&till, "H-1", 100, &handles[thread]))
        });
        for outcomes in [orders, scans] {
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            assert_eq!(outcomes.iter().filter(|outcome| **outcome == mismatch()).count(), 15);
        }
        assert_eq!(balance(&till, &holder), 49_400);
        // With both another order and another handle nothing is shared but the key: a payment of its own.
        let third = order(&till, "B-1", 100, &scan(&till, &holder));
        assert!(send(&till.terminal, "K-orders", &third).is_ok());
        assert_eq!(balance(&till, &holder), 49_300);
    }

    fn a_repeated_answer_is_marked_and_a_key_is_required(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 5_000);
        let signed = sdk::client::Terminal::signed(&platform.config(platform.world()), till.handle.pair()).unwrap();
        let wanted = order(&till, "A-1", 1_000, &scan(&till, &holder));
        let call = || Call::post("/api/v1/payments", &wanted).unwrap();
        assert_eq!(refusal(signed.client().send::<PaymentView>(&call().once())), (400, "idempotency.missing".into()));
        assert!(!signed.client().send::<PaymentView>(&call().keyed("K")).unwrap().replayed);
        assert!(signed.client().send::<PaymentView>(&call().keyed("K")).unwrap().replayed);
    }

    fn a_handle_is_for_one_payment_of_its_terminal_and_payee(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 5_000);
        let handle = scan(&till, &holder);
        let other = platform.terminal_of(till.payee, HANGZHOU);
        platform.open_service(&other, "pay.code", "330000");
        assert_eq!(code(other.terminal().create_payment(&order(&till, "A-1", 1, &handle))), "handle.other_terminal");
        let elsewhere = crate::payment::scene::till(platform);
        let foreign = CreatePayment { payee_id: elsewhere.payee.to_string(), ..order(&till, "A-1", 1, &handle) };
        assert_eq!(code(till.terminal.create_payment(&foreign)), "handle.other_payee");
        let nobody = platform.org(OrgKind::Department, "330200");
        let unknown = CreatePayment { payee_id: nobody.to_string(), ..order(&till, "A-1", 1, &handle) };
        assert_eq!(refusal(till.terminal.create_payment(&unknown)).0, 422, "an organisation that is no payee");
        assert!(till.terminal.create_payment(&order(&till, "A-1", 1, &handle)).is_ok());
        assert_eq!(code(till.terminal.create_payment(&order(&till, "A-2", 1, &handle))), "handle.spent");
        let forged = CreatePayment { source: PaymentSource::Handle("phd_".into()), ..order(&till, "A-3", 1, &handle) };
        assert_eq!(refusal(till.terminal.create_payment(&forged)).0, 422);
    }

    /// ND-1.1: the e-card that proves who somebody is settles, too.
    fn a_holder_pays_what_the_account_holds_and_the_limits_allow(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let attempt = |number: &str, fen| till.terminal.create_payment(&order(&till, number, fen, &scan(&till, &holder)));
        assert_eq!(refusal(attempt("A-1", 1_001)), (409, "transfer.overdraft".into()));
        assert!(attempt("A-1", 1_000).is_ok(), "a refused order leaves nothing behind");
        assert_eq!(code(attempt("A-2", 1)), "transfer.overdraft");
        assert_eq!(refusal(attempt("A-3", 0)).0, 422);
        assert_eq!(code(attempt("A-4", 1_000_001)), "payment.over_payment_limit");
        fund(platform, &holder, 6_000_000);
        for number in 0..4 {
            attempt(&format!("B-{number}"), 1_000_000).unwrap();
        }
        attempt("B-4", 999_000).unwrap();
        assert_eq!(code(attempt("B-5", 1)), "payment.over_day_limit", "1,000 were paid before");
        platform.clock().advance(86_400);
        assert!(attempt("B-5", 1).is_ok(), "another day");
    }

    fn a_card_that_stops_between_scan_and_payment_pays_nothing(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let handle = scan(&till, &holder);
        move_card(platform, &holder.person, Phase::LossReported);
        assert_eq!(code(till.terminal.create_payment(&order(&till, "A-1", 1, &handle))), "card.loss_reported");
        move_card(platform, &holder.person, Phase::Active);
        assert!(till.terminal.create_payment(&order(&till, "A-1", 1, &handle)).is_ok());
    }

    fn sixteen_threads_with_one_handle_take_one_payment(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 100_000);
        let handle = scan(&till, &holder);
        let outcomes = race(16, &till.handle, |client, thread| {
            client.create_payment(&order(&till, &format!("A-{thread}"), 100, &handle))
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(code(outcome), "handle.spent");
        }
        assert_eq!(balance(&till, &holder), 99_900);
    }

    fn one_order_from_sixteen_threads_is_one_payment(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 100_000);
        let handles: Vec<String> = (0..16).map(|_| scan(&till, &holder)).collect();
        let outcomes = race(16, &till.handle, |client, thread| {
            client.create_payment(&order(&till, "A-1", 100, &handles[thread]))
        });
        let ids: std::collections::BTreeSet<String> =
            outcomes.into_iter().map(|outcome| outcome.unwrap().payment_id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(balance(&till, &holder), 99_900);
    }

    fn racing_payments_never_overdraw(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let handles: Vec<String> = (0..16).map(|_| scan(&till, &holder)).collect();
        let outcomes = race(16, &till.handle, |client, thread| {
            client.create_payment(&order(&till, &format!("A-{thread}"), 300, &handles[thread]))
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        assert_eq!(balance(&till, &holder), 100);
    }
}

/// The payment's id, or status and code of the refusal.
fn refusable(outcome: Result<PaymentView, sdk::client::Error>) -> Result<String, (u16, String)> {
    match outcome {
        Ok(payment) => Ok(payment.payment_id),
        refused => Err(refusal(refused)),
    }
}

/// Calls from many threads at once, each with a session of its own.
fn race<T: Send>(
    threads: usize,
    caller: &CallerHandle,
    call: impl Fn(&sdk::client::Terminal, usize) -> T + Sync,
) -> Vec<T> {
    let barrier = std::sync::Barrier::new(threads);
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|thread| {
                let (barrier, call, client) = (&barrier, &call, caller.terminal());
                scope.spawn(move || {
                    barrier.wait();
                    call(&client, thread)
                })
            })
            .collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
