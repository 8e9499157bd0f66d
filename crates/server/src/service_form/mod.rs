//! The forms of personalised services: published by the operator, downloaded by whoever applies or reviews (CH-F1.12).
//!
//! Invariant: a document is on the shelf, whole and of a known type, before its row says that it is current; what is no longer
//! current is still given out. What applications bring filled in are files of their matters and not here.

pub mod blank;
pub mod http;
pub mod service;
