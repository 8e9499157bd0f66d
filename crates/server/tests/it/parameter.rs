use crate::harness::{HANGZHOU, Platform, refusal};
use domain::org::Role;
use domain::parameter::Name;
use sdk::client::Staff;
use sdk::types::parameter::{
    DecideParameter, ParameterDecision, ParameterState, ParameterVersionView, ProposeParameter,
};

const NAME: &str = "code.ttl_seconds";

/// Days from today, as the platform writes them.
fn in_days(platform: &Platform, days: i32) -> String {
    platform.world().now().business_date().plus_days(days).to_string()
}

fn wish(platform: &Platform, value: i64, days: i32) -> ProposeParameter {
    ProposeParameter { value, begins_on: in_days(platform, days), reason: "试点反馈".into() }
}

fn decide(
    by: &Staff,
    version: &ParameterVersionView,
    decision: ParameterDecision,
) -> Result<ParameterVersionView, sdk::client::Error> {
    let request = DecideParameter { decision, reason: "已核对".into() };
    by.decide_parameter(&version.version_id, version.version, &request)
}

on_both! {
    /// CH-37.1
    fn a_number_changes_on_its_day_when_a_second_reviewer_has_approved_it(platform) {
        let [one, other] = [(); 2].map(|()| platform.staff(Role::MinistryReviewer, "000000"));
        let delivered = one.parameter(NAME).unwrap();
        assert_eq!((delivered.value, delivered.number, delivered.versions.len()), (60, 1, 0));

        let proposed = one.propose_parameter(NAME, &wish(platform, 30, 2)).unwrap();
        assert_eq!((proposed.number, proposed.state), (2, ParameterState::Proposed));
        assert_eq!(proposed.reason.as_deref(), Some("试点反馈"));
        platform.clock().advance(3 * 86_400);
        assert_eq!(platform.world().parameter(Name::CodeTtl), 60, "nothing is in force unapproved");
        platform.clock().advance(-3 * 86_400);

        let approved = decide(&other, &proposed, ParameterDecision::Approve).unwrap();
        assert_eq!((approved.state, approved.version), (ParameterState::Approved, 2));
        assert_eq!(approved.decision_reason.as_deref(), Some("已核对"));
        assert_eq!(platform.world().parameter(Name::CodeTtl), 60, "its day has not begun");
        platform.clock().advance(2 * 86_400);
        assert_eq!(platform.world().parameter(Name::CodeTtl), 30);
        let today = other.parameter(NAME).unwrap();
        assert_eq!((today.value, today.number, today.versions), (30, 2, vec![approved]));
        assert_eq!(platform.world().parameters().get(Name::CodeTtl, "2020-01-01".parse().unwrap()), 60);
    }

    /// CH-37.1
    fn nobody_approves_what_they_proposed_and_a_decision_is_final(platform) {
        let [one, other] = [(); 2].map(|()| platform.staff(Role::MinistryReviewer, "000000"));
        let proposed = one.propose_parameter(NAME, &wish(platform, 30, 2)).unwrap();
        let own = decide(&one, &proposed, ParameterDecision::Approve);
        assert_eq!(refusal(own), (409, "parameter.own_proposal".into()));
        let second = one.propose_parameter(NAME, &wish(platform, 20, 9));
        assert_eq!(refusal(second), (409, "parameter.pending".into()));
        let rejected = decide(&one, &proposed, ParameterDecision::Reject).unwrap();
        assert_eq!(rejected.state, ParameterState::Rejected);
        assert_eq!(refusal(decide(&other, &proposed, ParameterDecision::Approve)), (412, "resource.stale".into()));
        let again = decide(&other, &rejected, ParameterDecision::Approve);
        assert_eq!(refusal(again), (409, "parameter.decided".into()));
        let next = other.propose_parameter(NAME, &wish(platform, 20, 9)).unwrap();
        assert_eq!(next.number, 3, "a rejected version keeps its number");
        assert_eq!(one.parameter(NAME).unwrap().versions.len(), 2);
    }

    /// CH-37.1
    fn a_version_lies_in_its_range_and_in_the_future(platform) {
        let [one, other] = [(); 2].map(|()| platform.staff(Role::MinistryReviewer, "000000"));
        for (value, days, status, code) in [
            (61, 2, 422, "parameter.range"),
            (0, 2, 422, "parameter.range"),
            (30, 1, 422, "parameter.early"),
            (30, -400, 422, "parameter.early"),
        ] {
            let refused = refusal(one.propose_parameter(NAME, &wish(platform, value, days)));
            assert_eq!(refused, (status, code.into()), "{value} in {days} days");
        }
        let shapeless = ProposeParameter { begins_on: "2026-13-01".into(), ..wish(platform, 30, 2) };
        assert_eq!(refusal(one.propose_parameter(NAME, &shapeless)), (422, "request.fields".into()));
        let unknown = one.propose_parameter("code.colour", &wish(platform, 30, 2));
        assert_eq!(refusal(unknown), (404, "resource.not_found".into()));

        let late = one.propose_parameter(NAME, &wish(platform, 30, 2)).unwrap();
        platform.clock().advance(86_400);
        assert_eq!(refusal(decide(&other, &late, ParameterDecision::Approve)), (422, "parameter.early".into()));
        decide(&other, &late, ParameterDecision::Reject).unwrap();
        let first = one.propose_parameter(NAME, &wish(platform, 30, 5)).unwrap();
        decide(&other, &first, ParameterDecision::Approve).unwrap();
        let between = one.propose_parameter(NAME, &wish(platform, 20, 5));
        assert_eq!(refusal(between), (409, "parameter.order".into()), "history is not rewritten");
    }

    fn every_parameter_is_listed_with_what_waits_for_whom(platform) {
        let reviewer = platform.staff(Role::MinistryReviewer, "000000");
        reviewer.propose_parameter(NAME, &wish(platform, 30, 2)).unwrap();
        let listed: Vec<_> = platform.operator().parameters().map(Result::unwrap).collect();
        assert_eq!(listed.len(), Name::ALL.len());
        let waiting: Vec<_> = listed.iter().filter(|row| !row.versions.is_empty()).map(|row| row.name.as_str()).collect();
        assert_eq!(waiting, [NAME]);
        let issuance = listed.iter().find(|row| row.name == "monitor.min_issuance").unwrap();
        assert_eq!((issuance.value, issuance.clause.as_deref()), (100, Some("CH-23.1a")));
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let refused = refusal(region.propose_parameter(NAME, &wish(platform, 30, 2)));
        assert_eq!(refused, (403, "staff.role".into()));
    }
}
