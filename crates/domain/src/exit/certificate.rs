//! The certificate of deletion (删除证明): the owner's signed word that all raw data is gone (CH-36.1).
//!
//! Invariant: what is signed is the document's text itself, byte for byte, so that anybody can verify it later with the
//! public key it carries and no other software of ours, and the key is the one registered for the organisation that certifies
//! ([`crate::signing_key`]).

use super::{Category, Refusal};
use crate::channel::ChannelNumber;
use crate::id::MatterId;
use crate::matter::{self, Evidence, EvidenceFault, Faults, Refused, Scene};
use crate::signing_key::{Registration, registered};
use crate::time::BusinessDate;
use data_encoding::HEXLOWER_PERMISSIVE;
use gm::sm2::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A signed document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitCertificate))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ExitDeletion))]
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

    /// What was signed, checked anew for the exit `matter`.
    pub(super) fn evidence(&self, matter: MatterId) -> Evidence {
        let mut faults = Vec::new();
        if self.verify().is_err() {
            faults.push(EvidenceFault::Signature);
        }
        match self.deletion() {
            Ok(deletion) if deletion.exit != matter => faults.push(EvidenceFault::Matter),
            Ok(_) => {}
            Err(_) => faults.push(EvidenceFault::Document),
        }
        let (document, public_key) = (self.document.clone(), self.public_key.clone());
        Evidence { document, public_key, has_text: true, registration: None, faults }
    }

    /// Names every field that keeps it from being filed about an exit that was closed on `closed_on`.
    /// Answers under which registration the key signs.
    pub(super) fn check(
        &self,
        scene: &Scene<'_>,
        closed_on: Option<BusinessDate>,
    ) -> Result<Option<Registration>, Refused> {
        let channel = scene.channel()?;
        let mut faults = Faults::default();
        let signed = faults.take("/certificate/signature", self.verify());
        let registration =
            signed.and_then(|()| faults.take("/certificate/public_key", registered(scene, &self.public_key)));
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
        faults.check()?;
        Ok(registration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    /// CH-36.1: a certificate is checked without the platform; one changed byte is found wherever it is.
    #[test]
    fn a_certificate_is_checked_by_itself() {
        let key = gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap();
        let exit = MatterId::from_bytes([7; 16]);
        let document = serde_json::json!({
            "channel": "3300000001", "exit": exit, "deleted_on": "2026-05-03", "categories": Category::ALL,
            "statement": "全部原始信息已删除", "signed_by": "信息安全负责人",
        })
        .to_string();
        let good = Certificate {
            signature: HEXLOWER.encode(&key.sign(document.as_bytes()).0),
            public_key: HEXLOWER.encode(&key.verifying_key().to_sec1()),
            document,
        };
        let other = gm::sm2::SigningKey::from_bytes(&[8; 32]).unwrap().verifying_key().to_sec1();
        let change = |text: &str, from: char, to: char| text.replacen(from, &to.to_string(), 1);
        let (signature, document) = (EvidenceFault::Signature, EvidenceFault::Document);
        for (certificate, faults) in [
            (good.clone(), vec![]),
            (Certificate { public_key: HEXLOWER.encode(&other), ..good.clone() }, vec![signature]),
            (Certificate { signature: good.signature[2..].to_owned(), ..good.clone() }, vec![signature]),
            (Certificate { document: change(&good.document, '3', '4'), ..good.clone() }, vec![signature]),
            (
                Certificate { document: change(&good.document, '{', ' '), ..good.clone() },
                vec![signature, document],
            ),
        ] {
            assert_eq!(certificate.evidence(exit).faults, faults, "{certificate:?}");
        }
        let elsewhere = good.evidence(MatterId::from_bytes([8; 16]));
        assert_eq!(elsewhere.faults, [EvidenceFault::Matter]);
    }
}
