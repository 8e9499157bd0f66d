//! `ykt staff`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use crate::secret;
use clap::Subcommand;
use sdk::types::staff::CreateStaff;

const FIELDS: [&str; 6] = ["staff_id", "login", "name", "role", "org_id", "disabled_at"];

/// What can be done with accounts of staff.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open an account; its first password is read, never given as an argument
    Create {
        /// Login name
        login: String,
        /// Organisation, org_…
        #[arg(long)]
        org: String,
        /// For people
        #[arg(long)]
        name: String,
        /// Such as operator_clerk or region_admin
        #[arg(long)]
        role: String,
        #[command(flatten)]
        password: secret::Origin,
    },
    /// List the accounts in sight
    List(Page),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { login, org, name, role, password } => {
                let password = password.read("first password of the account")?;
                let password = password.expose().as_str().into();
                let request = CreateStaff { org_id: org, login, name, password, roles: vec![role] };
                context.output.item(&staff.create_staff(&request)?)
            }
            Self::List(page) => context.output.list(&first(staff.staff(), page.limit)?, &FIELDS),
        }
    }
}
