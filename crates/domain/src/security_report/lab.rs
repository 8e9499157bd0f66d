//! What a laboratory found about a channel, and whether it may say so (CH-28, CH-29).
//!
//! Invariant: a report that passes [`Report::check`] names the specification, was made by a laboratory that held all
//! four qualifications on the day of the test, and its file has arrived. Whether its finding is believed is decided by
//! the operator.

use super::{Outcome, QualificationKind, Refusal, SPECIFICATION};
use crate::calendar::{Duty, Period};
use crate::id::AttachmentId;
use crate::matter::{self, Faults, Refused, Scene};
use crate::parameter::Name;
use crate::time::BusinessDate;
use serde::{Deserialize, Serialize};

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportReport))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The number the laboratory gave it.
    pub number: String,
    /// Who tested.
    pub lab: Lab,
    /// The specification that was tested against (CH-28.1).
    pub specification: String,
    /// Its version.
    pub specification_version: String,
    /// The day the test was completed, from which everything counts (R15).
    pub tested_on: BusinessDate,
    /// What was tested.
    pub scope: String,
    /// Whether it is the report of a test of the channel's own that covers the specification (CH-28.5).
    #[serde(default)]
    pub is_reused: bool,
    /// What the laboratory found.
    pub outcome: Outcome,
    /// The file of the report.
    pub file: AttachmentId,
}

/// A laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportLab))]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub qualifications: Vec<Qualification>,
}

/// A certificate of a laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SecurityReportQualification))]
#[serde(deny_unknown_fields)]
pub struct Qualification {
    /// Which of the four.
    pub kind: QualificationKind,
    /// Its number.
    pub number: String,
    /// The first day it is valid.
    pub valid_from: BusinessDate,
    /// The last.
    pub valid_to: BusinessDate,
}

impl Qualification {
    /// Whether it is valid on `day`; the first and the last day are.
    pub fn is_valid_on(&self, day: BusinessDate) -> bool {
        self.valid_from <= day && day <= self.valid_to
    }
}

impl Lab {
    /// Whether it holds a qualification on `day` (CH-29.0).
    pub fn holds(&self, kind: QualificationKind, day: BusinessDate) -> bool {
        self.qualifications.iter().any(|held| held.kind == kind && held.is_valid_on(day))
    }
}

impl Report {
    /// The last day on which it holds (CH-28.4a, R15).
    pub fn valid_until(&self, scene: &Scene<'_>) -> BusinessDate {
        let years = scene.number(Name::ReportValidity);
        scene.calendar.due(self.tested_on, Period::Months(12 * years), Duty::Term).on
    }

    /// Names every field that keeps it from being filed. `due_on` is the day by which the report before it had to be
    /// followed; `earlier` is the day of the test that this one comes after.
    pub(super) fn check(
        &self,
        scene: &Scene<'_>,
        due_on: Option<BusinessDate>,
        earlier: Option<BusinessDate>,
    ) -> Result<(), Refused> {
        let mut faults = Faults::default();
        for (pointer, text) in [
            ("/report/number", &self.number),
            ("/report/lab/name", &self.lab.name),
            ("/report/specification_version", &self.specification_version),
            ("/report/scope", &self.scope),
        ] {
            faults.take(pointer, matter::words(text));
        }
        if self.specification != SPECIFICATION {
            faults.add("/report/specification", Refusal::Specification);
        }
        if let Err(refusal) = self.is_timely(scene, earlier) {
            faults.add("/report/tested_on", refusal);
        }
        if self.is_reused {
            self.check_reuse(scene, due_on, &mut faults);
        }
        if !scene.files.iter().any(|file| file.id == self.file) {
            faults.add("/report/file", Refusal::File);
        }
        self.check_lab(&mut faults);
        faults.check()
    }

    pub(super) fn is_timely(&self, scene: &Scene<'_>, earlier: Option<BusinessDate>) -> Result<(), Refusal> {
        if self.tested_on > scene.today() {
            Err(Refusal::Future)
        } else if self.valid_until(scene) < scene.today() {
            Err(Refusal::Expired)
        } else if earlier.is_some_and(|day| self.tested_on < day) {
            Err(Refusal::Older)
        } else {
            Ok(())
        }
    }

    /// CH-28.5, R16.
    fn check_reuse(&self, scene: &Scene<'_>, due_on: Option<BusinessDate>, faults: &mut Faults) {
        let until = due_on.unwrap_or(scene.today());
        let months = i32::try_from(scene.number(Name::ReportReuse)).unwrap_or(i32::MAX);
        if self.tested_on.plus_months(months) < until {
            faults.add("/report/tested_on", Refusal::ReuseYear);
        }
        if !self.scope.contains(SPECIFICATION) {
            faults.add("/report/scope", Refusal::ReuseScope);
        }
    }

    /// CH-29.0: all four at once, each on the day of the test.
    fn check_lab(&self, faults: &mut Faults) {
        for kind in QualificationKind::ALL {
            match self.lab.qualifications.iter().position(|held| held.kind == *kind) {
                None => faults.add("/report/lab/qualifications", kind.missing()),
                Some(_) if self.lab.holds(*kind, self.tested_on) => {}
                Some(first) => {
                    faults.add(format!("/report/lab/qualifications/{first}"), Refusal::QualificationExpired);
                }
            }
        }
        for (place, held) in self.lab.qualifications.iter().enumerate() {
            faults.take(format!("/report/lab/qualifications/{place}/number"), matter::words(&held.number));
        }
    }
}
