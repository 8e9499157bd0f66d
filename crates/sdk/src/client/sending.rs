//! What a member of staff can do with many channels at once. Every method fails as [`Client::send`](super::Client::send) does.

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::key_rotation::SendKeyRotation;
use crate::types::notice::SendNotice;
use crate::types::sending::{SendAmendment, SendingReminded, SendingView, Sent};

impl Staff {
    /// Sends a notice to every channel of an audience.
    pub fn send_notice(&self, request: &SendNotice) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/notices", request)?)
    }

    /// [`Staff::send_notice`] under a key of one's own: repeated with the same key, after a crash or without an answer, it is
    /// one sending.
    pub fn send_notice_keyed(&self, key: &str, request: &SendNotice) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/notices", request)?.keyed(key))
    }

    /// To which channels a notice would go.
    pub fn try_notice(&self, request: &SendNotice) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/notices?dry_run=true", request)?)
    }

    /// Announces another text of the agreement to every channel of an audience.
    pub fn send_amendment(&self, request: &SendAmendment) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/amendments", request)?)
    }

    /// [`Staff::send_amendment`] under a key of one's own, as [`Staff::send_notice_keyed`].
    pub fn send_amendment_keyed(&self, key: &str, request: &SendAmendment) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/amendments", request)?.keyed(key))
    }

    /// To which channels another text of the agreement would go.
    pub fn try_amendment(&self, request: &SendAmendment) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/amendments?dry_run=true", request)?)
    }

    /// Asks every channel of an audience for another key.
    pub fn send_key_rotation(&self, request: &SendKeyRotation) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/key-rotations", request)?)
    }

    /// [`Staff::send_key_rotation`] under a key of one's own, as [`Staff::send_notice_keyed`].
    pub fn send_key_rotation_keyed(&self, key: &str, request: &SendKeyRotation) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/key-rotations", request)?.keyed(key))
    }

    /// Which channels would be asked for another key.
    pub fn try_key_rotation(&self, request: &SendKeyRotation) -> Result<Sent, Error> {
        self.client().send(&Call::post("/api/v1/key-rotations?dry_run=true", request)?)
    }

    /// What was put to many channels at once, newest first.
    pub fn sendings(&self) -> Items<'_, SendingView> {
        self.client().list("/api/v1/sendings")
    }

    /// A sending, channel by channel.
    pub fn sending(&self, sending_id: &str) -> Result<SendingView, Error> {
        self.client().send(&Call::get(format!("/api/v1/sendings/{}", encode(sending_id))))
    }

    /// Takes back a sending that is planned and has not begun.
    pub fn cancel_sending(&self, sending_id: &str) -> Result<SendingView, Error> {
        let path = format!("/api/v1/sendings/{}/cancel", encode(sending_id));
        self.client().send(&Call::post(path, &serde_json::Value::Null)?.once())
    }

    /// Reminds the owners of all channels that have not answered.
    pub fn remind_sending(&self, sending_id: &str) -> Result<SendingReminded, Error> {
        let path = format!("/api/v1/sendings/{}/reminders", encode(sending_id));
        self.client().send(&Call::post(path, &serde_json::Value::Null)?.once())
    }
}
