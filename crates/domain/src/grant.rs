//! What a holder allows for longer than one use: a standing grant with purpose, party, limits and an end.
//!
//! Invariant: a grant always ends, can be revoked by its holder at any moment, and never allows more than it says;
//! a grant to pay has a limit per use and per day. One-time consent needs no grant: see `authorization`.

use crate::id::{ChannelId, EcardId, GrantId, OrgId};
use crate::money::{Amount, Fen};
use crate::parameter::{Name, Parameters};
use crate::refusal::refusals;
use crate::service::{Purpose, Service, ServiceCode};
use crate::time::Timestamp;

refusals! {
    /// Why a grant is not made or does not allow something.
    Refusal {
        /// It would end before it begins.
        Ended = "grant.ended" ["ND-3.5d"] "授权到期时间须晚于当前时间" "a grant must end in the future";
        /// It would last too long.
        TooLong { days: i64 } = "grant.too_long" ["ND-3.5d"] "授权期限不得超过{days}天"
            "a grant lasts at most {days} days";
        /// A grant to pay without both limits.
        LimitsMissing = "grant.limits_missing" ["ND-3.5d"] "支付授权须设定单次和单日限额"
            "a grant to pay needs a limit per use and per day";
        /// Limits on a grant that pays nothing.
        LimitsUnexpected = "grant.limits_unexpected" "非支付授权不得设定限额"
            "only a grant to pay has limits";
        /// The purpose is not the service's.
        Purpose = "grant.purpose" ["ND-3.5d"] "授权目的与服务不符" "the purpose does not fit the service";
        /// The holder took it back.
        Revoked = "grant.revoked" ["ND-3.5d"] "授权已撤销" "the grant was revoked";
        /// It has come to its end.
        Expired = "grant.expired" ["ND-3.5d"] "授权已到期" "the grant has expired";
        /// It is another party's or another channel's.
        Party = "grant.party" ["ND-3.5d"] "授权对象不符" "the grant was given to another party";
        /// It is for another service or purpose.
        Scope = "grant.scope" ["ND-3.5d"] "超出授权范围" "the grant does not cover this";
        /// More than one use may cost.
        PerUse = "grant.per_use" ["ND-3.5d"] "超出单次授权限额" "the amount exceeds the limit per use";
        /// More than a day may cost.
        PerDay = "grant.per_day" ["ND-3.5d"] "超出单日授权限额" "the amount exceeds the limit per day";
    }
}

/// The most that may be paid under a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// In one use.
    pub per_use: Amount,
    /// In one business day.
    pub per_day: Amount,
}

/// What somebody pays under a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    /// Now.
    pub amount: Amount,
    /// Under the same grant since the business day began.
    pub spent_today: Fen,
}

/// One use of a grant.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// Who uses it.
    pub party: OrgId,
    /// Through which channel the holder gave it.
    pub channel: ChannelId,
    /// What for.
    pub service: &'a ServiceCode,
    /// To what end.
    pub purpose: Purpose,
    /// What it costs, if it pays.
    pub spending: Option<Spending>,
}

/// A standing grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The e-card of the holder who gave it.
    pub ecard: EcardId,
    /// To whom.
    pub party: OrgId,
    /// Through which channel.
    pub channel: ChannelId,
    /// For which service.
    pub service: ServiceCode,
    /// To what end.
    pub purpose: Purpose,
    /// What it may cost, if it pays.
    pub limits: Option<Limits>,
    /// When it was given.
    pub created_at: Timestamp,
    /// The first instant it no longer allows anything.
    pub expires_at: Timestamp,
    /// When the holder took it back.
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    /// Whether a holder may give this grant for `service`.
    ///
    /// Refuses, in order: purpose, an end that has passed, an end too far away, limits missing or unexpected.
    pub fn check(&self, service: &Service, parameters: &Parameters) -> Result<(), Refusal> {
        if self.purpose != service.purpose {
            return Err(Refusal::Purpose);
        }
        if self.expires_at <= self.created_at {
            return Err(Refusal::Ended);
        }
        let days = parameters.get(Name::GrantMaxDays, self.created_at.business_date());
        if self.expires_at > self.created_at.plus_seconds(days * 86_400) {
            return Err(Refusal::TooLong { days });
        }
        match (service.pays, self.limits) {
            (true, None) => Err(Refusal::LimitsMissing),
            (false, Some(_)) => Err(Refusal::LimitsUnexpected),
            (true, Some(_)) | (false, None) => Ok(()),
        }
    }

    /// Whether it allows `wanted` at `now`; a revoked grant allows nothing from that instant on.
    ///
    /// Refuses, in order: revoked, expired, party, scope, per use, per day.
    pub fn permits(&self, wanted: &Use<'_>, now: Timestamp) -> Result<(), Refusal> {
        if self.revoked_at.is_some_and(|at| now >= at) {
            return Err(Refusal::Revoked);
        }
        if now >= self.expires_at {
            return Err(Refusal::Expired);
        }
        if self.party != wanted.party || self.channel != wanted.channel {
            return Err(Refusal::Party);
        }
        if self.service != *wanted.service || self.purpose != wanted.purpose {
            return Err(Refusal::Scope);
        }
        match (self.limits, wanted.spending) {
            (Some(limits), Some(spending)) => limits.permit(&spending),
            (None, None) => Ok(()),
            (Some(_), None) | (None, Some(_)) => Err(Refusal::Scope),
        }
    }
}

impl Limits {
    /// Whether `spending` stays within both limits; exactly the limit does.
    pub fn permit(&self, spending: &Spending) -> Result<(), Refusal> {
        if spending.amount > self.per_use {
            return Err(Refusal::PerUse);
        }
        let today = spending.spent_today.plus(spending.amount.fen()).map_err(|_| Refusal::PerDay)?;
        if today > self.per_day.fen() { Err(Refusal::PerDay) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::service;

    pub(crate) fn grant(code: &str, limits: Option<Limits>) -> Grant {
        let service = service::find(code).unwrap();
        Grant {
            id: GrantId::from_bytes([1; 16]),
            ecard: EcardId::from_bytes([2; 16]),
            party: OrgId::from_bytes([3; 16]),
            channel: ChannelId::from_bytes([1; 16]),
            service: service.service_code(),
            purpose: service.purpose,
            limits,
            created_at: Timestamp::from_seconds(1_000),
            expires_at: Timestamp::from_seconds(2_000),
            revoked_at: None,
        }
    }

    fn limits(per_use: i64, per_day: i64) -> Option<Limits> {
        Some(Limits { per_use: Amount::new(per_use).unwrap(), per_day: Amount::new(per_day).unwrap() })
    }

    fn using(grant: &Grant) -> Use<'_> {
        Use {
            party: grant.party,
            channel: grant.channel,
            service: &grant.service,
            purpose: grant.purpose,
            spending: None,
        }
    }

    /// ND-3.5d: what a person authorizes has an end.
    #[test]
    fn a_grant_always_ends_and_not_too_far_away() {
        let service = service::find("query.card").unwrap();
        let parameters = Parameters::standard();
        for (seconds, outcome) in [
            (0, Err(Refusal::Ended)),
            (1, Ok(())),
            (366 * 86_400, Ok(())),
            (366 * 86_400 + 1, Err(Refusal::TooLong { days: 366 })),
        ] {
            let given = grant("query.card", None);
            let given = Grant { expires_at: given.created_at.plus_seconds(seconds), ..given };
            assert_eq!(given.check(service, &parameters), outcome, "{seconds}");
        }
    }

    #[test]
    fn a_grant_to_pay_has_limits_and_no_other_has() {
        let parameters = Parameters::standard();
        let standing = service::find("pay.standing").unwrap();
        let query = service::find("query.card").unwrap();
        for (service, limits, outcome) in [
            (standing, limits(1, 1), Ok(())),
            (standing, None, Err(Refusal::LimitsMissing)),
            (query, limits(1, 1), Err(Refusal::LimitsUnexpected)),
            (query, None, Ok(())),
        ] {
            assert_eq!(grant(service.code, limits).check(service, &parameters), outcome);
        }
        let wrong = Grant { purpose: Purpose::Pay, ..grant("query.card", None) };
        assert_eq!(wrong.check(query, &parameters), Err(Refusal::Purpose));
    }

    #[test]
    fn a_grant_allows_what_it_says_until_it_ends() {
        let given = grant("query.card", None);
        let wanted = using(&given);
        for (now, outcome) in [(1_000, Ok(())), (1_999, Ok(())), (2_000, Err(Refusal::Expired))] {
            assert_eq!(given.permits(&wanted, Timestamp::from_seconds(now)), outcome, "{now}");
        }
        let now = Timestamp::from_seconds(1_500);
        let other = OrgId::from_bytes([9; 16]);
        assert_eq!(given.permits(&Use { party: other, ..wanted }, now), Err(Refusal::Party));
        let elsewhere = ChannelId::from_bytes([9; 16]);
        assert_eq!(given.permits(&Use { channel: elsewhere, ..wanted }, now), Err(Refusal::Party));
        let service = "query.talent".parse().unwrap();
        assert_eq!(given.permits(&Use { service: &service, ..wanted }, now), Err(Refusal::Scope));
        assert_eq!(given.permits(&Use { purpose: Purpose::Login, ..wanted }, now), Err(Refusal::Scope));
    }

    #[test]
    fn a_revoked_grant_allows_nothing_from_that_instant() {
        let given = Grant { revoked_at: Some(Timestamp::from_seconds(1_500)), ..grant("query.card", None) };
        for (now, outcome) in
            [(1_499, Ok(())), (1_500, Err(Refusal::Revoked)), (3_000, Err(Refusal::Revoked))]
        {
            assert_eq!(given.permits(&using(&given), Timestamp::from_seconds(now)), outcome, "{now}");
        }
    }

    #[test]
    fn exactly_the_limit_may_be_spent() {
        let given = grant("pay.standing", limits(100, 250));
        let now = Timestamp::from_seconds(1_500);
        for (amount, spent_today, outcome) in [
            (100, 0, Ok(())),
            (101, 0, Err(Refusal::PerUse)),
            (100, 150, Ok(())),
            (100, 151, Err(Refusal::PerDay)),
            (100, i64::MAX, Err(Refusal::PerDay)),
        ] {
            let spending =
                Spending { amount: Amount::new(amount).unwrap(), spent_today: Fen::new(spent_today) };
            let wanted = Use { spending: Some(spending), ..using(&given) };
            assert_eq!(given.permits(&wanted, now), outcome, "{amount} {spent_today}");
        }
        assert_eq!(given.permits(&using(&given), now), Err(Refusal::Scope), "a payment says what it costs");
    }
}
