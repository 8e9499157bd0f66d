//! Rows of holder sessions: the secret that a holder's device proves operations with, wrapped.
//!
//! A session is in force while it is open, has not expired and its e-card is of the generation it was opened in.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};

/// A holder session as it is stored. Times are real.
#[derive(Debug, Clone)]
pub struct HolderSessionRow {
    /// The person's shard, which the id carries too.
    pub shard: i64,
    /// The session's id.
    pub id: [u8; 16],
    /// The binding it was opened for.
    pub binding_id: [u8; 16],
    /// The e-card.
    pub ecard_id: [u8; 16],
    /// The channel.
    pub channel_id: [u8; 16],
    /// Generation of the e-card when it was opened.
    pub ecard_generation: i64,
    /// `password` or `real_person`.
    pub factor: String,
    /// The device's public key, SEC1 uncompressed.
    pub device_key: Vec<u8>,
    /// The secret under the device's master key.
    pub wrapped: Vec<u8>,
    /// The highest counter spent by a proof that changed something.
    pub counter: i64,
    /// µs.
    pub created_at: i64,
    /// µs.
    pub expires_at: i64,
    /// µs.
    pub closed_at: Option<i64>,
}

fn row(r: &Row) -> Result<HolderSessionRow, StoreError> {
    Ok(HolderSessionRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        binding_id: r.array(2)?,
        ecard_id: r.array(3)?,
        channel_id: r.array(4)?,
        ecard_generation: r.i64(5)?,
        factor: r.text(6)?,
        device_key: r.bytes(7)?,
        wrapped: r.bytes(8)?,
        counter: r.i64(9)?,
        created_at: r.i64(10)?,
        expires_at: r.i64(11)?,
        closed_at: r.opt_i64(12)?,
    })
}

/// A session by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<HolderSessionRow>, StoreError> {
    let sql = sql!(
        "select shard, id, binding_id, ecard_id, channel_id, ecard_generation, factor, device_key, wrapped, counter,
                created_at, expires_at, closed_at
         from holder_session where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// Adds sessions; ids are distinct.
pub fn insert_each(tx: &mut WriteTx<'_>, rows: &[HolderSessionRow]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "insert into holder_session (shard, id, binding_id, ecard_id, channel_id, ecard_generation, factor,
                device_key, wrapped, created_at, expires_at, counter)
            select *, 0 from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bigint[],
                $7::text[], $8::bytea[], $9::bytea[], $10::bigint[], $11::bigint[])",
        sqlite: "insert into holder_session (shard, id, binding_id, ecard_id, channel_id, ecard_generation, factor,
                device_key, wrapped, created_at, expires_at, counter)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.binding_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.ecard_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.channel_id.as_slice()).collect()),
        Column::I64(rows.iter().map(|r| r.ecard_generation).collect()),
        Column::Text(rows.iter().map(|r| r.factor.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.device_key.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.wrapped.as_slice()).collect()),
        Column::I64(rows.iter().map(|r| r.created_at).collect()),
        Column::I64(rows.iter().map(|r| r.expires_at).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// Spends a counter above every spent one; `false` when it is not.
pub fn spend_counter(
    tx: &mut WriteTx<'_>,
    shard: i64,
    id: &[u8; 16],
    counter: i64,
) -> Result<bool, StoreError> {
    let sql = sql!("update holder_session set counter = $3 where shard = $1 and id = $2 and counter < $3");
    Ok(tx.execute(sql, params![shard, id, counter])? == 1)
}

/// Lets a session go on in a new generation of its e-card: the device that changed the password stays.
pub fn renew(tx: &mut WriteTx<'_>, shard: i64, id: &[u8; 16], generation: i64) -> Result<(), StoreError> {
    let sql = sql!("update holder_session set ecard_generation = $3 where shard = $1 and id = $2");
    tx.execute_one(sql, params![shard, id, generation])
}

/// Forgets sessions that ended before `at`.
pub fn forget_before(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from holder_session where expires_at < $1"), params![at])
}

/// Closes every session of a binding. Expired sessions are forgotten by a job, so a shard holds few.
pub fn close_of_binding(
    tx: &mut WriteTx<'_>,
    shard: i64,
    binding_id: &[u8; 16],
    at: i64,
) -> Result<u64, StoreError> {
    let sql = sql!(
        "update holder_session set closed_at = $3 where shard = $1 and binding_id = $2 and closed_at is null"
    );
    tx.execute(sql, params![shard, binding_id, at])
}
