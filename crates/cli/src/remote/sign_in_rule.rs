//! `ykt org sign-in-rule`: from where the accounts of an organisation are used.

use super::word;
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::sign_in_rule::{Concurrency, SetSignInRule};

/// What can be done with the rule of an organisation.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show it, with the address that you have as the platform sees it
    Show {
        /// org_…
        org: String,
    },
    /// Set it; what is not given stays as it is
    Set {
        /// org_…
        org: String,
        /// A network that accounts are used from, 192.0.2.0/24 or 2001:db8::/32; repeat for each, the list is replaced
        #[arg(long = "network", conflicts_with = "anywhere")]
        networks: Vec<String>,
        /// Accounts are used from anywhere
        #[arg(long)]
        anywhere: bool,
        /// single: whoever signs in ends what the account was signed in with before; or many
        #[arg(long, value_parser = word::<Concurrency>)]
        concurrency: Option<Concurrency>,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show { org } => context.output.item(&staff.sign_in_rule(&org)?),
            Self::Set { org, networks, anywhere, concurrency } => {
                let before = staff.sign_in_rule(&org)?;
                let is_kept = networks.is_empty() && !anywhere;
                let request = SetSignInRule {
                    networks: if is_kept { before.networks } else { networks },
                    concurrency: concurrency.unwrap_or(before.concurrency),
                };
                context.output.item(&staff.set_sign_in_rule(&org, before.version, &request)?)
            }
        }
    }
}
