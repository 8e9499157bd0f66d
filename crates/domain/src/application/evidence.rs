//! What comes with the formal filing: 附表3, the recordings and the security report (CH-9.3a, CH-F3).
//!
//! Invariant: one recording of iOS and one of Android, each with all six steps found in it by a time mark; and a
//! report of a laboratory that had all four qualifications on the day of the test, or one that the platform has
//! accepted already. What the films show and whether the report is sound is for the operator (CH-9.3d).

use super::Refusal;
use super::form::{self, Contact, past, text};
use crate::matter::{Faults, Kind, PublicKey, Refused, Scene};
use crate::name::names;
use crate::parameter::Name;
use crate::time::BusinessDate;
use serde::{Deserialize, Serialize};

names! {
    /// On what a recording was made (CH-F3.4).
    System {
        /// iOS.
        Ios = "ios",
        /// 安卓.
        Android = "android",
    }
    /// What a recording shows (CH-F3.5).
    Step {
        /// 进入电子社保卡.
        Enter = "enter",
        /// 签发电子社保卡.
        Issue = "issue",
        /// 修改密码.
        ChangePassword = "change_password",
        /// 重置密码.
        ResetPassword = "reset_password",
        /// 解除关联.
        Unbind = "unbind",
        /// 退出电子社保卡.
        Exit = "exit",
    }
    /// A qualification of the laboratory (CH-29.0).
    Qualification {
        /// CNAS 检验机构认可证书 (CH-29.1).
        Inspection = "cnas_inspection",
        /// 检验检测机构资质认定证书, CMA (CH-29.2).
        Testing = "cma",
        /// 信息安全服务资质认证证书（风险评估一级） (CH-29.3).
        RiskAssessment = "risk_assessment_1",
        /// 商用密码应用安全性评估资质 (CH-29.4).
        Cryptography = "cryptography_assessment",
    }
}

/// The test standard (CH-28.1).
pub const SPECIFICATION: &str = "电子社会保障卡服务渠道接入安全技术规范";

/// The state of an accepted report of kind [`Kind::SecurityReport`].
const ACCEPTED: &str = "accepted";

/// 附表3 正式入网申请表. Owner, name, form, mode, regions and services stand in 附表1 and are not asked again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormThree {
    /// 填表日期.
    pub filled_on: String,
    /// 渠道编号, which exists by now (CH-F3.1).
    pub number: String,
    /// 联系人 (CH-16.1).
    pub contact: Contact,
    /// The time marks in the recordings (CH-F3.5).
    pub marks: Vec<Mark>,
    /// The security report, unless one was accepted.
    pub report: Option<Report>,
    /// The public keys of the running service; none on a change.
    pub keys: Vec<PublicKey>,
}

/// Where in a recording a step is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// In which recording ([`System`]).
    pub system: String,
    /// The step ([`Step`]).
    pub step: String,
    /// Seconds from its beginning.
    pub at_seconds: u32,
}

/// A security report as the owner describes it; the file has the purpose `security_report`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Report {
    /// Its number.
    pub number: String,
    /// The laboratory.
    pub laboratory: String,
    /// The day the test was completed (R15).
    pub tested_on: String,
    /// The standard it names (CH-28.1).
    pub specification: String,
    /// The edition of that.
    pub edition: String,
    /// The laboratory's certificates.
    pub certificates: Vec<Certificate>,
}

/// A certificate of a laboratory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Certificate {
    /// Which qualification ([`Qualification`]).
    pub qualification: String,
    /// Its number.
    pub number: String,
    /// Its first day.
    pub valid_from: String,
    /// Its last day.
    pub valid_until: String,
}

/// Whether the platform has accepted a report about the channel whose test is not a year old (CH-28.4a).
pub fn accepted_report(scene: &Scene<'_>) -> bool {
    scene.others.iter().any(|known| known.kind == Kind::SecurityReport && known.state == ACCEPTED)
}

/// Checks what comes with the formal filing.
pub(super) fn check(form: &FormThree, purpose: super::Purpose, scene: &Scene<'_>) -> Result<(), Refused> {
    let mut faults = Faults::default();
    faults.take("/form/filled_on", past(&form.filled_on, scene.today()));
    let number = scene.channel.map(|channel| channel.number.to_string()).unwrap_or_default();
    if number.is_empty() || form.number != number {
        faults.add("/form/number", Refusal::NumberRequired);
    }
    form::contact(&form.contact, "/form/contact", &mut faults);
    if purpose == super::Purpose::Access {
        form::keys(&form.keys, "/form/keys", &mut faults);
    }
    for system in System::ALL {
        recording(form, *system, scene, &mut faults);
    }
    match &form.report {
        Some(given) => report(given, scene, &mut faults),
        None if accepted_report(scene) => {}
        None => faults.add("/form/report", Refusal::Report),
    }
    faults.check()
}

/// CH-F3.4, CH-F3.5: the film is there, and each of six steps is marked once.
fn recording(form: &FormThree, system: System, scene: &Scene<'_>, faults: &mut Faults) {
    let purpose = format!("recording_{system}");
    let films = scene.files.iter().filter(|file| file.purpose == purpose);
    let mut films = films.filter(|file| file.content_type.starts_with("video/"));
    if films.next().is_none() {
        faults.add(format!("/files/{purpose}"), Refusal::Recording);
    }
    for step in Step::ALL {
        let marked = |mark: &&Mark| mark.system == system.as_str() && mark.step == step.as_str();
        if form.marks.iter().filter(marked).count() != 1 {
            faults.add(format!("/form/marks/{system}/{step}"), Refusal::Steps);
        }
    }
}

/// CH-28.1, CH-28.3, CH-28.4a, CH-29.0.
fn report(report: &Report, scene: &Scene<'_>, faults: &mut Faults) {
    if !scene.files.iter().any(|file| file.purpose == "security_report") {
        faults.add("/files/security_report", Refusal::Report);
    }
    faults.take("/form/report/number", text(&report.number));
    faults.take("/form/report/laboratory", text(&report.laboratory));
    if !report.specification.contains(SPECIFICATION) {
        faults.add("/form/report/specification", Refusal::Specification);
    }
    if text(&report.edition).is_err() {
        faults.add("/form/report/edition", Refusal::Specification);
    }
    let Some(tested_on) = faults.take("/form/report/tested_on", past(&report.tested_on, scene.today()))
    else {
        return;
    };
    let months = i32::try_from(scene.number(Name::ReportValidity) * 12).unwrap_or(i32::MAX);
    if tested_on.plus_months(months) < scene.today() {
        faults.add("/form/report/tested_on", Refusal::ReportAge);
    }
    for qualification in Qualification::ALL {
        if !report.certificates.iter().any(|certificate| certificate.covers(*qualification, tested_on)) {
            faults.add(format!("/form/report/certificates/{qualification}"), Refusal::Laboratory);
        }
    }
}

impl Certificate {
    fn covers(&self, qualification: Qualification, day: BusinessDate) -> bool {
        let (from, until) =
            (self.valid_from.parse::<BusinessDate>(), self.valid_until.parse::<BusinessDate>());
        self.qualification == qualification.as_str()
            && !self.number.trim().is_empty()
            && from.is_ok_and(|from| from <= day)
            && until.is_ok_and(|until| day <= until)
    }
}

/// A step that the operator has seen in a recording (CH-9.3d).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// In which.
    pub system: System,
    /// Which.
    pub step: Step,
}

/// Whether all six steps were seen in both recordings.
pub(super) fn all_seen(seen: &[Seen]) -> Result<(), Refusal> {
    let every = System::ALL.iter().flat_map(|system| Step::ALL.iter().map(|step| (*system, *step)));
    let mut missing = every.filter(|(system, step)| !seen.contains(&Seen { system: *system, step: *step }));
    if missing.next().is_none() { Ok(()) } else { Err(Refusal::Steps) }
}
