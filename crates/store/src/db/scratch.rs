//! A place of its own on a `PostgreSQL` server, for something that leaves nothing behind: a demonstration, a test.
//!
//! A schema costs its migrations and, when it is dropped, as many files again. Where hundreds are wanted one after the
//! other, a schema that was lent before is emptied and lent again ([`Scratch::lent`]).
//! Invariant: dropped, it is gone with every schema whose name begins with its own, or it is as the migrations left it;
//! it cannot be told from a new one, and whoever used it before cannot reach it.

use super::{Config, Db};
use crate::StoreError;
use postgres::{Client, NoTls};
use std::sync::Arc;

/// Who may be lent next has this before a number, instead of [`TAKEN`].
const SPARE: &str = "spare";
/// A schema that somebody has.
const TAKEN: &str = "scratch";
/// A schema that nobody was lent yet: what its tables hold, the migrations have put there.
const PRISTINE: &str = "pristine";

/// Empties a schema and gives it another name, all or nothing; returns whether it is made as [`PRISTINE`] is. Whoever is still writing is waited for, and finds no table afterwards, for a connection knows its schema by name.
const EMPTY: &str = r"
create or replace function pg_temp.shape(place name) returns setof text as $$
  select concat_ws(' ', relkind, relname) from pg_class where relnamespace = place::regnamespace
  union all
  select concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
    from pg_class join pg_attribute on attrelid = pg_class.oid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = place::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
  union all
  select concat_ws(' ', conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = place::regnamespace
  union all
  select proname::text from pg_proc where pronamespace = place::regnamespace
$$ language sql;
create or replace function pg_temp.give_back(place name, pristine name, spare name) returns boolean as $$
declare
  one record;
  is_kept boolean;
begin
  if exists (
    (select pg_temp.shape(place) except select pg_temp.shape(pristine))
    union all
    (select pg_temp.shape(pristine) except select pg_temp.shape(place))
  ) then
    return false;
  end if;
  for one in select oid, relname from pg_class
      where relnamespace = place::regnamespace and relkind = 'r' order by relname loop
    execute format('lock table %I.%I in access exclusive mode', place, one.relname);
    if pg_relation_size(one.oid) > 262144 then
      execute format('truncate table %I.%I', place, one.relname);
    elsif pg_relation_size(one.oid) > 0 then
      execute format('delete from %I.%I', place, one.relname);
    end if;
    execute format('select exists (select from %I.%I)', pristine, one.relname) into is_kept;
    if is_kept then
      execute format('insert into %I.%I select * from %I.%I', place, one.relname, pristine, one.relname);
    end if;
  end loop;
  execute format('alter schema %I rename to %I', place, spare);
  return true;
end $$ language plpgsql";

/// A schema inside a database.
#[derive(Debug)]
pub struct Scratch {
    server: String,
    url: String,
    name: String,
    is_lent: bool,
}

impl Scratch {
    /// Makes a schema with an unused name inside the database of `server`; whoever opens [`Scratch::url`] sees it
    /// and nothing else.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn create(server: &str) -> Result<Self, StoreError> {
        let number = number();
        connect(server)?.batch_execute(&format!("create schema {TAKEN}_{number}"))?;
        Ok(Self::named(server, &number, false))
    }

    /// [`create`](Self::create), migrated, and as it was then if somebody had it before.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn lent(server: &str) -> Result<Self, StoreError> {
        let mut client = connect(server)?;
        let number = number();
        let spares = "select nspname::text from pg_namespace where starts_with(nspname, $1)";
        for row in client.query(spares, &[&format!("{SPARE}_")])? {
            let spare: String = row.get(0);
            // Somebody else may be quicker.
            if client.batch_execute(&format!("alter schema {spare} rename to {TAKEN}_{number}")).is_ok() {
                return Ok(Self::named(server, &number, true));
            }
        }
        client.batch_execute(&format!("create schema {TAKEN}_{number}"))?;
        let place = Self::named(server, &number, true);
        migrate(&place.url)?;
        // One of those who come first makes what all are compared with; the lock ends with the connection.
        client.execute("select pg_advisory_lock(hashtext($1))", &[&PRISTINE])?;
        let is_there = "select from pg_namespace where nspname = $1";
        if client.query_opt(is_there, &[&PRISTINE])?.is_none() {
            let unfinished = format!("unfinished_{number}");
            client.batch_execute(&format!("create schema {unfinished}"))?;
            migrate(&address(server, &unfinished))?;
            client.batch_execute(&format!("alter schema {unfinished} rename to {PRISTINE}"))?;
        }
        Ok(place)
    }

    fn named(server: &str, number: &str, is_lent: bool) -> Self {
        let name = format!("{TAKEN}_{number}");
        Self { server: server.to_owned(), url: address(server, &name), name, is_lent }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it could be made ready for the next.
    fn give_back(&self, client: &mut Client) -> Result<bool, postgres::Error> {
        client.batch_execute(EMPTY)?;
        let spare = format!("{SPARE}_{}", number());
        let given = "select pg_temp.give_back($1::text::name, $2::text::name, $3::text::name)";
        Ok(client.query_one(given, &[&self.name, &PRISTINE, &spare])?.get(0))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A server that has gone has taken the schema with it.
        let Ok(mut client) = connect(&self.server) else { return };
        let _ = client.batch_execute("set client_min_messages = error");
        if self.is_lent && self.give_back(&mut client).unwrap_or(false) {
            return;
        }
        let schemas = "select nspname::text from pg_namespace where starts_with(nspname, $1)";
        for row in client.query(schemas, &[&self.name]).unwrap_or_default() {
            let schema: String = row.get(0);
            let _ = client.batch_execute(&format!("drop schema if exists {schema} cascade"));
        }
    }
}

fn migrate(url: &str) -> Result<(), StoreError> {
    Db::open(&Config::new(url, Arc::new(|| 0))).map(drop)
}

fn connect(server: &str) -> Result<Client, StoreError> {
    Ok(Client::connect(server, NoTls)?)
}

fn number() -> String {
    format!("{:032x}", u128::from_be_bytes(gm::random::bytes()))
}

fn address(server: &str, schema: &str) -> String {
    let separator = if server.contains('?') { '&' } else { '?' };
    format!("{server}{separator}options=-c%20search_path%3D{schema}")
}
