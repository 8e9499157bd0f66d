//! The application (入网申请): how a channel comes into the platform, and how its scope is changed later.
//!
//! The order is fixed (CH-9.0): the test filing is reviewed by the departments of its regions and by the ministry,
//! the operator allots number and test keys, the channel is tested, the formal filing is reviewed again, and only
//! when every review and the agreement stand do the production keys take over. A change of regions or services runs
//! the same way while the live service goes on (CH-15.1). A new contact is told, not asked for (CH-16.3).
//!
//! Invariants. A form with several channels is one matter for each (CH-F1.6), which go their own ways. A channel
//! goes live in one step and only by [`Action::Activate`]. Whoever confirmed films or report does not activate.
//! Not here: the agreement and the security report, which are matters of their own and are only asked for.

mod act;
pub mod class;
pub mod evidence;
pub mod form;
pub mod level_two;
pub mod routing;
#[cfg(test)]
mod tests;

pub(crate) use act::note_agreement;

use crate::division::DivisionCode;
use crate::id::MatterId;
use crate::matter::{By, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;
use evidence::{FormThree, Seen};
use form::{Commitment, Condition, Contact, Filed, Forms, Line};
use routing::{Round, Verdict};
use serde::{Deserialize, Serialize};

refusals! {
    /// Why an application is not filed, not passed on, or does not end in access.
    Refusal {
        /// Empty, or longer than 2000 characters.
        Text = "application.text" "请填写1至2000字" "1 to 2000 characters are required";
        /// Not a whole number.
        Number = "application.number" "须填写不超过12位的非负整数" "a whole number of at most twelve digits is required";
        /// Not a day, or one that is still to come.
        Day = "application.day" "须填写YYYY-MM-DD格式且不晚于今日的日期" "a day written YYYY-MM-DD and not after today is required";
        /// Not an e-mail address.
        Email = "application.email" ["CH-F1.4"] "邮箱格式不正确" "not an e-mail address";
        /// Not as the level-1 channel is called and numbered, or given where there is none.
        ParentFields = "application.parent_fields" ["CH-F1.5"] "一级渠道名称和编号：申请二级渠道时须与所选一级渠道一致，否则须留空"
            "name and number of the level-1 channel: as it is registered for a level-2 channel, empty otherwise";
        /// A number on first access.
        NumberBlank = "application.number_blank" ["CH-F1.9"] "首次入网无需填写渠道编号" "a channel has no number before its first access";
        /// No number, or another channel's, where there is one.
        NumberRequired = "application.number_required" ["CH-F1.9"] "须填写本渠道的渠道编号" "the channel's own number is required";
        /// Another form without a name.
        FormName = "application.form_name" ["CH-2.2"] "其他渠道形式须具体注明" "another form has to be named";
        /// Too many rows, or none where there is one at least.
        Rows = "application.rows" ["CH-F1.6"] "一张申请表最多填写20个渠道" "a form lists at most 20 channels";
        /// No key that verifies requests, or one that is not a point of the curve.
        Keys = "application.keys" "须提交至少一个验签公钥，公钥须为65字节未压缩SM2点的十六进制"
            "one caller key at least; a public key is an uncompressed SM2 point of 65 bytes in hexadecimal";
        /// A county.
        RegionLevel = "application.region_level" ["CH-F1.11"] "服务地域须为全国、省份或地市" "a region is the country, a province or a prefecture";
        /// Listed twice, or within another.
        RegionOverlap = "application.region_overlap" ["CH-F1.11"] "服务地域重复或相互包含" "the region is listed twice or lies within another";
        /// The whole country without a word on how it is served.
        Nationwide = "application.nationwide" ["CH-8.1c"] "申请全国范围的，须说明在全国提供统一服务的能力"
            "say how the channel serves uniformly nationwide";
        /// Not long enough in the region.
        RunningTime { years: i64 } = "application.running_time" ["CH-7.3"] "渠道在该地域运营须满{years}年"
            "the channel has to have been running in the region for {years} full year(s)";
        /// No users in the region.
        UserBase = "application.user_base" ["CH-7.3"] "渠道在该地域须有稳定的用户群体" "the channel needs a stable user base in the region";
        /// Too few users.
        Users { least: i64 } = "application.users" ["CH-7.4"] "社会渠道现有用户数不得低于{least}"
            "a channel of class 社会 needs at least {least} users";
        /// 附表2 is not complete.
        FormTwo = "application.form_two" ["CH-9.1b"] "社会渠道须完整填写附表2" "a channel of class 社会 completes form 2";
        /// The company is too young.
        CompanyAge { years: i64 } = "application.company_age" ["CH-F2.3"] "公司注册时间须在{years}年以上"
            "the company has to have been registered for {years} full year(s)";
        /// No promise.
        Commitment = "application.commitment" ["CH-F2.10"] "须承诺年度签发量或使用量，以及月活跃用户数"
            "promise issuances or uses a year, and monthly active users";
        /// The sealed form is missing.
        SealedForm = "application.sealed_form" ["CH-F1.2"] "请上传加盖公章的附表1扫描件" "attach the scan of form 1 with the official seal";
        /// 电子社保卡测试信息采集表 is missing.
        TestCollection = "application.test_collection" ["CH-F1.13"] "请上传《电子社保卡测试信息采集表》" "attach the collection table for the test";
        /// The licence is missing.
        Licence = "application.licence" ["CH-F2.1"] "请上传加盖公章的营业执照等证照" "attach the sealed business licence";
        /// The sketch is missing.
        EntrySketch = "application.entry_sketch" ["CH-F2.8"] "请上传拟接入入口位置示意图" "attach the sketch of the entry position";
        /// The innovation agreement is missing.
        InnovationAgreement = "application.innovation_agreement" ["CH-3.3"] "请上传与部里签署的创新应用服务合作协议"
            "attach the innovation agreement with the ministry";
        /// A further condition to which the owner has said nothing.
        FurtherCondition = "application.further_condition" ["CH-7.5"] "部信息中心增设的条件尚未说明"
            "a further condition of the ministry is not answered";
        /// A change that drops a standard service.
        StandardService = "application.standard_service" ["CH-8.4b"] "不得取消已开放的电子社保卡标准服务"
            "a standard service that the channel offers is not dropped";
        /// A change that asks for what there is.
        NothingChanged = "application.nothing_changed" ["CH-15.1"] "服务地域和应用范围均未变更" "neither regions nor services would change";
        /// A change that would make another class of the channel.
        OtherClass = "application.other_class" ["CH-15.1"] "变更申请不改变渠道类别" "a change does not alter the class";
        /// A change that would make another relation to level 1.
        OtherRelation = "application.other_relation" ["CH-15.1"] "变更申请不改变与一级渠道的关系" "a change does not alter the relation to level 1";
        /// A change of a channel that is not live.
        NotLive = "application.not_live" ["CH-15.1"] "渠道正式接入后方可申请变更" "only a live channel asks for a change";
        /// Somebody else than the owner of level 1.
        Initiator = "application.initiator" ["CH-11.2"] "二级渠道的接入须经由一级渠道发起" "only level 1 starts the access of its level 2";
        /// Level 1 is not live.
        ParentPhase = "application.parent_phase" ["CH-4.2"] "一级渠道须已正式接入" "the level-1 channel has to be live";
        /// Neither a brand nor a product in common.
        SameEntity = "application.same_entity" ["CH-10.1"] "同一主体须写明同一品牌或同一产品" "name the brand or the product that both are of";
        /// Level 1 may not have one of another entity.
        DifferentEntity = "application.different_entity" ["CH-10.2"] "仅具有平台级服务能力的全国签约渠道可申请不同主体的二级渠道"
            "only a nationally signed channel with platform-level capability may have one of another entity";
        /// Nothing is reused.
        Reuse = "application.reuse" ["CH-11.1a"] "二级渠道须复用一级渠道的部分基本服务能力" "level 2 reuses one capability of level 1 at least";
        /// The liveness detection is its own or a third party's.
        Liveness = "application.liveness" ["CH-11.1b"] "活体检测须复用一级渠道自建能力，或调用电子社保卡SDK、H5服务"
            "liveness detection is that of level 1, of the e-card SDK or of the e-card H5 service";
        /// The accounts are not shared.
        SharedAccounts = "application.shared_accounts" ["CH-12.1"] "同一主体的多端渠道须共用同一账户体系" "channels of the same entity share one account system";
        /// More than level 1 has.
        Wider = "application.wider" ["CH-12.2"] "同一主体二级渠道的服务地域、应用范围不得超出一级渠道" "level 2 of the same entity is not admitted for more than level 1";
        /// Services taken from level 1 by another entity.
        Copied = "application.copied" ["CH-13.2"] "不同主体的二级渠道不能直接复用一级渠道的服务地域、应用范围"
            "level 2 of another entity does not take its scope from level 1";
        /// A part of the statement is missing.
        Statement = "application.statement" ["CH-F1.14"] "二级渠道补充说明须包括基本情况、管理关系、能力关系、业务关系"
            "the statement has four parts: basics, management, capabilities, business";
        /// A recording is missing, or is not a film.
        Recording = "application.recording" ["CH-F3.4"] "须上传iOS、安卓录屏各1份" "one recording of iOS and one of Android are required";
        /// A step is not marked once, or was not seen.
        Steps = "application.steps" ["CH-F3.5"] "录屏须包含六个环节，每个环节标注一次" "each recording shows six steps, each marked once";
        /// No report.
        Report = "application.report" ["CH-28.3"] "须提交专业机构出具的安全检测报告" "a security report of a laboratory is required";
        /// No open task about this region.
        Region = "application.region" ["CH-5.2"] "该地域当前没有待本机构办理的审核" "no review of this region is open for this department";
        /// A condition in a first review.
        Conditional = "application.conditional" ["CH-9.3b"] "初审意见须为同意或不同意" "a first review is a yes or a no";
        /// Provinces have not answered.
        Consultation = "application.consultation" ["CH-8.1e"] "尚有省级人社部门未答复征求意见" "not every province has given its opinion";
        /// Regions that were not asked for or not agreed to.
        Decided = "application.decided" ["CH-8.1e"] "开通地域须在申请且初审同意的范围内" "only regions that were asked for and agreed to are opened";
        /// Platform-level capability of a channel that cannot have it.
        PlatformLevel = "application.platform_level" ["CH-10.2"] "仅全国签约的一级渠道可认定平台级服务能力"
            "only a nationally signed channel of level 1 has platform-level capability";
        /// The ministry has not passed it.
        AuditOpen = "application.audit_open" ["CH-9.3c"] "部信息中心尚未审核通过" "the ministry has not passed it";
        /// The films are not verified.
        RecordingsOpen = "application.recordings_open" ["CH-9.3d"] "录屏尚未验证通过" "the recordings are not verified";
        /// The report is not passed.
        ReportOpen = "application.report_open" ["CH-9.3d"] "安全检测报告尚未审核通过" "the security report is not passed";
        /// The agreement is not in force.
        AgreementOpen = "application.agreement_open" ["CH-9.3e"] "尚未签署合作协议" "the co-operation agreement is not signed";
    }
}

names! {
    /// What is applied for.
    Purpose {
        /// The first access of a channel.
        Access = "access",
        /// Other regions or personalised services (CH-15.1, CH-8.4c).
        Change = "change",
        /// Another contact, which is told and not asked for (CH-16.3).
        Contact = "contact",
    }
    /// Where an application stands.
    State {
        /// The owner fills it in, or corrects it.
        Draft = "draft",
        /// The departments of the regions review the test filing.
        LocalReview = "local_review",
        /// The ministry decides on the test filing, of the whole country after asking every province.
        MinistryReview = "ministry_review",
        /// The operator allots the number and takes the test keys.
        Allocation = "allocation",
        /// The channel is being adapted and tested (CH-9.1e).
        Testing = "testing",
        /// The test is passed; the owner fills in or corrects the formal filing.
        Preparing = "preparing",
        /// The departments of the regions review the formal filing.
        FirstReview = "first_review",
        /// Ministry and operator review it beside each other (R13).
        FinalReview = "final_review",
        /// It has access, or its change is in force.
        Live = "live",
        /// The contact is noted.
        Noted = "noted",
        /// Taken back by the owner.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The owner keeps the draft.
        Save = "save",
        /// The ministry waives a condition.
        Waive = "waive",
        /// The ministry sets a further condition.
        Require = "require",
        /// The owner says how it meets the first one that is open.
        Answer = "answer",
        /// The owner files for the test.
        File = "file",
        /// A department agrees to a region.
        Approve = "approve",
        /// A department refuses a region.
        Refuse = "refuse",
        /// A reviewer sends all of it back to be corrected.
        Return = "return",
        /// A province answers the ministry.
        Reply = "reply",
        /// The ministry decides on the test filing.
        Decide = "decide",
        /// The operator allots number and test keys.
        Allocate = "allocate",
        /// The operator passes the test.
        Verify = "verify",
        /// The owner keeps the draft of the formal filing.
        SaveFormal = "save_formal",
        /// The owner files it.
        FileFormal = "file_formal",
        /// The ministry passes it.
        Audit = "audit",
        /// The operator has verified the recordings.
        ConfirmRecordings = "confirm_recordings",
        /// The operator has passed the security report.
        ConfirmReport = "confirm_report",
        /// The agreement has come into force.
        NoteAgreement = "note_agreement",
        /// The operator lets it in.
        Activate = "activate",
        /// The owner takes it back.
        Withdraw = "withdraw",
    }
}

/// An application for one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationBody))]
pub struct Application {
    state: State,
    purpose: Purpose,
    /// The matter of the form's first row: what the rows of one form have in common (CH-F1.6).
    form: MatterId,
    /// The row, from 1.
    row: usize,
    opened_by: By,
    forms: Forms,
    waived: Vec<Waiver>,
    demands: Vec<Demand>,
    filed: Option<Filed>,
    test: Round,
    consultation: Round,
    decision: Option<Check>,
    /// What is left of the regions asked for, after each review.
    regions: Vec<DivisionCode>,
    is_platform_level: bool,
    formal: FormThree,
    first: Round,
    audit: Option<Check>,
    recordings: Option<Check>,
    report: Option<Check>,
    returned: Option<Return>,
}

/// A condition that the ministry has waived (CH-7.5, R21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationWaiver))]
pub struct Waiver {
    /// Which.
    pub condition: Condition,
    /// Why.
    pub words: String,
    /// By whom.
    pub by: By,
}

/// A further condition that the ministry has set for this application (CH-7.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationDemand))]
pub struct Demand {
    /// The condition.
    pub condition: Check,
    /// How the owner meets it.
    pub answer: Option<Check>,
}

/// A result of a review by the ministry or the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationCheck))]
pub struct Check {
    /// In words.
    pub words: String,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Why it was sent back last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationReturn))]
pub struct Return {
    /// In words.
    pub words: String,
    /// The fields to be corrected.
    pub comments: Vec<Comment>,
    /// By whom.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationComment))]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// JSON pointer into the forms.
    pub pointer: String,
    /// What is wrong.
    pub words: String,
}

/// What opens an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    purpose: Purpose,
    #[serde(default)]
    forms: Forms,
    /// The further rows of the form, each of which becomes an application of its own.
    #[serde(default)]
    further: Vec<Line>,
    /// Set by the platform when it opens those.
    #[serde(default)]
    shared: Option<Shared>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationShared))]
#[serde(deny_unknown_fields)]
struct Shared {
    form: MatterId,
    row: usize,
    by: By,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the action of the same name; its fields are those of the forms")]
pub enum Input {
    Save {
        forms: Box<Forms>,
    },
    Waive {
        condition: Condition,
        words: String,
    },
    Require {
        words: String,
    },
    Answer {
        words: String,
    },
    File {},
    Approve {
        region: DivisionCode,
        words: String,
        contact: String,
        phone: String,
    },
    Refuse {
        region: DivisionCode,
        words: String,
        contact: String,
        phone: String,
    },
    Return {
        words: String,
        #[serde(default)]
        comments: Vec<Comment>,
    },
    Reply {
        verdict: Verdict,
        words: String,
        contact: String,
        phone: String,
    },
    Decide {
        regions: Vec<DivisionCode>,
        words: String,
        #[serde(default)]
        is_platform_level: bool,
    },
    Allocate {
        words: String,
        #[serde(default)]
        commitment: Option<Commitment>,
    },
    Verify {
        words: String,
    },
    SaveFormal {
        form: Box<FormThree>,
    },
    FileFormal {},
    Audit {
        words: String,
    },
    ConfirmRecordings {
        words: String,
        seen: Vec<Seen>,
    },
    ConfirmReport {
        words: String,
    },
    NoteAgreement {},
    Activate {
        words: String,
    },
    Withdraw {
        words: String,
    },
}

impl Matter for Application {
    const KIND: Kind = Kind::Application;
    /// The platform opens one for each further row of a form.
    const OPENED_BY: &'static [Party] = &[Party::Owner, Party::Platform];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        act::open(&opening, scene)
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        use Action as A;
        use State as S;
        match (state, action) {
            (S::Draft, A::Save | A::Waive | A::Require | A::Answer) => &[S::Draft],
            (S::Draft, A::File) => &[S::LocalReview, S::MinistryReview],
            (S::LocalReview, A::Approve) => &[S::LocalReview, S::MinistryReview],
            (S::LocalReview, A::Refuse) => &[S::LocalReview, S::MinistryReview, S::Draft],
            (S::LocalReview | S::MinistryReview, A::Return) => &[S::Draft],
            (S::MinistryReview, A::Reply) => &[S::MinistryReview],
            (S::MinistryReview, A::Decide) => &[S::Allocation, S::Testing],
            (S::Allocation, A::Allocate) => &[S::Testing],
            (S::Testing, A::Verify) => &[S::Preparing],
            (S::Preparing, A::SaveFormal) => &[S::Preparing],
            (S::Preparing, A::FileFormal) => &[S::FirstReview, S::FinalReview],
            (S::FirstReview, A::Approve) => &[S::FirstReview, S::FinalReview],
            (S::FirstReview, A::Refuse) => &[S::FirstReview, S::FinalReview, S::Preparing],
            (S::FirstReview | S::FinalReview, A::Return) => &[S::Preparing],
            (S::FinalReview, A::Audit | A::ConfirmRecordings | A::ConfirmReport | A::NoteAgreement) => {
                &[S::FinalReview]
            }
            (S::FinalReview, A::Activate) => &[S::Live],
            (S::Live | S::Noted | S::Withdrawn, _) => &[],
            (_, A::Withdraw) => &[S::Withdrawn],
            (
                S::Draft
                | S::LocalReview
                | S::MinistryReview
                | S::Allocation
                | S::Testing
                | S::Preparing
                | S::FirstReview
                | S::FinalReview,
                _,
            ) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        const WORDS: &[Need] = &[Need::Words];
        const FORM: &[Need] = &[Need::Form];
        const OPINION: &[Need] = &[Need::Words, Need::Form, Need::SecondPerson];
        const KEYS: &[Need] = &[Need::Words, Need::StepUp, Need::SecondPerson];
        const OWNER: &[Party] = &[Party::Owner];
        const LOCAL: &[Party] = &[Party::Prefecture, Party::Province];
        const REVIEWERS: &[Party] = &[Party::Prefecture, Party::Province, Party::Ministry, Party::Operator];
        const MINISTRY: &[Party] = &[Party::Ministry];
        const OPERATOR: &[Party] = &[Party::Operator];
        let (by, zh, en, clause, needs) = match action {
            Action::Save => (OWNER, "保存", "Save", "CH-9.1a", FORM),
            Action::Waive => {
                (MINISTRY, "豁免条件", "Waive a condition", "CH-7.5", &[Need::Words, Need::Form][..])
            }
            Action::Require => (MINISTRY, "增设条件", "Set a further condition", "CH-7.5", WORDS),
            Action::Answer => (OWNER, "说明符合增设的条件", "Answer a further condition", "CH-7.5", WORDS),
            Action::File => (OWNER, "提交测试入网申请", "File for the test", "CH-9.1a", &[Need::Files][..]),
            Action::Approve => (LOCAL, "同意", "Agree", "CH-9.3b", OPINION),
            Action::Refuse => (LOCAL, "不同意", "Refuse", "CH-9.3b", OPINION),
            Action::Return => (REVIEWERS, "退回补正", "Return for correction", "CH-9.0", WORDS),
            Action::Reply => (&[Party::Province][..], "答复征求意见", "Give an opinion", "CH-8.1e", OPINION),
            Action::Decide => (MINISTRY, "审核通过", "Decide", "CH-9.1c", &[Need::Words, Need::Form][..]),
            Action::Allocate => (
                OPERATOR,
                "分配渠道编号和测试密钥",
                "Allot number and test keys",
                "CH-9.1d",
                &[Need::Words, Need::StepUp][..],
            ),
            Action::Verify => (OPERATOR, "测试验证通过", "Pass the test", "CH-9.3a", WORDS),
            Action::SaveFormal => (OWNER, "保存", "Save", "CH-9.3a", FORM),
            Action::FileFormal => {
                (OWNER, "提交正式入网申请", "File for formal access", "CH-9.3a", &[Need::Files][..])
            }
            Action::Audit => (MINISTRY, "审核通过", "Pass", "CH-9.3c", WORDS),
            Action::ConfirmRecordings => (
                OPERATOR,
                "录屏验证通过",
                "Confirm the recordings",
                "CH-9.3d",
                &[Need::Words, Need::Form][..],
            ),
            Action::ConfirmReport => {
                (OPERATOR, "安全检测报告审核通过", "Pass the security report", "CH-9.3d", WORDS)
            }
            Action::NoteAgreement => {
                (&[Party::Platform][..], "协议已生效", "Note the agreement", "CH-9.3e", &[][..])
            }
            Action::Activate => (OPERATOR, "分配生产密钥并正式接入", "Activate", "CH-9.3f", KEYS),
            Action::Withdraw => (OWNER, "撤回申请", "Withdraw", "CH-9.0", WORDS),
        };
        Rule { by, zh, en, clause, needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Save { .. } => Action::Save,
            Input::Waive { .. } => Action::Waive,
            Input::Require { .. } => Action::Require,
            Input::Answer { .. } => Action::Answer,
            Input::File {} => Action::File,
            Input::Approve { .. } => Action::Approve,
            Input::Refuse { .. } => Action::Refuse,
            Input::Return { .. } => Action::Return,
            Input::Reply { .. } => Action::Reply,
            Input::Decide { .. } => Action::Decide,
            Input::Allocate { .. } => Action::Allocate,
            Input::Verify { .. } => Action::Verify,
            Input::SaveFormal { .. } => Action::SaveFormal,
            Input::FileFormal {} => Action::FileFormal,
            Input::Audit { .. } => Action::Audit,
            Input::ConfirmRecordings { .. } => Action::ConfirmRecordings,
            Input::ConfirmReport { .. } => Action::ConfirmReport,
            Input::NoteAgreement {} => Action::NoteAgreement,
            Input::Activate { .. } => Action::Activate,
            Input::Withdraw { .. } => Action::Withdraw,
        }
    }

    fn admits(&self, action: Action, by: &By) -> Result<(), Refused> {
        self.may(action, by)
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        self.step(input, scene)
    }

    fn waits(&self, scene: &Scene<'_>) -> Vec<Wait> {
        self.waiting(scene)
    }

    fn title(&self) -> String {
        let name: String = self.forms.channel.name.chars().take(60).collect();
        if name.trim().is_empty() { "入网申请".to_owned() } else { name }
    }

    fn regions(&self) -> Vec<DivisionCode> {
        self.filed.as_ref().map(|filed| filed.regions.clone()).unwrap_or_default()
    }
}

impl Application {
    /// Whom to ask about the channel: as it was said last (CH-16.1, CH-16.3).
    pub fn contact(&self) -> &Contact {
        if self.formal.contact == Contact::default() { &self.forms.one.contact } else { &self.formal.contact }
    }

    /// What was filed, once it was and held.
    pub const fn filed(&self) -> Option<&Filed> {
        self.filed.as_ref()
    }
}
