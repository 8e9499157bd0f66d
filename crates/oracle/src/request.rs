//! What a channel may do on a request: CH-6.1, CH-31.1, CH-31.2, CH-31.3, CH-33.2 and CH-33.3 as one table.

use crate::{ChannelNo, Oracle, Phase};

/// What a channel wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Issue an e-card.
    Issue,
    /// Open an application to a holder.
    Open,
    /// Serve a holder that it has.
    Serve,
    /// Let a holder go.
    Release,
    /// Read its own figures and notices.
    Read,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Issue, Self::Open, Self::Serve, Self::Release, Self::Read];
}

/// What a measure withholds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withheld {
    /// Everything that serves holders.
    All,
    /// New issuance and new applications.
    NewHolders,
    /// These services.
    Services(Vec<String>),
}

/// Whether a channel that stands so may do it with a service.
#[must_use]
pub fn permits<'a>(
    phase: Phase,
    measures: impl IntoIterator<Item = &'a Withheld>,
    what: Use,
    service: &str,
) -> bool {
    let by_phase = match phase {
        Phase::Testing => what == Use::Read,
        Phase::Live => true,
        Phase::Leaving => matches!(what, Use::Serve | Use::Release | Use::Read),
        Phase::Exited | Phase::Terminated => false,
    };
    let is_free = matches!(what, Use::Release | Use::Read);
    by_phase
        && measures.into_iter().all(|measure| match measure {
            Withheld::All => is_free,
            Withheld::NewHolders => is_free || what == Use::Serve,
            Withheld::Services(services) => is_free || !services.iter().any(|held| held == service),
        })
}

impl Oracle {
    /// A request was served or refused, within the regions of the channel or elsewhere (CH-8.1e, CH-8.2b).
    pub fn request(
        &mut self,
        channel: ChannelNo,
        what: Use,
        service: &str,
        is_within: bool,
        is_served: bool,
    ) {
        let Some(life) = self.channels.get(&channel) else { return };
        let measures = self.expected(channel);
        let is_admitted = matches!(what, Use::Release | Use::Read)
            || (is_within && life.facts.services.iter().any(|admitted| admitted == service));
        let may =
            is_admitted && permits(life.phase, measures.iter().map(|(_, withheld)| withheld), what, service);
        let phase = life.phase;
        let wrong = || {
            let word = if is_served { "was served" } else { "was refused" };
            format!("channel {channel}, {phase:?} under {measures:?}: {what:?} of {service} {word}")
        };
        // Nothing but formal access is missing: that alone keeps it from serving (CH-6.1).
        let is_free = matches!(what, Use::Release | Use::Read);
        if phase == Phase::Testing && is_admitted && !is_free && measures.is_empty() {
            self.uphold("CH-6.1", !is_served, wrong);
        } else {
            self.check(may == is_served, wrong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_add_up() {
        let part = Withheld::Services(vec!["query.card".into()]);
        let both = [Withheld::NewHolders, part];
        assert!(!permits(Phase::Live, &both, Use::Issue, "issuance.ecard"));
        assert!(!permits(Phase::Live, &both, Use::Serve, "query.card"));
        assert!(permits(Phase::Live, &both, Use::Serve, "query.talent"));
        assert!(permits(Phase::Live, &[Withheld::All], Use::Release, "query.card"));
        assert!(!permits(Phase::Exited, &[], Use::Read, "query.card"));
    }
}
