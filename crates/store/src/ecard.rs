//! Rows of e-cards: each is keyed by its person and repeats the state of its card (ND-1.3, ND-1.4).
//!
//! Invariant: whoever changes an e-card, its bindings, holder sessions or grants holds the e-card's row first, and
//! whoever makes one or changes its card holds the card's. What a claim reads is in [`claim`].

pub mod claim;
pub mod uses;

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};
use domain::card::Phase;

/// The stored form of the holder's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordRow {
    /// How `hash` was made.
    pub algorithm: i64,
    /// Sixteen random bytes.
    pub salt: Vec<u8>,
    /// Digest under the pepper key.
    pub hash: Vec<u8>,
}

/// An e-card as it is stored.
#[derive(Debug, Clone)]
pub struct EcardRow {
    /// The person's shard.
    pub shard: i64,
    /// The person's id.
    pub id: [u8; 16],
    /// The card it maps to.
    pub card_id: [u8; 16],
    /// The division that issued the card.
    pub division: String,
    /// The phase of the card.
    pub state: Phase,
    /// Counts up whenever every holder session must end.
    pub generation: i64,
    /// The password, once it is set.
    pub password: Option<PasswordRow>,
    /// Times of wrong passwords that still count, µs of business time, divided by commas.
    pub failed_at: String,
    /// Business time, µs.
    pub locked_until: Option<i64>,
    /// Business time, µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<EcardRow, StoreError> {
    let password = match (r.opt_i64(6)?, r.opt_bytes(7)?, r.opt_bytes(8)?) {
        (Some(algorithm), Some(salt), Some(hash)) => Some(PasswordRow { algorithm, salt, hash }),
        _ => None,
    };
    Ok(EcardRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        card_id: r.array(2)?,
        division: r.text(3)?,
        state: r.parse(4, |word| word.parse().ok())?,
        generation: r.i64(5)?,
        password,
        failed_at: r.text(9)?,
        locked_until: r.opt_i64(10)?,
        created_at: r.i64(11)?,
        version: r.i64(12)?,
    })
}

/// An e-card by its person.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<EcardRow>, StoreError> {
    let sql = sql!(
        "select shard, id, card_id, division, state, generation, password_algorithm, password_salt, password_hash,
                failed_at, locked_until, created_at, version
         from ecard where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// An e-card by its person, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<EcardRow>, StoreError> {
    let sql = sql_lock!(
        "select shard, id, card_id, division, state, generation, password_algorithm, password_salt, password_hash,
                failed_at, locked_until, created_at, version
         from ecard where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// The e-cards of persons, each by shard and id, locked until the transaction ends.
pub fn lock_each(
    tx: &mut WriteTx<'_>,
    keys: &[(i64, [u8; 16])],
) -> Result<Vec<Option<EcardRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, e.shard, e.id, e.card_id, e.division, e.state, e.generation, e.password_algorithm,
                e.password_salt, e.password_hash, e.failed_at, e.locked_until, e.created_at, e.version
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join ecard e on e.shard = k.shard and e.id = k.id
            order by e.shard, e.id for update of e",
        sqlite: "select shard, id, card_id, division, state, generation, password_algorithm, password_salt,
                password_hash, failed_at, locked_until, created_at, version
            from ecard where shard = $1 and id = $2"
    );
    let rows = tx.select_each(sql, &[shards(keys), ids(keys)])?;
    rows.iter().map(|found| found.as_ref().map(row).transpose()).collect()
}

/// Adds e-cards without a password. Their persons are distinct; `false` for one whose person has one already.
pub fn insert_each(tx: &mut WriteTx<'_>, rows: &[EcardRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into ecard (shard, id, card_id, division, state, generation, failed_at, created_at, version)
            select shard, id, card_id, division, state, 1, '', created_at, 1
            from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::bigint[])
                as k(shard, id, card_id, division, state, created_at)
            on conflict do nothing returning id",
        sqlite: "insert into ecard (shard, id, card_id, division, state, generation, failed_at, created_at, version)
            values ($1, $2, $3, $4, $5, 1, '', $6, 1) on conflict do nothing"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.card_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.state.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.created_at).collect()),
    ];
    tx.insert_each(sql, 1, &columns)
}

/// Gives the e-card of a card the card's state, in the transaction that changes the card (ND-1.4). When it stops
/// being usable its holder sessions end. Nothing happens without an e-card or to one in this state already.
pub fn follow(tx: &mut WriteTx<'_>, shard: i64, card_id: &[u8; 16], state: Phase) -> Result<u64, StoreError> {
    follow_each(tx, &[(shard, *card_id, state)])
}

/// [`follow`] for many cards, which are distinct; how many e-cards changed.
pub fn follow_each(tx: &mut WriteTx<'_>, cards: &[(i64, [u8; 16], Phase)]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "update ecard as e set state = k.state, version = e.version + 1,
                generation = e.generation + case when e.state = 'active' then 1 else 0 end
            from unnest($1::bigint[], $2::bytea[], $3::text[]) as k(shard, card_id, state)
            where e.shard = k.shard and e.card_id = k.card_id and e.state <> k.state",
        sqlite: "update ecard set state = $3, version = version + 1,
                generation = generation + case when state = 'active' then 1 else 0 end
            where shard = $1 and card_id = $2 and state <> $3"
    );
    let columns = [
        Column::I64(cards.iter().map(|c| c.0).collect()),
        Column::Bytes(cards.iter().map(|c| c.1.as_slice()).collect()),
        Column::Text(cards.iter().map(|c| c.2.as_str()).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// Maps the e-card of a person to the card that took its card's place (R27); holder sessions end. Nothing happens
/// without an e-card.
pub fn remap(
    tx: &mut WriteTx<'_>,
    shard: i64,
    person_id: &[u8; 16],
    card_id: &[u8; 16],
    division: &str,
    state: Phase,
) -> Result<u64, StoreError> {
    let sql = sql!(
        "update ecard set card_id = $3, division = $4, state = $5, generation = generation + 1, version = version + 1
         where shard = $1 and id = $2"
    );
    tx.execute(sql, params![shard, person_id, card_id, division, state.as_str()])
}

/// Writes a new password and forgets errors and lock. With `renew` every holder session ends.
pub fn update_password(
    tx: &mut WriteTx<'_>,
    e: &EcardRow,
    password: &PasswordRow,
    renew: bool,
) -> Result<(), StoreError> {
    let sql = sql!(
        "update ecard set password_algorithm = $3, password_salt = $4, password_hash = $5, failed_at = '',
                locked_until = null, generation = generation + $6, version = version + 1
         where shard = $1 and id = $2 and version = $7"
    );
    let values = params![
        e.shard,
        &e.id,
        password.algorithm,
        &password.salt,
        &password.hash,
        i64::from(renew),
        e.version
    ];
    tx.execute_one(sql, values)
}

/// Writes the errors that count and the lock.
pub fn update_attempts(
    tx: &mut WriteTx<'_>,
    e: &EcardRow,
    failed_at: &str,
    locked_until: Option<i64>,
) -> Result<(), StoreError> {
    let sql = sql!(
        "update ecard set failed_at = $3, locked_until = $4, version = version + 1
         where shard = $1 and id = $2 and version = $5"
    );
    tx.execute_one(sql, params![e.shard, &e.id, failed_at, locked_until, e.version])
}

pub(crate) fn shards<'a>(keys: &[(i64, [u8; 16])]) -> Column<'a> {
    Column::I64(keys.iter().map(|key| key.0).collect())
}

pub(crate) fn ids(keys: &[(i64, [u8; 16])]) -> Column<'_> {
    Column::Bytes(keys.iter().map(|key| key.1.as_slice()).collect())
}
