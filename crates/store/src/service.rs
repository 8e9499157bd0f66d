//! Rows of the service catalogue and of what departments have opened (the department's authorization, ND-3.5d).

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, params, sql, sql_lock};
use domain::division::DivisionCode;

/// A service of the catalogue.
#[derive(Debug, Clone)]
pub struct ServiceRow {
    /// The code.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Family of ND-3.3b.
    pub family: String,
    /// Whether every general-purpose channel has it (CH-8.2a): 0 or 1.
    pub standard: i64,
    /// µs.
    pub created_at: i64,
}

/// The opening of a service to a channel or terminal in a division.
#[derive(Debug, Clone)]
pub struct OpeningRow {
    /// The opening's id.
    pub id: [u8; 16],
    /// Channel or terminal.
    pub target_id: [u8; 16],
    /// Service code.
    pub service: String,
    /// Division whose department opened it.
    pub division: String,
    /// The member of staff who did.
    pub opened_by: [u8; 16],
    /// µs.
    pub opened_at: i64,
    /// µs; closed openings stay as history.
    pub closed_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
    /// The rectification that was ordered of it, while that is open.
    pub rectification_id: Option<[u8; 16]>,
    /// µs; since when it is withheld by that.
    pub suspended_at: Option<i64>,
}

/// The whole catalogue by code.
pub fn list(tx: &mut ReadTx<'_>) -> Result<Vec<ServiceRow>, StoreError> {
    let sql = sql!("select code, name_zh, name_en, family, standard, created_at from service order by code");
    tx.query(sql, &[])?
        .iter()
        .map(|r| {
            Ok(ServiceRow {
                code: r.text(0)?,
                name_zh: r.text(1)?,
                name_en: r.text(2)?,
                family: r.text(3)?,
                standard: r.i64(4)?,
                created_at: r.i64(5)?,
            })
        })
        .collect()
}

/// Adds a service; `false` when the code exists.
pub fn insert(tx: &mut WriteTx<'_>, s: &ServiceRow) -> Result<bool, StoreError> {
    let sql = sql!(
        "insert into service (code, name_zh, name_en, family, standard, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    let done =
        tx.execute(sql, params![&s.code, &s.name_zh, &s.name_en, &s.family, s.standard, s.created_at])?;
    Ok(done == 1)
}

/// Opens services to targets in divisions; opening again what was closed starts anew.
pub fn open_each(tx: &mut WriteTx<'_>, rows: &[OpeningRow]) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    for o in rows {
        tx.execute_one(
            sql!(
                "insert into service_opening (id, target_id, service, division, opened_by, opened_at, closed_at, version)
                 values ($1, $2, $3, $4, $5, $6, null, 1)
                 on conflict (target_id, service, division) do update
                 set id = excluded.id, opened_by = excluded.opened_by, opened_at = excluded.opened_at, closed_at = null,
                     rectification_id = null, suspended_at = null, version = service_opening.version + 1"
            ),
            params![&o.id, &o.target_id, &o.service, &o.division, &o.opened_by, o.opened_at],
        )?;
    }
    Ok(())
}

/// Closes an opening, suspended or not; `false` when there is none open.
pub fn close(
    tx: &mut WriteTx<'_>,
    target: &[u8; 16],
    service: &str,
    division: &str,
    at: i64,
) -> Result<bool, StoreError> {
    epoch::advance(tx)?;
    let sql = sql!(
        "update service_opening set closed_at = $4, rectification_id = null, suspended_at = null, version = version + 1
         where target_id = $1 and service = $2 and division = $3 and closed_at is null"
    );
    Ok(tx.execute(sql, params![target, service, division, at])? == 1)
}

/// Puts an opening under a rectification, suspended or not; without one it goes on as before.
pub fn order(
    tx: &mut WriteTx<'_>,
    id: &[u8; 16],
    rectification: Option<&[u8; 16]>,
    suspended_at: Option<i64>,
) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    let sql = sql!(
        "update service_opening set rectification_id = $2, suspended_at = $3, version = version + 1 where id = $1"
    );
    tx.execute_one(sql, params![id, rectification, suspended_at])
}

/// The openings of a service to a target, one for each division, closed ones included: that it was opened once is told
/// apart from never.
pub fn list_openings_for(
    tx: &mut ReadTx<'_>,
    target: &[u8; 16],
    service: &str,
) -> Result<Vec<OpeningRow>, StoreError> {
    let sql = sql!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening
         where target_id = $1 and service = $2 order by division"
    );
    tx.query(sql, params![target, service])?.iter().map(opening).collect()
}

fn opening(r: &Row) -> Result<OpeningRow, StoreError> {
    Ok(OpeningRow {
        id: r.array(0)?,
        target_id: r.array(1)?,
        service: r.text(2)?,
        division: r.text(3)?,
        opened_by: r.array(4)?,
        opened_at: r.i64(5)?,
        closed_at: r.opt_i64(6)?,
        version: r.i64(7)?,
        rectification_id: r.opt_array(8)?,
        suspended_at: r.opt_i64(9)?,
    })
}

/// An opening by id, closed ones included.
pub fn find_opening(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<OpeningRow>, StoreError> {
    let sql = sql!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(opening).transpose()
}

/// Whether what is opened to `target` is opened to a channel or terminal of `org`, or to a level-2 channel below one.
pub fn is_to(tx: &mut ReadTx<'_>, target: &[u8; 16], org: &[u8; 16]) -> Result<bool, StoreError> {
    let sql = sql!(
        "select (select count(*) from channel c left join channel p on p.id = c.parent_id
                        where c.id = $1 and (c.owner_id = $2 or p.owner_id = $2))
              + (select count(*) from terminal t where t.id = $1 and t.org_id = $2)"
    );
    Ok(tx.query_one(sql, params![target, org])?.i64(0)? > 0)
}

/// An opening by id, closed ones included, locked until the transaction ends.
pub fn lock_opening(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<OpeningRow>, StoreError> {
    let sql = sql_lock!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(opening).transpose()
}

/// A page of the openings in `area`, closed ones included, in the order they were made, after `after`.
pub fn list_openings_in(
    tx: &mut ReadTx<'_>,
    area: DivisionCode,
    after: &[u8],
    limit: i64,
) -> Result<Vec<OpeningRow>, StoreError> {
    let sql = sql!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening where id > $1 and division >= $2 and division <= $3 order by id limit $4"
    );
    tx.query(sql, params![after, &area.to_string(), &area.last().to_string(), limit])?
        .iter()
        .map(opening)
        .collect()
}

/// The divisions in which a service is open to anybody now and not suspended, by their code.
pub fn list_open_divisions(tx: &mut ReadTx<'_>, service: &str) -> Result<Vec<String>, StoreError> {
    let sql = sql!(
        "select distinct division from service_opening where service = $1 and closed_at is null and suspended_at is null order by division"
    );
    tx.query(sql, params![service])?.iter().map(|r| r.text(0)).collect()
}

/// A page of the openings to an organisation's own channels, to those of level 2 below them, and to its terminals.
pub fn list_openings_of(
    tx: &mut ReadTx<'_>,
    org: &[u8; 16],
    after: &[u8],
    limit: i64,
) -> Result<Vec<OpeningRow>, StoreError> {
    let sql = sql!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening
         where id > $1 and (target_id in (select c.id from channel c left join channel p on p.id = c.parent_id
                                            where c.owner_id = $2 or p.owner_id = $2)
                            or target_id in (select t.id from terminal t where t.org_id = $2))
         order by id limit $3"
    );
    tx.query(sql, params![after, org, limit])?.iter().map(opening).collect()
}

/// Every opening of a target, closed ones included.
pub fn list_openings(tx: &mut ReadTx<'_>, target: &[u8; 16]) -> Result<Vec<OpeningRow>, StoreError> {
    let sql = sql!(
        "select id, target_id, service, division, opened_by, opened_at, closed_at, version, rectification_id, suspended_at
         from service_opening where target_id = $1 order by service, division"
    );
    tx.query(sql, params![target])?.iter().map(opening).collect()
}
