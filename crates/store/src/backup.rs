//! Copies of a whole database: made while it is in use, and put back into an empty one.
//!
//! Invariant: a copy is of one moment, complete and on the disk when the call returns; nothing that exists is
//! overwritten. On `PostgreSQL` this is the work of its own programs, which must be installed; their arguments never
//! carry a password. Keys are not here: see the server's backup.

use crate::db::open;
use crate::{Config, StoreError};
use std::fs::File;
use std::path::Path;
use std::process::Command;

/// Writes a copy of the database to `to`, a file that must not exist.
///
/// # Errors
/// `Config`: `to` exists, or a program is not installed; `Unavailable`: what the database or the program said.
pub fn copy(config: &Config, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(exists(to));
    }
    match config.url.strip_prefix("sqlite:") {
        Some(path) => {
            let connection = rusqlite::Connection::open(path)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.execute("vacuum into ?1", [text(to)?])?;
        }
        None => {
            let mut command = client("pg_dump", &config.url)?;
            command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
            let schema = schema(config)?;
            // `public` is there in every new database: a copy that makes it could not be put back.
            command.args((schema != "public").then(|| format!("--schema={schema}")));
            run(command, "pg_dump")?;
        }
    }
    File::open(to).and_then(|file| file.sync_all()).map_err(|e| unavailable(to, &e))
}

/// Puts a copy made by [`copy`] into the database of `config`, which must be empty.
///
/// # Errors
/// As [`copy`]; `Config` also when the database holds anything.
pub fn restore(from: &Path, config: &Config) -> Result<(), StoreError> {
    match config.url.strip_prefix("sqlite:") {
        Some(path) => {
            let to = Path::new(path);
            if to.exists() {
                return Err(exists(to));
            }
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder).map_err(|e| unavailable(folder, &e))?;
            }
            let copied = std::fs::copy(from, to).and_then(|_| File::open(to)?.sync_all());
            copied.map_err(|e| unavailable(to, &e))?;
            let sound: String =
                rusqlite::Connection::open(to)?.query_row("pragma quick_check", [], |r| r.get(0))?;
            if sound == "ok" {
                Ok(())
            } else {
                Err(StoreError::Unavailable(format!("the copy is damaged: {sound}")))
            }
        }
        None => {
            if !is_empty(config)? {
                return Err(StoreError::Config("the database to restore into is not empty".into()));
            }
            let mut command = client("pg_restore", &config.url)?;
            let name = connection(&config.url)?.get_dbname().unwrap_or("postgres").to_owned();
            command.args([
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                "--single-transaction",
                "--dbname",
            ]);
            command.arg(name).arg(from);
            run(command, "pg_restore")?;
            if is_empty(config)? {
                return Err(StoreError::Config("the copy was made of a schema with another name".into()));
            }
            Ok(())
        }
    }
}

/// The schema that `config` means.
fn schema(config: &Config) -> Result<String, StoreError> {
    open::schema(&mut postgres::Client::connect(&config.url, postgres::NoTls)?, config)
}

/// Whether the place that `config` means has no tables; then it is also cleared of an empty schema, which would stand
/// in the way of the one in the copy.
fn is_empty(config: &Config) -> Result<bool, StoreError> {
    let mut client = postgres::Client::connect(&config.url, postgres::NoTls)?;
    let schema = open::schema(&mut client, config)?;
    let found = client.query("select 1 from pg_tables where schemaname = $1 limit 1", &[&schema])?;
    if found.is_empty() && schema != "public" {
        client.batch_execute(&format!("drop schema if exists \"{schema}\" restrict"))?;
    }
    Ok(found.is_empty())
}

fn connection(url: &str) -> Result<postgres::Config, StoreError> {
    url.parse().map_err(|_| StoreError::Config("the database URL cannot be read".into()))
}

/// A client program told by its environment whom to connect to: arguments are for everyone to see.
fn client(program: &str, url: &str) -> Result<Command, StoreError> {
    use postgres::config::Host;
    let config = connection(url)?;
    let mut command = Command::new(program);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        Some(Host::Unix(folder)) => command.env("PGHOST", folder),
        None => &mut command,
    };
    command.envs(config.get_ports().first().map(|port| ("PGPORT", port.to_string())));
    command.envs(config.get_user().map(|user| ("PGUSER", user)));
    command.envs(config.get_dbname().map(|name| ("PGDATABASE", name)));
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
    }
    Ok(command)
}

fn run(mut command: Command, program: &str) -> Result<(), StoreError> {
    let output =
        command.output().map_err(|e| StoreError::Config(format!("{program} cannot be started: {e}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(StoreError::Unavailable(format!("{program}: {}", said.trim())))
}

fn text(path: &Path) -> Result<&str, StoreError> {
    path.to_str().ok_or_else(|| StoreError::Config(format!("{} is not UTF-8", path.display())))
}

fn exists(path: &Path) -> StoreError {
    StoreError::Config(format!("{} exists already", path.display()))
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
