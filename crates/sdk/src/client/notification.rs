//! What an account is told by e-mail, and which messages it does not want to see counted.

use super::{Call, Error, Items, Staff};
use crate::types::Private;
use crate::types::matter::{MessageView, UnreadView};
use crate::types::notification::{
    BeginMailAddress, ConfirmMailAddress, MessageCategory, NotificationView, PendingMailAddress,
    SetNotification,
};

const PATH: &str = "/api/v1/staff/notification";

impl Staff {
    /// What the own account wants to be told.
    pub fn notification(&self) -> Result<NotificationView, Error> {
        self.client().send(&Call::get(PATH))
    }

    /// Sets what the own account wants to be told, if that still has this version.
    pub fn set_notification(
        &self,
        version: i64,
        request: &SetNotification,
    ) -> Result<NotificationView, Error> {
        self.client().send(&Call::post(PATH, request)?.once().if_match(version))
    }

    /// Has a code mailed to an address; the mail goes there once the code is confirmed.
    pub fn begin_mail_address(&self, address: Private) -> Result<PendingMailAddress, Error> {
        self.client().send(&Call::post(format!("{PATH}/address"), &BeginMailAddress { address })?.once())
    }

    /// Confirms the address by the code that was mailed to it.
    pub fn confirm_mail_address(&self, code: Private) -> Result<NotificationView, Error> {
        self.client()
            .send(&Call::post(format!("{PATH}/address/confirm"), &ConfirmMailAddress { code })?.once())
    }

    /// Takes the address away: no mail is sent any more.
    pub fn remove_mail_address(&self) -> Result<(), Error> {
        self.client().send(&Call::delete(format!("{PATH}/address")))
    }

    /// How many messages nobody of the own party has read, but for what the own account has muted.
    pub fn unread(&self) -> Result<i64, Error> {
        self.client().send::<UnreadView>(&Call::get("/api/v1/messages/unread")).map(|view| view.unread)
    }

    /// What the own party was told about this, muted or not, newest first.
    pub fn messages_about(&self, category: MessageCategory) -> Items<'_, MessageView> {
        let word = serde_json::to_value(category).unwrap_or_default();
        self.client().list(format!("/api/v1/messages?category={}", word.as_str().unwrap_or_default()))
    }
}
