//! Rows of the addresses that contacts of channels were told with: whether somebody showed that they read them, and the code
//! that was mailed last; and what the applications of a channel have done, by which it is known when a contact was told.
//!
//! Invariant: no address stands here, only its keyed digest; and a code that is used or void leaves none.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// What is known of an address that a contact of an owner was told with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactMailRow {
    /// The owner of the channel.
    pub owner_id: [u8; 16],
    /// Keyed digest of the address.
    pub address: [u8; 32],
    /// When whoever reads it showed so, µs.
    pub verified_at: Option<i64>,
    /// Keyed digest of the code that waits; none once it is used or void.
    pub digest: Option<[u8; 32]>,
    /// Until when that confirms, µs.
    pub expires_at: i64,
    /// How often another one was given.
    pub wrong: i64,
    /// When the last code was mailed, µs.
    pub mailed_at: i64,
    /// Since when codes are counted, µs.
    pub since: i64,
    /// How many were mailed since then.
    pub mailed: i64,
}

fn row(r: &Row) -> Result<ContactMailRow, StoreError> {
    Ok(ContactMailRow {
        owner_id: r.array(0)?,
        address: r.array(1)?,
        verified_at: r.opt_i64(2)?,
        digest: r.opt_array(3)?,
        expires_at: r.i64(4)?,
        wrong: r.i64(5)?,
        mailed_at: r.i64(6)?,
        since: r.i64(7)?,
        mailed: r.i64(8)?,
    })
}

/// What is known of every address of an owner.
pub fn list(tx: &mut ReadTx<'_>, owner_id: &[u8; 16]) -> Result<Vec<ContactMailRow>, StoreError> {
    let sql = sql!(
        "select owner_id, address, verified_at, digest, expires_at, wrong, mailed_at, since, mailed
         from contact_mail where owner_id = $1 order by address"
    );
    tx.query(sql, params![owner_id])?.iter().map(row).collect()
}

/// What is known of an address of an owner, locked until the transaction ends.
pub fn lock(
    tx: &mut WriteTx<'_>,
    owner_id: &[u8; 16],
    address: &[u8; 32],
) -> Result<Option<ContactMailRow>, StoreError> {
    let sql = sql_lock!(
        "select owner_id, address, verified_at, digest, expires_at, wrong, mailed_at, since, mailed
         from contact_mail where owner_id = $1 and address = $2"
    );
    tx.query_opt(sql, params![owner_id, address])?.as_ref().map(row).transpose()
}

/// Writes what is known of an address in the place of what was.
pub fn replace(tx: &mut WriteTx<'_>, row: &ContactMailRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into contact_mail (owner_id, address, verified_at, digest, expires_at, wrong, mailed_at, since,
                                       mailed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (owner_id, address) do update set verified_at = excluded.verified_at,
               digest = excluded.digest, expires_at = excluded.expires_at, wrong = excluded.wrong,
               mailed_at = excluded.mailed_at, since = excluded.since, mailed = excluded.mailed"
        ),
        params![
            &row.owner_id,
            &row.address,
            row.verified_at,
            row.digest.as_ref(),
            row.expires_at,
            row.wrong,
            row.mailed_at,
            row.since,
            row.mailed
        ],
    )
}

/// Forgets what is known of addresses that nobody confirmed and to which no code was mailed since `at`.
pub fn forget(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from contact_mail where verified_at is null and mailed_at < $1"), params![at])
}

/// When an application did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneRow {
    /// The application.
    pub matter_id: [u8; 16],
    /// What was done: `open`, `file` or `file_formal`.
    pub action: String,
    /// When, µs.
    pub at: i64,
}

/// When each application about a channel was opened and filed, in that order.
pub fn list_done(tx: &mut ReadTx<'_>, channel_id: &[u8; 16]) -> Result<Vec<DoneRow>, StoreError> {
    let sql = sql!(
        "select step.matter_id, step.action, step.at from matter_step step
         join matter on matter.id = step.matter_id
         where matter.channel_id = $1 and matter.kind = 'application'
           and step.action in ('open', 'file', 'file_formal')
         order by step.matter_id, step.number"
    );
    let rows = tx.query(sql, params![channel_id])?;
    rows.iter().map(|r| Ok(DoneRow { matter_id: r.array(0)?, action: r.text(1)?, at: r.i64(2)? })).collect()
}
