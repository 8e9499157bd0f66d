//! People at their desks: whoever has a part in a matter, what they open and what they do.

use crate::harness::{CallerHandle, Platform, Reply};
use data_encoding::HEXLOWER;
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use gm::sm2::SigningKey;
use sdk::types::Private;
use serde_json::{Value, json};

/// Somebody who acts for a party, with a second factor just confirmed.
pub struct Desk<'a> {
    platform: &'a Platform,
    token: Private,
}

impl<'a> Desk<'a> {
    fn new(platform: &'a Platform, role: Role, org: OrgId) -> Self {
        let token = platform.token(platform.world(), role, org);
        let hash = gm::sm3::digest(token.expose().as_bytes());
        let now = platform.world().real_now().as_micros();
        platform.write(move |tx| Ok(store::staff::confirm_session(tx, &hash, now)?));
        Self { platform, token }
    }

    /// The administrator of a channel's owner.
    pub fn owner(platform: &'a Platform, channel: &CallerHandle) -> Self {
        let id = channel.owner;
        let owner = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap().owner_id));
        Self::new(platform, Role::ChannelAdmin, OrgId::from_bytes(owner))
    }

    /// The administrator of another organisation that owns no channel.
    pub fn stranger(platform: &'a Platform) -> Self {
        Self::new(platform, Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, "330000"))
    }

    /// Another person of the operator at every call.
    pub fn operator(platform: &'a Platform) -> Self {
        Self::new(platform, Role::OperatorClerk, platform.org(OrgKind::Operator, "000000"))
    }

    /// Another reviewer of the ministry at every call.
    pub fn ministry(platform: &'a Platform) -> Self {
        Self::new(platform, Role::MinistryReviewer, platform.org(OrgKind::Ministry, "000000"))
    }

    /// The department of a province.
    pub fn province(platform: &'a Platform, division: &str) -> Self {
        Self::new(platform, Role::RegionAdmin, platform.org(OrgKind::Province, division))
    }

    /// Somebody with a role in an organisation of a kind.
    pub fn of(platform: &'a Platform, role: Role, kind: OrgKind, division: &str) -> Self {
        Self::new(platform, role, platform.org(kind, division))
    }

    /// What this person signs in with.
    pub fn token(&self) -> &Private {
        &self.token
    }

    /// Sends a file of a matter, whole: its id.
    pub fn file(&self, matter: &str, purpose: &str) -> String {
        let content = b"%PDF-1.4\n%%EOF\n";
        let announced = json!({
            "purpose": purpose, "file_name": "a.pdf", "size": content.len(),
            "sm3": HEXLOWER.encode(&gm::sm3::digest(content)),
        });
        let made = self.send("POST", &format!("/api/v1/matters/{matter}/attachments"), 0, &announced);
        assert_eq!(made.status, 201, "{}", made.json());
        let id = made.json()["attachment_id"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {}", self.token.expose());
        let headers = [("authorization", bearer.as_str())];
        let path = format!("/api/v1/attachments/{id}/content?offset=0");
        assert_eq!(self.platform.request("PUT", &path, &headers, content).status, 200);
        let path = format!("/api/v1/attachments/{id}/complete");
        assert_eq!(self.send("POST", &path, 0, &Value::Null).status, 200);
        id
    }

    /// A request of this person, like no other.
    pub fn send(&self, method: &str, path: &str, version: i64, body: &Value) -> Reply {
        let key = HEXLOWER.encode(&gm::random::bytes::<16>());
        self.send_keyed(&key, (method, path), version, body)
    }

    /// A request of this person under a key.
    pub fn send_keyed(&self, key: &str, (method, path): (&str, &str), version: i64, body: &Value) -> Reply {
        let (bearer, tag) = (format!("Bearer {}", self.token.expose()), format!("\"{version}\""));
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
            ("idempotency-key", key),
            ("content-type", "application/json"),
        ];
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.platform.request(method, path, &headers, &bytes)
    }

    /// Opens a matter about a channel; the answer as it came.
    pub fn try_open(&self, kind: &str, channel: &CallerHandle, opening: &Value) -> Reply {
        let body = json!({"kind": kind, "channel_id": channel.id, "opening": opening});
        self.send("POST", "/api/v1/matters", 0, &body)
    }

    /// Opens a matter about a channel: its id.
    pub fn open(&self, kind: &str, channel: &CallerHandle, opening: &Value) -> String {
        let opened = self.try_open(kind, channel, opening);
        assert_eq!(opened.status, 201, "{}", opened.json());
        opened.json()["matter_id"].as_str().unwrap().to_owned()
    }

    /// Opens the registration of the organisation's signing key: its id, and the statement to be signed.
    pub fn begin_key(&self) -> (String, String) {
        let opened = self.send("POST", "/api/v1/matters", 0, &json!({"kind": "signing_key", "opening": {}}));
        assert_eq!(opened.status, 201, "{}", opened.json());
        let text = |pointer: &str| opened.json().pointer(pointer).unwrap().as_str().unwrap().to_owned();
        (text("/matter_id"), text("/body/statement"))
    }

    /// Registers the organisation's signing key, which somebody at the operator confirms: the matter's id.
    pub fn register_key(&self, key: &SigningKey) -> String {
        let (matter, statement) = self.begin_key();
        self.act(&matter, &filing(key, &statement));
        Self::operator(self.platform).act(&matter, &confirming(key));
        matter
    }

    /// The matter as this person sees it.
    pub fn see(&self, matter: &str) -> Value {
        let seen = self.send("GET", &format!("/api/v1/matters/{matter}"), 0, &Value::Null);
        assert_eq!(seen.status, 200, "{}", seen.json());
        seen.json()
    }

    /// Acts on a matter as it stands; the answer as it came.
    pub fn try_act(&self, matter: &str, input: &Value) -> Reply {
        let version = self.see(matter)["version"].as_i64().unwrap();
        self.send("POST", &format!("/api/v1/matters/{matter}/actions"), version, input)
    }

    /// What acting on a matter would do; the answer as it came.
    pub fn rehearse(&self, matter: &str, input: &Value) -> Reply {
        let version = self.see(matter)["version"].as_i64().unwrap();
        self.send("POST", &format!("/api/v1/matters/{matter}/actions?dry_run=true"), version, input)
    }

    /// Acts on a matter as it stands: the matter afterwards.
    pub fn act(&self, matter: &str, input: &Value) -> Value {
        let acted = self.try_act(matter, input);
        assert_eq!(acted.status, 200, "{input}: {}", acted.json());
        acted.json()
    }

    /// The ids of the matters of a kind about a channel, newest first.
    pub fn list(&self, kind: &str, channel: &CallerHandle) -> Vec<String> {
        let path = format!("/api/v1/matters?kind={kind}&channel_id={}", channel.id);
        let found = self.send("GET", &path, 0, &Value::Null).json();
        let ids = found["data"].as_array().unwrap().iter();
        ids.map(|matter| matter["matter_id"].as_str().unwrap().to_owned()).collect()
    }
}

/// A suggestion of the owner of a channel of 浙江, which waits for the operator.
pub fn suggested(platform: &Platform) -> (CallerHandle, Desk<'_>, String) {
    let channel = platform.channel_in(platform.world(), &["330000"]);
    let owner = Desk::owner(platform, &channel);
    let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
    let matter = owner.open("suggestion", &channel, &opening);
    (channel, owner, matter)
}

/// What files a signing key.
pub fn filing(key: &SigningKey, statement: &str) -> Value {
    json!({
        "action": "file", "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "signature": HEXLOWER.encode(key.sign(statement.as_bytes()).as_bytes()),
    })
}

/// What confirms a signing key.
pub fn confirming(key: &SigningKey) -> Value {
    let fingerprint = HEXLOWER.encode(&gm::sm3::digest(&key.verifying_key().to_sec1())[..16]);
    json!({"action": "confirm", "fingerprint": fingerprint, "words": "已电话核对指纹"})
}

/// The business day, as text.
pub fn today(platform: &Platform) -> String {
    platform.world().now().business_date().to_string()
}

/// The business day that many months and days from now.
pub fn day_after(platform: &Platform, months: i32, days: i32) -> String {
    platform.world().now().business_date().plus_months(months).plus_days(days).to_string()
}

/// Moves the clock to 09:00 of a day in Beijing, and lets the platform do what was due before.
pub fn move_to(platform: &Platform, day: &str) {
    let day: domain::time::BusinessDate = day.parse().unwrap();
    let micros = day.start().plus_seconds(9 * 3600).micros_since(platform.world().now());
    platform.clock().advance(micros / 1_000_000 + 1);
    platform.block_on(server::matter::service::expire(platform.world())).unwrap();
}
