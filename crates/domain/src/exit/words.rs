//! The words of an exit: its grounds, where it stands, what is deleted, why something is refused.

use crate::name::names;
use crate::refusal::refusals;
use crate::time::BusinessDate;

refusals! {
    /// Why an exit is not opened or does not go on.
    Refusal {
        /// Neither voluntary nor forced, or both.
        Way = "exit.way" "须且只能填写主动退出或强制退出之一" "an exit is either voluntary or forced";
        /// Not by this party.
        WayOfParty = "exit.way_of_party" ["CH-35.0"] "主动退出由渠道所属单位提出，强制退出由平台运营机构提出"
            "an owner leaves, the operator forces out";
        /// The owner of level 2 alone.
        LevelTwo = "exit.level_two" ["CH-11.2"] "二级渠道的退出须经由一级渠道发起"
            "the exit of a level-2 channel is started by its level-1 channel";
        /// Not in service.
        Phase = "exit.phase" ["CH-32.2"] "渠道当前不在服务中" "the channel is not in service";
        /// Too soon.
        Notice { earliest: BusinessDate } = "exit.notice" ["CH-32.2"] "退出须提前两个月申请，最早可计划于{earliest}关闭"
            "an exit is filed two months ahead: the earliest day to close is {earliest}";
        /// Inside the term, without a reason that is special.
        SpecialReason = "exit.special_reason" ["CH-32.1"] "协议有效期内退出须说明特殊原因"
            "inside the term of the agreement an exit needs a special reason";
        /// The day for the opinions is not in the future.
        ReplyDay = "exit.reply_day" ["CH-33.1"] "征求意见期限须晚于今日" "the day for the opinions lies after today";
        /// Not a province of its regions, or answered.
        NotAsked = "exit.not_asked" ["CH-33.1"] "未向本省征求意见，或已反馈意见" "this province was not asked or has answered";
        /// Some provinces may still answer.
        Consulting = "exit.consulting" ["CH-33.1"] "征求意见尚未结束" "the consultation is not over yet";
        /// The transition ends before it begins.
        TransitionDay = "exit.transition_day" ["R19"] "过渡期不得早于今日结束" "the transition cannot end before today";
        /// Grade 3 has none.
        NoTransition = "exit.no_transition" ["R19"] "三级安全风险事件不设过渡期" "after grade 3 there is no transition";
        /// The ground has to be proven.
        Evidence = "exit.evidence" ["CH-35.0"] "须指明证明该情形的办件，且该情形须成立"
            "name the matter that proves the ground, and the ground has to stand";
        /// Not a link.
        Link = "exit.link" ["CH-34.3"] "公告链接须以https://开头" "the address of the announcement begins with https://";
        /// Not within the transition, or in the future.
        AnnouncementDay = "exit.announcement_day" ["CH-34.3"] "公告开始日期须在过渡期内且不晚于今日"
            "the announcement begins in the transition and not after today";
        /// Shorter than it has to be.
        AnnouncementLength { earliest: BusinessDate } = "exit.announcement_length" ["CH-34.3"]
            "公告须持续至少15日，最早于{earliest}结束" "the announcement runs 15 days: it ends on {earliest} at the earliest";
        /// Nothing has been announced.
        NotAnnounced = "exit.not_announced" ["CH-34.3"] "尚未发布退出公告，不得关闭" "without an announcement nothing is closed";
        /// The interfaces stay open for a while.
        Early { last_day: BusinessDate } = "exit.early" ["CH-33.3"] "过渡期未满，服务持续至{last_day}"
            "the transition is not over: service goes on until {last_day}";
        /// No proof of the prompt.
        Files = "exit.files" ["CH-34.1"] "须上传提示推送的证明材料" "upload the proof that holders were prompted";
        /// No channel to move to, or the one that leaves.
        Successors = "exit.successors" ["CH-34.2"] "提示须引导用户到其他渠道，填写至少一个其他渠道的编号"
            "the prompt guides holders to another channel: give the number of one at least";
        /// A channel that cannot take them.
        Successor = "exit.successor" ["CH-34.2"] "该渠道目前不能承接本渠道的用户，请从可承接的渠道中选择"
            "this channel cannot take the holders now: choose among those that can";
        /// Outside the transition.
        PromptDay = "exit.prompt_day" ["CH-34.1"] "提示日期须在过渡期内且不晚于今日"
            "holders are prompted in the transition and not after today";
        /// Not a certificate in the form wanted.
        Document = "exit.document" ["CH-36.1"] "删除证明须为规定格式的JSON文本" "the certificate is a JSON text of the form described";
        /// About another channel or another exit.
        OtherExit = "exit.other_exit" ["CH-36.1"] "删除证明所载渠道编号或退出办件不符"
            "the certificate is about another channel or another exit";
        /// Before the end of service, or in the future.
        DeletedOn = "exit.deleted_on" ["CH-36.1"] "删除日期须在服务关闭之后且不晚于今日"
            "data is deleted after the end of service and not after today";
        /// Something is left.
        Incomplete = "exit.incomplete" ["CH-36.1"] "须全部删除，不得保留：删除证明未列全数据类别"
            "all raw data is deleted: the certificate leaves out a category";
        /// Not this key's signature.
        Signature = "exit.signature" ["CH-36.1"] "删除证明的签名验证未通过" "the signature of the certificate does not verify";
    }
}

names! {
    /// Why a channel is forced out (CH-35).
    Ground {
        /// 出现三级安全风险事件.
        GradeThree = "grade_three",
        /// 未在规定期限内完成协议签署或续签.
        Agreement = "agreement",
        /// 未在规定期限内提交符合要求的安全检测报告.
        SecurityReport = "security_report",
        /// 未达到监测要求且未按告警要求改进.
        Monitoring = "monitoring",
        /// 对社会保障卡相关声誉造成严重损害.
        Reputation = "reputation",
    }
    /// What a province answers.
    Stance {
        /// Agrees.
        Agree = "agree",
        /// Agrees if something is done.
        Conditional = "conditional",
        /// Does not.
        Disagree = "disagree",
    }
    /// Raw data that came from the co-operation (CH-36.1).
    Category {
        /// Names, documents, numbers.
        Identity = "identity",
        /// Phones and addresses.
        Contact = "contact",
        /// Faces and other biometric data.
        Biometric = "biometric",
        /// Bindings, sign numbers, tokens, keys.
        Credential = "credential",
        /// What holders did.
        Usage = "usage",
        /// Copies of all of these.
        Backup = "backup",
    }
    /// Where it stands.
    State {
        /// The owner wants to leave.
        Filed = "filed",
        /// The provinces are asked (CH-33.1).
        Consulting = "consulting",
        /// The ministry agrees; waits for the operator's notice.
        Approved = "approved",
        /// The ministry does not agree.
        Refused = "refused",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// The operator wants to force it out; waits for a second person.
        Proposed = "proposed",
        /// The second person does not agree.
        Rejected = "rejected",
        /// In the transition (CH-33.2).
        Transition = "transition",
        /// Closed; all raw data is to be deleted (CH-36.1).
        Deleting = "deleting",
        /// The certificate waits for the operator.
        Certified = "certified",
        /// Over.
        Closed = "closed",
    }
    /// What is done to it.
    Action {
        /// The ministry asks the provinces.
        Consult = "consult",
        /// A province answers.
        Reply = "reply",
        /// The ministry agrees.
        Approve = "approve",
        /// The ministry does not.
        Refuse = "refuse",
        /// The owner stays.
        Withdraw = "withdraw",
        /// The operator notifies the channel; the transition begins.
        Notify = "notify",
        /// A second person agrees to force it out.
        Confirm = "confirm",
        /// A second person does not.
        Reject = "reject",
        /// The owner proves that holders were prompted.
        Prompt = "prompt",
        /// The owner says where the exit is announced.
        Announce = "announce",
        /// Interfaces and portal close.
        Close = "close",
        /// Ended at once by a risk event of grade 3.
        Terminate = "terminate",
        /// The owner certifies that all is deleted.
        Certify = "certify",
        /// The operator accepts the certificate.
        Accept = "accept",
        /// The operator does not.
        Return = "return",
    }
}

impl Ground {
    /// Its clause.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::GradeThree => "CH-35.1",
            Self::Agreement => "CH-35.2",
            Self::SecurityReport => "CH-35.3",
            Self::Monitoring => "CH-35.4",
            Self::Reputation => "CH-35.5",
        }
    }

    /// Its Chinese name.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::GradeThree => "出现三级安全风险事件",
            Self::Agreement => "未在规定期限内完成协议签署或续签",
            Self::SecurityReport => "未在规定期限内提交符合要求的安全检测报告",
            Self::Monitoring => "未达到监测要求且未按告警要求改进",
            Self::Reputation => "对社会保障卡相关声誉造成严重损害",
        }
    }
}
