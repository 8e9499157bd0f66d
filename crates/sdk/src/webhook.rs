//! Receiving webhooks: is this delivery the platform's, and is it of now?
//!
//! Standard Webhooks 1.0 with SM2: `webhook-signature` holds, separated by spaces, `v1sm2,` and the base64 of an SM2
//! signature over `id.timestamp.body`; during a rotation there may be several. Deliberately not here: remembering
//! ids. A delivery may come more than once, so act on each `webhook-id` once.

use crate::types::webhook::WebhookEvent;
use data_encoding::BASE64;
use gm::sm2::{Signature, VerifyingKey};
use std::fmt;

/// How far the time of a delivery may lie from the receiver's, seconds.
pub const TOLERANCE_SECONDS: i64 = 300;

/// A delivery as it came.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Header `webhook-id`.
    pub id: &'a str,
    /// Header `webhook-timestamp`.
    pub timestamp: &'a str,
    /// Header `webhook-signature`.
    pub signature: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// Why a delivery is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookError {
    /// A header is malformed.
    Malformed(&'static str),
    /// It was sent too long ago, or is of the future.
    Time,
    /// No signature of a known key holds.
    Signature,
    /// Signed, but not an event.
    Body,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(header) => write!(f, "the header {header} is malformed"),
            Self::Time => f.write_str("the delivery was not sent just now"),
            Self::Signature => f.write_str("no signature of the delivery holds"),
            Self::Body => f.write_str("the body is not an event"),
        }
    }
}

impl std::error::Error for WebhookError {}

/// The event, if one of `keys` signed the delivery and it was sent within [`TOLERANCE_SECONDS`] of `now`.
///
/// # Errors
/// [`WebhookError`]
pub fn verify(
    delivery: &Delivery<'_>,
    keys: &[VerifyingKey],
    now: i64,
) -> Result<WebhookEvent, WebhookError> {
    let sent: i64 = delivery.timestamp.parse().map_err(|_| WebhookError::Malformed("webhook-timestamp"))?;
    if now.abs_diff(sent) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(WebhookError::Time);
    }
    let message = [delivery.id.as_bytes(), b".", delivery.timestamp.as_bytes(), b".", delivery.body].concat();
    let given = delivery.signature.split(' ').filter_map(|one| one.strip_prefix("v1sm2,"));
    let given = given.filter_map(|text| BASE64.decode(text.as_bytes()).ok()?.try_into().ok().map(Signature));
    let holds = given.into_iter().any(|one| keys.iter().any(|key| key.verify(&message, &one).is_ok()));
    if !holds {
        return Err(WebhookError::Signature);
    }
    serde_json::from_slice(delivery.body).map_err(|_| WebhookError::Body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gm::sm2::SigningKey;

    const BODY: &[u8] =
        br#"{"data":{"id":"pay_1"},"timestamp":"2026-01-01T00:00:00+08:00","type":"payment.succeeded"}"#;

    fn sign(key: &SigningKey, message: &[u8]) -> String {
        format!("v1sm2,{}", BASE64.encode(&key.sign(message).0))
    }

    #[test]
    fn a_delivery_is_believed_when_a_known_key_signed_it_just_now() {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let signature = sign(&key, &[b"whd_1.1000.", BODY].concat());
        let two = format!("v1,c2VjcmV0 {} {signature}", sign(&other, b"something else"));
        let keys = [other.verifying_key().clone(), key.verifying_key().clone()];
        let delivery = Delivery { id: "whd_1", timestamp: "1000", signature: &two, body: BODY };
        for (now, outcome) in
            [(699, Err(WebhookError::Time)), (700, Ok(())), (1300, Ok(())), (1301, Err(WebhookError::Time))]
        {
            assert_eq!(verify(&delivery, &keys, now).map(drop), outcome, "{now}");
        }
        assert_eq!(verify(&delivery, &keys, 1000).map(|event| event.data.id), Ok("pay_1".into()));
        for changed in [
            Delivery { id: "whd_2", ..delivery },
            Delivery { timestamp: "1001", ..delivery },
            Delivery { body: b"{}", ..delivery },
            Delivery { signature: "v1sm2,AAAA", ..delivery },
            Delivery { signature: "", ..delivery },
        ] {
            assert_eq!(verify(&changed, &keys, 1000), Err(WebhookError::Signature));
        }
        assert_eq!(verify(&delivery, &keys[..1], 1000), Err(WebhookError::Signature));
        let malformed = Delivery { timestamp: "now", ..delivery };
        assert_eq!(verify(&malformed, &keys, 1000), Err(WebhookError::Malformed("webhook-timestamp")));
    }
}
