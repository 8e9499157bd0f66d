//! Attachments: files that belong to matters, sent in parts, verified, and given out again.
//!
//! Invariants. What counts as arrived is what the row says: a part's bytes are on the disk before its row is, so a part
//! that was answered is never lost and one that was not is sent again at the same place. A file is used and given out
//! only when its length, digest and type are verified, and never as something that a browser would run. Whoever sees a
//! matter sees its files; whoever acts in it may add one.

mod bucket;
mod folder;
pub mod http;
mod pieces;
pub mod service;

pub use bucket::Bucket;
pub use folder::{Folder, Shelf};

use std::path::PathBuf;
use std::sync::Arc;

/// Where a world keeps its files.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket of an object store, which several servers share.
    Bucket(Arc<Bucket>),
}

impl Place {
    /// The place as a shelf; `is_durable` is whether a folder waits for the disk.
    #[must_use]
    pub fn shelf(&self, is_durable: bool) -> Arc<dyn Shelf> {
        match self {
            Self::Folder(root) if is_durable => Arc::new(Folder::new(root.clone())),
            Self::Folder(root) => Arc::new(Folder::fleeting(root.clone())),
            Self::Bucket(bucket) => bucket.clone(),
        }
    }
}
