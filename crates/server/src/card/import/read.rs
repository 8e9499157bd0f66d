//! Reading the text of a row: every field by its rule, every fault named. The wire's half of [`super::row`].

use super::row::Row;
use crate::rows::{Fault, Reader};
use domain::card::{Generation, Refusal, State};
use domain::division::DivisionCode;
use domain::identity::{DocumentKind, IdDocument, Sex};
use domain::person;
use sdk::types::import::CardRow;

/// The row that a text means.
///
/// # Errors
/// Every fault.
pub fn read(text: &CardRow) -> Result<Row, Vec<Fault>> {
    let mut reader = Reader::default();
    let division = reader.keep("aab301", text.aab301.parse());
    if division == Some(DivisionCode::NATIONAL) {
        reader.refuse("aab301", &Refusal::Issuer);
    }
    let document = document(&mut reader, text);
    let name = reader.keep("aac003", text.aac003.expose().parse());
    let phone = reader.optional("aac067", text.aac067.expose());
    let number = reader.keep("aaz500", text.aaz500.expose().parse());
    let recognition = reader.optional("aaz501", &text.aaz501);
    let wire_state = reader.keep("aaz502", wire_state(&text.aaz502));
    let reason = reader.optional("reason", &text.reason);
    if let (Some(wire_state), Some(reason)) = (wire_state, reason) {
        let field = |refusal| if refusal == Refusal::WireReason { "reason" } else { "aaz502" };
        if let Err(refusal) = State::import(None, wire_state, reason) {
            reader.refuse(field(refusal), &refusal);
        }
    }
    let generation = reader.keep("generation", generation(&text.generation));
    let issued_on = reader.date("issued_on", &text.issued_on);
    let expires_on = reader.date("expires_on", &text.expires_on);
    if let (Some(Some(issued)), Some(Some(expires))) = (issued_on, expires_on)
        && expires < issued
    {
        reader.refuse("expires_on", &Refusal::Dates);
    }
    let row = (|| {
        Some(Row {
            division: division?,
            number: number?,
            recognition: recognition?,
            generation: generation?,
            wire_state: wire_state?,
            reason: reason?,
            issued_on: issued_on?,
            expires_on: expires_on?,
            document: document?,
            name: name?,
            phone: phone?,
        })
    })();
    reader.finish(row)
}

/// The document, and what the row says of sex and birth date against what the number says (both are only checked).
fn document(reader: &mut Reader, text: &CardRow) -> Option<IdDocument> {
    let kind = match text.id_kind.as_str() {
        "" => DocumentKind::ResidentId,
        word => reader.keep("id_kind", word.parse())?,
    };
    let document = reader.keep("aac002", IdDocument::new(kind, text.aac002.expose()))?;
    let sex = match text.aac004.as_str() {
        "" | "0" | "9" => Ok(None),
        "1" => Ok(Some(Sex::Male)),
        "2" => Ok(Some(Sex::Female)),
        _ => Err(person::Refusal::Sex),
    };
    if let Some(Some(sex)) = reader.keep("aac004", sex)
        && document.sex().is_some_and(|other| other != sex)
    {
        reader.refuse("aac004", &person::Refusal::Sex);
    }
    if let Some(Some(born)) = reader.date("aac006", text.aac006.expose())
        && document.birth_date().is_some_and(|other| other != born)
    {
        reader.refuse("aac006", &person::Refusal::BirthDate);
    }
    Some(document)
}

fn wire_state(text: &str) -> Result<u8, Refusal> {
    match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Ok(digit - b'0'),
        _ => Err(Refusal::WireState),
    }
}

fn generation(text: &str) -> Result<Generation, Refusal> {
    match text {
        "" | "3" => Ok(Generation::Third),
        "2" => Ok(Generation::Second),
        _ => Err(Refusal::Generation),
    }
}
