//! Rows of matters, of their steps, and of those they wait for.

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

/// One thing that happened to a matter.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// To which.
    pub matter_id: [u8; 16],
    /// From 1.
    pub number: i64,
    /// µs.
    pub at: i64,
    /// By which party.
    pub party: String,
    /// By whom; none when the platform acted.
    pub staff_id: Option<[u8; 16]>,
    /// Of which organisation.
    pub org_id: Option<[u8; 16]>,
    /// What.
    pub action: String,
    /// The state before; none of an opening.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// What the person wrote.
    pub words: Option<String>,
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

/// For whom a matter waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitRow {
    /// Which matter.
    pub matter_id: [u8; 16],
    /// Its place among the matter's waits.
    pub slot: i64,
    /// Whose turn it is.
    pub party: String,
    /// Of which area, six digits; empty where the party is one.
    pub division: String,
    /// What is waited for.
    pub task: String,
    /// µs.
    pub since: i64,
    /// First day's eve, YYYY-MM-DD.
    pub starts_on: Option<String>,
    /// Last day, YYYY-MM-DD.
    pub due_on: Option<String>,
    /// Whether that may move: 0 or 1.
    pub provisional: i64,
    /// The clause of the deadline.
    pub clause: Option<String>,
    /// `recorded`, or the action that the platform then does.
    pub expiry: Option<String>,
    /// When the passing of the last day was recorded, µs.
    pub overdue_at: Option<i64>,
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

fn wait(r: &Row) -> Result<WaitRow, StoreError> {
    Ok(WaitRow {
        matter_id: r.array(0)?,
        slot: r.i64(1)?,
        party: r.text(2)?,
        division: r.text(3)?,
        task: r.text(4)?,
        since: r.i64(5)?,
        starts_on: r.opt_text(6)?,
        due_on: r.opt_text(7)?,
        provisional: r.i64(8)?,
        clause: r.opt_text(9)?,
        expiry: r.opt_text(10)?,
        overdue_at: r.opt_i64(11)?,
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

/// Matters whose own regions or whose channel's fit one of the patterns of `like`, newest first, before `before`. Regions are
/// matched as a list with a comma before and behind each.
pub fn list_of_regions(
    tx: &mut ReadTx<'_>,
    like: &[String; 4],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MatterRow>, StoreError> {
    let sql = sql!(
        "select m.id, m.kind, m.state, m.ended, m.channel_id, m.parent_id, m.owner_id, m.regions, m.title, m.key_version,
                m.body, m.opened_at, m.changed_at, m.version
         from matter m left join channel c on c.id = m.channel_id
         where m.id < $1 and (',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $2
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $3
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $4
                           or ',' || m.regions || ',' || coalesce(c.regions, '') || ',' like $5)
         order by m.id desc limit $6"
    );
    let [nation, province, prefecture, own] = like;
    tx.query(sql, params![before, nation, province, prefecture, own, limit])?.iter().map(row).collect()
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

/// Everything that happened to a matter, oldest first.
pub fn list_steps(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<StepRow>, StoreError> {
    let sql = sql!(
        "select matter_id, number, at, party, staff_id, org_id, action, from_state, to_state, words
         from matter_step where matter_id = $1 order by number"
    );
    let rows = tx.query(sql, params![matter_id])?;
    rows.iter()
        .map(|r| {
            Ok(StepRow {
                matter_id: r.array(0)?,
                number: r.i64(1)?,
                at: r.i64(2)?,
                party: r.text(3)?,
                staff_id: r.opt_array(4)?,
                org_id: r.opt_array(5)?,
                action: r.text(6)?,
                from_state: r.opt_text(7)?,
                to_state: r.text(8)?,
                words: r.opt_text(9)?,
            })
        })
        .collect()
}

/// Adds a step.
pub fn insert_step(tx: &mut WriteTx<'_>, s: &StepRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into matter_step (matter_id, number, at, party, staff_id, org_id, action, from_state, to_state, words)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            &s.matter_id,
            s.number,
            s.at,
            &s.party,
            s.staff_id.as_ref(),
            s.org_id.as_ref(),
            &s.action,
            s.from_state.as_ref(),
            &s.to_state,
            s.words.as_ref()
        ],
    )
}

/// For whom a matter waits.
pub fn list_waits(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where matter_id = $1 order by slot"
    );
    tx.query(sql, params![matter_id])?.iter().map(wait).collect()
}

/// What waits for a party, those of one area or of none, in the order of their last days and then of their age.
pub fn list_waits_of_party(
    tx: &mut ReadTx<'_>,
    party: &str,
    division: &str,
    limit: i64,
) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where party = $1 and (division = $2 or division = '')
         order by coalesce(due_on, '9999-12-31'), since, matter_id, slot limit $3"
    );
    tx.query(sql, params![party, division, limit])?.iter().map(wait).collect()
}

/// What waits for the owner in the matters of an organisation, in the same order.
pub fn list_waits_of_org(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    limit: i64,
) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select w.matter_id, w.slot, w.party, w.division, w.task, w.since, w.starts_on, w.due_on, w.provisional,
                w.clause, w.expiry, w.overdue_at
         from (
             select id from matter where owner_id = $1 and ended = 0
             union select m.id from channel c join matter m on m.channel_id = c.id where c.owner_id = $1 and m.ended = 0
             union select m.id from channel p join channel c on c.parent_id = p.id join matter m on m.channel_id = c.id
                   where p.owner_id = $1 and m.ended = 0
         ) own cross join matter_wait w where w.matter_id = own.id and w.party = 'owner'
         order by coalesce(w.due_on, '9999-12-31'), w.since, w.matter_id, w.slot limit $2"
    );
    tx.query(sql, params![org_id, limit])?.iter().map(wait).collect()
}

/// Waits whose last day lies before `today` and has not been recorded as passed.
pub fn list_overdue(tx: &mut ReadTx<'_>, today: &str, limit: i64) -> Result<Vec<WaitRow>, StoreError> {
    let sql = sql!(
        "select matter_id, slot, party, division, task, since, starts_on, due_on, provisional, clause, expiry, overdue_at
         from matter_wait where due_on < $1 and overdue_at is null order by due_on, matter_id, slot limit $2"
    );
    tx.query(sql, params![today, limit])?.iter().map(wait).collect()
}

/// Puts these waits of a matter in place of the ones it had.
pub fn replace_waits(
    tx: &mut WriteTx<'_>,
    matter_id: &[u8; 16],
    waits: &[WaitRow],
) -> Result<(), StoreError> {
    tx.execute(sql!("delete from matter_wait where matter_id = $1"), params![matter_id])?;
    for w in waits {
        tx.execute_one(
            sql!(
                "insert into matter_wait (matter_id, slot, party, division, task, since, starts_on, due_on, provisional,
                                          clause, expiry, overdue_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            ),
            params![
                matter_id,
                w.slot,
                &w.party,
                &w.division,
                &w.task,
                w.since,
                w.starts_on.as_ref(),
                w.due_on.as_ref(),
                w.provisional,
                w.clause.as_ref(),
                w.expiry.as_ref(),
                w.overdue_at
            ],
        )?;
    }
    Ok(())
}

/// Records that the last day of a wait has passed.
pub fn mark_overdue(
    tx: &mut WriteTx<'_>,
    matter_id: &[u8; 16],
    slot: i64,
    at: i64,
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("update matter_wait set overdue_at = $3 where matter_id = $1 and slot = $2"),
        params![matter_id, slot, at],
    )
}
