//! A risk event from its report to its end, each way out once.

use super::{Cause, Grade, RiskEvent};
use crate::channel::{Channel, Level, Phase, Plan, Withheld};
use crate::id::{ChannelId, MatterId};
use crate::matter::{Effect, Kind, Party, Refused, testing::Play, testing::by, testing::workflow};
use crate::parameter::Name;
use expect_test::expect_file;

const CONFIRM: &str = r#"{"action":"confirm","words":"属实"}"#;
const RECTIFY: &str = r#"{"action":"rectify","words":"已修复"}"#;
const PASS: &str = r#"{"action":"pass","words":"复测达标"}"#;
const FAIL: &str = r#"{"action":"fail","words":"仍可越权"}"#;
const EXPIRE: &str = r#"{"action":"expire"}"#;
const CAUSE: &str = r#"{"action":"record_cause","words":"运维账号泄露"}"#;
const CLOSE: &str = r#"{"action":"close"}"#;
const AGREE: &str = r#"{"action":"agree","words":"同意"}"#;

fn opening(incident: &str, discovered_at: &str, more: &str) -> String {
    format!(r#"{{"incident":"{incident}","discovered_at":"{discovered_at}","words":"发现异常"{more}}}"#)
}

/// A leak that the owner reports within the hour.
pub(super) fn reported() -> Play {
    let mut play = Play::channel(Kind::RiskEvent);
    play.open(Party::Owner, &opening("data_leak", "2026-03-02T08:30:00+08:00", "")).unwrap();
    play
}

fn propose(cause: &str, more: &str) -> String {
    format!(r#"{{"action":"propose","cause":"{cause}","words":"核实"{more}}}"#)
}

/// One of the operator proposes a cause and another confirms it.
pub(super) fn graded(cause: &str) -> Play {
    let mut play = reported();
    let recipient = match cause.parse::<Cause>().unwrap().has_recipient() {
        true => r#","recipient":{"name":"某公司"}"#,
        false => "",
    };
    play.act(Party::Operator, &propose(cause, recipient)).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    play
}

fn event(play: &Play) -> RiskEvent {
    serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap()
}

/// What happened to the channel in the last step, without whom it told.
fn done(play: &Play) -> Vec<String> {
    play.effect_words().into_iter().filter(|word| !word.starts_with("tell")).collect()
}

/// The month has passed in vain.
fn overdue(cause: &str) -> Play {
    let mut play = graded(cause);
    play.on("2026-04-03").act(Party::Platform, EXPIRE).unwrap();
    play
}

/// R8: what is decided after the month has no last day of its own, and does not come to be late with the owner's.
#[test]
fn a_decision_after_the_month_has_no_last_day() {
    let mut play = overdue("ordinary_leak");
    assert_eq!(play.waits(), ["operator:decide"]);
    let propose = r#"{"action":"propose_decision","decision":"renew","words":"建议"}"#;
    play.act(Party::Operator, propose).unwrap();
    assert_eq!(play.waits(), ["ministry:agree"]);
    play.act_by(by(Party::Ministry, 3, "000000"), AGREE).unwrap();
    assert_eq!(play.waits(), ["owner:rectify@2026-05-03"], "the month begins anew");
}

fn decide(play: &mut Play, decision: &str) -> Result<(), Refused> {
    let input = format!(r#"{{"action":"propose_decision","decision":"{decision}","words":"建议"}}"#);
    play.act(Party::Operator, &input)?;
    play.act_by(by(Party::Ministry, 3, "000000"), AGREE)
}

#[test]
fn the_workflow_is_as_drawn() {
    expect_file!["workflow.txt"].assert_eq(&workflow(Kind::RiskEvent));
}

/// CH-31.0: every cause has its clause and its grade.
#[test]
fn the_cause_gives_the_grade() {
    let rows = Cause::ALL.iter().map(|cause| {
        let grade = cause.grade();
        assert!(cause.clause().starts_with(grade.clause()), "{cause}");
        format!("{} {cause} {grade} {}\n", cause.clause(), cause.zh())
    });
    expect_file!["causes.txt"].assert_eq(&rows.collect::<String>());
    assert!(Grade::One < Grade::Two && Grade::Two < Grade::Three, "CH-31.0");
}

/// CH-31.1, CH-31.2, CH-31.3, CH-31.1.1, CH-31.1.2, CH-31.2.1, CH-31.2.2, CH-31.2.3, CH-31.2.4, CH-31.2.5, CH-31.3.1,
/// CH-31.3.2, CH-31.3.3, CH-31.3.4, CH-31.3.5, CH-31.3.6, CH-31.3.7: what each cause does to the channel.
#[test]
fn every_cause_has_the_consequence_of_its_grade() {
    let (part, whole, end) = (r#"withhold "new_holders""#, r#"withhold "all""#, "revoke keys");
    let causes = [
        ("CH-31.1.1", Cause::FunctionalUpgradeMissed, part),
        ("CH-31.1.2", Cause::PageTampering, part),
        ("CH-31.2.1", Cause::InterfaceOverstepped, whole),
        ("CH-31.2.2", Cause::InterfaceToRelated, whole),
        ("CH-31.2.3", Cause::IdentityToRelated, whole),
        ("CH-31.2.4", Cause::SecurityUpgradeMissed, whole),
        ("CH-31.2.5", Cause::OrdinaryLeak, whole),
        ("CH-31.3.1", Cause::InterfaceToThird, end),
        ("CH-31.3.2", Cause::IdentityToThird, end),
        ("CH-31.3.3", Cause::CredentialsHandedOver, end),
        ("CH-31.3.4", Cause::DataRetained, end),
        ("CH-31.3.5", Cause::CredentialStuffing, end),
        ("CH-31.3.6", Cause::KeyLossOrMajorLeak, end),
        ("CH-31.3.7", Cause::LawBroken, end),
    ];
    assert_eq!(causes.map(|(_, cause, _)| cause), Cause::ALL, "every cause, once");
    for (clause, cause, effect) in causes {
        let play = graded(cause.as_str());
        assert_eq!(cause.clause(), clause);
        assert_eq!(done(&play)[0], effect, "{cause}");
        let planned = match cause.plan(None).unwrap() {
            Plan::Withhold(withheld) => format!("withhold {}", serde_json::to_string(&withheld).unwrap()),
            Plan::End => end.to_owned(),
        };
        assert_eq!(planned, effect, "what is foreseen is what happens");
        let foreseen = cause.rectify_by(play.at.business_date(), &play.parameters);
        let (state, waits) = match foreseen {
            None => ("terminated", vec!["owner:cause".to_owned()]),
            Some(day) => ("rectifying", vec![format!("owner:rectify@{day}")]),
        };
        assert_eq!(foreseen.map(|day| day.to_string()), (effect != end).then(|| "2026-04-02".to_owned()));
        assert_eq!((play.state(), &play.waits()[..1]), (state, &waits[..]), "{cause}");
        assert_eq!(done(&play).contains(&"enter terminated".to_owned()), effect == end, "{cause}");
    }
}

/// CH-27.2, CH-30.1, R10: both sides are told and everything is withheld at once, until it is graded.
#[test]
fn an_event_is_contained_and_both_sides_are_told() {
    let play = reported();
    assert_eq!(play.state(), "contained");
    assert_eq!(
        play.effect_words(),
        [r#"withhold "all""#, "tell operator", "tell province/310000", "tell province/330000", "tell owner"]
    );
    assert_eq!(play.waits(), ["operator:grade"]);
}

/// CH-27.2, R20: exactly an hour after the discovery is in time, a microsecond more is late.
#[test]
fn a_late_report_raises_an_alarm() {
    for (discovered_at, is_late) in
        [("2026-03-02T08:00:00+08:00", false), ("2026-03-02T07:59:59.999999+08:00", true)]
    {
        let mut play = Play::channel(Kind::RiskEvent);
        play.open(Party::Owner, &opening("key_loss", discovered_at, "")).unwrap();
        assert_eq!(event(&play).is_late_report, is_late, "{discovered_at}");
        let told = play.effect_words().iter().filter(|word| *word == "tell operator").count();
        assert_eq!(told, if is_late { 2 } else { 1 });
    }
    let mut play = Play::channel(Kind::RiskEvent);
    let ahead = play.open(Party::Owner, &opening("key_loss", "2026-03-02T09:00:00.000001+08:00", ""));
    assert!(matches!(ahead, Err(Refused::Fields(_))));
    play.open(Party::Operator, &opening("key_loss", "2026-03-01T09:00:00+08:00", "")).unwrap();
    assert!(!event(&play).is_late_report, "only the owner has the duty");
}

/// R10, CH-31.1: only the platform contains less, and only for a cause of grade 1.
#[test]
fn containment_is_narrower_for_a_cause_of_grade_one_only() {
    let narrow = r#","containment":"new_holders""#;
    let services = r#","containment":{"services":["pay.code"]}"#;
    let none = r#","containment":{"services":[]}"#;
    for (party, suspected, containment, accepted) in [
        (Party::Operator, "page_tampering", narrow, true),
        (Party::Operator, "functional_upgrade_missed", services, true),
        (Party::Operator, "page_tampering", none, false),
        (Party::Operator, "ordinary_leak", narrow, false),
        (Party::Operator, "key_loss_or_major_leak", services, false),
        (Party::Owner, "page_tampering", narrow, false),
        (Party::Owner, "page_tampering", "", true),
    ] {
        let more = format!(r#","suspected":"{suspected}"{containment}"#);
        let opened = Play::channel(Kind::RiskEvent)
            .open(party, &opening("tampering", "2026-03-02T08:30:00+08:00", &more));
        assert_eq!(opened.is_ok(), accepted, "{party} {suspected} {containment}");
    }
    let mut play = Play::channel(Kind::RiskEvent);
    let suspected = r#","suspected":"page_tampering""#;
    play.open(Party::Owner, &opening("tampering", "2026-03-02T08:30:00+08:00", suspected)).unwrap();
    let contain = r#"{"action":"contain","withheld":"new_holders","words":"仅首页"}"#;
    play.act(Party::Operator, contain).unwrap();
    assert_eq!(done(&play), [r#"withhold "new_holders""#]);
    assert_eq!(reported().refused(Party::Operator, contain), "risk_event.containment");
}

/// R10: a grade takes two people; the first may neither confirm nor reject.
#[test]
fn a_grade_is_proposed_by_one_person_and_confirmed_by_another() {
    let mut play = reported();
    play.act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.same_person");
    assert_eq!(play.actions(Party::Operator), ["record_cause", "escalate"]);
    let second = by(Party::Operator, 2, "000000");
    assert_eq!(play.actions_by(&second), ["confirm", "reject", "record_cause", "escalate"]);
    play.act_by(second, r#"{"action":"reject","words":"证据不足"}"#).unwrap();
    assert_eq!(play.state(), "contained");
    play.act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    play.act_by(by(Party::Ministry, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(play.state(), "rectifying");
}

/// ND-5.2: a major problem is reported to the ministry at once; one of grade one is the operator's.
#[test]
fn the_ministry_hears_of_a_major_problem() {
    for (cause, is_major) in
        [(Cause::PageTampering, false), (Cause::OrdinaryLeak, true), (Cause::LawBroken, true)]
    {
        let told = graded(cause.as_str()).effect_words();
        assert_eq!(told.iter().any(|effect| effect == "tell ministry"), is_major, "{cause}: {told:?}");
    }
}

/// R10: two people may also find that it is no event; then nothing stays withheld.
#[test]
fn a_false_alarm_is_dismissed_by_two_people() {
    let mut play = reported();
    play.act(Party::Operator, r#"{"action":"propose_dismissal","words":"误报"}"#).unwrap();
    assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.same_person");
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert!(play.is_ended() && event(&play).is_dismissed());
    assert_eq!(done(&play), ["restore"]);
}

/// CH-31.1, R9: grade 1 suspends a part for a month: new holders, or the services that the operator lists.
#[test]
fn grade_one_suspends_a_part() {
    assert_eq!(done(&graded("page_tampering")), [r#"withhold "new_holders""#]);
    assert_eq!(graded("page_tampering").waits(), ["owner:rectify@2026-04-02"]);
    for (withheld, code) in [
        (r#","withheld":{"services":["pay.code"]}"#, None),
        (r#","withheld":{"services":[]}"#, Some("risk_event.part")),
        (r#","withheld":"all""#, Some("risk_event.part")),
    ] {
        let proposed = reported().act(Party::Operator, &propose("page_tampering", withheld));
        assert_eq!(proposed.err().map(|refused| refused.code()), code, "{withheld}");
    }
}

/// CH-31.2, R0: grade 2 suspends everything for a month, which no holiday moves.
#[test]
fn grade_two_suspends_everything() {
    let play = graded("interface_overstepped");
    assert_eq!(done(&play), [r#"withhold "all""#]);
    assert_eq!(play.waits(), ["owner:rectify@2026-04-02"]);
    let part = propose("ordinary_leak", r#","withheld":"new_holders""#);
    assert_eq!(reported().refused(Party::Operator, &part), "risk_event.whole");
    let mut holiday = reported();
    holiday.on("2026-09-01").act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    holiday.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(holiday.waits(), ["owner:rectify@2026-10-01"]);
}

/// CH-31.3, R19, CH-36.1: grade 3 revokes the keys and ends the channel in the same step, and its data is to be deleted.
#[test]
fn grade_three_ends_the_channel_at_once() {
    let play = graded("credentials_handed_over");
    let id = MatterId::from_bytes([7; 16]);
    assert_eq!(
        done(&play),
        [
            "revoke keys".to_owned(),
            "enter terminated".to_owned(),
            format!(
                r#"open exit {{"forced":{{"evidence":"{id}","ground":"grade_three","words":"出现三级安全风险事件"}}}}"#
            ),
        ]
    );
    assert_eq!(play.state(), "terminated");
    assert!(event(&play).ends_the_channel());
    let mut ended = Play::channel(Kind::RiskEvent);
    ended.channel = Some(crate::channel::tests::channel(Phase::Terminated));
    let again = ended.open(Party::Operator, &opening("misuse", "2026-03-02T08:30:00+08:00", ""));
    assert_eq!(again.unwrap_err().code(), "risk_event.terminated");
}

/// CH-31.2.2, CH-31.2.3, R11: a registered channel with its own number is lawful; whoever has none is named.
#[test]
fn a_registered_channel_with_its_own_number_is_lawful() {
    for cause in ["interface_to_related", "identity_to_related"] {
        assert_eq!(reported().refused(Party::Operator, &propose(cause, "")), "risk_event.recipient");
        let registered = propose(cause, r#","recipient":{"name":"同品牌小程序","number":"3300000002"}"#);
        assert_eq!(reported().refused(Party::Operator, &registered), "risk_event.lawful");
        let unregistered = propose(cause, r#","recipient":{"name":"同品牌小程序"}"#);
        reported().act(Party::Operator, &unregistered).unwrap();
    }
    for cause in ["interface_to_third", "identity_to_third", "credentials_handed_over"] {
        assert_eq!(reported().refused(Party::Operator, &propose(cause, "")), "risk_event.recipient");
    }
}

/// CH-31.1, CH-31.2, CH-24.3, CH-27.3: what passes its retest comes back, is observed for six months and then closed.
#[test]
fn a_passed_retest_gives_the_channel_back_and_begins_the_observation() {
    let mut play = graded("ordinary_leak");
    play.act(Party::Owner, RECTIFY).unwrap();
    assert_eq!(play.waits(), ["operator:retest@2026-04-02"]);
    play.act(Party::Operator, FAIL).unwrap();
    assert_eq!((play.state(), done(&play)), ("rectifying", vec![]));
    play.act(Party::Owner, RECTIFY).unwrap();
    play.on("2026-03-31").act(Party::Operator, PASS).unwrap();
    assert_eq!(done(&play), ["restore"]);
    assert_eq!(event(&play).observed_until(), Some("2026-09-30".parse().unwrap()));
    assert_eq!(play.waits(), ["owner:cause", "platform:observe@2026-09-30"]);
    play.on("2026-10-01");
    assert_eq!(play.refused(Party::Platform, CLOSE), "risk_event.root_cause");
    assert!(!play.actions(Party::Operator).contains(&"close"));
    play.on("2026-09-30").act(Party::Owner, CAUSE).unwrap();
    assert_eq!(play.refused(Party::Platform, CLOSE), "matter.early");
    play.on("2026-10-01").act(Party::Platform, CLOSE).unwrap();
    assert!(play.is_ended());
}

/// CH-24.3, R7: an agreement under observation looks again when an event begins, is dismissed or is rectified.
#[test]
fn what_happens_to_an_event_moves_the_observation_of_the_agreement() {
    let beside = |state: &str| {
        let mut play = Play::channel(Kind::RiskEvent);
        play.others.push(crate::matter::Known {
            id: MatterId::from_bytes([9; 16]),
            kind: Kind::Agreement,
            state: state.to_owned(),
            is_ended: false,
            body: "{}".to_owned(),
            opened_at: play.at,
        });
        play.open(Party::Owner, &opening("data_leak", "2026-03-02T08:30:00+08:00", "")).unwrap();
        play
    };
    let observe = r#"act 9 {"action":"observe"}"#.to_owned();
    let mut other = beside("in_force");
    assert!(!done(&other).contains(&observe));
    other.act(Party::Operator, r#"{"action":"propose_dismissal","words":"误报"}"#).unwrap();
    other.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&other), ["restore"]);

    let mut play = beside("observation");
    assert!(done(&play).contains(&observe));
    play.act(Party::Operator, r#"{"action":"propose_dismissal","words":"误报"}"#).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&play), ["restore".to_owned(), observe.clone()]);

    let mut play = beside("observation");
    play.act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(done(&play), [r#"withhold "all""#], "its rectification is what counts");
    play.act(Party::Owner, RECTIFY).unwrap();
    play.act(Party::Operator, PASS).unwrap();
    assert_eq!(done(&play), ["restore".to_owned(), observe]);
}

/// R8: the last day counts; when it has passed nothing ends by itself, and operator and ministry decide.
#[test]
fn a_month_in_vain_is_recorded_and_decided_upon() {
    let mut play = graded("ordinary_leak");
    assert_eq!(play.on("2026-04-02").refused(Party::Platform, EXPIRE), "matter.early");
    play.on("2026-04-03").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(play.effect_words(), ["tell operator", "tell ministry", "tell owner"]);
    assert_eq!(play.state(), "overdue");
    assert_eq!(event(&play).withheld, Some(Withheld::All), "it stays suspended");

    let mut tested_late = graded("ordinary_leak");
    tested_late.on("2026-04-02").act(Party::Owner, RECTIFY).unwrap();
    tested_late.on("2026-04-03").act(Party::Operator, FAIL).unwrap();
    assert_eq!(tested_late.state(), "overdue");
}

/// R8: the period is renewed once.
#[test]
fn the_month_is_renewed_once() {
    let mut play = overdue("ordinary_leak");
    decide(&mut play, "renew").unwrap();
    assert_eq!(play.waits(), ["owner:rectify@2026-05-03"]);
    play.on("2026-05-04").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(decide(&mut play, "renew").unwrap_err().code(), "risk_event.renewed");
    play.act(Party::Operator, r#"{"action":"propose_decision","decision":"raise","words":"建议"}"#).unwrap();
    play.act(Party::Ministry, r#"{"action":"disagree","words":"再议"}"#).unwrap_err();
    play.act_by(by(Party::Ministry, 3, "000000"), r#"{"action":"disagree","words":"再议"}"#).unwrap();
    assert_eq!(play.state(), "overdue");
}

/// R8, CH-31.2, CH-31.3: the grade is raised by one; from 2 to 3 that ends the channel.
#[test]
fn the_grade_is_raised_by_one() {
    let mut play = overdue("page_tampering");
    decide(&mut play, "raise").unwrap();
    assert_eq!((play.state(), done(&play)), ("rectifying", vec![r#"withhold "all""#.to_owned()]));
    assert_eq!(event(&play).grade(), Some(Grade::Two));
    let mut play = overdue("ordinary_leak");
    decide(&mut play, "raise").unwrap();
    assert_eq!(play.state(), "terminated");
    assert_eq!(done(&play)[..2], ["revoke keys", "enter terminated"]);
}

/// R8, CH-36.1: to be forced out, it stays suspended until the exit with its deletion is over.
#[test]
fn a_channel_that_is_forced_out_stays_suspended_until_then() {
    let mut play = overdue("ordinary_leak");
    decide(&mut play, "force_exit").unwrap();
    assert_eq!((play.state(), done(&play)), ("exiting", vec![]));
    play.act(Party::Owner, CAUSE).unwrap();
    assert_eq!(play.refused(Party::Operator, CLOSE), "risk_event.deletion");
    assert_eq!(play.refused(Party::Platform, CLOSE), "risk_event.deletion");
    play.channel = Some(crate::channel::tests::channel(Phase::Exited));
    assert_eq!(play.refused(Party::Operator, CLOSE), "risk_event.deletion");
    play.act(Party::Platform, CLOSE).unwrap();
    assert_eq!(done(&play), ["restore"]);
}

/// CH-11.4a, CH-11.4c: the level-1 channel is told of what its level 2 does, and that it is liable is recorded.
#[test]
fn level_one_is_jointly_liable_for_its_level_two() {
    let parent = ChannelId::from_bytes([8; 16]);
    let mut play = Play::channel(Kind::RiskEvent);
    let live = play.channel.take().unwrap();
    play.channel = Some(Channel { level: Level::Two, parent: Some(parent), ..live });
    play.open(Party::Operator, &opening("misuse", "2026-03-02T08:30:00+08:00", "")).unwrap();
    assert_eq!(event(&play).jointly_liable, Some(parent));
    assert_eq!(play.effect_words()[4..], ["tell owner", "tell owner of another channel"]);
    play.act(Party::Operator, &propose("data_retained", "")).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert!(play.effect_words().contains(&"tell owner of another channel".to_owned()));
    assert_eq!(event(&reported()).jointly_liable, None);
}

/// R10: an aid and no more.
#[test]
fn key_material_and_biometrics_suggest_grade_three() {
    for (involves, suggested) in [
        (r#","involves":["key_material"]"#, Some(Grade::Three)),
        (r#","involves":["personal_data","biometric_template"]"#, Some(Grade::Three)),
        (r#","involves":["personal_data"]"#, None),
    ] {
        let mut play = Play::channel(Kind::RiskEvent);
        play.open(Party::Owner, &opening("data_leak", "2026-03-02T08:30:00+08:00", involves)).unwrap();
        assert_eq!(event(&play).suggested, suggested);
        play.act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    }
}

/// CH-27.4: from then on it is handled under the rules on state secrets.
#[test]
fn an_event_can_touch_state_secrets() {
    let mut play = reported();
    play.act(Party::Ministry, r#"{"action":"escalate","words":"涉密"}"#).unwrap();
    assert!(event(&play).is_secret);
    assert_eq!(play.effect_words(), ["tell ministry"]);
    assert_eq!(play.refused(Party::Owner, r#"{"action":"escalate","words":"涉密"}"#), "matter.party");
}

/// CH-17.1, CH-31.1.1, CH-31.2.4: what a notice asked for and was not done opens an event by itself.
#[test]
fn a_missed_upgrade_opens_an_event() {
    let notice = MatterId::from_bytes([5; 16]);
    for (cause, withheld) in [
        (Cause::FunctionalUpgradeMissed, r#"withhold "new_holders""#),
        (Cause::SecurityUpgradeMissed, r#"withhold "all""#),
    ] {
        let mut play = Play::channel(Kind::RiskEvent);
        let effect = play.on_stage(by(Party::Platform, 0, "000000"), |scene| {
            RiskEvent::missed_upgrade(cause, notice, scene)
        });
        let Effect::Open { kind: Kind::RiskEvent, opening } = effect else { panic!("{effect:?}") };
        play.open(Party::Platform, &opening).unwrap();
        assert_eq!(done(&play), [withheld]);
        assert_eq!(event(&play).notice, Some(notice));
    }
}

/// CH-31.1: the month is a parameter.
#[test]
fn the_month_is_a_parameter() {
    let mut play = reported();
    play.parameters.change(Name::Rectification, 2, 2, "2026-03-01".parse().unwrap()).unwrap();
    play.act(Party::Operator, &propose("ordinary_leak", "")).unwrap();
    play.act_by(by(Party::Operator, 2, "000000"), CONFIRM).unwrap();
    assert_eq!(play.waits(), ["owner:rectify@2026-05-02"]);
}
