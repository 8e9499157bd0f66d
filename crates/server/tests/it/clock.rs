use crate::harness::{Platform, refusal};
use domain::org::{OrgKind, Role};
use sdk::types::clock::AdvanceClock;
use sdk::types::matter::OpenMatter;
use serde_json::{Value, json};

fn operator(platform: &Platform) -> sdk::client::Staff {
    platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000")
}

fn ahead(platform: &Platform) -> i64 {
    let reply = platform.request("GET", "/sandbox/api/v1/clock", &[], b"");
    assert_eq!(reply.status, 200);
    reply.json()["ahead_seconds"].as_i64().unwrap()
}

on_both! {
    fn the_sandboxes_business_time_is_moved_forward_and_productions_stays(platform) {
        let operator = operator(platform);
        assert_eq!(ahead(platform), 0);
        let before = platform.world().now();
        let moved = operator.advance_clock(&AdvanceClock { seconds: 366 * 86_400 }).unwrap();
        assert!((366 * 86_400 - 1..=366 * 86_400 + 1).contains(&moved.ahead_seconds));
        operator.advance_clock(&AdvanceClock { seconds: 1 }).unwrap();
        assert!((366 * 86_400..=366 * 86_400 + 2).contains(&ahead(platform)));
        assert!(platform.world().now() < before.plus_seconds(3600), "production goes by real time");
        assert_eq!(operator.orgs().count(), 1, "sessions go by real time");
    }

    fn what_fell_due_has_its_consequences_with_the_move(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["330000"]);
        let clerk = platform.staff_in(platform.sandbox(), Role::OperatorClerk, "000000");
        let today = platform.sandbox().now().business_date().to_string();
        let pause = json!({"topic": "pause", "subject": "停服", "words": "22时至24时", "acknowledge_by": today});
        let notice = OpenMatter {
            kind: "notice".into(), channel_id: Some(channel.id.clone()), parent_id: None, opening: pause,
        };
        let notice = clerk.open_matter(&notice).unwrap().matter_id;
        assert_eq!(clerk.matter(&notice).unwrap().timeline.len(), 1);
        operator(platform).advance_clock(&AdvanceClock { seconds: 30 * 86_400 }).unwrap();
        let seen = clerk.matter(&notice).unwrap();
        assert_eq!(seen.timeline[1].action, "overdue.acknowledge");
        assert!(seen.waits[0].overdue_at.is_some());
    }

    fn a_move_is_forward_and_bounded(platform) {
        let operator = operator(platform);
        for seconds in [0, -1, 366 * 86_400 + 1, i64::MAX] {
            let error = operator.advance_clock(&AdvanceClock { seconds }).unwrap_err();
            let problem = error.problem().unwrap();
            assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "/seconds"), "{seconds}");
            assert_eq!(problem.errors[0].code, "clock.step");
        }
        assert_eq!(ahead(platform), 0);
        for _ in 0..100 {
            operator.advance_clock(&AdvanceClock { seconds: 366 * 86_400 }).unwrap();
        }
        let outcome = operator.advance_clock(&AdvanceClock { seconds: 1 });
        assert_eq!(refusal(outcome), (409, "clock.reach".into()));
    }

    fn only_the_operators_administrator_moves_it(platform) {
        let clerk = platform.staff_in(platform.sandbox(), Role::OperatorClerk, "000000");
        assert_eq!(refusal(clerk.advance_clock(&AdvanceClock { seconds: 1 })), (403, "staff.role".into()));
    }

    fn production_has_no_clock_to_read_or_to_move(platform) {
        let reply = platform.request("GET", "/api/v1/clock", &[], b"");
        assert_eq!((reply.status, reply.code().as_str()), (404, "resource.not_found"));
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let reply = platform.request_as(&token, "POST", "/api/v1/clock/advance", &json!({"seconds": 1}));
        assert_eq!((reply.status, reply.code().as_str()), (404, "resource.not_found"));
        assert_eq!(platform.request_as(&token, "GET", "/api/v1/clock", &Value::Null).status, 404);
    }

    fn another_process_goes_on_where_the_clock_was_moved_to(platform) {
        operator(platform).advance_clock(&AdvanceClock { seconds: 86_400 }).unwrap();
        let reopened = platform.sandbox_reopened();
        let ahead = |world: &server::World| world.now().as_seconds() - world.real_now().as_seconds();
        assert!((86_399..=86_401).contains(&ahead(&reopened)));
        operator(platform).advance_clock(&AdvanceClock { seconds: 86_400 }).unwrap();
        platform.block_on(server::clock::service::refresh(&reopened)).unwrap();
        assert!((2 * 86_400 - 1..=2 * 86_400 + 1).contains(&ahead(&reopened)), "and notices the next move");
    }
}
