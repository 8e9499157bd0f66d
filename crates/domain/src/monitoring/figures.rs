//! What a channel is measured by (CH-23): closed months, quarters of a commitment, and which trigger they meet.
//!
//! All figures are of a group, the same-entity level-1 and level-2 channels as one (CH-23.0b, R3); who belongs to it
//! is the caller's business. Invariant: every comparison is of integers, multiplied out or rounded down to the unit in
//! which the threshold itself is given, so that no rounding reaches one: exactly 100, exactly half and exactly 3 %
//! trigger nothing (R0).

use super::Refusal;
use crate::name::names;
use crate::parameter::{self, Name, Parameters};
use crate::time::{BusinessDate, Month};
use serde::{Deserialize, Serialize};

names! {
    /// What a group of channels fell short of.
    Trigger {
        /// Issuance of the last closed months below the minimum (CH-23.1a).
        Issuance = "issuance",
        /// Issuance fell by more than half in each of several months in a row (CH-23.1b).
        Falls = "falls",
        /// Monthly active users below a part of cumulative issuance (CH-23.1c).
        ActiveUsers = "active_users",
        /// Both figures below half of what was committed, quarter after quarter (CH-23.2).
        Commitment = "commitment",
    }
    /// What a channel committed itself to beside active users (CH-F2.10).
    Measure {
        /// 签发量.
        Issuance = "issuance",
        /// 应用接入的使用量, in place of issuance (R5).
        Usage = "usage",
    }
}

impl Trigger {
    /// Its name in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Issuance => "签发量不足",
            Self::Falls => "签发量连续下降",
            Self::ActiveUsers => "月活跃用户占比不足",
            Self::Commitment => "未达到承诺指标",
        }
    }
}

/// The figures of a closed natural month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringMonthFigures))]
#[serde(deny_unknown_fields)]
pub struct MonthFigures {
    /// Which month.
    pub month: Month,
    /// Issuances in it (R26).
    pub issuance: u64,
    /// Distinct persons who used the group in it.
    pub active: u64,
    /// Issuances since go-live until its end, gross (R3).
    pub cumulative: u64,
}

/// What a channel committed itself to for a year (CH-F2.10), fixed when the agreement was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringCommitment))]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// What `annual` counts.
    pub measure: Measure,
    /// Of the year.
    pub annual: u64,
    /// For each quarter, where a plan was stored; a fourth of the year otherwise (R5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 4, max_items = 4))]
    pub quarterly: Option<[u64; 4]>,
    /// Monthly active users.
    pub active: u64,
}

/// The figures of a closed natural quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringQuarterFigures))]
#[serde(deny_unknown_fields)]
pub struct QuarterFigures {
    /// Its first month.
    pub from: Month,
    /// What the commitment measures, in the quarter.
    pub amount: u64,
    /// Monthly active users of its three months.
    pub active: [u64; 3],
}

/// How far a quarter fulfils what was promised for it, in hundredths of a percent, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fulfilment {
    /// Of the quarter's part of the year.
    pub amount: u64,
    /// Of the monthly active users, as the mean of three months.
    pub active: u64,
}

impl Commitment {
    /// How far a quarter fulfils it (CH-23.2, R5). Where nothing was promised, all of it is fulfilled.
    pub fn fulfilment(&self, quarter: &QuarterFigures) -> Fulfilment {
        let place = usize::try_from(quarter.from.as_number().rem_euclid(12) / 3).unwrap_or(0);
        let promised = match self.quarterly {
            Some(planned) => u128::from(planned[place]) * 4,
            None => u128::from(self.annual),
        };
        let active: u128 = quarter.active.iter().map(|month| u128::from(*month)).sum();
        Fulfilment {
            amount: part(u128::from(quarter.amount) * 4, promised),
            active: part(active, u128::from(self.active) * 3),
        }
    }
}

/// How much of `whole` a figure is, in hundredths of a percent, rounded down.
fn part(figure: u128, whole: u128) -> u64 {
    let part = (figure * WHOLE).checked_div(whole).unwrap_or(WHOLE);
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// What is evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonitoringFigures))]
#[serde(tag = "basis", rename_all = "snake_case", deny_unknown_fields)]
pub enum Figures {
    /// Closed months, oldest first, without a gap.
    Months {
        /// The months.
        months: Vec<MonthFigures>,
    },
    /// Closed quarters, oldest first, without a gap (CH-23.2).
    Quarters {
        /// The quarters.
        quarters: Vec<QuarterFigures>,
        /// What was committed.
        commitment: Commitment,
    },
}

/// The thresholds of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    window: usize,
    min_issuance: u128,
    first_evaluation: i32,
    drop: u128,
    drop_run: usize,
    mau_ratio: u128,
    commitment: u128,
    quarters: usize,
}

/// The whole, in hundredths of a percent.
const WHOLE: u128 = 10_000;

impl Thresholds {
    /// Those in force on `day`.
    pub fn new(parameters: &Parameters, day: BusinessDate) -> Self {
        let get = |name| parameters.get(name, day);
        let wide = |name| u128::try_from(get(name)).unwrap_or(0);
        let count = |name| usize::try_from(get(name)).unwrap_or(usize::MAX);
        Self {
            window: count(Name::IssuanceWindow),
            min_issuance: wide(Name::MinIssuance),
            first_evaluation: i32::try_from(get(Name::FirstEvaluation)).unwrap_or(i32::MAX),
            drop: wide(Name::IssuanceDrop),
            drop_run: count(Name::DropRun),
            mau_ratio: wide(Name::MauRatio),
            commitment: wide(Name::SocialCommitment),
            quarters: count(Name::SocialRun),
        }
    }

    /// Whether figures are measured by a parameter.
    pub const fn measure_by(name: Name) -> bool {
        matches!(
            name,
            Name::IssuanceWindow
                | Name::MinIssuance
                | Name::FirstEvaluation
                | Name::IssuanceDrop
                | Name::DropRun
                | Name::MauRatio
                | Name::SocialCommitment
                | Name::SocialRun
        )
    }

    /// The parameters with another value of one that figures are measured by. Refuses: no trial; range.
    pub fn supposing(
        parameters: &Parameters,
        name: Name,
        value: i64,
    ) -> Result<Parameters, parameter::Refusal> {
        if Self::measure_by(name) {
            parameters.supposing(name, value)
        } else {
            Err(parameter::Refusal::NoTrial)
        }
    }

    /// How many closed months a caller has to bring for every trigger to be evaluated.
    pub fn months(&self) -> usize {
        self.window.max(self.drop_run.saturating_add(1))
    }

    /// How many closed quarters a caller has to bring.
    pub const fn quarters(&self) -> usize {
        self.quarters
    }

    /// Fewer issuances than the minimum in the last closed months (CH-23.1a, R1).
    fn is_short(&self, months: &[MonthFigures]) -> bool {
        let Some(start) = months.len().checked_sub(self.window) else { return false };
        let sum: u128 = months[start..].iter().map(|month| u128::from(month.issuance)).sum();
        sum < self.min_issuance
    }

    /// A run of falls, each by more than half (CH-23.1b). A month after one without issuance is no fall (R2).
    fn is_falling(&self, months: &[MonthFigures]) -> bool {
        let Some(start) = months.len().checked_sub(self.drop_run.saturating_add(1)) else { return false };
        months[start..].windows(2).all(|pair| {
            let (before, after) = (u128::from(pair[0].issuance), u128::from(pair[1].issuance));
            before.checked_sub(after).is_some_and(|fall| fall * WHOLE > before * self.drop)
        })
    }

    /// Too few active users in the last closed month (CH-23.1c). Without any issuance there is nothing to divide by
    /// and nothing is evaluated (R3).
    fn is_idle(&self, months: &[MonthFigures]) -> bool {
        months.last().is_some_and(|month| {
            u128::from(month.active) * WHOLE < u128::from(month.cumulative) * self.mau_ratio
        })
    }

    /// Whether both figures of a quarter missed what was committed (CH-23.2, R5).
    pub fn is_missed(&self, quarter: &QuarterFigures, commitment: &Commitment) -> bool {
        let Fulfilment { amount, active } = commitment.fulfilment(quarter);
        u128::from(amount) < self.commitment && u128::from(active) < self.commitment
    }
}

/// The first full natural month of a channel that went live on `live_on`; nothing before it is judged (R1).
pub fn first_full_month(live_on: BusinessDate) -> Month {
    let month = live_on.month();
    if month.first_day() == live_on { month } else { month.plus(1) }
}

impl Figures {
    /// The period that was closed last: its last month.
    pub fn until(&self) -> Option<Month> {
        match self {
            Self::Months { months } => months.last().map(|last| last.month),
            Self::Quarters { quarters, .. } => quarters.last().map(|last| last.from.plus(2)),
        }
    }

    /// Refuses figures with a gap, and figures that do not end with the last month or quarter closed before `today`.
    pub fn check(&self, today: BusinessDate) -> Result<(), Refusal> {
        let open = today.month();
        let (starts, step, last): (Vec<Month>, i32, Month) = match self {
            Self::Months { months } => (months.iter().map(|row| row.month).collect(), 1, open.plus(-1)),
            Self::Quarters { quarters, .. } => {
                let current = open.plus(-open.as_number().rem_euclid(3));
                (quarters.iter().map(|row| row.from).collect(), 3, current.plus(-3))
            }
        };
        let joined = starts.windows(2).all(|pair| pair[0].plus(step) == pair[1]);
        if joined && starts.last() == Some(&last) { Ok(()) } else { Err(Refusal::Figures) }
    }

    /// What they fall short of. Nothing is evaluated before three full months live (R1), and no month before the
    /// first full one counts in a sum or in a run.
    pub fn triggers(&self, live_on: BusinessDate, thresholds: &Thresholds) -> Vec<Trigger> {
        let first = first_full_month(live_on);
        match self {
            Self::Months { months } => {
                let full: Vec<_> = months.iter().copied().filter(|row| row.month >= first).collect();
                let Some(last) = full.last() else { return Vec::new() };
                if last.month < first.plus(thresholds.first_evaluation.saturating_sub(1)) {
                    return Vec::new();
                }
                let found = [
                    (Trigger::Issuance, thresholds.is_short(&full)),
                    (Trigger::Falls, thresholds.is_falling(&full)),
                    (Trigger::ActiveUsers, thresholds.is_idle(&full)),
                ];
                found.into_iter().filter(|(_, met)| *met).map(|(trigger, _)| trigger).collect()
            }
            Self::Quarters { quarters, commitment } => {
                let Some(start) = quarters.len().checked_sub(thresholds.quarters) else { return Vec::new() };
                let run = &quarters[start..];
                let missed = run.iter().all(|row| row.from >= first && thresholds.is_missed(row, commitment));
                if missed { vec![Trigger::Commitment] } else { Vec::new() }
            }
        }
    }
}
