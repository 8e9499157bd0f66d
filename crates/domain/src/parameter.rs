//! Every number of the rules, by name: its unit, its clause, and the day it is in force from.
//!
//! Invariant: rules take their numbers from here and none is a literal elsewhere, so that the ministry may change
//! one without a new build (CH-37.1). A change is a new version with a later day; the old one still says what was
//! in force then. Numbers whose clause is absent are choices of this project and are marked so. Reading overrides
//! from a database is not here.

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
    }
}

names! {
    /// What a value counts.
    Unit {
        /// Seconds.
        Seconds = "seconds",
        /// Natural days.
        Days = "days",
        /// Pieces.
        Count = "count",
        /// 分.
        Fen = "fen",
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
        /// Wrong staff passwords until the lock.
        StaffErrors = "staff.max_errors",
        /// How long a staff lock lasts.
        StaffLock = "staff.lock_seconds",
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
        /// Most rows of one chunk of an import.
        ImportBatch = "import.batch_rows",
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

/// The day the first versions are in force from: always.
const ALWAYS: BusinessDate = BusinessDate::from_days(i32::MIN);

/// The first version of a parameter: its value, the range the rule can work with, its clause.
pub const fn standard(name: Name) -> Parameter {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    let (unit, value, least, most, clause) = match name {
        Name::CodeTtl => (Unit::Seconds, 60, 1, 60, None),
        Name::PasswordErrors => (Unit::Count, 6, 1, 20, None),
        Name::PasswordWindow => (Unit::Seconds, DAY, 60, 30 * DAY, None),
        Name::PasswordLock => (Unit::Seconds, DAY, 60, 30 * DAY, None),
        Name::PaymentHandleTtl => (Unit::Seconds, 120, 1, 600, None),
        Name::PaymentPendingTtl => (Unit::Seconds, 15 * 60, 1, DAY, None),
        Name::PaymentPerUse => (Unit::Fen, 1_000_000, 1, 100_000_000, None),
        Name::PaymentPerDay => (Unit::Fen, 5_000_000, 1, 1_000_000_000, None),
        Name::RefundWindow => (Unit::Days, 365, 0, 3650, None),
        Name::TopupPerUse => (Unit::Fen, 1_000_000, 1, 100_000_000, None),
        Name::ClearingLimit => (Unit::Fen, 10_000_000_000, 0, 1_000_000_000_000, None),
        Name::SignatureWindow => (Unit::Seconds, 300, 1, 900, None),
        Name::SessionTtl => (Unit::Seconds, HOUR, 60, DAY, None),
        Name::HolderSessionTtl => (Unit::Seconds, 15 * 60, 60, DAY, None),
        Name::StaffSessionTtl => (Unit::Seconds, 8 * HOUR, 60, DAY, None),
        Name::StaffErrors => (Unit::Count, 5, 1, 10, None),
        Name::StaffLock => (Unit::Seconds, 15 * 60, 60, DAY, None),
        Name::IdempotencyTtl => (Unit::Seconds, DAY, HOUR, 30 * DAY, None),
        Name::KeyOverlap => (Unit::Seconds, 7 * DAY, 0, 90 * DAY, None),
        Name::GrantMaxDays => (Unit::Days, 366, 1, 3660, Some("ND-3.5d")),
        Name::UseRetention => (Unit::Days, 400, 93, 3660, None),
        Name::DeliveryRetention => (Unit::Days, 30, 2, 400, None),
        Name::ImportBatch => (Unit::Count, 2_000, 1, 2_000, None),
    };
    Parameter { name, unit, value, least, most, clause, version: 1, valid_from: ALWAYS }
}

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

    /// Adds a version of `name` with `value` from `valid_from` on. Refuses, in order: range, order.
    pub fn change(&mut self, name: Name, value: i64, valid_from: BusinessDate) -> Result<Parameter, Refusal> {
        let last = self.in_force(name, BusinessDate::from_days(i32::MAX));
        if !(last.least..=last.most).contains(&value) {
            return Err(Refusal::Range { least: last.least, most: last.most });
        }
        if valid_from <= last.valid_from {
            return Err(Refusal::Order);
        }
        let next = Parameter { value, version: last.version + 1, valid_from, ..last };
        self.later.push(next);
        Ok(next)
    }

    /// The version of `name` in force on `day`.
    pub fn in_force(&self, name: Name, day: BusinessDate) -> Parameter {
        let versions = self.later.iter().rev();
        let found = versions.copied().find(|row| row.name == name && row.valid_from <= day);
        found.unwrap_or(standard(name))
    }

    /// The value of `name` in force on `day`.
    pub fn get(&self, name: Name, day: BusinessDate) -> i64 {
        self.in_force(name, day).value
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

    #[test]
    fn a_version_is_in_force_from_its_day_and_the_old_one_before() {
        let mut parameters = Parameters::standard();
        let changed = parameters.change(Name::CodeTtl, 30, day("2026-07-01")).unwrap();
        assert_eq!(changed.version, 2);
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-06-30")), 60);
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-01")), 30);
        assert_eq!(parameters.get(Name::SessionTtl, day("2026-07-01")), 3600);
        let again = parameters.change(Name::CodeTtl, 20, day("2026-07-01"));
        assert_eq!(again, Err(Refusal::Order), "history is not rewritten");
        parameters.change(Name::CodeTtl, 20, day("2026-07-02")).unwrap();
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-01")), 30);
        assert_eq!(parameters.get(Name::CodeTtl, day("2026-07-02")), 20);
    }

    #[test]
    fn a_value_the_rule_cannot_work_with_is_refused() {
        let mut parameters = Parameters::standard();
        for (value, accepted) in [(0, false), (1, true), (60, true), (61, false)] {
            let outcome = parameters.clone().change(Name::CodeTtl, value, day("2026-07-01"));
            assert_eq!(outcome.is_ok(), accepted, "{value}");
        }
        let outcome = parameters.change(Name::CodeTtl, 61, day("2026-07-01"));
        assert_eq!(outcome, Err(Refusal::Range { least: 1, most: 60 }));
    }
}
