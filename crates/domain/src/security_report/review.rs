//! How a report is looked through: what the rules find of each item, what is left to a person, and what the person said.
//!
//! Invariant: what the rules find is asked of the report itself, by the functions that let it be filed. What no rule can know,
//! such as whether a certificate is genuine, is never shown as found.

use super::{Action, Filing, Item, QualificationKind, Refusal, Report, SPECIFICATION, SecurityReport, State};
use crate::matter::{self, By, Faults, Refused, Scene};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the operator found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportReview))]
pub(super) struct Review {
    pub(super) verdict: Action,
    words: String,
    by: By,
    at: Timestamp,
    /// What was confirmed, item by item, where that was told.
    #[serde(default)]
    confirmed: Vec<Item>,
    /// What is wrong, item by item.
    #[serde(default)]
    remarks: Vec<Remark>,
}

/// What is wrong with one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportRemark))]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// Which.
    item: Item,
    /// What is wrong with it.
    words: String,
}

/// An item, with what the rules find of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Which.
    pub item: Item,
    /// What the rules find; nothing where no rule knows.
    pub found: Option<bool>,
}

impl Item {
    /// The clause that asks for it.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Cnas => "CH-29.1",
            Self::Cma => "CH-29.2",
            Self::RiskAssessment => "CH-29.3",
            Self::Cryptography => "CH-29.4",
            Self::Specification => "CH-28.1",
            Self::TestedOn => "CH-28.4a",
            Self::Scope => "CH-28.5",
            Self::Document => "CH-28.3",
            Self::Retest => "CH-28.6a",
        }
    }

    /// Whether a person has to look: that a certificate is genuine, what was tested and what the file says, no rule knows.
    pub const fn is_confirmed(self) -> bool {
        !matches!(self, Self::Specification | Self::TestedOn)
    }
}

impl Review {
    /// A review in words; what is said of single items is checked.
    pub(super) fn new(
        verdict: Action,
        (words, confirmed, remarks): (String, Vec<Item>, Vec<Remark>),
        scene: &Scene<'_>,
    ) -> Result<Self, Refused> {
        matter::words(&words)?;
        let mut faults = Faults::default();
        for (place, remark) in remarks.iter().enumerate() {
            faults.take(format!("/remarks/{place}/words"), matter::words(&remark.words));
        }
        faults.check()?;
        Ok(Self { verdict, words, by: scene.by, at: scene.at, confirmed, remarks })
    }
}

impl Report {
    fn found(&self, item: Item, scene: &Scene<'_>, before: Option<&Self>) -> Option<bool> {
        let holds = |kind| Some(self.lab.holds(kind, self.tested_on));
        match item {
            Item::Cnas => holds(QualificationKind::Cnas),
            Item::Cma => holds(QualificationKind::Cma),
            Item::RiskAssessment => holds(QualificationKind::RiskAssessment),
            Item::Cryptography => holds(QualificationKind::Cryptography),
            Item::Specification => Some(self.specification == SPECIFICATION),
            Item::TestedOn => Some(self.is_timely(scene, before.map(|failed| failed.tested_on)).is_ok()),
            Item::Scope => self.is_reused.then(|| self.scope.contains(SPECIFICATION)),
            Item::Document => None,
            Item::Retest => before.map(|failed| failed.file != self.file),
        }
    }
}

impl SecurityReport {
    /// The items of the report that waits for a review; none when no report waits.
    fn checklist(&self, scene: &Scene<'_>) -> Vec<Checked> {
        let waits = matches!(self.state, State::Filed | State::Retested);
        let Some((last, before)) = self.filings.split_last().filter(|_| waits) else { return Vec::new() };
        let failed = before.iter().rfind(|filing| filing.is_failed()).map(|filing| &filing.report);
        let asked = |item: &&Item| **item != Item::Retest || failed.is_some();
        let checked = |item: &Item| Checked { item: *item, found: last.report.found(*item, scene, failed) };
        Item::ALL.iter().filter(asked).map(checked).collect()
    }

    /// Refuses a list of what was confirmed that leaves something out.
    pub(super) fn all_confirmed(&self, confirmed: &[Item], scene: &Scene<'_>) -> Result<(), Refused> {
        let wanted = self.checklist(scene).into_iter().map(|one| one.item).filter(|item| item.is_confirmed());
        let mut faults = Faults::default();
        if wanted.into_iter().any(|item| !confirmed.contains(&item)) {
            faults.add("/confirmed", Refusal::Unconfirmed);
        }
        faults.check()
    }
}

impl Filing {
    pub(super) fn is_failed(&self) -> bool {
        matches!(&self.review, Some(review) if review.verdict == Action::Fail)
    }
}

/// The items of a report that waits for a review, of the body of its matter.
pub fn checklist(body: &str, scene: &Scene<'_>) -> Vec<Checked> {
    let report: Option<SecurityReport> = serde_json::from_str(body).ok();
    report.map(|report| report.checklist(scene)).unwrap_or_default()
}
