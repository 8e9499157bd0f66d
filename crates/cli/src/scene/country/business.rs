//! Ten weeks of business, day by day: whoever looks at the end finds work that waits, work that is late and work that
//! is done, for every party.

use super::desk::Desk;
use super::story::Spot;
use super::years::{MORNING, Years};
use super::{agreements, applications, certificates, channels};
use crate::failure::Failure;
use domain::time::BusinessDate;
use serde_json::{Value, json};

/// Everybody, and the day on which it began.
struct Weeks<'a> {
    years: Years<'a>,
    first: BusinessDate,
}

/// What goes on over several weeks.
struct Pending {
    exit: String,
    /// An upgrade that is done, and one that is not.
    done: String,
    upgrade: String,
    complaint: String,
    campaign: String,
    leak: String,
    /// An agreement that is changed late.
    signed: String,
    /// An agreement whose change nobody signs.
    unsigned: String,
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
    let forced = weeks.first_month(&pending)?;
    weeks.second_month(&pending)?;
    weeks.certify(&forced)?;
    weeks.last_week(&pending)?;
    weeks.years.finish()
}

impl<'a> Weeks<'a> {
    fn by(&self, login: &str) -> &'a Desk {
        self.years.cast.desk(login)
    }

    fn open_about(&self, login: &str, kind: &str, channel: &str, opening: &Value) -> Result<String, Failure> {
        self.by(login).open(kind, &self.years.channels[channel].channel_id, opening)
    }

    /// A notice to several channels, as one sending; the matter of each, in their order.
    fn notify(&self, login: &str, channels: &[&str], opening: Value) -> Result<Vec<String>, Failure> {
        let channel_ids = channels.iter().map(|name| self.years.channels[*name].channel_id.clone());
        self.by(login).notify(&channel_ids.collect::<Vec<_>>(), opening)
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
        let (signed, unsigned) = self.agreements()?;
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
        let (done, upgrade) = self.upgrades()?;
        let leak = self.incidents()?;
        Ok(Pending { exit, done, upgrade, complaint, campaign, leak, signed, unsigned })
    }

    /// One agreement that was signed, one that waits for the signature, and one whose change somebody forgets to sign: its
    /// id comes last, after the first's (CH-25, CH-35.2).
    fn agreements(&self) -> Result<(String, String), Failure> {
        let (one, two) = (self.by("clerk-one"), self.by("clerk-two"));
        let term = (self.first.plus_days(1), self.first.plus_months(12));
        let offer = |channel: &str| {
            agreements::offer(one, &self.years.channels[channel].channel_id, agreements::FIRST, term)
        };
        let signed = offer("lake")?;
        let sign = |owner: &Desk, agreement: &str| {
            agreements::sign(owner, agreement, &self.years.cast.signing_key(owner)?)
        };
        sign(self.by("owner-bank"), &signed)?;
        offer("travel")?;
        let forgotten = offer("south")?;
        sign(self.by("owner-south"), &forgotten)?;
        agreements::amend(two, &forgotten, self.first.plus_days(64))?;
        Ok((signed, forgotten))
    }

    /// An upgrade that the one owner does and the other does not.
    fn upgrades(&self) -> Result<(String, String), Failure> {
        let upgrade = json!({
            "topic": "upgrade", "nature": "functional", "subject": "升级SDK至3.2版",
            "words": "3.2版调整亮码页面，请在期限内完成升级并报告",
            "acknowledge_by": self.day(14), "upgrade_by": self.day(60),
        });
        let notices = self.notify("clerk-two", &["jiangsu", "lake"], upgrade)?;
        let sent = <[String; 2]>::try_from(notices).map_err(|_| Failure::failed("no notice was sent"))?;
        Ok(sent.into())
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
    fn first_month(&mut self, pending: &Pending) -> Result<String, Failure> {
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
        self.by("owner-bank").say(&pending.complaint, "follow_up", "持卡人重试后仍提示挂失")?;
        self.endings()
    }

    /// One channel that kept what it should not have and is ended at once, and one that has to leave, whose exit is told
    /// (CH-31.3.4, CH-35.5).
    fn endings(&mut self) -> Result<String, Failure> {
        let kept = json!({
            "incident": "misuse", "discovered_at": self.moment(17, 8), "words": "核查发现留存持卡人照片和身份信息",
        });
        let kept = self.open_about("clerk-one", "risk_event", "home", &kept)?;
        let propose = json!({"cause": "data_retained", "words": "服务器留存原始信息四千余条，超出约定用途"});
        self.by("clerk-one").act(&kept, "propose", &propose)?;
        self.by("clerk-two").say(&kept, "confirm", "属实，按三级处置")?;
        let harm = json!({"forced": {
            "ground": "reputation", "words": "以社会保障卡名义收取会员费，经约谈仍未停止",
            "transition_until": self.day(50),
        }});
        let exit = self.open_about("clerk-one", "exit", "shop", &harm)?;
        self.by("ministry-two").say(&exit, "confirm", "同意强制退出")?;
        Ok(exit)
    }

    /// Day 47 to day 61: a report on the campaign, an upgrade that was missed.
    fn second_month(&mut self, pending: &Pending) -> Result<(), Failure> {
        self.go_to(44)?;
        self.by("owner-travel").say(&pending.campaign, "report", "活动期间新增持卡人三千余人")?;
        let owner = self.by("owner-hrss");
        owner.act(&pending.done, "acknowledge", &Value::Null)?;
        owner.say(&pending.done, "report", "已于昨日全量上线3.2版")?;
        self.go_to(61)?;
        agreements::amend(self.by("clerk-two"), &pending.signed, self.first.plus_days(130))?;
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

    /// Day 64: the owner of the channel that had to leave says that it has deleted everything (CH-36.1).
    fn certify(&mut self, exit: &str) -> Result<(), Failure> {
        self.go_to(64)?;
        let (cast, channels) = (self.years.cast, &self.years.channels);
        let (desk, channel_id) = (self.by("owner-shop"), channels["shop"].channel_id.as_str());
        certificates::certify(&Spot {
            cast,
            desk,
            channels,
            channel_id,
            matter: exit,
            today: self.first.plus_days(64),
        })
    }

    /// Day 66 to day 72: what is new on everybody's desk.
    fn last_week(&mut self, pending: &Pending) -> Result<(), Failure> {
        self.go_to(66)?;
        let leave = json!({"voluntary": {"planned_on": self.day(140), "reason": "公司战略调整"}});
        let exit = self.open_about("owner-travel", "exit", "travel", &leave)?;
        self.by("ministry-two").act(&exit, "consult", &json!({"due_on": self.day(80)}))?;
        let spot = json!({"occasion": "spot", "due_on": self.day(86), "words": "整改后抽测"});
        self.open_about("clerk-two", "security_report", "lake", &spot)?;
        applications::publish_forms(self.years.admin)?;
        applications::file(self.years.cast, self.first.plus_days(66))?;
        let unsigned = json!({"forced": {
            "ground": "agreement", "words": "协议调整生效，至今未签署", "evidence": pending.unsigned,
        }});
        self.open_about("clerk-one", "exit", "south", &unsigned)?;
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
        self.notify("clerk-one", &["jiangsu", "guangdong", "nation", "lake", "hospital", "travel"], pause)?;
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
