//! Any history of phases and measures, against the clauses said once more in other words.

use super::{Phase, Use, Withheld, permits};
use crate::service::ServiceCode;
use std::collections::BTreeMap;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// What the clauses say, sentence by sentence, of a channel for which these matters have each opened a measure.
fn clauses_say(phase: Phase, open: &BTreeMap<usize, Withheld>, what: Use, service: &ServiceCode) -> bool {
    let has_access = phase == Phase::Live || phase == Phase::Leaving;
    let is_connected = has_access || phase == Phase::Testing;
    let everything_stops = open.values().any(|withheld| *withheld == Withheld::All);
    let takes_nobody_new =
        phase == Phase::Leaving || open.values().any(|withheld| *withheld == Withheld::NewHolders);
    let service_stops = open.values().any(|withheld| match withheld {
        Withheld::Services(services) => services.contains(service),
        Withheld::All | Withheld::NewHolders => false,
    });
    match what {
        Use::Read => is_connected,
        Use::Release => has_access,
        Use::Serve => has_access && !everything_stops && !service_stops,
        Use::Issue | Use::OpenApplication => {
            has_access && !everything_stops && !service_stops && !takes_nobody_new
        }
    }
}

/// CH-6.1, CH-31.1, CH-31.2, CH-31.3, CH-33.2, CH-33.3, R9: overlapping measures of several matters, opened, changed and
/// lifted in any order while the channel goes through its phases.
#[test]
fn any_history_permits_what_the_clauses_say() {
    let services =
        ["ecard.issue", "identity.verify", "pay.code"].map(|code| code.parse::<ServiceCode>().unwrap());
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut permitted = 0;
    for _ in 0..300 {
        let (mut phase, mut open) = (Phase::Testing, BTreeMap::new());
        for _ in 0..40 {
            let matter = dice.below(4);
            match dice.below(6) {
                0 => phase = Phase::ALL[dice.below(Phase::ALL.len())],
                1 | 2 => drop(open.remove(&matter)),
                3 => drop(open.insert(matter, Withheld::All)),
                4 => drop(open.insert(matter, Withheld::NewHolders)),
                _ => {
                    let some = services.iter().filter(|_| dice.below(2) == 0).cloned().collect();
                    open.insert(matter, Withheld::Services(some));
                }
            }
            let measures: Vec<_> = open.values().cloned().collect();
            for (what, service) in
                Use::ALL.iter().flat_map(|what| services.iter().map(move |service| (*what, service)))
            {
                let permits = permits(phase, &measures, what, service).is_ok();
                assert_eq!(
                    permits,
                    clauses_say(phase, &open, what, service),
                    "{phase} {open:?} {what} {service:?}"
                );
                permitted += u32::from(permits);
            }
        }
    }
    assert!(permitted > 10_000, "the histories say something: {permitted}");
}
