//! Settlement: the day cut, what each payee is owed for a day, and the file that says so.
//!
//! A payment belongs to the business day (Beijing) of its posting, whenever it was ordered. The cut of a day
//! sums one [`Batch`] for each payee; [`write`] makes its day file, and [`Manifest`] the text that is signed
//! with SM2.
//!
//! **Invariants.** A day is cut once it is over. A batch is the sum of its lines and nothing else, so that
//! file, manifest and batch can be checked against each other by anybody. Clearing (who gets how much) is
//! here; settlement (money moves) is [`crate::ledger::plan::payout`].
//!
//! Not here: signatures, and the comparison with a counterparty's file.

mod file;
mod manifest;

pub use file::{Line, LineKind, read, write};
pub use manifest::Manifest;

use crate::money::{self, Fen};
use crate::payment::Payee;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};

/// After the end of a business day, how long until its file is due: 10:00 of the next day.
const FILE_DUE_SECONDS: i64 = 10 * 3600;
/// All of an amount, in basis points.
const WHOLE: i128 = 10_000;

refusals! {
    /// Why a day, a fee or a day file is not accepted.
    Refusal {
        /// The day is not over.
        DayOpen {
            /// The day.
            day: BusinessDate,
        } = "settlement.day_open" "业务日{day}尚未结束" "the business day {day} is not over";
        /// An earlier day has movements and was not cut.
        EarlierOpen {
            /// The day.
            day: BusinessDate,
        } = "settlement.order" "业务日{day}尚未日切" "the business day {day} must be cut first";
        /// Batches and ledger do not say the same.
        Unbalanced = "settlement.unbalanced" "结算汇总与账务不符，未作任何更改"
            "the batches differ from the ledger; nothing was changed";
        /// More than the whole amount.
        FeeRate = "settlement.fee_rate" "手续费率不能超过10000个基点" "a fee is at most 10000 basis points";
        /// A sum does not fit.
        Overflow = "settlement.overflow" "金额超出可表示范围" "a sum of money is out of range";
        /// The header lacks a column or names one twice.
        Header {
            /// The column.
            column: &'static str,
        } = "day_file.header" "对账文件表头缺少或重复列{column}" "the header must name column {column} once";
        /// A line is not as its header says.
        Line {
            /// Counted from 1, the header being line 1.
            line: usize,
        } = "day_file.line" "对账文件第{line}行格式不正确" "line {line} of the day file is malformed";
        /// No trailer, or none in the right form.
        Trailer = "day_file.trailer" "对账文件缺少有效的尾行" "the day file has no valid trailer";
        /// The lines are fewer or more than the trailer says.
        Count = "day_file.count" "对账文件笔数与尾行不符" "the count of lines differs from the trailer";
        /// The sum of the lines is another than the trailer says.
        Sum = "day_file.sum" "对账文件金额合计与尾行不符" "the sum of the lines differs from the trailer";
        /// The body is another than the trailer was made for.
        Digest = "day_file.digest" "对账文件SM3摘要不符" "the SM3 of the body differs from the trailer";
        /// Not the text of a manifest.
        Manifest = "manifest.malformed" "清单格式不正确" "the manifest is malformed";
        /// The manifest is for another file.
        ManifestDiffers {
            /// What differs.
            field: &'static str,
        } = "manifest.differs" "清单与对账文件不一致（{field}）" "the manifest does not fit the file: {field}";
    }
}

/// The business day a movement posted at `posted_at` belongs to.
pub fn day_of(posted_at: Timestamp) -> BusinessDate {
    posted_at.business_date()
}

/// May `day` be cut at `now`? Refuses: day open.
pub fn check_cut(day: BusinessDate, now: Timestamp) -> Result<(), Refusal> {
    if now >= day.end() { Ok(()) } else { Err(Refusal::DayOpen { day }) }
}

/// When the file of `day` is due: 10:00 of the next day.
pub const fn file_due_at(day: BusinessDate) -> Timestamp {
    day.end().plus_seconds(FILE_DUE_SECONDS)
}

/// What a payee pays for each payment, in basis points (1/100 of a percent). A refund gives no fee back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeRate(u16);

impl FeeRate {
    /// This many basis points. Refuses: fee rate.
    pub const fn new(basis_points: u16) -> Result<Self, Refusal> {
        if basis_points as i128 <= WHOLE { Ok(Self(basis_points)) } else { Err(Refusal::FeeRate) }
    }

    /// The number of basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// The fee of one payment, rounded to the nearest 分, half a 分 upwards (四舍五入). Each payment is rounded by
    /// itself, so that the fees of the lines add up to the fee of the batch.
    pub fn fee(self, payment: money::Amount) -> Fen {
        let exact = i128::from(payment.get()) * i128::from(self.0);
        // At most the payment itself, because the rate is at most the whole.
        Fen::new(i64::try_from((exact + WHOLE / 2) / WHOLE).unwrap_or(i64::MAX))
    }
}

/// What one payee is owed for one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The day.
    pub day: BusinessDate,
    /// The payee.
    pub payee: Payee,
    /// The number of payments.
    pub payments: u64,
    /// Their sum.
    pub paid: Fen,
    /// The number of refunds.
    pub refunds: u64,
    /// Their sum.
    pub refunded: Fen,
    /// The sum of the fees.
    pub fee: Fen,
}

impl Batch {
    /// A batch of no lines.
    pub const fn empty(day: BusinessDate, payee: Payee) -> Self {
        Self { day, payee, payments: 0, paid: Fen::ZERO, refunds: 0, refunded: Fen::ZERO, fee: Fen::ZERO }
    }

    /// The batch of `lines`. Refuses: overflow.
    pub fn of(day: BusinessDate, payee: Payee, lines: &[Line]) -> Result<Self, Refusal> {
        lines.iter().try_fold(Self::empty(day, payee), Self::with)
    }

    /// The batch with one more line. Refuses: overflow.
    pub fn with(self, line: &Line) -> Result<Self, Refusal> {
        let add = |sum: Fen, more: Fen| sum.plus(more).map_err(|_| Refusal::Overflow);
        let fee = add(self.fee, line.fee)?;
        match line.kind {
            LineKind::Payment => {
                let paid = add(self.paid, line.amount.fen())?;
                Ok(Self { payments: self.payments + 1, paid, fee, ..self })
            }
            LineKind::Refund => {
                let refunded = add(self.refunded, line.amount.fen())?;
                Ok(Self { refunds: self.refunds + 1, refunded, fee, ..self })
            }
        }
    }

    /// The number of lines.
    pub const fn count(&self) -> u64 {
        self.payments + self.refunds
    }

    /// What the payee gets: payments less refunds less fee; below zero if more went back than came in.
    /// Refuses: overflow.
    pub fn net(&self) -> Result<Fen, Refusal> {
        let net = self.paid.minus(self.refunded).and_then(|rest| rest.minus(self.fee));
        net.map_err(|_| Refusal::Overflow)
    }
}

#[cfg(test)]
mod tests;
