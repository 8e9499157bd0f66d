//! `ykt staff`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::staff::{CreateStaff, DecideOnStaff};

const FIELDS: [&str; 5] = ["staff_id", "login", "role", "state", "org_id"];

/// What can be done with accounts of staff.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open an account; its one-time password is shown once and must be replaced at the first sign-in
    Create {
        /// Login name
        login: String,
        /// Organisation, org_…
        #[arg(long)]
        org: String,
        /// operator_admin, operator_clerk, security_admin, audit_admin, ministry_reviewer, region_admin, region_clerk, department_clerk, channel_admin or lab_tester
        #[arg(long)]
        role: String,
    },
    /// Disable an account: its sign-ins end at once
    Disable(Decision),
    /// Enable an account that was disabled
    Enable(Decision),
    /// Take the second factor from an account whose owner has lost it
    ResetFactor(Decision),
    /// List the accounts in sight
    List(Page),
}

/// About whom, and why.
#[derive(Debug, clap::Args)]
pub struct Decision {
    /// stf_…
    staff: String,
    /// For the record
    #[arg(long)]
    reason: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { login, org, role } => {
                context.output.item(&staff.create_staff(&CreateStaff { org_id: org, login, role })?)
            }
            Self::Disable(of) => {
                context.output.item(&staff.disable_staff(&of.staff, &DecideOnStaff { reason: of.reason })?)
            }
            Self::Enable(of) => {
                context.output.item(&staff.enable_staff(&of.staff, &DecideOnStaff { reason: of.reason })?)
            }
            Self::ResetFactor(of) => {
                context.output.item(&staff.reset_factor(&of.staff, &DecideOnStaff { reason: of.reason })?)
            }
            Self::List(page) => context.output.list(&first(staff.staff(), page.limit)?, &FIELDS),
        }
    }
}
