use crate::ecard::scene;
use crate::harness::{CallerHandle, HANGZHOU, Platform, refusal};
use domain::card::Phase;
use domain::id::KeyId;
use domain::org::{OrgKind, Role};
use domain::parameter::Name;
use sdk::client::{Acceptance, Call, Channel, Error, KeyPair, Staff};
use sdk::types::session::{OpenSession, Ping, Pong};
use sdk::types::traffic::TrafficView;
use server::World;
use server::auth::{Caller, CallerKind, Evidence};
use server::traffic::service;
use std::num::NonZeroU32;
use store::key::KeyRow;

const DAY: i64 = 86_400;

fn ping(client: &impl Acceptance) -> Result<Pong, Error> {
    ping_of(client, "a")
}

fn ping_of(client: &impl Acceptance, text: &str) -> Result<Pong, Error> {
    client.client().send(&Call::post("/api/v1/ping", &Ping { text: text.into() }).unwrap().once())
}

fn pings(client: &impl Acceptance, times: usize) {
    (0..times).for_each(|_| {
        ping(client).unwrap();
    });
}

fn flush(platform: &Platform, world: &World) {
    platform.block_on(service::flush(world)).unwrap();
}

/// Calls today and yesterday with each signing key, as the operator reads them.
fn calls(platform: &Platform, channel: &CallerHandle) -> Vec<(i64, i64)> {
    let keys = platform.operator().key_traffic(&channel.id).unwrap().keys;
    keys.iter().map(|key| (key.calls_today, key.calls_yesterday)).collect()
}

/// The requests of today, as the operator reads them.
fn told(platform: &Platform, channel: &CallerHandle) -> TrafficView {
    let day = platform.world().now().business_date().to_string();
    platform.operator().traffic(&channel.id, &day, &day).unwrap()
}

/// Another key of the channel, the one before being in its overlap.
fn next_key(platform: &Platform, channel: &CallerHandle) -> Channel {
    let (id, now) = (platform.world().id(KeyId::make), platform.world().now().as_micros());
    let before: KeyId = channel.key_id.parse().unwrap();
    let key = gm::sm2::SigningKey::generate();
    let row = KeyRow {
        id: *id.as_bytes(),
        usage: "caller".into(),
        version: 2,
        owner: Some(channel.owner),
        state: "active".into(),
        wrapped: None,
        public_key: Some(key.verifying_key().to_sec1().to_vec()),
        created_at: now,
        retired_at: None,
        label: Some("二号密钥".into()),
    };
    platform.write(move |tx| {
        store::key::update_state(tx, before.as_bytes(), "retiring", now + 7 * DAY * 1_000_000)?;
        Ok(store::key::insert(tx, &row)?)
    });
    let pair = KeyPair { key_id: id.to_string(), key };
    Channel::signed(&platform.config(platform.world()), pair).unwrap()
}

on_both! {
    fn calls_are_told_by_key_and_business_day(platform) {
        let channel = platform.channel();
        let owner = platform.staff_of(Role::ChannelEngineer, platform.org(OrgKind::ChannelOwner, HANGZHOU));
        let told = |staff: &Staff| staff.key_traffic(&channel.id).unwrap();
        assert_eq!((told(&owner).keys[0].calls_today, &told(&owner).keys[0].last_called_at), (0, &None));
        pings(&channel.signed(), 3);
        flush(platform, platform.world());
        let today = told(&owner);
        assert_eq!(today.today_on, platform.world().now().business_date().to_string());
        assert_eq!((today.keys.len(), today.keys[0].calls_today), (1, 3));
        assert_eq!(today.keys[0].key_id, channel.key_id);

        platform.clock().advance(DAY);
        assert_eq!(calls(platform, &channel), [(0, 3)]);
        pings(&channel.signed(), 1);
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(1, 3)]);
        let last = told(&owner).keys[0].last_called_at.clone();
        assert!(last > today.keys[0].last_called_at);
        platform.clock().advance(2 * DAY);
        let later = told(&owner).keys.remove(0);
        assert_eq!((later.calls_today, later.calls_yesterday, later.last_called_at), (0, 0, last));
    }

    fn a_call_in_a_session_is_one_with_the_key_that_opened_it(platform) {
        let channel = platform.channel();
        pings(&channel.client(), 4);
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(5, 0)], "the opening is signed, and a call too");
    }

    fn a_key_in_its_overlap_that_is_still_used_is_seen_beside_the_next_one(platform) {
        let channel = platform.channel();
        let next = next_key(platform, &channel);
        pings(&channel.signed(), 2);
        pings(&next, 3);
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(2, 0), (3, 0)]);
    }

    fn a_key_that_is_used_after_its_end_is_seen_although_it_is_refused(platform) {
        let (channel, now) = (platform.channel(), platform.world().now().as_micros());
        let key: KeyId = channel.key_id.parse().unwrap();
        platform.write(move |tx| Ok(store::key::update_state(tx, key.as_bytes(), "revoked", now)?));
        let point = data_encoding::HEXLOWER.encode(&channel.key.verifying_key().to_sec1());
        let open = Call::post("/api/v1/sessions", &OpenSession { encryption_key: point }).unwrap().repeatable();
        let outcome = channel.signed().client().send::<Pong>(&open);
        assert_eq!(refusal(outcome), (401, "signature.invalid".into()));
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(1, 0)]);
    }

    fn who_only_claims_to_be_a_channel_counts_nothing_for_it(platform) {
        let channel = platform.channel();
        let forger = KeyPair { key_id: channel.key_id.clone(), key: gm::sm2::SigningKey::generate() };
        let forger = Channel::signed(&platform.config(platform.world()), forger).unwrap();
        assert_eq!(refusal(ping(&forger)), (401, "signature.invalid".into()));
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(0, 0)]);
    }

    fn the_calls_of_terminals_are_not_kept(platform) {
        let terminal = platform.terminal(HANGZHOU);
        ping(&terminal.terminal()).unwrap();
        flush(platform, platform.world());
        assert!(platform.read(|tx| Ok(store::traffic::oldest_day(tx)?)).is_none());
    }

    fn whoever_does_not_see_a_channel_is_not_told_of_its_calls(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, HANGZHOU));
        assert_eq!(refusal(stranger.key_traffic(&channel.id)), (404, "resource.not_found".into()));
        let elsewhere = platform.staff(Role::RegionAdmin, "440000");
        assert_eq!(refusal(elsewhere.key_traffic(&channel.id)), (404, "resource.not_found".into()));
        platform.staff(Role::SecurityAdmin, "000000").key_traffic(&channel.id).unwrap();
    }

    fn calls_are_told_by_how_they_ended_by_operation_and_by_code(platform) {
        let (channel, day) = (platform.channel(), platform.world().now().business_date());
        let client = channel.signed();
        pings(&client, 3);
        assert_eq!(refusal(ping_of(&client, &"长".repeat(513))).0, 422);
        let unknown = Call::get("/api/v1/ecards/bnd_00000000000000000000000000");
        for _ in 0..2 {
            assert_eq!(refusal(client.client().send::<Pong>(&unknown)).0, 404);
        }
        flush(platform, platform.world());
        let told = told(platform, &channel);
        assert_eq!(told.days.len(), 1);
        assert_eq!(told.days[0].day_on, day.to_string());
        let figures = &told.days[0].figures;
        assert_eq!((figures.calls, figures.answered, figures.refused, figures.failed), (6, 3, 3, 0));
        let (half, most) = (figures.p50_micros.unwrap(), figures.p95_micros.unwrap());
        assert!(0 < half && half <= most && most < 100_000_000);
        let operations: Vec<_> = told.operations.iter().map(|of| (of.operation.as_str(), of.figures.calls)).collect();
        assert_eq!(operations, [("POST /api/v1/ping", 4), ("GET /api/v1/ecards/{binding_id}", 2)]);
        let codes: Vec<_> = told.codes.iter().map(|of| (of.code.as_str(), of.status, of.calls)).collect();
        assert_eq!(codes, [("resource.not_found", 404, 2), ("request.fields", 422, 1)]);
    }

    fn an_operation_has_one_name_in_both_worlds(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        ping(&channel.signed()).unwrap();
        flush(platform, platform.sandbox());
        let day = platform.sandbox().now().business_date().to_string();
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        let told = operator.traffic(&channel.id, &day, &day).unwrap();
        assert_eq!(told.operations[0].operation, "POST /api/v1/ping");
    }

    fn what_is_turned_away_for_its_rate_is_refused_and_counted(platform) {
        let channel = platform.channel();
        let client = channel.signed();
        platform.world().limit_rate(NonZeroU32::new(2).unwrap());
        pings(&client, 2);
        assert_eq!(refusal(ping(&client)).1, "platform.rate_limited");
        flush(platform, platform.world());
        let told = told(platform, &channel);
        assert_eq!((told.days[0].figures.answered, told.days[0].figures.refused), (2, 1));
        assert_eq!((told.codes[0].code.as_str(), told.codes[0].status), ("platform.rate_limited", 429));
    }

    fn a_request_whose_answer_nobody_waits_for_has_failed(platform) {
        let channel = platform.channel();
        let evidence = Evidence::Signature { key: channel.key_id.parse().unwrap(), second: 0, nonce: [0; 16] };
        let caller = Caller { id: channel.owner, kind: CallerKind::Channel, evidence };
        let (parts, ()) = http::Request::builder().method("POST").body(()).unwrap().into_parts();
        drop(server::traffic::Call::new(platform.world(), caller, &parts, std::time::Instant::now()));
        flush(platform, platform.world());
        let told = told(platform, &channel);
        assert_eq!((told.days[0].figures.failed, told.codes[0].code.as_str()), (1, "request.unanswered"));
    }

    /// ND-1.3, ND-1.4, ND-3.5d: what became of claims is told by the check at which they ended, out of the same counts.
    fn what_became_of_claims_is_a_funnel(platform) {
        let (channel, client) = scene::channel(platform);
        let claim = |phase, token: &str, name: Option<&str>| {
            let person = scene::person(platform, phase);
            let mut claim = scene::claim(&person, &scene::device(&client));
            claim.real_person = scene::real(token);
            if let Some(name) = name {
                claim.name = name.into();
            }
            client.claim_ecard(&claim).is_ok()
        };
        let pass = "sim:pass";
        let held = [
            claim(Phase::Active, pass, None),
            claim(Phase::Active, pass, None),
            claim(Phase::Active, "sim:fail", None),
            claim(Phase::LossReported, pass, None),
            claim(Phase::LossReported, pass, None),
            claim(Phase::Active, pass, Some("李四")),
        ];
        assert_eq!(held, [true, true, false, false, false, false]);
        let mut unreadable = scene::claim(&scene::person(platform, Phase::Active), &scene::device(&client));
        unreadable.id_number = "1".into();
        assert_eq!(refusal(client.claim_ecard(&unreadable)).1, "request.fields");
        flush(platform, platform.world());
        let issuance = told(platform, &channel).issuance;
        assert_eq!((issuance.asked, issuance.answered), (7, 2));
        let gates: Vec<_> = issuance.gates.iter().map(|one| (one.gate.as_str(), one.came, one.lost)).collect();
        assert_eq!(gates, [
            ("request", 7, 1), ("channel", 6, 0), ("person", 6, 1), ("department", 5, 0), ("card", 5, 2), ("real_person", 3, 1), ("platform", 2, 0),
        ]);
        let why = &issuance.gates[4].reasons[0];
        assert_eq!((why.code.as_str(), why.calls), ("card.loss_reported", 2));
        assert!(why.title_zh.as_deref().is_some_and(|title| title.contains("挂失")), "{why:?}");
        let platforms = &issuance.gates[0].reasons[0];
        assert_eq!((platforms.title_zh.as_deref(), &platforms.clause), (Some("请求字段不正确"), &None), "no rule has words, too");
    }

    fn days_are_asked_for_in_order_and_not_too_many_at_once(platform) {
        let (channel, day) = (platform.channel(), platform.world().now().business_date());
        let operator = platform.operator();
        for (from, to) in [(day, day.plus_days(-1)), (day.plus_days(-93), day)] {
            let outcome = operator.traffic(&channel.id, &from.to_string(), &to.to_string());
            assert_eq!(refusal(outcome), (422, "request.fields".into()));
        }
        let quarter = operator.traffic(&channel.id, &day.plus_days(-92).to_string(), &day.to_string()).unwrap();
        assert!(quarter.days.is_empty() && quarter.codes.is_empty());
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, HANGZHOU));
        let outcome = stranger.traffic(&channel.id, &day.to_string(), &day.to_string());
        assert_eq!(refusal(outcome), (404, "resource.not_found".into()));
    }

    fn calls_are_kept_as_many_days_as_the_parameter_says(platform) {
        let channel = platform.channel();
        let kept = platform.world().parameter(Name::TrafficRetention);
        pings(&channel.signed(), 1);
        flush(platform, platform.world());
        let forget = || platform.block_on(service::forget(platform.world())).unwrap();
        let is_kept = || platform.operator().key_traffic(&channel.id).unwrap().keys[0].last_called_at.is_some();
        platform.clock().advance(kept * DAY);
        forget();
        assert!(is_kept());
        platform.clock().advance(DAY);
        forget();
        assert!(!is_kept());
    }
}

/// What two servers on one database have counted is added up.
#[test]
fn the_calls_at_several_servers_add_up() {
    Platform::run(store::db::Engine::Postgres, |platform| {
        let channel = platform.channel();
        let (config, beside) = platform.twin_and_world();
        pings(&channel.signed(), 2);
        pings(&channel.at(&config).signed(), 3);
        flush(platform, &beside);
        flush(platform, platform.world());
        assert_eq!(calls(platform, &channel), [(5, 0)]);
        pings(&channel.at(&config).signed(), 1);
        flush(platform, &beside);
        assert_eq!(calls(platform, &channel), [(6, 0)]);
        assert_eq!(told(platform, &channel).days[0].figures.answered, 6);
    });
}
