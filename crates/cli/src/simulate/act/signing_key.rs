//! Signing keys of owners: registered before the first signature, and now and then replaced or revoked (CH-25.2).

use super::words;
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Play, Seen};
use data_encoding::HEXLOWER;
use domain::key::proof::fingerprint;
use domain::matter::Kind;
use gm::sm2::SigningKey;
use oracle::Brought;
use serde_json::{Value, json};
use std::rc::Rc;

/// A signing key of an owner, and the matter in which it was registered.
pub type Registered = (usize, Rc<SigningKey>);

/// What was signed, as an action takes it, and which key signed it.
pub fn signature(key: &SigningKey, text: &str) -> (Value, Brought) {
    let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
    let signature = HEXLOWER.encode(key.sign(text.as_bytes()).as_bytes());
    let brought = Brought { key: Some(public_key.clone()), ..Brought::default() };
    (json!({"public_key": public_key, "signature": signature}), brought)
}

/// The key with which whoever signs for a unit, registered first where there is none.
pub fn key_of(play: &mut Play, unit: usize, who: Who) -> Result<Rc<SigningKey>, Failure> {
    let owner = play.whoever(unit, who).id;
    let known = play.keys.get(owner.as_bytes()).cloned();
    match known {
        Some((_, key)) if play.chance.percent(85) => return Ok(key),
        // The key that is about to be revoked, or that another one is about to replace.
        Some((matter, _)) if play.chance.percent(50) => {
            let seen = play.see(matter)?;
            let by = if play.chance.percent(50) { who } else { Who::Operator(0) };
            play.does(matter, &seen, by, &words("revoke"))?;
        }
        Some(_) | None => {}
    }
    // Nobody has confirmed this one: what it signs is refused.
    let key = Rc::new(SigningKey::generate());
    if play.chance.percent(10) {
        return Ok(key);
    }
    let Some(no) = play.open(unit, Kind::SigningKey, who, &json!({}), Brought::default())? else {
        return Ok(key);
    };
    register(play, no, &key, who)?;
    play.keys.insert(*owner.as_bytes(), (no, Rc::clone(&key)));
    Ok(key)
}

/// Files a key in the matter that waits for it, and has it confirmed; whether it was.
pub fn register(play: &mut Play, no: usize, key: &SigningKey, who: Who) -> Result<bool, Failure> {
    let seen = play.see(no)?;
    let statement = seen.body["statement"].as_str().unwrap_or_default();
    if play.chance.percent(10) {
        file(play, no, &seen, who, &signature(key, "别的文本"))?;
    }
    file(play, no, &seen, who, &signature(key, statement))?;
    let print = fingerprint(&key.verifying_key().to_sec1());
    let heard = if play.chance.percent(10) { "00".repeat(16) } else { print.clone() };
    for fingerprint in [heard, print] {
        let seen = play.see(no)?;
        let confirm = json!({"action": "confirm", "fingerprint": fingerprint, "words": "电话核对"});
        if play.does(no, &seen, Who::Operator(1), &confirm)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn file(
    play: &mut Play,
    no: usize,
    seen: &Seen,
    who: Who,
    (signed, brought): &(Value, Brought),
) -> Result<(), Failure> {
    let mut input = signed.clone();
    input["action"] = json!("file");
    play.act(no, seen, who, &input, brought.clone()).map(drop)
}
