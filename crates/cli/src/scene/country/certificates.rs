//! What owners sign beside agreements: that everything is deleted, and the keys of their channels.

use super::agreements::{signature, statement};
use super::story::Spot;
use crate::failure::Failure;
use domain::exit::Category;
use gm::sm2::SigningKey;
use serde_json::json;

/// The owner of a channel that has left says that it has deleted everything (CH-36.1).
///
/// # Errors
/// The platform refuses.
pub fn certify(spot: &Spot<'_>) -> Result<(), Failure> {
    let key = spot.cast.signing_key(spot.desk)?;
    let categories: Vec<_> = Category::ALL.iter().map(|category| category.as_str()).collect();
    let document = json!({
        "channel": spot.desk.see(spot.matter)?.channel_number, "exit": spot.matter,
        "deleted_on": spot.today.plus_days(-1).to_string(), "categories": categories,
        "statement": "全部原始信息已删除", "signed_by": "法定代表人",
    });
    let document = document.to_string();
    let mut certificate = signature(&key, &document);
    certificate["document"] = json!(document);
    spot.desk.act(spot.matter, "certify", &json!({"certificate": certificate}))
}

/// An owner sends the next key of its channel, proven by a signature (CH-26.2).
///
/// # Errors
/// The platform refuses.
pub fn file_key(spot: &Spot<'_>) -> Result<(), Failure> {
    let key = SigningKey::generate();
    spot.desk.act(spot.matter, "file", &signature(&key, &statement(spot.desk, spot.matter)?))
}
