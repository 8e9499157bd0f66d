//! Rectifications.

use crate::authorization::{Caller, Opening};
use crate::id::{ChannelId, OpeningId};
use crate::matter::testing::{Play, by, workflow};
use crate::matter::{By, Kind, Party, Refused};
use crate::parameter::{Name, Parameters};
use crate::time::Timestamp;

const HANGZHOU: &str = "330100";
const ACCEPT: &str = r#"{"action":"accept","words":"现场复核，已按要求整改"}"#;
const CLOSE: &str = r#"{"action":"close","words":"整改未达要求"}"#;
const SUSPEND: &str = r#"{"action":"suspend","words":"隐患扩大"}"#;
const EXPIRE: &str = r#"{"action":"expire"}"#;
const SETTLE: &str = r#"{"action":"settle"}"#;
const WITHDRAW: &str = r#"{"action":"withdraw","words":"核实不属实"}"#;

/// What a department of `division` has opened to the channel of the stage.
fn opening(id: u8, division: &str) -> Opening<'static> {
    Opening {
        id: OpeningId::from_bytes([id; 16]),
        target: Caller::Channel(ChannelId::from_bytes([1; 16])),
        service: "identity.verify",
        division: division.parse().unwrap(),
        opened_at: Timestamp::EPOCH,
        closed_at: None,
        is_suspended: false,
    }
}

/// A stage on which 杭州 has opened identity verification in a district of its own.
fn stage() -> Play {
    let mut play = Play::channel(Kind::Rectification);
    play.openings = vec![opening(5, "330106")];
    play
}

fn region(person: u8) -> By {
    by(Party::Prefecture, person, HANGZHOU)
}

fn order(more: &str) -> String {
    let id = OpeningId::from_bytes([5; 16]);
    format!(r#"{{"opening_id":"{id}","words":"核验页面存在越权查询"{more}}}"#)
}

/// An order that the first person of 杭州 has given on 2026-03-02, a Monday.
fn ordered(more: &str) -> Play {
    let mut play = stage();
    play.open_by(region(1), &order(more)).unwrap();
    play
}

fn answer(file: u8) -> String {
    let file = Play::file(file, "rectification").id;
    format!(r#"{{"action":"answer","words":"已修复并复测","files":["{file}"]}}"#)
}

/// The same, answered with a file.
fn answered(more: &str) -> Play {
    let mut play = ordered(more);
    play.files = vec![Play::file(1, "rectification")];
    play.act(Party::Owner, &answer(1)).unwrap();
    play
}

fn returning(days: &str) -> String {
    format!(r#"{{"action":"return","words":"日志仍未脱敏"{days}}}"#)
}

fn asking(days: i64) -> String {
    format!(r#"{{"action":"ask_time","days":{days},"words":"等待第三方组件更新"}}"#)
}

fn faults(outcome: Result<(), Refused>) -> Vec<String> {
    let Err(Refused::Fields(faults)) = outcome else { panic!("{outcome:?}") };
    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.refusal.code())).collect()
}

/// ND-3.5e: ordered with the service suspended, answered, accepted: the service goes on in the same step.
#[test]
fn a_region_orders_the_owner_answers_and_the_region_accepts() {
    let mut play = ordered(r#","is_suspended":true"#);
    assert_eq!(play.effect_words(), ["suspend 5", "tell owner", "tell operator", "tell ministry"]);
    assert_eq!(play.waits(), ["owner:answer@2026-04-01"]);
    assert_eq!(play.matter.as_ref().unwrap().title, "责令整改：身份核验（杭州市）");
    assert_eq!(play.actions(Party::Owner), ["answer", "ask_time"]);
    assert_eq!(play.actions_by(&region(2)), ["withdraw"], "suspended already, and nothing to review");
    assert_eq!(play.refused(Party::Owner, &answer(1)), "request.fields", "without a file");
    play.files = vec![Play::file(1, "rectification")];
    play.act(Party::Owner, &answer(1)).unwrap();
    assert_eq!(play.effect_words(), ["tell prefecture/330100"]);
    assert_eq!((play.state(), play.waits()), ("answered", vec!["prefecture/330100:review".to_owned()]));
    assert_eq!(play.refused(Party::Owner, ACCEPT), "matter.party", "nobody accepts their own");
    play.act_by(region(1), ACCEPT).unwrap();
    assert_eq!(play.effect_words(), ["release 5", "tell owner", "tell operator", "tell ministry"]);
    assert!(play.is_ended() && play.waits().is_empty());
    assert!(!play.matter.as_ref().unwrap().body.contains(r#""lifted_at":null"#));
}

/// ND-3.5e: a service that goes on may be suspended later, once, in every state that waits.
#[test]
fn a_service_is_suspended_later_where_it_must() {
    let mut play = ordered("");
    assert_eq!(play.effect_words()[0], "rectify 5");
    play.act_by(region(2), SUSPEND).unwrap();
    assert_eq!(play.effect_words()[0], "suspend 5");
    assert_eq!(play.act_by(region(2), SUSPEND).unwrap_err().code(), "rectification.suspended");
    for mut play in [answered(""), missed("")] {
        let before = play.state();
        play.act_by(region(2), SUSPEND).unwrap();
        assert_eq!((play.state(), play.effect_words()[0].as_str()), (before, "suspend 5"));
    }
}

/// ND-3.5e, CH-5.2: what is open to the channel in the own area, and nothing else; who ordered goes on with it.
#[test]
fn a_region_orders_only_what_is_open_in_its_own_area_and_no_other_region_touches_it() {
    let closed =
        Opening { closed_at: Some("2026-03-02T09:00:00+08:00".parse().unwrap()), ..opening(5, "330106") };
    for (found, who, is_taken) in [
        (opening(5, "330106"), region(1), true),
        (opening(5, HANGZHOU), region(1), true),
        (opening(5, "330106"), by(Party::Province, 1, "330000"), true),
        (opening(5, "330000"), region(1), false),
        (opening(5, "330200"), region(1), false),
        (opening(6, "330106"), region(1), false),
        (closed, region(1), false),
    ] {
        let mut play = stage();
        play.openings = vec![found];
        let outcome = play.open_by(who, &order(""));
        match is_taken {
            true => outcome.unwrap(),
            false => assert_eq!(faults(outcome), ["/opening_id rectification.opening"], "{found:?}"),
        }
    }
    for party in [Party::Owner, Party::Operator, Party::Ministry] {
        assert_eq!(stage().open(party, &order("")).unwrap_err().code(), "matter.party");
    }
    let mut play = answered("");
    for (other, code) in [
        (by(Party::Prefecture, 9, "330200"), "matter.division"),
        (by(Party::Prefecture, 9, "330106"), "matter.division"),
        (by(Party::Province, 9, "330000"), "matter.party"),
        (by(Party::Operator, 9, "000000"), "matter.party"),
    ] {
        assert_eq!(play.act_by(other, ACCEPT).unwrap_err().code(), code, "{other:?}");
        assert_eq!(play.actions_by(&other), [""; 0]);
    }
}

/// ND-3.5e: one rectification of an opening at a time; another opening has its own.
#[test]
fn two_rectifications_of_one_opening_do_not_run_at_once() {
    let mut play = ordered("");
    play.put_aside(8, Kind::Rectification, Kind::Rectification);
    assert_eq!(play.open_by(region(2), &order("")).unwrap_err().code(), "rectification.ordered");
    play.openings = vec![opening(5, "330106"), opening(6, "330108")];
    let other = order("")
        .replace(&OpeningId::from_bytes([5; 16]).to_string(), &OpeningId::from_bytes([6; 16]).to_string());
    play.open_by(region(2), &other).unwrap();
    let mut play = ordered("");
    play.act_by(region(2), WITHDRAW).unwrap();
    play.put_aside(8, Kind::Rectification, Kind::Rectification);
    play.open_by(region(2), &order("")).unwrap();
}

/// ND-3.5e: 3 days and 90 are taken, 2 and 91 are not; 30 where nothing is said.
#[test]
fn a_region_sets_a_period_within_bounds() {
    let parameters = Parameters::standard();
    let today = "2026-03-02".parse().unwrap();
    let number = |name| parameters.get(name, today);
    assert_eq!(
        [Name::RectificationLeast, Name::RectificationDays, Name::RectificationMost].map(number),
        [3, 30, 90]
    );
    for (days, due) in [("", "2026-04-01"), (r#","days":3"#, "2026-03-05"), (r#","days":90"#, "2026-05-31")] {
        assert_eq!(ordered(days).waits(), [format!("owner:answer@{due}")], "{days}");
    }
    for days in [-1, 2, 91] {
        let outcome = stage().open_by(region(1), &order(&format!(r#","days":{days}"#)));
        assert_eq!(faults(outcome), ["/days rectification.days"], "{days}");
        let outcome = answered("").act_by(region(1), &returning(&format!(r#","days":{days}"#)));
        assert_eq!(faults(outcome), ["/days rectification.days"], "{days}");
    }
}

/// ND-3.5e: where the ministry makes the longest period shorter than the usual one, the usual one is as long as the longest.
#[test]
fn the_usual_period_stays_within_the_bounds_in_force() {
    let mut play = stage();
    for (name, value) in [(Name::RectificationDays, 60), (Name::RectificationMost, 45)] {
        play.parameters.change(name, 2, value, "2026-01-01".parse().unwrap()).unwrap();
    }
    play.open_by(region(1), &order("")).unwrap();
    assert_eq!(play.waits(), ["owner:answer@2026-04-16"]);
}

fn missed(more: &str) -> Play {
    let mut play = ordered(more);
    play.on("2026-04-02").act(Party::Platform, EXPIRE).unwrap();
    play
}

/// ND-3.5e: the last day counts; what passes in vain is recorded and ends nothing; the owner may still answer.
#[test]
fn a_day_that_passes_is_recorded_and_waits_for_the_region() {
    let mut play = ordered("");
    assert_eq!(play.on("2026-04-01").refused(Party::Platform, EXPIRE), "matter.early");
    let mut play = missed("");
    assert_eq!((play.state(), play.waits()), ("missed", vec!["prefecture/330100:decide".to_owned()]));
    assert_eq!(
        play.effect_words(),
        ["tell prefecture/330100", "tell owner", "tell operator", "tell ministry"],
        "nothing happens to the opening"
    );
    assert_eq!(play.actions_by(&region(1)), ["suspend", "return", "withdraw"]);
    assert_eq!(play.actions_by(&region(2)), ["suspend", "return", "close", "withdraw"]);
    play.files = vec![Play::file(1, "rectification")];
    play.act(Party::Owner, &answer(1)).unwrap();
    assert_eq!(play.state(), "answered");
    assert!(play.matter.as_ref().unwrap().body.contains(r#""missed_on":["2026-04-01"]"#));
}

/// ND-3.5e: sent back with another period, from today on; missed, it may be given another.
#[test]
fn what_is_not_put_right_is_sent_back_with_another_day() {
    let mut play = answered("");
    play.on("2026-03-20").act_by(region(1), &returning("")).unwrap();
    assert_eq!((play.state(), play.waits()), ("returned", vec!["owner:answer@2026-04-19".to_owned()]));
    assert_eq!(play.effect_words(), ["tell owner"]);
    assert_eq!(play.act_by(region(2), CLOSE).unwrap_err().code(), "matter.transition", "the owner has time");
    play.on("2026-04-20").act(Party::Platform, EXPIRE).unwrap();
    play.act_by(region(1), &returning(r#","days":3"#)).unwrap();
    assert_eq!(play.waits(), ["owner:answer@2026-04-23"]);
    play.act(Party::Owner, &answer(1)).unwrap();
    play.act_by(region(1), ACCEPT).unwrap();
    assert_eq!(play.state(), "accepted");
}

/// ND-3.5e: ends the opening in the same step, after an answer that does not do or a missed day, by a second person.
#[test]
fn a_second_person_ends_the_service() {
    for mut play in [answered(r#","is_suspended":true"#), missed("")] {
        let own = play.act_by(region(1), CLOSE).unwrap_err();
        assert_eq!(own.code(), "matter.same_person");
        let standing_in = By { in_place_of: region(1).staff, ..region(2) };
        assert_eq!(play.act_by(standing_in, CLOSE).unwrap_err().code(), "matter.same_person");
        play.act_by(region(2), CLOSE).unwrap();
        assert_eq!(play.effect_words()[0], "close 5");
        assert!(play.state() == "closed" && play.is_ended());
    }
    assert_eq!(ordered("").act_by(region(2), CLOSE).unwrap_err().code(), "matter.transition");
}

/// ND-3.5e: once, 15 days at most, counted from the day that was set.
#[test]
fn an_owner_asks_once_for_more_time() {
    let parameters = Parameters::standard();
    assert_eq!(parameters.get(Name::RectificationExtension, "2026-03-02".parse().unwrap()), 15);
    for days in [0, 16] {
        assert_eq!(faults(ordered("").act(Party::Owner, &asking(days))), ["/days rectification.extension"]);
    }
    ordered("").act(Party::Owner, &asking(1)).unwrap();
    let grant = r#"{"action":"grant_time","words":"同意"}"#;
    let refuse = r#"{"action":"refuse_time","words":"请先下线该页面"}"#;
    assert_eq!(ordered("").act_by(region(1), grant).unwrap_err().code(), "rectification.not_asked");
    for (decision, due) in [(grant, "2026-04-16"), (refuse, "2026-04-01")] {
        let mut play = ordered("");
        play.act(Party::Owner, &asking(15)).unwrap();
        assert_eq!(play.waits(), ["owner:answer@2026-04-01", "prefecture/330100:more_time"]);
        assert_eq!(play.refused(Party::Owner, decision), "matter.party");
        play.act_by(region(1), decision).unwrap();
        assert_eq!(play.waits(), [format!("owner:answer@{due}")]);
        assert_eq!(play.refused(Party::Owner, &asking(1)), "rectification.asked");
        assert_eq!(play.act_by(region(1), decision).unwrap_err().code(), "rectification.not_asked");
    }
    let mut play = ordered("");
    play.act(Party::Owner, &asking(15)).unwrap();
    play.on("2026-04-02").act(Party::Platform, EXPIRE).unwrap();
    play.act_by(region(1), &returning("")).unwrap();
    assert_eq!(play.waits(), ["owner:answer@2026-05-02"], "what was asked is answered by another period");
}

/// ND-3.5e: a hint is a matter of the channel in which it is in danger.
#[test]
fn a_hint_is_a_matter_that_endangers_the_channel() {
    let mut play = Play::channel(Kind::RiskEvent);
    let event = r#"{"incident":"misuse","discovered_at":"2026-03-02T08:00:00+08:00","words":"越权"}"#;
    play.open(Party::Operator, event).unwrap();
    play.put_aside(8, Kind::RiskEvent, Kind::Rectification);
    play.openings = vec![opening(5, "330106")];
    let hint = |id: u8| order(&format!(r#","hint":"{}""#, crate::id::MatterId::from_bytes([id; 16])));
    assert_eq!(faults(play.open_by(region(1), &hint(9))), ["/hint rectification.hint"]);
    play.open_by(region(1), &hint(8)).unwrap();
    play.others[0].kind = Kind::Agreement;
    assert_eq!(faults(play.open_by(region(1), &hint(8))), ["/hint rectification.hint"]);
}

/// ND-3.5e: the order is taken back, or the opening or the channel has ended.
#[test]
fn an_order_ends_when_it_is_taken_back_or_has_nothing_left_to_be_about() {
    for mut play in [ordered(r#","is_suspended":true"#), answered(""), missed("")] {
        play.act_by(region(1), WITHDRAW).unwrap();
        assert_eq!((play.state(), play.effect_words()[0].as_str()), ("withdrawn", "release 5"));
        assert!(play.is_ended());
    }
    for mut play in [ordered(r#","is_suspended":true"#), answered(""), missed("")] {
        assert_eq!(play.act_by(region(1), SETTLE).unwrap_err().code(), "matter.party");
        play.act(Party::Platform, SETTLE).unwrap();
        assert_eq!(play.effect_words(), ["release 5", "tell prefecture/330100", "tell owner"]);
        assert!(play.state() == "settled" && play.is_ended());
    }
}

/// ND-3.5e, CH-31.3: a channel that is terminated leaves no rectification behind.
#[test]
fn the_end_of_the_channel_settles_what_is_open() {
    let mut play = ordered("");
    play.put_aside(8, Kind::Rectification, Kind::RiskEvent);
    let event = r#"{"incident":"data_leak","discovered_at":"2026-03-02T08:00:00+08:00","words":"外泄"}"#;
    play.open(Party::Operator, event).unwrap();
    let grade = r#"{"action":"propose","cause":"data_retained","words":"核实"}"#;
    play.act(Party::Operator, grade).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), r#"{"action":"confirm","words":"属实"}"#).unwrap();
    assert!(play.effect_words().contains(&format!("act 8 {SETTLE}")), "{:?}", play.effect_words());
}

/// ND-3.5e: nobody is ordered to put a channel right that has ended.
#[test]
fn a_channel_that_has_ended_is_ordered_nothing() {
    let mut play = stage();
    play.channel.as_mut().unwrap().phase = crate::channel::Phase::Terminated;
    assert_eq!(play.open_by(region(1), &order("")).unwrap_err().code(), "channel.terminated");
}

/// CH-11.4c: what level 2 is ordered, its level-1 channel is told.
#[test]
fn the_level_one_channel_is_told() {
    let mut play = stage();
    play.channel.as_mut().unwrap().parent = Some(ChannelId::from_bytes([9; 16]));
    play.open_by(region(1), &order("")).unwrap();
    assert_eq!(play.effect_words()[1..3], ["tell owner", "tell owner of another channel"]);
}

/// ND-3.5e: the state machine.
#[test]
fn the_workflow_of_a_rectification() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Rectification));
}
