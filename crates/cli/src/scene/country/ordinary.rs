//! The ordinary business of two years, drawn and not written: questions, ideas, campaigns, maintenances, notices, and the events
//! that passed.
//!
//! Invariant: drawn as in `simulate`, from decks of which every card comes once before any comes twice; so every channel with
//! an owner has some of it, every kind of it is there, and every ending.

use super::fates::Begun;
use super::story::{OWNER, Story};
use super::years;
use crate::chance::{Chance, Deck};
use domain::time::BusinessDate;
use serde_json::{Value, json};

/// Channels with owners that serve all the time.
const CHANNELS: &[&str] = &[
    "lake",
    "guangdong",
    "jiangsu",
    "union",
    "nation",
    "zhejiang",
    "shanghai",
    "sichuan",
    "clinic",
    "north",
    "work",
    "travel",
    "river",
];
/// Channels that have had an event which passed.
const STRUCK: &[&str] = &["north", "work", "river", "clinic", "travel", "coast", "lake"];
/// The day on which what is drawn begins, and the one before which it begins.
const DAYS: (i32, i32) = (-690, 62);
/// So many days apart: the offices come together.
const RHYTHM: i32 = 7;

/// What is drawn: whose, the number of its kind, and whether it is the last of it, which nobody has ended yet.
#[derive(Clone, Copy)]
struct Drawn {
    channel: &'static str,
    number: usize,
    is_last: bool,
}

/// Draws from a deck without an end.
struct Endless<'a, T> {
    cards: &'a [T],
    deck: Deck,
}

impl<'a, T> Endless<'a, T> {
    fn of(cards: &'a [T]) -> Self {
        Self { cards, deck: Deck::new(cards.len()) }
    }

    fn next(&mut self, chance: &mut Chance) -> &'a T {
        let card = self.deck.draw(chance, |_| true).unwrap_or_default();
        &self.cards[card]
    }
}

/// All of it.
pub fn all(chance: &mut Chance, first: BusinessDate) -> Vec<Begun> {
    type Draw = fn(&mut Chance, Drawn) -> Story;
    const KINDS: [(usize, Draw); 5] =
        [(26, ticket), (12, suggestion), (14, campaign), (12, maintenance), (18, notice)];
    let mut all = events(chance, first);
    for (count, draw) in KINDS {
        let mut channels = Endless::of(CHANNELS);
        for (number, day) in days(count).enumerate() {
            let channel = *channels.next(chance);
            // Everybody has some days of delay, and the last one of a kind begins at the very end.
            let is_last = number + 1 == count;
            let day = if is_last { day } else { day - chance.between(0, 20) };
            all.push((day / RHYTHM * RHYTHM, draw(chance, Drawn { channel, number, is_last })));
        }
    }
    all
}

/// So many days, evenly spread over the two years, the last of them at their end.
fn days(count: usize) -> impl Iterator<Item = i32> {
    let (first, last) = DAYS;
    let count = i32::try_from(count).unwrap_or(1).max(1);
    (1..=count).map(move |number| first + (last - first) * number / count)
}

/// Category, subject, question, answer.
const QUESTIONS: &[(&str, &str, &str, &str)] = &[
    ("user", "持卡人换卡后无法领取", "补换卡次日仍提示卡片状态异常", "卡库已同步，请持卡人重新领取"),
    (
        "common",
        "部分机型亮码页面白屏",
        "升级系统后个别机型无法显示二维码",
        "已定位为内核兼容问题，请升级SDK至最新版",
    ),
    (
        "public_opinion",
        "网传领卡需要缴费",
        "本地论坛出现不实信息，请协助统一口径",
        "已提供统一口径，请在显著位置说明免费领取",
    ),
    ("malicious", "同一用户重复投诉", "三日内重复投诉十余次，诉求已答复", "情况属实，请保留记录，按规定处理"),
    ("user", "解绑后仍可亮码", "持卡人在本渠道解绑后旧设备仍显示二维码", "旧设备离线所致，联网后即失效"),
    ("common", "实人认证超时", "晚高峰人脸认证等待超过十秒", "已扩容认证服务，请继续观察"),
];

fn ticket(chance: &mut Chance, Drawn { channel, number, is_last }: Drawn) -> Story {
    let (category, subject, words, answer) = QUESTIONS[number % QUESTIONS.len()];
    let mut opening = json!({"category": category, "subject": subject, "words": words});
    if category == "user" {
        opening["holder"] = json!({"name": "张*", "document": "33**************12"});
    }
    let answered = Story::about(channel).opens(OWNER, "ticket", opening).says(
        chance.between(0, 2),
        "clerk-one",
        "answer",
        answer,
    );
    let closed =
        |story: Story, after| story.then(after, OWNER, "close", json!({"satisfaction": 3 + number % 3}));
    match number % 4 {
        _ if is_last => answered,
        1 => {
            let asked = answered.says(1, OWNER, "follow_up", "按答复处理后仍有个别用户反映");
            closed(asked.says(1, "clerk-two", "answer", "已逐一核实并处理"), 1)
        }
        _ => closed(answered, 1),
    }
}

/// Topic, subject, words, answer.
const IDEAS: &[(&str, &str, &str, &str)] = &[
    ("product", "亮码页增加大字版", "老年持卡人反映字体偏小", "已纳入下一版本"),
    ("running", "提供月度运营简报", "希望按月了解本渠道与全国平均的差距", "已在统计页提供，欢迎试用"),
    ("technical", "查询接口支持批量", "单笔查询在高峰期排队", "将与接口分级一并评估"),
    ("product", "支持亲情代办", "子女代父母领取的需求集中", "需结合实人认证要求研究"),
];

fn suggestion(chance: &mut Chance, Drawn { channel, number, is_last }: Drawn) -> Story {
    let (topic, subject, words, answer) = IDEAS[number % IDEAS.len()];
    let wish = Story::about(channel).opens(
        OWNER,
        "suggestion",
        json!({"topic": topic, "subject": subject, "words": words}),
    );
    if number % 5 == 4 && !is_last {
        wish.then(chance.between(1, 4), OWNER, "withdraw", Value::Null)
    } else {
        wish.says(chance.between(2, 15), "clerk-two", "answer", answer)
    }
}

const CAMPAIGNS: &[&str] =
    &["社保卡惠民月", "银发领卡行动", "校园办卡季", "就业服务进社区", "乘车八折周", "春风行动宣传"];

fn campaign(chance: &mut Chance, Drawn { channel, number, is_last }: Drawn) -> Story {
    let (starts, lasts) = (chance.between(8, 15), chance.between(7, 30));
    let opening = json!({
        "subject": CAMPAIGNS[number % CAMPAIGNS.len()], "words": "线上线下同步开展，面向本渠道持卡人",
        "starts_on": format!("@{starts}"), "ends_on": format!("@{}", starts + lasts),
    });
    let filed = Story::about(channel).opens(OWNER, "campaign", opening);
    match number % 5 {
        _ if is_last => filed,
        1 => filed.says(3, OWNER, "cancel", "与全市活动合并举办"),
        _ => filed.says(
            starts + lasts + 1,
            OWNER,
            "report",
            &format!("新增领卡{}人，参与{}人次", 40 * (number + 3), 310 * (number + 2)),
        ),
    }
}

fn maintenance(chance: &mut Chance, Drawn { channel, number, is_last }: Drawn) -> Story {
    let days = chance.between(2, 6);
    let topic = ["maintenance", "pause"][number % 2];
    let subject = ["数据库扩容", "机房电力检修", "网络割接"][number % 3];
    let opening = json!({
        "topic": topic, "subject": subject, "words": "夜间实施，预计两小时",
        "prompt": "今晚电子社保卡服务暂停两小时", "starts_at": format!("@{days}T01"), "ends_at": format!("@{days}T03"),
    });
    let filed = Story::about(channel).opens(OWNER, "maintenance", opening).then(
        1,
        "clerk-one",
        "acknowledge",
        Value::Null,
    );
    match number % 6 {
        _ if is_last => filed,
        1 => filed.says(0, OWNER, "cancel", "改期实施"),
        _ => filed.says(days, OWNER, "finish", "按计划完成，服务正常"),
    }
}

fn notice(chance: &mut Chance, Drawn { channel, number, .. }: Drawn) -> Story {
    let topic = ["upgrade", "maintenance", "pause"][number % 3];
    let subject = ["升级亮码组件", "平台例行维护", "短信通道暂停"][number % 3];
    let mut opening = json!({
        "topic": topic, "subject": subject, "words": "请按期处理并告知用户",
        "acknowledge_by": "@5",
    });
    if topic != "upgrade" {
        return Story::about(channel).opens("clerk-two", "notice", opening).then(
            chance.between(0, 4),
            OWNER,
            "acknowledge",
            Value::Null,
        );
    }
    opening["nature"] = json!("functional");
    opening["upgrade_by"] = json!("@40");
    Story::about(channel)
        .opens("clerk-two", "notice", opening)
        .then(chance.between(0, 5), OWNER, "acknowledge", Value::Null)
        .says(chance.between(6, 25), OWNER, "report", "已全量上线")
        .says(2, "clerk-one", "confirm", "抽查版本一致，办结")
}

/// Incident, words, cause, what was found, what was done.
const CAUSES: &[(&str, &str, &str, &str, &str)] = &[
    ("tampering", "首页被插入第三方广告", "page_tampering", "仅影响展示", "已下线脚本并启用完整性校验"),
    ("data_leak", "调试日志误含手机号", "ordinary_leak", "影响不足百人，未外传", "已清除日志并上线脱敏组件"),
    ("misuse", "查询接口被用于营销名单核对", "interface_overstepped", "调用场景超出约定", "已关闭相关调用方"),
    (
        "misuse",
        "接口供关联小程序使用",
        "interface_to_related",
        "关联渠道未登记",
        "已停止输出，按二级渠道补办",
    ),
    ("data_leak", "客服导出未脱敏名单", "ordinary_leak", "名单已收回", "已取消导出权限"),
];

/// Events that passed, of grades 1 and 2, some of which failed their first retest. Each begins right after a month's use was
/// counted and passes before the next is.
fn events(chance: &mut Chance, first: BusinessDate) -> Vec<Begun> {
    let (mut channels, mut causes) = (Endless::of(STRUCK), Endless::of(CAUSES));
    let event = |number: i32| {
        let counted = first.month().plus(2 * number - 22).first_day().plus_days(years::FIGURES);
        let (incident, words, cause, found, done) = *causes.next(chance);
        let by = if number % 2 == 0 { OWNER } else { "clerk-one" };
        let mut proposed = json!({"cause": cause, "words": found});
        if cause == "interface_to_related" {
            proposed["recipient"] = json!({"name": "同一单位的缴费小程序"});
        }
        let opening = json!({"incident": incident, "discovered_at": "@0T08", "words": words});
        let rectified = Story::about(channels.next(chance))
            .opens(by, "risk_event", opening)
            .then(1, "clerk-one", "propose", proposed)
            .says(chance.between(0, 1), "clerk-two", "confirm", "情况属实，同意定级")
            .says(chance.between(2, 7), OWNER, "rectify", done)
            .says(0, OWNER, "record_cause", "上线评审未覆盖该场景");
        let rectified = if number % 3 == 2 {
            rectified.says(2, "clerk-two", "fail", "复测仍可复现").says(4, OWNER, "rectify", "已更换组件版本")
        } else {
            rectified
        };
        (
            counted.as_days() - first.as_days(),
            rectified.says(chance.between(1, 4), "clerk-two", "pass", "复测达标，恢复服务"),
        )
    };
    (0..10).map(event).collect()
}
