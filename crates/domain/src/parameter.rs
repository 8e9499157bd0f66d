//! Every number of the rules, by name: its unit, its clause, and the day it is in force from.
//!
//! Invariant: rules take their numbers from here and none is a literal elsewhere, so that the ministry may change
//! one without a new build (CH-37.1). A change is a new version with a later day, proposed by one person and approved
//! by another; the old one still says what was in force then. Numbers whose clause is absent are choices of this
//! project and are marked so.
//!
//! How a number is compared stands in the doc of its name, by reading R0: a least or a most includes the number itself,
//! less and more do not. Not here: what the documents count but no rule could take in another number (two levels, six
//! classes, the systems and steps of a recording, three levels of keys); those are types.

mod shift;
mod standard;
mod words;

use standard::ALWAYS;
pub use standard::standard;

use crate::id::StaffId;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::BusinessDate;

refusals! {
    /// Why a new value is not taken.
    Refusal {
        /// Outside what the rule can work with.
        Range { least: i64, most: i64 } = "parameter.range" ["CH-37.1"]
            "参数取值应在{least}至{most}之间" "the value must lie between {least} and {most}";
        /// Not later than the version it follows.
        Order = "parameter.order" ["CH-37.1"] "新版本的生效日期须晚于上一版本"
            "a new version must begin after the one before it";
        /// So soon that somebody may have acted on the version before it.
        Early { earliest: BusinessDate } = "parameter.early" ["CH-37.1"] "新版本最早可自{earliest}起生效"
            "the earliest day a new version may begin is {earliest}";
        /// Another proposal for the same parameter waits for a decision.
        Pending = "parameter.pending" "该参数已有待审核的变更" "a change of this parameter waits for its review";
        /// Approved or rejected already.
        Decided = "parameter.decided" "该变更已审核" "this change has been decided";
        /// The proposer may not approve.
        OwnProposal = "parameter.own_proposal" "提出变更的人不得自行批准"
            "whoever proposed a change may not approve it";
        /// No figure is measured by it, so there is nothing to try it on.
        NoTrial = "parameter.no_trial" "该参数不用于考核，不能试算" "no figure is measured by this parameter";
    }
}

names! {
    /// What a value counts.
    Unit {
        /// Seconds.
        Seconds = "seconds",
        /// Natural days.
        Days = "days",
        /// Working days.
        WorkingDays = "working_days",
        /// Months by reading R0: to the same day number, or the month's last day.
        Months = "months",
        /// Quarters of the calendar.
        Quarters = "quarters",
        /// Years, as twelve months.
        Years = "years",
        /// Hundredths of a percent.
        BasisPoints = "basis_points",
        /// Pieces.
        Count = "count",
        /// 分.
        Fen = "fen",
        /// Bytes.
        Bytes = "bytes",
    }
    /// The name of a parameter.
    Name {
        /// How long a shown code may be scanned.
        CodeTtl = "code.ttl_seconds",
        /// Wrong passwords until the lock.
        PasswordErrors = "password.max_errors",
        /// The time in which they are counted.
        PasswordWindow = "password.window_seconds",
        /// How long the lock lasts.
        PasswordLock = "password.lock_seconds",
        /// How long a verified code may be turned into a payment.
        PaymentHandleTtl = "payment.handle_ttl_seconds",
        /// How long a payment may stay undecided before it is inquired.
        PaymentPendingTtl = "payment.pending_ttl_seconds",
        /// Most of one payment without a grant.
        PaymentPerUse = "payment.limit_per_use_fen",
        /// Most of one holder's payments in a business day without a grant.
        PaymentPerDay = "payment.limit_per_day_fen",
        /// How long after a payment it may be refunded.
        RefundWindow = "refund.window_days",
        /// Most of one top-up.
        TopupPerUse = "topup.limit_per_use_fen",
        /// How far the clearing account of one shard may be overdrawn.
        ClearingLimit = "ledger.clearing_limit_fen",
        /// How far the time of a signed request may lie from ours.
        SignatureWindow = "signature.window_seconds",
        /// How long a caller's session lives.
        SessionTtl = "session.ttl_seconds",
        /// How long a holder's session lives.
        HolderSessionTtl = "holder_session.ttl_seconds",
        /// How long a staff session lives.
        StaffSessionTtl = "staff_session.ttl_seconds",
        /// How long a staff session may lie unused.
        StaffIdle = "staff_session.idle_seconds",
        /// How long a confirmed second factor admits to sensitive operations.
        StepUpTtl = "staff_session.step_up_seconds",
        /// Wrong staff passwords and codes until the lock.
        StaffErrors = "staff.max_errors",
        /// How long a staff lock lasts.
        StaffLock = "staff.lock_seconds",
        /// Most enabled accounts of an organisation that opens its own.
        TeamMost = "team.max_accounts",
        /// Most networks from which the accounts of an organisation are used.
        SignInNetworks = "sign_in_rule.max_networks",
        /// How long messages are gathered for one mail.
        MailInterval = "mail.interval_seconds",
        /// How long a code that was mailed confirms an address.
        MailCodeTtl = "mail.code_ttl_seconds",
        /// Wrong codes until it is void.
        MailCodeErrors = "mail.code_max_errors",
        /// How long after a code the next one is mailed.
        MailCodePause = "mail.code_pause_seconds",
        /// Most codes that an account has mailed in a day.
        MailCodesDaily = "mail.codes_per_day",
        /// After so many days in which no mail was taken, none goes there any more.
        MailFailing = "mail.failing_days",
        /// For so many days whoever was a contact of a channel before is written to about it.
        ContactPast = "contact.former_days",
        /// Most days of one delegation, the first and the last included.
        DelegationMost = "delegation.max_days",
        /// How far ahead a sending may be planned.
        SendingAhead = "sending.ahead_days",
        /// How long an answer is kept under its idempotency key.
        IdempotencyTtl = "idempotency.ttl_seconds",
        /// How long both keys of a caller work after a rotation.
        KeyOverlap = "key.overlap_seconds",
        /// Longest life of a standing grant.
        GrantMaxDays = "grant.max_days",
        /// How long a use is kept.
        UseRetention = "use.retention_days",
        /// How long a delivery to a webhook is kept.
        DeliveryRetention = "webhook_delivery.retention_days",
        /// How long it is kept from which address a request of staff came.
        AddressRetention = "audit_request.retention_days",
        /// How long it is kept what the requests of channels looked like.
        TrafficRetention = "traffic.retention_days",
        /// Most registrations that wait for an answer.
        RegistrationMost = "registration.max_waiting",
        /// How long a registration waits before it lapses.
        RegistrationWait = "registration.wait_days",
        /// How long a registration that has ended is kept.
        RegistrationRetention = "registration.retention_days",
        /// Fewest cases of which is told how long a step took.
        DurationMinCases = "duration.min_cases",
        /// How far back steps are looked at when it is told how long one usually takes.
        DurationWindow = "duration.window_days",
        /// Furthest that one move takes the sandbox's business time.
        ClockStep = "sandbox_clock.step_seconds",
        /// Furthest that the sandbox's business time runs ahead of real time.
        ClockReach = "sandbox_clock.reach_days",
        /// Most rows of one chunk of an import.
        ImportBatch = "import.batch_rows",
        /// At least so long a channel has been running in each region it applies for (CH-7.3).
        ChannelMinRunning = "channel.min_running_years",
        /// At least so many users a channel of class 社会 has when it applies (CH-7.4).
        SocialMinUsers = "social.min_users",
        /// At least so long the company of a channel of class 社会 has been registered (CH-F2.3).
        SocialMinCompanyAge = "social.min_company_age_years",
        /// How many working days a province has for its opinion on a nationwide access; the clause has no number (CH-8.1e).
        ConsultationReply = "consultation.reply_working_days",
        /// So many closed months of issuances are added up (CH-23.1a, R1).
        IssuanceWindow = "monitor.issuance_window_months",
        /// Fewer issuances than this in that time trigger; exactly this many do not (CH-23.1a).
        MinIssuance = "monitor.min_issuance",
        /// So many full months a channel has been live before it is first evaluated (R1).
        FirstEvaluation = "monitor.first_evaluation_months",
        /// A fall from one month to the next by more than this counts; exactly this does not (CH-23.1b).
        IssuanceDrop = "monitor.drop_basis_points",
        /// So many such falls in a row trigger (CH-23.1b, R2).
        DropRun = "monitor.drop_run_months",
        /// Monthly active users below this part of cumulative issuance trigger; exactly this part does not (CH-23.1c).
        MauRatio = "monitor.mau_ratio_basis_points",
        /// How long a channel has to improve after a notice (CH-23.1e).
        Improvement = "monitor.improvement_months",
        /// Both figures below this part of what was committed miss a quarter; exactly this part does not (CH-23.2).
        SocialCommitment = "monitor.social_commitment_basis_points",
        /// So many missed quarters in a row trigger (CH-23.2).
        SocialRun = "monitor.social_run_quarters",
        /// By how much an agreement is extended of itself (CH-24.1).
        AutoExtension = "agreement.auto_extension_years",
        /// How long a channel is observed after a risk event of grade 1 or 2 was rectified (CH-24.3).
        Observation = "agreement.observation_months",
        /// At least so long before its effect a change of agreement is announced (CH-25.1, R14).
        AgreementNotice = "agreement.change_notice_months",
        /// How long a security report holds, from the day the test was completed (CH-28.4a, R15).
        ReportValidity = "security.report_validity_years",
        /// At most so long before the due day the report of an own test may lie to be used again (CH-28.5, R16).
        ReportReuse = "security.report_reuse_months",
        /// So long before a report is due the channel is reminded first (R15).
        ReportReminderFirst = "security.first_reminder_days",
        /// And again (R15).
        ReportReminderSecond = "security.second_reminder_days",
        /// And for the last time (R15).
        ReportReminderLast = "security.last_reminder_days",
        /// How long a channel has to rectify a risk event of grade 1 or 2 (CH-31.1, CH-31.2).
        Rectification = "risk.rectification_months",
        /// How many days an owner has to put a service right that a region orders; the clause has no number (ND-3.5e).
        RectificationDays = "rectification.days",
        /// The fewest days that a region may set for it (ND-3.5e).
        RectificationLeast = "rectification.least_days",
        /// The most days that a region may set for it (ND-3.5e).
        RectificationMost = "rectification.most_days",
        /// The most days more that an owner may ask for, once (ND-3.5e).
        RectificationExtension = "rectification.extension_days",
        /// A report later than this after the discovery raises an alarm; the law says 立即 and no number (CH-27.2, R20).
        ReportAlarm = "risk.report_alarm_seconds",
        /// At least so long before its planned closing an exit is filed (CH-32.2, R17).
        ExitNotice = "exit.notice_months",
        /// How long the transition of a voluntary exit is (CH-33.2).
        ExitTransition = "exit.transition_months",
        /// At least so many full days the announcement has run before the interfaces close (CH-34.3, R18).
        ExitAnnouncement = "exit.announcement_days",
        /// How long the transition of a forced exit is where the operator sets no other; none after grade 3 (R19).
        ForcedTransition = "exit.forced_transition_months",
        /// Every so many months level 1 reports on its level 2 (CH-11.4d).
        LevelTwoReport = "l2.report_cycle_months",
        /// How long after the end of its month that report is due; the clause has no number (CH-11.4d).
        LevelTwoReportDue = "l2.report_due_days",
        /// How long the operator has to answer a ticket; the clause says 及时 and no number (CH-20.3).
        TicketAnswer = "ticket.answer_days",
        /// The same where the public talks about it or harm is meant (CH-20.4).
        TicketUrgentAnswer = "ticket.urgent_answer_days",
        /// How long a channel may come back to an answer before its ticket closes.
        TicketFollowUp = "ticket.follow_up_days",
        /// Holidays that the law gives everybody in a year (全国年节及纪念日放假办法).
        StatutoryHolidays = "calendar.statutory_holidays",
        /// Most bytes of one file of a matter.
        AttachmentSize = "attachment.max_bytes",
        /// Most files of one matter.
        AttachmentCount = "attachment.max_files",
    }
    /// Where a proposed version is.
    State {
        /// Waits for a second person.
        Proposed = "proposed",
        /// In force from its day on.
        Approved = "approved",
        /// Never in force.
        Rejected = "rejected",
    }
}

/// One version of one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Which one.
    pub name: Name,
    /// What it counts.
    pub unit: Unit,
    /// The value.
    pub value: i64,
    /// The least the rule can work with.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// The clause it comes from; none means that it is a choice of this project.
    pub clause: Option<&'static str>,
    /// From 1.
    pub version: u32,
    /// The first day it is in force.
    pub valid_from: BusinessDate,
}

impl Parameter {
    /// The same, if the rule can work with `value`. Refuses: range.
    const fn taking(self, value: i64) -> Result<Self, Refusal> {
        if self.least <= value && value <= self.most {
            Ok(self)
        } else {
            Err(Refusal::Range { least: self.least, most: self.most })
        }
    }
}

/// Days between the approval of a version and the first it may be in force. One whole day lies between them, so that
/// whatever is going on when it is approved has ended, and every process has read it, before its day begins.
const NOTICE_DAYS: i32 = 2;

/// The parameters in force over time: the standard ones and the versions that followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    later: Vec<Parameter>,
}

impl Parameters {
    /// The standard ones only.
    pub const fn standard() -> Self {
        Self { later: Vec::new() }
    }

    /// Adds a version of `name` with `value` from `valid_from` on, numbered `version`. Refuses, in order: range, order.
    pub fn change(
        &mut self,
        name: Name,
        version: u32,
        value: i64,
        valid_from: BusinessDate,
    ) -> Result<Parameter, Refusal> {
        let last = self.follow(name, value, valid_from)?;
        let next = Parameter { value, version, valid_from, ..last };
        self.later.push(next);
        Ok(next)
    }

    /// Whether a version of `name` may be proposed, or approved, on `today`. Refuses, in order: range, early, order.
    pub fn admit(
        &self,
        name: Name,
        value: i64,
        valid_from: BusinessDate,
        today: BusinessDate,
    ) -> Result<(), Refusal> {
        let earliest = today.plus_days(NOTICE_DAYS);
        match self.follow(name, value, valid_from) {
            Ok(_) | Err(Refusal::Order) if valid_from < earliest => Err(Refusal::Early { earliest }),
            outcome => outcome.map(drop),
        }
    }

    /// The same with `value` in place of every version of `name`: to find what would follow. Refuses: range.
    pub fn supposing(&self, name: Name, value: i64) -> Result<Self, Refusal> {
        let next = Parameter { value, valid_from: ALWAYS, ..self.last(name).taking(value)? };
        let others = self.later.iter().filter(|row| row.name != name).copied();
        Ok(Self { later: others.chain([next]).collect() })
    }

    /// The last version of `name`, if one with `value` may follow it on `valid_from`.
    fn follow(&self, name: Name, value: i64, valid_from: BusinessDate) -> Result<Parameter, Refusal> {
        let last = self.last(name).taking(value)?;
        if valid_from <= last.valid_from { Err(Refusal::Order) } else { Ok(last) }
    }

    /// The version of `name` that begins last.
    fn last(&self, name: Name) -> Parameter {
        self.in_force(name, BusinessDate::from_days(i32::MAX))
    }

    /// The version of `name` in force on `day`.
    pub fn in_force(&self, name: Name, day: BusinessDate) -> Parameter {
        let versions = self.later.iter().rev();
        let found = versions.copied().find(|row| row.name == name && row.valid_from <= day);
        found.unwrap_or_else(|| delivered(name))
    }

    /// The value of `name` in force on `day`.
    pub fn get(&self, name: Name, day: BusinessDate) -> i64 {
        self.in_force(name, day).value
    }

    /// The value of `name` in force on `day`, of a parameter that counts days, months, quarters or years.
    pub fn period(&self, name: Name, day: BusinessDate) -> i32 {
        i32::try_from(self.get(name, day)).unwrap_or(i32::MAX)
    }
}

/// The first version, as rules find it: under test it may be shifted.
fn delivered(name: Name) -> Parameter {
    #[cfg(test)]
    return shift::shifted(standard(name));
    #[cfg(not(test))]
    standard(name)
}

impl State {
    /// Whether `reviewer` may approve what `proposer` proposed. Refuses, in order: decided, own proposal.
    pub fn approve(self, proposer: StaffId, reviewer: StaffId) -> Result<(), Refusal> {
        self.reject()?;
        if proposer == reviewer { Err(Refusal::OwnProposal) } else { Ok(()) }
    }

    /// Whether it may be rejected: by anybody who may review, the proposer included. Refuses: decided.
    pub const fn reject(self) -> Result<(), Refusal> {
        match self {
            Self::Proposed => Ok(()),
            Self::Approved | Self::Rejected => Err(Refusal::Decided),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_standard_value_lies_in_its_own_range() {
        for name in Name::ALL {
            let row = standard(*name);
            assert!((row.least..=row.most).contains(&row.value), "{name}");
            assert_eq!((row.name, row.version), (*name, 1));
        }
    }

    #[test]
    fn a_unit_is_named_last() {
        for name in Name::ALL {
            let unit = standard(*name).unit;
            assert!(unit == Unit::Count || name.as_str().ends_with(unit.as_str()), "{name}");
        }
    }

    /// CH-37.1: the ministry reads the documents, so it may change a number.
    #[test]
    fn a_version_is_in_force_from_its_day_and_the_old_one_before() {
        let mut parameters = Parameters::standard();
        let changed = parameters.change(Name::CodeTtl, 2, 30, day("2026-07-01")).unwrap();
        assert_eq!((changed.version, changed.value), (2, 30));
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-06-30")), 60);
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-01")), 30);
        assert_eq!(parameters.get(Name::SessionTtl, day("2026-07-01")), 3600);
        let again = parameters.change(Name::CodeTtl, 3, 20, day("2026-07-01"));
        assert_eq!(again, Err(Refusal::Order), "history is not rewritten");
        parameters.change(Name::CodeTtl, 3, 20, day("2026-07-02")).unwrap();
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-01")), 30);
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-02")), 20);
        assert_eq!(parameters.period(Name::CodeTtl, day("2026-07-02")), 20);
    }

    #[test]
    fn a_value_the_rule_cannot_work_with_is_refused() {
        let mut parameters = Parameters::standard();
        for (value, accepted) in [(0, false), (1, true), (60, true), (61, false)] {
            let outcome = parameters.clone().change(Name::CodeTtl, 2, value, day("2026-07-01"));
            assert_eq!(outcome.is_ok(), accepted, "{value}");
        }
        let outcome = parameters.change(Name::CodeTtl, 2, 61, day("2026-07-01"));
        assert_eq!(outcome, Err(Refusal::Range { least: 1, most: 60 }));
    }

    /// CH-37.1: a whole day lies between the approval and the first day in force.
    #[test]
    fn a_version_begins_in_the_future_and_after_the_one_before_it() {
        let mut parameters = Parameters::standard();
        parameters.change(Name::MinIssuance, 2, 120, day("2026-08-01")).unwrap();
        let earliest = day("2026-07-03");
        for (value, valid_from, outcome) in [
            (120, "2026-07-02", Err(Refusal::Early { earliest })),
            (120, "2020-01-01", Err(Refusal::Early { earliest })),
            (120, "2026-07-03", Err(Refusal::Order)),
            (120, "2026-08-01", Err(Refusal::Order)),
            (120, "2026-08-02", Ok(())),
            (-1, "2020-01-01", Err(Refusal::Range { least: 0, most: 1_000_000 })),
        ] {
            let admitted = parameters.admit(Name::MinIssuance, value, day(valid_from), day("2026-07-01"));
            assert_eq!(admitted, outcome, "{value} {valid_from}");
        }
        assert_eq!(parameters.admit(Name::MauRatio, 250, earliest, day("2026-07-01")), Ok(()));
    }

    /// CH-37.1: a trial of a value, before anybody proposes it.
    #[test]
    fn a_supposed_value_stands_in_place_of_every_version_and_changes_nothing() {
        let mut parameters = Parameters::standard();
        parameters.change(Name::MinIssuance, 2, 120, day("2026-08-01")).unwrap();
        let supposed = parameters.supposing(Name::MinIssuance, 90).unwrap();
        for today in ["1970-01-01", "2026-07-31", "2026-08-01"].map(day) {
            assert_eq!(supposed.get(Name::MinIssuance, today), 90, "{today}");
            assert_eq!(supposed.get(Name::MauRatio, today), parameters.get(Name::MauRatio, today));
        }
        assert_eq!(parameters.get(Name::MinIssuance, day("2026-08-01")), 120);
        let outside = parameters.supposing(Name::MinIssuance, -1);
        assert_eq!(outside, Err(Refusal::Range { least: 0, most: 1_000_000 }));
    }

    #[test]
    fn a_change_is_approved_once_and_by_somebody_else() {
        let [one, other] = [1, 2].map(|byte| StaffId::from_bytes([byte; 16]));
        for (state, reviewer, approved, rejected) in [
            (State::Proposed, other, Ok(()), Ok(())),
            (State::Proposed, one, Err(Refusal::OwnProposal), Ok(())),
            (State::Approved, other, Err(Refusal::Decided), Err(Refusal::Decided)),
            (State::Rejected, other, Err(Refusal::Decided), Err(Refusal::Decided)),
        ] {
            assert_eq!((state.approve(one, reviewer), state.reject()), (approved, rejected), "{state}");
        }
    }
}
