//! The cryptography of the house: SM2, SM3, SM4 and what is built on them.
//!
//! One front over replaceable kernels (today RustCrypto's `sm2`, `sm3`, `sm4`): no other crate names
//! a kernel, so a faster or a certified one takes its place here and nowhere else.
//!
//! Invariants:
//! - Nothing here knows what a key is *for*: no domain word, no clock, no I/O but the randomness of the OS.
//! - Secrets live in [`Secret`] or in key types that wipe themselves, are compared in constant time and
//!   are never printed. Variable time is spent on public data only (signature verification).
//! - A prepared key is made once and used often: whatever depends on the key alone is computed at its birth.
//! - [`self_test`] must pass before the first key is used. Nothing here makes sure of that: who starts a program does
//!   (`ykt` before any verb but `doctor`, which reports it).
//!
//! Deliberately not here: key storage and custody, certificates, TLS, password policy, encodings for the wire.
//!
//! Known limit: the SM4 kernel looks up its S-box in a table indexed by secret bytes, so an attacker who
//! shares this CPU's cache may learn about SM4 keys. SM2 and SM3 have no such lookups.

pub mod aead;
pub mod diversify;
mod error;
pub mod hmac;
pub mod pbkdf2;
pub mod random;
mod secret;
mod self_test;
pub mod sm2;
pub mod sm3;
pub mod sm4;
pub mod wrap;

pub use error::{DerError, KeyError, OpenError, SelfTestError, VerifyError};
pub use secret::Secret;
pub use self_test::self_test;
