//! A channel owner's people: its administrator opens, disables and enables their accounts, ends their sessions and reads what
//! they did; of any other organisation there is nobody.

use crate::harness::{HANGZHOU, Platform, refusal};
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use domain::parameter::Name;
use sdk::client::{Error, Staff};
use sdk::types::audit::{TrailEntry, TrailFilter};
use sdk::types::matter::OpenMatter;
use sdk::types::staff::{ChangeStaffPassword, DecideOnStaff, EndSessions, MemberView, StaffCreated};
use sdk::types::team::CreateMember;
use std::thread;

const PASSWORD: &str = "correct horse battery";

fn owner(platform: &Platform) -> OrgId {
    platform.new_org(OrgKind::ChannelOwner, HANGZHOU)
}

fn open(by: &Staff, login: &str, role: &str) -> Result<StaffCreated, Error> {
    by.create_member(&CreateMember { login: login.into(), role: role.into() })
}

fn sign_in(platform: &Platform, login: &str, password: &str) -> Result<Staff, Error> {
    Staff::sign_in(&platform.config(platform.world()), login, password)
}

/// A new member who has replaced the one-time password, and the account's id.
fn member(platform: &Platform, by: &Staff, login: &str, role: &str) -> (Staff, String) {
    let created = open(by, login, role).unwrap();
    let once = created.one_time_password.expose();
    let staff = sign_in(platform, login, once).unwrap();
    let change = ChangeStaffPassword { current_password: once.into(), new_password: PASSWORD.into() };
    staff.change_password(&change).unwrap();
    (staff, created.staff.staff_id)
}

fn why() -> DecideOnStaff {
    DecideOnStaff { reason: "离职".into() }
}

fn end(session_id: Option<&str>) -> EndSessions {
    EndSessions { reason: "手机遗失".into(), session_id: session_id.map(str::to_owned) }
}

fn team(staff: &Staff) -> Vec<MemberView> {
    staff.team().collect::<Result<_, _>>().unwrap()
}

fn trail(staff: &Staff, id: &str) -> Vec<TrailEntry> {
    staff.trail(id, &TrailFilter::default()).unwrap().all().unwrap()
}

fn nobody<T>(outcome: Result<T, Error>) {
    assert_eq!(refusal(outcome.map(drop)), (404, "resource.not_found".into()));
}

on_both! {
    fn an_owners_administrator_opens_accounts_of_the_own_organisation(platform) {
        let org = owner(platform);
        let admin = platform.staff_of(Role::ChannelAdmin, org);
        let created = open(&admin, "liwei", "channel_engineer").unwrap();
        assert_eq!((created.staff.org_id, created.staff.role.as_str()), (org.to_string(), "channel_engineer"));
        for role in ["operator_clerk", "security_admin", "audit_admin", "region_admin", "department_clerk"] {
            let refused = refusal(open(&admin, "wangwu", role));
            assert_eq!(refused, (422, "staff.role_for_kind".into()), "{role}");
        }
        assert_eq!(refusal(open(&admin, "liwei", "channel_admin")), (409, "resource.exists".into()));
        assert_eq!(refusal(open(&admin, "Li Wei", "emperor")), (422, "request.fields".into()));
        let listed = |login: &str| team(&admin).into_iter().find(|one| one.staff.login == login).unwrap();
        let before = listed("liwei");
        assert_eq!((before.has_factor, before.signed_in_at), (false, None));
        sign_in(platform, "liwei", created.one_time_password.expose()).unwrap();
        assert!(listed("liwei").signed_in_at.is_some());
        assert_eq!(team(&admin).len(), 2, "the administrator and the engineer");
    }

    /// What an engineer does binds nobody: channels, figures and matters are read, and nothing is filed.
    fn an_engineer_watches_the_own_channels_and_files_nothing(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let id = channel.owner;
        let org = OrgId::from_bytes(platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().owner_id)));
        let admin = platform.staff_of(Role::ChannelAdmin, org);
        let (engineer, _) = member(platform, &admin, "liwei", "channel_engineer");
        assert_eq!(engineer.channel(&channel.id).unwrap().channel_id, channel.id);
        engineer.statistics("2026-01-01", "2026-01-31").for_each(|row| drop(row.unwrap()));
        let opening = serde_json::json!({"topic": "product", "subject": "字号", "words": "大一些"});
        let suggestion = OpenMatter {
            kind: "suggestion".into(),
            channel_id: Some(channel.id.clone()),
            parent_id: None,
            opening,
        };
        let role = (403, "staff.role".to_owned());
        assert_eq!(refusal(engineer.open_matter(&suggestion)), role);
        let matter = admin.open_matter(&suggestion).unwrap();
        let seen = engineer.matter(&matter.matter_id).unwrap();
        assert!(seen.actions.is_empty(), "nothing is offered that would be refused");
        assert_eq!(refusal(engineer.team().next().unwrap()), role);
        assert_eq!(refusal(open(&engineer, "wangwu", "channel_engineer")), role);
        assert_eq!(refusal(engineer.trail("team", &TrailFilter::default()).unwrap().all()), role);
    }

    fn a_member_who_is_disabled_is_out_at_once_and_comes_back_enabled(platform) {
        let admin = platform.staff_of(Role::ChannelAdmin, owner(platform));
        let (engineer, id) = member(platform, &admin, "liwei", "channel_engineer");
        assert_eq!(admin.disable_member(&id, &why()).unwrap().state, "disabled");
        assert_eq!(refusal(engineer.whoami()), (401, "staff.unauthenticated".into()));
        assert_eq!(refusal(sign_in(platform, "liwei", PASSWORD).map(drop)).0, 401);
        assert_eq!(refusal(admin.disable_member(&id, &why())), (409, "staff.state".into()));
        assert_eq!(admin.enable_member(&id, &why()).unwrap().state, "active");
        sign_in(platform, "liwei", PASSWORD).unwrap();
        for reason in ["", &"长".repeat(201)] {
            let outcome = admin.disable_member(&id, &DecideOnStaff { reason: reason.into() });
            assert_eq!(refusal(outcome), (422, "request.fields".into()));
        }
    }

    /// It is answered as if there were no such account, whatever is asked about it.
    fn of_another_organisation_there_is_nobody(platform) {
        let (ours, theirs) = (owner(platform), owner(platform));
        let admin = platform.staff_of(Role::ChannelAdmin, ours);
        let other = platform.staff_of(Role::ChannelAdmin, theirs);
        let (engineer, id) = member(platform, &other, "liwei", "channel_engineer");
        let operator = platform.operator().whoami().unwrap().staff.staff_id;
        for id in [&id, &operator] {
            nobody(admin.disable_member(id, &why()));
            nobody(admin.enable_member(id, &why()));
            nobody(admin.sessions_of_member(id));
            nobody(admin.end_sessions_of_member(id, &end(None)));
        }
        assert!(team(&admin).iter().all(|one| one.staff.org_id == ours.to_string()));
        assert!(trail(&admin, "team").is_empty(), "nor is what they did told");
        engineer.whoami().unwrap();
        let refused = refusal(admin.sessions_of(&id));
        assert_eq!(refused, (403, "staff.role".into()), "what the security administrator may is another thing");
    }

    fn nobody_decides_about_the_own_account(platform) {
        let admin = platform.staff_of(Role::ChannelAdmin, owner(platform));
        let own = admin.whoami().unwrap().staff.staff_id;
        let refused = (403, "staff.own_account".to_owned());
        assert_eq!(refusal(admin.disable_member(&own, &why())), refused);
        assert_eq!(refusal(admin.enable_member(&own, &why())), refused);
        assert_eq!(refusal(admin.end_sessions_of_member(&own, &end(None))), refused);
        assert_eq!(admin.sessions_of_member(&own).unwrap().data.len(), 1);
    }

    fn two_administrators_who_disable_each_other_at_once_leave_one(platform) {
        for _ in 0..4 {
            let org = owner(platform);
            let (one, other) =
                (platform.staff_of(Role::ChannelAdmin, org), platform.staff_of(Role::ChannelAdmin, org));
            let ids = [&one, &other].map(|staff| staff.whoami().unwrap().staff.staff_id);
            let (first, second) = thread::scope(|scope| {
                let first = scope.spawn(|| one.disable_member(&ids[1], &why()).map(drop));
                let second = scope.spawn(|| other.disable_member(&ids[0], &why()).map(drop));
                (refusal(first.join().unwrap()), refusal(second.join().unwrap()))
            });
            let refused = if first.0 == 200 { second } else { first };
            let known = [(401, "staff.unauthenticated"), (409, "staff.last_administrator")];
            assert!(known.iter().any(|(status, code)| refused == (*status, (*code).to_owned())), "{refused:?}");
            let left = platform.read(move |tx| Ok(store::org::count_enabled(tx, org.as_bytes())?));
            assert_eq!(left, 1);
        }
    }

    fn an_organisation_has_so_many_enabled_accounts_and_no_more(platform) {
        let org = owner(platform);
        let admin = platform.staff_of(Role::ChannelAdmin, org);
        let most = platform.world().parameter(Name::TeamMost);
        let (_, id) = member(platform, &admin, "liwei", "channel_engineer");
        for _ in 3..most {
            platform.token(platform.world(), Role::ChannelEngineer, org);
        }
        member(platform, &admin, "hanmei", "channel_engineer");
        let full = (409, "staff.too_many".to_owned());
        assert_eq!(refusal(open(&admin, "wangwu", "channel_engineer")), full);
        admin.disable_member(&id, &why()).unwrap();
        open(&admin, "wangwu", "channel_engineer").unwrap();
        assert_eq!(refusal(admin.enable_member(&id, &why())), full);
    }

    fn sessions_of_a_member_are_ended_one_or_all_and_the_account_stays(platform) {
        let admin = platform.staff_of(Role::ChannelAdmin, owner(platform));
        let (here, id) = member(platform, &admin, "liwei", "channel_engineer");
        let there = sign_in(platform, "liwei", PASSWORD).unwrap();
        let listed = admin.sessions_of_member(&id).unwrap().data;
        assert!(listed.len() == 2 && listed.iter().all(|one| !one.is_current));
        admin.end_sessions_of_member(&id, &end(Some(&listed[1].session_id))).unwrap();
        assert_eq!((refusal(here.whoami()).0, refusal(there.whoami()).0), (200, 401));
        nobody(admin.end_sessions_of_member(&id, &end(Some(&listed[1].session_id))));
        let wrong = refusal(admin.end_sessions_of_member(&id, &end(Some("sts_nonsense"))));
        assert_eq!(wrong, (422, "request.fields".into()));
        let own = admin.sessions().unwrap().data[0].session_id.clone();
        nobody(admin.end_sessions_of_member(&id, &end(Some(&own))));
        admin.end_sessions_of_member(&id, &end(None)).unwrap();
        assert_eq!(refusal(here.whoami()).0, 401);
        sign_in(platform, "liwei", PASSWORD).unwrap();
    }

    /// Whoever administers a team reads what its people did, and what others did to their accounts.
    fn what_a_team_did_is_read_by_its_administrator(platform) {
        let org = owner(platform);
        let admin = platform.staff_of(Role::ChannelAdmin, org);
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let (_, id) = member(platform, &admin, "liwei", "channel_engineer");
        sign_in(platform, "liwei", PASSWORD).unwrap();
        security.disable_staff(&id, &why()).unwrap();
        let told = trail(&admin, "team");
        let actions: Vec<_> = told.iter().map(|one| one.action.as_str()).collect();
        assert_eq!(actions, [
            "staff.disabled",
            "staff.sign_in",
            "staff.password_changed",
            "staff.change_password",
            "staff.sign_in",
            "staff.created",
        ], "each once, newest first");
        assert_eq!(told[0].reason.as_deref(), Some("离职"));
        assert_eq!((told[1].actor.as_str(), &told[1].address), (id.as_str(), &None), "from where is for an auditor");
        let page = admin.client().send::<serde_json::Value>(&sdk::client::Call::get("/api/v1/team/trail?limit=2"));
        assert_eq!(page.unwrap()["data"].as_array().unwrap().len(), 2);
    }
}
