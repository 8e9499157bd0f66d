//! Applications played from the draft to the end.

mod attached;
mod consultation;
mod forms;
mod level_two;
mod promise;

use crate::channel::{Class, Level, Phase};
use crate::id::MatterId;
use crate::matter::testing::{Play, by, workflow};
use crate::matter::{By, Effect, File, Kind, Known, Party, Refused};
use serde_json::{Value, json};

fn key() -> String {
    let key = gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap();
    data_encoding::HEXLOWER.encode(&key.verifying_key().to_sec1())
}

fn keys() -> Value {
    json!([{ "usage": "caller", "public_key": key() }])
}

/// A form of a channel of class 社会 that holds on 2026-03-02, every number exactly at its limit.
fn social() -> Value {
    json!({
        "one": {
            "filled_on": "2026-03-01", "unit": "company", "innovation": "unsigned",
            "owner_name": "示例科技有限公司", "uscc": "91350100M000100Y43",
            "contact": { "name": "测试联系人", "phone": "13812341234", "email": "channel@example.cn" },
        },
        "channel": {
            "name": "民生通", "form": "app", "access_mode": "sdk", "breadth": "general",
            "business": "公交、图书馆等民生服务",
            "regions": [
                { "division": "330100", "running_since": "2025-03-02", "users": "600000" },
                { "division": "310000", "running_since": "2024-01-01", "users": "400000" },
            ],
            "services": ["login.scan"], "users": "1000000", "test_keys": keys(),
        },
        "two": {
            "registered_address": "福州市", "registered_on": "2025-03-02", "standing": "高新技术企业",
            "introduction": "生活服务", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "1000000", "monthly_active": "300000", "coverage": "浙江、上海",
            "fit": "民生服务", "expansion": "图书馆借阅",
            "committed_issuance": "500000", "committed_monthly_active": "100000",
        },
    })
}

/// The same of a channel of a government department.
fn government() -> Value {
    let mut forms = social();
    forms["one"]["unit"] = json!("government");
    forms["two"] = json!({});
    forms
}

fn formal() -> Value {
    let mut marks = Vec::new();
    for system in ["ios", "android"] {
        let steps = ["enter", "issue", "change_password", "reset_password", "unbind", "exit"];
        for (place, step) in steps.iter().enumerate() {
            marks.push(json!({ "system": system, "step": step, "at_seconds": place * 20 }));
        }
    }
    json!({
        "filled_on": "2026-03-02", "number": "3300000001",
        "contact": { "name": "测试联系人", "phone": "13812341234", "email": "channel@example.cn" },
        "marks": marks, "keys": keys(),
    })
}

fn file(purpose: &str, content_type: &str) -> File {
    File { content_type: content_type.to_owned(), size: 1000, ..Play::file(1, purpose) }
}

fn files() -> Vec<File> {
    let paper = ["form_one_sealed", "test_collection", "licence", "entry_sketch"];
    let mut files: Vec<_> = paper.iter().map(|purpose| file(purpose, "application/pdf")).collect();
    files.extend(["recording_ios", "recording_android"].map(|purpose| file(purpose, "video/mp4")));
    files
}

fn opening(purpose: &str, forms: &Value) -> String {
    json!({ "purpose": purpose, "forms": forms }).to_string()
}

/// An access in its draft.
fn draft(forms: &Value) -> Play {
    let mut play = Play::empty(Kind::Application);
    play.files = files();
    play.open(Party::Owner, &opening("access", forms)).unwrap();
    play
}

/// What is wrong with the fields when it is filed: pointer and code, sorted.
fn faults(play: &mut Play) -> Vec<String> {
    match play.act(Party::Owner, r#"{"action":"file"}"#) {
        Ok(()) => Vec::new(),
        Err(refused) => fault_lines(&refused),
    }
}

fn fault_lines(refused: &Refused) -> Vec<String> {
    let Refused::Fields(faults) = refused else { panic!("{refused:?}") };
    let line = |fault: &crate::matter::Fault| format!("{} {}", fault.pointer, fault.refusal.code());
    let mut lines: Vec<_> = faults.iter().map(line).collect();
    lines.sort();
    lines
}

fn file_of(forms: &Value) -> Vec<String> {
    faults(&mut draft(forms))
}

fn opinion(action: &str, region: &str) -> String {
    json!({ "action": action, "region": region, "words": "意见", "contact": "审核人", "phone": "0571-1" })
        .to_string()
}

fn words(action: &str) -> String {
    json!({ "action": action, "words": "已审核" }).to_string()
}

fn review(play: &mut Play) {
    play.act_by(by(Party::Prefecture, 1, "330100"), &opinion("approve", "330100")).unwrap();
    play.act_by(by(Party::Province, 2, "330000"), &opinion("approve", "330100")).unwrap();
    play.act_by(by(Party::Province, 3, "310000"), &opinion("approve", "310000")).unwrap();
}

fn decide(regions: &[&str]) -> String {
    json!({ "action": "decide", "regions": regions, "words": "同意" }).to_string()
}

fn seen() -> String {
    let mut seen = formal()["marks"].clone();
    for mark in seen.as_array_mut().unwrap() {
        mark.as_object_mut().unwrap().remove("at_seconds");
    }
    json!({ "action": "confirm_recordings", "words": "六个环节齐全", "seen": seen }).to_string()
}

fn save_formal(form: &Value) -> String {
    json!({ "action": "save_formal", "form": form }).to_string()
}

fn registered(play: &mut Play, phase: Phase) {
    play.channel = Some(crate::channel::tests::channel(phase));
}

/// An access whose test is passed.
fn preparing(forms: &Value) -> Play {
    let mut play = draft(forms);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    review(&mut play);
    play.act(Party::Ministry, &decide(&["330100", "310000"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    registered(&mut play, Phase::Testing);
    play.act(Party::Operator, &words("verify")).unwrap();
    play.others.push(known(Kind::SecurityReport, "accepted"));
    play
}

/// An access before the ministry's and the operator's last reviews.
fn final_review(forms: &Value) -> Play {
    let mut play = preparing(forms);
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    play.act(Party::Owner, r#"{"action":"file_formal"}"#).unwrap();
    review(&mut play);
    play
}

fn known(kind: Kind, state: &str) -> Known {
    Known {
        id: MatterId::from_bytes([9; 16]),
        kind,
        state: state.to_owned(),
        is_ended: false,
        body: "{}".to_owned(),
        opened_at: "2026-03-01T09:00:00+08:00".parse().unwrap(),
    }
}

/// CH-9.0, CH-9.1a, CH-9.1c, CH-9.1d, CH-9.1e, CH-9.3a, CH-9.3b, CH-9.3c, CH-9.3d, CH-9.3e, CH-9.3f, CH-6.1, CH-6.4,
/// CH-F1.15, CH-F1.16, CH-F3.3, R12, R13.
#[test]
fn a_channel_goes_live_when_every_review_and_the_agreement_stand() {
    let mut play = draft(&social());
    assert_eq!(play.waits(), ["owner:file"]);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    assert_eq!(play.waits(), ["province/310000:review", "prefecture/330100:review"]);
    assert_eq!(play.actions(Party::Ministry), [""; 0], "the departments pass it on, not the owner");
    review(&mut play);
    assert_eq!((play.state(), play.waits()), ("ministry_review", vec!["ministry:decide".to_owned()]));
    play.act(Party::Ministry, &decide(&["330100", "310000"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    let Effect::Register(registration) = &play.effects()[0] else { panic!("{:?}", play.effects()) };
    assert_eq!(
        (registration.class, registration.level, &*registration.name),
        (Class::Social, Level::One, "民生通")
    );
    let regions: Vec<_> = registration.scope.regions().iter().map(ToString::to_string).collect();
    assert_eq!(regions, ["310000", "330100"]);
    registered(&mut play, Phase::Testing);
    assert_eq!(play.state(), "testing");
    play.act(Party::Operator, &words("verify")).unwrap();
    play.others.push(known(Kind::SecurityReport, "accepted"));
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    play.act(Party::Owner, r#"{"action":"file_formal"}"#).unwrap();
    review(&mut play);
    let all = ["ministry:audit", "operator:confirm_recordings", "operator:confirm_report"];
    let with = |last: &str| all.into_iter().chain([last]).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(play.waits(), with("operator:offer_agreement"), "there is nothing to sign yet");
    play.others.push(known(Kind::Agreement, "offered"));
    play.act(Party::Platform, r#"{"action":"note_agreement"}"#).unwrap();
    assert_eq!(play.waits(), with("owner:agreement"));
    play.others.pop();
    let (checker, activator) = (by(Party::Operator, 5, "000000"), by(Party::Operator, 6, "000000"));
    let activate = words("activate");
    let refused = |play: &mut Play, who: &By| play.act_by(*who, &activate).unwrap_err().code();
    assert_eq!(refused(&mut play, &activator), "application.audit_open");
    play.act(Party::Ministry, &words("audit")).unwrap();
    assert_eq!(refused(&mut play, &activator), "application.recordings_open");
    play.act_by(checker, &seen()).unwrap();
    assert_eq!(refused(&mut play, &activator), "application.report_open");
    play.act_by(checker, &words("confirm_report")).unwrap();
    assert_eq!(refused(&mut play, &checker), "matter.same_person");
    assert_eq!(refused(&mut play, &activator), "application.agreement_open");
    play.others.push(known(Kind::Agreement, "in_force"));
    play.act_by(activator, &activate).unwrap();
    assert!(play.state() == "live" && play.is_ended());
    let effects = play.effects();
    assert!(matches!(&effects[0], Effect::Rescope(scope) if scope.regions().len() == 2));
    assert!(matches!(&effects[1], Effect::ActivateKeys(keys) if keys.len() == 1));
    assert_eq!(effects[2], Effect::Enter(Phase::Live));
}

/// CH-31.3, CH-4.2: what has ended while an access was under review is not brought back by it.
#[test]
fn an_access_brings_back_no_channel_that_has_ended() {
    let ready = || {
        let mut play = final_review(&government());
        play.act(Party::Ministry, &words("audit")).unwrap();
        play.act(Party::Operator, &seen()).unwrap();
        play.act(Party::Operator, &words("confirm_report")).unwrap();
        play
    };
    let activate = |play: &mut Play| play.act_by(by(Party::Operator, 6, "000000"), &words("activate"));
    for (phase, code) in [
        (Phase::Terminated, "channel.terminated"),
        (Phase::Exited, "channel.exited"),
        (Phase::Live, "matter.transition"),
        (Phase::Leaving, "matter.transition"),
    ] {
        let mut play = ready();
        registered(&mut play, phase);
        assert_eq!(activate(&mut play).unwrap_err().code(), code, "{phase}");
    }
    for phase in Phase::ALL {
        let mut play = ready();
        play.parent = Some(crate::channel::tests::channel(*phase));
        assert_eq!(activate(&mut play).is_ok(), *phase == Phase::Live, "{phase}");
    }
}

/// CH-F1.16, CH-F3.6, R25: both filings reach the ministry by the province, not by the owner or a prefecture.
#[test]
fn the_province_is_who_submits_to_the_ministry() {
    let one_region = |forms: &mut Value| {
        forms["channel"]["regions"].as_array_mut().unwrap().truncate(1);
    };
    let mut forms = government();
    one_region(&mut forms);
    let mut play = draft(&forms);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    let submit = |play: &mut Play, action: &'static str| {
        for (reviewer, expected) in
            [(by(Party::Prefecture, 1, "330100"), vec![]), (by(Party::Province, 2, "330000"), vec![action])]
        {
            assert!(!play.actions(Party::Ministry).contains(&action));
            play.act_by(reviewer, &opinion("approve", "330100")).unwrap();
            let actions = play.actions(Party::Ministry);
            let found: Vec<_> = actions.into_iter().filter(|found| *found == action).collect();
            assert_eq!(found, expected, "{action}");
        }
    };
    submit(&mut play, "decide");
    play.act(Party::Ministry, &decide(&["330100"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    registered(&mut play, Phase::Testing);
    play.act(Party::Operator, &words("verify")).unwrap();
    play.others.push(known(Kind::SecurityReport, "accepted"));
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    play.act(Party::Owner, r#"{"action":"file_formal"}"#).unwrap();
    submit(&mut play, "audit");
}

/// CH-9.3e, R22: channels of the first two classes sign none; the others do.
#[test]
fn a_government_channel_needs_no_agreement() {
    let mut play = final_review(&government());
    play.act(Party::Ministry, &words("audit")).unwrap();
    play.act(Party::Operator, &seen()).unwrap();
    play.act(Party::Operator, &words("confirm_report")).unwrap();
    assert_eq!(play.waits(), ["operator:activate"]);
    assert_eq!(play.actions(Party::Operator), ["return"], "who confirmed does not activate");
    play.act_by(by(Party::Operator, 6, "000000"), &words("activate")).unwrap();
    assert_eq!(play.state(), "live");
}

/// CH-F1.6: one form, three channels, three matters that share the form.
#[test]
fn a_form_with_three_channels_is_three_applications() {
    let mut play = Play::empty(Kind::Application);
    let mut second = social()["channel"].clone();
    second["name"] = json!("民生通小程序");
    let form = json!({ "purpose": "access", "forms": social(), "further": [second, second] }).to_string();
    play.open(Party::Owner, &form).unwrap();
    let openings: Vec<_> = play.effects().to_vec();
    assert_eq!(openings.len(), 2);
    for (place, effect) in openings.iter().enumerate() {
        let Effect::Open { kind: Kind::Application, opening } = effect else { panic!("{effect:?}") };
        let mut next = Play::empty(Kind::Application);
        next.open(Party::Platform, opening).unwrap();
        let body: Value = serde_json::from_str(&next.matter.as_ref().unwrap().body).unwrap();
        assert_eq!(body["form"], json!(MatterId::from_bytes([7; 16]).to_string()));
        assert_eq!(
            (&body["row"], &body["forms"]["channel"]["name"]),
            (&json!(place + 2), &json!("民生通小程序"))
        );
        assert_eq!(body["opened_by"]["party"], "owner");
    }
    let mut many = Play::empty(Kind::Application);
    for (rows, accepted) in [(19, true), (20, false)] {
        let form = json!({ "purpose": "access", "further": vec![json!({}); rows] }).to_string();
        assert_eq!(many.open(Party::Owner, &form).is_ok(), accepted, "{rows}");
    }
    assert_eq!(many.open(Party::Platform, &opening("access", &social())).unwrap_err().code(), "matter.party");
}

/// CH-8.1e, CH-9.3b, R12: what one region refuses does not keep the others out.
#[test]
fn an_approval_may_be_partial() {
    let mut play = draft(&social());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    play.act_by(by(Party::Prefecture, 1, "330100"), &opinion("refuse", "330100")).unwrap();
    assert_eq!(play.state(), "local_review");
    play.act_by(by(Party::Province, 3, "310000"), &opinion("approve", "310000")).unwrap();
    assert_eq!(play.state(), "ministry_review");
    assert_eq!(play.act(Party::Ministry, &decide(&["330100"])).unwrap_err().code(), "request.fields");
    assert_eq!(play.act(Party::Ministry, &decide(&[])).unwrap_err().code(), "request.fields");
    play.act(Party::Ministry, &decide(&["310000"])).unwrap();
    assert_eq!(play.state(), "allocation");
}

/// CH-9.1a: refused everywhere, or returned by one, it is the owner's again, with the words and the fields.
#[test]
fn a_refusal_or_a_return_leads_back_to_the_owner() {
    let mut play = draft(&social());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    let back = json!({
        "action": "return", "words": "请补正",
        "comments": [{ "pointer": "/forms/channel/business", "words": "过于简略" }],
    })
    .to_string();
    assert_eq!(play.act_by(by(Party::Province, 1, "320000"), &back).unwrap_err().code(), "matter.division");
    play.act_by(by(Party::Prefecture, 1, "330100"), &back).unwrap();
    assert_eq!((play.state(), play.waits()), ("draft", vec!["owner:correct".to_owned()]));
    play.act(Party::Owner, &json!({ "action": "save", "forms": social() }).to_string()).unwrap();
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    play.act_by(by(Party::Prefecture, 1, "330100"), &opinion("refuse", "330100")).unwrap();
    play.act_by(by(Party::Province, 3, "310000"), &opinion("refuse", "310000")).unwrap();
    assert_eq!(play.state(), "draft");
    assert!(matches!(&play.effects()[0], Effect::Tell(message) if message.party == Party::Owner));
    let mut play = final_review(&social());
    play.act(Party::Operator, &back).unwrap();
    assert_eq!(play.waits(), ["owner:correct"]);
    assert_eq!(play.state(), "preparing");
}

/// CH-8.1c, CH-8.1d, CH-8.1e, R12: the whole country goes to the ministry, which asks all 32 provinces.
#[test]
fn of_the_whole_country_the_ministry_decides_after_all_provinces_were_asked() {
    let mut forms = social();
    forms["channel"]["regions"] =
        json!([{ "division": "000000", "running_since": "2020-01-01", "users": "1000000" }]);
    assert_eq!(file_of(&forms), ["/forms/channel/nationwide application.nationwide"]);
    forms["channel"]["nationwide"] = json!("全国统一服务");
    let mut play = draft(&forms);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    assert_eq!(
        (play.state(), play.waits().len()),
        ("ministry_review", 33),
        "and the platform, for the last day"
    );
    let reply = json!({
        "action": "reply", "verdict": "conditional", "words": "意见", "contact": "审核人", "phone": "1",
    })
    .to_string();
    for province in crate::division::PROVINCES {
        assert_eq!(play.refused(Party::Ministry, &decide(&["310000"])), "application.consultation");
        play.act_by(by(Party::Province, 8, &province.code.to_string()), &reply).unwrap();
    }
    play.act(Party::Ministry, &decide(&["310000", "330000"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    registered(&mut play, Phase::Testing);
    play.act(Party::Operator, &words("verify")).unwrap();
    play.others.push(known(Kind::SecurityReport, "accepted"));
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    play.act(Party::Owner, r#"{"action":"file_formal"}"#).unwrap();
    assert_eq!(play.state(), "final_review");
}

/// CH-9.3a, CH-16.1, CH-F3.1, CH-F3.2, CH-F3.4, CH-F3.5.
#[test]
fn the_formal_filing_has_a_contact_keys_and_two_films_with_six_steps() {
    let wrong = |change: &dyn Fn(&mut Value), expected: &str| {
        let mut play = preparing(&social());
        let mut form = formal();
        change(&mut form);
        play.act(Party::Owner, &save_formal(&form)).unwrap();
        let Err(Refused::Fields(faults)) = play.act(Party::Owner, r#"{"action":"file_formal"}"#) else {
            panic!("{expected}")
        };
        let lines: Vec<_> = faults.iter().map(|f| format!("{} {}", f.pointer, f.refusal.code())).collect();
        assert_eq!(lines, [expected]);
    };
    wrong(&|form| form["number"] = json!(""), "/form/number application.number_required");
    wrong(&|form| form["contact"]["name"] = json!(""), "/form/contact/name application.text");
    wrong(&|form| form["keys"] = json!([]), "/form/keys application.keys");
    wrong(
        &|form| {
            form["marks"].as_array_mut().unwrap().remove(0);
        },
        "/form/marks/ios/enter application.steps",
    );
    let mut play = preparing(&social());
    play.files.retain(|file| file.purpose != "recording_ios");
    play.files.push(file("recording_ios", "application/pdf"));
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    assert_eq!(play.refused(Party::Owner, r#"{"action":"file_formal"}"#), "request.fields");
}

/// CH-9.2, CH-9.3a, CH-9.3d, CH-28.0, CH-28.3, CH-F3.2, ND-3.5c: a report is submitted before the formal filing, and is still
/// accepted when the operator passes it and when the channel goes live.
#[test]
fn a_security_report_is_submitted_accepted_and_still_holds() {
    for (state, submitted, passed) in [
        ("draft", false, false),
        ("filed", true, false),
        ("retested", true, false),
        ("accepted", true, true),
        ("dangerous", false, false),
        ("overdue", false, false),
    ] {
        let mut play = preparing(&government());
        play.others = vec![known(Kind::SecurityReport, state)];
        play.act(Party::Owner, &save_formal(&formal())).unwrap();
        let filed = play.act(Party::Owner, r#"{"action":"file_formal"}"#);
        assert_eq!(filed.is_ok(), submitted, "{state}");
        let mut play = final_review(&government());
        play.others = vec![known(Kind::SecurityReport, state)];
        assert_eq!(play.act(Party::Operator, &words("confirm_report")).is_ok(), passed, "{state}");
    }
    let mut play = final_review(&government());
    play.act(Party::Ministry, &words("audit")).unwrap();
    play.act(Party::Operator, &seen()).unwrap();
    play.act(Party::Operator, &words("confirm_report")).unwrap();
    play.others = vec![known(Kind::SecurityReport, "overdue")];
    let activator = by(Party::Operator, 6, "000000");
    assert_eq!(play.act_by(activator, &words("activate")).unwrap_err().code(), "application.report_open");
}

/// CH-9.3d, CH-F3.5, ND-3.5c: the operator has seen every step in both films.
#[test]
fn films_are_confirmed_step_by_step() {
    let mut play = final_review(&social());
    let none = json!({ "action": "confirm_recordings", "words": "好", "seen": [] }).to_string();
    assert_eq!(play.refused(Party::Operator, &none), "request.fields");
    play.act(Party::Operator, &seen()).unwrap();
    assert_eq!(play.refused(Party::Operator, &seen()), "matter.transition", "once");
}

/// CH-15.1, CH-8.2c, CH-8.4c, CH-F1.9: a change runs the whole way, and ends with another scope and nothing else.
#[test]
fn a_change_runs_the_whole_way_while_the_channel_stays_live() {
    let mut forms = government();
    forms["channel"]["number"] = json!("3300000001");
    forms["channel"]["test_keys"] = json!([]);
    forms["channel"]["regions"] = json!([
        { "division": "330000", "running_since": "2020-01-01", "users": "1" },
        { "division": "320000", "running_since": "2020-01-01", "users": "1" },
    ]);
    let mut play = Play::channel(Kind::Application);
    play.files = files();
    play.open(Party::Owner, &opening("change", &forms)).unwrap();
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    let body: Value = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let before = &body["filed"]["before"];
    assert_eq!(before["regions"], json!(["310000", "330000"]), "reviewers see what it was admitted for");
    play.act_by(by(Party::Province, 1, "330000"), &opinion("refuse", "330000")).unwrap();
    play.act_by(by(Party::Province, 1, "320000"), &opinion("approve", "320000")).unwrap();
    play.act(Party::Ministry, &decide(&["320000"])).unwrap();
    assert_eq!(play.state(), "testing", "it has a number and keys");
    play.others.push(known(Kind::SecurityReport, "accepted"));
    play.act(Party::Operator, &words("verify")).unwrap();
    let mut form = formal();
    form["keys"] = json!([]);
    play.act(Party::Owner, &save_formal(&form)).unwrap();
    play.act(Party::Owner, r#"{"action":"file_formal"}"#).unwrap();
    play.act_by(by(Party::Province, 1, "320000"), &opinion("approve", "320000")).unwrap();
    play.act(Party::Ministry, &words("audit")).unwrap();
    play.act(Party::Operator, &seen()).unwrap();
    play.act(Party::Operator, &words("confirm_report")).unwrap();
    play.act_by(by(Party::Operator, 6, "000000"), &words("activate")).unwrap();
    let [Effect::Rescope(scope), Effect::Tell(_)] = play.effects() else { panic!("{:?}", play.effects()) };
    let regions: Vec<_> = scope.regions().iter().map(ToString::to_string).collect();
    assert_eq!(regions, ["320000", "330000"], "what was refused again stays as it was");
    let extended = "login.scan".parse().unwrap();
    assert!(!play.channel.as_ref().unwrap().scope.includes(&extended) && scope.includes(&extended));
}

/// CH-15.1, CH-F1.9: a change is of a live channel, one at a time, and changes something.
#[test]
fn a_change_is_of_a_live_channel_and_one_at_a_time() {
    for phase in [Phase::Testing, Phase::Leaving, Phase::Exited, Phase::Terminated] {
        let mut play = Play::empty(Kind::Application);
        registered(&mut play, phase);
        let refused = play.open(Party::Owner, &opening("change", &government())).unwrap_err();
        let code = match phase {
            Phase::Exited => "channel.exited",
            Phase::Terminated => "channel.terminated",
            _ => "application.not_live",
        };
        assert_eq!(refused.code(), code);
    }
    let mut play = Play::channel(Kind::Application);
    play.others.push(known(Kind::Application, "testing"));
    let refused = play.open(Party::Owner, &opening("change", &government())).unwrap_err();
    assert_eq!(refused.code(), "matter.already_open");
    assert_eq!(
        play.open(Party::Owner, &opening("access", &government())).unwrap_err().code(),
        "application.number_blank"
    );
    let mut play = Play::channel(Kind::Application);
    play.files = files();
    // Neither an application that has ended nor business of another kind stands against it.
    let ended = Known { is_ended: true, ..known(Kind::Application, "live") };
    play.others.extend([ended, known(Kind::SecurityReport, "filed")]);
    play.open(Party::Owner, &opening("change", &government())).unwrap();
    assert_eq!(faults(&mut play), ["/forms/channel/number application.number_required"]);
}

/// CH-16.3: a new contact is told to the operator, and that is all.
#[test]
fn a_new_contact_is_told_to_the_operator() {
    let mut play = Play::channel(Kind::Application);
    play.open(Party::Owner, &opening("contact", &social())).unwrap();
    assert!(play.is_ended() && play.state() == "noted");
    assert!(matches!(play.effects(), [Effect::Tell(message)] if message.party == Party::Operator));
    let empty = play.open(Party::Owner, &opening("contact", &json!({}))).unwrap_err();
    let Refused::Fields(faults) = empty else { panic!("{empty:?}") };
    assert_eq!(faults.len(), 3);
}

/// CH-10.2: the ministry finds platform-level capability, of nationally signed channels only.
#[test]
fn platform_level_is_found_by_the_ministry_of_a_signed_channel_only() {
    for (innovation, accepted) in [("signed", true), ("unsigned", false)] {
        let mut forms = social();
        forms["one"]["innovation"] = json!(innovation);
        let mut play = draft(&forms);
        play.files.push(file("innovation_agreement", "application/pdf"));
        play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
        review(&mut play);
        let decision =
            json!({ "action": "decide", "regions": ["310000"], "words": "同意", "is_platform_level": true });
        assert_eq!(play.act(Party::Ministry, &decision.to_string()).is_ok(), accepted, "{innovation}");
    }
}

/// CH-9.0: taken back in testing, the channel ends with it; before, there is none.
#[test]
fn an_application_is_withdrawn_and_its_channel_ends_with_it() {
    let mut play = draft(&social());
    play.act(Party::Owner, &words("withdraw")).unwrap();
    assert!(play.is_ended() && play.effects().is_empty());
    let mut play = preparing(&social());
    play.act(Party::Owner, &words("withdraw")).unwrap();
    assert_eq!(play.effects(), [Effect::RevokeKeys, Effect::Enter(Phase::Exited)]);
}

/// CH-9.0: the order is fixed, nothing is skipped.
#[test]
fn the_order_is_fixed() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Application));
}
