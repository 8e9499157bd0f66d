//! Opening persons, finding them by document, and writing what the registry changed.

use crate::Error;
use crate::key::Ring;
use domain::id::PersonId;
use domain::identity::{DocumentKind, IdDocument, Shard};
use domain::person::Person;
use store::person::PersonRow;
use store::{ReadTx, WriteTx};

/// The holder behind a row.
///
/// # Errors
/// Internal: the row was not written by this world.
pub fn open(ring: &Ring, row: &PersonRow) -> Result<Person, Error> {
    let broken = || Error::internal("a stored person is not what was checked");
    let kind: DocumentKind = row.document_kind.parse().map_err(|_| broken())?;
    let [number, name, phone] = ring.open_person(row.key_version, &row.document_index, &row.sealed)?;
    Ok(Person {
        id: PersonId::from_bytes(row.id),
        shard: Shard::new(row.shard).ok_or_else(broken)?,
        document: IdDocument::new(kind, &number).map_err(|_| broken())?,
        name: name.parse().map_err(|_| broken())?,
        phone: if phone.is_empty() { None } else { Some(phone.parse().map_err(|_| broken())?) },
    })
}

/// The holder with a document, if there is one.
///
/// # Errors
/// The store's.
pub fn find(tx: &mut ReadTx<'_>, ring: &Ring, document: &IdDocument) -> Result<Option<PersonRow>, Error> {
    let shard = i64::from(ring.shard_of(document).get());
    Ok(store::person::find_by_document(tx, shard, &ring.document_index(document))?)
}

/// Writes a holder's changed name or phone, and the masked name where bindings repeat it. `old` is the row as it is
/// stored, locked.
///
/// # Errors
/// The store's; internal when the row does not open.
pub fn change(tx: &mut WriteTx<'_>, ring: &Ring, old: &PersonRow, new: &PersonRow) -> Result<(), Error> {
    store::person::update(tx, &PersonRow { version: old.version, ..new.clone() })?;
    if old.name_index == new.name_index {
        return Ok(());
    }
    let masked = open(ring, new)?.masked();
    let display = format!("{}\n{}", masked.name, masked.number);
    for binding in store::person::list_bindings(tx, new.shard, &new.id)? {
        let (key_version, sealed) = ring.seal(&binding, display.as_bytes());
        store::person::update_display(tx, new.shard, &binding, &sealed, key_version)?;
    }
    Ok(())
}
