//! Rows of bindings: an e-card in a channel. A person has at most one in a channel, for ever (R26).

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};
use domain::ecard::BindingState;

/// A binding as it is stored.
#[derive(Debug, Clone)]
pub struct BindingRow {
    /// The person's shard, which the id carries too.
    pub shard: i64,
    /// The binding's id.
    pub id: [u8; 16],
    /// The e-card.
    pub ecard_id: [u8; 16],
    /// The channel.
    pub channel_id: [u8; 16],
    /// Whether the channel may serve the holder.
    pub state: BindingState,
    /// 1 or 2.
    pub sign_level: i64,
    /// 签发号.
    pub sign_no: String,
    /// 电子社保卡号 in this channel.
    pub ecard_no: [u8; 16],
    /// The person's token in this channel.
    pub pseudonym: [u8; 16],
    /// Masked name and number, sealed with the binding's id as associated data.
    pub display: Vec<u8>,
    /// Version of the key that sealed it.
    pub key_version: i64,
    /// Business time, µs.
    pub first_bound_at: i64,
    /// Business time, µs: of the newest binding.
    pub bound_at: i64,
    /// Business time, µs: the first activation, which counted as an issuance.
    pub activated_at: Option<i64>,
    /// Business time, µs.
    pub unbound_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<BindingRow, StoreError> {
    Ok(BindingRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        ecard_id: r.array(2)?,
        channel_id: r.array(3)?,
        state: r.parse(4, |word| word.parse().ok())?,
        sign_level: r.i64(5)?,
        sign_no: r.text(6)?,
        ecard_no: r.array(7)?,
        pseudonym: r.array(8)?,
        display: r.bytes(9)?,
        key_version: r.i64(10)?,
        first_bound_at: r.i64(11)?,
        bound_at: r.i64(12)?,
        activated_at: r.opt_i64(13)?,
        unbound_at: r.opt_i64(14)?,
        version: r.i64(15)?,
    })
}

/// A binding by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<BindingRow>, StoreError> {
    let sql = sql!(
        "select shard, id, ecard_id, channel_id, state, sign_level, sign_no, ecard_no, pseudonym, display, key_version,
                first_bound_at, bound_at, activated_at, unbound_at, version
         from binding where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// The bindings of persons in channels, each by shard, e-card and channel.
pub fn find_each(
    tx: &mut ReadTx<'_>,
    keys: &[(i64, [u8; 16], [u8; 16])],
) -> Result<Vec<Option<BindingRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, b.shard, b.id, b.ecard_id, b.channel_id, b.state, b.sign_level, b.sign_no, b.ecard_no,
                b.pseudonym, b.display, b.key_version, b.first_bound_at, b.bound_at, b.activated_at, b.unbound_at,
                b.version
            from unnest($1::bigint[], $2::bytea[], $3::bytea[]) with ordinality as k(shard, ecard_id, channel_id, n)
            join binding b on b.shard = k.shard and b.ecard_id = k.ecard_id and b.channel_id = k.channel_id",
        sqlite: "select shard, id, ecard_id, channel_id, state, sign_level, sign_no, ecard_no, pseudonym, display,
                key_version, first_bound_at, bound_at, activated_at, unbound_at, version
            from binding where shard = $1 and ecard_id = $2 and channel_id = $3"
    );
    let columns = [
        Column::I64(keys.iter().map(|key| key.0).collect()),
        Column::Bytes(keys.iter().map(|key| key.1.as_slice()).collect()),
        Column::Bytes(keys.iter().map(|key| key.2.as_slice()).collect()),
    ];
    let rows = tx.select_each(sql, &columns)?;
    rows.iter().map(|found| found.as_ref().map(row).transpose()).collect()
}

/// Writes bindings whole: new ones, and known ones with what a claim changes. Ids are distinct.
pub fn put_each(tx: &mut WriteTx<'_>, rows: &[BindingRow]) -> Result<u64, StoreError> {
    let sql = sql!(
        postgres: "insert into binding (shard, id, ecard_id, channel_id, state, sign_level, sign_no, ecard_no, pseudonym,
                display, key_version, first_bound_at, bound_at, unbound_at, version)
            select *, 1 from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::bigint[],
                $7::text[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bigint[], $12::bigint[], $13::bigint[],
                $14::bigint[])
            on conflict (shard, id) do update set state = excluded.state, sign_level = excluded.sign_level,
                display = excluded.display, key_version = excluded.key_version, bound_at = excluded.bound_at,
                unbound_at = excluded.unbound_at, version = binding.version + 1",
        sqlite: "insert into binding (shard, id, ecard_id, channel_id, state, sign_level, sign_no, ecard_no, pseudonym,
                display, key_version, first_bound_at, bound_at, unbound_at, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)
            on conflict (shard, id) do update set state = excluded.state, sign_level = excluded.sign_level,
                display = excluded.display, key_version = excluded.key_version, bound_at = excluded.bound_at,
                unbound_at = excluded.unbound_at, version = binding.version + 1"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.ecard_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.channel_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.state.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.sign_level).collect()),
        Column::Text(rows.iter().map(|r| r.sign_no.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.ecard_no.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.pseudonym.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.display.as_slice()).collect()),
        Column::I64(rows.iter().map(|r| r.key_version).collect()),
        Column::I64(rows.iter().map(|r| r.first_bound_at).collect()),
        Column::I64(rows.iter().map(|r| r.bound_at).collect()),
        Column::OptI64(rows.iter().map(|r| r.unbound_at).collect()),
    ];
    tx.update_each(sql, &columns)
}

/// Writes the state of a binding with the times that go with it; `Stale` when the row is not the one that was read.
pub fn update_state(tx: &mut WriteTx<'_>, b: &BindingRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update binding set state = $3, activated_at = $4, unbound_at = $5, version = version + 1
             where shard = $1 and id = $2 and version = $6"
        ),
        params![b.shard, &b.id, b.state.as_str(), b.activated_at, b.unbound_at, b.version],
    )
}

/// A binding and its channel.
pub type Bound = ([u8; 16], [u8; 16]);

/// The bindings of an e-card that have not ended, each with its channel.
pub fn list_bound(tx: &mut ReadTx<'_>, shard: i64, ecard_id: &[u8; 16]) -> Result<Vec<Bound>, StoreError> {
    let sql =
        sql!("select id, channel_id from binding where shard = $1 and ecard_id = $2 and state <> 'unbound'");
    tx.query(sql, params![shard, ecard_id])?.iter().map(|r| Ok((r.array(0)?, r.array(1)?))).collect()
}
