//! Accounts of staff: signing in, one-time passwords, locks, who opens and closes accounts.

mod enrolled;
mod factor;
mod passkey;
mod portal;
mod under_way;

pub use passkey::Device;

use crate::harness::{Platform, refusal};
use crate::org::at_once;
use domain::org::{OrgKind, Role};
use sdk::client::Staff;
use sdk::types::audit::{TrailEntry, TrailFilter};
use sdk::types::staff::{
    ChangeStaffPassword, CreateStaff, DecideOnStaff, EndSessions, MemberView, StaffCreated,
};
use server::staff::bootstrap;

/// The password of [`settled`] accounts.
pub const PASSWORD: &str = "correct horse battery";

/// Signs in to production.
fn sign_in(platform: &Platform, login: &str, password: &str) -> Result<Staff, sdk::client::Error> {
    Staff::sign_in(&platform.config(platform.world()), login, password)
}

fn change(current: &str, new: &str) -> ChangeStaffPassword {
    ChangeStaffPassword { current_password: current.into(), new_password: new.into() }
}

/// A new account that has replaced its one-time password.
pub fn settled(platform: &Platform, by: &Staff, org: &str, login: &str, role: &str) -> Staff {
    let created = create(by, org, login, role).unwrap();
    let staff = sign_in(platform, login, created.one_time_password.expose()).unwrap();
    staff.change_password(&change(created.one_time_password.expose(), PASSWORD)).unwrap();
    staff
}

fn create(by: &Staff, org: &str, login: &str, role: &str) -> Result<StaffCreated, sdk::client::Error> {
    by.create_staff(&CreateStaff { org_id: org.into(), login: login.into(), role: role.into() })
}

/// The id of the one account in sight of which this is so.
fn id_of(security: &Staff, is_it: impl Fn(&MemberView) -> bool) -> String {
    security.staff().map(Result::unwrap).find(is_it).unwrap().staff.staff_id
}

on_both! {
    fn the_first_start_makes_one_account_whose_secret_works_until_it_is_replaced(platform) {
        let first = platform.block_on(bootstrap(platform.world())).unwrap().unwrap();
        assert!(platform.block_on(bootstrap(platform.world())).unwrap().is_none(), "once");
        let secret = first.one_time_password.expose();
        let operator = sign_in(platform, &first.login, secret).unwrap();
        assert_eq!(refusal(operator.orgs().next().unwrap()), (403, "staff.password_change_required".into()));
        operator.change_password(&change(secret, PASSWORD)).unwrap();
        assert_eq!(operator.orgs().count(), 1);
        assert_eq!(refusal(sign_in(platform, &first.login, secret).map(drop)), (401, "staff.login_refused".into()));
        sign_in(platform, &first.login, PASSWORD).unwrap();
    }

    fn the_operator_opens_the_first_account_of_each_other_power_and_no_second(platform) {
        let first = platform.block_on(bootstrap(platform.world())).unwrap().unwrap();
        let secret = first.one_time_password.expose();
        let operator = sign_in(platform, &first.login, secret).unwrap();
        operator.change_password(&change(secret, PASSWORD)).unwrap();
        let org = operator.orgs().next().unwrap().unwrap().org_id;

        assert_eq!(refusal(create(&operator, &org, "clerk", "operator_clerk")), (403, "staff.role".into()));
        let security = settled(platform, &operator, &org, "security", "security_admin");
        let path = format!("/api/v1/orgs/{org}/trail");
        let trail: Vec<TrailEntry> = operator.client().list(path).collect::<Result<_, _>>().unwrap();
        assert!(trail.iter().all(|record| record.action == "staff.bootstrapped") && trail.len() == 2, "{trail:?}");
        let auditor = settled(platform, &operator, &org, "auditor", "audit_admin");
        for role in ["security_admin", "audit_admin"] {
            assert_eq!(refusal(create(&operator, &org, "another", role)), (403, "staff.role".into()));
        }
        create(&security, &org, "clerk", "operator_clerk").unwrap();
        assert_eq!(refusal(create(&auditor, &org, "mine", "audit_admin")), (403, "staff.role".into()));
        let logins: Vec<_> = auditor.staff().map(|listed| listed.unwrap().staff.login).collect();
        assert_eq!(logins, ["operator", "security", "auditor", "clerk"]);
        assert_eq!(refusal(operator.staff().next().unwrap()), (403, "staff.role".into()));
    }

    fn five_wrong_passwords_lock_an_account_for_fifteen_minutes(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        settled(platform, &security, &org, "lilei", "operator_clerk");
        let refused = (401, "staff.login_refused".to_owned());
        for _ in 0..4 {
            assert_eq!(refusal(sign_in(platform, "lilei", "wrong password").map(drop)), refused);
        }
        sign_in(platform, "lilei", PASSWORD).unwrap();
        for _ in 0..5 {
            assert_eq!(refusal(sign_in(platform, "lilei", "wrong password").map(drop)), refused);
        }
        assert_eq!(refusal(sign_in(platform, "lilei", PASSWORD).map(drop)), refused, "locked, in the same words");
        platform.clock().advance(14 * 60);
        assert_eq!(refusal(sign_in(platform, "lilei", PASSWORD).map(drop)), refused);
        platform.clock().advance(60);
        sign_in(platform, "lilei", PASSWORD).unwrap();
        assert_eq!(refusal(sign_in(platform, "nobody", PASSWORD).map(drop)), refused);
    }

    fn wrong_current_passwords_count_too(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let clerk = settled(platform, &security, &org, "lilei", "operator_clerk");
        for _ in 0..5 {
            let outcome = clerk.change_password(&change("wrong password", "another good password"));
            assert_eq!(refusal(outcome), (401, "staff.login_refused".into()));
        }
        let outcome = clerk.change_password(&change(PASSWORD, "another good password"));
        assert_eq!(refusal(outcome), (401, "staff.login_refused".into()), "locked");
    }

    fn a_new_password_is_strong_and_another_one_and_ends_other_sign_ins(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let clerk = settled(platform, &security, &org, "lilei", "operator_clerk");
        let elsewhere = sign_in(platform, "lilei", PASSWORD).unwrap();
        for (new, code) in [
            ("elevenchars", "staff.password_weak"),
            ("this is lilei speaking", "staff.password_weak"),
            (PASSWORD, "staff.password_same"),
        ] {
            assert_eq!(refusal(clerk.change_password(&change(PASSWORD, new))), (422, code.into()));
        }
        let long = "x".repeat(257);
        assert_eq!(refusal(clerk.change_password(&change(PASSWORD, &long))), (422, "request.fields".into()));
        clerk.change_password(&change(PASSWORD, "twelve chars")).unwrap();
        assert_eq!(clerk.orgs().count(), 1, "the session that changed it goes on");
        assert_eq!(refusal(elsewhere.orgs().next().unwrap()), (401, "staff.unauthenticated".into()));
    }

    fn signing_out_ends_the_session(platform) {
        let operator = platform.operator();
        operator.sign_out().unwrap();
        assert_eq!(refusal(operator.orgs().next().unwrap()), (401, "staff.unauthenticated".into()));
        let none: [(&str, &str); 0] = [];
        assert_eq!(platform.request("GET", "/api/v1/orgs", &none, b"").code(), "staff.unauthenticated");
        let headers = [("authorization", "Bearer st_nonsense")];
        assert_eq!(platform.request("GET", "/api/v1/orgs", &headers, b"").status, 401);
    }

    fn a_session_ends_after_eight_hours_of_real_time_not_of_business_time(platform) {
        let operator = platform.operator();
        platform.clock().advance(30 * 86_400);
        assert_eq!(operator.orgs().count(), 1);
    }

    fn of_those_who_come_at_once_with_one_login_one_is_first(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let department = platform.org(OrgKind::Department, "330106").to_string();
        for login in ["lilei", "hanmeimei"] {
            let outcomes = at_once(|| create(&security, &department, login, "department_clerk").map(drop));
            let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(made.len(), 1);
            for outcome in refused {
                assert_eq!(refusal(outcome), (409, "resource.exists".into()));
            }
        }
    }

    fn an_account_fits_its_organisation_and_its_login_is_free(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let department = platform.org(OrgKind::Department, "330106").to_string();
        let role = |role| refusal(create(&security, &department, "lilei", role));
        for other in ["operator_admin", "security_admin", "audit_admin", "region_clerk", "channel_admin"] {
            assert_eq!(role(other), (422, "staff.role_for_kind".into()), "{other}");
        }
        assert_eq!(role("emperor"), (422, "request.fields".into()));
        create(&security, &department, "lilei", "department_clerk").unwrap();
        assert_eq!(role("department_clerk"), (409, "resource.exists".into()));
        let unknown = platform.world().id(domain::id::OrgId::make).to_string();
        let outcome = create(&security, &unknown, "hanmeimei", "department_clerk");
        assert_eq!(refusal(outcome), (404, "resource.not_found".into()));
        for login in ["ab", "2li", "LiLei", &"a".repeat(33)] {
            let outcome = create(&security, &department, login, "department_clerk");
            assert_eq!(refusal(outcome), (422, "request.fields".into()), "{login}");
        }
    }

    fn worlds_know_nothing_of_each_others_staff(platform) {
        let operator = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let reply = platform.request_as(&operator, "GET", "/sandbox/api/v1/orgs", &serde_json::Value::Null);
        assert_eq!((reply.status, reply.code().as_str()), (401, "staff.unauthenticated"));
        let sandbox = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        assert_eq!(sandbox.orgs().count(), 1);
    }

    fn an_account_learns_who_it_is_and_what_its_role_may_do(platform) {
        let first = platform.block_on(bootstrap(platform.world())).unwrap().unwrap();
        let operator = sign_in(platform, &first.login, first.one_time_password.expose()).unwrap();
        let before = operator.whoami().unwrap();
        assert!(before.staff.must_change_password, "known before the one-time password is replaced");
        assert_eq!((before.org.kind, before.org.division.as_str()), (sdk::types::org::OrgKind::Operator, "000000"));
        assert!(before.operations.iter().any(|operation| operation == "org.create"));
        assert!(!before.operations.iter().any(|operation| operation == "staff.create"));
        operator.sign_out().unwrap();
        assert_eq!(refusal(operator.whoami()), (401, "staff.unauthenticated".into()));
    }

    fn a_disabled_account_is_out_at_once_and_comes_back_enabled(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let clerk = settled(platform, &security, &org, "lilei", "operator_clerk");
        let id = id_of(&security, |one| one.staff.login == "lilei");
        let why = DecideOnStaff { reason: "离职".into() };
        assert_eq!(security.disable_staff(&id, &why).unwrap().state, "disabled");
        assert_eq!(refusal(clerk.orgs().next().unwrap()), (401, "staff.unauthenticated".into()));
        let refused = refusal(sign_in(platform, "lilei", PASSWORD).map(drop));
        assert_eq!(refused, (401, "staff.login_refused".into()), "in the words of a wrong password");
        assert_eq!(refusal(security.disable_staff(&id, &why)), (409, "staff.state".into()));
        assert_eq!(security.enable_staff(&id, &why).unwrap().state, "active");
        assert_eq!(refusal(security.enable_staff(&id, &why)), (409, "staff.state".into()));
        assert_eq!(refusal(clerk.orgs().next().unwrap()).0, 401, "its old session stays ended");
        sign_in(platform, "lilei", PASSWORD).unwrap();
        for reason in ["", " ", &"长".repeat(201)] {
            let outcome = security.disable_staff(&id, &DecideOnStaff { reason: reason.into() });
            assert_eq!(refusal(outcome), (422, "request.fields".into()), "{reason}");
        }
        let nobody = platform.world().id(domain::id::StaffId::make).to_string();
        assert_eq!(refusal(security.disable_staff(&nobody, &why)), (404, "resource.not_found".into()));
    }

    fn nobody_decides_about_the_own_account(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let own = id_of(&security, |one| one.staff.role == "security_admin");
        let why = DecideOnStaff { reason: "试试".into() };
        for outcome in [
            security.disable_staff(&own, &why),
            security.enable_staff(&own, &why),
            security.reset_factor(&own, &why),
        ] {
            assert_eq!(refusal(outcome), (403, "staff.own_account".into()));
        }
    }

    fn one_sees_and_ends_ones_own_sessions_and_no_others(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let here = settled(platform, &security, &org, "lilei", "operator_clerk");
        let there = sign_in(platform, "lilei", PASSWORD).unwrap();
        let listed = here.sessions().unwrap().data;
        let current: Vec<_> = listed.iter().map(|session| session.is_current).collect();
        assert_eq!(current, [true, false], "the one that changed the password, and the one that came after");
        let others = security.sessions().unwrap().data;
        assert_eq!(others.len(), 1);
        assert_eq!(refusal(here.end_session(&others[0].session_id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(here.end_session("sts_nonsense")), (404, "resource.not_found".into()));
        here.end_session(&listed[1].session_id).unwrap();
        assert_eq!(refusal(there.orgs().next().unwrap()), (401, "staff.unauthenticated".into()));
        assert_eq!(here.sessions().unwrap().data.len(), 1);
    }

    /// The security administrator ends a sign-in without disabling the account.
    fn sessions_of_an_account_are_listed_and_ended_by_security(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let here = settled(platform, &security, &org, "lilei", "operator_clerk");
        let there = sign_in(platform, "lilei", PASSWORD).unwrap();
        let id = id_of(&security, |one| one.staff.login == "lilei");
        let listed = security.sessions_of(&id).unwrap().data;
        assert!(listed.len() == 2 && listed.iter().all(|one| !one.is_current));
        let end = |session_id: Option<&str>| {
            let request = EndSessions { reason: "异地登录".into(), session_id: session_id.map(str::to_owned) };
            security.end_sessions_of(&id, &request)
        };
        end(Some(&listed[0].session_id)).unwrap();
        assert_eq!((refusal(here.whoami()).0, refusal(there.whoami()).0), (401, 200));
        assert_eq!(refusal(end(Some(&listed[0].session_id))), (404, "resource.not_found".into()));
        end(None).unwrap();
        assert_eq!(refusal(there.whoami()), (401, "staff.unauthenticated".into()));
        sign_in(platform, "lilei", PASSWORD).unwrap();
        let told: Vec<TrailEntry> = security.trail(&id, &TrailFilter::default()).unwrap().all().unwrap();
        assert_eq!((told[1].action.as_str(), told[1].reason.as_deref()), ("staff.sessions_ended", Some("异地登录")));
        assert_eq!(refusal(platform.operator().sessions_of(&id)), (403, "staff.role".into()));
        let nobody = platform.world().id(domain::id::StaffId::make).to_string();
        assert_eq!(refusal(security.sessions_of(&nobody)), (404, "resource.not_found".into()));
    }

    fn a_session_that_lies_unused_for_half_an_hour_is_over(platform) {
        let org = platform.org(OrgKind::Operator, "000000");
        let token = platform.token(platform.world(), Role::OperatorAdmin, org);
        let hash = gm::sm3::digest(token.expose().as_bytes());
        let ask = || platform.request_as(&token, "GET", "/api/v1/orgs", &serde_json::Value::Null).status;
        let rest = |seconds: i64| {
            let seen_at = platform.world().real_now().plus_seconds(-seconds).as_micros();
            platform.write(move |tx| Ok(store::staff::touch_session(tx, &hash, seen_at)?));
        };
        rest(30 * 60 - 30);
        assert_eq!(ask(), 200);
        rest(90);
        assert_eq!(ask(), 200);
        let now = platform.world().real_now().as_micros();
        let seen = platform.read(move |tx| Ok(store::staff::find_signed_in(tx, &hash, now)?)).unwrap().session.seen_at;
        assert!(now - seen < 30_000_000, "its use was noted");
        rest(30 * 60);
        assert_eq!(ask(), 401);
    }

    fn a_login_that_nobody_has_is_refused_and_on_record_like_a_wrong_password(platform) {
        let records = || {
            let edges = platform.read(|tx| Ok(store::audit::list_edges(tx)?));
            edges.iter().map(|edge| format!("{edge:?}")).collect::<Vec<_>>()
        };
        let before = records();
        let refused = refusal(sign_in(platform, "nobody", PASSWORD).map(drop));
        assert_eq!(refused, (401, "staff.login_refused".into()));
        assert_ne!(records(), before, "the attempt left a record");
    }
}
