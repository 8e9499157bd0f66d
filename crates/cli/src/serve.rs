//! `ykt serve`.

use crate::arguments::{Context, Local};
use crate::failure::Failure;
use clap::Args;

/// How to serve.
#[derive(Debug, Args)]
pub struct Flags {
    #[command(flatten)]
    local: Local,
}

/// Serves.
pub fn run(flags: &Flags, context: &Context) -> Result<(), Failure> {
    context.configuration(&flags.local.flags()).map(drop)
}
