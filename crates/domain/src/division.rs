//! Administrative divisions (行政区划): six digits after GB/T 2260, and what lies within what.
//!
//! Invariant: a [`DivisionCode`] is well formed and says its own level; whether the current edition lists it is a
//! separate question ([`DivisionCode::is_listed`]), because abolished divisions stay valid in identity documents
//! and on cards ([`DivisionCode::former`]). Names and people come from one table of a stated [`REVISION`]. Counties have no names here.

mod history;
mod table;

use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

pub use history::{FORMER, Former};
pub use table::PROVINCES;

/// The edition of the table: stored beside data derived from it.
pub const REVISION: &str = "china-division-2.7.0+660000";

refusals! {
    /// Why a code is not a division.
    Refusal {
        /// Not six digits, or a county without a prefecture, or a prefecture without a province.
        Shape = "division.shape" "行政区划代码须为6位数字" "a division code is six digits";
        /// Well formed, but not in the current edition.
        Unlisted = "division.unlisted" "行政区划代码不在现行版本中" "the division is not in the current edition";
    }
}

/// How far down a division stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The whole country, 000000.
    National,
    /// A province, an autonomous region, a municipality or 兵团.
    Province,
    /// A prefecture.
    Prefecture,
    /// A county or a district.
    County,
}

/// A provincial-level division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Province {
    /// Its code, `XX0000`.
    pub code: DivisionCode,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// People at the census of 2020; 0 for 660000, whose people 650000 counts.
    pub population: u32,
}

impl Province {
    /// Its prefectures, by code, each with its name.
    pub fn prefectures(&self) -> impl Iterator<Item = (DivisionCode, &'static str)> + use<> {
        let province = self.code;
        let listed = table::PREFECTURES.iter().map(|(code, name)| (DivisionCode(*code), *name));
        listed.filter(move |(code, _)| province.covers(*code))
    }
}

/// A division's code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DivisionCode(u32);

impl DivisionCode {
    /// The whole country.
    pub const NATIONAL: Self = Self(0);
    /// 新疆生产建设兵团; the code is ours.
    pub const XPCC: Self = Self(660_000);

    /// The code with this value, if it is well formed.
    pub const fn new(code: u32) -> Result<Self, Refusal> {
        let (province, prefecture, county) = (code / 10_000, code / 100 % 100, code % 100);
        let rooted = (province >= 11 || code == 0) && (prefecture != 0 || county == 0);
        if code <= 999_999 && rooted { Ok(Self(code)) } else { Err(Refusal::Shape) }
    }

    /// Its value as a number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// How far down it stands.
    pub const fn level(self) -> Level {
        match (self.0, self.0 % 10_000, self.0 % 100) {
            (0, _, _) => Level::National,
            (_, 0, _) => Level::Province,
            (_, _, 0) => Level::Prefecture,
            _ => Level::County,
        }
    }

    /// The province it lies in; the country lies in none and gives itself.
    #[must_use]
    pub const fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The prefecture it lies in; what stands higher gives itself.
    #[must_use]
    pub const fn prefecture(self) -> Self {
        Self(self.0 / 100 * 100)
    }

    /// The next division up; the country has none.
    pub const fn parent(self) -> Option<Self> {
        match self.level() {
            Level::National => None,
            Level::Province => Some(Self::NATIONAL),
            Level::Prefecture => Some(self.province()),
            Level::County => Some(self.prefecture()),
        }
    }

    /// Whether `other` is this division or lies within it.
    pub const fn covers(self, other: Self) -> bool {
        match self.level() {
            Level::National => true,
            Level::Province => other.0 / 10_000 == self.0 / 10_000,
            Level::Prefecture => other.0 / 100 == self.0 / 100,
            Level::County => other.0 == self.0,
        }
    }

    /// The greatest code it covers: it covers what lies between itself and this one, and nothing else.
    #[must_use]
    pub const fn last(self) -> Self {
        match self.level() {
            Level::National => Self(999_999),
            Level::Province => Self(self.0 + 9_999),
            Level::Prefecture => Self(self.0 + 99),
            Level::County => self,
        }
    }

    /// Whether the two have an area in common.
    pub const fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Its Chinese name in the current edition, down to the prefecture.
    pub fn name(self) -> Option<&'static str> {
        match self.level() {
            Level::National => Some("全国"),
            Level::Province => find_province(self).map(|province| province.zh),
            Level::Prefecture => {
                let found = table::PREFECTURES.binary_search_by_key(&self.0, |row| row.0);
                found.ok().map(|index| table::PREFECTURES[index].1)
            }
            Level::County => None,
        }
    }

    /// The same with its province before it, such as 浙江省杭州市; its code where it has no name.
    #[must_use]
    pub fn full_name(self) -> String {
        let province = self.province().name().filter(|_| self.province() != self).unwrap_or_default();
        self.name().map_or_else(|| self.to_string(), |name| format!("{province}{name}"))
    }

    /// Whether the current edition lists it; of a county, whether it lists its prefecture.
    pub fn is_listed(self) -> bool {
        self.prefecture().name().is_some()
    }

    /// Itself, if the current edition lists it.
    pub fn listed(self) -> Result<Self, Refusal> {
        if self.is_listed() { Ok(self) } else { Err(Refusal::Unlisted) }
    }
}

/// The provincial-level division that `code` is or lies in.
pub fn find_province(code: DivisionCode) -> Option<&'static Province> {
    let province = code.province();
    PROVINCES.iter().find(|row| row.code == province)
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DivisionCode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Shape);
        }
        Self::new(text.parse().map_err(|_| Refusal::Shape)?)
    }
}

impl TryFrom<i64> for DivisionCode {
    type Error = Refusal;

    fn try_from(code: i64) -> Result<Self, Refusal> {
        Self::new(u32::try_from(code).map_err(|_| Refusal::Shape)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_division_covers_is_one_range_of_codes() {
        for own in ["000000", "330000", "330100", "330106"] {
            let own: DivisionCode = own.parse().unwrap();
            for other in
                ["000000", "330000", "330100", "330106", "330199", "330200", "339999", "340000", "990000"]
            {
                let other: DivisionCode = other.parse().unwrap();
                assert_eq!(own.covers(other), (own..=own.last()).contains(&other), "{own} {other}");
                assert_eq!(own.overlaps(other), own.covers(other) || other.covers(own));
            }
        }
    }

    #[test]
    fn a_division_covers_itself_and_what_lies_within() {
        for (over, under, covered) in [
            ("000000", "330106", true),
            ("000000", "000000", true),
            ("330000", "330106", true),
            ("330000", "330000", true),
            ("330000", "340100", false),
            ("330000", "000000", false),
            ("330100", "330106", true),
            ("330100", "330206", false),
            ("330100", "330000", false),
            ("330106", "330106", true),
            ("330106", "330100", false),
            ("650000", "660100", false),
        ] {
            assert_eq!(code(over).covers(code(under)), covered, "{over} {under}");
        }
    }

    #[test]
    fn a_code_says_its_level_and_parent() {
        for (text, level, parent) in [
            ("000000", Level::National, None),
            ("330000", Level::Province, Some("000000")),
            ("330100", Level::Prefecture, Some("330000")),
            ("330106", Level::County, Some("330100")),
        ] {
            assert_eq!((code(text).level(), code(text).parent()), (level, parent.map(code)), "{text}");
        }
    }

    #[test]
    fn a_code_is_six_digits_rooted_in_a_province() {
        for text in ["", "33010", "3301066", "33010a", "+33010", "000106", "100000", "330006", "３３0106"] {
            assert_eq!(text.parse::<DivisionCode>(), Err(Refusal::Shape), "{text}");
        }
        assert_eq!(DivisionCode::try_from(-1), Err(Refusal::Shape));
        assert_eq!(DivisionCode::try_from(1_330_106), Err(Refusal::Shape));
        assert_eq!(code("000000").to_string(), "000000");
    }

    /// SE-3.11: 31 provinces and 新疆生产建设兵团.
    #[test]
    fn there_are_32_provincial_level_divisions_and_the_census_adds_up() {
        assert_eq!(PROVINCES.len(), 32);
        assert_eq!(
            PROVINCES.iter().map(|province| u64::from(province.population)).sum::<u64>(),
            1_409_778_724
        );
        assert!(PROVINCES.is_sorted_by_key(|province| province.code));
        assert!(PROVINCES.iter().all(|province| province.code.level() == Level::Province));
        assert!(PROVINCES.iter().all(|province| province.prefectures().next().is_some()));
    }

    #[test]
    fn every_prefecture_is_listed_once_under_its_province() {
        assert!(table::PREFECTURES.is_sorted_by_key(|row| row.0));
        let under: usize = PROVINCES.iter().map(|province| province.prefectures().count()).sum();
        assert_eq!(under, table::PREFECTURES.len());
        assert!(table::PREFECTURES.iter().all(|row| DivisionCode(row.0).level() == Level::Prefecture));
    }

    #[test]
    fn names_come_from_the_current_edition_only() {
        assert_eq!(code("330100").name(), Some("杭州市"));
        assert_eq!(DivisionCode::XPCC.name(), Some("新疆生产建设兵团"));
        assert_eq!(code("330106").name(), None);
        assert!(code("330106").is_listed());
        assert_eq!(code("512900").listed(), Err(Refusal::Unlisted), "南充地区 was abolished in 1993");
        assert_eq!(code("810000").listed(), Err(Refusal::Unlisted));
    }
}
