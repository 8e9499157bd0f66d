//! `ykt ecard`: an e-card as the channel sees it that it is bound to.

use super::caller::CallerKey;
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// What can be asked about e-cards.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show an e-card, masked
    Show {
        /// bnd_…
        binding: String,
        #[command(flatten)]
        caller: CallerKey,
    },
    /// List the uses of an e-card, newest first
    Uses {
        /// bnd_…
        binding: String,
        #[command(flatten)]
        caller: CallerKey,
        #[command(flatten)]
        page: Page,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Show { binding, caller } => context.output.item(&caller.connect(context)?.ecard(&binding)?),
            Self::Uses { binding, caller, page } => {
                let channel = caller.connect(context)?;
                let fields = ["use_id", "used_at", "purpose", "authorization", "caller_name", "division"];
                context.output.list(&first(channel.uses(&binding), page.limit)?, &fields)
            }
        }
    }
}
