//! The manifest: the text that is signed, so that a file, its sums and the state of the audit trail at its
//! making stand or fall together.

use super::{Batch, Refusal, read};
use crate::money::Fen;
use crate::payment::{Number, Payee};
use crate::time::BusinessDate;
use data_encoding::HEXLOWER;
use std::str::FromStr;

const TITLE: &str = "ykt settlement manifest 1\n";

/// What is signed for one day file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The sums.
    pub batch: Batch,
    /// The file's name.
    pub file: Number,
    /// SM3 of the whole file.
    pub digest: [u8; 32],
    /// The root of the audit tree when the file was made.
    pub audit_root: [u8; 32],
}

impl Manifest {
    /// The manifest of the file `text`, whose lines make `batch`.
    pub fn new(batch: Batch, file: Number, text: &str, audit_root: [u8; 32]) -> Self {
        Self { batch, file, digest: gm::sm3::digest(text.as_bytes()), audit_root }
    }

    /// The text to be signed: a title, then one `name=value` line for each value, in this order. Refuses:
    /// overflow.
    pub fn text(&self) -> Result<String, Refusal> {
        let Self { batch, file, digest, audit_root } = self;
        let values = [
            ("business_date", batch.day.to_string()),
            ("payee", HEXLOWER.encode(&batch.payee.0)),
            ("file", file.to_string()),
            ("sm3", HEXLOWER.encode(digest)),
            ("payment_count", batch.payments.to_string()),
            ("payment_fen", batch.paid.get().to_string()),
            ("refund_count", batch.refunds.to_string()),
            ("refund_fen", batch.refunded.get().to_string()),
            ("fee_fen", batch.fee.get().to_string()),
            ("net_fen", batch.net()?.get().to_string()),
            ("audit_root", HEXLOWER.encode(audit_root)),
        ];
        let lines = values.iter().map(|(name, value)| format!("{name}={value}\n"));
        Ok(std::iter::once(TITLE.to_owned()).chain(lines).collect())
    }

    /// Reads what [`Manifest::text`] writes, and nothing else. Refuses: manifest.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let manifest = Self::values(text).ok_or(Refusal::Manifest)?;
        // One comparison makes order, form and the net amount exact.
        if manifest.text().is_ok_and(|written| written == text) {
            Ok(manifest)
        } else {
            Err(Refusal::Manifest)
        }
    }

    fn values(text: &str) -> Option<Self> {
        let mut lines =
            text.strip_prefix(TITLE)?.lines().map(|line| line.split_once('=').map(|(_, value)| value));
        let mut next = || lines.next().flatten();
        let (day, payee, file, digest) = (next()?, next()?, next()?, next()?);
        let batch = Batch {
            day: day.parse::<BusinessDate>().ok()?,
            payee: Payee(hex(payee)?),
            payments: number(next()?)?,
            paid: Fen::new(number(next()?)?),
            refunds: number(next()?)?,
            refunded: Fen::new(number(next()?)?),
            fee: Fen::new(number(next()?)?),
        };
        let (_net, audit_root) = (next()?, next()?);
        Some(Self { batch, file: file.parse().ok()?, digest: hex(digest)?, audit_root: hex(audit_root)? })
    }

    /// Is `text` the file this manifest is for, with these sums? The signature over [`Manifest::text`] is the
    /// caller's to check first. Refuses, in order: manifest differs (digest), whatever [`read`] refuses,
    /// manifest differs (sums).
    pub fn check(&self, text: &str) -> Result<(), Refusal> {
        if gm::sm3::digest(text.as_bytes()) != self.digest {
            return Err(Refusal::ManifestDiffers { field: "sm3" });
        }
        let batch = Batch::of(self.batch.day, self.batch.payee, &read(text)?)?;
        if batch == self.batch { Ok(()) } else { Err(Refusal::ManifestDiffers { field: "sums" }) }
    }
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}
