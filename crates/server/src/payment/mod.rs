//! Payments: taken once for each order, by a handle that a verified code gave, by password or under a grant.

mod consent;
pub mod http;
mod order;
pub mod service;
mod take;

pub use order::{Order, Taken};
pub use take::{Command, Pay};
