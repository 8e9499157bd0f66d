//! Key diversification: `K_child = SM4_{K_parent}(F ‖ ¬F)`, F eight bytes that name the child.
//!
//! Invariant: one rule at every level, so a path of factors is the same as its levels one by one. A child
//! tells nothing about its parent or siblings.

use crate::{Secret, sm4};

/// The child of `parent` named by `factor`.
#[must_use]
pub fn child(parent: &[u8; 16], factor: &[u8; 8]) -> Secret<[u8; 16]> {
    of(&sm4::Key::new(parent), factor)
}

/// The descendant at the end of a path of factors; of no factors, the root itself.
#[must_use]
pub fn path(root: &[u8; 16], factors: &[[u8; 8]]) -> Secret<[u8; 16]> {
    factors.iter().fold(Secret::new(*root), |parent, factor| child(parent.expose(), factor))
}

/// The children of one parent, in the order of `factors`; the parent is expanded once.
#[must_use]
pub fn batch(parent: &[u8; 16], factors: &[[u8; 8]]) -> Vec<Secret<[u8; 16]>> {
    let parent = sm4::Key::new(parent);
    factors.iter().map(|factor| of(&parent, factor)).collect()
}

fn of(parent: &sm4::Key, factor: &[u8; 8]) -> Secret<[u8; 16]> {
    let mut block = [0; 16];
    block[..8].copy_from_slice(factor);
    block[8..].copy_from_slice(&factor.map(|byte| !byte));
    Secret::new(parent.encrypt_block(block))
}
