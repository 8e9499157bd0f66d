//! The number of a channel: ten digits, given once and never again (CH-9.1d).

use super::Refusal;
use std::fmt;
use std::str::FromStr;

/// The number the operator gives a channel: ten digits, unique for ever (CH-9.1d).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelNumber(u64);

impl FromStr for ChannelNumber {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Number);
        }
        text.parse().map(Self).map_err(|_| Refusal::Number)
    }
}

impl fmt::Display for ChannelNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl fmt::Debug for ChannelNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_ten_digits() {
        for (text, accepted) in [
            ("0000000001", true),
            ("000000001", false),
            ("00000000001", false),
            ("+000000001", false),
            ("000000000a", false),
        ] {
            assert_eq!(text.parse::<ChannelNumber>().is_ok(), accepted, "{text}");
        }
        assert_eq!("0000000001".parse::<ChannelNumber>().unwrap().to_string(), "0000000001");
    }
}
