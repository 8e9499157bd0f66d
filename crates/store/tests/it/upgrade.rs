//! Upgrades with data: from every schema that there ever was, what stood there is there afterwards, as the migrations
//! between promise, and the schema is that of a new database.

use crate::harness::Place;
use crate::schema::{columns, dialect, indexes, leak};
use std::collections::BTreeSet;
use store::db::Engine;
use store::db::migrate::MIGRATIONS;
use store::{Config, Db, StoreError};

/// A row that was good in the schemas from one version to another: the table, and what is inserted. `B(01)` is a byte string.
struct Row {
    from: usize,
    to: usize,
    table: &'static str,
    text: &'static str,
}

const ALWAYS: usize = usize::MAX;

/// Every table that some migration touches after it was made has rows here.
const ROWS: &[Row] = &[
    Row {
        from: 1,
        to: ALWAYS,
        table: "key",
        text: "(id, usage, version, owner, state, wrapped, public_key, created_at, retired_at) values
          (B(01), 'caller', 1, B(aa), 'retiring', null, B(04), 10, 1000),
          (B(02), 'sign', 1, null, 'retiring', B(05), null, 10, 1000),
          (B(03), 'caller', 2, B(aa), 'active', null, B(06), 10, null),
          (B(04), 'caller', 3, B(aa), 'revoked', null, B(07), 10, 1000)",
    },
    Row {
        from: 1,
        to: ALWAYS,
        table: "service_opening",
        text: "(id, target_id, service, division, opened_by, opened_at, closed_at, version)
          values (B(51), B(aa), 'ecard.issue', '330000', B(12), 10, null, 1)",
    },
    Row {
        from: 1,
        to: 4,
        table: "staff_session",
        text: "(token_hash, staff_id, created_at, expires_at) values (B(11), B(12), 10, 20)",
    },
    Row {
        from: 5,
        to: ALWAYS,
        table: "staff_session",
        text: "(token_hash, id, staff_id, carrier, created_at, seen_at, expires_at, confirmed_at)
          values (B(11), B(13), B(12), 'cookie', 10, 15, 20, null)",
    },
    Row {
        from: 4,
        to: ALWAYS,
        table: "webhook",
        text: "(id, owner_id, url, events, created_at)
          values (B(21), B(aa), 'https://example.test/', 'payment.succeeded', 10)",
    },
    Row {
        from: 8,
        to: ALWAYS,
        table: "matter_step",
        text: "(matter_id, number, at, party, staff_id, org_id, action, from_state, to_state, words)
          values (B(31), 1, 10, 'operator', B(12), B(aa), 'answer', 'asked', 'answered', '已列入计划')",
    },
    Row {
        from: 25,
        to: ALWAYS,
        table: "sending",
        text: "(id, kind, title, audience, content, staff_id, org_id, at)
          values (B(41), 'notice', '停机', '{}', '{}', B(12), B(aa), 10)",
    },
    Row {
        from: 4,
        to: ALWAYS,
        table: "webhook_delivery",
        text: "(id, webhook_id, event, payload, state, attempt, last_status, created_at, updated_at)
          values (B(61), B(21), 'payment.succeeded', '{}', 'pending', 1, 500, 10, 20)",
    },
    // Told before the mark of the mailbox below.
    Row {
        from: 8,
        to: ALWAYS,
        table: "message",
        text: "(id, party, org_id, division, channel_id, matter_id, zh, en, at, read_at)
          values (B(62), 'owner', B(aa), '000000', null, null, '已启用', 'in use', 10, null)",
    },
    Row {
        from: 33,
        to: ALWAYS,
        table: "mail_address",
        text: "(staff_id, key_version, sealed, state, verified_at, told_before, told_waits, mailed_at, next_at, attempt,
          refused_since) values (B(12), 1, B(07), 'active', 10, B(63), B(08), null, 20, 0, null)",
    },
    Row {
        from: 34,
        to: 37,
        table: "agreement_template",
        text: "(id, name, created_at, version) values (B(71), '银行渠道合作协议', 10, 3)",
    },
    Row {
        from: 34,
        to: 37,
        table: "agreement_template_version",
        text: "(template_id, number, text, state, words, written_by, written_at, decision, decided_by, decided_at) values
          (B(71), 1, '{{渠道名称}}', 'in_force', '首版', B(12), 10, '复核', B(13), 20),
          (B(71), 2, '{{渠道编号}}', 'draft', '修订', B(12), 30, null, null, null)",
    },
];

/// Seven days, by which migration 5 ends what had no end.
const SEVEN_DAYS: i64 = 604_800_000_000;

fn at(place: &Place, version: usize) -> Config {
    Config { migrations: &MIGRATIONS[..version], ..place.config() }
}

/// The text with its byte strings as each database writes them.
fn spelt(text: &str, open: &str, close: &str) -> &'static str {
    let mut parts = text.split("B(");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once(')').unwrap();
        out.push_str(&format!("{open}{digits}{close}{rest}"));
    }
    leak(out)
}

fn fill(db: &Db, version: usize) -> BTreeSet<&'static str> {
    let rows = ROWS.iter().filter(|row| (row.from..=row.to).contains(&version));
    let mut filled = BTreeSet::new();
    for row in rows {
        let text = format!("insert into {} {}", row.table, row.text);
        let sql = dialect(spelt(&text, "decode('", "', 'hex')"), spelt(&text, "x'", "'"));
        let inserted = db.write_blocking(move |tx| {
            tx.unaudited("rows of an older program");
            tx.execute(sql, &[])
        });
        assert!(inserted.unwrap() > 0);
        filled.insert(row.table);
    }
    filled
}

/// The rows of a table in these columns, each as text, in order.
fn dump(db: &Db, table: &str, names: &[[String; 4]]) -> Vec<Vec<Option<String>>> {
    if names.is_empty() {
        return Vec::new();
    }
    let spell = |bytes: &dyn Fn(&str) -> String| {
        let columns: Vec<_> = names
            .iter()
            .map(
                |[_, name, kind, _]| {
                    if kind == "bytea" { bytes(name) } else { format!("cast({name} as text)") }
                },
            )
            .collect();
        leak(format!("select {} from {table}", columns.join(", ")))
    };
    let sql = dialect(
        spell(&|name| format!("encode({name}, 'hex')")),
        spell(&|name| format!("case when {name} is null then null else lower(hex({name})) end")),
    );
    let read = db.read_blocking(move |tx| tx.query(sql, &[])).unwrap();
    let width = names.len();
    let mut rows = Vec::new();
    for row in read {
        let cells: Result<Vec<_>, StoreError> = (0..width).map(|place| row.opt_text(place)).collect();
        rows.push(cells.unwrap());
    }
    rows.sort();
    rows
}

/// What a table is called today.
fn today(table: &str) -> &str {
    match table {
        "agreement_template" => "template",
        "agreement_template_version" => "template_version",
        kept => kept,
    }
}

/// What stands in a column that an older row did not have.
fn since(table: &str, column: &str) -> Option<&'static str> {
    match (table, column) {
        ("sending", "state") => Some("sent"),
        ("message", "batch") | ("mail_address", "told_batch") => Some("0"),
        ("template", "kind") => Some("agreement"),
        _ => None,
    }
}

fn of(table: &str, all: &[[String; 4]]) -> Vec<[String; 4]> {
    all.iter().filter(|column| column[0] == table).cloned().collect()
}

/// What the migrations after `version` promise of rows that stood there.
fn promised(
    table: &str,
    version: usize,
    names: &[[String; 4]],
    rows: Vec<Vec<Option<String>>>,
) -> Vec<Vec<Option<String>>> {
    let place = |wanted: &str| names.iter().position(|[_, name, ..]| name == wanted).unwrap();
    match table {
        "staff_session" if version < 5 => Vec::new(),
        "key" if version < 5 => {
            let [state, owner, retired] = ["state", "owner", "retired_at"].map(place);
            let ended = rows.into_iter().map(|mut row| {
                if row[state].as_deref() == Some("retiring") && row[owner].is_some() {
                    let at: i64 = row[retired].take().unwrap().parse().unwrap();
                    row[retired] = Some((at + SEVEN_DAYS).to_string());
                }
                row
            });
            let mut ended: Vec<_> = ended.collect();
            ended.sort();
            ended
        }
        _ => rows,
    }
}

fn upgrades_from(place: &Place, version: usize, new: &Db) {
    let old = Db::open(&at(place, version)).unwrap();
    let (before, filled) = (columns(&old), fill(&old, version));
    assert!(!filled.is_empty());
    let stood: Vec<_> = filled.iter().map(|table| dump(&old, table, &of(table, &before))).collect();
    drop(old);
    let upgraded = place.open();
    assert_eq!((columns(&upgraded), indexes(&upgraded)), (columns(new), indexes(new)), "from {version}");
    let after = columns(&upgraded);
    for (table, stood) in filled.iter().zip(stood) {
        let known = of(table, &before);
        let table = today(table);
        let kept = dump(&upgraded, table, &known);
        assert_eq!(kept, promised(table, version, &known, stood), "{table} from {version}");
        let stood_then = |column: &[String; 4]| known.iter().any(|old| old[1] == column[1]);
        let added: Vec<_> = of(table, &after).into_iter().filter(|column| !stood_then(column)).collect();
        for (name, cell) in dump(&upgraded, table, &added).iter().flat_map(|row| added.iter().zip(row)) {
            assert_eq!(cell.as_deref(), since(&name[0], &name[1]), "{}.{} from {version}", name[0], name[1]);
        }
    }
    let counters = of("epoch", &after);
    assert_eq!(dump(&upgraded, "epoch", &counters), dump(new, "epoch", &counters), "from {version}");
    drop(upgraded);
    assert!(
        matches!(Db::open(&at(place, version)), Err(StoreError::Config(_))),
        "an older program keeps its hands off"
    );
}

/// Tables that a migration touches after it was made.
fn touched() -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for migration in MIGRATIONS {
        let statements = migration.text.lines().filter(|line| !line.starts_with("--"));
        for line in statements {
            for verb in ["alter table ", "update ", "delete from ", "drop table "] {
                found.extend(
                    line.trim_start().strip_prefix(verb).and_then(|rest| rest.split([' ', ';']).next()),
                );
            }
        }
    }
    found
}

#[test]
fn every_table_that_a_later_migration_touches_has_rows_that_are_upgraded() {
    assert_eq!(touched(), ROWS.iter().map(|row| row.table).collect());
}

#[test]
fn what_stood_in_any_older_schema_is_there_after_the_upgrade() {
    Place::run(Engine::Sqlite, |new| {
        let new = new.open();
        for version in 1..MIGRATIONS.len() {
            Place::run(Engine::Sqlite, |place| upgrades_from(place, version, &new));
        }
    });
}

#[test]
fn what_stood_in_an_older_schema_of_a_server_is_there_after_the_upgrade() {
    Place::run(Engine::Postgres, |new| {
        let new = new.open();
        for version in [1, 4, 15, MIGRATIONS.len() - 1] {
            Place::run(Engine::Postgres, |place| upgrades_from(place, version, &new));
        }
    });
}
