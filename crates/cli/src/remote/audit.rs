//! `ykt audit`: the signed head, an export, and the offline check of an export.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show the newest signed head
    Head,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Head => context.output.item(&context.target.staff()?.audit_head()?),
        }
    }
}
