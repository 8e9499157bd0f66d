//! The second factor of staff: secrets of time-based one-time passwords (RFC 6238) and recovery codes.
//!
//! Invariant: a secret leaves this module once, when it is made, for the authenticator app of its owner; from then on
//! it lies sealed for that account and is opened only to be compared with.

use super::ring::Ring;
use crate::Error;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use gm::{Secret, random};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Random bytes of a recovery code: 80 bits are not guessed, so its keyed digest needs no slow hash.
const RECOVERY_BYTES: usize = 10;

/// A secret that was just made.
#[derive(Debug)]
pub struct NewTotp {
    /// In base32, for an authenticator app.
    pub secret: Secret<String>,
    /// Version of the key that sealed.
    pub key_version: i64,
    /// The secret, sealed for its account.
    pub sealed: Vec<u8>,
}

/// A sealed secret and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct SealedTotp<'a> {
    /// The account.
    pub staff: &'a [u8; 16],
    /// Version of the key that sealed.
    pub key_version: i64,
    /// The secret, sealed.
    pub sealed: &'a [u8],
}

impl Ring {
    /// Makes the secret of an account's second factor.
    #[must_use]
    pub fn make_totp(&self, staff: &[u8; 16]) -> NewTotp {
        let secret = Secret::new(random::bytes::<SECRET_BYTES>());
        let (key_version, sealed) = self.seal(&label(staff), secret.expose());
        NewTotp { secret: Secret::new(BASE32_NOPAD.encode(secret.expose())), key_version, sealed }
    }

    /// Which of `steps` has this code, if one has.
    ///
    /// # Errors
    /// As [`Ring::open`].
    pub fn step_of(
        &self,
        totp: &SealedTotp<'_>,
        code: &str,
        mut steps: impl Iterator<Item = i64>,
    ) -> Result<Option<i64>, Error> {
        let secret = Secret::new(self.open(totp.key_version, &label(totp.staff), totp.sealed)?);
        Ok(steps.find(|step| same(code_at(secret.expose(), *step).as_bytes(), code.as_bytes())))
    }

    /// What is stored of a recovery code of this account.
    #[must_use]
    pub fn recovery_digest(&self, staff: &[u8; 16], code: &str) -> [u8; 32] {
        let plain: String =
            code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        self.pepper.mac_parts(&[b"recovery\n", staff, plain.as_bytes()])
    }

    /// What is stored of a code that was mailed to this account.
    #[must_use]
    pub fn mail_digest(&self, staff: &[u8; 16], code: &str) -> [u8; 32] {
        self.pepper.mac_parts(&[b"mail code\n", staff, code.trim().as_bytes()])
    }

    /// What is stored of an address that a contact of a channel was told with.
    #[must_use]
    pub fn contact_address(&self, address: &str) -> [u8; 32] {
        self.pepper.mac_parts(&[b"contact address\n", address.as_bytes()])
    }

    /// What is stored of a code that was mailed to such an address of an owner.
    #[must_use]
    pub fn contact_code(&self, owner: &[u8; 16], address: &[u8; 32], code: &str) -> [u8; 32] {
        self.pepper.mac_parts(&[b"contact code\n", owner, address, code.trim().as_bytes()])
    }
}

/// A recovery code: four groups of four letters and digits.
#[must_use]
pub fn make_recovery_code() -> Secret<String> {
    let text = BASE32_NOPAD.encode(&random::bytes::<RECOVERY_BYTES>()).to_lowercase();
    let groups: Vec<&str> = [0..4, 4..8, 8..12, 12..16].map(|part| &text[part]).into();
    Secret::new(groups.join("-"))
}

/// The six digits of a step (RFC 4226, 5.3, with the step as the counter).
#[must_use]
pub fn code_at(secret: &[u8], step: i64) -> String {
    // A key of any length is one.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xf);
    let mut word = [0; 4];
    word.copy_from_slice(&digest[offset..offset + 4]);
    format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
}

/// What a sealed secret is bound to.
fn label(staff: &[u8; 16]) -> Vec<u8> {
    [b"totp\n".as_slice(), HEXLOWER.encode(staff).as_bytes()].concat()
}

/// Equality in a time that depends on the length alone.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the SHA-1 column, whose last six of eight digits ours are.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn a_recovery_code_is_four_groups_of_four() {
        let code = make_recovery_code();
        let groups: Vec<_> = code.expose().split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4]);
        assert_ne!(code.expose(), make_recovery_code().expose());
    }
}
