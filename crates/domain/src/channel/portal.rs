//! What the people of a channel's owner may still do about it at the portal, phase by phase (CH-33.3).
//!
//! Invariant: from the step that closes the interfaces they read, and do what they owe beyond the end: everything else is
//! refused, whoever of them asks and wherever. Reading is never withdrawn: it is their record of what they did. What a
//! channel's server may do is another table ([`super::permits`]).

use super::{Phase, Refusal};
use crate::matter::Kind;
use crate::name::names;

names! {
    /// What somebody wants of the portal about a channel.
    Errand {
        /// To see its pages, figures, business and records.
        Read = "read",
        /// To do business of its running, or to set something up for it.
        Run = "run",
        /// To do what its owner owes though it has left.
        Settle = "settle",
    }
    /// How the portal stands to a channel.
    Portal {
        /// Everything goes.
        Open = "open",
        /// It is read; what is owed is settled.
        ReadOnly = "read_only",
    }
}

impl Phase {
    /// Whether the people of the channel's owner come for this in this phase (CH-33.3; after grade 3, CH-31.3). In the
    /// transition they run it to its last day: it has holders to serve and to guide away (CH-34.1).
    pub const fn receives(self, errand: Errand) -> Result<(), Refusal> {
        match (self, errand) {
            (_, Errand::Read | Errand::Settle)
            | (Self::Testing | Self::Live | Self::Leaving, Errand::Run) => Ok(()),
            (Self::Exited, Errand::Run) => Err(Refusal::Exited),
            (Self::Terminated, Errand::Run) => Err(Refusal::Terminated),
        }
    }

    /// How the portal stands to a channel in this phase.
    pub const fn portal(self) -> Portal {
        if self.receives(Errand::Run).is_ok() { Portal::Open } else { Portal::ReadOnly }
    }
}

impl Kind {
    /// For what an owner comes who acts in a matter of this kind. What outlives the channel: the deletion (CH-36.1) and the
    /// key that signs it, what happened and is found out later (CH-27.3), the report on a month that was served (CH-11.4d).
    pub const fn errand(self) -> Errand {
        match self {
            Self::Exit | Self::SigningKey | Self::RiskEvent | Self::Filing => Errand::Settle,
            Self::Application
            | Self::Agreement
            | Self::KeyChange
            | Self::CallbackChange
            | Self::KeyRotation
            | Self::SecurityReport
            | Self::Monitoring
            | Self::Notice
            | Self::Maintenance
            | Self::Campaign
            | Self::Ticket
            | Self::Suggestion
            | Self::Rectification => Errand::Run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::{Party, life};
    use crate::refusal::Refuse;
    use std::fmt::Write;

    /// CH-33.3, CH-31.3, CH-36.1: the whole table, phase by errand, and for which errand which business is.
    #[test]
    fn whoever_has_left_reads_and_settles_what_is_owed() {
        let mut table = String::new();
        for phase in Phase::ALL {
            let cell = |errand: &Errand| match phase.receives(*errand) {
                Ok(()) => format!("{errand}: yes"),
                Err(refusal) => format!("{errand}: {}", refusal.code()),
            };
            let row: Vec<_> = Errand::ALL.iter().map(cell).collect();
            _ = writeln!(table, "{phase}, {}: {}", phase.portal(), row.join(", "));
        }
        for kind in Kind::ALL {
            _ = writeln!(table, "{kind}: {}", kind.errand());
        }
        expect_test::expect_file!["portal.txt"].assert_eq(&table);
    }

    /// CH-33.3: what an owner may begin in a phase it may go on with in that phase.
    #[test]
    fn what_an_owner_begins_it_may_do() {
        for kind in Kind::ALL {
            for phase in Phase::ALL {
                let begins = (life(*kind).may_open)(Party::Owner, Some(*phase)).is_ok();
                assert!(!begins || phase.receives(kind.errand()).is_ok(), "{kind} {phase}");
            }
        }
    }
}
