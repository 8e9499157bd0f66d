//! The permission table as it was reviewed, and the rules of accounts.

use super::*;
use expect_test::expect;
use std::fmt::Write;

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

#[test]
fn the_permission_table_is_what_was_reviewed() {
    let mut table = String::new();
    for operation in Operation::ALL {
        let roles: Vec<_> = holders(*operation).iter().map(|role| role.as_str()).collect();
        writeln!(table, "{operation}: {}", roles.join(" ")).unwrap();
    }
    expect![[r#"
        org.create: operator_admin
        org.list: operator_admin operator_clerk security_admin audit_admin ministry_reviewer region_admin
        registration.list: operator_admin operator_clerk security_admin audit_admin
        registration.reveal: operator_admin security_admin
        registration.decide: operator_admin
        registration.open: security_admin
        staff.create: security_admin
        staff.disable: security_admin
        staff.reset_factor: security_admin
        staff.list: security_admin audit_admin
        staff.end_sessions: security_admin
        sign_in_rule.read: security_admin audit_admin
        sign_in_rule.set: security_admin
        team.manage: channel_admin
        delegation.give: operator_clerk ministry_reviewer region_admin
        service.open: region_admin ministry_reviewer
        service.close: region_admin ministry_reviewer
        service_form.write: operator_admin operator_clerk
        service.list: operator_admin operator_clerk ministry_reviewer region_admin region_clerk department_clerk channel_admin channel_engineer audit_admin
        channel.create: operator_admin
        channel.list: operator_admin operator_clerk security_admin ministry_reviewer region_admin channel_admin channel_engineer lab_tester audit_admin
        channel.suspend: operator_admin operator_clerk security_admin ministry_reviewer
        channel.resume: operator_admin
        channel.terminate: operator_admin security_admin
        channel.rotate_key: security_admin
        key.rotate: security_admin
        terminal.create: operator_admin region_admin
        terminal.list: operator_admin operator_clerk security_admin region_admin region_clerk department_clerk audit_admin
        terminal.block: security_admin operator_admin region_admin
        card.import: region_admin
        card.state: region_admin region_clerk
        card.list: region_admin region_clerk ministry_reviewer audit_admin
        card.replace: region_admin region_clerk
        payee.create: operator_admin
        payee.list: operator_admin operator_clerk department_clerk audit_admin
        settlement.cut: operator_admin
        settlement.list: operator_admin operator_clerk department_clerk audit_admin
        settlement.file: operator_clerk department_clerk
        ledger.accounts: operator_admin operator_clerk audit_admin
        ledger.verify: operator_admin operator_clerk audit_admin
        audit.export: audit_admin
        audit.head: audit_admin security_admin ministry_reviewer
        statistic.read: operator_admin operator_clerk ministry_reviewer region_admin channel_admin channel_engineer audit_admin
        coverage.read: operator_admin operator_clerk ministry_reviewer region_admin region_clerk audit_admin
        webhook.manage: channel_admin channel_engineer
        webhook.replay: channel_admin channel_engineer operator_admin
        job.read: operator_admin audit_admin
        job.rerun: operator_admin
        clock.move: operator_admin
        statistic.rehearse: operator_admin
        matter.read: operator_admin operator_clerk security_admin audit_admin ministry_reviewer region_admin region_clerk channel_admin channel_engineer
        matter.act: operator_admin operator_clerk ministry_reviewer region_admin channel_admin
        template.read: operator_admin operator_clerk audit_admin
        template.write: operator_admin operator_clerk
        template.review: operator_admin operator_clerk
        notice.send: operator_admin operator_clerk
        config.read: operator_admin operator_clerk security_admin ministry_reviewer audit_admin
        parameter.propose: ministry_reviewer
        parameter.review: ministry_reviewer
        calendar.propose: ministry_reviewer
        calendar.review: ministry_reviewer
    "#]].assert_eq(&table);
}

#[test]
fn no_operation_that_changes_is_shared_between_administering_and_accounts() {
    let security = [
        Operation::StaffCreate,
        Operation::StaffDisable,
        Operation::StaffResetFactor,
        Operation::StaffEndSessions,
        Operation::SignInRuleSet,
        Operation::RegistrationOpen,
        Operation::ChannelRotateKey,
        Operation::KeyRotate,
    ];
    for operation in security {
        assert!(holders(operation).iter().all(|role| role.power() == Power::Security), "{operation}");
    }
    let audit = [Operation::AuditExport];
    for operation in audit {
        assert!(holders(operation).iter().all(|role| role.power() == Power::Audit), "{operation}");
    }
}

/// An engineer works for a channel without binding its owner: what is filed and signed is the administrator's.
#[test]
fn an_engineer_of_a_channel_owner_holds_less_than_its_administrator_and_files_nothing() {
    for operation in Operation::ALL {
        let [engineer, admin] =
            [Role::ChannelEngineer, Role::ChannelAdmin].map(|role| allows(role, *operation));
        assert!(!engineer || admin, "{operation}");
    }
    for operation in [Operation::MatterAct, Operation::TeamManage, Operation::ChannelRotateKey] {
        assert!(!allows(Role::ChannelEngineer, operation), "{operation}");
    }
    assert!(Role::ChannelEngineer.is_own_org_only());
}

/// Whoever administers the accounts of one organisation administers nobody else's, and no account of the three powers.
#[test]
fn a_team_is_of_an_organisation_that_has_no_account_of_another_power() {
    for role in holders(Operation::TeamManage) {
        assert!(role.is_own_org_only(), "{role}");
        for kind in OrgKind::ALL.iter().filter(|kind| kind.admit(*role).is_ok()) {
            assert!(kind.roles().iter().all(|member| member.power() == Power::System), "{kind}");
        }
    }
}

#[test]
fn the_auditor_changes_nothing() {
    const READS: [Operation; 20] = [
        Operation::RegistrationList,
        Operation::TemplateRead,
        Operation::MatterRead,
        Operation::OrgList,
        Operation::StaffList,
        Operation::SignInRuleRead,
        Operation::ServiceList,
        Operation::ChannelList,
        Operation::TerminalList,
        Operation::CardList,
        Operation::PayeeList,
        Operation::SettlementList,
        Operation::LedgerAccounts,
        Operation::LedgerVerify,
        Operation::AuditExport,
        Operation::AuditHead,
        Operation::StatisticRead,
        Operation::CoverageRead,
        Operation::JobRead,
        Operation::ConfigRead,
    ];
    for operation in Operation::ALL {
        assert_eq!(allows(Role::AuditAdmin, *operation), READS.contains(operation), "{operation}");
    }
}

/// CH-5.2: only what belongs to the own jurisdiction.
#[test]
fn a_region_sees_its_own_area_and_below() {
    for (own, target, outcome) in [
        ("330000", "330106", Ok(())),
        ("330100", "330106", Ok(())),
        ("330100", "330200", Err(Refusal::Division)),
        ("330100", "330000", Err(Refusal::Division)),
        ("330000", "000000", Err(Refusal::Division)),
        ("000000", "650000", Ok(())),
    ] {
        assert_eq!(authorize(Role::RegionAdmin, code(own), Operation::CardState, code(target)), outcome);
    }
    let refused = authorize(Role::AuditAdmin, code("330100"), Operation::CardState, code("000000"));
    assert_eq!(refused, Err(Refusal::Role), "the role is looked at first");
}

#[test]
fn every_role_belongs_to_one_kind_or_to_both_regional_ones() {
    for role in Role::ALL {
        let kinds: Vec<_> = OrgKind::ALL.iter().filter(|kind| kind.admit(*role).is_ok()).collect();
        let regional = matches!(role, Role::RegionAdmin | Role::RegionClerk);
        assert_eq!(kinds.len(), if regional { 2 } else { 1 }, "{role}");
    }
    assert_eq!(OrgKind::Lab.admit(Role::AuditAdmin), Err(Refusal::RoleForKind));
}

#[test]
fn a_login_and_a_password_have_a_shape() {
    let longest = "a".repeat(32);
    let too_long = "a".repeat(33);
    for (text, accepted) in [
        ("abc", true),
        ("ab", false),
        (longest.as_str(), true),
        (too_long.as_str(), false),
        ("li.lei-2_x", true),
        ("2li", false),
        ("LiLei", false),
        ("李雷", false),
    ] {
        assert_eq!(text.parse::<Login>().is_ok(), accepted, "{text}");
    }
    let login: Login = "lilei".parse().unwrap();
    for (password, accepted) in [
        ("elevenchars", false),
        ("twelve chars", true),
        ("十二个汉字也是十二个字符", true),
        ("I am LiLei of HR", false),
    ] {
        assert_eq!(login.admits(password).is_ok(), accepted, "{password}");
    }
    assert_eq!(login.admits(&"x".repeat(256)), Ok(()));
    assert_eq!(login.admits(&"x".repeat(257)), Err(Refusal::PasswordWeak));
}

#[test]
fn the_last_allowed_wrong_password_locks_and_the_lock_ends() {
    let at = Timestamp::from_seconds;
    let mut attempts = Attempts::default();
    for count in 1..5 {
        attempts = attempts.wrong(at(100), 5, 900);
        assert_eq!((attempts.failed, attempts.admit(at(100))), (count, Ok(())));
    }
    attempts = attempts.wrong(at(100), 5, 900);
    assert_eq!(attempts.admit(at(999)), Err(Refusal::LoginRefused));
    assert_eq!(attempts.admit(at(1000)), Ok(()));
    assert_eq!(attempts.wrong(at(1000), 5, 900), Attempts { failed: 1, locked_until: None });
}

#[test]
fn an_authority_stands_at_its_own_level() {
    for (kind, division, fits) in [
        (OrgKind::Ministry, "000000", true),
        (OrgKind::Ministry, "110000", false),
        (OrgKind::Province, "330000", true),
        (OrgKind::Province, "330100", false),
        (OrgKind::Prefecture, "330100", true),
        (OrgKind::Prefecture, "330106", false),
        (OrgKind::Department, "330106", true),
    ] {
        assert_eq!(kind.stand_at(code(division)).is_ok(), fits, "{kind} {division}");
    }
}
