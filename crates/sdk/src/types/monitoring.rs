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
