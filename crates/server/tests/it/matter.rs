//! Matters over HTTP, with the simplest kind: opened, waited for, answered; seen by those concerned and nobody else.

use crate::desk::{Desk, day_after};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply};
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::{Value, json};

/// An owner's administrator and the owner's channel.
fn owner(platform: &Platform) -> (Private, CallerHandle) {
    let channel = platform.channel_in(platform.world(), &["330000"]);
    let owner_id = platform.read({
        let id = channel.owner;
        move |tx| Ok(store::channel::find(tx, &id)?.unwrap().owner_id)
    });
    (platform.token(platform.world(), Role::ChannelAdmin, OrgId::from_bytes(owner_id)), channel)
}

fn clerk(platform: &Platform) -> Private {
    let org = platform.org(OrgKind::Operator, "000000");
    platform.token(platform.world(), Role::OperatorClerk, org)
}

fn region(platform: &Platform, kind: OrgKind, division: &str) -> Private {
    platform.token(platform.world(), Role::RegionAdmin, platform.org(kind, division))
}

fn suggestion(channel: &CallerHandle) -> Value {
    let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
    json!({"kind": "suggestion", "channel_id": channel.id, "opening": opening})
}

fn send(platform: &Platform, token: &Private, method: &str, path: &str, tag: i64, body: &Value) -> Reply {
    let (bearer, tag) = (format!("Bearer {}", token.expose()), format!("\"{tag}\""));
    let headers = [
        ("authorization", bearer.as_str()),
        ("if-match", tag.as_str()),
        ("content-type", "application/json"),
    ];
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    platform.request(method, path, &headers, &body)
}

fn answer(platform: &Platform, token: &Private, matter: &Value, tag: i64) -> Reply {
    let path = format!("/api/v1/matters/{}/actions", matter["matter_id"].as_str().unwrap());
    send(platform, token, "POST", &path, tag, &json!({"action": "answer", "words": "已列入计划"}))
}

on_both! {
    /// CH-21.1, CH-5.3.
    fn a_matter_waits_for_a_party_whose_step_ends_it(platform) {
        let (admin, channel) = owner(platform);
        let clerk = clerk(platform);
        let opened = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel));
        assert_eq!((opened.status, opened.header("etag")), (201, "\"1\""));
        let matter = opened.json();
        assert_eq!((&matter["state"], &matter["title"]), (&json!("filed"), &json!("长辈版")));
        assert_eq!(matter["actions"][0]["action"], "withdraw");
        assert_eq!(matter["timeline"][0]["action"], "open");

        let inbox = send(platform, &clerk, "GET", "/api/v1/inbox", 0, &Value::Null).json();
        assert_eq!(inbox["items"][0]["matter"]["matter_id"], matter["matter_id"]);
        assert_eq!(inbox["items"][0]["wait"]["task"], "answer");
        assert_eq!(send(platform, &admin, "GET", "/api/v1/inbox", 0, &Value::Null).json()["items"], json!([]));

        let answered = answer(platform, &clerk, &matter, 1);
        assert_eq!(answered.status, 200, "{}", answered.json());
        let answered = answered.json();
        assert_eq!((&answered["state"], &answered["is_ended"]), (&json!("answered"), &json!(true)));
        assert_eq!((&answered["waits"], &answered["actions"]), (&json!([]), &json!([])));
        assert_eq!(answered["timeline"][1]["words"], "已列入计划");
        assert_eq!(answered["body"]["answer"]["words"], "已列入计划");

        let again = answer(platform, &clerk, &matter, 2);
        assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("matter.transition")));
    }

    /// CH-19.3: what concerns several provinces waits in the inbox of the ministry, and in no province's.
    fn what_waits_for_the_ministry_is_in_its_inbox(platform) {
        let channel = platform.channel_in(platform.world(), &["310000", "330000"]);
        let (from, until) = (day_after(platform, 0, 5), day_after(platform, 0, 9));
        let campaign = json!({"subject": "开学季", "words": "校园宣传", "wording": "社保卡补贴", "starts_on": from, "ends_on": until});
        let campaign = Desk::owner(platform, &channel).open("campaign", &channel, &campaign);
        let inbox = |desk: Desk<'_>| desk.send("GET", "/api/v1/inbox", 0, &Value::Null).json()["items"].clone();
        let found = inbox(Desk::ministry(platform));
        assert_eq!((&found[0]["matter"]["matter_id"], &found[0]["wait"]["task"]), (&json!(campaign), &json!("review")));
        assert_eq!(inbox(Desk::province(platform, "330000")), json!([]));
    }

    fn a_step_meets_the_version_it_was_decided_on(platform) {
        let (admin, channel) = owner(platform);
        let clerk = clerk(platform);
        let matter = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel)).json();
        let stale = answer(platform, &clerk, &matter, 7);
        assert_eq!((stale.status, stale.json()["code"].as_str()), (412, Some("resource.stale")));
        assert_eq!(answer(platform, &clerk, &matter, 1).status, 200);
    }

    /// CH-5.2, CH-22.1.
    fn who_is_not_concerned_sees_nothing_and_does_nothing(platform) {
        let (admin, channel) = owner(platform);
        let elsewhere = platform.org(OrgKind::ChannelOwner, "310000");
        let stranger = platform.token(platform.world(), Role::ChannelAdmin, elsewhere);
        let matter = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel)).json();
        let path = format!("/api/v1/matters/{}", matter["matter_id"].as_str().unwrap());
        let inside = region(platform, OrgKind::Prefecture, HANGZHOU);
        let outside = region(platform, OrgKind::Province, "310000");
        for (token, status, listed) in [(&admin, 200, 1), (&inside, 200, 1), (&outside, 404, 0), (&stranger, 404, 0)] {
            assert_eq!(send(platform, token, "GET", &path, 0, &Value::Null).status, status);
            let list = send(platform, token, "GET", "/api/v1/matters", 0, &Value::Null).json();
            assert_eq!(list["data"].as_array().unwrap().len(), listed);
        }
        let refused = answer(platform, &inside, &matter, 1);
        assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("matter.party")));
        assert_eq!(answer(platform, &stranger, &matter, 1).status, 404);
        let foreign = send(platform, &stranger, "POST", "/api/v1/matters", 0, &suggestion(&channel));
        assert_eq!(foreign.status, 404, "another owner's channel");
    }

    fn what_cannot_be_read_is_named(platform) {
        let (admin, channel) = owner(platform);
        for (body, pointer) in [
            (json!({"kind": "praise", "opening": {}}), "/kind"),
            (json!({"kind": "suggestion", "channel_id": "chn_1", "opening": {}}), "/channel_id"),
            (json!({"kind": "suggestion", "channel_id": channel.id, "opening": {"topic": "praise"}}), "/opening/topic"),
        ] {
            let refused = send(platform, &admin, "POST", "/api/v1/matters", 0, &body);
            assert_eq!(refused.status, 422);
            assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.json());
        }
        let mut empty = suggestion(&channel);
        empty["opening"]["words"] = json!(" ");
        let refused = send(platform, &admin, "POST", "/api/v1/matters", 0, &empty).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/opening/words"), &json!("matter.words")));
    }
}
