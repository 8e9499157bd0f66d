//! Payments without a code: by password in a holder session, and under a standing grant with limits.

use super::scene::{balance, payer, till};
use crate::ecard::scene::{PASSWORD, claim, device, person, seconds};
use crate::harness::refusal;
use domain::card::Phase;
use sdk::client::{Acceptance, GrantWish, PaymentWish};
use sdk::types::payment::{CreatePayment, Funding, PaymentSource, PaymentState};

fn code<T>(outcome: Result<T, sdk::client::Error>) -> String {
    refusal(outcome).1
}

fn wish(payee: &domain::id::OrgId, order_no: &str, amount_fen: i64) -> PaymentWish {
    PaymentWish {
        order_no: order_no.into(),
        amount_fen,
        payee_id: payee.to_string(),
        funding: Funding::Prepaid,
        description: None,
    }
}

on_both! {
    fn a_holder_confirms_a_payment_with_the_password(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 5_000);
        let confirm = |number, fen, password| {
            holder.device.create_payment(wish(&till.payee, number, fen), password, seconds()).unwrap()
        };
        let wanted = confirm("W-1", 1_500, PASSWORD);
        let paid = till.client.create_payment(&wanted).unwrap();
        assert_eq!((paid.state, balance(&till, &holder)), (PaymentState::Paid, 3_500));
        assert!(till.client.create_payment(&wanted).unwrap().replayed, "the order is there already");
        let altered = CreatePayment { amount_fen: 1, ..confirm("W-2", 2, PASSWORD) };
        assert_eq!(code(till.client.create_payment(&altered)), "holder.proof_invalid");
        assert_eq!(code(till.client.create_payment(&confirm("W-3", 1, "999999"))), "password.wrong");
        assert_eq!(code(till.client.create_payment(&confirm("W-4", 4_000, PASSWORD))), "transfer.overdraft");
        assert_eq!(balance(&till, &holder), 3_500);
    }

    fn a_binding_of_level_1_does_not_pay(platform) {
        let till = till(platform);
        let person = person(platform, Phase::Active);
        let mut device = device(&till.client);
        let claimed = till.client.claim_ecard(&claim(&person, &device)).unwrap();
        device.take_up(&claimed.binding_id, claimed.holder_session.as_ref().unwrap()).unwrap();
        till.client
            .set_password(&claimed.binding_id, &device.set_password(PASSWORD, seconds()).unwrap())
            .unwrap();
        let wanted = device.create_payment(wish(&till.payee, "W-1", 1), PASSWORD, seconds()).unwrap();
        assert_eq!(code(till.client.create_payment(&wanted)), "ecard.level");
        let top_up = device.create_top_up("T-1", 1).unwrap();
        assert_eq!(code(till.client.create_top_up(&top_up)), "ecard.level");
    }

    fn a_standing_payment_keeps_to_its_grant(platform) {
        let till = till(platform);
        let holder = payer(platform, &till, 50_000);
        let give = GrantWish {
            service: "pay.standing".into(),
            party_id: till.payee.to_string(),
            purpose: "每日公交".into(),
            expires_at: platform.world().now().plus_seconds(10 * 86_400).to_string(),
            limit_fen_per_use: Some(1_000),
            limit_fen_per_day: Some(1_500),
        };
        let give = holder.device.create_grant(give).unwrap();
        let grant = till.client.create_grant(&holder.binding_id, &give).unwrap();
        let take = |number: &str, amount_fen| {
            till.terminal.create_payment(&CreatePayment {
                order_no: number.into(),
                amount_fen,
                description: None,
                payee_id: till.payee.to_string(),
                source: PaymentSource::Grant(grant.grant_id.clone()),
                funding: Funding::Prepaid,
            })
        };
        assert_eq!(code(take("S-1", 1_001)), "authorization.person_missing");
        assert_eq!(take("S-1", 1_000).unwrap().state, PaymentState::Paid);
        assert_eq!(code(take("S-2", 501)), "authorization.person_missing");
        assert!(take("S-2", 500).is_ok() && take("S-2", 500).unwrap().replayed);
        platform.clock().advance(86_400);
        assert!(take("S-3", 1_000).is_ok(), "another day");
        let stranger = crate::payment::scene::till(platform);
        let foreign = CreatePayment {
            order_no: "S-4".into(),
            amount_fen: 1,
            description: None,
            payee_id: stranger.payee.to_string(),
            source: PaymentSource::Grant(grant.grant_id.clone()),
            funding: Funding::Prepaid,
        };
        assert_eq!(refusal(stranger.terminal.create_payment(&foreign)).0, 404);
        let revoke = holder.device.revoke_grant(&grant.grant_id).unwrap();
        till.client.revoke_grant(&grant.grant_id, &revoke).unwrap();
        assert_eq!(code(take("S-5", 1)), "authorization.person_missing", "revoked at once");
        assert_eq!(balance(&till, &holder), 47_500);
    }
}
