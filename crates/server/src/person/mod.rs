//! Holders: opening what is sealed of them, and changing their name or phone.
//!
//! Invariant: outside `key` and this folder a person is an id, an index or a mask. Holders come with the card registry
//! (`card::import`), so there is no HTTP of their own here.

pub mod service;
