//! What the end of a term comes to, and what stands against an extension of itself (CH-24.1 to CH-24.3).
//!
//! Invariant: the end of the term asks what is told before it, so an owner is surprised by nothing but what happens in
//! between.

use super::{Agreement, State};
use crate::channel::Phase;
use crate::id::MatterId;
use crate::matter::{Party, Refused, Scene};
use crate::monitoring::Monitoring;
use crate::name::names;
use crate::risk_event::{Grade, RiskEvent};
use crate::time::{BusinessDate, Timestamp};

names! {
    /// What stands against an extension of itself.
    Ground {
        /// The channel has left: there is nothing to extend.
        Gone = "gone",
        /// A risk event of grade 3: only grades 1 and 2 have an observation (CH-24.3).
        GradeThree = "grade_three",
        /// One side does not want it (CH-24.1).
        Objection = "objection",
        /// A warning of this term, settled or not (CH-24.2, R6).
        Warning = "warning",
        /// A risk event of grade 1 or 2, or one without a grade yet (CH-24.3, R6).
        RiskEvent = "risk_event",
    }
}

impl Ground {
    /// The clause by which it does.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Gone | Self::Objection => "CH-24.1",
            Self::Warning => "CH-24.2",
            Self::GradeThree | Self::RiskEvent => "CH-24.3",
        }
    }
}

/// One thing that stands against an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// What it is.
    pub ground: Ground,
    /// The matter in which it arose, where it is one.
    pub matter: Option<MatterId>,
    /// The side that objects.
    pub party: Option<Party>,
    /// The last day of the observation, once the event is rectified (R7).
    pub observed_until: Option<BusinessDate>,
}

impl Hindrance {
    const fn of(ground: Ground) -> Self {
        Self { ground, matter: None, party: None, observed_until: None }
    }
}

/// What the end of a term comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The state that the agreement would be in.
    pub becomes: State,
    /// What stands against an extension of itself; nothing where it is extended.
    pub hindrances: Vec<Hindrance>,
}

impl Agreement {
    /// What the end of its term comes to, as things stand; of one that is in force.
    pub(super) fn outlook(&self, scene: &Scene<'_>) -> Result<Outlook, Refused> {
        let mut hindrances = Vec::new();
        if matches!(scene.channel()?.phase, Phase::Exited | Phase::Terminated) {
            hindrances.push(Hindrance::of(Ground::Gone));
        }
        let objections = self.objections.iter().map(|objection| objection.by.party);
        hindrances.extend(
            objections.map(|party| Hindrance { party: Some(party), ..Hindrance::of(Ground::Objection) }),
        );
        if let Some((matter, _)) = self.warning(scene) {
            hindrances.push(Hindrance { matter: Some(matter), ..Hindrance::of(Ground::Warning) });
        }
        for (matter, event) in self.events(scene) {
            let is_third = event.grade() == Some(Grade::Three);
            let ground = if is_third { Ground::GradeThree } else { Ground::RiskEvent };
            let observed_until = event.observed_until().filter(|_| !is_third);
            hindrances.push(Hindrance { matter: Some(matter), observed_until, ..Hindrance::of(ground) });
        }
        let has = |ground| hindrances.iter().any(|one| one.ground == ground);
        let becomes = if has(Ground::Gone) || has(Ground::GradeThree) || has(Ground::Objection) {
            State::Lapsed
        } else if self.wants_plan(scene) {
            State::PlanRequired
        } else if has(Ground::RiskEvent) {
            State::Observation
        } else if has(Ground::Warning) {
            State::Renewing
        } else {
            State::InForce
        };
        Ok(Outlook { becomes, hindrances })
    }

    /// The last warning of this term (CH-24.2, R6).
    pub(super) fn warning(&self, scene: &Scene<'_>) -> Option<(MatterId, Timestamp)> {
        let warnings = scene
            .others::<Monitoring>()
            .filter_map(|(known, monitoring)| Some((known.id, monitoring.warned_at()?)));
        warnings.filter(|(_, at)| self.term.contains(at.business_date())).max_by_key(|(_, at)| *at)
    }

    /// Whether a warning still asks for a plan: none was accepted since.
    fn wants_plan(&self, scene: &Scene<'_>) -> bool {
        let accepted = self.plan.as_ref().filter(|plan| plan.is_accepted).map(|plan| plan.filed.at);
        self.warning(scene).is_some_and(|(_, warned)| accepted.is_none_or(|at| at < warned))
    }

    /// The risk events since the term began that were not found to be none (R6); those after its end disturb the
    /// observation (CH-24.3).
    pub(super) fn events(&self, scene: &Scene<'_>) -> Vec<(MatterId, RiskEvent)> {
        let events = scene.others::<RiskEvent>().map(|(known, event)| (known.id, event));
        events.filter(|(_, event)| event.raised_on() >= self.term.from && !event.is_dismissed()).collect()
    }
}

/// What the end of its term comes to, of the body of an agreement that is in force; of no other.
pub fn outlook(body: &str, scene: &Scene<'_>) -> Option<Outlook> {
    let agreement: Agreement = serde_json::from_str(body).ok()?;
    if agreement.state != State::InForce { None } else { agreement.outlook(scene).ok() }
}
