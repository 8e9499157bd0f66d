//! `ykt delegation`: who stands in for whom.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Staff;
use sdk::types::delegation::{ActOnDelegation, CreateDelegation};

const FIELDS: [&str; 6] = ["delegation_id", "side", "from_on", "until_on", "state", "actions"];

/// What can be done with delegations.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Ask a colleague of the own organisation to act in matters in one's place; it counts once they accept
    Offer {
        /// Login name of the colleague
        login: String,
        /// The first day, YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// The last day
        #[arg(long)]
        until: String,
    },
    /// Take on what one was asked for
    Accept(Which),
    /// Decline what one was asked for
    Decline(Which),
    /// End one at once
    Revoke(Which),
    /// List what one has given and was asked for
    List(Page),
}

/// Which one.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// dlg_…
    delegation: String,
}

impl Which {
    fn act(&self, staff: &Staff, action: &str, context: &Context) -> Result<(), Failure> {
        let request = ActOnDelegation { action: action.to_owned() };
        context.output.item(&staff.act_on_delegation(&self.delegation, &request)?)
    }
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Offer { login, from, until } => {
                let request = CreateDelegation { login, from_on: from, until_on: until };
                context.output.item(&staff.create_delegation(&request)?)
            }
            Self::Accept(which) => which.act(&staff, "accept", context),
            Self::Decline(which) => which.act(&staff, "decline", context),
            Self::Revoke(which) => which.act(&staff, "revoke", context),
            Self::List(page) => context.output.list(&first(staff.delegations(), page.limit)?, &FIELDS),
        }
    }
}
