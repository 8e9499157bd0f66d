//! Notices.

use crate::channel::Phase;
use crate::id::TemplateId;
use crate::matter::testing::{Play, workflow};
use crate::matter::{Effect, Kind, Party, Refused};

const PAUSE: &str =
    r#"{"topic":"pause","subject":"今晚停服","words":"22时至24时","acknowledge_by":"2026-03-03"}"#;
const UPGRADE: &str = r#"{"topic":"upgrade","nature":"functional","subject":"SDK 3.2","words":"请升级",
    "acknowledge_by":"2026-03-05","upgrade_by":"2026-04-04"}"#;
const ACKNOWLEDGE: &str = r#"{"action":"acknowledge"}"#;
const REPORT: &str = r#"{"action":"report","words":"已上线"}"#;
const MISS: &str = r#"{"action":"miss"}"#;

fn sent(opening: &str) -> Play {
    let mut play = Play::channel(Kind::Notice);
    play.open(Party::Operator, opening).unwrap();
    play
}

/// CH-17.1: a notice that asks for nothing more is over once it is acknowledged.
#[test]
fn a_notice_is_acknowledged() {
    for topic in ["maintenance", "pause", "resumption"] {
        let mut play = sent(&PAUSE.replace("pause", topic));
        assert_eq!(play.waits(), ["owner:acknowledge@2026-03-03"]);
        assert_eq!(play.refused(Party::Platform, MISS), "matter.transition");
        play.act(Party::Owner, ACKNOWLEDGE).unwrap();
        assert_eq!((play.state(), play.is_ended()), ("done", true));
    }
}

/// CH-17.1, CH-17.2: an upgrade is reported and confirmed.
#[test]
fn an_upgrade_is_reported_and_confirmed() {
    let mut play = sent(UPGRADE);
    assert_eq!(play.waits(), ["owner:acknowledge@2026-03-05", "owner:upgrade@2026-04-04"]);
    play.act(Party::Owner, ACKNOWLEDGE).unwrap();
    assert_eq!(play.waits(), ["owner:upgrade@2026-04-04"], "the last day is a holiday and does not move");
    play.act(Party::Owner, REPORT).unwrap();
    play.act(Party::Operator, r#"{"action":"return","words":"版本不符"}"#).unwrap();
    play.act(Party::Owner, REPORT).unwrap();
    play.act(Party::Operator, r#"{"action":"confirm","words":"已核实"}"#).unwrap();
    assert!(play.is_ended());
}

/// CH-31.1.1, CH-31.2.4: the last day is in time; the day after opens a risk event, acknowledged or not.
#[test]
fn a_missed_upgrade_opens_a_risk_event_of_its_grade() {
    for (nature, cause) in
        [("functional", "functional_upgrade_missed"), ("security", "security_upgrade_missed")]
    {
        for acknowledges in [false, true] {
            let mut play = sent(&UPGRADE.replace("functional", nature));
            if acknowledges {
                play.act(Party::Owner, ACKNOWLEDGE).unwrap();
            }
            assert_eq!(play.on("2026-04-04").refused(Party::Platform, MISS), "notice.early");
            play.on("2026-04-05").act(Party::Platform, MISS).unwrap();
            assert_eq!((play.state(), play.is_ended()), ("missed", true));
            let [Effect::Open { kind: Kind::RiskEvent, opening }] = play.effects() else {
                panic!("{:?}", play.effects())
            };
            assert!(opening.contains(cause), "{opening}");
            let event = opening.clone();
            let mut risk = Play::channel(Kind::RiskEvent);
            risk.on("2026-04-05").open(Party::Platform, &event).unwrap();
        }
    }
}

/// CH-33.3: a channel that has left by then misses nothing; its interfaces are closed.
#[test]
fn whoever_has_left_misses_no_upgrade() {
    for (phase, state) in
        [(Phase::Leaving, "missed"), (Phase::Exited, "withdrawn"), (Phase::Terminated, "withdrawn")]
    {
        let mut play = sent(UPGRADE);
        play.channel = Some(crate::channel::tests::channel(phase));
        assert_eq!(
            play.on("2026-04-05").act(Party::Platform, MISS).map_err(|refused| refused.code()),
            Ok(())
        );
        assert_eq!((play.state(), play.effects().is_empty()), (state, state == "withdrawn"));
    }
}

/// CH-17.1: what was reported in time is not missed while the operator looks; what is sent back afterwards is.
#[test]
fn a_report_in_time_stands_until_it_is_sent_back() {
    let mut play = sent(UPGRADE);
    play.act(Party::Owner, ACKNOWLEDGE).unwrap();
    play.on("2026-04-04").act(Party::Owner, REPORT).unwrap();
    assert_eq!(play.on("2026-04-05").refused(Party::Platform, MISS), "matter.transition");
    play.act(Party::Operator, r#"{"action":"return","words":"未升级"}"#).unwrap();
    play.act(Party::Platform, MISS).unwrap();
    assert_eq!(play.state(), "missed");
}

/// CH-17.1, R0: an acknowledgement that would be due on a holiday is due on the next working day; every wrong field is named.
#[test]
fn a_notice_has_days_that_lie_ahead_and_an_upgrade_its_nature() {
    assert_eq!(sent(&PAUSE.replace("03-03", "04-04")).waits(), ["owner:acknowledge@2026-04-07"]);
    sent(&PAUSE.replace("03-03", "03-02"));
    for (opening, pointers) in [
        (PAUSE.replace("03-03", "03-01"), vec!["/acknowledge_by"]),
        (UPGRADE.replace("04-04", "03-01"), vec!["/upgrade_by"]),
        (PAUSE.replace("pause", "upgrade"), vec!["/nature", "/upgrade_by"]),
        (UPGRADE.replace(r#""upgrade","#, r#""pause","#), vec!["/nature", "/upgrade_by"]),
        (PAUSE.replace("今晚停服", ""), vec!["/subject"]),
    ] {
        let refused = Play::channel(Kind::Notice).open(Party::Operator, &opening).unwrap_err();
        let Refused::Fields(faults) = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), pointers);
    }
}

/// CH-17.1: what was sent says from which version its words came, whatever follows; words of one's own say nothing.
#[test]
fn a_notice_keeps_from_which_template_it_was_filled() {
    let id = TemplateId::from_bytes([7; 16]);
    let filled = PAUSE.replace('}', &format!(r#","template":{{"template_id":"{id}","number":2}}}}"#));
    for (opening, kept) in [(filled.as_str(), true), (PAUSE, false)] {
        let mut play = sent(opening);
        play.act(Party::Owner, ACKNOWLEDGE).unwrap();
        let body: serde_json::Value = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
        let wanted = kept.then(|| serde_json::json!({"template_id": id.to_string(), "number": 2}));
        assert_eq!(body.get("template"), wanted.as_ref());
    }
}

/// CH-17.1: the state machine.
#[test]
fn the_workflow_of_a_notice() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Notice));
}
