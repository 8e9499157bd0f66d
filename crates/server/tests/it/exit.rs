//! Exits over HTTP, from the filing or the ground to the accepted deletion.

use crate::desk::{Desk, day_after, move_to, today};
use crate::ecard::scene::{channel, holder};
use crate::harness::{CallerHandle, Platform, refusal};
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey;
use serde_json::{Value, json};

fn phase(platform: &Platform, channel: &CallerHandle) -> String {
    let id = channel.owner;
    platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().phase))
}

/// The owner's signed word that all is deleted.
fn certificate(platform: &Platform, channel: &CallerHandle, exit: &str, key: &SigningKey) -> Value {
    let id = channel.owner;
    let number = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().number));
    let document = json!({
        "channel": number,
        "exit": exit,
        "deleted_on": today(platform),
        "categories": ["identity", "contact", "biometric", "credential", "usage", "backup"],
        "statement": "全部原始信息已删除，未作保留",
        "signed_by": "信息安全负责人",
    })
    .to_string();
    json!({"action": "certify", "certificate": {
        "signature": HEXLOWER.encode(&key.sign(document.as_bytes()).0),
        "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "document": document,
    }})
}

fn delete(platform: &Platform, channel: &CallerHandle, exit: &str) {
    let (key, owner) = (SigningKey::generate(), Desk::owner(platform, channel));
    let certified = certificate(platform, channel, exit, &key);
    let refused = owner.try_act(exit, &certified).json();
    assert_eq!(refused["errors"][0]["code"], "signing_key.unregistered");
    assert_eq!(refused["errors"][0]["pointer"], "/certificate/public_key");
    owner.register_key(&key);
    owner.act(exit, &certified);
    let accepted = Desk::operator(platform).act(exit, &json!({"action": "accept", "words": "已核对"}));
    assert_eq!((&accepted["state"], &accepted["is_ended"]), (&json!("closed"), &json!(true)));
}

/// A voluntary exit of a channel of 浙江 and 上海, approved and notified today.
pub fn leaving(platform: &Platform, channel: &CallerHandle) -> String {
    let planned_on = day_after(platform, 2, 0);
    let voluntary = json!({"voluntary": {"planned_on": planned_on, "reason": "业务调整"}});
    let exit = Desk::owner(platform, channel).open("exit", channel, &voluntary);
    let ministry = Desk::ministry(platform);
    ministry.act(&exit, &json!({"action": "consult", "due_on": day_after(platform, 0, 14)}));
    assert_eq!(
        ministry.try_act(&exit, &json!({"action": "approve", "words": "同意"})).code(),
        "exit.consulting"
    );
    for division in ["310000", "330000"] {
        let reply = json!({"action": "reply", "stance": "agree", "words": "无意见"});
        Desk::province(platform, division).act(&exit, &reply);
    }
    ministry.act(&exit, &json!({"action": "approve", "words": "同意"}));
    Desk::operator(platform).act(&exit, &json!({"action": "notify"}));
    exit
}

on_both! {
    /// CH-32.2, CH-33.1–CH-33.3, CH-34.3, CH-36.1, R17, R18.
    fn a_channel_leaves_by_its_own_wish(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        platform.open_service(&handle, "ecard.issue", "330000");
        let client = handle.client();
        let holder = holder(platform, &client);
        let too_soon = json!({"voluntary": {"planned_on": day_after(platform, 2, -1), "reason": "业务调整"}});
        let refused = Desk::owner(platform, &handle).try_open("exit", &handle, &too_soon).json();
        assert_eq!(refused["errors"][0]["pointer"], "/opening/voluntary/planned_on");

        let last_day = day_after(platform, 2, 0);
        let exit = leaving(platform, &handle);
        assert_eq!(phase(platform, &handle), "leaving");
        holder.code(&client).unwrap();
        let announcement =
            json!({"url": "https://example.cn/exit", "from_on": today(platform), "until_on": day_after(platform, 3, 0)});
        let owner = Desk::owner(platform, &handle);
        owner.act(&exit, &json!({"action": "announce", "announcement": announcement}));

        move_to(platform, &last_day);
        assert_eq!(phase(platform, &handle), "leaving", "on its last day it serves");
        let early = Desk::operator(platform).try_act(&exit, &json!({"action": "close"}));
        assert_eq!(early.code(), "exit.early");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(phase(platform, &handle), "exited");
        assert_eq!(refusal(handle.signed().ecard("bnd_00000000000000000000000000")).0, 401);
        delete(platform, &handle, &exit);
    }

    /// CH-34.2: holders are guided to a channel that can take them that day, and to no other.
    fn a_prompt_names_only_channels_that_can_take_the_holders(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        let near = platform.channel_in(platform.world(), &["330000"]);
        let far = platform.channel_in(platform.world(), &["440000"]);
        let number = |channel: &CallerHandle| {
            let id = channel.owner;
            platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().number))
        };
        let exit = leaving(platform, &handle);
        let owner = Desk::owner(platform, &handle);
        let file = owner.file(&exit, "user_prompt");
        let prompt = |to: &[String]| {
            json!({"action": "prompt", "prompt": {
                "prompted_on": today(platform), "reached": 1200, "words": "请到其他渠道申领", "successors": to, "files": [file],
            }})
        };
        let refused = owner.try_act(&exit, &prompt(&[number(&near), number(&far), "9999999999".to_owned()])).json();
        let found: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|one| (one["pointer"].clone(), one["code"].clone())).collect();
        let expected = [1, 2].map(|place| (json!(format!("/prompt/successors/{place}")), json!("exit.successor")));
        assert_eq!(found, expected);
        assert_eq!(owner.see(&exit)["body"]["prompts"], json!([]), "nothing was kept");
        owner.act(&exit, &prompt(&[number(&near)]));
    }

    /// CH-34.3, R18: without an announcement nothing closes, however long it takes.
    fn nothing_closes_before_the_announcement_has_run(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        let exit = leaving(platform, &handle);
        move_to(platform, &day_after(platform, 6, 0));
        assert_eq!(phase(platform, &handle), "leaving");
        let closed = Desk::operator(platform).try_act(&exit, &json!({"action": "close"}));
        assert_eq!(closed.code(), "exit.not_announced");
        let announcement =
            json!({"url": "https://example.cn/exit", "from_on": today(platform), "until_on": day_after(platform, 1, 0)});
        Desk::owner(platform, &handle).act(&exit, &json!({"action": "announce", "announcement": announcement}));
        move_to(platform, &day_after(platform, 0, 15));
        assert_eq!(phase(platform, &handle), "leaving");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(phase(platform, &handle), "exited");
    }

    /// CH-28.2b, CH-28.6b, CH-35.0, CH-35.3, CH-36.1, R19.
    fn a_channel_that_does_not_test_in_time_is_forced_out(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        let first = Desk::operator(platform);
        let order = json!({"occasion": "spot", "due_on": day_after(platform, 0, 10), "words": "抽测"});
        let report = first.open("security_report", &handle, &order);
        let forced = |evidence: &str| {
            json!({"forced": {"ground": "security_report", "words": "逾期未提交", "evidence": evidence}})
        };
        move_to(platform, &day_after(platform, 0, 10));
        let unproven = first.try_open("exit", &handle, &forced(&report)).json();
        assert_eq!(unproven["errors"][0]["code"], "exit.evidence", "its last day is not over");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(first.see(&report)["body"]["is_late"], true);
        holder.code(&client).unwrap();

        let exit = first.open("exit", &handle, &forced(&report));
        let own = first.try_act(&exit, &json!({"action": "confirm", "words": "属实"}));
        assert_eq!(own.code(), "matter.same_person");
        Desk::operator(platform).act(&exit, &json!({"action": "confirm", "words": "属实"}));
        assert_eq!(phase(platform, &handle), "leaving");
        let last_day = day_after(platform, 1, 0);
        move_to(platform, &last_day);
        assert_eq!(phase(platform, &handle), "leaving");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(phase(platform, &handle), "exited");
        assert_eq!(first.see(&report)["state"], "retired");
        delete(platform, &handle, &exit);
    }

    /// CH-31.2, CH-33.2: a channel in its exit is suspended like any other.
    fn a_leaving_channel_is_suspended_too(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        platform.open_service(&handle, "ecard.issue", "330000");
        let client = handle.client();
        let holder = holder(platform, &client);
        leaving(platform, &handle);
        holder.code(&client).unwrap();
        let now = platform.world().now().to_string();
        let leak = json!({"incident": "data_leak", "discovered_at": now, "words": "日志外泄"});
        let event = Desk::operator(platform).open("risk_event", &handle, &leak);
        assert_eq!(refusal(holder.code(&client)).1, "authorization.channel_missing");
        let owner = Desk::owner(platform, &handle);
        assert_eq!(owner.see(&event)["state"], "contained");
    }

    /// CH-31.3, CH-27.3, CH-36.1: grade 3 in the middle of an exit ends it at once; the deletion closes the event.
    fn a_termination_takes_the_exit_along_to_the_deletion(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        let exit = leaving(platform, &handle);
        let now = platform.world().now().to_string();
        let misuse = json!({"incident": "misuse", "discovered_at": now, "words": "截留数据"});
        let first = Desk::operator(platform);
        let event = first.open("risk_event", &handle, &misuse);
        first.act(&event, &json!({"action": "propose", "cause": "data_retained", "words": "核实"}));
        Desk::operator(platform).act(&event, &json!({"action": "confirm", "words": "属实"}));
        assert_eq!(phase(platform, &handle), "terminated");
        assert_eq!(first.list("exit", &handle), std::slice::from_ref(&exit), "no second exit");
        assert_eq!(first.see(&exit)["state"], "deleting");
        Desk::owner(platform, &handle).act(&event, &json!({"action": "record_cause", "words": "内部人员"}));
        delete(platform, &handle, &exit);
        assert_eq!(first.see(&event)["state"], "closed");
        assert_eq!(phase(platform, &handle), "terminated");
    }

    /// CH-33.3, CH-36.1: from the closing on the owner's people read, and settle what is owed; whatever else they ask is refused with
    /// the clause, and waits for nobody.
    fn whoever_has_left_reads_and_settles_and_does_nothing_else(platform) {
        let handle = platform.channel_in(platform.world(), &["310000", "330000"]);
        let owner = Desk::owner(platform, &handle);
        let far = day_after(platform, 6, 0);
        let notice = json!({"topic": "upgrade", "nature": "functional", "subject": "SDK", "words": "请升级", "acknowledge_by": far, "upgrade_by": far});
        let operator = Desk::operator(platform);
        let notice = operator.open("notice", &handle, &notice);
        let (kept, url) = crate::webhook::endpoint(platform, &handle.id);
        let webhook = json!({"channel_id": handle.id, "url": url, "events": []});
        let key_change = owner.open("key_change", &handle, &json!({"usage": "caller", "label": "备用"}));
        let last_day = day_after(platform, 2, 0);
        let exit = leaving(platform, &handle);
        let announcement =
            json!({"url": "https://example.cn/exit", "from_on": today(platform), "until_on": day_after(platform, 3, 0)});
        owner.act(&exit, &json!({"action": "announce", "announcement": announcement}));
        let shown = |path: &str| owner.send("GET", path, 0, &Value::Null).json();
        let channel = format!("/api/v1/channels/{}", handle.id);
        assert_eq!((&shown(&channel)["portal"], &owner.see(&notice)["is_read_only"]), (&json!("open"), &json!(false)));
        move_to(platform, &last_day);
        let ticket = json!({"category": "common", "subject": "无法展码", "words": "多名用户反馈"});
        let ticket = owner.open("ticket", &handle, &ticket);
        operator.act(&ticket, &json!({"action": "answer", "words": "已修复"}));

        move_to(platform, &day_after(platform, 0, 1));
        assert!(owner.see(&exit)["waits"][0].get("extension").is_none(), "nobody moves the deletion");
        assert_eq!((phase(platform, &handle).as_str(), &shown(&channel)["portal"]), ("exited", &json!("read_only")));
        assert_eq!((&owner.see(&notice)["state"], &owner.see(&key_change)["state"], &owner.see(&ticket)["state"]), (&json!("withdrawn"), &json!("withdrawn"), &json!("answered")));
        let ending = owner.see(&key_change)["timeline"].as_array().unwrap().last().cloned().unwrap();
        assert_eq!((&ending["party"], &ending["action"]), (&json!("platform"), &json!("withdraw")), "{ending}");
        for (matter, ends) in [(&ticket, vec![json!("close")]), (&notice, vec![]), (&key_change, vec![])] {
            let seen = owner.see(matter);
            let actions: Vec<_> = seen["actions"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
            assert_eq!((&seen["is_read_only"], actions), (&json!(true), ends), "what is open may be ended");
            assert!(seen["waits"].as_array().unwrap().iter().all(|wait| wait["party"] == "platform"), "{seen}");
        }
        let file = json!({"purpose": "material", "file_name": "a.pdf", "size": 9, "sm3": "00".repeat(32)});
        let suggestion = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let endpoint = format!("/api/v1/webhooks/{kept}");
        for refused in [
            owner.try_act(&ticket, &json!({"action": "follow_up", "words": "仍有反馈"})),
            owner.try_open("suggestion", &handle, &suggestion),
            owner.send("POST", &format!("/api/v1/matters/{ticket}/attachments"), 0, &file),
            owner.send("POST", "/api/v1/webhooks", 0, &webhook),
            owner.send("POST", &format!("{endpoint}/state"), 0, &json!({"state": "active"})),
            owner.send("POST", &format!("{endpoint}/test"), 0, &json!({})),
        ] {
            let said = refused.json();
            assert_eq!((said["code"].as_str(), said["clause"].as_str()), (Some("channel.exited"), Some("CH-33.3")), "{said}");
        }
        let endpoints = || shown(&format!("/api/v1/webhooks?channel_id={}", handle.id))["data"].clone();
        assert_eq!(endpoints()[0]["state"], "paused", "no event goes out any more");
        let log = format!("{endpoint}/deliveries");
        let sent = || shown(&log)["data"].as_array().unwrap().len();
        let before = sent();
        let (channel_id, at) = (handle.channel_id(), platform.world().now());
        platform.write(move |tx| {
            let kind = domain::webhook::EventType::EcardStateChanged;
            let event = server::webhook::service::Event { owner: channel_id, kind, subject: "bnd_1".into(), at };
            Ok(server::webhook::service::emit(tx, &event)?)
        });
        assert_eq!(sent(), before, "nothing is kept for an endpoint of a channel that has left");
        assert_eq!(owner.send("POST", &format!("{endpoint}/state"), 0, &json!({"state": "paused"})).status, 200);
        assert_eq!(owner.send("DELETE", &endpoint, 0, &Value::Null).status, 204);
        assert!(endpoints().as_array().unwrap().is_empty());
        let inbox = shown("/api/v1/inbox");
        let waiting: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|item| item["matter"]["kind"].as_str()).collect();
        assert_eq!(waiting, [Some("exit")], "what is owed is all that waits");
        move_to(platform, &day_after(platform, 7, 0));
        assert_eq!([&operator.see(&notice)["state"], &operator.see(&ticket)["state"]], ["withdrawn", "closed"], "what the platform does by itself it does");
        assert!(operator.list("risk_event", &handle).is_empty(), "an upgrade that nobody owes is not missed");
        delete(platform, &handle, &exit);
        assert_eq!(owner.see(&exit)["course"].as_array().unwrap().iter().filter(|stage| stage["standing"] == "done").count(), 8);
    }

    /// CH-33.3: what a channel has open that left before there was a step for it ends when a server starts, once.
    fn what_left_before_is_settled_once(platform) {
        let handle = platform.channel();
        let owner = Desk::owner(platform, &handle);
        let key_change = owner.open("key_change", &handle, &json!({"usage": "caller", "label": "备用"}));
        crate::webhook::endpoint(platform, &handle.id);
        let settle = || platform.block_on(server::matter::leave::settle_left(platform.world())).unwrap();
        let seen = || {
            let endpoints = owner.send("GET", &format!("/api/v1/webhooks?channel_id={}", handle.id), 0, &Value::Null).json();
            let matter = owner.see(&key_change);
            (matter["state"].clone(), matter["timeline"].as_array().unwrap().len(), endpoints["data"][0]["state"].clone())
        };
        settle();
        assert_eq!(seen(), (json!("drafted"), 1, json!("active")), "it has not left");
        let id = handle.channel_id();
        platform.write(move |tx| {
            let mut row = store::channel::lock(tx, id.as_bytes())?.unwrap();
            row.phase = "exited".into();
            Ok(store::channel::update(tx, &row)?)
        });
        for _ in 0..2 {
            settle();
            assert_eq!(seen(), (json!("withdrawn"), 2, json!("paused")));
        }
    }
}
