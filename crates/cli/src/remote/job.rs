//! `ykt job`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// What can be done with the work behind the requests.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show what waits by kind, and the periodic work of the server that answers
    Show,
    /// List the jobs whose last attempt failed
    Failed(Page),
    /// Have a failed job tried at once
    Rerun {
        /// job_…
        job: String,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show => context.output.item(&staff.jobs()?),
            Self::Failed(page) => {
                let fields = ["job_id", "kind", "subject", "attempts", "next_at", "last_error"];
                context.output.list(&first(staff.failed_jobs(), page.limit)?, &fields)
            }
            Self::Rerun { job } => context.output.item(&staff.rerun_job(&job)?),
        }
    }
}
