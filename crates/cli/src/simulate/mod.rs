//! `ykt simulate`: years of a country of channels, played through the real services under a clock that is moved, and held
//! against a second statement of the rules.
//!
//! Invariant: the report depends on the arguments and on nothing else, byte for byte. The world is a temporary one; no
//! data folder is touched. The rules it is held against are the crate `oracle`, which calls none of the platform's.

mod act;
mod cast;
mod clauses;
mod digest;
mod holders;
mod observe;
mod plan;
mod play;
mod report;
mod stage;

use crate::arguments::Context;
use crate::failure::Failure;
use crate::output;
use clap::Args;
use play::Play;

/// What to play.
#[derive(Debug, Args)]
pub struct Flags {
    /// How many years
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    years: u32,
    /// How many channels apply
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=2000))]
    channels: u32,
    /// From which all chance comes
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Plays, prints the report, and fails if anything was found that the regulation forbids.
pub fn run(flags: &Flags, _context: &Context) -> Result<(), Failure> {
    let channels = usize::try_from(flags.channels).unwrap_or(usize::MAX);
    let mut play = Play::new(flags.years, channels, flags.seed)?;
    play.run()?;
    output::text(&play.report()?)?;
    let found = play.oracle.found();
    for wrong in found {
        output::note(wrong);
    }
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::failed("the platform did what the regulation forbids"))
    }
}
