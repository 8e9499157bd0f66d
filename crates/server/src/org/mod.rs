//! Organisations: ministry, regions, operator, channel owners, departments, labs.

pub mod http;
pub mod register;
pub mod roles;
pub mod service;
