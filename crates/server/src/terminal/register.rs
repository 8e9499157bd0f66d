//! Registering terminals: one, or a batch as it stands in a file.
//!
//! Rows are decided in order, each seeing the ones before it, so a batch means the same as its rows one by one, and one
//! terminal is a batch of one. Invariant: what is registered already as the row says is told and not written; nothing
//! else that is registered is touched. Keys of terminals are not here: each comes from its own device.

use crate::Error;
use crate::auth::Staff;
use crate::rows::{Against, Fault};
use domain::audit::{Change, Record, Reference};
use domain::division::DivisionCode;
use domain::id::{OrgId, TerminalId};
use domain::identity::Uscc;
use domain::org::{self, Operation};
use domain::terminal::{PsamNumber, Refusal, Serial, State};
use domain::time::Timestamp;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use store::terminal::TerminalRow;
use store::{ReadTx, StoreError, WriteTx};

/// A terminal to register.
#[derive(Debug, Clone)]
pub struct NewTerminal {
    /// What it is called from now on.
    pub id: TerminalId,
    /// The maker's serial number.
    pub serial: Serial,
    /// The PSAM inside.
    pub psam: Option<PsamNumber>,
    /// Who runs it.
    pub org: RunBy,
    /// Where it stands.
    pub division: DivisionCode,
}

/// Who runs a terminal, as a request names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunBy {
    /// By id.
    Id(OrgId),
    /// By credit code.
    Code(Uscc),
}

/// A reason against a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// It would stand outside the own jurisdiction.
    Division(org::Refusal),
    /// Nobody in the own jurisdiction goes by the name of who is to run it.
    Org,
    /// Its serial is registered with something else beside it.
    Taken,
}

impl Against for Reason {
    fn fault(&self) -> Fault {
        match self {
            Self::Division(refusal) => Fault::of("division", refusal),
            Self::Org => Fault::of("org", &Refusal::Org),
            Self::Taken => Fault::of("serial", &Refusal::Taken),
        }
    }
}

/// What becomes of a terminal.
pub(super) type Planned = crate::rows::Planned<TerminalRow, Reason>;

/// What becomes of each terminal that `staff` would register at `now`. Before it is registered none is heard (SE-2.2b).
///
/// # Errors
/// The store's.
pub(super) fn plan(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    terminals: &[NewTerminal],
    now: Timestamp,
) -> Result<Vec<Planned>, Error> {
    let serials: Vec<_> = terminals.iter().map(|new| new.serial.as_str()).collect();
    let found = store::terminal::find_each(tx, &serials)?;
    let mut known: HashMap<String, TerminalRow> =
        found.into_iter().flatten().map(|row| (row.serial.clone(), row)).collect();
    let mut orgs = HashMap::new();
    let mut planned = Vec::with_capacity(terminals.len());
    for new in terminals {
        let allowed = org::authorize(staff.role, staff.division, Operation::TerminalCreate, new.division);
        let mut reasons: Vec<_> = allowed.err().into_iter().map(Reason::Division).collect();
        let org = match orgs.entry(&new.org) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => *entry.insert(find_org(tx, staff.division, &new.org)?),
        };
        let Some(org) = org else {
            reasons.push(Reason::Org);
            planned.push(Planned::Refused(reasons));
            continue;
        };
        let row = row(new, org, now);
        let other = known.get(&row.serial);
        let same = other.is_some_and(|old| {
            (&old.psam, &old.org_id, &old.division) == (&row.psam, &row.org_id, &row.division)
        });
        if other.is_some() && !same {
            reasons.push(Reason::Taken);
        }
        planned.push(if !reasons.is_empty() {
            Planned::Refused(reasons)
        } else if same {
            Planned::Unchanged
        } else {
            known.insert(row.serial.clone(), row.clone());
            Planned::New(row)
        });
    }
    Ok(planned)
}

/// An organisation in sight.
fn find_org(tx: &mut ReadTx<'_>, area: DivisionCode, org: &RunBy) -> Result<Option<[u8; 16]>, Error> {
    let found = match org {
        RunBy::Id(id) => store::org::find(tx, id.as_bytes())?,
        RunBy::Code(code) => store::org::find_by_uscc(tx, code.as_str())?,
    };
    match found {
        Some(org) if area.covers(org.division.parse()?) => Ok(Some(org.id)),
        _ => Ok(None),
    }
}

fn row(new: &NewTerminal, org: [u8; 16], now: Timestamp) -> TerminalRow {
    TerminalRow {
        id: *new.id.as_bytes(),
        serial: new.serial.as_str().to_owned(),
        psam: new.psam.map(|psam| psam.to_string()),
        org_id: org,
        division: new.division.to_string(),
        state: State::Active.to_string(),
        created_at: now.as_micros(),
        version: 1,
    }
}

/// Writes what a plan decided.
///
/// # Errors
/// `resource.stale` when another transaction has registered one of the serials meanwhile.
pub(super) fn apply(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    planned: &[Planned],
    now: Timestamp,
) -> Result<(), Error> {
    let new = |one: &Planned| if let Planned::New(row) = one { Some(row.clone()) } else { None };
    let rows: Vec<_> = planned.iter().filter_map(new).collect();
    if rows.is_empty() {
        tx.unaudited("no terminal was new");
        return Ok(());
    }
    if store::terminal::insert_each(tx, &rows)?.contains(&false) {
        return Err(StoreError::Stale.into());
    }
    for row in &rows {
        let changes = [
            Change::came("org", &OrgId::from_bytes(row.org_id).to_string()),
            Change::came("division", &row.division),
            Change::came("state", &row.state),
        ];
        let mut record = Record::done(now, staff.actor(), "terminal.created").changing(changes);
        record.object = Some(Reference::new(TerminalId::PREFIX, &row.id));
        tx.audit(&record);
    }
    Ok(())
}
