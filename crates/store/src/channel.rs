//! Rows of channels.

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, measure, params, sql, sql_lock};

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
    /// How it belongs to its level-1 channel.
    pub relation: Option<String>,
    /// `sdk` or `h5`.
    pub access_mode: String,
    /// Divisions, comma-separated.
    pub regions: String,
    /// Service codes, comma-separated.
    pub services: String,
    /// Whether it has platform-level capability: 0 or 1.
    pub platform_level: i64,
    /// Where it stands in its life.
    pub phase: String,
    /// When it went live, µs.
    pub live_at: Option<i64>,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
    /// What each open measure withholds, as JSON; read with the row, written by [`crate::measure`].
    pub measures: Vec<String>,
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
        relation: r.opt_text(9)?,
        access_mode: r.text(10)?,
        regions: r.text(11)?,
        services: r.text(12)?,
        platform_level: r.i64(13)?,
        phase: r.text(14)?,
        live_at: r.opt_i64(15)?,
        created_at: r.i64(16)?,
        version: r.i64(17)?,
        measures: Vec::new(),
    })
}

/// The row with its open measures.
fn whole(tx: &mut ReadTx<'_>, found: &Row) -> Result<ChannelRow, StoreError> {
    let mut channel = row(found)?;
    channel.measures = measure::list_open(tx, &channel.id)?;
    Ok(channel)
}

/// A channel by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, relation, access_mode, regions,
                services, platform_level, phase, live_at, created_at, version
         from channel where id = $1"
    );
    let found = tx.query_opt(sql, params![id])?;
    found.map(|found| whole(tx, &found)).transpose()
}

/// A channel by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<ChannelRow>, StoreError> {
    let sql = sql_lock!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, relation, access_mode, regions,
                services, platform_level, phase, live_at, created_at, version
         from channel where id = $1"
    );
    let found = tx.query_opt(sql, params![id])?;
    found.map(|found| whole(tx, &found)).transpose()
}

/// The phase of a channel, if there is one.
pub fn phase(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(sql!("select phase from channel where id = $1"), params![id])?;
    found.map(|r| r.text(0)).transpose()
}

/// A page of channels in the order they were created, after `after`.
pub fn list(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, relation, access_mode, regions,
                services, platform_level, phase, live_at, created_at, version
         from channel where id > $1 order by id limit $2"
    );
    let found = tx.query(sql, params![after, limit])?;
    found.iter().map(|found| whole(tx, found)).collect()
}

/// A page of the channels that have left and have an open matter or an endpoint that is not paused, by id after `after`.
pub fn list_left(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<[u8; 16]>, StoreError> {
    let sql = sql!(
        "select id from channel c
         where phase in ('exited', 'terminated') and id > $1
           and (exists (select 1 from matter m where m.channel_id = c.id and m.ended = 0)
             or exists (select 1 from webhook w where w.owner_id = c.id and w.paused_at is null))
         order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(|r| r.array(0)).collect()
}

/// The channels of an owner and the level-2 channels below them.
pub fn list_kept_by(tx: &mut ReadTx<'_>, owner: &[u8; 16]) -> Result<Vec<[u8; 16]>, StoreError> {
    let sql = sql!(
        "select id from channel where owner_id = $1
         union select c.id from channel c join channel p on p.id = c.parent_id where p.owner_id = $1"
    );
    tx.query(sql, params![owner])?.iter().map(|r| r.array(0)).collect()
}

/// The level-2 channels of a channel, by number.
pub fn list_below(tx: &mut ReadTx<'_>, parent: &[u8; 16]) -> Result<Vec<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, relation, access_mode, regions,
                services, platform_level, phase, live_at, created_at, version
         from channel where parent_id = $1 order by number"
    );
    let found = tx.query(sql, params![parent])?;
    found.iter().map(|found| whole(tx, found)).collect()
}

/// Channels in a phase by number, beginning behind `after`.
pub fn list_by_number(
    tx: &mut ReadTx<'_>,
    phase: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<ChannelRow>, StoreError> {
    let sql = sql!(
        "select id, number, name, owner_id, class, level, parent_id, form, form_name, relation, access_mode, regions,
                services, platform_level, phase, live_at, created_at, version
         from channel where phase = $1 and number > $2 order by number limit $3"
    );
    let found = tx.query(sql, params![phase, after, limit])?;
    found.iter().map(|found| whole(tx, found)).collect()
}

/// The channel with a number.
pub fn find_by_number(tx: &mut ReadTx<'_>, number: &str) -> Result<Option<ChannelRow>, StoreError> {
    let found = tx.query_opt(sql!("select id from channel where number = $1"), params![number])?;
    match found {
        Some(row) => find(tx, &row.array(0)?),
        None => Ok(None),
    }
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
            "insert into channel (id, number, name, owner_id, class, level, parent_id, form, form_name, relation,
                                  access_mode, regions, services, platform_level, phase, live_at, created_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
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
            c.relation.as_ref(),
            &c.access_mode,
            &c.regions,
            &c.services,
            c.platform_level,
            &c.phase,
            c.live_at,
            c.created_at,
            c.version
        ],
    )
}

/// Writes what an act may change of a channel: phase, the moment it went live, scope; `Stale` when its version is not
/// the stored one. The stored version is one higher afterwards.
pub fn update(tx: &mut WriteTx<'_>, c: &ChannelRow) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!(
            "update channel set phase = $2, live_at = $3, regions = $4, services = $5, version = version + 1
             where id = $1 and version = $6"
        ),
        params![&c.id, &c.phase, c.live_at, &c.regions, &c.services, c.version],
    )
}
