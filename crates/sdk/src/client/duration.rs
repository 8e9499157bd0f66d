//! How long the steps of applications took.

use super::call::with_query;
use super::{Call, Error, Staff};
use crate::types::duration::ApplicationDurations;

impl Staff {
    /// How long the steps of applications took that ended in a time, of channels of a class or of all.
    pub fn application_durations(
        &self,
        class: Option<&str>,
        (from_on, until_on): (Option<&str>, Option<&str>),
    ) -> Result<ApplicationDurations, Error> {
        let query = [("class", class), ("from_on", from_on), ("until_on", until_on)];
        self.client().send(&Call::get(with_query("/api/v1/applications/durations", &query)))
    }
}
