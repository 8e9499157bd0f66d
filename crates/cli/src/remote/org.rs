//! `ykt org`.

use super::rows::{Column, Import, Need};
use super::{Page, first, word};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::org::{CreateOrg, OrgKind, RegisterOrgs};

const FIELDS: [&str; 5] = ["org_id", "kind", "name", "division", "uscc"];

/// What a file has.
const COLUMNS: [Column; 4] = [
    Column("name", "机构名称", Need::Required),
    Column("kind", "机构类型", Need::Required),
    Column("division", "行政区划代码", Need::Required),
    Column("uscc", "统一社会信用代码", Need::Optional),
];

/// What can be done with organisations.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Register an organisation
    Create {
        /// Full name
        name: String,
        /// ministry, province, prefecture, operator, channel_owner, department or lab
        #[arg(long, value_parser = word::<OrgKind>)]
        kind: OrgKind,
        /// Jurisdiction or seat, 6 digits
        #[arg(long)]
        division: String,
        /// 统一社会信用代码, 18 characters
        #[arg(long)]
        uscc: Option<String>,
    },
    /// Register organisations as they stand in the rows of a file
    Import(Import),
    /// List the organisations in sight
    List(Page),
    /// Show what every role may do
    Roles,
    /// From where an organisation's accounts are used, and whether in one place at a time
    #[command(subcommand)]
    SignInRule(super::sign_in_rule::Verb),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::SignInRule(verb) => verb.run(context),
            Self::Create { name, kind, division, uscc } => {
                context.output.item(&staff.create_org(&CreateOrg { name, kind, division, uscc })?)
            }
            Self::Import(import) => import.run(context, &COLUMNS, |rows| {
                let request = RegisterOrgs { rows };
                if import.is_dry() { staff.try_orgs(&request) } else { staff.register_orgs(&request) }
            }),
            Self::List(page) => context.output.list(&first(staff.orgs(), page.limit)?, &FIELDS),
            Self::Roles => context.output.item(&staff.roles()?),
        }
    }
}
