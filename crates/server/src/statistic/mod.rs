//! Statistics: counters per day, channel and division (CH-22, CH-23), folded as they come, and distinct users.

pub mod area;
pub mod coverage;
pub mod http;
pub mod rehearsal;
pub mod service;
pub mod usage;
