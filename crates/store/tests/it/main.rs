//! Behaviour of the store on both databases: SQLite always, PostgreSQL when `YKT_TEST_POSTGRES` names a server.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

#[macro_use]
mod harness;

mod job;
mod journal;
mod passkey;
mod plan;
mod retention;
mod schema;
mod scratch;
mod statistic;
mod upgrade;
mod value;
mod write;
