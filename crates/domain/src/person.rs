//! The holder: who a card and an e-card belong to.
//!
//! Invariant: a person is named by one identity document; a claim to be that person must match both the document
//! and the name, and what is shown of a person is the mask. Cards and e-cards are in modules of their own.

use crate::id::PersonId;
use crate::identity::{IdDocument, PersonName, Phone, Shard};
use crate::refusal::refusals;
use crate::time::BusinessDate;

refusals! {
    /// Why somebody is not this person.
    Refusal {
        /// The name or the document is not the one on record. Which of the two is not said.
        Mismatch = "person.mismatch" ["ND-2.4b"] "姓名与证件号码不一致"
            "name and document number do not belong together";
        /// The sex of a row is not the one in the document number.
        Sex = "person.sex" "性别与证件号码不符" "the sex does not fit the document number";
        /// The birth date of a row is not the one in the document number.
        BirthDate = "person.birth_date" "出生日期与证件号码不符" "the birth date does not fit the document number";
        /// The phone is not the reserved one, or none is reserved.
        Phone = "person.phone" "手机号码与预留号码不一致" "the phone is not the reserved one";
    }
}

/// A holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Where their rows live.
    pub shard: Shard,
    /// The document that names them; a citizen's number is also their social-security number.
    pub document: IdDocument,
    /// Their name.
    pub name: PersonName,
    /// The reserved phone.
    pub phone: Option<Phone>,
}

/// What is shown of a person by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// `张*三`.
    pub name: String,
    /// `3301**********1234`.
    pub number: String,
    /// `138****1234`.
    pub phone: Option<String>,
}

impl Person {
    /// Whether somebody of this name and document is this person.
    pub fn claim(&self, name: &PersonName, document: &IdDocument) -> Result<(), Refusal> {
        if self.name == *name && self.document == *document { Ok(()) } else { Err(Refusal::Mismatch) }
    }

    /// Whether `phone` is the reserved one.
    pub fn reached_at(&self, phone: &Phone) -> Result<(), Refusal> {
        if self.phone.as_ref() == Some(phone) { Ok(()) } else { Err(Refusal::Phone) }
    }

    /// What may be shown.
    pub fn masked(&self) -> Masked {
        Masked {
            name: self.name.masked(),
            number: self.document.number().masked(),
            phone: self.phone.as_ref().map(Phone::masked),
        }
    }

    /// Full years on `today`, where the document tells the birth date. Somebody born on 29 February is a year
    /// older on 1 March of a common year: on 28 February the day has not come.
    pub fn age_on(&self, today: BusinessDate) -> Option<i64> {
        let (year, month, day) = self.document.birth_date()?.civil();
        let (this_year, this_month, this_day) = today.civil();
        let before = (this_month, this_day) < (month, day);
        Some(this_year - year - i64::from(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::DocumentKind;

    fn person() -> Person {
        Person {
            id: PersonId::from_bytes([1; 16]),
            shard: Shard::of(&[0; 32]),
            document: IdDocument::new(DocumentKind::ResidentId, "11010519491231002X").unwrap(),
            name: "张小三".parse().unwrap(),
            phone: "13812341234".parse().ok(),
        }
    }

    #[test]
    fn a_claim_matches_name_and_document_and_does_not_say_which_failed() {
        let person = person();
        let passport = IdDocument::new(DocumentKind::Passport, "11010519491231002X").unwrap();
        let other: PersonName = "张小四".parse().unwrap();
        assert_eq!(person.claim(&person.name, &person.document), Ok(()));
        assert_eq!(person.claim(&other, &person.document), Err(Refusal::Mismatch));
        assert_eq!(person.claim(&person.name, &passport), Err(Refusal::Mismatch));
        assert_eq!(person.reached_at(&"13812341234".parse().unwrap()), Ok(()));
        assert_eq!(person.reached_at(&"13812341235".parse().unwrap()), Err(Refusal::Phone));
    }

    #[test]
    fn only_masks_are_shown() {
        let masked = person().masked();
        assert_eq!((masked.name.as_str(), masked.number.as_str()), ("张*三", "1101**********002X"));
        assert_eq!(masked.phone.as_deref(), Some("138****1234"));
        let debug = format!("{:?}", person());
        assert!(!debug.contains("张小三") && !debug.contains("19491231") && !debug.contains("13812341234"));
    }

    #[test]
    fn a_year_is_full_on_the_birthday() {
        for (today, age) in [("1967-12-30", 17), ("1967-12-31", 18), ("1968-01-01", 18), ("1949-12-31", 0)] {
            assert_eq!(person().age_on(today.parse().unwrap()), Some(age), "{today}");
        }
    }
}
