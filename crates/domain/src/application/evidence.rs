//! What comes with the formal filing: 附表3, the recordings and the security report (CH-9.3a, CH-F3).
//!
//! Invariant: one recording of iOS and one of Android, each with all six steps found in it by a time mark; and a
//! security report that was submitted as a matter of its own, where its laboratory and its age are checked. What the
//! films show and whether the report is sound is for the operator (CH-9.3d).

use super::Refusal;
use super::form::{self, Contact, past};
use crate::key::proof::PublicKey;
use crate::matter::{Faults, Kind, Refused, Scene};
use crate::name::names;
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
}

/// The states of a security report that the owner has submitted: it waits for the operator, or holds.
const SUBMITTED: [&str; 3] = ["filed", "retested", ACCEPTED];

/// The state of one that holds.
const ACCEPTED: &str = "accepted";

/// 附表3 正式入网申请表. Owner, name, form, mode, regions and services stand in 附表1 and are not asked again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationFormThree))]
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
    /// The public keys of the running service; none on a change.
    pub keys: Vec<PublicKey>,
}

/// Where in a recording a step is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationMark))]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// In which recording ([`System`]).
    pub system: String,
    /// The step ([`Step`]).
    pub step: String,
    /// Seconds from its beginning.
    pub at_seconds: u32,
}

/// Whether the operator has accepted a report about the channel that still holds (CH-9.2, CH-9.3d, CH-28.0).
pub(super) fn has_accepted_report(scene: &Scene<'_>) -> bool {
    reports(scene).any(|state| state == ACCEPTED)
}

fn reports<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    scene.others.iter().filter(|known| known.kind == Kind::SecurityReport).map(|known| known.state.as_str())
}

/// Checks what comes with the formal filing: form, recordings and security report (CH-F3.2), the tests of function and of
/// security before access (ND-3.5c).
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
    if !reports(scene).any(|state| SUBMITTED.contains(&state)) {
        faults.add("/files/security_report", Refusal::Report);
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

/// A step that the operator has seen in a recording (CH-9.3d).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationSeen))]
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
