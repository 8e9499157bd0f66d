//! Payments, refunds, top-ups and what a bank does to them.

mod bank;
mod consent;
mod refund;
pub mod scene;
mod taking;
