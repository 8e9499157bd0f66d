//! The channel: a carrier that offers the e-card to the public, and what its scope and state let it do now.
//!
//! Invariant: a channel has one class, one level and a form that fits its access mode (CH-8.3); no service is in
//! its scope without issuance (CH-6.3); a terminated channel never comes back (CH-31.3). The way into the platform
//! (applications, reviews, security reports) is not here yet: a channel begins as admitted.

use crate::division::DivisionCode;
use crate::id::{ChannelId, OrgId};
use crate::name::names;
use crate::refusal::refusals;
use crate::service::{self, ServiceCode};
use std::fmt;
use std::str::FromStr;

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
        /// Suspended: it starts and serves nothing.
        Suspended = "channel.suspended" ["CH-31.2"] "渠道已暂停服务" "the channel is suspended";
        /// Terminated for ever.
        Terminated = "channel.terminated" ["CH-31.3"] "渠道已终止服务" "the channel is terminated";
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
    /// Whether it may serve.
    State {
        /// In service.
        Live = "live",
        /// All services suspended.
        Suspended = "suspended",
        /// Ended for ever.
        Terminated = "terminated",
    }
    /// What is done to a channel.
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

/// The number the operator gives a channel: ten digits, unique for ever (CH-9.1d).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelNumber(u64);

impl FromStr for ChannelNumber {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Number);
        }
        text.parse().map(Self).map_err(|_| Refusal::Number)
    }
}

impl fmt::Display for ChannelNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl fmt::Debug for ChannelNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
    /// The state after `action`, if it may happen.
    pub const fn next(self, action: Action) -> Option<Self> {
        match (self, action) {
            (Self::Live, Action::Suspend) => Some(Self::Suspended),
            (Self::Suspended, Action::Resume) => Some(Self::Live),
            (Self::Live | Self::Suspended, Action::Terminate) => Some(Self::Terminated),
            (Self::Live, Action::Resume)
            | (Self::Suspended, Action::Suspend)
            | (Self::Terminated, Action::Suspend | Action::Resume | Action::Terminate) => None,
        }
    }

    /// Does `action`.
    pub fn act(self, action: Action) -> Result<Self, Refusal> {
        self.next(action).ok_or(Refusal::Transition)
    }

    /// Whether a channel in this state may do `what`, wherever and whatever for. A suspended channel still lets
    /// holders go and reads its own notices, without which it could not put itself right.
    pub const fn permits(self, what: Use) -> Result<(), Refusal> {
        match (self, what) {
            (Self::Live, _) | (Self::Suspended, Use::Release | Use::Read) => Ok(()),
            (Self::Suspended, Use::Issue | Use::OpenApplication | Use::Serve) => Err(Refusal::Suspended),
            (Self::Terminated, _) => Err(Refusal::Terminated),
        }
    }
}

/// A channel.
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
    /// Its form.
    pub form: Form,
    /// Its access mode.
    pub access_mode: AccessMode,
    /// Where and what for it is admitted.
    pub scope: Scope,
    /// Whether it may serve.
    pub state: State,
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

    /// Whether it may do `what` with `service` in `division`. Letting go and reading look at the state alone.
    ///
    /// Refuses, in order: state, service, division.
    pub fn permits(&self, what: Use, service: &ServiceCode, division: DivisionCode) -> Result<(), Refusal> {
        self.state.permits(what)?;
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

    pub(crate) fn channel(state: State) -> Channel {
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
            form: Form::App,
            access_mode: AccessMode::Sdk,
            scope: Scope::new(regions, vec![code("ecard.issue"), code("identity.verify"), code("pay.code")])
                .unwrap(),
            state,
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
            assert_eq!(Channel { level, parent, ..channel(State::Live) }.check(parent_level), outcome);
        }
        let mini = Channel { form: Form::MiniProgram, ..channel(State::Live) };
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

    #[test]
    fn a_terminated_channel_never_comes_back() {
        use Action::{Resume, Suspend, Terminate};
        for (state, action, next) in [
            (State::Live, Suspend, Some(State::Suspended)),
            (State::Live, Resume, None),
            (State::Live, Terminate, Some(State::Terminated)),
            (State::Suspended, Suspend, None),
            (State::Suspended, Resume, Some(State::Live)),
            (State::Suspended, Terminate, Some(State::Terminated)),
            (State::Terminated, Suspend, None),
            (State::Terminated, Resume, None),
            (State::Terminated, Terminate, None),
        ] {
            assert_eq!(state.act(action), next.ok_or(Refusal::Transition), "{state} {action}");
        }
    }

    #[test]
    fn what_a_channel_may_do_is_its_state_and_then_its_scope() {
        let inside: DivisionCode = "330106".parse().unwrap();
        let outside: DivisionCode = "320100".parse().unwrap();
        let verify: ServiceCode = "identity.verify".parse().unwrap();
        let query: ServiceCode = "query.card".parse().unwrap();
        for (state, what, service, division, outcome) in [
            (State::Live, Use::Issue, &verify, inside, Ok(())),
            (State::Live, Use::Serve, &verify, outside, Err(Refusal::Division)),
            (State::Live, Use::Serve, &query, inside, Err(Refusal::Service)),
            (State::Live, Use::Serve, &query, outside, Err(Refusal::Service)),
            (State::Live, Use::Release, &query, outside, Ok(())),
            (State::Suspended, Use::Issue, &verify, inside, Err(Refusal::Suspended)),
            (State::Suspended, Use::OpenApplication, &verify, inside, Err(Refusal::Suspended)),
            (State::Suspended, Use::Serve, &query, outside, Err(Refusal::Suspended)),
            (State::Suspended, Use::Release, &verify, inside, Ok(())),
            (State::Suspended, Use::Read, &verify, inside, Ok(())),
            (State::Terminated, Use::Read, &verify, inside, Err(Refusal::Terminated)),
            (State::Terminated, Use::Release, &verify, inside, Err(Refusal::Terminated)),
        ] {
            assert_eq!(channel(state).permits(what, service, division), outcome, "{state} {what}");
        }
    }

    #[test]
    fn a_number_is_ten_digits() {
        for (text, accepted) in [
            ("0000000001", true),
            ("000000001", false),
            ("00000000001", false),
            ("+000000001", false),
            ("000000000a", false),
        ] {
            assert_eq!(text.parse::<ChannelNumber>().is_ok(), accepted, "{text}");
        }
        assert_eq!("0000000001".parse::<ChannelNumber>().unwrap().to_string(), "0000000001");
    }
}
