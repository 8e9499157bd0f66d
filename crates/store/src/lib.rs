//! All SQL of the platform: the database façade in [`db`] and one module per noun.
//!
//! Invariants: no SQL text exists outside this crate, only [`db`] knows that two databases exist, and every
//! function here is synchronous and runs inside a transaction that its caller opened.

pub mod advice;
pub mod assignment;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod binding;
pub mod calendar;
pub mod card;
pub mod channel;
pub mod company;
pub mod contact;
pub mod db;
pub mod delegation;
pub mod duration;
pub mod ecard;
pub mod epoch;
mod error;
pub mod export;
pub mod grant;
pub mod holder_session;
pub mod idempotency;
pub mod invariant;
pub mod job;
pub mod key;
pub mod ledger;
pub mod letter;
pub mod matter;
pub mod measure;
pub mod message;
pub mod monitoring;
pub mod notification;
pub mod org;
pub mod parameter;
pub mod passkey;
pub mod payee;
pub mod payment;
pub mod person;
pub mod qr;
pub mod refund;
pub mod registration;
pub mod registry;
pub mod remark;
pub mod reminder;
pub mod retention;
pub mod sending;
pub mod service;
pub mod service_form;
pub mod session;
pub mod settlement;
pub mod sign_in_rule;
pub mod staff;
pub mod statistic;
pub mod template;
pub mod terminal;
pub mod topup;
pub mod traffic;
pub mod webhook;

pub use db::{Batch, Column, Config, Db, ReadTx, Row, Run, Sql, Value, WriteTx};
pub use error::StoreError;
