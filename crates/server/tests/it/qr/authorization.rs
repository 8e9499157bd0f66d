//! ND-3.5d: channel, department and person authorize a use together; a refusal names the one that is missing and why.

use super::scene::{Counter, cause, counter, identity, missing, service};
use crate::ecard::scene;
use crate::harness::{CallerHandle, HANGZHOU, Platform, refusal};
use domain::org::{OrgKind, Role};
use sdk::client::{Acceptance, GrantWish};
use sdk::types::qr::VerifyCode;
use sdk::types::service::{CloseOpening, CreateOpening};

/// A channel that verifies codes of others, in these regions, for these services; identity is open to it.
fn verifier(platform: &Platform, regions: &[&str], services: &[&str]) -> CallerHandle {
    let channel = platform.channel_of(platform.world(), regions, services);
    platform.open_service(&channel, "identity.verify", "330000");
    channel
}

/// Gives the terminal's department a grant to look at the card, for ten days; its id.
fn grant(platform: &Platform, counter: &Counter, party: &str) -> String {
    let wish = GrantWish {
        service: "query.card".into(),
        party_id: party.into(),
        purpose: "办理公积金".into(),
        expires_at: platform.world().now().plus_seconds(864_000).to_string(),
        limit_fen_per_use: None,
        limit_fen_per_day: None,
    };
    let wish = counter.holder.device.create_grant(wish).unwrap();
    counter.client.create_grant(&counter.holder.binding_id, &wish).unwrap().grant_id
}

on_both! {
    fn the_showing_channel_must_be_admitted(platform) {
        let counter = counter(platform);
        for (state, why) in [("suspended", "channel.suspended"), ("terminated", "channel.terminated")] {
            let code = counter.code_of_age(platform, 0);
            platform.put(&counter.channel, state);
            assert_eq!(cause(counter.terminal.verify_code(&identity(&code, state))), missing("channel", why));
        }
        let narrow = platform.channel_of(platform.world(), &["330000"], &["ecard.issue"]);
        platform.open_service(&narrow, "ecard.issue", "330000");
        let client = narrow.client();
        let code = scene::holder(platform, &client).code(&client).unwrap();
        let outcome = counter.terminal.verify_code(&identity(&code, "narrow"));
        assert_eq!(cause(outcome), missing("channel", "channel.service"));
    }

    /// ND-2.0: the scope of the showing channel covers its own holders, wherever they use the card.
    fn a_regional_channels_holder_is_served_far_from_home(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        platform.open_service(&channel, "ecard.issue", "330000");
        let client = channel.client();
        let holder = scene::holder(platform, &client);
        let elsewhere = platform.terminal("440300");
        platform.open_service(&elsewhere, "identity.verify", "440300");
        let shown = holder.code(&client).unwrap();
        elsewhere.terminal().verify_code(&identity(&shown, "away")).unwrap();
    }

    fn a_verifying_channel_needs_service_region_and_standing_of_its_own(platform) {
        let counter = counter(platform);
        let all = ["ecard.issue", "identity.verify"];
        let good = verifier(platform, &["330000"], &all);
        let ask = |channel: &CallerHandle| channel.client().verify_code(&identity(&counter.code(), "scan"));
        ask(&good).unwrap();
        let narrow = verifier(platform, &["330000"], &["ecard.issue"]);
        assert_eq!(cause(ask(&narrow)), missing("channel", "channel.service"));
        let away = verifier(platform, &["440000"], &all);
        assert_eq!(cause(ask(&away)), missing("channel", "channel.division"));
        platform.put(&good, "suspended");
        assert_eq!(cause(ask(&good)), missing("channel", "channel.suspended"));
        let own = ask(&counter.channel);
        assert_eq!(cause(own), missing("department", "service.not_opened"), "its own codes are no exception");
    }

    fn a_department_opens_and_closes_where_it_is(platform) {
        let counter = counter(platform);
        let region = platform.staff(Role::RegionAdmin, "330000");
        let bare = platform.terminal(HANGZHOU);
        let terminal = bare.terminal();
        let not_opened = missing("department", "service.not_opened");
        let ask = || terminal.verify_code(&identity(&counter.code(), "scan"));
        assert_eq!(cause(ask()), not_opened);
        let request = CreateOpening {
            service: "identity.verify".into(),
            caller_id: bare.id.clone(),
            division: HANGZHOU.into(),
        };
        let opening = region.create_opening(&request).unwrap();
        ask().unwrap();
        region.close_opening(&opening.opening_id, &CloseOpening { reason: "整改".into() }).unwrap();
        let closed = missing("department", "service.closed");
        assert_eq!(cause(ask()), closed, "closed at the very next request");
        platform.open_service(&bare, "identity.verify", "330200");
        assert_eq!(cause(ask()), closed, "what is open in 宁波 is not open in 杭州");
        platform.open_service(&bare, "pay.code", HANGZHOU);
        assert_eq!(cause(ask()), closed, "another service");
        platform.open_service(&bare, "identity.verify", "330000");
        ask().unwrap();
    }

    fn a_channel_says_where_and_is_held_to_it(platform) {
        let counter = counter(platform);
        let channel = platform.channel();
        platform.open_service(&channel, "identity.verify", "330200");
        let client = channel.client();
        let at = |division: Option<&str>| {
            let request = identity(&counter.code(), "scan");
            client.verify_code(&VerifyCode { division: division.map(str::to_owned), ..request })
        };
        at(Some("330206")).unwrap();
        assert_eq!(cause(at(Some("330106"))), missing("department", "service.not_opened"));
        assert_eq!(cause(at(None)), missing("department", "service.not_opened"), "where the card was issued");
    }

    fn a_service_beyond_identity_needs_a_grant_in_force(platform) {
        let counter = counter(platform);
        platform.open_service(&counter.handle, "query.card", HANGZHOU);
        let ask = || counter.terminal.verify_code(&service(&counter.code(), "scan", "query.card"));
        assert_eq!(cause(ask()), missing("person", "consent.grant_needed"));
        grant(platform, &counter, &platform.new_org(OrgKind::Department, HANGZHOU).to_string());
        assert_eq!(cause(ask()), missing("person", "consent.grant_needed"), "a grant to somebody else");
        let given = grant(platform, &counter, &counter.handle.id);
        let answer = ask().unwrap();
        assert!(answer.holder.name_masked.is_some() && answer.holder.id_number_masked.is_none());
        assert!(answer.payment_handle.is_none());
        let revoke = counter.holder.device.revoke_grant(&given).unwrap();
        counter.client.revoke_grant(&given, &revoke).unwrap();
        assert_eq!(cause(ask()), missing("person", "grant.revoked"));
        grant(platform, &counter, &counter.handle.id);
        ask().unwrap();
        platform.clock().advance(864_001);
        assert_eq!(cause(ask()), missing("person", "grant.expired"));
    }

    fn a_code_confirms_identity_or_pays_and_nothing_more(platform) {
        let counter = counter(platform);
        for code in ["login.scan", "ecard.show", "identity.benefit"] {
            platform.open_service(&counter.handle, code, HANGZHOU);
            let outcome = counter.terminal.verify_code(&service(&counter.code(), "scan", code));
            assert_eq!(cause(outcome), missing("person", "consent.confirmation_needed"), "{code}");
        }
        counter.terminal.verify_code(&service(&counter.code(), "scan", "identity.verify")).unwrap();
    }

    /// From the widest to the most private: who lacks two learns of the first.
    fn the_order_is_channel_then_department_then_person_then_card(platform) {
        let counter = counter(platform);
        let codes: Vec<String> = (0..4).map(|_| counter.code()).collect();
        let mut codes = codes.iter();
        let mut ask = |name: &str| cause(counter.terminal.verify_code(&service(codes.next().unwrap(), name, "query.card"))).1;
        scene::move_card(platform, &counter.holder.person, domain::card::Phase::Locked);
        platform.put(&counter.channel, "suspended");
        assert_eq!(ask("channel"), "authorization.channel_missing");
        platform.put(&counter.channel, "live");
        assert_eq!(ask("department"), "authorization.department_missing");
        platform.open_service(&counter.handle, "query.card", HANGZHOU);
        assert_eq!(ask("person"), "authorization.person_missing");
        let outcome = counter.terminal.verify_code(&identity(codes.next().unwrap(), "card"));
        assert_eq!(refusal(outcome), (409, "card.locked".into()));
    }
}
