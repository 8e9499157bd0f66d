//! Claiming an e-card, and every reason why not, in order.

use super::scene::{self, card, channel, claim, device, issuances, person, real};
use crate::harness::{HANGZHOU, refusal};
use domain::card::Phase;
use sdk::client::{Channel, Error};
use sdk::types::card::CardState;
use sdk::types::ecard::{ClaimEcard, EcardClaimed};

fn code(outcome: Result<EcardClaimed, Error>) -> String {
    refusal(outcome).1
}

/// The codes of a claim that is refused, changed in these ways one after the other.
fn attempt(client: &Channel, base: &ClaimEcard, change: impl FnOnce(&mut ClaimEcard)) -> String {
    let mut request = base.clone();
    change(&mut request);
    code(client.claim_ecard(&request))
}

fn cause(outcome: Result<EcardClaimed, Error>) -> (u16, String) {
    let error = outcome.unwrap_err();
    let problem = error.problem().unwrap();
    (problem.status, format!("{} {}", problem.code, problem.title))
}

on_both! {
    fn a_holder_claims_an_ecard_and_gets_a_session_on_the_device(platform) {
        let (handle, client) = channel(platform);
        let person = person(platform, Phase::Active);
        let mut device = device(&client);
        let claimed = client.claim_ecard(&claim(&person, &device)).unwrap();
        assert_eq!((claimed.state, claimed.sign_level), (CardState::Active, 1));
        assert!(!claimed.already_claimed && !claimed.password_required);
        assert_eq!((claimed.ecard_no.len(), claimed.sign_no.len(), claimed.pseudonym.len()), (32, 26, 32));
        assert!(claimed.sign_no.starts_with(HANGZHOU));
        let session = claimed.holder_session.as_ref().unwrap();
        device.take_up(&claimed.binding_id, session).unwrap();
        assert_eq!(issuances(platform, &handle), 0, "nothing is issued before the first activation (R26)");
        let request = device.set_password(scene::PASSWORD, scene::seconds()).unwrap();
        let view = client.set_password(&claimed.binding_id, &request).unwrap();
        assert!(view.password_set && view.password_locked_until.is_none());
        assert_eq!((view.name_masked.as_str(), view.division.as_str()), ("张*三", HANGZHOU));
        assert!(view.id_number_masked.starts_with("3301**"));
        assert_eq!(issuances(platform, &handle), 1);
    }

    fn claims_are_refused_in_the_documented_order(platform) {
        let (handle, client) = channel(platform);
        let device = device(&client);
        let lost = person(platform, Phase::LossReported);
        let mut everything_wrong = claim(&lost, &device);
        everything_wrong.name = "李四".into();
        everything_wrong.card_number = Some("Z99999999".into());
        everything_wrong.real_person = real("sim:fail");
        // One fault after the other is put right.
        let mut request = everything_wrong.clone();
        assert_eq!(code(client.claim_ecard(&request)), "person.mismatch");
        request.name = lost.name.as_str().into();
        assert_eq!(code(client.claim_ecard(&request)), "ecard.no_card");
        request.card_number = Some(lost.card_number.as_str().into());
        assert_eq!(code(client.claim_ecard(&request)), "card.loss_reported");
        scene::move_card(platform, &lost, Phase::Active);
        assert_eq!(refusal(client.claim_ecard(&request)), (403, "real_person.failed".into()));
        request.real_person = real("sim:other_person");
        assert_eq!(refusal(client.claim_ecard(&request)), (403, "real_person.other_person".into()));
        request.real_person = real("sim:timeout");
        let outcome = client.claim_ecard(&request);
        assert!(outcome.as_ref().unwrap_err().problem().unwrap().retryable);
        assert_eq!(refusal(outcome), (503, "real_person.no_answer".into()));
        request.real_person = real("sim:pass");
        assert!(client.claim_ecard(&request).is_ok());
        assert_eq!(issuances(platform, &handle), 0);
    }

    /// ND-3.2b, ND-3.5d: the channel's scope and the department's opening, the person's check comes last.
    fn a_channel_claims_only_where_it_is_admitted_and_the_department_has_opened(platform) {
        let elsewhere = platform.channel_in(platform.world(), &["440000"]);
        platform.open_service(&elsewhere, "ecard.issue", "000000");
        let person = person(platform, Phase::LossReported);
        let client = elsewhere.client();
        let request = claim(&person, &device(&client));
        let (status, text) = cause(client.claim_ecard(&request));
        assert!(status == 403 && text.starts_with("authorization.channel_missing"), "{text}");
        assert!(text.contains("channel.division"), "{text}");

        let unopened = platform.channel();
        let (_, text) = cause(unopened.client().claim_ecard(&request));
        assert!(text.starts_with("authorization.department_missing"), "{text}");
        platform.open_service(&unopened, "ecard.issue", "440000");
        let (_, text) = cause(unopened.client().claim_ecard(&request));
        assert!(text.starts_with("authorization.department_missing"), "another division's department: {text}");
        platform.open_service(&unopened, "ecard.issue", HANGZHOU);
        assert_eq!(code(unopened.client().claim_ecard(&request)), "card.loss_reported");

        platform.put(&unopened, "suspended");
        let (_, text) = cause(unopened.client().claim_ecard(&request));
        assert!(text.starts_with("authorization.channel_missing") && text.contains("channel.suspended"), "{text}");
    }

    fn a_wrong_shape_names_every_field(platform) {
        let (_, client) = channel(platform);
        let mut request = claim(&person(platform, Phase::Active), &device(&client));
        request.name = "".into();
        request.id_number = "330106199001010000".into();
        request.card_number = Some("a".into());
        request.division = Some("33".into());
        request.level = 3;
        request.device_key = Some("04".into());
        request.real_person = real("");
        let error = client.claim_ecard(&request).unwrap_err();
        let problem = error.problem().unwrap();
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(problem.status, 422);
        let all = ["/name", "/id_number", "/card_number", "/division", "/level", "/real_person/token", "/device_key"];
        assert_eq!(pointers, all);
    }

    /// ND-1.3, R27: one e-card, mapped to one card.
    fn the_active_card_is_taken_and_a_replaced_one_gives_its_ecard_up(platform) {
        let (_, client) = channel(platform);
        let person = person(platform, Phase::Active);
        let first = client.claim_ecard(&claim(&person, &device(&client))).unwrap();
        let second = card(platform, (person.shard, person.id), "B00000001", Phase::Active);
        let named = |request: &mut ClaimEcard| request.card_number = Some("B00000001".into());
        let base = claim(&person, &device(&client));
        assert_eq!(attempt(&client, &base, named), "ecard.other_card");
        scene::move_card(platform, &person, Phase::Invalid);
        let again = client.claim_ecard(&base).unwrap();
        assert_eq!((again.binding_id, again.ecard_no), (first.binding_id, first.ecard_no));
        assert_eq!(again.state, CardState::Active);
        let (shard, id) = (person.shard, person.id);
        let ecard = platform.read(move |tx| Ok(store::ecard::find(tx, shard, &id)?)).unwrap();
        assert_eq!((ecard.card_id, ecard.generation), (second, 3), "stopped once, moved once");
    }

    fn a_card_past_its_last_day_gives_no_ecard(platform) {
        let (_, client) = channel(platform);
        let person = person(platform, Phase::Active);
        let today = platform.world().now().business_date().as_days();
        let (shard, id) = (person.shard, person.card_id);
        platform.write(move |tx| {
            let mut row = store::card::lock(tx, shard, &id)?.unwrap();
            row.expires_on = Some(i64::from(today));
            Ok(store::card::update(tx, &row)?)
        });
        let request = claim(&person, &device(&client));
        assert!(client.claim_ecard(&request).is_ok(), "the last day still counts");
        platform.clock().advance(86_400);
        assert_eq!(code(client.claim_ecard(&request)), "card.expired");
    }

    fn claiming_again_raises_the_level_and_keeps_every_number(platform) {
        let (_, client) = channel(platform);
        let holder = scene::holder(platform, &client);
        let mut request = claim(&holder.person, &holder.device);
        request.level = 2;
        let raised = client.claim_ecard(&request).unwrap();
        assert!(raised.already_claimed && raised.password_required && raised.holder_session.is_none());
        assert_eq!(raised.sign_level, 2);
        assert_eq!(
            (raised.binding_id, raised.ecard_no, raised.sign_no, raised.pseudonym),
            (
                holder.claimed.binding_id.clone(),
                holder.claimed.ecard_no.clone(),
                holder.claimed.sign_no.clone(),
                holder.claimed.pseudonym.clone()
            )
        );
        request.level = 1;
        assert_eq!(client.claim_ecard(&request).unwrap().sign_level, 2, "a level is not lowered by a claim");
    }

    fn many_claims_at_once_make_one_ecard_and_one_binding_each(platform) {
        let (_, client) = channel(platform);
        let persons: Vec<_> = (0..4).map(|_| person(platform, Phase::Active)).collect();
        let device = device(&client);
        let requests: Vec<_> = persons.iter().map(|person| claim(person, &device)).collect();
        let answers: Vec<Vec<EcardClaimed>> = std::thread::scope(|scope| {
            let (client, requests) = (&client, &requests);
            let each = || scope.spawn(move || requests.iter().map(|r| client.claim_ecard(r).unwrap()).collect());
            let threads: Vec<_> = (0..4).map(|_| each()).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for at in 0..persons.len() {
            let first = &answers[0][at];
            assert!(answers.iter().all(|answer| answer[at].binding_id == first.binding_id));
            let new = answers.iter().filter(|answer| !answer[at].already_claimed).count();
            assert_eq!(new, 1, "one of them made the e-card");
        }
    }
}

/// A production world without a checking service refuses, and says that it may be tried again.
#[test]
fn without_a_checking_service_nobody_claims() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ykt.sqlite").display());
    let config = server::world::WorldConfig {
        name: server::WorldName::Production,
        database: store::Config::new(url, std::sync::Arc::new(server::clock::micros)),
        keys: folder.path().join("keys"),
        attachments: server::attachment::Place::Folder(folder.path().join("attachments")),
        origin: "http://127.0.0.1".into(),
        real_person: std::sync::Arc::new(server::ecard::real_person::Unconfigured),
        enrolment: domain::staff::Enrolment::Voluntary,
    };
    let world = server::World::open(&config, server::Clock::new()).unwrap();
    let document =
        domain::identity::IdDocument::new(domain::identity::DocumentKind::ResidentId, &scene::number(1));
    let evidence = server::ecard::real_person::Evidence {
        method: server::ecard::real_person::Method::Face,
        token: "sim:pass".into(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let asked = server::ecard::real_person::check(world.real_person(), evidence, document.unwrap());
    let error = runtime.block_on(asked).unwrap_err();
    assert_eq!((error.code(), error.status().as_u16()), ("real_person.unavailable", 503));
}
