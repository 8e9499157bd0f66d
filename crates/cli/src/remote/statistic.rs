//! `ykt statistic`.

use super::first;
use crate::arguments::Context;
use crate::failure::Failure;
use clap::{Subcommand, ValueEnum};
use sdk::types::statistic::AreaCoverage;

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
    /// Show the use of a month by area: provinces for the nation, prefectures for a province
    Areas {
        /// YYYY-MM
        #[arg(long)]
        month: String,
        /// Of this channel alone
        #[arg(long)]
        channel: Option<String>,
    },
    /// Show the uses of a month by application, and how they changed in a year
    Services {
        /// YYYY-MM
        #[arg(long)]
        month: String,
        /// Of this channel alone
        #[arg(long)]
        channel: Option<String>,
    },
    /// Show what became of the claims of e-cards of a channel: how many came to which check, and how many ended there
    Funnel {
        /// chn_…
        channel: String,
        /// YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// YYYY-MM-DD
        #[arg(long)]
        to: String,
    },
    /// Show how the requests of a channel ended and how long their answers took
    Traffic {
        /// chn_…
        channel: String,
        /// YYYY-MM-DD
        #[arg(long)]
        from: String,
        /// YYYY-MM-DD
        #[arg(long)]
        to: String,
        /// day, operation or code
        #[arg(long, value_enum, default_value_t = By::Day)]
        by: By,
    },
    /// Show how long each step of an application took: the median and what nine of ten did not exceed
    Durations {
        /// Of channels of this class alone: hrss, government, national_signed, bank, medical or social
        #[arg(long)]
        class: Option<String>,
        /// Steps that ended on this day or later, YYYY-MM-DD
        #[arg(long)]
        from: Option<String>,
        /// Steps that ended on this day or before, YYYY-MM-DD
        #[arg(long)]
        to: Option<String>,
    },
    /// Show how many holders have an e-card: in the whole area and in those right below it
    Coverage {
        /// The marks instead of the areas
        #[arg(long)]
        marks: bool,
    },
}

/// How the requests of a channel are told apart.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum By {
    /// A line for each day
    Day,
    /// A line for each operation
    Operation,
    /// A line for each error code
    Code,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show { from, to } => {
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
            Self::Durations { class, from, to } => {
                let period = (from.as_deref(), to.as_deref());
                let told = staff.application_durations(class.as_deref(), period)?;
                let fields = ["state", "cases", "median_seconds", "ninety_seconds"];
                context.output.list(&told.steps, &fields)
            }
            Self::Coverage { marks: true } => {
                let fields = ["clause", "on", "demand", "reached", "of", "is_met"];
                context.output.list(&staff.coverage()?.marks, &fields)
            }
            Self::Coverage { marks: false } => {
                let coverage = staff.coverage()?;
                let whole = AreaCoverage { division: coverage.division, count: coverage.count };
                let rows: Vec<_> = std::iter::once(whole).chain(coverage.areas).collect();
                context.output.list(&rows, &["division", "holders", "ecards", "basis_points"])
            }
            Self::Areas { month, channel } => {
                let fields = ["division", "issued", "active_users", "uses", "refused"];
                context.output.list(&staff.statistic_areas(&month, channel.as_deref())?.areas, &fields)
            }
            Self::Services { month, channel } => {
                let fields = ["service", "uses", "year_before", "change_basis_points"];
                context.output.list(&staff.statistic_services(&month, channel.as_deref())?.services, &fields)
            }
            Self::Funnel { channel, from, to } => {
                let issuance = staff.traffic(&channel, &from, &to)?.issuance;
                context.output.list(&issuance.gates, &["gate", "came", "lost"])
            }
            Self::Traffic { channel, from, to, by } => {
                let told = staff.traffic(&channel, &from, &to)?;
                let figures = ["calls", "answered", "refused", "failed", "p50_micros", "p95_micros"];
                let fields = |first| [&[first][..], &figures].concat();
                match by {
                    By::Day => context.output.list(&told.days, &fields("day_on")),
                    By::Operation => context.output.list(&told.operations, &fields("operation")),
                    By::Code => context.output.list(&told.codes, &["code", "status", "calls"]),
                }
            }
        }
    }
}
