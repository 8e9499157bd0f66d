//! What a step against a channel would break: what it serves now and would not serve then.
//!
//! Invariant: both sides are asked of [`permits`], the very function that answers requests, so a preview cannot say
//! another thing than what happens.

use super::{Channel, Phase, Use, Withheld, permits};
use crate::service::{ISSUANCE, ServiceCode};

/// A step against a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A measure is added to the open ones.
    Withhold(Withheld),
    /// It is terminated (CH-31.3).
    End,
}

/// What of a service stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The service.
    pub service: ServiceCode,
    /// What can be done with it now and not then.
    pub uses: Vec<Use>,
}

/// What issuance, and what any other service, is there for.
const ISSUES: [Use; 1] = [Use::Issue];
const SERVES: [Use; 2] = [Use::OpenApplication, Use::Serve];

impl Plan {
    /// What stops of the services of `channel`, whose `measures` hold as the step's matter leaves them: without the one
    /// that the step takes the place of.
    pub fn stops(&self, channel: &Channel, measures: &[Withheld]) -> Vec<Stop> {
        let (phase, then) = match self {
            Self::Withhold(withheld) => {
                let mut then = measures.to_vec();
                then.push(withheld.clone());
                (channel.phase, then)
            }
            Self::End => (Phase::Terminated, measures.to_vec()),
        };
        let services = channel.scope.services().iter();
        let stops = services.map(|service| {
            let uses = if service.as_str() == ISSUANCE { &ISSUES[..] } else { &SERVES[..] };
            let stops = |what: &Use| {
                permits(channel.phase, &channel.measures, *what, service).is_ok()
                    && permits(phase, &then, *what, service).is_err()
            };
            Stop { service: service.clone(), uses: uses.iter().copied().filter(stops).collect() }
        });
        stops.filter(|stop| !stop.uses.is_empty()).collect()
    }
}

impl Withheld {
    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::NewHolders => "new_holders",
            Self::Services(_) => "services",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::tests::channel;

    fn words(plan: &Plan, channel: &Channel, measures: &[Withheld]) -> Vec<String> {
        let stops = plan.stops(channel, measures);
        let line = |stop: &Stop| {
            let uses: Vec<_> = stop.uses.iter().map(|what| what.as_str()).collect();
            format!("{}: {}", stop.service, uses.join(" "))
        };
        stops.iter().map(line).collect()
    }

    /// CH-31.1, CH-31.2, CH-31.3: what each step stops of a channel in which nothing is withheld.
    #[test]
    fn a_step_stops_what_it_withholds_and_nothing_else() {
        let live = channel(Phase::Live);
        let part = Withheld::Services(vec!["pay.code".parse().unwrap()]);
        let whole = [
            "ecard.issue: issue",
            "identity.verify: open_application serve",
            "pay.code: open_application serve",
        ];
        let new = ["ecard.issue: issue", "identity.verify: open_application", "pay.code: open_application"];
        assert_eq!(words(&Plan::Withhold(Withheld::All), &live, &[]), whole);
        assert_eq!(words(&Plan::Withhold(Withheld::NewHolders), &live, &[]), new);
        assert_eq!(words(&Plan::Withhold(part), &live, &[]), whole[2..]);
        assert_eq!(words(&Plan::End, &live, &[]), whole);
    }

    /// CH-31.2, CH-33.2: what does not work now cannot stop, whether a measure or the phase keeps it.
    #[test]
    fn what_is_stopped_already_does_not_stop_again() {
        let held = Channel { measures: vec![Withheld::NewHolders], ..channel(Phase::Live) };
        let rest = ["identity.verify: serve", "pay.code: serve"];
        assert_eq!(words(&Plan::Withhold(Withheld::All), &held, &[]), rest, "in place of the measure");
        assert_eq!(words(&Plan::Withhold(Withheld::All), &held, &held.measures), rest, "beside it");
        assert_eq!(words(&Plan::End, &held, &held.measures), rest);
        assert_eq!(words(&Plan::Withhold(Withheld::All), &channel(Phase::Leaving), &[]), rest);
        for phase in [Phase::Testing, Phase::Exited, Phase::Terminated] {
            assert_eq!(words(&Plan::End, &channel(phase), &[]), [""; 0], "{phase}");
        }
    }
}
