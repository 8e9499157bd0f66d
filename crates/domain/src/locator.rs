//! Locators: ids that carry the key of their row, so that any process finds the row without a look-up table.
//!
//! A row of a hot append table is keyed by time bucket, shard and 13 bytes. Its text form is a prefix and 31
//! characters of lower-case base32 (RFC 4648, no padding) over `bucket u32 ‖ shard u16 ‖ id`. A locator is not a
//! secret and proves nothing: whoever presents one must still be entitled to the row.

use crate::refusal::refusals;
use data_encoding::BASE32_NOPAD;

refusals! {
    /// Why a text is not a locator.
    Refusal {
        /// Not the prefix and 31 characters it must be.
        Malformed = "id.malformed" "编号格式不正确" "the id does not have the right form";
    }
}

/// The key of a row in a hot append table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locator {
    /// Minutes since 1970 of the instant the row is filed under.
    pub bucket: u32,
    /// The person's shard.
    pub shard: u16,
    /// Unique within bucket and shard.
    pub id: [u8; 13],
}

impl Locator {
    /// Prefix of a recorded use of a code.
    pub const USE: &'static str = "use";
    /// Prefix of a payment handle.
    pub const HANDLE: &'static str = "phd";
    /// Prefix of a payment.
    pub const PAYMENT: &'static str = "pay";

    /// The text form under `prefix`.
    #[must_use]
    pub fn text(&self, prefix: &str) -> String {
        let mut bytes = [0; 19];
        bytes[..4].copy_from_slice(&self.bucket.to_be_bytes());
        bytes[4..6].copy_from_slice(&self.shard.to_be_bytes());
        bytes[6..].copy_from_slice(&self.id);
        let mut text = String::with_capacity(prefix.len() + 32);
        text.push_str(prefix);
        text.push('_');
        text.extend(BASE32_NOPAD.encode(&bytes).chars().map(|c| c.to_ascii_lowercase()));
        text
    }

    /// Reads a text form under `prefix`.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] for any other text.
    pub fn parse(prefix: &str, text: &str) -> Result<Self, Refusal> {
        let body =
            text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(Refusal::Malformed)?;
        if body.len() != 31 || body.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(Refusal::Malformed);
        }
        let bytes =
            BASE32_NOPAD.decode(body.to_ascii_uppercase().as_bytes()).map_err(|_| Refusal::Malformed)?;
        let (bucket, rest) = bytes.split_first_chunk::<4>().ok_or(Refusal::Malformed)?;
        let (shard, id) = rest.split_first_chunk::<2>().ok_or(Refusal::Malformed)?;
        Ok(Self {
            bucket: u32::from_be_bytes(*bucket),
            shard: u16::from_be_bytes(*shard),
            id: id.try_into().map_err(|_| Refusal::Malformed)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_reads_back_under_its_own_prefix_only(bucket: u32, shard: u16, id: [u8; 13]) {
            let locator = Locator { bucket, shard, id };
            let text = locator.text(Locator::PAYMENT);
            prop_assert_eq!(Locator::parse(Locator::PAYMENT, &text), Ok(locator));
            prop_assert_eq!(Locator::parse(Locator::USE, &text), Err(Refusal::Malformed));
            prop_assert!(Locator::parse(Locator::PAYMENT, &text.to_uppercase()).is_err());
            prop_assert!(Locator::parse(Locator::PAYMENT, &text[..text.len() - 1]).is_err());
        }
    }
}
