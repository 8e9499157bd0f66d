use crate::desk::{Desk, move_to};
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::calendar::Calendar;
use domain::org::Role;
use domain::time::BusinessDate;
use sdk::client::{Error, Staff};
use sdk::types::calendar::{
    CalendarHoliday, CalendarYearState, CalendarYearView, DecideCalendarYear, ProposeCalendarYear,
};
use sdk::types::parameter::ParameterDecision;
use serde_json::json;

/// The first year that the program does not bring along.
pub fn next_year() -> i32 {
    Calendar::published().next_year()
}

fn on(year: i32, month: u8, day: u8) -> BusinessDate {
    BusinessDate::from_civil(year, month, day).unwrap()
}

/// The first Monday from `day` on.
fn monday(day: BusinessDate) -> BusinessDate {
    // 1970-01-05 was a Monday.
    day.plus_days((4 - day.as_days()).rem_euclid(7))
}

fn holiday(name: &str, first: BusinessDate, days: i32) -> CalendarHoliday {
    let last = first.plus_days(days - 1);
    CalendarHoliday { name: name.into(), first_on: first.to_string(), last_on: last.to_string() }
}

/// An arrangement of a year that nobody has made: three weeks off in spring but for a Friday, and a Saturday worked.
pub fn wish(year: i32) -> ProposeCalendarYear {
    let (spring, summer) = (monday(on(year, 2, 1)), monday(on(year, 6, 1)));
    ProposeCalendarYear {
        year,
        source: "演练用安排".into(),
        holidays: vec![holiday("甲", spring, 14), holiday("乙", summer, 4)],
        worked: vec![summer.plus_days(5).to_string()],
        reason: "演练".into(),
    }
}

fn decide(
    by: &Staff,
    year: &CalendarYearView,
    decision: ParameterDecision,
) -> Result<CalendarYearView, Error> {
    let entry = year.entry.as_ref().unwrap();
    let request = DecideCalendarYear { decision, reason: "已与通知核对".into() };
    by.decide_calendar_year(&entry.calendar_year_id, entry.version, &request)
}

fn reviewers(platform: &Platform) -> [Staff; 2] {
    [(); 2].map(|()| platform.staff(Role::MinistryReviewer, "000000"))
}

/// A year as two reviewers enter it.
fn enter(platform: &Platform, wish: &ProposeCalendarYear) -> CalendarYearView {
    let [one, other] = reviewers(platform);
    let proposed = one.propose_calendar_year(wish).unwrap();
    decide(&other, &proposed, ParameterDecision::Approve).unwrap()
}

/// Pointer and code of every wrong field.
fn wrong(outcome: Result<CalendarYearView, Error>) -> Vec<String> {
    let error = outcome.unwrap_err();
    let fields = &error.problem().unwrap().errors;
    fields.iter().map(|field| format!("{} {}", field.pointer, field.code)).collect()
}

on_both! {
    /// R0, CH-37.1
    fn a_year_is_counted_by_once_a_second_reviewer_has_approved_it(platform) {
        let [one, other] = reviewers(platform);
        let before = one.calendar().unwrap();
        assert_eq!(before.next_year, next_year());
        assert!(before.data.iter().all(|year| year.state == CalendarYearState::Delivered && year.is_in_force));
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        // A day before a Saturday of spring that nobody works, in the year that is not known.
        let friday = monday(on(next_year(), 2, 1)).plus_days(-3);
        move_to(platform, &friday.to_string());
        let ask = || {
            let opening = json!({"category": "malicious", "subject": "投诉", "words": "请核实"});
            let wait = owner.see(&owner.open("ticket", &channel, &opening))["waits"][0].clone();
            let due: BusinessDate = wait["due_on"].as_str().unwrap().parse().unwrap();
            (due.days_since(friday), wait["is_provisional"].as_bool().unwrap())
        };
        assert_eq!(ask(), (1, true), "past the end of the table the day is natural and may move");

        let proposed = one.propose_calendar_year(&wish(next_year())).unwrap();
        assert_eq!((proposed.state, proposed.is_in_force), (CalendarYearState::Proposed, false));
        assert_eq!(ask(), (1, true), "nothing is counted by what nobody has approved");
        let approved = decide(&other, &proposed, ParameterDecision::Approve).unwrap();
        assert_eq!((approved.state, approved.is_in_force), (CalendarYearState::Approved, true));
        // The Saturday, the Sunday and fourteen days of holiday.
        assert_eq!(ask(), (17, false));

        let after = one.calendar().unwrap();
        assert_eq!((after.until_on, after.next_year), (on(next_year(), 12, 31).to_string(), next_year() + 1));
        let shown = after.data.last().unwrap();
        assert_eq!(shown, &approved);
        let entry = shown.entry.as_ref().unwrap();
        assert_eq!((entry.number, entry.reason.as_deref()), (1, Some("演练")));
        assert_eq!(entry.decision_reason.as_deref(), Some("已与通知核对"));
        assert_eq!(shown.source, "演练用安排");
    }

    /// CH-37.1: whoever is signed in knows by which days the periods are counted, and no more than that.
    fn what_is_proposed_and_who_decided_is_seen_by_whoever_reads_the_parameters(platform) {
        let [one, other] = reviewers(platform);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let delivered = clerk.calendar().unwrap().data;
        let proposed = one.propose_calendar_year(&wish(next_year())).unwrap();
        assert_eq!(clerk.calendar().unwrap().data, delivered, "nothing of a proposal");
        assert_eq!(one.calendar().unwrap().data.last(), Some(&proposed));
        decide(&other, &proposed, ParameterDecision::Reject).unwrap();
        assert_eq!(clerk.calendar().unwrap().data, delivered, "nor of what was rejected");
        let approved = enter(platform, &wish(next_year()));
        let seen = clerk.calendar().unwrap();
        assert_eq!(seen.data.last(), Some(&CalendarYearView { entry: None, ..approved }));
        assert_eq!(seen.until_on, on(next_year(), 12, 31).to_string());
    }

    /// CH-37.1
    fn nobody_approves_the_year_they_entered_and_a_rejected_one_is_entered_anew(platform) {
        let [one, other] = reviewers(platform);
        let proposed = one.propose_calendar_year(&wish(next_year())).unwrap();
        let own = decide(&one, &proposed, ParameterDecision::Approve);
        assert_eq!(refusal(own), (409, "parameter.own_proposal".into()));
        let second = other.propose_calendar_year(&wish(next_year()));
        assert_eq!(refusal(second), (409, "calendar.pending".into()));
        let rejected = decide(&other, &proposed, ParameterDecision::Reject).unwrap();
        assert_eq!((rejected.state, rejected.is_in_force), (CalendarYearState::Rejected, false));
        assert_eq!(refusal(decide(&other, &proposed, ParameterDecision::Approve)), (412, "resource.stale".into()));
        let again = decide(&other, &rejected, ParameterDecision::Approve);
        assert_eq!(refusal(again), (409, "parameter.decided".into()));
        assert_eq!(one.calendar().unwrap().next_year, next_year());
        let next = other.propose_calendar_year(&wish(next_year())).unwrap();
        assert_eq!(next.entry.unwrap().number, 2, "a rejected arrangement keeps its number");
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        assert_eq!(refusal(region.propose_calendar_year(&wish(next_year()))), (403, "staff.role".into()));
    }

    /// CH-37.1
    fn years_are_entered_one_after_the_other_and_stay_once_they_have_begun(platform) {
        let [one, other] = reviewers(platform);
        move_to(platform, &on(next_year() - 1, 12, 30).to_string());
        let early = one.propose_calendar_year(&wish(next_year() + 1));
        assert_eq!(refusal(early), (409, "calendar.order".into()));
        let delivered = one.propose_calendar_year(&wish(next_year() - 1));
        assert_eq!(refusal(delivered), (409, "calendar.begun".into()));
        enter(platform, &wish(next_year()));
        let mut amended = wish(next_year());
        amended.holidays[1].name = "丙".into();
        let amended = enter(platform, &amended);
        let data = one.calendar().unwrap().data;
        let of_it: Vec<_> = data.iter().filter(|year| year.year == next_year()).collect();
        assert_eq!(of_it.iter().map(|year| year.is_in_force).collect::<Vec<_>>(), [false, true]);
        assert_eq!(of_it[1], &amended, "of two approved arrangements the later one holds");
        let late = one.propose_calendar_year(&wish(next_year())).unwrap();
        move_to(platform, &on(next_year(), 1, 1).to_string());
        let begun = decide(&other, &late, ParameterDecision::Approve);
        assert_eq!(refusal(begun), (409, "calendar.begun".into()), "approved too late");
        assert_eq!(decide(&other, &late, ParameterDecision::Reject).unwrap().state, CalendarYearState::Rejected);
        assert_eq!(refusal(one.propose_calendar_year(&wish(next_year()))), (409, "calendar.begun".into()));
    }

    fn a_year_that_is_missing_is_told_from_november_on_and_may_be_entered_late(platform) {
        let [one, other] = reviewers(platform);
        let missing = |day: BusinessDate| {
            move_to(platform, &day.to_string());
            one.calendar().unwrap().missing_year
        };
        let year = next_year();
        assert_eq!(missing(on(year - 1, 10, 31)), None);
        assert_eq!(missing(on(year - 1, 11, 1)), Some(year));
        assert_eq!(missing(on(year, 3, 1)), Some(year));
        let late = one.propose_calendar_year(&wish(year)).unwrap();
        decide(&other, &late, ParameterDecision::Approve).unwrap();
        assert_eq!(one.calendar().unwrap().missing_year, None);
    }

    fn every_wrong_day_of_a_year_is_named(platform) {
        let [one, _] = reviewers(platform);
        let refused = |change: &dyn Fn(&mut ProposeCalendarYear)| {
            let mut body = wish(next_year());
            change(&mut body);
            wrong(one.propose_calendar_year(&body))
        };
        let new_year = on(next_year() + 1, 1, 1).to_string();
        assert_eq!(
            refused(&|body| {
                body.holidays[1].last_on = new_year.clone();
                body.worked.push(monday(on(body.year, 3, 1)).to_string());
            }),
            ["/holidays/1/last_on calendar.other_year", "/worked/1 calendar.weekday"]
        );
        assert_eq!(refused(&|body| body.holidays[0].last_on = "2026-02-30".into()), ["/holidays/0/last_on time.date"]);
        assert_eq!(refused(&|body| body.worked[0] = body.holidays[0].last_on.clone()), ["/worked/0 calendar.twice"]);
        assert_eq!(refused(&|body| body.holidays[0].last_on = body.holidays[0].first_on.clone()), ["/holidays calendar.sum"]);
        assert_eq!(
            refused(&|body| body.holidays[0].last_on = body.holidays[1].last_on.clone()),
            ["/holidays/0/last_on calendar.span"]
        );
        assert_eq!(
            refused(&|body| {
                body.holidays.clear();
                body.source = String::new();
            }),
            ["/holidays request.range", "/source request.text"]
        );
        assert_eq!(refused(&|body| body.year = 1999), ["/year request.range"]);
        assert_eq!(refused(&|body| body.worked = vec!["2030-01-05".into(); 21])[0], "/worked request.range");
        assert_eq!(one.calendar().unwrap().next_year, next_year());
    }

    /// R0: what was provisional is counted again once its year is known, and what was certain stays as it was stated.
    fn a_provisional_last_day_moves_when_its_year_is_entered_and_a_certain_one_stays(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        let opening = json!({"category": "malicious", "subject": "投诉", "words": "请核实"});
        let last = on(next_year() - 1, 12, 31);
        move_to(platform, &last.plus_days(-2).to_string());
        let certain = owner.open("ticket", &channel, &opening);
        let stated = owner.see(&certain)["waits"].clone();
        let friday = monday(on(next_year(), 2, 1)).plus_days(-3);
        move_to(platform, &friday.to_string());
        let provisional = owner.open("ticket", &channel, &opening);
        let before = owner.see(&provisional);
        let saturday = friday.plus_days(1).to_string();
        assert_eq!((&before["waits"][0]["due_on"], &before["waits"][0]["is_provisional"]), (&json!(saturday), &json!(true)));

        enter(platform, &wish(next_year()));
        // The Sunday: by the day that was provisional it would be late.
        move_to(platform, &friday.plus_days(2).to_string());
        let after = owner.see(&provisional);
        let monday = friday.plus_days(17).to_string();
        assert_eq!((&after["waits"][0]["due_on"], &after["waits"][0]["is_provisional"]), (&json!(monday), &json!(false)));
        let steps: Vec<_> = after["timeline"].as_array().unwrap().iter().map(|step| step["action"].clone()).collect();
        assert_eq!(steps, ["open", "settle"], "it says so in its history, and nothing was late");
        assert_eq!(after["state"], before["state"]);
        platform.block_on(server::matter::service::expire(platform.world())).unwrap();
        assert_eq!(owner.see(&provisional)["version"], after["version"], "it is counted again once");
        assert_eq!(owner.see(&certain)["waits"][0]["due_on"], stated[0]["due_on"]);
    }

    /// R0: a default that was recorded at a provisional day stays with that day; it is not erased and recorded again.
    fn a_matter_with_a_recorded_default_is_not_counted_again(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        let friday = monday(on(next_year(), 2, 1)).plus_days(-3);
        move_to(platform, &friday.to_string());
        let opening = json!({"category": "malicious", "subject": "投诉", "words": "请核实"});
        let ticket = owner.open("ticket", &channel, &opening);
        let id: domain::id::MatterId = ticket.parse().unwrap();
        // One of two provisional days has passed and was recorded; the other is still to come.
        platform.write(move |tx| {
            let mut waits = store::matter::list_waits(tx, id.as_bytes())?;
            waits.push(store::matter::WaitRow { slot: 1, task: "another".into(), ..waits[0].clone() });
            waits[0].overdue_at = Some(1);
            Ok(store::matter::replace_waits(tx, id.as_bytes(), &waits)?)
        });
        enter(platform, &wish(next_year()));
        platform.block_on(server::matter::service::expire(platform.world())).unwrap();
        let waits = platform.read(move |tx| Ok(store::matter::list_waits(tx, id.as_bytes())?));
        assert_eq!((waits.len(), waits[0].overdue_at, waits[0].provisional), (2, Some(1), 1));
        assert_eq!(owner.see(&ticket)["timeline"].as_array().unwrap().len(), 1);
    }
}
