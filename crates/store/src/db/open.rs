//! Opening a database: connections, durability checks, threads.

use super::connection::{Connection, PostgresConnection};
use super::journal::{Clock, Journal};
use super::migrate::{self, MIGRATIONS, Migration};
use super::tx::WriterState;
use super::writer::{Writer, serve_reads};
use super::{Db, Routes};
use crate::StoreError;
use crossbeam_channel::{Receiver, bounded, unbounded};
use std::collections::HashMap;
use std::thread;
use std::time::Duration;

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// The engine's name in configuration and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }
}

/// How to open a database.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// The schema to live in, made at need; only `PostgreSQL` has schemas. If the URL leads to one of its own, that
    /// one's name comes first.
    pub schema: Option<&'static str>,
    /// Real time in microseconds; stamps audit blocks.
    pub clock: Clock,
    /// Read connections (`SQLite`) or pooled connections (`PostgreSQL`). Without any, the writer of `SQLite` answers reads
    /// as well, and its pages stay good: for a world that is asked one thing after the other.
    pub readers: usize,
    /// Hot writers on `PostgreSQL`; writer `w` owns the shards with `shard % writers == w`.
    pub writers: usize,
    /// Whether writes that arrive together share a commit. Off only to measure what grouping gains.
    pub grouped: bool,
    /// Whether a commit waits for the disk. Off only for a world that ends with the process that played it; `SQLite`
    /// alone knows the difference, and no server is ever configured so.
    pub durable: bool,
    /// How long `PostgreSQL` keeps the plan of a statement. By itself it keeps one until the table is analysed, by default
    /// a minute or more away: a young or restored database would read whole tables of thousands of rows for every batch,
    /// because its statements were planned when the tables were empty.
    pub plans_last: Duration,
    /// What the schema is brought to: all migrations, or the first of them, as an older program knows them.
    pub migrations: &'static [Migration],
}

/// Short beside the time in which a table grows by much, long beside that of planning every statement.
const PLANS_LAST: Duration = Duration::from_secs(1);

impl Config {
    /// The defaults for a machine of two cores.
    #[must_use]
    pub fn new(url: impl Into<String>, clock: Clock) -> Self {
        Self {
            url: url.into(),
            schema: None,
            clock,
            readers: 4,
            writers: 2,
            grouped: true,
            durable: true,
            plans_last: PLANS_LAST,
            migrations: MIGRATIONS,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let engine = if self.url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        f.debug_struct("Config")
            .field("engine", &engine)
            .field("grouped", &self.grouped)
            .finish_non_exhaustive()
    }
}

/// Tasks that may wait before callers are told to come back.
const QUEUE: usize = 8192;
/// Tasks that one embedded transaction takes.
const GROUP: usize = 512;

pub(super) fn open(config: &Config) -> Result<Db, StoreError> {
    match config.url.strip_prefix("sqlite:") {
        Some(path) => open_sqlite(config, path),
        None if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") => {
            open_postgres(config)
        }
        None => Err(StoreError::Config("a database is `sqlite:PATH` or `postgres://…`".into())),
    }
}

fn open_sqlite(config: &Config, path: &str) -> Result<Db, StoreError> {
    let durable = config.durable;
    let mut connection = Connection::Sqlite(sqlite(path, durable, false)?);
    migrate::run(&mut connection, config.migrations, (config.clock)())?;
    let (writer, tasks) = bounded(QUEUE);
    let group = if config.grouped { GROUP } else { 1 };
    let served = Writer { connection, state: state(config), group };
    spawn("ykt-writer", move || served.serve_grouped(&tasks))?;
    let (readers, reads) = bounded(QUEUE);
    for _ in 0..config.readers {
        let connection = Connection::Sqlite(sqlite(path, durable, true)?);
        let reads: Receiver<_> = reads.clone();
        spawn("ykt-reader", move || serve_reads(connection, &reads))?;
    }
    let (keep, stop) = bounded::<()>(0);
    let checkpointer = sqlite(path, durable, false)?;
    spawn("ykt-checkpoint", move || checkpoint(&checkpointer, &stop))?;
    Ok(Db::new(
        Routes::Sqlite { writer, readers: (config.readers > 0).then_some(readers), _stop: keep },
        Engine::Sqlite,
    ))
}

/// Copies committed pages from the log into the file while the writer goes on, so that commits need not wait for
/// it. The writer's own checkpoint, at 64 MiB, finds little left and starts the log anew.
fn checkpoint(connection: &rusqlite::Connection, stop: &Receiver<()>) {
    let pause = Duration::from_millis(250);
    while stop.recv_timeout(pause) == Err(crossbeam_channel::RecvTimeoutError::Timeout) {
        // A checkpoint that could not run is tried again; the log keeps everything meanwhile.
        let _ = connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
    }
}

fn sqlite(path: &str, durable: bool, read_only: bool) -> Result<rusqlite::Connection, StoreError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(512);
    connection.busy_timeout(Duration::from_secs(10))?;
    write_ahead(&connection)?;
    connection.execute_batch(
        "pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;
         pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 32768;",
    )?;
    // Without this guarantee SQLite may compile a statement again whenever other values are bound to it, in case they
    // want another plan: hot ones, and those with `limit $n`, would be compiled in every transaction.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if !durable {
        connection.execute_batch("pragma synchronous = off;")?;
    }
    let mode: String = connection.query_row("pragma journal_mode", [], |row| row.get(0))?;
    let synchronous: i64 = connection.query_row("pragma synchronous", [], |row| row.get(0))?;
    if mode != "wal" || (durable && synchronous < 2) {
        return Err(StoreError::Config(format!(
            "SQLite must run with journal_mode=wal and synchronous=FULL or more, found {mode} and {synchronous}"
        )));
    }
    // The writer alone changes pages, so those it keeps stay good; it needs no map, which would count every page that
    // it passes, and its neighbours, as memory in use. A reader's pages are stale after each commit: it reads the map.
    connection.execute_batch(if read_only {
        "pragma query_only = on; pragma cache_size = -4096; pragma mmap_size = 1073741824;"
    } else {
        "pragma cache_size = -65536;"
    })?;
    Ok(connection)
}

/// Gives a new file its page size and its write-ahead log. `SQLite` does not wait for another connection that is doing
/// the same to a new file, whatever the busy timeout says, so this does, for as long.
fn write_ahead(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    const TURNS: u32 = 1000;
    const PAUSE: Duration = Duration::from_millis(10);
    // A use, a claim or a payment changes a page of its own in each index; with rows of their own tables beside them, and
    // narrow entries, a page of 4 KiB holds a hundred. Half of it is less to write and one more level to go down.
    let mut turn = 0;
    loop {
        match connection.execute_batch("pragma page_size = 4096; pragma journal_mode = wal;") {
            Ok(()) => return Ok(()),
            Err(error) => match StoreError::from(error) {
                StoreError::Busy if turn < TURNS => {
                    turn += 1;
                    thread::sleep(PAUSE);
                }
                error => return Err(error),
            },
        }
    }
}

fn open_postgres(config: &Config) -> Result<Db, StoreError> {
    let mut connection = postgres_connection(config)?;
    migrate::run(&mut connection, config.migrations, (config.clock)())?;
    let (pool, pool_tasks) = bounded(QUEUE);
    let group = if config.grouped { GROUP } else { 1 };
    let mut spare = Some(connection);
    for _ in 0..config.readers.max(1) {
        let connection = spare.take().map_or_else(|| postgres_connection(config), Ok)?;
        let served = Writer { connection, state: state(config), group };
        let tasks = pool_tasks.clone();
        spawn("ykt-pool", move || served.serve_pool(&tasks))?;
    }
    let mut writers = Vec::new();
    for _ in 0..config.writers.max(1) {
        let served = Writer { connection: postgres_connection(config)?, state: state(config), group };
        let (writer, tasks) = unbounded();
        spawn("ykt-writer", move || served.serve_lanes(&tasks))?;
        writers.push(writer);
    }
    Ok(Db::new(Routes::Postgres { writers, pool }, Engine::Postgres))
}

/// The schema that `config` means on this server.
pub(crate) fn schema(client: &mut postgres::Client, config: &Config) -> Result<String, StoreError> {
    let home: String = client.query_one("select coalesce(current_schema(), 'public')", &[])?.get(0);
    Ok(match config.schema {
        None => home,
        Some(schema) if home == "public" => schema.to_owned(),
        Some(schema) => format!("{home}_{schema}"),
    })
}

fn postgres_connection(config: &Config) -> Result<Connection, StoreError> {
    let mut client = postgres::Client::connect(&config.url, postgres::NoTls)?;
    if config.schema.is_some() {
        let schema = schema(&mut client, config)?;
        if client.query_opt("select 1 from pg_namespace where nspname = $1", &[&schema])?.is_none() {
            match client
                .batch_execute(&format!("create schema if not exists \"{schema}\""))
                .map_err(Into::into)
            {
                // Another process made it in the meantime.
                Ok(()) | Err(StoreError::Unique(_)) => {}
                Err(error) => return Err(error),
            }
        }
        client.batch_execute(&format!("set search_path to \"{schema}\""))?;
    }
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value: String = client.query_one(&format!("show {setting}"), &[])?.get(0);
        if value == "off" {
            return Err(StoreError::Config(format!("PostgreSQL runs with {setting} = off")));
        }
    }
    client.batch_execute(
        "set idle_in_transaction_session_timeout = '60s'; set client_min_messages = warning",
    )?;
    Ok(Connection::Postgres(Box::new(PostgresConnection::new(client, config.plans_last))))
}

fn state(config: &Config) -> WriterState {
    WriterState { journal: Journal::new(gm::random::bytes(), config.clock.clone()), locals: HashMap::new() }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let spawned = thread::Builder::new().name(name.into()).spawn(body);
    spawned.map(drop).map_err(|e| StoreError::Unavailable(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::sqlite;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_compiled_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let connection = sqlite(folder.path().join("ykt.sqlite").to_str().unwrap(), true, false).unwrap();
        connection
            .execute_batch(
                "create table one (shard bigint, id bigint, primary key (shard, id));
                 create table other (shard bigint, id bigint, primary key (shard, id));
                 insert into one values (1, 1), (1, 2); insert into other values (1, 1), (1, 2);",
            )
            .unwrap();
        let text = "select other.id from one join other on other.shard = one.shard and other.id = one.id
             where one.shard = ?1 and one.id = ?2";
        let mut compiled = 0;
        for id in 1..=2 {
            let mut statement = connection.prepare_cached(text).unwrap();
            let found: i64 = statement.query_row([1, id], |row| row.get(0)).unwrap();
            assert_eq!(found, id);
            compiled += statement.get_status(StatementStatus::RePrepare);
        }
        assert_eq!(compiled, 0, "it was compiled again");
    }
}
