//! The catalogue of services and the openings of departments: the second of the three authorizations (ND-3.5d).

pub mod http;
pub mod service;
