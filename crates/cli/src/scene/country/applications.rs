//! What a company applies for: a draft, one that the prefecture has to review, one that was sent back, one in its test, one
//! that the ministry has to audit at the end, and one for the whole country that thirty provinces have not answered yet.

use super::admission::{self, APPLICANT};
use super::cast::Cast;
use super::channels::uscc;
use super::desk::Desk;
use crate::failure::{Attempt, Failure};
use data_encoding::HEXLOWER;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use sdk::client::Staff;
use serde_json::{Value, json};

const CITY: &str = "330100";
const NATION: &str = "000000";
/// Two personalised services that are applied for with a form (CH-F1.12).
const SCAN: &str = "login.scan";
const TALENT: &str = "query.talent";

/// What is applied for: a channel's name, where, and its yearly promise of e-cards and of active users (附表2).
pub struct Filing<'a> {
    pub name: &'a str,
    pub region: &'a str,
    pub promise: (u32, u32),
    /// A personalised service that it asks for.
    pub service: Option<&'a str>,
}

impl<'a> Filing<'a> {
    /// A channel in Hangzhou.
    pub fn in_the_city(name: &'a str, promise: (u32, u32)) -> Self {
        Self { name, region: CITY, promise, service: None }
    }
}

/// The operator publishes the forms of two services; a machine without the letters of the forms has none.
///
/// # Errors
/// The first that the platform refuses.
pub fn publish_forms(operator: &Staff) -> Result<(), Failure> {
    let scan = ["登录的网站或系统", "回调地址", "预计月登录次数"];
    let talent = ["查询的人才信息项", "使用场景", "信息保存期限"];
    for (code, asked) in [(SCAN, scan), (TALENT, talent)] {
        let service = domain::service::find(code).attempt(format_args!("find {code}"))?;
        let Ok(form) = server::service_form::blank::write(service, &asked) else { continue };
        operator.publish_service_form(code, &format!("{}申请表.pdf", service.zh), &form)?;
    }
    Ok(())
}

/// Files all of them on a day.
///
/// # Errors
/// The first step that the platform refuses.
pub fn file(cast: &Cast, today: BusinessDate) -> Result<(), Failure> {
    let (owner, city) = (cast.desk(APPLICANT), cast.desk("demo-region"));
    let filing = |name| Filing::in_the_city(name, (600_000, 150_000));
    open(owner, &Filing { service: Some(TALENT), ..filing("青禾健康") }, today)?;
    filed(owner, &Filing { service: Some(SCAN), ..filing("青禾校园") }, today)?;

    let returned = filed(owner, &filing("青禾公交"), today)?;
    let comments =
        json!([{"pointer": "/forms/channel/business", "words": "请说明与社会保障卡业务的契合之处"}]);
    city.act(&returned, "return", &json!({"words": "业务说明过于简略", "comments": comments}))?;

    test(cast, &filing("青禾生活"), today)?;
    let audited = test(cast, &filing("青禾到家"), today)?;
    admission::file_formally(cast, &audited, today)?;

    let nationwide = filed(owner, &Filing { region: NATION, ..filing("青禾通") }, today)?;
    for (login, verdict, words) in
        [("zhejiang", "agreed", "同意"), ("guangdong", "refused", "本省同类渠道已饱和")]
    {
        let reply =
            json!({"verdict": verdict, "words": words, "contact": "信息中心", "phone": "010-00000000"});
        cast.desk(login).act(&nationwide, "reply", &reply)?;
    }
    Ok(())
}

/// An application in Hangzhou from its draft into the test: its id.
///
/// # Errors
/// The first step that the platform refuses.
pub fn test(cast: &Cast, filing: &Filing<'_>, today: BusinessDate) -> Result<String, Failure> {
    let matter = filed(cast.desk(APPLICANT), filing, today)?;
    approve(cast, &matter)?;
    let decision = json!({"regions": [CITY], "words": "同意在杭州市接入"});
    cast.desk("ministry-one").act(&matter, "decide", &decision)?;
    cast.desk("clerk-one").say(&matter, "allocate", "已分配渠道编号，请按规范开展测试")?;
    Ok(matter)
}

/// Prefecture and province agree to an application in Hangzhou.
///
/// # Errors
/// The first step that the platform refuses.
pub fn approve(cast: &Cast, matter: &str) -> Result<(), Failure> {
    cast.desk("demo-region").act(matter, "approve", &opinion("0571-00000001"))?;
    cast.desk("zhejiang").act(matter, "approve", &opinion("0571-00000002"))
}

fn opinion(phone: &str) -> Value {
    json!({"region": CITY, "words": "材料齐全，同意", "contact": "信息科", "phone": phone})
}

/// Whom the platform reaches at the company.
pub fn contact() -> Value {
    json!({"name": "陈演示", "phone": "13800000000", "email": "channel@example.cn"})
}

fn filed(owner: &Desk, filing: &Filing<'_>, today: BusinessDate) -> Result<String, Failure> {
    let matter = open(owner, filing, today)?;
    for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
        owner.upload(&matter, purpose)?;
    }
    if let Some(service) = filing.service {
        let file = owner.upload(&matter, &format!("service_form_{}", service.replace('.', "_")))?;
        let mut forms = forms(filing, today)?;
        forms["channel"]["service_forms"] = json!({ service: file });
        owner.act(&matter, "save", &json!({ "forms": forms }))?;
    }
    owner.act(&matter, "file", &Value::Null)?;
    Ok(matter)
}

fn open(owner: &Desk, filing: &Filing<'_>, today: BusinessDate) -> Result<String, Failure> {
    let forms = forms(filing, today)?;
    owner.open_about("application", None, &json!({"purpose": "access", "forms": forms}))
}

/// 附表1 and 附表2 of a social channel.
fn forms(filing: &Filing<'_>, today: BusinessDate) -> Result<Value, Failure> {
    let key = HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
    let mut forms = json!({
        "one": {
            "filled_on": today.to_string(), "unit": "company", "innovation": "unsigned",
            "owner_name": "青禾演示科技有限公司", "uscc": uscc("91330100", 900)?,
            "contact": contact(),
        },
        "channel": {
            "name": filing.name, "form": "app", "access_mode": "sdk", "breadth": "general",
            "business": "面向城市居民提供社保查询、就医缴费、就业招聘等民生服务",
            "regions": [{"division": filing.region, "running_since": "2019-05-01", "users": "3200000"}],
            "services": filing.service.as_slice(), "users": "3200000",
            "test_keys": [{"usage": "caller", "public_key": key}],
        },
        "two": {
            "registered_address": "杭州市", "registered_on": "2014-03-01", "standing": "高新技术企业",
            "introduction": "城市生活服务平台", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "3200000", "monthly_active": "900000", "coverage": "全省", "fit": "以民生服务为主",
            "expansion": "图书馆借阅、公共交通", "committed_issuance": filing.promise.0.to_string(),
            "committed_monthly_active": filing.promise.1.to_string(),
        },
    });
    if filing.region == NATION {
        forms["channel"]["nationwide"] = json!("统一账户、统一客服，各省服务一致");
    }
    Ok(forms)
}
