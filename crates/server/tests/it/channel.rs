use crate::harness::{HANGZHOU, Platform, refusal};
use domain::channel::{Registration, Scope};
use domain::key::proof::PublicKey;
use domain::org::{OrgKind, Role};
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Call, Channel, KeyPair, Staff};
use sdk::types::audit::TrailFilter;
use sdk::types::channel::{
    AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelOwner, ChannelView, CreateChannel,
};
use sdk::types::key::{AddKey, KeyUsage};
use sdk::types::session::{Ping, Pong};
use server::channel::life;

/// The sandbox has the short way.
pub fn operator(platform: &Platform) -> Staff {
    platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000")
}

pub fn app() -> CreateChannel {
    CreateChannel {
        name: "浙里办".into(),
        owner: ChannelOwner { name: "数字浙江".into(), uscc: "91110000600037341L".into() },
        class: ChannelClass::Government,
        level: 1,
        parent_id: None,
        form: ChannelForm::App,
        form_name: None,
        access_mode: AccessMode::Sdk,
        regions: vec!["330000".into()],
        services: vec!["ecard.issue".into(), "pay.code".into()],
        keys: Vec::new(),
    }
}

fn act(by: &Staff, channel: &ChannelView, action: &str) -> Result<ChannelView, sdk::client::Error> {
    let request = ActOnChannel { action: action.into(), reason: Some("接口被越权访问".into()) };
    by.act_on_channel(&channel.channel_id, channel.version, &request)
}

fn ping(channel: &Channel) -> Result<Pong, sdk::client::Error> {
    channel.client().send(&Call::post("/api/v1/ping", &Ping { text: "在".into() }).unwrap().repeatable())
}

on_both! {
    fn stopping_a_channel_takes_a_fresh_proof_and_starting_it_again_none(platform) {
        let world = platform.sandbox();
        let org = platform.org_in(world, OrgKind::Operator, "000000");
        let token = platform.token(world, Role::OperatorAdmin, org);
        let admin = Staff::with_token(&platform.config(world), token.clone()).unwrap();
        let channel = admin.create_channel(&app()).unwrap();
        let told = admin.trail(&channel.channel_id, &TrailFilter::default()).unwrap().all().unwrap().remove(0).changes;
        let of = |field: &str| told.iter().filter(|one| one.field == field).filter_map(|one| one.to.clone()).collect::<Vec<_>>();
        let told = (of("region").join(","), of("service").join(","));
        assert_eq!(told, ("330000".into(), "ecard.issue,pay.code".into()));
        platform.enrol(world, &token, None);
        let required = (403, "staff.step_up_required".to_owned());
        assert_eq!(refusal(act(&admin, &channel, "suspend")), required);
        assert_eq!(refusal(act(&admin, &channel, "terminate")), required);
        platform.enrol(world, &token, Some(world.real_now()));
        let suspended = act(&admin, &channel, "suspend").unwrap();
        platform.enrol(world, &token, Some(world.real_now().plus_seconds(-300)));
        assert_eq!(refusal(act(&admin, &suspended, "terminate")), required, "five minutes later");
        assert_eq!(act(&admin, &suspended, "resume").unwrap().state, "live");
    }

    /// CH-9.1d
    fn a_new_channel_is_live_with_a_number_of_its_own_and_its_key_works(platform) {
        let operator = operator(platform);
        let key = SigningKey::generate();
        let public_key = data_encoding::HEXLOWER.encode(&key.verifying_key().to_sec1());
        let with_key = CreateChannel { keys: vec![AddKey { usage: KeyUsage::Sign, public_key }], ..app() };
        let channel = operator.create_channel(&with_key).unwrap();
        assert_eq!((channel.state.as_str(), channel.version, channel.level), ("live", 1, 1));
        assert!(channel.number.len() == 10 && channel.number.bytes().all(|digit| digit.is_ascii_digit()));
        assert_eq!(channel.actions, ["suspend", "terminate"]);
        let pair = KeyPair { key_id: channel.keys[0].key_id.clone(), key };
        assert_eq!(ping(&Channel::new(&platform.config(platform.sandbox()), pair).unwrap()).unwrap().text, "在");

        let second = operator.create_channel(&app()).unwrap();
        assert_ne!(second.number, channel.number);
        assert_eq!(second.owner_id, channel.owner_id, "the owner is found by its credit code");
        assert_eq!(operator.channel(&second.channel_id).unwrap(), second);
        let owner = operator.orgs().map(Result::unwrap).find(|org| org.org_id == channel.owner_id).unwrap();
        assert_eq!((owner.name.as_str(), owner.division.as_str()), ("数字浙江", "110000"));
    }

    /// CH-8.3a, CH-8.3b
    fn only_an_app_is_accessed_by_sdk(platform) {
        let operator = operator(platform);
        for form in [ChannelForm::OfficialAccount, ChannelForm::LifeAccount, ChannelForm::MiniProgram, ChannelForm::Other] {
            let form_name = (form == ChannelForm::Other).then(|| "自助机".to_owned());
            let by_sdk = CreateChannel { form, form_name, ..app() };
            assert_eq!(refusal(operator.create_channel(&by_sdk)), (422, "channel.access_mode".into()), "{form:?}");
            let created = operator.create_channel(&CreateChannel { access_mode: AccessMode::H5, ..by_sdk.clone() }).unwrap();
            assert_eq!(created.form_name, by_sdk.form_name);
        }
        operator.create_channel(&CreateChannel { access_mode: AccessMode::H5, ..app() }).unwrap();
    }

    /// CH-4.1, CH-4.2, CH-4.4
    fn a_level_2_channel_belongs_to_one_of_level_1(platform) {
        let operator = operator(platform);
        let first = operator.create_channel(&app()).unwrap();
        let below = |parent: Option<&str>| CreateChannel { level: 2, parent_id: parent.map(str::to_owned), ..app() };
        let second = operator.create_channel(&below(Some(&first.channel_id))).unwrap();
        assert_eq!(second.parent_id.as_deref(), Some(first.channel_id.as_str()));
        let nobody = platform.sandbox().id(domain::id::ChannelId::make).to_string();
        for (new, code) in [
            (below(None), "channel.parent_missing"),
            (below(Some(&nobody)), "channel.parent_missing"),
            (below(Some(&second.channel_id)), "channel.parent_level"),
            (CreateChannel { level: 1, ..below(Some(&first.channel_id)) }, "channel.parent_unexpected"),
        ] {
            assert_eq!(refusal(operator.create_channel(&new)), (422, code.into()));
        }
    }

    /// CH-11.3, CH-11.4c: the owner of a level-1 channel is told of every level-2 channel it answers for, a department of those
    /// that serve in its area; and nobody learns of more.
    fn a_channel_is_shown_between_the_levels(platform) {
        let world = platform.sandbox();
        let operator = operator(platform);
        let head = operator.create_channel(&CreateChannel { regions: vec!["000000".into()], ..app() }).unwrap();
        let below = |name: &str, region: &str, uscc: &str| operator.create_channel(&CreateChannel {
            name: name.into(),
            owner: ChannelOwner { name: format!("{name}公司"), uscc: uscc.into() },
            level: 2,
            parent_id: Some(head.channel_id.clone()),
            regions: vec![region.into()],
            ..app()
        }).unwrap();
        let (own, other) = (below("自营", "330000", "91110000600037341L"), below("合作", "310000", "91350100M000100Y43"));
        let owner_of = |channel: &ChannelView| {
            let token = platform.token(world, Role::ChannelAdmin, channel.owner_id.parse().unwrap());
            Staff::with_token(&platform.config(world), token).unwrap()
        };
        let seen = |staff: &Staff, channel: &ChannelView| {
            let levels = staff.channel_levels(&channel.channel_id).unwrap();
            let mut below: Vec<_> = levels.below.into_iter().map(|one| (one.name, one.is_in_sight)).collect();
            below.sort();
            (levels.parent.map(|one| (one.name, one.is_in_sight)), below)
        };
        let named = |name: &str, is_in_sight| (name.to_owned(), is_in_sight);
        assert_eq!(seen(&owner_of(&head), &head), (None, vec![named("合作", true), named("自营", true)]));
        assert_eq!(seen(&owner_of(&other), &other), (Some(named("浙里办", false)), vec![]));
        assert_eq!(seen(&operator, &own), (Some(named("浙里办", true)), vec![]));
        let zhejiang = platform.staff_in(world, Role::RegionAdmin, "330000");
        assert_eq!(seen(&zhejiang, &head), (None, vec![named("自营", true)]));
        assert_eq!(refusal(zhejiang.channel_levels(&other.channel_id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(owner_of(&other).channel_levels(&head.channel_id)), (404, "resource.not_found".into()));
    }

    /// CH-11.2, CH-11.4b, CH-22.1: whoever answers for a level-2 channel of another owner looks at it and begins business about it, its
    /// exit too, all but the change of its key (CH-26.2) and of where it listens; what is sent to it stays its own.
    fn level_one_looks_at_what_it_answers_for(platform) {
        let world = platform.sandbox();
        let operator = operator(platform);
        let head = operator.create_channel(&app()).unwrap();
        let other = ChannelOwner { name: "合作公司".into(), uscc: "91350100M000100Y43".into() };
        let below = CreateChannel { name: "合作".into(), owner: other, level: 2, parent_id: Some(head.channel_id.clone()), ..app() };
        let below = operator.create_channel(&below).unwrap();
        let owner_of = |channel: &ChannelView| {
            let token = platform.token(world, Role::ChannelAdmin, channel.owner_id.parse().unwrap());
            Staff::with_token(&platform.config(world), token).unwrap()
        };
        let (liable, own) = (owner_of(&head), owner_of(&below));
        let begins = |staff: &Staff| staff.channel(&below.channel_id).unwrap().opens;
        let (by_liable, by_own) = (begins(&liable), begins(&own));
        let but = |those: &[String], others: &[String]| {
            those.iter().filter(|kind| !others.contains(kind)).cloned().collect::<Vec<_>>()
        };
        assert_eq!((but(&by_own, &by_liable), but(&by_liable, &by_own)), (vec!["key_change".to_owned(), "callback_change".to_owned()], vec!["exit".to_owned()]));
        let seen: Vec<_> = liable.channels().map(|one| one.unwrap().name).collect();
        assert_eq!(seen, ["浙里办", "合作"]);
        assert_eq!(refusal(own.channel(&head.channel_id)), (404, "resource.not_found".into()), "it does not look up");
        let ended = act(&operator, &below, "terminate").unwrap();
        assert_eq!(begins(&own), [] as [&str; 0], "{}: nothing begins", ended.state);
    }

    /// CH-6.3, CH-8.1a
    fn a_scope_names_a_region_and_no_service_without_issuance(platform) {
        let operator = operator(platform);
        let scope = |regions: &[&str], services: &[&str]| {
            let words = |all: &[&str]| all.iter().map(|&word| word.to_owned()).collect();
            let new = CreateChannel { regions: words(regions), services: words(services), ..app() };
            refusal(operator.create_channel(&new))
        };
        assert_eq!(scope(&["330000"], &["pay.code"]), (422, "channel.issuance_not_open".into()));
        assert_eq!(scope(&[], &["ecard.issue"]), (422, "channel.no_region".into()));
        assert_eq!(scope(&["990000"], &["ecard.issue"]), (422, "request.fields".into()));
        assert_eq!(scope(&["330000"], &["ecard.issue", "magic.wand"]), (422, "request.fields".into()));
        assert_eq!(scope(&["330000", "310000"], &["ecard.issue"]).0, 200);
    }

    fn every_wrong_field_of_a_channel_is_named(platform) {
        let token = platform.token(platform.sandbox(), Role::OperatorAdmin, platform.org_in(platform.sandbox(), OrgKind::Operator, "000000"));
        let mut body = serde_json::to_value(app()).unwrap();
        body["name"] = "名".repeat(101).into();
        body["owner"]["uscc"] = "91110000600037341X".into();
        body["level"] = 3.into();
        body["form_name"] = "多余".into();
        body["regions"] = serde_json::json!(["330000", "33"]);
        body["keys"] = serde_json::json!([{"usage": "sign", "public_key": "04"}]);
        let reply = platform.request_as(&token, "POST", "/sandbox/api/v1/channels", &body);
        let json = reply.json();
        let pointers: Vec<_> = json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        let expected = ["/name", "/owner/uscc", "/level", "/form_name", "/regions/1", "/keys/0/public_key"];
        assert_eq!((reply.status, pointers), (422, expected.to_vec()));
        body = serde_json::to_value(app()).unwrap();
        body["unknown"] = 1.into();
        assert_eq!(platform.request_as(&token, "POST", "/sandbox/api/v1/channels", &body).status, 422);
        let token = format!("Bearer {}", token.expose());
        let reply = platform.request("POST", "/sandbox/api/v1/channels", &[("authorization", &token)], b"{");
        assert_eq!((reply.status, reply.code().as_str()), (400, "request.malformed"));
    }

    /// CH-31.2
    fn a_channel_is_suspended_and_resumed_by_who_has_seen_its_state(platform) {
        let operator = operator(platform);
        let live = operator.create_channel(&app()).unwrap();
        let clerk = platform.staff_in(platform.sandbox(), Role::OperatorClerk, "000000");
        assert_eq!(refusal(act(&clerk, &live, "resume")), (403, "staff.role".into()), "starting again is the administrator's");
        let suspended = act(&clerk, &live, "suspend").unwrap();
        assert_eq!((suspended.state.as_str(), suspended.version), ("suspended", 2));
        assert_eq!(suspended.reason.as_deref(), Some("接口被越权访问"));
        assert_eq!(suspended.actions, [] as [&str; 0], "a clerk may not resume");
        assert_eq!(refusal(act(&clerk, &suspended, "suspend")), (409, "channel.transition".into()));
        assert_eq!(refusal(act(&operator, &live, "resume")), (412, "resource.stale".into()));
        let resumed = act(&operator, &suspended, "resume").unwrap();
        assert_eq!((resumed.state.as_str(), resumed.version), ("live", 3));
    }

    /// CH-31.3
    fn a_terminated_channel_and_all_its_keys_are_dead_at_once(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        let (signed, session) = (channel.signed(), channel.client());
        ping(&session).unwrap();
        let operator = operator(platform);
        let view = operator.channel(&channel.id).unwrap();
        let ended = act(&operator, &view, "terminate").unwrap();
        assert_eq!((ended.state.as_str(), ended.actions.len()), ("terminated", 0));
        assert!(ended.keys.iter().all(|key| key.state == sdk::types::key::KeyState::Revoked && key.revoked_at.is_some()));
        let open = sdk::types::session::OpenSession { encryption_key: view.keys[0].public_key.clone() };
        let call = Call::post("/api/v1/sessions", &open).unwrap().repeatable();
        let outcome = signed.client().send::<serde_json::Value>(&call);
        assert_eq!(refusal(outcome), (401, "signature.invalid".into()));
        for action in ["suspend", "resume", "terminate"] {
            assert_eq!(refusal(act(&operator, &ended, action)), (409, "channel.transition".into()), "{action}");
        }
        let security = platform.staff_in(platform.sandbox(), Role::SecurityAdmin, "000000");
        let public_key = data_encoding::HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
        let outcome = security.add_channel_key(&channel.id, &AddKey { usage: KeyUsage::Sign, public_key });
        assert_eq!(refusal(outcome), (409, "channel.terminated".into()));
    }

    fn an_action_takes_a_version_and_a_reason_that_is_not_empty(platform) {
        let token = platform.token(platform.sandbox(), Role::OperatorAdmin, platform.org_in(platform.sandbox(), OrgKind::Operator, "000000"));
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        let path = format!("/sandbox/api/v1/channels/{}/actions", channel.id);
        let bearer = format!("Bearer {}", token.expose());
        let send = |if_match: Option<&str>, body: &str| {
            let mut headers = vec![("authorization", bearer.as_str())];
            headers.extend(if_match.map(|tag| ("if-match", tag)));
            let reply = platform.request("POST", &path, &headers, body.as_bytes());
            (reply.status, reply.code())
        };
        let suspend = r#"{"action":"suspend","reason":"篡改"}"#;
        assert_eq!(send(None, suspend), (428, "resource.if_match_missing".into()));
        assert_eq!(send(Some("1"), suspend), (412, "resource.stale".into()), "a tag has quotes");
        for body in [r#"{"action":"suspend"}"#, r#"{"action":"terminate","reason":" "}"#, r#"{"action":"fly"}"#] {
            assert_eq!(send(Some("\"1\""), body), (422, "request.fields".into()), "{body}");
        }
        let reason = "因".repeat(501);
        assert_eq!(send(Some("\"1\""), &format!(r#"{{"action":"suspend","reason":"{reason}"}}"#)).0, 422);
        let reason = "因".repeat(500);
        assert_eq!(send(Some("\"1\""), &format!(r#"{{"action":"suspend","reason":"{reason}"}}"#)).0, 200);
        let path = format!("/sandbox/api/v1/channels/{}", channel.id);
        let reply = platform.request("GET", &path, &[("authorization", &bearer)], b"");
        assert_eq!((reply.status, reply.header("etag")), (200, "\"2\""));
    }

    /// CH-9.1d, CH-9.1e.
    fn a_channel_in_testing_finds_itself_in_the_sandbox_and_nowhere_else(platform) {
        let key = SigningKey::generate();
        let test_key = PublicKey {
            usage: domain::key::KeyUsage::Caller,
            public_key: data_encoding::HEXLOWER.encode(&key.verifying_key().to_sec1()),
            label: None,
        };
        let new = Registration {
            name: "浙里办".into(),
            owner: Some(("数字浙江".into(), "91110000600037341L".parse().unwrap())),
            class: domain::channel::Class::Government,
            level: domain::channel::Level::One,
            parent: None,
            form: domain::channel::Form::App,
            form_name: None,
            access_mode: domain::channel::AccessMode::Sdk,
            scope: Scope::new(vec!["330000".parse().unwrap()], vec!["ecard.issue".parse().unwrap()]).unwrap(),
            is_platform_level: false,
            test_keys: vec![test_key],
        };
        let (world, sandbox) = (platform.world(), platform.sandbox());
        let ids = (world.id(domain::id::ChannelId::make), world.id(domain::id::OrgId::make));
        let (applicant, now) = (platform.org(OrgKind::ChannelOwner, HANGZHOU), world.now());
        platform.write(move |tx| life::register(tx, ids, &new, applicant, &["0000000042".to_owned()], now));
        for _ in 0..2 {
            platform.block_on(server::job::run_due(world, &server::job::registered())).unwrap();
        }
        let there = operator(platform).channels().map(Result::unwrap).find(|c| c.number == "0000000042").unwrap();
        assert_eq!((there.phase.as_str(), there.owner.name.as_str(), there.keys.len()), ("live", "数字浙江", 1));
        let pair = || KeyPair { key_id: there.keys[0].key_id.clone(), key: key.clone() };
        assert_eq!(ping(&Channel::new(&platform.config(sandbox), pair()).unwrap()).unwrap().text, "在");
        let here = platform.operator().channel(&ids.0.to_string()).unwrap();
        assert_eq!((here.phase.as_str(), here.keys.len()), ("testing", 0));
        let outcome = ping(&Channel::new(&platform.config(world), pair()).unwrap());
        assert_eq!(refusal(outcome).0, 401, "a test key is nothing in production");
    }

    /// CH-2.1, CH-6.4, CH-31.0.
    fn production_registers_and_measures_no_channel_without_a_matter(platform) {
        let operator = platform.operator();
        assert_eq!(refusal(operator.create_channel(&app())), (409, "channel.not_admitted".into()));
        let live = operator.channel(&platform.channel().id).unwrap();
        for action in ["suspend", "resume", "terminate"] {
            assert_eq!(refusal(act(&operator, &live, action)), (409, "channel.by_matter".into()), "{action}");
        }
        assert_eq!(operator.channel(&live.channel_id).unwrap(), live);
        assert_eq!(live.actions, [] as [&str; 0], "no button that would be refused");
    }

    /// CH-5.2
    fn a_region_sees_what_serves_in_it_and_an_owner_its_own(platform) {
        let world = platform.world();
        let zhejiang = platform.channel_in(world, &["330000"]).id;
        let ningbo = platform.channel_in(world, &["330200"]).id;
        let nation = platform.channel().id;
        let seen = |staff: &Staff| staff.channels().map(|c| c.unwrap().channel_id).collect::<Vec<_>>();
        let hangzhou = platform.staff(Role::RegionAdmin, HANGZHOU);
        assert_eq!(seen(&hangzhou), [zhejiang.clone(), nation.clone()]);
        assert_eq!(refusal(hangzhou.channel(&ningbo)), (404, "resource.not_found".into()));
        hangzhou.channel(&nation).unwrap();
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        assert_eq!(seen(&ministry).len(), 3);
        let owner = platform.staff(Role::ChannelAdmin, HANGZHOU);
        assert_eq!(seen(&owner).len(), 3, "the harness's channels belong to one owner");
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, HANGZHOU));
        assert_eq!(seen(&stranger), [] as [&str; 0]);
        assert_eq!(refusal(stranger.channel(&nation)), (404, "resource.not_found".into()));
        assert_eq!(refusal(ministry.channel("chn_nonsense")), (404, "resource.not_found".into()));
    }
}
