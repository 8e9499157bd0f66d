//! What happens between people at their desks: matters and their files, sendings, accounts, addresses, keys.

use super::{Maker, Prop, Props};
use crate::application::{Actor, PAPER, filed, open_application};
use crate::attachment::{announce, put};
use crate::calendar::wish;
use crate::coverage::cast::known;
use crate::desk::{Desk, suggested};
use crate::harness::CallerHandle;
use crate::sending::agreed;
use crate::sending::plan::{after, plan, planned};
use crate::staff::{Device, PASSWORD};
use domain::org::{OrgKind, Role};
use domain::staff::STEP_SECONDS;
use sdk::types::Private;
use serde_json::{Value, json};
use server::key::totp::code_at;

/// Where passkeys are.
const PASSKEYS: &str = "/api/v1/staff/passkeys";

/// A service whose form is published for the one request that is about it.
const FORMED: &str = "query.training";

pub(super) const MAKERS: &[(&str, Maker)] = &[
    ("get_filled_form", get_filled_form),
    ("reveal_matter", reveal_matter),
    ("append_to_attachment", append_to_attachment),
    ("complete_attachment", complete_attachment),
    ("get_attachment_content", get_attachment_content),
    ("get_service_form_content", |props| {
        let form = published(props);
        Prop::of_staff(&Actor::owner(props.platform).0).about("service_form_id", form)
    }),
    ("publish_service_form", |props| Prop {
        bytes: Some(PAPER),
        ..Prop::of_staff(Desk::operator(props.platform).token())
    }),
    ("withdraw_service_form", |props| {
        let body = json!({"service_form_id": published(props)});
        Prop::of_staff(Desk::operator(props.platform).token()).about("service", FORMED).saying(body)
    }),
    ("remind_matter", remind_matter),
    ("assign_matter", assign_matter),
    ("ask_advice", ask_advice),
    ("answer_advice", answer_advice),
    ("withdraw_advice", withdraw_advice),
    ("get_agreement_paper", get_agreement_paper),
    ("send_amendment", send_amendment),
    ("send_key_rotation", send_key_rotation),
    ("get_sending", |props| of_sending(props, &props.sent())),
    ("remind_sending", |props| of_sending(props, &props.sent())),
    ("cancel_sending", |props| of_sending(props, &props.planned())),
    ("decide_calendar_year", decide_calendar_year),
    ("get_export_content", get_export_content),
    ("confirm_factor", confirm_factor),
    ("register_passkey", register_passkey),
    ("challenge_step_up", challenge_step_up),
    ("remove_passkey", remove_passkey),
    ("begin_mail_address", |props| Prop::of_staff(Desk::operator(props.platform).token())),
    ("confirm_mail_address", confirm_mail_address),
    ("remove_mail_address", remove_mail_address),
    ("reveal_channel_contact", reveal_channel_contact),
    ("mail_contact_code", |props| {
        let (owner, channel) = contacted(props);
        Prop::of_staff(owner.token()).about("channel_id", channel)
    }),
    ("confirm_channel_contact", confirm_channel_contact),
    ("state_company", |props| {
        let prop = Prop::of_staff(Desk::stranger(props.platform).token());
        Prop { version: Some(0), ..prop }
    }),
    ("save_template", save_template),
    ("get_template_version", get_template_version),
    ("decide_template", decide_template),
    ("create_member", create_member),
    ("add_channel_key", add_channel_key),
    ("replay_delivery", replay_delivery),
    ("replay_deliveries_of_channel", replay_deliveries_of_channel),
];

impl Props<'_> {
    fn channel(&self) -> CallerHandle {
        self.platform.channel_in(self.platform.world(), &["330000"])
    }

    /// A notice that one channel was sent.
    fn sent(&self) -> String {
        let operator = Desk::operator(self.platform);
        let opening =
            json!({"topic": "pause", "subject": "停服", "words": "今晚", "acknowledge_by": "2100-01-01"});
        let body = json!({"audience": {"channel_ids": [self.channel().id]}, "opening": opening});
        sending(&operator, "notices", &body)
    }

    /// A notice that is still to be sent.
    fn planned(&self) -> String {
        let body = plan(self.platform, after(self.platform, 86_400));
        planned(&Desk::operator(self.platform), &body)
    }
}

fn sending(by: &Desk<'_>, path: &str, body: &Value) -> String {
    let sent = by.send("POST", &format!("/api/v1/{path}"), 0, body).json();
    sent["sending_id"].as_str().unwrap().to_owned()
}

fn of_sending(props: &Props<'_>, sending: &str) -> Prop {
    Prop::of_staff(Desk::operator(props.platform).token()).about("sending_id", sending)
}

fn get_filled_form(props: &Props<'_>) -> Prop {
    let (owner, _, matter) = filed(props.platform);
    Prop::of_staff(&owner.0).about("matter_id", matter)
}

fn reveal_matter(props: &Props<'_>) -> Prop {
    let (_, clerk, matter) = filed(props.platform);
    Prop::of_staff(&clerk.0).about("matter_id", matter)
}

/// A file that was announced: whoever sends it, and its id.
fn announced(props: &Props<'_>) -> (Actor, String) {
    let owner = Actor::owner(props.platform);
    let matter = open_application(props.platform, &owner);
    let announced = announce(props.platform, &owner, &matter, "licence", PAPER).json();
    (owner, announced["attachment_id"].as_str().unwrap().to_owned())
}

fn append_to_attachment(props: &Props<'_>) -> Prop {
    let (owner, id) = announced(props);
    Prop::of_staff(&owner.0).about("attachment_id", id)
}

/// A file that has come, and is not whole yet.
fn complete_attachment(props: &Props<'_>) -> Prop {
    let (owner, id) = announced(props);
    assert_eq!(put(props.platform, &owner, &id, 0, PAPER).status, 200);
    Prop::of_staff(&owner.0).about("attachment_id", id)
}

fn get_attachment_content(props: &Props<'_>) -> Prop {
    let owner = Actor::owner(props.platform);
    let matter = open_application(props.platform, &owner);
    Prop::of_staff(&owner.0).about("attachment_id", owner.upload(props.platform, &matter, "licence", PAPER))
}

/// A personalised service that has a form: the form's id.
fn published(props: &Props<'_>) -> String {
    let operator = props.platform.operator();
    operator.publish_service_form(FORMED, &props.fresh("form"), PAPER).unwrap().service_form_id
}

fn remind_matter(props: &Props<'_>) -> Prop {
    let (_, owner, matter) = suggested(props.platform);
    Prop::of_staff(owner.token()).about("matter_id", matter)
}

fn assign_matter(props: &Props<'_>) -> Prop {
    let (_, _, matter) = suggested(props.platform);
    let clerk = Desk::operator(props.platform);
    let session = clerk.send("GET", "/api/v1/staff/sessions/current", 0, &Value::Null).json();
    let body = json!({"staff_id": session["staff"]["staff_id"]});
    Prop::of_staff(clerk.token()).about("matter_id", matter).saying(body)
}

fn ask_advice(props: &Props<'_>) -> Prop {
    let (_, _, matter) = suggested(props.platform);
    Desk::province(props.platform, "310000");
    Prop::of_staff(Desk::operator(props.platform).token()).about("matter_id", matter)
}

/// A question that 上海 was asked: the matter, its id, and who asked.
fn asked<'a>(props: &Props<'a>) -> (String, String, Desk<'a>) {
    let (_, _, matter) = suggested(props.platform);
    let clerk = Desk::operator(props.platform);
    let body = json!({"party": "province", "division": "310000", "words": "请提出意见"});
    let asked = clerk.send("POST", &format!("/api/v1/matters/{matter}/advice"), 0, &body).json();
    let advice = asked["advice"][0]["advice_id"].as_str().unwrap().to_owned();
    (matter, advice, clerk)
}

fn answer_advice(props: &Props<'_>) -> Prop {
    let province = Desk::province(props.platform, "310000");
    let (matter, advice, _) = asked(props);
    Prop::of_staff(province.token()).about("matter_id", matter).about("advice_id", advice)
}

fn withdraw_advice(props: &Props<'_>) -> Prop {
    Desk::province(props.platform, "310000");
    let (matter, advice, clerk) = asked(props);
    Prop::of_staff(clerk.token()).about("matter_id", matter).about("advice_id", advice)
}

fn get_agreement_paper(props: &Props<'_>) -> Prop {
    let (channel, owner, _) = agreed(props.platform, "1");
    Prop::of_staff(owner.token()).about("matter_id", &owner.list("agreement", &channel)[0])
}

/// A channel with an agreement that may be changed.
fn send_amendment(props: &Props<'_>) -> Prop {
    let (channel, ..) = agreed(props.platform, "1");
    let body = json!({"audience": {"channel_ids": [channel.id]}});
    Prop::of_staff(Desk::operator(props.platform).token()).saying(body)
}

fn send_key_rotation(props: &Props<'_>) -> Prop {
    let mut body = crate::key_rotation::wish(props.platform);
    body["audience"] = json!({"channel_ids": [props.channel().id]});
    Prop::of_staff(Desk::operator(props.platform).token()).saying(body)
}

/// The year that somebody else has proposed.
fn decide_calendar_year(props: &Props<'_>) -> Prop {
    let [one, other] = [(); 2].map(|()| Desk::ministry(props.platform));
    let calendar = || one.send("GET", "/api/v1/calendar-years", 0, &Value::Null).json();
    let year = calendar()["next_year"].as_i64().unwrap();
    // It is proposed already, unless the last proposal was decided.
    one.send("POST", "/api/v1/calendar-years", 0, &json!(wish(i32::try_from(year).unwrap())));
    let known = calendar();
    let mut years = known["data"].as_array().unwrap().iter();
    let proposed = years.find(|year| year["state"] == "proposed").unwrap();
    let id = proposed["entry"]["calendar_year_id"].as_str().unwrap();
    Prop::of_staff(other.token()).about("calendar_year_id", id)
}

fn get_export_content(props: &Props<'_>) -> Prop {
    let clerk = Desk::operator(props.platform);
    let body = json!({"list": "terminal", "format": "csv"});
    let asked = clerk.send("POST", "/api/v1/exports", 0, &body).json();
    crate::export::make(props.platform);
    Prop::of_staff(clerk.token()).about("export_id", asked["export_id"].as_str().unwrap())
}

fn confirm_factor(props: &Props<'_>) -> Prop {
    let token = known(props.platform, &props.fresh("fuzz-factor"), "operator_clerk");
    let begun =
        props.platform.request_as(&token, "POST", "/api/v1/staff/factor", &json!({"password": PASSWORD}));
    let begun = begun.json();
    let secret = data_encoding::BASE32_NOPAD.decode(begun["secret"].as_str().unwrap().as_bytes()).unwrap();
    let code = code_at(&secret, server::clock::micros() / 1_000_000 / STEP_SECONDS);
    Prop::of_staff(&token).saying(json!({"code": code}))
}

/// What a new device makes for an account that begins a passkey.
fn made(props: &Props<'_>, token: &Private) -> Value {
    let (path, password) = ("/api/v1/staff/passkeys/begin", json!({"password": PASSWORD}));
    let begun = props.platform.request_as(token, "POST", path, &password).json();
    json!(Device::at(props.platform.origin()).make(begun["challenge"].as_str().unwrap()))
}

/// An account with a passkey, and that.
fn with_passkey(props: &Props<'_>) -> (Private, Value) {
    let token = known(props.platform, &props.fresh("fuzz-passkey"), "operator_clerk");
    let registered = props.platform.request_as(&token, "POST", PASSKEYS, &made(props, &token));
    assert_eq!(registered.status, 201, "{}", registered.json());
    (token, registered.json())
}

fn register_passkey(props: &Props<'_>) -> Prop {
    let token = known(props.platform, &props.fresh("fuzz-passkey"), "operator_clerk");
    let made = made(props, &token);
    Prop::of_staff(&token).saying(made)
}

fn challenge_step_up(props: &Props<'_>) -> Prop {
    Prop::of_staff(&with_passkey(props).0)
}

/// One of two: the last factor stays.
fn remove_passkey(props: &Props<'_>) -> Prop {
    let (token, first) = with_passkey(props);
    assert_eq!(props.platform.request_as(&token, "POST", PASSKEYS, &made(props, &token)).status, 201);
    Prop::of_staff(&token).about("passkey_id", first["passkey"]["passkey_id"].as_str().unwrap())
}

/// An account that has had a code mailed, and the code; without a relay there is none.
fn mailed(props: &Props<'_>) -> (Private, Option<String>) {
    let token = Desk::operator(props.platform).token().clone();
    let code = props.post.as_ref().map(|post| {
        let address = json!({"address": format!("{}@example.cn", props.fresh("fuzz"))});
        let begun = props.platform.request_as(&token, "POST", "/api/v1/staff/notification/address", &address);
        assert_eq!(begun.status, 202, "{}", begun.json());
        post.code()
    });
    (token, code)
}

fn confirm_mail_address(props: &Props<'_>) -> Prop {
    let (token, code) = mailed(props);
    Prop::of_staff(&token).saying(json!({"code": code}))
}

fn remove_mail_address(props: &Props<'_>) -> Prop {
    Prop::of_staff(&mailed(props).0)
}

/// A template with a draft: who wrote it, its id, its version.
fn drafted<'a>(props: &Props<'a>) -> (Desk<'a>, String, Option<i64>) {
    let clerk = Desk::operator(props.platform);
    let body = json!({"name": props.fresh("模板"), "kind": "agreement", "text": "甲乙双方", "words": "演练"});
    let made = clerk.send("POST", "/api/v1/templates", 0, &body).json();
    (clerk, made["template_id"].as_str().unwrap().to_owned(), made["version"].as_i64())
}

fn save_template(props: &Props<'_>) -> Prop {
    let (clerk, id, version) = drafted(props);
    Prop { version, ..Prop::of_staff(clerk.token()).about("template_id", id) }
}

fn get_template_version(props: &Props<'_>) -> Prop {
    let (clerk, id, _) = drafted(props);
    Prop::of_staff(clerk.token()).about("template_id", id)
}

/// Somebody else decides on it.
fn decide_template(props: &Props<'_>) -> Prop {
    let (_, id, version) = drafted(props);
    Prop { version, ..Prop::of_staff(Desk::operator(props.platform).token()).about("template_id", id) }
}

/// A channel that has said whom to call about it: its owner and its id.
fn contacted<'a>(props: &Props<'a>) -> (Desk<'a>, String) {
    let channel = props.channel();
    crate::contact::tell(props.platform, &channel, "陈晓明", &format!("{}@example.cn", props.fresh("fuzz")));
    (Desk::owner(props.platform, &channel), channel.id)
}

fn reveal_channel_contact(props: &Props<'_>) -> Prop {
    let (_, channel) = contacted(props);
    Prop::of_staff(Desk::operator(props.platform).token()).about("channel_id", channel)
}

/// A contact that was mailed a code, and the code; without a relay there is none.
fn confirm_channel_contact(props: &Props<'_>) -> Prop {
    let (owner, channel) = contacted(props);
    let code = props.post.as_ref().map(|post| {
        let path = format!("/api/v1/channels/{channel}/contacts/code");
        let mailed = owner.send("POST", &path, 0, &Value::Null);
        assert!(mailed.status < 300, "{}", mailed.json());
        post.code()
    });
    Prop::of_staff(owner.token()).about("channel_id", channel).saying(json!({"code": code}))
}

/// An administrator of a channel's owner, and a name that nobody has.
fn create_member(props: &Props<'_>) -> Prop {
    let admin = Desk::stranger(props.platform);
    Prop::of_staff(admin.token()).saying(json!({"login": props.fresh("fuzz-member")}))
}

/// A channel of the sandbox, and a key that it does not have yet.
fn add_channel_key(props: &Props<'_>) -> Prop {
    let (platform, sandbox) = (props.platform, props.platform.sandbox());
    let security =
        platform.token(sandbox, Role::SecurityAdmin, platform.org_in(sandbox, OrgKind::Operator, "000000"));
    let key = gm::sm2::SigningKey::generate().verifying_key().to_sec1();
    let body = json!({"usage": "sign", "public_key": data_encoding::HEXLOWER.encode(&key)});
    let channel = platform.channel_in(sandbox, &["330000"]);
    let prop = Prop::of_staff(&security).about("channel_id", channel.id).saying(body);
    Prop { sandboxed: true, ..prop }
}

fn replay_delivery(props: &Props<'_>) -> Prop {
    let channel = props.channel();
    let owner = Desk::owner(props.platform, &channel);
    let (webhook, delivery) = crate::webhook::kept(props.platform, owner.token(), &channel.id);
    Prop::of_staff(owner.token()).about("webhook_id", webhook).about("delivery_id", delivery)
}

fn replay_deliveries_of_channel(props: &Props<'_>) -> Prop {
    let channel = props.channel();
    let owner = Desk::owner(props.platform, &channel);
    crate::webhook::kept(props.platform, owner.token(), &channel.id);
    let admin = Desk::of(props.platform, Role::OperatorAdmin, OrgKind::Operator, "000000");
    Prop::of_staff(admin.token()).about("channel_id", channel.id)
}
