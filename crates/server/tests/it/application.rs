//! The whole access of a channel over HTTP, from the draft to the production key, and that of a level-2 channel.

use crate::desk::{confirming, filing, move_to};
use crate::harness::{Platform, Reply};
use data_encoding::HEXLOWER;
use domain::id::{ChannelId, OrgId};
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::{Value, json};

/// A member of staff who acts.
pub struct Actor(pub Private);

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

    /// An action of a matter, on its version of now.
    pub fn act(&self, platform: &Platform, matter: &str, input: &Value) -> Reply {
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

    /// An action that is done.
    pub fn acts(&self, platform: &Platform, matter: &str, input: &Value) -> Value {
        let done = self.act(platform, matter, input);
        assert_eq!(done.status, 200, "{input}: {}", done.json());
        done.json()
    }

    /// Sends a file whole; answers its id.
    pub fn upload(&self, platform: &Platform, matter: &str, purpose: &str, content: &[u8]) -> String {
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

/// A paper that nobody has to read.
pub const PAPER: &[u8] = b"%PDF-1.7 paper";
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
pub fn forms() -> Value {
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

    /// A whole draft, filed: its id.
    fn filed(&self, platform: &Platform) -> String {
        let opening = json!({"kind": "application", "opening": {"purpose": "access", "forms": forms()}});
        let matter = self.owner.open(platform, &opening);
        self.file(platform, &matter);
        matter
    }

    /// Files a draft with its papers.
    fn file(&self, platform: &Platform, matter: &str) -> Value {
        for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
            self.owner.upload(platform, matter, purpose, PAPER);
        }
        self.owner.acts(platform, matter, &json!({"action": "file"}))
    }

    /// From the draft to a channel in testing whose test is passed; answers its number.
    fn test(&self, platform: &Platform, matter: &str) -> String {
        self.file(platform, matter);
        self.prefecture.acts(platform, matter, &opinion("330100"));
        self.province.acts(platform, matter, &opinion("330100"));
        let decision = json!({"action": "decide", "regions": ["330100"], "words": "同意"});
        self.ministry.acts(platform, matter, &decision);
        let testing = self.clerk.acts(platform, matter, &words("allocate"));
        self.clerk.acts(platform, matter, &words("verify"));
        testing["channel_number"].as_str().unwrap().to_owned()
    }

    /// From there to the last reviews, all but agreement and activation.
    fn formal(&self, platform: &Platform, matter: &str, channel: &str, number: &str) {
        self.report(platform, channel);
        for system in ["ios", "android"] {
            self.owner.upload(platform, matter, &format!("recording_{system}"), FILM);
        }
        let marks: Vec<_> = steps()
            .iter()
            .map(|(system, step)| json!({"system": system, "step": step, "at_seconds": 1}))
            .collect();
        let form = json!({
            "filled_on": "2026-01-05", "number": number, "contact": contact(), "marks": marks, "keys": keys(),
        });
        self.owner.acts(platform, matter, &json!({"action": "save_formal", "form": form}));
        self.owner.acts(platform, matter, &json!({"action": "file_formal"}));
        self.prefecture.acts(platform, matter, &opinion("330100"));
        self.province.acts(platform, matter, &opinion("330100"));
        self.ministry.acts(platform, matter, &words("audit"));
        let seen: Vec<_> =
            steps().iter().map(|(system, step)| json!({"system": system, "step": step})).collect();
        let confirmed = json!({"action": "confirm_recordings", "words": "六个环节齐全", "seen": seen});
        self.clerk.acts(platform, matter, &confirmed);
        self.clerk.acts(platform, matter, &words("confirm_report"));
    }

    /// A security report of a channel in testing, filed and accepted (CH-9.2, CH-28.3).
    fn report(&self, platform: &Platform, channel: &str) {
        let opening =
            json!({"kind": "security_report", "channel_id": channel, "opening": {"occasion": "first"}});
        let matter = self.owner.open(platform, &opening);
        let file = self.owner.upload(platform, &matter, "security_report", PAPER);
        let today = platform.world().now().business_date().to_string();
        let qualification = |kind: &str| json!({"kind": kind, "number": "示例", "valid_from": "2020-01-01", "valid_to": "2099-01-01"});
        let kinds = ["cnas", "cma", "risk_assessment", "cryptography"];
        let qualifications: Vec<_> = kinds.iter().map(|kind| qualification(kind)).collect();
        let report = json!({
            "number": "示例-1", "lab": {"name": "示例检测机构", "qualifications": qualifications},
            "specification": "电子社会保障卡服务渠道接入安全技术规范", "specification_version": "1.0",
            "tested_on": today, "scope": "渠道接入", "outcome": "passed", "file": file,
        });
        self.owner.acts(platform, &matter, &json!({"action": "submit", "report": report}));
        self.clerk.acts(platform, &matter, &words("accept"));
    }

    /// The co-operation agreement, offered and signed (CH-9.3e).
    fn agreement(&self, platform: &Platform, channel: &str) {
        let opening = json!({
            "version": "2026-01", "text": "示例协议文本", "from": "2026-01-01", "until": "2099-01-01",
        });
        let opening = json!({"kind": "agreement", "channel_id": channel, "opening": opening});
        let matter = self.admin.open(platform, &opening);
        let path = format!("/api/v1/matters/{matter}");
        let offered = self.owner.send(platform, "GET", &path, &Value::Null).json();
        let key = gm::sm2::SigningKey::generate();
        self.register(platform, &key);
        let signature = key.sign(offered["body"]["statement"].as_str().unwrap().as_bytes());
        let signed = json!({
            "action": "sign", "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
            "signature": HEXLOWER.encode(signature.as_bytes()),
        });
        assert_eq!(self.owner.acts(platform, &matter, &signed)["state"], "in_force");
    }

    /// The owner's signing key, confirmed by the operator (CH-25.2).
    fn register(&self, platform: &Platform, key: &gm::sm2::SigningKey) {
        let matter = self.owner.open(platform, &json!({"kind": "signing_key", "opening": {}}));
        let drafted =
            self.owner.send(platform, "GET", &format!("/api/v1/matters/{matter}"), &Value::Null).json();
        let statement = drafted["body"]["statement"].as_str().unwrap();
        self.owner.acts(platform, &matter, &filing(key, statement));
        assert_eq!(self.clerk.acts(platform, &matter, &confirming(key))["state"], "registered");
    }

    /// From the draft to formal access; answers the channel.
    fn go_live(&self, platform: &Platform, forms: &Value) -> ChannelId {
        let opening = json!({"kind": "application", "opening": {"purpose": "access", "forms": forms}});
        let matter = self.owner.open(platform, &opening);
        let number = self.test(platform, &matter);
        let channel = self.channel_of(platform, &matter);
        self.formal(platform, &matter, &channel, &number);
        self.agreement(platform, &channel);
        let live = self.admin.acts(platform, &matter, &words("activate"));
        assert_eq!(live["state"], "live");
        channel.parse().unwrap()
    }

    fn channel_of(&self, platform: &Platform, matter: &str) -> String {
        let path = format!("/api/v1/matters/{matter}");
        let seen = self.owner.send(platform, "GET", &path, &Value::Null).json();
        seen["channel_id"].as_str().unwrap().to_owned()
    }
}

/// A live channel of class 社会 that has promised so many issuances a year and active users a month.
pub fn social_channel(platform: &Platform, issuance: u64, monthly_active: u64) -> ChannelId {
    let mut forms = forms();
    forms["two"]["committed_issuance"] = json!(issuance.to_string());
    forms["two"]["committed_monthly_active"] = json!(monthly_active.to_string());
    Cast::new(platform).go_live(platform, &forms)
}

/// An application that was filed, and waits for the prefecture: the owner, somebody of the operator, and its id.
pub fn filed(platform: &Platform) -> (Actor, Actor, String) {
    let cast = Cast::new(platform);
    let matter = cast.filed(platform);
    (cast.owner, cast.clerk, matter)
}

on_both! {
    /// CH-9.0, CH-9.2, CH-9.3a to CH-9.3f, CH-6.1, CH-6.4, CH-28.3, R13: from the draft to the production key.
    fn a_channel_goes_live_when_every_review_the_report_and_the_agreement_stand(platform) {
        let cast = Cast::new(platform);
        let matter = cast.owner.open(platform, &json!({
            "kind": "application", "opening": {"purpose": "access", "forms": forms()},
        }));
        let number = cast.test(platform, &matter);
        let channel = cast.channel_of(platform, &matter);
        cast.formal(platform, &matter, &channel, &number);
        let state = |actor: &Actor| {
            actor.send(platform, "GET", &format!("/api/v1/channels/{channel}"), &Value::Null).json()["state"].clone()
        };
        let waits = || {
            let path = format!("/api/v1/matters/{matter}");
            let seen = cast.owner.send(platform, "GET", &path, &Value::Null).json();
            let all = seen["waits"].as_array().unwrap();
            all.iter().map(|wait| wait["task"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(waits(), ["offer_agreement"], "nothing is there that the owner could sign");
        let early = cast.admin.act(platform, &matter, &words("activate"));
        assert_eq!((early.status, early.json()["code"].as_str()), (409, Some("application.agreement_open")));
        cast.agreement(platform, &channel);
        assert_eq!(waits(), ["activate"], "the signature is noted");
        let own = cast.clerk.act(platform, &matter, &words("activate"));
        assert_eq!((own.status, own.json()["code"].as_str()), (403, Some("matter.same_person")));
        assert_eq!(state(&cast.owner), "testing");
        let live = cast.admin.acts(platform, &matter, &words("activate"));
        assert_eq!((&live["state"], &live["is_ended"]), (&json!("live"), &json!(true)));
        assert_eq!(state(&cast.owner), "live");
        let id: ChannelId = channel.parse().unwrap();
        let keys = platform.read(move |tx| Ok(store::key::list_owned(tx, id.as_bytes())?));
        assert!(keys.iter().any(|key| key.state == "active" && key.usage == "caller"), "{keys:?}");
    }

    /// CH-9.1a, CH-9.1c, CH-9.1d, CH-9.1e, CH-9.3a, CH-6.4, CH-28.3: who may do what next, and where it shows.
    fn an_access_goes_from_the_draft_through_every_review_into_testing(platform) {
        let cast = Cast::new(platform);
        let matter = cast.owner.open(platform, &json!({
            "kind": "application", "opening": {"purpose": "access", "forms": forms()},
        }));
        let path = format!("/api/v1/matters/{matter}");
        let bare = cast.owner.act(platform, &matter, &json!({"action": "file"}));
        let pointers: Vec<_> =
            bare.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
        let missing = ["form_one_sealed", "test_collection", "licence", "entry_sketch"];
        let missing: Vec<_> = missing.iter().map(|purpose| json!(format!("/files/{purpose}"))).collect();
        assert_eq!((bare.status, pointers), (422, missing));
        assert_eq!(cast.province.send(platform, "GET", &path, &Value::Null).status, 404, "a draft is the owner's");

        let number = cast.test(platform, &matter);
        let channel = cast.channel_of(platform, &matter);
        let seen = cast.clerk.send(platform, "GET", &path, &Value::Null).json();
        assert_eq!((&seen["state"], &seen["channel_number"]), (&json!("preparing"), &json!(number)));
        let shown = cast.clerk.send(platform, "GET", &format!("/api/v1/channels/{channel}"), &Value::Null).json();
        assert_eq!((&shown["class"], &shown["state"], &shown["name"]), (&json!("social"), &json!("testing"), &json!("民生通")));
        let told = cast.owner.send(platform, "GET", "/api/v1/messages", &Value::Null).json();
        assert_eq!(told["data"][0]["matter_id"], json!(matter));

        let early = cast.owner.act(platform, &matter, &json!({"action": "file_formal"}));
        let named = early.json()["errors"].as_array().unwrap().iter().any(|error| error["code"] == "application.report");
        assert_eq!((early.status, named), (422, true), "a security report is due");
        let activate = cast.clerk.act(platform, &matter, &words("activate"));
        assert_eq!((activate.status, activate.json()["code"].as_str()), (409, Some("matter.transition")));
        cast.owner.acts(platform, &matter, &words("withdraw"));
        let shown = cast.clerk.send(platform, "GET", &format!("/api/v1/channels/{channel}"), &Value::Null).json();
        assert_eq!(shown["state"], "exited");
    }

    /// CH-8.1e: a province that says nothing does not hold a nationwide access for ever, and is not taken to have agreed.
    fn one_silent_province_is_noted_and_the_ministry_decides(platform) {
        let cast = Cast::new(platform);
        let mut forms = forms();
        forms["channel"]["regions"] = json!([{"division": "000000", "running_since": "2020-01-01", "users": "1000000"}]);
        forms["channel"]["nationwide"] = json!("全国统一服务");
        let matter = cast.owner.open(platform, &json!({"kind": "application", "opening": {"purpose": "access", "forms": forms}}));
        for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
            cast.owner.upload(platform, &matter, purpose, PAPER);
        }
        let filed = cast.owner.acts(platform, &matter, &json!({"action": "file"}));
        let wait = filed["waits"].as_array().unwrap().iter().find(|wait| wait["division"] == "330000").unwrap().clone();
        assert_eq!((&wait["clause"], &wait["expiry"]), (&json!("CH-8.1e"), &json!("recorded")));
        let decision = json!({"action": "decide", "regions": ["330000"], "words": "同意"});
        assert_eq!(cast.ministry.act(platform, &matter, &decision).code(), "application.consultation");
        let due: domain::time::BusinessDate = wait["due_on"].as_str().unwrap().parse().unwrap();
        move_to(platform, &due.plus_days(1).to_string());
        let path = format!("/api/v1/matters/{matter}");
        let seen = cast.ministry.send(platform, "GET", &path, &Value::Null).json();
        assert_eq!(seen["body"]["silence"]["provinces"].as_array().unwrap().len(), 32);
        assert!(seen["waits"][0]["overdue_at"].is_string(), "the default of each is on record");
        let can: Vec<_> = seen["actions"].as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap()).collect();
        assert!(can.contains(&"decide"), "{can:?}");
        let told = cast.province.send(platform, "GET", "/api/v1/messages", &Value::Null).json();
        assert!(told["data"][0]["zh"].as_str().unwrap().contains("逾期未复"), "{told}");
        let late = json!({"action": "reply", "verdict": "refused", "words": "本省已饱和", "contact": "审核人", "phone": "0571-1"});
        cast.province.acts(platform, &matter, &late);
        assert_eq!(cast.ministry.acts(platform, &matter, &decision)["state"], "allocation");
    }

    /// CH-F1.4, CH-16.1: whom to ask is told to those who have business with the application, one asking at a time and on
    /// record; everybody else sees it masked, wherever the application is shown.
    fn a_contact_is_masked_for_all_but_its_owner_and_revealed_on_record(platform) {
        let cast = Cast::new(platform);
        let opening = json!({"kind": "application", "opening": {"purpose": "access", "forms": forms()}});
        let matter = cast.owner.open(platform, &opening);
        let path = format!("/api/v1/matters/{matter}");
        let phone = |seen: &Value| seen["body"]["forms"]["one"]["contact"]["phone"].as_str().map(str::to_owned);
        let filed = cast.file(platform, &matter);
        assert_eq!((phone(&filed).unwrap().as_str(), &filed["may_reveal"]), ("13812341234", &json!(false)), "the owner's own");
        for other in [&cast.prefecture, &cast.province, &cast.ministry, &cast.clerk] {
            let seen = other.send(platform, "GET", &path, &Value::Null).json();
            assert_eq!(phone(&seen).unwrap(), "138****1234");
            assert!(!seen.to_string().contains("13812341234"), "nowhere in the answer");
            assert_eq!(seen["may_reveal"], json!(!std::ptr::eq(other, &cast.province)));
        }
        let reveal = |who: &Actor| {
            let told = who.send(platform, "POST", &format!("{path}/reveal"), &json!({"reason": "核对联系方式"}));
            (told.status, told.json())
        };
        for who in [&cast.prefecture, &cast.ministry, &cast.clerk, &cast.owner] {
            let (status, told) = reveal(who);
            let expected = json!([{"place": "/forms/one/contact", "name": "测试联系人", "phone": "13812341234",
                "email": "channel@example.cn"}]);
            assert_eq!((status, &told["contacts"]), (200, &expected));
        }
        let (status, refused) = reveal(&cast.province);
        assert_eq!((status, &refused["code"]), (403, &json!("matter.party")), "it is not its turn");
        let elsewhere = Actor::new(platform, Role::RegionAdmin, OrgKind::Province, "440000");
        assert_eq!(reveal(&elsewhere).0, 404);
        let silent = cast.clerk.send(platform, "POST", &format!("{path}/reveal"), &json!({"reason": ""}));
        assert_eq!((silent.status, &silent.json()["errors"][0]["pointer"]), (422, &json!("/reason")));
        let trail = cast.owner.send(platform, "GET", &format!("{path}/trail?action=matter.revealed"), &Value::Null).json();
        let said: Vec<_> = trail["data"].as_array().unwrap().iter().map(|entry| entry["reason"].clone()).collect();
        assert_eq!(said, vec![json!("核对联系方式"); 4], "the owner learns who asked and why");
        let acted = cast.prefecture.acts(platform, &matter, &opinion("330100"));
        assert_eq!(phone(&acted).unwrap(), "138****1234");
        assert_eq!(reveal(&cast.prefecture).0, 403, "its business is done");
        assert_eq!(reveal(&cast.province).0, 200);

        // What is printed is for those who file it: in clear for them, on record, and masked for others.
        let print = |who: &Actor| who.send(platform, "GET", &format!("{path}/forms/1"), &Value::Null).status;
        let printed = || {
            let path = format!("{path}/trail?action=matter.printed");
            cast.owner.send(platform, "GET", &path, &Value::Null).json()["data"].as_array().unwrap().len()
        };
        for (who, records) in [(&cast.owner, 0), (&cast.prefecture, 0), (&cast.clerk, 1)] {
            // Without a typeface nothing is drawn; who is entitled was decided before.
            let status = print(who);
            assert!([200, 503].contains(&status), "{status}");
            assert!(if records == 0 { printed() == 0 } else { printed() > 0 });
        }
    }

    /// CH-4.2, CH-11.2, CH-11.3, CH-10.1, CH-14.1, CH-9.3f: level 1 applies, and level 2 is registered under it and goes live
    /// with keys of its own.
    fn a_level_two_channel_is_applied_for_by_the_owner_of_level_one(platform) {
        let level_one = platform.channel_in(platform.world(), &["330000"]);
        let id = level_one.owner;
        let row = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap()));
        let owner = platform.token(platform.world(), Role::ChannelAdmin, OrgId::from_bytes(row.owner_id));
        let cast = Cast { owner: Actor(owner), ..Cast::new(platform) };
        let mut forms = forms();
        forms["one"]["unit"] = json!("government");
        forms["one"]["parent_name"] = json!(row.name);
        forms["one"]["parent_number"] = json!(row.number);
        forms["level_two"] = json!({
            "relation": "same_entity", "brand": "同一品牌", "reuses": ["accounts"], "liveness": "level_one",
            "source": "level_one", "served": "1000", "basics": "多端", "management": "同一单位",
            "capabilities": "账户体系", "business": "与一级渠道一致",
        });
        let opening = json!({
            "kind": "application", "parent_id": level_one.id, "opening": {"purpose": "access", "forms": forms},
        });
        let stranger = Actor::new(platform, Role::ChannelAdmin, OrgKind::ChannelOwner, "320000");
        assert_eq!(stranger.send(platform, "POST", "/api/v1/matters", &opening).status, 404);
        let matter = cast.owner.open(platform, &opening);
        let number = cast.test(platform, &matter);
        assert_ne!(number, row.number, "a number of its own");
        let channel: ChannelId = cast.channel_of(platform, &matter).parse().unwrap();
        let registered = platform.read(move |tx| Ok(store::channel::find(tx, channel.as_bytes())?.unwrap()));
        assert_eq!((registered.level, registered.parent_id), (2, Some(row.id)));
        assert_eq!((registered.owner_id, registered.phase.as_str()), (row.owner_id, "testing"));

        cast.formal(platform, &matter, &channel.to_string(), &number);
        let live = cast.admin.acts(platform, &matter, &words("activate"));
        assert_eq!((&live["state"], &live["is_ended"]), (&json!("live"), &json!(true)), "a department signs none");
        let (live, keys) = platform.read(move |tx| {
            let row = store::channel::find(tx, channel.as_bytes())?.unwrap();
            Ok((row, store::key::list_owned(tx, channel.as_bytes())?))
        });
        assert_eq!((live.phase.as_str(), live.live_at.is_some()), ("live", true));
        assert!(keys.iter().any(|key| key.state == "active" && key.usage == "caller"), "{keys:?}");
    }
}
