//! Matters over HTTP, with the simplest kind: opened, waited for, answered; seen by those concerned and nobody else.

use crate::desk::{Desk, day_after};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply};
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::{Value, json};

/// An owner's administrator and the owner's channel.
fn owner(platform: &Platform) -> (Private, CallerHandle) {
    let channel = platform.channel_in(platform.world(), &["330000"]);
    let owner_id = platform.read({
        let id = channel.owner;
        move |tx| Ok(store::channel::find(tx, &id)?.unwrap().owner_id)
    });
    (platform.token(platform.world(), Role::ChannelAdmin, OrgId::from_bytes(owner_id)), channel)
}

fn clerk(platform: &Platform) -> Private {
    let org = platform.org(OrgKind::Operator, "000000");
    platform.token(platform.world(), Role::OperatorClerk, org)
}

fn region(platform: &Platform, kind: OrgKind, division: &str) -> Private {
    platform.token(platform.world(), Role::RegionAdmin, platform.org(kind, division))
}

fn suggestion(channel: &CallerHandle) -> Value {
    let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
    json!({"kind": "suggestion", "channel_id": channel.id, "opening": opening})
}

fn send(platform: &Platform, token: &Private, method: &str, path: &str, tag: i64, body: &Value) -> Reply {
    let (bearer, tag) = (format!("Bearer {}", token.expose()), format!("\"{tag}\""));
    let headers = [
        ("authorization", bearer.as_str()),
        ("if-match", tag.as_str()),
        ("content-type", "application/json"),
    ];
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    platform.request(method, path, &headers, &body)
}

fn answer(platform: &Platform, token: &Private, matter: &Value, tag: i64) -> Reply {
    let path = format!("/api/v1/matters/{}/actions", matter["matter_id"].as_str().unwrap());
    send(platform, token, "POST", &path, tag, &json!({"action": "answer", "words": "已列入计划"}))
}

/// A live level-2 channel of another owner below `head`.
pub fn below(platform: &Platform, head: &CallerHandle) -> CallerHandle {
    let (world, model) = (platform.world(), head.owner);
    let id = world.id(domain::id::ChannelId::make);
    let elsewhere = platform.new_org(OrgKind::ChannelOwner, HANGZHOU);
    let mut row = platform.read(move |tx| Ok(store::channel::find(tx, &model)?.unwrap()));
    (row.id, row.number) = (*id.as_bytes(), format!("{:010}", platform.unique()));
    (row.level, row.parent_id, row.relation) = (2, Some(model), Some("different_entity".to_owned()));
    row.owner_id = *elsewhere.as_bytes();
    platform.write(move |tx| Ok(store::channel::insert(tx, &row)?));
    platform.caller(world, id.to_string(), *id.as_bytes())
}

on_both! {
    /// CH-35.2: what stands where is one question, whoever asks it and however else the list is narrowed.
    fn a_list_is_of_those_in_a_state_of_their_kind(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let [filed, answered] = [(); 2].map(|()| owner.open("suggestion", &channel, &opening));
        operator.act(&answered, &json!({"action": "answer", "words": "已列入计划"}));
        owner.open("ticket", &channel, &json!({"category": "common", "subject": "无法展码", "words": "多名用户反馈"}));
        let asked = |desk: &Desk<'_>, query: &str| desk.send("GET", &format!("/api/v1/matters?{query}"), 0, &Value::Null);
        let of = |desk: &Desk<'_>, query: &str| {
            let found = asked(desk, query).json()["data"].as_array().unwrap().clone();
            found.iter().map(|one| one["matter_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let province = Desk::province(platform, "330000");
        for desk in [&operator, &owner, &province] {
            assert_eq!(of(desk, "kind=suggestion&state=filed"), [filed.as_str()]);
            assert_eq!(of(desk, "kind=suggestion&state=answered"), [answered.as_str()]);
            assert_eq!(of(desk, "kind=suggestion&state=answered&ended=false"), [""; 0]);
            assert_eq!(of(desk, "kind=suggestion&state=filed&waits=operator"), [filed.as_str()]);
            assert_eq!(of(desk, &format!("kind=suggestion&state=withdrawn&channel_id={}", channel.id)), [""; 0]);
        }
        assert_eq!(of(&Desk::province(platform, "310000"), "kind=suggestion&state=filed"), [""; 0]);
        for (query, pointer) in [
            ("state=filed", "?state"),
            ("kind=suggestion&state=in_force", "?state"),
            ("kind=nothing&state=filed", "?kind"),
        ] {
            let wrong = asked(&operator, query);
            let errors = wrong.json()["errors"].clone();
            assert_eq!((wrong.status, errors.as_array().unwrap().len()), (422, 1), "{query}");
            assert_eq!(errors[0]["pointer"], pointer);
        }
    }

    /// CH-4.3, CH-11.4a, CH-11.4b: the owner of level 1 begins and does the business of its level 2 in security, risk control,
    /// customer service and publicity as that owner itself does, and the operator manages all of it; nobody else does.
    fn level_one_manages_its_level_two_and_the_operator_manages_both(platform) {
        let head = platform.channel_in(platform.world(), &["330000"]);
        let end = below(platform, &head);
        let (level_one, level_two) = (Desk::owner(platform, &head), Desk::owner(platform, &end));
        let operator = Desk::operator(platform);
        let stranger = {
            let elsewhere = platform.new_org(OrgKind::ChannelOwner, HANGZHOU);
            platform.token(platform.world(), Role::ChannelAdmin, elsewhere)
        };
        for (kind, opening) in [
            ("security_report", json!({"occasion": "annual"})),
            ("risk_event", json!({"incident": "misuse", "discovered_at": platform.world().now().to_string(), "words": "异常"})),
            ("ticket", json!({"category": "common", "subject": "无法展码", "words": "多名用户反馈"})),
            ("campaign", json!({"subject": "便民活动", "words": "线下推广", "starts_on": day_after(platform, 0, 1), "ends_on": day_after(platform, 0, 2)})),
            ("suggestion", json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"})),
        ] {
            let body = json!({"kind": kind, "channel_id": end.id, "opening": opening});
            assert_eq!(send(platform, &stranger, "POST", "/api/v1/matters", 0, &body).status, 404, "{kind}");
            for desk in [&level_two, &level_one] {
                let matter = desk.open(kind, &end, &opening);
                for sees in [&level_one, &level_two, &operator] {
                    assert_eq!(sees.see(&matter)["kind"], kind);
                }
                let path = format!("/api/v1/matters/{matter}");
                assert_eq!(send(platform, &stranger, "GET", &path, 0, &Value::Null).status, 404, "{kind}");
            }
        }
        let event = &operator.list("risk_event", &end)[0];
        let cause = json!({"action": "record_cause", "words": "配置错误"});
        assert_eq!(level_one.act(event, &cause)["body"]["root_cause"]["words"], "配置错误");
        let propose = json!({"action": "propose_dismissal", "words": "误报"});
        assert_eq!(level_one.try_act(event, &propose).code(), "matter.party", "the grade is the operator's");
        operator.act(event, &propose);
        // CH-26.2: its keys are its own entity's and nobody else's.
        let key = json!({"usage": "caller", "label": "next"});
        assert_eq!(level_one.try_open("key_change", &end, &key).code(), "matter.party");
        let change = level_two.open("key_change", &end, &key);
        let withdraw = json!({"action": "withdraw", "words": "暂不更换"});
        assert_eq!(level_one.try_act(&change, &withdraw).code(), "matter.party");
    }

    /// CH-5.1, CH-5.2: the ministry sees every channel and every matter of the country, a province those of its own.
    fn the_ministry_manages_every_channel_of_the_country(platform) {
        let channels = ["330000", "440000"].map(|area| platform.channel_in(platform.world(), &[area]));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matters = channels.each_ref().map(|channel| Desk::owner(platform, channel).open("suggestion", channel, &opening));
        let ministry = Desk::ministry(platform);
        let province = Desk::province(platform, "330000");
        for (place, (channel, matter)) in channels.iter().zip(&matters).enumerate() {
            assert_eq!(ministry.see(matter)["channel_id"], json!(channel.id));
            assert_eq!(ministry.list("suggestion", channel), std::slice::from_ref(matter));
            let own = if place == 0 { 200 } else { 404 };
            for path in [format!("/api/v1/matters/{matter}"), format!("/api/v1/channels/{}", channel.id)] {
                assert_eq!(ministry.send("GET", &path, 0, &Value::Null).status, 200, "{path}");
                assert_eq!(province.send("GET", &path, 0, &Value::Null).status, own, "{path}");
            }
        }
        let all = ministry.send("GET", "/api/v1/channels?limit=200", 0, &Value::Null).json();
        let seen: Vec<_> = all["data"].as_array().unwrap().iter().map(|row| row["channel_id"].clone()).collect();
        assert!(channels.iter().all(|channel| seen.contains(&json!(channel.id))));
    }

    /// What is wrong deep inside what opens a matter, or what an action brings, is named by its place in the request.
    fn a_wrong_field_is_named_wherever_it_stands(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        let named = |reply: Reply| {
            let body = reply.json();
            assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"), "{body}");
            body["errors"][0]["pointer"].as_str().unwrap().to_owned()
        };
        let at = platform.world().now().to_string();
        let event = |more: (&str, Value)| {
            let mut opening = json!({"incident": "misuse", "discovered_at": at, "words": "异常"});
            opening[more.0] = more.1;
            owner.try_open("risk_event", &channel, &opening)
        };
        assert_eq!(named(event(("severity", json!(1)))), "/opening/severity");
        assert_eq!(named(event(("involves", json!(["personal_data", "nonsense"])))), "/opening/involves/1");
        let services = json!({"services": ["card.query", 3]});
        assert_eq!(named(event(("containment", services))), "/opening/containment/services/1");

        let draft = owner.open("application", &channel, &json!({"purpose": "change"}));
        let save = |forms: Value| owner.try_act(&draft, &json!({"action": "save", "forms": forms}));
        let phone = json!({"one": {"contact": {"phone": 1}}});
        assert_eq!(named(save(phone)), "/forms/one/contact/phone");
        let region = json!({"channel": {"regions": [{"division": "330000"}, {"fax": ""}]}});
        assert_eq!(named(save(region)), "/forms/channel/regions/1/fax");
        let key = json!({"channel": {"test_keys": [{"usage": "caller"}]}});
        assert_eq!(named(save(key)), "/forms/channel/test_keys/0/public_key");
        assert_eq!(named(owner.try_act(&draft, &json!({"action": "save"}))), "/forms");
        assert_eq!(named(owner.try_act(&draft, &json!({"action": "praise"}))), "/action");
    }

    /// CH-21.1, CH-5.3.
    fn a_matter_waits_for_a_party_whose_step_ends_it(platform) {
        let (admin, channel) = owner(platform);
        let clerk = clerk(platform);
        let opened = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel));
        assert_eq!((opened.status, opened.header("etag")), (201, "\"1\""));
        let matter = opened.json();
        assert_eq!((&matter["state"], &matter["title"]), (&json!("filed"), &json!("长辈版")));
        assert_eq!(matter["actions"][0]["action"], "withdraw");
        assert_eq!(matter["timeline"][0]["action"], "open");

        let inbox = send(platform, &clerk, "GET", "/api/v1/inbox", 0, &Value::Null).json();
        assert_eq!(inbox["items"][0]["matter"]["matter_id"], matter["matter_id"]);
        assert_eq!(inbox["items"][0]["wait"]["task"], "answer");
        assert_eq!(send(platform, &admin, "GET", "/api/v1/inbox", 0, &Value::Null).json()["items"], json!([]));

        let answered = answer(platform, &clerk, &matter, 1);
        assert_eq!(answered.status, 200, "{}", answered.json());
        let answered = answered.json();
        assert_eq!((&answered["state"], &answered["is_ended"]), (&json!("answered"), &json!(true)));
        assert_eq!((&answered["waits"], &answered["actions"]), (&json!([]), &json!([])));
        assert_eq!(answered["timeline"][1]["words"], "已列入计划");
        assert_eq!(answered["body"]["answer"]["words"], "已列入计划");

        let again = answer(platform, &clerk, &matter, 2);
        assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("matter.transition")));
    }

    /// CH-19.3: what concerns several provinces waits in the inbox of the ministry, and in no province's.
    fn what_waits_for_the_ministry_is_in_its_inbox(platform) {
        let channel = platform.channel_in(platform.world(), &["310000", "330000"]);
        let (from, until) = (day_after(platform, 0, 5), day_after(platform, 0, 9));
        let campaign = json!({"subject": "开学季", "words": "校园宣传", "wording": "社保卡补贴", "starts_on": from, "ends_on": until});
        let campaign = Desk::owner(platform, &channel).open("campaign", &channel, &campaign);
        let inbox = |desk: Desk<'_>| desk.send("GET", "/api/v1/inbox", 0, &Value::Null).json()["items"].clone();
        let found = inbox(Desk::ministry(platform));
        assert_eq!((&found[0]["matter"]["matter_id"], &found[0]["wait"]["task"]), (&json!(campaign), &json!("review")));
        assert_eq!(inbox(Desk::province(platform, "330000")), json!([]));
    }

    fn a_step_meets_the_version_it_was_decided_on(platform) {
        let (admin, channel) = owner(platform);
        let clerk = clerk(platform);
        let matter = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel)).json();
        let stale = answer(platform, &clerk, &matter, 7);
        assert_eq!((stale.status, stale.json()["code"].as_str()), (412, Some("resource.stale")));
        assert_eq!(answer(platform, &clerk, &matter, 1).status, 200);
    }

    /// CH-5.2, CH-22.1.
    fn who_is_not_concerned_sees_nothing_and_does_nothing(platform) {
        let (admin, channel) = owner(platform);
        let elsewhere = platform.org(OrgKind::ChannelOwner, "310000");
        let stranger = platform.token(platform.world(), Role::ChannelAdmin, elsewhere);
        let matter = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel)).json();
        let path = format!("/api/v1/matters/{}", matter["matter_id"].as_str().unwrap());
        let inside = region(platform, OrgKind::Prefecture, HANGZHOU);
        let outside = region(platform, OrgKind::Province, "310000");
        for (token, status, listed) in [(&admin, 200, 1), (&inside, 200, 1), (&outside, 404, 0), (&stranger, 404, 0)] {
            assert_eq!(send(platform, token, "GET", &path, 0, &Value::Null).status, status);
            let list = send(platform, token, "GET", "/api/v1/matters", 0, &Value::Null).json();
            assert_eq!(list["data"].as_array().unwrap().len(), listed);
        }
        let refused = answer(platform, &inside, &matter, 1);
        assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("matter.party")));
        assert_eq!(answer(platform, &stranger, &matter, 1).status, 404);
        let foreign = send(platform, &stranger, "POST", "/api/v1/matters", 0, &suggestion(&channel));
        assert_eq!(foreign.status, 404, "another owner's channel");
    }

    /// What is late for a party and what the list shows of it are the same, by one and the same wait.
    fn a_list_is_of_those_that_wait_for_a_party_and_are_late(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let [open, ended] = [(); 2].map(|()| owner.open("suggestion", &channel, &opening));
        operator.act(&ended, &json!({"action": "answer", "words": "已列入计划"}));
        let of = |desk: &Desk<'_>, query: &str| {
            let found = desk.send("GET", &format!("/api/v1/matters?{query}"), 0, &Value::Null);
            assert_eq!(found.status, 200, "{query}");
            let found = found.json()["data"].as_array().unwrap().clone();
            found.iter().map(|one| one["matter_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let province = Desk::province(platform, "330000");
        for desk in [&operator, &province] {
            assert_eq!(of(desk, "ended=false"), [open.as_str()]);
            assert_eq!(of(desk, "ended=true"), [ended.as_str()]);
        }
        assert_eq!(of(&Desk::province(platform, "310000"), "ended=false"), [""; 0]);
        for desk in [&operator, &owner, &province] {
            assert_eq!(of(desk, "waits=operator"), [open.as_str()]);
            assert_eq!(of(desk, "waits=owner"), [""; 0]);
            assert_eq!(of(desk, "waits=operator&ended=true"), [""; 0]);
        }
        let days = |first: i32| {
            let due = platform.world().now().business_date().plus_days(first).to_string();
            let id: domain::id::MatterId = open.parse().unwrap();
            platform.write(move |tx| {
                tx.unaudited("another last day");
                let mut waits = store::matter::list_waits(tx, id.as_bytes())?;
                waits[0].due_on = Some(due.clone());
                Ok(store::matter::replace_waits(tx, id.as_bytes(), &waits)?)
            });
        };
        for (left, overdue, soon) in [(-1, 1, 0), (0, 0, 1), (7, 0, 1), (8, 0, 0)] {
            days(left);
            for desk in [&operator, &owner, &province] {
                assert_eq!(of(desk, "waits=operator&due=overdue").len(), overdue, "{left}");
                assert_eq!(of(desk, "due=overdue").len(), overdue, "{left}");
                assert_eq!(of(desk, "waits=operator&due=soon").len(), soon, "{left}");
                assert_eq!(of(desk, "waits=owner&due=overdue"), [""; 0]);
            }
        }
        let wrong = |query: &str| {
            let reply = operator.send("GET", &format!("/api/v1/matters?{query}"), 0, &Value::Null);
            (reply.status, reply.json()["errors"][0]["pointer"].clone())
        };
        assert_eq!(wrong("waits=nobody"), (422, json!("?waits")));
        assert_eq!(wrong("due=later"), (422, json!("?due")));
    }

    fn a_rehearsal_has_no_version(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matter = Desk::owner(platform, &channel).open("suggestion", &channel, &opening);
        let (operator, answer) = (Desk::operator(platform), json!({"action": "answer", "words": "已列入计划"}));
        let tried = operator.rehearse(&matter, &answer);
        assert_eq!((tried.status, tried.header("etag")), (200, ""));
        assert_eq!(operator.try_act(&matter, &answer).header("etag"), "\"2\"");
    }

    fn what_cannot_be_read_is_named(platform) {
        let (admin, channel) = owner(platform);
        for (body, pointer) in [
            (json!({"kind": "praise", "opening": {}}), "/kind"),
            (json!({"kind": "suggestion", "channel_id": "chn_1", "opening": {}}), "/channel_id"),
            (json!({"kind": "suggestion", "channel_id": channel.id, "opening": {"topic": "praise"}}), "/opening/topic"),
        ] {
            let refused = send(platform, &admin, "POST", "/api/v1/matters", 0, &body);
            assert_eq!(refused.status, 422);
            assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.json());
        }
        let mut empty = suggestion(&channel);
        empty["opening"]["words"] = json!(" ");
        let refused = send(platform, &admin, "POST", "/api/v1/matters", 0, &empty).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/opening/words"), &json!("matter.words")));
    }

    /// CH-5.2: what a list finds by the text of regions is what lies in the area or holds it.
    fn a_list_holds_what_concerns_the_area_and_nothing_else(platform) {
        let mut seen_by = std::collections::BTreeMap::new();
        for regions in [&["000000"] as &[&str], &["330000"], &["330100"], &["330200"], &["310000", "330106"], &["613301"]] {
            let channel = platform.channel_in(platform.world(), regions);
            let opening = json!({"topic": "product", "subject": regions.join("+"), "words": "建议"});
            Desk::owner(platform, &channel).open("suggestion", &channel, &opening);
        }
        for (kind, area) in [(OrgKind::Province, "330000"), (OrgKind::Province, "310000"), (OrgKind::Prefecture, HANGZHOU)] {
            let token = region(platform, kind, area);
            for path in ["/api/v1/matters", "/api/v1/matters?kind=suggestion"] {
                let list = send(platform, &token, "GET", path, 0, &Value::Null).json();
                let titles = list["data"].as_array().unwrap().iter().rev().map(|row| row["title"].as_str().unwrap().to_owned());
                let titles = titles.collect::<Vec<_>>().join(" ");
                assert_eq!(seen_by.entry(area).or_insert_with(|| titles.clone()), &titles, "{path}");
            }
        }
        assert_eq!(seen_by["330000"], "000000 330000 330100 330200 310000+330106");
        assert_eq!(seen_by["310000"], "000000 310000+330106");
        assert_eq!(seen_by[HANGZHOU], "000000 330000 330100 310000+330106");
    }

    /// CH-22.1: what waits for an owner is found behind any number of things that wait for others.
    fn an_owner_finds_its_own_behind_whatever_waits_for_others(platform) {
        let (admin, channel) = owner(platform);
        let words = json!({"incident": "data_leak", "discovered_at": platform.world().now().to_string(), "words": "日志外泄"});
        let event = Desk::owner(platform, &channel).open("risk_event", &channel, &words);
        let grading = [("propose", "ordinary_leak"), ("confirm", "")].map(|(action, cause)| match cause {
            "" => json!({"action": action, "words": "属实"}),
            cause => json!({"action": action, "cause": cause, "words": "核实"}),
        });
        for step in &grading {
            Desk::operator(platform).act(&event, step);
        }
        let other = *platform.new_org(OrgKind::ChannelOwner, "320000").as_bytes();
        let world = platform.world().clone();
        platform.write(move |tx| {
            for _ in 0..600 {
                let id = *world.id(domain::id::MatterId::make).as_bytes();
                let row = store::matter::MatterRow {
                    id, kind: "suggestion".into(), state: "filed".into(), ended: 0, channel_id: None, parent_id: None,
                    owner_id: other, regions: String::new(), title: "其他".into(), key_version: 1, body: vec![0],
                    opened_at: 1, changed_at: 1, version: 1,
                };
                store::matter::insert(tx, &row)?;
                let wait = store::matter::WaitRow {
                    matter_id: id, slot: 0, party: "owner".into(), division: String::new(), task: "file".into(), since: 1,
                    starts_on: Some("2020-01-01".into()), due_on: Some("2020-02-01".into()), provisional: 0, clause: None,
                    expiry: Some("recorded".into()), overdue_at: Some(1),
                };
                store::matter::replace_waits(tx, &id, &[wait])?;
            }
            Ok(())
        });
        let inbox = send(platform, &admin, "GET", "/api/v1/inbox", 0, &Value::Null).json();
        let found: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|item| &item["matter"]["matter_id"]).collect();
        assert_eq!(found, [&json!(event)]);
        let told = send(platform, &admin, "GET", "/api/v1/messages", 0, &Value::Null).json();
        assert!(told["data"].as_array().unwrap().iter().all(|message| message["matter_id"] == json!(event)));
        let list = send(platform, &admin, "GET", "/api/v1/matters", 0, &Value::Null).json();
        assert!(list["data"].as_array().unwrap().iter().any(|matter| matter["matter_id"] == json!(event)));
    }

    /// CH-5.2: a matter about one channel is not given to the owner of another by naming that beside it.
    fn only_an_access_names_a_level_one_channel(platform) {
        let (mine, other) = (platform.channel_in(platform.world(), &["330000"]), platform.channel_in(platform.world(), &["310000"]));
        let notice = json!({"topic": "downtime", "subject": "停机", "words": "停机维护", "acknowledge_by": day_after(platform, 0, 3)});
        let body = json!({"kind": "notice", "channel_id": mine.id, "parent_id": other.id, "opening": notice});
        let refused = Desk::operator(platform).send("POST", "/api/v1/matters", 0, &body);
        assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!("/parent_id")));
    }

    /// A body stands for its own matter only; and what cannot be read is nobody's default: it is done once it can be.
    fn a_body_in_another_row_is_noticed_and_what_is_due_waits_for_it(platform) {
        let (_, channel) = owner(platform);
        let another = platform.channel_in(platform.world(), &["330000"]);
        let (desk, clerk) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let ticket = json!({"category": "common", "subject": "登录", "words": "无法登录"});
        let tickets = [&channel, &channel, &another].map(|channel| desk.open("ticket", channel, &ticket));
        for ticket in &tickets {
            clerk.act(ticket, &json!({"action": "answer", "words": "已处理"}));
        }
        let ids = [0, 1].map(|place| *tickets[place].parse::<domain::id::MatterId>().unwrap().as_bytes());
        let exchange = move || platform.write(move |tx| {
            let [one, two] = ids.map(|id| store::matter::find(tx, &id));
            let (one, two) = (one?.unwrap(), two?.unwrap());
            let next = |row: &store::matter::MatterRow, body: &Vec<u8>| store::matter::MatterRow {
                body: body.clone(), version: row.version + 1, ..row.clone()
            };
            store::matter::update(tx, &next(&one, &two.body))?;
            store::matter::update(tx, &next(&two, &one.body))?;
            Ok(())
        });
        exchange();
        let seen = desk.send("GET", &format!("/api/v1/matters/{}", tickets[0]), 0, &Value::Null);
        assert_eq!((seen.status, seen.code().as_str()), (500, "platform.internal"));

        platform.clock().advance(90 * 86_400);
        let expire = || platform.block_on(server::matter::service::expire(platform.world()));
        assert_eq!(expire().unwrap_err().code(), "platform.internal");
        assert_eq!(desk.see(&tickets[2])["state"], "closed", "the others go on");
        exchange();
        assert_eq!(expire().unwrap(), 2);
        for ticket in &tickets[..2] {
            let seen = desk.see(ticket);
            assert_eq!(seen["state"], "closed");
            let steps: Vec<_> = seen["timeline"].as_array().unwrap().iter().map(|step| step["action"].clone()).collect();
            assert_eq!(steps, ["open", "answer", "expire"], "no default was recorded meanwhile");
        }
    }

    /// Nothing of an answer is kept by a browser or a proxy, and none is taken for another type.
    fn an_answer_is_kept_nowhere(platform) {
        let (admin, channel) = owner(platform);
        let matter = send(platform, &admin, "POST", "/api/v1/matters", 0, &suggestion(&channel)).json();
        let path = format!("/api/v1/matters/{}", matter["matter_id"].as_str().unwrap());
        for (path, status) in [(path.as_str(), 200), ("/api/v1/inbox", 200), ("/api/v1/matters/mat_1", 404), ("/nowhere", 404)] {
            let answer = send(platform, &admin, "GET", path, 0, &Value::Null);
            let kept = (answer.header("cache-control"), answer.header("x-content-type-options"));
            assert_eq!((answer.status, kept), (status, ("no-store", "nosniff")), "{path}");
        }
    }

    /// CH-9.3e, CH-11.2, CH-11.4b: for its level-2 channel of another entity an owner reports and asks, and signs nothing.
    fn nobody_signs_for_another_entity(platform) {
        let (admin, level_one) = owner(platform);
        let (id, level_two) = (level_one.owner, platform.channel_in(platform.world(), &["330000"]));
        let entity = platform.new_org(OrgKind::ChannelOwner, "330000");
        let (row, owner_id) = (level_two.owner, *entity.as_bytes());
        let ids = (*platform.world().id(domain::id::ChannelId::make).as_bytes(), "9900000001");
        platform.write(move |tx| {
            let row = store::channel::find(tx, &row)?.unwrap();
            let level_two = store::channel::ChannelRow {
                id: ids.0, number: ids.1.into(), owner_id, class: "bank".into(), level: 2, parent_id: Some(id),
                relation: Some("different_entity".into()), ..row
            };
            Ok(store::channel::insert(tx, &level_two)?)
        });
        let channel_id = domain::id::ChannelId::from_bytes(ids.0).to_string();
        let text = json!({"version": "1", "text": "协议文本", "from": day_after(platform, 0, 0), "until": day_after(platform, 12, 0)});
        let offer = json!({"kind": "agreement", "channel_id": channel_id, "opening": text});
        let offered = Desk::operator(platform).send("POST", "/api/v1/matters", 0, &offer);
        assert_eq!(offered.status, 201, "{}", offered.json());
        let path = format!("/api/v1/matters/{}", offered.json()["matter_id"].as_str().unwrap());
        let signer = platform.token(platform.world(), Role::ChannelAdmin, entity);
        let actions = |token| send(platform, token, "GET", &path, 0, &Value::Null).json()["actions"].as_array().unwrap().len();
        assert_eq!((actions(&admin), actions(&signer)), (0, 2), "level 1 sees it, and the owner signs it, by key or on paper");
        let signed = json!({"action": "sign", "public_key": "00", "signature": "00"});
        let refused = send(platform, &admin, "POST", &format!("{path}/actions"), 1, &signed);
        assert_eq!((refused.status, refused.code().as_str()), (403, "matter.party"));
        let mut asked = suggestion(&level_one);
        asked["channel_id"] = json!(channel_id);
        assert_eq!(send(platform, &admin, "POST", "/api/v1/matters", 0, &asked).status, 201);
    }
}
