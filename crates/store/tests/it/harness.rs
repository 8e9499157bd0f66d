//! A fresh database for one test, and what tests do to it again and again.

use domain::audit::{Actor, Record};
use domain::time::Timestamp;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use store::db::{Engine, Scratch};
use store::{Config, Db, ReadTx, StoreError, WriteTx, params, sql};
use tempfile::TempDir;

/// A behaviour that runs on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($place:ident) $body:block)+) => { $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a behaviour uses what its file uses")]
            use super::*;

            fn behaviour($place: &$crate::harness::Place) $body

            #[test]
            fn on_sqlite() {
                $crate::harness::Place::run(store::db::Engine::Sqlite, behaviour);
            }

            #[test]
            fn on_postgres() {
                $crate::harness::Place::run(store::db::Engine::Postgres, behaviour);
            }
        }
    )+ };
}

/// What the environment names for the tests. Without it a test is left out and says so, except under `cargo xtask test`, which leaves
/// nothing out: there it fails.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub fn needed(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    if value.is_none() {
        assert!(
            std::env::var_os("YKT_TEST_COMPLETE").is_none(),
            "{variable} is not set: this test cannot run"
        );
        eprintln!("left out: {variable} is not set; `cargo xtask test` sets it");
    }
    value
}

/// Where a test's database lives.
pub struct Place {
    pub engine: Engine,
    url: String,
    _scratch: Option<Scratch>,
    _folder: TempDir,
}

impl Place {
    /// Runs a behaviour in a new place; on PostgreSQL only when there is a server.
    pub fn run(engine: Engine, behaviour: impl FnOnce(&Self)) {
        let folder = tempfile::tempdir().unwrap();
        let (url, scratch) = match engine {
            Engine::Sqlite => (format!("sqlite:{}", folder.path().join("data.sqlite").display()), None),
            Engine::Postgres => {
                let Some(server) = needed("YKT_TEST_POSTGRES") else { return };
                let scratch = Scratch::create(&server).unwrap();
                (scratch.url().to_owned(), Some(scratch))
            }
        };
        behaviour(&Self { engine, url, _scratch: scratch, _folder: folder });
    }

    pub fn config(&self) -> Config {
        Config { readers: 3, ..Config::new(self.url.clone(), Arc::new(|| 60_000_000)) }
    }

    pub fn open(&self) -> Db {
        Db::open(&self.config()).unwrap()
    }
}

/// Writes one counter of the table `epoch`, with or without evidence.
pub fn put(tx: &mut WriteTx<'_>, name: &str, value: i64) -> Result<(), StoreError> {
    tx.execute_one(sql!("insert into epoch (name, value) values ($1, $2)"), params![name, value])
}

/// The counter, if it was written.
pub fn find(tx: &mut ReadTx<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    let row = tx.query_opt(sql!("select value from epoch where name = $1"), params![name])?;
    row.map(|row| row.i64(0)).transpose()
}

/// [`find`] in a transaction of its own.
pub fn found(db: &Db, name: &'static str) -> Option<i64> {
    db.read_blocking(move |tx| find(tx, name)).unwrap()
}

/// Some evidence.
pub fn record() -> Record {
    Record::done(Timestamp::from_seconds(1), Actor::System, "test.done")
}

/// Number of blocks and of records in the audit logs.
pub fn blocks(db: &Db) -> (i64, i64) {
    let sql = sql!("select count(*), cast(coalesce(sum(count), 0) as bigint) from audit_block");
    db.read_blocking(move |tx| tx.query_one(sql, &[]).and_then(|row| Ok((row.i64(0)?, row.i64(1)?)))).unwrap()
}

/// Holds a writer still: a job that waits at the gate keeps everything behind it waiting.
#[derive(Clone)]
pub struct Gate {
    reached: Sender<()>,
    opened: Arc<Mutex<Receiver<()>>>,
}

/// The other side of a [`Gate`].
pub struct Keeper {
    pub reached: Receiver<()>,
    pub open: Sender<()>,
}

pub fn gate() -> (Gate, Keeper) {
    let (reached, is_reached) = channel();
    let (open, opened) = channel();
    let gate = Gate { reached, opened: Arc::new(Mutex::new(opened)) };
    (gate, Keeper { reached: is_reached, open })
}

impl Gate {
    /// Says that it is reached and waits until the keeper opens or goes away.
    pub fn wait(&self) {
        let _ = self.reached.send(());
        let _ = self.opened.lock().unwrap_or_else(PoisonError::into_inner).recv();
    }
}
