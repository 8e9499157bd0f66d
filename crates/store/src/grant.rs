//! Rows of standing grants. The table is `holder_grant`, because `grant` is a word of SQL.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// A grant as it is stored.
#[derive(Debug, Clone)]
pub struct GrantRow {
    /// The person's shard, which the id carries too.
    pub shard: i64,
    /// The grant's id.
    pub id: [u8; 16],
    /// The holder's e-card.
    pub ecard_id: [u8; 16],
    /// The organisation it was given to.
    pub party_id: [u8; 16],
    /// The channel it was given through.
    pub channel_id: [u8; 16],
    /// Service code.
    pub service: String,
    /// The purpose in the holder's words.
    pub purpose: String,
    /// Most of one use, if it pays.
    pub limit_fen_per_use: Option<i64>,
    /// Most of one business day, if it pays.
    pub limit_fen_per_day: Option<i64>,
    /// Business time, µs.
    pub created_at: i64,
    /// Business time, µs.
    pub expires_at: i64,
    /// Business time, µs.
    pub revoked_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<GrantRow, StoreError> {
    Ok(GrantRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        ecard_id: r.array(2)?,
        party_id: r.array(3)?,
        channel_id: r.array(4)?,
        service: r.text(5)?,
        purpose: r.text(6)?,
        limit_fen_per_use: r.opt_i64(7)?,
        limit_fen_per_day: r.opt_i64(8)?,
        created_at: r.i64(9)?,
        expires_at: r.i64(10)?,
        revoked_at: r.opt_i64(11)?,
        version: r.i64(12)?,
    })
}

/// A grant by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<GrantRow>, StoreError> {
    let sql = sql!(
        "select shard, id, ecard_id, party_id, channel_id, service, purpose, limit_fen_per_use, limit_fen_per_day,
                created_at, expires_at, revoked_at, version
         from holder_grant where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// The grant that would allow a party a service through a channel: one in force at `now` before any other, then the
/// newest, so that a refusal can say what became of it.
pub fn find_standing(
    tx: &mut ReadTx<'_>,
    shard: i64,
    ecard_id: &[u8; 16],
    (party_id, channel_id): (&[u8; 16], &[u8; 16]),
    service: &str,
    now: i64,
) -> Result<Option<GrantRow>, StoreError> {
    let sql = sql!(
        "select shard, id, ecard_id, party_id, channel_id, service, purpose, limit_fen_per_use, limit_fen_per_day,
                created_at, expires_at, revoked_at, version
         from holder_grant
         where shard = $1 and ecard_id = $2 and party_id = $3 and service = $4 and channel_id = $5
         order by case when revoked_at is null and expires_at > $6 then 0 else 1 end, created_at desc, id desc limit 1"
    );
    let values = params![shard, ecard_id, party_id, service, channel_id, now];
    tx.query_opt(sql, values)?.as_ref().map(row).transpose()
}

/// The grants given in a channel, newest first, before `before`.
pub fn list(
    tx: &mut ReadTx<'_>,
    shard: i64,
    ecard_id: &[u8; 16],
    channel_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<GrantRow>, StoreError> {
    let sql = sql!(
        "select shard, id, ecard_id, party_id, channel_id, service, purpose, limit_fen_per_use, limit_fen_per_day,
                created_at, expires_at, revoked_at, version
         from holder_grant where shard = $1 and ecard_id = $2 and channel_id = $3 and id < $4
         order by id desc limit $5"
    );
    tx.query(sql, params![shard, ecard_id, channel_id, before, limit])?.iter().map(row).collect()
}

/// Adds a grant.
pub fn insert(tx: &mut WriteTx<'_>, g: &GrantRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into holder_grant (shard, id, ecard_id, party_id, channel_id, service, purpose, limit_fen_per_use,
                limit_fen_per_day, created_at, expires_at, revoked_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null, 1)"
        ),
        params![
            g.shard,
            &g.id,
            &g.ecard_id,
            &g.party_id,
            &g.channel_id,
            &g.service,
            &g.purpose,
            g.limit_fen_per_use,
            g.limit_fen_per_day,
            g.created_at,
            g.expires_at
        ],
    )
}

/// Revokes a grant; `false` when it was revoked before.
pub fn revoke(tx: &mut WriteTx<'_>, shard: i64, id: &[u8; 16], at: i64) -> Result<bool, StoreError> {
    let sql = sql!(
        "update holder_grant set revoked_at = $3, version = version + 1
         where shard = $1 and id = $2 and revoked_at is null"
    );
    Ok(tx.execute(sql, params![shard, id, at])? == 1)
}

/// Revokes every grant of an e-card through a channel: they end with the binding.
pub fn revoke_of_channel(
    tx: &mut WriteTx<'_>,
    shard: i64,
    ecard_id: &[u8; 16],
    channel_id: &[u8; 16],
    at: i64,
) -> Result<u64, StoreError> {
    let sql = sql!(
        "update holder_grant set revoked_at = $4, version = version + 1
         where shard = $1 and ecard_id = $2 and channel_id = $3 and revoked_at is null"
    );
    tx.execute(sql, params![shard, ecard_id, channel_id, at])
}
