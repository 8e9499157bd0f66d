//! 加签: an office that has to decide asks another one for its opinion on a matter.
//!
//! Invariant: advice is asked beside the matter and never part of its rule. It blocks no step and moves no last day, is answered
//! once, and is on record whatever becomes of the matter. Whoever is asked sees the matter from then on, because the asker shows
//! it to them (CH-5.2); once the question is taken back, no more. What the regulation itself asks of others, such as the opinions
//! of the provinces (CH-8.1e, CH-33.1), is part of the rules of its kind and not here.

use crate::division::{DivisionCode, Level};
use crate::id::StaffId;
use crate::matter::{By, Party};
use crate::name::names;
use crate::org::Role;
use crate::refusal::refusals;

refusals! {
    /// Why advice is not asked, given or taken back.
    Refusal {
        /// The asker is none of those who decide, or the matter does not wait for them.
        Asker = "advice.asker" "仅正在办理该事项的人社部门、部信息中心或平台运营机构可请求加签"
            "only an office that has to act on the matter just now, and is not its owner, asks for advice";
        /// Not an office that gives advice, or its area is missing or of another level.
        Office = "advice.office" "加签对象须为部信息中心、平台运营机构，或指明地域的省级、地市级人社部门"
            "ask the ministry, the operator, or the department of a province or a prefecture that is named";
        /// That office was asked and has not answered.
        Pending = "advice.pending" "已请该机构加签，尚未答复" "that office was asked and has not answered yet";
        /// The matter is over.
        Ended = "advice.ended" "办件已办结" "the matter is over";
        /// It was answered or taken back.
        Closed = "advice.closed" "该加签已答复或已撤回" "it was answered or taken back";
        /// Another office was asked.
        NotAsked = "advice.not_asked" "未请本机构加签" "another office was asked";
        /// Neither the person who asked nor an administrator of that office.
        Withdraw = "advice.withdraw" "仅请求人或本机构管理员可撤回加签" "only whoever asked, or an administrator of that office, takes it back";
        /// No complete file of the matter that the own organisation has sent.
        File = "advice.file" "附件须为本机构已上传完成的文件" "a file has to be one that the own organisation has sent whole";
    }
}

names! {
    /// Where a question stands.
    State {
        /// Nobody has answered.
        Asked = "asked",
        /// Answered.
        Answered = "answered",
        /// Taken back before it was answered.
        Withdrawn = "withdrawn",
    }
}

/// An office: whoever acts for a party, of one area where the party has many. It is asked for advice, waited for and reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Office {
    /// The party.
    pub party: Party,
    /// The area.
    pub division: Option<DivisionCode>,
}

impl Office {
    /// The office as one that can be asked. Refuses owners, the platform, and an area that the party has not.
    pub fn new(party: Party, division: Option<DivisionCode>) -> Result<Self, Refusal> {
        let level = division.map(DivisionCode::level);
        let fits = match party {
            Party::Ministry | Party::Operator => level.is_none(),
            Party::Province => level == Some(Level::Province),
            Party::Prefecture => level == Some(Level::Prefecture),
            Party::Owner | Party::Platform => false,
        };
        if fits && division.is_none_or(DivisionCode::is_listed) {
            Ok(Self { party, division })
        } else {
            Err(Refusal::Office)
        }
    }

    /// The office of a stored party and area, which is empty where the party is one for the whole nation; none of words that
    /// nobody has stored.
    pub fn stored(party: &str, division: &str) -> Option<Self> {
        let division = match division {
            "" => None,
            area => Some(area.parse().ok()?),
        };
        Some(Self { party: party.parse().ok()?, division })
    }

    /// Its area as it is stored.
    pub fn area(self) -> String {
        self.division.map(|division| division.to_string()).unwrap_or_default()
    }

    /// Whether `by` acts for it.
    pub fn is_of(self, by: &By) -> bool {
        by.party == self.party && self.division.is_none_or(|division| division == by.division)
    }
}

/// Whether `by` may ask for advice; `has_turn` says whether the matter waits for the own office.
pub fn ask(by: &By, has_turn: bool) -> Result<(), Refusal> {
    let decides = matches!(by.party, Party::Prefecture | Party::Province | Party::Ministry | Party::Operator);
    if decides && has_turn { Ok(()) } else { Err(Refusal::Asker) }
}

/// Whether `by` may answer what `office` was asked. Refuses, in order: another office; what is closed.
pub fn answer(by: &By, office: Office, state: State) -> Result<(), Refusal> {
    if !office.is_of(by) {
        return Err(Refusal::NotAsked);
    }
    open(state)
}

/// Who asked: the person and the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The person.
    pub staff: StaffId,
    /// Whether the organisation is that of whoever acts now.
    pub is_own_org: bool,
}

/// Whether `by`, of this role, may take the question back. Refuses, in order: whoever neither asked nor administers the
/// office that did; what is closed.
pub fn withdraw(by: &By, role: Role, asker: Asker, state: State) -> Result<(), Refusal> {
    let administers = asker.is_own_org && matches!(role, Role::OperatorAdmin | Role::RegionAdmin);
    if by.staff != Some(asker.staff) && !administers {
        return Err(Refusal::Withdraw);
    }
    open(state)
}

fn open(state: State) -> Result<(), Refusal> {
    match state {
        State::Asked => Ok(()),
        State::Answered | State::Withdrawn => Err(Refusal::Closed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(party: Party, person: u8, division: &str) -> By {
        let staff = Some(StaffId::from_bytes([person; 16]));
        By { party, staff, org: None, division: division.parse().unwrap(), in_place_of: None }
    }

    /// CH-5.2, CH-5.3: those who decide are asked, by the area they have.
    #[test]
    fn an_office_has_an_area_exactly_where_its_party_has_many() {
        let code = |text: &str| text.parse::<DivisionCode>().ok();
        for (party, division, fits) in [
            (Party::Ministry, None, true),
            (Party::Ministry, code("330000"), false),
            (Party::Operator, None, true),
            (Party::Province, code("330000"), true),
            (Party::Province, code("330100"), false),
            (Party::Province, None, false),
            (Party::Prefecture, code("330100"), true),
            (Party::Prefecture, code("330000"), false),
            (Party::Owner, None, false),
            (Party::Platform, None, false),
        ] {
            assert_eq!(Office::new(party, division).is_ok(), fits, "{party} {division:?}");
        }
    }

    #[test]
    fn whoever_has_to_decide_asks_and_whoever_was_asked_answers_once() {
        let (zhejiang, shanghai) = (by(Party::Province, 1, "330000"), by(Party::Province, 2, "310000"));
        assert_eq!(ask(&zhejiang, true), Ok(()));
        assert_eq!(ask(&zhejiang, false), Err(Refusal::Asker));
        assert_eq!(ask(&by(Party::Owner, 3, "330100"), true), Err(Refusal::Asker));
        let office = Office::new(Party::Province, "310000".parse().ok()).unwrap();
        assert_eq!(answer(&shanghai, office, State::Asked), Ok(()));
        assert_eq!(answer(&zhejiang, office, State::Asked), Err(Refusal::NotAsked));
        assert_eq!(answer(&shanghai, office, State::Answered), Err(Refusal::Closed));
        assert_eq!(answer(&shanghai, office, State::Withdrawn), Err(Refusal::Closed));
    }

    #[test]
    fn only_whoever_asked_or_an_administrator_of_that_office_takes_it_back() {
        let (clerk, other) = (by(Party::Operator, 1, "000000"), by(Party::Operator, 2, "000000"));
        let asker = |is_own_org| Asker { staff: StaffId::from_bytes([1; 16]), is_own_org };
        assert_eq!(withdraw(&clerk, Role::OperatorClerk, asker(true), State::Asked), Ok(()));
        assert_eq!(withdraw(&other, Role::OperatorClerk, asker(true), State::Asked), Err(Refusal::Withdraw));
        assert_eq!(withdraw(&other, Role::OperatorAdmin, asker(true), State::Asked), Ok(()));
        assert_eq!(withdraw(&other, Role::OperatorAdmin, asker(false), State::Asked), Err(Refusal::Withdraw));
        assert_eq!(withdraw(&clerk, Role::OperatorClerk, asker(true), State::Answered), Err(Refusal::Closed));
    }
}
