//! The application (入网申请): how a channel comes into the platform, and how its scope is changed later.
//!
//! The order is fixed (CH-9.0): the test filing is reviewed by the departments of its regions and by the ministry,
//! the operator allots number and test keys, the channel is tested, the formal filing is reviewed again, and only
//! when every review and the agreement stand do the production keys take over. A change of regions or services runs
//! the same way while the live service goes on (CH-15.1). A new contact is told, not asked for (CH-16.3).
//!
//! Invariants. A form with several channels is one matter for each (CH-F1.6), which go their own ways. A channel
//! goes live in one step and only by [`Action::Activate`]. Whoever confirmed films or report does not activate.
//! Not here: the agreement and the security report, which are matters of their own and are only asked for.

mod act;
pub mod attached;
pub mod change;
pub mod class;
mod consultation;
pub mod contact;
pub mod evidence;
pub mod form;
pub mod level_two;
pub mod routing;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use act::note_agreement;
pub use consultation::Silence;
pub use words::{Action, Purpose, Refusal, State};

use crate::division::DivisionCode;
use crate::id::MatterId;
use crate::matter::{By, Deadline, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::time::Timestamp;
use evidence::{FormThree, Seen};
use form::{Commitment, Condition, Filed, Forms, Line};
use routing::{Round, Verdict};
use serde::{Deserialize, Serialize};

/// An application for one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationBody))]
pub struct Application {
    state: State,
    purpose: Purpose,
    /// The matter of the form's first row: what the rows of one form have in common (CH-F1.6).
    form: MatterId,
    /// The row, from 1.
    row: usize,
    opened_by: By,
    forms: Forms,
    waived: Vec<Waiver>,
    demands: Vec<Demand>,
    filed: Option<Filed>,
    test: Round,
    consultation: Round,
    /// Until when the provinces may answer; none of what was filed before there was such a day.
    #[serde(default)]
    opinions_due: Option<Deadline>,
    /// Those that had not answered when it was over.
    #[serde(default)]
    silence: Option<Silence>,
    decision: Option<Check>,
    /// What is left of the regions asked for, after each review.
    regions: Vec<DivisionCode>,
    is_platform_level: bool,
    formal: FormThree,
    first: Round,
    audit: Option<Check>,
    recordings: Option<Check>,
    report: Option<Check>,
    returned: Option<Return>,
}

/// A condition that the ministry has waived (CH-7.5, R21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationWaiver))]
pub struct Waiver {
    /// Which.
    pub condition: Condition,
    /// Why.
    pub words: String,
    /// By whom.
    pub by: By,
}

/// A further condition that the ministry has set for this application (CH-7.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationDemand))]
pub struct Demand {
    /// The condition.
    pub condition: Check,
    /// How the owner meets it.
    pub answer: Option<Check>,
}

/// A result of a review by the ministry or the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationCheck))]
pub struct Check {
    /// In words.
    pub words: String,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Why it was sent back last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationReturn))]
pub struct Return {
    /// In words.
    pub words: String,
    /// The fields to be corrected.
    pub comments: Vec<Comment>,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationComment))]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// JSON pointer into the forms.
    pub pointer: String,
    /// What is wrong.
    pub words: String,
}

/// What opens an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    purpose: Purpose,
    #[serde(default)]
    forms: Forms,
    /// The further rows of the form, each of which becomes an application of its own.
    #[serde(default)]
    further: Vec<Line>,
    /// Set by the platform when it opens those.
    #[serde(default)]
    shared: Option<Shared>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationShared))]
#[serde(deny_unknown_fields)]
struct Shared {
    form: MatterId,
    row: usize,
    by: By,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the action of the same name; its fields are those of the forms")]
pub enum Input {
    Save {
        forms: Box<Forms>,
    },
    Waive {
        condition: Condition,
        words: String,
    },
    Require {
        words: String,
    },
    Answer {
        words: String,
    },
    File {},
    Approve {
        region: DivisionCode,
        words: String,
        contact: String,
        phone: String,
    },
    Refuse {
        region: DivisionCode,
        words: String,
        contact: String,
        phone: String,
    },
    Return {
        words: String,
        #[serde(default)]
        comments: Vec<Comment>,
    },
    Reply {
        verdict: Verdict,
        words: String,
        contact: String,
        phone: String,
    },
    NoteSilence {},
    Decide {
        regions: Vec<DivisionCode>,
        words: String,
        #[serde(default)]
        is_platform_level: bool,
    },
    Allocate {
        words: String,
        #[serde(default)]
        commitment: Option<Commitment>,
    },
    Verify {
        words: String,
    },
    SaveFormal {
        form: Box<FormThree>,
    },
    FileFormal {},
    Audit {
        words: String,
    },
    ConfirmRecordings {
        words: String,
        seen: Vec<Seen>,
    },
    ConfirmReport {
        words: String,
    },
    NoteAgreement {},
    Activate {
        words: String,
    },
    Withdraw {
        words: String,
    },
}

impl Matter for Application {
    const KIND: Kind = Kind::Application;
    /// The platform opens one for each further row of a form.
    const OPENED_BY: &'static [Party] = &[Party::Owner, Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        act::open(&opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use Action as A;
        use State as S;
        match (state, action) {
            (S::Draft, A::Save | A::Waive | A::Require | A::Answer) => &[S::Draft],
            (S::Draft, A::File) => &[S::LocalReview, S::MinistryReview],
            (S::LocalReview, A::Approve) => &[S::LocalReview, S::MinistryReview],
            (S::LocalReview, A::Refuse) => &[S::LocalReview, S::MinistryReview, S::Draft],
            (S::LocalReview | S::MinistryReview, A::Return) => &[S::Draft],
            (S::MinistryReview, A::Reply | A::NoteSilence) => &[S::MinistryReview],
            (S::MinistryReview, A::Decide) => &[S::Allocation, S::Testing],
            (S::Allocation, A::Allocate) => &[S::Testing],
            (S::Testing, A::Verify) => &[S::Preparing],
            (S::Preparing, A::SaveFormal) => &[S::Preparing],
            (S::Preparing, A::FileFormal) => &[S::FirstReview, S::FinalReview],
            (S::FirstReview, A::Approve) => &[S::FirstReview, S::FinalReview],
            (S::FirstReview, A::Refuse) => &[S::FirstReview, S::FinalReview, S::Preparing],
            (S::FirstReview | S::FinalReview, A::Return) => &[S::Preparing],
            (S::FinalReview, A::Audit | A::ConfirmRecordings | A::ConfirmReport | A::NoteAgreement) => {
                &[S::FinalReview]
            }
            (S::FinalReview, A::Activate) => &[S::Live],
            (S::Live | S::Noted | S::Withdrawn, _) => &[],
            (_, A::Withdraw) => &[S::Withdrawn],
            (
                S::Draft
                | S::LocalReview
                | S::MinistryReview
                | S::Allocation
                | S::Testing
                | S::Preparing
                | S::FirstReview
                | S::FinalReview,
                _,
            ) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const WORDS: &[Need] = &[Need::Words];
        const FORM: &[Need] = &[Need::Form];
        const OPINION: &[Need] = &[Need::Words, Need::Form, Need::SecondPerson];
        const KEYS: &[Need] = &[Need::Words, Need::StepUp, Need::SecondPerson];
        const OWNER: &[Party] = &[Party::Owner];
        const LOCAL: &[Party] = &[Party::Prefecture, Party::Province];
        const REVIEWERS: &[Party] = &[Party::Prefecture, Party::Province, Party::Ministry, Party::Operator];
        const MINISTRY: &[Party] = &[Party::Ministry];
        const OPERATOR: &[Party] = &[Party::Operator];
        let (by, zh, en, clause, needs) = match action {
            Action::Save => (OWNER, "保存", "Save", "CH-9.1a", FORM),
            Action::Waive => {
                (MINISTRY, "豁免条件", "Waive a condition", "CH-7.5", &[Need::Words, Need::Form][..])
            }
            Action::Require => (MINISTRY, "增设条件", "Set a further condition", "CH-7.5", WORDS),
            Action::Answer => (OWNER, "说明符合增设的条件", "Answer a further condition", "CH-7.5", WORDS),
            Action::File => (OWNER, "提交测试入网申请", "File for the test", "CH-9.1a", &[Need::Files][..]),
            Action::Approve => (LOCAL, "同意", "Agree", "CH-9.3b", OPINION),
            Action::Refuse => (LOCAL, "不同意", "Refuse", "CH-9.3b", OPINION),
            Action::Return => (REVIEWERS, "退回补正", "Return for correction", "CH-9.0", WORDS),
            Action::Reply => (&[Party::Province][..], "答复征求意见", "Give an opinion", "CH-8.1e", OPINION),
            Action::NoteSilence => {
                (&[Party::Platform][..], "记录逾期未复", "Note who has not answered", "CH-8.1e", &[][..])
            }
            Action::Decide => (MINISTRY, "审核通过", "Decide", "CH-9.1c", &[Need::Words, Need::Form][..]),
            Action::Allocate => (
                OPERATOR,
                "分配渠道编号和测试密钥",
                "Allot number and test keys",
                "CH-9.1d",
                &[Need::Words, Need::StepUp][..],
            ),
            Action::Verify => (OPERATOR, "测试验证通过", "Pass the test", "CH-9.3a", WORDS),
            Action::SaveFormal => (OWNER, "保存", "Save", "CH-9.3a", FORM),
            Action::FileFormal => {
                (OWNER, "提交正式入网申请", "File for formal access", "CH-9.3a", &[Need::Files][..])
            }
            Action::Audit => (MINISTRY, "审核通过", "Pass", "CH-9.3c", WORDS),
            Action::ConfirmRecordings => (
                OPERATOR,
                "录屏验证通过",
                "Confirm the recordings",
                "CH-9.3d",
                &[Need::Words, Need::Form][..],
            ),
            Action::ConfirmReport => {
                (OPERATOR, "安全检测报告审核通过", "Pass the security report", "CH-9.3d", WORDS)
            }
            Action::NoteAgreement => {
                (&[Party::Platform][..], "协议有变化", "Note the agreement", "CH-9.3e", &[][..])
            }
            Action::Activate => (OPERATOR, "分配生产密钥并正式接入", "Activate", "CH-9.3f", KEYS),
            Action::Withdraw => (OWNER, "撤回申请", "Withdraw", "CH-9.0", WORDS),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Save { .. } => Action::Save,
            Input::Waive { .. } => Action::Waive,
            Input::Require { .. } => Action::Require,
            Input::Answer { .. } => Action::Answer,
            Input::File {} => Action::File,
            Input::Approve { .. } => Action::Approve,
            Input::Refuse { .. } => Action::Refuse,
            Input::Return { .. } => Action::Return,
            Input::Reply { .. } => Action::Reply,
            Input::NoteSilence {} => Action::NoteSilence,
            Input::Decide { .. } => Action::Decide,
            Input::Allocate { .. } => Action::Allocate,
            Input::Verify { .. } => Action::Verify,
            Input::SaveFormal { .. } => Action::SaveFormal,
            Input::FileFormal {} => Action::FileFormal,
            Input::Audit { .. } => Action::Audit,
            Input::ConfirmRecordings { .. } => Action::ConfirmRecordings,
            Input::ConfirmReport { .. } => Action::ConfirmReport,
            Input::NoteAgreement {} => Action::NoteAgreement,
            Input::Activate { .. } => Action::Activate,
            Input::Withdraw { .. } => Action::Withdraw,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        self.may(action, by)
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.step(input, scene)
    }

    fn leaving(_: State) -> Option<Input> {
        Some(Input::Withdraw { words: crate::matter::LEFT.to_owned() })
    }

    fn waits(&self, scene: &Scene<'_>) -> Vec<Wait> {
        self.waiting(scene)
    }

    fn title(&self) -> String {
        let name: String = self.forms.channel.name.chars().take(60).collect();
        if name.trim().is_empty() { "入网申请".to_owned() } else { name }
    }

    fn regions(&self) -> Vec<DivisionCode> {
        self.filed.as_ref().map(|filed| filed.regions.clone()).unwrap_or_default()
    }
}

impl Application {
    /// What was filed, once it was and held.
    pub const fn filed(&self) -> Option<&Filed> {
        self.filed.as_ref()
    }
}
