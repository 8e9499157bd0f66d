//! 加签: another office is asked for its opinion; it sees the matter, answers once, and stops nothing.

use crate::desk::{Desk, day_after, suggested};
use crate::harness::Reply;
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};

fn ask(by: &Desk<'_>, matter: &str, body: &Value) -> Reply {
    by.send("POST", &format!("/api/v1/matters/{matter}/advice"), 0, body)
}

fn on(by: &Desk<'_>, matter: &str, advice: &str, act: &str, body: &Value) -> Reply {
    by.send("POST", &format!("/api/v1/matters/{matter}/advice/{advice}/{act}"), 0, body)
}

fn tasks(by: &Desk<'_>, matter: &str) -> Vec<String> {
    let inbox = by.send("GET", "/api/v1/inbox", 0, &Value::Null).json();
    let items = inbox["items"].as_array().unwrap().clone();
    let of = items.iter().filter(|item| item["matter"]["matter_id"] == matter);
    of.map(|item| item["wait"]["task"].as_str().unwrap().to_owned()).collect()
}

fn shanghai(words: &str) -> Value {
    json!({"party": "province", "division": "310000", "words": words})
}

on_both! {
    /// CH-5.2: another province sees a matter from the moment it is asked, answers once, and nothing has waited for it.
    fn another_office_is_asked_answers_once_and_stops_nothing(platform) {
        let (_, owner, matter) = suggested(platform);
        let (operator, province) = (Desk::operator(platform), Desk::province(platform, "310000"));
        let path = format!("/api/v1/matters/{matter}");
        assert_eq!(province.send("GET", &path, 0, &Value::Null).status, 404);
        let before = operator.see(&matter);
        let asked = ask(&operator, &matter, &shanghai("上海有何经验？"));
        assert_eq!(asked.status, 201, "{}", asked.json());
        let advice = asked.json()["advice"][0]["advice_id"].as_str().unwrap().to_owned();
        assert_eq!((&asked.json()["version"], &asked.json()["waits"]), (&before["version"], &before["waits"]));
        assert_eq!(ask(&operator, &matter, &shanghai("再问一次")).code(), "advice.pending");

        assert_eq!(tasks(&province, &matter), ["advise"]);
        let told = province.send("GET", "/api/v1/messages", 0, &Value::Null).json();
        assert!(told["data"][0]["zh"].as_str().unwrap().contains("加签"), "{told}");
        let seen = province.see(&matter);
        assert_eq!((&seen["advice"][0]["may_answer"], &seen["actions"]), (&json!(true), &json!([])));
        assert_eq!(owner.see(&matter)["advice"], Value::Null, "its owner is no part of it");

        let said = on(&province, &matter, &advice, "answer", &json!({"words": "可参考“长辈版”规范"}));
        assert_eq!(said.status, 200, "{}", said.json());
        assert_eq!(tasks(&province, &matter), [""; 0]);
        let again = on(&province, &matter, &advice, "answer", &json!({"words": "补充"}));
        assert_eq!((again.status, again.code().as_str()), (409, "advice.closed"));
        let seen = operator.see(&matter);
        assert_eq!((&seen["advice"][0]["state"], &seen["advice"][0]["answer"]), (&json!("answered"), &json!("可参考“长辈版”规范")));
        operator.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        assert_eq!(province.see(&matter)["state"], "answered", "what was shown stays shown");
    }

    /// A decision waits for no advice, and what nobody answered ends with its matter.
    fn a_decision_does_not_wait_for_it(platform) {
        let (_, _, matter) = suggested(platform);
        let (operator, ministry) = (Desk::operator(platform), Desk::ministry(platform));
        let asked = ask(&operator, &matter, &json!({"party": "ministry", "words": "是否全国推广？"}));
        let advice = asked.json()["advice"][0]["advice_id"].as_str().unwrap().to_owned();
        assert_eq!(tasks(&ministry, &matter), ["advise"]);
        operator.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        assert_eq!(tasks(&ministry, &matter), [""; 0]);
        assert_eq!(on(&ministry, &matter, &advice, "answer", &json!({"words": "同意"})).code(), "advice.ended");
        assert_eq!(ask(&operator, &matter, &shanghai("上海意见？")).code(), "advice.ended");
    }

    /// CH-5.2: only an office that has to act asks, of offices that there are; its owner never does.
    fn only_who_has_to_act_asks_and_only_offices_are_asked(platform) {
        let (_, owner, matter) = suggested(platform);
        let operator = Desk::operator(platform);
        let own = Desk::province(platform, "330000");
        for desk in [&owner, &own, &Desk::ministry(platform)] {
            assert_eq!(ask(desk, &matter, &shanghai("请提出意见")).code(), "advice.asker");
        }
        for (body, pointer) in [
            (json!({"party": "owner", "words": "问"}), "/party"),
            (json!({"party": "province", "words": "问"}), "/party"),
            (json!({"party": "province", "division": "330100", "words": "问"}), "/division"),
            (json!({"party": "ministry", "division": "330000", "words": "问"}), "/division"),
            (json!({"party": "operator", "words": " "}), "/words"),
        ] {
            let wrong = ask(&operator, &matter, &body);
            assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
        }
    }

    /// A question is taken back by whoever asked or an administrator of that office, and the matter is no longer shown.
    fn a_question_is_taken_back_by_its_asker_or_an_administrator(platform) {
        let (_, _, matter) = suggested(platform);
        let (clerk, other) = (Desk::operator(platform), Desk::operator(platform));
        let province = Desk::province(platform, "310000");
        let question = |by: &Desk<'_>| {
            let asked = ask(by, &matter, &shanghai("上海有何经验？")).json();
            asked["advice"].as_array().unwrap().last().unwrap()["advice_id"].as_str().unwrap().to_owned()
        };
        let advice = question(&clerk);
        let why = json!({"words": "已自行核实"});
        assert_eq!(on(&other, &matter, &advice, "withdrawal", &why).code(), "advice.withdraw");
        assert_eq!(on(&clerk, &matter, &advice, "withdrawal", &why).status, 200);
        assert_eq!(province.send("GET", &format!("/api/v1/matters/{matter}"), 0, &Value::Null).status, 404);
        let advice = question(&clerk);
        let admin = Desk::of(platform, Role::OperatorAdmin, OrgKind::Operator, "000000");
        assert_eq!(on(&admin, &matter, &advice, "withdrawal", &why).status, 200);
        assert_eq!(on(&admin, &matter, &advice, "withdrawal", &why).code(), "advice.closed");
        let nothing = format!("adv_{}", "0".repeat(26));
        assert_eq!(on(&admin, &matter, &nothing, "withdrawal", &why).status, 404);
    }

    /// An answer brings files that the own office has sent, and no others.
    fn an_answer_brings_files_of_its_own_office(platform) {
        let (_, _, matter) = suggested(platform);
        let (operator, province) = (Desk::operator(platform), Desk::province(platform, "310000"));
        let advice = ask(&operator, &matter, &shanghai("上海有何经验？")).json()["advice"][0]["advice_id"].as_str().unwrap().to_owned();
        let theirs = province.file(&matter, &advice);
        let ours = operator.file(&matter, "material");
        let wrong = on(&province, &matter, &advice, "answer", &json!({"words": "见附件", "files": [theirs, ours]}));
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/files/1")));
        let said = on(&province, &matter, &advice, "answer", &json!({"words": "见附件", "files": [theirs]}));
        assert_eq!((said.status, &said.json()["advice"][0]["files"]), (200, &json!([theirs])));
    }

    /// CH-5.2: a department that sees the matter anyhow reads what it was asked and has asked, and nothing of the others.
    fn what_an_office_was_asked_is_read_by_it_and_by_those_who_decide(platform) {
        let (_, owner, matter) = suggested(platform);
        let (operator, shanghai_office) = (Desk::operator(platform), Desk::province(platform, "310000"));
        let zhejiang = Desk::province(platform, "330000");
        assert_eq!(ask(&operator, &matter, &shanghai("上海有何经验？")).status, 201);
        let asked = |by: &Desk<'_>| {
            let seen = by.see(&matter)["advice"].as_array().cloned().unwrap_or_default();
            seen.iter().map(|one| one["words"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(asked(&zhejiang), [""; 0], "it sees the matter and was not asked");
        let own = json!({"party": "province", "division": "330000", "words": "浙江意见？"});
        assert_eq!(ask(&operator, &matter, &own).status, 201);
        let clerk = Desk::of(platform, Role::RegionClerk, OrgKind::Province, "330000");
        for by in [&zhejiang, &clerk] {
            assert_eq!(asked(by), ["浙江意见？"]);
        }
        assert_eq!(asked(&shanghai_office), ["上海有何经验？"]);
        let auditor = Desk::of(platform, Role::AuditAdmin, OrgKind::Operator, "000000");
        for by in [&operator, &Desk::ministry(platform), &auditor] {
            assert_eq!(asked(by), ["上海有何经验？", "浙江意见？"]);
        }
        assert_eq!(asked(&owner), [""; 0]);
    }

    /// A department that has to decide reads every opinion, whoever has asked for it.
    fn whoever_has_to_decide_reads_every_opinion(platform) {
        let channel = platform.channel_in(platform.world(), &["330100"]);
        let (from, until) = (day_after(platform, 0, 5), day_after(platform, 0, 9));
        let campaign = json!({"subject": "开学季", "words": "宣传", "wording": "补贴", "starts_on": from, "ends_on": until});
        let matter = Desk::owner(platform, &channel).open("campaign", &channel, &campaign);
        let department = || {
            let org = platform.new_org(OrgKind::Prefecture, "330100");
            platform.staff_of(Role::RegionAdmin, org)
        };
        let (first, other) = (Desk::of(platform, Role::RegionAdmin, OrgKind::Prefecture, "330100"), department());
        assert_eq!(ask(&first, &matter, &shanghai("上海有何经验？")).status, 201);
        let seen = other.matter(&matter).unwrap();
        assert_eq!((seen.advice.len(), seen.may_ask_advice), (1, Some(true)), "it waits for both");
        let zhejiang = Desk::province(platform, "330000");
        assert_eq!(zhejiang.see(&matter)["advice"], Value::Null, "and not for the province");
        let filed = first.act(&matter, &json!({"action": "confirm", "words": "口径无误"}));
        assert_eq!(filed["advice"][0]["words"], "上海有何经验？", "whoever asked reads it later too");
    }
}
