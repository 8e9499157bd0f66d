//! `ykt audit prove` and `ykt audit verify-proof`: one record, proven and checked without the rest of the trail.

use crate::arguments::Context;
use crate::expected::Expected;
use crate::failure::{Attempt, Failure};
use crate::secret;
use domain::audit::Reference;
use serde::Serialize;
use server::audit::proof::{Checked, verify_line};
use std::path::Path;

/// A record whose proof holds.
#[derive(Debug, Serialize)]
struct Shown {
    at: String,
    actor: String,
    action: String,
    object: Option<String>,
    origin: Option<String>,
    outcome: String,
    clause: Option<String>,
    head_at: String,
    root: String,
    key: String,
}

/// Writes the proofs of the records about `object`, one to a line.
pub fn prove(object: &str, at: Option<&str>, path: &Path, context: &Context) -> Result<(), Failure> {
    let proofs = context.target.staff()?.audit_proofs(object, at).all()?;
    let lines = proofs.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
    // The end of the last line ends the file.
    secret::write_new(path, lines.attempt("write the proofs")?.join("\n").as_bytes())?;
    context.output.item(&serde_json::json!({ "file": path.display().to_string(), "records": proofs.len() }))
}

/// Checks every line of a file of proofs.
pub fn verify(path: &Path, expected: &Expected, context: &Context) -> Result<(), Failure> {
    let file = std::fs::read(path).attempt(format_args!("read {}", path.display()))?;
    let lines = file.strip_suffix(b"\n").unwrap_or(&file);
    let mut shown = Vec::new();
    for (number, line) in (1..).zip(lines.split(|byte| *byte == b'\n')) {
        let fault = |what: &str| Failure::failed(format!("line {number}: {what}"));
        let checked = verify_line(line).map_err(fault)?;
        if !expected.admits(&checked.fingerprint) {
            return Err(fault(&format!("{} is not the expected key", checked.key_id)));
        }
        shown.push(show(&checked));
    }
    context.output.list(&shown, &["at", "actor", "action", "object", "outcome", "head_at", "root", "key"])?;
    expected.caution(context);
    Ok(())
}

fn show(checked: &Checked) -> Shown {
    let record = &checked.record;
    Shown {
        at: record.at.to_string(),
        actor: record.actor.text(),
        action: record.action.as_str().to_owned(),
        object: record.object.as_ref().map(Reference::text),
        origin: record.origin.as_ref().map(Reference::text),
        outcome: record.outcome.as_str().to_owned(),
        clause: record.clause.as_ref().map(|clause| clause.as_str().to_owned()),
        head_at: checked.head_at.to_string(),
        root: checked.root.clone(),
        key: format!("{}={}", checked.key_id, checked.fingerprint),
    }
}
