//! A reminder (催办): whoever waits tells those whose turn it is, once a day at most.
//!
//! Invariant: nobody reminds the own office, nor the platform, to which nobody belongs. What a reminder says and to whom it goes is not here.

use super::{By, Party, Refusal};
use crate::division::DivisionCode;
use crate::time::BusinessDate;

/// Whether `by` may remind those of `party`, of that area where it has many, today. Refuses, in order: the
/// platform; the own office; a second time on one day.
pub fn remind(
    by: &By,
    party: Party,
    division: Option<DivisionCode>,
    last_on: Option<BusinessDate>,
    today: BusinessDate,
) -> Result<(), Refusal> {
    if party == Party::Platform {
        return Err(Refusal::Nobody);
    }
    if by.party == party && division.is_none_or(|division| division == by.division) {
        return Err(Refusal::OwnTurn);
    }
    if last_on == Some(today) { Err(Refusal::Reminded) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::testing::by;

    #[test]
    fn whoever_waits_reminds_the_others_once_a_day() {
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let (today, zhejiang, shanghai) = (day("2026-03-02"), "330000".parse().ok(), "310000".parse().ok());
        let owner = by(Party::Owner, 1, "330100");
        let province = by(Party::Province, 2, "330000");
        for (who, party, division, last_on, outcome) in [
            (&owner, Party::Ministry, None, None, Ok(())),
            (&owner, Party::Province, zhejiang, None, Ok(())),
            (&owner, Party::Province, zhejiang, Some(day("2026-03-01")), Ok(())),
            (&owner, Party::Province, zhejiang, Some(today), Err(Refusal::Reminded)),
            (&owner, Party::Owner, None, None, Err(Refusal::OwnTurn)),
            (&owner, Party::Platform, None, None, Err(Refusal::Nobody)),
            (&province, Party::Province, shanghai, None, Ok(())),
            (&province, Party::Province, zhejiang, None, Err(Refusal::OwnTurn)),
        ] {
            assert_eq!(remind(who, party, division, last_on, today), outcome, "{party} {division:?}");
        }
    }
}
