//! Rows of persons. Everything personal is sealed; a person is found by a keyed index within a shard.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};

/// A person as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Where the person's rows live, for life.
    pub shard: i64,
    /// The person's id; the last two bytes repeat the shard.
    pub id: [u8; 16],
    /// Kind of the document.
    pub document_kind: String,
    /// Keyed digest of kind and number, unique within the shard.
    pub document_index: [u8; 32],
    /// Keyed digest of the name.
    pub name_index: [u8; 32],
    /// Keyed digest of the phone.
    pub phone_index: Option<[u8; 32]>,
    /// Version of the key that sealed.
    pub key_version: i64,
    /// Document number, name and phone.
    pub sealed: Vec<u8>,
    /// µs.
    pub created_at: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        shard: r.i64(0)?,
        id: r.array(1)?,
        document_kind: r.text(2)?,
        document_index: r.array(3)?,
        name_index: r.array(4)?,
        phone_index: r.opt_array(5)?,
        key_version: r.i64(6)?,
        sealed: r.bytes(7)?,
        created_at: r.i64(8)?,
        version: r.i64(9)?,
    })
}

/// A person by id.
pub fn find(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Option<PersonRow>, StoreError> {
    let sql = sql!(
        "select shard, id, document_kind, document_index, name_index, phone_index, key_version, sealed, created_at,
                version
         from person where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![shard, id])?.as_ref().map(row).transpose()
}

/// A person by the index of the document.
pub fn find_by_document(
    tx: &mut ReadTx<'_>,
    shard: i64,
    index: &[u8; 32],
) -> Result<Option<PersonRow>, StoreError> {
    let sql = sql!(
        "select shard, id, document_kind, document_index, name_index, phone_index, key_version, sealed, created_at,
                version
         from person where shard = $1 and document_index = $2"
    );
    tx.query_opt(sql, params![shard, index])?.as_ref().map(row).transpose()
}

/// The persons with these documents, each by shard and index, locked until the transaction ends.
pub fn lock_each_by_document(
    tx: &mut WriteTx<'_>,
    keys: &[(i64, &[u8; 32])],
) -> Result<Vec<Option<PersonRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.shard, p.id, p.document_kind, p.document_index, p.name_index, p.phone_index,
                p.key_version, p.sealed, p.created_at, p.version
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, document_index, n)
            join person p on p.shard = k.shard and p.document_index = k.document_index
            order by p.shard, p.document_index for update of p",
        sqlite: "select shard, id, document_kind, document_index, name_index, phone_index, key_version, sealed,
                created_at, version
            from person where shard = $1 and document_index = $2"
    );
    let columns = [
        Column::I64(keys.iter().map(|k| k.0).collect()),
        Column::Bytes(keys.iter().map(|k| k.1.as_slice()).collect()),
    ];
    tx.select_each(sql, &columns)?.iter().map(|r| r.as_ref().map(row).transpose()).collect()
}

/// Adds persons, sorted by key; `false` for each that somebody else has added meanwhile.
pub fn insert_each(tx: &mut WriteTx<'_>, rows: &[&PersonRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into person (shard, id, document_kind, document_index, name_index, phone_index, key_version,
                sealed, created_at, version)
            select * from unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[],
                $7::bigint[], $8::bytea[], $9::bigint[], $10::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into person (shard, id, document_kind, document_index, name_index, phone_index, key_version,
                sealed, created_at, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.document_kind.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.document_index.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.name_index.as_slice()).collect()),
        Column::OptBytes(rows.iter().map(|r| r.phone_index.as_ref().map(<[u8; 32]>::as_slice)).collect()),
        Column::I64(rows.iter().map(|r| r.key_version).collect()),
        Column::Bytes(rows.iter().map(|r| r.sealed.as_slice()).collect()),
        Column::I64(rows.iter().map(|r| r.created_at).collect()),
        Column::I64(rows.iter().map(|r| r.version).collect()),
    ];
    tx.insert_each(sql, 1, &columns)
}

/// Writes name and phone of a person; `Stale` when `row.version` is not the stored one.
pub fn update(tx: &mut WriteTx<'_>, row: &PersonRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update person set name_index = $3, phone_index = $4, key_version = $5, sealed = $6, version = version + 1
             where shard = $1 and id = $2 and version = $7"
        ),
        params![
            row.shard,
            &row.id,
            &row.name_index,
            row.phone_index.as_ref(),
            row.key_version,
            &row.sealed,
            row.version
        ],
    )
}

/// The bindings of a person's e-card, whose display repeats the masked name.
pub fn list_bindings(tx: &mut ReadTx<'_>, shard: i64, id: &[u8; 16]) -> Result<Vec<[u8; 16]>, StoreError> {
    let rows = tx.query(
        sql!("select id from binding where shard = $1 and ecard_id = $2 order by channel_id"),
        params![shard, id],
    )?;
    rows.iter().map(|r| r.array(0)).collect()
}

/// Writes what a binding displays.
pub fn update_display(
    tx: &mut WriteTx<'_>,
    shard: i64,
    binding: &[u8; 16],
    display: &[u8],
    key_version: i64,
) -> Result<(), StoreError> {
    tx.execute_one(
        sql!("update binding set display = $3, key_version = $4 where shard = $1 and id = $2"),
        params![shard, binding, display, key_version],
    )
}
