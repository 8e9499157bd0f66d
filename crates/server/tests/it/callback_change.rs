//! Another callback address: it answers a signed challenge, somebody else confirms it, and until then the one before is used.

use crate::contact::tell;
use crate::desk::Desk;
use crate::harness::{CallerHandle, Platform, Reply, refusal};
use crate::notification::Post;
use crate::webhook::{Endpoint, MUTE, cause, endpoint, event, run};
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use sdk::types::webhook::CreateWebhook;
use serde_json::{Value, json};
use server::job;

/// Somebody of the sandbox, with a second factor just confirmed.
struct Somebody<'a> {
    platform: &'a Platform,
    token: Private,
}

impl<'a> Somebody<'a> {
    fn new(platform: &'a Platform, role: Role, org: OrgId) -> Self {
        let world = platform.sandbox();
        let token = platform.token(world, role, org);
        let (hash, now) = (gm::sm3::digest(token.expose().as_bytes()), world.real_now().as_micros());
        platform.write_in(world, move |tx| Ok(store::staff::confirm_session(tx, &hash, now)?));
        Self { platform, token }
    }

    /// Another person of the channel's owner at every call.
    fn owner(platform: &'a Platform, channel: &CallerHandle) -> Self {
        let id = channel.owner;
        let found = platform.sandbox().db().read_blocking(move |tx| store::channel::find(tx, &id));
        Self::new(platform, Role::ChannelAdmin, OrgId::from_bytes(found.unwrap().unwrap().owner_id))
    }

    fn operator(platform: &'a Platform) -> Self {
        let org = platform.org_in(platform.sandbox(), OrgKind::Operator, "000000");
        Self::new(platform, Role::OperatorClerk, org)
    }

    fn send(&self, method: &str, path: &str, version: i64, body: &Value) -> Reply {
        let (bearer, tag) = (format!("Bearer {}", self.token.expose()), format!("\"{version}\""));
        let key = self.platform.unique().to_string();
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
            ("idempotency-key", key.as_str()),
            ("content-type", "application/json"),
        ];
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.platform.request(method, &format!("/sandbox/api/v1/{path}"), &headers, &bytes)
    }

    fn begin(&self, channel: &CallerHandle, opening: &Value) -> String {
        let body = json!({"kind": "callback_change", "channel_id": channel.id, "opening": opening});
        let opened = self.send("POST", "matters", 0, &body);
        assert_eq!(opened.status, 201, "{}", opened.json());
        opened.json()["matter_id"].as_str().unwrap().to_owned()
    }

    fn see(&self, matter: &str) -> Value {
        self.send("GET", &format!("matters/{matter}"), 0, &Value::Null).json()
    }

    fn act(&self, matter: &str, input: &Value) -> Reply {
        let version = self.see(matter)["version"].as_i64().unwrap();
        self.send("POST", &format!("matters/{matter}/actions"), version, input)
    }
}

/// What came at an address: types, each signed by the platform.
fn types(platform: &Platform, at: &Endpoint) -> Vec<String> {
    at.letters().iter().map(|letter| letter.told(platform).event).collect()
}

fn registered(channel: &CallerHandle, url: &str) -> String {
    let request = CreateWebhook { channel_id: None, url: url.to_owned(), events: Vec::new() };
    channel.client().create_webhook(&request).unwrap().webhook_id
}

fn confirm() -> Value {
    json!({"action": "confirm"})
}

on_both! {
    /// Live service goes on at the address before, until another person has confirmed the one that answered; both are told,
    /// and what is still on its way goes where the endpoint is then.
    fn an_endpoint_moves_when_its_address_has_answered_and_somebody_else_confirmed_it(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        let (old, new) = (Endpoint::open(), Endpoint::open());
        let webhook = registered(&channel, &old.url);
        let (owner, second) = (Somebody::owner(platform, &channel), Somebody::owner(platform, &channel));
        let change = owner.begin(&channel, &json!({"endpoint": webhook, "url": new.url}));
        assert_eq!(owner.see(&change)["state"], "asked");
        run(platform);
        let (seen, asked) = (owner.see(&change), types(platform, &new));
        assert_eq!((&seen["state"], asked), (&json!("proven"), vec!["webhook.challenge".to_owned()]));
        assert_eq!(seen["body"]["proofs"][0]["is_answered"], true);
        assert_eq!(owner.act(&change, &confirm()).code(), "matter.same_person");
        assert_eq!(types(platform, &old), ["matter.waiting"], "the address before hears of it while it can be taken back");
        old.answer(&[500]);
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_1"));
        run(platform);
        let kept = channel.client().webhooks().all().unwrap();
        assert_eq!((kept[0].url.as_str(), types(platform, &new)), (old.url.as_str(), vec![]), "nothing changed yet");
        old.letters();

        let confirmed = second.act(&change, &confirm());
        assert_eq!((confirmed.status, &second.see(&change)["state"]), (200, &json!("changed")), "{}", confirmed.json());
        let kept = channel.client().webhooks().all().unwrap();
        assert_eq!((kept[0].url.as_str(), kept[0].webhook_id.as_str(), kept.len()), (new.url.as_str(), webhook.as_str(), 1));
        platform.sandbox().clock().advance(5);
        run(platform);
        assert_eq!(types(platform, &old), ["webhook.address_changed"], "the address before hears that it was left, and no more");
        let mut there = types(platform, &new);
        there.sort();
        assert_eq!(there, ["payment.succeeded", "webhook.address_changed"], "what was on its way has gone along");
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_2"));
        run(platform);
        assert_eq!((types(platform, &old), types(platform, &new)), (vec![], vec!["payment.succeeded".to_owned()]));
        let timeline = owner.see(&change)["timeline"].clone();
        let steps: Vec<_> = timeline.as_array().unwrap().iter().map(|step| step["action"].as_str().unwrap().to_owned()).collect();
        assert_eq!(steps, ["open", "answer", "confirm"], "and it stays on record");
    }

    /// An address that answers with anything but the words of its challenge is not used, and is asked again when its owner says so.
    fn an_address_that_does_not_answer_the_challenge_is_not_used(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        let new = Endpoint::open();
        new.answer(&[MUTE, 500, 302]);
        let owner = Somebody::owner(platform, &channel);
        let change = owner.begin(&channel, &json!({"url": new.url, "events": ["payment.failed"]}));
        for (status, why) in [(u64::from(MUTE), "words"), (500, "status"), (302, "status")] {
            run(platform);
            let seen = owner.see(&change);
            let proof = seen["body"]["proofs"].as_array().unwrap().last().unwrap().clone();
            assert_eq!((&seen["state"], &proof["why"], proof["status"].as_u64()), (&json!("unproven"), &json!(why), Some(status)));
            assert_eq!(Somebody::operator(platform).act(&change, &confirm()).code(), "matter.transition");
            assert_eq!(owner.act(&change, &json!({"action": "prove"})).status, 200);
        }
        run(platform);
        assert!(channel.client().webhooks().all().unwrap().is_empty());
        assert_eq!(Somebody::operator(platform).act(&change, &confirm()).status, 200, "an owner with one account has the operator");
        let kept = channel.client().webhooks().all().unwrap();
        assert_eq!((kept[0].url.as_str(), &kept[0].events[..]), (new.url.as_str(), &["payment.failed".to_owned()][..]));
    }

    /// What is taken back while the address is being asked stays so.
    fn a_change_that_was_taken_back_asks_nobody(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["000000"]);
        let new = Endpoint::open();
        let owner = Somebody::owner(platform, &channel);
        let change = owner.begin(&channel, &json!({"url": new.url}));
        assert_eq!(owner.act(&change, &json!({"action": "withdraw"})).status, 200);
        run(platform);
        assert_eq!((&owner.see(&change)["state"], new.letters().len()), (&json!("withdrawn"), 0));
    }

    /// In production neither a key alone nor one person brings an address, and none inside is named.
    fn an_address_of_a_channel_in_production_comes_by_a_change_and_no_other_way(platform) {
        let channel = platform.channel();
        let owner = Desk::owner(platform, &channel);
        let request = CreateWebhook { channel_id: None, url: "https://example.org/new".into(), events: vec![] };
        assert_eq!(refusal(channel.client().create_webhook(&request)), (409, "webhook.by_matter".into()));
        let of_owner = json!({"channel_id": channel.id, "url": "https://example.org/new", "events": []});
        assert_eq!(owner.send("POST", "/api/v1/webhooks", 0, &of_owner).code(), "webhook.by_matter");
        let (kept, url) = endpoint(platform, &channel.id);
        let other_events = CreateWebhook { url, events: vec!["payment.failed".into()], ..request };
        let same = channel.client().create_webhook(&other_events).unwrap();
        assert_eq!((same.webhook_id, same.events), (kept, vec!["payment.failed".to_owned()]), "of what it is told is no address");
        for inside in ["http://example.org/", "https://127.0.0.1/", "https://10.0.0.1/", "https://u:p@example.org/", "https://example.org/#a"] {
            let refused = owner.try_open("callback_change", &channel, &json!({"url": inside})).json();
            assert_eq!(refused["errors"][0]["pointer"], "/opening/url", "{inside}: {refused}");
        }
        let change = owner.open("callback_change", &channel, &json!({"url": "https://example.org/secret?key=1"}));
        let region = Desk::province(platform, "330000").see(&change);
        assert_eq!(region["body"]["url"], "https://example.org/…", "a path may be a secret");
        assert_eq!(Desk::operator(platform).see(&change)["body"]["url"], "https://example.org/secret?key=1");
    }

    /// Whoever is to be called about a channel is written to, and whoever was until lately.
    fn contacts_are_written_to_and_so_is_who_was_one_lately(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        tell(platform, &channel, "王五", "wang@example.cn");
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        platform.clock().advance(2 * 86_400);
        tell(platform, &channel, "李蕾", "li@example.cn");
        // Thirty-one days after the first was replaced, twenty-nine after the second.
        platform.clock().advance(29 * 86_400);
        let run = || {
            platform.block_on(job::run_due(platform.world(), &job::registered())).unwrap();
            let at = platform.world().real_now();
            platform.block_on(server::notification::send_due(platform.world(), at)).unwrap();
        };
        run();
        let before = post.letters().len();
        let owner = Desk::owner(platform, &channel);
        let change = owner.open("callback_change", &channel, &json!({"url": "https://example.org/new"}));
        let world = platform.world().clone();
        let desk = server::matter::Desk::platform(&world);
        let matter: domain::id::MatterId = change.parse().unwrap();
        platform.write(move |tx| {
            let row = store::matter::lock(tx, matter.as_bytes())?.unwrap();
            server::matter::Course::new(&desk).act(tx, row, r#"{"action":"answer","status":200}"#)?;
            Ok(())
        });
        assert_eq!(owner.see(&change)["state"], "proven");
        run();
        let letters = post.letters().split_off(before);
        let mut to: Vec<_> = letters.iter().map(|letter| letter["to"][0].as_str().unwrap()).collect();
        to.sort_unstable();
        assert_eq!(to, ["chen@example.cn", "li@example.cn"], "one that was replaced a month ago is none of its contacts");
        let says = |text: &str| letters.iter().any(|letter| letter["text"].as_str().unwrap().contains(text));
        assert!(says("回调地址") && !says("example.org"), "where to is no business of a mailbox");
    }
}
