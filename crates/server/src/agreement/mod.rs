//! The agreement as a document: its text, its parties, and what was signed under it.
//!
//! Invariant: a document says nothing that its agreement does not say. One under which nothing was signed says so across every
//! page. Deliberately not here: signing, which is a step of the matter.

pub mod http;
pub mod service;
mod sheet;
#[cfg(test)]
mod tests;
