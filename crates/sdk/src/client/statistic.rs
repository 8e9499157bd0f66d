//! What staff ask about counted use.

use super::call::with_query;
use super::{Call, Error, Items, Staff};
use crate::types::statistic::{
    Coverage, RehearseStatistics, StatisticAreas, StatisticRow, StatisticServices, StatisticTotals,
};

impl Staff {
    /// Records figures of the sandbox that nobody's use has brought about.
    pub fn rehearse_statistics(&self, request: &RehearseStatistics) -> Result<(), Error> {
        self.client().send(&Call::post("/api/v1/statistics/rehearsals", request)?.once())
    }

    /// Statistics by day of every channel in sight.
    pub fn statistics(&self, from_on: &str, to_on: &str) -> Items<'_, StatisticRow> {
        self.client()
            .list(with_query("/api/v1/statistics", &[("from_on", Some(from_on)), ("to_on", Some(to_on))]))
    }

    /// Statistics by month of all channels in sight together.
    pub fn statistic_totals(&self, from_on: &str, to_on: &str) -> Result<StatisticTotals, Error> {
        let query = [("from_on", Some(from_on)), ("to_on", Some(to_on)), ("group", Some("month"))];
        self.client().send(&Call::get(with_query("/api/v1/statistics/totals", &query)))
    }

    /// How many holders have an e-card, in the asker's area and right below it.
    pub fn coverage(&self) -> Result<Coverage, Error> {
        self.client().send(&Call::get("/api/v1/statistics/coverage"))
    }

    /// Uses of a month by application, of one channel or of all in sight.
    pub fn statistic_services(
        &self,
        month: &str,
        channel_id: Option<&str>,
    ) -> Result<StatisticServices, Error> {
        let query = [("month", Some(month)), ("channel_id", channel_id)];
        self.client().send(&Call::get(with_query("/api/v1/statistics/services", &query)))
    }

    /// Figures of a month by area, of one channel or of all in sight.
    pub fn statistic_areas(&self, month: &str, channel_id: Option<&str>) -> Result<StatisticAreas, Error> {
        let query = [("month", Some(month)), ("channel_id", channel_id)];
        self.client().send(&Call::get(with_query("/api/v1/statistics/areas", &query)))
    }
}
