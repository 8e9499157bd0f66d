//! The words of a security report: why a channel is tested, what is found, where a report stands, why it is refused.

use crate::name::names;
use crate::refusal::refusals;

refusals! {
    /// Why a report is not filed or not accepted.
    Refusal {
        /// Another specification.
        Specification = "security_report.specification" ["CH-28.1"]
            "检测依据须为《电子社会保障卡服务渠道接入安全技术规范》"
            "the report must name 电子社会保障卡服务渠道接入安全技术规范 as its specification";
        /// A test that is still to come.
        Future = "security_report.future" ["CH-28.4a"] "检测完成日期不得晚于今日" "the test cannot lie in the future";
        /// The report held until a day that is past.
        Expired = "security_report.expired" ["CH-28.4a"] "该检测已满有效期，须重新检测"
            "the test is too old to be filed: test again";
        /// A test of what the channel was before its upgrade.
        BeforeUpgrade = "security_report.before_upgrade" ["CH-28.4b"] "重大升级后须重新检测，检测完成日期不得早于升级完成日"
            "after a major upgrade the channel is tested again: the test cannot lie before it";
        /// A later test has been accepted, or has failed.
        Older = "security_report.older" ["CH-28.4a"] "检测日期早于已提交的检测" "an earlier test has been superseded by a later one";
        /// Not in the same year (R16).
        ReuseYear = "security_report.reuse_year" ["CH-28.5"] "仅同一年度内的检测报告可以复用"
            "only a report of the same year may be used again";
        /// The scope does not name the specification.
        ReuseScope = "security_report.reuse_scope" ["CH-28.5"]
            "复用的检测报告，其检测范围须载明《电子社会保障卡服务渠道接入安全技术规范》"
            "the scope of a report that is used again must name the specification";
        /// No such file has arrived.
        File = "security_report.file" ["CH-28.3"] "须上传检测报告文件" "upload the file of the report first";
        /// The same file again.
        SameFile = "security_report.same_file" ["CH-28.6a"] "复测须提交新的检测报告" "a retest has a report of its own";
        /// No CNAS accreditation.
        Cnas = "security_report.cnas_missing" ["CH-29.1"] "缺少检验机构认可证书（CNAS）"
            "the laboratory's CNAS accreditation is missing";
        /// No CMA.
        Cma = "security_report.cma_missing" ["CH-29.2"] "缺少检验检测机构资质认定证书（CMA）"
            "the laboratory's CMA certificate is missing";
        /// No risk assessment level 1.
        RiskAssessment = "security_report.risk_assessment_missing" ["CH-29.3"]
            "缺少信息安全服务资质认证证书（风险评估一级）"
            "the laboratory's risk-assessment level-1 certificate is missing";
        /// No cryptography assessment.
        Cryptography = "security_report.cryptography_missing" ["CH-29.4"] "缺少商用密码应用安全性评估资质"
            "the laboratory's commercial-cryptography qualification is missing";
        /// Not valid on the day of the test.
        QualificationExpired = "security_report.qualification_expired" ["CH-29.0"] "该资质在检测当日不在有效期内"
            "the qualification was not valid on the day of the test";
        /// The laboratory found a danger.
        Failed = "security_report.failed" ["CH-28.6a"] "检测结论为不通过，不能审核通过" "a report that found a danger is not accepted";
        /// Something that no rule can know was not confirmed.
        Unconfirmed = "security_report.unconfirmed" ["CH-9.3d"] "尚有审核事项未确认"
            "something that is to be confirmed has not been";
        /// The day by which a test is ordered is not in the future.
        DueDay = "security_report.due_day" ["CH-28.2b"] "提交期限须晚于今日" "the day by which to report lies after today";
        /// An owner does not order tests; whoever orders says why and until when.
        Order = "security_report.order" ["CH-28.2b"] "平台运营机构发起检测须填写期限和理由，渠道所属单位不填写"
            "the operator orders a test with a day and a reason; an owner gives neither";
    }
}

names! {
    /// Why a channel is tested.
    Occasion {
        /// Before formal access (CH-28.3).
        First = "first",
        /// A year after the last test (CH-28.4a).
        Annual = "annual",
        /// After a major upgrade or change of security policy (CH-28.4b).
        Upgrade = "upgrade",
        /// After rectification.
        Retest = "retest",
        /// The operator wants it (CH-28.2b).
        Spot = "spot",
    }
    /// What a laboratory found.
    Outcome {
        /// No danger.
        Passed = "passed",
        /// A danger.
        Failed = "failed",
    }
    /// What a laboratory must hold, all at once (CH-29).
    QualificationKind {
        /// 检验机构认可证书, CNAS.
        Cnas = "cnas",
        /// 检验检测机构资质认定证书, CMA.
        Cma = "cma",
        /// 信息安全服务资质认证证书（风险评估一级）.
        RiskAssessment = "risk_assessment",
        /// 商用密码应用安全性评估资质.
        Cryptography = "cryptography",
    }
    /// What a report is looked through for.
    Item {
        /// 检验机构认可证书, CNAS (CH-29.1).
        Cnas = "cnas",
        /// 检验检测机构资质认定证书, CMA (CH-29.2).
        Cma = "cma",
        /// 信息安全服务资质认证证书（风险评估一级） (CH-29.3).
        RiskAssessment = "risk_assessment",
        /// 商用密码应用安全性评估资质 (CH-29.4).
        Cryptography = "cryptography",
        /// The specification that was tested against (CH-28.1).
        Specification = "specification",
        /// The day of the test (CH-28.4a, CH-28.5).
        TestedOn = "tested_on",
        /// What was tested (CH-28.5).
        Scope = "scope",
        /// That the file says what was filled in (CH-28.3).
        Document = "document",
        /// What was rectified (CH-28.6a).
        Retest = "retest",
    }
    /// Where it stands.
    State {
        /// The owner gathers report and file.
        Draft = "draft",
        /// The operator ordered a test.
        Ordered = "ordered",
        /// Waits for the operator.
        Filed = "filed",
        /// Incomplete.
        Returned = "returned",
        /// A danger was found; the owner rectifies.
        Rectifying = "rectifying",
        /// The retest waits for the operator.
        Retested = "retested",
        /// The retest still found a danger: everything is withheld (CH-28.6a).
        Dangerous = "dangerous",
        /// Holds.
        Accepted = "accepted",
        /// A year has passed.
        Overdue = "overdue",
        /// Followed by a newer one, or its channel is gone.
        Retired = "retired",
        /// Taken back before anything was decided.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The owner files a report, the first or a retest.
        Submit = "submit",
        /// The operator finds it good.
        Accept = "accept",
        /// The operator wants it completed.
        Return = "return",
        /// The operator finds a danger.
        Fail = "fail",
        /// The platform reminds the owner.
        Remind = "remind",
        /// The platform records that nothing was filed in time.
        Lapse = "lapse",
        /// The platform sets it aside.
        Retire = "retire",
        /// Taken back by whoever opened it.
        Withdraw = "withdraw",
    }
}
