//! 登录限制: from which networks the accounts of an organisation are used, and whether in one place at a time.
//!
//! Invariants. A network is one only: no bit stands behind its prefix, and an IPv4 network written as IPv6 is the IPv4
//! network. A list without networks limits nothing; one with networks admits nobody whose address is unknown. Nobody puts
//! a list into force for the own organisation that leaves out the address that they have at that moment.
//!
//! Not here: whose word about an address is believed, and how a session ends. Callers and holders come from anywhere; they
//! prove themselves by keys. The regulation is silent; the grading of information systems (GB/T 22239-2019, level 3) wants
//! the addresses limited from which a system is administered, and one account not used in several places.

use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;
// Addresses alone: there are no sockets in `core`.
use core::net::{IpAddr, Ipv4Addr};
use std::fmt;
use std::str::FromStr;

refusals! {
    /// Why a rule is not taken, or why it keeps somebody out.
    Refusal {
        /// No network in CIDR notation.
        Malformed = "sign_in_rule.malformed" "须为CIDR形式的网段，如192.0.2.0/24或2001:db8::/32"
            "a network is written in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32";
        /// Bits stand behind the prefix; the network that was probably meant is named.
        HostBits { meant: Network } = "sign_in_rule.host_bits" "网段前缀之后的位须为零，是否应为{meant}"
            "the bits behind the prefix must be zero: {meant} was probably meant";
        /// More networks than a list holds.
        TooMany { most: i64 } = "sign_in_rule.too_many" "最多{most}个网段" "at most {most} networks";
        /// Whoever sets it would be out at once.
        OwnAddress = "sign_in_rule.own_address" "名单未包含您当前的地址，保存后您本人将无法登录"
            "the list leaves out the address that you have now: you would lock yourself out";
        /// The organisation's accounts are not used from there. Nothing is said of where they are.
        Address = "sign_in_rule.address" "本单位账户不允许从您当前的网络地址使用，请联系安全管理员"
            "accounts of this organisation are not used from the address that you have: ask the security administrator";
        /// The account was signed in elsewhere, which ended this sign-in.
        Elsewhere { at: Minute } = "sign_in_rule.elsewhere" "本账户已于{at}在别处登录，此处的登录随之结束；如非本人操作，请立即修改密码"
            "this account was signed in elsewhere at {at}, which ended the sign-in here; if that was not you, change the password at once";
    }
}

names! {
    /// In how many places at a time an account is signed in.
    Concurrency {
        /// In any number.
        Many = "many",
        /// In one: whoever signs in ends what was signed in before.
        Single = "single",
    }
}

/// A moment as a sentence tells it: to the minute, in Beijing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute(pub Timestamp);

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.0.business_date();
        let minutes = self.0.as_seconds().div_euclid(60) + 8 * 60;
        write!(f, "{day} {:02}:{:02}", minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60))
    }
}

/// A network: all addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Bits of an IPv6 address before the IPv4 address that it stands for.
const MAPPED_BITS: u8 = 96;

impl Network {
    /// The network of the addresses that share this many first bits with `address`.
    ///
    /// # Errors
    /// `sign_in_rule.malformed` for more bits than an address has; `sign_in_rule.host_bits`.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, Refusal> {
        if prefix > width(address) {
            return Err(Refusal::Malformed);
        }
        let meant = Self { address: first(address, prefix), prefix };
        if meant.address == address {
            Ok(meant.canonical())
        } else {
            Err(Refusal::HostBits { meant: meant.canonical() })
        }
    }

    /// An IPv4 network written as IPv6 is the IPv4 network, as an address of it is.
    fn canonical(self) -> Self {
        match self.address.to_canonical() {
            IpAddr::V4(address) if self.address.is_ipv6() && self.prefix >= MAPPED_BITS => {
                Self { address: IpAddr::V4(address), prefix: self.prefix - MAPPED_BITS }
            }
            _ => self,
        }
    }

    /// Whether `address` lies in it.
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && first(address, self.prefix) == self.address
    }
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The first address of the network with this prefix that `address` lies in.
fn first(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(u32::from(32 - prefix.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(u32::from(128 - prefix.min(128))).unwrap_or(0);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Reads CIDR notation; an address alone is the network of that address.
impl FromStr for Network {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| Refusal::Malformed)?;
        let Some(prefix) = prefix else { return Self::new(address, width(address)) };
        let is_plain =
            prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
        let prefix = prefix.parse().ok().filter(|_| is_plain).ok_or(Refusal::Malformed)?;
        Self::new(address, prefix)
    }
}

/// The networks from which accounts are used, each once, as they were given; none = from anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    /// A list of at most `most`; what is given again is left out.
    ///
    /// # Errors
    /// `sign_in_rule.too_many`
    pub fn new(given: Vec<Network>, most: i64) -> Result<Self, Refusal> {
        if i64::try_from(given.len()).map_or(true, |count| count > most) {
            return Err(Refusal::TooMany { most });
        }
        Ok(Self::each_once(given))
    }

    fn each_once(given: impl IntoIterator<Item = Network>) -> Self {
        let mut networks = Vec::new();
        for network in given {
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        Self(networks)
    }

    /// The networks.
    pub fn as_slice(&self) -> &[Network] {
        &self.0
    }

    /// Lets in who comes from `address`; what is unknown lies in no network.
    ///
    /// # Errors
    /// `sign_in_rule.address`
    pub fn admit(&self, address: Option<IpAddr>) -> Result<(), Refusal> {
        let lies_within = |address| self.0.iter().any(|network| network.contains(address));
        if self.0.is_empty() || address.is_some_and(lies_within) { Ok(()) } else { Err(Refusal::Address) }
    }

    /// Refuses a list for the own organisation to somebody whom it would keep out.
    ///
    /// # Errors
    /// `sign_in_rule.own_address`
    pub fn keep_in(&self, own: Option<IpAddr>) -> Result<(), Refusal> {
        self.admit(own).map_err(|_| Refusal::OwnAddress)
    }
}

/// Writes them with a space between two.
impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            write!(f, "{}{network}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// Reads what was written.
impl FromStr for Networks {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let read: Result<Vec<Network>, Refusal> = text.split_ascii_whitespace().map(str::parse).collect();
        read.map(Self::each_once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Name, Parameters};
    use crate::refusal::Refuse;
    use crate::time::BusinessDate;

    fn network(text: &str) -> Network {
        text.parse().unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn list(text: &str) -> Networks {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_is_read_as_it_is_written_and_in_no_other_way() {
        for (text, read) in [
            ("192.0.2.0/24", Some("192.0.2.0/24")),
            ("0.0.0.0/0", Some("0.0.0.0/0")),
            ("192.0.2.7/32", Some("192.0.2.7/32")),
            ("192.0.2.7", Some("192.0.2.7/32")),
            ("192.0.2.7/33", None),
            ("2001:db8::/32", Some("2001:db8::/32")),
            ("2001:DB8:0::/32", Some("2001:db8::/32")),
            ("::/0", Some("::/0")),
            ("2001:db8::1/128", Some("2001:db8::1/128")),
            ("2001:db8::1", Some("2001:db8::1/128")),
            ("2001:db8::1/129", None),
            ("::ffff:10.0.0.0/104", Some("10.0.0.0/8")),
            ("::ffff:0.0.0.0/96", Some("0.0.0.0/0")),
            ("::ffff:192.0.2.7", Some("192.0.2.7/32")),
            ("", None),
            ("/8", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/+8", None),
            ("10.0.0.0/08", None),
            ("10.0.0.0/00", None),
            ("10.0.0.0/8/8", None),
            ("10.0.0.0/255.0.0.0", None),
            ("10.0.0/8", None),
            ("010.0.0.0/8", None),
            (" 10.0.0.0/8", None),
            ("fe80::1%eth0/128", None),
            ("example.com", None),
        ] {
            let outcome = text.parse::<Network>().map(|network| network.to_string());
            assert_eq!(outcome.ok().as_deref(), read, "{text}");
            if read.is_none() {
                assert_eq!(text.parse::<Network>(), Err(Refusal::Malformed), "{text}");
            }
        }
    }

    #[test]
    fn a_bit_behind_the_prefix_is_refused_and_what_was_meant_is_named() {
        for (text, meant) in [
            ("192.0.2.1/24", "192.0.2.0/24"),
            ("192.0.2.1/31", "192.0.2.0/31"),
            ("0.0.0.1/0", "0.0.0.0/0"),
            ("2001:db8::1/64", "2001:db8::/64"),
            ("::1/0", "::/0"),
            ("::ffff:10.0.0.1/104", "10.0.0.0/8"),
            // The bits that mark an IPv4 address stand behind this prefix.
            ("::ffff:0.0.0.0/95", "::fffe:0:0/95"),
        ] {
            assert_eq!(text.parse::<Network>(), Err(Refusal::HostBits { meant: network(meant) }), "{text}");
        }
    }

    #[test]
    fn a_network_ends_at_its_last_address_and_holds_none_of_the_other_kind() {
        for (network_text, address, lies_within) in [
            ("192.0.2.0/24", "192.0.2.0", true),
            ("192.0.2.0/24", "192.0.2.255", true),
            ("192.0.2.0/24", "192.0.1.255", false),
            ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.7/32", "192.0.2.7", true),
            ("192.0.2.7/32", "192.0.2.6", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "192.0.2.7", false),
            ("::/0", "::ffff:192.0.2.7", false),
            ("2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", true),
            ("2001:db8::/33", "2001:db8:8000::", false),
            ("2001:db8::1/128", "2001:db8::1", true),
            ("2001:db8::1/128", "2001:db8::2", false),
            ("10.0.0.0/8", "::ffff:10.255.0.1", true),
            ("::ffff:10.0.0.0/104", "10.255.0.1", true),
            ("::ffff:10.0.0.0/104", "11.0.0.0", false),
        ] {
            assert_eq!(network(network_text).contains(ip(address)), lies_within, "{network_text} {address}");
        }
    }

    #[test]
    fn without_a_list_everybody_is_let_in_and_with_one_nobody_whose_address_is_unknown() {
        let inside = Some(ip("192.0.2.7"));
        for (networks, address, outcome) in [
            ("", inside, Ok(())),
            ("", None, Ok(())),
            ("198.51.100.0/24 192.0.2.0/24", inside, Ok(())),
            ("198.51.100.0/24", inside, Err(Refusal::Address)),
            ("0.0.0.0/0 ::/0", None, Err(Refusal::Address)),
        ] {
            assert_eq!(list(networks).admit(address), outcome, "{networks} {address:?}");
            assert_eq!(list(networks).keep_in(address), outcome.map_err(|_| Refusal::OwnAddress));
        }
        assert!(!Refusal::Address.en().contains("198."), "the list is told to nobody");
    }

    #[test]
    fn a_list_holds_so_many_networks_each_once() {
        let most = Parameters::standard().get(Name::SignInNetworks, BusinessDate::from_days(0));
        assert_eq!(most, 50);
        let given = |count: u8| (0..count).map(|at| network(&format!("192.0.2.{at}"))).collect::<Vec<_>>();
        assert_eq!(Networks::new(given(50), most).unwrap().as_slice().len(), 50);
        assert_eq!(Networks::new(given(51), most), Err(Refusal::TooMany { most: 50 }));
        let twice = vec![network("10.0.0.0/8"), network("::1"), network("::ffff:10.0.0.0/104")];
        let networks = Networks::new(twice, most).unwrap();
        assert_eq!(networks.to_string(), "10.0.0.0/8 ::1/128");
        assert_eq!(list(&networks.to_string()), networks, "what was written is read again");
        assert_eq!("10.0.0.0/8 nonsense".parse::<Networks>(), Err(Refusal::Malformed));
    }

    #[test]
    fn a_moment_is_told_to_the_minute_in_beijing() {
        for (at, told) in [
            ("2026-11-26T17:20:59+08:00", "2026-11-26 17:20"),
            ("2026-11-26T16:00:00Z", "2026-11-27 00:00"),
            ("2026-11-26T15:59:59Z", "2026-11-26 23:59"),
        ] {
            assert_eq!(Minute(at.parse().unwrap()).to_string(), told);
        }
    }
}
