//! A blocking client: signs requests, checks every answer, opens and renews the session, repeats only what may be
//! repeated, and reports the platform's problems as typed errors.
//!
//! Invariant: to [`Channel`] and [`Terminal`] no answer is shown that a pinned key of the platform or the open
//! session did not authenticate, save "later" (429, 503), which claims nothing. A call is repeated only if it is a
//! GET, carries an `Idempotency-Key` or its own id.
//!
//! Deliberately not here: TLS (give the `ureq` feature you trust to your own build), asynchronous calls, keeping
//! keys and tokens.

mod acceptance;
mod calendar;
mod call;
mod caller;
mod channel;
mod company;
mod contact;
mod delegation;
mod duration;
mod error;
mod export;
mod job;
mod matter;
mod notification;
mod paging;
mod registration;
mod retry;
mod sending;
mod service_form;
mod sign_in_rule;
mod staff;
mod statistic;
mod team;
mod template;
mod terminal;
mod traffic;
mod trail;
mod transport;
mod webhook;

use std::time::Duration;

use data_encoding::HEXLOWER_PERMISSIVE;
use gm::sm2::{EncryptingKey, VerifyingKey};
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::types::key::{KeyUsage, PlatformKeys};
use crate::types::registration::{
    CheckRegistration, FileRegistration, RegistrationFiled, RegistrationStatus,
};
use caller::Pinned;
use transport::{Answer, Transport};

pub use crate::holder::{Device, DeviceError, GrantWish, PaymentWish};
pub use acceptance::Acceptance;
pub use call::Call;
pub use caller::{Caller, KeyPair, SessionSlot};
pub use channel::Channel;
pub use error::Error;
pub use paging::Items;
pub use staff::Staff;
pub use terminal::Terminal;

/// Where the platform is and how patient the client is.
#[derive(Debug, Clone)]
pub struct Config {
    /// The public origin, with a prefix for the sandbox: `https://ykt.example.org/sandbox`. It must be spelt as the
    /// platform is configured, because it is signed.
    pub base_url: String,
    /// The platform's keys, pinned. Get them once by [`platform_keys`] and compare the fingerprints out of band.
    pub platform_keys: PlatformKeys,
    /// For one attempt, connection and answer together.
    pub timeout: Duration,
    /// Attempts of a call that may be repeated, at least 1.
    pub attempts: u32,
}

impl Config {
    /// 10 s and 4 attempts.
    pub fn new(base_url: impl Into<String>, platform_keys: PlatformKeys) -> Self {
        Self { base_url: base_url.into(), platform_keys, timeout: Duration::from_secs(10), attempts: 4 }
    }
}

/// Asks a platform for its public keys, believing whoever answers.
///
/// # Errors
/// As every call.
pub fn platform_keys(base_url: &str) -> Result<PlatformKeys, Error> {
    let config = Config::new(base_url, PlatformKeys { data: Vec::new() });
    Client::new(&config, Caller::Anonymous)?.send(&Call::get("/api/v1/keys"))
}

/// Files a registration with a platform, as a company that has no account.
///
/// # Errors
/// As every call.
pub fn file_registration(config: &Config, request: &FileRegistration) -> Result<RegistrationFiled, Error> {
    Client::new(config, Caller::Anonymous)?.send(&Call::post("/api/v1/registrations", request)?.once())
}

/// How one's own registration stands.
///
/// # Errors
/// As every call.
pub fn check_registration(
    config: &Config,
    registration_id: &str,
    request: &CheckRegistration,
) -> Result<RegistrationStatus, Error> {
    let path = format!("/api/v1/registrations/{}/check", call::encode(registration_id));
    Client::new(config, Caller::Anonymous)?.send(&Call::post(path, request)?.repeatable())
}

/// A caller connected to a platform; every façade is made of one. It may be shared between threads.
pub struct Client {
    transport: Transport,
    pinned: Pinned,
    encrypting: Option<EncryptingKey>,
    caller: Caller,
    attempts: u32,
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    /// [`Error::Setup`]: the base URL or a pinned key is malformed, or no key to check answers is pinned.
    pub fn new(config: &Config, caller: Caller) -> Result<Self, Error> {
        let mut pinned = Pinned::new();
        let mut encrypting = None;
        for key in &config.platform_keys.data {
            let point = HEXLOWER_PERMISSIVE
                .decode(key.public_key.as_bytes())
                .map_err(|_| Error::Setup("a pinned key is not hex"))?;
            let not_a_key = |_| Error::Setup("a pinned key is not an SM2 public key");
            match key.usage {
                KeyUsage::Sign => {
                    pinned.push((key.key_id.clone(), VerifyingKey::from_sec1(&point).map_err(not_a_key)?));
                }
                KeyUsage::Encrypt => encrypting = Some(EncryptingKey::from_sec1(&point).map_err(not_a_key)?),
            }
        }
        if pinned.is_empty() && matches!(caller, Caller::Signed(_) | Caller::Session(..)) {
            return Err(Error::Setup("no key of the platform is pinned to check its answers"));
        }
        let transport = Transport::new(config)?;
        Ok(Self { transport, pinned, encrypting, caller, attempts: config.attempts.max(1) })
    }

    /// Makes a call and reads its answer; an answer without a body reads as `()`.
    ///
    /// # Errors
    /// [`Error`]
    pub fn send<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        read(&retry::send(self, call)?)
    }

    /// Makes a call and takes its answer as it is.
    ///
    /// # Errors
    /// [`Error`]
    pub fn bytes(&self, call: &Call) -> Result<Vec<u8>, Error> {
        let answer = retry::send(self, call)?;
        error_of(&answer).map_or(Ok(answer.body), Err)
    }

    /// The items of a list, page after page; `path` may have a query.
    pub fn list<T: DeserializeOwned>(&self, path: impl Into<String>) -> Items<'_, T> {
        Items::new(self, path.into())
    }

    /// A new device for a holder, which encrypts to this platform.
    ///
    /// # Errors
    /// [`Error::Setup`]: no encryption key of the platform is pinned.
    pub fn new_device(&self) -> Result<Device, Error> {
        let key =
            self.encrypting.clone().ok_or(Error::Setup("no encryption key of the platform is pinned"))?;
        Ok(Device::new(key))
    }
}

/// Reads an authentic answer.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    if let Some(error) = error_of(answer) {
        return Err(error);
    }
    let body: &[u8] = if answer.body.is_empty() { b"null" } else { &answer.body };
    serde_json::from_slice(body).map_err(|error| Error::Unreadable(error.to_string()))
}

/// The error that an answer is, if it is one.
fn error_of(answer: &Answer) -> Option<Error> {
    if (200..300).contains(&answer.status) {
        return None;
    }
    Some(match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) => Error::Refused(Box::new(problem)),
        Err(_) => Error::Unreadable(format!("status {} without a problem", answer.status)),
    })
}
