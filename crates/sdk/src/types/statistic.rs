//! Counted use per channel and day (CH-22, CH-23).

use serde::{Deserialize, Serialize};

/// One channel on one day or month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticRow {
    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub period: String,
    /// `chn_…`
    pub channel_id: String,
    /// 签发量: persons whose e-card was activated there for the first time.
    pub issued: i64,
    /// 累计签发量 at the end of the period.
    pub issued_total: i64,
    /// Distinct users in the period.
    pub active_users: i64,
    /// Uses.
    pub uses: i64,
    /// Payments.
    pub payments: i64,
    /// In fen.
    pub paid_fen: i64,
    /// Refunds.
    pub refunds: i64,
    /// In fen.
    pub refunded_fen: i64,
    /// Uses and payments that were refused.
    pub refused: i64,
}

/// Figures of the sandbox's month that nobody's use has brought about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RehearseStatistics {
    /// 1 to 500; all are recorded or none.
    pub figures: Vec<RehearsedFigures>,
}

/// The figures of one channel in one division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RehearsedFigures {
    /// `chn_…`
    pub channel_id: String,
    /// Where, six digits.
    #[cfg_attr(feature = "openapi", schema(max_length = 6))]
    pub division: String,
    /// The month that runs, `YYYY-MM`.
    #[cfg_attr(feature = "openapi", schema(max_length = 7))]
    pub month: String,
    /// 签发量 to add.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000))]
    pub issued: i64,
    /// Uses to add.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000))]
    pub uses: i64,
    /// Distinct users to add to the month's.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000))]
    pub active_users: i64,
}
