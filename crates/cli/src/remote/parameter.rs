//! `ykt parameter`: the numbers of the rules on a running system.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use sdk::client::Staff;
use sdk::types::parameter::{DecideParameter, ParameterDecision, ParameterState, ProposeParameter};

/// What can be done with parameters.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List every parameter and its value today
    List,
    /// Show a parameter with its history
    Show {
        /// Such as monitor.min_issuance
        name: String,
    },
    /// Try another value of a number of CH-23 on the closed months; changes nothing
    Try {
        /// Such as monitor.min_issuance
        name: String,
        /// The value to try
        #[arg(allow_negative_numbers = true)]
        value: i64,
        /// How many closed months, 1 to 36
        #[arg(long, default_value_t = 12)]
        months: u8,
    },
    /// Propose a version; it holds when a second person has approved it
    Propose {
        /// Such as monitor.min_issuance
        name: String,
        /// The new value
        #[arg(allow_negative_numbers = true)]
        value: i64,
        /// First day in force, YYYY-MM-DD, the day after tomorrow at the earliest
        #[arg(long)]
        from: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Approve the version that waits
    Approve(Review),
    /// Reject the version that waits
    Reject(Review),
}

/// A decision on the version of a parameter that waits.
#[derive(Debug, Args)]
pub struct Review {
    /// Such as monitor.min_issuance
    name: String,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::List => {
                let all = staff.parameters().collect::<Result<Vec<_>, _>>()?;
                context.output.list(&all, &["name", "value", "unit", "number", "clause", "meaning"])
            }
            Self::Show { name } => context.output.item(&staff.parameter(&name)?),
            Self::Try { name, value, months } => {
                context.output.item(&staff.try_parameter(&name, value, months)?)
            }
            Self::Propose { name, value, from, reason } => {
                let request = ProposeParameter { value, begins_on: from, reason };
                context.output.item(&staff.propose_parameter(&name, &request)?)
            }
            Self::Approve(review) => review.run(&staff, ParameterDecision::Approve, context),
            Self::Reject(review) => review.run(&staff, ParameterDecision::Reject, context),
        }
    }
}

impl Review {
    fn run(self, staff: &Staff, decision: ParameterDecision, context: &Context) -> Result<(), Failure> {
        let versions = staff.parameter(&self.name)?.versions;
        let waiting = versions.into_iter().find(|version| version.state == ParameterState::Proposed);
        let waiting = waiting.ok_or_else(|| Failure::failed(format!("no version of {} waits", self.name)))?;
        let request = DecideParameter { decision, reason: self.reason };
        context.output.item(&staff.decide_parameter(&waiting.version_id, waiting.version, &request)?)
    }
}
