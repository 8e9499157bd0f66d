//! Evidence: what the holder reads, and the audit trail that nobody can change unseen.

use super::play::{Play, Step, holds};
use crate::failure::{Attempt, Failure};
use sdk::types::audit::ExportLine;
use server::audit::export::{verify_file, write_line};

/// In order.
pub const STEPS: &[Step] = &[
    Step { name: "The holder reads every use", run: uses },
    Step { name: "The audit trail is exported and verified offline", run: audit },
    Step { name: "One changed byte is found, and where", run: tamper },
];

fn uses(play: &mut Play) -> Result<String, Failure> {
    let uses = play.channel.uses(&play.binding).all()?;
    holds(uses.len() >= 5, "every use is on record")?;
    let last = uses.first().ok_or_else(|| Failure::failed("there is no use"))?;
    Ok(format!(
        "{} uses; the newest: {:?} at {} by {}",
        uses.len(),
        last.purpose,
        last.used_at,
        last.caller_name
    ))
}

fn export(play: &Play) -> Result<String, Failure> {
    let auditor = play.scene.staff(&play.base_url, "audit_admin")?;
    let mut file = String::new();
    for line in auditor.export_audit() {
        file.push_str(&write_line(&line?).attempt("write the export")?);
    }
    Ok(file)
}

fn audit(play: &mut Play) -> Result<String, Failure> {
    let file = export(play)?;
    let report = verify_file(file.trim_end().as_bytes()).attempt("read the export")?;
    holds(report.is_sound(), &format!("the export is sound: {:?}", report.faults()))?;
    let evidence = &report.evidence;
    holds(evidence.sealed > 0 && evidence.sealed <= evidence.records, "records are sealed")?;
    let root = report.newest.map(|(_, root)| root).unwrap_or_default();
    Ok(format!(
        "{} records of {} logs, {} sealed under root {}…",
        evidence.records,
        evidence.logs,
        evidence.sealed,
        &root[..16]
    ))
}

fn tamper(play: &mut Play) -> Result<String, Failure> {
    let file = export(play)?.trim_end().to_owned();
    let (records, block) = ("\"records\":\"", "\"kind\":\"block\"");
    let line = file.lines().find(|line| line.contains(block));
    let line = line.ok_or_else(|| Failure::failed("the export has no records"))?;
    let ExportLine::Block(view) = serde_json::from_str(line).attempt("read a block")? else {
        return Err(Failure::failed("the block is none"));
    };
    let begins = file.find(line).unwrap_or_default() + line.find(records).unwrap_or_default();
    // Past the length of the first record: inside it.
    let at = begins + records.len() + 40;
    let mut file = file.into_bytes();
    file[at] = if file[at] == b'0' { b'1' } else { b'0' };
    let report = verify_file(file.as_slice()).attempt("read the export")?;
    let (faults, place) = (report.faults(), format!("log {}: record {} was changed", view.log, view.first));
    holds(faults == [place], &format!("the changed record is named, and no other: {faults:?}"))?;
    Ok(faults.join("; "))
}
