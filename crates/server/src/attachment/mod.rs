//! Attachments: files that belong to matters, sent in parts, verified, and given out again.
//!
//! Invariants. What counts as arrived is what the row says: a part's bytes are on the disk before its row is, so a part
//! that was answered is never lost and one that was not is sent again at the same place. A file is used and given out
//! only when its length, digest and type are verified, and never as something that a browser would run. Whoever sees a
//! matter sees its files; whoever acts in it may add one.

mod folder;
pub mod http;
mod pieces;
pub mod service;

pub use folder::{Folder, Shelf};
