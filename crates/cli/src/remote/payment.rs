//! `ykt payment`.

use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Call;
use sdk::types::payment::{CreateRefund, PaymentView, RefundView};

/// What can be done with payments.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the payments in sight, newest first
    List(Page),
    /// Show a payment
    Show {
        /// pay_…
        payment: String,
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
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::List(page) => {
                let items = staff.client().list::<PaymentView>(super::path(&["staff", "payments"]));
                let fields = [
                    "payment_id",
                    "order_no",
                    "state",
                    "amount_fen",
                    "refunded_fen",
                    "payee_id",
                    "created_at",
                ];
                context.output.list(&first(items, page.limit)?, &fields)
            }
            Self::Show { payment } => {
                let call = Call::get(super::path(&["staff", "payments", &payment]));
                context.output.item(&staff.client().send::<PaymentView>(&call)?)
            }
            Self::Refund { payment, amount_fen, refund_no, reason } => {
                let request = CreateRefund { refund_no, amount_fen, reason };
                let call = Call::post(super::path(&["staff", "payments", &payment, "refunds"]), &request)?;
                context.output.item(&staff.client().send::<RefundView>(&call)?)
            }
        }
    }
}
