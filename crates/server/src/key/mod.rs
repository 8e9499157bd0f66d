//! Keys: the software device. Every plaintext key of the platform lives and dies inside this module.
//!
//! The device's master key is sealed in the key folder; each stored key is wrapped under it with its id, usage,
//! version and owner as associated data. Others ask for operations ([`Ring`]) and hold ids. Software keys are
//! for development and for deployments without a certified cipher machine (CM-22.1).

mod device;
pub mod http;
mod operations;
mod ring;
pub mod service;
pub mod totp;

pub use device::{Device, MASTER_FILE, UNSEAL_FILE};
pub use operations::{SealedPerson, SessionKey};
pub use ring::{KeyRing, Ring};
