//! Rows of advice: what an office was asked about a matter, by whom, and what it said.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A question to an office, with its answer once there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceRow {
    /// Its id.
    pub id: [u8; 16],
    /// About which matter.
    pub matter_id: [u8; 16],
    /// `asked`, `answered` or `withdrawn`.
    pub state: String,
    /// Whose opinion is asked: the party.
    pub party: String,
    /// Of which area, six digits; empty where the party is one.
    pub division: String,
    /// µs.
    pub asked_at: i64,
    /// Who asked.
    pub asked_by: [u8; 16],
    /// Of which organisation.
    pub asked_org: [u8; 16],
    /// What is asked.
    pub words: String,
    /// When it was answered or taken back, µs.
    pub closed_at: Option<i64>,
    /// By whom.
    pub closed_by: Option<[u8; 16]>,
    /// Of which organisation.
    pub closed_org: Option<[u8; 16]>,
    /// The opinion, or why it was taken back.
    pub answer: Option<String>,
    /// Attachments of the answer, comma-separated.
    pub files: String,
}

fn row(r: &Row) -> Result<AdviceRow, StoreError> {
    Ok(AdviceRow {
        id: r.array(0)?,
        matter_id: r.array(1)?,
        state: r.text(2)?,
        party: r.text(3)?,
        division: r.text(4)?,
        asked_at: r.i64(5)?,
        asked_by: r.array(6)?,
        asked_org: r.array(7)?,
        words: r.text(8)?,
        closed_at: r.opt_i64(9)?,
        closed_by: r.opt_array(10)?,
        closed_org: r.opt_array(11)?,
        answer: r.opt_text(12)?,
        files: r.text(13)?,
    })
}

/// One by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<AdviceRow>, StoreError> {
    let sql = sql_lock!(
        "select id, matter_id, state, party, division, asked_at, asked_by, asked_org, words, closed_at, closed_by,
                closed_org, answer, files
         from advice where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(row).transpose()
}

/// All about a matter, oldest first.
pub fn list(tx: &mut ReadTx<'_>, matter_id: &[u8; 16]) -> Result<Vec<AdviceRow>, StoreError> {
    let sql = sql!(
        "select id, matter_id, state, party, division, asked_at, asked_by, asked_org, words, closed_at, closed_by,
                closed_org, answer, files
         from advice where matter_id = $1 order by id"
    );
    tx.query(sql, params![matter_id])?.iter().map(row).collect()
}

/// What an office was asked about open matters and has not answered, oldest first.
pub fn list_open_of(
    tx: &mut ReadTx<'_>,
    party: &str,
    division: &str,
    limit: i64,
) -> Result<Vec<AdviceRow>, StoreError> {
    let sql = sql!(
        "select a.id, a.matter_id, a.state, a.party, a.division, a.asked_at, a.asked_by, a.asked_org, a.words,
                a.closed_at, a.closed_by, a.closed_org, a.answer, a.files
         from advice a join matter m on m.id = a.matter_id
         where a.party = $1 and a.division = $2 and a.state = 'asked' and m.ended = 0 order by a.id limit $3"
    );
    tx.query(sql, params![party, division, limit])?.iter().map(row).collect()
}

/// The matters about which an office was asked, without the questions that were taken back.
pub fn list_shown_to(tx: &mut ReadTx<'_>, party: &str, division: &str) -> Result<Vec<[u8; 16]>, StoreError> {
    let sql = sql!(
        "select distinct matter_id from advice where party = $1 and division = $2 and state <> 'withdrawn'"
    );
    tx.query(sql, params![party, division])?.iter().map(|row| row.array(0)).collect()
}

/// Adds one.
pub fn insert(tx: &mut WriteTx<'_>, a: &AdviceRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into advice (id, matter_id, state, party, division, asked_at, asked_by, asked_org, words, closed_at,
                                 closed_by, closed_org, answer, files)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        params![
            &a.id,
            &a.matter_id,
            &a.state,
            &a.party,
            &a.division,
            a.asked_at,
            &a.asked_by,
            &a.asked_org,
            &a.words,
            a.closed_at,
            a.closed_by.as_ref(),
            a.closed_org.as_ref(),
            a.answer.as_ref(),
            &a.files
        ],
    )
}

/// Writes that it was answered or taken back; what is closed already stays as it is, and the row count is wrong.
pub fn close(tx: &mut WriteTx<'_>, a: &AdviceRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update advice set state = $2, closed_at = $3, closed_by = $4, closed_org = $5, answer = $6, files = $7
             where id = $1 and state = 'asked'"
        ),
        params![
            &a.id,
            &a.state,
            a.closed_at,
            a.closed_by.as_ref(),
            a.closed_org.as_ref(),
            a.answer.as_ref(),
            &a.files
        ],
    )
}
