//! Notices to a caller's own endpoint (Standard Webhooks 1.0): thin, without personal data.

use serde::{Deserialize, Serialize};

/// What a channel's server is told. A receiver may meet a type that is newer than it, so events hold their type as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventType {
    /// An e-card changed its state, or was bound or unbound: `bnd_…`.
    #[serde(rename = "ecard.state_changed")]
    EcardStateChanged,
    /// A payment succeeded: `pay_…`.
    #[serde(rename = "payment.succeeded")]
    PaymentSucceeded,
    /// A payment failed for good: `pay_…`.
    #[serde(rename = "payment.failed")]
    PaymentFailed,
    /// Money went back: `pay_…`.
    #[serde(rename = "payment.refunded")]
    PaymentRefunded,
    /// A matter waits for the channel's owner: `mat_…`.
    #[serde(rename = "matter.waiting")]
    MatterWaiting,
    /// A last day of the owner in a matter comes within a week: `mat_…`.
    #[serde(rename = "matter.due_soon")]
    MatterDueSoon,
    /// A notice of the platform is to be acknowledged: `mat_…`.
    #[serde(rename = "notice.issued")]
    NoticeIssued,
    /// Something is withheld from the channel, or something else than before: `chn_…`.
    #[serde(rename = "channel.suspended")]
    ChannelSuspended,
    /// Nothing is withheld any more: `chn_…`.
    #[serde(rename = "channel.resumed")]
    ChannelResumed,
    /// A key was superseded and ends with its overlap: `key_…`.
    #[serde(rename = "key.expiring")]
    KeyExpiring,
    /// The endpoint has another address; told at both: `whk_…`.
    #[serde(rename = "webhook.address_changed")]
    AddressChanged,
    /// An address that shall be used is asked to prove itself: `mat_…`. Answered with the words of the challenge.
    #[serde(rename = "webhook.challenge")]
    Challenge,
    /// Somebody tries the endpoint: `whk_…`.
    #[serde(rename = "webhook.test")]
    Test,
}

/// Registers an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    /// `chn_…`: whose. A channel's server means itself, people name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 30))]
    pub channel_id: Option<String>,
    /// `https` address; private networks are refused.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub url: String,
    /// Up to 16 event types; empty = all, later ones too.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<EventType>))]
    pub events: Vec<String>,
}

/// Whether an endpoint is sent anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// It is.
    Active,
    /// What happens is logged and can be replayed.
    Paused,
}

/// Pauses an endpoint, or lets it go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeWebhookState {
    /// What it shall be.
    pub state: WebhookState,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// `whk_…`
    pub webhook_id: String,
    /// Address.
    pub url: String,
    /// Event types; empty = all.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<EventType>))]
    pub events: Vec<String>,
    /// Whether it is sent anything.
    pub state: WebhookState,
    /// `key_…` that signs the deliveries; for a while after a rotation the key before it signs them too.
    pub key_id: String,
    /// RFC 3339.
    pub created_at: String,
}

/// Where a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be tried, perhaps again.
    Pending,
    /// Accepted with 2xx.
    Delivered,
    /// Given up; can be replayed.
    Failed,
}

/// One notice on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// `whd_…`
    pub delivery_id: String,
    /// `whk_…`
    pub webhook_id: String,
    /// Event type.
    #[cfg_attr(feature = "openapi", schema(value_type = EventType))]
    pub event: String,
    /// Where it is.
    pub state: DeliveryState,
    /// Times tried.
    pub attempts: i64,
    /// HTTP status of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}

/// Sends the events of a time again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplayDeliveries {
    /// From this moment on, RFC 3339; to the millisecond.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub from: String,
    /// To before this moment, RFC 3339.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub to: String,
}

/// What is on its way again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveriesReplayed {
    /// How many events.
    pub replayed: u32,
    /// RFC 3339: where the rest of the range begins; nothing when there is no rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_from: Option<String>,
}

/// The body of a delivery, as Standard Webhooks lays it out. Which of several the same event is, the header
/// `webhook-id` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookEvent {
    /// Event type.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(value_type = EventType))]
    pub event: String,
    /// When it happened, RFC 3339.
    pub timestamp: String,
    /// What it is about.
    pub data: WebhookSubject,
}

impl WebhookEvent {
    /// What happened; none of a type that is newer than this.
    #[must_use]
    pub fn kind(&self) -> Option<EventType> {
        serde_json::from_value(serde_json::Value::String(self.event.clone())).ok()
    }

    /// The body with which an address proves itself, of a `webhook.challenge`: a status of 2xx with this as its JSON.
    #[must_use]
    pub fn answer(&self) -> Option<String> {
        let challenge = self.data.challenge.as_ref().filter(|_| self.kind() == Some(EventType::Challenge))?;
        Some(serde_json::json!({ "challenge": challenge }).to_string())
    }
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSubject {
    /// Id of what changed: ask the API for its state.
    pub id: String,
    /// Of a `webhook.challenge`: what to answer it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}
