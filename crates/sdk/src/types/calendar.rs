//! The calendar of working days: its years, and entering one.

use super::parameter::ParameterDecision;
use serde::{Deserialize, Serialize};

/// Days off in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarHoliday {
    /// What is celebrated; 1 to 20 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub name: String,
    /// The first day off, `YYYY-MM-DD`.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub first_on: String,
    /// The last.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 10))]
    pub last_on: String,
}

/// Proposes the arrangement of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposeCalendarYear {
    /// The year: one that has not begun, or the first that the calendar does not know.
    #[cfg_attr(feature = "openapi", schema(minimum = 2000, maximum = 2200))]
    pub year: i32,
    /// By which notice; 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub source: String,
    /// The holidays, 1 to 20.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 20))]
    pub holidays: Vec<CalendarHoliday>,
    /// Saturdays and Sundays on which work is done instead, at most 20.
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub worked: Vec<String>,
    /// Why it is entered, or what was checked; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// Decides on a proposed arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideCalendarYear {
    /// Approve or reject. Whoever proposed it may only reject it.
    pub decision: ParameterDecision,
    /// Why; 1 to 500 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub reason: String,
}

/// Where an arrangement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CalendarYearState {
    /// The program brings it along.
    Delivered,
    /// Waits for a second person.
    Proposed,
    /// In force, unless a later one of the same year is.
    Approved,
    /// Never in force.
    Rejected,
}

/// Who entered an arrangement, and who decided on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarEntry {
    /// `cal_…`
    pub calendar_year_id: String,
    /// From 1 within the year.
    pub number: i64,
    /// `stf_…` who proposed it.
    pub proposed_by: String,
    /// RFC 3339.
    pub proposed_at: String,
    /// Why it was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `stf_…` who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// Why it was decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_reason: Option<String>,
    /// For `If-Match`.
    pub version: i64,
}

/// An arrangement of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarYearView {
    /// The year.
    pub year: i32,
    /// Where it is.
    pub state: CalendarYearState,
    /// Whether the calendar counts by it.
    pub is_in_force: bool,
    /// By which notice.
    pub source: String,
    /// The holidays.
    pub holidays: Vec<CalendarHoliday>,
    /// Saturdays and Sundays on which work is done instead.
    pub worked: Vec<String>,
    /// How many days of the year are worked.
    pub working_days: u32,
    /// Who entered it; nothing of a delivered one, nor for whoever may not read the parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<CalendarEntry>,
}

/// The calendar as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarView {
    /// The last day that it knows.
    pub until_on: String,
    /// The year that can be entered next.
    pub next_year: i32,
    /// The year that should be known by now and is not: the present one, or from November on the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_year: Option<i32>,
    /// Every arrangement, the delivered ones included, by year, the oldest first; for whoever may not read the parameters only
    /// those in force.
    pub data: Vec<CalendarYearView>,
}
