//! ND-1.4: the e-card is worth what its card is worth, at the very next request; the binding and its level count too.

use super::scene::{counter, identity, payment};
use crate::ecard::scene;
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::id::CardId;
use domain::org::{OrgKind, Role};
use sdk::client::Acceptance;
use sdk::types::card::{CardAction, ChangeCardState, InvalidReason};

fn act(platform: &Platform, card_id: &[u8; 16], action: CardAction) {
    let reason = (action == CardAction::Invalidate).then_some(InvalidReason::Deceased);
    let request = ChangeCardState { action, reason };
    let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
    let id = CardId::from_bytes(*card_id).to_string();
    let version = clerk.card(&id).unwrap().version;
    clerk.change_card_state(&id, version, &request).unwrap();
}

on_both! {
    fn what_the_window_does_to_the_card_holds_at_the_next_scan(platform) {
        let counter = counter(platform);
        let card_id = counter.holder.person.card_id;
        let mut shown: Vec<String> = (0..8).map(|_| counter.code()).collect();
        let mut scan = |id: &str| refusal(counter.terminal.verify_code(&identity(&shown.pop().unwrap(), id)));
        assert_eq!(scan("active"), (200, String::new()));
        for (action, refused) in [
            (CardAction::ReportTemporaryLoss, "card.temporarily_lost"),
            (CardAction::WithdrawLoss, ""),
            (CardAction::ReportLoss, "card.loss_reported"),
            (CardAction::WithdrawLoss, ""),
            (CardAction::Lock, "card.locked"),
            (CardAction::Unlock, ""),
            (CardAction::Invalidate, "card.invalid"),
        ] {
            act(platform, &card_id, action);
            let expected = if refused.is_empty() { 200 } else { 409 };
            assert_eq!(scan(&format!("{action:?}")), (expected, refused.to_owned()), "{action:?}");
        }
    }

    fn a_code_shown_before_the_binding_ended_is_worth_nothing_after(platform) {
        let counter = counter(platform);
        let code = counter.code();
        counter.client.unbind(&counter.holder.binding_id, &counter.holder.device.unbind().unwrap()).unwrap();
        let outcome = counter.terminal.verify_code(&identity(&code, "scan"));
        assert_eq!(refusal(outcome), (409, "ecard.not_bound".into()));
    }

    fn paying_takes_level_two_and_identity_does_not(platform) {
        let counter = counter(platform);
        let payee = platform.org(OrgKind::Department, HANGZHOU).to_string();
        let outcome = counter.terminal.verify_code(&payment(&counter.code(), "pay", &payee));
        assert_eq!(refusal(outcome), (409, "ecard.level".into()));
        assert_eq!(counter.scan().unwrap().sign_level, 1);
        let mut raise = scene::claim(&counter.holder.person, &counter.holder.device);
        raise.level = 2;
        counter.client.claim_ecard(&raise).unwrap();
        let answer = counter.terminal.verify_code(&payment(&counter.code(), "again", &payee)).unwrap();
        assert_eq!(answer.sign_level, 2);
    }
}
