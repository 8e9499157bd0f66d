//! The certificate of deletion (删除证明): the owner's signed word that all raw data is gone (CH-36.1).
//!
//! Invariant: what is signed is the document's text itself, byte for byte, so that anybody can verify it later with the
//! public key it carries and no other software of ours. Not here: whether the key is the owner's, which the operator
//! judges when accepting.

use super::{Category, Refusal};
use crate::channel::ChannelNumber;
use crate::id::MatterId;
use crate::matter::{self, Faults, Refused, Scene};
use crate::time::BusinessDate;
use data_encoding::HEXLOWER_PERMISSIVE;
use gm::sm2::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A signed document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The text that is signed: a [`Deletion`] as JSON.
    pub document: String,
    /// The signing key: 65 bytes, uncompressed, in hexadecimal.
    pub public_key: String,
    /// SM2 with SM3 over the document's bytes: r and s, 64 bytes, in hexadecimal.
    pub signature: String,
}

/// What is certified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deletion {
    /// The channel's number.
    pub channel: ChannelNumber,
    /// The exit.
    pub exit: MatterId,
    /// The day on which the last of it was deleted.
    pub deleted_on: BusinessDate,
    /// What was deleted: every category.
    pub categories: Vec<Category>,
    /// The owner's statement.
    pub statement: String,
    /// Who answers for it.
    pub signed_by: String,
}

impl Certificate {
    /// Whether the key signed the document.
    pub fn verify(&self) -> Result<(), Refusal> {
        let bytes = |text: &str| HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| Refusal::Signature);
        let key = VerifyingKey::from_sec1(&bytes(&self.public_key)?).map_err(|_| Refusal::Signature)?;
        let signature = Signature::from_slice(&bytes(&self.signature)?).ok_or(Refusal::Signature)?;
        key.verify(self.document.as_bytes(), &signature).map_err(|_| Refusal::Signature)
    }

    /// What it certifies.
    pub fn deletion(&self) -> Result<Deletion, Refusal> {
        serde_json::from_str(&self.document).map_err(|_| Refusal::Document)
    }

    /// Names every field that keeps it from being filed about an exit that was closed on `closed_on`.
    pub(super) fn check(&self, scene: &Scene<'_>, closed_on: Option<BusinessDate>) -> Result<(), Refused> {
        let channel = scene.channel()?;
        let mut faults = Faults::default();
        faults.take("/certificate/signature", self.verify());
        if let Some(deletion) = faults.take("/certificate/document", self.deletion()) {
            let is_ours = deletion.channel == channel.number && deletion.exit == scene.matter;
            if !is_ours {
                faults.add("/certificate/document", Refusal::OtherExit);
            }
            if closed_on.is_some_and(|day| deletion.deleted_on < day) || deletion.deleted_on > scene.today() {
                faults.add("/certificate/document", Refusal::DeletedOn);
            }
            if !Category::ALL.iter().all(|category| deletion.categories.contains(category)) {
                faults.add("/certificate/document", Refusal::Incomplete);
            }
            faults.take("/certificate/document", matter::words(&deletion.statement));
            faults.take("/certificate/document", matter::words(&deletion.signed_by));
        }
        faults.check()
    }
}
