//! What an answer holds: as much of the person as the service is open for, and a token that two parties cannot join.

use super::scene::{counter, identity, payment, scanner, service};
use crate::ecard::scene;
use crate::harness::{HANGZHOU, refusal};
use crate::payment::scene::{order, payer, till};
use domain::org::OrgKind;
use sdk::client::Acceptance;

on_both! {
    /// SE-2.4: the name and the number are masked, and there is nothing else.
    fn identity_answers_the_masked_name_and_number_and_nothing_else(platform) {
        let counter = counter(platform);
        let answer = counter.scan().unwrap();
        let number = &counter.holder.person.number;
        assert_eq!(answer.holder.name_masked.as_deref(), Some("张*三"));
        let masked = format!("{}**********{}", &number[..4], &number[14..]);
        assert_eq!(answer.holder.id_number_masked.as_deref(), Some(masked.as_str()));
        assert_eq!((answer.sign_level, answer.division.as_str()), (1, HANGZHOU));
        assert!(answer.payment_handle.is_none() && answer.handle_expires_at.is_none());
        let json = serde_json::to_string(&answer).unwrap();
        let person = &counter.holder.person;
        for secret in [number, &person.card_number, &counter.holder.binding_id, &person.name] {
            assert!(!json.contains(secret.as_str()), "{json}");
        }
        let by_name = counter.terminal.verify_code(&service(&counter.code(), "named", "identity.verify")).unwrap();
        assert_eq!(by_name.holder, answer.holder);
    }

    fn a_scan_to_pay_answers_a_handle_and_no_name(platform) {
        let till = till(platform);
        let payer = payer(platform, &till, 10_000);
        let payee = till.payee.to_string();
        let code = payer.code(&till.client).unwrap();
        let answer = till.terminal.verify_code(&payment(&code, "scan", &payee)).unwrap();
        assert_eq!((answer.holder.name_masked, answer.holder.id_number_masked), (None, None));
        let handle = answer.payment_handle.unwrap();
        assert!(answer.handle_expires_at.unwrap() > answer.verified_at);
        let again = till.terminal.verify_code(&payment(&code, "scan", &payee)).unwrap();
        assert_eq!((again.payment_handle.as_deref(), again.replayed), (Some(handle.as_str()), true));

        let elsewhere = platform.terminal_of(till.payee, HANGZHOU);
        platform.open_service(&elsewhere, "pay.code", HANGZHOU);
        let request = order(&till, "1", 100, &handle);
        assert_eq!(refusal(elsewhere.terminal().create_payment(&request)), (409, "handle.other_terminal".into()));
        till.terminal.create_payment(&request).unwrap();
        assert_eq!(refusal(till.terminal.create_payment(&order(&till, "2", 100, &handle))), (409, "handle.spent".into()));
    }

    fn a_handle_is_for_the_payee_it_was_asked_for(platform) {
        let till = till(platform);
        let payer = payer(platform, &till, 10_000);
        let other = platform.new_org(OrgKind::Department, HANGZHOU).to_string();
        let code = payer.code(&till.client).unwrap();
        let handle = till.terminal.verify_code(&payment(&code, "scan", &other)).unwrap().payment_handle.unwrap();
        let outcome = till.terminal.create_payment(&order(&till, "1", 100, &handle));
        assert_eq!(refusal(outcome), (409, "handle.other_payee".into()));
        let code = payer.code(&till.client).unwrap();
        let use_id = till.terminal.verify_code(&payment(&code, "next", &other)).unwrap().use_id;
        let outcome = till.terminal.create_payment(&order(&till, "2", 100, &use_id));
        assert_ne!(refusal(outcome).0, 200, "the id of a use is no handle");
    }

    /// SE-2.4: one organisation knows a person under one token; two cannot compare theirs.
    fn a_person_has_one_pseudonym_for_each_organisation(platform) {
        let counter = counter(platform);
        let terminal_of = |org| {
            let handle = platform.terminal_of(org, HANGZHOU);
            platform.open_service(&handle, "identity.verify", HANGZHOU);
            handle.terminal()
        };
        let pseudonym = |terminal: &sdk::client::Terminal| {
            terminal.verify_code(&identity(&counter.code(), "scan")).unwrap().pseudonym
        };
        let (one, two) = (platform.new_org(OrgKind::Department, HANGZHOU), platform.new_org(OrgKind::Department, HANGZHOU));
        let first = pseudonym(&terminal_of(one));
        assert_eq!(pseudonym(&terminal_of(one)), first, "another terminal of the same");
        let second = pseudonym(&terminal_of(two));
        assert_ne!(second, first);
        let own = counter.client.ecard(&counter.holder.binding_id).unwrap().pseudonym;
        assert!(own != first && own != second);
        assert_eq!(first.len(), 32);

        let other = scene::holder(platform, &counter.client);
        let shown = other.code(&counter.client).unwrap();
        let stranger = scanner(platform).terminal().verify_code(&identity(&shown, "scan")).unwrap();
        let same_org = counter.scan().unwrap();
        assert_ne!(stranger.pseudonym, same_org.pseudonym, "two persons at one organisation");
    }

    /// SE-2.4: a channel knows a person under one token wherever it meets them, and another channel of the same owner
    /// under another.
    fn a_person_has_one_pseudonym_in_a_channel_and_another_in_each_other_one(platform) {
        let counter = counter(platform);
        let (one, two) = (platform.channel(), platform.channel());
        for channel in [&counter.channel, &one, &two] {
            platform.open_service(channel, "identity.verify", HANGZHOU);
        }
        let seen = |channel: &sdk::client::Channel| {
            channel.verify_code(&identity(&counter.code(), "scan")).unwrap().pseudonym
        };
        let claimed = counter.client.ecard(&counter.holder.binding_id).unwrap().pseudonym;
        assert_eq!(seen(&counter.client), claimed, "what it claimed and what it verified are one person to it");
        let (first, second) = (seen(&one.client()), seen(&two.client()));
        assert_eq!(seen(&one.client()), first);
        assert!(first != second && first != claimed && second != claimed);
    }
}
