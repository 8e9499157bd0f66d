//! The clauses: every rule of the four documents that the platform follows, and how unclear ones are read.
//!
//! Two tables of tab-separated text, `clause/clauses.tsv` and `clause/readings.tsv`, are the only copy. They are text
//! and not code so that people who do not program can proof-read them and tools outside this crate can read them; they
//! are built in and parsed once. Ids are stable: never renumbered, never reused; a new rule gets a letter.
//!
//! Invariant: whatever a refusal or a parameter cites is one of these (tests; `cargo xtask generate` for what comments
//! and tests cite). Deliberately not here: where a clause is enforced and what proves it, which is read from the
//! sources into `docs/reference/compliance.md`.

use crate::name::names;
use std::sync::LazyLock;

const CLAUSES: &str = include_str!("clause/clauses.tsv");
const READINGS_TEXT: &str = include_str!("clause/readings.tsv");

names! {
    /// A document, by the prefix of its clauses.
    Document {
        /// 电子社会保障卡服务渠道管理办法（试行）, with its forms 附表1 to 附表3.
        ChannelMeasures = "CH",
        /// 人社厅发〔2019〕45号, on the e-card as a whole.
        Notice2019 = "ND",
        /// 人社部发〔2011〕47号, on the physical card.
        CardMeasures = "CM",
        /// The explanation of the security standard's draft.
        SecurityNote = "SE",
    }
    /// What a clause does.
    Kind {
        /// Defines a term or what is recorded.
        Definition = "D",
        /// Must hold before an action.
        Gate = "G",
        /// A state or the way between two.
        State = "S",
        /// A number, a period or a deadline.
        Threshold = "T",
        /// Says who may or who decides.
        Authority = "A",
        /// A notice, a report or a filing.
        Notice = "N",
        /// A duty of a party; the platform keeps the evidence and cannot force it.
        Duty = "O",
        /// What follows from a breach.
        Consequence = "C",
        /// Policy text that no program can hold or break.
        Policy = "P",
    }
}

impl Document {
    /// Its title.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::ChannelMeasures => "电子社会保障卡服务渠道管理办法（试行）",
            Self::Notice2019 => "关于全面开展电子社会保障卡应用工作的通知（人社厅发〔2019〕45号）",
            Self::CardMeasures => "“中华人民共和国社会保障卡”管理办法（人社部发〔2011〕47号）",
            Self::SecurityNote => "社会保障卡一卡通规范 第3部分：安全规范（征求意见稿）编制说明",
        }
    }
}

/// A rule of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its address, such as `CH-23.1b`.
    pub id: &'static str,
    /// The document it stands in.
    pub document: Document,
    /// What it does.
    pub kind: Kind,
    /// The words of the document that carry it; `…` marks a cut.
    pub zh: &'static str,
    /// The rule, in English.
    pub en: &'static str,
}

/// How an unclear clause is read here. The ministry may read it otherwise (CH-37.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its address, such as `R1`.
    pub id: &'static str,
    /// The clauses it is about; none means all.
    pub clauses: Vec<&'static str>,
    /// What the documents leave open.
    pub question: &'static str,
    /// The reading, in Chinese.
    pub zh: &'static str,
    /// The reading, in English.
    pub en: &'static str,
}

/// Every clause, in the order of the documents.
pub static ALL: LazyLock<Vec<Clause>> =
    LazyLock::new(|| rows(CLAUSES).map(|row| Clause::read(&row)).collect());

/// Every reading, by number.
pub static READINGS: LazyLock<Vec<Reading>> =
    LazyLock::new(|| rows(READINGS_TEXT).map(|row| Reading::read(&row)).collect());

/// The clause with this id.
pub fn find(id: &str) -> Option<&'static Clause> {
    ALL.iter().find(|clause| clause.id == id)
}

/// The reading with this id.
pub fn find_reading(id: &str) -> Option<&'static Reading> {
    READINGS.iter().find(|reading| reading.id == id)
}

/// What a clause or a reading says and where, in Chinese: for somebody who was refused and wants to know why.
pub fn quote_zh(id: &str) -> Option<String> {
    if let Some(clause) = find(id) {
        return Some(format!("《{}》{}：{}", clause.document.zh(), clause.place(), clause.zh));
    }
    find_reading(id).map(|reading| format!("本平台对规定的理解（{}）：{}", reading.id, reading.zh))
}

/// What a clause or a reading says, in English.
pub fn quote_en(id: &str) -> Option<String> {
    if let Some(clause) = find(id) {
        return Some(format!("{}: {}", clause.id, clause.en));
    }
    find_reading(id).map(|reading| format!("{}, a reading of the platform: {}", reading.id, reading.en))
}

impl Clause {
    /// Where it stands in its document, as the document counts: `第二十三条`, `附表2`, `三（五）`.
    pub fn place(&self) -> String {
        let number = self.id.split_once('-').map_or("", |(_, number)| number);
        let mut parts = number.split('.');
        let first = parts.next().unwrap_or_default();
        if let Some(form) = first.strip_prefix('F') {
            return format!("附表{form}");
        }
        let leading = |part: &str| {
            let digits = part.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
            digits.parse().unwrap_or_default()
        };
        let (first, second) = (numeral(leading(first)), parts.next().unwrap_or_default());
        match self.document {
            Document::CardMeasures if number.starts_with("0.") => "印发通知".to_owned(),
            Document::ChannelMeasures | Document::CardMeasures => format!("第{first}条"),
            Document::Notice2019 if number.starts_with("3.") => {
                format!("第三部分（{}）", numeral(leading(second)))
            }
            Document::Notice2019 => format!("第{first}部分"),
            Document::SecurityNote => String::new(),
        }
    }

    fn read(row: &[&'static str]) -> Self {
        let [id, kind, zh, en] = *row else { panic!("a clause has four columns: {row:?}") };
        let document = id.split_once('-').and_then(|(prefix, _)| prefix.parse().ok());
        let (Some(document), Ok(kind)) = (document, kind.parse()) else {
            panic!("a clause has a known document and kind: {row:?}")
        };
        Self { id, document, kind, zh, en }
    }
}

impl Reading {
    fn read(row: &[&'static str]) -> Self {
        let [id, clauses, question, zh, en] = *row else { panic!("a reading has five columns: {row:?}") };
        Self { id, clauses: clauses.split_whitespace().collect(), question, zh, en }
    }
}

/// The rows below the heading, cut at the tabs.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// A number below 100 as articles write it.
fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |value: usize| DIGITS.get(value).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, ones) => format!("{}十{}", digit(tens), digit(ones)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_holds_every_clause_of_the_four_documents_once() {
        let count = |document| ALL.iter().filter(|clause| clause.document == document).count();
        assert_eq!(Document::ALL.iter().map(|one| count(*one)).collect::<Vec<_>>(), [191, 54, 78, 36]);
        let ids: BTreeSet<_> = ALL.iter().map(|clause| clause.id).collect();
        assert_eq!((ALL.len(), ids.len()), (359, 359));
        for clause in ALL.iter() {
            assert!(!clause.zh.is_empty() && !clause.en.is_empty(), "{}", clause.id);
        }
    }

    #[test]
    fn every_reading_is_about_clauses_that_exist() {
        let ids: Vec<_> = READINGS.iter().map(|reading| reading.id.to_owned()).collect();
        assert_eq!(ids, (0..=32).map(|number| format!("R{number}")).collect::<Vec<_>>());
        for reading in READINGS.iter() {
            assert!(![reading.question, reading.zh, reading.en].contains(&""), "{}", reading.id);
            for clause in &reading.clauses {
                assert!(find(clause).is_some(), "{} is about {clause}", reading.id);
            }
        }
    }

    #[test]
    fn a_clause_says_where_it_stands() {
        for (id, place) in [
            ("CH-1.1", "第一条"),
            ("CH-10.2", "第十条"),
            ("CH-23.1b", "第二十三条"),
            ("CH-F2.10", "附表2"),
            ("ND-2.4b", "第二部分"),
            ("ND-3.5c", "第三部分（五）"),
            ("CM-0.1", "印发通知"),
            ("CM-20.1", "第二十条"),
            ("SE-2.8", ""),
        ] {
            assert_eq!(find(id).map(Clause::place).as_deref(), Some(place), "{id}");
        }
    }

    #[test]
    fn a_quotation_names_the_document_the_place_and_the_words() {
        let zh = quote_zh("CH-23.1a").unwrap();
        assert_eq!(zh, "《电子社会保障卡服务渠道管理办法（试行）》第二十三条：签发量三个月内少于100");
        assert_eq!(
            quote_en("CH-6.2").unwrap(),
            "CH-6.2: E-card service = issuance (签发) + application (应用)."
        );
        assert!(quote_zh("R27").unwrap().starts_with("本平台对规定的理解（R27）：旧卡列入失效名单"));
        assert_eq!((quote_zh("CH-99.9"), quote_en("R33")), (None, None));
    }

    /// Whoever is refused can read the rule: what refusals and parameters cite is in the table.
    #[test]
    fn whatever_a_refusal_or_a_parameter_cites_exists() {
        let refusals = crate::refusal::CATALOGUE.iter().flat_map(|(_, entries)| *entries);
        let refusals = refusals.filter_map(|entry| Some((entry.code, entry.clause?)));
        let parameters = crate::parameter::Name::ALL.iter();
        let parameters =
            parameters.filter_map(|name| Some((name.as_str(), crate::parameter::standard(*name).clause?)));
        let cited: Vec<_> = refusals.chain(parameters).collect();
        assert!(cited.len() > 20);
        for (by, id) in cited {
            assert!(find(id).is_some() || find_reading(id).is_some(), "{by} cites {id}");
        }
    }
}
