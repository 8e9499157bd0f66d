//! The words of matters: kinds, parties, how a wait stands to its last day, what is one's own, what an action wants.

use super::{Refusal, life};
use crate::division::{DivisionCode, Level};
use crate::name::names;
use crate::org::{OrgKind, Role};

names! {
    /// A kind of matter.
    Kind {
        /// 入网申请: access, and every change that runs like one (CH-9, CH-15.1).
        Application = "application",
        /// 合作协议 (CH-9.3e, CH-24, CH-25).
        Agreement = "agreement",
        /// 单位签名公钥: the key with which an organisation signs (CH-25.2).
        SigningKey = "signing_key",
        /// 密钥更换: the next production key of a channel (CH-26.2).
        KeyChange = "key_change",
        /// 回调地址变更: where a channel is told what happens (CH-16.3).
        CallbackChange = "callback_change",
        /// 密钥轮换: another key of a channel is asked for by a day (CH-26.2).
        KeyRotation = "key_rotation",
        /// 安全检测报告 (CH-28, CH-29).
        SecurityReport = "security_report",
        /// 安全风险事件 (CH-31).
        RiskEvent = "risk_event",
        /// 运营监测 (CH-23).
        Monitoring = "monitoring",
        /// 退出 (CH-32 to CH-36).
        Exit = "exit",
        /// 平台通知 (CH-17).
        Notice = "notice",
        /// 渠道停机维护报备 (CH-18).
        Maintenance = "maintenance",
        /// 运营活动报备 (CH-19).
        Campaign = "campaign",
        /// 工单 (CH-20).
        Ticket = "ticket",
        /// 建议 (CH-21).
        Suggestion = "suggestion",
        /// 二级渠道月报 (CH-11.4d).
        Filing = "filing",
        /// 属地服务整改 (ND-3.5e).
        Rectification = "rectification",
    }
    /// Who acts in a matter.
    Party {
        /// 渠道所属单位; for a level-2 channel also the owner of its level-1 channel (CH-11.2).
        Owner = "owner",
        /// 地市级人社部门.
        Prefecture = "prefecture",
        /// 省级人社部门.
        Province = "province",
        /// 部信息中心.
        Ministry = "ministry",
        /// 平台运营机构.
        Operator = "operator",
        /// The platform itself, when a period is over or a figure is closed.
        Platform = "platform",
    }
    /// How a wait stands to its last day.
    Timing {
        /// It has passed.
        Overdue = "overdue",
        /// It comes within days.
        Soon = "soon",
    }
    /// What makes a matter the own one of whoever looks.
    Mine {
        /// 我发起的: the own organisation has opened it.
        Opened = "opened",
        /// 已办: one has done something in it oneself.
        Acted = "acted",
    }
    /// What an action wants from whoever does it.
    Need {
        /// An opinion or reason in words.
        Words = "words",
        /// The second factor once more.
        StepUp = "step_up",
        /// Another person than the one who did the first half.
        SecondPerson = "second_person",
        /// Fields of its own.
        Form = "form",
        /// Files.
        Files = "files",
    }
}

impl Kind {
    /// Kinds that no rule of another matter looks at, and whose own rules look at no other. A channel may have many of
    /// them, so that they are not even read: they would push what a rule needs out of the newest ones.
    pub const ASIDE: [Self; 5] =
        [Self::Ticket, Self::Suggestion, Self::Campaign, Self::Maintenance, Self::Notice];

    /// A state of this kind by its word.
    pub fn state(self, word: &str) -> Result<&'static str, Refusal> {
        let states = (life(self).workflow)().states;
        states.into_iter().find(|state| *state == word).ok_or(Refusal::State)
    }

    /// Whether it is about something that a department has opened to the channel.
    pub const fn is_of_opening(self) -> bool {
        matches!(self, Self::Rectification)
    }

    /// Whether its rules look at the keys of its channel.
    pub const fn looks_at_keys(self) -> bool {
        matches!(self, Self::KeyRotation)
    }

    /// Whether its rules look at the callback endpoints of its channel.
    pub const fn looks_at_endpoints(self) -> bool {
        matches!(self, Self::CallbackChange)
    }

    /// Whether something in it is signed by an organisation, with the key that is registered for it.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Agreement | Self::Exit)
    }

    /// Whose owner begins one about a level-2 channel: the own one, that of its level-1 channel, or either.
    pub const fn starter(self) -> Starter {
        match self {
            // The secret half is its holder's alone (CH-26.2), and so is where it listens.
            Self::KeyChange | Self::CallbackChange => Starter::Own,
            // CH-11.2.
            Self::Exit => Starter::LevelOne,
            _ => Starter::Either,
        }
    }
}

/// Whose owner begins business about a level-2 channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    /// The channel's own.
    Own,
    /// That of its level-1 channel.
    LevelOne,
    /// One of the two.
    Either,
}

impl Starter {
    /// Whether an owner of the channel, of its level-1 channel, or of both is one.
    pub const fn is(self, own: bool, level_one: bool) -> bool {
        match self {
            Self::Own => own,
            Self::LevelOne => level_one,
            Self::Either => own || level_one,
        }
    }
}

impl Party {
    /// The party for which a role acts in an organisation of a division.
    pub fn at(role: Role, division: DivisionCode) -> Option<Self> {
        let kind = match division.level() {
            Level::National => OrgKind::Ministry,
            Level::Province => OrgKind::Province,
            Level::Prefecture | Level::County => OrgKind::Prefecture,
        };
        Self::of(role, kind)
    }

    /// The party for which a member of staff acts; none for roles that only watch or do other business.
    pub const fn of(role: Role, kind: OrgKind) -> Option<Self> {
        match (role, kind) {
            (Role::ChannelAdmin, _) => Some(Self::Owner),
            (Role::RegionAdmin, OrgKind::Prefecture) => Some(Self::Prefecture),
            (Role::RegionAdmin, OrgKind::Province) => Some(Self::Province),
            (Role::MinistryReviewer, _) => Some(Self::Ministry),
            (Role::OperatorAdmin | Role::OperatorClerk, _) => Some(Self::Operator),
            (
                Role::RegionAdmin
                | Role::RegionClerk
                | Role::SecurityAdmin
                | Role::AuditAdmin
                | Role::DepartmentClerk
                | Role::ChannelEngineer
                | Role::LabTester,
                _,
            ) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_one_of_its_kind() {
        assert_eq!(Kind::Agreement.state("unsigned"), Ok("unsigned"));
        assert_eq!(Kind::Suggestion.state("unsigned"), Err(Refusal::State));
        for kind in [Kind::Application, Kind::Exit] {
            assert!((life(kind).workflow)().states.iter().all(|state| kind.state(state) == Ok(state)));
        }
    }
}
