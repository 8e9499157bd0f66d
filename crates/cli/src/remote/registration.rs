//! `ykt registration`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::registration::{DeclineRegistration, OpenRegistration};

const FIELDS: [&str; 5] = ["registration_id", "state", "name", "uscc", "filed_at"];

/// What can be done with companies that ask for an account.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Confirm that a company is who it says it is
    Confirm {
        /// reg_…
        registration: String,
    },
    /// Decline a registration; the company reads the reason
    Decline {
        /// reg_…
        registration: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Open the organisation with its first account; its one-time password is shown once
    Open {
        /// reg_…
        registration: String,
        /// Login name of the account
        #[arg(long)]
        login: String,
    },
    /// List registrations in the order they were filed
    List(Page),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Confirm { registration } => {
                context.output.item(&staff.confirm_registration(&registration)?)
            }
            Self::Decline { registration, reason } => context
                .output
                .item(&staff.decline_registration(&registration, &DeclineRegistration { reason })?),
            Self::Open { registration, login } => {
                context.output.item(&staff.open_registration(&registration, &OpenRegistration { login })?)
            }
            Self::List(page) => context.output.list(&first(staff.registrations(), page.limit)?, &FIELDS),
        }
    }
}
