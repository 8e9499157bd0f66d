//! A security report through its years: filed, failed, retested, late.

use super::SPECIFICATION;
use crate::channel::{Channel, Level};
use crate::id::{AttachmentId, ChannelId};
use crate::matter::{Kind, Party, Refused, testing::Play, testing::workflow};
use crate::parameter::Name;
use expect_test::expect_file;

fn report(tested_on: &str, file: u8) -> serde_json::Value {
    let held = |kind: &str| {
        serde_json::json!({
            "kind": kind, "number": "国检0001", "valid_from": "2024-01-01", "valid_to": "2026-12-31"
        })
    };
    let held = ["cnas", "cma", "risk_assessment", "cryptography"].map(held);
    serde_json::json!({
        "number": "AQ-2026-001",
        "lab": { "name": "检测中心", "qualifications":
            held },
        "specification": SPECIFICATION,
        "specification_version": "1.0",
        "tested_on": tested_on,
        "scope": "APP内电子社保卡模块",
        "outcome": "passed",
        "file": AttachmentId::from_bytes([file; 16]).to_string(),
    })
}

fn submit(report: &serde_json::Value) -> String {
    serde_json::json!({ "action": "submit", "report": report }).to_string()
}

fn play() -> Play {
    let mut play = Play::channel(Kind::SecurityReport);
    play.files = (1..=4).map(|id| Play::file(id, "security_report")).collect();
    play
}

/// A draft of a channel on the stage's day.
fn draft() -> Play {
    let mut play = play();
    play.open(Party::Owner, r#"{"occasion":"annual"}"#).unwrap();
    play
}

fn accepted(tested_on: &str) -> Play {
    let mut play = draft();
    play.act(Party::Owner, &submit(&report(tested_on, 1))).unwrap();
    play.act(Party::Operator, r#"{"action":"accept","words":"符合要求"}"#).unwrap();
    play
}

fn faults(play: &mut Play, report: &serde_json::Value) -> Vec<(String, &'static str)> {
    match play.act(Party::Owner, &submit(report)) {
        Ok(()) => Vec::new(),
        Err(Refused::Fields(faults)) => {
            faults.iter().map(|fault| (fault.pointer.clone(), fault.refusal.code())).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

const FAIL: &str = r#"{"action":"fail","words":"存在越权漏洞"}"#;
const ACCEPT: &str = r#"{"action":"accept","words":"符合要求"}"#;
const RETURN: &str = r#"{"action":"return","words":"缺页"}"#;

#[test]
fn the_workflow_is_as_drawn() {
    expect_file!["workflow.txt"].assert_eq(&workflow(Kind::SecurityReport));
}

/// CH-28.3, CH-28.2a: the owner files with the file; the operator accepts.
#[test]
fn an_owner_files_and_the_operator_accepts() {
    let mut play = draft();
    assert_eq!(play.waits(), ["owner:submit"]);
    play.act(Party::Owner, &submit(&report("2026-03-02", 1))).unwrap();
    assert_eq!(play.waits(), ["operator:review"]);
    assert_eq!(play.actions(Party::Operator), ["accept", "return", "fail"]);
    play.act(Party::Operator, RETURN).unwrap();
    play.act(Party::Owner, &submit(&report("2026-03-02", 1))).unwrap();
    play.act(Party::Operator, ACCEPT).unwrap();
    assert_eq!(play.state(), "accepted");
    assert_eq!(play.waits(), ["platform:lapse@2027-03-02", "platform:remind@2026-12-01"]);
}

/// CH-29.0, CH-29.1, CH-29.2, CH-29.3, CH-29.4: all four, each valid on the day of the test; its first and last day count.
#[test]
fn a_laboratory_holds_all_four_qualifications_on_the_day_of_the_test() {
    for (place, code) in ["cnas_missing", "cma_missing", "risk_assessment_missing", "cryptography_missing"]
        .into_iter()
        .enumerate()
    {
        let mut lacking = report("2026-03-02", 1);
        lacking["lab"]["qualifications"].as_array_mut().unwrap().remove(place);
        let (pointer, found) = faults(&mut draft(), &lacking).remove(0);
        assert_eq!(
            (pointer.as_str(), found),
            ("/report/lab/qualifications", format!("security_report.{code}").as_str())
        );
        for (from, to, is_valid) in [
            ("2026-03-02", "2026-03-02", true),
            ("2026-03-03", "2027-03-02", false),
            ("2025-03-02", "2026-03-01", false),
        ] {
            let mut held = report("2026-03-02", 1);
            held["lab"]["qualifications"][place]["valid_from"] = from.into();
            held["lab"]["qualifications"][place]["valid_to"] = to.into();
            let expected =
                (format!("/report/lab/qualifications/{place}"), "security_report.qualification_expired");
            assert_eq!(faults(&mut draft(), &held), if is_valid { vec![] } else { vec![expected] });
        }
    }
}

/// CH-28.1: the report names the specification and its version.
#[test]
fn a_report_names_the_specification_and_every_wrong_field_is_told() {
    let mut wrong = report("2026-03-03", 9);
    wrong["specification"] = "GB/T 22239".into();
    wrong["specification_version"] = " ".into();
    wrong["number"] = "".into();
    let found = faults(&mut draft(), &wrong);
    let expected = [
        ("/report/number", "matter.words"),
        ("/report/specification_version", "matter.words"),
        ("/report/specification", "security_report.specification"),
        ("/report/tested_on", "security_report.future"),
        ("/report/file", "security_report.file"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

/// CH-28.4a, R15, R0: a report holds one year from its test, that day included.
#[test]
fn a_report_holds_a_year_from_its_test() {
    let mut on_the_last_day = draft();
    assert_eq!(faults(&mut on_the_last_day, &report("2025-03-02", 1)), []);
    assert_eq!(
        faults(&mut draft(), &report("2025-03-01", 1)),
        [("/report/tested_on".to_owned(), "security_report.expired")]
    );
    let body = accepted("2026-02-28").matter.unwrap().body;
    let held: super::SecurityReport = serde_json::from_str(&body).unwrap();
    for (day, covered) in
        [("2026-02-27", false), ("2026-02-28", true), ("2027-02-28", true), ("2027-03-01", false)]
    {
        assert_eq!(held.covers(day.parse().unwrap()), covered, "{day}");
    }
    assert!(held.is_accepted() && !held.is_overdue());
}

/// R15: reminders 90, 30 and 7 days before the report runs out, each on its day and not the day before.
#[test]
fn the_owner_is_reminded_three_times() {
    let mut play = accepted("2025-12-31");
    for (early, day, next) in [
        ("2026-10-01", "2026-10-02", "platform:remind@2026-11-30"),
        ("2026-11-30", "2026-12-01", "platform:remind@2026-12-23"),
        ("2026-12-23", "2026-12-24", "owner:renew@2026-12-31"),
    ] {
        assert_eq!(play.on(early).refused(Party::Platform, r#"{"action":"remind"}"#), "matter.early");
        play.on(day).act(Party::Platform, r#"{"action":"remind"}"#).unwrap();
        assert_eq!(play.effect_words(), ["tell owner"]);
        assert_eq!(play.waits()[1], next);
        assert_eq!(play.waits().last().unwrap(), "owner:renew@2026-12-31");
    }
    assert_eq!(play.refused(Party::Platform, r#"{"action":"remind"}"#), "matter.early");
    assert_eq!(play.refused(Party::Owner, r#"{"action":"remind"}"#), "matter.party");
}

/// CH-28.6b, CH-35.3, R0: filing is a party's duty, so its last day moves off a holiday; then it is recorded.
#[test]
fn whoever_does_not_test_in_time_is_late() {
    let mut play = play();
    play.on("2025-10-09").open(Party::Owner, r#"{"occasion":"first"}"#).unwrap();
    play.act(Party::Owner, &submit(&report("2025-10-01", 1))).unwrap();
    play.act(Party::Operator, ACCEPT).unwrap();
    // 1 to 7 October 2026 are a holiday.
    assert_eq!(play.waits()[0], "platform:lapse@2026-10-08");
    assert_eq!(play.on("2026-10-08").refused(Party::Platform, r#"{"action":"lapse"}"#), "matter.early");
    play.on("2026-10-09").act(Party::Platform, r#"{"action":"lapse"}"#).unwrap();
    assert_eq!(play.state(), "overdue");
    assert_eq!(play.effect_words(), ["tell owner", "tell operator"]);
    let late: super::SecurityReport = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    assert!(late.is_overdue() && !late.is_accepted());

    play.put_aside(3, Kind::SecurityReport, Kind::SecurityReport);
    play.open(Party::Owner, r#"{"occasion":"annual"}"#).unwrap();
    play.act(Party::Owner, &submit(&report("2026-10-09", 2))).unwrap();
    play.act(Party::Operator, ACCEPT).unwrap();
    assert_eq!(play.effect_words(), [r#"act 3 {"action":"retire"}"#, "tell owner"]);
}

/// CH-28.6b: what was filed by the last day is in time, though its review comes later; unless it turns out no good.
#[test]
fn a_report_that_waits_for_its_review_was_filed_in_time() {
    let mut play = accepted("2026-03-02");
    play.put_aside(3, Kind::SecurityReport, Kind::SecurityReport);
    play.on("2027-03-02").open(Party::Owner, r#"{"occasion":"annual"}"#).unwrap();
    let mut new = report("2027-03-01", 2);
    for held in new["lab"]["qualifications"].as_array_mut().unwrap() {
        held["valid_to"] = "2030-01-01".into();
    }
    play.act(Party::Owner, &submit(&new)).unwrap();
    play.put_aside(4, Kind::SecurityReport, Kind::SecurityReport);

    let old = play.others.remove(0);
    play.on("2027-03-03");
    play.matter = Some(crate::matter::Stored {
        state: "accepted",
        is_ended: false,
        body: old.body,
        title: String::new(),
        regions: vec![],
        waits: vec![],
        action: None,
        from: None,
        effects: vec![],
        clause: None,
    });
    play.act(Party::Platform, r#"{"action":"lapse"}"#).unwrap();
    let ran_out: super::SecurityReport = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    assert!(play.state() == "overdue" && !ran_out.is_overdue());
    play.act(Party::Platform, r#"{"action":"lapse"}"#).unwrap();
    let late: super::SecurityReport = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    assert!(late.is_overdue());
}

/// CH-28.4b: after a major upgrade only a test of that day or later will do; the report before it holds on meanwhile.
#[test]
fn a_major_upgrade_is_followed_by_a_test_of_its_own() {
    let mut play = accepted("2026-02-01");
    play.put_aside(3, Kind::SecurityReport, Kind::SecurityReport);
    play.open(Party::Platform, r#"{"occasion":"upgrade"}"#).unwrap();
    assert_eq!(play.waits(), ["owner:submit"]);
    assert_eq!(play.actions(Party::Owner), ["submit"], "the channel does not take it back");
    for (tested_on, codes) in [
        ("2026-03-01", vec![("/report/tested_on".to_owned(), "security_report.before_upgrade")]),
        ("2026-03-02", vec![]),
    ] {
        assert_eq!(faults(&mut play, &report(tested_on, 2)), codes, "{tested_on}");
    }
    play.act(Party::Operator, ACCEPT).unwrap();
    assert_eq!(play.effect_words(), [r#"act 3 {"action":"retire"}"#, "tell owner"]);
    for occasion in ["first", "annual", "spot", "retest"] {
        let opened = play.open(Party::Platform, &format!(r#"{{"occasion":"{occasion}"}}"#));
        assert_eq!(opened.unwrap_err().code(), "security_report.order", "{occasion}");
    }
    let mut own = accepted("2026-02-01");
    own.put_aside(3, Kind::SecurityReport, Kind::SecurityReport);
    own.open(Party::Owner, r#"{"occasion":"upgrade"}"#).unwrap();
    assert_eq!(faults(&mut own, &report("2026-02-02", 2)), [], "an owner says itself when it upgraded");
}

/// CH-28.6a: the retest that still finds a danger stops everything; the one that passes gives it back.
#[test]
fn a_retest_that_still_finds_a_danger_stops_the_channel_until_one_passes() {
    let mut play = draft();
    let mut bad = report("2026-03-01", 1);
    bad["outcome"] = "failed".into();
    play.act(Party::Owner, &submit(&bad)).unwrap();
    assert_eq!(play.refused(Party::Operator, ACCEPT), "security_report.failed");
    play.act(Party::Operator, FAIL).unwrap();
    assert_eq!((play.state(), play.effect_words()), ("rectifying", vec!["tell owner".to_owned()]));
    assert_eq!(
        faults(&mut play, &report("2026-03-01", 1)),
        [("/report/file".to_owned(), "security_report.same_file")]
    );
    assert_eq!(
        faults(&mut play, &report("2026-02-28", 2)),
        [("/report/tested_on".to_owned(), "security_report.older")]
    );
    play.act(Party::Owner, &submit(&report("2026-03-02", 2))).unwrap();
    play.act(Party::Operator, FAIL).unwrap();
    assert_eq!(play.state(), "dangerous");
    assert_eq!(play.effect_words(), [r#"withhold "all""#, "tell owner"]);
    play.act(Party::Owner, &submit(&report("2026-03-02", 3))).unwrap();
    play.act(Party::Operator, RETURN).unwrap();
    assert_eq!(play.state(), "dangerous");
    play.act(Party::Owner, &submit(&report("2026-03-02", 3))).unwrap();
    play.act(Party::Operator, FAIL).unwrap();
    assert_eq!(play.effect_words(), ["tell owner"], "withheld already");
    play.act(Party::Owner, &submit(&report("2026-03-02", 4))).unwrap();
    play.act(Party::Operator, ACCEPT).unwrap();
    assert_eq!(play.effect_words(), ["restore", "tell owner"]);
}

/// CH-28.5, R16: within twelve months before the day the next report is due, with the specification in its scope.
#[test]
fn the_report_of_an_own_test_is_used_again_within_the_year() {
    for (tested_on, names_it, codes) in [
        ("2026-03-02", true, vec![]),
        ("2026-03-02", false, vec![("/report/scope".to_owned(), "security_report.reuse_scope")]),
    ] {
        let mut own = report(tested_on, 1);
        own["is_reused"] = true.into();
        if names_it {
            own["scope"] = format!("按《{SPECIFICATION}》检测APP").into();
        }
        assert_eq!(faults(&mut draft(), &own), codes);
    }
    // Without a report before it, the year counts back from today; a report itself holds a year too.
    for (tested_on, codes) in [
        ("2025-03-02", &[][..]),
        ("2025-03-01", &["security_report.expired", "security_report.reuse_year"][..]),
    ] {
        let mut own = report(tested_on, 1);
        own["is_reused"] = true.into();
        own["scope"] = format!("按《{SPECIFICATION}》检测APP").into();
        let found: Vec<_> = faults(&mut draft(), &own).into_iter().map(|(_, code)| code).collect();
        assert_eq!(found, codes, "{tested_on}");
    }
    let mut play = accepted("2026-03-02");
    play.put_aside(3, Kind::SecurityReport, Kind::SecurityReport);
    play.parameters.change(Name::ReportReuse, 2, 3, "2026-06-01".parse().unwrap()).unwrap();
    for (tested_on, in_time) in [("2026-12-01", false), ("2026-12-02", true)] {
        play.on("2026-12-31").open(Party::Owner, r#"{"occasion":"annual"}"#).unwrap();
        let mut own = report(tested_on, 1);
        own["is_reused"] = true.into();
        own["scope"] = format!("按《{SPECIFICATION}》检测APP").into();
        let found = faults(&mut play, &own);
        assert_eq!(found.is_empty(), in_time, "{tested_on}: {found:?}");
    }
}

/// CH-28.2b: the operator orders a test with a day; a day that passes is recorded.
#[test]
fn the_operator_orders_a_test() {
    let mut play = play();
    let order = |day: &str| format!(r#"{{"occasion":"spot","due_on":"{day}","words":"抽测"}}"#);
    assert_eq!(play.open(Party::Owner, &order("2026-03-31")).unwrap_err().code(), "security_report.order");
    assert_eq!(
        play.open(Party::Operator, r#"{"occasion":"spot"}"#).unwrap_err().code(),
        "security_report.order"
    );
    assert!(play.open(Party::Operator, &order("2026-03-02")).is_err());
    play.open(Party::Operator, &order("2026-03-03")).unwrap();
    assert_eq!(
        (play.waits(), play.effect_words()),
        (vec!["owner:submit@2026-03-03".to_owned()], vec!["tell owner".to_owned()])
    );
    assert_eq!(play.refused(Party::Owner, r#"{"action":"withdraw"}"#), "matter.party");
    assert_eq!(play.on("2026-03-03").refused(Party::Platform, r#"{"action":"lapse"}"#), "matter.early");
    play.on("2026-03-04").act(Party::Platform, r#"{"action":"lapse"}"#).unwrap();
    let late: super::SecurityReport = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    assert!(late.is_overdue() && play.state() == "ordered");
    play.act(Party::Owner, &submit(&report("2026-03-04", 1))).unwrap();
}

/// CH-11.4a, CH-11.4c: level 2 is treated alike, and its level-1 channel is told.
#[test]
fn level_one_is_told_of_a_danger_in_its_level_two() {
    let mut play = draft();
    let live = play.channel.take().unwrap();
    play.channel = Some(Channel { level: Level::Two, parent: Some(ChannelId::from_bytes([8; 16])), ..live });
    play.act(Party::Owner, &submit(&report("2026-03-01", 1))).unwrap();
    play.act(Party::Operator, FAIL).unwrap();
    assert_eq!(play.effect_words(), ["tell owner", "tell owner of another channel"]);
}

/// What the rules find of each item of the report that waits: `cnas+` holds, `cnas-` does not, `cnas?` no rule knows.
fn found(play: &Play) -> Vec<String> {
    let body = &play.matter.as_ref().unwrap().body;
    let by = crate::matter::testing::by(Party::Operator, 1, "000000");
    let items = play.on_stage(by, |scene| super::checklist(body, scene));
    let sign = |found: Option<bool>| found.map_or('?', |found| if found { '+' } else { '-' });
    items.iter().map(|one| format!("{}{}", one.item, sign(one.found))).collect()
}

/// CH-29.0, CH-28.1, CH-28.5: what a rule knows is found by the rule, and what it cannot know is left to a person.
#[test]
fn a_report_is_looked_through_item_by_item() {
    let mut play = draft();
    assert!(found(&play).is_empty(), "nothing waits for a review");
    let mut reused = report("2026-03-02", 1);
    reused["is_reused"] = true.into();
    reused["scope"] = format!("依据{SPECIFICATION}").into();
    play.act(Party::Owner, &submit(&reused)).unwrap();
    let lab = ["cnas+", "cma+", "risk_assessment+", "cryptography+"];
    assert_eq!(found(&play), [&lab[..], &["specification+", "tested_on+", "scope+", "document?"]].concat());
    play.on("2027-03-03");
    assert!(found(&play).contains(&"tested_on-".to_owned()), "it ran out while it waited");
    play.on("2026-03-02").act(Party::Operator, FAIL).unwrap();
    play.act(Party::Owner, &submit(&report("2026-03-02", 2))).unwrap();
    let rest = ["specification+", "tested_on+", "scope?", "document?", "retest+"];
    assert_eq!(found(&play), [&lab[..], &rest].concat());
}

/// CH-9.3d: whoever tells what was confirmed tells all of it; what is wrong is said of the item that it is wrong with.
#[test]
fn whoever_confirms_confirms_everything_that_no_rule_knows() {
    let mut play = draft();
    play.act(Party::Owner, &submit(&report("2026-03-02", 1))).unwrap();
    let accept = |confirmed: &[&str]| {
        serde_json::json!({"action": "accept", "words": "符合要求", "confirmed": confirmed}).to_string()
    };
    let all = ["cnas", "cma", "risk_assessment", "cryptography", "scope", "document"];
    assert_eq!(play.refused(Party::Operator, &accept(&all[1..])), "request.fields");
    assert_eq!(play.refused(Party::Operator, &accept(&[])), "request.fields");
    let remark = |words: &str| {
        let remarks = serde_json::json!([{"item": "document", "words": words}]);
        serde_json::json!({"action": "return", "words": "见各项", "remarks": remarks}).to_string()
    };
    assert_eq!(play.refused(Party::Operator, &remark("")), "request.fields");
    play.act(Party::Operator, &remark("第3页缺章")).unwrap();
    assert!(play.matter.as_ref().unwrap().body.contains("第3页缺章"));
    play.act(Party::Owner, &submit(&report("2026-03-02", 2))).unwrap();
    play.act(Party::Operator, &accept(&all)).unwrap();
    assert_eq!(play.state(), "accepted");
}
