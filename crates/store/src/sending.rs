//! Rows of sendings: what was put to many channels at once, the matter of each, and who was left out.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingRow {
    /// Its id.
    pub id: [u8; 16],
    /// What it puts to the channels.
    pub kind: String,
    /// One line.
    pub title: String,
    /// To whom, JSON.
    pub audience: String,
    /// What, JSON.
    pub content: String,
    /// Who sent it.
    pub staff_id: [u8; 16],
    /// Of which organisation.
    pub org_id: [u8; 16],
    /// When it was sent, and until then when it was planned, µs.
    pub at: i64,
    /// The key of the request by which it began.
    pub idempotency_key: Option<String>,
    /// SM3 of that request's body.
    pub digest: Option<[u8; 32]>,
    /// Where it stands.
    pub state: String,
    /// The moment for which it was planned, µs; none of one that was sent at once.
    pub send_at: Option<i64>,
    /// When it was cancelled or failed, µs.
    pub ended_at: Option<i64>,
    /// Why it failed: the code of the rule.
    pub failure_code: Option<String>,
    /// What it said, in Chinese.
    pub failure_zh: Option<String>,
    /// In English.
    pub failure_en: Option<String>,
}

/// One channel of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The matter.
    pub matter_id: [u8; 16],
    /// The channel.
    pub channel_id: [u8; 16],
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The state of the matter.
    pub state: String,
    /// Whether the matter has ended: 0 or 1.
    pub ended: i64,
    /// When it was answered first, µs.
    pub answered_at: Option<i64>,
    /// When it was noted that the last day to answer is over, µs; none once it waits for no answer.
    pub overdue_at: Option<i64>,
    /// When somebody of the owner first read what it was told of it, µs.
    pub read_at: Option<i64>,
    /// The day on which the owner was last reminded, YYYY-MM-DD.
    pub reminded_on: Option<String>,
}

/// A channel that it was put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldRow {
    /// The channel.
    pub channel_id: [u8; 16],
    /// Its matter.
    pub matter_id: [u8; 16],
}

/// A channel of the audience to which it could not be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutRow {
    /// The channel.
    pub channel_id: [u8; 16],
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The code of the rule that says why.
    pub code: String,
    /// What it said, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

fn row(r: &Row) -> Result<SendingRow, StoreError> {
    Ok(SendingRow {
        id: r.array(0)?,
        kind: r.text(1)?,
        title: r.text(2)?,
        audience: r.text(3)?,
        content: r.text(4)?,
        staff_id: r.array(5)?,
        org_id: r.array(6)?,
        at: r.i64(7)?,
        idempotency_key: r.opt_text(8)?,
        digest: r.opt_array(9)?,
        state: r.text(10)?,
        send_at: r.opt_i64(11)?,
        ended_at: r.opt_i64(12)?,
        failure_code: r.opt_text(13)?,
        failure_zh: r.opt_text(14)?,
        failure_en: r.opt_text(15)?,
    })
}

/// A sending by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<SendingRow>, StoreError> {
    let sql = sql!(
        "select id, kind, title, audience, content, staff_id, org_id, at, idempotency_key, digest, state, send_at, ended_at,
                failure_code, failure_zh, failure_en
         from sending where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// A sending by id, held until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<SendingRow>, StoreError> {
    let sql = sql_lock!(
        "select id, kind, title, audience, content, staff_id, org_id, at, idempotency_key, digest, state, send_at, ended_at,
                failure_code, failure_zh, failure_en
         from sending where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// The sending that a request of this account with this key began.
pub fn find_keyed(
    tx: &mut ReadTx<'_>,
    staff_id: &[u8; 16],
    key: &str,
) -> Result<Option<SendingRow>, StoreError> {
    let sql = sql!(
        "select id, kind, title, audience, content, staff_id, org_id, at, idempotency_key, digest, state, send_at, ended_at,
                failure_code, failure_zh, failure_en
         from sending where staff_id = $1 and idempotency_key = $2"
    );
    tx.query_opt(sql, params![staff_id, key])?.as_ref().map(row).transpose()
}

/// Sendings, newest first, before `before`.
pub fn list(tx: &mut ReadTx<'_>, before: &[u8], limit: i64) -> Result<Vec<SendingRow>, StoreError> {
    let sql = sql!(
        "select id, kind, title, audience, content, staff_id, org_id, at, idempotency_key, digest, state, send_at, ended_at,
                failure_code, failure_zh, failure_en
         from sending where id < $1 order by id desc limit $2"
    );
    tx.query(sql, params![before, limit])?.iter().map(row).collect()
}

/// The channels of a sending of the moment `at` in the order of their numbers; `answer` is the action that answers it, which is
/// the task of the wait for it, and the states in which it does.
pub fn list_entries(
    tx: &mut ReadTx<'_>,
    id: &[u8; 16],
    (answer, states): (&str, [&str; 2]),
    at: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let sql = sql!(
        "select e.matter_id, c.id, c.number, c.name, m.state, m.ended, a.at, w.overdue_at, g.at, r.on_day
         from sending_matter e join matter m on m.id = e.matter_id join channel c on c.id = m.channel_id
         left join matter_wait w on w.matter_id = e.matter_id and w.party = 'owner' and w.task = $2
         left join (select s.matter_id as matter_id, min(s.at) as at
                    from sending_matter f join matter_step s on s.matter_id = f.matter_id
                    where f.sending_id = $1 and s.action = $2 and s.number > f.step and s.from_state in ($4, $5)
                    group by s.matter_id) a on a.matter_id = e.matter_id
         left join (select f.matter_id as matter_id, min(t.read_at) as at
                    from sending_matter f join matter n on n.id = f.matter_id
                    join message t on t.matter_id = f.matter_id and t.org_id = n.owner_id
                    where f.sending_id = $1 and t.at >= $3
                    group by f.matter_id) g on g.matter_id = e.matter_id
         left join (select f.matter_id as matter_id, max(d.on_day) as on_day
                    from sending_matter f join matter_reminder d on d.matter_id = f.matter_id
                    where f.sending_id = $1 and d.party = 'owner'
                    group by f.matter_id) r on r.matter_id = e.matter_id
         where e.sending_id = $1 order by c.number"
    );
    let entry = |r: &Row| {
        Ok(EntryRow {
            matter_id: r.array(0)?,
            channel_id: r.array(1)?,
            number: r.text(2)?,
            name: r.text(3)?,
            state: r.text(4)?,
            ended: r.i64(5)?,
            answered_at: r.opt_i64(6)?,
            overdue_at: r.opt_i64(7)?,
            read_at: r.opt_i64(8)?,
            reminded_on: r.opt_text(9)?,
        })
    };
    tx.query(sql, params![id, answer, at, states[0], states[1]])?.iter().map(entry).collect()
}

/// The channels it was put to, each with its matter, by channel.
pub fn list_told(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Vec<ToldRow>, StoreError> {
    let sql = sql!(
        "select m.channel_id, e.matter_id from sending_matter e join matter m on m.id = e.matter_id
         where e.sending_id = $1 order by m.channel_id"
    );
    tx.query(sql, params![id])?
        .iter()
        .map(|r| Ok(ToldRow { channel_id: r.array(0)?, matter_id: r.array(1)? }))
        .collect()
}

/// Who was left out, in the order of their numbers.
pub fn list_left_out(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Vec<LeftOutRow>, StoreError> {
    let sql = sql!(
        "select l.channel_id, c.number, c.name, l.code, l.zh, l.en
         from sending_left_out l join channel c on c.id = l.channel_id where l.sending_id = $1 order by c.number"
    );
    let left_out = |r: &Row| {
        Ok(LeftOutRow {
            channel_id: r.array(0)?,
            number: r.text(1)?,
            name: r.text(2)?,
            code: r.text(3)?,
            zh: r.text(4)?,
            en: r.text(5)?,
        })
    };
    tx.query(sql, params![id])?.iter().map(left_out).collect()
}

/// Adds a sending; a violated key when another request of the account with this key was faster.
pub fn insert(tx: &mut WriteTx<'_>, s: &SendingRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into sending (id, kind, title, audience, content, staff_id, org_id, at, idempotency_key, digest, state,
                                  send_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            &s.id,
            &s.kind,
            &s.title,
            &s.audience,
            &s.content,
            &s.staff_id,
            &s.org_id,
            s.at,
            s.idempotency_key.as_deref(),
            s.digest.as_ref(),
            &s.state,
            s.send_at
        ],
    )
}

/// Writes what became of one that was planned.
pub fn update(tx: &mut WriteTx<'_>, s: &SendingRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update sending set state = $2, at = $3, ended_at = $4, failure_code = $5, failure_zh = $6, failure_en = $7
             where id = $1 and state = 'planned'"
        ),
        params![
            &s.id,
            &s.state,
            s.at,
            s.ended_at,
            s.failure_code.as_deref(),
            s.failure_zh.as_deref(),
            s.failure_en.as_deref()
        ],
    )
}

/// Adds the matter of a channel, and the step by which it was put to it.
pub fn insert_matter(
    tx: &mut WriteTx<'_>,
    sending_id: &[u8; 16],
    matter_id: &[u8; 16],
    step: i64,
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("insert into sending_matter (sending_id, matter_id, step) values ($1, $2, $3)"),
        params![sending_id, matter_id, step],
    )
}

/// Adds a channel that was left out.
pub fn insert_left_out(
    tx: &mut WriteTx<'_>,
    sending_id: &[u8; 16],
    left_out: &LeftOutRow,
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into sending_left_out (sending_id, channel_id, code, zh, en) values ($1, $2, $3, $4, $5)"
        ),
        params![sending_id, &left_out.channel_id, &left_out.code, &left_out.zh, &left_out.en],
    )
}
