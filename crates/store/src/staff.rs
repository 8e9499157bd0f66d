//! Rows of staff sessions and sign-ins, second factors and recovery codes. The accounts themselves are in [`crate::org`].

use crate::org::{OrgRow, StaffRow, org_at, staff_at};
use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A staff session as it is stored. All times are real time, µs.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// SM3 of the token.
    pub token_hash: [u8; 32],
    /// By which it is listed and ended.
    pub id: [u8; 16],
    /// The account.
    pub staff_id: [u8; 16],
    /// `bearer` or `cookie`.
    pub carrier: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
    /// When the second factor was last confirmed in it.
    pub confirmed_at: Option<i64>,
    /// How the account had signed in before; none = the session began before that was noted.
    pub previous: Option<SignInRow>,
}

/// The last sign-in of an account, and what failed since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignInRow {
    /// When, real time, µs; none = there was none yet.
    pub at: Option<i64>,
    /// The request that it was, which finds the address as long as that is kept.
    pub request: Option<[u8; 16]>,
    /// Sign-ins that failed since.
    pub failures: i64,
}

/// The columns `at`, `request` and `failures` from `i` on; a row that is not there has no failures.
fn sign_in_at(r: &Row, i: usize) -> Result<Option<SignInRow>, StoreError> {
    let Some(failures) = r.opt_i64(i + 2)? else { return Ok(None) };
    Ok(Some(SignInRow { at: r.opt_i64(i)?, request: r.opt_array(i + 1)?, failures }))
}

fn session(r: &Row) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        token_hash: r.array(0)?,
        id: r.array(1)?,
        staff_id: r.array(2)?,
        carrier: r.text(3)?,
        created_at: r.i64(4)?,
        seen_at: r.i64(5)?,
        expires_at: r.i64(6)?,
        confirmed_at: r.opt_i64(7)?,
        previous: sign_in_at(r, 8)?,
    })
}

/// Adds a session.
pub fn insert_session(tx: &mut WriteTx<'_>, s: &SessionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into staff_session (token_hash, id, staff_id, carrier, created_at, seen_at, expires_at,
                                        confirmed_at, previous_at, previous_request, previous_failures)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &s.token_hash,
            &s.id,
            &s.staff_id,
            &s.carrier,
            s.created_at,
            s.seen_at,
            s.expires_at,
            s.confirmed_at,
            s.previous.and_then(|previous| previous.at),
            s.previous.as_ref().and_then(|previous| previous.request.as_ref()),
            s.previous.map(|previous| previous.failures)
        ],
    )
}

/// Who is behind a session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: SessionRow,
    /// The account.
    pub staff: StaffRow,
    /// Its organisation.
    pub org: OrgRow,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// The networks from which the organisation's accounts are used; none = from anywhere.
    pub networks: Option<String>,
}

/// The active account behind an unexpired session.
pub fn find_signed_in(
    tx: &mut ReadTx<'_>,
    token_hash: &[u8; 32],
    now: i64,
) -> Result<Option<SignedIn>, StoreError> {
    let sql = sql!(
        "select t.token_hash, t.id, t.staff_id, t.carrier, t.created_at, t.seen_at, t.expires_at, t.confirmed_at,
                t.previous_at, t.previous_request, t.previous_failures,
                s.id, s.org_id, s.login, s.role, s.password_hash, s.must_change, s.state, s.failed_attempts,
                s.locked_until, s.created_at, s.version,
                o.id, o.kind, o.name, o.division, o.uscc, o.created_at, o.version,
                (select count(*) from staff_factor f where f.staff_id = s.id and f.state = 'active')
                + (select count(*) from staff_passkey p where p.staff_id = s.id), u.networks
         from staff_session t join staff s on s.id = t.staff_id join org o on o.id = s.org_id
              left join sign_in_rule u on u.org_id = s.org_id
         where t.token_hash = $1 and t.expires_at > $2 and s.state = 'active'"
    );
    let Some(r) = tx.query_opt(sql, params![token_hash, now])? else { return Ok(None) };
    Ok(Some(SignedIn {
        session: session(&r)?,
        staff: staff_at(&r, 11)?,
        org: org_at(&r, 22)?,
        has_factor: r.i64(29)? > 0,
        networks: r.opt_text(30)?,
    }))
}

/// The unexpired sessions of an account that were used after `seen_after`, oldest first, at most `limit`.
pub fn list_sessions(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    now: i64,
    seen_after: i64,
    limit: i64,
) -> Result<Vec<SessionRow>, StoreError> {
    let sql = sql!(
        "select token_hash, id, staff_id, carrier, created_at, seen_at, expires_at, confirmed_at,
                previous_at, previous_request, previous_failures
         from staff_session where staff_id = $1 and expires_at > $2 and seen_at > $3 order by id limit $4"
    );
    tx.query(sql, params![staff_id, now, seen_after, limit])?.iter().map(session).collect()
}

/// Notes that a session was used; a session that has ended meanwhile stays ended.
pub fn touch_session(tx: &mut WriteTx<'_>, token_hash: &[u8; 32], at: i64) -> Result<u64, StoreError> {
    tx.execute(sql!("update staff_session set seen_at = $2 where token_hash = $1"), params![token_hash, at])
}

/// Notes that the second factor was confirmed in a session; how many there were.
pub fn confirm_session(tx: &mut WriteTx<'_>, token_hash: &[u8; 32], at: i64) -> Result<u64, StoreError> {
    let sql = sql!("update staff_session set confirmed_at = $2 where token_hash = $1");
    tx.execute(sql, params![token_hash, at])
}

/// Whether a session is still there, which it then is until the transaction ends.
pub fn lock_session(tx: &mut WriteTx<'_>, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let sql = sql_lock!("select token_hash from staff_session where token_hash = $1");
    Ok(tx.query_opt(sql, params![token_hash])?.is_some())
}

/// Ends a session.
pub fn delete_session(tx: &mut WriteTx<'_>, token_hash: &[u8; 32]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_session where token_hash = $1"), params![token_hash])
}

/// Ends a session of this account; how many there were.
pub fn delete_session_of(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    id: &[u8; 16],
) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_session where staff_id = $1 and id = $2"), params![staff_id, id])
}

/// Ends every session of an account.
pub fn delete_sessions(tx: &mut WriteTx<'_>, staff_id: &[u8; 16]) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_session where staff_id = $1"), params![staff_id])
}

/// Ends every session of an account but one.
pub fn delete_other_sessions(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    kept: &[u8; 32],
) -> Result<u64, StoreError> {
    let sql = sql!("delete from staff_session where staff_id = $1 and token_hash <> $2");
    tx.execute(sql, params![staff_id, kept])
}

/// Most sessions of an account that are told of a later sign-in; older ones are just ended.
const MOST_SUPERSEDED: usize = 200;

/// Ends every session of an account because it was signed in anew `at`, and keeps that of those that were in force:
/// unexpired and used after `seen_after`. How many those were.
pub fn supersede_sessions(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    at: i64,
    seen_after: i64,
) -> Result<usize, StoreError> {
    let mut in_force = list_sessions(tx, staff_id, at, seen_after, i64::MAX)?;
    let count = in_force.len();
    // Ids ascend with time.
    for session in in_force.drain(count.saturating_sub(MOST_SUPERSEDED)..) {
        let sql = sql!("insert into staff_superseded (token_hash, at, expires_at) values ($1, $2, $3)");
        tx.execute_one(sql, params![&session.token_hash, at, session.expires_at])?;
    }
    delete_sessions(tx, staff_id)?;
    Ok(count)
}

/// When a later sign-in ended the session of this token, as long as it would have lasted.
pub fn find_superseded(
    tx: &mut ReadTx<'_>,
    token_hash: &[u8; 32],
    now: i64,
) -> Result<Option<i64>, StoreError> {
    let sql = sql!("select at from staff_superseded where token_hash = $1 and expires_at > $2");
    tx.query_opt(sql, params![token_hash, now])?.map(|r| r.i64(0)).transpose()
}

/// The last sign-in of an account, as it stands.
pub fn find_sign_in(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<Option<SignInRow>, StoreError> {
    let sql = sql!("select at, request, failures from staff_sign_in where staff_id = $1");
    tx.query_opt(sql, params![staff_id])?.map_or(Ok(None), |r| sign_in_at(&r, 0))
}

/// Puts a sign-in that succeeded in the place of the account's last one, and answers that one. The account's row is
/// locked by whoever calls, so none is lost between two.
pub fn swap_sign_in(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    at: i64,
    request: Option<&[u8; 16]>,
) -> Result<SignInRow, StoreError> {
    let before = find_sign_in(tx, staff_id)?.unwrap_or_default();
    let sql = sql!(
        "insert into staff_sign_in (staff_id, at, request, failures) values ($1, $2, $3, 0)
         on conflict (staff_id) do update set at = excluded.at, request = excluded.request, failures = 0"
    );
    tx.execute_one(sql, params![staff_id, at, request])?;
    Ok(before)
}

/// Counts a sign-in that failed.
pub fn count_failed_sign_in(tx: &mut WriteTx<'_>, staff_id: &[u8; 16]) -> Result<(), StoreError> {
    let sql = sql!(
        "insert into staff_sign_in (staff_id, failures) values ($1, 1)
         on conflict (staff_id) do update set failures = staff_sign_in.failures + 1"
    );
    tx.execute_one(sql, params![staff_id])
}

/// A second factor as it is stored.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// The account.
    pub staff_id: [u8; 16],
    /// `pending` or `active`.
    pub state: String,
    /// Version of the data key that sealed.
    pub key_version: i64,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The latest step whose code was used.
    pub last_step: i64,
    /// µs.
    pub created_at: i64,
}

fn factor(r: &Row) -> Result<FactorRow, StoreError> {
    Ok(FactorRow {
        staff_id: r.array(0)?,
        state: r.text(1)?,
        key_version: r.i64(2)?,
        sealed: r.bytes(3)?,
        last_step: r.i64(4)?,
        created_at: r.i64(5)?,
    })
}

/// The factor of an account in this state.
pub fn find_factor(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    state: &str,
) -> Result<Option<FactorRow>, StoreError> {
    let sql = sql!(
        "select staff_id, state, key_version, sealed, last_step, created_at
         from staff_factor where staff_id = $1 and state = $2"
    );
    tx.query_opt(sql, params![staff_id, state])?.as_ref().map(factor).transpose()
}

/// [`find_factor`], locked until the transaction ends.
pub fn lock_factor(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    state: &str,
) -> Result<Option<FactorRow>, StoreError> {
    let sql = sql_lock!(
        "select staff_id, state, key_version, sealed, last_step, created_at
         from staff_factor where staff_id = $1 and state = $2"
    );
    tx.query_opt(sql, params![staff_id, state])?.as_ref().map(factor).transpose()
}

/// Puts a factor in the place of the account's one in the same state.
pub fn replace_factor(tx: &mut WriteTx<'_>, f: &FactorRow) -> Result<(), StoreError> {
    delete_factor(tx, &f.staff_id, &f.state)?;
    tx.execute_one(
        sql!(
            "insert into staff_factor (staff_id, state, key_version, sealed, last_step, created_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        params![&f.staff_id, &f.state, f.key_version, &f.sealed, f.last_step, f.created_at],
    )
}

/// Removes the factor of an account in this state; how many there were.
pub fn delete_factor(tx: &mut WriteTx<'_>, staff_id: &[u8; 16], state: &str) -> Result<u64, StoreError> {
    tx.execute(sql!("delete from staff_factor where staff_id = $1 and state = $2"), params![staff_id, state])
}

/// Notes the step whose code was used last.
pub fn update_last_step(tx: &mut WriteTx<'_>, staff_id: &[u8; 16], step: i64) -> Result<(), StoreError> {
    let sql = sql!("update staff_factor set last_step = $2 where staff_id = $1 and state = 'active'");
    tx.execute_one(sql, params![staff_id, step])
}

/// Puts these recovery codes in the place of the account's.
pub fn replace_recovery(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    digests: &[[u8; 32]],
) -> Result<(), StoreError> {
    tx.execute(sql!("delete from staff_recovery where staff_id = $1"), params![staff_id])?;
    for digest in digests {
        tx.execute_one(
            sql!("insert into staff_recovery (staff_id, digest) values ($1, $2)"),
            params![staff_id, digest],
        )?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when the account has none such.
pub fn spend_recovery(
    tx: &mut WriteTx<'_>,
    staff_id: &[u8; 16],
    digest: &[u8; 32],
) -> Result<bool, StoreError> {
    let sql = sql!("delete from staff_recovery where staff_id = $1 and digest = $2");
    Ok(tx.execute(sql, params![staff_id, digest])? == 1)
}

/// How many recovery codes an account has left.
pub fn count_recovery(tx: &mut ReadTx<'_>, staff_id: &[u8; 16]) -> Result<i64, StoreError> {
    tx.query_one(sql!("select count(*) from staff_recovery where staff_id = $1"), params![staff_id])?.i64(0)
}
