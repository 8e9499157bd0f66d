//! Rows of organisations and the accounts of their staff.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};
use domain::division::DivisionCode;

/// An organisation as it is stored.
#[derive(Debug, Clone)]
pub struct OrgRow {
    /// The organisation's id.
    pub id: [u8; 16],
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub division: String,
    /// 统一社会信用代码.
    pub uscc: Option<String>,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

/// A member of staff as it is stored.
#[derive(Debug, Clone)]
pub struct StaffRow {
    /// The account's id.
    pub id: [u8; 16],
    /// The organisation.
    pub org_id: [u8; 16],
    /// Unique sign-in name.
    pub login: String,
    /// The one role.
    pub role: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// 1 while the one-time secret has not been replaced.
    pub must_change: i64,
    /// `active` or `disabled`.
    pub state: String,
    /// Wrong passwords since the last right one.
    pub failed_attempts: i64,
    /// µs.
    pub locked_until: Option<i64>,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

pub(crate) fn org_at(r: &Row, i: usize) -> Result<OrgRow, StoreError> {
    Ok(OrgRow {
        id: r.array(i)?,
        kind: r.text(i + 1)?,
        name: r.text(i + 2)?,
        division: r.text(i + 3)?,
        uscc: r.opt_text(i + 4)?,
        created_at: r.i64(i + 5)?,
        version: r.i64(i + 6)?,
    })
}

fn staff(r: &Row) -> Result<StaffRow, StoreError> {
    staff_at(r, 0)
}

pub(crate) fn staff_at(r: &Row, i: usize) -> Result<StaffRow, StoreError> {
    Ok(StaffRow {
        id: r.array(i)?,
        org_id: r.array(i + 1)?,
        login: r.text(i + 2)?,
        role: r.text(i + 3)?,
        password_hash: r.text(i + 4)?,
        must_change: r.i64(i + 5)?,
        state: r.text(i + 6)?,
        failed_attempts: r.i64(i + 7)?,
        locked_until: r.opt_i64(i + 8)?,
        created_at: r.i64(i + 9)?,
        version: r.i64(i + 10)?,
    })
}

/// An organisation by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<OrgRow>, StoreError> {
    let sql = sql!("select id, kind, name, division, uscc, created_at, version from org where id = $1");
    tx.query_opt(sql, params![id])?.map(|r| org_at(&r, 0)).transpose()
}

/// An organisation by its credit code.
pub fn find_by_uscc(tx: &mut ReadTx<'_>, uscc: &str) -> Result<Option<OrgRow>, StoreError> {
    let sql = sql!("select id, kind, name, division, uscc, created_at, version from org where uscc = $1");
    tx.query_opt(sql, params![uscc])?.map(|r| org_at(&r, 0)).transpose()
}

/// The organisations of the divisions from `first` to `last`, by id; one look at the table.
pub fn list_between(
    tx: &mut ReadTx<'_>,
    first: DivisionCode,
    last: DivisionCode,
) -> Result<Vec<OrgRow>, StoreError> {
    let sql = sql!(
        "select id, kind, name, division, uscc, created_at, version
         from org where division >= $1 and division <= $2 order by id"
    );
    tx.query(sql, params![&first.to_string(), &last.to_string()])?.iter().map(|r| org_at(r, 0)).collect()
}

/// Keeps others from registering organisations until the transaction ends: the oldest one is locked. What has no credit
/// code has no constraint that would tell two of them apart.
pub fn lock_register(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.query(sql_lock!("select version from org order by id limit 1"), &[]).map(drop)
}

/// A page of the organisations that stand in `area`, in the order they were created, after `after`.
pub fn list(
    tx: &mut ReadTx<'_>,
    area: DivisionCode,
    after: &[u8],
    limit: i64,
) -> Result<Vec<OrgRow>, StoreError> {
    let sql = sql!(
        "select id, kind, name, division, uscc, created_at, version
         from org where id > $1 and division >= $2 and division <= $3 order by id limit $4"
    );
    tx.query(sql, params![after, &area.to_string(), &area.last().to_string(), limit])?
        .iter()
        .map(|r| org_at(r, 0))
        .collect()
}

/// An organisation by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<OrgRow>, StoreError> {
    let sql = sql_lock!("select id, kind, name, division, uscc, created_at, version from org where id = $1");
    tx.query_opt(sql, params![id])?.map(|r| org_at(&r, 0)).transpose()
}

/// Whether no organisation exists yet.
pub fn is_empty(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    Ok(tx.query(sql!("select version from org limit 1"), &[])?.is_empty())
}

/// Adds an organisation.
pub fn insert(tx: &mut WriteTx<'_>, o: &OrgRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into org (id, kind, name, division, uscc, created_at, version)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![&o.id, &o.kind, &o.name, &o.division, o.uscc.as_ref(), o.created_at, o.version],
    )
}

/// A member of staff by sign-in name, locked until the transaction ends.
pub fn lock_staff_by_login(tx: &mut WriteTx<'_>, login: &str) -> Result<Option<StaffRow>, StoreError> {
    let sql = sql_lock!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff where login = $1"
    );
    tx.query_opt(sql, params![login])?.as_ref().map(staff).transpose()
}

/// A member of staff by sign-in name.
pub fn find_staff_by_login(tx: &mut ReadTx<'_>, login: &str) -> Result<Option<StaffRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff where login = $1"
    );
    tx.query_opt(sql, params![login])?.as_ref().map(staff).transpose()
}

/// How many accounts of a role exist.
pub fn count_staff_of_role(tx: &mut ReadTx<'_>, role: &str) -> Result<i64, StoreError> {
    tx.query_one(sql!("select count(*) from staff where role = $1"), params![role])?.i64(0)
}

/// An account as it is listed.
#[derive(Debug, Clone)]
pub struct ListedRow {
    /// The account.
    pub staff: StaffRow,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// Its last sign-in, real time, µs.
    pub signed_in_at: Option<i64>,
}

fn listed(r: &Row) -> Result<ListedRow, StoreError> {
    Ok(ListedRow { staff: staff(r)?, has_factor: r.i64(11)? > 0, signed_in_at: r.opt_i64(12)? })
}

/// A page of the staff whose organisation stands in `area`, in the order they were created, after `after`.
pub fn list_staff(
    tx: &mut ReadTx<'_>,
    area: DivisionCode,
    after: &[u8],
    limit: i64,
) -> Result<Vec<ListedRow>, StoreError> {
    let sql = sql!(
        "select s.id, s.org_id, s.login, s.role, s.password_hash, s.must_change, s.state, s.failed_attempts,
                s.locked_until, s.created_at, s.version,
                (select count(*) from staff_factor f where f.staff_id = s.id and f.state = 'active')
                + (select count(*) from staff_passkey p where p.staff_id = s.id), i.at
         from staff s join org o on o.id = s.org_id left join staff_sign_in i on i.staff_id = s.id
         where s.id > $1 and o.division >= $2 and o.division <= $3 order by s.id limit $4"
    );
    tx.query(sql, params![after, &area.to_string(), &area.last().to_string(), limit])?
        .iter()
        .map(listed)
        .collect()
}

/// A page of the staff of an organisation, in the order they were created, after `after`.
pub fn list_staff_of(
    tx: &mut ReadTx<'_>,
    org: &[u8; 16],
    after: &[u8],
    limit: i64,
) -> Result<Vec<ListedRow>, StoreError> {
    let sql = sql!(
        "select s.id, s.org_id, s.login, s.role, s.password_hash, s.must_change, s.state, s.failed_attempts,
                s.locked_until, s.created_at, s.version,
                (select count(*) from staff_factor f where f.staff_id = s.id and f.state = 'active')
                + (select count(*) from staff_passkey p where p.staff_id = s.id), i.at
         from staff s left join staff_sign_in i on i.staff_id = s.id
         where s.org_id = $1 and s.id > $2 order by s.id limit $3"
    );
    tx.query(sql, params![org, after, limit])?.iter().map(listed).collect()
}

/// How many accounts of an organisation are enabled.
pub fn count_enabled(tx: &mut ReadTx<'_>, org: &[u8; 16]) -> Result<i64, StoreError> {
    let sql = sql!("select count(*) from staff where org_id = $1 and state = 'active'");
    tx.query_one(sql, params![org])?.i64(0)
}

/// How many accounts of an organisation in this role are enabled, one left out.
pub fn count_enabled_others(
    tx: &mut ReadTx<'_>,
    org: &[u8; 16],
    role: &str,
    but: &[u8; 16],
) -> Result<i64, StoreError> {
    let sql =
        sql!("select count(*) from staff where org_id = $1 and role = $2 and state = 'active' and id <> $3");
    tx.query_one(sql, params![org, role, but])?.i64(0)
}

/// The active accounts of an organisation, by their names.
pub fn list_active_staff(tx: &mut ReadTx<'_>, org_id: &[u8; 16]) -> Result<Vec<StaffRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff where org_id = $1 and state = 'active' order by login"
    );
    tx.query(sql, params![org_id])?.iter().map(staff).collect()
}

/// A member of staff by id.
pub fn find_staff(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<StaffRow>, StoreError> {
    let sql = sql!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(staff).transpose()
}

/// Adds a member of staff.
pub fn insert_staff(tx: &mut WriteTx<'_>, s: &StaffRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into staff (id, org_id, login, role, password_hash, must_change, state, failed_attempts,
                                locked_until, created_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &s.id,
            &s.org_id,
            &s.login,
            &s.role,
            &s.password_hash,
            s.must_change,
            &s.state,
            s.failed_attempts,
            s.locked_until,
            s.created_at,
            s.version
        ],
    )
}

/// Writes what changes in an account; `Stale` when the row's version is not the stored one.
pub fn update_staff(tx: &mut WriteTx<'_>, s: &StaffRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update staff set password_hash = $2, must_change = $3, state = $4, failed_attempts = $5,
                              locked_until = $6, version = version + 1
             where id = $1 and version = $7"
        ),
        params![
            &s.id,
            &s.password_hash,
            s.must_change,
            &s.state,
            s.failed_attempts,
            s.locked_until,
            s.version
        ],
    )
}

/// A member of staff of an organisation that stands in `area`, locked until the transaction ends.
pub fn lock_staff_in(
    tx: &mut WriteTx<'_>,
    area: DivisionCode,
    id: &[u8; 16],
) -> Result<Option<StaffRow>, StoreError> {
    let sql = sql_lock!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff
         where id = $1 and org_id in (select o.id from org o where o.division >= $2 and o.division <= $3)"
    );
    let (first, last) = (area.to_string(), area.last().to_string());
    tx.query_opt(sql, params![id, &first, &last])?.as_ref().map(staff).transpose()
}

/// A member of staff of an organisation, locked until the transaction ends.
pub fn lock_staff_of(
    tx: &mut WriteTx<'_>,
    org: &[u8; 16],
    id: &[u8; 16],
) -> Result<Option<StaffRow>, StoreError> {
    let sql = sql_lock!(
        "select id, org_id, login, role, password_hash, must_change, state, failed_attempts, locked_until,
                created_at, version
         from staff where id = $1 and org_id = $2"
    );
    tx.query_opt(sql, params![id, org])?.as_ref().map(staff).transpose()
}
