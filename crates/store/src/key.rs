//! Rows of keys: the platform's own, wrapped, and the public keys of callers.

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, params, sql};

/// A key as it is stored. `wrapped` is present for the platform's own keys, `public_key` for asymmetric ones.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// The key's id.
    pub id: [u8; 16],
    /// What it is for.
    pub usage: String,
    /// Counts up within a usage and owner.
    pub version: i64,
    /// The channel or terminal that owns it; none for the platform's own.
    pub owner: Option<[u8; 16]>,
    /// `active`, `retiring`, `retired` or `revoked`.
    pub state: String,
    /// The secret under the device's master key.
    pub wrapped: Option<Vec<u8>>,
    /// SEC1 uncompressed point.
    pub public_key: Option<Vec<u8>>,
    /// When it was made, µs.
    pub created_at: i64,
    /// When it was retired or revoked, µs; of a caller's retiring key, when it will be retired.
    pub retired_at: Option<i64>,
    /// What its owner calls it.
    pub label: Option<String>,
}

fn row(r: &Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: r.array(0)?,
        usage: r.text(1)?,
        version: r.i64(2)?,
        owner: r.opt_array(3)?,
        state: r.text(4)?,
        wrapped: r.opt_bytes(5)?,
        public_key: r.opt_bytes(6)?,
        created_at: r.i64(7)?,
        retired_at: r.opt_i64(8)?,
        label: r.opt_text(9)?,
    })
}

/// The platform's own keys.
pub fn list_platform(tx: &mut ReadTx<'_>) -> Result<Vec<KeyRow>, StoreError> {
    let sql = sql!(
        "select id, usage, version, owner, state, wrapped, public_key, created_at, retired_at, label
         from key where owner is null order by usage, version"
    );
    tx.query(sql, &[])?.iter().map(row).collect()
}

/// The keys of a channel or terminal.
pub fn list_owned(tx: &mut ReadTx<'_>, owner: &[u8; 16]) -> Result<Vec<KeyRow>, StoreError> {
    let sql = sql!(
        "select id, usage, version, owner, state, wrapped, public_key, created_at, retired_at, label
         from key where owner = $1 order by usage, version"
    );
    tx.query(sql, params![owner])?.iter().map(row).collect()
}

/// The channels with a key of a usage that works, each with the moment when the newest of these was registered, µs.
pub fn list_in_use(tx: &mut ReadTx<'_>, usage: &str) -> Result<Vec<([u8; 16], i64)>, StoreError> {
    let sql = sql!(
        "select c.id, max(k.created_at) from channel c join key k on k.owner = c.id
         where k.usage = $1 and k.state in ('active', 'retiring') group by c.id"
    );
    tx.query(sql, params![usage])?.iter().map(|r| Ok((r.array(0)?, r.i64(1)?))).collect()
}

/// The keys of a usage of every channel of a sending.
pub fn list_of_sending(
    tx: &mut ReadTx<'_>,
    sending_id: &[u8; 16],
    usage: &str,
) -> Result<Vec<KeyRow>, StoreError> {
    let sql = sql!(
        "select k.id, k.usage, k.version, k.owner, k.state, k.wrapped, k.public_key, k.created_at, k.retired_at, k.label
         from sending_matter e join matter m on m.id = e.matter_id join key k on k.owner = m.channel_id
         where e.sending_id = $1 and k.usage = $2 order by k.owner, k.version"
    );
    tx.query(sql, params![sending_id, usage])?.iter().map(row).collect()
}

/// A key by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<KeyRow>, StoreError> {
    let sql = sql!(
        "select id, usage, version, owner, state, wrapped, public_key, created_at, retired_at, label
         from key where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Adds a key.
pub fn insert(tx: &mut WriteTx<'_>, key: &KeyRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into key (id, usage, version, owner, state, wrapped, public_key, created_at, retired_at, label)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            &key.id,
            &key.usage,
            key.version,
            key.owner.as_ref(),
            &key.state,
            key.wrapped.as_ref(),
            key.public_key.as_ref(),
            key.created_at,
            key.retired_at,
            key.label.as_ref()
        ],
    )
}

/// Adds the next version of one of the platform's own keys; `Stale` when another writer has added it meanwhile.
/// The epoch's row makes such writers wait for each other, and tells the other servers.
pub fn insert_platform(tx: &mut WriteTx<'_>, key: &KeyRow) -> Result<(), StoreError> {
    epoch::advance_platform_key(tx)?;
    let latest = tx.query_one(
        sql!("select coalesce(max(version), 0) from key where owner is null and usage = $1"),
        params![&key.usage],
    )?;
    if latest.i64(0)? + 1 == key.version { insert(tx, key) } else { Err(StoreError::Stale) }
}

/// Whether this public key is registered for anybody.
pub fn has_public_key(tx: &mut ReadTx<'_>, public_key: &[u8]) -> Result<bool, StoreError> {
    Ok(!tx
        .query(sql!("select version from key where public_key = $1 limit 1"), params![public_key])?
        .is_empty())
}

/// Moves a key to another state.
pub fn update_state(tx: &mut WriteTx<'_>, id: &[u8; 16], state: &str, at: i64) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(sql!("update key set state = $2, retired_at = $3 where id = $1"), params![id, state, at])
}

/// The callers' keys whose overlap ended at `at` or before, at most `limit`.
pub fn list_overdue(tx: &mut ReadTx<'_>, at: i64, limit: i64) -> Result<Vec<KeyRow>, StoreError> {
    let sql = sql!(
        "select id, usage, version, owner, state, wrapped, public_key, created_at, retired_at, label
         from key where state = 'retiring' and retired_at <= $1 and owner is not null
         order by retired_at, id limit $2"
    );
    tx.query(sql, params![at, limit])?.iter().map(row).collect()
}

/// Retires a key that is retiring; `false` when it no longer is.
pub fn retire(tx: &mut WriteTx<'_>, id: &[u8; 16], at: i64) -> Result<bool, StoreError> {
    epoch::advance(tx)?;
    let sql = sql!("update key set state = 'retired', retired_at = $2 where id = $1 and state = 'retiring'");
    Ok(tx.execute(sql, params![id, at])? == 1)
}

/// Revokes every key of an owner; how many there were.
pub fn revoke_owned(tx: &mut WriteTx<'_>, owner: &[u8; 16], at: i64) -> Result<u64, StoreError> {
    epoch::advance(tx)?;
    tx.execute(
        sql!("update key set state = 'revoked', retired_at = $2 where owner = $1 and state <> 'revoked'"),
        params![owner, at],
    )
}

/// Spends a nonce; `false` when it was spent before. Kept by creation second, so old seconds drop as a whole.
pub fn spend_nonce(
    tx: &mut WriteTx<'_>,
    second: i64,
    key_id: &[u8; 16],
    value: &[u8],
) -> Result<bool, StoreError> {
    let sql = sql!("insert into nonce (bucket, key_id, value) values ($1, $2, $3) on conflict do nothing");
    Ok(tx.execute(sql, params![second, key_id, value])? == 1)
}

/// Forgets nonces created before `second`.
pub fn forget_nonces(tx: &mut WriteTx<'_>, second: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from nonce where bucket < $1"), params![second])
}
