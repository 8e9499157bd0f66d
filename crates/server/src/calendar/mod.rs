//! The calendar of working days (R0): the years in force, and how the ministry enters one (C21).

pub mod http;
pub mod service;
