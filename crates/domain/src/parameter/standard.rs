//! The first version of every parameter: its value, the range that its rule can work with, its clause.
//!
//! Invariant: a number that a clause states is here and nowhere else; one without a clause is a choice of this project.

use super::{Name, Parameter, Unit};
use crate::time::BusinessDate;

/// The day the first versions are in force from: always.
pub(super) const ALWAYS: BusinessDate = BusinessDate::from_days(i32::MIN);

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// Hundredths of a percent in a whole.
const WHOLE: i64 = 10_000;

/// Unit, value, least, most and clause.
type First = (Unit, i64, i64, i64, Option<&'static str>);

/// What accounts are told by mail; all of it a choice of this project.
const fn of_mail(name: Name) -> First {
    match name {
        Name::MailInterval => (Unit::Seconds, 15 * 60, 5 * 60, DAY, None),
        Name::MailCodeTtl => (Unit::Seconds, 10 * 60, 60, HOUR, None),
        Name::MailCodePause => (Unit::Seconds, 60, 10, HOUR, None),
        Name::MailFailing => (Unit::Days, 3, 1, 30, None),
        // Errors of a code, and codes in a day.
        _ => (Unit::Count, 5, 1, 20, None),
    }
}

/// The days of what a region orders; the clause (ND-3.5e) has none.
const fn of_rectifications(name: Name) -> First {
    match name {
        Name::RectificationDays => (Unit::Days, 30, 1, 180, None),
        Name::RectificationLeast => (Unit::Days, 3, 1, 30, None),
        Name::RectificationMost => (Unit::Days, 90, 30, 366, None),
        _ => (Unit::Days, 15, 1, 90, None),
    }
}

/// Of how many steps it is told how long they took, and how far back.
const fn of_durations(name: Name) -> First {
    match name {
        Name::DurationMinCases => (Unit::Count, 5, 1, 1_000, None),
        _ => (Unit::Days, 365, 30, 3660, None),
    }
}

/// How far the sandbox's clock is moved; the step is part of the description of the API.
const fn of_clocks(name: Name) -> First {
    match name {
        Name::ClockStep => (Unit::Seconds, 366 * DAY, 1, 366 * DAY, None),
        _ => (Unit::Days, 36_600, 0, 36_600, None),
    }
}

/// How many registrations, and how long.
const fn of_registrations(name: Name) -> First {
    match name {
        Name::RegistrationMost => (Unit::Count, 500, 0, 100_000, None),
        Name::RegistrationWait => (Unit::Days, 30, 1, 365, None),
        _ => (Unit::Days, 180, 1, 3660, None),
    }
}

/// How many days before a test runs out its owner is reminded.
const fn of_reminders(name: Name) -> First {
    match name {
        Name::ReportReminderFirst => (Unit::Days, 90, 1, 365, Some("R15")),
        Name::ReportReminderSecond => (Unit::Days, 30, 1, 365, Some("R15")),
        _ => (Unit::Days, 7, 1, 365, Some("R15")),
    }
}

/// The days of tickets.
const fn of_tickets(name: Name) -> First {
    match name {
        Name::TicketAnswer => (Unit::Days, 2, 1, 30, None),
        Name::TicketUrgentAnswer => (Unit::Days, 1, 1, 30, None),
        _ => (Unit::Days, 7, 1, 90, None),
    }
}

/// The first version of a parameter: its value, the range the rule can work with, its clause.
pub const fn standard(name: Name) -> Parameter {
    let (unit, value, least, most, clause) = match name {
        Name::CodeTtl => (Unit::Seconds, 60, 1, 60, None),
        Name::PasswordErrors => (Unit::Count, 6, 1, 20, None),
        Name::PasswordWindow | Name::PasswordLock => (Unit::Seconds, DAY, 60, 30 * DAY, None),
        Name::PaymentHandleTtl => (Unit::Seconds, 120, 1, 600, None),
        Name::PaymentPendingTtl => (Unit::Seconds, 15 * 60, 1, DAY, None),
        Name::PaymentPerUse | Name::TopupPerUse => (Unit::Fen, 1_000_000, 1, 100_000_000, None),
        Name::PaymentPerDay => (Unit::Fen, 5_000_000, 1, 1_000_000_000, None),
        Name::RefundWindow => (Unit::Days, 365, 0, 3650, None),
        // Stored with each account when it is opened; another value would hold for new ones only.
        Name::ClearingLimit => (Unit::Fen, 10_000_000_000, 10_000_000_000, 10_000_000_000, None),
        // Agreed with every client.
        Name::SignatureWindow => (Unit::Seconds, 300, 300, 300, None),
        Name::SessionTtl => (Unit::Seconds, HOUR, 60, DAY, None),
        Name::HolderSessionTtl | Name::StaffLock => (Unit::Seconds, 15 * 60, 60, DAY, None),
        Name::StaffSessionTtl => (Unit::Seconds, 8 * HOUR, 60, DAY, None),
        Name::StaffIdle => (Unit::Seconds, 30 * 60, 60, 8 * HOUR, None),
        Name::StepUpTtl => (Unit::Seconds, 5 * 60, 30, HOUR, None),
        Name::StaffErrors => (Unit::Count, 5, 1, 10, None),
        Name::TeamMost | Name::SignInNetworks => (Unit::Count, 50, 1, 1_000, None),
        Name::MailInterval | Name::MailCodeTtl | Name::MailCodeErrors => of_mail(name),
        Name::MailCodePause | Name::MailCodesDaily | Name::MailFailing => of_mail(name),
        Name::DelegationMost | Name::ContactPast => (Unit::Days, 30, 1, 90, None),
        Name::SendingAhead => (Unit::Days, 90, 1, 366, None),
        // It numbers the buckets that answers lie in: another value would look for old answers in the wrong ones.
        Name::IdempotencyTtl => (Unit::Seconds, DAY, DAY, DAY, None),
        Name::KeyOverlap => (Unit::Seconds, 7 * DAY, 0, 90 * DAY, None),
        Name::GrantMaxDays => (Unit::Days, 366, 1, 3660, Some("ND-3.5d")),
        Name::UseRetention => (Unit::Days, 400, 93, 3660, None),
        Name::DeliveryRetention => (Unit::Days, 30, 2, 400, None),
        // The Cybersecurity Law (网络安全法第二十三条（2025年修正）) keeps logs for six months at least.
        Name::AddressRetention => (Unit::Days, 400, 184, 3660, None),
        // Today, the day before it, and a month to compare with.
        Name::TrafficRetention => (Unit::Days, 93, 32, 400, None),
        Name::RegistrationMost | Name::RegistrationWait => of_registrations(name),
        Name::RegistrationRetention => of_registrations(name),
        Name::DurationMinCases | Name::DurationWindow => of_durations(name),
        Name::ClockStep | Name::ClockReach => of_clocks(name),
        Name::ImportBatch => (Unit::Count, 10_000, 10_000, 10_000, None),
        Name::ChannelMinRunning => (Unit::Years, 1, 0, 10, Some("CH-7.3")),
        Name::SocialMinUsers => (Unit::Count, 1_000_000, 0, 1_000_000_000, Some("CH-7.4")),
        Name::SocialMinCompanyAge => (Unit::Years, 1, 0, 10, Some("CH-F2.3")),
        Name::ConsultationReply => (Unit::WorkingDays, 15, 1, 60, None),
        Name::IssuanceWindow => (Unit::Months, 3, 1, 12, Some("CH-23.1a")),
        Name::MinIssuance => (Unit::Count, 100, 0, 1_000_000, Some("CH-23.1a")),
        Name::FirstEvaluation => (Unit::Months, 3, 1, 24, Some("R1")),
        Name::IssuanceDrop => (Unit::BasisPoints, 5_000, 1, WHOLE, Some("CH-23.1b")),
        Name::DropRun => (Unit::Months, 3, 1, 12, Some("CH-23.1b")),
        Name::MauRatio => (Unit::BasisPoints, 300, 0, WHOLE, Some("CH-23.1c")),
        Name::Improvement => (Unit::Months, 3, 1, 12, Some("CH-23.1e")),
        Name::SocialCommitment => (Unit::BasisPoints, 5_000, 0, WHOLE, Some("CH-23.2")),
        Name::SocialRun => (Unit::Quarters, 2, 1, 8, Some("CH-23.2")),
        Name::AutoExtension => (Unit::Years, 1, 1, 10, Some("CH-24.1")),
        Name::Observation => (Unit::Months, 6, 1, 36, Some("CH-24.3")),
        Name::AgreementNotice => (Unit::Months, 2, 1, 24, Some("CH-25.1")),
        Name::ReportValidity => (Unit::Years, 1, 1, 5, Some("CH-28.4a")),
        Name::ReportReuse => (Unit::Months, 12, 1, 60, Some("CH-28.5")),
        Name::ReportReminderFirst | Name::ReportReminderSecond => of_reminders(name),
        Name::ReportReminderLast => of_reminders(name),
        Name::Rectification => (Unit::Months, 1, 1, 12, Some("CH-31.1")),
        Name::RectificationDays | Name::RectificationLeast => of_rectifications(name),
        Name::RectificationMost | Name::RectificationExtension => of_rectifications(name),
        Name::ReportAlarm => (Unit::Seconds, HOUR, 60, 30 * DAY, Some("R20")),
        Name::ExitNotice => (Unit::Months, 2, 1, 24, Some("CH-32.2")),
        Name::ExitTransition => (Unit::Months, 1, 1, 12, Some("CH-33.2")),
        Name::ExitAnnouncement => (Unit::Days, 15, 1, 365, Some("CH-34.3")),
        Name::ForcedTransition => (Unit::Months, 1, 0, 12, Some("R19")),
        Name::AttachmentSize => (Unit::Bytes, 512 << 20, 1 << 20, 4 << 30, None),
        Name::AttachmentCount => (Unit::Count, 100, 1, 10_000, None),
        Name::LevelTwoReport => (Unit::Months, 1, 1, 12, Some("CH-11.4d")),
        Name::LevelTwoReportDue => (Unit::Days, 10, 1, 60, None),
        Name::TicketAnswer | Name::TicketUrgentAnswer | Name::TicketFollowUp => of_tickets(name),
        // 国务院令第795号 of 2024, in force since 2025: thirteen.
        Name::StatutoryHolidays => (Unit::Count, 13, 0, 40, None),
    };
    Parameter { name, unit, value, least, most, clause, version: 1, valid_from: ALWAYS }
}
