//! What an owner files on its way to formal access: the report of a laboratory, the films, and 附表3 (CH-9, CH-28, CH-29).

use super::applications;
use super::desk::Desk;
use crate::failure::Failure;
use data_encoding::HEXLOWER;
use domain::security_report::SPECIFICATION;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use sdk::types::matter::MatterView;
use serde_json::{Value, json};

const STEPS: [&str; 6] = ["enter", "issue", "change_password", "reset_password", "unbind", "exit"];

/// The films are there, and the form with its marks is filed.
///
/// # Errors
/// The first step that the platform refuses.
pub fn file_formally(owner: &Desk, application: &MatterView, today: BusinessDate) -> Result<(), Failure> {
    let matter = application.matter_id.as_str();
    owner.upload_film(matter, "recording_ios")?;
    owner.upload_film(matter, "recording_android")?;
    let marks: Vec<_> = (1..)
        .zip(steps())
        .map(|(at, (system, step))| json!({"system": system, "step": step, "at_seconds": at * 9}))
        .collect();
    let key = HEXLOWER.encode(&SigningKey::generate().verifying_key().to_sec1());
    let form = json!({
        "filled_on": today.to_string(), "number": application.channel_number, "contact": applications::contact(),
        "marks": marks, "keys": [{"usage": "caller", "public_key": key}],
    });
    owner.act(matter, "save_formal", &json!({"form": form}))?;
    owner.act(matter, "file_formal", &Value::Null)
}

/// Files a laboratory's report, tested today, in a security report that was begun or ordered.
///
/// # Errors
/// The platform refuses.
pub fn submit(owner: &Desk, matter: &str, today: BusinessDate) -> Result<(), Failure> {
    let file = owner.upload(matter, "security_report")?;
    let qualifications: Vec<_> = ["cnas", "cma", "risk_assessment", "cryptography"]
        .iter()
        .map(|kind| {
            let (from, to) = (today.plus_months(-20).to_string(), today.plus_months(40).to_string());
            json!({"kind": kind, "number": "演示", "valid_from": from, "valid_to": to})
        })
        .collect();
    let report = json!({
        "number": format!("演示-{today}"), "lab": {"name": "华信演示检测中心", "qualifications": qualifications},
        "specification": SPECIFICATION, "specification_version": "1.0", "tested_on": today.to_string(),
        "scope": "渠道接入的全部安全要求", "outcome": "passed", "file": file,
    });
    owner.act(matter, "submit", &json!({"report": report}))
}

/// Every step in the films of both systems, as whoever confirms them has seen it.
pub fn seen() -> Vec<Value> {
    steps().map(|(system, step)| json!({"system": system, "step": step})).collect()
}

fn steps() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["ios", "android"].into_iter().flat_map(|system| STEPS.into_iter().map(move |step| (system, step)))
}
