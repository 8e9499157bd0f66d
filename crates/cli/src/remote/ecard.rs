//! `ykt ecard`.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Call;
use serde_json::Value;

/// What can be asked about e-cards.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show an e-card, masked, with its bindings
    Show {
        /// ecd_…
        ecard: String,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let Self::Show { ecard } = self;
        let staff = context.target.staff()?;
        let view: Value = staff.client().send(&Call::get(super::path(&["staff", "ecards", &ecard])))?;
        context.output.item(&view)
    }
}
