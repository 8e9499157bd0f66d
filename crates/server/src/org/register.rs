//! Registering organisations: one, or a batch as it stands in a file.
//!
//! Rows are decided in order, each seeing the ones before it, so a batch means the same as its rows one by one, and one
//! organisation is a batch of one. Invariant: what is registered already as the row says is told and not written; nothing
//! else that is registered is touched.

use super::service::{NewOrg, coming, row};
use crate::Error;
use crate::auth::Staff;
use crate::rows::{Against, Fault};
use domain::audit::{Record, Reference};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::identity::Uscc;
use domain::org::register::{Entry, Standing};
use domain::org::{self, Operation, Refusal};
use domain::time::Timestamp;
use std::collections::HashMap;
use store::org::OrgRow;
use store::{ReadTx, WriteTx};

/// What becomes of an organisation.
pub(super) type Planned = crate::rows::Planned<OrgRow, Refusal>;

impl Against for Refusal {
    fn fault(&self) -> Fault {
        let field = match self {
            Self::Taken => "uscc",
            Self::Named => "name",
            _ => "division",
        };
        Fault::of(field, self)
    }
}

/// The rows that an organisation may be among.
struct Known {
    by_code: HashMap<String, OrgRow>,
    by_place: HashMap<(String, String), Vec<OrgRow>>,
}

impl Known {
    fn find(tx: &mut ReadTx<'_>, orgs: &[(OrgId, NewOrg)]) -> Result<Self, Error> {
        let mut known = Self { by_code: HashMap::new(), by_place: HashMap::new() };
        for code in orgs.iter().filter_map(|(_, new)| new.uscc.as_ref()) {
            let row = store::org::find_by_uscc(tx, code.as_str())?;
            known.by_code.extend(row.map(|row| (code.as_str().to_owned(), row)));
        }
        let divisions = || orgs.iter().map(|(_, new)| new.division);
        if let (Some(first), Some(last)) = (divisions().min(), divisions().max()) {
            known.by_place = orgs.iter().map(|(_, new)| (place_of(new), Vec::new())).collect();
            for row in store::org::list_between(tx, first, last)? {
                known.note(row);
            }
        }
        Ok(known)
    }

    /// Keeps a row beside those whose name and division it has, if a new one has them too.
    fn note(&mut self, row: OrgRow) {
        if let Some(namesakes) = self.by_place.get_mut(&(row.name.clone(), row.division.clone())) {
            namesakes.push(row);
        }
    }

    fn add(&mut self, row: &OrgRow) {
        self.by_code.extend(row.uscc.clone().map(|code| (code, row.clone())));
        self.note(row.clone());
    }

    /// Whether an organisation is registered.
    fn standing(&self, new: &NewOrg) -> Result<Result<Standing, Refusal>, Error> {
        let uscc = new.uscc.as_ref().map(Uscc::as_str);
        let entry = Entry { kind: new.kind, name: &new.name, division: new.division, uscc };
        let of_code = uscc.and_then(|code| self.by_code.get(code));
        let namesakes = self.by_place.get(&place_of(new)).into_iter().flatten();
        let known = of_code.into_iter().chain(namesakes).map(read).collect::<Result<Vec<_>, Error>>()?;
        Ok(entry.among(known.into_iter()))
    }
}

fn place_of(new: &NewOrg) -> (String, String) {
    (new.name.clone(), new.division.to_string())
}

fn read(row: &OrgRow) -> Result<Entry<'_>, Error> {
    Ok(Entry {
        kind: row.kind.parse().map_err(|_| Error::internal("a stored kind is unknown"))?,
        name: &row.name,
        division: row.division.parse::<DivisionCode>()?,
        uscc: row.uscc.as_deref(),
    })
}

/// What becomes of each organisation that `staff` would register at `now`. Nobody else registers one until the
/// transaction ends.
///
/// # Errors
/// The store's.
pub(super) fn plan(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    orgs: &[(OrgId, NewOrg)],
    now: Timestamp,
) -> Result<Vec<Planned>, Error> {
    store::org::lock_register(tx)?;
    let mut known = Known::find(tx, orgs)?;
    let mut planned = Vec::with_capacity(orgs.len());
    for (id, new) in orgs {
        let allowed = org::authorize(staff.role, staff.division, Operation::OrgCreate, new.division);
        let standing = known.standing(new)?;
        let reasons = [allowed.err(), new.kind.stand_at(new.division).err(), standing.err()];
        let reasons: Vec<_> = reasons.into_iter().flatten().collect();
        planned.push(match standing {
            Ok(Standing::Registered) if reasons.is_empty() => Planned::Unchanged,
            Ok(Standing::New) if reasons.is_empty() => {
                let row = row(*id, new.clone(), now.as_micros());
                known.add(&row);
                Planned::New(row)
            }
            _ => Planned::Refused(reasons),
        });
    }
    Ok(planned)
}

/// Writes what a plan decided.
///
/// # Errors
/// `resource.exists` when one of the credit codes was registered meanwhile, as the owner of a channel or from a
/// registration: then nothing is written.
pub(super) fn apply(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    planned: &[Planned],
    now: Timestamp,
) -> Result<(), Error> {
    if !planned.iter().any(|one| matches!(one, Planned::New(_))) {
        tx.unaudited("no organisation was new");
    }
    for one in planned {
        let Planned::New(row) = one else { continue };
        store::org::insert(tx, row)
            .map_err(|error| Error::taken(error, || Error::platform("resource.exists")))?;
        let mut record = Record::done(now, staff.actor(), "org.created").changing(coming(row));
        record.object = Some(Reference::new(OrgId::PREFIX, &row.id));
        tx.audit(&record);
    }
    Ok(())
}
