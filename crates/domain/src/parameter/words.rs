//! What each parameter means, in the words of those who decide on it.
//!
//! Invariant: a text says what is counted and how it is compared, never the value, which has versions.

use super::{Name, Unit};

impl Name {
    /// What it is, for a Chinese reader.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::CodeTtl => "二维码有效时间",
            Self::PasswordErrors => "支付密码连续错误上限，达到即锁定",
            Self::PasswordWindow => "支付密码错误的计数时间",
            Self::PasswordLock => "支付密码锁定时间",
            Self::PaymentHandleTtl => "核验后凭码支付的有效时间",
            Self::PaymentPendingTtl => "支付结果未明时发起查询的时间",
            Self::PaymentPerUse => "未另行授权的单笔支付上限（含）",
            Self::PaymentPerDay => "未另行授权的单日支付上限（含）",
            Self::RefundWindow => "支付后可退款的期限",
            Self::TopupPerUse => "单笔充值上限（含）",
            Self::ClearingLimit => "每个分片清算账户的透支上限",
            Self::SignatureWindow => "签名时间与平台时间的最大偏差",
            Self::SessionTtl => "调用方会话有效时间",
            Self::HolderSessionTtl => "持卡人会话有效时间",
            Self::StaffSessionTtl => "工作人员会话有效时间",
            Self::StaffIdle => "工作人员会话的最长闲置时间",
            Self::StepUpTtl => "再次验证身份后可执行敏感操作的时间",
            Self::StaffErrors => "工作人员密码或验证码连续错误上限，达到即锁定",
            Self::DelegationMost => "一次代理审批的最长日数（含首尾两日）",
            Self::IdempotencyTtl => "同一请求的应答保留时间",
            Self::KeyOverlap => "密钥轮换时新旧密钥并用时间",
            Self::GrantMaxDays => "长期授权的最长期限（含）",
            Self::UseRetention => "用码记录保留时间",
            Self::DeliveryRetention => "事件推送记录保留时间",
            Self::AddressRetention => "工作人员请求来源地址的保留时间",
            Self::TrafficRetention => "渠道调用情况的保留时间",
            Self::RegistrationMost | Self::RegistrationWait => self.of_registrations(),
            Self::RegistrationRetention => self.of_registrations(),
            Self::DurationMinCases | Self::DurationWindow => self.of_durations(),
            Self::ClockStep | Self::ClockReach => self.of_clocks(),
            Self::ImportBatch => "一次导入的最多行数",
            Self::ChannelMinRunning => "渠道在申请地域内的运营时间，不少于（满，含本数）",
            Self::SocialMinUsers => "社会渠道现有用户数，不低于（含本数）",
            Self::SocialMinCompanyAge => "社会渠道所属公司的注册时间，不少于（含本数）",
            Self::ConsultationReply => "全国范围入网征求省级意见的答复期限",
            Self::IssuanceWindow => "签发量监测累计的已结束自然月数",
            Self::MinIssuance => "监测期内签发量少于此数触发（等于不触发）",
            Self::FirstEvaluation => "渠道正式接入后首次评估前须满的自然月数",
            Self::IssuanceDrop => "签发量环比下降超过此比例计一次（等于不计）",
            Self::DropRun => "签发量环比下降连续此月数触发",
            Self::MauRatio => "月活跃用户数低于累计签发量的此比例触发（等于不触发）",
            Self::Improvement => "通知后的提升期",
            Self::SocialCommitment => "社会渠道两项指标均低于承诺的此比例为未达到（等于为达到）",
            Self::SocialRun => "社会渠道连续此季度数未达到即告警",
            Self::AutoExtension => "协议自动顺延的时间",
            Self::Observation => "一、二级风险事件整改完成后的考察期",
            Self::AgreementNotice => "协议调整的提前通知时间，不少于（含本数）",
            Self::ReportValidity => "安全检测报告自检测完成之日起的有效时间",
            Self::ReportReuse => "自有检测报告可复用的最长时间，到期日前（含本数）",
            Self::ReportReminderFirst | Self::ReportReminderSecond => self.of_reminders(),
            Self::ReportReminderLast => self.of_reminders(),
            Self::Rectification => "一、二级风险事件的整改期限",
            Self::RectificationDays | Self::RectificationLeast => self.of_rectifications(),
            Self::RectificationMost | Self::RectificationExtension => self.of_rectifications(),
            Self::ReportAlarm => "发现至报告超过此时间即告警（本平台设定，非法定时限）",
            Self::ExitNotice => "退出申请的提前时间，不少于（含本数）",
            Self::ExitTransition => "主动退出的过渡期",
            Self::ExitAnnouncement => "关闭接口前退出公告的发布时间，不少于（整日，含本数）",
            Self::ForcedTransition => "强制退出未另行设定时的过渡期（三级事件无过渡期）",
            Self::LevelTwoReport => "一级渠道报送二级渠道业务统计的周期",
            Self::LevelTwoReportDue => "二级渠道业务统计的报送期限，自月末起算",
            Self::TicketAnswer | Self::TicketUrgentAnswer | Self::TicketFollowUp => self.of_tickets(),
            Self::StaffLock | Self::TeamMost | Self::SignInNetworks | Self::SendingAhead => self.of_staff(),
            Self::MailInterval | Self::MailCodeTtl | Self::MailFailing | Self::ContactPast => self.of_mail(),
            Self::MailCodePause | Self::MailCodesDaily | Self::MailCodeErrors => self.of_mail(),
            Self::StatutoryHolidays => "全体公民放假的法定节假日天数，核对每年的放假安排",
            Self::AttachmentSize => "单个附件的大小上限（含）",
            Self::AttachmentCount => "一个办件的附件数量上限（含）",
        }
    }

    const fn of_durations(self) -> &'static str {
        match self {
            Self::DurationMinCases => "公布办理时长所需的最少件数",
            _ => "统计通常办理时长的回溯时间",
        }
    }

    const fn of_clocks(self) -> &'static str {
        match self {
            Self::ClockStep => "沙箱业务时间一次最多推进的时间（含）",
            _ => "沙箱业务时间最多超前真实时间的日数（含）",
        }
    }

    const fn of_registrations(self) -> &'static str {
        match self {
            Self::RegistrationMost => "同时待处理的单位注册上限（含）",
            Self::RegistrationWait => "单位注册未获处理的失效时间",
            _ => "已办结的单位注册的保留时间",
        }
    }

    const fn of_reminders(self) -> &'static str {
        match self {
            Self::ReportReminderFirst => "安全检测到期前的第一次提醒",
            Self::ReportReminderSecond => "安全检测到期前的第二次提醒",
            _ => "安全检测到期前的最后一次提醒",
        }
    }

    const fn of_mail(self) -> &'static str {
        match self {
            Self::MailInterval => "通知邮件的合并时间，每个账户在此时间内至多一封",
            Self::MailCodeTtl => "邮箱验证码的有效时间",
            Self::MailCodeErrors => "邮箱验证码作废前的错误次数（含）",
            Self::MailCodePause => "两次发送邮箱验证码的最短间隔",
            Self::ContactPast => "渠道联系人更换后，仍向原联系人发送重要变更告知的日数",
            Self::MailCodesDaily => "一个账户24小时内发送邮箱验证码的次数上限（含）",
            _ => "邮箱连续拒收多少日后不再发送",
        }
    }

    const fn of_staff(self) -> &'static str {
        match self {
            Self::StaffLock => "工作人员账户锁定时间",
            Self::TeamMost => "自行管理账户的单位启用账户数上限（含）",
            Self::SignInNetworks => "一个单位登录地址名单的网段数上限（含）",
            _ => "群发至多可提前安排的日数（含）",
        }
    }

    const fn of_rectifications(self) -> &'static str {
        match self {
            Self::RectificationLeast => "属地责令整改的最短期限（含）",
            Self::RectificationMost => "属地责令整改的最长期限（含）",
            Self::RectificationExtension => "属地责令整改可申请延长的最多日数（含），限一次",
            _ => "属地责令整改未另行设定时的期限",
        }
    }

    const fn of_tickets(self) -> &'static str {
        match self {
            Self::TicketUrgentAnswer => "舆情和恶意投诉类工单的答复期限",
            Self::TicketFollowUp => "工单答复后的追问期，届满自动关闭",
            _ => "工单答复期限",
        }
    }
}

impl Unit {
    /// The word for what a value counts.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Seconds => "秒",
            Self::Days => "日",
            Self::WorkingDays => "个工作日",
            Self::Months => "个月",
            Self::Quarters => "个季度",
            Self::Years => "年",
            Self::BasisPoints => "万分之一",
            Self::Count => "个",
            Self::Fen => "分",
            Self::Bytes => "字节",
        }
    }
}
