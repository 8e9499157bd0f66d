//! `ykt payee`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::payee::CreatePayee;

/// What can be done with payees.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Register a department as a payee; its fee stays
    Create {
        /// org_… of the department
        org: String,
        /// Fee of each payment in 1/10000
        #[arg(long, default_value_t = 0)]
        fee_basis_points: i64,
    },
    /// List the payees
    List(Page),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { org, fee_basis_points } => {
                context.output.item(&staff.create_payee(&CreatePayee { org_id: org, fee_basis_points })?)
            }
            Self::List(page) => {
                let fields = ["payee_id", "name", "fee_basis_points", "created_at"];
                context.output.list(&first(staff.payees(), page.limit)?, &fields)
            }
        }
    }
}
