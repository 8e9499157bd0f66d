//! The work behind the requests, for whoever runs the platform. Every method fails as [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::job::{JobView, JobsView};

impl Staff {
    /// What waits, and the periodic work of the server that answers.
    pub fn jobs(&self) -> Result<JobsView, Error> {
        self.client().send(&Call::get("/api/v1/jobs"))
    }

    /// The jobs whose last attempt failed.
    pub fn failed_jobs(&self) -> Items<'_, JobView> {
        self.client().list("/api/v1/jobs/failed")
    }

    /// Has a failed job tried at once.
    pub fn rerun_job(&self, job_id: &str) -> Result<JobView, Error> {
        let path = format!("/api/v1/jobs/{}/rerun", encode(job_id));
        self.client().send(&Call { method: "POST", ..Call::get(path) })
    }
}
