//! The cooperation agreement between the operator and a channel's owner: offered, signed, changed, and what happens when
//! its term ends (CH-9.3e, CH-24, CH-25).
//!
//! The classes 人社 and 政府 have none (R22); a nationally signed channel has one beside its agreement with the ministry
//! (R23). Which warnings and risk events count is reading R6: those raised during the current term, settled or not.
//!
//! Invariants. Nothing is in force before the owner's signature over its text has been verified, under the key that is
//! registered for the organisation that signs ([`crate::signing_key`]), or the operator has seen the stamped paper of an owner
//! that could not sign so; a change is signed electronically and never on paper (CH-25.2). A term is extended of
//! itself only when nothing stands against it; otherwise it is the operator, the ministry or both who agree, and the owner
//! signs anew. An agreement that is not in force any more, or whose change is unsigned on its day, is a ground for a forced
//! exit (CH-35.2) and nothing more: that is decided elsewhere.

mod document;
mod evidence;
mod outlook;
mod paper;
mod steps;
#[cfg(test)]
mod tests;

pub use document::Document;
pub use evidence::{LONGEST, Signed, Term, Text};
pub use outlook::{Ground, Hindrance, Outlook, outlook};
pub use paper::{PURPOSE, Paper, PaperDecision, Scan, Signing};

use crate::id::{AttachmentId, MatterId};
use crate::matter::{
    self, By, Deadline, Effect, Evidence, Expiry, Kind, Matter, Need, PaperEvidence, Party, Refused, Rule,
    Scene, Step, Wait,
};
use crate::name::names;
use crate::refusal::refusals;
use crate::template::Origin;
use crate::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why an agreement is not made, not changed or not renewed.
    Refusal {
        /// 人社 and 政府.
        NotDue = "agreement.not_due" ["CH-9.3e"] "人社渠道、政府渠道无须签署合作协议"
            "channels of departments and of government sign no agreement";
        /// Empty or too long.
        Text = "agreement.text" "请填写协议版本（40字以内，不换行）和协议文本（8万字以内）"
            "a version of up to 40 characters on one line and a text of up to 80000 are required";
        /// A term that ends before it begins.
        Term = "agreement.term" "协议终止日期须晚于生效日期" "the last day must follow the first";
        /// It does not verify.
        Signature = "agreement.signature" ["CH-25.2"] "电子签名验证未通过" "the signature does not verify";
        /// Nothing waits for a signature.
        NothingToSign = "agreement.nothing_to_sign" "当前没有待签署的文本" "nothing waits for a signature";
        /// Too soon after it was announced.
        Notice { earliest: BusinessDate } = "agreement.notice" ["CH-25.1"] "协议调整须提前两个月通知，最早{earliest}生效"
            "a change is announced two months ahead: it takes effect on {earliest} at the earliest";
        /// Another change waits.
        Amending = "agreement.amending" ["CH-25.1"] "已有待生效的协议调整" "another change is waiting to take effect";
        /// The day has not come.
        Early { until: BusinessDate } = "agreement.early" "期限至{until}，尚未届满" "it lasts until {until}";
        /// Both sides object for themselves.
        Objection = "agreement.objection" ["CH-24.1"] "该方未提出异议，或已提出异议" "this side has not objected, or has already";
        /// No plan waits for an opinion, or none is wanted.
        Plan = "agreement.plan" ["CH-24.2"] "没有须提交或待审核的改进方案" "no plan is wanted, or none waits for a review";
        /// An event without a completed rectification.
        Unrectified = "agreement.unrectified" ["CH-24.3"] "安全风险事件尚未整改完成，考察期未开始"
            "a risk event is not rectified yet: its observation has not begun";
        /// Not files that the owner sent in this matter and that show a page, or one of them twice.
        Scan = "agreement.scan" ["CH-9.3e"] "请由本单位上传本协议的盖章扫描件（PDF、PNG或JPEG），每份一次"
            "upload the scan of the stamped agreement yourselves as PDF, PNG or JPEG, each file once";
        /// Nothing waits to be looked at, or something does already.
        Paper = "agreement.paper" ["CH-9.3e"] "没有待核对的盖章扫描件，或已有一份待核对"
            "no stamped scan waits to be compared, or one waits already";
        /// Before the owner was given what it signs, or in the future.
        Seen = "agreement.seen" ["CH-9.3e"] "查验纸质原件的日期不得早于本次待签署文本发出之日，且不晚于今日"
            "the paper is seen after what it signs was offered, and today at the latest";
    }
}

names! {
    /// Where it stands.
    State {
        /// The owner has not signed.
        Offered = "offered",
        /// In force.
        InForce = "in_force",
        /// A change took effect without the owner's signature (CH-35.2).
        Unsigned = "unsigned",
        /// Its term is over; a warning stands against it until a plan is accepted (CH-24.2).
        PlanRequired = "plan_required",
        /// Its term is over; a risk event stands against it until the ministry consents (CH-24.3, R7).
        Observation = "observation",
        /// May be renewed; the owner has not signed.
        Renewing = "renewing",
        /// Not renewed (CH-35.2).
        Lapsed = "lapsed",
        /// Taken back before it was signed.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The owner signs what waits for it.
        Sign = "sign",
        /// The owner cannot sign electronically and files the scan of the stamped paper.
        FilePaper = "file_paper",
        /// The operator has seen the paper, and it is of this text.
        AcceptPaper = "accept_paper",
        /// It is not.
        ReturnPaper = "return_paper",
        /// The operator takes the offer back.
        Withdraw = "withdraw",
        /// The operator announces another text.
        Amend = "amend",
        /// The day of the other text has come.
        TakeEffect = "take_effect",
        /// One side does not want an extension.
        Object = "object",
        /// It does after all.
        Retract = "retract",
        /// The owner says how it will improve.
        FilePlan = "file_plan",
        /// The operator accepts the plan.
        AcceptPlan = "accept_plan",
        /// The operator sends it back.
        ReturnPlan = "return_plan",
        /// The term is over.
        Expire = "expire",
        /// The platform looks how far the observation is.
        Observe = "observe",
        /// The ministry consents.
        Renew = "renew",
        /// The ministry does not.
        Refuse = "refuse",
        /// The operator ends what was not signed or not improved.
        Lapse = "lapse",
    }
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementBody))]
pub struct Agreement {
    state: State,
    offered: Opinion,
    text: Text,
    /// Who announced the text of today, where it took the place of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced: Option<Opinion>,
    /// The texts that it took the place of, latest last.
    #[serde(default)]
    earlier: Vec<Earlier>,
    term: Term,
    /// The terms before, latest last.
    past: Vec<Past>,
    /// What the owner is to sign now, word for word.
    statement: Option<String>,
    /// When that was put to the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stated_at: Option<Timestamp>,
    signatures: Vec<Signed>,
    /// What was signed on paper, latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    papers: Vec<Paper>,
    amendment: Option<Amendment>,
    objections: Vec<Opinion>,
    plan: Option<Plan>,
    /// The ministry's consent or refusal, and the operator's end.
    decisions: Vec<Decision>,
}

/// A text that another took the place of, with what belonged to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementEarlier))]
pub struct Earlier {
    #[serde(flatten)]
    text: Text,
    /// Who offered or announced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offered: Option<Opinion>,
    /// The term in which the other took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    term: Option<Term>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced_at: Option<Timestamp>,
}

/// A term that is over, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementPast))]
pub struct Past {
    term: Term,
    ended: Ending,
}

names! {
    /// How a term ended.
    Ending {
        /// Nothing stood against an extension (CH-24.1).
        Extended = "extended",
        /// Signed anew (CH-24.2, CH-24.3).
        Renewed = "renewed",
    }
}

/// Somebody's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementOpinion))]
pub struct Opinion {
    words: String,
    by: By,
    at: Timestamp,
}

/// A decision on a renewal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementDecision))]
pub struct Decision {
    opinion: Opinion,
    /// The last day of the observation, when it was decided before that (R7).
    early_of: Option<BusinessDate>,
}

/// An announced change of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementAmendment))]
pub struct Amendment {
    text: Text,
    announced: Opinion,
    effective_on: BusinessDate,
    signed_at: Option<Timestamp>,
}

/// An improvement plan (CH-24.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementPlan))]
pub struct Plan {
    filed: Opinion,
    decided: Option<Opinion>,
    is_accepted: bool,
}

/// What the operator offers.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    version: String,
    /// The whole text; filled by the platform where a template is named.
    #[serde(default)]
    text: Option<String>,
    /// From which version in force of which template it is filled.
    #[serde(default)]
    template: Option<Origin>,
    from: BusinessDate,
    until: BusinessDate,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// A signature over the statement.
    Sign {
        /// 65 bytes, uncompressed, in hexadecimal.
        public_key: String,
        /// 64 bytes, r and s, in hexadecimal.
        signature: String,
    },
    /// The scan with the seal.
    FilePaper {
        /// Its files, of the purpose `stamped_scan`.
        files: Vec<AttachmentId>,
        /// Why it is not signed electronically.
        words: String,
    },
    /// What was found.
    AcceptPaper {
        /// The day on which the stamped paper itself was seen.
        seen_on: BusinessDate,
        /// Who showed it, and where it is kept.
        words: String,
    },
    /// What does not fit.
    ReturnPaper {
        /// The reason.
        words: String,
    },
    /// Why.
    Withdraw {
        /// The reason.
        words: String,
    },
    /// Another text.
    Amend {
        /// Its version.
        version: String,
        /// The whole text; filled by the platform where a template is named.
        #[serde(default)]
        text: Option<String>,
        /// From which version in force of which template it is filled.
        #[serde(default)]
        template: Option<Origin>,
        /// Its first day, and the last day to sign it (R14).
        effective_on: BusinessDate,
        /// What changes, and why.
        words: String,
    },
    /// Nothing more to say.
    TakeEffect {},
    /// Why.
    Object {
        /// The reason.
        words: String,
    },
    /// Why.
    Retract {
        /// The reason.
        words: String,
    },
    /// What will be done.
    FilePlan {
        /// The plan.
        words: String,
    },
    /// Why it will do.
    AcceptPlan {
        /// The opinion.
        words: String,
    },
    /// What is missing.
    ReturnPlan {
        /// The opinion.
        words: String,
    },
    /// Nothing more to say.
    Expire {},
    /// Nothing more to say.
    Observe {},
    /// Why.
    Renew {
        /// The opinion.
        words: String,
    },
    /// Why not.
    Refuse {
        /// The opinion.
        words: String,
    },
    /// Why.
    Lapse {
        /// The reason.
        words: String,
    },
}

impl Agreement {
    /// What lets the agreement under observation look again, since an event of its channel has begun, was dismissed or was
    /// rectified: its last day may be another one (CH-24.3, R7).
    pub(crate) fn observe_all(scene: &Scene<'_>) -> Vec<Effect> {
        scene.act_on_others::<Self>(State::Observation, Action::Observe)
    }

    /// What the owner has signed, each checked anew.
    pub(crate) fn evidence(&self, matter: MatterId) -> Vec<Evidence> {
        let texts = self.texts();
        self.signatures.iter().map(|signed| signed.evidence(matter, &texts)).collect()
    }

    /// What was accepted on paper, each checked anew as far as the body goes.
    pub(crate) fn papers(&self, matter: MatterId) -> Vec<PaperEvidence> {
        let texts = self.texts();
        self.papers.iter().filter_map(|paper| paper.evidence(matter, &texts, self.offered.at)).collect()
    }

    /// Its texts: earlier ones, that of today, one that is announced.
    fn texts(&self) -> Vec<&Text> {
        let announced = self.amendment.as_ref().map(|change| &change.text);
        self.earlier.iter().map(|one| &one.text).chain([&self.text]).chain(announced).collect()
    }

    /// The term it is in, or was in last.
    pub const fn term(&self) -> Term {
        self.term
    }

    fn waits_for_plan(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.decided.is_none())
    }

    fn has_objection(&self, party: Party) -> bool {
        self.objections.iter().any(|objection| objection.by.party == party)
    }

    /// The waits while it is in force: for its end, for a change, for a signature, for an opinion on a plan.
    fn waits_in_force(&self) -> Vec<Wait> {
        let wait = |party, task, deadline| Wait { party, division: None, task, deadline };
        let deadline = |starts_on, due_on, clause: &str, action: Action| Deadline {
            starts_on,
            due_on,
            is_provisional: false,
            working_days: None,
            clause: clause.to_owned(),
            expiry: Expiry::Acts(action.as_str().to_owned()),
        };
        let end = deadline(self.term.from.plus_days(-1), self.term.until, "CH-24.1", Action::Expire);
        let mut waits = vec![wait(Party::Platform, "expire", Some(end))];
        if let Some(change) = &self.amendment {
            let announced_on = change.announced.at.business_date();
            let day = |on| Some(deadline(announced_on, on, "CH-25.1", Action::TakeEffect));
            waits.push(match change.signed_at {
                Some(_) => wait(Party::Platform, "take_effect", day(change.effective_on.plus_days(-1))),
                None => wait(Party::Owner, "sign", day(change.effective_on)),
            });
        }
        if self.waits_for_plan() {
            waits.push(wait(Party::Operator, "review_plan", None));
        }
        waits
    }
}

impl Matter for Agreement {
    const KIND: Kind = Kind::Agreement;
    const OPENED_BY: &'static [Party] = &[Party::Operator];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        steps::open(opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use {Action as A, State as S};
        match (state, action) {
            (S::Offered | S::Renewing | S::Unsigned | S::InForce, A::Sign) => &[S::InForce],
            (S::Offered | S::Renewing, A::AcceptPaper) => &[S::InForce],
            (S::Offered, A::FilePaper | A::ReturnPaper) => &[S::Offered],
            (S::Renewing, A::FilePaper | A::ReturnPaper) => &[S::Renewing],
            (S::Offered, A::Withdraw) => &[S::Withdrawn],
            (S::InForce, A::Amend | A::Object | A::Retract) => &[S::InForce],
            (S::InForce, A::TakeEffect) => &[S::InForce, S::Unsigned],
            (S::InForce, A::FilePlan | A::AcceptPlan | A::ReturnPlan) => &[S::InForce],
            (S::InForce, A::Expire) => &[S::InForce, S::PlanRequired, S::Observation, S::Renewing, S::Lapsed],
            (S::PlanRequired, A::FilePlan | A::ReturnPlan) => &[S::PlanRequired],
            (S::PlanRequired, A::AcceptPlan) => &[S::Renewing, S::Observation],
            (S::Observation, A::Observe) => &[S::Observation],
            (S::Observation, A::Renew) => &[S::Renewing],
            (S::Observation, A::Refuse) => &[S::Lapsed],
            (S::Unsigned | S::PlanRequired | S::Renewing, A::Lapse) => &[S::Lapsed],
            _ => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        use Action as A;
        const OWNER: &[Party] = &[Party::Owner];
        const OPERATOR: &[Party] = &[Party::Operator];
        const EITHER: &[Party] = &[Party::Owner, Party::Operator];
        const MINISTRY: &[Party] = &[Party::Ministry];
        const PLATFORM: &[Party] = &[Party::Platform];
        let words: &'static [Need] = &[Need::Words];
        let signing: &'static [Need] = &[Need::Form, Need::StepUp];
        let changing: &'static [Need] = &[Need::Form, Need::Words, Need::StepUp];
        let (by, zh, en, clause, needs) = match action {
            A::Sign => (OWNER, "签署", "Sign", "CH-25.2", signing),
            A::FilePaper => (OWNER, "提交盖章扫描件", "File the stamped scan", "CH-9.3e", changing),
            A::AcceptPaper => (OPERATOR, "确认纸质签署", "Accept the paper", "CH-9.3e", changing),
            A::ReturnPaper => (OPERATOR, "退回扫描件", "Return the scan", "CH-9.3e", words),
            A::Withdraw => (OPERATOR, "撤回", "Withdraw", "CH-9.3e", words),
            A::Amend => (OPERATOR, "通知协议调整", "Announce a change", "CH-25.1", changing),
            A::TakeEffect => (PLATFORM, "调整生效", "Take effect", "CH-25.1", &[] as _),
            A::Object => (EITHER, "提出异议", "Object to an extension", "CH-24.1", words),
            A::Retract => (EITHER, "撤回异议", "Retract the objection", "CH-24.1", words),
            A::FilePlan => (OWNER, "提交改进方案", "File a plan", "CH-24.2", words),
            A::AcceptPlan => (OPERATOR, "同意改进方案", "Accept the plan", "CH-24.2", words),
            A::ReturnPlan => (OPERATOR, "退回改进方案", "Return the plan", "CH-24.2", words),
            A::Expire => (PLATFORM, "期满处理", "Expire", "CH-24.1", &[] as _),
            A::Observe => (PLATFORM, "更新考察期", "Observe", "CH-24.3", &[] as _),
            A::Renew => (MINISTRY, "同意续签", "Consent to renewal", "CH-24.3", words),
            A::Refuse => (MINISTRY, "不同意续签", "Refuse renewal", "CH-24.3", words),
            A::Lapse => (OPERATOR, "终止协议", "Let it lapse", "CH-35.2", words),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Sign { .. } => Action::Sign,
            Input::FilePaper { .. } => Action::FilePaper,
            Input::AcceptPaper { .. } => Action::AcceptPaper,
            Input::ReturnPaper { .. } => Action::ReturnPaper,
            Input::Withdraw { .. } => Action::Withdraw,
            Input::Amend { .. } => Action::Amend,
            Input::TakeEffect {} => Action::TakeEffect,
            Input::Object { .. } => Action::Object,
            Input::Retract { .. } => Action::Retract,
            Input::FilePlan { .. } => Action::FilePlan,
            Input::AcceptPlan { .. } => Action::AcceptPlan,
            Input::ReturnPlan { .. } => Action::ReturnPlan,
            Input::Expire {} => Action::Expire,
            Input::Observe {} => Action::Observe,
            Input::Renew { .. } => Action::Renew,
            Input::Refuse { .. } => Action::Refuse,
            Input::Lapse { .. } => Action::Lapse,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        let refusal = match action {
            Action::Sign | Action::FilePaper if self.statement.is_none() => Refusal::NothingToSign,
            Action::FilePaper if self.waits_for_paper() => Refusal::Paper,
            Action::AcceptPaper | Action::ReturnPaper if !self.waits_for_paper() => Refusal::Paper,
            Action::Amend if self.amendment.is_some() => Refusal::Amending,
            Action::TakeEffect if self.amendment.is_none() => return Err(matter::Refusal::Transition.into()),
            Action::Object if self.has_objection(by.party) => Refusal::Objection,
            Action::Retract if !self.has_objection(by.party) => Refusal::Objection,
            Action::FilePlan if self.waits_for_plan() => Refusal::Plan,
            Action::AcceptPlan | Action::ReturnPlan if !self.waits_for_plan() => Refusal::Plan,
            _ => return Ok(()),
        };
        Err(refusal.into())
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        steps::act(self, input, scene)
    }

    /// One in force ends with its term; one under observation is with the ministry.
    fn leaving(state: State) -> Option<Input> {
        let words = matter::LEFT.to_owned();
        match state {
            State::Offered => Some(Input::Withdraw { words }),
            State::Unsigned | State::PlanRequired | State::Renewing => Some(Input::Lapse { words }),
            State::InForce | State::Observation | State::Lapsed | State::Withdrawn => None,
        }
    }

    fn waits(&self, scene: &Scene<'_>) -> Vec<Wait> {
        let wait = |party, task| Wait { party, division: None, task, deadline: None };
        match self.state {
            State::InForce => self.waits_in_force(),
            State::Offered | State::Renewing if self.waits_for_paper() => {
                vec![wait(Party::Operator, "review_paper")]
            }
            State::Offered | State::Renewing => vec![wait(Party::Owner, "sign")],
            State::Unsigned => vec![wait(Party::Owner, "sign"), wait(Party::Operator, "decide")],
            State::PlanRequired if self.waits_for_plan() => vec![wait(Party::Operator, "review_plan")],
            State::PlanRequired => vec![wait(Party::Owner, "file_plan")],
            State::Observation => {
                let deadline = steps::observation(self, scene);
                vec![Wait { deadline, ..wait(Party::Ministry, "decide") }]
            }
            State::Lapsed | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        format!("合作协议 {}（{}至{}）", self.text.version(), self.term.from, self.term.until)
    }
}
