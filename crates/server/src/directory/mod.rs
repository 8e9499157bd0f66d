//! 授权渠道名录: the list of channels in service that anybody may read and a department publishes (ND-3.5b).
//!
//! Invariant: it is read from the channels themselves at every request, so a channel that was stopped a moment ago is
//! not in it. Deliberately not here: anything about a channel that its users need not know.

pub mod http;
mod page;
mod paper;
pub mod service;
