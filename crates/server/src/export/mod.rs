//! Exports: files of long lists, made in the background for one member of staff.
//!
//! Invariants. The rows are read page by page by what the list itself is read by, with the rights that the owner has at that
//! moment, so that nobody gets by a file what they could not page through. A file belongs to one account, is given out while
//! that account still sees as much as when it was begun, and is gone after a day. It is made from its beginning or not at all:
//! an attempt that was broken off is begun anew, under another id of the file, so that two of them never write the same one.
//!
//! Deliberately not here: files of short lists, which the pages make themselves and only put on record
//! ([`crate::audit::service::record_export`]).

mod cells;
mod file;
pub mod http;
pub mod make;
mod paper;
pub mod service;
mod source;
