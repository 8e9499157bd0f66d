//! How long the steps of applications took, by their own history.

use crate::application::{Actor, open_application};
use crate::harness::{Platform, refusal};
use domain::channel::Class;
use domain::id::{ChannelId, MatterId};
use domain::org::Role;
use sdk::types::duration::StepDuration;
use store::channel::ChannelRow;
use store::matter::StepRow;

const DAY: i64 = 86_400;

/// Writes that an application entered the ministry's review and left it after so many days, and ended.
fn reviewed(platform: &Platform, days: i64, class: Class) {
    let matter = open_application(platform, &Actor::owner(platform));
    let id = *matter.parse::<MatterId>().unwrap().as_bytes();
    let (live, channel) = (platform.channel().owner, platform.world().id(ChannelId::make));
    let number = format!("9{:09}", platform.unique());
    let (from, until) = {
        let now = platform.world().now();
        (now.as_micros(), now.plus_seconds(days * DAY).as_micros())
    };
    platform.write(move |tx| {
        let mut row = store::matter::lock(tx, &id)?.unwrap();
        let step = |number: i64, at: i64, action: &str, from_state: &str, to_state: &str| StepRow {
            matter_id: id,
            number,
            at,
            party: "owner".into(),
            staff_id: None,
            org_id: None,
            in_place_of: None,
            action: action.into(),
            from_state: Some(from_state.into()),
            to_state: to_state.into(),
            words: None,
        };
        store::matter::insert_step(tx, &step(10, from, "file", "draft", "ministry_review"))?;
        store::matter::insert_step(tx, &step(11, from, "reply", "ministry_review", "ministry_review"))?;
        store::matter::insert_step(tx, &step(12, until, "decide", "ministry_review", "allocation"))?;
        row.channel_id = Some(*channel.as_bytes());
        row.changed_at = until;
        row.version += 1;
        store::matter::update(tx, &row)?;
        let like = store::channel::find(tx, &live)?.unwrap();
        let id = *channel.as_bytes();
        Ok(store::channel::insert(
            tx,
            &ChannelRow { id, number: number.clone(), class: class.to_string(), ..like },
        )?)
    });
}

fn of(steps: &[StepDuration], state: &str) -> StepDuration {
    steps.iter().find(|one| one.state == state).unwrap().clone()
}

on_both! {
    /// CH-9.0: of enough cases the median and nine of ten are told, by class and period, to the applicant as to the ministry; of too few
    /// nothing, not even how many there are.
    fn it_is_told_how_long_a_step_took_of_enough_cases(platform) {
        let owner = platform.staff(Role::ChannelAdmin, "330100");
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let told = |class: Option<&str>| of(&ministry.application_durations(class, (None, None)).unwrap().steps, "ministry_review");
        for days in [1, 2, 3, 4] {
            reviewed(platform, days, Class::Government);
        }
        platform.clock().advance(30 * DAY);
        assert_eq!((told(None).cases, told(None).median_seconds), (None, None), "of four nothing is told");
        reviewed(platform, 10, Class::Bank);
        platform.clock().advance(11 * DAY);
        let all = told(None);
        assert_eq!((all.cases, all.median_seconds, all.ninety_seconds), (Some(5), Some(3 * DAY), Some(10 * DAY)));
        assert_eq!(of(&owner.application_durations(None, (None, None)).unwrap().steps, "ministry_review"), all);
        assert_eq!((told(Some("bank")).cases, told(Some("government")).cases, told(Some("social")).cases), (None, None, None));
        assert_eq!(of(&ministry.application_durations(None, (None, None)).unwrap().steps, "allocation").cases, None, "what goes on is not counted");

        let recent = platform.world().now().business_date().plus_days(-5).to_string();
        let found = ministry.application_durations(None, (Some(&recent), None)).unwrap();
        assert_eq!((of(&found.steps, "ministry_review").cases, found.from_on, found.min_cases), (None, recent, 5));
        let early = ministry.application_durations(None, (None, Some("2020-01-01"))).unwrap();
        assert!(early.steps.iter().all(|one| one.cases.is_none()));
        let far = owner.application_durations(None, (Some("2000-01-01"), None));
        assert_eq!(refusal(far), (422, "request.fields".into()), "not all of history at once");
        assert_eq!(refusal(ministry.application_durations(None, (Some("gestern"), None))).0, 422);
    }
}
