//! What a channel of class 社会 promises, settled and measured.

use super::{decide, draft, fault_lines, government, known, review, social};
use crate::matter::{Kind, Known, Party};
use serde_json::{Value, json};

/// CH-F2.10, CH-23.2, R5: a channel is measured by the promise of its newest application in force: issuances, or usage
/// where only that was promised, with the quarters that were settled.
#[test]
fn a_promise_in_force_is_the_baseline_of_monitoring() {
    use crate::monitoring::{Commitment, Measure};
    let settled = |promise: Value| {
        let mut play = draft(&social());
        play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
        review(&mut play);
        play.act(Party::Ministry, &decide(&["310000"])).unwrap();
        let allocate =
            json!({ "action": "allocate", "words": "协商一致", "commitment": promise }).to_string();
        play.act(Party::Operator, &allocate).map(|()| play.matter.unwrap().body)
    };
    let in_force = |state: &str, day: &str, promise: Value| Known {
        body: settled(promise).unwrap(),
        opened_at: format!("{day}T09:00:00+08:00").parse().unwrap(),
        ..known(Kind::Application, state)
    };
    let issuance =
        in_force("live", "2026-01-05", json!({ "issuance": 400, "usage": 9, "monthly_active": 7 }));
    let commitment = |measure, annual, quarterly| Commitment { measure, annual, quarterly, active: 7 };
    let baseline = crate::application::Application::baseline;
    assert_eq!(baseline(std::slice::from_ref(&issuance)), Some(commitment(Measure::Issuance, 400, None)));
    let quarters = json!([1, 2, 3, 4]);
    let usage = json!({ "issuance": null, "usage": 10, "monthly_active": 7, "quarterly": quarters });
    let newer = in_force("live", "2026-01-06", usage.clone());
    let found = Some(commitment(Measure::Usage, 10, Some([1, 2, 3, 4])));
    assert_eq!(baseline(&[newer.clone(), issuance.clone()]), found);
    assert_eq!(baseline(&[issuance.clone(), newer]), found, "whatever their order");
    let pending = in_force("testing", "2026-01-07", usage);
    assert_eq!(baseline(&[pending, issuance.clone()]).unwrap().annual, 400, "not before it is in force");
    assert_eq!(baseline(&[known(Kind::Agreement, "live")]), None);
    let mut change =
        in_force("live", "2026-01-08", json!({ "issuance": 1, "usage": null, "monthly_active": 1 }));
    change.body = change.body.replace(r#""purpose":"access""#, r#""purpose":"change""#);
    assert_eq!(baseline(&[change, issuance.clone()]).unwrap().annual, 400, "a change settles no promise");
    for quarterly in [json!([1, 2, 3, 5]), json!([u64::MAX, 1, 0, 0])] {
        let promise = json!({ "issuance": 10, "usage": null, "monthly_active": 7, "quarterly": quarterly });
        assert_eq!(fault_lines(&settled(promise).unwrap_err()), ["/commitment application.commitment"]);
    }
}

/// CH-F2.10: the promise is settled with the operator.
#[test]
fn a_promise_is_settled_with_the_operator() {
    let settled = json!({ "issuance": 600_000, "usage": null, "monthly_active": 120_000 });
    for (forms, accepted) in [(social(), true), (government(), false)] {
        let mut play = draft(&forms);
        play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
        review(&mut play);
        play.act(Party::Ministry, &decide(&["310000"])).unwrap();
        let allocate =
            json!({ "action": "allocate", "words": "协商一致", "commitment": settled }).to_string();
        assert_eq!(play.act(Party::Operator, &allocate).is_ok(), accepted);
        let body: crate::application::Application =
            serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
        assert_eq!(body.commitment().and_then(|promise| promise.issuance), accepted.then_some(600_000));
    }
}
