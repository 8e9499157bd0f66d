//! Migrations: numbered files, each applied once, in order, in a transaction of its own.
//!
//! One text serves both databases. `) clustered;` becomes `) without rowid;` on `SQLite`; `) clustered in place;` does
//! the same and leaves room in every page on `PostgreSQL`, for rows that are updated all the time. An applied file never
//! changes: its digest is recorded and compared at every start.

use super::connection::Connection;
use crate::{StoreError, params, sql};

/// A migration: its number, its name and its text.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Position in the order, from 1.
    pub version: i64,
    /// File name without the number.
    pub name: &'static str,
    /// The portable text.
    pub text: &'static str,
}

/// All migrations in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "parties", text: include_str!("../../../../migrations/0001_parties.sql") },
    Migration { version: 2, name: "cards", text: include_str!("../../../../migrations/0002_cards.sql") },
    Migration { version: 3, name: "money", text: include_str!("../../../../migrations/0003_money.sql") },
    Migration {
        version: 4,
        name: "evidence",
        text: include_str!("../../../../migrations/0004_evidence.sql"),
    },
    Migration {
        version: 5,
        name: "security",
        text: include_str!("../../../../migrations/0005_security.sql"),
    },
    Migration { version: 6, name: "clock", text: include_str!("../../../../migrations/0006_clock.sql") },
    Migration {
        version: 7,
        name: "parameters",
        text: include_str!("../../../../migrations/0007_parameters.sql"),
    },
    Migration { version: 8, name: "matters", text: include_str!("../../../../migrations/0008_matters.sql") },
    Migration {
        version: 9,
        name: "monitoring",
        text: include_str!("../../../../migrations/0009_monitoring.sql"),
    },
    Migration {
        version: 10,
        name: "attachments",
        text: include_str!("../../../../migrations/0010_attachments.sql"),
    },
    Migration {
        version: 11,
        name: "registrations",
        text: include_str!("../../../../migrations/0011_registrations.sql"),
    },
    Migration { version: 12, name: "trails", text: include_str!("../../../../migrations/0012_trails.sql") },
    Migration {
        version: 13,
        name: "requests",
        text: include_str!("../../../../migrations/0013_requests.sql"),
    },
    Migration {
        version: 14,
        name: "reminders",
        text: include_str!("../../../../migrations/0014_reminders.sql"),
    },
    Migration {
        version: 15,
        name: "open_matters",
        text: include_str!("../../../../migrations/0015_open_matters.sql"),
    },
    Migration {
        version: 16,
        name: "sign_ins",
        text: include_str!("../../../../migrations/0016_sign_ins.sql"),
    },
    Migration { version: 17, name: "teams", text: include_str!("../../../../migrations/0017_teams.sql") },
    Migration {
        version: 18,
        name: "delegations",
        text: include_str!("../../../../migrations/0018_delegations.sql"),
    },
    Migration {
        version: 19,
        name: "key_labels",
        text: include_str!("../../../../migrations/0019_key_labels.sql"),
    },
    Migration {
        version: 20,
        name: "paused_webhooks",
        text: include_str!("../../../../migrations/0020_paused_webhooks.sql"),
    },
    Migration {
        version: 21,
        name: "due_soon",
        text: include_str!("../../../../migrations/0021_due_soon.sql"),
    },
    Migration {
        version: 22,
        name: "matter_states",
        text: include_str!("../../../../migrations/0022_matter_states.sql"),
    },
    Migration { version: 23, name: "offices", text: include_str!("../../../../migrations/0023_offices.sql") },
    Migration { version: 24, name: "traffic", text: include_str!("../../../../migrations/0024_traffic.sql") },
    Migration {
        version: 25,
        name: "sendings",
        text: include_str!("../../../../migrations/0025_sendings.sql"),
    },
    Migration {
        version: 26,
        name: "calendar_years",
        text: include_str!("../../../../migrations/0026_calendar_years.sql"),
    },
    Migration { version: 27, name: "calls", text: include_str!("../../../../migrations/0027_calls.sql") },
    Migration {
        version: 28,
        name: "coverage",
        text: include_str!("../../../../migrations/0028_coverage.sql"),
    },
    Migration { version: 29, name: "exports", text: include_str!("../../../../migrations/0029_exports.sql") },
    Migration {
        version: 30,
        name: "sign_in_rules",
        text: include_str!("../../../../migrations/0030_sign_in_rules.sql"),
    },
    Migration {
        version: 31,
        name: "kept_sendings",
        text: include_str!("../../../../migrations/0031_kept_sendings.sql"),
    },
    Migration {
        version: 32,
        name: "rectifications",
        text: include_str!("../../../../migrations/0032_rectifications.sql"),
    },
    Migration {
        version: 33,
        name: "notifications",
        text: include_str!("../../../../migrations/0033_notifications.sql"),
    },
    Migration {
        version: 34,
        name: "agreement_templates",
        text: include_str!("../../../../migrations/0034_agreement_templates.sql"),
    },
    Migration { version: 35, name: "access", text: include_str!("../../../../migrations/0035_access.sql") },
    Migration {
        version: 36,
        name: "service_uses",
        text: include_str!("../../../../migrations/0036_service_uses.sql"),
    },
    Migration {
        version: 37,
        name: "service_forms",
        text: include_str!("../../../../migrations/0037_service_forms.sql"),
    },
    Migration {
        version: 38,
        name: "templates",
        text: include_str!("../../../../migrations/0038_templates.sql"),
    },
    Migration {
        version: 39,
        name: "passkeys",
        text: include_str!("../../../../migrations/0039_passkeys.sql"),
    },
    Migration {
        version: 40,
        name: "callback_changes",
        text: include_str!("../../../../migrations/0040_callback_changes.sql"),
    },
];

const REGISTER: &str = "create table if not exists schema_migration (
  version bigint not null, name text not null, digest bytea not null, applied_at bigint not null,
  constraint schema_migration_pk primary key (version))";

pub(super) fn run(connection: &mut Connection, migrations: &[Migration], now: i64) -> Result<(), StoreError> {
    prepare_lock(connection)?;
    connection.batch(match connection {
        Connection::Sqlite(_) => "begin immediate",
        // Two servers may start at once: the second waits here and then finds the work done.
        Connection::Postgres(_) => "begin; lock table schema_lock in access exclusive mode",
    })?;
    let outcome = apply(connection, migrations, now);
    connection.batch(if outcome.is_ok() { "commit" } else { "rollback" })?;
    outcome
}

/// Makes what a start on `PostgreSQL` locks. `if not exists` does not help two who make it at once: the slower one
/// is refused by the catalogue's own unique index, and then it is there.
fn prepare_lock(connection: &mut Connection) -> Result<(), StoreError> {
    if matches!(connection, Connection::Sqlite(_)) {
        return Ok(());
    }
    match connection.batch("create table if not exists schema_lock (one bigint primary key)") {
        Err(StoreError::Unique(_)) => Ok(()),
        Err(StoreError::Db { code, .. }) if ["42P07", "42710"].contains(&code.as_str()) => Ok(()),
        other => other,
    }
}

fn apply(connection: &mut Connection, migrations: &[Migration], now: i64) -> Result<(), StoreError> {
    connection.batch(REGISTER)?;
    let rows =
        connection.query(sql!("select version, digest from schema_migration order by version"), &[])?;
    if rows.len() > migrations.len() {
        return Err(StoreError::Config("the schema is newer than this program".into()));
    }
    for (i, migration) in migrations.iter().enumerate() {
        let digest = gm::sm3::digest(migration.text.as_bytes());
        if let Some(row) = rows.get(i) {
            if row.i64(0)? != migration.version || row.array::<32>(1)? != digest {
                return Err(StoreError::Config(format!("migration {} was changed", migration.version)));
            }
            continue;
        }
        let text = match connection {
            Connection::Sqlite(_) => migration
                .text
                .replace(") clustered in place;", ") without rowid;")
                .replace(") clustered;", ") without rowid;"),
            Connection::Postgres(_) => migration
                .text
                .replace(") clustered in place;", ") with (fillfactor = 50);")
                .replace(") clustered;", ");"),
        };
        connection.batch(&text)?;
        connection.execute(
            sql!("insert into schema_migration (version, name, digest, applied_at) values ($1, $2, $3, $4)"),
            params![migration.version, migration.name, &digest, now],
        )?;
    }
    Ok(())
}
