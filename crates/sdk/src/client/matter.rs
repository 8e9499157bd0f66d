//! What a member of staff can do with matters. Every method fails as [`Client::send`](super::Client::send) does.

use super::call::{encode, with_query};
use super::{Call, Error, Items, Staff};
use crate::types::Reveal;
use crate::types::matter::{
    ActOnMatter, AnswerAdvice, AskAdvice, AssignMatter, InboxView, MatterContacts, MatterView, MessageView,
    OpenMatter, RemindMatter, WithdrawAdvice,
};

impl Staff {
    /// Opens a matter.
    pub fn open_matter(&self, request: &OpenMatter) -> Result<MatterView, Error> {
        self.client().send(&Call::post("/api/v1/matters", request)?)
    }

    /// A matter with its history and what one may do now.
    pub fn matter(&self, matter_id: &str) -> Result<MatterView, Error> {
        self.client().send(&Call::get(format!("/api/v1/matters/{}", encode(matter_id))))
    }

    /// Who can be reached about an application, in clear; that one asked, and why, is on record.
    pub fn reveal_matter(&self, matter_id: &str, request: &Reveal) -> Result<MatterContacts, Error> {
        self.client()
            .send(&Call::post(format!("/api/v1/matters/{}/reveal", encode(matter_id)), request)?.once())
    }

    /// The matters in sight.
    pub fn matters(&self) -> Items<'_, MatterView> {
        self.client().list("/api/v1/matters")
    }

    /// The matters of a kind in sight that have not ended.
    pub fn open_matters_of(&self, kind: &str) -> Items<'_, MatterView> {
        let query = [("kind", Some(kind)), ("ended", Some("false"))];
        self.client().list(with_query("/api/v1/matters", &query))
    }

    /// The matters of a kind in sight that are in a state, e.g. the agreements that are `unsigned`.
    pub fn matters_in(&self, kind: &str, state: &str) -> Items<'_, MatterView> {
        let query = [("kind", Some(kind)), ("state", Some(state))];
        self.client().list(with_query("/api/v1/matters", &query))
    }

    /// The matters of a kind about a channel.
    pub fn matters_of_channel(&self, kind: &str, channel_id: &str) -> Items<'_, MatterView> {
        let query = [("kind", Some(kind)), ("channel_id", Some(channel_id))];
        self.client().list(with_query("/api/v1/matters", &query))
    }

    /// Acts on a matter, if it still has this version.
    pub fn act_on_matter(
        &self,
        matter_id: &str,
        version: i64,
        request: &ActOnMatter,
    ) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/actions", encode(matter_id));
        self.client().send(&Call::post(path, request)?.if_match(version))
    }

    /// The matter as [`Staff::act_on_matter`] would leave it, without doing anything.
    pub fn try_on_matter(
        &self,
        matter_id: &str,
        version: i64,
        request: &ActOnMatter,
    ) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/actions?dry_run=true", encode(matter_id));
        self.client().send(&Call::post(path, request)?.if_match(version))
    }

    /// Reminds those for whom a matter waits.
    pub fn remind_matter(&self, matter_id: &str, request: &RemindMatter) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/reminders", encode(matter_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Puts a matter into the hands of somebody of one's own office, or lays it down.
    pub fn assign_matter(&self, matter_id: &str, request: &AssignMatter) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/assignments", encode(matter_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Asks another office for its opinion on a matter.
    pub fn ask_advice(&self, matter_id: &str, request: &AskAdvice) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/advice", encode(matter_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Answers what one's own office was asked.
    pub fn answer_advice(
        &self,
        matter_id: &str,
        advice_id: &str,
        request: &AnswerAdvice,
    ) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/advice/{}/answer", encode(matter_id), encode(advice_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Takes a question back that was not answered.
    pub fn withdraw_advice(
        &self,
        matter_id: &str,
        advice_id: &str,
        request: &WithdrawAdvice,
    ) -> Result<MatterView, Error> {
        let path = format!("/api/v1/matters/{}/advice/{}/withdrawal", encode(matter_id), encode(advice_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// What waits for one's own party.
    pub fn inbox(&self) -> Result<InboxView, Error> {
        self.client().send(&Call::get("/api/v1/inbox"))
    }

    /// What one's own party was told, newest first.
    pub fn messages(&self) -> Items<'_, MessageView> {
        self.client().list("/api/v1/messages")
    }
}
