//! The documented test persons of the sandbox and a thousand cards of nobody. All numbers are well-formed and belong
//! to no one; the same persons come out of every run.

use super::DIVISION;
use sdk::types::import::CardRow;

/// How many cards of nobody there are.
pub const CROWD: usize = 1000;

/// What the simulated real-person check says of a test person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealPersonToken {
    /// It is the holder.
    Pass,
    /// It is somebody else.
    OtherPerson,
}

impl RealPersonToken {
    /// The magic value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "sim:pass",
            Self::OtherPerson => "sim:other_person",
        }
    }
}

/// A test person.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Name, as in the registry.
    pub name: &'static str,
    /// Birth date and sequence of the number.
    birth: &'static str,
    /// State of the card in the registry (AAZ502); none = no card.
    state: Option<u8>,
    /// What the real-person check says.
    pub token: RealPersonToken,
    /// What happens, in Chinese.
    pub about_zh: &'static str,
    /// What happens, in English.
    pub about_en: &'static str,
}

const fn person(
    name: &'static str,
    birth: &'static str,
    state: Option<u8>,
    about_zh: &'static str,
    about_en: &'static str,
) -> Person {
    Person { name, birth, state, token: RealPersonToken::Pass, about_zh, about_en }
}

/// The test persons; the first can do everything.
pub const PERSONS: [Person; 8] = [
    person("王小明", "19900101001", Some(1), "卡正常：全部流程可走通", "Card in order: everything works"),
    person(
        "李䶮",
        "19851212002",
        Some(1),
        "卡正常，姓名含生僻字",
        "Card in order, a rare character in the name",
    ),
    person(
        "陈丢卡",
        "19780315003",
        Some(2),
        "已挂失：电子社保卡随卡停用",
        "Reported lost: the e-card stops with the card",
    ),
    person("刘锁卡", "19821030004", Some(3), "应用锁定：不能领取", "Locked: cannot be claimed"),
    person("赵注销", "19650607005", Some(9), "已注销：在失效名单上", "Invalid: on the invalid list"),
    person("孙未启", "19990909006", Some(0), "卡未启用", "Card not activated yet"),
    person("周无卡", "20010203007", None, "卡库中没有此人", "Not in the card registry"),
    Person {
        token: RealPersonToken::OtherPerson,
        ..person(
            "吴换人",
            "19930818008",
            Some(1),
            "实人认证不是本人",
            "The real-person check sees somebody else",
        )
    },
];

impl Person {
    /// 社会保障号码.
    pub fn id_number(&self) -> String {
        with_check_digit(&format!("330106{}", self.birth))
    }

    fn row(&self, index: usize) -> Option<CardRow> {
        let state = self.state?;
        let reason = if state == 9 { "lost" } else { "" };
        Some(CardRow {
            reason: reason.into(),
            ..row(self.name, &self.id_number(), &format!("T{index:08}"), state)
        })
    }
}

/// Cards of the test persons and of `count` others.
pub fn rows(count: usize) -> Vec<CardRow> {
    let known = PERSONS.iter().enumerate().filter_map(|(index, person)| person.row(index));
    known.chain((0..count).map(generated)).collect()
}

/// The others whose card is in use: they can claim an e-card.
pub fn bearers() -> impl Iterator<Item = CardRow> {
    (0..CROWD).map(generated).filter(|row| row.aaz502 == "1")
}

const SURNAMES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙"];
const GIVEN: [&str; 14] =
    ["伟", "芳", "秀英", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "欣怡"];

fn generated(index: usize) -> CardRow {
    nobody(DIVISION, "330102", 'G', index)
}

/// The card of nobody with this number of a series, issued in a division; its holder was registered at birth in `born`.
pub fn nobody(division: &str, born: &str, series: char, index: usize) -> CardRow {
    let name = format!("{}{}", SURNAMES[index % SURNAMES.len()], GIVEN[index / 7 % GIVEN.len()]);
    let (year, month, day) = (1950 + index % 55, 1 + index % 12, 1 + index % 28);
    let number = with_check_digit(&format!("{born}{year}{month:02}{day:02}{:03}", index % 1000));
    // Most cards are in use; a few are in each other state.
    let state = match index % 50 {
        0 => 2,
        1 => 3,
        2 => 4,
        3 => 0,
        _ => 1,
    };
    CardRow { aab301: division.into(), ..row(&name, &number, &format!("{series}{index:08}"), state) }
}

fn row(name: &str, number: &str, card: &str, state: u8) -> CardRow {
    CardRow {
        aab301: DIVISION.into(),
        aac002: number.into(),
        aac003: name.into(),
        aaz500: card.into(),
        aaz502: state.to_string(),
        generation: "3".into(),
        issued_on: "2024-03-01".into(),
        ..CardRow::default()
    }
}

/// Adds the check character of GB 11643 (ISO 7064 MOD 11-2).
pub fn with_check_digit(seventeen: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = seventeen.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let check = b"10X98765432"[sum as usize % 11];
    format!("{seventeen}{}", char::from(check))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::{DocumentKind, IdDocument, PersonName};
    use std::collections::BTreeSet;

    #[test]
    fn every_person_of_the_scene_is_well_formed_and_another_one() {
        let rows = rows(1000);
        for row in &rows {
            IdDocument::new(DocumentKind::ResidentId, row.aac002.expose()).unwrap();
            row.aac003.expose().parse::<PersonName>().unwrap();
        }
        let numbers: BTreeSet<_> = rows.iter().map(|row| row.aac002.expose().to_owned()).collect();
        assert_eq!(numbers.len(), rows.len());
    }
}
