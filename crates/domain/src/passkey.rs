//! Passkeys: credentials of Web Authentication by which an account of staff shows its second factor.
//!
//! Invariants: a passkey is bound to one name of the platform and answers for no other; a challenge is good once, for a short
//! while and for one purpose; a counter that does not go up is taken for a copy. The algorithms are those of the devices, not
//! the national ones. Reading and verifying what a device answers is not here.

use crate::name::names;
use crate::refusal::refusals;

refusals! {
    /// Why a passkey is not taken, or what was shown by it.
    Refusal {
        /// An address that is no name has no passkeys.
        NoName = "passkey.no_name" "平台的访问地址不是域名，不能使用通行密钥"
            "the platform is not reached by a domain name, so there are no passkeys";
        /// What was answered is none that waits: it is too old, was used before, or was asked of somebody else.
        Challenge = "passkey.challenge" "通行密钥的验证请求已过期或已使用，请重试"
            "the challenge has expired or was used before, try again";
        /// The account has none such.
        Unknown = "passkey.unknown" "这不是本账户登记的通行密钥" "the account has no such passkey";
        /// It was made at another page than the platform's, or for something else.
        Origin = "passkey.origin" "通行密钥的验证来自其他网址" "the passkey was used at another address";
        /// The device did not ask for a finger, a face or a PIN.
        Unverified = "passkey.unverified" "设备没有验证使用者（指纹、面容或 PIN）"
            "the device did not verify its user by finger, face or PIN";
        /// It was not made by the passkey.
        Signature = "passkey.signature" "通行密钥的签名不正确" "the signature of the passkey is wrong";
        /// Somebody else may have the same passkey.
        Counter = "passkey.counter" "通行密钥的计数器没有增加，可能已被复制，请移除后重新添加"
            "the counter of the passkey did not go up: it may have been copied, remove it and add another";
        /// It cannot be read.
        Malformed = "passkey.malformed" "不是通行密钥的应答" "this is no answer of a passkey";
        /// Nobody here can verify it.
        Algorithm = "passkey.algorithm" "不支持该通行密钥的算法（须为 ES256、EdDSA 或 RS256）"
            "the passkey is of an algorithm other than ES256, EdDSA and RS256";
        /// It is registered.
        Taken = "passkey.taken" "该通行密钥已经登记" "this passkey is registered already";
        /// The account has as many as it may.
        TooMany { most: i64 } = "passkey.too_many" "一个账户最多登记{most}个通行密钥"
            "an account has at most {most} passkeys";
        /// Without it the account would have no second factor; who has one replaces it or has it reset.
        Last = "passkey.last" "这是账户唯一的第二因素，请先添加另一个" "it is the only second factor of the account, add another first";
    }
}

names! {
    /// For what a passkey is asked.
    Purpose {
        /// To be registered.
        Register = "register",
        /// To sign in, together with the password.
        SignIn = "sign_in",
        /// To confirm who is there.
        StepUp = "step_up",
    }
}

/// Most passkeys of an account.
pub const MOST: i64 = 10;
/// Seconds for which a challenge may be answered, real time; the standard recommends five minutes.
pub const CHALLENGE_SECONDS: i64 = 300;
/// Challenges that wait for the same: of an account, for a purpose, in a session. A further one ends the oldest.
pub const CHALLENGES: i64 = 5;
/// Most bytes of a credential's id (Web Authentication Level 3, 5.8.3).
pub const CREDENTIAL_ID_BYTES: usize = 1023;

/// By what name passkeys know the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// A domain name, or `localhost`.
    pub id: String,
    /// What a browser calls the pages: scheme, name and port.
    pub origin: String,
}

impl RelyingParty {
    /// The party that is reached at `origin` (`scheme://host[:port]`). A passkey is bound to a name over https; the loopback has
    /// the name `localhost`, where browsers need no https. None = there are no passkeys at this origin.
    #[must_use]
    pub fn of(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let rest = rest.to_ascii_lowercase();
        let colon = rest.rfind(':').filter(|at| !rest[*at..].contains(']'));
        let (host, port) = rest.split_at(colon.unwrap_or(rest.len()));
        let (id, usual) = match (scheme, host) {
            ("http", "127.0.0.1" | "[::1]") => ("localhost", ":80"),
            ("http", "localhost") => (host, ":80"),
            ("http", name) if name.ends_with(".localhost") && is_name(name) => (host, ":80"),
            ("https", name) if is_name(name) => (host, ":443"),
            _ => return None,
        };
        let port = if port == usual { "" } else { port };
        Some(Self { id: id.to_owned(), origin: format!("{scheme}://{id}{port}") })
    }
}

/// Whether a host is a name: of letters, digits and hyphens between dots, and no address, whose last part is a number.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    host.split('.').all(is_label) && !host.rsplit('.').next().is_some_and(is_number)
}

/// Refuses one more passkey of an account that has `count`.
///
/// # Errors
/// `passkey.too_many`
pub const fn admit(count: i64) -> Result<(), Refusal> {
    if count < MOST { Ok(()) } else { Err(Refusal::TooMany { most: MOST }) }
}

/// Refuses to remove the last factor: `others` are the account's other passkeys.
///
/// # Errors
/// `passkey.last`
pub const fn keep_a_factor(others: i64, has_codes: bool) -> Result<(), Refusal> {
    if others > 0 || has_codes { Ok(()) } else { Err(Refusal::Last) }
}

/// Whether a counter has gone up since `last`; a device without one shows 0 for ever (Level 3, 7.2, step 22).
///
/// # Errors
/// `passkey.counter`
pub const fn count(last: i64, shown: i64) -> Result<(), Refusal> {
    if shown > last || (shown == 0 && last == 0) { Ok(()) } else { Err(Refusal::Counter) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_party_is_a_name_over_https_or_the_loopback_by_its_name() {
        for (origin, party) in [
            ("https://ykt.example.cn", Some(("ykt.example.cn", "https://ykt.example.cn"))),
            ("https://YKT.example.cn:443", Some(("ykt.example.cn", "https://ykt.example.cn"))),
            ("https://ykt.example.cn:8443", Some(("ykt.example.cn", "https://ykt.example.cn:8443"))),
            ("https://intranet", Some(("intranet", "https://intranet"))),
            ("http://localhost:8080", Some(("localhost", "http://localhost:8080"))),
            ("http://127.0.0.1:8080", Some(("localhost", "http://localhost:8080"))),
            ("http://[::1]:8080", Some(("localhost", "http://localhost:8080"))),
            ("http://127.0.0.1:80", Some(("localhost", "http://localhost"))),
            ("http://ykt.localhost:81", Some(("ykt.localhost", "http://ykt.localhost:81"))),
            ("http://ykt.example.cn", None),
            ("http://10.0.0.1:8080", None),
            ("https://10.0.0.1", None),
            ("https://127.0.0.1:8443", None),
            ("https://[2001:db8::1]", None),
            ("https://社保.cn", None),
            ("https://-a.cn", None),
            ("https://a..cn", None),
            ("https://", None),
            ("ykt.example.cn", None),
        ] {
            let expected = party.map(|(id, origin)| RelyingParty { id: id.into(), origin: origin.into() });
            assert_eq!(RelyingParty::of(origin), expected, "{origin}");
        }
    }

    #[test]
    fn an_account_has_at_most_so_many_and_keeps_a_factor() {
        assert_eq!((admit(9), admit(10)), (Ok(()), Err(Refusal::TooMany { most: 10 })));
        assert_eq!(keep_a_factor(1, false), Ok(()));
        assert_eq!(keep_a_factor(0, true), Ok(()));
        assert_eq!(keep_a_factor(0, false), Err(Refusal::Last));
    }

    #[test]
    fn a_counter_goes_up_or_is_none() {
        for (last, shown, outcome) in [
            (0, 0, Ok(())),
            (0, 1, Ok(())),
            (7, 8, Ok(())),
            (7, 7, Err(Refusal::Counter)),
            (7, 6, Err(Refusal::Counter)),
            (7, 0, Err(Refusal::Counter)),
        ] {
            assert_eq!(count(last, shown), outcome, "{last} {shown}");
        }
    }
}
