//! 单位注册: a company that wants to run channels files who it is, without an account; the system administrator of the
//! operator confirms or declines, and the security administrator then opens the organisation with its first account.
//!
//! Invariant: two people of two powers stand between a stranger's words and an account (三权分立), and nothing comes into
//! being before the second of them acts. What is not answered lapses. Whether a credit code is known already is no rule here:
//! it is told to those who decide and never to whoever files.

use crate::application::form::{self, Contact};
use crate::channel::Class;
use crate::company::{self, Company};
use crate::division::DivisionCode;
use crate::identity::Uscc;
use crate::matter::{Faults, Refused};
use crate::name::names;
use crate::parameter::{Name, Parameters};
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};

refusals! {
    /// Why nothing happens to a registration.
    Refusal {
        /// It is decided, opened or lapsed.
        Transition = "registration.transition" "该注册当前状态不允许该操作"
            "the state of the registration does not allow this";
        /// As many wait as may.
        Full = "registration.full" "待处理的注册已达上限，请稍后再提交或联系平台运营机构"
            "as many registrations wait as may: file it later, or speak to the operator";
        /// An organisation with this credit code is there already.
        Known = "registration.known" "该统一社会信用代码的机构已登记，请核实后为其开立账户"
            "an organisation with this credit code is registered: verify, and open an account for it";
    }
}

names! {
    /// Where it stands.
    State {
        /// Waits for the system administrator.
        Waiting = "waiting",
        /// Waits for the security administrator.
        Confirmed = "confirmed",
        /// Refused, with a reason.
        Declined = "declined",
        /// The organisation and its first account are there.
        Opened = "opened",
        /// Nobody answered in time.
        Lapsed = "lapsed",
    }
    /// What is done to it.
    Action {
        /// Who files is who they say they are.
        Confirm = "confirm",
        /// They are not, or have no business here.
        Decline = "decline",
        /// The organisation and its first account are made.
        Open = "open",
        /// The time to answer has passed.
        Lapse = "lapse",
    }
}

impl State {
    /// The state after `action`.
    pub const fn next(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Waiting, Action::Confirm) => Ok(Self::Confirmed),
            (Self::Waiting | Self::Confirmed, Action::Decline) => Ok(Self::Declined),
            (Self::Confirmed, Action::Open) => Ok(Self::Opened),
            (Self::Waiting | Self::Confirmed, Action::Lapse) => Ok(Self::Lapsed),
            (Self::Waiting, Action::Open)
            | (Self::Confirmed, Action::Confirm)
            | (Self::Declined | Self::Opened | Self::Lapsed, _) => Err(Refusal::Transition),
        }
    }

    /// Whether nothing happens to it any more.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Declined | Self::Opened | Self::Lapsed)
    }
}

/// What a company files.
#[derive(Clone, Debug)]
pub struct Filing {
    /// Its full name.
    pub name: String,
    /// Its credit code, as it was typed.
    pub uscc: String,
    /// Where it is registered, as it was typed.
    pub division: String,
    /// Its legal representative, as they were typed.
    pub legal_representative: String,
    /// When it was registered, as it was typed.
    pub registered_on: String,
    /// The class that it takes its channels to be of; the application decides (CH-3.0).
    pub class: Class,
    /// Who can be reached.
    pub contact: Contact,
    /// What its channels do for the public.
    pub words: String,
}

/// What a company has filed, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its full name.
    pub name: String,
    /// CH-7.1: a legal person registered in the country.
    pub uscc: Uscc,
    /// Where it is registered.
    pub division: DivisionCode,
    /// CH-7.1, CH-F2.3: what the register of companies says beside.
    pub company: Company,
    /// The class that it takes its channels to be of.
    pub class: Class,
    /// Who can be reached.
    pub contact: Contact,
    /// What its channels do for the public.
    pub words: String,
}

/// Reads what a company files `today` (CH-7.1, CH-7.2, CH-16.1); every wrong field is named at once.
pub fn read(filing: Filing, today: BusinessDate) -> Result<Filed, Refused> {
    let mut faults = Faults::default();
    let name = filing.name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.contains(char::is_control) {
        faults.add("/name", crate::application::Refusal::Text);
    }
    let uscc = faults.take("/uscc", filing.uscc.parse::<Uscc>());
    let division = faults.take("/division", filing.division.parse::<DivisionCode>());
    let division = division.and_then(|division| faults.take("/division", division.listed()));
    let stated = (&filing.legal_representative, &filing.registered_on);
    let company = company::read(stated.0, stated.1, (today, ""), &mut faults);
    form::contact(&filing.contact, "/contact", &mut faults);
    faults.take("/words", crate::matter::words(&filing.words));
    faults.check()?;
    let (Some(uscc), Some(division), Some(company)) = (uscc, division, company) else {
        return Err(Refusal::Transition.into());
    };
    let (name, class) = (name.to_owned(), filing.class);
    Ok(Filed { name, uscc, division, company, class, contact: filing.contact, words: filing.words })
}

/// Whether one more may wait beside `waiting` others.
pub fn admit(waiting: i64, parameters: &Parameters, at: Timestamp) -> Result<(), Refusal> {
    if waiting < parameters.get(Name::RegistrationMost, at.business_date()) {
        Ok(())
    } else {
        Err(Refusal::Full)
    }
}

/// When one filed at `filed_at` lapses.
pub fn lapses_at(filed_at: Timestamp, parameters: &Parameters) -> Timestamp {
    filed_at.plus_seconds(86_400 * parameters.get(Name::RegistrationWait, filed_at.business_date()))
}

/// When one that ended at `ended_at` is forgotten.
pub fn forgotten_at(ended_at: Timestamp, parameters: &Parameters) -> Timestamp {
    ended_at.plus_seconds(86_400 * parameters.get(Name::RegistrationRetention, ended_at.business_date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filing() -> Filing {
        Filing {
            name: "民生通演示科技有限公司".into(),
            uscc: "91350100M000100Y43".into(),
            division: "330100".into(),
            legal_representative: "赵敏".into(),
            registered_on: "2015-06-01".into(),
            class: Class::Social,
            contact: Contact {
                name: "陈晓明".into(),
                phone: "13812341234".into(),
                email: "channel@example.cn".into(),
            },
            words: "面向城市居民的民生服务".into(),
        }
    }

    /// CH-7.1, CH-16.1: who files is a legal person with a valid code and says who can be reached.
    #[test]
    fn what_is_wrong_with_a_filing_is_named_at_once() {
        let today = "2026-03-02".parse().unwrap();
        let read = |filing| read(filing, today);
        let filed = read(filing()).unwrap();
        assert_eq!(filed.company.full_years(today), 10);
        assert_eq!(
            (filed.uscc.as_str(), filed.division.to_string().as_str()),
            ("91350100M000100Y43", "330100")
        );
        let contact = Contact { name: String::new(), phone: "123".into(), email: "channel".into() };
        let wrong = Filing {
            name: "名".repeat(201),
            uscc: "91350100M000100Y44".into(),
            division: "990000".into(),
            legal_representative: " ".into(),
            registered_on: "2026-03-03".into(),
            contact,
            words: " ".into(),
            ..filing()
        };
        let Err(Refused::Fields(faults)) = read(wrong) else { panic!("it was taken") };
        let named: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        let all = [
            "/name",
            "/uscc",
            "/division",
            "/legal_representative",
            "/registered_on",
            "/contact/name",
            "/contact/phone",
            "/contact/email",
            "/words",
        ];
        assert_eq!(named, all);
        assert!(read(Filing { name: "名".repeat(200), ..filing() }).is_ok());
        assert!(read(Filing { name: " ".into(), ..filing() }).is_err());
    }

    #[test]
    fn a_registration_is_confirmed_before_it_is_opened_and_nothing_follows_its_end() {
        let next = |state: State, action| state.next(action).ok();
        for (state, confirm, decline, open, lapse) in [
            (State::Waiting, Some(State::Confirmed), Some(State::Declined), None, Some(State::Lapsed)),
            (State::Confirmed, None, Some(State::Declined), Some(State::Opened), Some(State::Lapsed)),
            (State::Declined, None, None, None, None),
            (State::Opened, None, None, None, None),
            (State::Lapsed, None, None, None, None),
        ] {
            let found = [Action::Confirm, Action::Decline, Action::Open, Action::Lapse];
            assert_eq!(found.map(|action| next(state, action)), [confirm, decline, open, lapse], "{state}");
            assert_eq!(state.is_ended(), Action::ALL.iter().all(|action| next(state, *action).is_none()));
        }
    }

    #[test]
    fn so_many_wait_and_no_more_and_so_long_and_no_longer() {
        let parameters = Parameters::standard();
        let at = Timestamp::from_seconds(1_800_000_000);
        assert_eq!(admit(499, &parameters, at), Ok(()));
        assert_eq!(admit(500, &parameters, at), Err(Refusal::Full));
        assert_eq!(lapses_at(at, &parameters), at.plus_seconds(30 * 86_400));
        assert_eq!(forgotten_at(at, &parameters), at.plus_seconds(180 * 86_400));
    }
}
