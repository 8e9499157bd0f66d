//! Cards at the window.

use super::{cards, ecard, give_ecard, import, resident, row, row_in};
use crate::harness::{HANGZHOU, refusal};
use domain::org::Role;
use sdk::client::Staff;
use sdk::types::card::{
    CardAction, CardState, CardView, ChangeCardState, FindCard, InvalidReason, ReplaceCard,
};

fn change(staff: &Staff, card: &CardView, action: CardAction) -> Result<CardView, sdk::client::Error> {
    staff.change_card_state(&card.card_id, card.version, &ChangeCardState { action, reason: None })
}

fn invalidate(reason: InvalidReason) -> ChangeCardState {
    ChangeCardState { action: CardAction::Invalidate, reason: Some(reason) }
}

fn replacement(number: &str) -> ReplaceCard {
    ReplaceCard {
        card_number: number.into(),
        recognition: None,
        generation: None,
        expires_on: None,
        reason: InvalidReason::Damaged,
    }
}

on_both! {
    /// ND-1.4: report, freeze and withdrawal reach the e-card at once, and what was issued before is dead.
    fn a_card_and_its_ecard_change_together(platform) {
        import(platform, &[row(1)]);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let mut card = cards(platform, 1).remove(0);
        let key = give_ecard(platform, &card.card_id);
        let mut generation = 1;
        for (action, state, wire) in [
            (CardAction::ReportTemporaryLoss, CardState::TemporarilyLost, 4),
            (CardAction::ReportLoss, CardState::LossReported, 2),
            (CardAction::WithdrawLoss, CardState::Active, 1),
            (CardAction::Lock, CardState::Locked, 3),
            (CardAction::Unlock, CardState::Active, 1),
        ] {
            let was_active = card.state == CardState::Active;
            card = change(&clerk, &card, action).unwrap();
            assert_eq!((card.state, card.wire_state), (state, wire));
            let (_, ecard_state, now) = ecard(platform, key);
            assert_eq!(ecard_state, serde_json::to_value(state).unwrap().as_str().unwrap());
            assert!(!was_active || now > generation, "holder sessions of before have ended");
            generation = now;
        }
        assert_eq!(refusal(change(&clerk, &card, CardAction::Unlock)), (409, "card.transition".into()));
        assert_eq!(clerk.card(&card.card_id).unwrap(), card);
    }

    /// CM-19.1: whatever the reason, an invalid card is on the list, for good.
    fn an_invalid_card_is_on_the_invalid_list_for_its_reason(platform) {
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let reasons = [
            InvalidReason::Damaged, InvalidReason::Lost, InvalidReason::Expired, InvalidReason::Cancelled,
            InvalidReason::Replaced, InvalidReason::Deceased, InvalidReason::Other,
        ];
        import(platform, &(0..7).map(row).collect::<Vec<_>>());
        for (n, reason) in (0..).zip(reasons) {
            let card = cards(platform, n).remove(0);
            let done = clerk.change_card_state(&card.card_id, card.version, &invalidate(reason)).unwrap();
            assert_eq!((done.state, done.wire_state, done.reason), (CardState::Invalid, 9, Some(reason)));
            assert_eq!(refusal(change(&clerk, &done, CardAction::Activate)), (409, "card.transition".into()));
        }
        let listed: Vec<_> = clerk.invalid_cards(HANGZHOU).all().unwrap().iter().map(|entry| entry.reason).collect();
        assert_eq!(listed, reasons);
    }

    fn a_reason_belongs_to_invalidation_and_only_there(platform) {
        import(platform, &[row(1)]);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let card = cards(platform, 1).remove(0);
        let outcome = change(&clerk, &card, CardAction::Invalidate);
        assert_eq!(refusal(outcome).0, 422);
        let request = ChangeCardState { action: CardAction::Lock, reason: Some(InvalidReason::Lost) };
        assert_eq!(refusal(clerk.change_card_state(&card.card_id, card.version, &request)).0, 422);
    }

    fn a_change_names_the_version_it_has_seen(platform) {
        import(platform, &[row(1)]);
        let token = platform.token(platform.world(), Role::RegionClerk, platform.org(domain::org::OrgKind::Prefecture, HANGZHOU));
        let card = cards(platform, 1).remove(0);
        let path = format!("/api/v1/cards/{}/state", card.card_id);
        let body = serde_json::json!({"action": "lock"});
        let reply = platform.request_as(&token, "POST", &path, &body);
        assert_eq!((reply.status, reply.code().as_str()), (428, "resource.if_match_missing"));
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let stale = CardView { version: card.version + 1, ..card.clone() };
        assert_eq!(refusal(change(&clerk, &stale, CardAction::Lock)), (412, "resource.stale".into()));
        change(&clerk, &card, CardAction::Lock).unwrap();
        assert_eq!(refusal(change(&clerk, &card, CardAction::Unlock)), (412, "resource.stale".into()));
        let reply = platform.request_as(&token, "GET", &format!("/api/v1/cards/{}", card.card_id), &serde_json::Value::Null);
        assert_eq!(reply.header("etag"), "\"2\"");
    }

    /// R27: one transaction, the same e-card, never two valid cards.
    fn a_replacement_moves_the_ecard_and_retires_the_old_card(platform) {
        import(platform, &[row(1), row(2)]);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let old = cards(platform, 1).remove(0);
        let key = give_ecard(platform, &old.card_id);
        let lost = change(&clerk, &old, CardAction::ReportLoss).unwrap();
        let generation = ecard(platform, key).2;
        let taken = clerk.replace_card(&old.card_id, lost.version, &replacement("A00000002"));
        assert_eq!(refusal(taken), (409, "resource.exists".into()), "the number is another holder's");
        let same = clerk.replace_card(&old.card_id, lost.version, &replacement("A00000001"));
        assert_eq!(refusal(same), (409, "card.same_card".into()));
        let new = clerk.replace_card(&old.card_id, lost.version, &replacement("C00000001")).unwrap();
        assert_eq!((new.state, new.card_number_masked.as_str()), (CardState::Active, "C******01"));
        let (mapped, state, after) = ecard(platform, key);
        assert_eq!((mapped.as_str(), state.as_str()), (new.card_id.as_str(), "active"));
        assert!(after > generation);
        let all = cards(platform, 1);
        assert_eq!(all.iter().filter(|card| card.state != CardState::Invalid).count(), 1);
        let listed = clerk.invalid_cards(HANGZHOU).all().unwrap();
        assert_eq!((listed.len(), listed[0].reason), (1, InvalidReason::Damaged));
    }

    fn a_card_that_waits_for_its_activation_can_replace(platform) {
        let waiting = sdk::types::import::CardRow { aaz500: "B00000001".into(), aaz501: String::new(), aaz502: "0".into(), ..row(1) };
        import(platform, &[row(1), waiting]);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let all = cards(platform, 1);
        let (old, waiting) = (&all[0], &all[1]);
        let (old, waiting) = if old.wire_state == 0 { (waiting, old) } else { (old, waiting) };
        let delivered = change(&clerk, waiting, CardAction::Deliver).unwrap();
        assert_eq!(refusal(change(&clerk, &delivered, CardAction::Activate)), (409, "card.second_card".into()));
        let new = clerk.replace_card(&old.card_id, old.version, &replacement("B00000001")).unwrap();
        assert_eq!((new.card_id, new.state), (waiting.card_id.clone(), CardState::Active));
    }

    fn an_invalid_card_can_still_be_replaced_and_keeps_its_reason(platform) {
        import(platform, &[row_in(1, "9", "lost")]);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let old = cards(platform, 1).remove(0);
        clerk.replace_card(&old.card_id, old.version, &replacement("C00000001")).unwrap();
        assert_eq!(clerk.card(&old.card_id).unwrap().reason, Some(InvalidReason::Lost));
        let third = clerk.replace_card(&old.card_id, old.version, &replacement("D00000001"));
        assert_eq!(refusal(third), (409, "card.second_card".into()));
    }

    fn cards_are_found_by_number_or_by_document_within_the_own_area(platform) {
        let foreign = sdk::types::import::CardRow { id_kind: "passport".into(), aac002: "E12345678".into(), ..row(2) };
        import(platform, &[row(1), foreign]);
        let by_number = FindCard { division: Some("330100".into()), card_number: Some("A00000001".into()), ..FindCard::default() };
        let by_passport = FindCard { id_kind: Some("passport".into()), id_number: Some("E12345678".into()), ..FindCard::default() };
        let by_resident = FindCard { id_number: Some(resident(1).into()), ..FindCard::default() };
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        for find in [&by_number, &by_passport, &by_resident] {
            assert_eq!(clerk.find_cards(find).unwrap().data.len(), 1);
        }
        let ningbo = platform.staff(Role::RegionClerk, "330200");
        let card = cards(platform, 1).remove(0);
        for find in [&by_number, &by_passport, &by_resident] {
            assert_eq!(ningbo.find_cards(find).unwrap().data, []);
        }
        assert_eq!(refusal(ningbo.card(&card.card_id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(change(&ningbo, &card, CardAction::Lock)), (404, "resource.not_found".into()));
        for find in [FindCard::default(), FindCard { division: by_number.division.clone(), ..by_resident.clone() }] {
            assert_eq!(refusal(clerk.find_cards(&find)).0, 422);
        }
        assert_eq!(refusal(clerk.card("card_nonsense")), (404, "resource.not_found".into()));
    }

    /// CM-19.2, CM-19.3: the lists of a prefecture, a province and the country are views of one.
    fn the_invalid_list_is_read_by_division_page_by_page(platform) {
        let in_division = |n: u32, division: &str| sdk::types::import::CardRow { aab301: division.into(), ..row_in(n, "9", "expired") };
        import(platform, &[in_division(1, "330100"), in_division(2, "330106"), in_division(3, "330200"), in_division(4, "330100")]);
        let reviewer = platform.staff(Role::MinistryReviewer, "000000");
        let numbers = |division: &str| -> Vec<String> {
            reviewer.invalid_cards(division).map(|entry| entry.unwrap().card_number).collect()
        };
        assert_eq!(numbers("000000"), ["A00000001", "A00000004", "A00000002", "A00000003"]);
        assert_eq!(numbers("330000").len(), 4);
        assert_eq!(numbers("330100"), ["A00000001", "A00000004", "A00000002"]);
        assert_eq!(numbers("330106"), ["A00000002"]);
        assert_eq!(numbers("340000"), [""; 0]);
        let paged: Vec<String> =
            reviewer.client().list::<sdk::types::card::InvalidCardView>("/api/v1/invalid-cards?limit=1").map(|entry| entry.unwrap().card_number).collect();
        assert_eq!(paged, numbers("000000"));
        let ningbo = platform.staff(Role::RegionClerk, "330200");
        assert_eq!(refusal(ningbo.invalid_cards("330000").all()), (403, "staff.division".into()));
        assert_eq!(ningbo.invalid_cards("330200").all().unwrap().len(), 1);
    }

    fn who_may_not_change_cards_is_told_so(platform) {
        import(platform, &[row(1)]);
        let card = cards(platform, 1).remove(0);
        for (role, division) in [(Role::OperatorAdmin, "000000"), (Role::AuditAdmin, "000000"), (Role::MinistryReviewer, "000000"), (Role::DepartmentClerk, HANGZHOU)] {
            let staff = platform.staff(role, division);
            assert_eq!(refusal(change(&staff, &card, CardAction::Lock)), (403, "staff.role".into()), "{role}");
            assert_eq!(refusal(staff.replace_card(&card.card_id, 1, &replacement("C00000001"))), (403, "staff.role".into()), "{role}");
        }
    }
}
