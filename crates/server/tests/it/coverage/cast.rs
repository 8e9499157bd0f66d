//! Who plays the operations that not every account of a fitting role is answered by: whoever knows a password, has a
//! second factor, owns a channel, is spoken to, or is in the sandbox; and what they say and act on.

use super::operations::Targets;
use super::scene::{account_of, id_of};
use crate::harness::Platform;
use crate::staff::{PASSWORD, settled};
use domain::id::{ChannelId, MatterId, MessageId, OrgId, RegistrationId, StaffSessionId};
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::message::MessageRow;
use store::org::StaffRow;
use store::registration::RegistrationRow;
use store::staff::SessionRow;

/// The operations that exist in the sandbox only.
pub const SANDBOX: [&str; 5] =
    ["get_clock", "advance_clock", "rehearse_statistics", "create_channel", "act_on_channel"];

/// A part: who calls an operation, if it is not for everybody, and with which body, if not the usual one.
#[derive(Debug, Default)]
pub struct Part {
    /// The account that calls.
    pub token: Option<Private>,
    /// What it says.
    pub body: Option<Value>,
    /// What its path is about, if not the usual target.
    pub about: Option<String>,
}

/// The parts by operation, and the targets they are about.
#[derive(Debug)]
pub struct Cast {
    parts: BTreeMap<&'static str, Part>,
    targets: Targets,
}

impl Cast {
    /// Sets the scene of every part; the targets are those given and more.
    pub fn new(platform: &Platform, targets: Targets) -> Self {
        let mut cast = Self { parts: BTreeMap::new(), targets };
        cast.those_who_know_a_password(platform);
        cast.those_with_sessions_and_factors(platform);
        cast.those_of_matters(platform);
        cast.those_of_the_sandbox(platform);
        cast.those_of_registrations(platform);
        cast.those_of_webhooks(platform);
        cast.about("job_id", crate::job::failed(platform, "nobody"));
        cast.those_of_a_team(platform);
        cast.those_who_stand_in(platform);
        cast.those_of_exports(platform);
        cast
    }

    /// The part of an operation, if somebody in particular plays it.
    pub fn part(&self, operation: &str) -> Option<&Part> {
        self.parts.get(operation)
    }

    /// What the paths are about.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    fn play(&mut self, operation: &'static str, token: Private, body: Option<Value>) {
        self.parts.insert(operation, Part { token: Some(token), body, about: None });
    }

    fn about(&mut self, name: &'static str, id: impl Into<String>) {
        self.targets = self.targets.clone().with(name, id);
    }

    fn those_who_know_a_password(&mut self, platform: &Platform) {
        known(platform, "fuzz-signing", "operator_clerk");
        let signs_in = json!({"login": "fuzz-signing", "password": PASSWORD});
        for operation in ["create_staff_session", "create_portal_session", "challenge_factor"] {
            self.parts.insert(operation, Part { body: Some(signs_in.clone()), ..Part::default() });
        }
        // Ids out of answers are tried everywhere, so every account may be disabled but the one that disables.
        let here = known(platform, "fuzz-here", "security_admin");
        for operation in ["step_up", "begin_factor", "begin_passkey"] {
            self.play(operation, here.clone(), Some(json!({"password": PASSWORD})));
        }
        for operation in ["disable_staff", "reset_factor", "end_sessions_of_staff"] {
            self.play(operation, here.clone(), None);
        }
        let changing = known(platform, "fuzz-changing", "operator_clerk");
        let change = json!({"current_password": PASSWORD, "new_password": "another long password"});
        self.play("change_staff_password", changing, Some(change));
    }

    fn those_with_sessions_and_factors(&mut self, platform: &Platform) {
        let org = platform.org(OrgKind::Operator, "000000");
        let token = account_of(platform, Role::OperatorClerk, org);
        self.about("staff_session_id", second_session(platform, &token));
        self.play("end_staff_session", token, None);
        let token = account_of(platform, Role::OperatorClerk, org);
        // A proof that outlasts every test.
        let world = platform.world();
        platform.enrol(world, &token, Some(world.real_now().plus_seconds(86_400)));
        self.play("renew_recovery_codes", token, None);
        let lost = account_of(platform, Role::OperatorClerk, org);
        self.about("staff_id", platform.enrol(world, &lost, None).to_string());
    }

    /// An administrator of a channel's owner, and a member for each thing that is done to one.
    fn those_of_a_team(&mut self, platform: &Platform) {
        let org = platform.new_org(OrgKind::ChannelOwner, "330000");
        let admin = account_of(platform, Role::ChannelAdmin, org);
        let operations =
            ["disable_member", "enable_member", "list_sessions_of_member", "end_sessions_of_member"];
        for operation in operations {
            let member = id_of(platform, &account_of(platform, Role::ChannelEngineer, org));
            if operation == "enable_member" {
                platform.write(move |tx| {
                    tx.unaudited("an account that waits to be enabled");
                    let row = store::org::find_staff(tx, member.as_bytes())?.unwrap();
                    Ok(store::org::update_staff(tx, &StaffRow { state: "disabled".into(), ..row })?)
                });
            }
            let part = Part { token: Some(admin.clone()), body: None, about: Some(member.to_string()) };
            self.parts.insert(operation, part);
        }
    }

    /// A clerk who asks a colleague to stand in, and one who is asked.
    fn those_who_stand_in(&mut self, platform: &Platform) {
        known(platform, "fuzz-colleague", "operator_clerk");
        let org = platform.org(OrgKind::Operator, "000000");
        let today = platform.world().now().business_date().to_string();
        let wish = |login: &str| json!({"login": login, "from_on": today, "until_on": today});
        let clerk = account_of(platform, Role::OperatorClerk, org);
        self.play("create_delegation", clerk, Some(wish("fuzz-colleague")));
        let asked = known(platform, "fuzz-asked", "operator_clerk");
        let away = account_of(platform, Role::OperatorClerk, org);
        let offered = platform.request_as(&away, "POST", "/api/v1/delegations", &wish("fuzz-asked")).json();
        let about = offered["delegation_id"].as_str().unwrap().to_owned();
        let part = Part { token: Some(asked), body: Some(json!({"action": "accept"})), about: Some(about) };
        self.parts.insert("act_on_delegation", part);
    }

    /// A clerk for whom a file is being made.
    fn those_of_exports(&mut self, platform: &Platform) {
        let clerk = account_of(platform, Role::OperatorClerk, platform.org(OrgKind::Operator, "000000"));
        let body = json!({"list": "terminal", "format": "csv"});
        let asked = platform.request_as(&clerk, "POST", "/api/v1/exports", &body).json();
        let about = Some(asked["export_id"].as_str().unwrap().to_owned());
        self.parts.insert("get_export", Part { token: Some(clerk), body: None, about });
    }

    /// A registration for each of those who answer one, and one for whoever holds its receipt.
    fn those_of_registrations(&mut self, platform: &Platform) {
        let admin = account_of(platform, Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let filed = || crate::registration::filed(platform).registration_id;
        for operation in
            ["get_registration", "reveal_registration", "confirm_registration", "decline_registration"]
        {
            let part = Part { token: Some(admin.clone()), body: None, about: Some(filed()) };
            self.parts.insert(operation, part);
        }
        let ready = filed();
        let id: RegistrationId = ready.parse().unwrap();
        platform.write(move |tx| {
            tx.unaudited("a registration that waits to be opened, in its first version");
            let row = store::registration::lock(tx, id.as_bytes())?.unwrap();
            store::registration::delete(tx, id.as_bytes())?;
            Ok(store::registration::insert(tx, &RegistrationRow { state: "confirmed".into(), ..row })?)
        });
        let security = account_of(platform, Role::SecurityAdmin, platform.org(OrgKind::Operator, "000000"));
        let body = Some(json!({"login": "fuzz-opened"}));
        let part = Part { token: Some(security), body, about: Some(ready) };
        self.parts.insert("open_registration", part);
        let own = crate::registration::filed(platform);
        let body = Some(json!({"receipt": own.receipt.expose()}));
        let part = Part { body, about: Some(own.registration_id), ..Part::default() };
        self.parts.insert("check_registration", part);
    }

    /// The owner of the channel that is spoken of keeps its endpoints, one of them to be removed.
    fn those_of_webhooks(&mut self, platform: &Platform) {
        let channel = self.targets.get("channel_id").to_owned();
        let id: ChannelId = channel.parse().unwrap();
        let owner = platform.read(move |tx| Ok(store::channel::find(tx, id.as_bytes())?.unwrap().owner_id));
        let owner = account_of(platform, Role::ChannelAdmin, OrgId::from_bytes(owner));
        let (webhook, delivery) = crate::webhook::kept(platform, &owner, &channel);
        self.about("webhook_id", webhook);
        self.about("delivery_id", delivery);
        for operation in ["list_webhooks", "change_webhook_state", "list_deliveries", "replay_deliveries"] {
            self.play(operation, owner.clone(), None);
        }
        // In production the address is one that the channel has.
        let (_, url) = crate::webhook::endpoint(platform, &channel);
        let body = json!({"channel_id": channel, "url": url, "events": ["payment.succeeded"]});
        self.play("create_webhook", owner.clone(), Some(body));
        // One that nobody pauses, and one that nobody else needs.
        for operation in ["test_webhook", "delete_webhook"] {
            let (own, _) = crate::webhook::kept(platform, &owner, &channel);
            let part = Part { token: Some(owner.clone()), body: None, about: Some(own) };
            self.parts.insert(operation, part);
        }
    }

    fn those_of_the_sandbox(&mut self, platform: &Platform) {
        let sandbox = platform.sandbox();
        let admin = platform.token(
            sandbox,
            Role::OperatorAdmin,
            platform.org_in(sandbox, OrgKind::Operator, "000000"),
        );
        self.play("advance_clock", admin.clone(), None);
        self.play("create_channel", admin.clone(), None);
        let channel = platform.channel_in(sandbox, &["330000"]);
        let figures = json!({"figures": [{
            "channel_id": channel.id, "division": "330106", "issued": 9, "uses": 9, "active_users": 9,
            "month": sandbox.now().business_date().month().to_string(),
        }]});
        self.play("rehearse_statistics", admin.clone(), Some(figures));
        let suspend = Some(json!({"action": "suspend", "reason": "演练"}));
        let part = Part { token: Some(admin), body: suspend, about: Some(channel.id) };
        self.parts.insert("act_on_channel", part);
    }

    /// A channel's owner who opens a matter; the operator's clerk who is to answer another one, and was told so.
    fn those_of_matters(&mut self, platform: &Platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = account_of(
            platform,
            Role::ChannelAdmin,
            platform.org(OrgKind::ChannelOwner, crate::harness::HANGZHOU),
        );
        let operator = platform.org(OrgKind::Operator, "000000");
        let clerk = account_of(platform, Role::OperatorClerk, operator);
        let opening = json!({"topic": "product", "subject": "字号", "words": "大一些"});
        let open = json!({"kind": "suggestion", "channel_id": channel.id, "opening": opening});
        let opened = platform.request_as(&owner, "POST", "/api/v1/matters", &open).json();
        let matter_id = opened["matter_id"].as_str().unwrap();
        self.about("message_id", told(platform, matter_id.parse().unwrap()).to_string());
        self.about("matter_id", matter_id);
        self.play("open_matter", owner, Some(open));
        let answer = json!({"action": "answer", "words": "已列入计划"});
        self.play("act_on_matter", clerk.clone(), Some(answer));
        for operation in ["get_matter", "read_message"] {
            self.play(operation, clerk.clone(), None);
        }
    }
}

/// An account of the operator whose password is known, signed in.
pub fn known(platform: &Platform, login: &str, role: &str) -> Private {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let org = platform.org(OrgKind::Operator, "000000").to_string();
    settled(platform, &security, &org, login, role);
    let claim = json!({"login": login, "password": PASSWORD}).to_string();
    let headers = [("content-type", "application/json")];
    let reply = platform.request("POST", "/api/v1/staff/sessions", &headers, claim.as_bytes());
    Private::new(reply.json()["token"].as_str().unwrap())
}

/// Another session of the account, to be ended.
fn second_session(platform: &Platform, token: &Private) -> String {
    let (hash, now) = (gm::sm3::digest(token.expose().as_bytes()), platform.world().real_now());
    let found = platform.read(move |tx| Ok(store::staff::find_signed_in(tx, &hash, now.as_micros())?));
    let first = found.unwrap().session;
    let id = platform.world().id(StaffSessionId::make);
    let second = SessionRow { token_hash: gm::random::bytes(), id: *id.as_bytes(), ..first };
    platform.write(move |tx| Ok(store::staff::insert_session(tx, &second)?));
    id.to_string()
}

/// A message to the operator about a matter.
fn told(platform: &Platform, matter: MatterId) -> MessageId {
    let id = platform.world().id(MessageId::make);
    let row = MessageRow {
        id: *id.as_bytes(),
        party: "operator".into(),
        org_id: None,
        division: "000000".into(),
        channel_id: None,
        matter_id: Some(*matter.as_bytes()),
        zh: "有一条建议待答复".into(),
        en: "a suggestion waits for an answer".into(),
        at: platform.world().now().as_micros(),
        read_at: None,
    };
    platform.write(move |tx| Ok(store::message::insert(tx, &row)?));
    id
}
