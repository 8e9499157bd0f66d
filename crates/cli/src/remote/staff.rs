//! `ykt staff`.

use super::sign_in::SESSION_FIELDS;
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::staff::{CreateStaff, DecideOnStaff, EndSessions};

const FIELDS: [&str; 7] = ["staff_id", "login", "role", "state", "org_id", "has_factor", "signed_in_at"];
/// What a list of one organisation's accounts shows.
pub const MEMBER_FIELDS: [&str; 6] = ["staff_id", "login", "role", "state", "has_factor", "signed_in_at"];

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
        /// operator_admin, operator_clerk, security_admin, audit_admin, ministry_reviewer, region_admin, region_clerk, department_clerk, channel_admin, channel_engineer or lab_tester
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
    /// List the sign-ins of an account
    Sessions {
        /// stf_…
        staff: String,
    },
    /// End one sign-in of an account, or all of them; it stays enabled
    EndSessions(End),
}

/// About whom, and why.
#[derive(Debug, clap::Args)]
pub struct Decision {
    /// stf_…
    pub staff: String,
    /// For the record
    #[arg(long)]
    reason: String,
}

impl Decision {
    /// As it is sent.
    pub fn reason(&self) -> DecideOnStaff {
        DecideOnStaff { reason: self.reason.clone() }
    }
}

/// Which sign-ins, and why.
#[derive(Debug, clap::Args)]
pub struct End {
    /// stf_…
    pub staff: String,
    /// sts_…; without it all of the account's
    #[arg(long)]
    session: Option<String>,
    /// For the record
    #[arg(long)]
    reason: String,
}

impl End {
    /// As it is sent.
    pub fn request(&self) -> EndSessions {
        EndSessions { reason: self.reason.clone(), session_id: self.session.clone() }
    }
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { login, org, role } => {
                context.output.item(&staff.create_staff(&CreateStaff { org_id: org, login, role })?)
            }
            Self::Disable(of) => context.output.item(&staff.disable_staff(&of.staff, &of.reason())?),
            Self::Enable(of) => context.output.item(&staff.enable_staff(&of.staff, &of.reason())?),
            Self::ResetFactor(of) => context.output.item(&staff.reset_factor(&of.staff, &of.reason())?),
            Self::Sessions { staff: id } => {
                context.output.list(&staff.sessions_of(&id)?.data, &SESSION_FIELDS)
            }
            Self::EndSessions(of) => Ok(staff.end_sessions_of(&of.staff, &of.request())?),
            Self::List(page) => context.output.list(&first(staff.staff(), page.limit)?, &FIELDS),
        }
    }
}
