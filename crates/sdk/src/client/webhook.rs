//! The endpoints of a channel, as its server keeps them and as the people of its owner do. Every method fails as
//! [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::{encode, with_query};
use super::{Call, Channel, Error, Items, Staff};
use crate::types::webhook::{ChangeWebhookState, CreateWebhook, DeliveryView, WebhookState, WebhookView};

fn of(webhook_id: &str) -> String {
    format!("/api/v1/webhooks/{}", encode(webhook_id))
}

fn change(webhook_id: &str, state: WebhookState) -> Result<Call, Error> {
    Ok(Call::post(format!("{}/state", of(webhook_id)), &ChangeWebhookState { state })?.repeatable())
}

fn test(webhook_id: &str) -> Call {
    Call { method: "POST", ..Call::get(format!("{}/test", of(webhook_id))) }
}

fn replay(webhook_id: &str, delivery_id: &str) -> Call {
    let path = format!("{}/deliveries/{}/replay", of(webhook_id), encode(delivery_id));
    Call { method: "POST", ..Call::get(path) }
}

impl Channel {
    /// Registers an endpoint for notices.
    pub fn create_webhook(&self, request: &CreateWebhook) -> Result<WebhookView, Error> {
        self.client.send(&Call::post("/api/v1/webhooks", request)?)
    }

    /// The registered endpoints.
    pub fn webhooks(&self) -> Items<'_, WebhookView> {
        self.client.list("/api/v1/webhooks")
    }

    /// Removes an endpoint.
    pub fn delete_webhook(&self, webhook_id: &str) -> Result<(), Error> {
        self.client.send(&Call::delete(of(webhook_id)))
    }

    /// Pauses an endpoint, or lets it go on.
    pub fn change_webhook_state(&self, webhook_id: &str, state: WebhookState) -> Result<WebhookView, Error> {
        self.client.send(&change(webhook_id, state)?)
    }

    /// Sends an endpoint something to try it.
    pub fn test_webhook(&self, webhook_id: &str) -> Result<DeliveryView, Error> {
        self.client.send(&test(webhook_id))
    }

    /// The deliveries to an endpoint, newest first.
    pub fn deliveries(&self, webhook_id: &str) -> Items<'_, DeliveryView> {
        self.client.list(format!("{}/deliveries", of(webhook_id)))
    }

    /// Sends an event again.
    pub fn replay_delivery(&self, webhook_id: &str, delivery_id: &str) -> Result<DeliveryView, Error> {
        self.client.send(&replay(webhook_id, delivery_id))
    }
}

impl Staff {
    /// Registers an endpoint of a channel of one's own, which the request names.
    pub fn create_webhook(&self, request: &CreateWebhook) -> Result<WebhookView, Error> {
        self.client().send(&Call::post("/api/v1/webhooks", request)?)
    }

    /// The endpoints of a channel.
    pub fn webhooks(&self, channel_id: &str) -> Items<'_, WebhookView> {
        self.client().list(with_query("/api/v1/webhooks", &[("channel_id", Some(channel_id))]))
    }

    /// Removes an endpoint.
    pub fn delete_webhook(&self, webhook_id: &str) -> Result<(), Error> {
        self.client().send(&Call::delete(of(webhook_id)))
    }

    /// Pauses an endpoint, or lets it go on.
    pub fn change_webhook_state(&self, webhook_id: &str, state: WebhookState) -> Result<WebhookView, Error> {
        self.client().send(&change(webhook_id, state)?)
    }

    /// Sends an endpoint something to try it.
    pub fn test_webhook(&self, webhook_id: &str) -> Result<DeliveryView, Error> {
        self.client().send(&test(webhook_id))
    }

    /// The deliveries to an endpoint, newest first.
    pub fn deliveries(&self, webhook_id: &str) -> Items<'_, DeliveryView> {
        self.client().list(format!("{}/deliveries", of(webhook_id)))
    }

    /// Sends an event again.
    pub fn replay_delivery(&self, webhook_id: &str, delivery_id: &str) -> Result<DeliveryView, Error> {
        self.client().send(&replay(webhook_id, delivery_id))
    }
}
