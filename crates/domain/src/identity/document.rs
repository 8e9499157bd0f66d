//! Identity documents and their numbers (SE-3.2: residents and qualified persons from outside the mainland).
//!
//! The number of a resident identity card and of the residence permits follows GB 11643: six digits of division,
//! a birth date, three digits of sequence whose last is odd for men, and a check character. Old foreigners' permits
//! and travel documents have only a shape.

use super::{Refusal, mask};
use crate::division::DivisionCode;
use crate::name::names;
use crate::time::BusinessDate;
use std::fmt;

names! {
    /// A kind of document a holder may present.
    DocumentKind {
        /// 居民身份证.
        ResidentId = "resident_id",
        /// 港澳台居民居住证: a number of the same form under 810000, 820000 or 830000.
        HmtResidencePermit = "hmt_residence_permit",
        /// 外国人永久居留身份证: 18 characters beginning with 9 since 2023, before that 3 letters and 12 digits.
        ForeignPermanentResidence = "foreign_permanent_residence",
        /// 港澳居民来往内地通行证.
        HmTravelPermit = "hm_travel_permit",
        /// 台湾居民来往大陆通行证.
        TwTravelPermit = "tw_travel_permit",
        /// A foreign passport.
        Passport = "passport",
    }
    /// Sex as the document states it.
    Sex {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
    }
}

/// The number on a document, upper case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

impl IdNumber {
    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `3301**********1234`.
    pub fn masked(&self) -> String {
        mask(&self.0, 4, 4)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A document: its kind and its checked number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdDocument {
    kind: DocumentKind,
    number: IdNumber,
}

impl IdDocument {
    /// Checks `number` by the rule of `kind`; lower-case letters are raised.
    ///
    /// Refuses, in order: shape, region, birth date, check character.
    pub fn new(kind: DocumentKind, number: &str) -> Result<Self, Refusal> {
        let number = number.to_ascii_uppercase();
        let bytes = number.as_bytes();
        match kind {
            DocumentKind::ResidentId => {
                check_gb11643(bytes, |region| (11..=71).contains(&(region / 10_000)))?;
            }
            DocumentKind::HmtResidencePermit => {
                check_gb11643(bytes, |region| matches!(region, 810_000 | 820_000 | 830_000))?;
            }
            DocumentKind::ForeignPermanentResidence if bytes.len() == 18 => {
                check_gb11643(bytes, |region| region / 100_000 == 9)?;
            }
            DocumentKind::ForeignPermanentResidence => require(is_shape(bytes, b"AAA000000000000"))?,
            DocumentKind::HmTravelPermit => {
                let marked = matches!(bytes.first(), Some(b'H' | b'M'));
                require(marked && (is_shape(bytes, b"A00000000") || is_shape(bytes, b"A0000000000")))?;
            }
            DocumentKind::TwTravelPermit => require(is_shape(bytes, b"00000000"))?,
            DocumentKind::Passport => {
                let plain = bytes.iter().all(u8::is_ascii_alphanumeric);
                require(plain && (5..=20).contains(&bytes.len()))?;
            }
        }
        Ok(Self { kind, number: IdNumber(number) })
    }

    /// Its kind.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Its number.
    pub const fn number(&self) -> &IdNumber {
        &self.number
    }

    /// The bytes a blind index is made of: kind and number, which together name one document.
    pub fn index_bytes(&self) -> Vec<u8> {
        format!("{}:{}", self.kind, self.number.0).into_bytes()
    }

    /// The birth date the number carries, if it carries one.
    pub fn birth_date(&self) -> Option<BusinessDate> {
        self.gb11643().and_then(birth_date)
    }

    /// The sex the number carries, if it carries one.
    pub fn sex(&self) -> Option<Sex> {
        let number = self.gb11643()?;
        Some(if number[16] % 2 == 1 { Sex::Male } else { Sex::Female })
    }

    /// The division that first registered a resident; it may have been abolished since.
    pub fn division(&self) -> Option<DivisionCode> {
        let resident = self.kind == DocumentKind::ResidentId;
        self.number.0.get(..6).filter(|_| resident)?.parse().ok()
    }

    fn gb11643(&self) -> Option<&[u8; 18]> {
        match self.kind {
            DocumentKind::ResidentId
            | DocumentKind::HmtResidencePermit
            | DocumentKind::ForeignPermanentResidence => self.number.0.as_bytes().try_into().ok(),
            DocumentKind::HmTravelPermit | DocumentKind::TwTravelPermit | DocumentKind::Passport => None,
        }
    }
}

fn require(shape: bool) -> Result<(), Refusal> {
    if shape { Ok(()) } else { Err(Refusal::NumberShape) }
}

/// Whether `text` has the pattern's letters (`A`) and digits (`0`).
fn is_shape(text: &[u8], pattern: &[u8]) -> bool {
    let fits = |(byte, wanted): (&u8, &u8)| match wanted {
        b'A' => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit(),
    };
    text.len() == pattern.len() && text.iter().zip(pattern).all(fits)
}

fn check_gb11643(number: &[u8], region: impl Fn(u32) -> bool) -> Result<(), Refusal> {
    let number: &[u8; 18] = number.try_into().map_err(|_| Refusal::NumberShape)?;
    let last = number[17].is_ascii_digit() || number[17] == b'X';
    require(last && number[..17].iter().all(u8::is_ascii_digit))?;
    if !region(number[..6].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))) {
        return Err(Refusal::Region);
    }
    birth_date(number).ok_or(Refusal::BirthDate)?;
    if number[17] == check_character(number) { Ok(()) } else { Err(Refusal::CheckDigit) }
}

fn birth_date(number: &[u8; 18]) -> Option<BusinessDate> {
    let decimal = |range: std::ops::Range<usize>| {
        number[range].iter().fold(0_i32, |sum, digit| sum * 10 + i32::from(digit - b'0'))
    };
    let (month, day) = (u8::try_from(decimal(10..12)).ok()?, u8::try_from(decimal(12..14)).ok()?);
    BusinessDate::from_civil(decimal(6..10), month, day)
}

/// The check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2).
fn check_character(number: &[u8; 18]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = WEIGHTS.iter().zip(number).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    b"10X98765432"[sum as usize % 11]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn complete(first: &str) -> String {
        let mut number: [u8; 18] = format!("{first}0").into_bytes().try_into().unwrap();
        number[17] = check_character(&number);
        String::from_utf8(number.to_vec()).unwrap()
    }

    #[test]
    fn a_resident_number_carries_division_birth_date_and_sex() {
        // The example printed in GB 11643-1999.
        let document = IdDocument::new(DocumentKind::ResidentId, "11010519491231002x").unwrap();
        assert_eq!(document.number().as_str(), "11010519491231002X");
        assert_eq!(document.birth_date(), BusinessDate::from_civil(1949, 12, 31));
        assert_eq!(document.sex(), Some(Sex::Female));
        assert_eq!(document.division(), "110105".parse().ok());
        assert_eq!(format!("{document:?}"), "IdDocument { kind: ResidentId, number: 1101**********002X }");
        assert_eq!(document.index_bytes(), b"resident_id:11010519491231002X");
    }

    #[test]
    fn a_resident_number_is_refused_for_its_first_fault() {
        let number = |text: &str| IdDocument::new(DocumentKind::ResidentId, text).map(|_| ());
        for (text, outcome) in [
            (complete("51290119800229001"), Ok(())),
            ("1101051949123100".to_owned(), Err(Refusal::NumberShape)),
            ("11010519491231002XX".to_owned(), Err(Refusal::NumberShape)),
            ("1101051949123100X2".to_owned(), Err(Refusal::NumberShape)),
            ("１1010519491231002X".to_owned(), Err(Refusal::NumberShape)),
            (complete("81000019900101001"), Err(Refusal::Region)),
            (complete("91000019900101001"), Err(Refusal::Region)),
            (complete("11010519810229001"), Err(Refusal::BirthDate)),
            (complete("11010519491331001"), Err(Refusal::BirthDate)),
            ("110105194912310021".to_owned(), Err(Refusal::CheckDigit)),
        ] {
            assert_eq!(number(&text), outcome, "{text}");
        }
    }

    /// SE-3.2: the resident id card is not the only document.
    #[test]
    fn persons_from_outside_the_mainland_have_documents_of_their_own() {
        use DocumentKind::{
            ForeignPermanentResidence as Foreign, HmTravelPermit, HmtResidencePermit, Passport,
            TwTravelPermit,
        };
        for (kind, text, accepted) in [
            (HmtResidencePermit, complete("81000019900101001"), true),
            (HmtResidencePermit, complete("83000019900101001"), true),
            (HmtResidencePermit, complete("81000119900101001"), false),
            (HmtResidencePermit, complete("33010619900101001"), false),
            (Foreign, complete("91184019900101001"), true),
            (Foreign, complete("33010619900101001"), false),
            (Foreign, "USA110090010101".to_owned(), true),
            (Foreign, "US1110090010101".to_owned(), false),
            (HmTravelPermit, "H12345678".to_owned(), true),
            (HmTravelPermit, "m1234567801".to_owned(), true),
            (HmTravelPermit, "T12345678".to_owned(), false),
            (HmTravelPermit, "H123456789".to_owned(), false),
            (TwTravelPermit, "12345678".to_owned(), true),
            (TwTravelPermit, "123456789".to_owned(), false),
            (Passport, "E1234".to_owned(), true),
            (Passport, "E123".to_owned(), false),
            (Passport, "E".repeat(20), true),
            (Passport, "E".repeat(21), false),
            (Passport, "E12 34".to_owned(), false),
        ] {
            assert_eq!(IdDocument::new(kind, &text).is_ok(), accepted, "{kind} {text}");
        }
        let permit = IdDocument::new(HmtResidencePermit, &complete("81000019900101001")).unwrap();
        assert_eq!((permit.sex(), permit.division()), (Some(Sex::Male), None));
        let passport = IdDocument::new(Passport, "E12345678").unwrap();
        assert_eq!((passport.birth_date(), passport.sex()), (None, None));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(day in 1..28_u32, sequence in 0..1000_u32, place in 0..17_usize, shift in 1..10_u8) {
            let number = complete(&format!("330106199001{day:02}{sequence:03}"));
            let mut wrong = number.clone().into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + shift) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(IdDocument::new(DocumentKind::ResidentId, &number).is_ok());
            prop_assert!(IdDocument::new(DocumentKind::ResidentId, &wrong).is_err());
        }

        #[test]
        fn any_text_is_accepted_or_refused(text in "\\PC{0,24}", kind in 0..6_usize) {
            let _ = IdDocument::new(DocumentKind::ALL[kind], &text);
        }
    }
}
