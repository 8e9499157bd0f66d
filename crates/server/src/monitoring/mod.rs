//! Monitoring of the channels (CH-23): the monthly close of their figures, what the rules make of them, and the figures
//! as a chart wants them.
//!
//! Invariants. Figures are those of same-entity groups, level 1 and its level-2 channels as one (CH-23.0b), from the
//! counters of closed months only. A month is measured once, by whichever server gets to it first; what it leads to is a
//! matter, opened and evaluated by the platform. The same close demands the monthly reports on level-2 channels
//! (CH-11.4d). A trial says what another number would have found and changes nothing. The rules are in `domain::monitoring` and `domain::filing`.

mod figures;
pub mod http;
pub mod service;
pub mod trial;

pub use figures::Group;
