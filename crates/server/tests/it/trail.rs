use crate::desk::Desk;
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::audit::Whence;
use domain::org::{OrgKind as Kind, Role};
use sdk::types::audit::{ExportFormat, ExportedList, RecordExport, TrailEntry, TrailFilter};
use sdk::types::org::{CreateOrg, OrgKind};
use sdk::types::parameter::ProposeParameter;
use sdk::types::terminal::{ChangeTerminalState, TerminalState};
use serde_json::{Value, json};
use server::audit::proof;

fn trail(staff: &sdk::client::Staff, id: &str, filter: &TrailFilter<'_>) -> Vec<TrailEntry> {
    staff.trail(id, filter).unwrap().all().unwrap()
}

fn created(platform: &Platform) -> String {
    let new = CreateOrg {
        name: "杭州市测评中心".into(),
        kind: OrgKind::Lab,
        division: "330100".into(),
        uscc: None,
    };
    platform.operator().create_org(&new).unwrap().org_id
}

fn actions(entries: &[TrailEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.action.as_str()).collect()
}

on_both! {
    /// ND-2.4b: a record says which fields changed, from what to what, why, and in which request.
    fn a_record_says_what_changed_and_in_which_request(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matter = owner.open("suggestion", &channel, &opening);
        let answered = operator.try_act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        let seen = owner.send("GET", &format!("/api/v1/matters/{matter}/trail"), 0, &Value::Null).json();
        let (newest, oldest) = (&seen["data"][0], &seen["data"][1]);
        assert_eq!(newest["request"], answered.header("x-request-id"));
        assert_eq!(oldest["changes"][0]["field"], "state");
        assert!(oldest["changes"][0].get("from").is_none(), "{oldest}");
        assert_eq!(newest["changes"], json!([{"field": "state", "from": oldest["changes"][0]["to"], "to": "answered"}]));
        assert!(newest.get("address").is_none(), "the address is for an auditor");

        let terminal = platform.terminal("330106");
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let view = region.terminal(&terminal.id).unwrap();
        let request = ChangeTerminalState { state: TerminalState::Blocked, reason: "遗失".into() };
        region.change_terminal_state(&terminal.id, view.version, &request).unwrap();
        let newest = trail(&region, &terminal.id, &TrailFilter::default()).remove(0);
        let change = &newest.changes[0];
        assert_eq!((change.from.as_deref(), change.to.as_deref()), (Some("active"), Some("blocked")));
        assert_eq!((newest.action.as_str(), newest.reason.as_deref()), ("terminal.blocked", Some("遗失")));
    }

    /// Whoever audits reads all that is on record, each record once, whichever writer took it.
    fn an_auditor_reads_everything_that_is_on_record(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, org) = (Desk::owner(platform, &channel), created(platform));
        for subject in ["长辈版", "夜间模式", "大字版"] {
            let opening = json!({"topic": "product", "subject": subject, "words": "希望尽快提供"});
            owner.open("suggestion", &channel, &opening);
        }
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let all = trail(&auditor, "all", &TrailFilter::default());
        let token = platform.token(platform.world(), Role::AuditAdmin, platform.org(Kind::Operator, "000000"));
        let (mut one_by_one, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/audit/trail?limit=1&until=2100-01-01T00:00:00%2B08:00{cursor}");
            let page = platform.request_as(&token, "GET", &path, &Value::Null).json();
            one_by_one.extend(serde_json::from_value::<Vec<TrailEntry>>(page["data"].clone()).unwrap());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let places = |entries: &[TrailEntry]| entries.iter().map(|one| (one.log.clone(), one.place)).collect::<Vec<_>>();
        assert_eq!(places(&one_by_one), places(&all), "page by page the same");
        let about = all.iter().find(|one| one.object.as_deref() == Some(&org)).unwrap();
        let narrowed = |filter: &TrailFilter<'_>| trail(&auditor, "all", filter);
        let of_orgs = narrowed(&TrailFilter { action: Some("org."), ..TrailFilter::default() });
        assert!(of_orgs.contains(about) && of_orgs.iter().all(|one| one.action.starts_with("org.")), "{of_orgs:?}");
        let request = about.request.as_deref();
        let by_request = narrowed(&TrailFilter { request, ..TrailFilter::default() });
        assert!(by_request.contains(about) && by_request.iter().all(|one| one.request.as_deref() == request));
        assert_eq!(narrowed(&TrailFilter { until: Some("2000-01-01T00:00:00+08:00"), ..TrailFilter::default() }), []);
        let proven = narrowed(&TrailFilter { is_proven: true, ..TrailFilter::default() });
        assert!(proven.iter().all(|one| one.sealed.is_some()), "each is under a head");
        assert_eq!(all.len() as u64, auditor.audit_head().unwrap().size, "and there is no other");
        let wrong = platform.request_as(&token, "GET", "/api/v1/audit/trail?request=7", &Value::Null);
        assert_eq!((wrong.status, wrong.json()["errors"][0]["pointer"].clone()), (422, json!("?request")));
        let operator = platform.operator();
        assert_eq!(refusal(operator.trail("all", &TrailFilter::default()).unwrap().all()), (403, "staff.role".into()));
    }

    /// The record commits to the address; the address itself can be forgotten, and the record is proven all the same.
    fn an_address_is_for_the_auditor_and_is_forgotten_in_its_time(platform) {
        let org = created(platform);
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proven = TrailFilter { is_proven: true, ..TrailFilter::default() };
        let entry = || trail(&auditor, &org, &proven).remove(0);
        let check = |entry: &TrailEntry| {
            let line = serde_json::to_vec(entry.sealed.as_ref().unwrap()).unwrap();
            proof::verify_line(&line).unwrap().record
        };
        let shown = entry();
        let address = shown.address.as_deref().unwrap();
        assert!(address.parse::<std::net::IpAddr>().unwrap().is_loopback(), "{address}");
        let salt = data_encoding::HEXLOWER.decode(shown.address_salt.as_deref().unwrap().as_bytes()).unwrap();
        let record = check(&shown);
        assert_eq!(record.whence, Some(Whence::commit(&salt.try_into().unwrap(), address)));
        assert_eq!(record.request.map(|id| id.to_string()), shown.request);
        assert_eq!(trail(&platform.operator(), &org, &proven)[0].address, None);

        let kept = 86_400 * platform.world().parameter(domain::parameter::Name::AddressRetention);
        let forget = |seconds: i64| {
            let first = server::retention::first_addressed(platform.world(), platform.world().real_now().plus_seconds(seconds));
            platform.write(move |tx| {
                tx.unaudited("rows past their time");
                Ok(store::audit::forget_requests(tx, &first)?)
            });
        };
        platform.block_on(server::retention::forget(platform.world())).unwrap();
        assert!(entry().address.is_some(), "its time has not come");
        forget(kept - 3_600);
        assert!(entry().address.is_some(), "an hour before its time");
        forget(kept + 60);
        let later = entry();
        assert_eq!((later.address.clone(), check(&later).whence), (None, record.whence));
    }

    /// Whoever registers is no staff: where they sat is nowhere kept.
    fn no_address_is_kept_of_whoever_registers(platform) {
        let filed = crate::registration::filed(platform);
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&filed.registration_id, None).all().unwrap();
        let record = proof::verify_line(&serde_json::to_vec(&proofs[0]).unwrap()).unwrap().record;
        assert_eq!((record.action.as_str(), record.request, record.whence), ("registration.filed", None, None));
    }

    /// A number that is proposed says which it is and from when, and against what it stands then.
    fn a_proposed_number_says_which_it_is(platform) {
        let reviewer = platform.staff(Role::MinistryReviewer, "000000");
        let begins_on = platform.world().now().business_date().plus_days(2).to_string();
        let wish = ProposeParameter { value: 30, begins_on: begins_on.clone(), reason: "试点反馈".into() };
        let proposed = reviewer.propose_parameter("code.ttl_seconds", &wish).unwrap();
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&proposed.version_id, None).all().unwrap();
        let record = proof::verify_line(&serde_json::to_vec(&proofs[0]).unwrap()).unwrap().record;
        let told: Vec<_> = record.changes.iter().map(|one| (one.field.as_str(), one.from.text(), one.to.text())).collect();
        assert_eq!(told, [
            ("begins_on", None, Some(begins_on.as_str())),
            ("parameter", None, Some("code.ttl_seconds")),
            ("value", Some("60"), Some("30")),
        ]);
    }

    /// Keys that were revoked already are not revoked again.
    fn keys_are_told_as_they_were(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (id, now) = (channel.id.parse::<domain::id::ChannelId>().unwrap(), platform.world().now());
        let revoke = || platform.write(move |tx| {
            tx.unaudited("what is told is looked at");
            server::channel::life::revoke_keys(tx, id, now)
        });
        let told = revoke();
        assert!(!told.is_empty() && told.iter().all(|one| one.from.text() == Some("active")), "{told:?}");
        assert_eq!(revoke(), []);
    }

    /// Whoever finds a file that was made of a list has it proven whose it is.
    fn a_file_made_of_a_list_is_on_record(platform) {
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        let made = |list, object_id: Option<&str>| {
            let object_id = object_id.map(str::to_owned);
            clerk.record_export(&RecordExport { list, object_id, rows: 12, format: ExportFormat::Xlsx })
        };
        let id = made(ExportedList::Channel, None).unwrap().export_id;
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&id, None).all().unwrap();
        let record = proof::verify_line(&serde_json::to_vec(&proofs[0]).unwrap()).unwrap().record;
        let told: Vec<_> = record.changes.iter().map(|one| (one.field.as_str(), one.to.text().unwrap())).collect();
        assert_eq!(told, [("format", "xlsx"), ("list", "channel"), ("rows", "12")]);
        assert_eq!((record.action.as_str(), record.request.is_some()), ("list.exported", true));

        // A trail says whose it is; what the clerk may not see is on no record as theirs.
        let channel = platform.channel_in(platform.world(), &["330000"]).id;
        let of = made(ExportedList::ChannelTrail, Some(&channel)).unwrap().export_id;
        let proofs = auditor.audit_proofs(&of, None).all().unwrap();
        let record = proof::verify_line(&serde_json::to_vec(&proofs[0]).unwrap()).unwrap().record;
        assert!(record.changes.iter().any(|one| (one.field.as_str(), one.to.text()) == ("object", Some(channel.as_str()))));
        for (list, object) in [
            (ExportedList::ChannelTrail, None), (ExportedList::ChannelTrail, Some("org_1")),
            (ExportedList::Channel, Some(channel.as_str())),
        ] {
            assert_eq!(refusal(made(list, object)), (422, "request.fields".into()), "{list:?}");
        }
        let nobody = platform.world().id(domain::id::ChannelId::make).to_string();
        assert_eq!(refusal(made(ExportedList::ChannelTrail, Some(&nobody))), (404, "resource.not_found".into()));
        assert_eq!(refusal(made(ExportedList::Staff, None)), (403, "staff.role".into()));
    }

    fn a_trail_is_narrowed_by_who_what_and_when(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        for _ in 0..3 {
            let matter = owner.open("suggestion", &channel, &opening);
            operator.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        }
        let staff = platform.operator();
        let all = trail(&staff, &channel.id, &TrailFilter::default());
        let of = |filter: &TrailFilter<'_>| trail(&staff, &channel.id, filter);
        let answers = of(&TrailFilter { action: Some("suggestion.ans"), ..TrailFilter::default() });
        assert_eq!(actions(&answers), ["suggestion.answer"; 3]);
        let who = answers[0].actor.as_str();
        let mine = of(&TrailFilter { actor: Some(who), ..TrailFilter::default() });
        assert!(mine.iter().all(|entry| entry.actor == who) && mine.contains(&answers[0]));
        let org = answers[0].actor_org.as_deref().unwrap();
        assert!(of(&TrailFilter { actor: Some(&org[..3]), ..TrailFilter::default() }).len() >= 3);
        assert!(of(&TrailFilter { actor: Some("holder"), ..TrailFilter::default() }).is_empty());
        let moment = answers[0].at.as_str();
        let since = of(&TrailFilter { from: Some(moment), ..TrailFilter::default() });
        let before = of(&TrailFilter { until: Some(moment), ..TrailFilter::default() });
        assert!(since.contains(&answers[0]) && !before.contains(&answers[0]));
        assert_eq!(since.len() + before.len(), all.len(), "each is before the moment or not");
        let proven = of(&TrailFilter { is_proven: true, ..TrailFilter::default() });
        assert_eq!(actions(&proven), actions(&all));
        for entry in &proven {
            let line = serde_json::to_vec(entry.sealed.as_ref().unwrap()).unwrap();
            assert_eq!(proof::verify_line(&line).unwrap().record.action.as_str(), entry.action);
        }
        let page = |query: &str| {
            let path = format!("/api/v1/channels/{}/trail?{query}", channel.id);
            operator.send("GET", &path, 0, &Value::Null)
        };
        let wrong = page("until=yesterday");
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("?until")));
        // A filter that leaves one of a page is followed to the next.
        let first = page("limit=1&action=suggestion.open").json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = page(&format!("limit=1&action=suggestion.open&cursor={cursor}")).json();
        assert_ne!(first["data"][0]["object"], second["data"][0]["object"]);
        assert_eq!(second["data"][0]["action"], "suggestion.open");
    }

    /// An owner learns nothing of advice, and nobody in whose hands another office has put a matter; the auditor reads all.
    fn what_an_office_does_for_itself_is_in_no_trail_of_others(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matter = owner.open("suggestion", &channel, &opening);
        let path = format!("/api/v1/matters/{matter}");
        let session = operator.send("GET", "/api/v1/staff/sessions/current", 0, &Value::Null).json();
        let hand = json!({"staff_id": session["staff"]["staff_id"]});
        assert_eq!(operator.send("POST", &format!("{path}/assignments"), 0, &hand).status, 200);
        let question = json!({"party": "ministry", "words": "是否全国推广？"});
        assert_eq!(operator.send("POST", &format!("{path}/advice"), 0, &question).status, 201);
        let (ministry, auditor) = (Desk::ministry(platform), Desk::of(platform, Role::AuditAdmin, Kind::Operator, "000000"));
        for (by, told) in [
            (&owner, &["suggestion.open"][..]),
            (&ministry, &["advice.asked", "suggestion.open"]),
            (&operator, &["advice.asked", "matter.assigned", "suggestion.open"]),
            (&auditor, &["advice.asked", "matter.assigned", "suggestion.open"]),
        ] {
            for trail in [format!("{path}/trail"), format!("/api/v1/channels/{}/trail", channel.id)] {
                let seen = by.send("GET", &trail, 0, &Value::Null).json();
                let mut seen: Vec<_> = seen["data"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
                seen.truncate(told.len());
                assert_eq!(json!(seen), json!(told), "{trail}");
            }
        }
        let own = owner.send("GET", &format!("{path}/trail?action=advice"), 0, &Value::Null).json();
        assert_eq!(own["data"], json!([]));
    }
}
