//! `ykt ledger`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// What can be asked about the ledger.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the accounts with their balances
    Accounts(Page),
    /// Add up every transfer anew and compare with the balances
    Verify,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Accounts(page) => {
                let fields = ["account_id", "kind", "owner_id", "balance_fen", "limit_fen"];
                context.output.list(&first(staff.accounts(), page.limit)?, &fields)
            }
            Self::Verify => {
                let view = staff.verify_ledger()?;
                context.output.item(&view)
            }
        }
    }
}
