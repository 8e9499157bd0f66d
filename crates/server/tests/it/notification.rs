//! What accounts are told by e-mail, and which messages they do not want to see counted.
//!
//! The relay is `aiosmtpd`, another implementation of SMTP, and letters are read with Python's reader. `YKT_TEST_RELAY` names the
//! interpreter that has it, as `cargo xtask test` does after installing it.

mod mail;

use crate::desk::Desk;
use crate::harness::{CallerHandle, Platform, refusal};
use crate::tool::needed;
use domain::division::DivisionCode;
use domain::id::{MatterId, MessageId, OrgId, StaffId};
use domain::org::Role;
use domain::time::Timestamp;
use sdk::client::Staff;
use sdk::types::audit::TrailFilter;
use sdk::types::matter::MessageView;
use sdk::types::notification::{
    MailAddressState, MailLanguage, MessageCategory, NotificationView, SetNotification,
};
use serde_json::{Value, json};
use server::notification::relay::{Configured, Relay};
use server::notification::send_due;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use store::message::MessageRow;
use tempfile::TempDir;

/// Seconds after which a letter is due again. Sending takes its moment as an argument; what is told between two letters has an id of
/// between their moments.
const LATER: i64 = 1000;

/// A relay that runs, and what it took. It ends with this value.
pub struct Post {
    python: String,
    child: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl Post {
    /// Starts it, if the tests have one.
    pub fn start() -> Option<Self> {
        let python = needed("YKT_TEST_RELAY")?;
        let mut post = Self { python, child: None, port: 0, folder: tempfile::tempdir().unwrap() };
        post.open(&[]);
        Some(post)
    }

    /// Takes mail, on the port that it had before.
    pub(crate) fn open(&mut self, certificate: &[PathBuf]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/relay.py");
        fs::create_dir_all(self.taken()).unwrap();
        let mut child = Command::new(&self.python)
            .arg(script)
            .arg(self.taken())
            .arg(self.port.to_string())
            .args(certificate)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.port = line.trim().parse().unwrap();
        self.child = Some(child);
    }

    pub(crate) fn close(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn taken(&self) -> PathBuf {
        self.folder.path().join("taken")
    }

    /// Names it to the platform, as the portals' address is configured.
    pub fn serve(&self, platform: &Platform) {
        platform.world().set_relay(Arc::new(self.relay("smtp://127.0.0.1").unwrap()));
    }

    fn relay(&self, address: &str) -> Result<Relay, String> {
        Relay::new(&Configured {
            address: &format!("{address}:{}", self.port),
            from: "ykt@example.cn",
            portal: Some("https://ykt.example.cn"),
            ..Configured::default()
        })
    }

    /// The letters that were taken, in order.
    pub(crate) fn letters(&self) -> Vec<Value> {
        let mut paths: Vec<_> =
            fs::read_dir(self.taken()).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
    }

    /// The last letter.
    pub(crate) fn last(&self) -> Value {
        self.letters().pop().unwrap()
    }

    /// The code in the last letter.
    pub fn code(&self) -> String {
        let letter = self.last();
        let text = letter["text"].as_str().unwrap();
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).unwrap().to_owned()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.close();
    }
}

/// Verifies an address of an account.
fn verify(post: &Post, staff: &Staff, address: &str) -> NotificationView {
    staff.begin_mail_address(address.into()).unwrap();
    staff.confirm_mail_address(post.code().as_str().into()).unwrap()
}

/// The administrator of a channel's owner.
fn owner(platform: &Platform, channel: &CallerHandle) -> Staff {
    platform.staff_of(Role::ChannelAdmin, owner_of(platform, channel))
}

fn owner_of(platform: &Platform, channel: &CallerHandle) -> OrgId {
    let id = channel.owner;
    OrgId::from_bytes(platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().owner_id)))
}

/// Tells a channel's owner something about a matter, or about none, so many seconds from now.
fn tell(platform: &Platform, channel: &CallerHandle, matter: Option<&str>, seconds: i64) {
    let make = |at: Timestamp, random| MessageId::make(at.plus_seconds(seconds), random);
    let row = MessageRow {
        id: *platform.world().id(make).as_bytes(),
        party: "owner".into(),
        org_id: Some(*owner_of(platform, channel).as_bytes()),
        division: DivisionCode::NATIONAL.to_string(),
        channel_id: Some(channel.owner),
        matter_id: matter.map(|id| *id.parse::<MatterId>().unwrap().as_bytes()),
        zh: "王老师说已处理".into(),
        en: "Ms Wang says that it is done".into(),
        at: platform.world().now().as_micros(),
        read_at: None,
    };
    platform.write(move |tx| Ok(store::message::insert(tx, &row)?));
}

/// A matter of the category 运行 that waits for nobody of the owner.
fn running(platform: &Platform, channel: &CallerHandle) -> String {
    let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
    Desk::owner(platform, channel).open("suggestion", channel, &opening)
}

/// Sends what is due, so many seconds from now: how many letters were taken.
fn send(platform: &Platform, seconds: i64) -> Result<usize, server::Error> {
    let at = platform.world().real_now().plus_seconds(seconds);
    platform.block_on(send_due(platform.world(), at))
}

fn wish(muted: &[MessageCategory], unmailed: &[MessageCategory]) -> SetNotification {
    SetNotification { muted: muted.to_vec(), unmailed: unmailed.to_vec(), language: MailLanguage::Zh }
}

/// Sets what an account wants, whatever it was.
fn set(staff: &Staff, request: &SetNotification) -> Result<NotificationView, sdk::client::Error> {
    let version = staff.notification()?.version;
    staff.set_notification(version, request)
}

fn categories(messages: &[MessageView]) -> Vec<MessageCategory> {
    messages.iter().map(|one| one.category).collect()
}

fn listed(staff: &Staff) -> Vec<MessageCategory> {
    categories(&staff.messages().all().unwrap())
}

fn id_of(staff: &Staff) -> StaffId {
    staff.whoami().unwrap().staff.staff_id.parse().unwrap()
}

on_both! {
    fn a_muted_category_is_neither_counted_nor_listed_and_can_be_looked_at(platform) {
        use MessageCategory::{Access, Platform as Announced, Running};
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        let colleague = owner(platform, &channel);
        let matter = running(platform, &channel);
        let (key, _) = Desk::owner(platform, &channel).begin_key();
        for about in [Some(&matter), Some(&key), None, Some(&matter)] {
            tell(platform, &channel, about.map(String::as_str), 0);
        }
        assert_eq!((staff.unread().unwrap(), listed(&staff)), (4, vec![Running, Announced, Access, Running]));

        let view = set(&staff, &wish(&[Running], &[])).unwrap();
        assert_eq!(view.version, 2);
        let muted = view.categories.iter().filter(|one| one.is_muted).map(|one| one.category);
        assert_eq!(muted.collect::<Vec<_>>(), [Running]);
        assert_eq!((staff.unread().unwrap(), listed(&staff)), (2, vec![Announced, Access]));
        assert_eq!(categories(&staff.messages_about(Running).all().unwrap()), [Running, Running]);
        assert_eq!(categories(&staff.messages_about(Access).all().unwrap()), [Access]);
        let all = staff.client().list::<MessageView>("/api/v1/messages?muted=true").all().unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!(colleague.unread().unwrap(), 4, "what one mutes the other sees");
        let wrong = staff.client().list::<MessageView>("/api/v1/messages?category=sms").all();
        assert_eq!(refusal(wrong), (422, "request.fields".into()));

        set(&staff, &wish(&[], &[])).unwrap();
        assert_eq!(staff.unread().unwrap(), 4);
    }

    fn what_the_office_of_a_region_has_muted_is_its_own(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let tell = |division: &str, matter: Option<[u8; 16]>| {
            let row = MessageRow {
                id: *platform.world().id(MessageId::make).as_bytes(),
                party: "province".into(),
                org_id: None,
                division: division.into(),
                channel_id: None,
                matter_id: matter,
                zh: "一".into(),
                en: "one".into(),
                at: platform.world().now().as_micros(),
                read_at: None,
            };
            platform.write(move |tx| Ok(store::message::insert(tx, &row)?));
        };
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let matter: MatterId = running(platform, &channel).parse().unwrap();
        for division in ["330000", "000000", "310000"] {
            tell(division, Some(*matter.as_bytes()));
        }
        tell("330000", None);
        assert_eq!(staff.unread().unwrap(), 3);
        set(&staff, &wish(&[MessageCategory::Running], &[])).unwrap();
        assert_eq!((staff.unread().unwrap(), listed(&staff)), (1, vec![MessageCategory::Platform]));
    }

    fn what_waits_until_a_last_day_and_what_the_platform_announces_are_not_muted(platform) {
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        let version = staff.notification().unwrap().version;
        let refused = staff.set_notification(version, &wish(&[MessageCategory::Exit, MessageCategory::Platform], &[]));
        let problem = refused.unwrap_err().problem().unwrap().clone();
        let wrong = &problem.errors[0];
        assert_eq!((wrong.pointer.as_str(), wrong.code.as_str()), ("/muted/1", "notification.unmutable"));

        // A ticket that was answered waits for nobody; one that the owner has to answer until a day does.
        let matter = running(platform, &channel);
        tell(platform, &channel, Some(&matter), 0);
        set(&staff, &wish(&[MessageCategory::Running], &[])).unwrap();
        assert_eq!((staff.unread().unwrap(), listed(&staff).len()), (0, 0));
        let id = *matter.parse::<MatterId>().unwrap().as_bytes();
        let wait = store::matter::WaitRow {
            matter_id: id, slot: 0, party: "owner".into(), division: String::new(), task: "answer".into(),
            since: 0, starts_on: None, due_on: Some("2099-01-01".into()), provisional: 0, clause: None,
            expiry: None, overdue_at: None,
        };
        platform.write(move |tx| Ok(store::matter::replace_waits(tx, &id, std::slice::from_ref(&wait))?));
        assert_eq!((staff.unread().unwrap(), listed(&staff).len()), (1, 1));
    }

    fn settings_of_an_older_version_are_not_overwritten(platform) {
        let staff = platform.operator();
        staff.set_notification(1, &wish(&[MessageCategory::Exit], &[])).unwrap();
        let stale = staff.set_notification(1, &wish(&[], &[]));
        assert_eq!(refusal(stale), (412, "resource.stale".into()));
        assert!(staff.notification().unwrap().categories.iter().any(|one| one.is_muted));
    }

    fn without_a_relay_no_address_is_asked_for(platform) {
        let staff = platform.operator();
        assert!(!staff.notification().unwrap().is_mail_sent);
        let refused = staff.begin_mail_address("lilei@example.cn".into());
        assert_eq!(refusal(refused).1, "notification.no_relay");
        assert_eq!(send(platform, LATER).unwrap(), 0);
    }

    fn an_address_is_confirmed_by_the_code_that_was_mailed_to_it(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let staff = platform.operator();
        let wrong = staff.begin_mail_address("lilei@example.cn\r\nRCPT TO:<x@y.cn>".into());
        assert_eq!(refusal(wrong).0, 422);
        let pending = staff.begin_mail_address("lilei@Example.cn".into()).unwrap();
        assert_eq!(pending.masked, "l***@example.cn");
        let letter = post.last();
        assert_eq!((&letter["to"], &letter["subject"]), (&json!(["lilei@example.cn"]), &json!("【一卡通平台】邮箱验证码")));
        assert_eq!((&letter["from"], &letter["auto"]), (&json!("ykt@example.cn"), &json!("auto-generated")));
        let code = post.code();
        let other = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(refusal(staff.confirm_mail_address(other.into())).1, "notification.code_refused");
        assert_eq!(refusal(staff.begin_mail_address("lilei@example.cn".into())).1, "notification.code_pause");
        let stranger = platform.operator();
        assert_eq!(refusal(stranger.confirm_mail_address(code.as_str().into())).1, "notification.no_code");

        let view = staff.confirm_mail_address(code.as_str().into()).unwrap();
        let address = view.address.unwrap();
        assert_eq!((address.masked.as_str(), address.state), ("l***@example.cn", MailAddressState::Active));
        assert!(view.pending.is_none());
        assert_eq!(refusal(staff.confirm_mail_address(code.as_str().into())).1, "notification.no_code", "once");
        let id = *id_of(&staff).as_bytes();
        let row = platform.read(move |tx| Ok(store::notification::find_address(tx, &id)?.unwrap()));
        assert!(!String::from_utf8_lossy(&row.sealed).contains("lilei"));
        staff.remove_mail_address().unwrap();
        assert!(staff.notification().unwrap().address.is_none());
        assert_eq!(refusal(staff.remove_mail_address()).0, 404);
    }

    fn the_fifth_wrong_code_voids_it(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let staff = platform.operator();
        staff.begin_mail_address("lilei@example.cn".into()).unwrap();
        let code = post.code();
        let other = if code == "000000" { "000001" } else { "000000" };
        let outcomes: Vec<_> = (0..5).map(|_| refusal(staff.confirm_mail_address(other.into())).1).collect();
        let refused = "notification.code_refused";
        assert_eq!(outcomes, [refused, refused, refused, refused, "notification.no_code"]);
        assert_eq!(refusal(staff.confirm_mail_address(code.as_str().into())).1, "notification.no_code");
    }

    fn a_code_is_too_old_after_its_time(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let staff = platform.operator();
        staff.begin_mail_address("lilei@example.cn".into()).unwrap();
        let (id, now) = (*id_of(&staff).as_bytes(), platform.world().real_now().as_micros());
        platform.write(move |tx| {
            let row = store::notification::find_code(tx, &id)?.unwrap();
            Ok(store::notification::replace_code(tx, &store::notification::CodeRow { expires_at: now, ..row })?)
        });
        assert!(staff.notification().unwrap().pending.is_none());
        assert_eq!(refusal(staff.confirm_mail_address(post.code().as_str().into())).1, "notification.no_code");
    }

    fn that_an_address_was_set_is_on_record_without_the_address(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let staff = platform.operator();
        verify(&post, &staff, "lilei@example.cn");
        set(&staff, &wish(&[MessageCategory::Exit], &[])).unwrap();
        staff.remove_mail_address().unwrap();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let trail = security.trail(&id_of(&staff).to_string(), &TrailFilter::default()).unwrap().all().unwrap();
        let (actions, text): (Vec<_>, _) = (trail.iter().map(|one| one.action.clone()).collect(), json!(trail).to_string());
        for action in ["code_mailed", "address_confirmed", "set", "address_removed"] {
            assert!(actions.contains(&format!("notification.{action}")), "{action} in {actions:?}");
        }
        assert!(!text.contains("lilei"));
    }
}
