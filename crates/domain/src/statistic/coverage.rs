//! Who has a card and who has its electronic form, division by division, beside the marks that the notice of 2019 set
//! (ND-4.1 to ND-4.5). Their days are past: they are lines to be seen by, and nothing is refused because of them.
//!
//! Invariant: a share is compared exactly, so 4.999 % never counts as 5; a division that has no holders has no share.

use crate::division::{DivisionCode, Level, PROVINCES};
use crate::name::names;
use crate::time::BusinessDate;
use std::collections::BTreeMap;

/// Ten thousand of these are the whole.
const WHOLE: i128 = 10_000;

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Persons with a card in force; one is in force for a person at most (R27).
    pub holders: i64,
    /// E-cards of such cards; a person has one at most.
    pub ecards: i64,
}

impl Count {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { holders: self.holders + other.holders, ecards: self.ecards + other.ecards }
    }

    /// How many in ten thousand holders have an e-card, rounded down; none without holders.
    #[must_use]
    pub fn basis_points(self) -> Option<i64> {
        let share = (i128::from(self.ecards) * WHOLE).checked_div(i128::from(self.holders))?;
        i64::try_from(share).ok()
    }

    /// Whether at least so many in ten thousand have one.
    #[must_use]
    pub fn reaches(self, basis_points: i64) -> bool {
        self.holders > 0
            && i128::from(self.ecards) * WHOLE >= i128::from(self.holders) * i128::from(basis_points)
    }
}

names! {
    /// What a mark asks for.
    Demand {
        /// Every province has issued e-cards.
        ProvincesIssue = "provinces_issue",
        /// Every prefecture has.
        PrefecturesIssue = "prefectures_issue",
        /// Payment by code is open in every province.
        ProvincesPay = "provinces_pay",
        /// In every prefecture.
        PrefecturesPay = "prefectures_pay",
        /// So many in ten thousand holders have an e-card.
        Share = "share",
    }
}

impl Demand {
    /// Whether it says anything of an area: what all provinces were to do is nothing that a part of one can have done.
    #[must_use]
    pub fn concerns(self, area: DivisionCode) -> bool {
        match self {
            Self::ProvincesIssue | Self::ProvincesPay => area.level() <= Level::Province,
            Self::PrefecturesIssue | Self::PrefecturesPay => area.level() <= Level::Prefecture,
            Self::Share => true,
        }
    }
}

/// A mark: what was to be reached by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The clause that set it.
    pub clause: &'static str,
    /// By when, `YYYY-MM-DD`.
    pub on: &'static str,
    /// What.
    pub demand: Demand,
    /// How many in ten thousand; 0 for what is counted by division.
    pub basis_points: i64,
}

const fn mark(clause: &'static str, on: &'static str, demand: Demand, basis_points: i64) -> Mark {
    Mark { clause, on, demand, basis_points }
}

/// The marks in the order of their days. Payment in the cities of the trial (ND-4.1) is none: the notice does not name them.
pub const MARKS: [Mark; 7] = [
    mark("ND-4.1", "2019-04-30", Demand::ProvincesIssue, 0),
    mark("ND-4.2", "2019-06-30", Demand::Share, 500),
    mark("ND-4.2", "2019-06-30", Demand::ProvincesPay, 0),
    mark("ND-4.3", "2019-09-30", Demand::PrefecturesIssue, 0),
    mark("ND-4.3", "2019-09-30", Demand::Share, 1_000),
    mark("ND-4.4", "2019-12-31", Demand::PrefecturesPay, 0),
    mark("ND-4.5", "2020-12-31", Demand::Share, 2_500),
];

/// How far a mark is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Divisions of the area that have come so far; of a share, how many in ten thousand.
    pub reached: i64,
    /// How many there are; of a share, how many in ten thousand were asked for.
    pub of: i64,
    /// Whether it is reached.
    pub is_met: bool,
}

/// What was counted, by the division that issued the card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The day it was counted for.
    pub on: Option<BusinessDate>,
    /// By issuing division.
    pub counts: BTreeMap<DivisionCode, Count>,
}

impl Coverage {
    /// All of an area together.
    #[must_use]
    pub fn of(&self, area: DivisionCode) -> Count {
        let within = self.counts.range(area..=area.last());
        within.fold(Count::default(), |sum, (_, count)| sum.and(*count))
    }

    /// The divisions right below an area that have any, with theirs: provinces of the nation, prefectures of a province,
    /// counties of a prefecture. What an area issued itself lies in none.
    #[must_use]
    pub fn below(&self, area: DivisionCode) -> BTreeMap<DivisionCode, Count> {
        let mut areas: BTreeMap<DivisionCode, Count> = BTreeMap::new();
        for (division, count) in self.counts.range(area..=area.last()) {
            let part = match area.level() {
                Level::National => division.province(),
                Level::Province => division.prefecture(),
                Level::Prefecture | Level::County => *division,
            };
            if part != area {
                let sum = areas.entry(part).or_default();
                *sum = sum.and(*count);
            }
        }
        areas
    }

    /// How far an area has come to a mark. `paying` are the divisions for which payment by code is open.
    #[must_use]
    pub fn progress(&self, mark: &Mark, area: DivisionCode, paying: &[DivisionCode]) -> Progress {
        let issues = |division: DivisionCode| self.of(division).ecards > 0;
        let pays = |division: DivisionCode| paying.iter().any(|one| one.overlaps(division));
        let among = |divisions: Vec<DivisionCode>, has_come: &dyn Fn(DivisionCode) -> bool| {
            let (of, reached) = (divisions.len(), divisions.into_iter().filter(|one| has_come(*one)).count());
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            Progress { reached: count(reached), of: count(of), is_met: reached == of }
        };
        match mark.demand {
            Demand::ProvincesIssue => among(provinces(area), &issues),
            Demand::PrefecturesIssue => among(prefectures(area), &issues),
            Demand::ProvincesPay => among(provinces(area), &pays),
            Demand::PrefecturesPay => among(prefectures(area), &pays),
            Demand::Share => {
                let count = self.of(area);
                Progress {
                    reached: count.basis_points().unwrap_or_default(),
                    of: mark.basis_points,
                    is_met: count.reaches(mark.basis_points),
                }
            }
        }
    }
}

/// The provinces that an area is or covers.
fn provinces(area: DivisionCode) -> Vec<DivisionCode> {
    PROVINCES.iter().map(|province| province.code).filter(|code| code.overlaps(area)).collect()
}

/// The prefectures likewise; a province without any counts as one.
fn prefectures(area: DivisionCode) -> Vec<DivisionCode> {
    let mut all = Vec::new();
    for province in PROVINCES.iter().filter(|province| province.code.overlaps(area)) {
        let before = all.len();
        all.extend(province.prefectures().map(|(code, _)| code).filter(|code| code.overlaps(area)));
        if all.len() == before {
            all.push(province.code);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: u32) -> DivisionCode {
        DivisionCode::new(code).unwrap()
    }

    fn coverage(counts: &[(u32, i64, i64)]) -> Coverage {
        let counts = counts
            .iter()
            .map(|(at, holders, ecards)| (code(*at), Count { holders: *holders, ecards: *ecards }));
        Coverage { on: None, counts: counts.collect() }
    }

    fn of(clause: &str, demand: Demand) -> &'static Mark {
        MARKS.iter().find(|mark| (mark.clause, mark.demand) == (clause, demand)).unwrap()
    }

    /// ND-4.2, ND-4.3, ND-4.5: exactly the share is enough, one e-card less is not.
    #[test]
    fn a_share_is_reached_exactly() {
        for (clause, needed) in [("ND-4.2", 500_i64), ("ND-4.3", 1_000), ("ND-4.5", 2_500)] {
            let mark = of(clause, Demand::Share);
            for (ecards, is_met) in [(needed * 100, true), (needed * 100 - 1, false)] {
                let found = coverage(&[(330_100, 999_999, ecards), (330_200, 1, 0)]);
                let progress = found.progress(mark, DivisionCode::NATIONAL, &[]);
                assert_eq!((progress.is_met, progress.of), (is_met, needed), "{clause} {ecards}");
            }
        }
        assert_eq!(
            Count { holders: 1_000_000, ecards: 49_999 }.basis_points(),
            Some(499),
            "never rounded up"
        );
        assert_eq!(Count { holders: 0, ecards: 0 }.basis_points(), None);
        assert!(!Count::default().reaches(0), "where nobody has a card nothing is reached");
        assert!(Count { holders: i64::MAX, ecards: i64::MAX }.reaches(10_000));
    }

    /// ND-4.1, ND-4.3: every one of them, not most.
    #[test]
    fn all_provinces_and_all_prefectures_issue() {
        let all: Vec<_> = prefectures(DivisionCode::NATIONAL).iter().map(|one| (one.get(), 10, 1)).collect();
        let (by_province, by_prefecture) =
            (of("ND-4.1", Demand::ProvincesIssue), of("ND-4.3", Demand::PrefecturesIssue));
        for mark in [by_province, by_prefecture] {
            let progress = coverage(&all).progress(mark, DivisionCode::NATIONAL, &[]);
            assert!(progress.is_met && progress.reached == progress.of, "{progress:?}");
        }
        assert_eq!(coverage(&all).progress(by_province, DivisionCode::NATIONAL, &[]).of, 32);
        let without: Vec<_> = all.iter().copied().filter(|(at, ..)| *at != 330_200).collect();
        let found = coverage(&without);
        assert!(
            found.progress(by_province, DivisionCode::NATIONAL, &[]).is_met,
            "another of its prefectures issues"
        );
        let progress = found.progress(by_prefecture, code(330_000), &[]);
        assert_eq!((progress.reached, progress.is_met), (progress.of - 1, false));
        assert!(found.progress(by_prefecture, code(330_100), &[]).is_met, "a prefecture sees itself");
    }

    /// ND-4.2, ND-4.4: what a province or the ministry opened counts for all below.
    #[test]
    fn payment_is_open_in_all_of_them() {
        let (by_province, by_prefecture) =
            (of("ND-4.2", Demand::ProvincesPay), of("ND-4.4", Demand::PrefecturesPay));
        let found = coverage(&[]);
        let reached = |mark, area, paying: &[u32]| {
            let paying: Vec<_> = paying.iter().map(|one| code(*one)).collect();
            let progress = found.progress(mark, area, &paying);
            (progress.reached, progress.is_met)
        };
        assert_eq!(reached(by_province, DivisionCode::NATIONAL, &[330_100, 440_000]), (2, false));
        assert!(reached(by_prefecture, DivisionCode::NATIONAL, &[0]).1, "opened by the ministry");
        assert!(reached(by_prefecture, code(330_000), &[330_000]).1);
        assert_eq!(reached(by_prefecture, code(330_000), &[330_100, 330_106]), (1, false));
    }

    #[test]
    fn a_part_of_a_province_is_not_told_what_provinces_were_to_do() {
        let of = |area| MARKS.iter().filter(|mark| mark.demand.concerns(code(area))).count();
        assert_eq!([0, 330_000, 330_100, 330_106].map(of), [7, 7, 5, 3]);
    }

    #[test]
    fn an_area_is_the_sum_of_what_lies_in_it() {
        let found = coverage(&[(330_000, 1, 1), (330_100, 10, 2), (330_106, 100, 3), (440_000, 1_000, 4)]);
        assert_eq!(found.of(DivisionCode::NATIONAL), Count { holders: 1_111, ecards: 10 });
        assert_eq!(found.of(code(330_100)), Count { holders: 110, ecards: 5 });
        let below = |area| {
            found.below(area).into_iter().map(|(at, count)| (at.get(), count.holders)).collect::<Vec<_>>()
        };
        assert_eq!(below(DivisionCode::NATIONAL), [(330_000, 111), (440_000, 1_000)]);
        assert_eq!(below(code(330_000)), [(330_100, 110)]);
        assert_eq!(below(code(330_100)), [(330_106, 100)]);
        assert_eq!(below(code(330_106)), []);
    }

    #[test]
    fn the_marks_stand_in_the_order_of_their_days() {
        assert!(MARKS.windows(2).all(|pair| pair[0].on <= pair[1].on));
        assert!(MARKS.iter().all(|mark| mark.on.parse::<BusinessDate>().is_ok()));
        assert!(MARKS.iter().all(|mark| (mark.demand == Demand::Share) == (mark.basis_points > 0)));
    }
}
