//! To which channels the holders of one that leaves can move (CH-34.2).
//!
//! Invariant: whoever is named takes new holders today, somewhere the leaving channel served or in the whole country.

use super::{Channel, Use, permits};
use crate::service::{ISSUANCE, ServiceCode};

impl Channel {
    /// Whether holders of `leaving` can be guided here: another channel that issues now and serves a region of it, or the
    /// whole country. What belongs to `leaving` as its level 2 goes with it.
    pub fn succeeds(&self, leaving: &Self) -> bool {
        let is_another = self.id != leaving.id && self.parent != Some(leaving.id);
        let issuance: Option<ServiceCode> = ISSUANCE.parse().ok();
        let issues = issuance.is_some_and(|code| {
            self.scope.includes(&code) && permits(self.phase, &self.measures, Use::Issue, &code).is_ok()
        });
        let mut regions = self.scope.regions().iter();
        let meets = regions.any(|region| leaving.scope.regions().iter().any(|left| region.overlaps(*left)));
        is_another && issues && meets
    }
}

#[cfg(test)]
mod tests {
    use crate::channel::tests::channel;
    use crate::channel::{Channel, Phase, Scope, Withheld};
    use crate::id::ChannelId;

    fn serving(regions: &[&str], services: &[&str]) -> Channel {
        let regions = regions.iter().map(|code| code.parse().unwrap()).collect();
        let services = services.iter().map(|code| code.parse().unwrap()).collect();
        let scope = Scope::new(regions, services).unwrap();
        Channel { id: ChannelId::from_bytes([5; 16]), scope, ..channel(Phase::Live) }
    }

    /// CH-34.2: a channel of its regions, or a nationwide one, that takes new holders.
    #[test]
    fn holders_move_to_a_channel_of_their_region_or_a_nationwide_one() {
        let leaving = channel(Phase::Leaving);
        let here = || serving(&["330100"], &["ecard.issue"]);
        for (other, expected) in [
            (here(), true),
            (serving(&["310000", "440000"], &["ecard.issue"]), true),
            (serving(&["000000"], &["ecard.issue"]), true),
            (serving(&["320000"], &["ecard.issue"]), false),
            (serving(&["330100"], &[]), false),
            (Channel { phase: Phase::Testing, ..here() }, false),
            (Channel { phase: Phase::Leaving, ..here() }, false),
            (Channel { phase: Phase::Exited, ..here() }, false),
            (Channel { phase: Phase::Terminated, ..here() }, false),
            (Channel { measures: vec![Withheld::NewHolders], ..here() }, false),
            (Channel { measures: vec![Withheld::All], ..here() }, false),
            (
                Channel { measures: vec![Withheld::Services(vec!["pay.code".parse().unwrap()])], ..here() },
                true,
            ),
            (Channel { parent: Some(leaving.id), ..here() }, false),
            (Channel { id: leaving.id, ..here() }, false),
        ] {
            assert_eq!(other.succeeds(&leaving), expected, "{other:?}");
        }
    }
}
