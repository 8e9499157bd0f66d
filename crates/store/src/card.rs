//! Rows of cards: the card, the look-up by what is printed on it, and the invalid list. Rows of imports are in
//! [`import`].
//!
//! Invariant: whoever changes a card's state changes its e-card (`ecard::follow`) and, if it is invalid now, the
//! invalid list in the same transaction (ND-1.4, CM-19.1); use cases do all three in one place.

pub mod import;

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A card as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// The holder's shard.
    pub shard: i64,
    /// The card's id; the last two bytes repeat the shard.
    pub id: [u8; 16],
    /// The holder.
    pub person_id: [u8; 16],
    /// Issuing division.
    pub division: String,
    /// 卡号, unique within the division.
    pub number: String,
    /// 卡识别码.
    pub recognition: Option<[u8; 16]>,
    /// 2 or 3.
    pub generation: i64,
    /// The phase of its life.
    pub state: String,
    /// Why it is invalid, if it is.
    pub reason: Option<String>,
    /// Day since 1970.
    pub issued_on: Option<i64>,
    /// Day since 1970, the last one it may be used.
    pub expires_on: Option<i64>,
    /// µs.
    pub updated_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<CardRow, StoreError> {
    Ok(CardRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        person_id: r.array(2)?,
        division: r.text(3)?,
        number: r.text(4)?,
        recognition: r.opt_array(5)?,
        generation: r.i64(6)?,
        state: r.text(7)?,
        reason: r.opt_text(8)?,
        issued_on: r.opt_i64(9)?,
        expires_on: r.opt_i64(10)?,
        updated_at: r.i64(11)?,
        version: r.i64(12)?,
    })
}

/// A card by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<CardRow>, StoreError> {
    let sql = sql!(
        "select shard, id, person_id, division, number, recognition, generation, state, reason, issued_on, expires_on,
                updated_at, version
         from card where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// A card by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<CardRow>, StoreError> {
    let sql = sql_lock!(
        "select shard, id, person_id, division, number, recognition, generation, state, reason, issued_on, expires_on,
                updated_at, version
         from card where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// The cards with these ids, each by shard and id, locked until the transaction ends.
pub fn lock_each(tx: &mut WriteTx<'_>, keys: &[(i64, [u8; 16])]) -> Result<Vec<Option<CardRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, c.shard, c.id, c.person_id, c.division, c.number, c.recognition, c.generation, c.state,
                c.reason, c.issued_on, c.expires_on, c.updated_at, c.version
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join card c on c.shard = k.shard and c.id = k.id
            order by c.shard, c.id for update of c",
        sqlite: "select shard, id, person_id, division, number, recognition, generation, state, reason, issued_on,
                expires_on, updated_at, version
            from card where shard = $1 and id = $2"
    );
    let columns = [
        Column::I64(keys.iter().map(|k| k.0).collect()),
        Column::Bytes(keys.iter().map(|k| k.1.as_slice()).collect()),
    ];
    tx.select_each(sql, &columns)?.iter().map(|r| r.as_ref().map(row).transpose()).collect()
}

/// The cards of a person, the oldest first.
pub fn list_of_person(
    tx: &mut ReadTx<'_>,
    shard: i64,
    person: &[u8; 16],
) -> Result<Vec<CardRow>, StoreError> {
    let sql = sql!(
        "select shard, id, person_id, division, number, recognition, generation, state, reason, issued_on, expires_on,
                updated_at, version
         from card where shard = $1 and person_id = $2 order by id"
    );
    tx.query(sql, params![shard, person])?.iter().map(row).collect()
}

/// A card by what is printed on it.
pub fn find_by_number(
    tx: &mut ReadTx<'_>,
    division: &str,
    number: &str,
) -> Result<Option<CardRow>, StoreError> {
    let sql = sql!(
        "select c.shard, c.id, c.person_id, c.division, c.number, c.recognition, c.generation, c.state, c.reason,
                c.issued_on, c.expires_on, c.updated_at, c.version
         from card_number n join card c on c.shard = n.shard and c.id = n.card_id
         where n.division = $1 and n.number = $2"
    );
    tx.query_opt(sql, params![division, number])?.as_ref().map(row).transpose()
}

/// Where the card with a number is, and what the registry last said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberRow {
    /// Issuing division.
    pub division: String,
    /// 卡号.
    pub number: String,
    /// The holder's shard.
    pub shard: i64,
    /// The card.
    pub card_id: [u8; 16],
    /// Keyed digest of the registry's last row; empty when the card did not come from there.
    pub digest: Vec<u8>,
}

/// The look-up rows of these divisions and numbers.
pub fn numbers(tx: &mut ReadTx<'_>, keys: &[(&str, &str)]) -> Result<Vec<Option<NumberRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, c.division, c.number, c.shard, c.card_id, c.digest
            from unnest($1::text[], $2::text[]) with ordinality as k(division, number, n)
            join card_number c on c.division = k.division and c.number = k.number",
        sqlite: "select division, number, shard, card_id, digest from card_number where division = $1 and number = $2"
    );
    let columns =
        [Column::Text(keys.iter().map(|k| k.0).collect()), Column::Text(keys.iter().map(|k| k.1).collect())];
    let read = |r: &Row| {
        Ok(NumberRow {
            division: r.text(0)?,
            number: r.text(1)?,
            shard: r.i64(2)?,
            card_id: r.array(3)?,
            digest: r.bytes(4)?,
        })
    };
    tx.select_each(sql, &columns)?.iter().map(|r| r.as_ref().map(read).transpose()).collect()
}

/// Adds look-up rows, sorted by division and number; `false` for each number that is taken.
pub fn insert_numbers(tx: &mut WriteTx<'_>, rows: &[NumberRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into card_number (card_id, division, number, shard, digest)
            select * from unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[], $5::bytea[])
            on conflict do nothing returning card_id",
        sqlite: "insert into card_number (card_id, division, number, shard, digest) values ($1, $2, $3, $4, $5)
            on conflict do nothing"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|r| r.card_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.number.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.digest.as_slice()).collect()),
    ];
    tx.insert_each(sql, 0, &columns)
}

/// Writes what the registry last said of a card.
pub fn update_digest(
    tx: &mut WriteTx<'_>,
    division: &str,
    number: &str,
    digest: &[u8],
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("update card_number set digest = $3 where division = $1 and number = $2"),
        params![division, number, digest],
    )
}

/// Adds cards, sorted by key; `false` for each that is there already.
pub fn insert_each(tx: &mut WriteTx<'_>, rows: &[&CardRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into card (shard, id, person_id, division, number, recognition, generation, state, reason,
                issued_on, expires_on, updated_at, version)
            select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::bytea[],
                $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into card (shard, id, person_id, division, number, recognition, generation, state, reason,
                issued_on, expires_on, updated_at, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.person_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.number.as_str()).collect()),
        Column::OptBytes(rows.iter().map(|r| r.recognition.as_ref().map(<[u8; 16]>::as_slice)).collect()),
        Column::I64(rows.iter().map(|r| r.generation).collect()),
        Column::Text(rows.iter().map(|r| r.state.as_str()).collect()),
        Column::OptText(rows.iter().map(|r| r.reason.as_deref()).collect()),
        Column::OptI64(rows.iter().map(|r| r.issued_on).collect()),
        Column::OptI64(rows.iter().map(|r| r.expires_on).collect()),
        Column::I64(rows.iter().map(|r| r.updated_at).collect()),
        Column::I64(rows.iter().map(|r| r.version).collect()),
    ];
    tx.insert_each(sql, 1, &columns)
}

/// Writes what changes in a card; `Stale` when `row.version` is not the stored one.
pub fn update(tx: &mut WriteTx<'_>, row: &CardRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update card set recognition = $3, generation = $4, state = $5, reason = $6, issued_on = $7,
                             expires_on = $8, updated_at = $9, version = version + 1
             where shard = $1 and id = $2 and version = $10"
        ),
        params![
            row.shard,
            &row.id,
            row.recognition.as_ref(),
            row.generation,
            &row.state,
            row.reason.as_ref(),
            row.issued_on,
            row.expires_on,
            row.updated_at,
            row.version
        ],
    )
}

/// An entry of the invalid list (CM-19.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRow {
    /// Issuing division.
    pub division: String,
    /// 卡号.
    pub number: String,
    /// The holder's shard.
    pub shard: i64,
    /// The card.
    pub card_id: [u8; 16],
    /// Why.
    pub reason: String,
    /// Since when, µs.
    pub at: i64,
}

/// Puts cards on the invalid list, sorted by division and number; an entry that stands stays as it is.
pub fn insert_invalid(tx: &mut WriteTx<'_>, rows: &[InvalidRow]) -> Result<(), StoreError> {
    let sql = sql!(
        postgres: "insert into invalid_card (card_id, division, number, shard, reason, at)
            select * from unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
            on conflict do nothing returning card_id",
        sqlite: "insert into invalid_card (card_id, division, number, shard, reason, at)
            values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|r| r.card_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.number.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Text(rows.iter().map(|r| r.reason.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.at).collect()),
    ];
    tx.insert_each(sql, 0, &columns).map(drop)
}

/// A page of the invalid list of the divisions from `first` to `last`, after a division and number (CM-19.2: the
/// lists of a province and of the country are views of this one).
pub fn list_invalid(
    tx: &mut ReadTx<'_>,
    first: &str,
    last: &str,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<InvalidRow>, StoreError> {
    let sql = sql!(
        "select division, number, shard, card_id, reason, at from invalid_card
         where division >= $1 and division <= $2 and (division, number) > ($3, $4)
         order by division, number limit $5"
    );
    let rows = tx.query(sql, params![first, last, after.0, after.1, limit])?;
    rows.iter()
        .map(|r| {
            Ok(InvalidRow {
                division: r.text(0)?,
                number: r.text(1)?,
                shard: r.i64(2)?,
                card_id: r.array(3)?,
                reason: r.text(4)?,
                at: r.i64(5)?,
            })
        })
        .collect()
}
