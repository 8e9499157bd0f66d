//! 单位登记信息: what an organisation that runs channels is by the register of companies (CH-7.1, CH-F2.3).
//!
//! Invariant: it is what the organisation stated, when it registered or later; who reviews its applications reads it beside
//! them. Nothing is decided by it: the forms say what is applied for.

pub mod http;
pub mod service;
