//! The card registry as bare rows: read as they are stored and loaded into an empty database in the order of their
//! keys. The limit that an import is compared with; nothing is checked, sealed or indexed anew.

use crate::{ReadTx, Row, StoreError, Value, WriteTx, sql};

/// Every row of the registry's tables.
#[derive(Debug, Default)]
pub struct Registry {
    /// Persons.
    pub persons: Vec<Row>,
    /// Cards.
    pub cards: Vec<Row>,
    /// Card numbers.
    pub numbers: Vec<Row>,
}

/// Reads every row, each table in the order of its key.
pub fn read(tx: &mut ReadTx<'_>) -> Result<Registry, StoreError> {
    Ok(Registry {
        persons: tx.query(
            sql!(
                "select shard, id, document_kind, document_index, name_index, phone_index, key_version, sealed,
                        created_at, version
                 from person order by shard, id"
            ),
            &[],
        )?,
        cards: tx.query(
            sql!(
                "select shard, id, person_id, division, number, recognition, generation, state, reason, issued_on,
                        expires_on, updated_at, version
                 from card order by shard, id"
            ),
            &[],
        )?,
        numbers: tx.query(
            sql!("select division, number, shard, card_id, digest from card_number order by division, number"),
            &[],
        )?,
    })
}

/// Bytes that the database takes, free pages of its file left out.
pub fn bytes(tx: &mut ReadTx<'_>) -> Result<i64, StoreError> {
    let sql = sql!(
        postgres: "select pg_database_size(current_database())",
        sqlite: "select (c.page_count - f.freelist_count) * s.page_size
            from pragma_page_count c, pragma_freelist_count f, pragma_page_size s"
    );
    tx.query_one(sql, &[])?.i64(0)
}

/// Loads rows of persons.
pub fn load_persons(tx: &mut WriteTx<'_>, rows: &[Row]) -> Result<(), StoreError> {
    let sql = sql!(
        "insert into person (shard, id, document_kind, document_index, name_index, phone_index, key_version, sealed,
                             created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    load(tx, sql, rows)
}

/// Loads rows of cards.
pub fn load_cards(tx: &mut WriteTx<'_>, rows: &[Row]) -> Result<(), StoreError> {
    let sql = sql!(
        "insert into card (shard, id, person_id, division, number, recognition, generation, state, reason, issued_on,
                           expires_on, updated_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    load(tx, sql, rows)
}

/// Loads rows of card numbers.
pub fn load_numbers(tx: &mut WriteTx<'_>, rows: &[Row]) -> Result<(), StoreError> {
    let sql = sql!(
        "insert into card_number (division, number, shard, card_id, digest) values ($1, $2, $3, $4, $5)"
    );
    load(tx, sql, rows)
}

fn load(tx: &mut WriteTx<'_>, sql: crate::Sql, rows: &[Row]) -> Result<(), StoreError> {
    tx.unaudited("a bare copy for a measurement");
    for row in rows {
        let values: Vec<Value<'_>> = row.values().collect();
        tx.execute(sql, &values)?;
    }
    Ok(())
}
