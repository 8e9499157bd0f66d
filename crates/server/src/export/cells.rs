//! What the columns of an export are called, and what is written in them.
//!
//! Moments are RFC 3339 with their offset and ids are whole, since a file is read by programs too. The state of a matter is its
//! word: what it is called in a language is the pages' business.

use crate::audit::trail::Entry;
use crate::matter::service::{View, shown_at};
use crate::terminal::service::Shown;
use domain::audit::{Actor, Change, Reference};
use domain::channel::Withheld;
use domain::division::DivisionCode;
use domain::export::Language;
use domain::id::{MatterId, OrgId, TerminalId};
use domain::matter::{Kind, Party};
use domain::risk_event::Grade;
use domain::terminal::State;
use serde_json::{Map, Value};
use store::matter::WaitRow;

/// A word, Chinese first.
pub(super) type Pair = (&'static str, &'static str);

/// The word in a language.
pub(super) const fn say(pair: Pair, language: Language) -> &'static str {
    match language {
        Language::Zh => pair.0,
        Language::En => pair.1,
    }
}

/// What a list may be narrowed by, by the names of its operation's parameters.
const FILTERS: [(&str, Pair); 13] = [
    ("kind", ("类型", "kind")),
    ("state", ("状态代码", "state")),
    ("channel_id", ("渠道ID", "channel id")),
    ("ended", ("已办结", "ended")),
    ("mine", ("与我相关", "mine")),
    ("waits", ("正在等待", "waits for")),
    ("due", ("期限", "due")),
    ("grade", ("级别", "grade")),
    ("actor", ("操作人", "actor")),
    ("action", ("操作", "action")),
    ("request", ("请求", "request")),
    ("from", ("起", "from")),
    ("until", ("止", "until")),
];

/// What narrows a list, in words; `filter` is JSON as it was asked.
pub(super) fn narrowed(filter: &str, language: Language) -> String {
    let given: Map<String, Value> = serde_json::from_str(filter).unwrap_or_default();
    let told: Vec<String> = given
        .iter()
        .map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let value = if name == "kind" { of(&value, kind, language) } else { value };
            let known = FILTERS.iter().find(|(known, _)| known == name);
            let name = known.map_or(name.as_str(), |(_, pair)| say(*pair, language));
            format!("{name}={value}")
        })
        .collect();
    match (language, told.is_empty()) {
        (Language::Zh, true) => "筛选：无".to_owned(),
        (Language::En, true) => "Filter: none".to_owned(),
        (Language::Zh, false) => format!("筛选：{}", told.join("，")),
        (Language::En, false) => format!("Filter: {}", told.join(", ")),
    }
}

pub(super) const MATTER: [Pair; 13] = [
    ("办件编号", "Matter id"),
    ("事项", "Matter"),
    ("类型", "Kind"),
    ("渠道编号", "Channel number"),
    ("渠道", "Channel"),
    ("所属单位", "Owner"),
    ("状态代码", "State code"),
    ("进展", "Progress"),
    ("风险等级", "Grade"),
    ("暂停内容", "Suspended"),
    ("正在等待", "Waiting for"),
    ("发起时间", "Opened at"),
    ("更新时间", "Changed at"),
];

pub(super) const TERMINAL: [Pair; 10] = [
    ("终端编号", "Terminal id"),
    ("序列号", "Serial number"),
    ("使用单位编号", "Organisation id"),
    ("使用单位", "Run by"),
    ("行政区划代码", "Division code"),
    ("所在地", "Place"),
    ("终端机编号", "PSAM number"),
    ("状态", "State"),
    ("理由", "Reason"),
    ("登记时间", "Registered at"),
];

pub(super) const TRAIL: [Pair; 12] = [
    ("时间", "When"),
    ("操作者", "Who"),
    ("操作者单位", "Whose organisation"),
    ("操作", "What"),
    ("对象", "Of what"),
    ("变更（原值 → 新值）", "Changed (from → to)"),
    ("理由", "Reason"),
    ("结果", "Outcome"),
    ("条款", "Clause"),
    ("来源地址", "Address"),
    ("请求编号", "Request"),
    ("日志位置", "Place in the log"),
];

const fn kind(kind: Kind) -> Pair {
    match kind {
        Kind::Application => ("入网申请", "Application"),
        Kind::Agreement => ("合作协议", "Agreement"),
        Kind::SigningKey => ("单位签名公钥", "Signing key"),
        Kind::KeyChange => ("渠道密钥更换", "Key change"),
        Kind::CallbackChange => ("回调地址变更", "Change of a callback address"),
        Kind::KeyRotation => ("密钥轮换", "Key rotation"),
        Kind::SecurityReport => ("安全检测报告", "Security report"),
        Kind::RiskEvent => ("安全风险事件", "Risk event"),
        Kind::Monitoring => ("运营监测", "Monitoring"),
        Kind::Exit => ("渠道退出", "Exit"),
        Kind::Notice => ("平台通知", "Notice"),
        Kind::Maintenance => ("停机维护报备", "Maintenance"),
        Kind::Campaign => ("运营活动报备", "Campaign"),
        Kind::Ticket => ("工单", "Ticket"),
        Kind::Suggestion => ("建议", "Suggestion"),
        Kind::Filing => ("二级渠道月报", "Monthly filing"),
        Kind::Rectification => ("属地服务整改", "Rectification of a service"),
    }
}

const fn party(party: Party) -> Pair {
    match party {
        Party::Owner => ("渠道所属单位", "Channel owner"),
        Party::Prefecture => ("地市级人社部门", "Prefecture"),
        Party::Province => ("省级人社部门", "Province"),
        Party::Ministry => ("部信息中心", "Ministry"),
        Party::Operator => ("平台运营机构", "Operator"),
        Party::Platform => ("平台自动", "The platform"),
    }
}

/// The word of a language for a stored one; what is unknown stays as it is.
fn of<T: std::str::FromStr>(stored: &str, words: impl FnOnce(T) -> Pair, language: Language) -> String {
    stored.parse().map_or_else(|_| stored.to_owned(), |known| say(words(known), language).to_owned())
}

pub(super) fn matter(found: &View, language: Language) -> Vec<String> {
    let row = &found.row;
    let channel = found.channel.as_ref();
    let progress = if row.ended == 0 { ("办理中", "Open") } else { ("已办结", "Ended") };
    let waits: Vec<_> = found.waits.iter().map(|row| wait(row, language)).collect();
    vec![
        MatterId::from_bytes(row.id).to_string(),
        row.title.clone(),
        of(&row.kind, kind, language),
        channel.map(|channel| channel.number.clone()).unwrap_or_default(),
        channel.map(|channel| channel.name.clone()).unwrap_or_default(),
        found.owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default(),
        row.state.clone(),
        say(progress, language).to_owned(),
        found.risk.as_ref().map(|risk| say(grade(risk.grade), language).to_owned()).unwrap_or_default(),
        found
            .risk
            .as_ref()
            .and_then(|risk| risk.withheld.as_ref())
            .map(|what| withheld(what, language))
            .unwrap_or_default(),
        waits.join("; "),
        shown_at(row.opened_at),
        shown_at(row.changed_at),
    ]
}

const fn grade(grade: Option<Grade>) -> Pair {
    match grade {
        Some(Grade::One) => ("一级", "1"),
        Some(Grade::Two) => ("二级", "2"),
        Some(Grade::Three) => ("三级", "3"),
        None => ("未定级", "not graded"),
    }
}

fn withheld(what: &Withheld, language: Language) -> String {
    match what {
        Withheld::All => say(("全部服务", "all services"), language).to_owned(),
        Withheld::NewHolders => say(("新增签发和应用", "new issuance and applications"), language).to_owned(),
        Withheld::Services(codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn wait(row: &WaitRow, language: Language) -> String {
    let place = row.division.parse::<DivisionCode>().ok().and_then(DivisionCode::name);
    let parts = [
        Some(of(&row.party, party, language)),
        place.map(str::to_owned),
        row.due_on.clone(),
        row.clause.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) fn terminal(found: &Shown, org: &str, language: Language) -> Vec<String> {
    let row = &found.row;
    let state = |state| match state {
        State::Active => ("正常", "Active"),
        State::Blocked => ("已列入黑名单", "Blocked"),
    };
    let place = row.division.parse::<DivisionCode>().ok().and_then(DivisionCode::name);
    vec![
        TerminalId::from_bytes(row.id).to_string(),
        row.serial.clone(),
        OrgId::from_bytes(row.org_id).to_string(),
        org.to_owned(),
        row.division.clone(),
        place.unwrap_or_default().to_owned(),
        row.psam.clone().unwrap_or_default(),
        of(&row.state, state, language),
        found.reason.clone().unwrap_or_default(),
        shown_at(row.created_at),
    ]
}

pub(super) fn record(entry: &Entry, language: Language) -> Vec<String> {
    let record = &entry.record;
    let actor = match &record.actor {
        Actor::System => say(("平台", "The platform"), language).to_owned(),
        other => other.text(),
    };
    let changes: Vec<_> = record.changes.iter().map(|change| changed(change, language)).collect();
    let log = data_encoding::HEXLOWER.encode(&entry.row.log);
    vec![
        record.at.to_string(),
        actor,
        entry.org.clone().unwrap_or_default(),
        record.action.to_string(),
        record.object.as_ref().map(Reference::text).unwrap_or_default(),
        changes.join("; "),
        entry.words.clone().unwrap_or_default(),
        record.outcome.as_str().to_owned(),
        record.clause.as_ref().map(ToString::to_string).unwrap_or_default(),
        entry.address.as_ref().map(|(address, _)| address.clone()).unwrap_or_default(),
        record.request.map(|id| id.to_string()).unwrap_or_default(),
        format!("{log}:{}", entry.row.place),
    ]
}

fn changed(change: &Change, language: Language) -> String {
    if change.is_withheld() {
        return format!(
            "{} {}",
            change.field,
            say(("已变更（内容不入审计记录）", "changed (the record does not say what)"), language)
        );
    }
    let none = say(("无", "none"), language);
    format!("{} {} → {}", change.field, change.from.text().unwrap_or(none), change.to.text().unwrap_or(none))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The id of a channel is not called its number, and a kind is called by its word.
    #[test]
    fn what_narrows_a_list_is_told_in_words() {
        let filter = r#"{"kind":"agreement","channel_id":"chn_1"}"#;
        let zh = narrowed(filter, Language::Zh);
        assert!(
            zh.contains("渠道ID=chn_1") && zh.contains("类型=合作协议") && !zh.contains("渠道编号"),
            "{zh}"
        );
        let en = narrowed(filter, Language::En);
        assert!(en.contains("channel id=chn_1") && en.contains("kind=Agreement"), "{en}");
        assert!(narrowed(r#"{"kind":"other"}"#, Language::Zh).contains("类型=other"));
    }
}
