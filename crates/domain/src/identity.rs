//! Who somebody is on paper: identity documents, names, phones, and the codes of organisations.
//!
//! Invariant: a value of these types passed its check rule once, is kept in one canonical form (so that equal
//! people give equal bytes to a blind index), and shows only its mask in `Debug`. Whether the paper is genuine is
//! not here: that is the public-security check's answer.

mod document;
mod person_name;
mod uscc;

use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

pub use document::{DocumentKind, IdDocument, IdNumber, Sex};
pub use person_name::PersonName;
pub use uscc::{OrgCode, Uscc};

refusals! {
    /// Why something is not an identity.
    Refusal {
        /// Wrong length or characters for this kind of document.
        NumberShape = "identity.number_shape" "证件号码格式不正确" "the document number is malformed";
        /// Positions 7–14 are not a day of the calendar (GB 11643).
        BirthDate = "identity.birth_date" "证件号码中的出生日期无效" "the birth date in the number is not a real day";
        /// The last character does not fit the others.
        CheckDigit = "identity.check_digit" "号码校验位不正确" "the check character is wrong";
        /// The region in the number does not belong to this kind of document.
        Region = "identity.region" "号码地区与证件类型不符" "the region does not fit the kind of document";
        /// Empty, or more than 50 characters.
        NameLength = "identity.name_length" "姓名长度应为1至50个字符" "a name has 1 to 50 characters";
        /// Control characters, line breaks, or nothing but separators.
        NameCharacter = "identity.name_character" "姓名含有不允许的字符" "the name has a character that is not allowed";
        /// Not a mobile number of the mainland.
        Phone = "identity.phone" "手机号码格式不正确" "not a mobile number of the mainland";
        /// Not 18 characters of the alphabet of GB 32100.
        UsccShape = "identity.uscc_shape" ["CH-F1.3"] "统一社会信用代码格式不正确" "the USCC is malformed";
        /// Its check character is wrong.
        UsccCheck = "identity.uscc_check" ["CH-F1.3"] "统一社会信用代码校验位不正确"
            "the check character of the USCC is wrong";
    }
}

/// A mobile number of the mainland: eleven digits, kept without a country code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Its eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****1234`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

impl FromStr for Phone {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let digits = text.strip_prefix("+86").unwrap_or(text);
        match digits.as_bytes() {
            [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit) => {
                Ok(Self(digits.to_owned()))
            }
            _ => Err(Refusal::Phone),
        }
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Where a person's rows live: one of 1024 classes of a keyed hash whose key is never rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard(u16);

impl Shard {
    /// How many there are.
    pub const COUNT: u16 = 1024;

    /// The shard of a keyed hash of the person.
    pub const fn of(hash: &[u8; 32]) -> Self {
        Self(u16::from_be_bytes([hash[0], hash[1]]) % Self::COUNT)
    }

    /// The shard with this number, if there is one.
    pub fn new(number: i64) -> Option<Self> {
        u16::try_from(number).ok().filter(|number| *number < Self::COUNT).map(Self)
    }

    /// The shard whose number is the low ten bits.
    pub(crate) const fn of_low_bits(bits: u16) -> Self {
        Self(bits % Self::COUNT)
    }

    /// Its number, below [`Shard::COUNT`].
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The random part of an id of a row that lives here: its last two bytes are the shard, so that the id alone
    /// finds the row.
    #[must_use]
    pub const fn stamp(self, mut random: [u8; 10]) -> [u8; 10] {
        [random[8], random[9]] = self.0.to_be_bytes();
        random
    }

    /// The shard that [`Shard::stamp`] put into an id, if it is one.
    pub fn of_id(id: &[u8; 16]) -> Option<Self> {
        Self::new(i64::from(u16::from_be_bytes([id[14], id[15]])))
    }
}

/// Keeps `head` and `tail` characters and stars the rest; of a text too short for that, only its first one.
pub fn mask(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let (head, tail) = if length > head + tail { (head, tail) } else { (length.min(1), 0) };
    let starred = |(place, character)| if place < head || place >= length - tail { character } else { '*' };
    text.chars().enumerate().map(starred).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_eleven_digits_of_a_mobile() {
        for (text, accepted) in [
            ("13812341234", true),
            ("+8613812341234", true),
            ("19900000000", true),
            ("12812341234", false),
            ("1381234123", false),
            ("138123412345", false),
            ("8613812341234", false),
            ("1381234123a", false),
            ("１3812341234", false),
        ] {
            assert_eq!(text.parse::<Phone>().is_ok(), accepted, "{text}");
        }
        let phone: Phone = "+8613812341234".parse().unwrap();
        assert_eq!((phone.as_str(), phone.masked().as_str()), ("13812341234", "138****1234"));
        assert_eq!(format!("{phone:?}"), "138****1234");
    }

    #[test]
    fn a_text_too_short_for_its_mask_shows_one_character() {
        assert_eq!(mask("", 3, 4), "");
        assert_eq!(mask("a", 3, 4), "a");
        assert_eq!(mask("abcdefg", 3, 4), "a******");
        assert_eq!(mask("abcdefgh", 3, 4), "abc*efgh");
    }

    #[test]
    fn a_shard_is_one_of_1024() {
        let mut hash = [0xFF; 32];
        assert_eq!(Shard::of(&hash).get(), 1023);
        hash[..2].copy_from_slice(&1024_u16.to_be_bytes());
        assert_eq!(Shard::of(&hash).get(), 0);
        assert_eq!(Shard::new(1023).map(Shard::get), Some(1023));
        assert_eq!((Shard::new(1024), Shard::new(-1)), (None, None));
    }

    #[test]
    fn an_id_carries_its_shard() {
        use crate::{id::CardId, time::Timestamp};
        let shard = Shard::new(1023).unwrap();
        let id = CardId::make(Timestamp::from_micros(1_700_000_000_000_000), shard.stamp([0xFF; 10]));
        assert_eq!(Shard::of_id(id.as_bytes()), Some(shard));
        assert_eq!(Shard::of_id(&[0xFF; 16]), None);
    }
}
