use crate::harness::{Platform, Reply, refusal};
use domain::org::{OrgKind, Role};
use sdk::client::{Staff, check_registration, file_registration};
use sdk::types::Private;
use sdk::types::registration::{
    CheckRegistration, DeclineRegistration, OpenRegistration, RegistrationFiled, RegistrationState,
    RegistrationStatus,
};
use serde_json::{Value, json};
use server::registration::service::expire;

const USCC: &str = "91350100M000100Y43";
const DAY: i64 = 86_400;

/// What a company files.
pub fn filing() -> Value {
    json!({
        "name": "民生通演示科技有限公司", "uscc": USCC, "division": "330100", "class": "social",
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

fn decline(reason: &str) -> DeclineRegistration {
    DeclineRegistration { reason: reason.into() }
}

fn open(
    security: &Staff,
    id: &str,
    login: &str,
) -> Result<sdk::types::staff::StaffCreated, sdk::client::Error> {
    security.open_registration(id, &OpenRegistration { login: login.into() })
}

on_both! {
    /// CH-7.1, CH-16.2: a company becomes an organisation by the hands of two administrators, and signs in.
    fn a_company_files_itself_is_confirmed_by_one_and_opened_by_another(platform) {
        let one = filed(platform);
        assert_eq!(status(platform, &one).state, RegistrationState::Waiting);
        let operator = platform.operator();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(refusal(open(&security, &one.registration_id, "minsheng")), (409, "registration.transition".into()));
        assert_eq!(refusal(security.confirm_registration(&one.registration_id)), (403, "staff.role".into()));
        let seen = operator.registrations().next().unwrap().unwrap();
        assert_eq!((seen.uscc.as_str(), seen.contact.phone.expose(), seen.org_id), (USCC, "13812341234", None));
        operator.confirm_registration(&one.registration_id).unwrap();
        assert_eq!(refusal(operator.confirm_registration(&one.registration_id)), (409, "registration.transition".into()));
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
        assert_eq!(refusal(operator.confirm_registration(&id)), (409, "registration.known".into()));
        operator.decline_registration(&id, &decline("贵单位已有账户，请联系本单位管理员")).unwrap();
        let receipt = Private::new(known.json()["receipt"].as_str().unwrap());
        let told = status(platform, &RegistrationFiled { registration_id: id, receipt, lapses_at: String::new() });
        assert_eq!((told.state, told.reason.as_deref()), (RegistrationState::Declined, Some("贵单位已有账户，请联系本单位管理员")));
    }

    fn a_company_that_was_registered_meanwhile_is_not_opened_twice(platform) {
        let (first, second) = (filed(platform), filed(platform));
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        for one in [&first, &second] {
            operator.confirm_registration(&one.registration_id).unwrap();
        }
        open(&security, &first.registration_id, "minsheng").unwrap();
        assert_eq!(refusal(open(&security, &second.registration_id, "another")), (409, "registration.known".into()));
        assert_eq!(operator.decline_registration(&second.registration_id, &decline("重复")).unwrap().state, RegistrationState::Declined);
    }

    fn a_login_that_is_taken_leaves_the_registration_as_it_was(platform) {
        let one = filed(platform);
        let (operator, security) = (platform.operator(), platform.staff(Role::SecurityAdmin, "000000"));
        operator.confirm_registration(&one.registration_id).unwrap();
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

    fn those_who_only_look_see_a_masked_contact(platform) {
        filed(platform);
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        let seen = clerk.registrations().next().unwrap().unwrap().contact;
        assert_eq!((seen.phone.expose(), seen.email.expose()), ("138****1234", "***@example.cn"));
        assert!(!seen.name.expose().contains("晓明"));
        let owner = platform.staff(Role::ChannelAdmin, "330100");
        assert_eq!(refusal(owner.registrations().next().unwrap()), (403, "staff.role".into()));
    }

    fn what_is_not_answered_lapses_and_what_has_ended_is_forgotten(platform) {
        let (one, other) = (filed(platform), filed(platform));
        let operator = platform.operator();
        operator.decline_registration(&other.registration_id, &decline("材料不实")).unwrap();
        platform.clock().advance(30 * DAY - 60);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(status(platform, &one).state, RegistrationState::Waiting);
        platform.clock().advance(60);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(status(platform, &one).state, RegistrationState::Lapsed);
        assert_eq!(refusal(operator.confirm_registration(&one.registration_id)), (409, "registration.transition".into()));
        platform.clock().advance(150 * DAY);
        platform.block_on(expire(platform.world())).unwrap();
        let left: Vec<_> = operator.registrations().map(|one| one.unwrap().registration_id).collect();
        assert_eq!(left, [one.registration_id], "the one that lapsed later");
        platform.clock().advance(31 * DAY);
        platform.block_on(expire(platform.world())).unwrap();
        assert_eq!(operator.registrations().count(), 0);
    }

    fn so_many_wait_and_no_more(platform) {
        let one = filed(platform);
        let id: domain::id::RegistrationId = one.registration_id.parse().unwrap();
        let row = platform.read(move |tx| Ok(store::registration::find(tx, id.as_bytes())?)).unwrap();
        let ids: Vec<_> = (0..499).map(|_| *platform.world().id(domain::id::RegistrationId::make).as_bytes()).collect();
        platform.write(move |tx| {
            tx.unaudited("a test fills the queue");
            for id in &ids {
                store::registration::insert(tx, &store::registration::RegistrationRow { id: *id, ..row.clone() })?;
            }
            Ok(())
        });
        let reply = post(platform, &filing());
        assert_eq!((reply.status, reply.code().as_str()), (409, "registration.full"));
        platform.operator().decline_registration(&one.registration_id, &decline("重复")).unwrap();
        assert_eq!(post(platform, &filing()).status, 202);
    }

    fn a_list_has_one_state_or_all(platform) {
        let (one, other) = (filed(platform), filed(platform));
        let operator = platform.operator();
        operator.confirm_registration(&other.registration_id).unwrap();
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
