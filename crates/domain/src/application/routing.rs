//! Which department says what about which region (R12, CH-8.1b to CH-8.1e, CH-9.3b).
//!
//! A prefecture is reviewed by its own department and then by its province's, a province by its own. Of the whole
//! country every province is asked for an opinion, and the ministry decides. Invariant: one task per region and
//! department, each answered once; a region is agreed to when its province has agreed, so the answer for several
//! regions may be partial. Nobody answers twice for one region.

use super::Refusal;
use crate::division::{DivisionCode, Level, PROVINCES};
use crate::matter::{self, By, Party, Refused, Wait};
use crate::name::names;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

names! {
    /// What a department says.
    Verdict {
        /// 同意.
        Agreed = "agreed",
        /// 有条件同意: of the opinions that the ministry asks for.
        Conditional = "conditional",
        /// 不同意.
        Refused = "refused",
    }
    /// What a task is.
    Kind {
        /// 地市级初审.
        Prefecture = "prefecture",
        /// 省级初审.
        Province = "province",
        /// 征求意见 (CH-8.1e).
        Consultation = "consultation",
    }
}

/// An opinion block of the forms (CH-F1.15, CH-F3.3); its date is `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationOpinion))]
pub struct Opinion {
    /// What is said.
    pub verdict: Verdict,
    /// In words.
    pub words: String,
    /// 联系人.
    pub contact: String,
    /// 联系电话.
    pub phone: String,
    /// Who said it.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// What one department is asked about one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationTask))]
pub struct Task {
    /// What it is.
    pub kind: Kind,
    /// The region.
    pub region: DivisionCode,
    /// Where the department stands.
    pub division: DivisionCode,
    /// What it said.
    pub opinion: Option<Opinion>,
}

/// The tasks of one round of reviews, those of a region in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationRound))]
pub struct Round {
    tasks: Vec<Task>,
}

impl Task {
    fn new(kind: Kind, region: DivisionCode, division: DivisionCode) -> Self {
        Self { kind, region, division, opinion: None }
    }

    const fn party(&self) -> Party {
        match self.kind {
            Kind::Prefecture => Party::Prefecture,
            Kind::Province | Kind::Consultation => Party::Province,
        }
    }

    fn verdict(&self) -> Option<Verdict> {
        self.opinion.as_ref().map(|opinion| opinion.verdict)
    }

    fn is_for(&self, by: &By) -> bool {
        self.party() == by.party && self.division == by.division
    }
}

impl Round {
    /// First reviews of these regions; none for the whole country, which goes to the ministry (CH-8.1d).
    pub fn of(regions: &[DivisionCode]) -> Self {
        let mut tasks = Vec::new();
        for region in regions {
            let own = |kind| Task::new(kind, *region, *region);
            match region.level() {
                Level::National => {}
                Level::Province => tasks.push(own(Kind::Province)),
                Level::Prefecture | Level::County => {
                    tasks.push(own(Kind::Prefecture));
                    tasks.push(Task::new(Kind::Province, *region, region.province()));
                }
            }
        }
        Self { tasks }
    }

    /// Every provincial department is asked about the whole country (CH-8.1e, SE-3.11).
    pub fn consultation() -> Self {
        let ask = |code| Task::new(Kind::Consultation, code, code);
        Self { tasks: PROVINCES.iter().map(|province| ask(province.code)).collect() }
    }

    /// Every task, in order.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The tasks that can be answered now: the earlier one of the region has been, and with consent.
    pub fn open(&self) -> impl Iterator<Item = &Task> {
        self.tasks
            .iter()
            .enumerate()
            .filter(|(place, task)| task.opinion.is_none() && self.is_due(*place))
            .map(|row| row.1)
    }

    fn is_due(&self, place: usize) -> bool {
        let region = self.tasks[place].region;
        let mut earlier = self.tasks[..place].iter().filter(|task| task.region == region);
        earlier.all(|task| task.verdict() == Some(Verdict::Agreed))
    }

    /// Whether nobody is asked any more.
    pub fn is_complete(&self) -> bool {
        self.open().next().is_none()
    }

    /// The regions to which every department has agreed.
    pub fn agreed(&self) -> Vec<DivisionCode> {
        let mut regions: Vec<_> = self.tasks.iter().map(|task| task.region).collect();
        regions.dedup();
        let all = |region: &DivisionCode| {
            let mut own = self.tasks.iter().filter(|task| task.region == *region);
            own.all(|task| task.verdict() == Some(Verdict::Agreed))
        };
        regions.retain(all);
        regions
    }

    /// Whether somebody has a task now (CH-5.2), and has said nothing about its region before.
    pub fn admits(&self, by: &By) -> Result<(), matter::Refusal> {
        if !self.tasks.iter().any(|task| task.is_for(by)) {
            return Err(matter::Refusal::Division);
        }
        let mut refused = Err(matter::Refusal::Transition);
        for task in self.open().filter(|task| task.is_for(by)) {
            refused = self.others_only(task.region, by);
            if refused.is_ok() {
                break;
            }
        }
        refused
    }

    fn others_only(&self, region: DivisionCode, by: &By) -> Result<(), matter::Refusal> {
        let mut said =
            self.tasks.iter().filter(|task| task.region == region).filter_map(|task| task.opinion.as_ref());
        said.try_for_each(|opinion| by.other_than(&opinion.by))
    }

    /// Takes an opinion about a region.
    pub fn give(&mut self, region: DivisionCode, opinion: &Opinion) -> Result<(), Refused> {
        matter::words(&opinion.words)?;
        let found = self.open().find(|task| task.region == region && task.is_for(&opinion.by)).cloned();
        let task = found.ok_or(Refusal::Region)?;
        self.others_only(region, &opinion.by)?;
        if task.kind != Kind::Consultation && opinion.verdict == Verdict::Conditional {
            return Err(Refusal::Conditional.into());
        }
        for row in self.tasks.iter_mut().filter(|row| row.kind == task.kind && row.region == region) {
            row.opinion = Some(opinion.clone());
        }
        Ok(())
    }

    /// For whom the round waits.
    pub fn waits(&self) -> Vec<Wait> {
        let wait = |task: &Task| Wait {
            party: task.party(),
            division: Some(task.division),
            task: if task.kind == Kind::Consultation { "reply" } else { "review" },
            deadline: None,
        };
        let mut waits: Vec<Wait> = Vec::new();
        for next in self.open().map(wait) {
            if !waits.contains(&next) {
                waits.push(next);
            }
        }
        waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::testing::by;
    use crate::refusal::Refuse;

    fn code(text: &str) -> DivisionCode {
        text.parse().unwrap()
    }

    fn open(round: &Round) -> Vec<String> {
        round.open().map(|task| format!("{} {} of {}", task.kind, task.division, task.region)).collect()
    }

    fn say(round: &mut Round, by: By, region: &str, verdict: Verdict) -> Result<(), Refused> {
        let at = Timestamp::EPOCH;
        let words = "意见".to_owned();
        round.give(
            code(region),
            &Opinion { verdict, words, contact: String::new(), phone: String::new(), by, at },
        )
    }

    /// CH-5.2, CH-8.1b, CH-9.3b, R12.
    #[test]
    fn a_prefecture_is_reviewed_by_itself_and_then_by_its_province() {
        let mut round = Round::of(&[code("310000"), code("330100")]);
        assert_eq!(open(&round), ["province 310000 of 310000", "prefecture 330100 of 330100"]);
        let early = say(&mut round, by(Party::Province, 1, "330000"), "330100", Verdict::Agreed).unwrap_err();
        assert_eq!(early.code(), "application.region", "the prefecture comes first");
        assert_eq!(round.admits(&by(Party::Province, 1, "320000")), Err(matter::Refusal::Division));
        assert_eq!(round.admits(&by(Party::Province, 1, "330000")), Err(matter::Refusal::Transition));
        say(&mut round, by(Party::Prefecture, 2, "330100"), "330100", Verdict::Agreed).unwrap();
        assert_eq!(open(&round), ["province 310000 of 310000", "province 330000 of 330100"]);
        let same = by(Party::Province, 2, "330000");
        assert_eq!(round.admits(&same), Err(matter::Refusal::SamePerson), "nobody answers twice");
        let same = say(&mut round, same, "330100", Verdict::Agreed).unwrap_err();
        assert_eq!(same.code(), matter::Refusal::SamePerson.code());
        say(&mut round, by(Party::Province, 1, "330000"), "330100", Verdict::Agreed).unwrap();
        assert!(!round.is_complete());
        say(&mut round, by(Party::Province, 4, "310000"), "310000", Verdict::Refused).unwrap();
        assert!(round.is_complete());
        assert_eq!(round.agreed(), [code("330100")]);
    }

    /// CH-9.3b: what the prefecture refuses is not put before the province.
    #[test]
    fn a_region_refused_by_the_first_is_not_put_before_the_second() {
        let mut round = Round::of(&[code("330100")]);
        say(&mut round, by(Party::Prefecture, 1, "330100"), "330100", Verdict::Refused).unwrap();
        assert!(round.is_complete() && round.agreed().is_empty());
    }

    /// CH-8.1d, CH-8.1e, SE-3.11, R12.
    #[test]
    fn of_the_whole_country_all_32_are_asked_and_nobody_reviews_first() {
        assert!(Round::of(&[DivisionCode::NATIONAL]).tasks().is_empty());
        let mut round = Round::consultation();
        assert_eq!(round.tasks().len(), 32);
        assert!(round.tasks().iter().any(|task| task.division == DivisionCode::XPCC));
        for (place, province) in PROVINCES.iter().enumerate() {
            assert!(!round.is_complete());
            let verdict = Verdict::ALL[place % 3];
            let who = by(Party::Province, 9, &province.code.to_string());
            say(&mut round, who, &province.code.to_string(), verdict).unwrap();
        }
        assert!(round.is_complete());
        assert_eq!(round.agreed().len(), 11);
    }

    /// CH-9.3b: a first review is a yes or a no.
    #[test]
    fn a_first_review_has_no_conditions() {
        let mut round = Round::of(&[code("310000")]);
        let who = by(Party::Province, 1, "310000");
        let refused = say(&mut round, who, "310000", Verdict::Conditional).unwrap_err();
        assert_eq!(refused.code(), "application.conditional");
    }
}
