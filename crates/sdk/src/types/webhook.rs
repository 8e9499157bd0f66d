//! Notices to a caller's own endpoint (Standard Webhooks 1.0): thin, without personal data.

use serde::{Deserialize, Serialize};

/// Registers an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    /// `https` address; private networks are refused.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub url: String,
    /// Up to 16 event types, such as `payment.succeeded`; empty = all.
    pub events: Vec<String>,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// `whk_…`
    pub webhook_id: String,
    /// Address.
    pub url: String,
    /// Event types.
    pub events: Vec<String>,
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
    pub event: String,
    /// When it happened, RFC 3339.
    pub timestamp: String,
    /// What it is about.
    pub data: WebhookSubject,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSubject {
    /// Id of what changed: ask the API for its state.
    pub id: String,
}
