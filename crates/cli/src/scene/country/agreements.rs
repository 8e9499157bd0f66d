//! Agreements between the operator and owners: offered, signed under a key that the operator knows, changed.

use super::desk::Desk;
use crate::failure::Failure;
use data_encoding::HEXLOWER;
use domain::key::proof;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use serde_json::{Value, json};

/// A text and its version.
pub type Text = (&'static str, &'static str);

/// What everybody signs first.
pub const FIRST: Text = ("演示-01", "第一条 渠道按照安全规范提供电子社保卡服务。第二条 协议期一年。");
/// What it is changed into.
pub const SECOND: Text = (
    "演示-02",
    "第一条 渠道按照安全规范提供电子社保卡服务。第二条 协议期一年。第三条 渠道每季度自查并报送安全情况。",
);

/// Offers a channel an agreement from a day until a day: its id.
pub fn offer(
    operator: &Desk,
    channel: &str,
    (version, text): Text,
    (from, until): (BusinessDate, BusinessDate),
) -> Result<String, Failure> {
    let offered =
        json!({"version": version, "text": text, "from": from.to_string(), "until": until.to_string()});
    operator.open("agreement", channel, &offered)
}

/// Signs what an agreement waits for.
pub fn sign(owner: &Desk, agreement: &str, key: &SigningKey) -> Result<(), Failure> {
    owner.act(agreement, "sign", &signature(key, &statement(owner, agreement)?))
}

/// Announces a changed text two months and some days ahead (CH-25.1).
pub fn amend(operator: &Desk, agreement: &str, effective_on: BusinessDate) -> Result<(), Failure> {
    let (version, text) = SECOND;
    let changed = json!({
        "version": version, "text": text, "effective_on": effective_on.to_string(),
        "words": "按照最新安全要求增加季度自查条款",
    });
    operator.act(agreement, "amend", &changed)
}

/// The key with which an owner signs, its fingerprint heard by the operator.
pub fn register_key(owner: &Desk, operator: &Desk) -> Result<SigningKey, Failure> {
    let key = SigningKey::generate();
    let matter = owner.open_about("signing_key", None, &json!({}))?;
    owner.act(&matter, "file", &signature(&key, &statement(owner, &matter)?))?;
    let fingerprint = proof::fingerprint(&key.verifying_key().to_sec1());
    let heard = json!({"fingerprint": fingerprint, "words": "已致电单位法定代表人核对指纹"});
    operator.act(&matter, "confirm", &heard)?;
    Ok(key)
}

/// The words that a matter asks to be signed.
pub fn statement(owner: &Desk, matter: &str) -> Result<String, Failure> {
    let body = owner.see(matter)?.body.unwrap_or_default();
    let words = body["statement"].as_str().map(str::to_owned);
    words.ok_or_else(|| Failure::failed("nothing to be signed"))
}

/// A signature of words, with the key that verifies it.
pub fn signature(key: &SigningKey, words: &str) -> Value {
    json!({
        "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "signature": HEXLOWER.encode(key.sign(words.as_bytes()).as_bytes()),
    })
}
