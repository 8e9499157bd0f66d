//! The channel: a carrier that offers the e-card to the public, and what its scope and state let it do now.
//!
//! Invariant: a channel has one class, one level and a form that fits its access mode (CH-8.3); no service is in
//! its scope without issuance (CH-6.3); a terminated channel never comes back (CH-31.3). The way into the platform
//! (applications, reviews, security reports) is not here yet: a channel begins as admitted.

#[cfg(test)]
mod history;
mod impact;
mod number;
mod portal;
mod succession;

pub use impact::{Plan, Stop};
pub use number::ChannelNumber;
pub use portal::{Errand, Portal};

use crate::division::DivisionCode;
use crate::id::{ChannelId, OrgId};
use crate::identity::Uscc;
use crate::name::names;
use crate::refusal::refusals;
use crate::service::{self, ServiceCode};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a channel is not made, not changed, or may not do something.
    Refusal {
        /// Not ten digits.
        Number = "channel.number" "渠道编号须为10位数字" "a channel number is ten digits";
        /// SDK in anything but an app.
        AccessMode = "channel.access_mode" ["CH-8.3b"] "该渠道形式仅支持以H5方式接入"
            "a channel of this form is accessed by H5 only";
        /// A level-2 channel without its level-1 channel.
        ParentMissing = "channel.parent_missing" ["CH-4.2"] "二级渠道须关联一级渠道"
            "a level-2 channel belongs to a level-1 channel";
        /// A level-1 channel with a parent.
        ParentUnexpected = "channel.parent_unexpected" ["CH-4.1"] "一级渠道不得关联上级渠道"
            "a level-1 channel has no parent";
        /// A parent that is itself of level 2.
        ParentLevel = "channel.parent_level" ["CH-4.4"] "二级渠道不得下设渠道"
            "a level-2 channel is not the parent of another";
        /// A scope without a region.
        NoRegion = "channel.no_region" ["CH-8.1a"] "服务地域不能为空" "a scope names at least one region";
        /// A service in the scope without issuance.
        IssuanceNotOpen = "channel.issuance_not_open" ["CH-6.3"] "未开通电子社保卡签发，不得开放其他应用"
            "no service opens without issuance";
        /// The change of state does not exist.
        Transition = "channel.transition" "渠道当前状态不允许该操作" "the state of the channel does not allow this";
        /// In testing: nothing is open to the public before formal access.
        Testing = "channel.testing" ["CH-6.1"] "渠道尚未正式接入" "the channel has no formal access yet";
        /// A measure withholds all services.
        Suspended = "channel.suspended" ["CH-31.2"] "渠道已暂停服务" "the channel is suspended";
        /// A measure withholds this service, or this use of it.
        PartlySuspended = "channel.partly_suspended" ["CH-31.1"] "渠道的该项服务已暂停"
            "this service of the channel is suspended";
        /// In the transition before its exit: it takes no new holders.
        Leaving = "channel.leaving" ["CH-33.2"] "渠道处于退出过渡期，不再新增签发和应用"
            "the channel is about to exit and takes no new holders";
        /// Its interfaces are closed.
        Exited = "channel.exited" ["CH-33.3"] "渠道已退出" "the channel has exited";
        /// Terminated for ever.
        Terminated = "channel.terminated" ["CH-31.3"] "渠道已终止服务" "the channel is terminated";
        /// A channel of the production world exists only because it was admitted.
        NotAdmitted = "channel.not_admitted" ["CH-6.4"] "生产渠道须经入网申请接入，不得直接登记"
            "a channel is admitted by an application; only the sandbox registers one directly";
        /// A measure on a channel of the production world has a matter behind it.
        ByMatter = "channel.by_matter" ["CH-31.0"] "生产渠道的处置须经风险事件或退出办件"
            "a channel is measured by a risk event or an exit; only the sandbox does it directly";
        /// The service is not in its scope.
        Service = "channel.service" ["CH-8.2b"] "服务不在渠道授权范围内"
            "the service is not in the channel's scope";
        /// The region is not in its scope.
        Division = "channel.division" ["CH-8.1e"] "地域不在渠道授权范围内"
            "the region is not in the channel's scope";
    }
}

names! {
    /// The six classes, by owner (CH-3).
    Class {
        /// 人社渠道 (CH-3.1).
        Hrss = "hrss",
        /// 政府渠道 (CH-3.2).
        Government = "government",
        /// 全国签约渠道 (CH-3.3).
        NationalSigned = "national_signed",
        /// 银行渠道 (CH-3.4).
        Bank = "bank",
        /// 医药渠道 (CH-3.5).
        Medical = "medical",
        /// 社会渠道 (CH-3.6).
        Social = "social",
    }
    /// What the public sees (CH-2.2).
    Form {
        /// APP.
        App = "app",
        /// 公众号.
        OfficialAccount = "official_account",
        /// 生活号.
        LifeAccount = "life_account",
        /// 小程序.
        MiniProgram = "mini_program",
        /// Any other form, which the application names.
        Other = "other",
    }
    /// How it reaches the platform (CH-F1.10).
    AccessMode {
        /// Inside an app.
        Sdk = "sdk",
        /// By a page.
        H5 = "h5",
    }
    /// Where it stands in its life. Suspension is not a phase: it is the union of the open measures.
    Phase {
        /// It has a number and test keys (CH-9.1e).
        Testing = "testing",
        /// Formally admitted (CH-9.3f).
        Live = "live",
        /// In the transition before a voluntary or forced exit (CH-33.2).
        Leaving = "leaving",
        /// Its interfaces are closed (CH-33.3).
        Exited = "exited",
        /// Ended at once, for ever (CH-31.3).
        Terminated = "terminated",
    }
    /// What phase and measures come to, in one word.
    State {
        /// As the phase.
        Testing = "testing",
        /// As the phase; nothing is withheld.
        Live = "live",
        /// A measure withholds a part.
        PartlySuspended = "partly_suspended",
        /// A measure withholds everything.
        Suspended = "suspended",
        /// As the phase; nothing is withheld.
        Leaving = "leaving",
        /// As the phase.
        Exited = "exited",
        /// As the phase.
        Terminated = "terminated",
    }
    /// How a level-2 channel belongs to its level-1 channel.
    Relation {
        /// The same owner, and the same brand or product (CH-10.1).
        SameEntity = "same_entity",
        /// Another owner, on the platform of a nationally signed channel (CH-10.2).
        DifferentEntity = "different_entity",
    }
    /// What is done to a channel of the sandbox, which has the short way.
    Action {
        /// Suspend all services.
        Suspend = "suspend",
        /// Resume.
        Resume = "resume",
        /// End for ever.
        Terminate = "terminate",
    }
    /// What a channel wants to do.
    Use {
        /// Issue an e-card to a holder.
        Issue = "issue",
        /// Open an application to a holder for the first time.
        OpenApplication = "open_application",
        /// Serve a holder who is bound already.
        Serve = "serve",
        /// Let a holder go: unbind, revoke a grant.
        Release = "release",
        /// Read its own statistics, notices and settings (CH-22.1).
        Read = "read",
    }
}

/// The level (CH-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Connects directly.
    One,
    /// Through exactly one level-1 channel.
    Two,
}

impl Level {
    /// 1 or 2.
    pub const fn number(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The level with this number.
    pub const fn new(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

impl Form {
    /// Whether a channel of this form may be accessed so (CH-8.3a, CH-8.3b). A form the clause does not name gets
    /// H5 only: the SDK is for apps.
    pub const fn accessed_by(self, mode: AccessMode) -> Result<(), Refusal> {
        match (self, mode) {
            (_, AccessMode::H5) | (Self::App, AccessMode::Sdk) => Ok(()),
            (
                Self::OfficialAccount | Self::LifeAccount | Self::MiniProgram | Self::Other,
                AccessMode::Sdk,
            ) => Err(Refusal::AccessMode),
        }
    }
}

/// Where and what for a channel is admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    regions: Vec<DivisionCode>,
    services: Vec<ServiceCode>,
}

impl Scope {
    /// A scope, sorted and without repetition. Refuses, in order: no region, a service without issuance.
    pub fn new(mut regions: Vec<DivisionCode>, mut services: Vec<ServiceCode>) -> Result<Self, Refusal> {
        regions.sort_unstable();
        regions.dedup();
        services.sort_unstable();
        services.dedup();
        if regions.is_empty() {
            return Err(Refusal::NoRegion);
        }
        let issues = services.iter().any(|code| code.as_str() == service::ISSUANCE);
        if !issues && !services.is_empty() {
            return Err(Refusal::IssuanceNotOpen);
        }
        Ok(Self { regions, services })
    }

    /// Its regions, sorted.
    pub fn regions(&self) -> &[DivisionCode] {
        &self.regions
    }

    /// Its services, sorted.
    pub fn services(&self) -> &[ServiceCode] {
        &self.services
    }

    /// Whether `division` lies in one of its regions.
    pub fn covers(&self, division: DivisionCode) -> bool {
        self.regions.iter().any(|region| region.covers(division))
    }

    /// Whether `service` is one of its services.
    pub fn includes(&self, service: &ServiceCode) -> bool {
        self.services.binary_search(service).is_ok()
    }
}

impl State {
    /// Whether the sandbox's short way may do `action` to a channel in this state.
    pub const fn admits(self, action: Action) -> Result<(), Refusal> {
        match (self, action) {
            (Self::Live | Self::PartlySuspended | Self::Leaving, Action::Suspend)
            | (Self::Suspended, Action::Resume)
            | (
                Self::Live | Self::PartlySuspended | Self::Suspended | Self::Leaving | Self::Testing,
                Action::Terminate,
            ) => Ok(()),
            (Self::Live | Self::PartlySuspended | Self::Leaving, Action::Resume)
            | (Self::Suspended, Action::Suspend)
            | (Self::Testing, Action::Suspend | Action::Resume)
            | (Self::Exited | Self::Terminated, _) => Err(Refusal::Transition),
        }
    }
}

/// What a measure withholds from a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ChannelWithheld))]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// Everything that serves holders (CH-31.2).
    All,
    /// New issuance and new applications; holders who are bound are served (CH-31.1, R9).
    NewHolders,
    /// These services, for everybody (CH-31.1, R9).
    Services(Vec<ServiceCode>),
}

impl Phase {
    /// Whether a channel in this phase may do `what`, wherever and whatever for. In the transition it serves whom it
    /// has and takes nobody new (our reading of CH-33.2); what is closed is closed for reading too (CH-33.3).
    pub const fn permits(self, what: Use) -> Result<(), Refusal> {
        match (self, what) {
            (Self::Live, _)
            | (Self::Testing, Use::Read)
            | (Self::Leaving, Use::Serve | Use::Release | Use::Read) => Ok(()),
            (Self::Testing, Use::Issue | Use::OpenApplication | Use::Serve | Use::Release) => {
                Err(Refusal::Testing)
            }
            (Self::Leaving, Use::Issue | Use::OpenApplication) => Err(Refusal::Leaving),
            (Self::Exited, _) => Err(Refusal::Exited),
            (Self::Terminated, _) => Err(Refusal::Terminated),
        }
    }

    /// Whether production keys may be registered for it: from formal access until its end (CH-9.3f).
    pub const fn holds_keys(self) -> Result<(), Refusal> {
        match self {
            Self::Live | Self::Leaving => Ok(()),
            Self::Testing => Err(Refusal::Testing),
            Self::Exited => Err(Refusal::Exited),
            Self::Terminated => Err(Refusal::Terminated),
        }
    }

    /// Whether new business may begin about it: what has left has none but what is under way (CH-33.3).
    pub const fn is_present(self) -> Result<(), Refusal> {
        if matches!(self, Self::Testing) { Ok(()) } else { self.holds_keys() }
    }

    /// Whether its callers may present themselves at all.
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Live | Self::Leaving)
    }
}

impl Withheld {
    /// Whether `what` with `service` goes on. Letting a holder go and reading always do: without them the channel
    /// could not put itself right.
    pub fn permits(&self, what: Use, service: &ServiceCode) -> Result<(), Refusal> {
        match (self, what) {
            (_, Use::Release | Use::Read) | (Self::NewHolders, Use::Serve) => Ok(()),
            (Self::All, Use::Issue | Use::OpenApplication | Use::Serve) => Err(Refusal::Suspended),
            (Self::NewHolders, Use::Issue | Use::OpenApplication) => Err(Refusal::PartlySuspended),
            (Self::Services(withheld), Use::Issue | Use::OpenApplication | Use::Serve) => {
                if withheld.contains(service) { Err(Refusal::PartlySuspended) } else { Ok(()) }
            }
        }
    }
}

/// What a channel may do on any request, whatever its scope: first the phase, then every open measure.
///
/// Refuses with the first that says no.
pub fn permits(phase: Phase, measures: &[Withheld], what: Use, service: &ServiceCode) -> Result<(), Refusal> {
    phase.permits(what)?;
    measures.iter().try_for_each(|measure| measure.permits(what, service))
}

/// A channel that comes into being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The name the public knows (CH-F1.7).
    pub name: String,
    /// Name and credit code of the owner unit, if it is not the one that applies (CH-11.2).
    pub owner: Option<(String, Uscc)>,
    /// Its class.
    pub class: Class,
    /// Its level.
    pub level: Level,
    /// Its level-1 channel and how it belongs to it, if it is of level 2.
    pub parent: Option<(ChannelId, Relation)>,
    /// Its form.
    pub form: Form,
    /// What the form is, when it is another one.
    pub form_name: Option<String>,
    /// How it reaches the platform.
    pub access_mode: AccessMode,
    /// Where and what for.
    pub scope: Scope,
    /// Whether it has platform-level capability (CH-10.2).
    pub is_platform_level: bool,
    /// The public keys it tests with.
    pub test_keys: Vec<crate::key::proof::PublicKey>,
}

/// A channel: what applied to the platform and offers e-cards to the public (CH-2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its public number.
    pub number: ChannelNumber,
    /// The name the public knows (CH-F1.7).
    pub name: String,
    /// The owner unit.
    pub owner: OrgId,
    /// Its class.
    pub class: Class,
    /// Its level.
    pub level: Level,
    /// Its level-1 channel, if it is of level 2.
    pub parent: Option<ChannelId>,
    /// How it belongs to that.
    pub relation: Option<Relation>,
    /// Its form.
    pub form: Form,
    /// Its access mode.
    pub access_mode: AccessMode,
    /// Where and what for it is admitted.
    pub scope: Scope,
    /// Whether it has platform-level capability (CH-10.2).
    pub is_platform_level: bool,
    /// Where it stands in its life.
    pub phase: Phase,
    /// When it went live, once it has.
    pub live_at: Option<Timestamp>,
    /// What the open measures withhold.
    pub measures: Vec<Withheld>,
}

impl Channel {
    /// Whether it is well made; `parent_level` is the level of the parent it names, if that exists.
    ///
    /// Refuses, in order: access mode, parent.
    pub fn check(&self, parent_level: Option<Level>) -> Result<(), Refusal> {
        self.form.accessed_by(self.access_mode)?;
        match (self.level, self.parent, parent_level) {
            (Level::One, None, _) | (Level::Two, Some(_), Some(Level::One)) => Ok(()),
            (Level::One, Some(_), _) => Err(Refusal::ParentUnexpected),
            (Level::Two, Some(_), Some(Level::Two)) => Err(Refusal::ParentLevel),
            (Level::Two, None, _) | (Level::Two, Some(_), None) => Err(Refusal::ParentMissing),
        }
    }

    /// What phase and measures come to.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Testing => State::Testing,
            Phase::Exited => State::Exited,
            Phase::Terminated => State::Terminated,
            Phase::Live | Phase::Leaving if self.measures.contains(&Withheld::All) => State::Suspended,
            Phase::Live | Phase::Leaving if !self.measures.is_empty() => State::PartlySuspended,
            Phase::Live => State::Live,
            Phase::Leaving => State::Leaving,
        }
    }

    /// Whether it may do `what` with `service` in `division`. Letting go and reading look at phase and measures
    /// alone.
    ///
    /// Refuses, in order: phase, measures, service, division.
    pub fn permits(&self, what: Use, service: &ServiceCode, division: DivisionCode) -> Result<(), Refusal> {
        permits(self.phase, &self.measures, what, service)?;
        if matches!(what, Use::Release | Use::Read) {
            return Ok(());
        }
        if !self.scope.includes(service) {
            return Err(Refusal::Service);
        }
        if self.scope.covers(division) { Ok(()) } else { Err(Refusal::Division) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::refusal::Refuse;

    pub(crate) fn channel(phase: Phase) -> Channel {
        let code = |text: &str| text.parse().unwrap();
        let regions = vec!["330000".parse().unwrap(), "310000".parse().unwrap()];
        Channel {
            id: ChannelId::from_bytes([1; 16]),
            number: "3300000001".parse().unwrap(),
            name: "浙里办".to_owned(),
            owner: OrgId::from_bytes([2; 16]),
            class: Class::Government,
            level: Level::One,
            parent: None,
            relation: None,
            form: Form::App,
            access_mode: AccessMode::Sdk,
            scope: Scope::new(regions, vec![code("ecard.issue"), code("identity.verify"), code("pay.code")])
                .unwrap(),
            is_platform_level: false,
            phase,
            live_at: None,
            measures: Vec::new(),
        }
    }

    /// CH-8.3a, CH-8.3b.
    #[test]
    fn only_an_app_is_accessed_by_sdk() {
        for form in Form::ALL {
            assert_eq!(form.accessed_by(AccessMode::H5), Ok(()), "{form}");
            assert_eq!(form.accessed_by(AccessMode::Sdk).is_ok(), *form == Form::App, "{form}");
        }
    }

    /// CH-4.1, CH-4.2, CH-4.4.
    #[test]
    fn there_are_two_levels_and_the_second_belongs_to_the_first() {
        let parent = Some(ChannelId::from_bytes([9; 16]));
        for (level, parent, parent_level, outcome) in [
            (Level::One, None, None, Ok(())),
            (Level::One, parent, Some(Level::One), Err(Refusal::ParentUnexpected)),
            (Level::Two, parent, Some(Level::One), Ok(())),
            (Level::Two, parent, Some(Level::Two), Err(Refusal::ParentLevel)),
            (Level::Two, parent, None, Err(Refusal::ParentMissing)),
            (Level::Two, None, None, Err(Refusal::ParentMissing)),
        ] {
            assert_eq!(Channel { level, parent, ..channel(Phase::Live) }.check(parent_level), outcome);
        }
        let mini = Channel { form: Form::MiniProgram, ..channel(Phase::Live) };
        assert_eq!(mini.check(None), Err(Refusal::AccessMode));
        assert_eq!([Level::new(0), Level::new(1), Level::new(3)], [None, Some(Level::One), None]);
    }

    /// CH-6.3.
    #[test]
    fn no_service_is_in_scope_without_issuance() {
        let region: DivisionCode = "330000".parse().unwrap();
        let code = |text: &str| text.parse::<ServiceCode>().unwrap();
        for (regions, services, outcome) in [
            (vec![region], vec![code("pay.code")], Err(Refusal::IssuanceNotOpen)),
            (vec![region], vec![code("pay.code"), code("ecard.issue")], Ok(2)),
            (vec![region], vec![code("ecard.issue"), code("ecard.issue")], Ok(1)),
            (vec![region], vec![], Ok(0)),
            (vec![], vec![code("ecard.issue")], Err(Refusal::NoRegion)),
        ] {
            assert_eq!(Scope::new(regions, services).map(|scope| scope.services().len()), outcome);
        }
    }

    /// CH-6.1, CH-9.1e, CH-31.1, CH-31.2, CH-31.3, CH-33.2, CH-33.3, R9: the whole table, phase by measure by use.
    #[test]
    fn what_a_channel_may_do_is_its_phase_and_the_union_of_its_measures() {
        let pay: ServiceCode = "pay.code".parse().unwrap();
        let verify: ServiceCode = "identity.verify".parse().unwrap();
        let part = Withheld::Services(vec![pay.clone()]);
        let sets: [(&str, &[Withheld]); 5] = [
            ("nothing", &[]),
            ("new holders", &[Withheld::NewHolders]),
            ("pay.code", std::slice::from_ref(&part)),
            ("new holders + pay.code", &[Withheld::NewHolders, part.clone()]),
            ("all", &[Withheld::NewHolders, Withheld::All]),
        ];
        let mut table = String::new();
        for phase in Phase::ALL {
            for (name, measures) in sets {
                let cell = |what: Use, service: &ServiceCode| match permits(*phase, measures, what, service) {
                    Ok(()) => "yes",
                    Err(refusal) => refusal.code().trim_start_matches("channel."),
                };
                let row: Vec<_> = Use::ALL.iter().map(|what| cell(*what, &verify)).collect();
                let pays = cell(Use::Serve, &pay);
                table += &format!("{phase}, {name}: {} | pays: {pays}\n", row.join(" "));
            }
        }
        expect_test::expect_file!["channel/permits.txt"].assert_eq(&table);
    }

    /// CH-8.2b, CH-8.1e: only the services and the regions that it was admitted for.
    #[test]
    fn what_a_channel_may_do_is_its_standing_and_then_its_scope() {
        let inside: DivisionCode = "330106".parse().unwrap();
        let outside: DivisionCode = "320100".parse().unwrap();
        let verify: ServiceCode = "identity.verify".parse().unwrap();
        let query: ServiceCode = "query.card".parse().unwrap();
        for (phase, what, service, division, outcome) in [
            (Phase::Live, Use::Issue, &verify, inside, Ok(())),
            (Phase::Live, Use::Serve, &verify, outside, Err(Refusal::Division)),
            (Phase::Live, Use::Serve, &query, inside, Err(Refusal::Service)),
            (Phase::Live, Use::Serve, &query, outside, Err(Refusal::Service)),
            (Phase::Live, Use::Release, &query, outside, Ok(())),
            (Phase::Leaving, Use::Serve, &query, inside, Err(Refusal::Service)),
            (Phase::Leaving, Use::Issue, &query, outside, Err(Refusal::Leaving)),
            (Phase::Terminated, Use::Read, &verify, inside, Err(Refusal::Terminated)),
        ] {
            assert_eq!(channel(phase).permits(what, service, division), outcome, "{phase} {what}");
        }
        let stopped = Channel { measures: vec![Withheld::All], ..channel(Phase::Live) };
        assert_eq!(stopped.permits(Use::Serve, &query, outside), Err(Refusal::Suspended));
        assert_eq!(stopped.permits(Use::Release, &query, outside), Ok(()));
    }

    #[test]
    fn one_word_says_what_phase_and_measures_come_to() {
        for (phase, measures, state) in [
            (Phase::Testing, vec![], State::Testing),
            (Phase::Live, vec![], State::Live),
            (Phase::Live, vec![Withheld::NewHolders], State::PartlySuspended),
            (Phase::Live, vec![Withheld::NewHolders, Withheld::All], State::Suspended),
            (Phase::Leaving, vec![], State::Leaving),
            (Phase::Leaving, vec![Withheld::All], State::Suspended),
            (Phase::Exited, vec![Withheld::All], State::Exited),
            (Phase::Terminated, vec![Withheld::All], State::Terminated),
        ] {
            assert_eq!(Channel { measures, ..channel(phase) }.state(), state);
        }
    }
}
