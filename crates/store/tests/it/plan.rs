use crate::harness::Place;
use std::time::Duration;
use store::db::Engine;
use store::{Column, Config, Db, Sql, WriteTx, params};

/// A statement for one database: only that one keeps plans.
const fn on_postgres(text: &'static str) -> Sql {
    Sql { postgres: text, sqlite: "" }
}

/// Looks for one row by its key, as hot statements do; rows of the table that the database read from its beginning to
/// its end for that.
fn look(db: &Db) -> i64 {
    const LOOK: Sql = on_postgres(
        "select k.n, s.spent_fen from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join spending s on s.shard = k.shard and s.id = k.id order by k.n for update of s",
    );
    let read = on_postgres(
        "select cast(coalesce(sum(seq_tup_read), 0) as bigint) from pg_stat_xact_user_tables where relname = 'spending'",
    );
    db.write_blocking(move |tx: &mut WriteTx<'_>| {
        tx.select_each(LOOK, &[Column::I64(vec![1]), Column::Bytes(vec![&[0; 16]])])?;
        tx.query_one(read, &[])?.i64(0)
    })
    .unwrap()
}

#[test]
fn a_plan_made_for_an_empty_table_does_not_outlive_it() {
    Place::run(Engine::Postgres, |place| {
        let config = Config { readers: 1, plans_last: Duration::ZERO, ..place.config() };
        let db = Db::open(&config).unwrap();
        for _ in 0..8 {
            look(&db);
        }
        db.write_blocking(|tx| {
            tx.unaudited("a test");
            let fill = on_postgres(
                "insert into spending (shard, id, business_date, spent_fen)
                    select n % 1024, decode(lpad(to_hex(n), 32, '0'), 'hex'), 0, 0 from generate_series(1, $1::bigint) n"
            );
            tx.execute(fill, params![20_000]).map(drop)
        })
        .unwrap();
        assert_eq!(look(&db), 0, "the whole table was read");
    });
}
