//! Use cases, HTTP and jobs of the platform; the only crate that knows axum.
//!
//! A noun has a folder with `service.rs` (the use case: authorise, lock, act, update, audit) and `http.rs`
//! (translation between wire types and the use case). Two [`World`]s live in one server, sandbox and production,
//! with two databases and two key roots; nothing crosses. Deliberately not here: SQL, rules, the environment.

pub mod agreement;
pub mod app;
pub mod attachment;
pub mod audit;
pub mod auth;
pub mod authority;
pub mod backup;
pub mod bank;
pub mod calendar;
pub mod card;
pub mod channel;
pub mod clock;
pub mod company;
pub mod contact;
pub mod delegation;
pub mod description;
pub mod directory;
pub mod division;
pub mod duration;
pub mod ecard;
pub mod error;
pub mod export;
pub mod form;
pub mod grant;
pub mod health;
pub mod idempotency;
pub mod job;
pub mod key;
pub mod key_rotation;
pub mod ledger;
pub mod limit;
pub mod listen;
pub mod matter;
pub mod metrics;
pub mod monitoring;
pub mod notice;
pub mod notification;
pub mod org;
pub mod parameter;
pub mod payee;
pub mod payment;
pub mod person;
pub mod portal;
pub mod qr;
pub mod reference;
pub mod registration;
pub mod retention;
pub mod rows;
pub mod sending;
pub mod serve;
pub mod service;
pub mod service_form;
pub mod session;
pub mod settlement;
pub mod sign_in_rule;
pub mod staff;
pub mod statistic;
pub mod team;
pub mod template;
pub mod terminal;
pub mod traffic;
pub mod tryit;
pub mod webhook;
pub mod wire;
pub mod world;

pub use clock::Clock;
pub use error::Error;
pub use world::{World, WorldName};
