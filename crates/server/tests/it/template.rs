//! Templates over HTTP: written by one, put in force by another, filled for the channel of an agreement or of a notice.

mod notice;

use crate::desk::{Desk, day_after};
use crate::ecard::scene::channel;
use crate::harness::{CallerHandle, Platform, Reply};
use crate::sending::{agree, agreed, owned_by};
use domain::id::{ChannelId, OrgId};
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};
use server::job::{registered, run_due};

const ALL: &str = "/api/v1/templates";
const TEXT: &str =
    "{{运营机构}}与{{单位名称}}就渠道{{渠道名称}}（{{渠道编号}}）订立本协议，自{{生效日期}}起。";

/// A channel of a class that has an agreement, of the owner of another: its id and number.
fn bank(platform: &Platform, channel: &CallerHandle) -> (String, String) {
    let (of, id) = (channel.owner, platform.world().id(ChannelId::make));
    let bytes = *id.as_bytes();
    let number =
        format!("98{:08}", u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]) % 100_000_000);
    let told = number.clone();
    platform.write(move |tx| {
        let first = store::channel::find(tx, &of)?.unwrap();
        let bank =
            store::channel::ChannelRow { id: bytes, number: number.clone(), class: "bank".into(), ..first };
        Ok(store::channel::insert(tx, &bank)?)
    });
    (id.to_string(), told)
}

fn create(desk: &Desk<'_>, name: &str, text: &str) -> Reply {
    desk.send("POST", ALL, 0, &json!({"name": name, "kind": "agreement", "text": text, "words": "首版"}))
}

fn decide(desk: &Desk<'_>, template: &Value, decision: &str) -> Reply {
    let path = format!("{ALL}/{}/decision", template["template_id"].as_str().unwrap());
    let version = template["version"].as_i64().unwrap();
    desk.send("POST", &path, version, &json!({"decision": decision, "words": "复核"}))
}

fn save(desk: &Desk<'_>, template: &Value, text: &str) -> Reply {
    let path = format!("{ALL}/{}/draft", template["template_id"].as_str().unwrap());
    desk.send("POST", &path, template["version"].as_i64().unwrap(), &json!({"text": text, "words": "修订"}))
}

/// A template in force.
fn in_force(platform: &Platform, name: &str, text: &str) -> Value {
    let made = create(&Desk::operator(platform), name, text);
    assert_eq!(made.status, 201, "{}", made.json());
    decide(&Desk::operator(platform), &made.json(), "approve").json()
}

/// A live channel with an agreement in force, of an owner whose credit code nobody knows.
fn agreed_without_code(platform: &Platform) -> CallerHandle {
    let org = platform.world().id(OrgId::make);
    let (name, created_at) =
        (format!("无统一社会信用代码的渠道单位 {}", platform.unique()), platform.world().now().as_micros());
    platform.write(move |tx| {
        let (kind, division) = (OrgKind::ChannelOwner.to_string(), "330000".to_owned());
        let row = store::org::OrgRow {
            id: *org.as_bytes(),
            kind,
            name: name.clone(),
            division,
            uscc: None,
            created_at,
            version: 1,
        };
        Ok(store::org::insert(tx, &row)?)
    });
    let channel = owned_by(platform, "social", org);
    agree(platform, &channel, "2026-01", 24);
    channel
}

fn states(template: &Value) -> Vec<String> {
    let versions = template["versions"].as_array().unwrap();
    versions.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// CH-9.3e: one person writes, another puts in force; the version before is superseded and stays readable.
    fn a_template_is_put_in_force_by_a_second_person(platform) {
        let (writer, reviewer) = (Desk::operator(platform), Desk::operator(platform));
        let made = create(&writer, "银行渠道协议", TEXT).json();
        assert_eq!(states(&made), ["draft"]);
        assert_eq!(decide(&writer, &made, "approve").code(), "template.own_draft");
        assert_eq!(save(&reviewer, &made, "另一人改").code(), "template.other_writer");
        let saved = save(&writer, &made, TEXT).json();
        assert_eq!((states(&saved).len(), &saved["version"]), (1, &json!(2)), "the own draft is written anew");
        assert_eq!(decide(&reviewer, &made, "approve").code(), "resource.stale", "what was reviewed has changed");
        let first = decide(&reviewer, &saved, "approve").json();
        assert_eq!(states(&first), ["in_force"]);
        assert_eq!(decide(&reviewer, &first, "approve").code(), "template.decided");
        let dropped = decide(&writer, &save(&writer, &first, "作废的").json(), "drop").json();
        assert_eq!(states(&dropped), ["in_force", "dropped"]);
        let next = decide(&writer, &save(&reviewer, &dropped, "第二版").json(), "approve").json();
        assert_eq!(states(&next), ["superseded", "dropped", "in_force"]);
        let path = format!("{ALL}/{}/versions/1", next["template_id"].as_str().unwrap());
        assert_eq!(writer.send("GET", &path, 0, &Value::Null).json()["text"], TEXT);
        let again = create(&writer, "银行渠道协议", TEXT).json();
        assert_eq!((&again["errors"][0]["pointer"], &again["errors"][0]["code"]), (&json!("/name"), &json!("template.name")));
        let wrong = create(&writer, "错误", "{{渠道名}}与{{乙方}}").json();
        let codes: Vec<_> = wrong["errors"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap().to_owned()).collect();
        assert!(codes.len() == 2 && codes[0].contains("渠道名") && codes[1].contains("乙方"), "{codes:?}");
        let auditor = Desk::of(platform, Role::AuditAdmin, OrgKind::Operator, "000000");
        assert_eq!(auditor.send("GET", ALL, 0, &Value::Null).status, 200);
        assert_eq!(create(&auditor, "审计", TEXT).status, 403);
    }

    /// CH-9.3e, CH-25.1: an offer, a change for one and a change for many are filled for their channel and say from which version.
    fn an_agreement_is_filled_from_a_template_for_its_channel(platform) {
        let (handle, _) = channel(platform);
        let (id, number) = bank(platform, &handle);
        let template = in_force(platform, "协议一", TEXT);
        let operator = Desk::operator(platform);
        let origin = json!({"template_id": template["template_id"], "number": 1});
        let (from, until) = (day_after(platform, 0, 0), day_after(platform, 12, 0));
        let offer = |opening: Value| {
            operator.send("POST", "/api/v1/matters", 0, &json!({"kind": "agreement", "channel_id": id, "opening": opening}))
        };
        let wrong = |reply: &Reply| {
            let said = reply.json();
            (said["errors"][0]["pointer"].clone(), said["errors"][0]["code"].clone())
        };
        let at = json!("/opening/template");
        let both = offer(json!({"version": "1", "text": "另填", "template": origin, "from": from, "until": until}));
        assert_eq!(wrong(&both), (at.clone(), json!("template.both")));
        let other = json!({"template_id": template["template_id"], "number": 2});
        let none = offer(json!({"version": "1", "template": other, "from": from, "until": until}));
        assert_eq!(wrong(&none), (at, json!("template.not_in_force")));
        let neither = offer(json!({"version": "1", "from": from, "until": until}));
        assert_eq!(wrong(&neither), (json!("/opening/text"), json!("agreement.text")));

        let offered = offer(json!({"version": "1", "template": origin, "from": from, "until": until}));
        assert_eq!(offered.status, 201, "{}", offered.json());
        let body = offered.json()["body"].clone();
        let text = body["text"]["text"].as_str().unwrap();
        assert!(text.contains(&number) && text.contains(&format!("自{from}起")) && !text.contains('{'), "{text}");
        assert_eq!(body["text"]["template"], origin);
        let sm3 = data_encoding::HEXLOWER.encode(&gm::sm3::digest(text.as_bytes()));
        assert_eq!(body["text"]["sm3"], json!(sm3), "what is signed is what was filled");

        let matter = offered.json()["matter_id"].as_str().unwrap().to_owned();
        let owner = Desk::owner(platform, &handle);
        let key = gm::sm2::SigningKey::generate();
        owner.register_key(&key);
        owner.act(&matter, &crate::signing_key::signing(&owner.see(&matter), &key));
        let ending = in_force(platform, "协议二", "至{{终止日期}}止");
        let ending = json!({"template_id": ending["template_id"], "number": 1});
        let day = day_after(platform, 3, 0);
        let change = |template: &Value| json!({"version": "2", "template": template, "effective_on": day, "words": "调整"});
        let mut single = change(&ending);
        single["action"] = json!("amend");
        let absent = operator.try_act(&matter, &single).json();
        assert_eq!(absent["errors"][0]["code"], "template.absent", "a change has no last day: {absent}");
        assert!(absent["errors"][0]["message"].as_str().unwrap().contains("终止日期"));
        let send = |amendment: Value, dry: &str| {
            let wish = json!({"audience": {"channel_ids": [id]}, "amendment": amendment});
            operator.send("POST", &format!("/api/v1/amendments{dry}"), 0, &wish)
        };
        let tried = send(change(&origin), "?dry_run=true");
        assert_eq!(tried.json()["channel_ids"], json!([id]), "{}", tried.json());
        let sent = send(change(&origin), "");
        assert_eq!(sent.status, 201, "{}", sent.json());
        let amended = owner.see(&matter)["body"]["amendment"]["text"].clone();
        assert_eq!(amended["template"], origin);
        assert!(amended["text"].as_str().unwrap().contains(&format!("自{day}起")), "{amended}");
    }

    /// CH-25.1: of many channels the one whose text cannot be filled is left out by name, and the others are told.
    fn a_channel_that_cannot_be_filled_is_left_out_of_a_change_for_many(platform) {
        let (known, owner, _) = agreed(platform, "2026-01");
        let bare = agreed_without_code(platform);
        let operator = Desk::operator(platform);
        let send = |template: &Value, channels: Value, dry: &str| {
            let origin = json!({"template_id": template["template_id"], "number": 1});
            let amendment = json!({"version": "2", "template": origin, "effective_on": day_after(platform, 3, 0), "words": "调整"});
            let wish = json!({"audience": {"channel_ids": channels}, "amendment": amendment});
            operator.send("POST", &format!("/api/v1/amendments{dry}"), 0, &wish)
        };
        let text = in_force(platform, "带代码", "{{单位名称}}（{{统一社会信用代码}}）");
        let both = json!([known.id, bare.id]);
        let (tried, sent) = (send(&text, both.clone(), "?dry_run=true"), send(&text, both, ""));
        assert_eq!((tried.status, sent.status), (200, 201), "{} {}", tried.json(), sent.json());
        for told in [tried.json(), sent.json()] {
            assert_eq!(told["channel_ids"], json!([known.id]));
            let [left] = &told["left_out"].as_array().unwrap()[..] else { panic!("{told}") };
            assert_eq!((&left["channel_id"], &left["code"]), (&json!(bare.id), &json!("template.absent")));
            assert!(left["zh"].as_str().unwrap().contains("统一社会信用代码"), "{left}");
        }
        let matter = owner.list("agreement", &known)[0].clone();
        assert_eq!(owner.see(&matter)["body"]["amendment"]["text"]["version"], "2");

        let long = in_force(platform, "过长", &"{{单位名称}}".repeat(9_900));
        let refused = send(&long, json!([bare.id]), "").json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/amendment/template"), &json!("template.too_long")), "it fits nobody: {refused}");
        let again = send(&text, json!([known.id, bare.id]), "").json();
        assert_eq!((&again["errors"][0]["pointer"], &again["errors"][0]["code"]),
            (&json!("/amendment/template"), &json!("template.absent")), "nobody is left: {again}");
        let matter = owner.list("agreement", &known)[0].clone();
        let single = json!({"action": "amend", "version": "3", "template": {"template_id": text["template_id"], "number": 9},
            "effective_on": day_after(platform, 3, 0), "words": "调整"});
        assert_eq!(operator.try_act(&matter, &single).code(), "agreement.amending", "what is not admitted is not filled");
    }

    /// CH-9.3e, CH-25.1: nothing is offered from a version that another has taken the place of, and what was planned from it fails
    /// at its moment and says why.
    fn a_superseded_version_is_offered_to_nobody(platform) {
        let (known, owner, _) = agreed(platform, "2026-01");
        let operator = Desk::operator(platform);
        let first = in_force(platform, "换版", "第一版 {{渠道名称}}");
        let origin = json!({"template_id": first["template_id"], "number": 1});
        let at = platform.world().now().plus_seconds(2 * 86_400);
        let amendment = json!({"version": "2", "template": origin, "effective_on": day_after(platform, 3, 0), "words": "调整"});
        let mut wish = json!({"audience": {"channel_ids": [known.id]}, "amendment": amendment});
        wish["send_at"] = json!(at.to_string());
        let planned = operator.send("POST", "/api/v1/amendments", 0, &wish);
        assert_eq!(planned.status, 201, "{}", planned.json());
        let drafted = save(&Desk::operator(platform), &first, "第二版 {{渠道名称}}").json();
        let next = decide(&Desk::operator(platform), &drafted, "approve").json();
        assert_eq!(states(&next), ["superseded", "in_force"]);

        wish["send_at"] = Value::Null;
        let now = operator.send("POST", "/api/v1/amendments", 0, &wish).json();
        assert_eq!((&now["errors"][0]["pointer"], &now["errors"][0]["code"]),
            (&json!("/amendment/template"), &json!("template.not_in_force")), "{now}");
        platform.clock().advance(2 * 86_400);
        platform.block_on(run_due(platform.world(), &registered())).unwrap();
        let path = format!("/api/v1/sendings/{}", planned.json()["sending_id"].as_str().unwrap());
        let failed = operator.send("GET", &path, 0, &Value::Null).json();
        assert_eq!((&failed["state"], &failed["failure"]["code"]),
            (&json!("failed"), &json!("template.not_in_force")), "{failed}");
        let matter = owner.list("agreement", &known)[0].clone();
        assert_eq!(owner.see(&matter)["body"]["amendment"], Value::Null);
    }

    /// CH-9.3e: a preview says what a text is for a channel, and what is missing by its name.
    fn a_preview_fills_what_is_known_and_names_what_is_not(platform) {
        let (handle, _) = channel(platform);
        let (id, number) = bank(platform, &handle);
        let operator = Desk::operator(platform);
        let preview = |text: &str, more: Value| {
            let mut wish = json!({"kind": "agreement", "text": text, "channel_id": id});
            for (name, value) in more.as_object().unwrap() {
                wish[name] = value.clone();
            }
            operator.send("POST", "/api/v1/template-previews", 0, &wish)
        };
        let some = preview("{{渠道编号}}：{{生效日期}}至{{终止日期}}", json!({"from": "2026-03-02"})).json();
        assert_eq!(some, json!({"text": format!("{number}：2026-03-02至{{{{终止日期}}}}"), "absent": ["终止日期"]}));
        let all = preview("{{渠道编号}}", json!({})).json();
        assert_eq!(all, json!({"text": number, "absent": []}));
        let wrong = preview("{{乙方}}", json!({})).json();
        assert_eq!((&wrong["errors"][0]["pointer"], &wrong["errors"][0]["code"]),
            (&json!("/text"), &json!("template.unknown_placeholder")));
        let owner = Desk::owner(platform, &handle);
        assert_eq!(owner.send("GET", ALL, 0, &Value::Null).status, 403);
    }
}
