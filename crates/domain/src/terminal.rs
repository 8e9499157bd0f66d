//! Terminals: the readers and scanners at which holders identify themselves and pay (SE-2.2).
//!
//! Invariant: a terminal is registered before it is heard, and a blocked one does nothing (SE-2.2e). Its key is in
//! `key`; its inspections and the custody of its PSAM are not here.

use crate::division::DivisionCode;
use crate::id::{OrgId, TerminalId};
use crate::name::names;
use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

refusals! {
    /// Why a terminal is not registered, not changed, or not heard.
    Refusal {
        /// Not 1 to 32 capital letters, digits and hyphens.
        Serial = "terminal.serial" ["SE-2.2b"] "终端序列号格式不正确"
            "a serial is 1 to 32 capital letters, digits and hyphens";
        /// Not twelve digits.
        Psam = "terminal.psam" ["CM-25.1"] "PSAM卡号须为12位数字" "a PSAM number is twelve digits";
        /// On the blacklist.
        Blocked = "terminal.blocked" ["SE-2.2e"] "终端已列入黑名单" "the terminal is blocked";
        /// The change of state does not exist.
        Transition = "terminal.transition" "终端当前状态不允许该操作"
            "the state of the terminal does not allow this";
        /// Its own division is not where it wants to work.
        Division = "terminal.division" ["SE-2.2b"] "终端不在登记的地域内使用"
            "the terminal is not registered for this division";
        /// The serial is registered with something else beside it.
        Taken = "terminal.taken" ["SE-2.2b"] "该序列号已登记，且登记内容不同"
            "the serial is registered, and not as this row says";
        /// Nobody in the own jurisdiction goes by it.
        Org = "terminal.org" ["CH-5.2"] "本辖区内没有该机构" "there is no such organisation in the own jurisdiction";
    }
}

names! {
    /// Whether it is heard.
    State {
        /// Heard.
        Active = "active",
        /// On the blacklist.
        Blocked = "blocked",
    }
    /// What is done to a terminal.
    Action {
        /// Put it on the blacklist.
        Block = "block",
        /// Take it off.
        Unblock = "unblock",
    }
}

/// The maker's serial number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Serial(String);

impl Serial {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Serial {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'-'));
        if plain && (1..=32).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(Refusal::Serial) }
    }
}

/// 终端机编号: the number of the PSAM inside, twelve digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PsamNumber(u64);

impl FromStr for PsamNumber {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Psam);
        }
        text.parse().map(Self).map_err(|_| Refusal::Psam)
    }
}

impl fmt::Display for PsamNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl State {
    /// The state after `action`, if it may happen.
    pub const fn next(self, action: Action) -> Option<Self> {
        match (self, action) {
            (Self::Active, Action::Block) => Some(Self::Blocked),
            (Self::Blocked, Action::Unblock) => Some(Self::Active),
            (Self::Active, Action::Unblock) | (Self::Blocked, Action::Block) => None,
        }
    }

    /// Does `action`.
    pub fn act(self, action: Action) -> Result<Self, Refusal> {
        self.next(action).ok_or(Refusal::Transition)
    }
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its id.
    pub id: TerminalId,
    /// The maker's serial number.
    pub serial: Serial,
    /// The PSAM inside, if it reads cards.
    pub psam: Option<PsamNumber>,
    /// Who runs it.
    pub org: OrgId,
    /// Where it stands.
    pub division: DivisionCode,
    /// Whether it is heard.
    pub state: State,
}

impl Terminal {
    /// Whether it is heard when it works in `division`. Refuses, in order: blacklist, division.
    pub const fn permits(&self, division: DivisionCode) -> Result<(), Refusal> {
        match self.state {
            State::Blocked => Err(Refusal::Blocked),
            State::Active if self.division.covers(division) => Ok(()),
            State::Active => Err(Refusal::Division),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(state: State) -> Terminal {
        Terminal {
            id: TerminalId::from_bytes([1; 16]),
            serial: "SN-0001".parse().unwrap(),
            psam: "330100000001".parse().ok(),
            org: OrgId::from_bytes([2; 16]),
            division: "330100".parse().unwrap(),
            state,
        }
    }

    #[test]
    fn a_blocked_terminal_does_nothing() {
        for (state, division, outcome) in [
            (State::Active, "330106", Ok(())),
            (State::Active, "330100", Ok(())),
            (State::Active, "330200", Err(Refusal::Division)),
            (State::Blocked, "330106", Err(Refusal::Blocked)),
            (State::Blocked, "330200", Err(Refusal::Blocked)),
        ] {
            assert_eq!(terminal(state).permits(division.parse().unwrap()), outcome, "{state} {division}");
        }
    }

    #[test]
    fn blocking_and_unblocking_alternate() {
        assert_eq!(State::Active.act(Action::Block), Ok(State::Blocked));
        assert_eq!(State::Blocked.act(Action::Unblock), Ok(State::Active));
        assert_eq!(State::Active.act(Action::Unblock), Err(Refusal::Transition));
        assert_eq!(State::Blocked.act(Action::Block), Err(Refusal::Transition));
    }

    #[test]
    fn serials_and_psam_numbers_have_a_shape() {
        let longest = "A".repeat(32);
        let too_long = "A".repeat(33);
        for (text, accepted) in [
            ("", false),
            ("A", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("a", false),
            ("A B", false),
        ] {
            assert_eq!(text.parse::<Serial>().is_ok(), accepted, "{text}");
        }
        for (text, accepted) in [
            ("33010000001", false),
            ("330100000001", true),
            ("3301000000011", false),
            ("33010000000a", false),
        ] {
            assert_eq!(text.parse::<PsamNumber>().is_ok(), accepted, "{text}");
        }
        assert_eq!("000000000001".parse::<PsamNumber>().unwrap().to_string(), "000000000001");
    }
}
