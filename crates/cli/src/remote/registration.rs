//! `ykt registration`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::Reveal;
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
    /// List registrations in the order they were filed, masked
    List(Page),
    /// Show one, masked
    Show {
        /// reg_…
        registration: String,
    },
    /// Show one with its contact in clear; that you asked, and why, is on record
    Reveal {
        /// reg_…
        registration: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Confirm { registration } => {
                let version = staff.registration(&registration)?.version;
                context.output.item(&staff.confirm_registration(&registration, version)?)
            }
            Self::Decline { registration, reason } => {
                let version = staff.registration(&registration)?.version;
                let request = DeclineRegistration { reason };
                context.output.item(&staff.decline_registration(&registration, version, &request)?)
            }
            Self::Open { registration, login } => {
                let version = staff.registration(&registration)?.version;
                let request = OpenRegistration { login };
                context.output.item(&staff.open_registration(&registration, version, &request)?)
            }
            Self::List(page) => context.output.list(&first(staff.registrations(), page.limit)?, &FIELDS),
            Self::Show { registration } => context.output.item(&staff.registration(&registration)?),
            Self::Reveal { registration, reason } => {
                context.output.item(&staff.reveal_registration(&registration, &Reveal { reason })?)
            }
        }
    }
}
