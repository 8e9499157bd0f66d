//! `ykt payment`: a payment as the channel or terminal sees it that took it.

use super::caller::CallerKey;
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Acceptance;
use sdk::types::payment::CreateRefund;

/// What can be done with payments.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show a payment
    Show {
        /// pay_…
        payment: String,
        #[command(flatten)]
        caller: CallerKey,
    },
    /// List the refunds of a payment
    Refunds {
        /// pay_…
        payment: String,
        #[command(flatten)]
        caller: CallerKey,
        #[command(flatten)]
        page: Page,
    },
    /// Refund a payment in part or whole
    Refund {
        /// pay_…
        payment: String,
        /// In fen
        #[arg(long)]
        amount_fen: i64,
        /// Own number of the refund; the same number is the same refund
        #[arg(long)]
        refund_no: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        caller: CallerKey,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Show { payment, caller } => {
                context.output.item(&caller.connect(context)?.payment(&payment)?)
            }
            Self::Refunds { payment, caller, page } => {
                let client = caller.connect(context)?;
                let fields = ["refund_no", "state", "amount_fen", "reason", "created_at"];
                context.output.list(&first(client.refunds(&payment), page.limit)?, &fields)
            }
            Self::Refund { payment, amount_fen, refund_no, reason, caller } => {
                let request = CreateRefund { refund_no, amount_fen, reason };
                context.output.item(&caller.connect(context)?.create_refund(&payment, &request)?)
            }
        }
    }
}
