//! Payees: organisations that are paid, with their fee.

pub mod http;
pub mod service;
