//! Rows of passkeys, and of the challenges that wait for them.
//!
//! Invariant: a challenge is answered once, by the transaction that takes its row away.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A passkey as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// By which it is listed and removed.
    pub id: [u8; 16],
    /// The account.
    pub staff_id: [u8; 16],
    /// By which the device knows it; of one account in the whole world.
    pub credential_id: Vec<u8>,
    /// The COSE key.
    pub public_key: Vec<u8>,
    /// The latest counter that it showed.
    pub sign_count: i64,
    /// 1 when its key may be copied to other devices of its owner, which never changes; else 0.
    pub backup_eligible: i64,
    /// What its owner calls it.
    pub name: String,
    /// µs.
    pub created_at: i64,
    /// When it was last shown, µs.
    pub used_at: Option<i64>,
}

fn passkey(r: &Row) -> Result<PasskeyRow, StoreError> {
    Ok(PasskeyRow {
        id: r.array(0)?,
        staff_id: r.array(1)?,
        credential_id: r.bytes(2)?,
        public_key: r.bytes(3)?,
        sign_count: r.i64(4)?,
        backup_eligible: r.i64(5)?,
        name: r.text(6)?,
        created_at: r.i64(7)?,
        used_at: r.opt_i64(8)?,
    })
}

/// The passkeys of an account, oldest first.
pub fn list(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<Vec<PasskeyRow>, StoreError> {
    let sql = sql!(
        "select id, staff_id, credential_id, public_key, sign_count, backup_eligible, name, created_at, used_at
         from staff_passkey where staff_id = $1 order by id"
    );
    tx.query(sql, params![staff_id])?.iter().map(passkey).collect()
}

/// How many passkeys an account has.
pub fn count(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<i64, StoreError> {
    tx.query_one(sql!("select count(*) from staff_passkey where staff_id = $1"), params![staff_id])?.i64(0)
}

/// The passkey of an account by its credential's id, locked until the transaction ends.
pub fn lock(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    credential_id: &[u8],
) -> Result<Option<PasskeyRow>, StoreError> {
    let sql = sql_lock!(
        "select id, staff_id, credential_id, public_key, sign_count, backup_eligible, name, created_at, used_at
         from staff_passkey where credential_id = $2 and staff_id = $1"
    );
    tx.query_opt(sql, params![staff_id, credential_id])?.as_ref().map(passkey).transpose()
}

/// Whether some account has this credential.
pub fn is_taken(tx: &mut ReadTx<'_>, credential_id: &[u8]) -> Result<bool, StoreError> {
    let sql = sql!("select count(*) from staff_passkey where credential_id = $1");
    Ok(tx.query_one(sql, params![credential_id])?.i64(0)? > 0)
}

/// Adds a passkey; `Unique` when some account has its credential.
pub fn insert(tx: &mut WriteTx<'_>, p: &PasskeyRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into staff_passkey (id, staff_id, credential_id, public_key, sign_count, backup_eligible, name,
                                        created_at, used_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            &p.id,
            &p.staff_id,
            &p.credential_id,
            &p.public_key,
            p.sign_count,
            p.backup_eligible,
            &p.name,
            p.created_at,
            p.used_at
        ],
    )
}

/// Notes that a passkey was shown, and its counter.
pub fn note_use(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    id: &[u8; 16],
    sign_count: i64,
    at: i64,
) -> Result<(), StoreError> {
    let sql = sql!("update staff_passkey set sign_count = $3, used_at = $4 where staff_id = $1 and id = $2");
    tx.execute_one(sql, params![staff_id, id, sign_count, at])
}

/// Removes a passkey of this account; how many there were.
pub fn delete(tx: &mut WriteTx<'_>, staff_id: &[u8; 16], id: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_passkey where staff_id = $1 and id = $2"), params![staff_id, id])
}

/// Removes every passkey of an account; how many there were.
pub fn delete_all(tx: &mut WriteTx<'_>, staff_id: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_passkey where staff_id = $1"), params![staff_id])
}

/// A challenge that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeRow {
    /// Random bytes.
    pub challenge: [u8; 32],
    /// The account.
    pub staff_id: [u8; 16],
    /// `register`, `sign_in` or `step_up`.
    pub purpose: String,
    /// SM3 of the token of the session that asked; none = there is no session yet.
    pub session: Option<[u8; 32]>,
    /// Real time, µs.
    pub expires_at: i64,
}

/// Adds a challenge.
pub fn insert_challenge(tx: &mut WriteTx<'_>, c: &ChallengeRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into staff_challenge (challenge, staff_id, purpose, session, expires_at)
             values ($1, $2, $3, $4, $5)"
        ),
        params![&c.challenge, &c.staff_id, &c.purpose, c.session.as_ref(), c.expires_at],
    )
}

/// Forgets the challenges that an account waits for, for one purpose and in one session, but the `kept` that last longest.
pub fn trim_challenges(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    purpose: &str,
    session: Option<&[u8; 32]>,
    kept: i64,
) -> Result<u64, StoreError> {
    let sql = sql!(
        "delete from staff_challenge
         where staff_id = $1 and purpose = $2 and (session = $3 or ($3 is null and session is null))
           and challenge not in (
             select challenge from staff_challenge
             where staff_id = $1 and purpose = $2 and (session = $3 or ($3 is null and session is null))
             order by expires_at desc limit $4)"
    );
    tx.execute(sql, params![staff_id, purpose, session, kept])
}

/// Takes a challenge away, expired or not; none when there is none such, or somebody was faster.
pub fn take_challenge(
    tx: &mut WriteTx<'_>,
    challenge: &[u8; 32],
) -> Result<Option<ChallengeRow>, StoreError> {
    let sql = sql_lock!(
        "select challenge, staff_id, purpose, session, expires_at from staff_challenge where challenge = $1"
    );
    let Some(r) = tx.query_opt(sql, params![challenge])? else { return Ok(None) };
    tx.execute(sql!("delete from staff_challenge where challenge = $1"), params![challenge])?;
    Ok(Some(ChallengeRow {
        challenge: r.array(0)?,
        staff_id: r.array(1)?,
        purpose: r.text(2)?,
        session: r.opt_array(3)?,
        expires_at: r.i64(4)?,
    }))
}

/// Forgets challenges that expired before `at`.
pub fn forget_challenges(tx: &mut WriteTx<'_>, at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_challenge where expires_at < $1"), params![at])
}
