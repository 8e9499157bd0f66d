//! The compliance matrix as a page: for a reader of the ministry first, who knows the documents and not the code.

use super::citation::{Citations, Place, Test};
use super::matrix::{self, Row, Status};
use super::table::{Reading, Tables};
use crate::prove::{Proof, Shift};
use std::collections::BTreeMap;
use std::fmt::Write;

const HEADING: &str = "\
# 规章执行对照表 · Compliance

本表由 `cargo xtask generate` 从源代码生成，请勿手工修改。四份文件的每一条款各占一行：原文要点、规则、程序中执行该规则的位置、
证明该规则的测试，以及状态。测试随每次构建全部运行；引用条款的测试若不存在或未通过，构建即告失败。

- **已验证** 程序执行该规则，至少一个测试引用该条款并通过；条款中的数值偏移一个单位即有测试失败。
- **已实现未验证** 程序中标注了该条款，尚无测试引用，或其数值偏移后没有测试失败。
- **已测试未标注** 有测试引用，程序中尚未标注执行位置。
- **仅留证** 属当事人义务，平台只能保存证据、提示或催办，无法强制。
- **后续** 暂不在实现范围内，原因见该行。
- **政策** 政策性表述，没有可由程序执行的规则。
- **未覆盖** 尚未实现，也未说明原因。
- **⚠** 渠道管理办法中可执行的条款（G、S、T、A、C、N 类）尚无测试。这类条款的数量只减不增。

Generated from the sources by `cargo xtask generate`; do not edit. One row for each clause: the words of the document, the rule,
the code that enforces it, the tests that cite it, and how far it is. `cargo xtask test` fails if a test that is named here did
not run and pass. ⚠ marks an enforceable clause about channels that no test proves; [the list of these](../compliance/unproven.txt)
can only shrink. What is out of scope is in [a reviewed table](../compliance/scope.tsv).

类别 kinds: D 定义 definition · G 前提 gate · S 状态 state · T 数值与期限 threshold · A 职权 authority · N 通知与报备 notice ·
O 义务 duty · C 后果 consequence · P 政策 policy.

英文规则中的缩写 abbreviations: MIC 部信息中心 · PRV 省级信息化综合管理机构 · CTY 地市级信息化综合管理机构 · OPR 平台运营机构 · OWN
渠道所属单位 · L1, L2 一级、二级渠道 · USR 持卡人 · MOH 人力资源社会保障部 · MLO 部信息化领导小组办公室. `[reading]` 为本平台的理解,
`[outside]` 为四份文件以外的依据.

";

/// The documents by the prefix of their clauses.
const DOCUMENTS: [(&str, &str); 4] = [
    ("CH", "电子社会保障卡服务渠道管理办法（试行）"),
    ("ND", "关于全面开展电子社会保障卡应用工作的通知（人社厅发〔2019〕45号）"),
    ("CM", "“中华人民共和国社会保障卡”管理办法（人社部发〔2011〕47号）"),
    ("SE", "社会保障卡一卡通规范 第3部分：安全规范（征求意见稿）编制说明"),
];
const KINDS: [&str; 9] = ["D", "G", "S", "T", "A", "N", "O", "C", "P"];

/// The whole page.
pub fn page(tables: &Tables, found: &Citations, rows: &[Row<'_>], proofs: &[Proof]) -> String {
    let mut page = HEADING.to_owned();
    summary(&mut page, rows);
    for (prefix, title) in DOCUMENTS {
        let _ = writeln!(page, "## {title}\n");
        page.push_str("| 条款 | 类 | 原文要点 | 规则 rule | 状态 | 执行位置 enforced in | 测试 tests |\n");
        page.push_str("|---|---|---|---|---|---|---|\n");
        rows.iter().filter(|row| row.clause.id.starts_with(prefix)).for_each(|row| clause(&mut page, row));
        page.push('\n');
    }
    page.push_str("## 对不明确条款的理解 · Readings\n\n");
    page.push_str("文件未明确之处，本平台如下理解；部信息中心可另行解释（CH-37.1）。\n\n");
    page.push_str(
        "| 编号 | 条款 | 理解 | reading | 执行位置 enforced in | 测试 tests |\n|---|---|---|---|---|---|\n",
    );
    tables.readings.iter().for_each(|row| reading(&mut page, row, found));
    parameters(&mut page, proofs);
    page
}

/// The numbers that come from a clause, and the tests that notice when one is another.
fn parameters(page: &mut String, proofs: &[Proof]) {
    page.push_str("\n## 参数 · Parameters\n\n");
    page.push_str("来自条款的数值逐一上下偏移一个单位，重新运行引用该条款的规则测试：至少一个测试必须失败，否则该数值未经验证（⚠）。\n\n");
    page.push_str("Each number is shifted by one unit, and the tests of the rules that cite its clause are run: one must fail.\n\n");
    page.push_str("| 参数 | 含义 | 值 | 条款 | 发现偏移的测试 noticed by |\n|---|---|---:|---|---|\n");
    for Proof { parameter, shifts } in proofs {
        let noticed = shifts.iter().map(|Shift { units, noticed_by }| {
            let names: String = noticed_by.iter().map(|path| format!(" `{path}`")).collect();
            if names.is_empty() {
                format!("⚠ {units:+} 未被发现 unnoticed")
            } else {
                format!("{units:+}{names}")
            }
        });
        let noticed = noticed.collect::<Vec<_>>().join("<br>");
        let _ = writeln!(
            page,
            "| `{}` | {} | {} {} | [{clause}](#{clause}) | {noticed} |",
            parameter.name,
            parameter.meaning,
            parameter.value,
            parameter.unit,
            clause = parameter.clause,
        );
    }
}

/// Counts by document and status, and for channels by kind and status.
fn summary(page: &mut String, rows: &[Row<'_>]) {
    let heads: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
    let rule = "---:|".repeat(heads.len() + 1);
    let _ = writeln!(page, "## 汇总 · Summary\n\n| 文件 | 条款 | {} |\n|---|{rule}", heads.join(" | "));
    for (prefix, title) in DOCUMENTS {
        let of: Vec<_> = rows.iter().filter(|row| row.clause.id.starts_with(prefix)).collect();
        let _ = writeln!(page, "| {prefix} {title} | {} | {} |", of.len(), counts(&of));
    }
    let all: Vec<_> = rows.iter().collect();
    let _ = writeln!(page, "| 合计 total | {} | {} |\n", all.len(), counts(&all));
    let _ = writeln!(
        page,
        "渠道管理办法按类别 CH by kind:\n\n| 类 | 条款 | {} | ⚠ |\n|---|{rule}---:|",
        heads.join(" | ")
    );
    for kind in KINDS {
        let of: Vec<_> =
            rows.iter().filter(|row| row.clause.kind == kind && row.clause.id.starts_with("CH-")).collect();
        let gaps = of.iter().filter(|row| row.is_gap()).count();
        let _ = writeln!(page, "| {kind} | {} | {} | {gaps} |", of.len(), counts(&of));
    }
    let gaps = rows.iter().filter(|row| row.is_gap()).count();
    let must = rows.iter().filter(|row| row.clause.must_be_proven()).count();
    let _ = writeln!(
        page,
        "\n渠道管理办法中可执行的 {must} 条，尚有 **{gaps}** 条没有测试（⚠）。Of {must} enforceable clauses about channels, \
         {gaps} have no test.\n"
    );
}

fn counts(rows: &[&Row<'_>]) -> String {
    let count = |status| rows.iter().filter(|row| row.status == status).count().to_string();
    Status::ALL.map(count).join(" | ")
}

fn clause(page: &mut String, row: &Row<'_>) {
    let clause = row.clause;
    let flag = if row.is_gap() { "⚠ " } else { "" };
    let reason = if row.reason.is_empty() { String::new() } else { format!("<br>{}", row.reason) };
    let _ = writeln!(
        page,
        "| <a id=\"{id}\"></a>{id} | {} | {} | {} | {flag}{}{reason} | {} | {} |",
        clause.kind,
        clause.zh,
        clause.en,
        row.status.word(),
        places(&row.places),
        tests(&row.tests),
        id = clause.id,
    );
}

fn reading(page: &mut String, row: &Reading, found: &Citations) {
    let (places, tests) = (places(&matrix::places(found, &row.id)), tests(&matrix::tests(found, &row.id)));
    let Reading { id, clauses, zh, en } = row;
    let _ = writeln!(page, "| <a id=\"{id}\"></a>{id} | {clauses} | {zh} | {en} | {places} | {tests} |");
}

/// Files with the items in them, rules before rows before use cases.
fn places(places: &[&Place]) -> String {
    let mut files: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for place in places {
        let layer = ["crates/domain/", "migrations/", "crates/store/"];
        let layer = layer.iter().position(|one| place.file.starts_with(one)).unwrap_or(layer.len());
        let symbols = files.entry((layer, &place.file)).or_default();
        if !place.symbol.is_empty() && !symbols.contains(&place.symbol.as_str()) {
            symbols.push(&place.symbol);
        }
    }
    let cells = files.into_iter().map(|((_, file), symbols)| {
        let symbols = symbols.iter().map(|symbol| format!(" `{symbol}`")).collect::<String>();
        format!("[{}](../../{file}){symbols}", short(file))
    });
    cells.collect::<Vec<_>>().join("<br>")
}

/// Files with the names of their tests.
fn tests(tests: &[&Test]) -> String {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in tests {
        let name = test.path.rsplit("::").next().unwrap_or_default();
        files.entry(&test.file).or_default().push(name);
    }
    let cells = files.into_iter().map(|(file, names)| {
        let names = names.iter().map(|name| format!(" `{name}`")).collect::<String>();
        format!("[{}](../../{file}){names}", short(file))
    });
    cells.collect::<Vec<_>>().join("<br>")
}

/// `domain/channel.rs` for `crates/domain/src/channel.rs`.
fn short(file: &str) -> String {
    file.trim_start_matches("crates/").replacen("/src/", "/", 1).replacen("/tests/it/", "/tests/", 1)
}

#[cfg(test)]
mod tests {
    use super::super::citation;
    use super::super::table::Clause;
    use super::*;

    #[test]
    fn a_row_shows_words_place_and_test_and_a_gap_is_flagged() {
        let clause =
            |id: &str| Clause { id: id.into(), kind: "G".into(), zh: "原文".into(), en: "rule".into() };
        let tables = Tables { clauses: vec![clause("CH-8.3a"), clause("CH-8.3b")], ..Tables::default() };
        let text = "/// CH-8.3a\nfn check() {}\nmod tests { /// CH-8.3a\n#[test]\nfn only_apps() {} }";
        let found = citation::read("crates/domain/src/channel.rs", text);
        let page = page(&tables, &found, &matrix::rows(&tables, &found, &[]), &[]);
        let file = "[domain/channel.rs](../../crates/domain/src/channel.rs)";
        assert!(page.contains(&format!(
            "| <a id=\"CH-8.3a\"></a>CH-8.3a | G | 原文 | rule | 已验证 proven | {file} `check` | {file} `only_apps` |\n"
        )));
        assert!(page.contains("</a>CH-8.3b | G | 原文 | rule | ⚠ 未覆盖 open |  |  |\n"));
        assert!(page.contains("| G | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 1 |\n"));
    }
}
