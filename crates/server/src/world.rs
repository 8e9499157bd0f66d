//! A world: one database, one key root, one clock. Sandbox and production are two of them in one server, so no row
//! carries a world and nothing can cross from one to the other.

use crate::attachment::{Place, Shelf};
use crate::auth::{KeyCache, Sessions};
use crate::bank::{self, Bank};
use crate::ecard::proof::Windows;
use crate::ecard::real_person::RealPerson;
use crate::job::duty::Duties;
use crate::key::KeyRing;
use crate::limit::{Addresses, Limits};
use crate::notification::relay::Relay;
use crate::terminal::tally::Tally;
use crate::traffic::Meter;
use crate::{Clock, Error, parameter};
use domain::parameter::{Name, Parameters};
use domain::staff::Enrolment;
use domain::time::Timestamp;
use gm::random;
use http::{HeaderMap, HeaderValue};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use store::Db;
use tokio::sync::Notify;

/// Which world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorldName {
    /// Real persons and money.
    Production,
    /// Test persons, magic values, a clock that can be moved.
    Sandbox,
}

impl WorldName {
    /// The word in configuration, logs and folder names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            WorldName::Production => "production",
            WorldName::Sandbox => "sandbox",
        }
    }

    /// What the world's paths begin with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            WorldName::Production => "",
            WorldName::Sandbox => "/sandbox",
        }
    }
}

/// How to open a world.
#[derive(Debug, Clone)]
pub struct WorldConfig {
    /// Which.
    pub name: WorldName,
    /// Its database.
    pub database: store::Config,
    /// Folder of its device.
    pub keys: PathBuf,
    /// Where the files that belong to matters are kept.
    pub attachments: Place,
    /// Scheme, host and port that callers use, without a trailing slash.
    pub origin: String,
    /// Who checks that the person before a device is the holder.
    pub real_person: Arc<dyn RealPerson>,
    /// Whether every account of staff must have a second factor.
    pub enrolment: Enrolment,
}

/// A world, opened. Cheap to clone.
#[derive(Debug, Clone)]
pub struct World {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: WorldName,
    db: Db,
    keys: KeyRing,
    clock: Clock,
    origin: String,
    sessions: Sessions,
    key_cache: KeyCache,
    real_person: Arc<dyn RealPerson>,
    shelf: Arc<dyn Shelf>,
    enrolment: Enrolment,
    bank: RwLock<Arc<dyn Bank>>,
    relay: RwLock<Option<Arc<Relay>>>,
    test_world: RwLock<Option<World>>,
    holder_windows: Windows,
    limits: OnceLock<Limits>,
    refused_codes: Tally,
    traffic: Meter,
    addresses: OnceLock<Addresses>,
    import_turn: Notify,
    parameters: RwLock<Arc<Parameters>>,
    head: RwLock<Option<HeaderValue>>,
    moments: Moments,
    duties: Duties,
}

/// The moments at which ids are made: milliseconds, each with 4,096 places (RFC 9562, section 6.2).
#[derive(Debug, Default)]
struct Moments(AtomicI64);

impl Moments {
    /// How far the newest id may be ahead of the clock, in places; behind a clock that was set back farther it begins anew.
    const AHEAD: i64 = 1000 << 12;

    /// A moment and a place in it, after every one before: at `now`, or as soon after it as there is a place.
    fn next(&self, now: Timestamp) -> (Timestamp, u16) {
        let first = now.as_micros().div_euclid(1000) << 12;
        let after = |last: i64| if last - first > Self::AHEAD { first } else { first.max(last + 1) };
        let last = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
        let next = after(last.unwrap_or_else(|last| last));
        (Timestamp::from_micros((next >> 12) * 1000), u16::try_from(next & 0xFFF).unwrap_or_default())
    }
}

impl World {
    /// Opens the database and the keys.
    ///
    /// # Errors
    /// The store's, or internal when the keys do not belong to the database.
    pub fn open(config: &WorldConfig, clock: Clock) -> Result<Self, Error> {
        let db = Db::open(&config.database)?;
        crate::service::service::seed(&db, clock.real_now())?;
        if config.name == WorldName::Sandbox {
            clock.resume(db.read_blocking(store::epoch::clock)?);
        }
        let parameters = db.read_blocking(parameter::service::in_force)?;
        let keys = KeyRing::open(&config.keys, &db, clock.real_now().as_micros())?;
        Ok(Self {
            inner: Arc::new(Inner {
                name: config.name,
                db,
                keys,
                clock,
                origin: config.origin.clone(),
                sessions: Sessions::default(),
                key_cache: KeyCache::default(),
                real_person: config.real_person.clone(),
                shelf: config.attachments.shelf(config.database.durable),
                enrolment: config.enrolment,
                bank: RwLock::new(Arc::new(bank::Unconfigured)),
                relay: RwLock::new(None),
                test_world: RwLock::new(None),
                holder_windows: Windows::default(),
                limits: OnceLock::new(),
                refused_codes: Tally::default(),
                traffic: Meter::default(),
                addresses: OnceLock::new(),
                import_turn: Notify::new(),
                parameters: RwLock::new(Arc::new(parameters)),
                head: RwLock::new(None),
                moments: Moments::default(),
                duties: Duties::default(),
            }),
        })
    }

    /// Which world this is.
    #[must_use]
    pub fn name(&self) -> WorldName {
        self.inner.name
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Business time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Real time.
    #[must_use]
    pub fn real_now(&self) -> Timestamp {
        self.inner.clock.real_now()
    }

    /// The numbers of the rules over time, as they were last read; right for today (see [`parameter`]).
    #[must_use]
    pub fn parameters(&self) -> Arc<Parameters> {
        self.inner.parameters.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The value of a parameter in force now, by business time.
    #[must_use]
    pub fn parameter(&self, name: Name) -> i64 {
        self.parameters().get(name, self.now().business_date())
    }

    pub(crate) fn remember_parameters(&self, parameters: Parameters) {
        *self.inner.parameters.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(parameters);
    }

    /// The newest signed head of the audit tree that this server knows, as its answers carry it.
    pub(crate) fn head(&self) -> Option<HeaderValue> {
        self.inner.head.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn show_head(&self, line: &str) {
        *self.inner.head.write().unwrap_or_else(PoisonError::into_inner) = HeaderValue::from_str(line).ok();
    }

    /// The bank behind linked accounts.
    #[must_use]
    pub fn bank(&self) -> Arc<dyn Bank> {
        self.inner.bank.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Connects the world to a bank; until then nobody answers.
    pub fn set_bank(&self, bank: Arc<dyn Bank>) {
        *self.inner.bank.write().unwrap_or_else(PoisonError::into_inner) = bank;
    }

    /// Where mail is given to; none = no mail is sent.
    #[must_use]
    pub fn relay(&self) -> Option<Arc<Relay>> {
        self.inner.relay.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names the relay that mail is given to.
    pub fn set_relay(&self, relay: Arc<Relay>) {
        *self.inner.relay.write().unwrap_or_else(PoisonError::into_inner) = Some(relay);
    }

    /// What terminals presented as codes that are none, since it was last looked at.
    #[must_use]
    pub(crate) fn refused_codes(&self) -> &Tally {
        &self.inner.refused_codes
    }

    /// What channels have asked since it was last written.
    #[must_use]
    pub(crate) fn traffic(&self) -> &Meter {
        &self.inner.traffic
    }

    /// Limits every caller and member of staff to so many requests per minute, from now on; the first limit stays.
    pub fn limit_rate(&self, per_minute: NonZeroU32) {
        self.inner.limits.get_or_init(|| Limits::new(per_minute));
    }

    /// Counts a request of somebody who has proven to be `who`.
    ///
    /// # Errors
    /// `platform.rate_limited`, with the time to wait.
    pub(crate) fn pass(&self, who: &[u8; 16]) -> Result<(), Error> {
        match self.inner.limits.get() {
            Some(limits) => limits.pass(who, self.real_now()).map_err(Error::rate_limited),
            None => Ok(()),
        }
    }

    /// Limits every address to so many requests per minute for what needs no proof, or to none, from now on; `proxies`
    /// are believed about the addresses that they ask for. The first limit stays.
    pub fn limit_addresses(&self, per_minute: Option<NonZeroU32>, proxies: Vec<IpAddr>) {
        self.inner.addresses.get_or_init(|| Addresses::new(per_minute, proxies));
    }

    /// Counts a request of whoever is at the other end.
    ///
    /// # Errors
    /// As [`World::pass`].
    pub(crate) fn pass_address(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), Error> {
        self.addresses().pass(peer, headers, self.real_now()).map_err(Error::rate_limited)
    }

    /// Counts a registration of whoever is at the other end.
    ///
    /// # Errors
    /// As [`World::pass`].
    pub(crate) fn pass_filing(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), Error> {
        self.addresses().pass_filing(peer, headers, self.real_now()).map_err(Error::rate_limited)
    }

    /// The address that a request comes from, over a connection from `peer`, if that can be told.
    pub(crate) fn address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        self.addresses().known(peer, headers)
    }

    fn addresses(&self) -> &Addresses {
        self.inner.addresses.get_or_init(|| Addresses::new(None, Vec::new()))
    }

    /// The periodic work of this process.
    #[must_use]
    pub fn duties(&self) -> &Duties {
        &self.inner.duties
    }

    /// The sandbox beside this world, where a channel in testing finds itself; none before it is named.
    #[must_use]
    pub fn test_world(&self) -> Option<World> {
        self.inner.test_world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names the sandbox beside this world.
    pub fn set_test_world(&self, sandbox: &World) {
        *self.inner.test_world.write().unwrap_or_else(PoisonError::into_inner) = Some(sandbox.clone());
    }

    /// Scheme, host and port that callers use.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.inner.origin
    }

    /// A new id: `world.id(ChannelId::make)`. Those of one process ascend, so that a list in the order of ids is in the order
    /// in which its things were made; an id that carries its shard has that in place of the order within a millisecond.
    #[must_use]
    pub fn id<T>(&self, make: impl FnOnce(Timestamp, [u8; 10]) -> T) -> T {
        let (at, place) = self.inner.moments.next(self.real_now());
        let mut random = random::bytes();
        random[..2].copy_from_slice(&place.to_be_bytes());
        make(at, random)
    }

    /// Who checks that the person before a device is the holder.
    #[must_use]
    pub fn real_person(&self) -> Arc<dyn RealPerson> {
        self.inner.real_person.clone()
    }

    /// Where the bytes of attachments are kept.
    #[must_use]
    pub fn shelf(&self) -> Arc<dyn Shelf> {
        self.inner.shelf.clone()
    }

    /// Whether every account of staff must have a second factor.
    #[must_use]
    pub fn enrolment(&self) -> Enrolment {
        self.inner.enrolment
    }

    pub(crate) fn holder_windows(&self) -> &Windows {
        &self.inner.holder_windows
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// Told whenever rows of an import have been written, so that the ones behind them can go on.
    pub(crate) fn import_turn(&self) -> &Notify {
        &self.inner.import_turn
    }

    pub(crate) fn key_cache(&self) -> &KeyCache {
        &self.inner.key_cache
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_within_a_millisecond_and_beyond_its_places() {
        let moments = Moments::default();
        let now = Timestamp::from_micros(1_700_000_000_000_999);
        let made: Vec<_> = (0..5000).map(|_| moments.next(now)).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made[0], (Timestamp::from_micros(1_700_000_000_000_000), 0));
        assert_eq!(made[4096], (Timestamp::from_micros(1_700_000_000_001_000), 0));
    }

    #[test]
    fn a_clock_that_was_set_back_a_little_is_waited_for_and_one_set_back_far_is_followed() {
        let moments = Moments::default();
        let at = |millis: i64| Timestamp::from_micros(1_700_000_000_000_000 + millis * 1000);
        assert_eq!(moments.next(at(5000)), (at(5000), 0));
        assert_eq!(moments.next(at(4000)), (at(5000), 1));
        assert_eq!(moments.next(at(3000)), (at(3000), 0));
        assert_eq!(moments.next(at(6000)), (at(6000), 0));
    }
}
