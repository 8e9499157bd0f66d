//! 统一社会信用代码 (GB 32100-2015) and the organisation code inside it (GB 11714).

use super::{Refusal, mask};
use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The code of a legal person: 18 characters whose last checks the rest and whose positions 9–17 are an
/// organisation code that checks itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);

impl Uscc {
    /// The code that begins so, eight characters, and whose organisation code has this number of at most eight digits; both
    /// check characters are computed. Refuses: shape.
    pub fn numbered(head: &str, number: u32) -> Result<Self, Refusal> {
        let organisation = format!("{number:08}");
        let organisation_check = OrgCode::check(organisation.as_bytes())?;
        let body = format!("{head}{organisation}{}", char::from(organisation_check));
        format!("{body}{}", char::from(Self::check(body.as_bytes())?)).parse()
    }

    /// The character that checks the others.
    fn check(others: &[u8]) -> Result<u8, Refusal> {
        let (mut sum, mut weight) = (0, 1);
        for character in others {
            sum += weight * value(*character).ok_or(Refusal::UsccShape)?;
            weight = weight * 3 % 31;
        }
        Ok(ALPHABET[(31 - sum % 31) % 31])
    }

    /// Its 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `9111**********341L`.
    pub fn masked(&self) -> String {
        mask(&self.0, 4, 4)
    }

    /// Positions 9–17.
    pub fn org_code(&self) -> OrgCode {
        OrgCode(self.0[8..17].to_owned())
    }
}

impl FromStr for Uscc {
    type Err = Refusal;

    /// Refuses, in order: shape, the check character of the organisation code or of the whole.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let code = text.as_bytes();
        if code.len() != 18 {
            return Err(Refusal::UsccShape);
        }
        let check = Self::check(&code[..17])?;
        value(code[17]).ok_or(Refusal::UsccShape)?;
        if !code[2..8].iter().all(u8::is_ascii_digit) {
            return Err(Refusal::UsccShape);
        }
        text[8..17].parse::<OrgCode>().map_err(|_| Refusal::UsccCheck)?;
        if code[17] != check {
            return Err(Refusal::UsccCheck);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|letter| *letter == character)
}

/// 组织机构代码: eight characters and one that checks them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrgCode(String);

impl OrgCode {
    /// The character that checks the eight others.
    fn check(others: &[u8]) -> Result<u8, Refusal> {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let mut sum = 0;
        for (weight, character) in WEIGHTS.iter().zip(others) {
            sum += weight * char::from(*character).to_digit(36).ok_or(Refusal::UsccShape)?;
        }
        Ok(match 11 - sum % 11 {
            10 => b'X',
            11 => b'0',
            digit => b"0123456789"[digit as usize],
        })
    }

    /// Its nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrgCode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let code: &[u8; 9] = text.as_bytes().try_into().map_err(|_| Refusal::UsccShape)?;
        let check = Self::check(&code[..8])?;
        let upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
        if upper && code[8] == check { Ok(Self(text.to_owned())) } else { Err(Refusal::UsccCheck) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUBLISHED: [&str; 2] = ["91110000600037341L", "91350100M000100Y43"];

    #[test]
    fn published_codes_pass() {
        for text in PUBLISHED {
            assert_eq!(text.parse::<Uscc>().unwrap().as_str(), text);
        }
        let code: Uscc = PUBLISHED[1].parse().unwrap();
        assert_eq!(code.org_code().as_str(), "M000100Y4");
        assert_eq!(format!("{code:?}"), "9135**********0Y43");
    }

    #[test]
    fn a_numbered_code_has_the_check_characters_of_a_published_one() {
        assert_eq!(Uscc::numbered("91110000", 60_003_734).unwrap().as_str(), PUBLISHED[0]);
        for number in [0, 9, 900, 99_999_999] {
            assert!(Uscc::numbered("12330100", number).is_ok(), "{number}");
        }
        for (head, number) in [("9133010", 1), ("9133I100", 1), ("91330100", 100_000_000)] {
            assert_eq!(Uscc::numbered(head, number), Err(Refusal::UsccShape), "{head} {number}");
        }
    }

    #[test]
    fn a_code_is_refused_for_its_shape_before_its_check() {
        for (text, refusal) in [
            ("91110000600037341", Refusal::UsccShape),
            ("91110000600037341LL", Refusal::UsccShape),
            ("91110000600037341I", Refusal::UsccShape),
            ("91110000600037341l", Refusal::UsccShape),
            ("911A0000600037341L", Refusal::UsccShape),
            ("91110000600037341M", Refusal::UsccCheck),
            ("91110000600037342L", Refusal::UsccCheck),
        ] {
            assert_eq!(text.parse::<Uscc>(), Err(refusal), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_never_passes(place in 0..18_usize, letter in 0..31_usize) {
            for text in PUBLISHED {
                let mut wrong = text.as_bytes().to_vec();
                wrong[place] = ALPHABET[letter];
                let wrong = String::from_utf8(wrong).unwrap();
                prop_assert_eq!(wrong.parse::<Uscc>().is_ok(), wrong == text);
            }
        }

        #[test]
        fn any_text_is_accepted_or_refused(text in "\\PC{0,20}") {
            let _ = text.parse::<Uscc>();
            let _ = text.parse::<OrgCode>();
        }
    }
}
