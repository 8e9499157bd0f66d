//! Who acts: organisations, their staff, and the one table of what a role may do.
//!
//! Invariant: a member of staff has exactly one role, so the system administrator, the security administrator and
//! the auditor are never the same account (三权分立, GB/T 22239-2019 level 3), and no role holds operations of two
//! of the three. What a role may do is one half; the other is where ([`may_see`], CH-5.2).
//!
//! Accounts, passwords and sessions are not here.

pub mod register;
mod words;

use crate::division::DivisionCode;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;
use std::str::FromStr;

refusals! {
    /// Why a member of staff may not do something.
    Refusal {
        /// The role does not hold the operation.
        Role = "staff.role" "当前角色无权执行该操作" "the role does not hold this operation";
        /// The target lies outside the staff's own division.
        Division = "staff.division" ["CH-5.2"] "超出本辖区范围" "the target lies outside the own jurisdiction";
        /// The role does not exist in an organisation of this kind.
        RoleForKind = "staff.role_for_kind" "该类机构不能设置此角色"
            "an organisation of this kind has no such role";
        /// The kind of organisation and its division do not fit.
        DivisionForKind = "org.division_for_kind" ["CM-3.1"] "机构类型与行政区划级别不符"
            "the division does not fit the kind of organisation";
        /// The word is no kind of organisation.
        Kind = "org.kind" "机构类型须为部信息中心、省级人社部门、地市级人社部门、平台运营机构、渠道所属单位、用卡部门或安全检测机构"
            "a kind is ministry centre, provincial department, prefectural department, platform operator, channel owner, department or security lab";
        /// The credit code is registered with something else beside it.
        Taken = "org.taken" "该统一社会信用代码已登记，且登记内容不同"
            "the credit code is registered, and not as this row says";
        /// An organisation that goes by this name there is registered with something else beside it.
        Named = "org.named" "该地已登记同名机构，且登记内容不同"
            "an organisation of this name is registered there, and not as this row says";
        /// Not 3 to 32 lower-case letters, digits, dots, hyphens and underscores.
        Login = "staff.login" "登录名须为3至32个小写字母、数字或.-_，并以字母开头"
            "a login is 3 to 32 lower-case letters, digits, dots, hyphens and underscores, a letter first";
        /// Too short, too long, or it contains the login.
        PasswordWeak = "staff.password_weak" "密码须为12至256个字符，且不得包含登录名"
            "a password has 12 to 256 characters and does not contain the login";
        /// The new password is the old one.
        PasswordSame = "staff.password_same" "新密码不得与原密码相同" "the new password is the old one";
        /// Wrong, or locked for a while: the answer does not say which.
        LoginRefused = "staff.login_refused" "用户名或密码不正确，或账户暂时锁定"
            "the login or the password is wrong, or the account is locked for a while";
        /// The one-time secret still has to be replaced.
        PasswordChange = "staff.password_change_required" "请先修改一次性密码"
            "the one-time password has to be replaced first";
    }
}

names! {
    /// A kind of organisation.
    OrgKind {
        /// 部信息中心.
        Ministry = "ministry",
        /// 省级人社部门信息化综合管理机构.
        Province = "province",
        /// 地市级人社部门信息化综合管理机构.
        Prefecture = "prefecture",
        /// 平台运营机构 (CH-5.3).
        Operator = "operator",
        /// 渠道所属单位.
        ChannelOwner = "channel_owner",
        /// A department or public service that verifies and takes payments.
        Department = "department",
        /// 安全检测专业机构 (CH-29).
        Lab = "lab",
    }
    /// What a member of staff is; an account has one.
    Role {
        /// System administrator of the operator: organisations, services, channels.
        OperatorAdmin = "operator_admin",
        /// Clerk of the operator: daily channel matters and settlement.
        OperatorClerk = "operator_clerk",
        /// Security administrator: accounts, keys, blocking.
        SecurityAdmin = "security_admin",
        /// Audit administrator: reads the record, changes nothing.
        AuditAdmin = "audit_admin",
        /// Reviewer of the ministry.
        MinistryReviewer = "ministry_reviewer",
        /// Administrator of a provincial or prefectural body: services, terminals and cards of its area.
        RegionAdmin = "region_admin",
        /// Clerk of a provincial or prefectural body: cards at the window.
        RegionClerk = "region_clerk",
        /// Clerk of a department: its own terminals and payments.
        DepartmentClerk = "department_clerk",
        /// Administrator of a channel owner: its own channels and accounts.
        ChannelAdmin = "channel_admin",
        /// Engineer of a channel owner: watches its own channels and delivers their events again; signs and files nothing.
        ChannelEngineer = "channel_engineer",
        /// Tester of a security lab.
        LabTester = "lab_tester",
    }
    /// An operation of staff.
    Operation {
        /// Register an organisation.
        OrgCreate = "org.create",
        /// List organisations.
        OrgList = "org.list",
        /// List companies that ask to be organisations.
        RegistrationList = "registration.list",
        /// See who can be reached at such a company.
        RegistrationReveal = "registration.reveal",
        /// Confirm or decline such a company.
        RegistrationDecide = "registration.decide",
        /// Open a confirmed company's organisation with its first account.
        RegistrationOpen = "registration.open",
        /// Open a staff account.
        StaffCreate = "staff.create",
        /// Disable and enable a staff account.
        StaffDisable = "staff.disable",
        /// Take the second factor from a staff account, to be enrolled anew.
        StaffResetFactor = "staff.reset_factor",
        /// List staff accounts.
        StaffList = "staff.list",
        /// See and end the sessions of a staff account without disabling it.
        StaffEndSessions = "staff.end_sessions",
        /// See from where the accounts of an organisation are used, and whether in one place at a time.
        SignInRuleRead = "sign_in_rule.read",
        /// Say so.
        SignInRuleSet = "sign_in_rule.set",
        /// Open, disable and enable accounts of the own organisation, see what they do and end their sessions.
        TeamManage = "team.manage",
        /// Let a colleague act in matters in one's place.
        DelegationGive = "delegation.give",
        /// Open a service to a channel or a terminal in a division: the department's authorization.
        ServiceOpen = "service.open",
        /// Close such an opening.
        ServiceClose = "service.close",
        /// Publish and withdraw the forms of personalised services.
        ServiceFormWrite = "service_form.write",
        /// List services and openings.
        ServiceList = "service.list",
        /// Register a channel.
        ChannelCreate = "channel.create",
        /// List channels.
        ChannelList = "channel.list",
        /// Suspend a channel.
        ChannelSuspend = "channel.suspend",
        /// Resume a suspended channel.
        ChannelResume = "channel.resume",
        /// End a channel for ever.
        ChannelTerminate = "channel.terminate",
        /// Register and revoke keys of channels and terminals.
        ChannelRotateKey = "channel.rotate_key",
        /// Rotate a data key of the platform.
        KeyRotate = "key.rotate",
        /// Register a terminal.
        TerminalCreate = "terminal.create",
        /// List terminals.
        TerminalList = "terminal.list",
        /// Block a terminal.
        TerminalBlock = "terminal.block",
        /// Import rows of the card registry.
        CardImport = "card.import",
        /// Change the state of a card.
        CardState = "card.state",
        /// List cards and the invalid list.
        CardList = "card.list",
        /// Replace a card.
        CardReplace = "card.replace",
        /// Register a payee.
        PayeeCreate = "payee.create",
        /// List payees.
        PayeeList = "payee.list",
        /// Cut the business day.
        SettlementCut = "settlement.cut",
        /// List settlement days and batches.
        SettlementList = "settlement.list",
        /// Take a settlement file.
        SettlementFile = "settlement.file",
        /// Read ledger accounts.
        LedgerAccounts = "ledger.accounts",
        /// Verify the ledger against its transfers.
        LedgerVerify = "ledger.verify",
        /// Export the audit log.
        AuditExport = "audit.export",
        /// Read the signed head.
        AuditHead = "audit.head",
        /// Read statistics.
        StatisticRead = "statistic.read",
        /// See how many holders have an e-card.
        CoverageRead = "coverage.read",
        /// Register, pause, try and remove webhooks.
        WebhookManage = "webhook.manage",
        /// See what webhooks were sent, and send it again.
        WebhookReplay = "webhook.replay",
        /// See the work behind the requests: what waits, what failed, what is done from time to time.
        JobRead = "job.read",
        /// Have a failed job tried at once.
        JobRerun = "job.rerun",
        /// Move the sandbox's business time.
        ClockMove = "clock.move",
        /// Record figures of the sandbox that nobody's use has brought about.
        StatisticRehearse = "statistic.rehearse",
        /// Read matters, inbox and messages.
        MatterRead = "matter.read",
        /// Open matters and act on them, as the party of the role.
        MatterAct = "matter.act",
        /// Read the templates of agreements and notices, and try one on a channel.
        TemplateRead = "template.read",
        /// Write a template of agreements or notices.
        TemplateWrite = "template.write",
        /// Put in force, or drop, what is drafted: in force what somebody else wrote.
        TemplateReview = "template.review",
        /// Send a notice to an audience of channels.
        NoticeSend = "notice.send",
        /// Read the parameters in force.
        ConfigRead = "config.read",
        /// Propose a version of a parameter.
        ParameterPropose = "parameter.propose",
        /// Approve or reject what somebody else proposed.
        ParameterReview = "parameter.review",
        /// Enter the arrangement of a year's holidays.
        CalendarPropose = "calendar.propose",
        /// Approve or reject the arrangement that somebody else entered.
        CalendarReview = "calendar.review",
    }
}

/// The three powers that one account never joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Power {
    /// Runs the system and its business.
    System,
    /// Says who may enter, holds keys, blocks.
    Security,
    /// Watches both.
    Audit,
}

impl Role {
    /// The power this role belongs to.
    pub const fn power(self) -> Power {
        match self {
            Self::SecurityAdmin => Power::Security,
            Self::AuditAdmin => Power::Audit,
            Self::OperatorAdmin
            | Self::OperatorClerk
            | Self::MinistryReviewer
            | Self::RegionAdmin
            | Self::RegionClerk
            | Self::DepartmentClerk
            | Self::ChannelAdmin
            | Self::ChannelEngineer
            | Self::LabTester => Power::System,
        }
    }

    /// Whether its view ends at its own organisation, whatever the division.
    pub const fn is_own_org_only(self) -> bool {
        matches!(self, Self::DepartmentClerk | Self::ChannelAdmin | Self::ChannelEngineer | Self::LabTester)
    }
}

/// A sign-in name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Login(String);

impl Login {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `password` may protect this account: length, and nothing that the login gives away.
    pub fn admits(&self, password: &str) -> Result<(), Refusal> {
        let long_enough = (12..=256).contains(&password.chars().count());
        if long_enough && !password.to_lowercase().contains(&self.0) {
            Ok(())
        } else {
            Err(Refusal::PasswordWeak)
        }
    }
}

impl FromStr for Login {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'));
        let letter_first = text.starts_with(|first: char| first.is_ascii_lowercase());
        if plain && letter_first && (3..=32).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::Login)
        }
    }
}

/// Wrong passwords of one account since the last right one, and until when it is locked for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failed: i64,
    /// The end of the lock, if there was one.
    pub locked_until: Option<Timestamp>,
}

impl Attempts {
    /// Whether a password is looked at at all.
    pub fn admit(self, now: Timestamp) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => Err(Refusal::LoginRefused),
            _ => Ok(()),
        }
    }

    /// After a wrong password: the `most`th locks for `lock_seconds` and the count begins anew.
    #[must_use]
    pub fn wrong(self, now: Timestamp, most: i64, lock_seconds: i64) -> Self {
        if self.failed + 1 < most {
            Self { failed: self.failed + 1, locked_until: None }
        } else {
            Self { failed: 0, locked_until: Some(now.plus_seconds(lock_seconds)) }
        }
    }
}

/// Everybody who has part in a channel's life, and who watches it (CH-5.1 to CH-5.3).
const MATTER_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::SecurityAdmin,
    Role::AuditAdmin,
    Role::MinistryReviewer,
    Role::RegionAdmin,
    Role::RegionClerk,
    Role::ChannelAdmin,
    Role::ChannelEngineer,
];

/// Everybody who may look at channels.
const CHANNEL_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::SecurityAdmin,
    Role::MinistryReviewer,
    Role::RegionAdmin,
    Role::ChannelAdmin,
    Role::ChannelEngineer,
    Role::LabTester,
    Role::AuditAdmin,
];

/// Everybody who may look at organisations.
const ORG_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::SecurityAdmin,
    Role::AuditAdmin,
    Role::MinistryReviewer,
    Role::RegionAdmin,
];

/// Everybody who may look at services and where they are open.
const SERVICE_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::MinistryReviewer,
    Role::RegionAdmin,
    Role::RegionClerk,
    Role::DepartmentClerk,
    Role::ChannelAdmin,
    Role::ChannelEngineer,
    Role::AuditAdmin,
];

/// Everybody who may look at terminals.
const TERMINAL_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::SecurityAdmin,
    Role::RegionAdmin,
    Role::RegionClerk,
    Role::DepartmentClerk,
    Role::AuditAdmin,
];

/// Everybody who may read figures.
const STATISTIC_READERS: &[Role] = &[
    Role::OperatorAdmin,
    Role::OperatorClerk,
    Role::MinistryReviewer,
    Role::RegionAdmin,
    Role::ChannelAdmin,
    Role::ChannelEngineer,
    Role::AuditAdmin,
];

/// Which roles hold an operation: the whole permission table.
pub const fn holders(operation: Operation) -> &'static [Role] {
    use Operation as Op;
    use Role::{
        AuditAdmin, ChannelAdmin, ChannelEngineer, DepartmentClerk, MinistryReviewer, OperatorAdmin,
        OperatorClerk, RegionAdmin, RegionClerk, SecurityAdmin,
    };
    match operation {
        Op::JobRead => &[OperatorAdmin, AuditAdmin],
        Op::ClockMove
        | Op::JobRerun
        | Op::StatisticRehearse
        | Op::PayeeCreate
        | Op::OrgCreate
        | Op::RegistrationDecide
        | Op::ChannelCreate
        | Op::ChannelResume
        | Op::SettlementCut => &[OperatorAdmin],
        Op::OrgList => ORG_READERS,
        Op::RegistrationList => &[OperatorAdmin, OperatorClerk, SecurityAdmin, AuditAdmin],
        Op::RegistrationReveal => &[OperatorAdmin, SecurityAdmin],
        Op::StaffCreate
        | Op::StaffDisable
        | Op::StaffResetFactor
        | Op::StaffEndSessions
        | Op::SignInRuleSet
        | Op::RegistrationOpen => &[SecurityAdmin],
        Op::StaffList | Op::SignInRuleRead => &[SecurityAdmin, AuditAdmin],
        // Whose people they are; of any other organisation it holds nothing.
        Op::TeamManage => &[ChannelAdmin],
        // Who reviews, and no administrator of one of the three powers.
        Op::DelegationGive => &[OperatorClerk, MinistryReviewer, RegionAdmin],
        // ND-3.2d, ND-3.5a: the department of the region decides; the ministry for national services.
        Op::ServiceOpen | Op::ServiceClose => &[RegionAdmin, MinistryReviewer],
        Op::ServiceList => SERVICE_READERS,
        // CH-F1.12: whoever answers for the platform publishes what belongs to its catalogue.
        Op::ServiceFormWrite => &[OperatorAdmin, OperatorClerk],
        Op::ChannelList => CHANNEL_READERS,
        // Stopping harm must not wait for one particular person; starting again does.
        Op::ChannelSuspend => &[OperatorAdmin, OperatorClerk, SecurityAdmin, MinistryReviewer],
        Op::ChannelTerminate => &[OperatorAdmin, SecurityAdmin],
        Op::ChannelRotateKey | Op::KeyRotate => &[SecurityAdmin],
        Op::TerminalCreate => &[OperatorAdmin, RegionAdmin],
        Op::TerminalList => TERMINAL_READERS,
        Op::TerminalBlock => &[SecurityAdmin, OperatorAdmin, RegionAdmin],
        Op::CardImport => &[RegionAdmin],
        Op::CardState | Op::CardReplace => &[RegionAdmin, RegionClerk],
        Op::CardList => &[RegionAdmin, RegionClerk, MinistryReviewer, AuditAdmin],
        Op::PayeeList | Op::SettlementList => &[OperatorAdmin, OperatorClerk, DepartmentClerk, AuditAdmin],
        Op::SettlementFile => &[OperatorClerk, DepartmentClerk],
        Op::LedgerAccounts | Op::LedgerVerify => &[OperatorAdmin, OperatorClerk, AuditAdmin],
        Op::AuditExport => &[AuditAdmin],
        Op::AuditHead => &[AuditAdmin, SecurityAdmin, MinistryReviewer],
        Op::StatisticRead => STATISTIC_READERS,
        Op::CoverageRead => {
            &[OperatorAdmin, OperatorClerk, MinistryReviewer, RegionAdmin, RegionClerk, AuditAdmin]
        }
        Op::WebhookManage => &[ChannelAdmin, ChannelEngineer],
        Op::WebhookReplay => &[ChannelAdmin, ChannelEngineer, OperatorAdmin],
        // CH-37.1: who interprets the documents decides on their numbers, and on the days by which they are counted.
        Op::ParameterPropose | Op::ParameterReview | Op::CalendarPropose | Op::CalendarReview => {
            &[MinistryReviewer]
        }
        Op::TemplateRead => &[OperatorAdmin, OperatorClerk, AuditAdmin],
        Op::TemplateWrite | Op::TemplateReview => &[OperatorAdmin, OperatorClerk],
        Op::MatterRead => MATTER_READERS,
        Op::MatterAct => &[OperatorAdmin, OperatorClerk, MinistryReviewer, RegionAdmin, ChannelAdmin],
        Op::NoticeSend => &[OperatorAdmin, OperatorClerk],
        Op::ConfigRead => &[OperatorAdmin, OperatorClerk, SecurityAdmin, MinistryReviewer, AuditAdmin],
    }
}

/// Whether `role` holds `operation`.
pub fn allows(role: Role, operation: Operation) -> bool {
    holders(operation).contains(&role)
}

/// Whether staff of `own` division may see what belongs to `target` (CH-5.2): their own area and below.
pub const fn may_see(own: DivisionCode, target: DivisionCode) -> bool {
    own.covers(target)
}

/// Both halves at once. Refuses, in order: role, division.
pub fn authorize(
    role: Role,
    own: DivisionCode,
    operation: Operation,
    target: DivisionCode,
) -> Result<(), Refusal> {
    if !allows(role, operation) {
        return Err(Refusal::Role);
    }
    if may_see(own, target) { Ok(()) } else { Err(Refusal::Division) }
}

impl OrgKind {
    /// The roles that accounts of such an organisation may have.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Ministry => &[Role::MinistryReviewer],
            Self::Province | Self::Prefecture => &[Role::RegionAdmin, Role::RegionClerk],
            Self::Operator => {
                &[Role::OperatorAdmin, Role::OperatorClerk, Role::SecurityAdmin, Role::AuditAdmin]
            }
            Self::ChannelOwner => &[Role::ChannelAdmin, Role::ChannelEngineer],
            Self::Department => &[Role::DepartmentClerk],
            Self::Lab => &[Role::LabTester],
        }
    }

    /// Whether such an organisation may hold an account of `role`.
    pub fn admit(self, role: Role) -> Result<(), Refusal> {
        if self.roles().contains(&role) { Ok(()) } else { Err(Refusal::RoleForKind) }
    }

    /// Whether such an organisation may stand at `division` (CM-3.1): the ministry and the operator nationwide, a
    /// province at its province, a prefecture at its prefecture, the others anywhere.
    pub fn stand_at(self, division: DivisionCode) -> Result<(), Refusal> {
        use crate::division::Level;
        let level = division.level();
        let fits = match self {
            Self::Ministry | Self::Operator => level == Level::National,
            Self::Province => level == Level::Province,
            Self::Prefecture => level == Level::Prefecture,
            Self::ChannelOwner | Self::Department | Self::Lab => true,
        };
        if fits { Ok(()) } else { Err(Refusal::DivisionForKind) }
    }
}

#[cfg(test)]
mod tests;
