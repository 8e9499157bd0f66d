//! The second factor: enrolled, asked for, spent, lost and taken away; and what it admits to.

use super::{PASSWORD, create, settled, sign_in};
use crate::harness::{Platform, refusal};
use domain::org::{OrgKind, Role};
use domain::staff::STEP_SECONDS;
use sdk::client::{Error, Staff};
use sdk::types::Private;
use sdk::types::key::RotateKey;
use sdk::types::staff::{BeginFactor, ConfirmFactor, CreateStaffSession, DecideOnStaff, StepUp};
use server::key::totp::code_at;

/// An account with a second factor, and the app that makes its codes.
struct Enrolled {
    staff: Staff,
    secret: Vec<u8>,
    recovery_codes: Vec<Private>,
    id: [u8; 16],
}

fn step() -> i64 {
    server::clock::micros() / 1_000_000 / STEP_SECONDS
}

fn begin(staff: &Staff, password: &str) -> Result<Vec<u8>, Error> {
    let begun = staff.begin_factor(&BeginFactor { password: password.into() })?;
    assert!(begun.uri.expose().contains(&format!("secret={}&", begun.secret.expose())));
    Ok(data_encoding::BASE32_NOPAD.decode(begun.secret.expose().as_bytes()).unwrap())
}

fn confirm(staff: &Staff, code: &str) -> Result<Vec<Private>, Error> {
    Ok(staff.confirm_factor(&ConfirmFactor { code: code.into() })?.recovery_codes)
}

fn enrol(platform: &Platform, login: &str, role: &str) -> Enrolled {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let org = platform.org(OrgKind::Operator, "000000").to_string();
    let staff = settled(platform, &security, &org, login, role);
    let secret = begin(&staff, PASSWORD).unwrap();
    let recovery_codes = confirm(&staff, &code_at(&secret, step())).unwrap();
    let row = platform.read({
        let login = login.to_owned();
        move |tx| Ok(store::org::find_staff_by_login(tx, &login)?)
    });
    Enrolled { staff, secret, recovery_codes, id: row.unwrap().id }
}

impl Enrolled {
    /// A code that was not used, as if time had gone on: no test waits for a step to pass.
    fn code(&self, platform: &Platform) -> String {
        let id = self.id;
        platform.write(move |tx| Ok(store::staff::update_last_step(tx, &id, 0)?));
        code_at(&self.secret, step())
    }

    /// Forgets that the factor was just confirmed in any session.
    fn forget(&self, platform: &Platform) {
        let (id, now) = (self.id, platform.world().real_now());
        platform.write(move |tx| {
            for session in store::staff::list_sessions(tx, &id, now.as_micros(), 0, 100)? {
                let before = now.plus_seconds(-300).as_micros();
                store::staff::confirm_session(tx, &session.token_hash, before)?;
            }
            Ok(())
        });
    }
}

fn sign_in_with(platform: &Platform, login: &str, code: Option<&str>) -> Result<Staff, Error> {
    let request = CreateStaffSession {
        login: login.into(),
        password: PASSWORD.into(),
        code: code.map(Private::new),
        passkey: None,
    };
    Staff::sign_in_with(&platform.config(platform.world()), &request)
}

fn by_code(code: &str) -> StepUp {
    StepUp { code: Some(code.into()), ..StepUp::default() }
}

on_both! {
    fn a_factor_counts_from_its_first_code_on(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let clerk = settled(platform, &security, &org, "lilei", "operator_clerk");
        let elsewhere = sign_in(platform, "lilei", PASSWORD).unwrap();
        assert_eq!(refusal(confirm(&clerk, "000000")), (409, "staff.factor_missing".into()));
        assert_eq!(refusal(clerk.renew_recovery_codes()), (409, "staff.factor_missing".into()));
        assert_eq!(refusal(begin(&clerk, "wrong password")), (401, "staff.login_refused".into()));
        let secret = begin(&clerk, PASSWORD).unwrap();
        assert!(clerk.factor().unwrap().enrolled_at.is_none());
        sign_in(platform, "lilei", PASSWORD).unwrap();
        let old = code_at(&secret, step() - 3);
        assert_eq!(refusal(confirm(&clerk, &old)), (403, "staff.code_refused".into()));
        let codes = confirm(&clerk, &code_at(&secret, step())).unwrap();
        assert_eq!(codes.len(), 10);
        let standing = clerk.factor().unwrap();
        assert_eq!((standing.enrolled_at.is_some(), standing.recovery_codes), (true, 10));
        assert_eq!(refusal(elsewhere.orgs().next().unwrap()).0, 401, "sessions without the factor end");
        let refused = refusal(sign_in(platform, "lilei", PASSWORD).map(drop));
        assert_eq!(refused, (401, "staff.code_required".into()));
    }

    fn a_code_is_good_once_and_no_older_one_after_it(platform) {
        let clerk = enrol(platform, "lilei", "operator_clerk");
        let signed_in = |code: &str| refusal(sign_in_with(platform, "lilei", Some(code)).map(drop));
        let refused = (401, "staff.login_refused".to_owned());
        let code = clerk.code(platform);
        assert_eq!(signed_in(&code).0, 200);
        assert_eq!(signed_in(&code), refused, "used before");
        let older = code_at(&clerk.secret, step() - 1);
        assert_eq!(signed_in(&older), refused, "older than the one that was used");
        for wrong in ["", "000", "一二三四五六", &"0".repeat(33)] {
            assert_ne!(signed_in(wrong).0, 200, "{wrong}");
        }
    }

    /// A code is a guess of one in a million: wrong ones are counted with wrong passwords.
    fn five_wrong_codes_lock_the_account(platform) {
        let clerk = enrol(platform, "lilei", "operator_clerk");
        let far = code_at(&clerk.secret, step() + 100);
        for _ in 0..5 {
            let outcome = refusal(sign_in_with(platform, "lilei", Some(&far)).map(drop));
            assert_eq!(outcome, (401, "staff.login_refused".into()));
        }
        let code = clerk.code(platform);
        let locked = refusal(sign_in_with(platform, "lilei", Some(&code)).map(drop));
        assert_eq!(locked, (401, "staff.login_refused".into()), "the right code, in the words of a wrong one");
        assert_eq!(refusal(clerk.staff.step_up(&by_code(&code))), (403, "staff.code_refused".into()));
        platform.clock().advance(15 * 60);
        sign_in_with(platform, "lilei", Some(&code)).unwrap();
    }

    fn a_missing_code_is_asked_for_and_not_counted(platform) {
        let clerk = enrol(platform, "lilei", "operator_clerk");
        for _ in 0..6 {
            let outcome = refusal(sign_in_with(platform, "lilei", None).map(drop));
            assert_eq!(outcome, (401, "staff.code_required".into()));
        }
        let id = clerk.id;
        let last = platform.read(move |tx| Ok(store::staff::find_sign_in(tx, &id)?)).unwrap();
        assert_eq!(last.failures, 0, "nor told as a sign-in that failed");
        sign_in_with(platform, "lilei", Some(&clerk.code(platform))).unwrap();
    }

    fn a_recovery_code_stands_in_for_the_factor_once(platform) {
        let clerk = enrol(platform, "lilei", "operator_clerk");
        let code = clerk.recovery_codes[3].expose();
        let shouted = code.to_uppercase().replace('-', " ");
        let there = sign_in_with(platform, "lilei", Some(&shouted)).unwrap();
        assert_eq!(there.factor().unwrap().recovery_codes, 9);
        let again = refusal(sign_in_with(platform, "lilei", Some(code)).map(drop));
        assert_eq!(again, (401, "staff.login_refused".into()));
        let renewed = there.renew_recovery_codes().unwrap().recovery_codes;
        assert_eq!((renewed.len(), there.factor().unwrap().recovery_codes), (10, 10));
        let void = refusal(sign_in_with(platform, "lilei", Some(clerk.recovery_codes[4].expose())).map(drop));
        assert_eq!(void, (401, "staff.login_refused".into()), "those of before are void");
    }

    fn a_sensitive_operation_asks_for_a_fresh_proof_and_an_account_without_a_factor_for_none(platform) {
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let security = enrol(platform, "security", "security_admin");
        let rotate = |staff: &Staff| refusal(staff.rotate_key(&RotateKey { usage: "code_mac".into() }));
        assert_eq!(rotate(&security.staff).0, 200, "the factor was shown a moment ago");
        security.forget(platform);
        let required = (403, "staff.step_up_required".to_owned());
        assert_eq!(rotate(&security.staff), required);
        let channel = platform.channel();
        let leaked = sdk::types::key::RevokeKey { reason: "泄露".into() };
        assert_eq!(refusal(security.staff.revoke_key(&channel.key_id, &leaked)), required);
        assert_eq!(refusal(create(&security.staff, &org, "wangwu", "operator_clerk")), required);
        let why = DecideOnStaff { reason: "丢失".into() };
        let someone = platform.world().id(domain::id::StaffId::make).to_string();
        assert_eq!(refusal(security.staff.disable_staff(&someone, &why)), required);
        assert_eq!(refusal(begin(&security.staff, PASSWORD)), required, "nor is the factor replaced");
        assert_eq!(refusal(security.staff.renew_recovery_codes()), required);
        assert!(security.staff.staff().count() > 0, "reading goes on");

        let password = StepUp { password: Some(PASSWORD.into()), ..StepUp::default() };
        let outcome = refusal(security.staff.step_up(&password));
        assert_eq!(outcome, (401, "staff.code_required".into()), "a password is not enough for who has a factor");
        let code = security.code(platform);
        security.staff.step_up(&by_code(&code)).unwrap();
        assert_eq!(rotate(&security.staff).0, 200);
        assert_eq!(refusal(security.staff.step_up(&by_code(&code))), (403, "staff.code_refused".into()));
        let without = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(rotate(&without).0, 200, "where enrolment is voluntary");
    }

    /// CH-30.1: what stops a channel takes a fresh proof; its owner's own report takes none.
    fn raising_a_risk_event_takes_a_fresh_proof(platform) {
        let world = platform.world();
        let token = platform.token(world, Role::OperatorClerk, platform.org(OrgKind::Operator, "000000"));
        platform.enrol(world, &token, None);
        let channel = platform.channel();
        let words = |incident: &str| serde_json::json!({"kind": "risk_event", "channel_id": channel.channel_id(), "opening": {
            "incident": incident, "discovered_at": platform.world().now().to_string(), "words": "接口异常",
        }});
        let refused = platform.request_as(&token, "POST", "/api/v1/matters", &words("misuse"));
        assert_eq!((refused.status, refused.code().as_str()), (403, "staff.step_up_required"));
        platform.enrol(world, &token, Some(world.real_now()));
        assert_eq!(platform.request_as(&token, "POST", "/api/v1/matters", &words("misuse")).status, 201);
    }

    fn an_account_without_a_factor_steps_up_by_password(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let clerk = settled(platform, &security, &org, "lilei", "operator_clerk");
        let by = |password: &str| StepUp { password: Some(password.into()), ..StepUp::default() };
        clerk.step_up(&by(PASSWORD)).unwrap();
        assert_eq!(refusal(clerk.step_up(&by("wrong password"))), (403, "staff.code_refused".into()));
        assert_eq!(refusal(clerk.step_up(&by_code("000000"))), (409, "staff.factor_missing".into()));
        let both = StepUp { code: Some("000000".into()), password: Some(PASSWORD.into()), passkey: None };
        for neither_or_both in [StepUp::default(), both] {
            assert_eq!(refusal(clerk.step_up(&neither_or_both)), (422, "request.fields".into()));
        }
    }

    fn a_lost_factor_is_taken_away_by_security_and_enrolled_anew(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let clerk = enrol(platform, "lilei", "operator_clerk");
        let id = domain::id::StaffId::from_bytes(clerk.id).to_string();
        let why = DecideOnStaff { reason: "手机丢失".into() };
        assert_eq!(refusal(platform.operator().reset_factor(&id, &why)), (403, "staff.role".into()));
        security.reset_factor(&id, &why).unwrap();
        assert_eq!(refusal(clerk.staff.orgs().next().unwrap()).0, 401, "its sessions end");
        assert_eq!(refusal(security.reset_factor(&id, &why)), (409, "staff.factor_missing".into()));
        let again = sign_in(platform, "lilei", PASSWORD).unwrap();
        assert_eq!(again.factor().unwrap().recovery_codes, 0);
        let secret = begin(&again, PASSWORD).unwrap();
        assert_ne!(secret, clerk.secret);
        confirm(&again, &code_at(&secret, step())).unwrap();
    }

    fn a_new_factor_takes_the_place_of_the_old_one_when_it_is_confirmed(platform) {
        let clerk = enrol(platform, "lilei", "operator_clerk");
        let secret = begin(&clerk.staff, PASSWORD).unwrap();
        sign_in_with(platform, "lilei", Some(&clerk.code(platform))).unwrap();
        confirm(&clerk.staff, &code_at(&secret, step())).unwrap();
        let old = clerk.code(platform);
        let refused = refusal(sign_in_with(platform, "lilei", Some(&old)).map(drop));
        assert_eq!(refused, (401, "staff.login_refused".into()));
        sign_in_with(platform, "lilei", Some(&code_at(&secret, step()))).unwrap();
    }

    fn where_a_factor_is_compulsory_nothing_is_done_before_it_is_enrolled(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        settled(platform, &security, &org, "lilei", "operator_clerk");
        let Some(strict) = platform.strict() else { return };
        let clerk = Staff::sign_in(&strict, "lilei", PASSWORD).unwrap();
        let required = (403, "staff.factor_required".to_owned());
        assert_eq!(refusal(clerk.orgs().next().unwrap()), required);
        assert!(clerk.factor().unwrap().is_compulsory);
        let secret = begin(&clerk, PASSWORD).unwrap();
        assert_eq!(refusal(clerk.orgs().next().unwrap()), required, "begun is not enrolled");
        confirm(&clerk, &code_at(&secret, step())).unwrap();
        assert_eq!(clerk.orgs().count(), 1);
    }
}
