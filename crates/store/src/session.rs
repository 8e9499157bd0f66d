//! Rows of callers' sessions: high-rate access under a short-lived wrapped key.

use crate::{ReadTx, StoreError, WriteTx, epoch, params, sql};

/// A caller's session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The session's id.
    pub id: [u8; 16],
    /// The key that signed the handshake.
    pub key_id: [u8; 16],
    /// The channel or terminal.
    pub caller: [u8; 16],
    /// `channel` or `terminal`.
    pub caller_kind: String,
    /// The MAC key under the device's master key.
    pub wrapped: Vec<u8>,
    /// Real time, µs.
    pub created_at: i64,
    /// Real time, µs.
    pub expires_at: i64,
    /// Real time, µs.
    pub closed_at: Option<i64>,
}

/// Adds a session.
pub fn insert(tx: &mut WriteTx<'_>, row: &SessionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into caller_session (id, key_id, caller, caller_kind, wrapped, created_at, expires_at, closed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            &row.id,
            &row.key_id,
            &row.caller,
            &row.caller_kind,
            &row.wrapped,
            row.created_at,
            row.expires_at,
            row.closed_at
        ],
    )
}

/// A session by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<SessionRow>, StoreError> {
    let sql = sql!(
        "select id, key_id, caller, caller_kind, wrapped, created_at, expires_at, closed_at
         from caller_session where id = $1"
    );
    let Some(r) = tx.query_opt(sql, params![id])? else { return Ok(None) };
    Ok(Some(SessionRow {
        id: r.array(0)?,
        key_id: r.array(1)?,
        caller: r.array(2)?,
        caller_kind: r.text(3)?,
        wrapped: r.bytes(4)?,
        created_at: r.i64(5)?,
        expires_at: r.i64(6)?,
        closed_at: r.opt_i64(7)?,
    }))
}

/// Closes a session.
pub fn close(tx: &mut WriteTx<'_>, id: &[u8; 16], at: i64) -> Result<u64, StoreError> {
    epoch::advance(tx)?;
    let sql = sql!("update caller_session set closed_at = $2 where id = $1 and closed_at is null");
    tx.execute(sql, params![id, at])
}

/// Forgets sessions that ended before `at`.
pub fn forget_before(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from caller_session where expires_at < $1"), params![at])
}
