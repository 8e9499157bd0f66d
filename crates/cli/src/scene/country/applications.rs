//! What a company without a channel applies for: a draft, one that the prefecture has to review, one that was sent
//! back, one in its test, and one for the whole country that thirty provinces have not answered yet.

use super::cast::Cast;
use super::channels::uscc;
use super::desk::Desk;
use crate::failure::Failure;
use data_encoding::HEXLOWER;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use serde_json::{Value, json};

/// What stands for a stamped paper.
const PAPER: &[u8] = b"%PDF-1.7 made up for the demonstration";
const CITY: &str = "330100";
const NATION: &str = "000000";

/// Files all of them on a day.
///
/// # Errors
/// The first step that the platform refuses.
pub fn file(cast: &Cast, today: BusinessDate) -> Result<(), Failure> {
    let (owner, city) = (cast.desk("owner-new"), cast.desk("demo-region"));
    open(owner, "青禾健康", CITY, today)?;
    filed(owner, "青禾校园", CITY, today)?;

    let returned = filed(owner, "青禾公交", CITY, today)?;
    let comments =
        json!([{"pointer": "/forms/channel/business", "words": "请说明与社会保障卡业务的契合之处"}]);
    city.act(&returned, "return", &json!({"words": "业务说明过于简略", "comments": comments}))?;

    let testing = filed(owner, "青禾生活", CITY, today)?;
    city.act(&testing, "approve", &opinion(CITY, "0571-00000001"))?;
    cast.desk("zhejiang").act(&testing, "approve", &opinion(CITY, "0571-00000002"))?;
    let decision = json!({"regions": [CITY], "words": "同意在杭州市接入"});
    cast.desk("ministry-one").act(&testing, "decide", &decision)?;
    cast.desk("clerk-one").say(&testing, "allocate", "已分配渠道编号，请按规范开展测试")?;

    let nationwide = filed(owner, "青禾通", NATION, today)?;
    for (login, verdict, words) in
        [("zhejiang", "agreed", "同意"), ("guangdong", "refused", "本省同类渠道已饱和")]
    {
        let reply =
            json!({"verdict": verdict, "words": words, "contact": "信息中心", "phone": "010-00000000"});
        cast.desk(login).act(&nationwide, "reply", &reply)?;
    }
    Ok(())
}

fn opinion(region: &str, phone: &str) -> Value {
    json!({"region": region, "words": "材料齐全，同意", "contact": "信息科", "phone": phone})
}

fn filed(owner: &Desk, name: &str, region: &str, today: BusinessDate) -> Result<String, Failure> {
    let matter = open(owner, name, region, today)?;
    for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
        owner.upload(&matter, purpose, PAPER)?;
    }
    owner.act(&matter, "file", &Value::Null)?;
    Ok(matter)
}

fn open(owner: &Desk, name: &str, region: &str, today: BusinessDate) -> Result<String, Failure> {
    let forms = forms(name, region, today)?;
    owner.open_about("application", None, &json!({"purpose": "access", "forms": forms}))
}

/// 附表1 and 附表2 of a social channel.
fn forms(name: &str, region: &str, today: BusinessDate) -> Result<Value, Failure> {
    let key = HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
    let mut forms = json!({
        "one": {
            "filled_on": today.to_string(), "unit": "company", "innovation": "unsigned",
            "owner_name": "青禾演示科技有限公司", "uscc": uscc("91330100", 900)?,
            "contact": {"name": "陈演示", "phone": "13800000000", "email": "channel@example.cn"},
        },
        "channel": {
            "name": name, "form": "app", "access_mode": "sdk", "breadth": "general",
            "business": "面向城市居民提供社保查询、就医缴费、就业招聘等民生服务",
            "regions": [{"division": region, "running_since": "2019-05-01", "users": "3200000"}],
            "services": [], "users": "3200000",
            "test_keys": [{"usage": "caller", "public_key": key}],
        },
        "two": {
            "registered_address": "杭州市", "registered_on": "2014-03-01", "standing": "高新技术企业",
            "introduction": "城市生活服务平台", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "3200000", "monthly_active": "900000", "coverage": "全省", "fit": "以民生服务为主",
            "expansion": "图书馆借阅、公共交通", "committed_issuance": "600000", "committed_monthly_active": "150000",
        },
    });
    if region == NATION {
        forms["channel"]["nationwide"] = json!("统一账户、统一客服，各省服务一致");
    }
    Ok(forms)
}
