//! Payments: taken once for each order, by a handle that a verified code gave, by password or under a grant.

mod consent;
pub mod http;
mod order;
pub mod outcome;
pub mod refund;
pub mod service;
mod take;
pub mod topup;

pub(crate) use order::key_of;
pub use order::{Order, Taken};
pub use take::{Command, Pay};
