//! A row of the registry, checked and made ready: what is personal is sealed and indexed before any transaction opens.
//!
//! Pure work without the database, done on its own threads while earlier rows are being written.

use crate::World;
use crate::auth::Staff;
use crate::key::{Ring, SealedPerson};
use crate::rows::Fault;
use domain::card::{CardNumber, Generation, Reason, RecognitionCode};
use domain::division::DivisionCode;
use domain::id::{CardId, PersonId};
use domain::identity::{IdDocument, PersonName, Phone};
use domain::time::{BusinessDate, Timestamp};

/// A row, every field of it checked.
#[derive(Debug, Clone)]
pub struct Row {
    /// The division that issued the card.
    pub division: DivisionCode,
    /// 卡号.
    pub number: CardNumber,
    /// 卡识别码.
    pub recognition: Option<RecognitionCode>,
    /// Second or third.
    pub generation: Generation,
    /// AAZ502; whether it is a code, and what it does, is the card's rule.
    pub wire_state: u8,
    /// Why, if the card is invalid.
    pub reason: Option<Reason>,
    /// When it was issued.
    pub issued_on: Option<BusinessDate>,
    /// The last day it may be used.
    pub expires_on: Option<BusinessDate>,
    /// The holder's document.
    pub document: IdDocument,
    /// The holder's name.
    pub name: PersonName,
    /// The holder's phone.
    pub phone: Option<Phone>,
}

/// A row that can be written, with every id, seal and index it may need.
#[derive(Debug, Clone)]
pub struct Ready {
    /// As checked.
    pub row: Row,
    /// The card's id, if the card is new.
    pub card: CardId,
    /// The holder's id, if the holder is new.
    pub person: PersonId,
    /// The holder, sealed and indexed.
    pub sealed: SealedPerson,
    /// Keyed digest of the whole row: an equal row changes nothing.
    pub digest: [u8; 16],
}

/// A row on its way into the database.
#[derive(Debug, Clone)]
pub enum Prepared {
    /// It can be written.
    Ready(Box<Ready>),
    /// It cannot, and these are all the reasons.
    Refused(Vec<Fault>),
}

/// Makes rows ready. A row outside the division of `staff` is refused alone (CH-5.2).
#[must_use]
pub fn prepare(world: &World, staff: &Staff, rows: Vec<Result<Row, Vec<Fault>>>) -> Vec<Prepared> {
    let ring = world.keys().ring();
    let at = world.real_now();
    let mut random = vec![0; rows.len() * 20];
    gm::random::fill(&mut random);
    let (random, _) = random.as_chunks::<20>();
    let sees = |row: &Row| domain::org::may_see(staff.division, row.division);
    rows.into_iter()
        .zip(random)
        .map(|(row, random)| match row {
            Err(faults) => Prepared::Refused(faults),
            Ok(row) if sees(&row) => Prepared::Ready(Box::new(ready(&ring, at, row, random))),
            Ok(_) => Prepared::Refused(vec![Fault::of("aab301", &domain::org::Refusal::Division)]),
        })
        .collect()
}

fn ready(ring: &Ring, at: Timestamp, row: Row, random: &[u8; 20]) -> Ready {
    let sealed = ring.seal_person(&row.document, &row.name, row.phone.as_ref());
    let [mut first, mut second] = [[0; 10]; 2];
    first.copy_from_slice(&random[..10]);
    second.copy_from_slice(&random[10..]);
    Ready {
        card: CardId::make(at, sealed.shard.stamp(first)),
        person: PersonId::make(at, sealed.shard.stamp(second)),
        digest: ring.row_digest(&canonical(&row)),
        row,
        sealed,
    }
}

/// The one text of a row: however a file spells a value, an equal row gives equal bytes.
fn canonical(row: &Row) -> Vec<u8> {
    let day = |day: Option<BusinessDate>| day.map_or(i64::MIN, |day| i64::from(day.as_days()));
    let numbers = [
        i64::from(row.division.get()),
        row.generation.number(),
        i64::from(row.wire_state),
        day(row.issued_on),
        day(row.expires_on),
    ];
    let mut out = row.document.index_bytes();
    for text in [
        row.name.as_str(),
        row.phone.as_ref().map_or("", Phone::as_str),
        row.number.as_str(),
        row.reason.map_or("", Reason::as_str),
    ] {
        out.push(b'\n');
        out.extend(text.as_bytes());
    }
    out.push(b'\n');
    out.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    out.extend(row.recognition.iter().flat_map(RecognitionCode::as_bytes));
    out
}
