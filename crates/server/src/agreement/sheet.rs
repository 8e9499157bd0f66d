//! What stands on the pages of an agreement: who and what, the text, and the page of signatures.
//!
//! Invariant: what was signed with a key is told with the key's fingerprint; what was signed on paper is told as paper, with
//! who says so; and the operator's offer is told as what it is, an entry of the platform and no signature.

use crate::form::Typeface;
use crate::form::paper::{Cell, Page, Paper, Row};
use crate::form::service::{CODE, modules};
use crate::{Error, WorldName};
use domain::agreement::{Document, Paper as OnPaper, Signed, Signing, State};
use domain::id::MatterId;
use domain::time::Timestamp;

const TITLE: &str = "电子社会保障卡服务渠道合作协议";
/// Across every page of a text under which nothing was signed, or not for the term that it names.
pub(super) const DRAFT: &str = "未签署";
/// How the boxes are parted.
const LABEL: f32 = 0.2;
const VALUE: f32 = 1.0 - LABEL;
/// Room for a seal and a date.
const SEALED: f32 = 110.0;
const NOTE: &str = "本文件由平台依据协议记录生成，时间均为北京时间（Asia/Shanghai，UTC+8），单位名称以生成时的登记为准。\
    电子签署以协议页下载的证据文件为准，可用 ykt matter verify 离线核验；纸质签署以存档原件为准，\
    平台所证明的是扫描件的SM3摘要，以及由谁在何时确认查验过原件。";

/// Somebody who is party to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub name: String,
    pub uscc: Option<String>,
}

/// Between whom, about what.
#[derive(Debug, Clone, Default)]
pub(super) struct Parties {
    pub operator: Side,
    pub owner: Side,
    pub channel: String,
}

/// What is printed.
pub(super) struct Printed<'a> {
    pub id: MatterId,
    pub version: i64,
    pub world: WorldName,
    pub parties: &'a Parties,
    pub document: &'a Document<'a>,
}

/// The pages, and the title of the document.
///
/// # Errors
/// Internal: a code that does not fit its picture.
pub(super) fn pages(printed: &Printed<'_>, typeface: &Typeface) -> Result<(Vec<Page>, String), Error> {
    let Printed { id, version, document, .. } = printed;
    let text = document.text;
    let mut paper = Paper::new(typeface);
    paper.code(&modules(&format!("ykt agreement matter={id} version={version}"))?, CODE);
    let mark = match printed.world {
        WorldName::Production => "合作协议",
        WorldName::Sandbox => "合作协议【沙盒·无效力】",
    };
    paper.title(mark, TITLE, &format!("文本版本：{} · {}", text.version(), standing(document)));
    for row in about(printed) {
        paper.row(&row);
    }
    paper.heading("协议文本");
    paper.words(text.words());
    paper.heading("签署");
    for row in signed(printed) {
        paper.row(&row);
    }
    paper.note(NOTE);
    if document.is_draft() {
        paper.across(DRAFT);
    }
    let foot = format!("{mark} · {} · {id} version={version}", text.version());
    Ok((paper.finish(&foot), format!("{TITLE} {}", text.version())))
}

/// Whether it counts, in words.
fn standing(document: &Document<'_>) -> String {
    let state = match document.state {
        State::Offered => "待渠道签署",
        State::InForce => "生效中",
        State::Unsigned => "协议调整逾期未签署",
        State::PlanRequired => "期满，待改进方案",
        State::Observation => "期满，考察期",
        State::Renewing => "期满，待续签",
        State::Lapsed => "已终止",
        State::Withdrawn => "已撤回",
    };
    if let Some(at) = document.replaced_at {
        return format!("{}起由新文本取代", at.business_date());
    }
    match (document.effective_on, document.is_draft()) {
        (Some(day), true) => format!("自{day}起的调整文本，{DRAFT}"),
        (Some(day), false) => format!("自{day}起的调整文本，已签署"),
        (None, true) => format!("{DRAFT}（{state}）"),
        (None, false) => state.to_owned(),
    }
}

/// Between whom, about what, from when until when.
fn about(printed: &Printed<'_>) -> Vec<Row> {
    let Printed { id, parties, document, .. } = printed;
    let side = |side: &Side| match &side.uscc {
        Some(uscc) => format!("{}\n统一社会信用代码：{uscc}", side.name),
        None => side.name.clone(),
    };
    let term = match (document.term, document.effective_on) {
        (Some(term), _) => format!("{} 至 {}", term.from, term.until),
        (None, Some(day)) => format!("自 {day} 起，终止日期待续签后确定"),
        (None, None) => String::new(),
    };
    [
        ("甲方\n平台运营机构", side(&parties.operator)),
        ("乙方\n渠道单位", side(&parties.owner)),
        ("渠道", parties.channel.clone()),
        ("协议编号", id.to_string()),
        ("协议期限", term),
        ("文本SM3", document.text.sm3().to_owned()),
    ]
    .into_iter()
    .map(|(label, value)| boxed(label, value))
    .collect()
}

fn boxed(label: &str, value: String) -> Row {
    Row { least: 0.0, cells: vec![Cell::label(LABEL, label), Cell::value(VALUE, value)] }
}

/// What each side has done; of a draft, where it seals.
fn signed(printed: &Printed<'_>) -> Vec<Row> {
    let document = printed.document;
    let offered = moment(document.offered.1);
    let told = if document.is_change { "通知调整" } else { "发出协议" };
    let ours =
        format!("{}\n{offered} 在平台{told}（平台操作记录，非密钥签名）", printed.parties.operator.name);
    let mut rows = vec![boxed("甲方", ours)];
    // What is signed while its renewal waits was signed for a term that is over.
    let of = if document.to_sign.is_some() { "\n（此前期限）" } else { "" };
    rows.extend(document.signings.iter().map(|signing| match signing {
        Signing::Key(signed) => by_key(signed, of),
        Signing::Paper(paper) => on_paper(paper, of),
    }));
    if let Some(statement) = document.to_sign {
        rows.push(boxed("待签署声明", statement.trim_end().to_owned()));
        let sealed = |label: &str| Row {
            least: SEALED,
            cells: vec![
                Cell::label(LABEL, label),
                Cell::sealed(VALUE, "（纸质签署时盖章）\n签署人：\n日期：      年    月    日"),
            ],
        };
        rows.extend([sealed("甲方盖章"), sealed("乙方盖章")]);
    }
    rows
}

fn by_key(signed: &Signed, of: &str) -> Row {
    let mut lines = vec![
        format!("SM2电子签署：{}", moment(signed.at())),
        format!("公钥指纹：{}", signed.fingerprint().unwrap_or_default()),
    ];
    lines.push(match signed.registration() {
        Some(found) => {
            format!("公钥登记：{}，运营机构于 {} 核对指纹", found.matter, moment(found.confirmed.at))
        }
        None => "公钥登记：无（登记公钥之前签署）".to_owned(),
    });
    lines.push(format!("签名：{}", signed.signature()));
    lines.push(signed.statement().trim_end().to_owned());
    boxed(&format!("乙方\n电子签署{of}"), lines.join("\n"))
}

fn on_paper(paper: &OnPaper, of: &str) -> Row {
    let mut lines = vec![format!("盖章扫描件：{} 提交（非电子签名）", moment(paper.filed().1))];
    lines.extend(paper.scans().iter().map(|scan| format!("扫描件SM3：{}", scan.sm3())));
    if let Some(found) = paper.accepted() {
        let seen = found.seen_on().map(|day| day.to_string()).unwrap_or_default();
        lines.push(format!("运营机构于 {seen} 查验纸质原件，{} 确认", moment(found.at())));
        lines.extend(found.words().map(|words| format!("确认意见：{words}")));
    }
    lines.push(paper.statement().trim_end().to_owned());
    boxed(&format!("乙方\n纸质签署{of}"), lines.join("\n"))
}

/// A moment in Beijing, to the second.
fn moment(at: Timestamp) -> String {
    let text = Timestamp::from_seconds(at.as_seconds()).to_string();
    text.trim_end_matches("+08:00").replace('T', " ")
}
