//! The forms of an application as they are filled in: 附表1, 附表2 and the statement on a level-2 channel.
//!
//! A form is raw text and may be incomplete while it is a draft; [`check`] reads all of it when it is filed, names
//! every wrong field at once and gives what the rest of the application works with. Invariant: what is [`Filed`]
//! fulfils the conditions of access (CH-7.0), of whichever class, or the ministry has waived the one that fails (R21). 附表3 and files of
//! the formal filing are in `evidence`.

use super::attached::{self, AttachedForm};
use super::change::{self, Before};
use super::class::{self, Ground, Innovation, Unit};
use super::level_two::{self, Parent, Source, Statement};
use super::{Purpose, Refusal};
use crate::channel::{AccessMode, Class, Form};
use crate::division::{DivisionCode, Level};
use crate::identity::{Phone, Uscc};
use crate::key::proof::PublicKey;
use crate::matter::{Faults, Refused, Scene};
use crate::monitoring::{self, Measure};
use crate::name::names;
use crate::parameter::Name;
use crate::service::{self, ServiceCode};
use crate::time::BusinessDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// How broad a channel's business is.
    Breadth {
        /// 通用性渠道: the whole standard service (CH-8.2a).
        General = "general",
        /// 专业性较强的渠道: only what its business needs (CH-8.2b).
        Specialised = "specialised",
    }
    /// A condition of access that the ministry may waive for one application (CH-7.5, R21).
    Condition {
        /// One year of running in each region (CH-7.3).
        RunningTime = "running_time",
        /// The users of a channel of class 社会 (CH-7.4).
        Users = "users",
        /// The age of the company of a channel of class 社会 (CH-F2.3).
        CompanyAge = "company_age",
    }
}

/// Everything that is filled in for the filing of the test access, of either level (CH-14.1); a draft may leave anything
/// empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationForms))]
#[serde(default, deny_unknown_fields)]
pub struct Forms {
    /// The head of 附表1.
    pub one: FormOne,
    /// One row of its table of channels.
    pub channel: Line,
    /// 附表2, of a channel of class 社会 (CH-9.1b).
    pub two: FormTwo,
    /// Of a level-2 channel (CH-14.2).
    pub level_two: Statement,
}

/// The head of 附表1 测试入网申请表.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationFormOne))]
#[serde(default, deny_unknown_fields)]
pub struct FormOne {
    /// 填表日期 (CH-F1.1).
    pub filled_on: String,
    /// What the owner unit is ([`Unit`]).
    pub unit: String,
    /// Whether it has signed the innovation agreement ([`Innovation`]).
    pub innovation: String,
    /// 渠道所属单位名称 (CH-F1.2).
    pub owner_name: String,
    /// 统一社会信用代码 (CH-F1.3).
    pub uscc: String,
    /// 联系人 (CH-F1.4).
    pub contact: Contact,
    /// 一级渠道名称 (CH-F1.5).
    pub parent_name: String,
    /// 一级渠道编号 (CH-F1.5).
    pub parent_number: String,
}

/// Whom to ask (CH-F1.4, CH-16.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationContact))]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// 联系人.
    pub name: String,
    /// 手机号.
    pub phone: String,
    /// 邮箱.
    pub email: String,
}

/// A row of 申请渠道信息 (CH-F1.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationLine))]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// 渠道名称: the name the public will read (CH-F1.7).
    pub name: String,
    /// 渠道形式 ([`Form`], CH-F1.8).
    pub form: String,
    /// What it is, when it is another form (CH-2.2).
    pub form_name: String,
    /// 渠道编号: empty on first access, required on a change (CH-F1.9).
    pub number: String,
    /// 接入方式 ([`AccessMode`], CH-F1.10).
    pub access_mode: String,
    /// How broad its business is ([`Breadth`]).
    pub breadth: String,
    /// What it does for people, and how that fits the card (CH-7.2).
    pub business: String,
    /// 服务地域 (CH-F1.11).
    pub regions: Vec<Area>,
    /// How it serves uniformly nationwide, if it asks for the whole country (CH-8.1c).
    pub nationwide: String,
    /// Of a general channel the personalised services, of a specialised one all that it needs (CH-F1.12).
    pub services: Vec<String>,
    /// The filled form of each personalised service that has one: the id of the file by the code of the service (CH-F1.12).
    pub service_forms: BTreeMap<String, String>,
    /// Existing users; of a same-entity level-2 channel those of the shared accounts (CH-7.4, R24).
    pub users: String,
    /// The public keys it will test with; empty on a change.
    pub test_keys: Vec<PublicKey>,
}

/// A region that is applied for, and what the channel is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationArea))]
#[serde(default, deny_unknown_fields)]
pub struct Area {
    /// A province, a prefecture or the whole country.
    pub division: String,
    /// Since when the channel has been running there (CH-7.3).
    pub running_since: String,
    /// Its users there (CH-7.3, CH-8.1a).
    pub users: String,
}

/// 附表2 社会渠道入网补充说明材料.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationFormTwo))]
#[serde(default, deny_unknown_fields)]
pub struct FormTwo {
    /// 注册地址 (CH-F2.2).
    pub registered_address: String,
    /// 注册时间 (CH-F2.3).
    pub registered_on: String,
    /// 公司材料: what shows that the company is lawful and what weight it has (CH-F2.4).
    pub standing: String,
    /// 渠道介绍 (CH-F2.5).
    pub introduction: String,
    /// 下载地址 (CH-F2.5).
    pub download: String,
    /// 用户人群 (CH-F2.6).
    pub user_groups: String,
    /// 注册用户数 (CH-F2.6).
    pub registered_users: String,
    /// 月活跃用户数 (CH-F2.6).
    pub monthly_active: String,
    /// 覆盖地域 (CH-F2.7).
    pub coverage: String,
    /// 契合度 (CH-F2.8).
    pub fit: String,
    /// 应用拓展规划 (CH-F2.9).
    pub expansion: String,
    /// 承诺年度签发量; this or the usage (CH-F2.10).
    pub committed_issuance: String,
    /// 承诺应用接入的年度使用量 (CH-F2.10).
    pub committed_usage: String,
    /// 承诺月活跃用户数 (CH-F2.10).
    pub committed_monthly_active: String,
}

/// What a channel of class 社会 has promised; the baseline of its monitoring (CH-F2.10, CH-23.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationCommitment))]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Issuances a year.
    pub issuance: Option<u64>,
    /// Uses of applications a year, where issuance was not promised or beside it.
    pub usage: Option<u64>,
    /// Monthly active users.
    pub monthly_active: u64,
    /// What of the yearly number falls on each quarter, where that was settled with the operator (R5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 4, max_items = 4))]
    pub quarterly: Option<[u64; 4]>,
}

/// What was filed and holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationFiled))]
pub struct Filed {
    /// The day of the filing.
    pub on: BusinessDate,
    /// The owner unit's name.
    pub owner_name: String,
    /// Its credit code.
    pub uscc: String,
    /// The channel's class.
    pub class: Class,
    /// Why it is of that class.
    pub grounds: Vec<Ground>,
    /// The channel's name.
    pub name: String,
    /// Its form.
    pub form: Form,
    /// What that is, when it is another one.
    pub form_name: Option<String>,
    /// How it is accessed.
    pub access_mode: AccessMode,
    /// The regions asked for, sorted.
    pub regions: Vec<DivisionCode>,
    /// The services asked for.
    pub services: Vec<ServiceCode>,
    /// Its level-1 channel.
    pub parent: Option<Parent>,
    /// What it has promised.
    pub commitment: Option<Commitment>,
    /// The keys it will test with.
    pub test_keys: Vec<PublicKey>,
    /// The filled forms of its personalised services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_forms: Vec<AttachedForm>,
    /// Of a change: what the channel was admitted for on that day, so that reviewers see the difference (CH-15.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
}

/// What the check of forms looks at beside them.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The scene of the filing.
    pub scene: &'a Scene<'a>,
    /// What is applied for.
    pub purpose: Purpose,
    /// What the ministry has waived.
    pub waived: &'a [Condition],
}

impl Context<'_> {
    fn demands(&self, condition: Condition) -> bool {
        !self.waived.contains(&condition)
    }

    fn has_file(&self, purpose: &str) -> bool {
        self.scene.files.iter().any(|file| file.purpose == purpose)
    }
}

/// Reads the forms. Every wrong field is named at once.
pub fn check(forms: &Forms, context: &Context<'_>) -> Result<Filed, Refused> {
    let faults = &mut Faults::default();
    let class = head(&forms.one, context, faults);
    let shape = shape(&forms.channel, context, faults);
    let regions = regions(&forms.channel, context, faults);
    let (relation, source) = level_two::read(&forms.level_two, context.scene, faults);
    let services = services(&forms.channel, context, source, faults);
    users(&forms.channel, class, context, faults);
    let commitment =
        class.filter(|class| *class == Class::Social).and_then(|_| two(&forms.two, context, faults));
    files(&forms.one, class, context, faults);
    let parent = level_two::check(&forms.level_two, relation, &regions, &services, context.scene, faults);
    let service_forms = attached::check(&forms.channel, context, source, faults);
    change::check(class, relation, (&regions, &services), context, faults);
    std::mem::take(faults).check()?;
    let (Some(class), Some((form, access_mode))) = (class, shape) else {
        return Err(Refusal::Text.into());
    };
    let form_name = (form == Form::Other).then(|| forms.channel.form_name.clone());
    Ok(Filed {
        on: context.scene.today(),
        owner_name: forms.one.owner_name.clone(),
        uscc: forms.one.uscc.clone(),
        class,
        grounds: grounds(&forms.one),
        name: forms.channel.name.clone(),
        form,
        form_name,
        access_mode,
        regions,
        services,
        parent,
        commitment,
        test_keys: forms.channel.test_keys.clone(),
        service_forms,
        before: change::before(context),
    })
}

/// Why the owner's channels are of their class, as far as the form says what the owner is.
pub fn grounds(one: &FormOne) -> Vec<Ground> {
    match (one.unit.parse::<Unit>(), one.innovation.parse::<Innovation>()) {
        (Ok(unit), Ok(innovation)) => class::grounds(unit, innovation),
        (Err(_), _) | (_, Err(_)) => Vec::new(),
    }
}

/// CH-7.1: the owner is a legal person registered in the country, by its name and its credit code.
fn head(one: &FormOne, context: &Context<'_>, faults: &mut Faults) -> Option<Class> {
    faults.take("/forms/one/filled_on", past(&one.filled_on, context.scene.today()));
    faults.take("/forms/one/owner_name", text(&one.owner_name));
    faults.take("/forms/one/uscc", one.uscc.parse::<Uscc>());
    contact(&one.contact, "/forms/one/contact", faults);
    let named = context.scene.parent.map(|parent| (parent.name.clone(), parent.number.to_string()));
    let (name, number) = named.unwrap_or_default();
    if one.parent_name != name {
        faults.add("/forms/one/parent_name", Refusal::ParentFields);
    }
    if one.parent_number != number {
        faults.add("/forms/one/parent_number", Refusal::ParentFields);
    }
    let unit = faults.take("/forms/one/unit", one.unit.parse::<Unit>());
    let innovation = faults.take("/forms/one/innovation", one.innovation.parse::<Innovation>());
    Some(class::decide(unit?, innovation?))
}

/// Checks a contact: a name, a mobile number and an e-mail address (CH-F1.4, CH-16.1).
pub fn contact(contact: &Contact, pointer: &str, faults: &mut Faults) {
    faults.take(format!("{pointer}/name"), text(&contact.name));
    faults.take(format!("{pointer}/phone"), contact.phone.parse::<Phone>());
    faults.take(format!("{pointer}/email"), email(&contact.email));
}

fn shape(line: &Line, context: &Context<'_>, faults: &mut Faults) -> Option<(Form, AccessMode)> {
    faults.take("/forms/channel/name", text(&line.name));
    faults.take("/forms/channel/business", text(&line.business));
    let number = match context.purpose {
        Purpose::Access => String::new(),
        Purpose::Change | Purpose::Contact => {
            context.scene.channel.map(|channel| channel.number.to_string()).unwrap_or_default()
        }
    };
    if line.number != number {
        let refusal = if number.is_empty() { Refusal::NumberBlank } else { Refusal::NumberRequired };
        faults.add("/forms/channel/number", refusal);
    }
    if context.purpose == Purpose::Access {
        keys(&line.test_keys, "/forms/channel/test_keys", faults);
    }
    let form = faults.take("/forms/channel/form", line.form.parse::<Form>());
    if form == Some(Form::Other) && text(&line.form_name).is_err() {
        faults.add("/forms/channel/form_name", Refusal::FormName);
    }
    let mode = faults.take("/forms/channel/access_mode", line.access_mode.parse::<AccessMode>());
    let (form, mode) = (form?, mode?);
    faults.take("/forms/channel/access_mode", form.accessed_by(mode));
    Some((form, mode))
}

/// Checks public keys: one at least verifies requests, and every one is a point of the curve. What a channel brings
/// identifies it or is encrypted to; the keys of e-cards are the platform's alone (CH-26.1).
pub fn keys(keys: &[PublicKey], pointer: &str, faults: &mut Faults) {
    use crate::key::KeyUsage;
    if !keys.iter().any(|key| key.usage == KeyUsage::Caller) {
        faults.add(pointer, Refusal::Keys);
    }
    for (place, key) in keys.iter().enumerate() {
        let usable = matches!(key.usage, KeyUsage::Caller | KeyUsage::Encrypt);
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(key.public_key.as_bytes()).unwrap_or_default();
        let is_point = bytes.len() == 65 && gm::sm2::VerifyingKey::from_sec1(&bytes).is_ok();
        if !usable || !is_point {
            faults.add(format!("{pointer}/{place}"), Refusal::Keys);
        }
        if let Some(label) = &key.label {
            faults.take(format!("{pointer}/{place}/label"), crate::key_change::label(label));
        }
    }
}

fn regions(line: &Line, context: &Context<'_>, faults: &mut Faults) -> Vec<DivisionCode> {
    let mut found: Vec<DivisionCode> = Vec::new();
    if line.regions.is_empty() {
        faults.add("/forms/channel/regions", crate::channel::Refusal::NoRegion);
    }
    for (place, area) in line.regions.iter().enumerate() {
        let pointer = format!("/forms/channel/regions/{place}");
        let parsed = area.division.parse::<DivisionCode>().and_then(DivisionCode::listed);
        if let Some(division) = faults.take(format!("{pointer}/division"), parsed) {
            if division.level() == Level::County {
                faults.add(format!("{pointer}/division"), Refusal::RegionLevel);
            } else if found.iter().any(|other| other.overlaps(division)) {
                faults.add(format!("{pointer}/division"), Refusal::RegionOverlap);
            }
            found.push(division);
        }
        running(area, &pointer, context, faults);
    }
    if found.contains(&DivisionCode::NATIONAL) && text(&line.nationwide).is_err() {
        faults.add("/forms/channel/nationwide", Refusal::Nationwide);
    }
    found.sort_unstable();
    found
}

/// CH-7.3: a full year in each region, and users there.
fn running(area: &Area, pointer: &str, context: &Context<'_>, faults: &mut Faults) {
    let today = context.scene.today();
    let since = faults.take(format!("{pointer}/running_since"), past(&area.running_since, today));
    let years = context.scene.number(Name::ChannelMinRunning);
    if context.demands(Condition::RunningTime) && since.is_some_and(|since| !is_full(since, years, today)) {
        faults.add(format!("{pointer}/running_since"), Refusal::RunningTime { years });
    }
    if faults.take(format!("{pointer}/users"), number(&area.users)) == Some(0) {
        faults.add(format!("{pointer}/users"), Refusal::UserBase);
    }
}

fn services(line: &Line, context: &Context<'_>, source: Source, faults: &mut Faults) -> Vec<ServiceCode> {
    let breadth = faults.take("/forms/channel/breadth", line.breadth.parse::<Breadth>());
    let mut codes: Vec<ServiceCode> = service::CATALOGUE
        .iter()
        .filter(|row| row.code == service::ISSUANCE || (breadth == Some(Breadth::General) && row.standard))
        .map(service::Service::service_code)
        .collect();
    for (place, code) in line.services.iter().enumerate() {
        let found = faults.take(format!("/forms/channel/services/{place}"), service::find(code));
        codes.extend(found.map(service::Service::service_code));
    }
    if let (Source::LevelOne, Some(parent)) = (source, context.scene.parent) {
        codes = parent.scope.services().to_vec();
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn users(line: &Line, class: Option<Class>, context: &Context<'_>, faults: &mut Faults) {
    let Some(users) = faults.take("/forms/channel/users", number(&line.users)) else { return };
    let least = context.scene.number(Name::SocialMinUsers);
    let counts = class == Some(Class::Social) && context.demands(Condition::Users);
    if counts && i64::try_from(users).is_ok_and(|users| users < least) {
        faults.add("/forms/channel/users", Refusal::Users { least });
    }
}

fn two(two: &FormTwo, context: &Context<'_>, faults: &mut Faults) -> Option<Commitment> {
    for (field, value) in [
        ("registered_address", &two.registered_address),
        ("standing", &two.standing),
        ("introduction", &two.introduction),
        ("download", &two.download),
        ("user_groups", &two.user_groups),
        ("coverage", &two.coverage),
        ("fit", &two.fit),
        ("expansion", &two.expansion),
    ] {
        if text(value).is_err() {
            faults.add(format!("/forms/two/{field}"), Refusal::FormTwo);
        }
    }
    let today = context.scene.today();
    let years = context.scene.number(Name::SocialMinCompanyAge);
    let registered = faults.take("/forms/two/registered_on", past(&two.registered_on, today));
    let young = registered.is_some_and(|on| !is_full(on, years, today));
    if young && context.demands(Condition::CompanyAge) {
        faults.add("/forms/two/registered_on", Refusal::CompanyAge { years });
    }
    faults.take("/forms/two/registered_users", number(&two.registered_users));
    faults.take("/forms/two/monthly_active", number(&two.monthly_active));
    commitment(two, faults)
}

fn commitment(two: &FormTwo, faults: &mut Faults) -> Option<Commitment> {
    let mut optional = |field: &str, value: &str| {
        let given = Some(value).filter(|value| !value.is_empty())?;
        faults.take(format!("/forms/two/{field}"), number(given))
    };
    let issuance = optional("committed_issuance", &two.committed_issuance);
    let usage = optional("committed_usage", &two.committed_usage);
    let monthly_active = optional("committed_monthly_active", &two.committed_monthly_active);
    let monthly_active = monthly_active.unwrap_or(0);
    let promised = Commitment { issuance, usage, monthly_active, quarterly: None };
    if promised.check().is_err() {
        faults.add("/forms/two/committed_issuance", Refusal::Commitment);
    }
    Some(promised)
}

impl Commitment {
    /// CH-F2.10: issuance or usage a year, and active users a month; a promise of nothing is none, and the quarters are
    /// those of the yearly number.
    pub fn check(&self) -> Result<(), Refusal> {
        let measured = self.measured().ok_or(Refusal::Commitment)?;
        let sum = |quarters: [u64; 4]| quarters.iter().try_fold(0_u64, |sum, next| sum.checked_add(*next));
        let fits = measured.quarterly.is_none_or(|quarters| sum(quarters) == Some(measured.annual));
        if fits && self.monthly_active > 0 { Ok(()) } else { Err(Refusal::Commitment) }
    }

    /// What the channel is measured by (CH-23.2): issuance, or usage in its place where only that was promised (R5).
    pub fn measured(&self) -> Option<monitoring::Commitment> {
        let of = |measure, annual: Option<u64>| Some((measure, annual.filter(|annual| *annual > 0)?));
        let (measure, annual) =
            of(Measure::Issuance, self.issuance).or_else(|| of(Measure::Usage, self.usage))?;
        let (quarterly, active) = (self.quarterly, self.monthly_active);
        Some(monitoring::Commitment { measure, annual, quarterly, active })
    }
}

/// CH-F1.2, CH-F1.13, CH-F2.1: the files that come with the forms.
fn files(one: &FormOne, class: Option<Class>, context: &Context<'_>, faults: &mut Faults) {
    let mut wanted =
        vec![("form_one_sealed", Refusal::SealedForm), ("test_collection", Refusal::TestCollection)];
    if class == Some(Class::Social) {
        wanted.extend([("licence", Refusal::Licence), ("entry_sketch", Refusal::EntrySketch)]);
    }
    if one.innovation.parse() == Ok(Innovation::Signed) {
        wanted.push(("innovation_agreement", Refusal::InnovationAgreement));
    }
    for (purpose, refusal) in wanted {
        if !context.has_file(purpose) {
            faults.add(format!("/files/{purpose}"), refusal);
        }
    }
}

/// Some words, at most 2000 characters.
pub(super) fn text(value: &str) -> Result<(), Refusal> {
    crate::matter::words(value).map_err(|_| Refusal::Text)
}

/// A whole number of at most twelve digits.
pub(super) fn number(value: &str) -> Result<u64, Refusal> {
    let digits = (1..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    if digits { value.parse().map_err(|_| Refusal::Number) } else { Err(Refusal::Number) }
}

/// A day that is not after today.
pub(crate) fn past(value: &str, today: BusinessDate) -> Result<BusinessDate, Refusal> {
    let day: BusinessDate = value.parse().map_err(|_| Refusal::Day)?;
    if day <= today { Ok(day) } else { Err(Refusal::Day) }
}

/// Whether `years` have passed since `since`: the same day of the year counts as passed (满, R0).
pub(super) fn is_full(since: BusinessDate, years: i64, today: BusinessDate) -> bool {
    i32::try_from(years * 12).is_ok_and(|months| since.plus_months(months) <= today)
}

/// One `@` between a name and a host with a dot, no blank, at most 254 bytes.
fn email(value: &str) -> Result<(), Refusal> {
    let plain = value.len() <= 254 && value.bytes().all(|byte| byte.is_ascii_graphic());
    let parts = value.split_once('@').filter(|(name, host)| {
        let labels = host.split('.').collect::<Vec<_>>();
        !name.is_empty()
            && labels.len() >= 2
            && labels.iter().all(|label| !label.is_empty() && !label.contains('@'))
    });
    if plain && parts.is_some() { Ok(()) } else { Err(Refusal::Email) }
}
