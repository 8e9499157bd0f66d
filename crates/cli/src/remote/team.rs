//! `ykt team`: the accounts of the own organisation.

use super::sign_in::SESSION_FIELDS;
use super::staff::{Decision, End, MEMBER_FIELDS};
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::team::CreateMember;

/// What the administrator of a channel's owner does with its accounts.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open an account; its one-time password is shown once and must be replaced at the first sign-in
    Create {
        /// Login name
        login: String,
        /// channel_admin or channel_engineer
        #[arg(long)]
        role: String,
    },
    /// Disable an account: its sign-ins end at once
    Disable(Decision),
    /// Enable an account that was disabled
    Enable(Decision),
    /// List the accounts
    List(Page),
    /// List the sign-ins of an account
    Sessions {
        /// stf_…
        staff: String,
    },
    /// End one sign-in of an account, or all of them; it stays enabled
    EndSessions(End),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { login, role } => {
                context.output.item(&staff.create_member(&CreateMember { login, role })?)
            }
            Self::Disable(of) => context.output.item(&staff.disable_member(&of.staff, &of.reason())?),
            Self::Enable(of) => context.output.item(&staff.enable_member(&of.staff, &of.reason())?),
            Self::List(page) => context.output.list(&first(staff.team(), page.limit)?, &MEMBER_FIELDS),
            Self::Sessions { staff: id } => {
                context.output.list(&staff.sessions_of_member(&id)?.data, &SESSION_FIELDS)
            }
            Self::EndSessions(of) => Ok(staff.end_sessions_of_member(&of.staff, &of.request())?),
        }
    }
}
