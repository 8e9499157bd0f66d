//! Where the platform lets itself be sent: an endpoint is somebody else's word, so it must not lead into a network
//! that only the platform can reach.
//!
//! Invariant: the address that is checked is the address that is connected to; a name is resolved once for each
//! attempt, every address of it must be admitted, and redirects are not followed. The sandbox also admits the
//! loopback, for receivers that are being developed.

use crate::WorldName;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Most characters of an address.
pub const LENGTH: usize = 500;

/// What is wrong with an address, in Chinese and English.
pub type Complaint = &'static str;

/// Whether `url` may be registered in a world. What its name resolves to is asked at every delivery.
///
/// # Errors
/// What is wrong with it.
pub fn admit(world: WorldName, url: &str) -> Result<(), Complaint> {
    if url.len() > LENGTH {
        return Err("最长500个字符 (at most 500 characters)");
    }
    let malformed =
        "须为https地址，不含用户名和片段 (must be an https address without user name or fragment)";
    let uri: Uri = url.parse().map_err(|_| malformed)?;
    let authority = uri.authority().ok_or(malformed)?;
    if authority.as_str().contains('@') || url.contains('#') || authority.host().is_empty() {
        return Err(malformed);
    }
    let literal = literal(authority.host());
    let is_loopback = authority.host() == "localhost" || literal.is_some_and(|address| address.is_loopback());
    let in_sandbox = world == WorldName::Sandbox;
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if in_sandbox && is_loopback => {}
        _ => return Err(malformed),
    }
    if is_loopback && in_sandbox || !is_loopback && literal.is_none_or(is_public) {
        Ok(())
    } else {
        Err("不得指向内部网络 (must not point into an internal network)")
    }
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address belongs to the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && b & 0xC0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0xFE == 18);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // 2000::/3 is what is handed out; of it Teredo and its neighbours, and documentation.
        [0x2001, second, ..] => second >= 0x200 && second != 0xDB8,
        [0x3FFF, second, ..] => second >= 0x1000,
        [first, ..] => first & 0xE000 == 0x2000,
    }
}

/// Resolves names and refuses those that lead into a network that is not admitted.
#[derive(Debug)]
pub(super) struct Guard {
    loopback: bool,
    names: DefaultResolver,
}

impl Guard {
    pub(super) fn new(world: WorldName) -> Self {
        Self { loopback: world == WorldName::Sandbox, names: DefaultResolver::default() }
    }

    fn admits(&self, address: SocketAddr) -> bool {
        is_public(address.ip()) || self.loopback && address.ip().is_loopback()
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        if found.iter().all(|address| self.admits(*address)) {
            Ok(found)
        } else {
            Err(ureq::Error::Other("the name leads into an internal network".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_address_is_not_public_however_it_is_written() {
        for internal in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:0a00:0001::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::127.0.0.1",
            "3fff::1",
        ] {
            assert!(!is_public(internal.parse().unwrap()), "{internal}");
        }
        for public in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "223.5.5.5", "2400:3200::1", "2001:4860::8888"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn production_admits_only_https_to_the_outside() {
        let cases = [
            ("https://example.org/hook", true, true),
            ("https://example.org:8443/hook?x=1", true, true),
            ("https://223.5.5.5/hook", true, true),
            ("http://example.org/hook", false, false),
            ("http://localhost:8080/hook", false, true),
            ("http://127.0.0.1:8080/hook", false, true),
            ("http://[::1]:8080/hook", false, true),
            ("https://localhost/hook", false, true),
            ("https://10.0.0.1/hook", false, false),
            ("https://[fd00::1]/hook", false, false),
            ("https://169.254.169.254/latest", false, false),
            ("https://user@example.org/", false, false),
            ("https://example.org/#part", false, false),
            ("ftp://example.org/", false, false),
            ("example.org", false, false),
            ("", false, false),
        ];
        for (url, production, sandbox) in cases {
            assert_eq!(admit(WorldName::Production, url).is_ok(), production, "{url}");
            assert_eq!(admit(WorldName::Sandbox, url).is_ok(), sandbox, "{url}");
        }
    }

    #[test]
    fn an_address_has_at_most_500_characters() {
        let url = |length: usize| format!("{:a<length$}", "https://example.org/");
        assert!(admit(WorldName::Production, &url(LENGTH)).is_ok());
        assert!(admit(WorldName::Production, &url(LENGTH + 1)).is_err());
    }
}
