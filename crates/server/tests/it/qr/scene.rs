//! A channel with a holder who shows codes, and a terminal of 杭州 that scans them.

use crate::ecard::scene::{self, Holder};
use crate::harness::{CallerHandle, HANGZHOU, Platform};
use domain::id::BindingId;
use sdk::client::{Acceptance, Channel, Error, Terminal};
use sdk::types::qr::{CodeVerified, Purpose, VerifyCode};

/// Who takes part.
pub struct Counter {
    /// The channel that shows the codes.
    pub channel: CallerHandle,
    /// Its client.
    pub client: Channel,
    /// The terminal that scans them; identity and payment are open to it.
    pub handle: CallerHandle,
    /// Its client.
    pub terminal: Terminal,
    /// The holder.
    pub holder: Holder,
}

/// A new channel, terminal and holder.
pub fn counter(platform: &Platform) -> Counter {
    let (channel, client) = scene::channel(platform);
    let handle = scanner(platform);
    let terminal = handle.terminal();
    let holder = scene::holder(platform, &client);
    Counter { channel, client, handle, terminal, holder }
}

/// Another terminal to which identity and payment are open.
pub fn scanner(platform: &Platform) -> CallerHandle {
    let handle = platform.terminal(HANGZHOU);
    platform.open_service(&handle, "identity.verify", HANGZHOU);
    platform.open_service(&handle, "pay.code", HANGZHOU);
    handle
}

impl Counter {
    /// A code, shown.
    pub fn code(&self) -> String {
        self.holder.code(&self.client).unwrap()
    }

    /// Shows a code and scans it for the holder's identity.
    pub fn scan(&self) -> Result<CodeVerified, Error> {
        self.terminal.verify_code(&identity(&self.code(), "scan"))
    }

    /// A code of the holder's that was issued so many seconds ago.
    pub fn code_of_age(&self, platform: &Platform, seconds: i64) -> String {
        let binding: BindingId = self.holder.binding_id.parse().unwrap();
        code_of_age(platform, &self.holder, binding, seconds)
    }
}

/// A code for this binding, issued so many seconds ago.
pub fn code_of_age(platform: &Platform, holder: &Holder, binding: BindingId, seconds: i64) -> String {
    let second = u32::try_from(scene::seconds() - seconds).unwrap();
    let shard = u16::try_from(holder.person.shard).unwrap();
    platform.world().keys().ring().mint_code(second, shard, binding).unwrap()
}

/// A scan for who it is.
pub fn identity(code: &str, request_id: &str) -> VerifyCode {
    VerifyCode {
        code: code.into(),
        purpose: Purpose::Identity,
        service: None,
        division: None,
        payee_id: None,
        request_id: request_id.into(),
    }
}

/// A scan for a payment.
pub fn payment(code: &str, request_id: &str, payee_id: &str) -> VerifyCode {
    VerifyCode { purpose: Purpose::Pay, payee_id: Some(payee_id.into()), ..identity(code, request_id) }
}

/// A scan for a service.
pub fn service(code: &str, request_id: &str, service: &str) -> VerifyCode {
    VerifyCode { purpose: Purpose::Service, service: Some(service.into()), ..identity(code, request_id) }
}

/// The code of a refusal and the cause its sentence names in brackets, if it names one.
pub fn cause<T>(outcome: Result<T, Error>) -> (u16, String, String) {
    let error = outcome.err().unwrap();
    let problem = error.problem().unwrap_or_else(|| panic!("{error}"));
    let cause = problem.title.split_once('（').map_or("", |(_, rest)| rest.trim_end_matches('）'));
    (problem.status, problem.code.clone(), cause.to_owned())
}

/// What [`cause`] says of a missing authorization.
pub fn missing(authorization: &str, cause: &str) -> (u16, String, String) {
    (403, format!("authorization.{authorization}_missing"), cause.to_owned())
}
