//! What the channel or terminal is called that a service is opened to, when a person writes it into a file.
//!
//! Invariant: a text means one of them at most. Ten digits are the number of a channel; a terminal whose serial is ten
//! digits is called by its id.

use super::Refusal;
use crate::channel::ChannelNumber;
use crate::id::{ChannelId, TerminalId};
use crate::terminal::Serial;
use std::str::FromStr;

/// How a channel or terminal is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Called {
    /// A channel by its id.
    Channel(ChannelId),
    /// A terminal by its id.
    Terminal(TerminalId),
    /// A channel by its number.
    Number(ChannelNumber),
    /// A terminal by its serial.
    Serial(Serial),
}

impl FromStr for Called {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let by_id = || text.parse().map(Self::Channel).or_else(|_| text.parse().map(Self::Terminal)).ok();
        let by_number = || text.parse().map(Self::Number).ok();
        let by_serial = || text.parse().map(Self::Serial).ok();
        by_id().or_else(by_number).or_else(by_serial).ok_or(Refusal::CallerShape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_name_of_one_kind() {
        let channel = ChannelId::from_bytes([7; 16]);
        let terminal = TerminalId::from_bytes([7; 16]);
        assert_eq!(channel.to_string().parse(), Ok(Called::Channel(channel)));
        assert_eq!(terminal.to_string().parse(), Ok(Called::Terminal(terminal)));
        assert_eq!("3301000001".parse(), Ok(Called::Number("3301000001".parse().unwrap())));
        for serial in ["SN-330100-0001", "330100001", "33010000011"] {
            assert_eq!(serial.parse(), Ok(Called::Serial(serial.parse().unwrap())));
        }
        for text in ["", "sn-1", "chn_1", "某渠道", "org_00000000000000000000000000"] {
            assert_eq!(text.parse::<Called>(), Err(Refusal::CallerShape), "{text:?}");
        }
    }
}
