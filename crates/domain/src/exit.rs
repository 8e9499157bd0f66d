//! A channel's exit (退出): voluntary or forced, through its transition to the deletion of what it holds (CH-32 to
//! CH-36).
//!
//! Invariant: a voluntary exit closes nothing before its planned day, the end of the transition and fifteen full days of
//! announcement (R17, R18). A forced one has a ground that another matter proves, and two people behind it (CH-35).
//! Keys are revoked in the step that closes. Whatever the way out, it is over only when the owner has certified, by
//! signature, that all raw data is deleted, and the operator has accepted that (CH-36.1).
//!
//! The platform keeps what the law wants kept, ledger and audit; that is not raw data of the channel.

mod certificate;
mod course;
mod steps;
#[cfg(test)]
mod tests;
mod words;

pub use certificate::{Certificate, Deletion};
pub use course::{Milestone, Stage, Standing, course};
pub use words::{Action, Category, Ground, Refusal, Stance, State};

use crate::channel::{ChannelNumber, Phase};
use crate::division::DivisionCode;
use crate::id::{AttachmentId, MatterId};
use crate::matter::{
    By, Deadline, Effect, Evidence, EvidenceFault, Expiry, Kind, Matter, Need, Party, Refused, Rule, Scene,
    Step, Wait,
};
use crate::signing_key::Registration;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

/// An exit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitBody))]
pub struct Exit {
    state: State,
    voluntary: Option<Voluntary>,
    forced: Option<Forced>,
    opened: Stamp,
    consultation: Option<Consultation>,
    /// The ministry's, or the second person's.
    decision: Option<Said>,
    transition: Option<Deadline>,
    prompts: Vec<Prompted>,
    announcement: Option<Announcement>,
    closed_on: Option<BusinessDate>,
    certificates: Vec<Certified>,
}

/// Who and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitStamp))]
struct Stamp {
    by: By,
    at: Timestamp,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitSaid))]
struct Said {
    words: String,
    stamp: Stamp,
}

/// What an owner files who wants to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitVoluntary))]
#[serde(deny_unknown_fields)]
pub struct Voluntary {
    /// The last day of service.
    planned_on: BusinessDate,
    reason: String,
    /// Needed inside the term of the agreement (CH-32.1).
    #[serde(default)]
    special_reason: Option<String>,
}

/// What the operator proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitForced))]
#[serde(deny_unknown_fields)]
pub struct Forced {
    ground: Ground,
    words: String,
    /// The matter that proves the ground; harm to reputation is proven in words.
    #[serde(default)]
    evidence: Option<MatterId>,
    /// The last day of the transition, where the operator sets another than the default (R19).
    #[serde(default)]
    transition_until: Option<BusinessDate>,
}

/// What the provinces are asked and answer (CH-33.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitConsultation))]
struct Consultation {
    due: Deadline,
    asked: Vec<Asked>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitAsked))]
struct Asked {
    province: DivisionCode,
    opinion: Option<(Stance, Said)>,
}

/// A prompt to the holders (CH-34.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitPrompted))]
struct Prompted {
    prompt: Prompt,
    stamp: Stamp,
}

/// How holders were prompted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitPrompt))]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    prompted_on: BusinessDate,
    /// How many holders it reached.
    reached: u32,
    /// The text they saw.
    words: String,
    /// The channels to which it guides them (CH-34.2).
    successors: Vec<ChannelNumber>,
    files: Vec<AttachmentId>,
}

/// The official announcement (CH-34.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitAnnouncement))]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    url: String,
    from_on: BusinessDate,
    until_on: BusinessDate,
}

/// A certificate as it was filed, and what the operator said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitCertified))]
struct Certified {
    certificate: Certificate,
    stamp: Stamp,
    /// Under which the key was registered; none of what was certified before keys were.
    #[serde(default)]
    registration: Option<Registration>,
    review: Option<Said>,
}

impl Certified {
    /// What was signed, checked anew for the exit `matter`.
    fn evidence(&self, matter: MatterId) -> Evidence {
        let mut evidence = self.certificate.evidence(matter);
        evidence.registration.clone_from(&self.registration);
        let (key, stamp) = (&self.certificate.public_key, &self.stamp);
        match &self.registration {
            Some(found) if found.covers(key, &stamp.by, stamp.at) => {}
            Some(_) => evidence.faults.push(EvidenceFault::Registration),
            None => evidence.faults.push(EvidenceFault::Unregistered),
        }
        evidence
    }
}

/// What opens one: one of the two.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    #[serde(default)]
    voluntary: Option<Voluntary>,
    #[serde(default)]
    forced: Option<Forced>,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Until when the provinces may answer.
    Consult {
        /// The last day.
        due_on: BusinessDate,
    },
    /// An opinion.
    Reply {
        /// Agree or not.
        stance: Stance,
        /// Why.
        words: String,
    },
    /// Agreed.
    Approve {
        /// Why.
        words: String,
    },
    /// Not agreed.
    Refuse {
        /// Why.
        words: String,
    },
    /// The owner stays.
    Withdraw {},
    /// The channel is notified.
    Notify {},
    /// Forced out.
    Confirm {
        /// Why.
        words: String,
    },
    /// Not forced out.
    Reject {
        /// Why not.
        words: String,
    },
    /// Holders were prompted.
    Prompt {
        /// How.
        prompt: Prompt,
    },
    /// The exit is announced.
    Announce {
        /// Where and how long.
        announcement: Announcement,
    },
    /// The last day is over.
    Close {},
    /// A risk event ended the channel.
    Terminate {},
    /// All is deleted.
    Certify {
        /// The signed word.
        certificate: Certificate,
    },
    /// The certificate is good.
    Accept {
        /// What was checked.
        words: String,
    },
    /// The certificate is not.
    Return {
        /// What is wrong.
        words: String,
    },
}

impl Exit {
    /// Whether it is over, the deletion certified and accepted.
    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// The certificate that the operator accepted, once there is one (CH-36.1).
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificates.last().filter(|_| self.is_closed()).map(|filed| &filed.certificate)
    }

    /// The certificates that were filed, each checked anew.
    pub(crate) fn evidence(&self, matter: MatterId) -> Vec<Evidence> {
        self.certificates.iter().map(|filed| filed.evidence(matter)).collect()
    }

    /// The last day of service, as far as it is known: the later of the planned day and the end of the transition (R17).
    pub fn last_day(&self) -> Option<BusinessDate> {
        let planned = self.voluntary.as_ref().map(|voluntary| voluntary.planned_on);
        planned.max(self.transition.as_ref().map(|transition| transition.due_on))
    }

    /// Carries a channel out that a risk event has just terminated (R19): its open exit, or else a new one, goes
    /// straight to the deletion.
    pub(crate) fn after_termination(scene: &Scene<'_>) -> Option<Effect> {
        let mut open = scene.others::<Self>().filter(|(known, _)| !known.is_ended);
        match open.next() {
            Some((_, exit)) if Self::next(exit.state, Action::Terminate).is_empty() => None,
            Some((known, _)) => {
                Some(Effect::Act { matter: known.id, input: r#"{"action":"terminate"}"#.to_owned() })
            }
            None => {
                let forced = serde_json::json!({ "forced": {
                    "ground": Ground::GradeThree,
                    "words": Ground::GradeThree.zh(),
                    "evidence": scene.matter,
                }});
                Some(Effect::Open { kind: Kind::Exit, opening: forced.to_string() })
            }
        }
    }
}

impl Matter for Exit {
    const KIND: Kind = Kind::Exit;
    const OPENED_BY: &'static [Party] = &[Party::Owner, Party::Operator, Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    /// CH-32.1, CH-35: an owner asks to leave while it is live; forced out is who is connected.
    fn opens_in(phase: Phase, party: Party) -> Result<(), Refused> {
        let is_due = match party {
            Party::Owner => phase == Phase::Live,
            Party::Platform => true,
            _ => phase.is_connected(),
        };
        if is_due { Ok(()) } else { Err(Refusal::Phase.into()) }
    }

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        steps::open(opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Filed, Action::Consult) => &[State::Consulting],
            (State::Consulting, Action::Reply) => &[State::Consulting],
            (State::Consulting, Action::Approve) => &[State::Approved],
            (State::Filed | State::Consulting, Action::Refuse) => &[State::Refused],
            (State::Filed | State::Consulting | State::Approved, Action::Withdraw) => &[State::Withdrawn],
            (State::Approved, Action::Notify) => &[State::Transition],
            (State::Proposed, Action::Confirm) => &[State::Transition, State::Deleting],
            (State::Proposed, Action::Reject) => &[State::Rejected],
            (State::Transition, Action::Prompt | Action::Announce) => &[State::Transition],
            (State::Transition, Action::Close) => &[State::Deleting],
            (
                State::Filed | State::Consulting | State::Approved | State::Proposed | State::Transition,
                Action::Terminate,
            ) => &[State::Deleting],
            (State::Deleting, Action::Certify) => &[State::Certified],
            (State::Certified, Action::Accept) => &[State::Closed],
            (State::Certified, Action::Return) => &[State::Deleting],
            (
                State::Filed
                | State::Consulting
                | State::Approved
                | State::Refused
                | State::Withdrawn
                | State::Proposed
                | State::Rejected
                | State::Transition
                | State::Deleting
                | State::Certified
                | State::Closed,
                _,
            ) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const OWNER: &[Party] = &[Party::Owner];
        const OPERATOR: &[Party] = &[Party::Operator];
        const MINISTRY: &[Party] = &[Party::Ministry];
        const PLATFORM: &[Party] = &[Party::Platform];
        const EITHER: &[Party] = &[Party::Operator, Party::Ministry];
        const WORDS: &[Need] = &[Need::Words];
        const SECOND: &[Need] = &[Need::Words, Need::StepUp, Need::SecondPerson];
        let (by, zh, en, clause, needs): (&[Party], _, _, _, &[Need]) = match action {
            Action::Consult => (MINISTRY, "征求省级意见", "Ask the provinces", "CH-33.1", &[Need::Form]),
            Action::Reply => {
                (&[Party::Province], "反馈意见", "Answer", "CH-33.1", &[Need::Form, Need::Words])
            }
            Action::Approve => (MINISTRY, "审核同意", "Agree", "CH-33.1", WORDS),
            Action::Refuse => (MINISTRY, "不同意退出", "Do not agree", "CH-33.1", WORDS),
            Action::Withdraw => (OWNER, "撤回退出申请", "Withdraw", "CH-32.2", &[]),
            Action::Notify => (OPERATOR, "通知渠道，进入过渡期", "Notify the channel", "CH-33.2", &[]),
            Action::Confirm => (EITHER, "复核同意强制退出", "Confirm", "CH-35.0", SECOND),
            Action::Reject => (EITHER, "复核不同意", "Reject", "CH-35.0", &[Need::Words, Need::SecondPerson]),
            Action::Prompt => (
                OWNER,
                "提交用户提示证明",
                "Prove that holders were prompted",
                "CH-34.1",
                &[Need::Form, Need::Files],
            ),
            Action::Announce => (OWNER, "填报退出公告", "Announce", "CH-34.3", &[Need::Form]),
            Action::Close => (
                &[Party::Operator, Party::Platform],
                "关闭接口和渠道门户",
                "Close interfaces and portal",
                "CH-33.3",
                &[Need::StepUp],
            ),
            Action::Terminate => (PLATFORM, "即时终止", "Terminate", "CH-31.3", &[]),
            Action::Certify => {
                (OWNER, "提交数据删除证明", "Certify the deletion", "CH-36.1", &[Need::Form, Need::StepUp])
            }
            Action::Accept => (OPERATOR, "核验通过，办结", "Accept", "CH-36.1", WORDS),
            Action::Return => (OPERATOR, "退回删除证明", "Return", "CH-36.1", WORDS),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Consult { .. } => Action::Consult,
            Input::Reply { .. } => Action::Reply,
            Input::Approve { .. } => Action::Approve,
            Input::Refuse { .. } => Action::Refuse,
            Input::Withdraw {} => Action::Withdraw,
            Input::Notify {} => Action::Notify,
            Input::Confirm { .. } => Action::Confirm,
            Input::Reject { .. } => Action::Reject,
            Input::Prompt { .. } => Action::Prompt,
            Input::Announce { .. } => Action::Announce,
            Input::Close {} => Action::Close,
            Input::Terminate {} => Action::Terminate,
            Input::Certify { .. } => Action::Certify,
            Input::Accept { .. } => Action::Accept,
            Input::Return { .. } => Action::Return,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        match action {
            Action::Confirm | Action::Reject => Ok(by.other_than(&self.opened.by)?),
            Action::Reply => {
                let asked = self.consultation.iter().flat_map(|consultation| &consultation.asked);
                let mut open = asked.filter(|asked| asked.opinion.is_none());
                let is_asked = open.any(|asked| asked.province == by.division);
                if is_asked { Ok(()) } else { Err(Refusal::NotAsked.into()) }
            }
            Action::Announce if self.voluntary.is_none() => Err(crate::matter::Refusal::Transition.into()),
            _ => Ok(()),
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.step(input, scene)
    }

    fn waits(&self, scene: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        match self.state {
            State::Filed => vec![wait(Party::Ministry, "consult", None)],
            State::Consulting => self.consulted(),
            State::Approved => vec![wait(Party::Operator, "notify", None)],
            State::Proposed => vec![wait(Party::Operator, "confirm", None)],
            State::Transition => self.leaving(scene),
            State::Deleting => {
                let due = self.closed_on.map(|closed_on| Deadline {
                    starts_on: closed_on,
                    due_on: closed_on,
                    is_provisional: false,
                    working_days: None,
                    clause: "CH-36.1".to_owned(),
                    expiry: Expiry::Recorded,
                });
                vec![wait(Party::Owner, "certify", due)]
            }
            State::Certified => vec![wait(Party::Operator, "accept", None)],
            State::Refused | State::Withdrawn | State::Rejected | State::Closed => Vec::new(),
        }
    }

    fn title(&self) -> String {
        match (&self.voluntary, &self.forced) {
            (_, Some(forced)) => format!("强制退出：{}", forced.ground.zh()),
            (Some(voluntary), None) => format!("主动退出：计划于{}关闭", voluntary.planned_on),
            (None, None) => "退出".to_owned(),
        }
    }
}
