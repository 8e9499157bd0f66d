//! What people do when they come to a matter, kind by kind. Each function answers in how many days somebody comes again.

pub mod agreement;
pub mod application;
pub mod exit;
pub mod office;
pub mod running;
pub mod security;
pub mod signing_key;

use super::cast::Who;
use super::play::{Play, Seen};
use super::stage::failed;
use crate::failure::Failure;
use domain::attachment::Announced;
use domain::division::DivisionCode;
use oracle::Brought;
use serde_json::{Value, json};
use server::attachment::service;

const PAPER: &[u8] = b"%PDF-1.7 paper";
const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0film";

/// An action that wants nothing but words.
pub fn words(action: &str) -> Value {
    json!({"action": action, "words": "已审核"})
}

/// A department's opinion.
pub fn opinion(action: &str, region: &str) -> Value {
    json!({"action": action, "region": region, "words": "意见如上", "contact": "审核人", "phone": "010-1"})
}

/// A contact.
pub fn contact() -> Value {
    json!({"name": "联系人", "phone": "13812341234", "email": "channel@example.cn"})
}

/// A public key that nobody has.
pub fn fresh_keys() -> Value {
    let key = gm::sm2::SigningKey::generate().verifying_key().to_sec1();
    json!([{"usage": "caller", "public_key": data_encoding::HEXLOWER.encode(&key)}])
}

/// Who acts for a party of an area.
pub fn who(party: &str, division: &str, place: usize) -> Who {
    match party {
        "owner" => Who::Owner,
        "operator" => Who::Operator(place),
        "ministry" => Who::Ministry(place),
        _ => Who::Department(division.parse().unwrap_or(DivisionCode::NATIONAL), place),
    }
}

impl Play {
    /// [`Play::act`] with nothing that a measure or a day depends on.
    pub fn does(&mut self, no: usize, seen: &Seen, by: Who, input: &Value) -> Result<bool, Failure> {
        self.act(no, seen, by, input, Brought::default())
    }

    /// Whether the unit of a matter keeps a rule this time.
    pub fn is_diligent(&mut self, no: usize) -> bool {
        let diligence = self.units[self.cases[no].unit].diligence;
        self.chance.percent(diligence)
    }

    /// Brings a file to a matter, once for each purpose; its id.
    pub fn bring(&mut self, no: usize, purpose: &str) -> Result<String, Failure> {
        if let Some(id) = self.cases[no].files.get(purpose) {
            return Ok(id.clone());
        }
        let content = if purpose.starts_with("recording") { FILM } else { PAPER };
        let staff = self.cast.person(Who::Owner, self.units[self.cases[no].unit].owner).clone();
        let (world, matter) = (self.stage.world().clone(), self.cases[no].id);
        let announced = Announced {
            purpose: purpose.split('#').next().unwrap_or(purpose).to_owned(),
            file_name: "附件".into(),
            size: i64::try_from(content.len()).unwrap_or(0),
            digest: gm::sm3::digest(content),
        };
        let arrived = self.stage.wait(async {
            let row = service::create(&world, &staff, matter, announced).await?;
            let id = domain::id::AttachmentId::from_bytes(row.id);
            service::append(&world, &staff, id, 0, content.to_vec()).await?;
            service::complete(&world, &staff, id).await?;
            Ok::<_, server::Error>(id.to_string())
        });
        let id = match arrived {
            Ok(id) => id,
            // Whoever has no part in the matter brings nothing to it.
            Err(error) if error.status().is_client_error() => {
                self.tally.refusal("attachment.create", &error);
                return Ok(domain::id::AttachmentId::from_bytes([0; 16]).to_string());
            }
            Err(error) => return Err(failed("bring a file", &error)),
        };
        self.cases[no].files.insert(purpose.to_owned(), id.clone());
        Ok(id)
    }

    /// A day of a body.
    pub fn days_until(&self, text: &str) -> Option<i32> {
        let day: domain::time::BusinessDate = text.parse().ok()?;
        Some(day.as_days() - self.today().as_days())
    }
}
