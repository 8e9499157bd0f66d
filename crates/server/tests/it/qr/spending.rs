//! ND-2.4b: a code is spent by being presented; the same request gets the same answer, any other is a replay.

use super::scene::{cause, counter, identity, missing, payment, scanner};
use crate::harness::{HANGZHOU, refusal};
use domain::locator::Locator;
use domain::org::OrgKind;
use sdk::client::Acceptance;
use store::qr::UseRow;

fn replayed() -> (u16, String) {
    (409, "code.replayed".into())
}

on_both! {
    fn a_code_is_good_for_one_scan(platform) {
        let counter = counter(platform);
        let other = scanner(platform).terminal();
        let code = counter.code();
        let answer = counter.terminal.verify_code(&identity(&code, "first")).unwrap();
        assert!(!answer.replayed);
        assert_eq!(refusal(counter.terminal.verify_code(&identity(&code, "second"))), replayed());
        assert_eq!(refusal(other.verify_code(&identity(&code, "first"))), replayed(), "another terminal");
        assert_eq!(refusal(counter.client.verify_code(&identity(&code, "first"))), replayed(), "the channel itself");
        let next = counter.terminal.verify_code(&identity(&counter.code(), "first")).unwrap();
        assert!(!next.replayed && next.use_id != answer.use_id, "a request id may come back with another code");
    }

    fn the_same_request_gets_the_same_answer_again(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let first = counter.terminal.verify_code(&identity(&code, "one")).unwrap();
        for terminal in [counter.terminal, counter.handle.terminal()] {
            let again = terminal.verify_code(&identity(&code, "one")).unwrap();
            assert!(again.replayed);
            assert_eq!(sdk::types::qr::CodeVerified { replayed: false, ..again }, first);
        }
    }

    fn what_a_request_is_for_is_part_of_it(platform) {
        let counter = counter(platform);
        let payee = platform.org(OrgKind::Department, HANGZHOU).to_string();
        let code = counter.code();
        counter.terminal.verify_code(&identity(&code, "one")).unwrap();
        assert_eq!(refusal(counter.terminal.verify_code(&payment(&code, "one", &payee))), replayed());
    }

    fn a_refusal_is_recorded_with_its_cause_and_given_again(platform) {
        let counter = counter(platform);
        let bare = platform.terminal(HANGZHOU);
        let terminal = bare.terminal();
        let code = counter.code();
        let refused = missing("department", "service.not_opened");
        assert_eq!(cause(terminal.verify_code(&identity(&code, "one"))), refused);
        platform.open_service(&bare, "identity.verify", HANGZHOU);
        let error = terminal.verify_code(&identity(&code, "one")).unwrap_err();
        assert_eq!(error.problem().unwrap().clause.as_deref(), Some("ND-3.5d"));
        assert_eq!(cause::<()>(Err(error)), refused, "although it is open by now");
        assert_eq!(refusal(terminal.verify_code(&identity(&code, "two"))), replayed(), "a refused code is spent");
        assert!(!terminal.verify_code(&identity(&counter.code(), "two")).unwrap().replayed);
    }

    fn an_answer_once_given_stands_although_the_card_is_lost_by_now(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let first = counter.terminal.verify_code(&identity(&code, "one")).unwrap();
        let lost = domain::card::Phase::LossReported;
        crate::ecard::scene::move_card(platform, &counter.holder.person, lost);
        let again = counter.terminal.verify_code(&identity(&code, "one")).unwrap();
        assert_eq!((again.use_id, again.replayed), (first.use_id, true), "it says what happened then");
        assert_eq!(refusal(counter.terminal.verify_code(&identity(&code, "two"))), replayed());
    }

    /// Whose answer was lost asks again, however long the network took.
    fn an_answer_is_given_again_after_the_code_has_expired(platform) {
        let counter = counter(platform);
        let code = counter.code_of_age(platform, 90);
        let opened = platform.world().keys().ring().open_code(&domain::qr::parse(&code).unwrap()).unwrap();
        let scanned = counter.scan().unwrap();
        let (bucket, shard, id) = (opened.replay.bucket, i64::from(opened.replay.shard), opened.replay.id);
        let use_id = Locator::parse(Locator::USE, &scanned.use_id).unwrap();
        platform.write(move |tx| {
            let earlier = store::qr::find_use(tx, i64::from(use_id.bucket), shard, &use_id.id)?.unwrap();
            let at = earlier.at - 60_000_000;
            let row = UseRow { bucket, id, request_id: "lost".into(), at, ..earlier };
            Ok(store::qr::spend(tx, &[&row])?)
        });
        let again = counter.terminal.verify_code(&identity(&code, "lost")).unwrap();
        assert!(again.replayed && again.use_id != scanned.use_id);
        assert_eq!(again.holder, scanned.holder);
        for request in [identity(&code, "other"), identity(&counter.code_of_age(platform, 90), "lost")] {
            assert_eq!(refusal(counter.terminal.verify_code(&request)), (409, "code.expired".into()));
        }
        let elsewhere = scanner(platform).terminal().verify_code(&identity(&code, "lost"));
        assert_eq!(refusal(elsewhere), (409, "code.expired".into()));
    }
}
