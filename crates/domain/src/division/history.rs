//! Prefecture-level divisions that began or ended since 2003, by the month in which the State Council approved it.
//!
//! Cards and identity documents keep the code of their day, so a code that ended is still read, and says what took its place.

use super::DivisionCode;

/// A prefecture-level division that is no more (已撤销).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    /// Its code, which is not given again.
    pub code: DivisionCode,
    /// Its last Chinese name.
    pub name: &'static str,
    /// The month in which its end was approved, `YYYY-MM`.
    pub ended: &'static str,
    /// What it became, or was divided among.
    pub successors: &'static [DivisionCode],
}

const fn former(
    code: u32,
    name: &'static str,
    ended: &'static str,
    successors: &'static [DivisionCode],
) -> Former {
    Former { code: DivisionCode(code), name, ended, successors }
}

/// All of them, by code.
pub const FORMER: [Former; 19] = [
    former(142_300, "吕梁地区", "2003-10", &[DivisionCode(141_100)]),
    former(152_600, "乌兰察布盟", "2003-12", &[DivisionCode(150_900)]),
    former(152_800, "巴彦淖尔盟", "2003-12", &[DivisionCode(150_800)]),
    former(
        341_400,
        "巢湖市",
        "2011-07",
        &[DivisionCode(340_100), DivisionCode(340_200), DivisionCode(340_500)],
    ),
    former(371_200, "莱芜市", "2018-12", &[DivisionCode(370_100)]),
    former(522_200, "铜仁地区", "2011-10", &[DivisionCode(520_600)]),
    former(522_400, "毕节地区", "2011-10", &[DivisionCode(520_500)]),
    former(532_700, "思茅地区", "2003-10", &[DivisionCode(530_800)]),
    former(533_500, "临沧地区", "2003-12", &[DivisionCode(530_900)]),
    former(542_100, "昌都地区", "2014-10", &[DivisionCode(540_300)]),
    former(542_200, "山南地区", "2016-01", &[DivisionCode(540_500)]),
    former(542_300, "日喀则地区", "2014-06", &[DivisionCode(540_200)]),
    former(542_400, "那曲地区", "2017-07", &[DivisionCode(540_600)]),
    former(542_600, "林芝地区", "2015-03", &[DivisionCode(540_400)]),
    former(622_400, "定西地区", "2003-04", &[DivisionCode(621_100)]),
    former(622_600, "陇南地区", "2004-01", &[DivisionCode(621_200)]),
    former(632_100, "海东地区", "2013-02", &[DivisionCode(630_200)]),
    former(652_100, "吐鲁番地区", "2015-03", &[DivisionCode(650_400)]),
    former(652_200, "哈密地区", "2016-01", &[DivisionCode(650_500)]),
];

/// Divisions founded from nothing that ended: the code and the month.
const FOUNDED: [(DivisionCode, &str); 3] = [
    (DivisionCode(460_300), "2012-06"),
    (DivisionCode(460_400), "2015-02"),
    (DivisionCode(640_500), "2003-12"),
];

impl DivisionCode {
    /// What a division that is no more was: for itself, and for a county that lay in it.
    #[must_use]
    pub fn former(self) -> Option<&'static Former> {
        let code = self.prefecture();
        FORMER.iter().find(|former| former.code == code)
    }

    /// The month in which a prefecture-level division was approved, if that was after 2002: the end of the only one that it took the
    /// place of, or its founding.
    #[must_use]
    pub fn began(self) -> Option<&'static str> {
        let founded = FOUNDED.iter().find(|(code, _)| *code == self).map(|(_, month)| *month);
        let of_one = |former: &&Former| former.successors == [self] && former.code != LAIWU;
        founded.or_else(|| FORMER.iter().find(of_one).map(|former| former.ended))
    }
}

/// 莱芜市 became a part of 济南市, which was there before.
const LAIWU: DivisionCode = DivisionCode(371_200);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::division::{Level, PROVINCES, Province};
    use gb2260::Division;

    /// Editions of the other table for the mainland, oldest first: `YYYYMM`.
    fn editions() -> Vec<&'static str> {
        let mut editions: Vec<_> =
            Division::revisions().into_iter().filter(|edition| edition.len() == 6).collect();
        editions.sort_unstable();
        editions
    }

    fn listed(code: DivisionCode, edition: &str) -> bool {
        Division::get_by_revision(&code.to_string(), edition).is_some()
    }

    /// A month as an edition is named.
    fn digits(month: &str) -> String {
        month.replace('-', "")
    }

    #[test]
    fn a_former_division_is_listed_no_more_and_what_took_its_place_is() {
        assert!(FORMER.is_sorted_by_key(|former| former.code));
        for former in &FORMER {
            assert_eq!(former.code.level(), Level::Prefecture);
            assert!(!former.code.is_listed(), "{}", former.name);
            assert!(
                former.successors.iter().all(|code| code.is_listed() && former.code.province().covers(*code))
            );
        }
        let county = DivisionCode(341_402);
        assert_eq!(county.former().map(|former| former.name), Some("巢湖市"));
        assert_eq!(DivisionCode(330_100).former(), None);
    }

    /// Against the editions of another table, from 2002 to 2016: what it once listed and the present edition does not is here, under
    /// the name that it had, and ended after the last edition before its month that lists it and before one a year later.
    #[test]
    fn what_another_table_once_listed_is_listed_or_former() {
        let editions = editions();
        let ordinary =
            |code: DivisionCode| !matches!(code.get() % 10_000 / 100, 90) && code.get() / 10_000 < 70;
        let groups = [110_200, 120_200, 310_200, 500_300].map(DivisionCode);
        let mut ended = 0;
        for code in (1_100..7_000).filter_map(|head| DivisionCode::new(head * 100).ok()) {
            let within: Vec<_> = editions.iter().filter(|edition| listed(code, edition)).collect();
            if within.is_empty() || code.is_listed() || !ordinary(code) || groups.contains(&code) {
                continue;
            }
            let Some(former) = code.former() else { panic!("{code} is neither listed nor former") };
            let last = **within.last().unwrap();
            assert_eq!(Division::get_by_revision(&code.to_string(), last).unwrap().name, former.name);
            let month = digits(former.ended);
            let before = editions.iter().rfind(|edition| **edition < month.as_str()).unwrap();
            assert!(listed(code, before), "{} ended in {month}, and {before} does not list it", former.name);
            let later = (month.parse::<u32>().unwrap() + 100).to_string();
            assert!(last < later.as_str(), "{} ended in {month}, and {last} lists it", former.name);
            ended += 1;
        }
        assert_eq!(ended, FORMER.len(), "everything former was listed once");
    }

    /// What the present edition lists and the edition of 2002 does not began in a month that the editions agree with.
    #[test]
    fn what_began_since_says_when() {
        let editions = editions();
        let (first, last) = (editions[0], editions[editions.len() - 1]);
        let known = PROVINCES.iter().filter(|province| province.code != DivisionCode::XPCC);
        for (code, name) in known.flat_map(Province::prefectures) {
            let Some(month) = code.began().map(digits) else {
                let is_group = code == DivisionCode(419_000);
                assert!(listed(code, first) || is_group, "{name} began after {first}");
                continue;
            };
            assert!(!listed(code, first), "{name}");
            let before = editions.iter().filter(|edition| **edition < month.as_str());
            assert!(
                before.into_iter().all(|edition| !listed(code, edition)),
                "{name} was there before {month}"
            );
            assert!(month.as_str() > last || listed(code, last), "{name}");
        }
    }
}
