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
    /// The same by reason.
    pub refusals: StatisticRefusals,
}

/// Uses and payments that were refused, by reason; together they are `refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticRefusals {
    /// The code itself. One that is forged or out of date is turned away before anything is written, and counted nowhere.
    pub code: i64,
    /// The code was spent already.
    pub replay: i64,
    /// The state of the card or the e-card, or its level.
    pub card: i64,
    /// The person has not authorized it.
    pub person: i64,
    /// The department has not opened it.
    pub department: i64,
    /// It lies outside the channel's scope or state.
    pub channel: i64,
    /// Payments that were refused or failed.
    pub payment: i64,
}

/// Figures of all channels in sight together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticTotals {
    /// When they were read, RFC 3339.
    pub as_of: String,
    /// Oldest first.
    pub periods: Vec<StatisticTotal>,
}

/// The figures of all channels in sight in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticTotal {
    /// `YYYY-MM-DD` or `YYYY-MM`.
    pub period: String,
    /// 签发量.
    pub issued: i64,
    /// Distinct users of each channel.
    pub active_users: i64,
    /// Uses.
    pub uses: i64,
    /// Uses and payments that were refused.
    pub refused: i64,
    /// Payments.
    pub payments: i64,
    /// In fen.
    pub paid_fen: i64,
}

/// Figures of a month by area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticAreas {
    /// `YYYY-MM`.
    pub month: String,
    /// Whether the month is over and its users are counted.
    pub is_closed: bool,
    /// Areas with any figure, by their code.
    pub areas: Vec<StatisticArea>,
}

/// The figures of one area, of all channels asked about together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticArea {
    /// Six digits.
    pub division: String,
    /// 签发量.
    pub issued: i64,
    /// Distinct users of each channel.
    pub active_users: i64,
    /// Uses.
    pub uses: i64,
    /// Uses and payments that were refused.
    pub refused: i64,
}

/// Uses of a month by application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticServices {
    /// `YYYY-MM`.
    pub month: String,
    /// The last day that is counted, `YYYY-MM-DD`; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_to: Option<String>,
    /// The month and the twelve before it, oldest first.
    pub months: Vec<String>,
    /// Services with a use in one of them, the most used in the month first.
    pub services: Vec<StatisticService>,
}

/// The uses of one application, of all channels asked about together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatisticService {
    /// Its code, as in the catalogue.
    pub service: String,
    /// Uses that were answered in the month.
    pub uses: i64,
    /// In the same month of the year before.
    pub year_before: i64,
    /// The change against it in ten thousand parts, toward zero; absent of a month that is not over and counted, and of one that
    /// follows a month of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_basis_points: Option<i64>,
    /// In each of the months, as they are listed.
    pub months: Vec<i64>,
}

/// Who has a card and who its electronic form, in the asker's area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// The asker's area, six digits.
    pub division: String,
    /// The day of the newest count, `YYYY-MM-DD`; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Of the whole area.
    pub count: CoverageCount,
    /// Of the areas right below it that have any, by their code.
    pub areas: Vec<AreaCoverage>,
    /// The last count of each of the last 24 months, oldest first.
    pub months: Vec<MonthCoverage>,
    /// How far the area has come to the marks of 人社厅发〔2019〕45号, in the order of their days.
    pub marks: Vec<CoverageMark>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CoverageCount {
    /// Persons with a card in force: taken into use and not invalid.
    pub holders: i64,
    /// E-cards of such cards.
    pub ecards: i64,
    /// How many in ten thousand holders have one, rounded down; absent without holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis_points: Option<i64>,
}

/// How many there are in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaCoverage {
    /// Six digits.
    pub division: String,
    /// By the division that issued the card.
    #[serde(flatten)]
    pub count: CoverageCount,
}

/// How many there were at the end of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthCoverage {
    /// `YYYY-MM`.
    pub month: String,
    /// At its last count.
    #[serde(flatten)]
    pub count: CoverageCount,
}

/// How far an area has come to a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CoverageMark {
    /// The clause that set it, such as `ND-4.2`.
    pub clause: String,
    /// By when, `YYYY-MM-DD`.
    pub on: String,
    /// `provinces_issue`, `prefectures_issue`, `provinces_pay`, `prefectures_pay` or `share`.
    pub demand: String,
    /// Divisions that have come so far; of a share, how many in ten thousand.
    pub reached: i64,
    /// How many there are; of a share, how many in ten thousand were asked for.
    pub of: i64,
    /// Whether it is reached.
    pub is_met: bool,
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
    /// How many of the uses fall to which application; together no more than the uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<RehearsedUses>,
}

/// Uses of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RehearsedUses {
    /// The service's code.
    pub service: String,
    /// Of the uses to add.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000_000))]
    pub uses: i64,
}
