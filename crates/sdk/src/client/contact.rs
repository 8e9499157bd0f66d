//! Whom to call about a channel.

use super::call::encode;
use super::{Call, Error, Staff};
use crate::types::contact::{ChannelContact, ChannelContacts, ConfirmChannelContact};
use crate::types::notification::PendingMailAddress;
use crate::types::{Private, Reveal};

impl Staff {
    /// Whom to call about a channel, now and before.
    pub fn channel_contacts(&self, channel_id: &str) -> Result<ChannelContacts, Error> {
        self.client().send(&Call::get(format!("/api/v1/channels/{}/contacts", encode(channel_id))))
    }

    /// Whom to call about a channel now, in clear; that it was asked for is on record.
    pub fn reveal_channel_contact(
        &self,
        channel_id: &str,
        request: &Reveal,
    ) -> Result<ChannelContact, Error> {
        let path = format!("/api/v1/channels/{}/contacts/reveal", encode(channel_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Has a code mailed to whom to call about a channel now.
    pub fn mail_contact_code(&self, channel_id: &str) -> Result<PendingMailAddress, Error> {
        let path = format!("/api/v1/channels/{}/contacts/code", encode(channel_id));
        self.client().send(&Call::post(path, &serde_json::Value::Null)?.once())
    }

    /// Confirms the address of whom to call about a channel now by the code that was mailed to it.
    pub fn confirm_channel_contact(&self, channel_id: &str, code: Private) -> Result<ChannelContacts, Error> {
        let path = format!("/api/v1/channels/{}/contacts/confirm", encode(channel_id));
        self.client().send(&Call::post(path, &ConfirmChannelContact { code })?.once())
    }
}
