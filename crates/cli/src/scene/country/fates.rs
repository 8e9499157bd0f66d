//! What became of single channels: their agreements, exits, monitorings, security reports and the events that still go on.
//! Each leaves something in a state that a newcomer should meet, and that no chance would bring for certain.

use super::story::{OWNER, Spot, Story};
use super::{admission, agreements, certificates};
use crate::failure::Failure;
use sdk::types::key_rotation::SendKeyRotation;
use sdk::types::sending::Audience;
use serde_json::{Value, json};

/// A day, counted from the first of the weeks of business, and what begins on it.
pub type Begun = (i32, Story);

/// All of them.
pub fn all() -> Vec<Begun> {
    [agreements_of(), exits(), monitorings(), reports(), events(), operation()]
        .into_iter()
        .flatten()
        .collect()
}

fn sign(spot: &Spot<'_>) -> Result<(), Failure> {
    agreements::sign(spot.desk, spot.matter, &spot.cast.signing_key(spot.desk)?)
}

/// An agreement that was signed two days after it was offered.
fn agreed(channel: &'static str, days: &str) -> Story {
    let (version, text) = agreements::FIRST;
    let offered = json!({"version": version, "text": text, "from": "@0", "until": days});
    Story::about(channel).opens("clerk-two", "agreement", offered).with(2, OWNER, sign)
}

/// Extended by itself twice, under observation, renewed and unsigned, to be improved, taken back (CH-24).
fn agreements_of() -> Vec<Begun> {
    let (version, text) = agreements::FIRST;
    let offered = json!({"version": version, "text": text, "from": "@0", "until": "@365"});
    let withdrawn = Story::about("life").opens("clerk-one", "agreement", offered);
    vec![
        (-690, agreed("nation", "@365")),
        (-655, agreed("union", "@365")),
        (-610, agreed("move", "@365")),
        (-600, agreed("care", "@365")),
        (-420, agreed("health", "@365")),
        (-305, agreed("coast", "@345")),
        (
            -330,
            agreed("hospital", "@300").says(320, "ministry-one", "renew", "考察期内整改到位，同意提前续签"),
        ),
        (-298, agreed("pharmacy", "@350")),
        (-260, withdrawn.says(9, "clerk-one", "withdraw", "单位名称有误，重新拟定后发送")),
    ]
}

/// An exit that its owner wants, asked of the provinces and answered.
fn leaving(channel: &'static str, planned: &str, reason: &str, province: &'static str) -> Story {
    let leave =
        json!({"voluntary": {"planned_on": planned, "reason": reason, "special_reason": "单位业务调整"}});
    Story::about(channel)
        .opens(OWNER, "exit", leave)
        .then(3, "ministry-one", "consult", json!({"due_on": "@10"}))
        .then(4, province, "reply", json!({"stance": "agree", "words": "无意见，请妥善引导持卡人"}))
}

fn prompted(story: Story, after: i32) -> Story {
    let prompt = json!({"prompt": {
        "prompted_on": "@0", "reached": 18_600, "words": "本渠道即将停止服务，请到国民通继续使用电子社保卡",
        "successors": ["@number:nation"], "files": ["@file:prompt"],
    }});
    story.then(after, OWNER, "prompt", prompt)
}

/// An announcement from today on.
fn announced(until: &str) -> Value {
    json!({"announcement": {"url": "https://example.cn/exit", "from_on": "@0", "until_on": until}})
}

/// An exit that went all its way.
fn gone() -> Story {
    let told = leaving("care", "@80", "并入省级渠道", "registry-610000")
        .says(6, "ministry-one", "approve", "同意退出")
        .then(1, "clerk-one", "notify", Value::Null);
    prompted(told, 4)
        .then(3, OWNER, "announce", announced("@40"))
        .with(62, OWNER, certificates::certify)
        .says(3, "clerk-one", "accept", "删除证明签名有效，类别齐全，办结")
}

/// Closed and certified long ago, refused, taken back, forced and rejected; and one in each stage now (CH-32 to CH-36).
fn exits() -> Vec<Begun> {
    let forced = json!({"forced": {"ground": "reputation", "words": "有持卡人反映诱导付费，拟强制退出"}});
    let asked = json!({"voluntary": {"planned_on": "@90", "reason": "小程序业务并入万家通", "special_reason": "产品合并"}});
    let moving = leaving("move", "@82", "经营范围调整", "registry-500000")
        .says(5, "ministry-two", "approve", "同意退出")
        .then(1, "clerk-two", "notify", Value::Null);
    vec![
        (-390, gone()),
        (
            -205,
            leaving("south", "@70", "系统改造", "guangdong").says(
                3,
                "ministry-two",
                "refuse",
                "用户引导方案不完整，不同意退出",
            ),
        ),
        (
            -170,
            leaving("river", "@80", "网点调整", "registry-420000").then(4, OWNER, "withdraw", Value::Null),
        ),
        (
            -120,
            Story::about("life").opens("clerk-one", "exit", forced).says(
                4,
                "ministry-one",
                "reject",
                "已限期改正，暂不强制退出",
            ),
        ),
        (3, prompted(moving, 6).then(12, OWNER, "announce", announced("@60"))),
        (
            6,
            leaving("health", "@64", "平台停止运营", "guangdong")
                .says(5, "ministry-one", "approve", "同意退出")
                .then(1, "clerk-one", "notify", Value::Null),
        ),
        (
            45,
            leaving("clinic", "@75", "服务迁至集团平台", "registry-310000").says(
                6,
                "ministry-one",
                "approve",
                "同意退出",
            ),
        ),
        (
            46,
            Story::about("union_mini")
                .opens(OWNER, "exit", asked)
                .then(4, "ministry-two", "consult", json!({"due_on": "@14"}))
                .with(5, "ministry-two", answered),
        ),
        (
            69,
            Story::about("work").opens(
                OWNER,
                "exit",
                json!({"voluntary": {
                    "planned_on": "@80", "reason": "招聘业务调整", "special_reason": "单位业务调整",
                }}),
            ),
        ),
    ]
}

/// Every province answers, but for two whose day passes.
fn answered(spot: &Spot<'_>) -> Result<(), Failure> {
    let agree = json!({"stance": "agree", "words": "无意见"});
    let is_silent = |login: &str| login.ends_with("-330000") || login.ends_with("-440000");
    spot.cast
        .registrars()
        .filter(|desk| !is_silent(&desk.login))
        .try_for_each(|desk| desk.act(spot.matter, "reply", &agree))
}

/// The monitoring of the channel that has not ended.
fn monitored(spot: &Spot<'_>, action: &str, words: &str) -> Result<(), Failure> {
    let mut found = spot.desk.staff.matters_of_channel("monitoring", spot.channel_id);
    let open =
        found.find(|one| one.as_ref().is_ok_and(|one| !matches!(one.state.as_str(), "lifted" | "closed")));
    let open = open.ok_or_else(|| Failure::failed("the country has no such monitoring"))??;
    spot.desk.say(&open.matter_id, action, words)
}

/// A plan that is carried out, one that waits to be read, and a channel that may be forced out (CH-24.2, CH-35.4).
fn monitorings() -> Vec<Begun> {
    let plan =
        |spot: &Spot<'_>| monitored(spot, "file_plan", "三个月内优化首页入口，并面向已领卡用户开展唤醒活动");
    let accept = |spot: &Spot<'_>| monitored(spot, "accept_plan", "措施具体，同意按方案改进");
    let nominate = |spot: &Spot<'_>| monitored(spot, "nominate", "告警后两个月未提交改进方案，指标继续下降");
    vec![
        (5, Story::about("guizhou").with(0, OWNER, plan).with(7, "clerk-two", accept)),
        (36, Story::about("pharmacy").with(0, OWNER, plan)),
        (40, Story::about("plain").with(0, "clerk-one", nominate)),
    ]
}

/// A report of a laboratory, whatever it found.
fn submit(spot: &Spot<'_>) -> Result<(), Failure> {
    admission::submit(spot.desk, spot.matter, spot.today)
}

/// A report every year, in time.
fn tested(channel: &'static str) -> Story {
    let annual = || json!({"occasion": "annual"});
    Story::about(channel)
        .opens(OWNER, "security_report", annual())
        .with(0, OWNER, submit)
        .says(5, "clerk-one", "accept", "四项资质在检测日有效，报告符合要求")
        .later_opens(341, OWNER, "security_report", annual())
        .with(0, OWNER, submit)
}

/// In time, late, to be completed, to be rectified, and dangerous at its second test (CH-28).
fn reports() -> Vec<Begun> {
    let accept = |story: Story, after| {
        story.says(after, "clerk-two", "accept", "与上年度相比隐患已清零，报告符合要求")
    };
    let annual = || json!({"occasion": "annual"});
    let once = |channel| {
        Story::about(channel).opens(OWNER, "security_report", annual()).with(2, OWNER, submit).says(
            5,
            "clerk-one",
            "accept",
            "四项资质在检测日有效，报告符合要求",
        )
    };
    let danger = Story::about("hospital")
        .opens(OWNER, "security_report", annual())
        .with(1, OWNER, submit)
        .says(4, "clerk-one", "fail", "存在越权访问隐患，请整改后复测")
        .with(18, OWNER, submit)
        .says(3, "clerk-two", "fail", "复测仍可越权读取他人信息，暂停服务直至达标");
    let spot = json!({"occasion": "spot", "due_on": "@20", "words": "年度抽测，请提交检测报告"});
    vec![
        (-470, accept(tested("nation"), 4)),
        (-440, accept(tested("union"), 6)),
        (-415, accept(tested("zhejiang"), 3)),
        (-409, accept(tested("shanghai"), 9)),
        (-292, tested("move")),
        (-300, tested("sichuan").says(6, "clerk-two", "return", "检测范围未覆盖小程序端，请补充")),
        (-330, once("guangdong")),
        (-281, once("lake")),
        (35, danger),
        (
            38,
            Story::about("zhejiang")
                .opens("clerk-one", "security_report", spot)
                .with(12, OWNER, submit)
                .says(3, "clerk-one", "fail", "日志留存不足六个月，请整改后复测"),
        ),
        (62, Story::about("union").opens(OWNER, "security_report", json!({"occasion": "annual"}))),
    ]
}

/// What is found at eight in the morning.
fn found(words: &str) -> Value {
    json!({"incident": "other", "discovered_at": "@0T08", "words": words})
}

/// A grade, proposed a day later and confirmed by somebody else.
fn graded(story: Story, cause: &str, words: &str) -> Story {
    story.then(1, "clerk-one", "propose", json!({"cause": cause, "words": words})).says(
        0,
        "clerk-two",
        "confirm",
        "情况属实，同意定级",
    )
}

/// One for which a single service is suspended, and which is tested again.
fn partly() -> Story {
    let narrow = json!({
        "incident": "tampering", "discovered_at": "@0T08", "words": "查询页面被插入外部链接",
        "suspected": "page_tampering", "containment": {"services": ["query.card"]},
    });
    let part = json!({"cause": "page_tampering", "words": "第三方脚本所致，仅涉及查询页面", "withheld": {"services": ["query.card"]}});
    Story::about("river")
        .opens("clerk-one", "risk_event", narrow)
        .then(1, "clerk-one", "propose", part)
        .says(1, "clerk-two", "confirm", "情况属实")
        .says(8, OWNER, "rectify", "已移除外部脚本并启用内容完整性校验")
}

/// Events that go on: one to be rectified by a day that is near, one that is tested again, one on which the ministry has to
/// decide, and one that was none (CH-31).
fn events() -> Vec<Begun> {
    vec![
        (
            -62,
            graded(
                Story::about("hospital").opens("clerk-one", "risk_event", found("接口日志出现越权查询")),
                "interface_overstepped",
                "越权查询他人参保信息",
            )
            .says(9, OWNER, "rectify", "已收紧接口权限并补充审计")
            .says(1, OWNER, "record_cause", "网关权限配置错误")
            .says(4, "clerk-two", "pass", "复测达标，恢复服务"),
        ),
        (
            22,
            graded(
                Story::about("coast").opens(OWNER, "risk_event", found("客服外包人员导出脱敏前名单")),
                "ordinary_leak",
                "涉及一百余人，已收回",
            )
            .says(10, OWNER, "rectify", "已终止外包权限，名单全部销毁")
            .says(3, "clerk-one", "pass", "复测达标，恢复服务"),
        ),
        (
            30,
            Story::about("lake")
                .opens("clerk-two", "risk_event", found("巡检发现异常流量"))
                .says(1, "clerk-two", "propose_dismissal", "经核实为压力测试，不构成事件")
                .says(1, "clerk-one", "confirm", "已见测试报备，同意"),
        ),
        (
            2,
            graded(
                Story::about("plain").opens("clerk-two", "risk_event", found("短信验证码接口被滥用")),
                "interface_overstepped",
                "接口被用于约定以外的场景",
            )
            .then(
                38,
                "clerk-one",
                "propose_decision",
                json!({"decision": "renew", "words": "整改已过半，建议延长一次"}),
            ),
        ),
        (
            45,
            graded(
                Story::about("north").opens("clerk-one", "risk_event", found("调试接口暴露于公网")),
                "interface_overstepped",
                "外部地址多次访问未授权接口",
            ),
        ),
        (58, partly()),
    ]
}

/// What is late at every desk, and what was taken back.
fn operation() -> Vec<Begun> {
    let campaign = |subject: &str| {
        json!({
            "subject": subject, "words": "线下网点与线上同步宣传", "wording": "电子社保卡由人社部门统一签发，免费领取",
            "starts_on": "@8", "ends_on": "@26",
        })
    };
    let due =
        |channel, subject: &str| (62, Story::about(channel).opens(OWNER, "campaign", campaign(subject)));
    let upgrade = json!({
        "topic": "upgrade", "nature": "security", "subject": "更换传输证书", "words": "旧证书将停用，请在期限内更换并报告",
        "acknowledge_by": "@4", "upgrade_by": "@25",
    });
    let key = json!({"usage": "caller", "label": "2027年度验签密钥"});
    let contact = |name: &str, phone: &str| {
        let contact = json!({"name": name, "phone": phone, "email": "channel@example.cn"});
        json!({"purpose": "contact", "forms": {"one": {"contact": contact}}})
    };
    let told = |channel, days, name: &str, phone: &str| {
        (days, Story::about(channel).opens(OWNER, "application", contact(name, phone)))
    };
    vec![
        due("lake_mini", "网点领卡有礼"),
        due("nanjing", "金陵惠民周"),
        due("guangdong", "粤惠民新人季"),
        due("zhejiang", "浙里惠民月"),
        due("nation", "全国养老服务宣传月"),
        (55, Story::about("union").opens(OWNER, "campaign", campaign("返乡就业服务季"))
            .says(3, "ministry-one", "return", "“补贴最高”等用语须注明政策依据")),
        (59, Story::about("move").opens("clerk-two", "notice", upgrade.clone()).then(2, OWNER, "acknowledge", Value::Null)),
        (60, Story::about("nation").opens("clerk-two", "notice", upgrade)),
        (61, Story::about("union").opens("clerk-one", "notice", json!({
            "topic": "resumption", "subject": "恢复短信通道", "words": "已恢复", "acknowledge_by": "@3",
        })).says(1, "clerk-one", "withdraw", "通知对象有误，另行发送")),
        (48, Story::about("nation").opens(OWNER, "key_change", key.clone()).with(0, OWNER, certificates::file_key)),
        (64, Story::about("lake").opens(OWNER, "key_change", key)),
        (44, Story::about("nation").with(0, "clerk-two", rotation)),
        (47, Story::about("lake").with(0, "zhejiang", |spot| rectification(spot, "330000").map(drop))),
        (60, Story::about("nation").with(0, "guangdong", |spot| {
            let matter = rectification(spot, "440000")?;
            let owner = spot.cast.owner("nation");
            let file = owner.upload(&matter, "rectification")?;
            owner.act(&matter, "answer", &json!({"words": "已按要求更换页面说明", "files": [file]}))
        })),
        told("lake", -420, "沈演示", "13800000001"),
        told("lake", -35, "陆演示", "13800000002"),
        told("guangdong", -310, "何演示", "13800000003"),
        told("union", -150, "顾演示", "13800000004"),
        told("nation", -80, "秦演示", "13800000005"),
        (70, Story::about("union").opens(OWNER, "ticket", json!({
            "category": "common", "subject": "夜间签发偶发超时", "words": "零时前后个别请求超过十秒",
        })).says(1, "clerk-one", "answer", "已扩容，请继续观察")),
    ]
}

/// Another key is asked of several channels by a day; one of them has begun (CH-26.2).
fn rotation(spot: &Spot<'_>) -> Result<(), Failure> {
    let channel_ids = ["nation", "union", "lake"].map(|key| spot.channels[key].channel_id.clone()).to_vec();
    let opening = json!({
        "usage": "caller", "subject": "年度密钥轮换", "words": "现用密钥已使用两年，请按期更换",
        "rotate_by": spot.today.plus_days(21).to_string(),
    });
    let audience = Audience { channel_ids, ..Audience::default() };
    spot.desk.staff.send_key_rotation(&SendKeyRotation { audience, opening, send_at: None })?;
    Ok(())
}

/// A region orders its issuance by the channel to be put right within ten days (ND-3.5e): the matter.
fn rectification(spot: &Spot<'_>, division: &str) -> Result<String, Failure> {
    let mut openings = spot.desk.staff.openings();
    let own = openings.find(|one| {
        one.as_ref().is_ok_and(|one| one.caller_id == spot.channel_id && one.division == division)
    });
    let own = own.ok_or_else(|| Failure::failed("nothing is open to the channel there"))??;
    let order = json!({
        "opening_id": own.opening_id, "words": "领取页面未说明由人社部门免费签发，请更正", "days": 10,
    });
    spot.desk.open("rectification", spot.channel_id, &order)
}
