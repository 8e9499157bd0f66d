//! The whole access of a channel over HTTP, from the draft to the production key, and that of a level-2 channel.

use crate::harness::{Platform, Reply};
use data_encoding::HEXLOWER;
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::{Value, json};

/// A member of staff who acts.
pub struct Actor(Private);

impl Actor {
    /// Somebody of this role in the organisation of this kind and division.
    pub fn new(platform: &Platform, role: Role, kind: OrgKind, division: &str) -> Self {
        Self(platform.token(platform.world(), role, platform.org(kind, division)))
    }

    /// An owner's administrator.
    pub fn owner(platform: &Platform) -> Self {
        Self::new(platform, Role::ChannelAdmin, OrgKind::ChannelOwner, "330000")
    }

    /// A request with JSON.
    pub fn send(&self, platform: &Platform, method: &str, path: &str, body: &Value) -> Reply {
        platform.request_as(&self.0, method, path, body)
    }

    /// A request with one more header.
    pub fn with(&self, platform: &Platform, method: &str, path: &str, header: (&str, &str)) -> Reply {
        let bearer = format!("Bearer {}", self.0.expose());
        platform.request(method, path, &[("authorization", bearer.as_str()), header], &[])
    }

    /// Bytes as they are.
    pub fn put(&self, platform: &Platform, path: &str, bytes: &[u8]) -> Reply {
        let bearer = format!("Bearer {}", self.0.expose());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
        platform.request("PUT", path, &headers, bytes)
    }

    fn open(&self, platform: &Platform, body: &Value) -> String {
        let opened = self.send(platform, "POST", "/api/v1/matters", body);
        assert_eq!(opened.status, 201, "{}", opened.json());
        opened.json()["matter_id"].as_str().unwrap().to_owned()
    }

    fn act(&self, platform: &Platform, matter: &str, input: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.0.expose());
        let path = format!("/api/v1/matters/{matter}");
        let tag = self.send(platform, "GET", &path, &Value::Null).header("etag").to_owned();
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
            ("content-type", "application/json"),
        ];
        platform.request("POST", &format!("{path}/actions"), &headers, input.to_string().as_bytes())
    }

    fn acts(&self, platform: &Platform, matter: &str, input: &Value) -> Value {
        let done = self.act(platform, matter, input);
        assert_eq!(done.status, 200, "{input}: {}", done.json());
        done.json()
    }

    fn upload(&self, platform: &Platform, matter: &str, purpose: &str, content: &[u8]) -> String {
        let digest = HEXLOWER.encode(&gm::sm3::digest(content));
        let body = json!({"purpose": purpose, "file_name": "附件", "size": content.len(), "sm3": digest});
        let announced = self.send(platform, "POST", &format!("/api/v1/matters/{matter}/attachments"), &body);
        assert_eq!(announced.status, 201, "{}", announced.json());
        let id = announced.json()["attachment_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/attachments/{id}");
        assert_eq!(self.put(platform, &format!("{path}/content?offset=0"), content).status, 200);
        let done = self.send(platform, "POST", &format!("{path}/complete"), &Value::Null);
        assert_eq!(done.status, 200, "{}", done.json());
        id
    }
}

/// Opens an empty draft.
pub fn open_application(platform: &Platform, owner: &Actor) -> String {
    owner.open(platform, &json!({"kind": "application", "opening": {"purpose": "access"}}))
}

const PAPER: &[u8] = b"%PDF-1.7 paper";
const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0film";

/// A fresh public key.
fn keys() -> Value {
    let key = gm::sm2::SigningKey::generate().verifying_key().to_sec1();
    json!([{"usage": "caller", "public_key": HEXLOWER.encode(&key)}])
}

fn contact() -> Value {
    json!({"name": "测试联系人", "phone": "13812341234", "email": "channel@example.cn"})
}

/// A form of a channel of class 社会 in 杭州.
fn forms() -> Value {
    json!({
        "one": {
            "filled_on": "2026-01-05", "unit": "company", "innovation": "unsigned",
            "owner_name": "示例科技有限公司", "uscc": "91350100M000100Y43", "contact": contact(),
        },
        "channel": {
            "name": "民生通", "form": "app", "access_mode": "sdk", "breadth": "general", "business": "民生服务",
            "regions": [{"division": "330100", "running_since": "2020-01-01", "users": "1000000"}],
            "services": [], "users": "1000000", "test_keys": keys(),
        },
        "two": {
            "registered_address": "福州市", "registered_on": "2015-01-01", "standing": "高新技术企业",
            "introduction": "生活服务", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "1000000", "monthly_active": "300000", "coverage": "浙江", "fit": "民生服务",
            "expansion": "图书馆借阅", "committed_issuance": "500000", "committed_monthly_active": "100000",
        },
    })
}

fn words(action: &str) -> Value {
    json!({"action": action, "words": "已审核"})
}

fn opinion(region: &str) -> Value {
    json!({"action": "approve", "region": region, "words": "同意", "contact": "审核人", "phone": "0571-1"})
}

fn steps() -> Vec<(&'static str, &'static str)> {
    let steps = ["enter", "issue", "change_password", "reset_password", "unbind", "exit"];
    ["ios", "android"].into_iter().flat_map(|system| steps.map(|step| (system, step))).collect()
}

/// Everybody who has a part in an access.
struct Cast {
    owner: Actor,
    prefecture: Actor,
    province: Actor,
    ministry: Actor,
    clerk: Actor,
    admin: Actor,
}

impl Cast {
    fn new(platform: &Platform) -> Self {
        Self {
            owner: Actor::owner(platform),
            prefecture: Actor::new(platform, Role::RegionAdmin, OrgKind::Prefecture, "330100"),
            province: Actor::new(platform, Role::RegionAdmin, OrgKind::Province, "330000"),
            ministry: Actor::new(platform, Role::MinistryReviewer, OrgKind::Ministry, "000000"),
            clerk: Actor::new(platform, Role::OperatorClerk, OrgKind::Operator, "000000"),
            admin: Actor::new(platform, Role::OperatorAdmin, OrgKind::Operator, "000000"),
        }
    }

    /// From the draft to a channel in testing whose test is passed; answers its number.
    fn test(&self, platform: &Platform, matter: &str) -> String {
        for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
            self.owner.upload(platform, matter, purpose, PAPER);
        }
        self.owner.acts(platform, matter, &json!({"action": "file"}));
        self.prefecture.acts(platform, matter, &opinion("330100"));
        self.province.acts(platform, matter, &opinion("330100"));
        let decision = json!({"action": "decide", "regions": ["330100"], "words": "同意"});
        self.ministry.acts(platform, matter, &decision);
        let testing = self.clerk.acts(platform, matter, &words("allocate"));
        self.clerk.acts(platform, matter, &words("verify"));
        testing["channel_number"].as_str().unwrap().to_owned()
    }

    /// From there to the last reviews, all but agreement and activation.
    fn formal(&self, platform: &Platform, matter: &str, number: &str) {
        self.report(platform, matter);
        for system in ["ios", "android"] {
            self.owner.upload(platform, matter, &format!("recording_{system}"), FILM);
        }
        let marks: Vec<_> =
            steps().iter().map(|(system, step)| json!({"system": system, "step": step, "at_seconds": 1})).collect();
        let form = json!({
            "filled_on": "2026-01-05", "number": number, "contact": contact(), "marks": marks, "keys": keys(),
        });
        self.owner.acts(platform, matter, &json!({"action": "save_formal", "form": form}));
        self.owner.acts(platform, matter, &json!({"action": "file_formal"}));
        self.prefecture.acts(platform, matter, &opinion("330100"));
        self.province.acts(platform, matter, &opinion("330100"));
        self.ministry.acts(platform, matter, &words("audit"));
        let seen: Vec<_> = steps().iter().map(|(system, step)| json!({"system": system, "step": step})).collect();
        let confirmed = json!({"action": "confirm_recordings", "words": "六个环节齐全", "seen": seen});
        self.clerk.acts(platform, matter, &confirmed);
        self.clerk.acts(platform, matter, &words("confirm_report"));
    }

    fn channel_of(&self, platform: &Platform, matter: &str) -> String {
        let path = format!("/api/v1/matters/{matter}");
        let seen = self.owner.send(platform, "GET", &path, &Value::Null).json();
        seen["channel_id"].as_str().unwrap().to_owned()
    }
}
