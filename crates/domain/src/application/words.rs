//! The words of an application: why it is refused, what it is for, where it stands, what is done to it.

use crate::name::names;
use crate::refusal::refusals;

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
        /// The filled form of a personalised service is missing, or is no document of this application.
        ServiceForm = "application.service_form" ["CH-F1.12"] "该个性化服务有专用申请表：请下载空白表，填写后上传"
            "the service has a form of its own: attach it filled in, as a document of this application";
        /// A filled form of a service that is not asked for.
        ServiceFormUnasked = "application.service_form_unasked" ["CH-F1.12"] "本次未申请该个性化服务，请移除其申请表"
            "the service is not asked for: take its form out";
        /// A further condition to which the owner has said nothing.
        FurtherCondition = "application.further_condition" ["CH-7.5"] "部信息中心增设的条件尚未说明"
            "a further condition of the ministry is not answered";
        /// A change that drops a standard service.
        StandardService = "application.standard_service" ["CH-8.4b"] "不得取消已开放的电子社保卡标准服务"
            "a standard service that the channel offers is not dropped";
        /// A change that asks for what there is.
        NothingChanged = "application.nothing_changed" ["CH-15.1"] "服务地域和应用范围均未变更" "neither regions nor services would change";
        /// A change that would make another class of the channel.
        OtherClass = "application.other_class" ["CH-15.1"] "渠道类别随所属单位确定，变更申请只变更服务地域和个性化服务；单位性质已改变的，请以新渠道重新申请入网（分配新的渠道编号），原渠道办理退出"
            "the class follows the owner, and a change is of regions and personalised services only; an owner that has become something else applies for a new access, with a new channel number, and lets this channel exit";
        /// A change of an owner that has signed with the ministry since.
        NewlySigned = "application.newly_signed" ["CH-3.3"] "与部里签署创新应用服务合作协议后所办渠道为全国签约渠道：变更申请不改变渠道类别，请按原类别填写；需要转为全国签约渠道的，请以新渠道重新申请入网（分配新的渠道编号），原渠道办理退出"
            "who has signed with the ministry has nationally signed channels: a change does not alter the class, fill in the one of the access; whoever wants the other class applies for a new access, with a new channel number, and lets this channel exit";
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
        Consultation = "application.consultation" ["CH-8.1e"] "尚有省级人社部门未答复征求意见，且答复期限未满"
            "not every province has given its opinion, and there is still time to";
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
        /// The last day of the consultation is over and not all have answered.
        NoteSilence = "note_silence",
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
