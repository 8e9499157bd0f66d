//! Ten weeks of business, day by day: whoever looks at the end finds work that waits, work that is late and work that
//! is done, for every party.

use super::desk::Desk;
use super::years::{MORNING, Years};
use super::{applications, channels};
use crate::failure::Failure;
use data_encoding::HEXLOWER;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use serde_json::{Value, json};

/// Everybody, and the day on which it began.
struct Weeks<'a> {
    years: Years<'a>,
    first: BusinessDate,
}

/// What goes on over several weeks.
struct Pending {
    exit: String,
    upgrade: String,
    complaint: String,
    campaign: String,
    leak: String,
}

/// How many days it takes.
pub const DAYS: i32 = 72;

/// Plays all of it from the day `first` on, and lets the time that is left pass.
///
/// # Errors
/// The first step that the platform refuses.
pub fn conduct(years: Years<'_>, first: BusinessDate) -> Result<(), Failure> {
    let mut weeks = Weeks { years, first };
    let pending = weeks.open()?;
    weeks.first_month(&pending)?;
    weeks.second_month(&pending)?;
    weeks.last_week()?;
    weeks.years.finish()
}

impl<'a> Weeks<'a> {
    fn by(&self, login: &str) -> &'a Desk {
        self.years.cast.desk(login)
    }

    fn open_about(&self, login: &str, kind: &str, channel: &str, opening: &Value) -> Result<String, Failure> {
        self.by(login).open(kind, &self.years.channels[channel].channel_id, opening)
    }

    fn day(&self, number: i32) -> String {
        self.first.plus_days(number).to_string()
    }

    fn moment(&self, number: i32, hour: i64) -> String {
        self.first.plus_days(number).start().plus_seconds(hour * 3600).to_string()
    }

    /// Moves the sandbox's clock to the morning of a day; what was due before has its consequences then.
    fn go_to(&mut self, number: i32) -> Result<(), Failure> {
        self.years.go(self.first.plus_days(number).start().plus_seconds(MORNING))
    }

    /// Day 1 to day 9: agreements, a spot test, an exit, first questions.
    fn open(&mut self) -> Result<Pending, Failure> {
        self.go_to(1)?;
        channels::suspend(self.years.admin, &self.years.channels)?;
        self.agreements()?;
        let spot = json!({"occasion": "spot", "due_on": self.day(40), "words": "年度抽测，请提交检测报告"});
        self.open_about("clerk-one", "security_report", "jiangsu", &spot)?;
        let leave =
            json!({"voluntary": {"planned_on": self.day(65), "reason": "业务并入上级渠道，不再单独运营"}});
        let exit = self.open_about("owner-government", "exit", "shenzhen", &leave)?;
        self.by("ministry-one").act(&exit, "consult", &json!({"due_on": self.day(12)}))?;
        let wish = suggestion("product", "首页增加长辈版入口", "老年持卡人反映入口难找，建议提供大字号版式");
        let wish = self.open_about("owner-bank", "suggestion", "lake", &wish)?;
        self.open_about(
            "owner-government",
            "suggestion",
            "guangdong",
            &suggestion("technical", "夜间批量查询偶发超时", "每日零时至一时查询接口偶发超时，请协助排查"),
        )?;
        self.go_to(5)?;
        let agree = json!({"stance": "agree", "words": "无意见，请妥善引导持卡人"});
        self.by("guangdong").act(&exit, "reply", &agree)?;
        self.by("clerk-one").say(&wish, "answer", "已列入下一版本计划")?;
        self.go_to(9)?;
        self.by("ministry-one").say(&exit, "approve", "同意退出")?;
        self.by("clerk-one").act(&exit, "notify", &Value::Null)?;
        let complaint = self.open_about(
            "owner-bank",
            "ticket",
            "lake",
            &json!({
                "category": "user", "subject": "持卡人反映无法领取电子社保卡",
                "words": "持卡人已补换卡，领取时仍提示卡片挂失，请核查",
                "holder": {"name": "张*", "document": "33**************12"},
            }),
        )?;
        let campaign = self.open_about(
            "owner-travel",
            "campaign",
            "travel",
            &json!({
                "subject": "社保卡乘车优惠月", "words": "持电子社保卡乘车享八折",
                "wording": "电子社保卡可用于本市公共交通", "starts_on": self.day(25), "ends_on": self.day(45),
            }),
        )?;
        let upgrade = self.upgrades()?;
        let leak = self.incidents()?;
        Ok(Pending { exit, upgrade, complaint, campaign, leak })
    }

    /// One agreement that was signed, one that waits for the signature.
    fn agreements(&self) -> Result<(), Failure> {
        let until = self.first.plus_months(12).to_string();
        let offer = json!({
            "version": "演示-01", "text": "第一条 渠道按照安全规范提供电子社保卡服务。第二条 协议期一年。",
            "from": self.day(1), "until": until,
        });
        let signed = self.open_about("clerk-one", "agreement", "lake", &offer)?;
        let owner = self.by("owner-bank");
        let body = owner.see(&signed)?.body.unwrap_or_default();
        let statement =
            body["statement"].as_str().ok_or_else(|| Failure::failed("an agreement without text"))?;
        let key = SigningKey::generate();
        let signature = json!({
            "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
            "signature": HEXLOWER.encode(key.sign(statement.as_bytes()).as_bytes()),
        });
        owner.act(&signed, "sign", &signature)?;
        self.open_about("clerk-one", "agreement", "travel", &offer).map(drop)
    }

    /// An upgrade that the one owner does and the other does not.
    fn upgrades(&self) -> Result<String, Failure> {
        let upgrade = json!({
            "topic": "upgrade", "nature": "functional", "subject": "升级SDK至3.2版",
            "words": "3.2版调整亮码页面，请在期限内完成升级并报告",
            "acknowledge_by": self.day(14), "upgrade_by": self.day(60),
        });
        self.open_about("clerk-two", "notice", "jiangsu", &upgrade)?;
        self.open_about("clerk-two", "notice", "lake", &upgrade)
    }

    /// A tampered page that nobody puts right, and a leak that the owner reports itself.
    fn incidents(&self) -> Result<String, Failure> {
        let tampered = self.open_about("clerk-one", "risk_event", "life", &json!({
            "incident": "tampering", "discovered_at": self.moment(9, 8),
            "words": "巡检发现亮码页面被替换为广告", "suspected": "page_tampering", "containment": "new_holders",
        }))?;
        let propose = json!({"cause": "page_tampering", "words": "页面被第三方脚本篡改，未涉及数据"});
        self.by("clerk-one").act(&tampered, "propose", &propose)?;
        self.by("clerk-two").say(&tampered, "confirm", "情况属实")?;
        let leak = json!({
            "incident": "data_leak", "discovered_at": self.moment(9, 7), "words": "调试日志误含脱敏前姓名",
            "involves": ["personal_data"],
        });
        let leak = self.open_about("owner-bank", "risk_event", "lake_mini", &leak)?;
        let propose = json!({"cause": "ordinary_leak", "words": "影响范围有限，未外传"});
        self.by("clerk-one").act(&leak, "propose", &propose)?;
        self.by("clerk-two").say(&leak, "confirm", "属实，按二级处置")?;
        Ok(leak)
    }

    /// Day 14 to day 30.
    fn first_month(&mut self, pending: &Pending) -> Result<(), Failure> {
        self.go_to(14)?;
        self.by("owner-bank").act(&pending.upgrade, "acknowledge", &Value::Null)?;
        self.by("owner-bank").say(&pending.leak, "rectify", "已清除日志并上线脱敏组件")?;
        self.by("zhejiang").say(&pending.campaign, "confirm", "口径无误")?;
        self.by("clerk-two").say(&pending.complaint, "answer", "卡库状态已更新，请持卡人重试")?;
        let announcement = json!({"announcement": {
            "url": "https://example.cn/exit", "from_on": self.day(14), "until_on": self.day(70),
        }});
        self.by("owner-government").act(&pending.exit, "announce", &announcement)?;
        self.go_to(17)?;
        self.by("clerk-two").say(&pending.leak, "pass", "复测达标，恢复服务")?;
        self.by("owner-bank").say(&pending.complaint, "follow_up", "持卡人重试后仍提示挂失")
    }

    /// Day 47 to day 61: a report on the campaign, an upgrade that was missed.
    fn second_month(&mut self, pending: &Pending) -> Result<(), Failure> {
        self.go_to(44)?;
        self.by("owner-travel").say(&pending.campaign, "report", "活动期间新增持卡人三千余人")?;
        let jiangsu = &self.years.channels["jiangsu"].channel_id;
        let owner = self.by("owner-hrss");
        for notice in owner.staff.matters_of_channel("notice", jiangsu) {
            let notice = notice?.matter_id;
            owner.act(&notice, "acknowledge", &Value::Null)?;
            owner.say(&notice, "report", "已于昨日全量上线3.2版")?;
        }
        self.go_to(61)?;
        self.open_about(
            "owner-government",
            "ticket",
            "guangdong",
            &json!({
                "category": "public_opinion", "subject": "网传电子社保卡需付费激活",
                "words": "本地论坛出现不实信息，请协助统一口径",
            }),
        )?;
        let outage = json!({
            "incident": "other", "discovered_at": self.moment(61, 8), "words": "接口调用量异常，疑似超出约定用途",
            "suspected": "interface_overstepped",
        });
        let outage = self.open_about("clerk-one", "risk_event", "pharmacy", &outage)?;
        let propose = json!({"cause": "interface_overstepped", "words": "调用日志显示用于非约定场景"});
        self.by("clerk-one").act(&outage, "propose", &propose)
    }

    /// Day 66 to day 72: what is new on everybody's desk.
    fn last_week(&mut self) -> Result<(), Failure> {
        self.go_to(66)?;
        let leave = json!({"voluntary": {"planned_on": self.day(140), "reason": "公司战略调整"}});
        let exit = self.open_about("owner-travel", "exit", "travel", &leave)?;
        self.by("ministry-two").act(&exit, "consult", &json!({"due_on": self.day(80)}))?;
        let spot = json!({"occasion": "spot", "due_on": self.day(86), "words": "整改后抽测"});
        self.open_about("clerk-two", "security_report", "lake", &spot)?;
        applications::file(self.years.cast, self.first.plus_days(66))?;
        self.go_to(71)?;
        for (login, channel, subject) in [
            ("owner-bank", "lake", "开户送社保卡金融功能体验"),
            ("owner-bank", "lake_mini", "杭州网点领卡周"),
            ("owner-hrss", "nanjing", "南京就业服务月"),
            ("owner-government", "guangdong", "粤惠民社保卡服务周"),
        ] {
            self.open_about(
                login,
                "campaign",
                channel,
                &json!({
                    "subject": subject, "words": "线上线下同步宣传电子社保卡服务",
                    "wording": "电子社保卡由人社部门统一签发，免费领取",
                    "starts_on": self.day(76), "ends_on": self.day(90),
                }),
            )?;
        }
        let pause = json!({
            "topic": "maintenance", "subject": "平台例行维护", "words": "周末零时至四时维护，期间暂停签发",
            "from": self.moment(75, 0), "until": self.moment(75, 4), "acknowledge_by": self.day(74),
        });
        for channel in ["jiangsu", "guangdong", "nation", "lake", "hospital", "travel"] {
            self.open_about("clerk-one", "notice", channel, &pause)?;
        }
        self.open_about("owner-government", "maintenance", "guangdong", &json!({
            "topic": "maintenance", "subject": "数据库扩容", "words": "夜间扩容，预计两小时",
            "prompt": "今晚电子社保卡服务暂停两小时", "starts_at": self.moment(73, 1), "ends_at": self.moment(73, 3),
        }))?;
        self.go_to(72)?;
        self.open_about("owner-travel", "ticket", "travel", &json!({
            "category": "common", "subject": "部分机型亮码页面白屏", "words": "升级后个别机型无法显示二维码",
        }))?;
        let wish = suggestion("running", "增加月度运营简报", "希望按月推送本渠道的签发和活跃情况");
        self.open_about("owner-travel", "suggestion", "travel", &wish).map(drop)
    }
}

fn suggestion(topic: &str, subject: &str, words: &str) -> Value {
    json!({"topic": topic, "subject": subject, "words": words})
}
