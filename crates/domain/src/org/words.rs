//! What the operations of staff are called, for those who read what a role may do, and what kinds of organisations are,
//! for those who write them into a file.
//!
//! Invariant: this names operations and says of none who holds it.

use super::{Operation, OrgKind, Refusal};

impl OrgKind {
    /// What it is in Chinese and in English, as the pages say it.
    const fn words(self) -> [&'static str; 2] {
        match self {
            Self::Ministry => ["部信息中心", "Ministry centre"],
            Self::Province => ["省级人社部门", "Provincial department"],
            Self::Prefecture => ["地市级人社部门", "Prefectural department"],
            Self::Operator => ["平台运营机构", "Platform operator"],
            Self::ChannelOwner => ["渠道所属单位", "Channel owner"],
            Self::Department => ["用卡部门", "Department"],
            Self::Lab => ["安全检测机构", "Security lab"],
        }
    }

    /// The kind that a person means: its word, or what it is called in either language.
    ///
    /// Refuses [`Refusal::Kind`].
    pub fn meant(text: &str) -> Result<Self, Refusal> {
        let is_meant = |kind: &&Self| {
            kind.as_str() == text || kind.words().iter().any(|word| word.eq_ignore_ascii_case(text))
        };
        Self::ALL.iter().find(is_meant).copied().ok_or(Refusal::Kind)
    }
}

impl Operation {
    /// What it is, for a Chinese reader.
    pub const fn zh(self) -> &'static str {
        self.words().0
    }

    /// What it is, for an English reader.
    pub const fn en(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OrgCreate => ("登记机构", "register an organisation"),
            Self::OrgList => ("查看机构", "see organisations"),
            Self::RegistrationList => ("查看单位注册申请", "see companies that ask for an account"),
            Self::RegistrationReveal => ("查看注册申请的联系人", "see whom to reach at such a company"),
            Self::RegistrationDecide => ("受理或不受理注册申请", "confirm or decline such a company"),
            Self::RegistrationOpen => {
                ("为注册单位开立机构和账户", "open such a company's organisation and account")
            }
            Self::StaffCreate => ("开立账户", "open accounts"),
            Self::StaffDisable => ("停用、启用账户", "disable and enable accounts"),
            Self::StaffResetFactor => ("解除账户的第二因素", "take the second factor from an account"),
            Self::StaffList => ("查看账户", "see accounts"),
            Self::StaffEndSessions => ("查看并结束他人登录", "see and end others' sign-ins"),
            Self::SignInRuleRead => ("查看登录限制", "see from where accounts are used"),
            Self::SignInRuleSet => ("设置登录限制", "say from where accounts are used"),
            Self::TeamManage => ("管理本单位账户", "manage the own organisation's accounts"),
            Self::DelegationGive => ("委托同事代理审批", "let a colleague stand in"),
            Self::ServiceOpen => ("开通服务事项", "open a service to a channel or terminal"),
            Self::ServiceClose => ("关闭服务事项", "close such an opening"),
            Self::ServiceFormWrite => ("维护个性化服务申请表", "keep the forms of personalised services"),
            Self::ServiceList => ("查看服务事项和开通情况", "see services and openings"),
            Self::ChannelCreate => ("登记渠道（沙箱）", "register a channel (sandbox)"),
            Self::ChannelList => ("查看渠道", "see channels"),
            Self::ChannelSuspend => ("暂停渠道（沙箱）", "suspend a channel (sandbox)"),
            Self::ChannelResume => ("恢复渠道（沙箱）", "resume a channel (sandbox)"),
            Self::ChannelTerminate => ("终止渠道（沙箱）", "end a channel (sandbox)"),
            Self::ChannelRotateKey => {
                ("登记、吊销渠道和终端密钥", "register and revoke keys of channels and terminals")
            }
            Self::KeyRotate => ("轮换平台密钥", "rotate a key of the platform"),
            Self::TerminalCreate => ("登记终端", "register terminals"),
            Self::TerminalList => ("查看终端", "see terminals"),
            Self::TerminalBlock => ("封锁、解封终端", "block and unblock terminals"),
            Self::CardImport => ("导入卡数据", "import cards"),
            Self::CardState => ("变更卡状态", "change the state of a card"),
            Self::CardList => ("查询卡和失效名单", "find cards and the invalid list"),
            Self::CardReplace => ("补换卡", "replace a card"),
            Self::PayeeCreate => ("登记收款单位", "register a payee"),
            Self::PayeeList => ("查看收款单位", "see payees"),
            Self::SettlementCut => ("日切清算", "cut the business day"),
            Self::SettlementList => ("查看清算日和批次", "see settlement days and batches"),
            Self::SettlementFile => ("下载对账文件", "take a settlement file"),
            Self::LedgerAccounts => ("查看账户余额", "read ledger accounts"),
            Self::LedgerVerify => ("核对总账", "verify the ledger"),
            Self::AuditExport => ("导出审计记录", "export the audit log"),
            Self::AuditHead => ("查看审计日志签名头", "read the signed head of the audit log"),
            Self::StatisticRead => ("查看统计", "read statistics"),
            Self::CoverageRead => ("查看电子社保卡覆盖率", "see how many holders have an e-card"),
            Self::WebhookManage => ("管理事件推送地址", "manage webhooks"),
            Self::WebhookReplay => ("查看并重新推送事件", "see what was sent and send it again"),
            Self::JobRead => ("查看后台任务", "see the work behind the requests"),
            Self::JobRerun => ("立即重试失败任务", "have a failed job tried at once"),
            Self::ClockMove => ("调整沙箱时间", "move the sandbox's time"),
            Self::StatisticRehearse => ("录入沙箱演练数据", "rehearse figures in the sandbox"),
            Self::MatterRead => ("查看办件和待办", "see matters, inbox and messages"),
            Self::MatterAct => ("发起和办理办件", "open matters and act on them"),
            Self::NoticeSend => ("发送通知", "send notices"),
            Self::ConfigRead => ("查看规则参数", "read the parameters"),
            Self::TemplateRead => ("查看模板", "read the templates of agreements and notices"),
            Self::TemplateWrite => ("起草模板", "write a template of agreements or notices"),
            Self::TemplateReview => ("复核模板", "put a template of agreements or notices in force"),
            Self::ParameterPropose => ("提出参数修改", "propose a change of a parameter"),
            Self::ParameterReview => ("审批参数修改", "decide on a change of a parameter"),
            Self::CalendarPropose => ("录入年度节假日安排", "enter a year's holidays"),
            Self::CalendarReview => ("审批年度节假日安排", "decide on a year's holidays"),
        }
    }
}
