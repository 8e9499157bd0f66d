//! Monitoring: every threshold from both sides, and the way from a notice to its end.

use super::figures::{
    Commitment, Figures, Fulfilment, Measure, MonthFigures, QuarterFigures, Thresholds, Trigger,
};
use super::{Monitoring, Refusal};
use crate::channel::{Class, Phase};
use crate::id::ChannelId;
use crate::matter::testing::{Play, by, workflow};
use crate::matter::{Effect, Kind, Party};
use crate::parameter::Parameters;
use crate::time::{BusinessDate, Month};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// Closed months that end with `last`, oldest first, from their issuances; nobody active and nothing cumulative, so that
/// active users are not evaluated.
fn months(last: &str, issuances: &[u64]) -> Figures {
    let last = month(last);
    let ago = |place: usize| i32::try_from(place).unwrap() - i32::try_from(issuances.len()).unwrap() + 1;
    let row = |(place, issuance): (usize, &u64)| MonthFigures {
        month: last.plus(ago(place)),
        issuance: *issuance,
        active: 0,
        cumulative: 0,
    };
    Figures::Months { months: issuances.iter().enumerate().map(row).collect() }
}

fn standard() -> Thresholds {
    Thresholds::new(&Parameters::standard(), day("2026-03-01"))
}

/// What months that end with 2026-02 fall short of, of a channel that has been live for years.
fn triggers(issuances: &[u64]) -> Vec<Trigger> {
    months("2026-02", issuances).triggers(day("2020-01-01"), &standard())
}

/// CH-23.1a, R1: the last three closed months together; exactly 100 is enough.
#[test]
fn fewer_than_a_hundred_issuances_in_three_months_trigger() {
    assert_eq!(triggers(&[9_000, 33, 33, 33]), [Trigger::Issuance], "99; the fourth month does not help");
    assert_eq!(triggers(&[0, 33, 33, 34]), [], "100");
    assert_eq!(triggers(&[0, 0, 0, 99]), [Trigger::Issuance]);
    assert_eq!(triggers(&[0, 0, 0, 100]), []);
}

/// CH-23.1b, R2: three falls in a row, each by more than half; exactly half is none.
#[test]
fn three_falls_in_a_row_by_more_than_half_trigger() {
    for (issuances, falls) in [
        ([8_000, 3_999, 1_999, 999], true),
        ([8_000, 4_000, 1_999, 999], false),
        ([8_000, 3_999, 1_999, 1_000], false),
        ([8_001, 4_000, 1_999, 999], true),
        ([8_000, 3_999, 2_000, 999], false),
        ([8_000, 1, 8_000, 1], false),
        ([8_000, 3_999, 3_999, 999], false),
        ([1_000, 0, 0, 0], false),
        ([u64::MAX, u64::MAX / 4, u64::MAX / 16, u64::MAX / 64], true),
    ] {
        assert_eq!(triggers(&issuances).contains(&Trigger::Falls), falls, "{issuances:?}");
    }
    assert_eq!(triggers(&[8_000, 3_999, 1_999]), [], "four months are needed for three falls");
    assert_eq!(triggers(&[9, 0, 0, 200]), [], "a month after none is no fall and breaks the run");
}

/// CH-23.1c, R3: active users of the last closed month; exactly 3 % is enough, and without issuance nothing is evaluated.
#[test]
fn fewer_active_users_than_three_percent_of_cumulative_issuance_trigger() {
    for (active, cumulative, idle) in [
        (299, 10_000, true),
        (300, 10_000, false),
        (3, 100, false),
        (2, 100, true),
        (3, 101, true),
        (0, 1, true),
        (0, 0, false),
        (u64::MAX / 50, u64::MAX, true),
        (u64::MAX / 33, u64::MAX, false),
    ] {
        let Figures::Months { mut months } = months("2026-02", &[100, 100, 100, 100]) else { panic!() };
        months.last_mut().unwrap().active = active;
        months.last_mut().unwrap().cumulative = cumulative;
        months[0].cumulative = 1_000_000;
        let found = Figures::Months { months }.triggers(day("2020-01-01"), &standard());
        assert_eq!(found.contains(&Trigger::ActiveUsers), idle, "{active} of {cumulative}");
    }
}

/// CH-23.1d: any of them triggers, and all that are met are named.
#[test]
fn every_trigger_that_is_met_is_named() {
    let figures = Figures::Months {
        months: [40, 19, 9, 4]
            .into_iter()
            .enumerate()
            .map(|(place, issuance)| MonthFigures {
                month: month("2025-11").plus(i32::try_from(place).unwrap()),
                issuance,
                active: 0,
                cumulative: 1_000,
            })
            .collect(),
    };
    let all = [Trigger::Issuance, Trigger::Falls, Trigger::ActiveUsers];
    assert_eq!(figures.triggers(day("2020-01-01"), &standard()), all);
}

/// R1: nothing before three full months live; the month of going live counts only if it began on its first day.
#[test]
fn the_first_evaluation_follows_three_full_months() {
    let figures = months("2026-02", &[0, 0, 0, 0]);
    for (live_on, evaluated) in [
        ("2025-12-01", true),
        ("2025-11-02", true),
        ("2025-11-30", true),
        ("2025-12-02", false),
        ("2025-12-31", false),
        ("2026-02-28", false),
        ("2026-03-01", false),
    ] {
        let found = figures.triggers(day(live_on), &standard());
        assert_eq!(!found.is_empty(), evaluated, "{live_on}");
    }
    // Active users need one month alone, and still wait for the third.
    let idle = Figures::Months {
        months: vec![MonthFigures { month: month("2026-02"), issuance: 0, active: 0, cumulative: 1_000 }],
    };
    for (live_on, evaluated) in
        [("2025-12-01", true), ("2025-12-02", false), ("2026-01-01", false), ("2026-02-01", false)]
    {
        let found = idle.triggers(day(live_on), &standard());
        assert_eq!(found, if evaluated { &[Trigger::ActiveUsers][..] } else { &[] }, "{live_on}");
    }
    // 2025-11 is no full month: the fall from it does not count.
    let falling = months("2026-02", &[8_000, 3_999, 1_999, 999]);
    assert_eq!(falling.triggers(day("2025-11-02"), &standard()), []);
    assert_eq!(falling.triggers(day("2025-11-01"), &standard()), [Trigger::Falls]);
}

fn quarters(rows: [(u64, [u64; 3]); 2], commitment: Commitment) -> Figures {
    let quarters = rows
        .into_iter()
        .enumerate()
        .map(|(place, (amount, active))| QuarterFigures {
            from: month("2025-07").plus(i32::try_from(place * 3).unwrap()),
            amount,
            active,
        })
        .collect();
    Figures::Quarters { quarters, commitment }
}

const PROMISED: Commitment =
    Commitment { measure: Measure::Issuance, annual: 4_000, quarterly: None, active: 1_000 };

/// CH-23.2, R5: a quarter is a part of a fourth of the year, or of what was planned for it, and three months of the
/// active users; the part is rounded down, and one of which nothing was promised is whole.
#[test]
fn a_quarter_fulfils_a_part_of_what_was_promised() {
    let part = |from: &str, amount, active, commitment: Commitment| {
        let quarter = QuarterFigures { from: from.parse().unwrap(), amount, active };
        let found = commitment.fulfilment(&quarter);
        assert_eq!(
            standard().is_missed(&quarter, &commitment),
            found.amount < 5_000 && found.active < 5_000,
            "{found:?}"
        );
        found
    };
    let whole = |amount, active| Fulfilment { amount, active };
    assert_eq!(part("2026-01", 499, [499, 500, 500], PROMISED), whole(4_990, 4_996));
    assert_eq!(part("2026-04", 500, [1_000; 3], PROMISED), whole(5_000, 10_000));
    let planned = Commitment { quarterly: Some([0, 250, 3_750, 0]), ..PROMISED };
    assert_eq!(part("2026-01", 0, [0; 3], planned), whole(10_000, 0), "nothing was planned");
    assert_eq!(part("2026-04", 124, [0; 3], planned), whole(4_960, 0));
    assert_eq!(part("2026-07", 1_875, [499; 3], planned), whole(5_000, 4_990));
    let most = Commitment { annual: 1, active: 1, ..PROMISED };
    assert_eq!(part("2026-01", u64::MAX, [u64::MAX; 3], most), whole(u64::MAX, u64::MAX));
}

/// CH-23.2, R5: both figures in both quarters; exactly half of a fourth of the year is enough, and so is a mean of exactly
/// half the active users.
#[test]
fn a_commitment_is_missed_when_both_figures_are_below_half_in_two_quarters() {
    let missed = (499, [499, 500, 500]);
    for (rows, is_missed) in [
        ([missed, missed], true),
        ([(500, [0, 0, 0]), missed], false),
        ([missed, (500, [0, 0, 0])], false),
        ([(0, [500, 500, 500]), missed], false),
        ([missed, (0, [499, 500, 501])], false),
        ([missed, (0, [1_499, 0, 0])], true),
    ] {
        let found = quarters(rows, PROMISED).triggers(day("2020-01-01"), &standard());
        assert_eq!(!found.is_empty(), is_missed, "{rows:?}");
    }
    // Half of a quarter of forty million is five million; half of ten million active users a month the same.
    let large = Commitment { annual: 40_000_000, active: 10_000_000, ..PROMISED };
    for (amount, active, is_missed) in [
        (4_999_999, 4_999_999, true),
        (5_000_000, 4_999_999, false),
        (4_999_999, 5_000_000, false),
        (5_000_000, 5_000_000, false),
    ] {
        let found = quarters([(amount, [active; 3]); 2], large).triggers(day("2020-01-01"), &standard());
        assert_eq!(!found.is_empty(), is_missed, "{amount} {active}");
    }
    let planned = Commitment { quarterly: Some([0, 0, 998, 2_000]), ..PROMISED };
    let found = |rows| quarters(rows, planned).triggers(day("2020-01-01"), &standard());
    assert_eq!(
        found([(498, [0; 3]), (999, [0; 3])]),
        [Trigger::Commitment],
        "a stored plan replaces the fourth"
    );
    assert_eq!(found([(499, [0; 3]), (999, [0; 3])]), []);
    assert_eq!(found([(498, [0; 3]), (1_000, [0; 3])]), []);
    let new = quarters([missed, missed], PROMISED).triggers(day("2025-07-02"), &standard());
    assert_eq!(new, [], "not live for two full quarters");
}

/// R1: figures have no gap and end with what was closed last.
#[test]
fn figures_end_with_the_last_closed_period() {
    for (today, fine) in
        [("2026-02-28", false), ("2026-03-01", true), ("2026-03-31", true), ("2026-04-01", false)]
    {
        assert_eq!(months("2026-02", &[0; 4]).check(day(today)).is_ok(), fine, "{today}");
    }
    let gap = Figures::Months {
        months: ["2025-11", "2026-01", "2026-02"]
            .map(|text| MonthFigures { month: month(text), issuance: 0, active: 0, cumulative: 0 })
            .to_vec(),
    };
    assert_eq!(gap.check(day("2026-03-01")), Err(Refusal::Figures));
    let none = Figures::Months { months: Vec::new() };
    assert_eq!(none.check(day("2026-03-01")), Err(Refusal::Figures));
    let two = quarters([(0, [0; 3]); 2], PROMISED);
    for (today, fine) in
        [("2025-12-31", false), ("2026-01-01", true), ("2026-03-31", true), ("2026-04-01", false)]
    {
        assert_eq!(two.check(day(today)).is_ok(), fine, "{today}");
    }
}

fn opening(figures: &Figures) -> String {
    format!(r#"{{"figures":{}}}"#, serde_json::to_string(figures).unwrap())
}

fn evaluate(figures: &Figures) -> String {
    format!(r#"{{"action":"evaluate","figures":{}}}"#, serde_json::to_string(figures).unwrap())
}

/// A stage with a channel that has been live for years.
fn stage() -> Play {
    let mut play = Play::channel(Kind::Monitoring);
    play.channel.as_mut().unwrap().live_at = Some("2020-01-01T00:00:00+08:00".parse().unwrap());
    play
}

/// A notice of 2026-03-01.
fn noticed() -> Play {
    let mut play = stage();
    play.on("2026-03-01").open(Party::Platform, &opening(&months("2026-02", &[0; 4]))).unwrap();
    play
}

fn warned() -> Play {
    let mut play = noticed();
    play.on("2026-06-02").act(Party::Platform, &evaluate(&months("2026-05", &[0; 4]))).unwrap();
    play
}

/// CH-23.1e: a notice and three months.
#[test]
fn a_trigger_opens_a_notice_and_three_months_to_improve() {
    let play = noticed();
    assert_eq!((play.state(), play.waits()), ("noticed", vec!["owner:improve@2026-06-01".to_owned()]));
    assert!(matches!(play.effects(), [Effect::Tell(_)]));
    let mut leap = stage();
    leap.on("2027-11-30").open(Party::Platform, &opening(&months("2027-10", &[0; 4]))).unwrap();
    assert_eq!(leap.waits(), ["owner:improve@2028-02-29"], "the month's last day");
    let mut again = noticed();
    again.put_aside(1, Kind::Monitoring, Kind::Monitoring);
    let refused = again.open(Party::Platform, &opening(&months("2026-02", &[0; 4])));
    assert_eq!(refused.unwrap_err().code(), "matter.already_open");
    let mut fine = stage();
    let refused = fine.on("2026-03-01").open(Party::Platform, &opening(&months("2026-02", &[100; 4])));
    assert_eq!(refused.unwrap_err().code(), "monitoring.no_trigger");
    let refused = fine.open(Party::Operator, &opening(&months("2026-02", &[0; 4])));
    assert_eq!(refused.unwrap_err().code(), "matter.party");
}

/// CH-11.4c: the level-1 channel is told of what concerns its level-2 channel.
#[test]
fn a_level_1_channel_hears_of_its_level_2_channel() {
    let mut play = stage();
    let parent = ChannelId::from_bytes([8; 16]);
    play.channel.as_mut().unwrap().parent = Some(parent);
    play.on("2026-03-01").open(Party::Platform, &opening(&months("2026-02", &[0; 4]))).unwrap();
    let told: Vec<_> = play
        .effects()
        .iter()
        .map(|effect| match effect {
            Effect::Tell(message) => message.channel,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [None, Some(parent)]);
}

/// CH-23.1f, R4: only once the three months are over; none true lifts it, any true warns.
#[test]
fn after_the_improvement_period_the_triggers_are_tested_again() {
    let (good, bad) = (months("2026-05", &[0, 0, 0, 100]), months("2026-05", &[0, 0, 0, 99]));
    for (figures, state) in [(&good, "lifted"), (&bad, "warned")] {
        let mut play = noticed();
        let early = play.on("2026-06-01").refused(Party::Platform, &evaluate(figures));
        assert_eq!(early, "monitoring.early");
        play.on("2026-06-02").act(Party::Platform, &evaluate(figures)).unwrap();
        assert_eq!((play.state(), play.is_ended()), (state, state == "lifted"));
    }
    let mut play = noticed();
    let stale = months("2026-04", &[100; 4]);
    assert_eq!(play.on("2026-06-02").refused(Party::Platform, &evaluate(&stale)), "monitoring.figures");
    let other = quarters([(0, [0; 3]); 2], PROMISED);
    assert_eq!(play.refused(Party::Platform, &evaluate(&other)), "monitoring.basis");
}

/// CH-24.2, CH-35.4: a warned channel files a plan; what it does not improve may become a ground for its exit, and good
/// figures end everything.
#[test]
fn a_warning_leads_to_a_plan_and_to_its_end_or_to_a_ground_for_an_exit() {
    let mut play = warned();
    assert_eq!(play.waits(), ["owner:file_plan"]);
    play.act(Party::Owner, r#"{"action":"file_plan","words":"增设入口"}"#).unwrap();
    play.act(Party::Operator, r#"{"action":"return_plan","words":"请量化"}"#).unwrap();
    play.act(Party::Owner, r#"{"action":"file_plan","words":"每月新增一万"}"#).unwrap();
    play.act(Party::Operator, r#"{"action":"accept_plan","words":"同意"}"#).unwrap();
    play.on("2026-07-01").act(Party::Platform, &evaluate(&months("2026-06", &[0; 4]))).unwrap();
    assert_eq!(play.state(), "improving");
    assert_eq!(play.refused(Party::Owner, r#"{"action":"nominate","words":"逾期"}"#), "matter.party");
    play.act(Party::Operator, r#"{"action":"nominate","words":"未按方案改进"}"#).unwrap();
    let body: Monitoring = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    assert_eq!(play.state(), "candidate");
    assert_eq!(body.warned_at(), Some("2026-06-02T09:00:00+08:00".parse().unwrap()));
    play.on("2026-08-01").act(Party::Platform, &evaluate(&months("2026-07", &[100; 4]))).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("lifted", true));
    assert_eq!(
        noticed().refused(Party::Operator, r#"{"action":"nominate","words":"急"}"#),
        "matter.transition"
    );
}

/// R4: another outcome than the test's, either way, with a reason and a second person.
#[test]
fn two_persons_of_the_operator_may_decide_otherwise() {
    let propose =
        |outcome: &str| format!(r#"{{"action":"propose_outcome","outcome":"{outcome}","words":"渠道改版"}}"#);
    const CONFIRM: &str = r#"{"action":"confirm_outcome","words":"同意"}"#;
    for (mut play, outcome) in [(noticed(), "lifted"), (noticed(), "warned"), (warned(), "lifted")] {
        play.act(Party::Operator, &propose(outcome)).unwrap();
        assert_eq!(play.waits(), ["operator:confirm"]);
        assert_eq!(play.refused(Party::Operator, CONFIRM), "matter.same_person");
        let second = by(Party::Operator, 2, "000000");
        assert_eq!(play.actions_by(&second), ["confirm_outcome", "reject_outcome"]);
        play.act_by(second, CONFIRM).unwrap();
        assert_eq!(play.state(), outcome);
    }
    let mut play = warned();
    assert_eq!(play.refused(Party::Operator, &propose("warned")), "monitoring.warned");
    play.act(Party::Operator, &propose("lifted")).unwrap();
    let second = by(Party::Operator, 2, "000000");
    play.act_by(second, r#"{"action":"reject_outcome","words":"理由不足"}"#).unwrap();
    assert_eq!(play.state(), "warned");
    assert_eq!(play.refused(Party::Operator, &propose("lifted").replace("渠道改版", "")), "matter.words");
}

/// CH-23.2, CH-3.6: a social channel is warned at once; no other is measured so.
#[test]
fn a_social_channel_that_missed_its_commitment_is_warned_at_once() {
    let figures = quarters([(0, [0; 3]); 2], PROMISED);
    let mut play = stage();
    play.on("2026-01-01");
    let refused = play.open(Party::Platform, &opening(&figures)).unwrap_err();
    assert_eq!(refused.code(), "monitoring.not_social");
    play.channel.as_mut().unwrap().class = Class::Social;
    play.open(Party::Platform, &opening(&figures)).unwrap();
    assert_eq!((play.state(), play.waits()), ("warned", vec!["owner:file_plan".to_owned()]));
}

/// CH-23.0a: only a channel that serves the public is measured.
#[test]
fn a_channel_that_is_not_live_is_not_monitored() {
    for phase in Phase::ALL {
        let mut play = stage();
        play.channel.as_mut().unwrap().phase = *phase;
        let outcome = play.on("2026-03-01").open(Party::Platform, &opening(&months("2026-02", &[0; 4])));
        assert_eq!(outcome.is_ok(), matches!(phase, Phase::Live | Phase::Leaving), "{phase}");
    }
}

/// CH-23.1e, CH-23.1f: the platform brings new figures when the period is over, and once for every month after that.
#[test]
fn an_evaluation_is_due_at_the_end_of_the_period_and_then_monthly() {
    let due = |play: &Play, today: &str| {
        let body: Monitoring = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
        body.is_due(day(today))
    };
    let play = noticed();
    assert_eq!([due(&play, "2026-06-01"), due(&play, "2026-06-02")], [false, true]);
    let play = warned();
    assert_eq!([due(&play, "2026-06-30"), due(&play, "2026-07-01")], [false, true]);
    let mut social = stage();
    social.channel.as_mut().unwrap().class = Class::Social;
    let figures = quarters([(0, [0; 3]); 2], PROMISED);
    social.on("2026-01-01").open(Party::Platform, &opening(&figures)).unwrap();
    assert_eq!([due(&social, "2026-03-31"), due(&social, "2026-04-01")], [false, true]);
}

/// CH-23.1e, CH-23.1f, CH-23.2: the state machine.
#[test]
fn the_workflow_of_a_monitoring() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Monitoring));
}
