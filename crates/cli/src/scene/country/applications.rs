//! What companies apply for, and what waits at the end: a draft, one that the prefecture has to review, one that was sent
//! back, and one for the whole country that thirty provinces have not answered yet. How one goes its way is in `entry`.

use super::cast::Cast;
use super::channels::uscc;
use super::desk::Desk;
use super::entry::Entry;
use crate::failure::{Attempt, Failure};
use data_encoding::HEXLOWER;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use sdk::client::Staff;
use serde_json::{Value, json};

/// Two personalised services that are applied for with a form (CH-F1.12).
const SCAN: &str = "login.scan";
const TALENT: &str = "query.talent";

/// Where a channel is applied for, and who reviews it there.
#[derive(Clone, Copy)]
pub struct Place {
    pub region: &'static str,
    pub prefecture: &'static str,
    pub province: &'static str,
}

/// 杭州.
pub const HANGZHOU: Place = Place { region: "330100", prefecture: "demo-region", province: "zhejiang" };
/// 南京.
pub const NANJING: Place = Place { region: "320100", prefecture: "nanjing", province: "registry-320000" };
/// 四川, which has no prefecture between.
const SICHUAN: Place = Place { region: "510000", prefecture: "", province: "registry-510000" };
const NATION: Place = Place { region: "000000", prefecture: "", province: "" };

/// Who applies: its account, what it is (CH-3.0), its name, and its credit code's beginning.
pub struct Company {
    pub login: &'static str,
    unit: &'static str,
    pub name: &'static str,
    pub prefix: &'static str,
    pub number: u32,
}

impl Company {
    const fn new(
        login: &'static str,
        unit: &'static str,
        name: &'static str,
        (prefix, number): (&'static str, u32),
    ) -> Self {
        Self { login, unit, name, prefix, number }
    }
}

const GREEN: &Company = &COMPANIES[0];
const BANK: &Company = &COMPANIES[1];
const HOSPITAL: &Company = &COMPANIES[2];
const CITY: &Company = &COMPANIES[3];
const CLOUD: &Company = &COMPANIES[4];

/// All that apply; the first one's account is told.
pub const COMPANIES: &[Company] = &[
    Company::new("owner-new", "company", "青禾演示科技有限公司", ("91330100", 900)),
    Company::new("hand-bank", "bank", "越江演示银行股份有限公司", ("91330100", 901)),
    Company::new("hand-hospital", "hospital", "金陵演示医院", ("12320100", 902)),
    Company::new("hand-city", "government", "南京演示城市数据中心", ("12320100", 903)),
    Company::new("hand-cloud", "company", "云栖演示信息技术有限公司", ("91330100", 904)),
];

/// What is applied for: whose, a channel's name, where, and its yearly promise of e-cards and of active users (附表2).
#[derive(Clone)]
pub struct Filing<'a> {
    pub company: &'static Company,
    pub name: &'a str,
    pub place: Place,
    pub promise: (u32, u32),
    /// A personalised service that it asks for.
    pub service: Option<&'a str>,
}

impl<'a> Filing<'a> {
    const fn new(company: &'static Company, name: &'a str, place: Place, promise: (u32, u32)) -> Self {
        Self { company, name, place, promise, service: None }
    }
}

/// Everything that goes the whole way or stays on it, with the day on which it is filed, counted from the first of the weeks of
/// business. The first one promises more than it will keep (CH-23.2).
pub fn entries() -> Vec<(i32, Entry)> {
    const KEPT: (u32, u32) = (20_000, 2_000);
    let live = |company, name, place, pace| Entry::new(Filing::new(company, name, place, KEPT), pace, "live");
    let stays =
        |name, pace, until| Entry::new(Filing::new(GREEN, name, HANGZHOU, (600_000, 150_000)), pace, until);
    vec![
        (-360, Entry::new(Filing::new(GREEN, "青禾出行", HANGZHOU, (90_000, 12_000)), 40, "live")),
        (-330, live(BANK, "越江手机银行", HANGZHOU, 90).returned_by("demo-region")),
        (-296, live(HOSPITAL, "金陵医路通", NANJING, 70)),
        (-262, live(CITY, "金陵一码通", NANJING, 130).returned_by("ministry-one")),
        (-231, live(CLOUD, "云栖乐居", HANGZHOU, 110)),
        (-196, live(CLOUD, "蜀道便民", SICHUAN, 60)),
        (-163, live(BANK, "越江生活圈", HANGZHOU, 160).returned_by("demo-region")),
        (-120, live(HOSPITAL, "金陵药房", NANJING, 80)),
        (-84, live(CLOUD, "云栖文旅", NANJING, 50)),
        (-40, stays("青禾家政", 100, "preparing")),
        (20, stays("青禾体育", 60, "first_review")),
        (58, stays("青禾阅读", 60, "allocation")),
        (66, stays("青禾生活", 0, "testing")),
        (66, stays("青禾到家", 0, "final_review")),
    ]
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

/// Files on a day what waits at its beginning.
///
/// # Errors
/// The first step that the platform refuses.
pub fn file(cast: &Cast, today: BusinessDate) -> Result<(), Failure> {
    let (owner, city) = (cast.desk(GREEN.login), cast.desk(HANGZHOU.prefecture));
    let filing = |name| Filing::new(GREEN, name, HANGZHOU, (600_000, 150_000));
    open(owner, &Filing { service: Some(TALENT), ..filing("青禾健康") }, today)?;
    filed(owner, &Filing { service: Some(SCAN), ..filing("青禾校园") }, today)?;

    let returned = filed(owner, &filing("青禾公交"), today)?;
    let comments =
        json!([{"pointer": "/forms/channel/business", "words": "请说明与社会保障卡业务的契合之处"}]);
    city.act(&returned, "return", &json!({"words": "业务说明过于简略", "comments": comments}))?;
    let taken_back = filed(owner, &filing("青禾票务"), today)?;
    owner.say(&taken_back, "withdraw", "业务调整，暂不申请")?;

    let nationwide = filed(owner, &Filing { place: NATION, ..filing("青禾通") }, today)?;
    for (login, verdict, words) in
        [("zhejiang", "agreed", "同意"), ("guangdong", "refused", "本省同类渠道已饱和")]
    {
        let reply =
            json!({"verdict": verdict, "words": words, "contact": "信息中心", "phone": "010-00000000"});
        cast.desk(login).act(&nationwide, "reply", &reply)?;
    }
    Ok(())
}

/// Whom the platform reaches at the company.
pub fn contact() -> Value {
    json!({"name": "陈演示", "phone": "13800000000", "email": "channel@example.cn"})
}

/// An application that was filed on a day, with its papers: its id.
///
/// # Errors
/// The first step that the platform refuses.
pub fn filed(owner: &Desk, filing: &Filing<'_>, today: BusinessDate) -> Result<String, Failure> {
    let matter = open(owner, filing, today)?;
    let papers = ["form_one_sealed", "test_collection", "licence", "entry_sketch"];
    let count = if filing.company.unit == "company" { 4 } else { 2 };
    for purpose in &papers[..count] {
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

/// 附表1, and of a social channel 附表2.
fn forms(filing: &Filing<'_>, today: BusinessDate) -> Result<Value, Failure> {
    let company = filing.company;
    let key = HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
    let mut forms = json!({
        "one": {
            "filled_on": today.to_string(), "unit": company.unit, "innovation": "unsigned",
            "owner_name": company.name, "uscc": uscc(company.prefix, company.number)?,
            "contact": contact(),
        },
        "channel": {
            "name": filing.name, "form": "app", "access_mode": "sdk", "breadth": "general",
            "business": "面向城市居民提供社保查询、就医缴费、就业招聘等民生服务",
            "regions": [{"division": filing.place.region, "running_since": "2019-05-01", "users": "3200000"}],
            "services": filing.service.as_slice(), "users": "3200000",
            "test_keys": [{"usage": "caller", "public_key": key}],
        },
    });
    if company.unit == "company" {
        forms["two"] = json!({
            "registered_address": "杭州市", "registered_on": "2014-03-01", "standing": "高新技术企业",
            "introduction": "城市生活服务平台", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "3200000", "monthly_active": "900000", "coverage": "全省", "fit": "以民生服务为主",
            "expansion": "图书馆借阅、公共交通", "committed_issuance": filing.promise.0.to_string(),
            "committed_monthly_active": filing.promise.1.to_string(),
        });
    }
    if filing.place.region == NATION.region {
        forms["channel"]["nationwide"] = json!("统一账户、统一客服，各省服务一致");
    }
    Ok(forms)
}
