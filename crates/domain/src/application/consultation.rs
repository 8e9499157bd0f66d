//! What the provinces are asked about the whole country (CH-8.1e), until when, and what their silence means.
//!
//! The clause wants them asked and says neither how long they have nor that all must answer. Invariant: silence is no opinion.
//! Nobody is taken to have agreed; whoever was silent on the last day is named once, a later answer is taken until the ministry
//! decides, and the ministry decides on what was said.

use super::{Application, Refusal};
use crate::calendar::{Duty, Period};
use crate::division::DivisionCode;
use crate::matter::{self, Deadline, Effect, Expiry, Message, Party, Refused, Scene, Step, Wait};
use crate::parameter::Name;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The provinces that had not answered when the last day was over (逾期未复).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationSilence))]
pub struct Silence {
    /// Which.
    pub provinces: Vec<DivisionCode>,
    /// When it was noted.
    pub at: Timestamp,
}

/// Until when a consultation that begins now may be answered. The number of working days is ours: the clause has none.
pub(super) fn deadline(scene: &Scene<'_>) -> Deadline {
    let period = Period::WorkingDays(scene.number(Name::ConsultationReply));
    Deadline::new(scene, scene.today(), period, Duty::Filing, "CH-8.1e", Expiry::Recorded)
}

impl Application {
    /// Whether the ministry may decide, as far as the provinces go: all have answered, or the day is over and it is noted who
    /// has not.
    pub(super) fn may_decide(&self) -> Result<(), Refusal> {
        if self.consultation.is_complete() || self.silence.is_some() {
            Ok(())
        } else {
            Err(Refusal::Consultation)
        }
    }

    /// Whether there is a silence to note.
    pub(super) fn may_note_silence(&self) -> Result<(), matter::Refusal> {
        let waits = !self.consultation.is_complete() && self.opinions_due.is_some();
        if waits && self.silence.is_none() { Ok(()) } else { Err(matter::Refusal::Transition) }
    }

    /// The last day is over: those who were silent are named, and told, and so is the ministry, which may decide.
    pub(super) fn note_silence(self, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        if !self.opinions_due.as_ref().is_some_and(|due| due.is_over(scene.at)) {
            return Err(matter::Refusal::Early.into());
        }
        let provinces: Vec<_> = self.consultation.open().map(|task| task.division).collect();
        let late = provinces.iter().map(|province| tell(Party::Province, Some(*province), LATE));
        let escalated = [tell(Party::Ministry, None, ESCALATED)];
        let effects: Vec<_> = late.chain(escalated).collect();
        let silence = Some(Silence { provinces, at: scene.at });
        Ok(Step::plain(Self { silence, ..self }).with(effects))
    }

    /// Each province that has not answered, with its last day; and whoever goes on when that is over.
    pub(super) fn consulted(&self) -> Vec<Wait> {
        let mut waits = self.consultation.waits();
        for wait in &mut waits {
            wait.deadline.clone_from(&self.opinions_due);
        }
        if self.silence.is_some() {
            waits.push(Wait { party: Party::Ministry, division: None, task: "decide", deadline: None });
        } else if let Some(due) = &self.opinions_due {
            let expiry = Expiry::Acts(super::Action::NoteSilence.as_str().to_owned());
            let deadline = Some(Deadline { expiry, ..due.clone() });
            waits.push(Wait { party: Party::Platform, division: None, task: "note_silence", deadline });
        }
        waits
    }
}

/// What a silent province is told.
const LATE: (&str, &str) = (
    "征求意见答复期限已过，已记录逾期未复；部信息中心作出决定前仍可答复",
    "The last day for your opinion is over, which is on record; it is still taken until the ministry decides",
);
/// What the ministry is told.
const ESCALATED: (&str, &str) = (
    "征求意见答复期限已过，尚有省级人社部门未答复，可作出决定或催办",
    "The last day for opinions is over and not all have answered: decide, or remind them",
);

fn tell(party: Party, division: Option<DivisionCode>, (zh, en): (&str, &str)) -> Effect {
    Effect::Tell(Message { party, division, channel: None, zh: zh.to_owned(), en: en.to_owned() })
}
