//! The calendar of working days.

use super::call::encode;
use super::{Call, Error, Staff};
use crate::types::calendar::{CalendarView, CalendarYearView, DecideCalendarYear, ProposeCalendarYear};

impl Staff {
    /// The calendar with every arrangement, and what is missing of it.
    pub fn calendar(&self) -> Result<CalendarView, Error> {
        self.client().send(&Call::get("/api/v1/calendar-years"))
    }

    /// Proposes the arrangement of a year.
    pub fn propose_calendar_year(&self, request: &ProposeCalendarYear) -> Result<CalendarYearView, Error> {
        self.client().send(&Call::post("/api/v1/calendar-years", request)?)
    }

    /// Approves or rejects the proposed arrangement `calendar_year_id`, of which `version` was read.
    pub fn decide_calendar_year(
        &self,
        calendar_year_id: &str,
        version: i64,
        request: &DecideCalendarYear,
    ) -> Result<CalendarYearView, Error> {
        let path = format!("/api/v1/calendar-years/{}/decision", encode(calendar_year_id));
        self.client().send(&Call::post(path, request)?.if_match(version))
    }
}
