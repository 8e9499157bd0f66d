//! How fast each may go on: requests per minute of one channel, terminal or member of staff, and of one address that asks
//! for what needs no proof (signing in, the public directory); off unless it is set. What an address files as
//! registrations has a small limit always, since each takes one of few places.
//!
//! A minute's worth may come at once, then one request per its part of a minute. Counted is who has proven to be
//! somebody, so nobody uses up the share of another by claiming to be them. Where nobody is proven the address counts: the
//! connection's own, or behind a proxy that is named as trusted the last one in `X-Forwarded-For` that is no such proxy.
//! From anybody else that header is a claim and is not read. Each server counts for itself: the counts are no promise
//! across several.

use crate::World;
use crate::auth::asked;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::time::Timestamp;
use http::request::Parts;
use http::{Extensions, HeaderMap};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use store::db::asked::asked_in;

const MINUTE_MICROS: i64 = 60_000_000;
const HOUR_MICROS: i64 = 60 * MINUTE_MICROS;
/// Registrations that one address files in an hour.
const FILINGS: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Callers remembered before those that have rested are forgotten.
const REMEMBERED: usize = 65_536;

/// The rate of every caller, and how far each is ahead of it.
#[derive(Debug)]
pub struct Limits {
    interval_micros: i64,
    /// What may come at once, in microseconds of the rate.
    burst_micros: i64,
    /// When each caller would have been back at nothing, had it kept to its rate.
    due: Mutex<HashMap<[u8; 16], i64>>,
}

impl Limits {
    /// So many requests per minute for each.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self::within(MINUTE_MICROS, per_minute)
    }

    fn within(burst_micros: i64, most: NonZeroU32) -> Self {
        let interval_micros = burst_micros / i64::from(most.get());
        Self { interval_micros: interval_micros.max(1), burst_micros, due: Mutex::default() }
    }

    /// Counts a request of `who` at `now`, real time.
    ///
    /// # Errors
    /// How many seconds later the next one passes; the refused one is not counted.
    pub fn pass(&self, who: &[u8; 16], now: Timestamp) -> Result<(), u32> {
        let now = now.as_micros();
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() >= REMEMBERED {
            due.retain(|_, at| *at > now);
        }
        let entry = due.entry(*who).or_insert(now);
        let next = (*entry).max(now) + self.interval_micros;
        let excess = next - now - self.burst_micros;
        if excess > 0 {
            let seconds = excess.saturating_add(999_999) / 1_000_000;
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        *entry = next;
        Ok(())
    }
}

/// Who is at the other end of the connection; put into each request by [`crate::listen`].
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The address that a request comes from, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub Option<IpAddr>);

impl Origin {
    /// That of a request with these extensions and headers.
    #[must_use]
    pub fn of(world: &World, extensions: &Extensions, headers: &HeaderMap) -> Self {
        Self(extensions.get::<Peer>().and_then(|Peer(peer)| world.address(*peer, headers)))
    }
}

impl FromRequestParts<World> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Self, Infallible> {
        Ok(Self::of(world, &parts.extensions, &parts.headers))
    }
}

/// The rate of every address, and whose word about addresses is taken.
#[derive(Debug)]
pub struct Addresses {
    limits: Option<Limits>,
    filings: Limits,
    proxies: Vec<IpAddr>,
}

impl Addresses {
    /// So many requests per minute for each address, or as many as come; `proxies` say for whom they ask.
    #[must_use]
    pub fn new(per_minute: Option<NonZeroU32>, proxies: Vec<IpAddr>) -> Self {
        Self {
            limits: per_minute.map(Limits::new),
            filings: Limits::within(HOUR_MICROS, FILINGS),
            proxies: proxies.into_iter().map(|ip| ip.to_canonical()).collect(),
        }
    }

    /// Counts a request that came over a connection from `peer` at `now`, real time.
    ///
    /// # Errors
    /// As [`Limits::pass`].
    pub fn pass(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) -> Result<(), u32> {
        match &self.limits {
            Some(limits) => limits.pass(&share(self.origin(peer, headers)), now),
            None => Ok(()),
        }
    }

    /// Counts a registration that is filed over a connection from `peer` at `now`, real time.
    ///
    /// # Errors
    /// As [`Limits::pass`].
    pub fn pass_filing(&self, peer: IpAddr, headers: &HeaderMap, now: Timestamp) -> Result<(), u32> {
        self.filings.pass(&share(self.origin(peer, headers)), now)
    }

    /// The address that counts for the request: the last one that can be believed.
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        self.way(peer, headers).unwrap_or_else(|believed| believed)
    }

    /// The address that the request comes from; none when a trusted proxy says something that is no address.
    #[must_use]
    pub fn known(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        self.way(peer, headers).ok()
    }

    /// Where the request comes from, or the proxy whose word for it cannot be read.
    fn way(&self, peer: IpAddr, headers: &HeaderMap) -> Result<IpAddr, IpAddr> {
        let mut origin = peer.to_canonical();
        let lines = headers.get_all("x-forwarded-for").iter().rev();
        // Each address by itself: what a stranger sent before it in the same line may be no text at all.
        let mut said = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        while self.proxies.contains(&origin) {
            let Some(before) = said.next() else { break };
            let before = std::str::from_utf8(before).ok().and_then(|text| text.trim().parse::<IpAddr>().ok());
            origin = before.ok_or(origin)?.to_canonical();
        }
        Ok(origin)
    }
}

/// Who shares a rate: one IPv4 address, or the network of 64 bits that one IPv6 subscriber has.
fn share(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => {
            let mut octets = address.octets();
            octets[8..].fill(0);
            octets
        }
    }
}

/// Counts a request for what needs no proof against the address that it comes from.
pub async fn by_address(State(world): State<World>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    match peer.map_or(Ok(()), |Peer(peer)| world.pass_address(peer, request.headers())) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Tells what request it is: signing in and out leaves records of staff too. Whoever registers is no staff, and where
/// they sat is nowhere kept.
pub async fn of_staff(State(world): State<World>, request: Request, next: Next) -> Response {
    asked_in(asked(&world, &request), next.run(request)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_the_rate() {
        let limits = Limits::new(NonZeroU32::new(5).unwrap());
        let at = Timestamp::from_seconds;
        let (one, other) = ([1; 16], [2; 16]);
        for _ in 0..5 {
            assert_eq!(limits.pass(&one, at(100)), Ok(()));
        }
        assert_eq!(limits.pass(&one, at(100)), Err(12));
        assert_eq!(limits.pass(&other, at(100)), Ok(()), "each has its own");
        assert_eq!(limits.pass(&one, at(111)), Err(1));
        assert_eq!(limits.pass(&one, at(112)), Ok(()), "one twelfth of a minute later");
        assert_eq!(limits.pass(&one, at(112)), Err(12));
        let rested = (0..10).filter(|_| limits.pass(&one, at(1_000)).is_ok()).count();
        assert_eq!(rested, 5, "rest is saved for a minute at most");
    }

    #[test]
    fn a_high_rate_is_exact_too() {
        let limits = Limits::new(NonZeroU32::new(60_000).unwrap());
        let passed =
            (0..100_000).filter(|_| limits.pass(&[1; 16], Timestamp::from_seconds(1)).is_ok()).count();
        assert_eq!(passed, 60_000);
    }

    fn headers(lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (http::HeaderName::from_static("x-forwarded-for"), line.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let one = NonZeroU32::new(1).unwrap();
        let addresses = Addresses::new(Some(one), vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        for (peer, lines, origin) in [
            ("192.0.2.7", &["198.51.100.1"][..], "192.0.2.7"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("::ffff:10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
        ] {
            assert_eq!(addresses.origin(ip(peer), &headers(lines)), ip(origin), "{peer} {lines:?}");
            let is_known = !lines.iter().any(|line| line.ends_with("nonsense"));
            assert_eq!(addresses.known(ip(peer), &headers(lines)), is_known.then_some(ip(origin)));
        }
        let mut stranger = HeaderMap::new();
        stranger.insert("x-forwarded-for", http::HeaderValue::from_bytes(b"\xe9, 203.0.113.9").unwrap());
        assert_eq!(
            addresses.known(ip("10.0.0.1"), &stranger),
            Some(ip("203.0.113.9")),
            "its own part is read"
        );
        let now = Timestamp::from_seconds(1);
        let passes = |peer: &str| addresses.pass(ip(peer), &headers(&[]), now).is_ok();
        assert!(
            passes("2001:db8::1") && !passes("2001:db8::2") && passes("2001:db8:0:1::1"),
            "one share for a /64"
        );
        assert!(passes("192.0.2.1") && !passes("192.0.2.1") && passes("192.0.2.2"));
    }
}
