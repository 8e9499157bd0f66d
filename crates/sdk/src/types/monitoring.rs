//! Wire types of monitoring: monthly figures with the numbers they are measured by (CH-23).

use serde::{Deserialize, Serialize};

/// The figures of a channel's same-entity group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonitoringView {
    /// The level-1 channel of the group, or the channel itself.
    pub channel_id: String,
    /// The level-2 channels whose figures are counted in.
    pub member_ids: Vec<String>,
    /// The numbers in force today.
    pub thresholds: MonitoringThresholds,
    /// Closed months, oldest first.
    pub months: Vec<MonitoringMonth>,
    /// The open monitorings of the group.
    pub matter_ids: Vec<String>,
    /// What a channel of class 社会 has promised in 附表2, once it is in force (CH-F2.10, CH-23.2).
    pub promise: Option<MonitoringPromise>,
}

/// What another value of a parameter would have found in the closed months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrialView {
    /// The parameter.
    pub name: String,
    /// The value in force today.
    pub standing: i64,
    /// The value tried.
    pub tried: i64,
    /// The first month looked at, `YYYY-MM`.
    pub first_month: String,
    /// The last.
    pub last_month: String,
    /// How many channels fall short at least once by the value in force.
    pub channels_standing: u64,
    /// How many by the tried one.
    pub channels_tried: u64,
    /// Every channel and month where either falls short, oldest first.
    pub shortfalls: Vec<ShortfallView>,
}

/// A channel's group that falls short at the end of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShortfallView {
    /// `YYYY-MM`.
    pub month: String,
    /// The level-1 channel of the group, or the channel itself.
    pub channel_id: String,
    /// 渠道编号.
    pub channel_number: String,
    /// Its name.
    pub channel_name: String,
    /// By the value in force: `issuance`, `falls`, `active_users`, `commitment`.
    pub standing: Vec<String>,
    /// By the tried one.
    pub tried: Vec<String>,
}

/// The numbers that figures are measured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonitoringThresholds {
    /// So many months of issuance are added up (CH-23.1a).
    pub issuance_window_months: i64,
    /// Fewer trigger (CH-23.1a).
    pub min_issuance: i64,
    /// A larger fall from one month to the next counts, in hundredths of a percent (CH-23.1b).
    pub drop_basis_points: i64,
    /// So many falls in a row trigger (CH-23.1b).
    pub drop_run_months: i64,
    /// A smaller part of cumulative issuance triggers, in hundredths of a percent (CH-23.1c).
    pub mau_ratio_basis_points: i64,
    /// So many full months pass before the first evaluation.
    pub first_evaluation_months: i64,
    /// A quarter in which both figures are a smaller part of what was promised is missed, in hundredths of a percent (CH-23.2).
    pub promise_basis_points: i64,
    /// So many missed quarters in a row trigger (CH-23.2).
    pub promise_run_quarters: i64,
}

/// What was promised, with the closed quarters it is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonitoringPromise {
    /// What `annual` counts: `issuance`, or `usage` where only that was promised.
    pub measure: String,
    /// Of the year.
    pub annual: u64,
    /// For each quarter, where a plan was settled; a fourth of the year otherwise.
    #[cfg_attr(feature = "openapi", schema(min_items = 4, max_items = 4))]
    pub quarterly: Option<Vec<u64>>,
    /// Active users of a month.
    pub monthly_active_users: u64,
    /// Closed quarters since the first full month, oldest first; four at most, or as many as the rule looks at.
    pub quarters: Vec<MonitoringQuarter>,
}

/// A closed quarter beside what was promised for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonitoringQuarter {
    /// `YYYY-MM`.
    pub first_month: String,
    /// `YYYY-MM`.
    pub last_month: String,
    /// What the promise measures, in the quarter.
    pub amount: u64,
    /// Distinct users of the group in each of its three months.
    #[cfg_attr(feature = "openapi", schema(min_items = 3, max_items = 3))]
    pub active_users: Vec<u64>,
    /// How much of what was promised `amount` is, in hundredths of a percent, rounded down.
    pub amount_basis_points: u64,
    /// The same of the active users, as the mean of the three months.
    pub active_basis_points: u64,
    /// Whether both are below the part in force.
    pub is_missed: bool,
    /// `commitment` where enough quarters in a row were missed at its end, by today's numbers.
    pub triggers: Vec<String>,
}

/// The figures of one closed month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonitoringMonth {
    /// `YYYY-MM`.
    pub month: String,
    /// 签发量 in the month.
    pub issued: u64,
    /// 累计签发量 at its end.
    pub issued_total: u64,
    /// Distinct users of the group.
    pub active_users: u64,
    /// What was not met at its end, by today's numbers: `issuance`, `falls`, `active_users`.
    pub triggers: Vec<String>,
}
