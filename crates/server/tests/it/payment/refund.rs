//! Refunds: in parts, up to the payment and not one fen beyond, back to where the money came from.

use super::scene::{balance, pay, payer, till};
use crate::harness::refusal;
use sdk::client::{Acceptance, Call};
use sdk::types::payment::{CreateRefund, RefundState, RefundView};

fn part(refund_no: &str, amount_fen: i64) -> CreateRefund {
    CreateRefund { refund_no: refund_no.into(), amount_fen, reason: "退货".into() }
}

on_both! {
    fn parts_go_back_up_to_the_sum_and_not_one_fen_beyond(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let paid = pay(&till, &holder, "A-1", 1_000);
        let back = |number: &str, fen| till.terminal.create_refund(&paid.payment_id, &part(number, fen));
        let first = back("R-1", 400).unwrap();
        assert_eq!((first.state, first.replayed, balance(&till, &holder)), (RefundState::Refunded, false, 400));
        assert_eq!(refusal(back("R-2", 601)), (409, "refund.exceeds".into()));
        assert!(back("R-1", 400).unwrap().replayed, "the same number is the same refund");
        assert_eq!(refusal(back("R-1", 401)).1, "refund.number_reused");
        assert!(back("R-2", 600).is_ok());
        assert_eq!(refusal(back("R-3", 1)).1, "refund.exceeds");
        assert_eq!(balance(&till, &holder), 1_000);
        assert_eq!(till.terminal.payment(&paid.payment_id).unwrap().refunded_fen, 1_000);
        let listed: Vec<String> =
            till.terminal.refunds(&paid.payment_id).map(|refund| refund.unwrap().refund_no).collect();
        assert_eq!(listed, ["R-1", "R-2"]);
    }

    fn a_refund_key_cannot_come_with_another_body(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let paid = pay(&till, &holder, "A-1", 1_000);
        let send = |body: &CreateRefund| {
            let path = format!("/api/v1/payments/{}/refunds", paid.payment_id);
            till.terminal.client().send::<RefundView>(&Call::post(path, body).unwrap().keyed("K-1"))
        };
        assert!(!send(&part("R-1", 10)).unwrap().replayed);
        assert!(send(&part("R-1", 10)).unwrap().replayed);
        assert_eq!(refusal(send(&part("R-2", 10))), (422, "idempotency.mismatch".into()));
    }

    fn racing_refunds_return_each_fen_once(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let paid = pay(&till, &holder, "A-1", 1_000);
        let outcomes: Vec<bool> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..12)
                .map(|number| {
                    let (client, paid) = (till.handle.terminal(), &paid);
                    scope.spawn(move || {
                        client.create_refund(&paid.payment_id, &part(&format!("R-{number}"), 150)).is_ok()
                    })
                })
                .collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|refunded| **refunded).count(), 6);
        assert_eq!(balance(&till, &holder), 900);
    }

    fn refunds_end_with_their_window_and_belong_to_the_payee(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 1_000);
        let paid = pay(&till, &holder, "A-1", 1_000);
        let stranger = crate::payment::scene::till(platform);
        assert_eq!(refusal(stranger.terminal.create_refund(&paid.payment_id, &part("R-1", 1))).0, 404);
        platform.clock().advance(365 * 86_400);
        assert!(till.terminal.create_refund(&paid.payment_id, &part("R-1", 1)).is_ok(), "the last day");
        platform.clock().advance(86_400);
        assert_eq!(refusal(till.terminal.create_refund(&paid.payment_id, &part("R-2", 1))).1, "refund.too_late");
    }
}
