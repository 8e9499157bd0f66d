//! Rows of templates and their versions.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A template.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    /// Its id.
    pub id: [u8; 16],
    /// What it is called.
    pub name: String,
    /// What is filled from it.
    pub kind: String,
    /// Of notices: what they are about.
    pub topic: Option<String>,
    /// µs.
    pub created_at: i64,
    /// Optimistic version, which every change of a version of it counts up.
    pub version: i64,
}

/// A version of one.
#[derive(Debug, Clone)]
pub struct TemplateVersionRow {
    /// Of which template.
    pub template_id: [u8; 16],
    /// From 1, without gaps; what was dropped keeps its number.
    pub number: i64,
    /// The title of a notice; none where only the others were asked for.
    pub subject: Option<String>,
    /// Its text; empty where only the others were asked for.
    pub text: String,
    /// Where it stands.
    pub state: String,
    /// What is new in it.
    pub words: String,
    /// Who wrote it.
    pub written_by: [u8; 16],
    /// µs.
    pub written_at: i64,
    /// Why it was put in force or dropped.
    pub decision: Option<String>,
    /// By whom.
    pub decided_by: Option<[u8; 16]>,
    /// µs.
    pub decided_at: Option<i64>,
}

fn template(r: &Row) -> Result<TemplateRow, StoreError> {
    Ok(TemplateRow {
        id: r.array(0)?,
        name: r.text(1)?,
        kind: r.text(2)?,
        topic: r.opt_text(3)?,
        created_at: r.i64(4)?,
        version: r.i64(5)?,
    })
}

fn version(r: &Row) -> Result<TemplateVersionRow, StoreError> {
    Ok(TemplateVersionRow {
        template_id: r.array(0)?,
        number: r.i64(1)?,
        subject: r.opt_text(2)?,
        text: r.text(3)?,
        state: r.text(4)?,
        words: r.text(5)?,
        written_by: r.array(6)?,
        written_at: r.i64(7)?,
        decision: r.opt_text(8)?,
        decided_by: r.opt_array(9)?,
        decided_at: r.opt_i64(10)?,
    })
}

/// The templates behind `after`, by id.
pub fn list(tx: &mut ReadTx<'_>, after: &[u8], limit: i64) -> Result<Vec<TemplateRow>, StoreError> {
    let sql = sql!(
        "select id, name, kind, topic, created_at, version from template where id > $1 order by id limit $2"
    );
    tx.query(sql, params![after, limit])?.iter().map(template).collect()
}

/// A template by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<TemplateRow>, StoreError> {
    let sql = sql!("select id, name, kind, topic, created_at, version from template where id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(template).transpose()
}

/// A template by id, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<TemplateRow>, StoreError> {
    let sql = sql_lock!("select id, name, kind, topic, created_at, version from template where id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(template).transpose()
}

/// Adds a template. A name that is taken is a conflict.
pub fn insert(tx: &mut WriteTx<'_>, row: &TemplateRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into template (id, name, kind, topic, created_at, version) values ($1, $2, $3, $4, $5, $6)"
        ),
        params![&row.id, &row.name, &row.kind, row.topic.as_ref(), row.created_at, row.version],
    )
}

/// Counts the version of a template up; `Stale` when `row.version` is not the stored one.
pub fn touch(tx: &mut WriteTx<'_>, row: &TemplateRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("update template set version = version + 1 where id = $1 and version = $2"),
        params![&row.id, row.version],
    )
}

/// The versions of a template without their texts, the oldest first.
pub fn list_versions(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Vec<TemplateVersionRow>, StoreError> {
    let sql = sql!(
        "select template_id, number, null, '', state, words, written_by, written_at, decision, decided_by, decided_at
         from template_version where template_id = $1 order by number"
    );
    tx.query(sql, params![id])?.iter().map(version).collect()
}

/// A version with its text.
pub fn find_version(
    tx: &mut ReadTx<'_>,
    id: &[u8; 16],
    number: i64,
) -> Result<Option<TemplateVersionRow>, StoreError> {
    let sql = sql!(
        "select template_id, number, subject, text, state, words, written_by, written_at, decision, decided_by, decided_at
         from template_version where template_id = $1 and number = $2"
    );
    tx.query_opt(sql, params![id, number])?.as_ref().map(version).transpose()
}

/// Adds a version.
pub fn insert_version(tx: &mut WriteTx<'_>, row: &TemplateVersionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into template_version (template_id, number, subject, text, state, words, written_by, written_at,
                                           decision, decided_by, decided_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            &row.template_id,
            row.number,
            row.subject.as_ref(),
            &row.text,
            &row.state,
            &row.words,
            &row.written_by,
            row.written_at,
            row.decision.as_ref(),
            row.decided_by.as_ref(),
            row.decided_at
        ],
    )
}

/// Writes a draft anew; its template is locked.
pub fn rewrite(tx: &mut WriteTx<'_>, row: &TemplateVersionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update template_version set subject = $3, text = $4, words = $5, written_at = $6
             where template_id = $1 and number = $2"
        ),
        params![&row.template_id, row.number, row.subject.as_ref(), &row.text, &row.words, row.written_at],
    )
}

/// Writes what became of a version, and by whom; its template is locked.
pub fn decide(tx: &mut WriteTx<'_>, row: &TemplateVersionRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update template_version set state = $3, decision = $4, decided_by = $5, decided_at = $6
             where template_id = $1 and number = $2"
        ),
        params![
            &row.template_id,
            row.number,
            &row.state,
            row.decision.as_ref(),
            row.decided_by.as_ref(),
            row.decided_at
        ],
    )
}
