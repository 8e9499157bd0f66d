//! Monitoring over HTTP: months pass, are closed and measured, and what follows reaches the channel's inbox.

use crate::application::social_channel;
use crate::desk::{Desk, move_to};
use crate::harness::{CallerHandle, Platform};
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::org::OrgKind;
use domain::parameter::Name;
use domain::statistic::{Key, Kind};
use domain::time::BusinessDate;
use serde_json::{Value, json};
use store::channel::ChannelRow;
use store::qr::UseRow;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// So many issuances on a day.
fn issue(platform: &Platform, channel: &CallerHandle, on: &str, by: i64) {
    let division = DivisionCode::new(330_100).unwrap();
    let key = Key { day: day(on), channel: channel.channel_id(), division, kind: Kind::Issuance };
    platform.write(move |tx| {
        tx.count(key, by);
        Ok(())
    });
}

/// A use of a code by a holder on a day.
fn use_code(platform: &Platform, channel: &CallerHandle, on: &str, holder: u8) {
    let at = day(on).start().plus_seconds(12 * 3600).as_micros();
    let row = UseRow {
        bucket: at / 60_000_000,
        shard: 1,
        id: gm::random::bytes(),
        ecard_id: [holder; 16],
        binding_id: [0; 16],
        channel_id: channel.owner,
        caller: channel.owner,
        request_id: String::new(),
        purpose: "identity".into(),
        service: String::new(),
        division: "330106".into(),
        outcome: "ok".into(),
        at,
    };
    platform.write(move |tx| Ok(store::qr::spend(tx, &[&row]).map(drop)?));
}

/// Another channel with a key of its own, like `other` but for a change.
fn like(platform: &Platform, other: &CallerHandle, change: impl FnOnce(&mut ChannelRow)) -> CallerHandle {
    let (world, model) = (platform.world(), other.owner);
    let id = world.id(ChannelId::make);
    let mut row = platform.read(move |tx| Ok(store::channel::find(tx, &model)?.unwrap()));
    (row.id, row.number) = (*id.as_bytes(), format!("{:010}", platform.unique()));
    change(&mut row);
    platform.write(move |tx| Ok(store::channel::insert(tx, &row)?));
    platform.caller(world, id.to_string(), *id.as_bytes())
}

/// A level-2 channel of `head`, of the same entity or another.
fn below(platform: &Platform, head: &CallerHandle, relation: &str) -> CallerHandle {
    like(platform, head, |row| {
        row.level = 2;
        row.parent_id = Some(head.owner);
        row.relation = Some(relation.to_owned());
    })
}

/// Moves to a day and does what the platform does of itself.
fn pass(platform: &Platform, to: &str) {
    move_to(platform, to);
    platform.block_on(server::clock::service::consequences(platform.world())).unwrap();
}

/// Month `n` from now, its first day or another one.
fn month(platform: &Platform, n: i32, on: i32) -> String {
    platform.world().now().business_date().month().plus(n).first_day().plus_days(on - 1).to_string()
}

fn chart(desk: &Desk<'_>, channel: &CallerHandle, months: i32) -> Value {
    let path = format!("/api/v1/channels/{}/monitoring?months={months}", channel.id);
    let found = desk.send("GET", &path, 0, &Value::Null);
    assert_eq!(found.status, 200, "{}", found.json());
    found.json()
}

on_both! {
    /// CH-23.0b, CH-23.1a, CH-23.1e, CH-23.1f, R1, R3, R4: three closed months are measured, the group as one; a notice,
    /// three months, a warning; and good figures end it.
    fn a_channel_that_falls_short_is_noticed_warned_and_lifted(platform) {
        let head = platform.channel();
        let end = below(platform, &head, "same_entity");
        let (owner, operator) = (Desk::owner(platform, &head), Desk::operator(platform));
        let start: Vec<String> = (1..12).map(|n| month(platform, n, 1)).collect();
        // The month of going live is no full one: the first evaluation follows the third month after it.
        issue(platform, &head, &month(platform, 1, 5), 50);
        issue(platform, &end, &month(platform, 2, 5), 49);
        pass(platform, &start[2]);
        assert_eq!(operator.list("monitoring", &head), [""; 0], "two full months");
        pass(platform, &start[3]);
        let [matter] = &operator.list("monitoring", &head)[..] else { panic!("no notice") };
        let seen = owner.see(matter);
        assert_eq!(seen["state"], "noticed");
        assert_eq!(seen["body"]["tests"][0]["triggers"], json!(["issuance", "active_users"]));
        assert_eq!(operator.list("monitoring", &end), [""; 0], "the group counts as one");
        pass(platform, &start[3]);
        assert_eq!(operator.list("monitoring", &head).len(), 1, "a month is measured once");

        let told = owner.send("GET", "/api/v1/messages", 0, &Value::Null).json();
        assert_eq!(told["data"][0]["matter_id"], json!(matter));
        let inbox = owner.send("GET", "/api/v1/inbox", 0, &Value::Null).json();
        let task = inbox["items"].as_array().unwrap().iter().find(|item| item["matter"]["matter_id"] == json!(matter));
        assert_eq!(task.unwrap()["wait"]["clause"], "CH-23.1e");

        // Three months later, on the day after the last one, it is tested again.
        let over = seen["waits"][0]["due_on"].as_str().unwrap().to_owned();
        pass(platform, &over);
        assert_eq!(owner.see(matter)["state"], "noticed");
        pass(platform, &day(&over).plus_days(1).to_string());
        assert_eq!(owner.see(matter)["state"], "warned");
        owner.act(matter, &json!({"action": "file_plan", "words": "增设入口"}));
        operator.act(matter, &json!({"action": "accept_plan", "words": "同意"}));

        // The next month is good: 100 issuances in three months, and 3 % of 199 users would be 5.97.
        issue(platform, &head, &over, 100);
        let last = day(&over).month();
        for holder in 1..=6 {
            use_code(platform, if holder == 6 { &end } else { &head }, &over, holder);
            use_code(platform, &end, &over, holder);
        }
        pass(platform, &last.plus(1).first_day().to_string());
        assert_eq!((owner.see(matter)["state"].as_str(), owner.see(matter)["is_ended"].as_bool()),
            (Some("lifted"), Some(true)));
        let shown = chart(&owner, &end, 3);
        let newest = &shown["months"][2];
        assert_eq!((&newest["month"], &newest["issued"]), (&json!(last.to_string()), &json!(100)));
        assert_eq!((&newest["issued_total"], &newest["active_users"]), (&json!(199), &json!(6)), "a person counts once");
        assert_eq!((&newest["triggers"], &shown["months"][1]["triggers"]),
            (&json!([]), &json!(["issuance", "active_users"])));
        assert_eq!((&shown["channel_id"], &shown["member_ids"]), (&json!(head.id), &json!([end.id])));
        assert_eq!(shown["thresholds"]["min_issuance"], 100);
    }

    /// CH-23.2, CH-F2.10, R5: what was promised in form 2 is what is measured, quarter by quarter. Both figures below half in
    /// two quarters warn at once; exactly half in one of them does not.
    fn a_social_channel_is_measured_by_what_it_promised(platform) {
        // 400 a year are 100 a quarter, of which half is 50; 10 active users a month, of which half is 5.
        let handle = |id: ChannelId| platform.caller(platform.world(), id.to_string(), *id.as_bytes());
        let [short, enough] = [0, 1].map(|_| handle(social_channel(platform, 400, 10)));
        let operator = Desk::operator(platform);
        let by_promise = |channel: &CallerHandle| {
            let found = operator.list("monitoring", channel);
            let seen = found.iter().map(|matter| operator.see(matter));
            let quarters = seen.filter(|seen| seen["body"]["tests"][0]["figures"]["basis"] == "quarters");
            quarters.collect::<Vec<_>>()
        };
        // From the next quarter on, month by month: two full quarters and the day after.
        let now = platform.world().now().business_date().month();
        let first = now.plus(3 - now.as_number().rem_euclid(3));
        for place in 0..6 {
            let day = |on: i32| first.plus(place).first_day().plus_days(on).to_string();
            pass(platform, &day(0));
            let (is_last, is_second) = (place % 3 == 2, place >= 3);
            issue(platform, &short, &day(1), if is_last { 17 } else { 16 });
            issue(platform, &enough, &day(1), if is_last && is_second { 18 } else { 16 });
            for holder in 0..4 {
                use_code(platform, &short, &day(1), holder);
                use_code(platform, &enough, &day(1), 100 + holder);
            }
            assert!(by_promise(&short).is_empty(), "{}", day(0));
        }
        pass(platform, &first.plus(6).first_day().to_string());
        let [warned] = &by_promise(&short)[..] else { panic!("{:?}", by_promise(&short)) };
        assert_eq!((&warned["state"], &warned["waits"][0]["task"]), (&json!("warned"), &json!("file_plan")));
        let test = &warned["body"]["tests"][0];
        assert_eq!(test["triggers"], json!(["commitment"]));
        let promised = json!({"measure": "issuance", "annual": 400, "active": 10});
        assert_eq!(test["figures"]["commitment"], promised);
        let measured: Vec<_> = test["figures"]["quarters"].as_array().unwrap().iter()
            .map(|quarter| (quarter["amount"].clone(), quarter["active"].clone())).collect();
        assert_eq!(measured, [(json!(49), json!([4, 4, 4])), (json!(49), json!([4, 4, 4]))]);
        assert_eq!(by_promise(&enough), [] as [Value; 0], "50 of 100 is half");
        let quarters = [first, first.plus(3)].map(|month| month.to_string());
        let shown = |channel: &CallerHandle| chart(&operator, channel, 1);
        for (channel, second) in [(&short, (49, 4900, true, json!(["commitment"]))), (&enough, (50, 5000, false, json!([])))] {
            let shown = shown(channel);
            assert_eq!((&shown["thresholds"]["promise_basis_points"], &shown["thresholds"]["promise_run_quarters"]),
                (&json!(5000), &json!(2)));
            let promise = &shown["promise"];
            assert_eq!((&promise["measure"], &promise["annual"], &promise["monthly_active_users"]),
                (&json!("issuance"), &json!(400), &json!(10)));
            let (amount, part, is_missed, triggers) = second;
            let quarter = |place: usize, amount: i64, part: i64, is_missed: bool, triggers: Value| json!({
                "first_month": quarters[place], "last_month": first.plus(3 * i32::try_from(place).unwrap() + 2).to_string(),
                "amount": amount, "active_users": [4, 4, 4], "amount_basis_points": part, "active_basis_points": 4000,
                "is_missed": is_missed, "triggers": triggers,
            });
            let before = if amount == 49 { (49, 4900) } else { (48, 4800) };
            let listed = promise["quarters"].as_array().unwrap();
            let expected = [quarter(0, before.0, before.1, true, json!([])), quarter(1, amount, part, is_missed, triggers)];
            assert!(listed.ends_with(&expected), "{listed:?}");
        }
        assert_eq!(chart(&operator, &platform.channel(), 1)["promise"], Value::Null, "only class 社会 promises");
        pass(platform, &first.plus(6).first_day().plus_days(1).to_string());
        assert_eq!(by_promise(&short).len(), 1, "a quarter is measured once");
    }

    /// CH-22.1, CH-5.2: figures are shown to those concerned.
    fn the_figures_of_a_channel_are_its_own_and_its_regions(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let elsewhere = platform.org(OrgKind::ChannelOwner, "310000");
        let other = like(platform, &channel, |row| row.owner_id = *elsewhere.as_bytes());
        let path = format!("/api/v1/channels/{}/monitoring", channel.id);
        for (desk, status) in [
            (Desk::owner(platform, &channel), 200),
            (Desk::province(platform, "330000"), 200),
            (Desk::province(platform, "440000"), 404),
            (Desk::owner(platform, &other), 404),
        ] {
            assert_eq!(desk.send("GET", &path, 0, &Value::Null).status, status);
        }
        let owner = Desk::owner(platform, &channel);
        for (months, status) in [(0, 422), (1, 200), (36, 200), (37, 422)] {
            let asked = owner.send("GET", &format!("{path}?months={months}"), 0, &Value::Null);
            assert_eq!(asked.status, status, "{months}");
        }
    }

    /// CH-23.1a, CH-23.1c, CH-37.1: a value is tried on the closed months before anybody proposes it, and changes nothing.
    fn another_number_is_tried_on_the_months_that_are_closed(platform) {
        let [short, enough] = [(); 2].map(|()| platform.channel());
        for (channel, by) in [(&short, 99), (&enough, 100)] {
            issue(platform, channel, &month(platform, 1, 5), by);
            // 3 % of 100 are 3 persons, who use it in every month.
            for (place, holder) in (1..5).flat_map(|place| (0..3).map(move |holder| (place, holder))) {
                use_code(platform, channel, &month(platform, place, 6), holder);
            }
        }
        let last = platform.world().now().business_date().month().plus(3);
        for place in 0..3 {
            pass(platform, &last.plus(place - 1).first_day().to_string());
        }
        let ministry = Desk::ministry(platform);
        let path = |name: &str, query: &str| format!("/api/v1/parameters/{name}/trial?{query}");
        let tried = |value: i64| {
            let path = path("monitor.min_issuance", &format!("value={value}&months=2"));
            let found = ministry.send("GET", &path, 0, &Value::Null);
            assert_eq!(found.status, 200, "{}", found.json());
            found.json()
        };
        for (value, channels) in [(99, 0), (100, 1), (101, 2)] {
            let found = tried(value);
            assert_eq!((&found["standing"], &found["tried"]), (&json!(100), &json!(value)));
            assert_eq!((&found["channels_standing"], &found["channels_tried"]), (&json!(1), &json!(channels)), "{value}");
            assert_eq!(found["last_month"], json!(last.to_string()));
        }
        let found = tried(101);
        let rows: Vec<_> = found["shortfalls"].as_array().unwrap().iter()
            .map(|row| (row["channel_id"].as_str().unwrap(), row["standing"].clone(), row["tried"].clone()))
            .collect();
        let expected = [(short.id.as_str(), json!(["issuance"]), json!(["issuance"])), (enough.id.as_str(), json!([]), json!(["issuance"]))];
        assert!(rows.len() == 2 && expected.iter().all(|row| rows.contains(row)), "{rows:?}");
        for (name, query, status, code) in [
            ("monitor.min_issuance", "value=-1", 422, "parameter.range"),
            ("monitor.min_issuance", "value=1&months=37", 422, "request.fields"),
            ("code.ttl_seconds", "value=1", 422, "parameter.no_trial"),
            ("no.such", "value=1", 404, "resource.not_found"),
        ] {
            let refused = ministry.send("GET", &path(name, query), 0, &Value::Null);
            assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)), "{name} {query}");
        }
        assert_eq!(platform.world().parameter(Name::MinIssuance), 100);
    }

    /// CH-11.4d: every month, of every level-2 channel that was live in it; late is recorded, and taken.
    fn a_level_1_channel_reports_monthly_on_its_level_2_channels(platform) {
        let head = platform.channel();
        let end = below(platform, &head, "different_entity");
        let (owner, operator) = (Desk::owner(platform, &head), Desk::operator(platform));
        let (next, after) = (month(platform, 1, 1), month(platform, 2, 1));
        pass(platform, &next);
        pass(platform, &next);
        let [filing] = &operator.list("filing", &head)[..] else { panic!("no filing") };
        let seen = owner.see(filing);
        assert_eq!((&seen["state"], seen["body"]["channels"].as_array().unwrap().len()), (&json!("due"), 1));
        let due = seen["waits"][0]["due_on"].as_str().unwrap().to_owned();
        pass(platform, &day(&due).plus_days(1).to_string());
        let late = owner.see(filing);
        assert_eq!(late["timeline"][1]["action"], "overdue.report");
        assert!(late["waits"][0]["overdue_at"].is_string());
        let number = &seen["body"]["channels"][0];
        let rows = json!([{"channel": number, "issuance": 1, "active": 1, "uses": 2}]);
        // A file of rows is tried before it is sent: each wrong row is named, and nothing has happened.
        let wrong = json!([rows[0], {"channel": "33", "issuance": 1, "active": 1, "uses": 2}, rows[0]]);
        let refused = owner.rehearse(filing, &json!({"action": "report", "rows": wrong}));
        let told: Vec<_> = refused.json()["errors"].as_array().unwrap().iter()
            .map(|error| (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned()))
            .collect();
        let expected = [("/rows/1/channel", "channel.number"), ("/rows/2/channel", "filing.repeated")];
        assert_eq!(told, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let tried = owner.rehearse(filing, &json!({"action": "report", "rows": rows}));
        assert_eq!((tried.status, &tried.json()["state"]), (200, &json!("reported")));
        assert_eq!(owner.see(filing), late, "a dry run leaves nothing");

        owner.act(filing, &json!({"action": "report", "rows": rows}));
        let done = operator.act(filing, &json!({"action": "accept"}));
        assert_eq!((&done["is_ended"], &done["body"]["report"]["is_late"]), (&json!(true), &json!(true)));
        pass(platform, &after);
        assert_eq!(operator.list("filing", &head).len(), 2);
        assert_eq!(operator.list("filing", &end), [""; 0]);
    }
}
