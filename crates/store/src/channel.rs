//! Rows of channels.

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, params, sql, sql_lock};

/// A channel as it is stored. Regions and services are sorted, separated by commas.
#[derive(Debug, Clone)]
pub struct ChannelRow {
    /// The channel's id.
    pub id: [u8; 16],
    /// 渠道编号, ten digits, unique for ever (CH-9.1d).
    pub number: String,
    /// 对外发布名称.
    pub name: String,
    /// The owner unit.
    pub owner_id: [u8; 16],
    /// One of six classes.
    pub class: String,
    /// 1 or 2.
    pub level: i64,
    /// The level-1 channel of a level-2 channel.
    pub parent_id: Option<[u8; 16]>,
    /// APP, 公众号, 生活号, 小程序 or a named other form.
    pub form: String,
    /// What the form is, when it is a named other one.
    pub form_name: Option<String>,
    /// `sdk` or `h5`.
    pub access_mode: String,
    /// Divisions, comma-separated.
    pub regions: String,
    /// Service codes, comma-separated.
    pub services: String,
    /// `live`, `suspended` or `terminated`.
    pub state: String,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<ChannelRow, StoreError> {
    Ok(ChannelRow {
        id: r.array(0)?,
        number: r.text(1)?,
        name: r.text(2)?,
        owner_id: r.array(3)?,
        class: r.text(4)?,
        level: r.i64(5)?,
        parent_id: r.opt_array(6)?,
        form: r.text(7)?,
        form_name: r.opt_text(8)?,
        access_mode: r.text(9)?,
        regions: r.text(10)?,
        services: r.text(11)?,
        state: r.text(12)?,
        created_at: r.i64(13)?,
        version: r.i64(14)?,
    })
}

/// A channel by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, access_mode, regions,
                services, state, created_at, version
         from channel where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A channel by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<ChannelRow>, StoreError> {
    let sql = sql_lock!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, access_mode, regions,
                services, state, created_at, version
         from channel where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// The state of a channel, if there is one.
pub fn state(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(sql!("select state from channel where id = $1"), params![id])?;
    found.map(|r| r.text(0)).transpose()
}

/// A page of channels in the order they were created, after `after`.
pub fn list(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, access_mode, regions,
                services, state, created_at, version
         from channel where id > $1 order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(row).collect()
}

/// Channels in a state by number, beginning behind `after`.
pub fn list_by_number(
    tx: &mut ReadTx<'_>,
    state: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, access_mode, regions,
                services, state, created_at, version
         from channel where state = $1 and number > $2 order by number limit $3"
    );
    tx.query(sql, params![state, after, limit])?.iter().map(row).collect()
}

/// Whether a number was ever given.
pub fn has_number(tx: &mut ReadTx<'_>, number: &str) -> Result<bool, StoreError> {
    Ok(tx.query_opt(sql!("select version from channel where number = $1"), params![number])?.is_some())
}

/// Adds a channel.
pub fn insert(tx: &mut WriteTx<'_>, c: &ChannelRow) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!(
            "insert into channel (id, number, name, owner_id, class, level, parent_id, form, form_name, access_mode,
                                  regions, services, state, created_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        params![
            &c.id,
            &c.number,
            &c.name,
            &c.owner_id,
            &c.class,
            c.level,
            c.parent_id.as_ref(),
            &c.form,
            c.form_name.as_ref(),
            &c.access_mode,
            &c.regions,
            &c.services,
            &c.state,
            c.created_at,
            c.version
        ],
    )
}

/// Writes a channel's state; `Stale` when `version` is not the stored one.
pub fn update_state(
    tx: &mut WriteTx<'_>,
    id: &[u8; 16],
    state: &str,
    version: i64,
) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!("update channel set state = $2, version = version + 1 where id = $1 and version = $3"),
        params![id, state, version],
    )
}
