//! PBKDF2 over HMAC-SM3 (RFC 8018), one output block of 32 bytes.
//!
//! Not here: the number of iterations, the pepper and the limit of attempts; they are policy.

use crate::hmac::Key;
use zeroize::Zeroize;

/// Derives 32 bytes from a password. Zero iterations count as one.
#[must_use]
pub fn derive(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    let key = Key::new(password);
    let mut round = key.mac_parts(&[salt, &1_u32.to_be_bytes()]);
    let mut output = round;
    for _ in 1..iterations {
        round = key.mac(&round);
        for (byte, other) in output.iter_mut().zip(round) {
            *byte ^= other;
        }
    }
    round.zeroize();
    output
}
