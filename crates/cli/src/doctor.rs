//! `ykt doctor`: checks what a server needs, one line each, makes nothing and changes nothing.
//!
//! It runs on a folder that nobody serves; a running server answers `/readyz` instead.

use crate::arguments::{Context, Local};
use crate::failure::Failure;
use crate::folder::{Folder, WORLDS};
use serde::Serialize;
use server::WorldName;
use std::path::Path;

/// Free space below which a server should not be started.
const LEAST_FREE_BYTES: u64 = 1 << 30;

/// One thing that was checked.
#[derive(Debug, Serialize)]
struct Finding {
    check: String,
    ok: bool,
    finding: String,
}

impl Finding {
    fn new<E: std::fmt::Display>(check: impl Into<String>, outcome: Result<String, E>) -> Self {
        let check = check.into();
        match outcome {
            Ok(finding) => Self { check, ok: true, finding },
            Err(error) => Self { check, ok: false, finding: error.to_string() },
        }
    }
}

/// Does it.
pub fn run(local: &Local, context: &Context) -> Result<(), Failure> {
    let configuration = context.configuration(&local.flags())?;
    let peeked = Folder::peek(&configuration);
    let mut findings = vec![self_test(), clock(), free_space(peeked.root())];
    findings.extend(bucket(&peeked));
    findings.extend(mail(&peeked));
    if peeked.is_empty() {
        findings.push(nothing_yet(peeked.root()));
    } else {
        let folder = Folder::lock(&configuration)?;
        for name in WORLDS {
            findings.extend(world(&folder, name));
        }
    }
    context.output.list(&findings, &["check", "ok", "finding"])?;
    let wrong = findings.iter().filter(|finding| !finding.ok).count();
    if wrong == 0 {
        Ok(())
    } else {
        Err(Failure::failed(format!("{wrong} of {} checks failed", findings.len())))
    }
}

fn self_test() -> Finding {
    Finding::new(
        "cryptography",
        gm::self_test().map(|()| "known answers of SM2, SM3, SM4 and their modes hold".to_owned()),
    )
}

/// A clock before this program was written would break signatures, sessions and codes.
fn clock() -> Finding {
    let now = domain::time::Timestamp::from_micros(server::clock::micros());
    let text = now.to_string();
    let outcome =
        if text.as_str() > "2026-01-01" { Ok(text) } else { Err(format!("{text} cannot be right")) };
    Finding::new("clock", outcome)
}

/// No fault before the first start; afterwards it tells of a wrong `--data`.
fn nothing_yet(root: &Path) -> Finding {
    let said = format!("{} holds none yet; the first start makes them", root.display());
    Finding::new("databases and keys", Ok::<_, Failure>(said))
}

fn free_space(root: &Path) -> Finding {
    // The disk of a folder that is still to be made is that of the one it will be in.
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let there = root.ancestors().find(|folder| folder.exists()).unwrap_or(&root);
    let output =
        std::process::Command::new("df").args(["--output=avail", "--block-size=1"]).arg(there).output();
    let free = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok()?.lines().nth(1)?.trim().parse::<u64>().ok());
    let outcome = match free {
        Some(free) if free >= LEAST_FREE_BYTES => Ok(format!("{} MiB", free >> 20)),
        Some(free) => Err(format!("{} MiB, at least {} are wanted", free >> 20, LEAST_FREE_BYTES >> 20)),
        None => Err("cannot be found out".to_owned()),
    };
    Finding::new("free space", outcome)
}

/// Opening a database refuses one that is not durable; opening the keys refuses another device's.
fn world(folder: &Folder, name: WorldName) -> Vec<Finding> {
    let label = |check: &str| format!("{} {check}", name.as_str());
    let database = store::Db::open(&folder.database(name)).map(|db| {
        let migrations = store::db::migrate::MIGRATIONS;
        let version = migrations.last().map_or(0, |migration| migration.version);
        format!("{}, commits reach the disk, schema {version}", db.engine().name())
    });
    let mut findings = vec![Finding::new(label("database"), database)];
    if findings[0].ok {
        let keys = folder.open(name, "").map(|_| format!("{}", folder.keys(name).display()));
        findings.push(Finding::new(label("keys"), keys));
    }
    findings
}

/// Whether the object store of the files answers this key.
fn bucket(folder: &Folder) -> Option<Finding> {
    let bucket = folder.bucket(WorldName::Production).transpose()?;
    let outcome = bucket.and_then(|bucket| match bucket.look_at() {
        Ok(()) => Ok(bucket.to_string()),
        Err(error) => Err(Failure::failed(format!("{bucket}: {error}"))),
    });
    Some(Finding::new("bucket", outcome))
}

/// Whether the relay for e-mail answers and lets us in.
fn mail(folder: &Folder) -> Option<Finding> {
    let relay = folder.relay().transpose()?;
    let outcome = relay.and_then(|relay| match relay.look_at() {
        Ok(()) => Ok(relay.to_string()),
        Err(said) => Err(Failure::failed(format!("{relay}: {said}"))),
    });
    Some(Finding::new("mail", outcome))
}
