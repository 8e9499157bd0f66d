use crate::coverage::scene::acts;
use crate::harness::{Platform, Reply, refusal};
use domain::id::RegistrationId;
use domain::identity::Uscc;
use domain::org::{OrgKind, Role};
use sdk::client::{Error, Staff, check_registration, file_registration};
use sdk::types::registration::{
    CheckRegistration, DeclineRegistration, OpenRegistration, RegistrationFiled, RegistrationState,
    RegistrationStatus, RegistrationView,
};
use sdk::types::staff::StaffCreated;
use sdk::types::{Private, Reveal};
use serde_json::{Value, json};
use server::registration::service::expire;
use store::registration::RegistrationRow;

const USCC: &str = "91350100M000100Y43";
const DAY: i64 = 86_400;

/// What a company files.
pub fn filing() -> Value {
    json!({
        "name": "民生通演示科技有限公司", "uscc": USCC, "division": "330100", "class": "social",
        "legal_representative": "赵敏", "registered_on": "2015-06-01",
        "contact": {"name": "陈晓明", "phone": "13812341234", "email": "channel@example.cn"},
        "words": "面向城市居民提供社保查询、就医缴费等民生服务。",
    })
}

/// Files it as somebody whom nobody knows.
fn post(platform: &Platform, body: &Value) -> Reply {
    let headers = [("content-type", "application/json")];
    platform.request("POST", "/api/v1/registrations", &headers, body.to_string().as_bytes())
}

pub fn filed(platform: &Platform) -> RegistrationFiled {
    let request = serde_json::from_value(filing()).unwrap();
    file_registration(&platform.config(platform.world()), &request).unwrap()
}

fn status(platform: &Platform, one: &RegistrationFiled) -> RegistrationStatus {
    let config = platform.config(platform.world());
    check_registration(&config, &one.registration_id, &CheckRegistration { receipt: one.receipt.clone() })
        .unwrap()
}

/// Every registration as it is stored; the contacts of copies cannot be opened.
fn stored(platform: &Platform) -> Vec<RegistrationRow> {
    platform.read(|tx| Ok(store::registration::list(tx, &[], 1_000)?))
}

fn confirm(staff: &Staff, id: &str) -> Result<RegistrationView, Error> {
    staff.confirm_registration(id, staff.registration(id)?.version)
}

fn decline(staff: &Staff, id: &str, reason: &str) -> Result<RegistrationView, Error> {
    let request = DeclineRegistration { reason: reason.into() };
    staff.decline_registration(id, staff.registration(id)?.version, &request)
}

fn open(security: &Staff, id: &str, login: &str) -> Result<StaffCreated, Error> {
    let request = OpenRegistration { login: login.into() };
    security.open_registration(id, security.registration(id)?.version, &request)
}

/// Puts copies of a registration beside it, as `change` makes them.
pub fn multiply(
    platform: &Platform,
    id: &str,
    copies: usize,
    change: impl Fn(&mut RegistrationRow),
) -> Vec<String> {
    let id: RegistrationId = id.parse().unwrap();
    let row = platform.read(move |tx| Ok(store::registration::find(tx, id.as_bytes())?)).unwrap();
    let copy = |_| {
        let id = *platform.world().id(RegistrationId::make).as_bytes();
        let mut copy = RegistrationRow { id, ..row.clone() };
        change(&mut copy);
        copy
    };
    let rows: Vec<_> = (0..copies).map(copy).collect();
    let ids = rows.iter().map(|row| RegistrationId::from_bytes(row.id).to_string()).collect();
    platform.write(move |tx| {
        tx.unaudited("a test fills the queue");
        for row in &rows {
            store::registration::insert(tx, row)?;
        }
        Ok(())
    });
    ids
}

on_both! {
    /// CH-7.1, CH-16.2: a company becomes an organisation by the hands of two administrators, and signs in.
    fn a_company_files_itself_is_confirmed_by_one_and_opened_by_another(platform) {
        let one = filed(platform);
        assert_eq!(status(platform, &one).state, RegistrationState::Waiting);
        let operator = platform.operator();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(refusal(open(&security, &one.registration_id, "minsheng")), (409, "registration.transition".into()));
        assert_eq!(refusal(confirm(&security, &one.registration_id)), (403, "staff.role".into()));
        let seen = operator.registrations().next().unwrap().unwrap();
        assert_eq!((seen.uscc.as_str(), seen.org_id), (USCC, None));
        confirm(&operator, &one.registration_id).unwrap();
        assert_eq!(refusal(confirm(&operator, &one.registration_id)), (409, "registration.transition".into()));
        assert_eq!(refusal(open(&operator, &one.registration_id, "minsheng")), (403, "staff.role".into()));
        let count = operator.orgs().count();
        let made = open(&security, &one.registration_id, "minsheng").unwrap();
        assert_eq!(made.staff.role, "channel_admin");
        assert_eq!(operator.orgs().count(), count + 1);
        let org = operator.orgs().map(Result::unwrap).find(|org| org.org_id == made.staff.org_id).unwrap();
        assert_eq!((org.uscc.as_deref(), org.division.as_str()), (Some(USCC), "330100"));
        let config = platform.config(platform.world());
        let owner = Staff::sign_in(&config, "minsheng", made.one_time_password.expose()).unwrap();
        assert!(owner.whoami().unwrap().staff.must_change_password);
        assert_eq!(status(platform, &one).state, RegistrationState::Opened);
        assert_eq!(refusal(open(&security, &one.registration_id, "another")), (409, "registration.transition".into()));
    }

    fn whoever_files_is_told_the_same_whatever_is_known_of_the_company(platform) {
        let unknown = post(platform, &filing());
        let operator = platform.operator();
        let org = sdk::types::org::CreateOrg {
            name: "民生通".into(), kind: sdk::types::org::OrgKind::ChannelOwner, division: "330100".into(), uscc: Some(USCC.into()),
        };
        let org = operator.create_org(&org).unwrap();
        let known = post(platform, &filing());
        for reply in [&unknown, &known] {
            assert_eq!(reply.status, 202);
            let body = reply.json();
            let names: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
            assert_eq!(names, ["lapses_at", "receipt", "registration_id"]);
        }
        // Those who decide see it, and it makes no second organisation.
        let id = known.json()["registration_id"].as_str().unwrap().to_owned();
        let seen = operator.registrations().map(Result::unwrap).find(|one| one.registration_id == id).unwrap();
        assert_eq!((seen.org_id, seen.org_name.as_deref()), (Some(org.org_id), Some("民生通")));
        assert_eq!(refusal(confirm(&operator, &id)), (409, "registration.known".into()));
        decline(&operator, &id, "贵单位已有账户，请联系本单位管理员").unwrap();
        let receipt = Private::new(known.json()["receipt"].as_str().unwrap());
        let told = status(platform, &RegistrationFiled { registration_id: id, receipt, lapses_at: String::new() });
        assert_eq!((told.state, told.reason.as_deref()), (RegistrationState::Declined, Some("贵单位已有账户，请联系本单位管理员")));
    }

    fn a_company_that_was_registered_meanwhile_is_not_opened_twice(platform) {
        let (first, second) = (filed(platform), filed(platform));
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        for one in [&first, &second] {
            confirm(&operator, &one.registration_id).unwrap();
        }
        open(&security, &first.registration_id, "minsheng").unwrap();
        assert_eq!(refusal(open(&security, &second.registration_id, "another")), (409, "registration.known".into()));
        assert_eq!(decline(&operator, &second.registration_id, "重复").unwrap().state, RegistrationState::Declined);
    }

    fn a_login_that_is_taken_leaves_the_registration_as_it_was(platform) {
        let one = filed(platform);
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        confirm(&operator, &one.registration_id).unwrap();
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        crate::staff::settled(platform, &security, &org, "taken", "operator_clerk");
        assert_eq!(refusal(open(&security, &one.registration_id, "taken")), (409, "resource.exists".into()));
        assert_eq!(refusal(open(&security, &one.registration_id, "Taken")), (422, "request.fields".into()));
        open(&security, &one.registration_id, "free").unwrap();
    }

    fn a_registration_is_read_with_its_receipt_alone(platform) {
        let (one, other) = (filed(platform), filed(platform));
        let ask = |id: &str, receipt: &str| {
            let body = json!({"receipt": receipt}).to_string();
            let path = format!("/api/v1/registrations/{id}/check");
            platform.request("POST", &path, &[("content-type", "application/json")], body.as_bytes())
        };
        let nobody = format!("reg_{}", "0".repeat(26));
        for (id, receipt) in [(&one.registration_id, other.receipt.expose()), (&nobody, one.receipt.expose()), (&one.registration_id, "")] {
            let reply = ask(id, receipt);
            assert_eq!((reply.status, reply.code().as_str()), (404, "resource.not_found"));
        }
        let reply = ask(&one.registration_id, one.receipt.expose());
        assert_eq!(reply.status, 200);
        let text = reply.json().to_string();
        assert!(!text.contains(USCC) && !text.contains("1381234"), "{text}");
    }

    /// CH-7.1, CH-16.1.
    fn every_wrong_field_of_a_filing_is_named_at_once(platform) {
        let mut wrong = filing();
        wrong["uscc"] = json!("91350100M000100Y44");
        wrong["contact"]["phone"] = json!("0571-88880000");
        let reply = post(platform, &wrong);
        assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"));
        let body = reply.json();
        let pointers: Vec<_> = body["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/uscc", "/contact/phone"]);
    }

    fn who_can_be_reached_is_revealed_one_at_a_time_to_those_who_answer(platform) {
        let id = filed(platform).registration_id;
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        let (clerk, audit) = (platform.staff(Role::OperatorClerk, "000000"), platform.staff(Role::AuditAdmin, "000000"));
        let masked = |seen: &RegistrationView| {
            let contact = &seen.contact;
            assert_eq!((contact.phone.expose(), contact.email.expose()), ("138****1234", "***@example.cn"));
            assert!(!contact.name.expose().contains("晓明") && seen.words.is_none());
        };
        let before = acts(platform);
        for staff in [&operator, &security, &clerk, &audit] {
            masked(&staff.registrations().next().unwrap().unwrap());
        }
        let why = Reveal { reason: "核实联系人身份".into() };
        for staff in [&clerk, &audit] {
            masked(&staff.registration(&id).unwrap());
            assert_eq!(refusal(staff.reveal_registration(&id, &why)), (403, "staff.role".into()));
        }
        let silent = Reveal { reason: " ".into() };
        assert_eq!(refusal(operator.reveal_registration(&id, &silent)), (422, "request.fields".into()));
        assert_eq!(acts(platform), before, "nothing was revealed");
        for staff in [&operator, &security] {
            let seen = staff.reveal_registration(&id, &why).unwrap();
            assert_eq!((seen.contact.phone.expose(), seen.contact.name.expose()), ("13812341234", "陈晓明"));
            assert!(seen.words.unwrap().contains("社保查询"));
        }
        assert_eq!(acts(platform), before + 2, "who asked is on record");
        let object: RegistrationId = id.parse().unwrap();
        let said = platform.read(move |tx| Ok(store::remark::find(tx, object.as_bytes(), "reveal")?));
        assert_eq!(said.as_deref(), Some("核实联系人身份"), "and why");
        masked(&confirm(&operator, &id).unwrap());
        masked(&decline(&operator, &id, "材料不实").unwrap());
        let owner = platform.staff(Role::ChannelAdmin, "330100");
        assert_eq!(refusal(owner.registrations().next().unwrap()), (403, "staff.role".into()));
        assert_eq!(refusal(owner.registration(&id)), (403, "staff.role".into()));
    }

    fn who_can_be_reached_is_revealed_after_a_fresh_proof(platform) {
        let id = filed(platform).registration_id;
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let admin = Staff::with_token(&platform.config(platform.world()), token.clone()).unwrap();
        let why = Reveal { reason: "核实联系人身份".into() };
        platform.enrol(platform.world(), &token, None);
        assert_eq!(refusal(admin.reveal_registration(&id, &why)), (403, "staff.step_up_required".into()));
        platform.enrol(platform.world(), &token, Some(platform.world().real_now()));
        assert_eq!(admin.reveal_registration(&id, &why).unwrap().contact.phone.expose(), "13812341234");
    }

    fn an_answer_to_what_was_answered_meanwhile_is_refused(platform) {
        let id = filed(platform).registration_id;
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        let seen = operator.registration(&id).unwrap();
        let confirmed = operator.confirm_registration(&id, seen.version).unwrap();
        assert_eq!((seen.version, confirmed.version), (1, 2));
        let request = DeclineRegistration { reason: "重复".into() };
        assert_eq!(refusal(operator.decline_registration(&id, seen.version, &request)), (412, "resource.stale".into()));
        let request = OpenRegistration { login: "minsheng".into() };
        assert_eq!(refusal(security.open_registration(&id, seen.version, &request)), (412, "resource.stale".into()));
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let reply = platform.request_as(&token, "GET", &format!("/api/v1/registrations/{id}"), &Value::Null);
        assert_eq!(reply.header("etag"), "\"2\"");
        let reply = platform.request_as(&token, "POST", &format!("/api/v1/registrations/{id}/confirm"), &Value::Null);
        assert_eq!((reply.status, reply.code().as_str()), (428, "resource.if_match_missing"));
        security.open_registration(&id, confirmed.version, &request).unwrap();
    }

    fn of_those_opened_at_once_one_has_the_credit_code_and_one_the_login(platform) {
        let token = platform.token(platform.world(), Role::SecurityAdmin, platform.org(OrgKind::Operator, "000000"));
        let config = platform.config(platform.world());
        let at_once = |wishes: Vec<(String, String)>| {
            let under_way: Vec<_> = wishes.into_iter().map(|(id, login)| {
                let staff = Staff::with_token(&config, token.clone()).unwrap();
                std::thread::spawn(move || staff.open_registration(&id, 2, &OpenRegistration { login }))
            }).collect();
            let mut told: Vec<_> = under_way.into_iter().map(|one| refusal(one.join().unwrap())).collect();
            told.sort();
            told
        };
        let one_of_four = |code: &str| [(200, String::new()), (409, code.into()), (409, code.into()), (409, code.into())];
        let confirmed = |uscc: &str| {
            let mut body = filing();
            body["uscc"] = json!(uscc);
            let one = file_registration(&config, &serde_json::from_value(body).unwrap()).unwrap();
            confirm(&platform.operator(), &one.registration_id).unwrap();
            one.registration_id
        };
        let wishes = (0..4).map(|n| (confirmed(USCC), format!("company{n}"))).collect();
        assert_eq!(at_once(wishes), one_of_four("registration.known"));
        let wishes = (0..4).map(|n| {
            let code = Uscc::numbered("91330100", 700 + n).unwrap();
            (confirmed(code.as_str()), "minsheng".into())
        }).collect();
        assert_eq!(at_once(wishes), one_of_four("resource.exists"));
    }

    fn what_is_not_answered_lapses_and_what_has_ended_is_forgotten(platform) {
        let (one, other) = (filed(platform), filed(platform));
        let operator = platform.operator();
        decline(&operator, &other.registration_id, "材料不实").unwrap();
        platform.clock().advance(30 * DAY - 60);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(status(platform, &one).state, RegistrationState::Waiting);
        platform.clock().advance(60);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(status(platform, &one).state, RegistrationState::Lapsed);
        assert_eq!(refusal(confirm(&operator, &one.registration_id)), (409, "registration.transition".into()));
        platform.clock().advance(150 * DAY);
        platform.block_on(expire(platform.world())).unwrap();
        let left: Vec<_> = operator.registrations().map(|one| one.unwrap().registration_id).collect();
        assert_eq!(left, [one.registration_id], "the one that lapsed later");
        platform.clock().advance(31 * DAY);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(operator.registrations().count(), 0);
    }

    fn what_is_not_due_hides_nothing_that_is(platform) {
        let one = filed(platform);
        let operator = platform.operator();
        let later = platform.world().now().plus_seconds(100 * DAY).as_micros();
        let declined = |row: &mut RegistrationRow| (row.state, row.changed_at) = ("declined".into(), later);
        multiply(platform, &one.registration_id, 200, declined);
        let last = filed(platform);
        decline(&operator, &last.registration_id, "材料不实").unwrap();
        platform.clock().advance(180 * DAY);
        platform.block_on(expire(platform.world())).unwrap();
        let left = stored(platform);
        assert_eq!((left.len(), left.last().unwrap().state.as_str()), (201, "declined"));
        let id: RegistrationId = last.registration_id.parse().unwrap();
        assert!(left.iter().all(|row| row.id != *id.as_bytes()), "the last one is forgotten");
    }

    fn two_servers_lapse_and_neither_forgets_what_the_other_lapsed(platform) {
        let one = filed(platform);
        multiply(platform, &one.registration_id, 29, |_| ());
        platform.clock().advance(30 * DAY);
        let world = platform.world();
        let both = async { tokio::join!(expire(world), expire(world)) };
        let (first, second) = platform.block_on(both);
        first.and(second).unwrap();
        let states: Vec<_> = stored(platform).into_iter().map(|row| row.state).collect();
        assert_eq!(states, ["lapsed"; 30]);
    }

    fn one_address_takes_few_of_the_places(platform) {
        let world = platform.world();
        world.limit_addresses(None, vec!["127.0.0.1".parse().unwrap()]);
        let post = |from: &str, body: &Value| {
            let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
            platform.request("POST", "/api/v1/registrations", &headers, body.to_string().as_bytes())
        };
        let mut wrong = filing();
        wrong["uscc"] = json!("91350100M000100Y44");
        assert_eq!(post("192.0.2.1", &wrong).status, 422, "what takes no place is not counted");
        for _ in 0..20 {
            assert_eq!(post("192.0.2.1", &filing()).status, 202);
        }
        let reply = post("192.0.2.1", &filing());
        assert_eq!((reply.status, reply.code().as_str()), (429, "platform.rate_limited"));
        assert!((1..=180).contains(&reply.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!(post("192.0.2.2", &filing()).status, 202);
    }

    fn so_many_wait_and_no_more(platform) {
        let one = filed(platform);
        multiply(platform, &one.registration_id, 499, |_| ());
        let reply = post(platform, &filing());
        assert_eq!((reply.status, reply.code().as_str()), (409, "registration.full"));
        decline(&platform.operator(), &one.registration_id, "重复").unwrap();
        assert_eq!(post(platform, &filing()).status, 202);
    }

    fn a_list_has_one_state_or_all(platform) {
        let (one, other) = (filed(platform), filed(platform));
        let operator = platform.operator();
        confirm(&operator, &other.registration_id).unwrap();
        let token = platform.token(platform.world(), Role::AuditAdmin, platform.org(OrgKind::Operator, "000000"));
        let ids = |query: &str| {
            let reply = platform.request_as(&token, "GET", &format!("/api/v1/registrations{query}"), &Value::Null).json();
            reply["data"].as_array().unwrap().iter().map(|one| one["registration_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (one, other) = (one.registration_id, other.registration_id);
        assert_eq!(ids("?state=waiting"), std::slice::from_ref(&one));
        assert_eq!(ids("?state=confirmed"), std::slice::from_ref(&other));
        assert_eq!(ids(""), [one, other]);
    }
}
