//! What the provinces are asked, until when, and what their silence means.

use super::{decide, draft, social};
use crate::division::{DivisionCode, PROVINCES};
use crate::matter::testing::{Play, by};
use crate::matter::{Effect, Party};
use crate::parameter::{Name, Parameters};
use serde_json::{Value, json};

/// A nationwide application that was filed on Monday 2026-03-02.
fn asked() -> Play {
    let mut forms = social();
    forms["channel"]["regions"] =
        json!([{ "division": "000000", "running_since": "2020-01-01", "users": "1000000" }]);
    forms["channel"]["nationwide"] = json!("全国统一服务");
    let mut play = draft(&forms);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    play
}

fn answer(play: &mut Play, province: DivisionCode) {
    let reply = json!({
        "action": "reply", "verdict": "agreed", "words": "意见", "contact": "审核人", "phone": "1",
    });
    play.act_by(by(Party::Province, 8, &province.to_string()), &reply.to_string()).unwrap();
}

fn body(play: &Play) -> Value {
    serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap()
}

const NOTE: &str = r#"{"action":"note_silence"}"#;

/// CH-8.1e: the clause has no number of days; fifteen working days are ours.
#[test]
fn a_province_has_so_many_working_days_for_its_opinion() {
    let play = asked();
    assert_eq!(Parameters::standard().get(Name::ConsultationReply, play.at.business_date()), 15);
    let waits = play.waits();
    assert_eq!(waits.len(), 33);
    assert_eq!(waits[0], "province/110000:reply@2026-03-23");
    assert_eq!(waits[32], "platform:note_silence@2026-03-23");
}

/// CH-8.1e: silence is no opinion. It is noted once the last day is over, named and told; then the ministry decides, and who
/// was silent may still be heard.
#[test]
fn silence_is_noted_and_no_consent() {
    let mut play = asked();
    let silent = [PROVINCES[30].code, PROVINCES[31].code];
    for province in &PROVINCES[..30] {
        answer(&mut play, province.code);
    }
    play.on("2026-03-23");
    assert_eq!(play.refused(Party::Platform, NOTE), "matter.early", "the last day is in time");
    assert_eq!(play.refused(Party::Ministry, &decide(&["310000"])), "application.consultation");
    play.on("2026-03-24");
    assert_eq!(play.refused(Party::Ministry, NOTE), "matter.party");
    play.act(Party::Platform, NOTE).unwrap();
    let told = |effect: &Effect| match effect {
        Effect::Tell(message) => Some((message.party, message.division)),
        _ => None,
    };
    let told: Vec<_> = play.matter.as_ref().unwrap().effects.iter().filter_map(told).collect();
    let late = silent.map(|code| (Party::Province, Some(code)));
    assert_eq!(told, [late[0], late[1], (Party::Ministry, None)]);
    assert_eq!(body(&play)["silence"]["provinces"], json!(silent));
    let opinions = body(&play)["consultation"]["tasks"].as_array().unwrap().clone();
    assert_eq!(opinions.iter().filter(|task| task["opinion"].is_null()).count(), 2, "nobody spoke for them");
    assert_eq!(play.waits().len(), 3);
    assert_eq!(play.waits()[2], "ministry:decide");
    assert_eq!(play.refused(Party::Platform, NOTE), "matter.transition", "it is noted once");

    answer(&mut play, silent[0]);
    assert_eq!(play.waits().len(), 2, "a late answer is taken");
    play.act(Party::Ministry, &decide(&["310000", "330000"])).unwrap();
    assert_eq!(play.state(), "allocation");
    assert_eq!(body(&play)["silence"]["provinces"], json!(silent), "who was late stays on record");
}

/// CH-8.1e: when all have answered nothing is noted, and a filing that was returned is asked about anew.
#[test]
fn a_consultation_that_is_over_or_begun_anew_leaves_no_silence() {
    let mut play = asked();
    for province in PROVINCES {
        answer(&mut play, province.code);
    }
    play.on("2026-04-01");
    assert_eq!(play.waits(), ["ministry:decide"]);
    assert_eq!(play.refused(Party::Platform, NOTE), "matter.transition");

    let mut play = asked();
    play.on("2026-03-24");
    play.act(Party::Platform, NOTE).unwrap();
    play.act(Party::Ministry, r#"{"action":"return","words":"补充材料"}"#).unwrap();
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    assert_eq!(body(&play)["silence"], Value::Null);
    assert_eq!(play.waits()[0], "province/110000:reply@2026-04-15", "清明 does not count");
}
