//! `ykt audit trail`: the records about one thing.

use crate::arguments::Context;
use crate::expected::Expected;
use crate::failure::{Attempt, Failure};
use crate::output::note;
use clap::Args;
use data_encoding::HEXLOWER;
use domain::audit::{Record, Reference, Whence};
use sdk::types::audit::{ChangeView, TrailEntry, TrailFilter};
use serde::Serialize;
use server::audit::http::change_view;
use server::audit::proof::verify_line;

/// Of a record without a proof here.
const UNPROVEN: &str = "no proof yet";

/// Which records.
#[derive(Debug, Args)]
pub struct Wanted {
    /// chn_…, mat_…, org_…, trm_…, card_…, stf_…, opn_…, the name of a parameter, `team`, or `all` for everything on record
    id: String,
    /// Only by this account, this caller, `system`, `holder`, or an organisation with this in its name
    #[arg(long)]
    by: Option<String>,
    /// Only what begins so, e.g. `channel.`
    #[arg(long)]
    action: Option<String>,
    /// Only what this request brought about, req_…
    #[arg(long)]
    request: Option<String>,
    /// Not before, RFC 3339
    #[arg(long)]
    from: Option<String>,
    /// Before, RFC 3339
    #[arg(long)]
    until: Option<String>,
    /// Check of each that it is sealed: signature, head, path, record
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    expected: Expected,
}

/// A record as a line.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: TrailEntry,
    who: String,
    changed: String,
    /// `yes`, when it was checked; `no proof yet`, when no head covers it or only an export can prove it.
    proven: Option<&'static str>,
}

/// Lists the records, checked or not.
pub fn list(wanted: &Wanted, context: &Context) -> Result<(), Failure> {
    let filter = TrailFilter {
        actor: wanted.by.as_deref(),
        action: wanted.action.as_deref(),
        request: wanted.request.as_deref(),
        from: wanted.from.as_deref(),
        until: wanted.until.as_deref(),
        is_proven: wanted.verify,
    };
    let staff = context.target.staff()?;
    let entries = staff.trail(&wanted.id, &filter);
    let entries = entries.ok_or_else(|| {
        Failure::usage(
            "it is no channel, matter, organisation, terminal, card, account, opening or parameter"
                .to_owned(),
        )
    })?;
    let mut shown = Vec::new();
    for entry in entries {
        let mut entry = entry?;
        let proven = if wanted.verify { Some(verify(&mut entry, &wanted.expected)?) } else { None };
        let who = entry.actor_org.as_deref().map(|org| format!("{org} {}", entry.actor));
        shown.push(Shown {
            who: who.unwrap_or_else(|| entry.actor.clone()),
            changed: entry.changes.iter().map(change).collect::<Vec<_>>().join(", "),
            proven,
            entry,
        });
    }
    let fields = ["at", "who", "action", "object", "changed", "outcome", "proven"];
    context.output.list(&shown, &fields[..if wanted.verify { 7 } else { 6 }])?;
    if wanted.verify {
        wanted.expected.caution(context);
        let bare = shown.iter().filter(|one| one.proven == Some(UNPROVEN)).count();
        if bare > 0 && !context.output.is_json() {
            note(&format!(
                "{bare} without a proof: not sealed yet, or so old that only an export proves them (ykt audit export)"
            ));
        }
    }
    Ok(())
}

/// Checks the proof of a record, and that what the line says is what was sealed.
fn verify(entry: &mut TrailEntry, expected: &Expected) -> Result<&'static str, Failure> {
    let place = format!("{}:{}", entry.log, entry.place);
    let fault = |what: &str| Failure::failed(format!("{place}: {what}"));
    // Not a record that differs: no head covers it yet, or it is so old that only an export can prove it.
    let Some(proof) = entry.sealed.take() else { return Ok(UNPROVEN) };
    let line = serde_json::to_vec(&proof).attempt("write the proof")?;
    let checked = verify_line(&line).map_err(fault)?;
    if !expected.admits(&checked.fingerprint) {
        return Err(fault(&format!("{} is not the expected key", checked.key_id)));
    }
    if proof.log == entry.log && proof.place == entry.place && is_same(entry, &checked.record) {
        Ok("yes")
    } else {
        Err(fault("the record that is sealed says something else"))
    }
}

/// Whether what is told of a record is what is sealed of it; an address that comes without its salt is not.
fn is_same(entry: &TrailEntry, record: &Record) -> bool {
    let text = |one: Option<String>, told: &Option<String>| one == *told;
    let salt = entry.address_salt.as_deref().and_then(|salt| HEXLOWER.decode(salt.as_bytes()).ok());
    let salt: Option<[u8; 16]> = salt.and_then(|salt| salt.try_into().ok());
    let came = match (&entry.address, salt) {
        (None, _) => true,
        (Some(address), Some(salt)) => record.whence == Some(Whence::commit(&salt, address)),
        (Some(_), None) => false,
    };
    came && record.at.to_string() == entry.at
        && record.actor.text() == entry.actor
        && record.action.as_str() == entry.action
        && record.outcome.as_str() == entry.outcome
        && text(record.object.as_ref().map(Reference::text), &entry.object)
        && text(record.clause.as_ref().map(ToString::to_string), &entry.clause)
        && text(record.request.map(|id| id.to_string()), &entry.request)
        && record.changes.iter().map(change_view).eq(entry.changes.iter().cloned())
}

fn change(one: &ChangeView) -> String {
    let value = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    if one.withheld {
        return format!("{} (withheld)", one.field);
    }
    format!("{}: {} -> {}", one.field, value(&one.from), value(&one.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::Actor;
    use domain::id::RequestId;
    use domain::time::Timestamp;

    /// A record and what is told of it.
    fn told() -> (TrailEntry, Record) {
        let at = Timestamp::from_seconds(1_800_000_000);
        let mut record = Record::done(at, Actor::System, "org.created");
        record.object = Some(Reference::new("org", &[1; 16]));
        record.request = Some(RequestId::from_bytes([2; 16]));
        record.whence = Some(Whence::commit(&[3; 16], "192.0.2.7"));
        let entry = TrailEntry {
            at: at.to_string(),
            actor: record.actor.text(),
            action: "org.created".into(),
            outcome: record.outcome.as_str().to_owned(),
            object: record.object.as_ref().map(Reference::text),
            request: record.request.map(|id| id.to_string()),
            address: Some("192.0.2.7".into()),
            address_salt: Some(HEXLOWER.encode(&[3; 16])),
            ..serde_json::from_value(serde_json::json!({
                "at": "", "actor": "", "action": "", "outcome": "", "log": "", "place": 0, "proof": "", "changes": []
            }))
            .unwrap()
        };
        (entry, record)
    }

    #[test]
    fn whatever_is_told_otherwise_than_it_is_sealed_is_found() {
        let (entry, record) = told();
        assert!(is_same(&entry, &record));
        let forgeries: [fn(&mut TrailEntry); 6] = [
            |one| one.object = Some("org_00000000000000000000000000".into()),
            |one| one.clause = Some("CH-1".into()),
            |one| one.request = None,
            |one| one.address = Some("192.0.2.8".into()),
            |one| one.address_salt = None,
            |one| one.outcome = "staff.role".into(),
        ];
        for (at, forge) in forgeries.iter().enumerate() {
            let mut other = entry.clone();
            forge(&mut other);
            assert!(!is_same(&other, &record), "{at}");
        }
        let forgotten = TrailEntry { address: None, address_salt: None, ..entry };
        assert!(is_same(&forgotten, &record), "an address is forgotten in its time");
    }
}
