//! Who acts in a matter: for which party, and which person, in their own place or in another's.
//!
//! Invariant: nobody reviews their own work (四眼), nor through whoever stands in for them. Which role acts for which party is [`Party::of`].

use super::{Party, Refusal};
use crate::division::DivisionCode;
use crate::id::{OrgId, StaffId};
use serde::{Deserialize, Serialize};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MatterBy))]
pub struct By {
    /// For which party.
    pub party: Party,
    /// The person; none when the platform acts.
    pub staff: Option<StaffId>,
    /// The person's organisation.
    pub org: Option<OrgId>,
    /// The organisation's division.
    pub division: DivisionCode,
    /// In whose place the person stands (代理); none when they act for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<StaffId>,
}

impl By {
    /// The platform itself.
    pub const PLATFORM: Self = Self {
        party: Party::Platform,
        staff: None,
        org: None,
        division: DivisionCode::NATIONAL,
        in_place_of: None,
    };

    /// Refuses a person who did the first half (四眼): nobody reviews their own work. Who stands in for another is both of
    /// them, in either half. The platform is nobody.
    pub fn other_than(&self, first: &Self) -> Result<(), Refusal> {
        let before = [first.staff, first.in_place_of];
        let mut persons = [self.staff, self.in_place_of].into_iter().flatten();
        if persons.any(|person| before.contains(&Some(person))) { Err(Refusal::SamePerson) } else { Ok(()) }
    }

    /// Refuses another party.
    pub fn is_party(&self, party: Party) -> Result<(), Refusal> {
        if self.party == party { Ok(()) } else { Err(Refusal::Party) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::testing::by;

    #[test]
    fn who_stands_in_for_another_counts_as_both_where_a_second_person_is_asked_for() {
        let person = |number: u8| by(Party::Ministry, number, "000000");
        let standing = |number: u8, other: u8| By { in_place_of: person(other).staff, ..person(number) };
        let same = Err(Refusal::SamePerson);
        for (first, second, outcome) in [
            (person(1), person(2), Ok(())),
            (person(1), person(1), same),
            (person(1), standing(2, 1), same),
            (standing(2, 1), person(1), same),
            (standing(2, 1), person(2), same),
            (standing(2, 1), standing(2, 3), same),
            (standing(2, 1), standing(3, 1), same),
            (standing(2, 1), standing(3, 4), Ok(())),
            (standing(2, 1), person(3), Ok(())),
            (By::PLATFORM, By::PLATFORM, Ok(())),
        ] {
            assert_eq!(second.other_than(&first), outcome, "{first:?} {second:?}");
        }
    }

    /// What was stored before anybody stood in for anybody is read as it was meant.
    #[test]
    fn a_person_of_before_stands_for_themselves() {
        let kept = serde_json::to_string(&by(Party::Ministry, 1, "000000")).unwrap();
        assert!(!kept.contains("in_place_of"));
        assert_eq!(serde_json::from_str::<By>(&kept).unwrap().in_place_of, None);
    }
}
