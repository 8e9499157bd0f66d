//! SM4, the block cipher of GB/T 32907, and the modes the house needs.
//!
//! Encryption alone hides but does not protect from change: data goes through [`crate::aead`]. The modes
//! here serve that module and the card standards that name them.
//!
//! Not here: decryption of a single block (no mode in use needs it), ECB, CBC encryption.

use ::sm4::{
    Sm4,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use std::fmt;

const BLOCK: usize = 16;

/// A key with its round keys expanded once. Wiped on drop.
#[derive(Clone)]
pub struct Key(Sm4);

impl Key {
    /// Expands a key.
    #[must_use]
    pub fn new(key: &[u8; 16]) -> Self {
        Self(Sm4::new(key.into()))
    }

    /// One block under the key.
    #[must_use]
    pub fn encrypt_block(&self, block: [u8; BLOCK]) -> [u8; BLOCK] {
        let mut block = block.into();
        self.0.encrypt_block(&mut block);
        block.into()
    }

    /// Counter mode: encrypts and decrypts in place. The counter is the whole `iv` as a big-endian number,
    /// which counts up per block; no `iv` range may ever be used twice under one key.
    pub fn ctr(&self, iv: &[u8; BLOCK], data: &mut [u8]) {
        let mut counter = u128::from_be_bytes(*iv);
        for chunk in data.chunks_mut(BLOCK) {
            let stream = self.encrypt_block(counter.to_be_bytes());
            for (byte, pad) in chunk.iter_mut().zip(stream) {
                *byte ^= pad;
            }
            counter = counter.wrapping_add(1);
        }
    }

    /// CBC-MAC with padding `80 00…` always added (ISO/IEC 9797-1 algorithm 1, padding method 2), as secure
    /// messaging of cards wants it. Forgeable when one key covers messages of different lengths under the
    /// same `iv`; for anything but a card session use [`Key::cmac`].
    #[must_use]
    pub fn cbc_mac(&self, iv: &[u8; BLOCK], message: &[u8]) -> [u8; BLOCK] {
        let (blocks, rest) = message.as_chunks::<BLOCK>();
        let state = self.chain(*iv, blocks);
        self.encrypt_block(xor(state, padded(rest)))
    }

    /// CMAC (NIST SP 800-38B, ISO/IEC 9797-1 algorithm 5).
    #[must_use]
    pub fn cmac(&self, message: &[u8]) -> [u8; BLOCK] {
        let whole_key = double(self.encrypt_block([0; BLOCK]));
        let (blocks, rest) = message.as_chunks::<BLOCK>();
        let (blocks, last) = match (blocks.split_last(), rest) {
            (Some((last, before)), []) => (before, xor(*last, whole_key)),
            _ => (blocks, xor(padded(rest), double(whole_key))),
        };
        let state = self.chain([0; BLOCK], blocks);
        self.encrypt_block(xor(state, last))
    }

    /// The check value of the key: the first three bytes of the zero block under it. It identifies a key
    /// to people who compare it by eye; it is not a secret and not a MAC.
    #[must_use]
    pub fn check_value(&self) -> [u8; 3] {
        let block = self.encrypt_block([0; BLOCK]);
        [block[0], block[1], block[2]]
    }

    fn chain(&self, state: [u8; BLOCK], blocks: &[[u8; BLOCK]]) -> [u8; BLOCK] {
        blocks.iter().fold(state, |state, block| self.encrypt_block(xor(state, *block)))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sm4::Key(…)")
    }
}

fn xor(left: [u8; BLOCK], right: [u8; BLOCK]) -> [u8; BLOCK] {
    (u128::from_ne_bytes(left) ^ u128::from_ne_bytes(right)).to_ne_bytes()
}

fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    block[rest.len()] = 0x80;
    block
}

/// Doubling in GF(2^128) by x^128 + x^7 + x^2 + x + 1, without a branch on the secret top bit.
fn double(block: [u8; BLOCK]) -> [u8; BLOCK] {
    let number = u128::from_be_bytes(block);
    let carry = (number >> 127).wrapping_neg() & 0x87;
    ((number << 1) ^ carry).to_be_bytes()
}
