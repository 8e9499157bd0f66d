//! The numbers of the rules: those in force, and how the ministry changes one (CH-37.1).

pub mod http;
pub mod review;
pub mod service;
