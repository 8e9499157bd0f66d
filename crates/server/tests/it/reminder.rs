//! 催办, and what is one's own: whoever waits reminds whoever is waited for; what was done and what was opened is found
//! again; what was told is counted and read.

use crate::desk::{Desk, day_after, move_to, suggested};
use crate::exit::leaving;
use crate::harness::{HANGZHOU, Reply};
use crate::matter::below;
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};

fn remind(by: &Desk<'_>, matter: &str, whom: &Value) -> Reply {
    by.send("POST", &format!("/api/v1/matters/{matter}/reminders"), 0, whom)
}

fn got(by: &Desk<'_>, path: &str) -> Value {
    let reply = by.send("GET", &format!("/api/v1{path}"), 0, &Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.json()
}

fn ids(by: &Desk<'_>, mine: &str) -> Vec<String> {
    let found = got(by, &format!("/matters?mine={mine}"));
    found["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["matter_id"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    fn whoever_waits_reminds_once_a_day_and_the_matter_does_not_move(platform) {
        let (channel, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        let version = owner.see(&matter)["version"].clone();
        let reminded = remind(&owner, &matter, &json!({"party": "operator"}));
        assert_eq!(reminded.status, 200, "{}", reminded.json());
        let wait = reminded.json()["waits"][0].clone();
        assert!(wait["reminded_at"].is_string(), "{wait}");
        assert_eq!(operator.see(&matter)["version"], version, "who is acting just now is not disturbed");
        let told = got(&operator, "/messages")["data"][0].clone();
        assert_eq!((&told["matter_id"], &told["read_at"]), (&json!(matter), &Value::Null));
        assert!(told["zh"].as_str().unwrap().contains("催办：") && told["channel_name"].is_string(), "{told}");
        assert!(told["matter_title"].is_string(), "{told}");
        assert_eq!(remind(&owner, &matter, &json!({"party": "operator"})).code(), "matter.reminded");
        let colleague = Desk::owner(platform, &channel);
        assert_eq!(remind(&colleague, &matter, &json!({"party": "operator"})).code(), "matter.reminded", "once for all");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(remind(&owner, &matter, &json!({"party": "operator"})).status, 200, "the next day again");
        let id = *matter.parse::<domain::id::MatterId>().unwrap().as_bytes();
        assert_eq!(platform.read(move |tx| Ok(store::reminder::list(tx, &id)?)).len(), 2, "on record");
    }

    /// CH-5.2: who has no part in a matter reminds nobody of it, and nobody is reminded of what others have to do.
    fn only_who_has_a_part_reminds_and_only_whom_it_waits_for(platform) {
        let (_, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        assert_eq!(remind(&operator, &matter, &json!({"party": "operator"})).code(), "matter.own_turn");
        assert_eq!(remind(&owner, &matter, &json!({"party": "ministry"})).code(), "resource.not_found");
        let at_zhejiang = json!({"party": "operator", "division": "330000"});
        assert_eq!(remind(&owner, &matter, &at_zhejiang).code(), "resource.not_found");
        let province = Desk::province(platform, "330000");
        assert_eq!(remind(&province, &matter, &json!({"party": "operator"})).code(), "matter.party");
        let elsewhere = platform.new_org(OrgKind::ChannelOwner, HANGZHOU);
        let elsewhere = platform.token(platform.world(), Role::ChannelAdmin, elsewhere);
        let path = format!("/api/v1/matters/{matter}/reminders");
        let out_of_sight = platform.request_as(&elsewhere, "POST", &path, &json!({"party": "operator"}));
        assert_eq!(out_of_sight.code(), "resource.not_found");
        assert_eq!(Desk::province(platform, "310000").send("POST", &path, 0, &json!({"party": "operator"})).status, 404);
        assert_eq!(Desk::ministry(platform).send("POST", &path, 0, &json!({"party": "operator"})).status, 200);
        let wrong = remind(&owner, &matter, &json!({"party": "nobody"}));
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/party")));
    }

    /// Everything that the party has to do is in the one reminder of the day, with the first last day.
    fn what_waits_twice_for_one_party_is_reminded_in_one_message(platform) {
        let channel = platform.channel_in(platform.world(), &["310000", "330000"]);
        let owner = Desk::owner(platform, &channel);
        let exit = leaving(platform, &channel);
        let operator = Desk::operator(platform);
        let waits = operator.see(&exit)["waits"].as_array().unwrap().clone();
        let dues: Vec<_> = waits.iter().map(|wait| (wait["task"].as_str().unwrap(), wait["due_on"].as_str().unwrap())).collect();
        assert_eq!(dues.iter().map(|(task, _)| *task).collect::<Vec<_>>(), ["prompt", "announce"]);
        let count = |by: &Desk<'_>| got(by, "/messages?limit=200")["data"].as_array().unwrap().len();
        let before = count(&owner);
        assert_eq!(remind(&operator, &exit, &json!({"party": "owner"})).status, 200);
        assert_eq!(count(&owner), before + 1);
        let told = got(&owner, "/messages")["data"][0]["zh"].as_str().unwrap().to_owned();
        let first = dues.iter().map(|(_, due)| *due).min().unwrap();
        assert!(told.ends_with(&format!("：提交用户提示证明、填报退出公告，最早的最后日期{first}")), "{told}");
        let seen = operator.see(&exit)["waits"].as_array().unwrap().clone();
        assert!(seen.iter().all(|wait| wait["reminded_at"].is_string()), "both are reminded: {seen:?}");
    }

    /// CH-11.4c: the owner of level 1 is liable for its level 2 and hears of what that one is reminded of.
    fn the_owner_of_level_one_hears_of_a_reminder_of_its_level_two(platform) {
        let head = platform.channel_in(platform.world(), &["330000"]);
        let end = below(platform, &head);
        let (level_one, level_two) = (Desk::owner(platform, &head), Desk::owner(platform, &end));
        let operator = Desk::operator(platform);
        let spot = json!({"occasion": "spot", "due_on": day_after(platform, 0, 30), "words": "抽测"});
        let report = operator.open("security_report", &end, &spot);
        let reminded_of = |by: &Desk<'_>| {
            let listed = got(by, "/messages?limit=200")["data"].as_array().unwrap().clone();
            listed.iter().filter(|one| one["zh"].as_str().unwrap().contains("催办")).count()
        };
        assert_eq!((reminded_of(&level_one), reminded_of(&level_two)), (0, 0));
        assert_eq!(remind(&operator, &report, &json!({"party": "owner"})).status, 200);
        assert_eq!((reminded_of(&level_one), reminded_of(&level_two)), (1, 1));
        let stranger = Desk::stranger(platform);
        assert_eq!(reminded_of(&stranger), 0);
    }

    /// What a page offers is what the operation does: for everybody, before and after.
    fn whom_one_may_remind_is_what_the_matter_says(platform) {
        let (channel, owner, matter) = suggested(platform);
        let province = Desk::province(platform, "330000");
        for by in [&owner, &Desk::owner(platform, &channel), &Desk::operator(platform), &Desk::ministry(platform), &province] {
            let offered = by.see(&matter)["waits"][0]["may_remind"].as_bool().unwrap();
            let reply = remind(by, &matter, &json!({"party": "operator"}));
            assert_eq!(reply.status == 200, offered, "{}", reply.json());
            if reply.status == 200 {
                assert_eq!(by.see(&matter)["waits"][0]["may_remind"], json!(false), "once a day");
                move_to(platform, &day_after(platform, 0, 1));
            }
        }
    }

    fn what_one_has_opened_and_what_one_has_done_is_found_again(platform) {
        let (channel, owner, matter) = suggested(platform);
        let (first, second) = (Desk::operator(platform), Desk::operator(platform));
        assert_eq!((ids(&owner, "opened"), ids(&owner, "acted")), (vec![matter.clone()], vec![matter.clone()]));
        let colleague = Desk::owner(platform, &channel);
        assert_eq!((ids(&colleague, "opened"), ids(&colleague, "acted")), (vec![matter.clone()], vec![]));
        assert_eq!((ids(&first, "opened"), ids(&first, "acted")), (vec![], vec![]));
        first.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        assert_eq!((ids(&first, "acted"), ids(&second, "acted")), (vec![matter.clone()], vec![]));
        assert_eq!(ids(&first, "acted&kind=ticket"), [""; 0]);
        assert_eq!(ids(&first, &format!("acted&channel_id={}", channel.id)), [matter]);
        let another = platform.channel_in(platform.world(), &["330000"]);
        assert_eq!(ids(&first, &format!("acted&channel_id={}", another.id)), [""; 0]);
        let wrong = first.send("GET", "/api/v1/matters?mine=all", 0, &Value::Null);
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("?mine")));
    }

    /// CH-5.2: what is counted and read is the own party's and nobody else's.
    fn what_was_told_is_counted_until_it_is_read(platform) {
        let (channel, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        let unread = |by: &Desk<'_>| got(by, "/messages/unread")["unread"].as_i64().unwrap();
        let before = (unread(&operator), unread(&owner));
        assert_eq!(remind(&owner, &matter, &json!({"party": "operator"})).status, 200);
        assert_eq!((unread(&operator), unread(&owner)), (before.0 + 1, before.1));
        let listed = got(&operator, "/messages?limit=200")["data"].as_array().unwrap().clone();
        let open = listed.iter().filter(|one| one["read_at"].is_null()).count();
        assert_eq!(open, usize::try_from(before.0 + 1).unwrap(), "the list and the count say the same");
        let event = json!({"incident": "misuse", "discovered_at": platform.world().now().to_string(), "words": "异常"});
        operator.open("risk_event", &channel, &event);
        let told = unread(&owner);
        assert!(told > before.1, "the owner hears of an event");
        assert_eq!(operator.send("POST", "/api/v1/messages/read", 0, &Value::Null).status, 204);
        assert_eq!((unread(&operator), unread(&owner)), (0, told));
        assert_eq!(owner.send("POST", "/api/v1/messages/read", 0, &Value::Null).status, 204);
        assert_eq!(unread(&owner), 0);
    }
}
