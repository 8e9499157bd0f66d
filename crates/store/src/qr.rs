//! Rows of spent codes, and what a verification reads of a holder.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};

/// What a verification must know of a binding and its e-card, read together.
#[derive(Debug, Clone)]
pub struct HolderRow {
    /// The e-card, which is also the person's id.
    pub ecard_id: [u8; 16],
    /// The channel that shows the code.
    pub channel_id: [u8; 16],
    /// State of the binding.
    pub binding_state: String,
    /// 1 or 2.
    pub sign_level: i64,
    /// Issuing division of the card.
    pub division: String,
    /// State of the e-card, always the card's (ND-1.4).
    pub ecard_state: String,
    /// Masked name and number, sealed.
    pub display: Vec<u8>,
    /// Version of the key that sealed it.
    pub key_version: i64,
}

fn holder(r: &Row) -> Result<HolderRow, StoreError> {
    Ok(HolderRow {
        ecard_id: r.array(0)?,
        channel_id: r.array(1)?,
        binding_state: r.text(2)?,
        sign_level: r.i64(3)?,
        division: r.text(4)?,
        ecard_state: r.text(5)?,
        display: r.bytes(6)?,
        key_version: r.i64(7)?,
    })
}

/// The holders behind bindings, each by shard and binding id.
pub fn holders(tx: &mut ReadTx<'_>, keys: &[(i64, [u8; 16])]) -> Result<Vec<Option<HolderRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, e.id, b.channel_id, b.state, b.sign_level, e.division, e.state, b.display, b.key_version
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join binding b on b.shard = k.shard and b.id = k.id
            join ecard e on e.shard = b.shard and e.id = b.ecard_id",
        sqlite: "select e.id, b.channel_id, b.state, b.sign_level, e.division, e.state, b.display, b.key_version
            from binding b join ecard e on e.shard = b.shard and e.id = b.ecard_id
            where b.shard = $1 and b.id = $2"
    );
    let columns = [
        Column::I64(keys.iter().map(|k| k.0).collect()),
        Column::Bytes(keys.iter().map(|k| k.1.as_slice()).collect()),
    ];
    let rows = tx.select_each(sql, &columns)?;
    rows.iter().map(|row| row.as_ref().map(holder).transpose()).collect()
}

/// A spent code and the answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseRow {
    /// Minute of issue.
    pub bucket: i64,
    /// The holder's shard.
    pub shard: i64,
    /// Nonce and MAC of the code.
    pub id: [u8; 13],
    /// The e-card.
    pub ecard_id: [u8; 16],
    /// The binding that showed the code.
    pub binding_id: [u8; 16],
    /// The channel that showed the code.
    pub channel_id: [u8; 16],
    /// Terminal or channel that verified it.
    pub caller: [u8; 16],
    /// The caller's own id of the scan.
    pub request_id: String,
    /// `identity`, `pay` or `service`; for `pay` the payee follows after a colon.
    pub purpose: String,
    /// Service code.
    pub service: String,
    /// Where the use took place.
    pub division: String,
    /// `ok`, or the code of the refusal.
    pub outcome: String,
    /// Real time, µs.
    pub at: i64,
}

fn use_row(r: &Row) -> Result<UseRow, StoreError> {
    Ok(UseRow {
        bucket: r.i64(0)?,
        shard: r.i64(1)?,
        id: r.array(2)?,
        ecard_id: r.array(3)?,
        binding_id: r.array(4)?,
        channel_id: r.array(5)?,
        caller: r.array(6)?,
        request_id: r.text(7)?,
        purpose: r.text(8)?,
        service: r.text(9)?,
        division: r.text(10)?,
        outcome: r.text(11)?,
        at: r.i64(12)?,
    })
}

/// Spends codes: `true` for each whose row was not there. Rows are sorted by key and unique within the call.
pub fn spend(tx: &mut WriteTx<'_>, rows: &[&UseRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into code_use (bucket, shard, id, ecard_id, binding_id, channel_id, caller, request_id,
                purpose, service, division, outcome, at)
            select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
                $7::bytea[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into code_use (bucket, shard, id, ecard_id, binding_id, channel_id, caller, request_id,
                purpose, service, division, outcome, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.bucket).collect()),
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.ecard_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.binding_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.channel_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.caller.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.request_id.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.purpose.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.service.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.outcome.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.at).collect()),
    ];
    tx.insert_each(sql, 2, &columns)
}

/// A spent code by its key.
pub fn find_use(
    tx: &mut ReadTx<'_>,
    bucket: i64,
    shard: i64,
    id: &[u8; 13],
) -> Result<Option<UseRow>, StoreError> {
    let sql = sql!(
        "select bucket, shard, id, ecard_id, binding_id, channel_id, caller, request_id, purpose, service, division,
                outcome, at
         from code_use where bucket = $1 and shard = $2 and id = $3"
    );
    tx.query_opt(sql, params![bucket, shard, id])?.as_ref().map(use_row).transpose()
}
