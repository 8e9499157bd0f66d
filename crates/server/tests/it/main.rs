//! The behaviour of the platform: the real router over HTTP on loopback, a real database, a clock that is moved.
//!
//! Every behaviour runs on SQLite, and on PostgreSQL when `YKT_TEST_POSTGRES` names a server. A module per noun.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

#[macro_use]
mod harness;

mod advice;
mod agreement;
mod application;
mod assignment;
mod attachment;
mod audit;
mod auth;
mod bucket;
mod calendar;
mod callback_change;
mod card;
mod channel;
mod clock;
mod company;
mod contact;
mod coverage;
mod delegation;
mod desk;
mod directory;
mod duration;
mod ecard;
mod event;
mod exit;
mod export;
mod grant;
mod health;
mod job;
mod key;
mod key_rotation;
mod ledger;
mod limit;
mod matter;
mod metrics;
mod monitoring;
mod notice;
mod notification;
mod org;
mod parameter;
mod payment;
mod pdf;
mod portal;
mod qr;
mod rectification;
mod reference;
mod registration;
mod reminder;
mod retention;
mod risk_event;
mod sending;
mod serve;
mod service;
mod service_form;
mod session;
mod settlement;
mod sign_in_rule;
mod signing_key;
mod staff;
mod statistic;
mod team;
mod template;
mod terminal;
mod tool;
mod traffic;
mod trail;
mod webhook;
