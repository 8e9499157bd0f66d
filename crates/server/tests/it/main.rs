//! The behaviour of the platform: the real router over HTTP on loopback, a real database, a clock that is moved.
//!
//! Every behaviour runs on SQLite, and on PostgreSQL when `YKT_TEST_POSTGRES` names a server. A module per noun.

#[macro_use]
mod harness;

mod card;
mod session;
