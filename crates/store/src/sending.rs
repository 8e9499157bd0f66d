//! Rows of sendings: what was put to many channels at once, and the matter of each.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

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
    /// µs.
    pub at: i64,
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
    })
}

/// A sending by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<SendingRow>, StoreError> {
    let sql =
        sql!("select id, kind, title, audience, content, staff_id, org_id, at from sending where id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// Sendings, newest first, before `before`.
pub fn list(tx: &mut ReadTx<'_>, before: &[u8], limit: i64) -> Result<Vec<SendingRow>, StoreError> {
    let sql = sql!(
        "select id, kind, title, audience, content, staff_id, org_id, at from sending
         where id < $1 order by id desc limit $2"
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

/// Adds a sending.
pub fn insert(tx: &mut WriteTx<'_>, s: &SendingRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into sending (id, kind, title, audience, content, staff_id, org_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![&s.id, &s.kind, &s.title, &s.audience, &s.content, &s.staff_id, &s.org_id, s.at],
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
