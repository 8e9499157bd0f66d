//! Settlement: the day cut, each payee's batch and day file, and the check that both are what the ledger says.

mod cut;
pub mod http;
pub mod service;
