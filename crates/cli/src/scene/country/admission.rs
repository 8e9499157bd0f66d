//! How a social channel of the country comes to be live: not the sandbox's short way but the whole access, with its four
//! reviewers, a laboratory's report, the films, an agreement and a production key (CH-9).
//!
//! Invariant: whoever decides is somebody else than whoever decided before, as the rules ask.

use super::agreements;
use super::applications::{self, Filing};
use super::cast::Cast;
use crate::failure::Failure;
use data_encoding::HEXLOWER;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use serde_json::{Value, json};

/// Who applies.
pub const APPLICANT: &str = "owner-new";
/// Which specification a report names (CH-28.1).
const SPECIFICATION: &str = "电子社会保障卡服务渠道接入安全技术规范";
const STEPS: [&str; 6] = ["enter", "issue", "change_password", "reset_password", "unbind", "exit"];

/// A channel that promised so much, from the draft to its production key.
///
/// # Errors
/// The first step that the platform refuses.
pub fn admit(cast: &Cast, filing: &Filing<'_>, today: BusinessDate) -> Result<(), Failure> {
    let matter = applications::test(cast, filing, today)?;
    file_formally(cast, &matter, today)?;
    let (clerk, owner) = (cast.desk("clerk-one"), cast.desk(APPLICANT));
    cast.desk("ministry-one").say(&matter, "audit", "材料齐全，同意正式入网")?;
    let seen: Vec<_> = steps().map(|(system, step)| json!({"system": system, "step": step})).collect();
    let confirmed = json!({"words": "两个系统六个环节齐全", "seen": seen});
    clerk.act(&matter, "confirm_recordings", &confirmed)?;
    clerk.say(&matter, "confirm_report", "检测报告符合要求")?;
    let channel = clerk.see(&matter)?.channel_id.unwrap_or_default();
    let term = (today, today.plus_months(24));
    let agreement = agreements::offer(cast.desk("clerk-two"), &channel, agreements::FIRST, term)?;
    let key = agreements::register_key(cast, APPLICANT)?;
    agreements::sign(owner, &agreement, &key)?;
    cast.desk("clerk-two").say(&matter, "activate", "四方审核通过，协议已签署，开通生产密钥")
}

/// The test is passed, a laboratory has reported, the films are there, and the department of the area agrees.
///
/// # Errors
/// The first step that the platform refuses.
pub fn file_formally(cast: &Cast, matter: &str, today: BusinessDate) -> Result<(), Failure> {
    let (owner, clerk) = (cast.desk(APPLICANT), cast.desk("clerk-one"));
    clerk.say(matter, "verify", "测试通过")?;
    let seen = owner.see(matter)?;
    let (channel, number) = (seen.channel_id.unwrap_or_default(), seen.channel_number.unwrap_or_default());
    report(cast, &channel, today)?;
    owner.upload_film(matter, "recording_ios")?;
    owner.upload_film(matter, "recording_android")?;
    let marks: Vec<_> = (1..)
        .zip(steps())
        .map(|(at, (system, step))| json!({"system": system, "step": step, "at_seconds": at * 9}))
        .collect();
    let key = HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
    let form = json!({
        "filled_on": today.to_string(), "number": number, "contact": applications::contact(), "marks": marks,
        "keys": [{"usage": "caller", "public_key": key}],
    });
    owner.act(matter, "save_formal", &json!({"form": form}))?;
    owner.act(matter, "file_formal", &Value::Null)?;
    applications::approve(cast, matter)
}

/// A laboratory's report on a channel, accepted (CH-28, CH-29).
fn report(cast: &Cast, channel: &str, today: BusinessDate) -> Result<(), Failure> {
    let owner = cast.desk(APPLICANT);
    let matter = owner.open("security_report", channel, &json!({"occasion": "first"}))?;
    let file = owner.upload(&matter, "security_report")?;
    let qualifications: Vec<_> = ["cnas", "cma", "risk_assessment", "cryptography"]
        .iter()
        .map(|kind| {
            let (from, to) = (today.plus_months(-20).to_string(), today.plus_months(40).to_string());
            json!({"kind": kind, "number": "演示", "valid_from": from, "valid_to": to})
        })
        .collect();
    let report = json!({
        "number": "演示-2026-01", "lab": {"name": "华信演示检测中心", "qualifications": qualifications},
        "specification": SPECIFICATION, "specification_version": "1.0", "tested_on": today.to_string(),
        "scope": "渠道接入的全部安全要求", "outcome": "passed", "file": file,
    });
    owner.act(&matter, "submit", &json!({"report": report}))?;
    cast.desk("clerk-one").say(&matter, "accept", "四项资质在检测日有效，报告符合要求")
}

fn steps() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["ios", "android"].into_iter().flat_map(|system| STEPS.into_iter().map(move |step| (system, step)))
}
