//! Money in whole 分 of 人民币, in checked arithmetic only.
//!
//! Invariant: no operation wraps, rounds or saturates; a sum that does not fit is a refusal. Other currencies and
//! fractions of a 分 do not exist here.

use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

refusals! {
    /// Why a sum of money was not accepted.
    Refusal {
        /// The result does not fit.
        Overflow = "money.overflow" "金额超出可表示范围" "the sum of money is out of range";
        /// An amount to move must be at least one 分.
        NotPositive = "money.not_positive" "金额必须大于零" "an amount must be greater than zero";
        /// Not a decimal number of 元 with at most two decimals.
        Shape = "money.shape" "金额格式不正确" "not an amount of yuan with at most two decimals";
    }
}

/// A sum of money in 分; may be zero or negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// This many 分.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of 分.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum of both.
    pub fn plus(self, other: Self) -> Result<Self, Refusal> {
        self.0.checked_add(other.0).map(Self).ok_or(Refusal::Overflow)
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Result<Self, Refusal> {
        self.0.checked_sub(other.0).map(Self).ok_or(Refusal::Overflow)
    }

    /// `count` times this.
    pub fn times(self, count: i64) -> Result<Self, Refusal> {
        self.0.checked_mul(count).map(Self).ok_or(Refusal::Overflow)
    }

    /// The sum of all.
    pub fn total(sums: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        sums.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Writes 元 with two decimals: `-12.05`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// Reads 元 with at most two decimals: `12`, `12.5`, `-12.05`.
impl FromStr for Fen {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (yuan, cents) = digits.split_once('.').map_or((digits, "00"), |(yuan, cents)| (yuan, cents));
        let decimal = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !decimal(yuan) || !decimal(cents) || cents.len() > 2 {
            return Err(Refusal::Shape);
        }
        let scale = if cents.len() == 1 { 10 } else { 1 };
        let cents: i64 = cents.parse().map_err(|_| Refusal::Shape)?;
        let yuan: i64 = yuan.parse().map_err(|_| Refusal::Overflow)?;
        let sum = Self(yuan).times(100)?.plus(Self(cents * scale))?;
        if negative { Self::ZERO.minus(sum) } else { Ok(sum) }
    }
}

/// A sum greater than zero: what a payment, a refund or a transfer moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// This many 分, which must be more than none.
    pub const fn new(fen: i64) -> Result<Self, Refusal> {
        if fen > 0 { Ok(Self(fen)) } else { Err(Refusal::NotPositive) }
    }

    /// As a plain sum.
    pub const fn fen(self) -> Fen {
        Fen(self.0)
    }

    /// The number of 分.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<Fen> for Amount {
    type Error = Refusal;

    fn try_from(sum: Fen) -> Result<Self, Refusal> {
        Self::new(sum.0)
    }
}

impl From<Amount> for Fen {
    fn from(amount: Amount) -> Self {
        amount.fen()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fen().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_begins_at_one_fen() {
        for (fen, accepted) in [(-1, false), (0, false), (1, true), (i64::MAX, true)] {
            assert_eq!(Amount::new(fen).is_ok(), accepted, "{fen}");
        }
        assert_eq!(Amount::try_from(Fen::ZERO), Err(Refusal::NotPositive));
    }

    #[test]
    fn arithmetic_at_the_edge_is_refused_and_never_wraps() {
        let most = Fen::new(i64::MAX);
        let least = Fen::new(i64::MIN);
        let one = Fen::new(1);
        assert_eq!(most.plus(Fen::ZERO), Ok(most));
        assert_eq!(most.plus(one), Err(Refusal::Overflow));
        assert_eq!(least.minus(one), Err(Refusal::Overflow));
        assert_eq!(most.times(2), Err(Refusal::Overflow));
        assert_eq!(Fen::total([most, Fen::new(-1), one]), Ok(most));
        assert_eq!(Fen::total([most, one, Fen::new(-1)]), Err(Refusal::Overflow));
    }

    #[test]
    fn yuan_are_written_with_two_decimals() {
        for (fen, text) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (100, "1.00"), (-123_456, "-1234.56")] {
            assert_eq!(Fen::new(fen).to_string(), text);
        }
    }

    #[test]
    fn yuan_are_read_with_at_most_two_decimals() {
        for (text, fen) in [("12", 1200), ("12.5", 1250), ("12.05", 1205), ("-0.01", -1), ("0", 0)] {
            assert_eq!(text.parse(), Ok(Fen::new(fen)), "{text}");
        }
        for text in ["", "-", ".5", "1.", "1.234", "1,000", "+1", "1e3", "１", "--1", "1.-1"] {
            assert_eq!(text.parse::<Fen>(), Err(Refusal::Shape), "{text}");
        }
        assert_eq!("99999999999999999999".parse::<Fen>(), Err(Refusal::Overflow));
        assert_eq!("92233720368547758.08".parse::<Fen>(), Err(Refusal::Overflow));
    }

    proptest! {
        #[test]
        fn written_and_read_back_it_is_the_same_sum(fen in -i64::MAX..=i64::MAX) {
            prop_assert_eq!(Fen::new(fen).to_string().parse(), Ok(Fen::new(fen)));
        }
    }
}
