//! Notices to an audience of channels (CH-17): one call, one matter for each channel.
//!
//! Invariant: all of them are sent or none. A channel that has exited or was terminated is in no audience. What becomes
//! of each notice is its own matter's business.

pub mod http;
pub mod service;
