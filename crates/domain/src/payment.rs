//! Payments and their refunds: the states, and what a bank's answer does to them.
//!
//! ```text
//! created ─▶ pending ─▶ succeeded ─▶ partially_refunded ─▶ refunded
//!    │          ├─────▶ failed           a refund that fails goes one step back
//!    ▼          ▼  ▲
//!  closed     unknown ─▶ succeeded | failed      by asking the bank, never by guessing
//! ```
//!
//! **Invariants.** A time-out is not a failure: an unknown outcome stays unknown until the bank names it. The
//! sum of the refunds never passes the payment. One order number is one payment and one refund number one
//! refund; saying either again changes nothing. Money that arrives for a payment already closed goes to
//! suspense, never to the payee and never out of sight.
//!
//! Not here: which accounts move ([`crate::ledger::plan`]), who may take payments, and the single use of a
//! handle across processes, which the store proves by inserting one row.

use crate::money::{Amount, Fen};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};
use std::fmt;
use std::str::FromStr;

/// The level of a binding from which it can pay; level 1 proves identity only.
pub const PAYING_LEVEL: u8 = 2;

refusals! {
    /// Why a payment or refund is not accepted.
    Refusal {
        /// Not 1 to 64 letters, digits, `-`, `_` or `.`.
        Number = "payment.number" "订单号须为1至64位字母、数字或-_."
            "an order or refund number is 1 to 64 letters, digits, '-', '_' or '.'";
        /// The order number was used for another payment.
        OrderReused = "payment.order_reused" "订单号已用于另一笔支付" "the order number belongs to another payment";
        /// No organisation is registered as this payee.
        PayeeUnknown = "payee.unknown" "收款方未登记" "the payee is not registered";
        /// Only a department is registered as a payee.
        PayeeOrg = "payee.org" "只有业务部门可以登记为收款方" "only a department can be a payee";
        /// The binding proves identity only.
        LevelTwoRequired = "payment.level_two_required" "该渠道的电子社保卡未开通支付功能"
            "the e-card is not enabled for payment in this channel";
        /// More than one payment may be.
        OverPaymentLimit {
            /// The limit.
            limit: Fen,
        } = "payment.over_payment_limit" "超出单笔限额{limit}元" "above the limit of {limit} yuan for one payment";
        /// More than may be paid in one day.
        OverDayLimit {
            /// The limit.
            limit: Fen,
        } = "payment.over_day_limit" "超出单日限额{limit}元" "above the limit of {limit} yuan for one day";
        /// The state does not allow the action.
        State {
            /// The state it is in.
            state: Status,
        } = "payment.state" "支付处于{state}状态，不能进行此操作" "not possible while the payment is {state}";
        /// The handle was spent.
        HandleSpent = "handle.spent" "支付凭据已使用" "the payment handle has been used";
        /// The handle's time is over.
        HandleExpired = "handle.expired" "支付凭据已过期" "the payment handle has expired";
        /// The handle was given for another payee.
        HandleOtherPayee = "handle.other_payee" "支付凭据不属于该收款方" "the payment handle is for another payee";
        /// The handle was given to another terminal or channel.
        HandleOtherTerminal = "handle.other_terminal" "支付凭据不属于该终端"
            "the payment handle is for another terminal";
        /// More than is left of the payment.
        RefundExceeds {
            /// What is left.
            left: Fen,
        } = "refund.exceeds" "退款金额超出可退金额{left}元" "only {left} yuan of the payment are left to refund";
        /// The time for refunds is over.
        RefundTooLate {
            /// The last day.
            until: BusinessDate,
        } = "refund.too_late" "已超过退款期限{until}" "refunds were possible until {until}";
        /// The refund number was used for another amount.
        RefundReused = "refund.number_reused" "退款号已用于另一笔退款" "the refund number belongs to another refund";
    }
}

names! {
    /// Where a payment is in its life.
    Status {
        /// Ordered; nobody has been asked for money.
        Created = "created",
        /// Money has been asked for.
        Pending = "pending",
        /// Money has moved.
        Succeeded = "succeeded",
        /// No money moves.
        Failed = "failed",
        /// The bank was asked and its answer is not known.
        Unknown = "unknown",
        /// Some of it went back.
        PartiallyRefunded = "partially_refunded",
        /// All of it went back.
        Refunded = "refunded",
        /// Given up before money was asked for.
        Closed = "closed",
    }
    /// Where a refund is in its life.
    RefundStatus {
        /// The bank has been asked.
        Pending = "pending",
        /// The money is back.
        Succeeded = "succeeded",
        /// The bank refused; the payment may be refunded again.
        Failed = "failed",
        /// The bank's answer is not known.
        Unknown = "unknown",
    }
    /// Where the holder's money comes from.
    Funding {
        /// The prepaid account.
        Prepaid = "prepaid",
        /// The linked bank account.
        Bank = "bank",
    }
    /// Why a bank did not move money.
    BankReason {
        /// The account does not hold that much.
        InsufficientFunds = "insufficient_funds",
        /// Above a limit of the bank.
        OverLimit = "over_limit",
        /// The account is closed, frozen or not linked.
        Unavailable = "unavailable",
        /// Any other reason.
        Declined = "declined",
    }
}

/// What happens to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask for the money.
    Submit,
    /// Take in the bank's answer, or the ledger's for prepaid money.
    Answer(BankAnswer),
    /// Give back a part.
    RefundPart,
    /// Give back what is left.
    RefundRest,
    /// A refund failed and nothing else has been given back.
    RestoreAll,
    /// A refund failed and others stand.
    RestorePart,
    /// Give it up.
    Close,
}

/// What a bank says of a movement it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankAnswer {
    /// The money moved.
    Succeeded,
    /// It did not, and will not.
    Failed(BankReason),
    /// No answer, or one that leaves it open.
    Unknown,
}

/// What the caller owes after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Carry out what was held.
    Post,
    /// Give back what was held.
    Void,
    /// Ask the bank again later.
    Query,
    /// Book the money to suspense: it came for a payment that no longer waits for it.
    Suspend,
    /// Record a difference for reconciliation: the bank contradicts what it confirmed.
    Reconcile,
    /// Nothing: it is known already.
    Nothing,
}

impl Status {
    /// The state after `action`, or nothing where it is not possible.
    pub const fn next(self, action: &Action) -> Option<Self> {
        match self {
            Self::Created => match action {
                Action::Submit => Some(Self::Pending),
                Action::Close => Some(Self::Closed),
                _ => None,
            },
            Self::Pending | Self::Unknown => match action {
                Action::Answer(BankAnswer::Succeeded) => Some(Self::Succeeded),
                Action::Answer(BankAnswer::Failed(_)) => Some(Self::Failed),
                Action::Answer(BankAnswer::Unknown) => Some(Self::Unknown),
                _ => None,
            },
            Self::Succeeded => match action {
                Action::RefundPart => Some(Self::PartiallyRefunded),
                Action::RefundRest => Some(Self::Refunded),
                _ => None,
            },
            Self::PartiallyRefunded | Self::Refunded => match action {
                Action::RefundPart if matches!(self, Self::PartiallyRefunded) => {
                    Some(Self::PartiallyRefunded)
                }
                Action::RefundRest if matches!(self, Self::PartiallyRefunded) => Some(Self::Refunded),
                Action::RestorePart => Some(Self::PartiallyRefunded),
                Action::RestoreAll => Some(Self::Succeeded),
                _ => None,
            },
            Self::Failed | Self::Closed => None,
        }
    }

    /// What `answer` means here: the state after it, and what is owed. Never refuses: an answer is a fact.
    pub const fn answered(self, answer: BankAnswer) -> (Self, Consequence) {
        match (self, answer) {
            (Self::Pending | Self::Unknown, BankAnswer::Succeeded) => (Self::Succeeded, Consequence::Post),
            (Self::Pending | Self::Unknown, BankAnswer::Failed(_)) => (Self::Failed, Consequence::Void),
            (Self::Pending | Self::Unknown, BankAnswer::Unknown) => (Self::Unknown, Consequence::Query),
            (Self::Created | Self::Failed | Self::Closed, BankAnswer::Succeeded) => {
                (self, Consequence::Suspend)
            }
            (Self::Succeeded | Self::PartiallyRefunded | Self::Refunded, BankAnswer::Failed(_)) => {
                (self, Consequence::Reconcile)
            }
            (Self::Created | Self::Failed | Self::Closed, BankAnswer::Failed(_) | BankAnswer::Unknown)
            | (
                Self::Succeeded | Self::PartiallyRefunded | Self::Refunded,
                BankAnswer::Succeeded | BankAnswer::Unknown,
            ) => (self, Consequence::Nothing),
        }
    }

    /// Whether money counts as the payee's.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Succeeded | Self::PartiallyRefunded | Self::Refunded)
    }
}

impl RefundStatus {
    /// What `answer` means for a refund: the state after it, and what is owed. A refund that failed gives its
    /// amount back to the payment ([`Payment::restore`]).
    pub const fn answered(self, answer: BankAnswer) -> (Self, Consequence) {
        match (self, answer) {
            (Self::Pending | Self::Unknown, BankAnswer::Succeeded) => (Self::Succeeded, Consequence::Post),
            (Self::Pending | Self::Unknown, BankAnswer::Failed(_)) => (Self::Failed, Consequence::Void),
            (Self::Pending | Self::Unknown, BankAnswer::Unknown) => (Self::Unknown, Consequence::Query),
            (Self::Succeeded, BankAnswer::Failed(_)) | (Self::Failed, BankAnswer::Succeeded) => {
                (self, Consequence::Reconcile)
            }
            (Self::Succeeded, BankAnswer::Succeeded | BankAnswer::Unknown)
            | (Self::Failed, BankAnswer::Failed(_) | BankAnswer::Unknown) => (self, Consequence::Nothing),
        }
    }
}

/// How long to wait before asking the bank again, after `asked` questions: from 5 seconds to an hour.
pub const fn query_delay_seconds(asked: u32) -> i64 {
    match asked {
        0 => 5,
        1 => 15,
        2 => 60,
        3 => 300,
        4 => 1800,
        _ => 3600,
    }
}

/// A payee's order or refund number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(String);

impl Number {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Number {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(plain);
        if fits { Ok(Self(text.to_owned())) } else { Err(Refusal::Number) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A payee, by the bytes of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Payee(pub [u8; 16]);

/// What a verification with purpose `pay` gives: the right to take one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    /// Who may be paid.
    pub payee: Payee,
    /// The terminal or channel that verified the code, by the bytes of its id.
    pub verified_by: [u8; 16],
    /// When the code was verified, real time.
    pub issued_at: Timestamp,
    /// Whether it was used.
    pub spent: bool,
}

impl Handle {
    /// Spends it at `now`, real time, within `ttl_seconds` of the verification. Refuses, in order: other
    /// payee, other terminal, spent, expired.
    pub fn spend(
        self,
        payee: Payee,
        terminal: [u8; 16],
        now: Timestamp,
        ttl_seconds: i64,
    ) -> Result<Self, Refusal> {
        if self.payee != payee {
            return Err(Refusal::HandleOtherPayee);
        }
        if self.verified_by != terminal {
            return Err(Refusal::HandleOtherTerminal);
        }
        if self.spent {
            return Err(Refusal::HandleSpent);
        }
        if now > self.issued_at.plus_seconds(ttl_seconds) {
            return Err(Refusal::HandleExpired);
        }
        Ok(Self { spent: true, ..self })
    }
}

/// May a binding of `level` pay, by code or by password? Refuses: level two required.
pub const fn check_level(level: u8) -> Result<(), Refusal> {
    if level >= PAYING_LEVEL { Ok(()) } else { Err(Refusal::LevelTwoRequired) }
}

/// May a payment posted on `paid_on` be refunded on `today`, `window_days` being the period that starts the
/// day after (R0)? Refuses: refund too late.
pub fn check_refund_window(
    paid_on: BusinessDate,
    today: BusinessDate,
    window_days: i32,
) -> Result<(), Refusal> {
    let until = paid_on.plus_days(window_days);
    if today <= until { Ok(()) } else { Err(Refusal::RefundTooLate { until }) }
}

/// How much may be paid, by parameter or by a standing grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// In one payment.
    pub per_payment: Option<Amount>,
    /// In one business day.
    pub per_day: Option<Amount>,
}

impl Limits {
    /// May `amount` be paid on a day on which `paid_today` was paid? Refuses, in order: over payment limit,
    /// over day limit.
    pub fn check(&self, amount: Amount, paid_today: Fen) -> Result<(), Refusal> {
        if let Some(limit) = self.per_payment.filter(|limit| amount > *limit) {
            return Err(Refusal::OverPaymentLimit { limit: limit.fen() });
        }
        let over = |limit: &Amount| paid_today.plus(amount.fen()).map_or(true, |sum| sum > limit.fen());
        match self.per_day.filter(over) {
            Some(limit) => Err(Refusal::OverDayLimit { limit: limit.fen() }),
            None => Ok(()),
        }
    }
}

/// A payment as far as its rules need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Where it is.
    pub status: Status,
    /// How much is paid.
    pub amount: Amount,
    /// The sum of its refunds that have not failed.
    pub refunded: Fen,
    /// Where the money comes from, and goes back to.
    pub funding: Funding,
}

/// A refund as far as its rules need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// How much goes back.
    pub amount: Amount,
    /// Where it is.
    pub status: RefundStatus,
}

/// What became of a request to refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunding {
    /// A refund begins; the payment is now this.
    Begun(Payment),
    /// The same refund was asked for before.
    Exists(Refund),
}

impl Payment {
    /// A new order.
    pub const fn new(amount: Amount, funding: Funding) -> Self {
        Self { status: Status::Created, amount, refunded: Fen::ZERO, funding }
    }

    /// The payment after `action`. Refuses: state.
    pub fn act(self, action: &Action) -> Result<Self, Refusal> {
        let status = self.status.next(action).ok_or(Refusal::State { state: self.status })?;
        Ok(Self { status, ..self })
    }

    /// What is left to refund.
    pub fn left(&self) -> Fen {
        self.amount.fen().minus(self.refunded).unwrap_or_default()
    }

    /// Begins the refund of `amount` under a number under which `known` was refunded before. Refuses, in
    /// order: refund reused, state, refund exceeds.
    pub fn refund(self, known: Option<Refund>, amount: Amount) -> Result<Refunding, Refusal> {
        if let Some(known) = known {
            return if known.amount == amount {
                Ok(Refunding::Exists(known))
            } else {
                Err(Refusal::RefundReused)
            };
        }
        if !self.status.is_paid() {
            return Err(Refusal::State { state: self.status });
        }
        let left = self.left();
        let exceeds = Refusal::RefundExceeds { left };
        if amount.fen() > left {
            return Err(exceeds);
        }
        let action = if amount.fen() == left { Action::RefundRest } else { Action::RefundPart };
        let refunded = self.refunded.plus(amount.fen()).map_err(|_| exceeds)?;
        Ok(Refunding::Begun(Self { refunded, ..self.act(&action)? }))
    }

    /// Takes back a refund of `amount` that failed. Refuses: state, if nothing of that size was refunded.
    pub fn restore(self, amount: Amount) -> Result<Self, Refusal> {
        let state = Refusal::State { state: self.status };
        let refunded = self.refunded.minus(amount.fen()).map_err(|_| state)?;
        if refunded.is_negative() {
            return Err(state);
        }
        let action = if refunded == Fen::ZERO { Action::RestoreAll } else { Action::RestorePart };
        Ok(Self { refunded, ..self.act(&action)? })
    }
}

#[cfg(test)]
mod tests;
