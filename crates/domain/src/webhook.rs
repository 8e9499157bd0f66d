//! What the platform tells a receiver unasked, and when it tries again.
//!
//! Invariant: a delivery is attempted at growing intervals from 5 seconds to 24 hours and then given up; the
//! receiver gets every event at least once, so an event carries its own id. Sending, signing and the address are
//! not here.

use crate::id::WebhookId;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;

refusals! {
    /// Why nothing is sent.
    Refusal {
        /// In production an address comes by a matter.
        ByMatter = "webhook.by_matter" "生产渠道的回调地址须由渠道所属单位通过回调地址变更办件提出，经地址验证并由另一人确认后启用；仅沙箱可直接登记"
            "a callback address of a channel in production comes by a change that its owner begins: the address proves itself and a second person confirms it; only the sandbox registers one at once";
        /// It was paused.
        Paused = "webhook.paused" "回调地址已暂停，请先恢复" "the endpoint is paused: let it go on first";
    }
}

names! {
    /// Something a receiver can subscribe to.
    EventType {
        /// An e-card changed its state, or was bound or unbound.
        EcardStateChanged = "ecard.state_changed",
        /// A payment succeeded.
        PaymentSucceeded = "payment.succeeded",
        /// A payment failed for good.
        PaymentFailed = "payment.failed",
        /// Money went back.
        PaymentRefunded = "payment.refunded",
        /// A matter waits for the channel's owner; the subject is the matter.
        MatterWaiting = "matter.waiting",
        /// A last day of the owner in a matter comes within a week; the subject is the matter.
        MatterDueSoon = "matter.due_soon",
        /// A notice of the platform is to be acknowledged (CH-17); the subject is the matter.
        NoticeIssued = "notice.issued",
        /// A measure withholds something of the channel, or something else than before (CH-31.1, CH-31.2); the subject is the channel.
        ChannelSuspended = "channel.suspended",
        /// Nothing is withheld any more; the subject is the channel.
        ChannelResumed = "channel.resumed",
        /// A key was superseded and ends with its overlap; the subject is the key.
        KeyExpiring = "key.expiring",
        /// The endpoint has another address; the subject is the endpoint. Both addresses are told, whatever else they are told.
        AddressChanged = "webhook.address_changed",
        /// Nothing: an address that shall be used is asked to prove itself; the subject is the matter.
        Challenge = "webhook.challenge",
        /// Nothing: somebody tries the endpoint.
        Test = "webhook.test",
    }
    /// Whether an endpoint is sent anything.
    WebhookState {
        /// It is.
        Active = "active",
        /// What happens is logged and can be sent again.
        Paused = "paused",
    }
    /// How far a delivery has come.
    DeliveryState {
        /// To be tried.
        Pending = "pending",
        /// The receiver answered 2xx.
        Delivered = "delivered",
        /// Given up after the last attempt.
        Failed = "failed",
    }
}

/// Most endpoints of a channel.
pub const ENDPOINTS: usize = 10;

/// An endpoint as a rule looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Which.
    pub id: WebhookId,
    /// Where it is.
    pub url: String,
}

impl WebhookState {
    /// The state of an endpoint.
    pub const fn of(is_paused: bool) -> Self {
        if is_paused { Self::Paused } else { Self::Active }
    }
}

impl EventType {
    /// Whether it is sent once, whatever becomes of it: who tries an endpoint looks at once and tries again.
    pub const fn is_sent_once(self) -> bool {
        matches!(self, Self::Test)
    }
}

/// Seconds to wait after the first, second … failed attempt.
pub const RETRY_SECONDS: [i64; 10] = [5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400];

/// When to try again after the attempt numbered `attempt` (from 1) failed at `now`, or nothing when that was the
/// last one. `jitter` (0 is none, 65535 almost all) shortens the wait by up to a tenth, so that receivers who
/// failed together are not tried together.
pub fn retry_at(now: Timestamp, attempt: u32, jitter: u16) -> Option<Timestamp> {
    let index = usize::try_from(attempt).ok()?.checked_sub(1)?;
    let wait = RETRY_SECONDS.get(index)? * 1_000_000;
    let earlier = wait / 10 * i64::from(jitter) / 65_536;
    Some(Timestamp::from_micros(now.as_micros().saturating_add(wait - earlier)))
}

/// Whether an answer of the receiver with this HTTP status ends the delivery well.
pub const fn is_accepted(status: u16) -> bool {
    status >= 200 && status < 300
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_five_seconds_to_a_day_and_then_end() {
        let now = Timestamp::from_seconds(1_000);
        assert_eq!(retry_at(now, 0, 0), None, "attempts are counted from one");
        assert_eq!(retry_at(now, 1, 0), Some(now.plus_seconds(5)));
        assert_eq!(retry_at(now, 10, 0), Some(now.plus_seconds(86_400)));
        assert_eq!(retry_at(now, 11, 0), None);
        assert_eq!(retry_at(now, u32::MAX, 0), None);
        assert!(RETRY_SECONDS.is_sorted());
    }

    #[test]
    fn jitter_shortens_a_wait_by_less_than_a_tenth() {
        let now = Timestamp::EPOCH;
        for (attempt, seconds) in (1..).zip(RETRY_SECONDS) {
            let soonest = retry_at(now, attempt, u16::MAX).unwrap();
            assert!(soonest.as_micros() >= seconds * 900_000 && soonest < now.plus_seconds(seconds));
        }
        assert_eq!(retry_at(now, 1, 32_768), Some(Timestamp::from_micros(4_750_000)));
    }

    #[test]
    fn only_2xx_is_accepted() {
        for (status, accepted) in [(199, false), (200, true), (299, true), (300, false), (500, false)] {
            assert_eq!(is_accepted(status), accepted, "{status}");
        }
    }
}
