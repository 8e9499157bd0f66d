//! 转办: in whose hands an office has what waits for it, and what that does not change.

use crate::desk::{Desk, day_after, move_to, suggested};
use crate::harness::Reply;
use serde_json::{Value, json};

fn assign(by: &Desk<'_>, matter: &str, body: &Value) -> Reply {
    by.send("POST", &format!("/api/v1/matters/{matter}/assignments"), 0, body)
}

fn who(by: &Desk<'_>) -> String {
    let session = by.send("GET", "/api/v1/staff/sessions/current", 0, &Value::Null).json();
    session["staff"]["staff_id"].as_str().unwrap().to_owned()
}

fn assignee_in_inbox(by: &Desk<'_>, matter: &str) -> Value {
    let inbox = by.send("GET", "/api/v1/inbox", 0, &Value::Null).json();
    let items = inbox["items"].as_array().unwrap().clone();
    let found = items.iter().find(|item| item["matter"]["matter_id"] == matter);
    found.unwrap()["assignee"]["staff_id"].clone()
}

on_both! {
    fn what_waits_for_an_office_is_taken_handed_over_and_taken_over_and_its_office_sees_whose_it_is(platform) {
        let (_, owner, matter) = suggested(platform);
        let (first, second) = (Desk::operator(platform), Desk::operator(platform));
        let (one, two) = (who(&first), who(&second));
        assert_eq!(assignee_in_inbox(&first, &matter), Value::Null);
        let version = first.see(&matter)["version"].clone();
        let taken = assign(&first, &matter, &json!({"staff_id": one}));
        assert_eq!(taken.status, 200, "{}", taken.json());
        assert_eq!(taken.json()["assignment"]["assignee"]["staff_id"], one);
        assert_eq!(taken.json()["version"], version, "the matter does not move");
        assert_eq!(assignee_in_inbox(&second, &matter), one, "the others see it, and whose it is");
        let silent = assign(&second, &matter, &json!({"staff_id": two}));
        assert_eq!((silent.status, &silent.json()["errors"][0]["pointer"]), (422, &json!("/words")));
        assert_eq!(assign(&second, &matter, &json!({"staff_id": two, "words": "同事休假"})).status, 200);
        assert_eq!(assign(&second, &matter, &json!({"staff_id": two})).code(), "assignment.same");
        assert_eq!(assign(&second, &matter, &json!({"staff_id": one, "words": "同事已返岗"})).status, 200);
        assert_eq!(assign(&first, &matter, &json!({})).status, 200, "one's own is laid down in silence");
        let history = first.see(&matter)["assignment"]["history"].as_array().unwrap().clone();
        let words: Vec<_> = history.iter().map(|line| line["words"].as_str().unwrap_or_default()).collect();
        assert_eq!(words, ["", "同事休假", "同事已返岗", ""], "it stays on record");
        assert_eq!(owner.see(&matter)["assignment"], Value::Null, "another office sees nothing of it");
    }

    /// Whoever has it in hand has no more right to decide than a colleague, and no less.
    fn an_assignment_changes_neither_who_may_act_nor_until_when(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        let ticket = owner.open("ticket", &channel, &json!({"category": "common", "subject": "登录", "words": "无法登录"}));
        let (first, second) = (Desk::operator(platform), Desk::operator(platform));
        let before = second.see(&ticket);
        assert_eq!(assign(&first, &ticket, &json!({"staff_id": who(&first)})).status, 200);
        let after = second.see(&ticket);
        assert_eq!((&before["waits"][0]["due_on"], &before["actions"]), (&after["waits"][0]["due_on"], &after["actions"]));
        second.act(&ticket, &json!({"action": "answer", "words": "已处理"}));
        assert_eq!(assign(&first, &ticket, &json!({})).code(), "assignment.turn", "it waits for the owner now");
    }

    /// CH-5.2: nobody is given what another office has to do, and nobody gives it to another office.
    fn a_matter_stays_within_its_office(platform) {
        let (channel, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        let ministry = Desk::ministry(platform);
        let outside = assign(&operator, &matter, &json!({"staff_id": who(&ministry), "words": "请办理"}));
        assert_eq!((outside.status, &outside.json()["errors"][0]["pointer"]), (422, &json!("/staff_id")));
        assert_eq!(assign(&ministry, &matter, &json!({"staff_id": who(&ministry)})).code(), "assignment.turn");
        assert_eq!(assign(&owner, &matter, &json!({"staff_id": who(&owner)})).code(), "assignment.turn");
        let path = format!("/api/v1/matters/{matter}/assignments");
        assert_eq!(Desk::province(platform, "310000").send("POST", &path, 0, &json!({})).status, 404);
        let wrong = assign(&operator, &matter, &json!({"staff_id": "李雷"}));
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/staff_id")));
        drop(channel);
    }

    fn a_reminder_names_whoever_has_it_in_hand(platform) {
        let (_, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        let remind = || owner.send("POST", &format!("/api/v1/matters/{matter}/reminders"), 0, &json!({"party": "operator"}));
        let last = || operator.send("GET", "/api/v1/messages", 0, &Value::Null).json()["data"][0]["zh"].as_str().unwrap().to_owned();
        assert_eq!(remind().status, 200);
        assert!(!last().contains("承办人"), "{}", last());
        assert_eq!(assign(&operator, &matter, &json!({"staff_id": who(&operator)})).status, 200);
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(remind().status, 200);
        assert!(last().contains("承办人："), "{}", last());
    }
}
