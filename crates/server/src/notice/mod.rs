//! Notices to an audience of channels (CH-17): one call, one matter for each channel, as a sending.
//!
//! Invariant: all of them are sent or none. What becomes of each notice is its own matter's business.

pub mod http;
