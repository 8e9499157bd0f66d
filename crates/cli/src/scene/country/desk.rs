//! Somebody of the country at work.

use crate::failure::Failure;
use sdk::client::{Error, Staff};
use sdk::types::matter::{ActOnMatter, MatterView, OpenMatter};
use sdk::types::notice::SendNotice;
use sdk::types::sending::Audience;
use serde_json::Value;

/// What stands for a stamped paper, and for a film.
const PAPER: &[u8] = b"%PDF-1.7 made up for the demonstration";
const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0made up for the demonstration";

/// A signed-in account that opens matters and acts on them.
pub struct Desk {
    /// Its client.
    pub staff: Staff,
    /// Its login, to say who was refused.
    pub login: String,
}

impl Desk {
    /// Opens a matter about a channel: its id.
    pub fn open(&self, kind: &str, channel_id: &str, opening: &Value) -> Result<String, Failure> {
        self.open_about(kind, Some(channel_id), opening)
    }

    /// Opens a matter about a channel, or about one that is to be: its id.
    pub fn open_about(
        &self,
        kind: &str,
        channel_id: Option<&str>,
        opening: &Value,
    ) -> Result<String, Failure> {
        let request = OpenMatter {
            kind: kind.into(),
            channel_id: channel_id.map(Into::into),
            parent_id: None,
            opening: opening.clone(),
        };
        let opened = self.staff.open_matter(&request);
        Ok(opened.map_err(|error| self.refused(&format!("open a matter of kind {kind}"), error))?.matter_id)
    }

    /// Sends a notice to several channels: the matter of each, in the order they were named.
    pub fn notify(&self, channel_ids: &[String], opening: Value) -> Result<Vec<String>, Failure> {
        let audience = Audience { channel_ids: channel_ids.to_vec(), ..Audience::default() };
        let sent = self.staff.send_notice(&SendNotice { audience, opening, send_at: None });
        let sent = sent.map_err(|error| self.refused("send a notice", error))?;
        let place = |id: &String| sent.channel_ids.iter().position(|one| one == id);
        let matters = channel_ids.iter().filter_map(place).filter_map(|place| sent.matter_ids.get(place));
        Ok(matters.cloned().collect())
    }

    /// Sends a paper of a matter: its id.
    pub fn upload(&self, matter_id: &str, purpose: &str) -> Result<String, Failure> {
        self.send(matter_id, purpose, &format!("{purpose}.pdf"), PAPER)
    }

    /// Sends a film of a matter: its id.
    pub fn upload_film(&self, matter_id: &str, purpose: &str) -> Result<String, Failure> {
        self.send(matter_id, purpose, &format!("{purpose}.mp4"), FILM)
    }

    fn send(&self, matter_id: &str, purpose: &str, name: &str, content: &[u8]) -> Result<String, Failure> {
        let sent = self.staff.upload(matter_id, purpose, name, content);
        let sent = sent.map_err(|error| self.refused(&format!("send the file {purpose}"), error))?;
        Ok(sent.attachment_id)
    }

    /// The matter as it stands.
    pub fn see(&self, matter_id: &str) -> Result<MatterView, Failure> {
        self.staff.matter(matter_id).map_err(|error| self.refused(&format!("see {matter_id}"), error))
    }

    /// Acts on a matter as it stands; `brings` is an object, or null for an action that brings nothing.
    pub fn act(&self, matter_id: &str, action: &str, brings: &Value) -> Result<(), Failure> {
        let input = brings.as_object().cloned().unwrap_or_default();
        let request = ActOnMatter { action: action.into(), input };
        let seen = self.see(matter_id)?;
        let acted = self.staff.act_on_matter(matter_id, seen.version, &request);
        acted
            .map(drop)
            .map_err(|error| self.refused(&format!("{action} a matter of kind {}", seen.kind), error))
    }

    /// [`Desk::act`] with nothing but words.
    pub fn say(&self, matter_id: &str, action: &str, words: &str) -> Result<(), Failure> {
        self.act(matter_id, action, &serde_json::json!({ "words": words }))
    }

    /// Says which step of whom it was.
    fn refused(&self, what: &str, error: Error) -> Failure {
        let failure = Failure::from(error);
        Failure { message: format!("{} cannot {what}: {}", self.login, failure.message), ..failure }
    }
}
