//! Rows of messages: what a party was told about a matter.
//!
//! Invariant: a message is placed in a batch after the transaction that wrote it has ended, by the one who counts batches up. So whoever
//! has seen everything up to a batch misses nothing, however long a transaction lasted and whatever id it made before.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A message.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// The message's id.
    pub id: [u8; 16],
    /// To which party.
    pub party: String,
    /// Which owner, when the party is one.
    pub org_id: Option<[u8; 16]>,
    /// Which area, six digits.
    pub division: String,
    /// About which channel.
    pub channel_id: Option<[u8; 16]>,
    /// About which matter.
    pub matter_id: Option<[u8; 16]>,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
    /// µs.
    pub at: i64,
    /// When somebody of the party first acknowledged it, µs.
    pub read_at: Option<i64>,
}

fn row(r: &Row) -> Result<MessageRow, StoreError> {
    Ok(MessageRow {
        id: r.array(0)?,
        party: r.text(1)?,
        org_id: r.opt_array(2)?,
        division: r.text(3)?,
        channel_id: r.opt_array(4)?,
        matter_id: r.opt_array(5)?,
        zh: r.text(6)?,
        en: r.text(7)?,
        at: r.i64(8)?,
        read_at: r.opt_i64(9)?,
    })
}

/// Messages to a party, newest first, before `before`.
pub fn list(
    tx: &mut ReadTx<'_>,
    party: &str,
    before: &[u8],
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let sql = sql!(
        "select id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at from message
         where party = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![party, before, limit])?.iter().map(row).collect()
}

/// Messages to an owner, newest first, before `before`.
pub fn list_of_org(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    let sql = sql!(
        "select id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at from message
         where org_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![org_id, before, limit])?.iter().map(row).collect()
}

/// Whether a message that was committed is in no batch yet.
pub fn is_unplaced(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    Ok(tx.query_opt(sql!("select id from message where batch is null limit 1"), &[])?.is_some())
}

/// Places messages that were committed and are in no batch yet in the next one, `most` of them; how many there were.
pub fn place(tx: &mut WriteTx<'_>, most: i64) -> Result<u64, StoreError> {
    // One after the other: who waits for the counter sees what was placed meanwhile.
    let next = tx.query_one(sql_lock!("select last from message_batch where id = 1"), &[])?.i64(0)? + 1;
    let sql = sql!(
        "update message set batch = $1
         where id in (select id from message where batch is null order by id limit $2)"
    );
    let count = tx.execute(sql, params![next, most])?;
    if count > 0 {
        tx.execute_one(sql!("update message_batch set last = $1 where id = 1"), params![next])?;
    }
    Ok(count)
}

/// The last batch.
pub fn last_batch(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    tx.query_one(sql!("select last from message_batch where id = 1"), &[])?.i64(0)
}

/// A bound of a reader of batches: a batch and a message's id.
pub type Place = (i64, [u8; 16]);

fn placed(r: &Row) -> Result<(i64, MessageRow), StoreError> {
    Ok((r.i64(10)?, row(r)?))
}

/// Messages to a party in batches after `after` and with ids from `from` on, the last ones before `before` first.
pub fn list_placed(
    tx: &mut ReadTx<'_>,
    party: &str,
    (after, from): Place,
    (batch, id): Place,
    limit: i64,
) -> Result<Vec<(i64, MessageRow)>, StoreError> {
    let sql = sql!(
        "select id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at, batch from message
         where party = $1 and batch > $2 and batch <= $3 and (batch < $3 or id < $4) and id >= $6
         order by batch desc, id desc limit $5"
    );
    tx.query(sql, params![party, after, batch, &id, limit, &from])?.iter().map(placed).collect()
}

/// [`list_placed`] of an owner.
pub fn list_placed_of_org(
    tx: &mut ReadTx<'_>,
    org_id: &[u8; 16],
    (after, from): Place,
    (batch, id): Place,
    limit: i64,
) -> Result<Vec<(i64, MessageRow)>, StoreError> {
    let sql = sql!(
        "select id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at, batch from message
         where org_id = $1 and batch > $2 and batch <= $3 and (batch < $3 or id < $4) and id >= $6
         order by batch desc, id desc limit $5"
    );
    tx.query(sql, params![org_id, after, batch, &id, limit, &from])?.iter().map(placed).collect()
}

/// A message by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<MessageRow>, StoreError> {
    let sql = sql!(
        "select id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at from message where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Adds a message.
pub fn insert(tx: &mut WriteTx<'_>, m: &MessageRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into message (id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![
            &m.id,
            &m.party,
            m.org_id.as_ref(),
            &m.division,
            m.channel_id.as_ref(),
            m.matter_id.as_ref(),
            &m.zh,
            &m.en,
            m.at,
            m.read_at
        ],
    )
}

/// Notes that a message was read; the first time counts.
pub fn read(tx: &mut WriteTx<'_>, id: &[u8; 16], at: i64) -> Result<(), StoreError> {
    tx.execute(sql!("update message set read_at = $2 where id = $1 and read_at is null"), params![id, at])?;
    Ok(())
}

/// How many unread messages of an office are about a kind of matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRow {
    /// The kind; none = about no matter.
    pub kind: Option<String>,
    /// For how many last days of the office that matter waits.
    pub awaited: i64,
    /// How many there are.
    pub count: i64,
}

fn unread(r: &Row) -> Result<UnreadRow, StoreError> {
    Ok(UnreadRow { kind: r.opt_text(0)?, awaited: r.i64(1)?, count: r.i64(2)? })
}

/// What an owner has not read, by what it is about.
pub fn unread_of_org(tx: &mut ReadTx<'_>, org_id: &[u8; 16]) -> Result<Vec<UnreadRow>, StoreError> {
    let sql = sql!(
        "select u.kind, u.awaited, count(*) from (
           select m.kind as kind, (select count(*) from matter_wait w
                                   where w.matter_id = g.matter_id and w.party = 'owner' and w.due_on is not null) as awaited
           from message g left join matter m on m.id = g.matter_id where g.org_id = $1 and g.read_at is null
         ) u group by u.kind, u.awaited"
    );
    tx.query(sql, params![org_id])?.iter().map(unread).collect()
}

/// What nobody of a party of an area has read, by what it is about.
pub fn unread_of_party(
    tx: &mut ReadTx<'_>,
    party: &str,
    division: &str,
) -> Result<Vec<UnreadRow>, StoreError> {
    let sql = sql!(
        "select u.kind, u.awaited, count(*) from (
           select m.kind as kind, (select count(*) from matter_wait w
                                   where w.matter_id = g.matter_id and w.party = $1
                                     and (w.division = $2 or w.division = '') and w.due_on is not null) as awaited
           from message g left join matter m on m.id = g.matter_id
           where g.party = $1 and g.read_at is null and g.org_id is null
             and (g.division = '000000' or g.division = $2)
         ) u group by u.kind, u.awaited"
    );
    tx.query(sql, params![party, division])?.iter().map(unread).collect()
}

/// How many messages an owner has not read.
pub fn count_unread_of_org(tx: &mut ReadTx<'_>, org_id: &[u8; 16]) -> Result<i64, StoreError> {
    let sql = sql!("select count(*) from message where org_id = $1 and read_at is null");
    tx.query_one(sql, params![org_id])?.i64(0)
}

/// How many messages to a party of an area, or to all of it, nobody there has read.
pub fn count_unread(tx: &mut ReadTx<'_>, party: &str, division: &str) -> Result<i64, StoreError> {
    let sql = sql!(
        "select count(*) from message
         where party = $1 and read_at is null and org_id is null and (division = '000000' or division = $2)"
    );
    tx.query_one(sql, params![party, division])?.i64(0)
}

/// Notes that an owner has read everything; how many messages it had not read.
pub fn read_all_of_org(tx: &mut WriteTx<'_>, org_id: &[u8; 16], at: i64) -> Result<u64, StoreError> {
    tx.execute(
        sql!("update message set read_at = $2 where org_id = $1 and read_at is null"),
        params![org_id, at],
    )
}

/// Notes that a party of an area has read everything; how many messages it had not read.
pub fn read_all(tx: &mut WriteTx<'_>, party: &str, division: &str, at: i64) -> Result<u64, StoreError> {
    tx.execute(
        sql!(
            "update message set read_at = $3
             where party = $1 and read_at is null and org_id is null and (division = '000000' or division = $2)"
        ),
        params![party, division, at],
    )
}
