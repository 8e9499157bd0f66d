//! Randomness, straight from the operating system.
//!
//! Not here: a generator of our own. Whoever wants repeatable randomness (a simulation) draws it elsewhere
//! and hands in the values.

/// Fills `buffer` with randomness.
///
/// # Panics
/// When the operating system has none to give: no key or nonce may be made then.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the OS for randomness")]
pub fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives randomness");
}

/// `N` random bytes. Panics as [`fill`] does.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0; N];
    fill(&mut buffer);
    buffer
}
