use crate::harness::Place;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use store::db::Engine;
use store::{Config, Db, Sql, StoreError, sql};

/// A statement found in the source, with where it stands.
struct Found {
    at: String,
    sql: Sql,
}

pub fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The SQLite text of a statement, as `sql!` makes it.
fn numbered(text: &str) -> String {
    let bytes = text.as_bytes();
    let dollar = |i: usize| bytes[i] == b'$' && bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
    let out = (0..bytes.len()).map(|i| if dollar(i) { b'?' } else { bytes[i] }).collect();
    String::from_utf8(out).unwrap()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("db/sql.rs") {
            found.push(path);
        }
    }
}

/// Reads a string literal at the beginning of `text`: what it says and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut rest = text.trim_start().strip_prefix('"')?.chars();
    let mut out = String::new();
    while let Some(letter) = rest.next() {
        match letter {
            '"' => return Some((out, rest.as_str())),
            '\\' => match rest.next()? {
                'n' => out.push('\n'),
                '\n' => rest = rest.as_str().trim_start().chars(),
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

/// Reads what stands between the parentheses of `sql!` or `sql_lock!`.
fn statement(text: &str, lock: bool) -> Option<Sql> {
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix("postgres:") {
        let (postgres, rest) = literal(rest)?;
        let rest = rest.trim_start().strip_prefix(',')?.trim_start().strip_prefix("sqlite:")?;
        let (sqlite, _) = literal(rest)?;
        return Some(Sql { postgres: leak(postgres), sqlite: leak(numbered(&sqlite)) });
    }
    let (text, _) = literal(text)?;
    let sqlite = leak(numbered(&text));
    Some(Sql { postgres: leak(if lock { text + " for update" } else { text }), sqlite })
}

fn statements() -> Vec<Found> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for (at, _) in source.match_indices("sql!(").chain(source.match_indices("sql_lock!(")) {
            let line = source[..at].lines().count();
            let start = source[..at].rfind('\n').map_or(0, |end| end + 1);
            if source[start..at].trim_start().starts_with("//") {
                continue;
            }
            let lock = source[at..].starts_with("sql_lock");
            let text = &source[at + if lock { 10 } else { 5 }..];
            let at = format!("{}:{line}", file.display());
            let sql = statement(text, lock).unwrap_or_else(|| panic!("{at}: not a literal"));
            found.push(Found { at, sql });
        }
    }
    found
}

/// Statements of the test itself, in the words of each database.
pub fn dialect(postgres: &'static str, sqlite: &'static str) -> Sql {
    Sql { postgres, sqlite }
}

/// Every column: table, name, kind, whether it may be null.
pub fn columns(db: &Db) -> Vec<[String; 4]> {
    let sql = dialect(
        "select cast(table_name as text), cast(column_name as text), cast(data_type as text),
                case is_nullable when 'NO' then 'not null' else 'null' end
         from information_schema.columns where table_schema = current_schema() and table_name <> 'schema_lock'",
        "select m.name, c.name, lower(c.type), case c.\"notnull\" when 1 then 'not null' else 'null' end
         from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'",
    );
    let rows = db.read_blocking(move |tx| tx.query(sql, &[])).unwrap();
    let mut rows: Vec<_> = rows.iter().map(|r| [0, 1, 2, 3].map(|i| r.text(i).unwrap())).collect();
    rows.sort_unstable();
    rows
}

/// Every index by table and name (a primary key has the name `pk`), with its columns in order.
pub fn indexes(db: &Db) -> BTreeMap<(String, String), Vec<String>> {
    let sql = dialect(
        "select cast(t.relname as text), case when x.indisprimary then 'pk' else cast(i.relname as text) end,
                case when x.indisunique then 'unique' else 'plain' end, cast(a.attname as text)
         from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
         join pg_namespace n on n.oid = t.relnamespace
         join pg_attribute a on a.attrelid = i.oid
         where n.nspname = current_schema() and t.relname <> 'schema_lock'
         order by t.relname, i.relname, a.attnum",
        "select m.name, case l.origin when 'pk' then 'pk' else l.name end,
                case l.\"unique\" when 1 then 'unique' else 'plain' end, c.name
         from sqlite_master m join pragma_index_list(m.name) l join pragma_index_info(l.name) c
         where m.type = 'table' order by m.name, l.name, c.seqno",
    );
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in db.read_blocking(move |tx| tx.query(sql, &[])).unwrap() {
        let place = (row.text(0).unwrap(), row.text(1).unwrap());
        let columns = found.entry(place).or_default();
        if columns.is_empty() {
            columns.push(row.text(2).unwrap());
        }
        columns.push(row.text(3).unwrap());
    }
    found
}

#[test]
fn both_databases_have_the_same_schema() {
    Place::run(Engine::Postgres, |postgres| {
        Place::run(Engine::Sqlite, |sqlite| {
            let (postgres, sqlite) = (postgres.open(), sqlite.open());
            assert_eq!(columns(&postgres), columns(&sqlite));
            assert_eq!(indexes(&postgres), indexes(&sqlite));
        });
    });
}

on_both! {
    fn every_statement_in_the_source_is_accepted(place) {
        let db = place.open();
        let all = statements();
        assert!(all.len() > 100, "the source was not read: {} statements", all.len());
        let wrong: Vec<_> = all.iter()
            .filter_map(|found| db.check(found.sql).err().map(|error| format!("{}: {error}", found.at)))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn a_statement_that_is_wrong_is_not_accepted(place) {
        let db = place.open();
        assert!(db.check(sql!("select missing from epoch")).is_err());
        if place.engine == Engine::Postgres {
            let outcome = db.check(sql!("select sum(value) from epoch"));
            assert!(matches!(outcome, Err(StoreError::Config(_))), "numeric does not cross");
        }
    }

    fn opening_again_changes_nothing(place) {
        let applied = |db: &Db| db.read_blocking(|tx| {
            let rows = tx.query(sql!("select version, name, applied_at from schema_migration order by version"), &[])?;
            rows.iter().map(|r| Ok((r.i64(0)?, r.text(1)?, r.i64(2)?))).collect::<Result<Vec<_>, StoreError>>()
        }).unwrap();
        let first = applied(&place.open());
        assert_eq!(first.len(), store::db::migrate::MIGRATIONS.len());
        let later = Config { clock: std::sync::Arc::new(|| 120_000_000), ..place.config() };
        assert_eq!(applied(&Db::open(&later).unwrap()), first);
    }

    fn many_may_open_a_new_database_at_once(place) {
        let threads: Vec<_> = (0..6).map(|_| {
            let config = place.config();
            thread::spawn(move || Db::open(&config))
        }).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    }

    fn a_schema_newer_than_the_program_is_refused(place) {
        place.open().write_blocking(|tx| {
            tx.unaudited("test");
            tx.execute_one(
                sql!("insert into schema_migration (version, name, digest, applied_at) values (99, 'later', $1, 0)"),
                store::params![&[0_u8; 32]],
            )
        }).unwrap();
        assert!(matches!(Db::open(&place.config()), Err(StoreError::Config(_))));
    }

    fn a_migration_that_was_changed_after_it_was_applied_is_refused(place) {
        place.open().write_blocking(|tx| {
            tx.unaudited("test");
            tx.execute_one(sql!("update schema_migration set digest = $1 where version = 1"), store::params![&[0_u8; 32]])
        }).unwrap();
        assert!(matches!(Db::open(&place.config()), Err(StoreError::Config(_))));
    }
}

#[test]
fn many_may_make_the_same_schema_of_a_server_at_once() {
    Place::run(Engine::Postgres, |place| {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let config = Config { schema: Some("at_once"), ..place.config() };
                thread::spawn(move || Db::open(&config))
            })
            .collect();
        let opened: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect();
        assert_eq!(
            columns(&opened[0]),
            columns(&place.open()),
            "complete, and another one than the URL's own"
        );
    });
}

#[test]
fn sqlite_syncs_every_commit_and_refuses_what_cannot() {
    Place::run(Engine::Sqlite, |place| {
        let synchronous = dialect("", "pragma synchronous");
        let level = place.open().read_blocking(move |tx| tx.query_one(synchronous, &[])?.i64(0)).unwrap();
        assert!(level >= 2, "FULL or more");
        let memory = Config { url: "sqlite::memory:".into(), ..place.config() };
        assert!(matches!(Db::open(&memory), Err(StoreError::Config(_))), "a memory keeps nothing");
    });
}

#[test]
fn postgres_is_refused_when_it_acknowledges_before_it_syncs() {
    Place::run(Engine::Postgres, |place| {
        let url = format!("{}%20-c%20synchronous_commit%3Doff", place.config().url);
        let careless = Config { url, ..place.config() };
        assert!(matches!(Db::open(&careless), Err(StoreError::Config(_))));
    });
}

#[test]
fn a_url_of_another_kind_is_refused() {
    Place::run(Engine::Sqlite, |place| {
        let other = Config { url: "mysql://localhost/x".into(), ..place.config() };
        assert!(matches!(Db::open(&other), Err(StoreError::Config(_))));
    });
}
