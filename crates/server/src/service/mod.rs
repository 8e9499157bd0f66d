//! The catalogue of services and the openings of departments: the second of the three authorizations (ND-3.5d).

pub mod http;
pub mod life;
pub mod open;
#[allow(
    clippy::module_inception,
    reason = "the use case of every noun is in service.rs; this noun is called service"
)]
pub mod service;
