//! `ykt clock`: the sandbox's business time.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Call;
use sdk::types::clock::{AdvanceClock, ClockView};

/// What can be done with the sandbox's clock.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// What it says
    Show,
    /// Move business time forward, for everybody in the sandbox
    Advance {
        /// By so many days
        #[arg(long, default_value_t = 0)]
        days: i64,
        /// And so many seconds
        #[arg(long, default_value_t = 0)]
        seconds: i64,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show => {
                context.output.item(&staff.client().send::<ClockView>(&Call::get("/api/v1/clock"))?)
            }
            Self::Advance { days, seconds } => {
                let seconds = days.saturating_mul(86_400).saturating_add(seconds);
                context.output.item(&staff.advance_clock(&AdvanceClock { seconds })?)
            }
        }
    }
}
