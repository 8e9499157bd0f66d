//! Rows of matters and of their steps; of those they wait for in [`wait`].

mod wait;

pub use wait::{
    Awaited, WaitRow, list_overdue, list_provisional, list_waits, list_waits_of_org, list_waits_of_party,
    mark_overdue, replace_waits,
};

mod step;

pub use step::{StepRow, insert_step, list_steps};

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A matter as it is stored.
#[derive(Debug, Clone)]
pub struct MatterRow {
    /// The matter's id.
    pub id: [u8; 16],
    /// Its kind.
    pub kind: String,
    /// The word of its state.
    pub state: String,
    /// Whether it has ended: 0 or 1.
    pub ended: i64,
    /// The channel it is about, once there is one.
    pub channel_id: Option<[u8; 16]>,
    /// The level-1 channel it names.
    pub parent_id: Option<[u8; 16]>,
    /// The organisation that acts as the owner in it.
    pub owner_id: [u8; 16],
    /// Divisions that see it before there is a channel, comma-separated.
    pub regions: String,
    /// One line for a list.
    pub title: String,
    /// Version of the data key that seals the body.
    pub key_version: i64,
    /// The sealed body.
    pub body: Vec<u8>,
    /// µs.
    pub opened_at: i64,
    /// µs.
    pub changed_at: i64,
    /// Optimistic version: the number of its newest step.
    pub version: i64,
}

/// How far a matter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRow {
    /// Which matter.
    pub id: [u8; 16],
    /// Its newest step.
    pub version: i64,
    /// The channel it is about.
    pub channel_id: Option<[u8; 16]>,
}

fn row(r: &Row) -> Result<MatterRow, StoreError> {
    Ok(MatterRow {
        id: r.array(0)?,
        kind: r.text(1)?,
        state: r.text(2)?,
        ended: r.i64(3)?,
        channel_id: r.opt_array(4)?,
        parent_id: r.opt_array(5)?,
        owner_id: r.array(6)?,
        regions: r.text(7)?,
        title: r.text(8)?,
        key_version: r.i64(9)?,
        body: r.bytes(10)?,
        opened_at: r.i64(11)?,
        changed_at: r.i64(12)?,
        version: r.i64(13)?,
    })
}

/// A matter by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A matter by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<MatterRow>, StoreError> {
    let sql = sql_lock!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Matters of every kind, newest first, before `before`.
pub fn list(tx: &mut ReadTx<'_>, before: &[u8], limit: i64) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id < $1 order by id desc limit $2"
    );
    tx.query(sql, params![before, limit])?.iter().map(row).collect()
}

/// Matters of every kind, open or ended, newest first, before `before`.
pub fn list_of_end(
    tx: &mut ReadTx<'_>,
    ended: i64,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where ended = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![ended, before, limit])?.iter().map(row).collect()
}

/// Matters with such a wait, newest first, before `before`.
pub fn list_awaiting(
    tx: &mut ReadTx<'_>,
    awaited: &Awaited,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id in (
             select matter_id from matter_wait
             where (party = $1 or ($1 = '' and party <> 'platform'))
               and coalesce(due_on, '') >= $2 and coalesce(due_on, '') < $3 and matter_id < $4)
         order by id desc limit $5"
    );
    let party = awaited.party.as_deref().unwrap_or_default();
    tx.query(sql, params![party, &awaited.from, &awaited.until, before, limit])?.iter().map(row).collect()
}

/// Matters of a kind, open or ended, newest first, before `before`.
pub fn list_of_kind(
    tx: &mut ReadTx<'_>,
    kind: &str,
    ended: i64,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where kind = $1 and ended = $2 and id < $3 order by id desc limit $4"
    );
    tx.query(sql, params![kind, ended, before, limit])?.iter().map(row).collect()
}

/// Matters of a kind in a state, newest first, before `before`.
pub fn list_of_state(
    tx: &mut ReadTx<'_>,
    kind: &str,
    state: &str,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where kind = $1 and state = $2 and id < $3 order by id desc limit $4"
    );
    tx.query(sql, params![kind, state, before, limit])?.iter().map(row).collect()
}

/// Id, version and channel of every open matter of a kind: whatever moved shows in them.
pub fn list_versions(tx: &mut ReadTx<'_>, kind: &str) -> Result<Vec<VersionRow>, StoreError> {
    let sql = sql!("select id, version, channel_id from matter where kind = $1 and ended = 0 order by id");
    let rows = tx.query(sql, params![kind])?;
    rows.iter()
        .map(|r| Ok(VersionRow { id: r.array(0)?, version: r.i64(1)?, channel_id: r.opt_array(2)? }))
        .collect()
}

/// Matters about a channel, newest first, before `before`.
pub fn list_of_channel(
    tx: &mut ReadTx<'_>,
    channel_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where channel_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![channel_id, before, limit])?.iter().map(row).collect()
}

/// The newest matters about a channel, without those of some kinds.
pub fn list_around_channel(
    tx: &mut ReadTx<'_>,
    channel_id: &[u8; 16],
    without: [&str; 5],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where channel_id = $1 and kind not in ($2, $3, $4, $5, $6) order by id desc limit $7"
    );
    let [a, b, c, d, e] = without;
    tx.query(sql, params![channel_id, a, b, c, d, e, limit])?.iter().map(row).collect()
}

/// Matters of an owner, newest first, before `before`.
pub fn list_of_owner(
    tx: &mut ReadTx<'_>,
    owner_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where owner_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![owner_id, before, limit])?.iter().map(row).collect()
}

/// Matters of a kind about a channel, newest first.
pub fn list_of_channel_and_kind(
    tx: &mut ReadTx<'_>,
    channel_id: &[u8; 16],
    kind: &str,
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where channel_id = $1 and kind = $2 order by id desc limit $3"
    );
    tx.query(sql, params![channel_id, kind, limit])?.iter().map(row).collect()
}

/// The open matters about a channel, newest first.
pub fn list_open(
    tx: &mut ReadTx<'_>,
    channel_id: &[u8; 16],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where channel_id = $1 and ended = 0 order by id desc limit $2"
    );
    tx.query(sql, params![channel_id, limit])?.iter().map(row).collect()
}

/// The open matters of a kind about a channel, newest first.
pub fn list_open_of_channel(
    tx: &mut ReadTx<'_>,
    channel_id: &[u8; 16],
    kind: &str,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where channel_id = $1 and kind = $2 and ended = 0 order by id desc"
    );
    tx.query(sql, params![channel_id, kind])?.iter().map(row).collect()
}

/// The open matters of a kind about the channels of a sending, newest first.
pub fn list_open_of_sending(
    tx: &mut ReadTx<'_>,
    sending_id: &[u8; 16],
    kind: &str,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select m.id, m.kind, m.state, m.ended, m.channel_id, m.parent_id, m.owner_id, m.regions, m.title, m.key_version,
                m.body, m.opened_at, m.changed_at, m.version
         from sending_matter e join matter n on n.id = e.matter_id join matter m on m.channel_id = n.channel_id
         where e.sending_id = $1 and m.kind = $2 and m.ended = 0 order by m.id desc"
    );
    tx.query(sql, params![sending_id, kind])?.iter().map(row).collect()
}

/// The open matters of a kind in which an organisation is the owner, newest first.
pub fn list_open_of_owner(
    tx: &mut ReadTx<'_>,
    owner_id: &[u8; 16],
    kind: &str,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where owner_id = $1 and kind = $2 and ended = 0 order by id desc"
    );
    tx.query(sql, params![owner_id, kind])?.iter().map(row).collect()
}

/// Matters of an organisation, newest first, before `before`: those in which it is the owner, and those about its channels
/// and their level-2 channels.
pub fn list_of_org(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id in (
             select id from matter where owner_id = $1
             union select m.id from channel c join matter m on m.channel_id = c.id where c.owner_id = $1
             union select m.id from channel p join channel c on c.parent_id = p.id join matter m on m.channel_id = c.id
                   where p.owner_id = $1)
           and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![org_id, before, limit])?.iter().map(row).collect()
}

/// Matters whose own regions or whose channel's fit one of the patterns of `like`, newest first, before `before`; open or
/// ended ones when that is asked. Regions are matched as a list with a comma before and behind each.
pub fn list_of_regions(
    tx: &mut ReadTx<'_>,
    like: &[String; 4],
    ended: Option<i64>,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let all = sql!(
        "select m.id, m.kind, m.state, m.ended, m.channel_id, m.parent_id, m.owner_id, m.regions, m.title, m.key_version,
                m.body, m.opened_at, m.changed_at, m.version
         from matter m left join channel c on c.id = m.channel_id
         where m.id < $1 and (',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $2
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $3
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $4
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $5)
         order by m.id desc limit $6"
    );
    let of_end = sql!(
        "select m.id, m.kind, m.state, m.ended, m.channel_id, m.parent_id, m.owner_id, m.regions, m.title, m.key_version,
                m.body, m.opened_at, m.changed_at, m.version
         from matter m left join channel c on c.id = m.channel_id
         where m.ended = $7 and m.id < $1 and (',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $2
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $3
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $4
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $5)
         order by m.id desc limit $6"
    );
    let [nation, province, prefecture, own] = like;
    let rows = match ended {
        None => tx.query(all, params![before, nation, province, prefecture, own, limit])?,
        Some(ended) => tx.query(of_end, params![before, nation, province, prefecture, own, limit, ended])?,
    };
    rows.iter().map(row).collect()
}

/// Matters that an organisation has opened, newest first, before `before`.
pub fn list_opened_by(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id in (select matter_id from matter_step where org_id = $1 and number = 1 and matter_id < $2)
         order by id desc limit $3"
    );
    tx.query(sql, params![org_id, before, limit])?.iter().map(row).collect()
}

/// Matters in which a member of staff has done something, newest first, before `before`.
pub fn list_acted_by(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version, body,
                opened_at, changed_at, version
         from matter where id in (select matter_id from matter_step where staff_id = $1 and matter_id < $2)
         order by id desc limit $3"
    );
    tx.query(sql, params![staff_id, before, limit])?.iter().map(row).collect()
}

/// Whether an organisation has done something in a matter.
pub fn has_acted(tx: &mut ReadTx<'_>, matter_id: &[u8; 16], org_id: &[u8; 16]) -> Result<bool, StoreError> {
    let sql = sql!("select number from matter_step where matter_id = $1 and org_id = $2 limit 1");
    Ok(!tx.query(sql, params![matter_id, org_id])?.is_empty())
}

/// Adds a matter.
pub fn insert(tx: &mut WriteTx<'_>, m: &MatterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into matter (id, kind, state, ended, channel_id, parent_id, owner_id, regions, title, key_version,
                                 body, opened_at, changed_at, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        params![
            &m.id,
            &m.kind,
            &m.state,
            m.ended,
            m.channel_id.as_ref(),
            m.parent_id.as_ref(),
            &m.owner_id,
            &m.regions,
            &m.title,
            m.key_version,
            &m.body,
            m.opened_at,
            m.changed_at,
            m.version
        ],
    )
}

/// Writes a matter after a step; `Stale` when the version before it is not the stored one.
pub fn update(tx: &mut WriteTx<'_>, m: &MatterRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update matter set state = $2, ended = $3, channel_id = $4, regions = $5, title = $6, key_version = $7,
                    body = $8, changed_at = $9, version = $10
             where id = $1 and version + 1 = $10"
        ),
        params![
            &m.id,
            &m.state,
            m.ended,
            m.channel_id.as_ref(),
            &m.regions,
            &m.title,
            m.key_version,
            &m.body,
            m.changed_at,
            m.version
        ],
    )
}
