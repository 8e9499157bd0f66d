//! `ykt statistic`.

use super::first;
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;

/// What can be asked about use.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show the use of every channel in sight, by day
    Show {
        /// YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// YYYY-MM-DD
        #[arg(long)]
        to: String,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let Self::Show { from, to } = self;
        let staff = context.target.staff()?;
        let fields = [
            "period",
            "channel_id",
            "issued",
            "issued_total",
            "active_users",
            "uses",
            "payments",
            "paid_fen",
        ];
        context.output.list(&first(staff.statistics(&from, &to), usize::MAX)?, &fields)
    }
}
