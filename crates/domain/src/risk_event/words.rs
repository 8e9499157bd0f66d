//! The words of a risk event: what happened, its causes with their grades, where it stands, why something is refused.

use crate::name::names;
use crate::refusal::refusals;

refusals! {
    /// Why a risk event is not opened or does not go on.
    Refusal {
        /// Discovered after it was reported.
        Future = "risk_event.future" ["CH-27.2"] "发现时间不得晚于当前时间" "nothing is discovered in the future";
        /// The channel is terminated already.
        Terminated = "risk_event.terminated" ["CH-31.3"] "渠道已终止服务" "the channel is terminated already";
        /// Less than everything, without being entitled to.
        Containment = "risk_event.containment" ["R10"]
            "定级前按二级事件全部暂停；仅平台对疑似一级事件可缩小暂停范围"
            "until it is graded an event is contained as grade 2; only the platform narrows that, for a cause of grade 1";
        /// Not a part.
        Part = "risk_event.part" ["R9"] "一级事件暂停部分服务：新增用户，或至少一项列明的服务"
            "grade 1 suspends a part: new holders, or a list of at least one service";
        /// A part, where everything is withheld.
        Whole = "risk_event.whole" ["CH-31.2"] "二级、三级事件暂停全部服务，不得选择部分" "grades 2 and 3 suspend everything";
        /// Passed on, but to whom?
        Recipient = "risk_event.recipient" ["CH-31.2.2"] "须指明接口或服务输出的对象" "say to whom it was passed";
        /// A registered level-2 channel with its own number may use the interface (R11).
        Lawful = "risk_event.lawful" ["R11"] "已登记渠道使用自己的渠道编号属合规，不构成事件"
            "a registered channel that uses its own number is lawful";
        /// Not known why it happened.
        RootCause = "risk_event.root_cause" ["CH-27.3"] "须先查明原因" "find out and record the cause first";
        /// The raw data is not deleted yet.
        Deletion = "risk_event.deletion" ["CH-36.1"] "渠道退出及数据删除尚未办结" "the exit with its deletion has not ended";
        /// Not a report that has arrived.
        Report = "risk_event.report" ["CH-31.1"] "复测报告须为已上传完成的PDF文件" "the retest report is a PDF that has arrived whole";
        /// Renewed before.
        Renewed = "risk_event.renewed" ["R8"] "整改期只能延长一次" "the period is renewed once";
    }
}

names! {
    /// What happened, as whoever found it describes it (CH-27.2).
    Incident {
        /// 密钥遗失.
        KeyLoss = "key_loss",
        /// 数据泄露.
        DataLeak = "data_leak",
        /// 页面篡改.
        Tampering = "tampering",
        /// An upgrade was not done in time.
        MissedUpgrade = "missed_upgrade",
        /// An interface, a service, a number or data was used against the rules.
        Misuse = "misuse",
        /// Anything else.
        Other = "other",
    }
    /// What is touched by it.
    Involved {
        /// Key material.
        KeyMaterial = "key_material",
        /// Biometric templates.
        BiometricTemplate = "biometric_template",
        /// Other personal data.
        PersonalData = "personal_data",
    }
    /// How bad it is, 1 lowest (CH-31.0).
    Grade {
        /// 一级.
        One = "1",
        /// 二级.
        Two = "2",
        /// 三级.
        Three = "3",
    }
    /// By which grade a list is narrowed.
    Graded {
        /// 一级.
        One = "1",
        /// 二级.
        Two = "2",
        /// 三级.
        Three = "3",
        /// 待定级: nobody has graded it, or it turned out to be none.
        Not = "none",
    }
    /// Why it counts as a risk event.
    Cause {
        /// 未及时进行功能性升级.
        FunctionalUpgradeMissed = "functional_upgrade_missed",
        /// 页面篡改等.
        PageTampering = "page_tampering",
        /// 接口被越权访问.
        InterfaceOverstepped = "interface_overstepped",
        /// 接口向同一主体关联渠道输出.
        InterfaceToRelated = "interface_to_related",
        /// 实名实人认证服务向同一主体关联渠道输出.
        IdentityToRelated = "identity_to_related",
        /// 未及时进行安全性升级.
        SecurityUpgradeMissed = "security_upgrade_missed",
        /// 一般信息泄露等.
        OrdinaryLeak = "ordinary_leak",
        /// 接口向第三方输出.
        InterfaceToThird = "interface_to_third",
        /// 实名实人认证服务向第三方输出.
        IdentityToThird = "identity_to_third",
        /// 渠道号及密钥转交第三方使用.
        CredentialsHandedOver = "credentials_handed_over",
        /// 违规截留数据.
        DataRetained = "data_retained",
        /// 仿冒用户非法撞库.
        CredentialStuffing = "credential_stuffing",
        /// 密钥遗失、重大信息泄露等.
        KeyLossOrMajorLeak = "key_loss_or_major_leak",
        /// 违反网络安全法等法律及国家安全规定.
        LawBroken = "law_broken",
    }
    /// What operator and ministry decide when the month has passed in vain (R8).
    Decision {
        /// The period begins once more.
        Renew = "renew",
        /// The grade is raised by one.
        Raise = "raise",
        /// The channel is to be forced out.
        ForceExit = "force_exit",
    }
    /// Where it stands.
    State {
        /// Contained; waits for a grade.
        Contained = "contained",
        /// A grade is proposed; waits for a second person.
        Proposed = "proposed",
        /// The channel rectifies within its month.
        Rectifying = "rectifying",
        /// Rectified, says the channel; the operator tests.
        Retesting = "retesting",
        /// The month has passed in vain (R8).
        Overdue = "overdue",
        /// A decision is proposed; waits for the ministry.
        Deciding = "deciding",
        /// Restored and under observation.
        Observing = "observing",
        /// To be forced out; stays suspended until then.
        Exiting = "exiting",
        /// Terminated (CH-31.3); its data is still to be deleted.
        Terminated = "terminated",
        /// Over.
        Closed = "closed",
        /// No risk event after all.
        Dismissed = "dismissed",
    }
    /// What is done to it.
    Action {
        /// The operator chooses what is withheld until it is graded.
        Contain = "contain",
        /// The operator proposes cause and grade.
        Propose = "propose",
        /// The operator proposes that it is none.
        ProposeDismissal = "propose_dismissal",
        /// A second person agrees.
        Confirm = "confirm",
        /// A second person does not.
        Reject = "reject",
        /// The channel says it has rectified.
        Rectify = "rectify",
        /// The operator's retest passes.
        Pass = "pass",
        /// The operator's retest fails.
        Fail = "fail",
        /// The platform records that the month has passed.
        Expire = "expire",
        /// The operator proposes what to do then.
        ProposeDecision = "propose_decision",
        /// The ministry agrees.
        Agree = "agree",
        /// The ministry does not.
        Disagree = "disagree",
        /// Why it happened is recorded.
        RecordCause = "record_cause",
        /// It is handled under the rules on state secrets from here on.
        Escalate = "escalate",
        /// It is over.
        Close = "close",
    }
}

impl Cause {
    /// The grade that the clause gives it.
    pub const fn grade(self) -> Grade {
        match self {
            Self::FunctionalUpgradeMissed | Self::PageTampering => Grade::One,
            Self::InterfaceOverstepped
            | Self::InterfaceToRelated
            | Self::IdentityToRelated
            | Self::SecurityUpgradeMissed
            | Self::OrdinaryLeak => Grade::Two,
            Self::InterfaceToThird
            | Self::IdentityToThird
            | Self::CredentialsHandedOver
            | Self::DataRetained
            | Self::CredentialStuffing
            | Self::KeyLossOrMajorLeak
            | Self::LawBroken => Grade::Three,
        }
    }

    /// The clause.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::FunctionalUpgradeMissed => "CH-31.1.1",
            Self::PageTampering => "CH-31.1.2",
            Self::InterfaceOverstepped => "CH-31.2.1",
            Self::InterfaceToRelated => "CH-31.2.2",
            Self::IdentityToRelated => "CH-31.2.3",
            Self::SecurityUpgradeMissed => "CH-31.2.4",
            Self::OrdinaryLeak => "CH-31.2.5",
            Self::InterfaceToThird => "CH-31.3.1",
            Self::IdentityToThird => "CH-31.3.2",
            Self::CredentialsHandedOver => "CH-31.3.3",
            Self::DataRetained => "CH-31.3.4",
            Self::CredentialStuffing => "CH-31.3.5",
            Self::KeyLossOrMajorLeak => "CH-31.3.6",
            Self::LawBroken => "CH-31.3.7",
        }
    }

    /// Its Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::FunctionalUpgradeMissed => "未按通知要求及时进行功能性升级",
            Self::PageTampering => "页面篡改等",
            Self::InterfaceOverstepped => "接口被越权访问",
            Self::InterfaceToRelated => "接口向同一主体关联渠道输出",
            Self::IdentityToRelated => "实名实人认证服务向同一主体关联渠道输出",
            Self::SecurityUpgradeMissed => "未按通知要求及时进行安全性升级",
            Self::OrdinaryLeak => "一般信息泄露等",
            Self::InterfaceToThird => "接口向第三方输出",
            Self::IdentityToThird => "实名实人认证服务向第三方输出",
            Self::CredentialsHandedOver => "渠道号及密钥转交第三方使用",
            Self::DataRetained => "违规截留数据",
            Self::CredentialStuffing => "仿冒用户非法撞库",
            Self::KeyLossOrMajorLeak => "密钥遗失、重大信息泄露等",
            Self::LawBroken => "违反网络安全法等法律及国家安全规定",
        }
    }

    /// Whether it says that something was passed to somebody, who then has to be named.
    pub const fn has_recipient(self) -> bool {
        matches!(
            self,
            Self::InterfaceToRelated
                | Self::IdentityToRelated
                | Self::InterfaceToThird
                | Self::IdentityToThird
                | Self::CredentialsHandedOver
        )
    }
}

impl Grade {
    /// Its Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::One => "一级",
            Self::Two => "二级",
            Self::Three => "三级",
        }
    }

    /// The one above it.
    pub const fn raised(self) -> Self {
        match self {
            Self::One => Self::Two,
            Self::Two | Self::Three => Self::Three,
        }
    }

    /// The clause that says what follows from it.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::One => "CH-31.1",
            Self::Two => "CH-31.2",
            Self::Three => "CH-31.3",
        }
    }
}

impl Graded {
    /// Whether an event of this grade is among them.
    pub const fn is(self, grade: Option<Grade>) -> bool {
        matches!(
            (self, grade),
            (Self::One, Some(Grade::One))
                | (Self::Two, Some(Grade::Two))
                | (Self::Three, Some(Grade::Three))
                | (Self::Not, None)
        )
    }
}

impl Incident {
    /// Its Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::KeyLoss => "密钥遗失",
            Self::DataLeak => "数据泄露",
            Self::Tampering => "页面篡改",
            Self::MissedUpgrade => "未及时升级",
            Self::Misuse => "违规使用",
            Self::Other => "其他",
        }
    }
}
