//! Tickets.

use crate::matter::testing::{Play, workflow};
use crate::matter::{Kind, Party, Refused};

const USER: &str = r#"{"category":"user","subject":"无法签发","words":"提示人脸比对失败",
    "holder":{"name":"张*","document":"33**************12"},"request":"req_1"}"#;
const COMMON: &str = r#"{"category":"common","subject":"页面打不开","words":"多名用户反映"}"#;

fn faults(opening: &str) -> Vec<String> {
    let refused = Play::channel(Kind::Ticket).open(Party::Owner, opening).unwrap_err();
    let Refused::Fields(faults) = refused else { panic!("{refused:?}") };
    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.refusal.code())).collect()
}

/// CH-20.3.
#[test]
fn a_ticket_is_answered_followed_up_and_closed_with_a_rating() {
    let mut play = Play::channel(Kind::Ticket);
    play.open(Party::Owner, USER).unwrap();
    play.act(Party::Operator, r#"{"action":"answer","words":"请重新拍摄"}"#).unwrap();
    play.act(Party::Owner, r#"{"action":"follow_up","words":"仍然失败"}"#).unwrap();
    assert_eq!(play.state(), "filed");
    play.act(Party::Operator, r#"{"action":"answer","words":"已修复"}"#).unwrap();
    for satisfaction in [0, 6] {
        let close = format!(r#"{{"action":"close","satisfaction":{satisfaction}}}"#);
        assert_eq!(play.refused(Party::Owner, &close), "ticket.satisfaction");
    }
    play.act(Party::Owner, r#"{"action":"close","satisfaction":5}"#).unwrap();
    assert!(play.is_ended());
}

/// CH-20.3, CH-20.4: three kinds of problem beside that of one user; two of them go first. The days are working days at
/// their end: 2026-03-02 is a Monday.
#[test]
fn what_the_public_talks_about_is_answered_first() {
    for (category, due) in
        [("common", "2026-03-04"), ("public_opinion", "2026-03-03"), ("malicious", "2026-03-03")]
    {
        let mut play = Play::channel(Kind::Ticket);
        play.open(Party::Owner, &COMMON.replace("common", category)).unwrap();
        assert_eq!(play.waits(), [format!("operator:answer@{due}")], "{category}");
    }
    let mut play = Play::channel(Kind::Ticket);
    play.on("2026-02-13").open(Party::Owner, COMMON).unwrap();
    assert_eq!(play.waits(), ["operator:answer@2026-02-24"], "the Spring Festival lies between");
    assert!(play.open(Party::Owner, &COMMON.replace("common", "praise")).is_err());
}

/// CH-20.3: a user is named masked, and only in a user's ticket.
#[test]
fn a_ticket_names_nobody() {
    assert_eq!(faults(&COMMON.replace("common", "user")), ["/holder ticket.holder"]);
    assert_eq!(faults(&USER.replace(r#""user""#, r#""common""#)), ["/holder ticket.holder"]);
    assert_eq!(faults(&USER.replace("张*", "张三")), ["/holder/name ticket.mask"]);
    let open = USER.replace("33**************12", "330106199001010012");
    assert_eq!(faults(&open), ["/holder/document ticket.mask"]);
    for (number, refused) in [
        ("12345678901234", false),
        ("123456789012345", true),
        ("33010619900101001X", true),
        ("13800000000", true),
        ("1380000000", false),
        ("10000000000", false),
        ("１３８００００００００", true),
        ("138 0000 0000", true),
        ("138-0000-0000", true),
        ("138 0000 000", false),
        ("330106 19900101 0017", false),
        ("330106 19900101 0018", true),
        ("330106 19900101 019X", true),
        ("3301-0619-9001-0100-18", true),
        ("2026-11-25 2026-11-26", false),
        ("2026-11-25 13:00:00", false),
    ] {
        let opening = COMMON.replace("多名用户反映", &format!("用户{number}反映"));
        let outcome = Play::channel(Kind::Ticket).open(Party::Owner, &opening);
        assert_eq!(outcome.is_err(), refused, "{number}");
        if refused {
            assert_eq!(faults(&opening), ["/words ticket.personal"]);
        }
    }
}

/// CH-20.3: silence closes a ticket only once the time to follow up is over.
#[test]
fn an_answered_ticket_closes_in_silence() {
    let mut play = Play::channel(Kind::Ticket);
    play.open(Party::Owner, USER).unwrap();
    play.act(Party::Operator, r#"{"action":"answer","words":"请重新拍摄"}"#).unwrap();
    assert_eq!(play.waits(), ["owner:close@2026-03-09"]);
    assert_eq!(play.on("2026-03-09").refused(Party::Platform, r#"{"action":"expire"}"#), "ticket.early");
    play.on("2026-03-10").act(Party::Platform, r#"{"action":"expire"}"#).unwrap();
    assert!(play.is_ended());
}

/// CH-20.3, CH-20.4: the state machine.
#[test]
fn the_workflow_of_a_ticket() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Ticket));
}
