//! An exit from its filing or its ground to the accepted deletion.

use super::{Category, Exit, Ground};
use crate::channel::{Channel, Level, Phase, Scope, Withheld};
use crate::division::DivisionCode;
use crate::id::{AttachmentId, MatterId, OrgId};
use crate::matter::{By, Effect, Kind, Known, Party, Refused, testing::Play, testing::by, testing::workflow};
use crate::parameter::Name;
use crate::signing_key::testing::register;
use data_encoding::HEXLOWER;
use expect_test::expect_file;

const APPROVE: &str = r#"{"action":"approve","words":"同意"}"#;
const NOTIFY: &str = r#"{"action":"notify"}"#;
const CLOSE: &str = r#"{"action":"close"}"#;
const CONFIRM: &str = r#"{"action":"confirm","words":"属实"}"#;
const REPLY: &str = r#"{"action":"reply","stance":"agree","words":"无意见"}"#;

fn voluntary(planned_on: &str) -> String {
    format!(r#"{{"voluntary":{{"planned_on":"{planned_on}","reason":"业务调整"}}}}"#)
}

fn forced(ground: &str, more: &str) -> String {
    format!(r#"{{"forced":{{"ground":"{ground}","words":"逾期未改"{more}}}}}"#)
}

/// Filed on 2026-03-02 to close when 2026-05-02 is over.
fn filed() -> Play {
    let mut play = Play::channel(Kind::Exit);
    play.open(Party::Owner, &voluntary("2026-05-02")).unwrap();
    play
}

pub(super) fn consulting() -> Play {
    let mut play = filed();
    play.act(Party::Ministry, r#"{"action":"consult","due_on":"2026-03-16"}"#).unwrap();
    play
}

/// Notified on a day.
pub(super) fn in_transition(notified_on: &str) -> Play {
    let mut play = consulting();
    for province in ["310000", "330000"] {
        play.act_by(by(Party::Province, 1, province), REPLY).unwrap();
    }
    play.act(Party::Ministry, APPROVE).unwrap();
    play.on(notified_on).act(Party::Operator, NOTIFY).unwrap();
    play
}

pub(super) fn announce(from_on: &str, until_on: &str) -> String {
    format!(
        r#"{{"action":"announce","announcement":{{"url":"https://example.cn/exit","from_on":"{from_on}","until_on":"{until_on}"}}}}"#
    )
}

/// What happened to the channel in the last step, without whom it told.
fn done(play: &Play) -> Vec<String> {
    play.effect_words().into_iter().filter(|word| !word.starts_with("tell")).collect()
}

fn codes(refused: Result<(), Refused>) -> Vec<(String, &'static str)> {
    match refused {
        Ok(()) => Vec::new(),
        Err(Refused::Fields(faults)) => {
            faults.iter().map(|fault| (fault.pointer.clone(), fault.refusal.code())).collect()
        }
        Err(other) => vec![(String::new(), other.code())],
    }
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

fn known(kind: Kind, state: &str, body: String) -> Known {
    let opened_at = "2026-01-01T00:00:00+08:00".parse().unwrap();
    Known {
        id: MatterId::from_bytes([4; 16]),
        kind,
        state: state.to_owned(),
        is_ended: false,
        body,
        opened_at,
    }
}

/// The matters that prove the grounds, as other kinds leave them.
fn evidence(ground: Ground, stands: bool) -> Known {
    let mut play;
    match ground {
        Ground::GradeThree => {
            play = Play::channel(Kind::RiskEvent);
            let opening =
                r#"{"incident":"misuse","discovered_at":"2026-03-02T08:30:00+08:00","words":"截留"}"#;
            play.open(Party::Operator, opening).unwrap();
            let cause = if stands { "data_retained" } else { "ordinary_leak" };
            let propose = format!(r#"{{"action":"propose","cause":"{cause}","words":"核实"}}"#);
            play.act(Party::Operator, &propose).unwrap();
            play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
            known(Kind::RiskEvent, play.state(), play.matter.unwrap().body)
        }
        Ground::SecurityReport => {
            play = Play::channel(Kind::SecurityReport);
            let order = r#"{"occasion":"spot","due_on":"2026-03-03","words":"抽测"}"#;
            play.open(Party::Operator, order).unwrap();
            if stands {
                play.on("2026-03-04").act(Party::Platform, r#"{"action":"lapse"}"#).unwrap();
            }
            known(Kind::SecurityReport, play.state(), play.matter.unwrap().body)
        }
        Ground::Agreement => {
            known(Kind::Agreement, if stands { "lapsed" } else { "in_force" }, String::new())
        }
        Ground::Monitoring => {
            known(Kind::Monitoring, if stands { "candidate" } else { "warned" }, String::new())
        }
        Ground::Reputation => known(Kind::Ticket, "open", String::new()),
    }
}

fn evidence_id() -> MatterId {
    MatterId::from_bytes([4; 16])
}

/// CH-35.2: an agreement that ran out is a ground like an unsigned change of one, unless another was signed since.
#[test]
fn an_unsigned_change_is_a_ground_like_a_lapsed_term() {
    let of = |state: &str| known(Kind::Agreement, state, String::new());
    let opening = forced("agreement", &format!(r#","evidence":"{}""#, evidence_id()));
    for (state, newer, stands) in [
        ("unsigned", "withdrawn", true),
        ("lapsed", "withdrawn", true),
        ("lapsed", "in_force", false),
        ("lapsed", "observation", false),
        ("offered", "withdrawn", false),
    ] {
        let mut play = Play::channel(Kind::Exit);
        play.others = vec![of(state), Known { id: MatterId::from_bytes([5; 16]), ..of(newer) }];
        assert_eq!(codes(play.open(Party::Operator, &opening)).is_empty(), stands, "{state} {newer}");
    }
}

#[test]
fn the_workflow_is_as_drawn() {
    expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Exit));
}

/// CH-32.2, R17, R0: two months ahead, the day itself included; no holiday moves it.
#[test]
fn an_exit_is_filed_two_months_ahead() {
    for (planned_on, accepted) in [("2026-05-01", false), ("2026-05-02", true), ("2026-05-03", true)] {
        let mut play = Play::channel(Kind::Exit);
        let found = codes(play.open(Party::Owner, &voluntary(planned_on)));
        let expected = if accepted { vec![] } else { one("/voluntary/planned_on", "exit.notice") };
        assert_eq!(found, expected, "{planned_on}");
    }
    let mut shorter = Play::channel(Kind::Exit);
    shorter.on("2025-12-31");
    assert_eq!(codes(shorter.open(Party::Owner, &voluntary("2026-02-27"))).len(), 1);
    shorter.open(Party::Owner, &voluntary("2026-02-28")).unwrap();
}

/// CH-32.1: in the term of the agreement there has to be a special reason.
#[test]
fn an_exit_inside_the_term_needs_a_special_reason() {
    let mut play = Play::channel(Kind::Exit);
    play.others = vec![evidence(Ground::Agreement, false)];
    let missing = codes(play.open(Party::Owner, &voluntary("2026-05-02")));
    assert_eq!(missing, one("/voluntary/special_reason", "exit.special_reason"));
    let reason = voluntary("2026-05-02").replace("业务调整\"", "业务调整\",\"special_reason\":\"公司解散\"");
    play.open(Party::Owner, &reason).unwrap();
    play.others = vec![evidence(Ground::Agreement, true)];
    play.open(Party::Owner, &voluntary("2026-05-02")).unwrap();
}

/// CH-35.0, CH-32.2: who may open which, one at a time, and only while the channel is in service.
#[test]
fn an_owner_leaves_and_the_operator_forces_out() {
    let mut play = Play::channel(Kind::Exit);
    for (party, opening, code) in [
        (Party::Operator, voluntary("2026-05-02"), "exit.way_of_party"),
        (Party::Owner, forced("reputation", ""), "exit.way_of_party"),
        (Party::Owner, "{}".to_owned(), "exit.way"),
        (Party::Ministry, forced("reputation", ""), "matter.party"),
    ] {
        assert_eq!(play.open(party, &opening).unwrap_err().code(), code, "{party} {opening}");
    }
    for phase in [Phase::Testing, Phase::Leaving, Phase::Exited, Phase::Terminated] {
        play.channel = Some(crate::channel::tests::channel(phase));
        assert_eq!(play.open(Party::Owner, &voluntary("2026-05-02")).unwrap_err().code(), "exit.phase");
    }
    let mut again = filed();
    again.put_aside(4, Kind::Exit, Kind::Exit);
    assert_eq!(again.open(Party::Owner, &voluntary("2026-05-02")).unwrap_err().code(), "matter.already_open");
}

/// CH-11.2: the exit of a level-2 channel is started by the owner of its level-1 channel, even when that has ended.
#[test]
fn the_exit_of_level_two_is_started_by_level_one() {
    let mut play = Play::channel(Kind::Exit);
    let live = play.channel.take().unwrap();
    let parent = Channel { owner: OrgId::from_bytes([9; 16]), phase: Phase::Terminated, ..live.clone() };
    play.channel = Some(Channel { level: Level::Two, parent: Some(parent.id), ..live });
    play.parent = Some(parent);
    let opening = voluntary("2026-05-02");
    assert_eq!(play.open(Party::Owner, &opening).unwrap_err().code(), "exit.level_two");
    let starter = By { org: Some(OrgId::from_bytes([9; 16])), ..by(Party::Owner, 1, "000000") };
    play.open_by(starter, &opening).unwrap();
}

/// CH-33.1: the ministry asks the provinces of the regions and decides when they have answered or could have.
#[test]
fn the_ministry_asks_the_provinces_and_then_decides() {
    let mut play = filed();
    assert_eq!(play.refused(Party::Ministry, APPROVE), "matter.transition");
    assert_eq!(
        play.refused(Party::Ministry, r#"{"action":"consult","due_on":"2026-03-02"}"#),
        "exit.reply_day"
    );
    let mut play = consulting();
    assert_eq!(play.effect_words(), ["tell province/310000", "tell province/330000"]);
    let Effect::Tell(message) = &play.effects()[0] else { panic!() };
    for part in ["2026-03-16", "不视为同意", "决定作出前仍可反馈"] {
        assert!(message.zh.contains(part), "silence is no consent: {}", message.zh);
    }
    assert!(message.en.contains("has not agreed") && message.en.contains("2026-03-16"), "{}", message.en);
    let waits = ["province/310000:reply", "province/330000:reply", "ministry:decide"];
    assert_eq!(play.waits(), waits.map(|one| format!("{one}@2026-03-16")));
    assert_eq!(play.act_by(by(Party::Province, 1, "320000"), REPLY).unwrap_err().code(), "exit.not_asked");
    play.act_by(by(Party::Province, 1, "310000"), REPLY).unwrap();
    assert_eq!(play.act_by(by(Party::Province, 1, "310000"), REPLY).unwrap_err().code(), "exit.not_asked");
    assert_eq!(play.on("2026-03-16").refused(Party::Ministry, APPROVE), "exit.consulting");
    play.on("2026-03-17").act(Party::Ministry, APPROVE).unwrap();
    assert_eq!(play.state(), "approved");

    let mut all = consulting();
    for province in ["310000", "330000"] {
        all.act_by(by(Party::Province, 1, province), REPLY).unwrap();
    }
    assert_eq!(all.waits(), ["ministry:decide"]);
    all.act(Party::Ministry, APPROVE).unwrap();
    let mut refused = filed();
    refused.act(Party::Ministry, r#"{"action":"refuse","words":"用户众多"}"#).unwrap();
    assert!(refused.is_ended());
}

/// CH-33.1, SE-3.11: a channel of the whole country is the business of all 32.
#[test]
fn all_provinces_are_asked_about_a_nationwide_channel() {
    let mut play = filed();
    let live = play.channel.take().unwrap();
    let scope = Scope::new(vec![DivisionCode::NATIONAL], live.scope.services().to_vec()).unwrap();
    play.channel = Some(Channel { scope, ..live });
    play.act(Party::Ministry, r#"{"action":"consult","due_on":"2026-03-16"}"#).unwrap();
    let asked = play.waits().iter().filter(|wait| wait.starts_with("province/")).count();
    assert_eq!(asked, 32);
}

/// CH-33.2, R17: a month from the notice; service lasts to the later of its end and the planned day.
#[test]
fn the_transition_is_a_month_from_the_notice() {
    let play = in_transition("2026-03-20");
    assert_eq!(done(&play), ["enter leaving"]);
    assert_eq!(play.waits(), ["owner:prompt@2026-04-20", "owner:announce@2026-04-17"]);
    for (notified_on, closes) in
        [("2026-03-20", "2026-05-02"), ("2026-04-02", "2026-05-02"), ("2026-04-03", "2026-05-03")]
    {
        let mut play = in_transition(notified_on);
        play.act(Party::Owner, &announce(notified_on, "2026-12-31")).unwrap();
        assert_eq!(play.waits()[1], format!("platform:close@{closes}"), "{notified_on}");
    }
}

/// CH-33.3: on the last day service goes on; when it is over, interfaces and keys end in one step.
#[test]
fn interfaces_close_when_the_last_day_is_over() {
    let mut play = in_transition("2026-03-20");
    play.act(Party::Owner, &announce("2026-03-20", "2026-05-31")).unwrap();
    assert_eq!(play.on("2026-05-02").refused(Party::Platform, CLOSE), "exit.early");
    play.on("2026-05-03").act(Party::Platform, CLOSE).unwrap();
    assert_eq!(done(&play), ["revoke keys", "enter exited"]);
    assert_eq!(play.waits(), ["owner:certify@2026-05-03"]);
}

/// CH-34.3, R18: nothing closes before the announcement has run fifteen full days.
#[test]
fn the_announcement_runs_fifteen_full_days() {
    let mut play = in_transition("2026-03-20");
    assert_eq!(play.on("2026-06-01").refused(Party::Operator, CLOSE), "exit.not_announced");
    for (from_on, until_on, pointer, code) in [
        ("2026-03-19", "2026-12-31", "from_on", "exit.announcement_day"),
        ("2026-06-02", "2026-12-31", "from_on", "exit.announcement_day"),
        ("2026-06-01", "2026-06-15", "until_on", "exit.announcement_length"),
    ] {
        let found = codes(play.act(Party::Owner, &announce(from_on, until_on)));
        assert_eq!(found, one(&format!("/announcement/{pointer}"), code));
    }
    let far = format!("https://{}", "a".repeat(2001));
    for url in ["http://example.cn/exit", "https://", "https://example.cn/a b", &far] {
        let wrong = announce("2026-06-01", "2026-06-16").replace("https://example.cn/exit", url);
        assert_eq!(codes(play.act(Party::Owner, &wrong)), one("/announcement/url", "exit.link"), "{url}");
    }
    play.act(Party::Owner, &announce("2026-06-01", "2026-06-16")).unwrap();
    assert_eq!(play.waits()[1], "platform:close@2026-06-16");
    assert_eq!(play.on("2026-06-16").refused(Party::Operator, CLOSE), "exit.early");
    // The day is over with its last second, not one later.
    play.at = "2026-06-17T00:00:00+08:00".parse().unwrap();
    play.act(Party::Operator, CLOSE).unwrap();
}

/// CH-34.2: the prompt guides holders to another channel, and the owner is told where to find the list.
#[test]
fn a_prompt_names_where_holders_can_go() {
    let mut play = in_transition("2026-03-20");
    let told = play.effects().iter().any(|effect| match effect {
        Effect::Tell(message) => message.zh.contains("可承接的渠道列在本办件中"),
        _ => false,
    });
    assert!(told, "{:?}", play.effects());
    play.files = vec![Play::file(1, "holder_prompt")];
    let prompt = |successors: &str| {
        let file = AttachmentId::from_bytes([1; 16]);
        format!(
            r#"{{"action":"prompt","prompt":{{"prompted_on":"2026-03-20","reached":1200,"words":"请到其他渠道申领","successors":{successors},"files":["{file}"]}}}}"#
        )
    };
    for (successors, is_fine) in
        [("[]", false), (r#"["3300000002","3300000001"]"#, false), (r#"["3300000002"]"#, true)]
    {
        let expected = if is_fine { vec![] } else { one("/prompt/successors", "exit.successors") };
        assert_eq!(codes(play.act(Party::Owner, &prompt(successors))), expected, "{successors}");
    }
}

/// CH-34.1: that holders were prompted is proven with a file, on a day of the transition.
#[test]
fn that_holders_were_prompted_is_proven() {
    let mut play = in_transition("2026-03-20");
    let file = AttachmentId::from_bytes([1; 16]);
    let prompt = |day: &str, files: &str| {
        format!(
            r#"{{"action":"prompt","prompt":{{"prompted_on":"{day}","reached":1200,"words":"请到其他渠道申领","successors":["3300000002"],"files":{files}}}}}"#
        )
    };
    let files = format!(r#"["{file}"]"#);
    assert_eq!(
        codes(play.act(Party::Owner, &prompt("2026-03-20", &files))),
        one("/prompt/files", "exit.files")
    );
    play.files = vec![Play::file(1, "holder_prompt")];
    assert_eq!(
        codes(play.act(Party::Owner, &prompt("2026-03-20", "[]"))),
        one("/prompt/files", "exit.files")
    );
    for day in ["2026-03-19", "2026-03-21"] {
        assert_eq!(
            codes(play.act(Party::Owner, &prompt(day, &files))),
            one("/prompt/prompted_on", "exit.prompt_day")
        );
    }
    play.act(Party::Owner, &prompt("2026-03-20", &files)).unwrap();
    assert_eq!(play.waits(), ["owner:announce@2026-04-17"]);
}

/// CH-32.2: until the notice the owner may stay.
#[test]
fn an_owner_may_stay_until_the_notice() {
    for mut play in [filed(), consulting()] {
        play.act(Party::Owner, r#"{"action":"withdraw"}"#).unwrap();
        assert!(play.is_ended());
    }
    let mut leaving = in_transition("2026-03-20");
    assert_eq!(leaving.refused(Party::Owner, r#"{"action":"withdraw"}"#), "matter.transition");
}

/// CH-35.1–CH-35.5: each ground is proven by a matter of its own that stands now; reputation by words.
#[test]
fn every_ground_has_its_evidence() {
    for ground in Ground::ALL {
        for stands in [false, true] {
            let mut play = Play::channel(Kind::Exit);
            play.on("2026-03-04");
            play.others = vec![evidence(*ground, stands)];
            let opening = forced(ground.as_str(), &format!(r#","evidence":"{}""#, evidence_id()));
            let found = codes(play.open(Party::Operator, &opening));
            let is_proven = stands || *ground == Ground::Reputation;
            assert_eq!(
                found,
                if is_proven { vec![] } else { one("/forced/evidence", "exit.evidence") },
                "{ground}"
            );
            let unproven = codes(play.open(Party::Operator, &forced(ground.as_str(), "")));
            assert_eq!(unproven.is_empty(), *ground == Ground::Reputation, "{ground}");
        }
    }
}

fn proposed(ground: Ground, more: &str) -> Play {
    let mut play = Play::channel(Kind::Exit);
    play.on("2026-03-04");
    play.others = vec![evidence(ground, true)];
    let opening = forced(ground.as_str(), &format!(r#","evidence":"{}"{more}"#, evidence_id()));
    play.open(Party::Operator, &opening).unwrap();
    play
}

/// CH-35.0, R19: two people force out; the transition is a month or what the operator set, and no announcement blocks.
#[test]
fn two_people_force_a_channel_out() {
    let mut play = proposed(Ground::SecurityReport, "");
    assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.same_person");
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&play), ["enter leaving"]);
    assert_eq!(play.waits(), ["owner:prompt@2026-04-04", "platform:close@2026-04-04"]);
    assert_eq!(play.refused(Party::Owner, &announce("2026-03-04", "2026-03-19")), "matter.transition");
    assert_eq!(play.on("2026-04-04").refused(Party::Platform, CLOSE), "exit.early");
    play.on("2026-04-05").act(Party::Platform, CLOSE).unwrap();
    assert_eq!(done(&play), ["revoke keys", "enter exited", r#"act 4 {"action":"retire"}"#]);

    let mut set = proposed(Ground::Reputation, r#","transition_until":"2026-03-10""#);
    set.act_by(by(Party::Ministry, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(set.waits()[1], "platform:close@2026-03-10");
    let mut past = Play::channel(Kind::Exit);
    for (day, accepted) in [("2026-03-01", false), ("2026-03-02", true)] {
        let opened =
            past.open(Party::Operator, &forced("reputation", &format!(r#","transition_until":"{day}""#)));
        assert_eq!(opened.is_ok(), accepted, "{day}");
    }
    let mut rejected = proposed(Ground::Reputation, "");
    rejected.act_by(by(Party::Operator, 2, "000000"), r#"{"action":"reject","words":"不足"}"#).unwrap();
    assert!(rejected.is_ended());
}

/// CH-35.1, CH-31.3, R19: after grade 3 there is no transition.
#[test]
fn grade_three_has_no_transition() {
    let mut play = proposed(Ground::GradeThree, "");
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&play), ["revoke keys", "enter terminated"]);
    assert_eq!(play.state(), "deleting");
    let mut set = Play::channel(Kind::Exit);
    set.others = vec![evidence(Ground::GradeThree, true)];
    let more = format!(r#","evidence":"{}","transition_until":"2026-04-01""#, evidence_id());
    let found = codes(set.open(Party::Operator, &forced("grade_three", &more)));
    assert_eq!(found, one("/forced/transition_until", "exit.no_transition"));
}

/// CH-31.3, CH-36.1: a risk event of grade 3 takes an exit that is under way straight to the deletion.
#[test]
fn a_termination_takes_an_open_exit_along() {
    let mut play = in_transition("2026-03-20");
    play.put_aside(4, Kind::Exit, Kind::RiskEvent);
    let opening = r#"{"incident":"misuse","discovered_at":"2026-03-20T08:30:00+08:00","words":"截留"}"#;
    play.open(Party::Operator, opening).unwrap();
    play.act(Party::Operator, r#"{"action":"propose","cause":"data_retained","words":"核实"}"#).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&play), ["revoke keys", "enter terminated", r#"act 4 {"action":"terminate"}"#]);
    let mut exit = in_transition("2026-03-20");
    exit.act(Party::Platform, r#"{"action":"terminate"}"#).unwrap();
    assert_eq!((exit.state(), done(&exit)), ("deleting", vec![]));
    assert_eq!(exit.waits(), ["owner:certify@2026-03-20"]);

    let mut opened = Play::channel(Kind::Exit);
    opened.open(Party::Platform, &forced("grade_three", "")).unwrap();
    assert_eq!(opened.state(), "deleting");
}

/// A channel in exit can be suspended too: the two do not know each other.
#[test]
fn a_channel_in_its_transition_is_suspended_by_an_event() {
    let mut play = in_transition("2026-03-20");
    let live = play.channel.take().unwrap();
    play.channel = Some(Channel { phase: Phase::Leaving, measures: vec![Withheld::All], ..live });
    play.act(Party::Owner, &announce("2026-03-20", "2026-05-31")).unwrap();
    play.on("2026-05-03").act(Party::Platform, CLOSE).unwrap();
    assert_eq!(done(&play), ["revoke keys", "enter exited"]);
}

struct Words<'a> {
    channel: &'a str,
    exit: u8,
    deleted_on: &'a str,
    categories: &'a [Category],
    signed: bool,
}

fn certificate(words: &Words<'_>) -> String {
    let key = gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap();
    let document = serde_json::json!({
        "channel": words.channel,
        "exit": MatterId::from_bytes([words.exit; 16]),
        "deleted_on": words.deleted_on,
        "categories": words.categories,
        "statement": "全部原始信息已删除，未作保留",
        "signed_by": "信息安全负责人",
    })
    .to_string();
    let signed = if words.signed { document.clone() } else { format!("{document} ") };
    serde_json::json!({ "action": "certify", "certificate": {
        "signature": HEXLOWER.encode(&key.sign(signed.as_bytes()).0),
        "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "document": document,
    }})
    .to_string()
}

/// Closed when 2026-05-02 was over.
fn closed() -> Play {
    let mut play = in_transition("2026-03-20");
    play.act(Party::Owner, &announce("2026-03-20", "2026-05-31")).unwrap();
    play.on("2026-05-03").act(Party::Platform, CLOSE).unwrap();
    register(play.on("2026-05-05"), &gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap());
    play
}

/// CH-36.1: every category, about this exit, after the closing, signed by the key it carries, which is registered.
#[test]
fn a_certificate_of_deletion_is_complete_and_signed() {
    let good = Words {
        channel: "3300000001",
        exit: 7,
        deleted_on: "2026-05-03",
        categories: Category::ALL,
        signed: true,
    };
    let signature = one("/certificate/signature", "exit.signature");
    let document = |code| one("/certificate/document", code);
    for (words, expected) in [
        (Words { ..good }, vec![]),
        (Words { deleted_on: "2026-05-05", ..good }, vec![]),
        (Words { deleted_on: "2026-05-02", ..good }, document("exit.deleted_on")),
        (Words { deleted_on: "2026-05-06", ..good }, document("exit.deleted_on")),
        (Words { channel: "3300000002", ..good }, document("exit.other_exit")),
        (Words { exit: 8, ..good }, document("exit.other_exit")),
        (Words { categories: &Category::ALL[1..], ..good }, document("exit.incomplete")),
        (Words { signed: false, ..good }, signature),
    ] {
        assert_eq!(codes(closed().act(Party::Owner, &certificate(&words))), expected);
    }
    let mut play = closed();
    play.act(Party::Owner, &certificate(&good)).unwrap();
    play.act(Party::Operator, r#"{"action":"return","words":"请补充说明"}"#).unwrap();
    assert_eq!(play.state(), "deleting");
    play.act(Party::Owner, &certificate(&good)).unwrap();
    play.act(Party::Operator, r#"{"action":"accept","words":"公钥指纹已电话核对"}"#).unwrap();
    assert!(play.is_ended());
    let exit: Exit = serde_json::from_str(&play.matter.unwrap().body).unwrap();
    assert!(exit.is_closed());
    exit.certificate().unwrap().verify().unwrap();
}

/// CH-36.1: the end of the deletion closes the events of the channel whose cause is known.
#[test]
fn the_accepted_deletion_closes_the_events() {
    let mut play = Play::channel(Kind::RiskEvent);
    let opening = r#"{"incident":"misuse","discovered_at":"2026-03-02T08:30:00+08:00","words":"截留"}"#;
    play.open(Party::Operator, opening).unwrap();
    play.act(Party::Operator, r#"{"action":"propose","cause":"data_retained","words":"核实"}"#).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    let body = play.matter.as_ref().unwrap().body.clone();
    play.act(Party::Owner, r#"{"action":"record_cause","words":"内部人员"}"#).unwrap();
    play.put_aside(4, Kind::RiskEvent, Kind::Exit);
    let unexplained = Known { id: MatterId::from_bytes([5; 16]), body, ..play.others[0].clone() };
    play.others.push(unexplained);
    play.open(Party::Platform, &forced("grade_three", "")).unwrap();
    register(&mut play, &gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap());
    let words = Words {
        channel: "3300000001",
        exit: 7,
        deleted_on: "2026-03-02",
        categories: Category::ALL,
        signed: true,
    };
    play.act(Party::Owner, &certificate(&words)).unwrap();
    play.act(Party::Operator, r#"{"action":"accept","words":"已核对"}"#).unwrap();
    assert_eq!(done(&play), [r#"act 4 {"action":"close"}"#]);
}

/// CH-32.2, CH-33.2, CH-34.3, R19: the periods are parameters.
#[test]
fn the_periods_are_parameters() {
    let from = "2026-03-01".parse().unwrap();
    let mut play = Play::channel(Kind::Exit);
    play.parameters.change(Name::ExitNotice, 2, 3, from).unwrap();
    assert_eq!(codes(play.open(Party::Owner, &voluntary("2026-06-01"))).len(), 1);
    play.open(Party::Owner, &voluntary("2026-06-02")).unwrap();

    let mut play = consulting();
    play.parameters.change(Name::ExitTransition, 2, 3, from).unwrap();
    play.parameters.change(Name::ExitAnnouncement, 2, 30, from).unwrap();
    play.on("2026-03-17").act(Party::Ministry, APPROVE).unwrap();
    play.act(Party::Operator, NOTIFY).unwrap();
    assert_eq!(play.waits(), ["owner:prompt@2026-06-17", "owner:announce@2026-05-18"]);

    let mut play = proposed(Ground::Reputation, "");
    play.parameters.change(Name::ForcedTransition, 2, 0, from).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(play.waits()[1], "platform:close@2026-03-04");
}
