//! The behaviour of the platform: the real router over HTTP on loopback, a real database, a clock that is moved.
//!
//! Every behaviour runs on SQLite, and on PostgreSQL when `YKT_TEST_POSTGRES` names a server. A module per noun.

#[macro_use]
mod harness;

mod auth;
mod card;
mod channel;
mod ecard;
mod grant;
mod health;
mod key;
mod org;
mod roles;
mod service;
mod session;
mod staff;
mod terminal;
