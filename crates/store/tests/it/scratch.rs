//! Schemas that are lent: as good as new, and out of the reach of whoever had them.

use crate::harness::{needed, put};
use std::sync::Arc;
use store::db::{Config, Db, Scratch};
use store::sql;

/// A database of its own, so that nobody else is lent what is given back here.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn make(server: String) -> Self {
        let name = format!("lent_{}", std::process::id());
        let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
        client.batch_execute(&format!("create database {name}")).unwrap();
        Self { server, name }
    }

    fn url(&self) -> String {
        let (head, _) = self.server.rsplit_once('/').unwrap();
        format!("{head}/{}", self.name)
    }

    /// Names of schemas that begin so, and how many rows and pages their tables have.
    fn tables(&self, schema: &str) -> Vec<(String, i64)> {
        let mut client = postgres::Client::connect(&self.url(), postgres::NoTls).unwrap();
        let tables = "select schemaname || '.' || tablename, tablename from pg_tables where starts_with(schemaname, $1) order by tablename";
        let mut counts = Vec::new();
        for row in client.query(tables, &[&schema]).unwrap() {
            let count = format!("select count(*) from {}", row.get::<_, String>(0));
            counts.push((row.get(1), client.query_one(&count, &[]).unwrap().get(0)));
        }
        counts
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut client = postgres::Client::connect(&self.server, postgres::NoTls).unwrap();
        client.batch_execute(&format!("drop database {} with (force)", self.name)).unwrap();
    }
}

fn with_database(behaviour: impl FnOnce(&Database)) {
    if let Some(server) = needed("YKT_TEST_POSTGRES") {
        behaviour(&Database::make(server));
    }
}

fn open(place: &Scratch) -> Db {
    Db::open(&Config::new(place.url(), Arc::new(|| 60_000_000))).unwrap()
}

#[test]
fn what_is_given_back_is_as_new_and_nobody_has_it_until_it_is_lent() {
    with_database(|database| {
        let new = Scratch::create(&database.url()).unwrap();
        drop(open(&new));
        let expected = database.tables("scratch_");
        assert!(expected.iter().any(|(name, rows)| name == "epoch" && *rows > 1), "migrations put some rows");
        drop(new);

        let place = Scratch::lent(&database.url()).unwrap();
        let left_open = open(&place);
        let write = |name: &'static str| {
            left_open.write_blocking(move |tx| {
                tx.unaudited("test");
                tx.execute_one(sql!("update epoch set value = 7 where name = 'clock'"), &[])?;
                put(tx, name, 1)
            })
        };
        write("one").unwrap();
        let mut client = postgres::Client::connect(place.url(), postgres::NoTls).unwrap();
        client
            .batch_execute(
                "insert into schema_lock select generate_series(1, 20000); create index x on schema_lock (one); drop index x",
            )
            .unwrap();
        drop(place);
        assert_eq!(database.tables("spare_"), expected, "small tables and large ones");
        assert!(write("two").is_err(), "whoever had it cannot reach it");

        let again = Scratch::lent(&database.url()).unwrap();
        assert_eq!(database.tables("spare_"), []);
        let clock = sql!("select value from epoch where name = 'clock'");
        let value = open(&again).read_blocking(move |tx| tx.query_one(clock, &[])?.i64(0)).unwrap();
        assert_eq!(value, 0, "as the migration put it");
        assert!(write("three").is_err(), "nor when somebody else has it");
    });
}

#[test]
fn what_has_other_tables_than_a_new_one_is_not_lent_again() {
    with_database(|database| {
        for change in [
            "create table more (one bigint)",
            "drop table matter_step",
            "drop index terminal_serial_uq",
            "alter table staff drop constraint staff_state",
            "alter table staff add column more bigint",
            "alter table staff alter column login set default ''",
            "create view more as select 1 as one",
        ] {
            let place = Scratch::lent(&database.url()).unwrap();
            let mut client = postgres::Client::connect(place.url(), postgres::NoTls).unwrap();
            client.batch_execute(change).unwrap();
            drop(place);
            assert_eq!(database.tables("spare_"), [], "{change}");
            assert_eq!(database.tables("scratch_"), [], "{change}");
        }
    });
}
