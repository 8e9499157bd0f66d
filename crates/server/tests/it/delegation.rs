//! 代理审批: a colleague acts in matters in the place of a reviewer on leave, for some days, on record, and never checks what
//! either of the two has begun.

use crate::harness::{HANGZHOU, Platform, Reply, refusal};
use domain::advice::Office;
use domain::attachment::Announced;
use domain::id::{AdviceId, AttachmentId, DelegationId, MatterId, OrgId, StaffId, StaffSessionId};
use domain::matter::Party;
use domain::org::{OrgKind, Role};
use domain::staff::StepUp;
use sdk::client::{Error, Staff};
use sdk::types::Private;
use sdk::types::audit::{TrailEntry, TrailFilter};
use sdk::types::delegation::{ActOnDelegation, CreateDelegation, DelegationView};
use serde_json::{Value, json};
use server::attachment::service as attachment;
use server::auth::{Staff as Admitted, StandsIn};
use server::matter::advice::{self, Answer};
use server::matter::reminder;
use server::matter::{assignment, contact};
use store::advice::AdviceRow;

/// Somebody with a token, to be asked for by hand as well.
struct Person {
    token: Private,
    staff: Staff,
    login: String,
    id: String,
}

fn person(platform: &Platform, role: Role, org: OrgId) -> Person {
    let token = platform.token(platform.world(), role, org);
    let staff = Staff::with_token(&platform.config(platform.world()), token.clone()).unwrap();
    let account = staff.whoami().unwrap().staff;
    Person { token, staff, login: account.login, id: account.staff_id }
}

/// A reviewer and a window clerk of the department of 杭州.
fn department(platform: &Platform) -> (Person, Person) {
    let org = platform.org(OrgKind::Prefecture, HANGZHOU);
    (person(platform, Role::RegionAdmin, org), person(platform, Role::RegionClerk, org))
}

fn day(platform: &Platform, after: i32) -> String {
    platform.world().now().business_date().plus_days(after).to_string()
}

fn offer(platform: &Platform, by: &Person, to: &str, days: i32) -> Result<DelegationView, Error> {
    let wish =
        CreateDelegation { login: to.into(), from_on: day(platform, 0), until_on: day(platform, days - 1) };
    by.staff.create_delegation(&wish)
}

fn act(by: &Person, one: &DelegationView, action: &str) -> Result<DelegationView, Error> {
    by.staff.act_on_delegation(&one.delegation_id, &ActOnDelegation { action: action.into() })
}

/// A delegation that is in force.
fn in_force(platform: &Platform, giver: &Person, taker: &Person, days: i32) -> DelegationView {
    let offered = offer(platform, giver, &taker.login, days).unwrap();
    let accepted = act(taker, &offered, "accept").unwrap();
    assert_eq!(accepted.state, "in_force");
    accepted
}

impl Person {
    /// A request of this person, in somebody's place when a delegation is named.
    fn send(
        &self,
        platform: &Platform,
        (method, path): (&str, &str),
        by: Option<&str>,
        body: &Value,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token.expose());
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("if-match", "\"1\""),
        ];
        headers.extend(by.map(|id| ("ykt-delegation", id)));
        let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        platform.request(method, path, &headers, &body)
    }

    fn standing_in(&self, platform: &Platform, one: &DelegationView) -> Staff {
        Staff::standing_in(&platform.config(platform.world()), self.token.clone(), &one.delegation_id)
            .unwrap()
    }
}

/// A suggestion, which waits for the operator.
fn suggested(platform: &Platform) -> String {
    let channel = platform.channel_in(platform.world(), &["330000"]);
    let opening = json!({"topic": "product", "subject": "字号", "words": "大一些"});
    crate::desk::Desk::owner(platform, &channel).open("suggestion", &channel, &opening)
}

/// Under which authority the last record of an action about a thing says that it was done.
fn authority(platform: &Platform, object: &str, action: &str) -> Option<String> {
    let proofs = platform.staff(Role::AuditAdmin, "000000").audit_proofs(object, None).all().unwrap();
    let lines = proofs.iter().map(|proof| serde_json::to_vec(proof).unwrap());
    let mut records = lines.map(|line| server::audit::proof::verify_line(&line).unwrap().record);
    let last = records.rfind(|record| record.action.as_str() == action).unwrap();
    last.authorization.map(|by| by.text())
}

/// Has the department of 杭州 asked about a matter.
fn asked(platform: &Platform, matter: &str, by: &Person) {
    let row = AdviceRow {
        id: *platform.world().id(AdviceId::make).as_bytes(),
        matter_id: *matter.parse::<MatterId>().unwrap().as_bytes(),
        state: "asked".into(),
        party: "prefecture".into(),
        division: HANGZHOU.into(),
        asked_at: platform.world().now().as_micros(),
        asked_by: *by.id.parse::<StaffId>().unwrap().as_bytes(),
        asked_org: *platform.org(OrgKind::Ministry, "000000").as_bytes(),
        words: "请提出意见".into(),
        closed_at: None,
        closed_by: None,
        closed_org: None,
        answer: None,
        files: String::new(),
    };
    platform.write(move |tx| Ok(store::advice::insert(tx, &row)?));
}

/// A clerk of the operator in another's place, as the request was admitted.
fn admitted(person: &Person, org: OrgId, one: &DelegationView) -> Admitted {
    let role = Role::OperatorClerk;
    let giver = one.giver.staff_id.parse::<StaffId>().unwrap();
    let delegation = one.delegation_id.parse::<DelegationId>().unwrap();
    Admitted {
        id: person.id.parse().unwrap(),
        org,
        role,
        division: domain::division::DivisionCode::NATIONAL,
        session: [0; 32],
        session_id: StaffSessionId::from_bytes([0; 16]),
        expires_at: domain::time::Timestamp::from_micros(i64::MAX),
        must_change: false,
        has_factor: false,
        must_enrol: false,
        step_up: StepUp::Exempt,
        stepped_up_until: None,
        stands_in: Some(StandsIn { delegation, giver, role }),
    }
}

fn code<T>(outcome: Result<T, server::Error>) -> String {
    outcome.err().map(|error| error.code().to_owned()).unwrap_or_default()
}

on_both! {
    fn a_colleague_stands_in_once_they_have_accepted(platform) {
        let (reviewer, clerk) = department(platform);
        let offered = offer(platform, &reviewer, &clerk.login, 3).unwrap();
        assert_eq!((offered.state.as_str(), offered.side.as_str()), ("offered", "giver"));
        let in_place = clerk.standing_in(platform, &offered);
        let not_yet = (403, "delegation.not_in_force".to_owned());
        assert_eq!(refusal(in_place.whoami()), not_yet);
        assert_eq!(refusal(act(&reviewer, &offered, "accept")), (409, "delegation.state".into()), "nor by the giver");
        let asked = clerk.staff.delegations().next().unwrap().unwrap();
        assert_eq!(asked.actions, ["accept", "decline"]);
        act(&clerk, &offered, "accept").unwrap();
        let who = in_place.whoami().unwrap();
        assert_eq!(who.stands_in.unwrap().giver_id, reviewer.id);
        assert!(who.operations.iter().any(|one| one == "matter.act"), "what the reviewer may do in matters");
        assert!(!who.operations.iter().any(|one| one == "service.open"), "and nothing else of it");
        let alone = clerk.staff.whoami().unwrap();
        assert!(alone.stands_in.is_none() && !alone.operations.iter().any(|one| one == "matter.act"));
        let nobody = person(platform, Role::RegionClerk, platform.org(OrgKind::Prefecture, HANGZHOU));
        assert_eq!(refusal(nobody.standing_in(platform, &offered).whoami()), not_yet, "it is the colleague's alone");
        let reply = clerk.send(platform, ("GET", "/api/v1/inbox"), Some("nonsense"), &Value::Null);
        assert_eq!((reply.status, reply.code()), not_yet);
    }

    fn a_delegation_is_declined_revoked_by_either_and_lapses_by_itself(platform) {
        let (reviewer, clerk) = department(platform);
        let ended = (403, "delegation.not_in_force".to_owned());
        let declined = offer(platform, &reviewer, &clerk.login, 1).unwrap();
        assert_eq!(act(&clerk, &declined, "decline").unwrap().state, "declined");
        for by in [&reviewer, &clerk] {
            let one = in_force(platform, &reviewer, &clerk, 2);
            let in_place = clerk.standing_in(platform, &one);
            in_place.whoami().unwrap();
            assert_eq!(act(by, &one, "revoke").unwrap().state, "revoked");
            assert_eq!(refusal(in_place.whoami()), ended, "at once");
            assert_eq!(refusal(act(&clerk, &one, "accept")), (409, "delegation.state".into()));
        }
        let one = in_force(platform, &reviewer, &clerk, 2);
        let in_place = clerk.standing_in(platform, &one);
        platform.clock().advance(86_400);
        in_place.whoami().unwrap();
        platform.clock().advance(86_400);
        assert_eq!(refusal(in_place.whoami()), ended);
        assert_eq!(clerk.staff.delegations().next().unwrap().unwrap().state, "lapsed");
    }

    fn an_account_that_is_disabled_gives_and_takes_nothing_more(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let (reviewer, clerk) = department(platform);
        let one = in_force(platform, &reviewer, &clerk, 2);
        let why = sdk::types::staff::DecideOnStaff { reason: "离职".into() };
        security.disable_staff(&reviewer.id, &why).unwrap();
        let outcome = refusal(clerk.standing_in(platform, &one).whoami());
        assert_eq!(outcome, (403, "delegation.not_in_force".into()));
        security.enable_staff(&reviewer.id, &why).unwrap();
        clerk.standing_in(platform, &one).whoami().unwrap();
    }

    fn who_may_stand_in_is_a_colleague_and_no_administrator_of_a_power(platform) {
        let operator = platform.org(OrgKind::Operator, "000000");
        let clerk = person(platform, Role::OperatorClerk, operator);
        let (_, window) = department(platform);
        let none = |login: &str| {
            let reply = refusal(offer(platform, &clerk, login, 1));
            assert_eq!(reply, (422, "request.fields".into()), "{login}");
        };
        for role in [Role::OperatorAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
            let administrator = person(platform, role, operator);
            none(&administrator.login);
            let refused = refusal(offer(platform, &administrator, &clerk.login, 1));
            assert_eq!(refused, (403, "staff.role".into()), "{role} gives nothing");
        }
        none(&clerk.login);
        none(&window.login);
        none("nobody-of-this-name");
        let other = person(platform, Role::OperatorClerk, operator);
        let first = offer(platform, &clerk, &other.login, 3).unwrap();
        let again = refusal(offer(platform, &clerk, &other.login, 1));
        assert_eq!(again, (409, "delegation.overlap".into()));
        act(&clerk, &first, "revoke").unwrap();
        offer(platform, &clerk, &other.login, 30).unwrap();
        let stranger = refusal(act(&window, &first, "revoke"));
        assert_eq!(stranger, (404, "resource.not_found".into()));
    }

    fn its_days_begin_today_or_later_and_are_thirty_at_most(platform) {
        let (reviewer, clerk) = department(platform);
        let wish = |from: i32, until: i32| {
            let request = CreateDelegation {
                login: clerk.login.clone(),
                from_on: day(platform, from),
                until_on: day(platform, until),
            };
            refusal(reviewer.staff.create_delegation(&request))
        };
        assert_eq!(wish(-1, 3), (422, "request.fields".into()));
        assert_eq!(wish(3, 2), (422, "request.fields".into()));
        assert_eq!(wish(0, 30), (422, "delegation.long".into()));
        assert_eq!(wish(1, 30).0, 200);
        let coming = clerk.staff.delegations().next().unwrap().unwrap();
        assert_eq!(act(&clerk, &coming, "accept").unwrap().state, "coming");
        let early = refusal(clerk.standing_in(platform, &coming).whoami());
        assert_eq!(early, (403, "delegation.not_in_force".into()));
    }

    /// Every step says in whose place it was done: its line of history, its record, and what the matter keeps of it.
    fn a_step_says_in_whose_place_it_was_done(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = crate::desk::Desk::owner(platform, &channel);
        let opening = json!({"topic": "product", "subject": "字号", "words": "大一些"});
        let matter = owner.open("suggestion", &channel, &opening);
        let operator = platform.org(OrgKind::Operator, "000000");
        let (away, here) =
            (person(platform, Role::OperatorClerk, operator), person(platform, Role::OperatorClerk, operator));
        let one = in_force(platform, &away, &here, 1);
        let path = format!("/api/v1/matters/{matter}/actions");
        let answer = json!({"action": "answer", "words": "已列入计划"});
        let reply = here.send(platform, ("POST", &path), Some(&one.delegation_id), &answer);
        assert_eq!(reply.status, 200, "{}", reply.json());
        let step = reply.json()["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((step["staff_id"].as_str(), step["in_place_of"].as_str()), (Some(&*here.id), Some(&*away.id)));
        let opened = &reply.json()["timeline"][0];
        assert!(opened.get("in_place_of").is_none());
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&matter, None).all().unwrap();
        let last = serde_json::to_vec(proofs.last().unwrap()).unwrap();
        let record = server::audit::proof::verify_line(&last).unwrap().record;
        assert_eq!(record.action.as_str(), "suggestion.answer");
        assert_eq!(record.authorization.unwrap().text(), one.delegation_id);
        let told: Vec<TrailEntry> = auditor.trail(&here.id, &TrailFilter::default()).unwrap().all().unwrap();
        let actions: Vec<_> = told.iter().map(|one| one.action.as_str()).collect();
        assert_eq!(actions, ["suggestion.answer", "delegation.accepted"]);
    }

    /// CH-5.2: what a region reviews it reviews through whoever stands in too, where it is and nowhere else.
    fn standing_in_sees_what_the_reviewer_sees_and_acts_for_the_same_party(platform) {
        let channel = platform.channel_in(platform.world(), &["440000"]);
        let owner = crate::desk::Desk::owner(platform, &channel);
        let opening = json!({"topic": "product", "subject": "字号", "words": "大一些"});
        let matter = owner.open("suggestion", &channel, &opening);
        let (reviewer, clerk) = department(platform);
        let one = in_force(platform, &reviewer, &clerk, 1);
        let path = format!("/api/v1/matters/{matter}");
        let reply = clerk.send(platform, ("GET", &path), Some(&one.delegation_id), &Value::Null);
        assert_eq!((reply.status, reply.code()), (404, "resource.not_found".into()));
        let org = platform.org(OrgKind::Department, HANGZHOU).to_string();
        let terminal = json!({"serial": "SN-1", "org_id": org, "division": HANGZHOU});
        let reply = clerk.send(platform, ("POST", "/api/v1/terminals"), Some(&one.delegation_id), &terminal);
        assert_eq!((reply.status, reply.code().as_str()), (403, "staff.role"), "nothing but matters is given");
    }

    /// Whoever stands in is of the office beside the steps too: what waits for it is put into their hands, they are told whom
    /// to ask, and they send files.
    fn standing_in_does_what_the_office_does_beside_the_steps(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let day = |after: i32| day(platform, after);
        let campaign = json!({"subject": "开学季", "words": "宣传", "wording": "补贴", "starts_on": day(5), "ends_on": day(9)});
        let matter = crate::desk::Desk::owner(platform, &channel).open("campaign", &channel, &campaign);
        let (reviewer, clerk) = department(platform);
        let one = in_force(platform, &reviewer, &clerk, 1);
        let path = format!("/api/v1/matters/{matter}/assignments");
        let hand = json!({"staff_id": clerk.id});
        let alone = clerk.send(platform, ("POST", &path), None, &hand);
        assert_eq!((alone.status, alone.code().as_str()), (403, "staff.role"));
        let taken = clerk.send(platform, ("POST", &path), Some(&one.delegation_id), &hand);
        assert_eq!(taken.status, 200, "{}", taken.json());
        let held = &taken.json()["assignment"];
        assert_eq!(held["assignee"]["staff_id"], clerk.id);
        let colleagues: Vec<_> = held["colleagues"].as_array().unwrap().iter().map(|one| one["staff_id"].clone()).collect();
        assert!(colleagues.contains(&json!(clerk.id)) && colleagues.contains(&json!(reviewer.id)), "{held}");
        let inbox = clerk.send(platform, ("GET", "/api/v1/inbox"), Some(&one.delegation_id), &Value::Null).json();
        assert_eq!(inbox["items"][0]["assignee"]["staff_id"], clerk.id);
        assert_eq!(authority(platform, &matter, "matter.assigned").as_deref(), Some(&*one.delegation_id));

        let owner = crate::application::Actor::owner(platform);
        let matter = crate::application::open_application(platform, &owner);
        asked(platform, &matter, &reviewer);
        let path = format!("/api/v1/matters/{matter}");
        let seen = clerk.send(platform, ("GET", &path), Some(&one.delegation_id), &Value::Null);
        assert_eq!((seen.status, &seen.json()["may_reveal"]), (200, &json!(true)));
        let why = json!({"reason": "核对联系方式"});
        let told = clerk.send(platform, ("POST", &format!("{path}/reveal")), Some(&one.delegation_id), &why);
        assert_eq!(told.status, 200, "{}", told.json());
        let file = json!({"purpose": "remark", "file_name": "a.pdf", "size": 14, "sm3": "0".repeat(64)});
        let sent = clerk.send(platform, ("POST", &format!("{path}/attachments")), Some(&one.delegation_id), &file);
        assert_eq!(sent.status, 201, "{}", sent.json());
        let sent = sent.json()["attachment_id"].as_str().unwrap().to_owned();
        for (object, action) in [(&matter, "matter.revealed"), (&sent, "attachment.created")] {
            assert_eq!(authority(platform, object, action).as_deref(), Some(&*one.delegation_id), "{action}");
        }
    }

    /// A question is taken back by whoever stands in for the person who asked, and not by that colleague alone.
    fn standing_in_takes_back_what_the_other_has_asked(platform) {
        let operator = platform.org(OrgKind::Operator, "000000");
        let (away, here) =
            (person(platform, Role::OperatorClerk, operator), person(platform, Role::OperatorClerk, operator));
        let matter = suggested(platform);
        let path = format!("/api/v1/matters/{matter}/advice");
        let question = json!({"party": "ministry", "words": "是否全国推广？"});
        let asked = away.send(platform, ("POST", &path), None, &question).json();
        let back = format!("{path}/{}/withdrawal", asked["advice"][0]["advice_id"].as_str().unwrap());
        let one = in_force(platform, &away, &here, 1);
        let why = json!({"words": "已自行核实"});
        let seen = |by: Option<&str>| {
            let path = format!("/api/v1/matters/{matter}");
            here.send(platform, ("GET", &path), by, &Value::Null).json()["advice"][0]["may_withdraw"].clone()
        };
        assert_eq!((seen(None), seen(Some(&one.delegation_id))), (json!(false), json!(true)));
        assert_eq!(here.send(platform, ("POST", &back), None, &why).code(), "advice.withdraw");
        assert_eq!(here.send(platform, ("POST", &back), Some(&one.delegation_id), &why).status, 200);
        assert_eq!(authority(platform, &matter, "advice.withdrawn").as_deref(), Some(&*one.delegation_id));
        assert_eq!(authority(platform, &matter, "advice.asked"), None, "in nobody's place");
    }

    /// A request that was admitted before the delegation was revoked moves nothing after it.
    fn what_was_revoked_in_the_meantime_moves_nothing(platform) {
        let operator = platform.org(OrgKind::Operator, "000000");
        let (away, here) =
            (person(platform, Role::OperatorClerk, operator), person(platform, Role::OperatorClerk, operator));
        let matter = suggested(platform);
        let one = in_force(platform, &away, &here, 1);
        let by = Some(one.delegation_id.as_str());
        let path = format!("/api/v1/matters/{matter}");
        let question = json!({"party": "ministry", "words": "是否全国推广？"});
        let asked = here.send(platform, ("POST", &format!("{path}/advice")), by, &question).json();
        let asked: AdviceId = asked["advice"][0]["advice_id"].as_str().unwrap().parse().unwrap();
        let content = b"%PDF-1.7 paper".to_vec();
        let new = Announced { purpose: "remark".into(), file_name: "a.pdf".into(), size: 14, digest: gm::sm3::digest(&content) };
        let staff = admitted(&here, operator, &one);
        let (world, id) = (platform.world(), matter.parse::<MatterId>().unwrap());
        let file = |new: Announced| platform.block_on(attachment::create(world, &staff, id, new));
        let (empty, whole) = (file(new.clone()).unwrap().id, file(new.clone()).unwrap().id);
        let (empty, whole) = (AttachmentId::from_bytes(empty), AttachmentId::from_bytes(whole));
        platform.block_on(attachment::append(world, &staff, whole, 0, content.clone())).unwrap();
        act(&away, &one, "revoke").unwrap();

        let (ministry, words) = (Office::new(Party::Ministry, None).unwrap(), || "见附件".to_owned());
        let whom = Office { party: Party::Operator, division: None };
        let answer = Answer { words: words(), files: Vec::new() };
        for (refused, what) in [
            (code(file(new)), "attachment.create"),
            (code(platform.block_on(attachment::append(world, &staff, empty, 0, content))), "attachment.append"),
            (code(platform.block_on(attachment::complete(world, &staff, whole))), "attachment.complete"),
            (code(platform.block_on(attachment::remove(world, &staff, empty))), "attachment.remove"),
            (code(platform.block_on(advice::ask(world, &staff, id, ministry, words()))), "advice.ask"),
            (code(platform.block_on(advice::answer(world, &staff, (id, asked), answer))), "advice.answer"),
            (code(platform.block_on(advice::withdraw(world, &staff, (id, asked), words()))), "advice.withdraw"),
            (code(platform.block_on(assignment::put(world, &staff, id, Some(staff.id), None))), "assignment.put"),
            (code(platform.block_on(contact::reveal(world, &staff, id, words()))), "contact.reveal"),
            (code(platform.block_on(reminder::send(world, &staff, id, whom))), "reminder.send"),
        ] {
            assert_eq!(refused, "delegation.not_in_force", "{what}");
        }
    }
}
