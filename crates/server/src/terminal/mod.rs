//! Terminals: registered readers and scanners, and the blacklist (SE-2.2).

pub mod http;
pub mod register;
pub mod service;
pub mod tally;
