//! Every operation against everybody who may not call it: strangers, the wrong kind of caller, every role that does not
//! hold it, and staff of another division.

use super::operations::{Guard, Operation, Targets, operations};
use super::scene::{Actor, account, account_of, acts, call, id_of};
use crate::card;
use crate::harness::{HANGZHOU, Platform, Reply};
use crate::payment::scene as money;
use domain::id::OpeningId;
use domain::org::{OrgKind, Role, allows, holders};
use sdk::types::Private;
use sdk::types::settlement::CutDay;
use serde_json::json;

fn told(reply: &Reply) -> (u16, String) {
    (reply.status, reply.code())
}

/// What a request without the right kind of proof is told.
fn unproven(guard: Guard) -> &'static str {
    match guard {
        Guard::Staff(_) | Guard::Account => "staff.unauthenticated",
        _ => "signature.invalid",
    }
}

on_both! {
    fn nobody_calls_anything_without_proof(platform) {
        let (before, targets) = (acts(platform), Targets::nothing());
        let mut tried = 0;
        for operation in operations(platform) {
            let reply = call(platform, &Actor::Stranger, &operation, &targets);
            if operation.guard == Guard::Public {
                // Nobody signs in without an account or reads a registration without its receipt, and production has
                // no clock to read.
                let refused = [
                    "create_staff_session",
                    "create_portal_session",
                    "challenge_factor",
                    "get_clock",
                    "check_registration",
                ];
                assert!(reply.status < 300 || refused.contains(&operation.id.as_str()), "{}", operation.id);
                let filed = ["file_registration", "challenge_factor"].contains(&operation.id.as_str());
                tried += usize::from(filed || operation.id.ends_with("_session"));
                continue;
            }
            assert_eq!(told(&reply), (401, unproven(operation.guard).to_owned()), "{}", operation.id);
        }
        assert_eq!(acts(platform), before + tried, "only attempts to sign in and a registration are on record");
    }

    fn the_proof_of_one_kind_of_caller_is_nothing_where_another_kind_is_asked_for(platform) {
        let token = account(platform, Role::OperatorAdmin, &["000000"]);
        let (channel, terminal) = (platform.channel(), platform.terminal(HANGZHOU));
        let (before, targets) = (acts(platform), Targets::nothing());
        for operation in operations(platform) {
            let id = &operation.id;
            let refused = |actor: Actor<'_>| told(&call(platform, &actor, &operation, &targets));
            let unproven = (401, unproven(operation.guard).to_owned());
            match operation.guard {
                Guard::Channel | Guard::Caller => assert_eq!(refused(Actor::Staff(&token)), unproven, "{id}"),
                Guard::Staff(_) | Guard::Account => {
                    assert_eq!(refused(Actor::Caller(&channel)), unproven, "{id}");
                    assert_eq!(refused(Actor::Caller(&terminal)), unproven, "{id}");
                }
                Guard::Public | Guard::Party(_) => (),
            }
            if matches!(operation.guard, Guard::Channel | Guard::Party(_)) {
                assert_eq!(refused(Actor::Caller(&terminal)), (403, "caller.forbidden".into()), "{id}");
            }
        }
        assert_eq!(acts(platform), before);
    }

    fn whoever_may_call_is_let_in(platform) {
        let targets = Targets::nothing();
        let (channel, terminal) = (platform.channel(), platform.terminal(HANGZHOU));
        for operation in operations(platform) {
            let callers: &[_] = match operation.guard {
                Guard::Channel | Guard::Party(_) => &[&channel],
                Guard::Caller => &[&channel, &terminal],
                _ => &[],
            };
            for caller in callers {
                let reply = call(platform, &Actor::Caller(caller), &operation, &targets);
                assert!(!matches!(reply.code().as_str(), "signature.invalid" | "caller.forbidden"), "{}", operation.id);
                assert!(reply.status < 500, "{} {}", operation.id, reply.code());
            }
        }
    }

    /// CH-5.2, and that no account joins two of the three powers.
    fn an_operation_is_refused_to_every_role_that_does_not_hold_it_before_anything_changes(platform) {
        let targets = Targets::nothing();
        for operation in operations(platform) {
            let (Guard::Staff(held) | Guard::Party(held)) = operation.guard else { continue };
            for role in Role::ALL {
                let token = account(platform, *role, &["000000", "330000"]);
                let before = acts(platform);
                let reply = call(platform, &Actor::Staff(&token), &operation, &targets);
                if allows(*role, held) {
                    let code = reply.code();
                    assert!(reply.status < 500 && reply.status != 401 && code != "staff.role", "{role} {operation:?}");
                } else {
                    assert_eq!(told(&reply), (403, "staff.role".into()), "{role} {} {held}", operation.id);
                    assert_eq!(acts(platform), before, "{role} {}", operation.id);
                }
            }
        }
    }

    fn a_one_time_password_opens_nothing_but_its_own_replacement(platform) {
        let targets = Targets::nothing();
        let org = platform.org(OrgKind::Operator, "000000").to_string();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        for operation in operations(platform) {
            let Guard::Staff(held) = operation.guard else { continue };
            if holders(held).iter().all(|role| !OrgKind::Operator.roles().contains(role)) {
                continue;
            }
            let role = holders(held).iter().find(|role| OrgKind::Operator.roles().contains(role)).unwrap();
            let login = format!("new-{}", platform.unique());
            let request = sdk::types::staff::CreateStaff { org_id: org.clone(), login: login.clone(), role: role.to_string() };
            let created = security.create_staff(&request).unwrap();
            let body = serde_json::json!({"login": login, "password": created.one_time_password.expose()});
            let reply = platform.request("POST", "/api/v1/staff/sessions", &[], body.to_string().as_bytes());
            let token = Private::new(reply.json()["token"].as_str().unwrap());
            let reply = call(platform, &Actor::Staff(&token), &operation, &targets);
            assert_eq!(told(&reply), (403, "staff.password_change_required".into()), "{}", operation.id);
            break;
        }
    }

    /// CH-5.2: what lies outside the own division is not there, or may not be touched.
    fn staff_of_another_division_neither_see_nor_touch(platform) {
        let (targets, home) = everything(platform);
        let before = acts(platform);
        let all = operations(platform);
        for (operation, role) in scoped(&all) {
            let token = account(platform, role, &["440000", "440300"]);
            let reply = call(platform, &Actor::Staff(&token), operation, &targets);
            let named = targets.ids().find(|id| id.len() > 20 && String::from_utf8_lossy(&reply.body).contains(id));
            let kept_out = matches!(reply.status, 403 | 404) || is_refused_row_by_row(&reply);
            assert!(kept_out || reply.status < 300 && operation.method == "GET" || operation.id == "find_cards",
                "{role} {} {} {}", operation.id, reply.status, reply.code());
            assert!(kept_out || named.is_none(), "{role} {} shows {named:?}", operation.id);
        }
        assert_eq!(acts(platform), before);
        let mut removed = std::collections::BTreeSet::new();
        for (operation, role) in scoped(&all) {
            let Some((_, token)) = home.iter().find(|(at_home, _)| *at_home == role) else { continue };
            // What is opened to a channel is nothing of a department that is paid.
            if role == Role::DepartmentClerk && operation.id == "list_trail_of_opening" {
                continue;
            }
            // Whoever came first took it away.
            if operation.method == "DELETE" && !removed.insert(&operation.id) {
                continue;
            }
            let reply = call(platform, &Actor::Staff(token), operation, &targets);
            // Which party does what to a matter is the rule of its kind; this one is no application, which has a form, and no agreement.
            let is_of_kind =
                matches!(reply.code().as_str(), "matter.party" | "advice.asker")
                    || matches!(operation.id.as_str(), "get_filled_form" | "get_agreement_paper" | "reveal_matter")
                    // No office was asked anything here.
                    || matches!(operation.id.as_str(), "answer_advice" | "withdraw_advice");
            let seen = is_of_kind || !matches!(reply.status, 401 | 403 | 404);
            assert!(seen && reply.status < 500, "at home, {role} {} is {} {}",
                operation.id, reply.status, reply.code());
        }
    }
}

/// A batch answers each row, and may refuse every one.
fn is_refused_row_by_row(reply: &Reply) -> bool {
    let body = serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap_or_default();
    let results = body["results"].as_array();
    results.is_some_and(|rows| !rows.is_empty() && rows.iter().all(|row| row["outcome"] == "refused"))
}

/// The operations about things that stand in a division, with each role that is tied to one.
fn scoped(all: &[Operation]) -> Vec<(&Operation, Role)> {
    let tied = [
        Role::RegionAdmin,
        Role::RegionClerk,
        Role::DepartmentClerk,
        Role::ChannelAdmin,
        Role::ChannelEngineer,
        Role::LabTester,
    ];
    let mut scoped = Vec::new();
    for operation in all {
        // What is the caller's own wherever they are: a new import, a new member, who stands in for them, what their company is, that they made a
        // file of what they see. The catalogue is everybody's; a message is one party's.
        if matches!(
            operation.id.as_str(),
            "start_import"
                | "create_member"
                | "create_delegation"
                | "state_company"
                | "record_export"
                | "create_export"
                | "list_services"
                | "list_service_forms"
                | "get_service_form_content"
                | "read_message"
                | "read_messages"
        ) {
            continue;
        }
        if let Guard::Staff(held) | Guard::Party(held) = operation.guard {
            scoped.extend(tied.iter().filter(|role| allows(**role, held)).map(|role| (operation, *role)));
        }
    }
    scoped
}

/// A channel, a terminal, an opening, a card, an import and a settled payment, all in 杭州, and accounts that see them.
fn everything(platform: &Platform) -> (Targets, Vec<(Role, Private)>) {
    let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
    platform.open_service(&channel, "identity.verify", HANGZHOU);
    let owner = channel.owner;
    let opening = platform.read(move |tx| Ok(store::service::list_openings(tx, &owner)?))[0].id;
    let till = money::till(platform);
    let payer = money::payer(platform, &till, 10_000);
    money::pay(&till, &payer, "A-1", 100);
    let day = platform.world().now().business_date().to_string();
    platform.clock().advance(86_400);
    let operator = platform.operator();
    operator.cut_day(&CutDay { business_on: day.clone() }).unwrap();
    let batch = operator.batches(&day).next().unwrap().unwrap();
    card::import(platform, &[card::row(1)]);
    let region = account(platform, Role::RegionAdmin, &["330000"]);
    let staff = sdk::client::Staff::with_token(&platform.config(platform.world()), region.clone()).unwrap();
    let import = card::start(&staff, platform, 1);
    let owner_org = platform.org(OrgKind::ChannelOwner, HANGZHOU);
    let admin = account_of(platform, Role::ChannelAdmin, owner_org);
    let engineer = account_of(platform, Role::ChannelEngineer, owner_org);
    let member = id_of(platform, &account_of(platform, Role::ChannelEngineer, owner_org));
    let matter = json!({"kind": "suggestion", "channel_id": channel.id,
        "opening": {"topic": "product", "subject": "字号", "words": "大一些"}});
    let matter = platform.request_as(&admin, "POST", "/api/v1/matters", &matter).json();
    let matter_id = matter["matter_id"].as_str().unwrap();
    let file =
        crate::application::Actor(admin.clone()).upload(platform, matter_id, "evidence", b"%PDF-1.7 paper");
    let (webhook, delivery) = crate::webhook::kept(platform, &admin, &channel.id);
    let targets = Targets::nothing()
        .with("webhook_id", webhook)
        .with("delivery_id", delivery)
        .with("matter_id", matter_id)
        .with("attachment_id", file)
        .with("channel_id", channel.id)
        .with("terminal_id", till.handle.id.as_str())
        .with("org_id", till.payee.to_string())
        .with("opening_id", OpeningId::from_bytes(opening).to_string())
        .with("key_id", channel.key_id)
        .with("card_id", card::cards(platform, 1)[0].card_id.as_str())
        .with("import_id", import.import_id)
        .with("staff_id", member.to_string())
        .with("batch_id", batch.batch_id);
    let home = vec![
        (Role::RegionAdmin, region),
        (Role::RegionClerk, account(platform, Role::RegionClerk, &[HANGZHOU])),
        (Role::DepartmentClerk, account_of(platform, Role::DepartmentClerk, till.payee)),
        (Role::ChannelAdmin, admin),
        (Role::ChannelEngineer, engineer),
    ];
    (targets, home)
}
