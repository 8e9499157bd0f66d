//! Accounts of staff: whether they may be used, their second factor, and how fresh a proof of it has to be.
//!
//! The second factor is a time-based one-time password as RFC 6238 says it (SHA-1, six digits, thirty seconds),
//! because that is what authenticator apps speak. Invariants: a code is accepted for one step of time, and no step
//! is accepted twice or after a later one; an account that has a factor never acts on sensitive matters without a
//! fresh proof. Computing a code, keeping its secret and counting wrong ones are not here.

use crate::name::names;
use crate::org::{Operation, Role, allows};
use crate::refusal::refusals;
use crate::time::Timestamp;

refusals! {
    /// Why an account may not be used so.
    Refusal {
        /// It is disabled or enabled already.
        State = "staff.state" "账户已处于该状态" "the account is in this state already";
        /// Nobody decides about the own account.
        OwnAccount = "staff.own_account" "不能对本人账户执行该操作" "this is not done to the own account";
        /// Without it nobody of the organisation could open or enable an account.
        LastAdministrator = "staff.last_administrator" "这是本单位最后一个启用的管理员账户，不能停用"
            "this is the last enabled administrator of the organisation";
        /// The organisation has as many accounts as it may.
        TooMany { most: i64 } = "staff.too_many" "本单位启用的账户已达上限{most}个"
            "the organisation has {most} enabled accounts, which is the most";
        /// The password was right, and a second factor has to come with it.
        CodeRequired = "staff.code_required" "请出示第二因素（通行密钥、动态验证码或恢复码）"
            "the second factor is required: a passkey, a code or a recovery code";
        /// Wrong, used before, too early or too late; or the password was wrong.
        CodeRefused = "staff.code_refused" "验证码或密码不正确，或已使用过"
            "the code or the password is wrong, or the code was used before";
        /// The operation is sensitive and the proof is not fresh.
        StepUpRequired = "staff.step_up_required" "该操作需要再次验证身份"
            "confirm the second factor again to do this";
        /// Accounts of this world have a second factor, and this one has none yet.
        FactorRequired = "staff.factor_required" "请先登记第二因素（通行密钥或动态验证码）" "a second factor has to be enrolled first";
        /// There is nothing to confirm or to renew.
        FactorMissing = "staff.factor_missing" "没有可用的第二因素" "no second factor is enrolled or begun";
    }
}

names! {
    /// Whether an account may be used.
    AccountState {
        /// It may.
        Active = "active",
        /// It may not; it can be enabled again.
        Disabled = "disabled",
    }
    /// What is done to an account.
    AccountAction {
        /// Nobody signs in with it, and its sessions end.
        Disable = "disable",
        /// It may be used again.
        Enable = "enable",
    }
    /// Whether every account of a world must have a second factor.
    Enrolment {
        /// It must, before anything else is done with it.
        Compulsory = "compulsory",
        /// It may.
        Voluntary = "voluntary",
    }
    /// What carries a session's token.
    Carrier {
        /// The header `Authorization`.
        Bearer = "bearer",
        /// A cookie that scripts cannot read.
        Cookie = "cookie",
    }
}

impl AccountState {
    /// The state after `action`.
    ///
    /// # Errors
    /// `staff.state` when it is in that state already.
    pub const fn act(self, action: AccountAction) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Active, AccountAction::Disable) => Ok(Self::Disabled),
            (Self::Disabled, AccountAction::Enable) => Ok(Self::Active),
            (Self::Active, AccountAction::Enable) | (Self::Disabled, AccountAction::Disable) => {
                Err(Refusal::State)
            }
        }
    }
}

/// Refuses to disable an account of `role` by a colleague when nobody else of the organisation who is enabled could
/// administer its accounts: two who disable each other at once would leave none.
pub fn keep_an_administrator(role: Role, others: i64) -> Result<(), Refusal> {
    if allows(role, Operation::TeamManage) && others == 0 { Err(Refusal::LastAdministrator) } else { Ok(()) }
}

/// Refuses one more account of an organisation that has `enabled` of at most `most`.
pub const fn admit_account(enabled: i64, most: i64) -> Result<(), Refusal> {
    if enabled < most { Ok(()) } else { Err(Refusal::TooMany { most }) }
}

/// Seconds of a step; authenticator apps know no other.
pub const STEP_SECONDS: i64 = 30;
/// Steps that a clock may be wrong, to either side (RFC 6238, 5.2).
const DRIFT: i64 = 1;

/// The steps whose codes are accepted at `now` when the code of `last` was the latest one used.
pub fn steps(now: Timestamp, last: i64) -> impl Iterator<Item = i64> {
    let current = now.as_seconds().div_euclid(STEP_SECONDS);
    (current - DRIFT..=current + DRIFT).filter(move |step| *step > last)
}

/// What a session has shown of its account's second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepUp {
    /// The account has none, and need not have one.
    Exempt,
    /// It was confirmed just now.
    Fresh,
    /// It was never confirmed in the session, or too long ago.
    Stale,
}

impl StepUp {
    /// The standing of a session whose factor was confirmed at `confirmed_at`, `ttl_seconds` being fresh enough.
    pub fn of(
        has_factor: bool,
        enrolment: Enrolment,
        confirmed_at: Option<Timestamp>,
        now: Timestamp,
        ttl_seconds: i64,
    ) -> Self {
        let fresh = confirmed_at.is_some_and(|at| now < at.plus_seconds(ttl_seconds));
        match (has_factor, enrolment) {
            _ if fresh => Self::Fresh,
            (false, Enrolment::Voluntary) => Self::Exempt,
            (true, _) | (false, Enrolment::Compulsory) => Self::Stale,
        }
    }

    /// Whether a sensitive operation may go on.
    ///
    /// # Errors
    /// `staff.step_up_required`
    pub const fn require(self) -> Result<(), Refusal> {
        match self {
            Self::Exempt | Self::Fresh => Ok(()),
            Self::Stale => Err(Refusal::StepUpRequired),
        }
    }
}

/// Whether a session that was last used at `seen_at` has been idle for too long.
pub fn is_idle(seen_at: Timestamp, now: Timestamp, idle_seconds: i64) -> bool {
    now >= seen_at.plus_seconds(idle_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Name, Parameters};
    use crate::time::BusinessDate;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn an_account_is_disabled_and_enabled_in_turn() {
        use AccountAction::{Disable, Enable};
        use AccountState::{Active, Disabled};
        for (state, action, outcome) in [
            (Active, Disable, Ok(Disabled)),
            (Active, Enable, Err(Refusal::State)),
            (Disabled, Enable, Ok(Active)),
            (Disabled, Disable, Err(Refusal::State)),
        ] {
            assert_eq!(state.act(action), outcome, "{state} {action}");
        }
    }

    #[test]
    fn the_last_administrator_of_an_organisation_stays_and_others_go() {
        for (role, others, outcome) in [
            (Role::ChannelAdmin, 1, Ok(())),
            (Role::ChannelAdmin, 0, Err(Refusal::LastAdministrator)),
            (Role::ChannelEngineer, 0, Ok(())),
        ] {
            assert_eq!(keep_an_administrator(role, others), outcome, "{role} {others}");
        }
    }

    #[test]
    fn an_organisation_has_at_most_so_many_enabled_accounts() {
        let most = Parameters::standard().get(Name::TeamMost, BusinessDate::from_days(0));
        assert_eq!(most, 50);
        assert_eq!(admit_account(49, most), Ok(()));
        assert_eq!(admit_account(50, most), Err(Refusal::TooMany { most: 50 }));
    }

    #[test]
    fn a_code_is_good_for_its_step_and_one_to_either_side_and_never_again() {
        for (now, last, accepted) in [
            (299, 0, &[8, 9, 10][..]),
            (300, 0, &[9, 10, 11]),
            (329, 0, &[9, 10, 11]),
            (330, 0, &[10, 11, 12]),
            (300, 9, &[10, 11]),
            (300, 10, &[11]),
            (300, 11, &[]),
        ] {
            assert_eq!(steps(at(now), last).collect::<Vec<_>>(), accepted, "{now} {last}");
        }
    }

    #[test]
    fn a_confirmation_is_fresh_for_its_time_and_needed_wherever_there_is_a_factor() {
        use Enrolment::{Compulsory, Voluntary};
        use StepUp::{Exempt, Fresh, Stale};
        for (has_factor, enrolment, confirmed, now, standing) in [
            (true, Voluntary, Some(100), 399, Fresh),
            (true, Voluntary, Some(100), 400, Stale),
            (true, Voluntary, None, 100, Stale),
            (false, Voluntary, None, 100, Exempt),
            (false, Compulsory, None, 100, Stale),
            (false, Voluntary, Some(100), 100, Fresh),
        ] {
            let found = StepUp::of(has_factor, enrolment, confirmed.map(at), at(now), 300);
            assert_eq!(found, standing, "{has_factor} {enrolment} {confirmed:?} {now}");
        }
        assert_eq!(Stale.require(), Err(Refusal::StepUpRequired));
        assert_eq!((Fresh.require(), Exempt.require()), (Ok(()), Ok(())));
    }

    #[test]
    fn a_session_is_idle_from_the_last_second_of_its_time_on() {
        assert!(!is_idle(at(100), at(1899), 1800));
        assert!(is_idle(at(100), at(1900), 1800));
    }
}
