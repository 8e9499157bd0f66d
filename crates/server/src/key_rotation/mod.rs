//! Rotations of channels' keys: asked of many as one sending, and answered by what the keys say.
//!
//! Invariant: how far a channel has come is found from its keys and matters whenever somebody asks ([`progress`]), and kept
//! nowhere. What its own matter waits for follows the keys by a job that is left in the transaction which changes them
//! ([`follow`]). The rule is `domain::key_rotation`; a key comes by a key change and by nothing that is here.

pub mod follow;
pub mod http;
pub mod progress;
