//! The rules of the social-security-card platform: regulation as code.
//!
//! Pure: no async, no clock, no randomness, no I/O, no SQL and no HTTP. Time, ids and random bytes are arguments.
//! Every `Err` is a refusal of a rule ([`refusal::Refuse`]) and names the clause where one applies. Floating point
//! does not occur.

pub mod advice;
pub mod agreement;
pub mod application;
pub mod assignment;
pub mod attachment;
pub mod audit;
pub mod authorization;
pub mod calendar;
pub mod callback_change;
pub mod campaign;
pub mod card;
pub mod channel;
pub mod clause;
pub mod clock;
pub mod company;
pub mod contact;
pub mod delegation;
pub mod division;
pub mod duration;
pub mod ecard;
pub mod exit;
pub mod export;
pub mod filing;
pub mod grant;
pub mod id;
pub mod identity;
pub mod key;
pub mod key_change;
pub mod key_rotation;
pub mod ledger;
pub mod locator;
pub mod maintenance;
pub mod matter;
pub mod money;
pub mod monitoring;
pub mod name;
pub mod notice;
pub mod notification;
pub mod org;
pub mod parameter;
pub mod passkey;
pub mod payment;
pub mod person;
pub mod pointer;
pub mod qr;
pub mod rectification;
pub mod refusal;
pub mod registration;
pub mod risk_event;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod security_report;
pub mod sending;
pub mod service;
pub mod service_form;
pub mod settlement;
pub mod sign_in_rule;
pub mod signing_key;
pub mod staff;
pub mod statistic;
pub mod strict;
pub mod suggestion;
pub mod template;
pub mod terminal;
mod text;
pub mod ticket;
pub mod time;
pub mod traffic;
pub mod webhook;
