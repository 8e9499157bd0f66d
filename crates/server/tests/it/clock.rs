use crate::harness::{Platform, refusal};
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use sdk::types::clock::AdvanceClock;
use sdk::types::matter::OpenMatter;
use sdk::types::statistic::{RehearseStatistics, RehearsedFigures, RehearsedUses};
use serde_json::{Value, json};
use server::World;

fn operator(platform: &Platform) -> sdk::client::Staff {
    platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000")
}

fn admin_of(platform: &Platform, world: &World) -> Private {
    platform.token(world, Role::OperatorAdmin, platform.org_in(world, OrgKind::Operator, "000000"))
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

    /// CH-23.1b: figures that are rehearsed month by month are measured like any other.
    fn a_decline_is_rehearsed_and_measured_at_the_close_of_each_month(platform) {
        let sandbox = platform.sandbox();
        let channel = platform.channel_in(sandbox, &["330000"]);
        let operator = operator(platform);
        let clerk = platform.staff_in(sandbox, Role::OperatorClerk, "000000");
        let rehearsed = |issued| {
            let month = platform.sandbox().now().business_date().month().to_string();
            let figures = RehearsedFigures {
                channel_id: channel.id.clone(), division: "330106".into(), month,
                issued, uses: 2 * issued, active_users: issued,
                services: vec![RehearsedUses { service: "query.card".into(), uses: issued }],
            };
            RehearseStatistics { figures: vec![figures] }
        };
        // As a server does when it starts: days are counted from here on.
        platform.block_on(server::statistic::service::close_days(sandbox)).unwrap();
        let start = sandbox.now().business_date().month();
        for issued in [8_000, 8_000, 3_999, 1_999, 999] {
            operator.rehearse_statistics(&rehearsed(issued)).unwrap();
            assert_eq!(clerk.matters_of_channel("monitoring", &channel.id).count(), 0, "{issued}");
            let next = sandbox.now().business_date().month().plus(1).first_day().plus_days(1);
            let seconds = next.start().micros_since(sandbox.now()) / 1_000_000;
            operator.advance_clock(&AdvanceClock { seconds }).unwrap();
        }
        let found: Vec<_> = clerk.matters_of_channel("monitoring", &channel.id).map(Result::unwrap).collect();
        assert_eq!(found.len(), 1, "half and less, three months running");
        let from = start.first_day().to_string();
        let path = format!("/sandbox/api/v1/statistics?from_on={from}&to_on={}&group=month", start.last_day());
        let token = admin_of(platform, sandbox);
        let row = platform.request_as(&token, "GET", &path, &Value::Null).json()["data"][0].clone();
        assert_eq!((&row["issued"], &row["uses"], &row["active_users"]), (&json!(8_000), &json!(16_000), &json!(8_000)));
        let path = format!("/sandbox/api/v1/statistics/services?month={start}");
        let used = platform.request_as(&token, "GET", &path, &Value::Null).json()["services"][0].clone();
        assert_eq!((&used["service"], &used["uses"]), (&json!("query.card"), &json!(8_000)));
    }

    fn what_is_rehearsed_is_of_this_month_and_of_the_sandbox(platform) {
        let channel = platform.channel_in(platform.sandbox(), &["330000"]);
        let today = platform.sandbox().now().business_date();
        let one = |month: String, issued| RehearsedFigures {
            channel_id: channel.id.clone(), division: "330106".into(), month, issued, uses: 0, active_users: 0, services: Vec::new(),
        };
        let operator = operator(platform);
        let good = one(today.month().to_string(), 1);
        let used = |one: &RehearsedFigures, service: &str, uses| RehearsedFigures {
            services: vec![RehearsedUses { service: service.into(), uses }], ..one.clone()
        };
        for (bad, pointer, code) in [
            (one(today.month().plus(-1).to_string(), 1), "/figures/1/month", "statistic.month"),
            (one(today.month().plus(1).to_string(), 1), "/figures/1/month", "statistic.month"),
            (one(today.month().to_string(), -1), "/figures/1/issued", "statistic.figure"),
            (used(&good, "query.card", 1), "/figures/1/services", "statistic.parts"),
            (used(&good, "query.nothing", 0), "/figures/1/services/0/service", "service.unknown"),
            (one(today.month().to_string(), 1_000_000_001), "/figures/1/issued", "statistic.figure"),
        ] {
            let request = RehearseStatistics { figures: vec![good.clone(), bad] };
            let error = operator.rehearse_statistics(&request).unwrap_err();
            let problem = error.problem().unwrap();
            assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, pointer));
            assert_eq!(problem.errors[0].code, code);
        }
        let path = format!("/sandbox/api/v1/statistics?from_on={today}&to_on={today}&group=month");
        let token = admin_of(platform, platform.sandbox());
        let seen = platform.request_as(&token, "GET", &path, &Value::Null).json();
        assert_eq!(seen["data"], json!([]), "a refused request records nothing");
        let elsewhere = admin_of(platform, platform.world());
        let body = json!({"figures": [{"channel_id": channel.id, "division": "330106",
            "month": today.month().to_string(), "issued": 1, "uses": 1, "active_users": 1}]});
        let refused = platform.request_as(&elsewhere, "POST", "/api/v1/statistics/rehearsals", &body);
        assert_eq!(refused.status, 404, "production has no rehearsals");
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
