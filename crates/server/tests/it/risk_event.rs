//! Risk events over HTTP: what an event withholds, it withholds from the next request on; what a grade ends, it ends in
//! the same transaction.

use crate::desk::{Desk, day_after, move_to};
use crate::ecard::scene::{self, channel, holder};
use crate::harness::{CallerHandle, Platform, refusal};
use domain::id::MatterId;
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};

fn leak(platform: &Platform) -> Value {
    json!({"incident": "data_leak", "discovered_at": platform.world().now().to_string(), "words": "日志外泄"})
}

/// An event of a channel that one of the operator proposes to be of this cause and another confirms.
fn graded(platform: &Platform, channel: &CallerHandle, cause: &str) -> String {
    let event = Desk::owner(platform, channel).open("risk_event", channel, &leak(platform));
    let propose =
        json!({"action": "propose", "cause": cause, "words": "核实", "recipient": {"name": "某公司"}});
    Desk::operator(platform).act(&event, &propose);
    Desk::operator(platform).act(&event, &json!({"action": "confirm", "words": "属实"}));
    event
}

fn standing(platform: &Platform, channel: &CallerHandle) -> (String, usize) {
    let id = channel.owner;
    platform.read(move |tx| {
        let row = store::channel::find(tx, &id)?.unwrap();
        Ok((row.phase, row.measures.len()))
    })
}

on_both! {
    /// CH-30.1, CH-31.2, R10.
    fn an_event_of_grade_two_stops_the_very_next_request_until_a_retest_passes(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        holder.code(&client).unwrap();
        let owner = Desk::owner(platform, &handle);
        let event = owner.open("risk_event", &handle, &leak(platform));
        let stopped = || refusal(holder.code(&client)).1;
        assert_eq!(stopped(), "authorization.channel_missing", "contained as grade 2 before anybody has graded it");
        let first = Desk::operator(platform);
        first.act(&event, &json!({"action": "propose", "cause": "ordinary_leak", "words": "核实"}));
        let own = first.try_act(&event, &json!({"action": "confirm", "words": "属实"}));
        assert_eq!(own.code(), "matter.same_person");
        Desk::operator(platform).act(&event, &json!({"action": "confirm", "words": "属实"}));
        assert_eq!(stopped(), "authorization.channel_missing");
        owner.act(&event, &json!({"action": "rectify", "words": "已修复"}));
        let observed = first.act(&event, &json!({"action": "pass", "words": "复测达标"}));
        assert_eq!(observed["state"], "observing");
        holder.code(&client).unwrap();
        let path = format!("/api/v1/channels/{}/measures", handle.id);
        let measures = owner.send("GET", &path, 0, &Value::Null).json();
        let [contained, graded] = &measures["data"].as_array().unwrap()[..] else { panic!("{measures}") };
        for one in [contained, graded] {
            assert_eq!((&one["withheld"], &one["matter_id"]), (&json!("all"), &json!(event)));
            assert!(one["lifted_at"].is_string(), "kept as history: {one}");
        }
    }

    /// CH-31.1, R9.
    fn an_event_of_grade_one_keeps_new_holders_out_and_serves_the_others(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        graded(platform, &handle, "page_tampering");
        holder.code(&client).unwrap();
        let person = scene::person(platform, domain::card::Phase::Active);
        let device = scene::device(&client);
        let claimed = client.claim_ecard(&scene::claim(&person, &device));
        assert_eq!(refusal(claimed).1, "authorization.channel_missing");
    }

    /// Suspension is the union of the open measures: what one event gives back, the other still withholds.
    fn two_events_withhold_what_either_withholds(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        let first = graded(platform, &handle, "ordinary_leak");
        let second = graded(platform, &handle, "page_tampering");
        assert_eq!(standing(platform, &handle).1, 2);
        let owner = Desk::owner(platform, &handle);
        for (event, is_served) in [(second, false), (first, true)] {
            owner.act(&event, &json!({"action": "rectify", "words": "已修复"}));
            Desk::operator(platform).act(&event, &json!({"action": "pass", "words": "达标"}));
            assert_eq!(holder.code(&client).is_ok(), is_served);
        }
        assert_eq!(standing(platform, &handle), ("live".to_owned(), 0));
    }

    /// CH-31.1, CH-31.2, CH-31.3: what a step would break is foreseen by the rule that then breaks it.
    fn what_a_step_would_break_is_said_before_and_is_what_breaks(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        holder.code(&client).unwrap();
        let operator = Desk::operator(platform);
        let ask = |by: &Desk<'_>, query: &str| {
            by.send("GET", &format!("/api/v1/channels/{}/impact{query}", handle.id), 0, &Value::Null)
        };
        let stops = |query: &str| {
            let found = ask(&operator, query).json();
            let uses: std::collections::BTreeSet<String> = found["stops"].as_array().unwrap().iter()
                .flat_map(|stop| stop["uses"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()))
                .collect();
            uses.into_iter().collect::<Vec<_>>().join(" ")
        };
        let (whole, new) = ("issue open_application serve", "issue open_application");
        for (query, said) in [
            ("", whole), ("?withheld=new_holders", new), ("?ends=true", whole), ("?cause=page_tampering", new),
            ("?cause=ordinary_leak", whole), ("?cause=data_retained", whole), ("?withheld=services&services=pay.code", "open_application serve"),
        ] {
            assert_eq!(stops(query), said, "{query}");
        }
        let month = json!(crate::desk::day_after(platform, 1, 0));
        for (query, day) in [
            ("", &Value::Null), ("?cause=page_tampering", &month), ("?cause=ordinary_leak", &month),
            ("?cause=data_retained", &Value::Null), ("?cause=ordinary_leak&ends=true", &Value::Null),
        ] {
            assert_eq!(&ask(&operator, query).json()["rectify_by"], day, "{query}");
        }
        let day = platform.world().now().business_date().plus_days(-1);
        let key = domain::statistic::Key { day, channel: handle.channel_id(), division: "330100".parse().unwrap(),
            kind: domain::statistic::Kind::Use };
        platform.write(move |tx| { tx.count(key, 15); Ok(()) });
        let usage = ask(&operator, "").json()["usage"].clone();
        assert_eq!((&usage["uses"], &usage["to_on"]), (&json!(3), &json!(day.to_string())), "15 in a week are 3 a day");
        for (query, pointer) in [
            ("?withheld=some", "?withheld"), ("?cause=bad", "?cause"), ("?withheld=services&services=x", "?services"),
            ("?withheld=services", "?services"), ("?withheld=services&services=,", "?services"),
            ("?services=pay.code", "?services"), ("?withheld=all&services=pay.code", "?services"),
            ("?cause=ordinary_leak&withheld=new_holders", "?withheld"), ("?matter_id=1", "?matter_id"),
        ] {
            let wrong = ask(&operator, query);
            assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}");
        }
        let elsewhere = platform.new_org(OrgKind::ChannelOwner, "330100");
        let elsewhere = platform.token(platform.world(), Role::ChannelAdmin, elsewhere);
        let path = format!("/api/v1/channels/{}/impact", handle.id);
        assert_eq!(platform.request_as(&elsewhere, "GET", &path, &Value::Null).status, 404, "out of sight");
        let event = graded(platform, &handle, "page_tampering");
        holder.code(&client).unwrap();
        assert_eq!(stops("?withheld=new_holders"), "", "nothing more than is stopped");
        assert_eq!(stops(&format!("?withheld=all&matter_id={event}")), "serve");
        graded(platform, &handle, "ordinary_leak");
        assert_eq!(stops(""), "");
        assert_eq!(refusal(holder.code(&client)).1, "authorization.channel_missing");
    }

    /// CH-31.3, CH-36.1, R19.
    fn an_event_of_grade_three_revokes_the_keys_with_the_grade_and_opens_the_deletion(platform) {
        let (handle, client) = channel(platform);
        holder(platform, &client);
        let event = graded(platform, &handle, "credentials_handed_over");
        let signed = refusal(handle.signed().ecard("bnd_00000000000000000000000000"));
        assert_eq!(signed.0, 401, "{signed:?}");
        assert_eq!(standing(platform, &handle).0, "terminated");
        let (owner, event_id) = (handle.owner, *event.parse::<MatterId>().unwrap().as_bytes());
        let (keys, changed_at) = platform.read(move |tx| {
            let keys = store::key::list_owned(tx, &owner)?;
            Ok((keys, store::matter::find(tx, &event_id)?.unwrap().changed_at))
        });
        assert!(!keys.is_empty() && keys.iter().all(|key| key.state == "revoked"));
        assert!(keys.iter().all(|key| key.retired_at == Some(changed_at)), "at the very moment of the grade");
        let operator = Desk::operator(platform);
        let exits = operator.list("exit", &handle);
        assert_eq!(exits.len(), 1);
        assert_eq!(operator.see(&exits[0])["state"], "deleting");
    }

    /// R8: nothing ends by itself; operator and ministry renew the month once.
    fn a_month_in_vain_waits_for_operator_and_ministry(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        let event = graded(platform, &handle, "ordinary_leak");
        let operator = Desk::operator(platform);
        move_to(platform, &day_after(platform, 1, 0));
        assert_eq!(operator.see(&event)["state"], "rectifying", "the last day counts");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(operator.see(&event)["state"], "overdue");
        assert_eq!(refusal(holder.code(&client)).1, "authorization.channel_missing");
        operator.act(&event, &json!({"action": "propose_decision", "decision": "renew", "words": "延长一次"}));
        let agreed = Desk::ministry(platform).act(&event, &json!({"action": "agree", "words": "同意"}));
        assert_eq!(agreed["state"], "rectifying");
        assert_eq!(agreed["waits"][0]["due_on"], day_after(platform, 1, 0));
    }

    /// CH-24.3, CH-27.3: six months later the platform closes an event whose cause is known.
    fn an_observed_event_is_closed_by_the_platform(platform) {
        let (handle, _) = channel(platform);
        let event = graded(platform, &handle, "ordinary_leak");
        let owner = Desk::owner(platform, &handle);
        owner.act(&event, &json!({"action": "record_cause", "words": "运维账号泄露"}));
        owner.act(&event, &json!({"action": "rectify", "words": "已修复"}));
        Desk::operator(platform).act(&event, &json!({"action": "pass", "words": "达标"}));
        move_to(platform, &day_after(platform, 6, 0));
        assert_eq!(owner.see(&event)["state"], "observing");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(owner.see(&event)["state"], "closed");
    }

    /// CH-31.1, CH-31.2, CH-33.2, R9: whatever was opened, changed and lifted before, the very next request meets the union of
    /// what is open now.
    fn the_next_request_meets_the_union_of_what_is_open(platform) {
        let (handle, client) = channel(platform);
        let holder = holder(platform, &client);
        let (id, mut seed) = (handle.owner, 20_260_302_u64);
        let mut below = |most: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % most).unwrap()
        };
        let (mut open, mut phase) = ([None::<&str>; 3], "live");
        for step in 0..48 {
            let place = below(3);
            let measure = *platform.world().id(domain::id::MeasureId::make).as_bytes();
            let (matter, now) = ([u8::try_from(place).unwrap() + 1; 16], platform.world().now().as_micros());
            match below(4) {
                0 => {
                    open[place] = None;
                    platform.write(move |tx| Ok(store::measure::lift_of_matter(tx, &id, &matter, now)?));
                }
                1 => {
                    phase = if phase == "live" { "leaving" } else { "live" };
                    platform.write(move |tx| {
                        let row = store::channel::find(tx, &id)?.unwrap();
                        Ok(store::channel::update(tx, &store::channel::ChannelRow { phase: phase.into(), ..row })?)
                    });
                }
                _ => {
                    let withheld = ["\"all\"", "\"new_holders\"", "{\"services\":[\"pay.code\"]}"][below(3)];
                    open[place] = Some(withheld);
                    platform.write(move |tx| {
                        store::measure::lift_of_matter(tx, &id, &matter, now)?;
                        let row = store::measure::MeasureRow {
                            id: measure,
                            channel_id: id,
                            matter_id: Some(matter),
                            withheld: withheld.into(),
                            opened_at: now,
                            lifted_at: None,
                        };
                        Ok(store::measure::insert(tx, &row)?)
                    });
                }
            }
            let stopped = open.contains(&Some("\"all\""));
            assert_eq!(holder.code(&client).is_ok(), !stopped, "step {step}: {open:?}, {phase}");
        }
    }

    /// CH-31.0, CH-31.1, CH-31.2, R9: lists tell the grade and what is suspended, and are narrowed by the grade; the report of a retest
    /// is looked for.
    fn lists_tell_the_grade_and_what_is_suspended(platform) {
        let (handle, _) = channel(platform);
        let owner = Desk::owner(platform, &handle);
        let (first, second) = (Desk::operator(platform), Desk::operator(platform));
        let grade = |cause: &str, more: Value| {
            let event = first.open("risk_event", &handle, &leak(platform));
            let mut proposal = json!({"action": "propose", "cause": cause, "words": "核实"});
            if !more.is_null() {
                proposal["withheld"] = more;
            }
            first.act(&event, &proposal);
            second.act(&event, &json!({"action": "confirm", "words": "属实"}));
            event
        };
        let part = grade("page_tampering", json!({"services": ["pay.code"]}));
        let whole = grade("ordinary_leak", Value::Null);
        assert!(owner.see(&whole)["waits"][0].get("extension").is_none(), "a month is not moved: another may follow it");
        let open = first.open("risk_event", &handle, &leak(platform));
        let listed = |query: &str| {
            let path = format!("/api/v1/matters?channel_id={}&kind=risk_event{query}", handle.id);
            let found = owner.send("GET", &path, 0, &Value::Null).json();
            let told = found["data"].as_array().unwrap().iter().map(|one| (one["matter_id"].as_str().unwrap().to_owned(), one["risk"].clone()));
            told.collect::<Vec<_>>()
        };
        let told = vec![
            (open.clone(), json!({"withheld": "all"})),
            (whole.clone(), json!({"grade": "2", "withheld": "all"})),
            (part.clone(), json!({"grade": "1", "withheld": "services", "services": ["pay.code"]})),
        ];
        assert_eq!(listed(""), told);
        for (query, only) in [("&grade=none", 0), ("&grade=2", 1), ("&grade=1", 2)] {
            assert_eq!(listed(query), [told[only].clone()], "{query}");
        }
        assert!(listed("&grade=3").is_empty());
        for query in ["grade=1", "grade=1&kind=exit"] {
            let refused = owner.send("GET", &format!("/api/v1/matters?{query}"), 0, &Value::Null).json();
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("?grade"), &json!("matter.grade")));
        }
        let found = |event: &str| first.see(event)["checklist"].clone();
        let check = |clause: &str, found: bool| json!([{"item": "retest_report", "clause": clause, "found": found, "is_confirmed": false}]);
        owner.act(&whole, &json!({"action": "rectify", "words": "已修复"}));
        assert_eq!(found(&whole), check("CH-31.2", false));
        let report = owner.file(&part, "retest_report");
        let foreign = owner.try_act(&part, &json!({"action": "rectify", "words": "已修复", "report": format!("att_{}", "0".repeat(26))})).json();
        assert_eq!((&foreign["errors"][0]["pointer"], &foreign["errors"][0]["code"]), (&json!("/report"), &json!("risk_event.report")));
        owner.act(&part, &json!({"action": "rectify", "words": "已修复", "report": report}));
        assert_eq!(found(&part), check("CH-31.1", true));
        first.act(&part, &json!({"action": "pass", "words": "复测达标"}));
        assert_eq!(listed("&grade=1")[0].1, json!({"grade": "1"}), "restored: nothing is suspended for it");
    }
}
