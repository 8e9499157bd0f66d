//! Rows of what accounts want to be told, of the addresses that their mail goes to, and of the codes that confirm those.
//!
//! Invariant: one process at a time has an address in hand. Taking it moves `next_at` to the end of a lease and counts the
//! attempt; who wants to settle it must still hold that lease, and otherwise settles nothing. Another address is another
//! lease.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// The settings of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRow {
    /// The account.
    pub staff_id: [u8; 16],
    /// Categories that are muted, a space between two.
    pub muted: String,
    /// Categories of which no mail is wanted.
    pub unmailed: String,
    /// `zh-CN` or `en`.
    pub language: String,
    /// Optimistic version.
    pub version: i64,
}

/// The settings of an account; those of one that never said anything have the version 1.
pub fn get(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<NotificationRow, StoreError> {
    let sql = sql!("select muted, unmailed, language, version from notification where staff_id = $1");
    let staff_id = *staff_id;
    let Some(r) = tx.query_opt(sql, params![&staff_id])? else {
        let (muted, unmailed, language) = (String::new(), String::new(), "zh-CN".into());
        return Ok(NotificationRow { staff_id, muted, unmailed, language, version: 1 });
    };
    Ok(NotificationRow {
        staff_id,
        muted: r.text(0)?,
        unmailed: r.text(1)?,
        language: r.text(2)?,
        version: r.i64(3)?,
    })
}

/// Writes settings in the place of the version before them; `Stale` when that is not the stored one. The account is locked by
/// whoever calls.
pub fn replace(tx: &mut WriteTx<'_>, row: &NotificationRow) -> Result<(), StoreError> {
    if get(tx, &row.staff_id)?.version != row.version {
        return Err(StoreError::Stale);
    }
    let sql = sql!(
        "insert into notification (staff_id, muted, unmailed, language, version) values ($1, $2, $3, $4, $5)
         on conflict (staff_id) do update set muted = excluded.muted, unmailed = excluded.unmailed,
                                              language = excluded.language, version = excluded.version"
    );
    tx.execute_one(sql, params![&row.staff_id, &row.muted, &row.unmailed, &row.language, row.version + 1])
}

/// Where the mail of an account goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRow {
    /// The account.
    pub staff_id: [u8; 16],
    /// Version of the data key that sealed.
    pub key_version: i64,
    /// The address, sealed.
    pub sealed: Vec<u8>,
    /// `active` or `failing`.
    pub state: String,
    /// When its owner showed that they read it, µs.
    pub verified_at: i64,
    /// Messages before this id were told when the address was verified.
    pub told_before: [u8; 16],
    /// Messages up to this batch were told.
    pub told_batch: i64,
    /// What waited when it was told, eight bytes each.
    pub told_waits: Vec<u8>,
    /// When the last mail was taken, µs.
    pub mailed_at: Option<i64>,
    /// When it is looked at again, or the end of the lease on it, µs.
    pub next_at: i64,
    /// How often it was looked at.
    pub attempt: i64,
    /// Since when no mail was taken, µs.
    pub refused_since: Option<i64>,
}

fn address(r: &Row) -> Result<AddressRow, StoreError> {
    Ok(AddressRow {
        staff_id: r.array(0)?,
        key_version: r.i64(1)?,
        sealed: r.bytes(2)?,
        state: r.text(3)?,
        verified_at: r.i64(4)?,
        told_before: r.array(5)?,
        told_waits: r.bytes(6)?,
        mailed_at: r.opt_i64(7)?,
        next_at: r.i64(8)?,
        attempt: r.i64(9)?,
        refused_since: r.opt_i64(10)?,
        told_batch: r.i64(11)?,
    })
}

/// Where the mail of an account goes, if anywhere.
pub fn find_address(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<Option<AddressRow>, StoreError> {
    let sql = sql!(
        "select staff_id, key_version, sealed, state, verified_at, told_before, told_waits, mailed_at, next_at, attempt,
                refused_since, told_batch
         from mail_address where staff_id = $1"
    );
    tx.query_opt(sql, params![staff_id])?.as_ref().map(address).transpose()
}

/// Addresses to which mail goes and that are to be looked at by `now`, longest due first.
pub fn list_due(tx: &mut ReadTx<'_>, now: i64, limit: i64) -> Result<Vec<AddressRow>, StoreError> {
    let sql = sql!(
        "select staff_id, key_version, sealed, state, verified_at, told_before, told_waits, mailed_at, next_at, attempt,
                refused_since, told_batch
         from mail_address where state = 'active' and next_at <= $1 order by next_at, staff_id limit $2"
    );
    tx.query(sql, params![now, limit])?.iter().map(address).collect()
}

/// Puts an address in the place of the account's.
pub fn replace_address(tx: &mut WriteTx<'_>, row: &AddressRow) -> Result<(), StoreError> {
    delete_address(tx, &row.staff_id)?;
    tx.execute_one(
        sql!(
            "insert into mail_address (staff_id, key_version, sealed, state, verified_at, told_before, told_waits,
                                       mailed_at, next_at, attempt, refused_since, told_batch)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            &row.staff_id,
            row.key_version,
            &row.sealed,
            &row.state,
            row.verified_at,
            &row.told_before,
            &row.told_waits,
            row.mailed_at,
            row.next_at,
            row.attempt,
            row.refused_since,
            row.told_batch
        ],
    )
}

/// Takes the address of an account away; how many there were.
pub fn delete_address(tx: &mut WriteTx<'_>, staff_id: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from mail_address where staff_id = $1"), params![staff_id])
}

/// Takes an address that was listed as due until `lease_until`; `false` when another process was faster, or it is another one.
pub fn lease_address(tx: &mut WriteTx<'_>, row: &AddressRow, lease_until: i64) -> Result<bool, StoreError> {
    let sql = sql!(
        "update mail_address set next_at = $2, attempt = attempt + 1
         where staff_id = $1 and next_at = $3 and attempt = $4 and verified_at = $5"
    );
    let held = params![&row.staff_id, lease_until, row.next_at, row.attempt, row.verified_at];
    Ok(tx.execute(sql, held)? == 1)
}

/// Writes what became of an address that is held by the lease in `held`; `false` when it is not held any more.
pub fn settle_address(
    tx: &mut WriteTx<'_>,
    held: &AddressRow,
    after: &AddressRow,
) -> Result<bool, StoreError> {
    let sql = sql!(
        "update mail_address set state = $1, told_batch = $2, told_waits = $3, mailed_at = $4, next_at = $5,
                                 refused_since = $6
         where staff_id = $7 and next_at = $8 and attempt = $9 and verified_at = $10"
    );
    let changed = tx.execute(
        sql,
        params![
            &after.state,
            after.told_batch,
            &after.told_waits,
            after.mailed_at,
            after.next_at,
            after.refused_since,
            &held.staff_id,
            held.next_at,
            held.attempt,
            held.verified_at
        ],
    )?;
    Ok(changed == 1)
}

/// The code that was mailed last to an address that an account gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The account.
    pub staff_id: [u8; 16],
    /// Version of the data key that sealed.
    pub key_version: i64,
    /// The address, sealed; none once the code is used or void.
    pub sealed: Option<Vec<u8>>,
    /// Keyed digest of the code.
    pub digest: Option<[u8; 32]>,
    /// Until when it confirms, µs.
    pub expires_at: i64,
    /// How often another one was given.
    pub wrong: i64,
    /// When it was mailed, µs.
    pub mailed_at: i64,
    /// Since when codes are counted, µs.
    pub since: i64,
    /// How many were mailed since then.
    pub mailed: i64,
}

fn code(r: &Row) -> Result<CodeRow, StoreError> {
    Ok(CodeRow {
        staff_id: r.array(0)?,
        key_version: r.i64(1)?,
        sealed: r.opt_bytes(2)?,
        digest: r.opt_array(3)?,
        expires_at: r.i64(4)?,
        wrong: r.i64(5)?,
        mailed_at: r.i64(6)?,
        since: r.i64(7)?,
        mailed: r.i64(8)?,
    })
}

/// The code of an account.
pub fn find_code(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<Option<CodeRow>, StoreError> {
    let sql = sql!(
        "select staff_id, key_version, sealed, digest, expires_at, wrong, mailed_at, since, mailed
         from mail_code where staff_id = $1"
    );
    tx.query_opt(sql, params![staff_id])?.as_ref().map(code).transpose()
}

/// [`find_code`], locked until the transaction ends.
pub fn lock_code(tx: &mut WriteTx<'_>, staff_id: &[u8; 16]) -> Result<Option<CodeRow>, StoreError> {
    let sql = sql_lock!(
        "select staff_id, key_version, sealed, digest, expires_at, wrong, mailed_at, since, mailed
         from mail_code where staff_id = $1"
    );
    tx.query_opt(sql, params![staff_id])?.as_ref().map(code).transpose()
}

/// Writes the code of an account in the place of the one before it.
pub fn replace_code(tx: &mut WriteTx<'_>, row: &CodeRow) -> Result<(), StoreError> {
    // In its place: whoever waits for the row finds it.
    tx.execute_one(
        sql!(
            "insert into mail_code (staff_id, key_version, sealed, digest, expires_at, wrong, mailed_at, since, mailed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (staff_id) do update set key_version = excluded.key_version, sealed = excluded.sealed,
               digest = excluded.digest, expires_at = excluded.expires_at, wrong = excluded.wrong,
               mailed_at = excluded.mailed_at, since = excluded.since, mailed = excluded.mailed"
        ),
        params![
            &row.staff_id,
            row.key_version,
            row.sealed.as_ref(),
            row.digest.as_ref(),
            row.expires_at,
            row.wrong,
            row.mailed_at,
            row.since,
            row.mailed
        ],
    )
}

/// Forgets codes that were mailed before `at`, and the addresses that they were mailed to.
pub fn forget_codes(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from mail_code where mailed_at < $1"), params![at])
}
