//! The catalogue of what a channel, a department or a terminal can be opened for.
//!
//! Invariant: a service names the purpose a holder must have agreed to, the consent it takes, and the most it may
//! ever answer; an answer carries no field that its service does not list (minimum necessary, SE-2.4). Localities
//! may add services of their own (ND-3.3e); the standard ones are here. Who has opened what is not here.

pub mod called;

use crate::name::names;
use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

refusals! {
    /// Why something is not a service, or not this one's answer.
    Refusal {
        /// Not `family.name` in lower case.
        Code = "service.code" "服务编码格式不正确" "a service code is written family.name in lower case";
        /// Not in the standard catalogue.
        Unknown = "service.unknown" ["ND-3.3a"] "服务不在目录中" "the service is not in the catalogue";
        /// Nothing that a channel or terminal is called by.
        CallerShape = "service.caller_shape" "须为10位渠道编号、终端序列号，或编号chn_…、trm_…"
            "a channel number of ten digits, the serial of a terminal, or an id chn_… or trm_… is expected";
        /// Nobody in the own jurisdiction goes by it.
        Caller = "service.caller" ["CH-5.2"] "本辖区内没有该渠道或终端"
            "there is no such channel or terminal in the own jurisdiction";
        /// The purpose is another one.
        Purpose = "service.purpose" ["ND-3.5d"] "使用目的与服务不符" "the purpose does not fit the service";
        /// The service never answers this field.
        Field = "service.field" ["SE-2.4"] "该服务不提供所请求的个人信息项"
            "the service does not answer this field";
    }
}

names! {
    /// The four families of ND-3.3b, and the issuing of the e-card itself (CH-6.2).
    Family {
        /// 签发: precondition of every other (CH-6.3).
        Issuance = "issuance",
        /// 线上身份认证服务.
        Identity = "identity",
        /// 线上个人信息查询服务.
        Query = "query",
        /// 线上业务申办服务.
        Application = "application",
        /// 移动支付服务.
        Payment = "payment",
    }
    /// What the holder lets happen.
    Purpose {
        /// Own an e-card in a channel.
        Issue = "issue",
        /// Have one's identity confirmed.
        Identify = "identify",
        /// Log in somewhere.
        Login = "login",
        /// Have one's records read.
        Query = "query",
        /// Have an application filed.
        Apply = "apply",
        /// Pay.
        Pay = "pay",
    }
    /// The least consent of the holder that a use takes.
    Consent {
        /// A code shown: that one use.
        Code = "code",
        /// A scan or payment confirmed in a holder session: that one use.
        Confirmation = "confirmation",
        /// A stored grant with purpose, scope and expiry.
        Grant = "grant",
    }
    /// A field of personal data that a service may answer.
    Field {
        /// The token of the person in this channel.
        Pseudonym = "pseudonym",
        /// The name, masked.
        NameMasked = "name_masked",
        /// The name.
        Name = "name",
        /// The document number, masked.
        NumberMasked = "number_masked",
        /// The document number.
        Number = "number",
        /// The phone, masked.
        PhoneMasked = "phone_masked",
        /// Sex.
        Sex = "sex",
        /// The age in full years.
        Age = "age",
        /// The issuing division.
        Division = "division",
        /// The card's state.
        CardState = "card_state",
        /// The card number, masked.
        CardNumberMasked = "card_number_masked",
        /// The person's records in the field of the service.
        Records = "records",
    }
}

/// A service's code, `family.name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceCode(String);

impl ServiceCode {
    /// Most characters of a code.
    const MAX: usize = 64;

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServiceCode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let word = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        match text.split_once('.') {
            Some((family, name)) if text.len() <= Self::MAX && word(family) && word(name) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Refusal::Code),
        }
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A service of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its code.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Its family.
    pub family: Family,
    /// Whether every general-purpose channel has it (CH-8.2a); the others are personalised (CH-8.2c).
    pub standard: bool,
    /// What the holder must have agreed to.
    pub purpose: Purpose,
    /// The least consent a use takes.
    pub consent: Consent,
    /// Whether it takes an e-card of level 2.
    pub pays: bool,
    /// The most it may answer.
    pub fields: &'static [Field],
}

impl Service {
    /// Its code as a value.
    pub fn service_code(&self) -> ServiceCode {
        ServiceCode(self.code.to_owned())
    }

    /// Whether `purpose` is the one it takes.
    pub fn for_purpose(&self, purpose: Purpose) -> Result<(), Refusal> {
        if self.purpose == purpose { Ok(()) } else { Err(Refusal::Purpose) }
    }

    /// Whether it may answer every one of `fields`.
    pub fn may_answer(&self, fields: &[Field]) -> Result<(), Refusal> {
        let listed = fields.iter().all(|field| self.fields.contains(field));
        if listed { Ok(()) } else { Err(Refusal::Field) }
    }
}

/// The code of issuance, the precondition of every other service (CH-6.3).
pub const ISSUANCE: &str = "ecard.issue";

/// The service of the catalogue with this code.
pub fn find(code: &str) -> Result<&'static Service, Refusal> {
    CATALOGUE.iter().find(|service| service.code == code).ok_or(Refusal::Unknown)
}

/// The service that a person means: by its code, or by its name in either language.
pub fn meant(text: &str) -> Result<&'static Service, Refusal> {
    let is_meant = |service: &&Service| {
        service.code == text || service.zh == text || service.en.eq_ignore_ascii_case(text)
    };
    CATALOGUE.iter().find(is_meant).ok_or(Refusal::Unknown)
}

const SHOWN: &[Field] =
    &[Field::Pseudonym, Field::NameMasked, Field::NumberMasked, Field::Division, Field::CardState];
const RECORDS: &[Field] = &[Field::Pseudonym, Field::NameMasked, Field::Division, Field::Records];

/// Declares a row: code, Chinese, English, family, standard, purpose, consent, fields. A service of the payment
/// family takes level 2.
macro_rules! service {
    ($code:expr, $zh:literal, $en:literal, $family:ident, $standard:literal, $purpose:ident, $consent:ident, $fields:expr) => {
        Service {
            code: $code,
            zh: $zh,
            en: $en,
            family: Family::$family,
            standard: $standard,
            purpose: Purpose::$purpose,
            consent: Consent::$consent,
            pays: matches!(Family::$family, Family::Payment),
            fields: $fields,
        }
    };
}

/// The standard catalogue.
pub const CATALOGUE: &[Service] = &[
    service!(ISSUANCE, "电子社保卡签发", "E-card issuance", Issuance, true, Issue, Confirmation, SHOWN),
    service!("ecard.show", "展码亮证", "Show the e-card", Identity, true, Identify, Confirmation, SHOWN),
    service!(
        "identity.verify",
        "身份核验",
        "Identity verification",
        Identity,
        true,
        Identify,
        Code,
        &[
            Field::Pseudonym,
            Field::NameMasked,
            Field::NumberMasked,
            Field::Sex,
            Field::Age,
            Field::Division,
            Field::CardState
        ]
    ),
    service!(
        "identity.real_name",
        "实名信息核验",
        "Verified name and number",
        Identity,
        false,
        Identify,
        Grant,
        &[Field::Pseudonym, Field::Name, Field::Number, Field::Division, Field::CardState]
    ),
    service!(
        "identity.benefit",
        "待遇资格认证",
        "Benefit eligibility certification",
        Identity,
        true,
        Identify,
        Confirmation,
        SHOWN
    ),
    service!(
        "login.scan",
        "扫码登录",
        "Log in by scan",
        Identity,
        false,
        Login,
        Confirmation,
        &[Field::Pseudonym, Field::NameMasked]
    ),
    service!(
        "login.authorize",
        "授权登录",
        "Authorized login",
        Identity,
        true,
        Login,
        Grant,
        &[Field::Pseudonym, Field::NameMasked, Field::PhoneMasked]
    ),
    service!(
        "query.card",
        "社保卡信息查询",
        "Card information",
        Query,
        true,
        Query,
        Grant,
        &[Field::Pseudonym, Field::NameMasked, Field::CardNumberMasked, Field::CardState, Field::Division]
    ),
    service!(
        "query.social_insurance",
        "社会保险信息查询",
        "Social insurance records",
        Query,
        true,
        Query,
        Grant,
        RECORDS
    ),
    service!("query.employment", "就业信息查询", "Employment records", Query, false, Query, Grant, RECORDS),
    service!("query.talent", "人才信息查询", "Talent records", Query, false, Query, Grant, RECORDS),
    service!("query.training", "培训信息查询", "Training records", Query, false, Query, Grant, RECORDS),
    service!(
        "query.qualification",
        "职业资格查询",
        "Professional qualifications",
        Query,
        false,
        Query,
        Grant,
        RECORDS
    ),
    service!(
        "apply.employment",
        "就业业务申办",
        "Employment applications",
        Application,
        false,
        Apply,
        Grant,
        RECORDS
    ),
    service!(
        "apply.insurance",
        "社保业务申办",
        "Insurance applications",
        Application,
        false,
        Apply,
        Grant,
        RECORDS
    ),
    service!("apply.labour", "劳动调解仲裁", "Labour mediation", Application, false, Apply, Grant, RECORDS),
    service!("pay.code", "扫码支付", "Pay with a code", Payment, true, Pay, Code, &[Field::Pseudonym]),
    service!(
        "pay.password",
        "密码支付",
        "Pay with the password",
        Payment,
        true,
        Pay,
        Confirmation,
        &[Field::Pseudonym]
    ),
    service!("pay.standing", "免密代扣", "Standing payment", Payment, false, Pay, Grant, &[Field::Pseudonym]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// CH-6.2: one service issues the e-card, and every other one applies it.
    #[test]
    fn one_service_issues_and_the_others_apply() {
        for service in CATALOGUE {
            let issues = service.code == ISSUANCE;
            assert_eq!(service.family == Family::Issuance, issues, "{}", service.code);
            assert_eq!(service.purpose == Purpose::Issue, issues, "{}", service.code);
        }
        assert!(find(ISSUANCE).unwrap().standard, "every channel issues");
    }

    #[test]
    fn the_catalogue_has_every_family_and_no_code_twice() {
        for family in Family::ALL {
            assert!(CATALOGUE.iter().any(|service| service.family == *family), "{family}");
        }
        for (place, service) in CATALOGUE.iter().enumerate() {
            assert_eq!(service.code.parse::<ServiceCode>(), Ok(service.service_code()));
            assert!(CATALOGUE[..place].iter().all(|other| other.code != service.code), "{}", service.code);
        }
    }

    /// ND-3.3a: a file may say the name that the pages show.
    #[test]
    fn a_service_is_meant_by_its_code_and_by_each_of_its_names() {
        for service in CATALOGUE {
            for text in [service.code, service.zh, service.en, &service.en.to_uppercase()] {
                assert_eq!(meant(text).map(|found| found.code), Ok(service.code), "{text}");
            }
        }
        for text in ["", "pay", "PAY.CODE"] {
            assert_eq!(meant(text).err(), Some(Refusal::Unknown), "{text:?}");
        }
    }

    /// Whatever needs no grant confirms identity or pays once, and never answers clear personal data.
    #[test]
    fn clear_personal_data_and_records_take_a_grant() {
        let clear = [Field::Name, Field::Number, Field::Records];
        for service in CATALOGUE {
            let answers = service.fields.iter().any(|field| clear.contains(field));
            assert!(!answers || service.consent == Consent::Grant, "{}", service.code);
        }
    }

    #[test]
    fn a_code_alone_only_identifies_or_pays() {
        for service in CATALOGUE.iter().filter(|service| service.consent == Consent::Code) {
            assert!(matches!(service.purpose, Purpose::Identify | Purpose::Pay), "{}", service.code);
        }
    }

    #[test]
    fn a_service_answers_its_own_fields_for_its_own_purpose() {
        let login = find("login.scan").unwrap();
        assert_eq!(login.may_answer(&[Field::Pseudonym]), Ok(()));
        assert_eq!(login.may_answer(&[Field::Pseudonym, Field::Number]), Err(Refusal::Field));
        assert_eq!(login.for_purpose(Purpose::Login), Ok(()));
        assert_eq!(login.for_purpose(Purpose::Pay), Err(Refusal::Purpose));
        assert_eq!(find("login.magic").err(), Some(Refusal::Unknown));
        assert!(find("pay.code").unwrap().pays && !login.pays);
    }

    #[test]
    fn a_code_is_two_lower_case_words() {
        for (text, accepted) in [
            ("pay.code", true),
            ("local.library_2", true),
            ("pay", false),
            ("pay.", false),
            (".code", false),
            ("Pay.code", false),
            ("pay.code.x", false),
            ("pay.2code", false),
            ("支付.码", false),
        ] {
            assert_eq!(text.parse::<ServiceCode>().is_ok(), accepted, "{text}");
        }
        assert!(format!("a.{}", "b".repeat(62)).parse::<ServiceCode>().is_ok());
        assert!(format!("a.{}", "b".repeat(63)).parse::<ServiceCode>().is_err());
    }
}
