//! The wire form of jobs and duties.

use super::duty::{Duty, Failure};
use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::id::JobId;
use domain::time::Timestamp;
use sdk::types::Page;
use sdk::types::job::{DutyFailure, DutyView, JobQueue, JobView, JobsView};
use store::job::{JobRow, QueueRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a subject that is shown: an id, and not what crosses with a job.
const SUBJECT: usize = 64;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_jobs))
        .routes(routes!(list_failed_jobs))
        .routes(routes!(rerun_job))
}

/// What waits to be done, by kind, and the periodic work of the server that is asked.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "job", operation_id = "get_jobs",
    responses((status = 200, body = JobsView)))]
async fn get_jobs(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<JobsView>, Error> {
    let queues = service::queues(&world, &staff).await?.into_iter().map(queue).collect();
    let duties = service::duties(&world, &staff)?.into_iter().map(|(name, duty)| told(name, &duty)).collect();
    Ok(Json(JobsView { queues, duties }))
}

/// Jobs whose last attempt failed, with the error; they are tried again by themselves.
#[utoipa::path(get, path = "/api/v1/jobs/failed", tag = "job", operation_id = "list_failed_jobs",
    params(PageQuery), responses((status = 200, body = Page<JobView>)))]
async fn list_failed_jobs(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<JobView>>, Error> {
    let (limit, after) = (query.limit()?, query.cursor(|text| text.parse().ok())?);
    let rows = service::list_failed(&world, &staff, after, limit).await?;
    Ok(Json(page::page(rows.into_iter().map(view).collect(), limit, |last: &JobView| last.job_id.clone())))
}

/// Has a failed job tried at once.
#[utoipa::path(post, path = "/api/v1/jobs/{job_id}/rerun", tag = "job", operation_id = "rerun_job",
    params(("job_id" = String, Path)), responses((status = 200, body = JobView)))]
async fn rerun_job(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(job_id): Path<String>,
) -> Result<Json<JobView>, Error> {
    let id = job_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(view(service::rerun(&world, &staff, id).await?)))
}

fn moment(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}

fn queue(row: QueueRow) -> JobQueue {
    JobQueue {
        kind: row.kind,
        waiting: row.waiting,
        failed: row.failed,
        oldest_at: moment(row.oldest_at),
        next_at: moment(row.next_at),
    }
}

fn view(row: JobRow) -> JobView {
    JobView {
        job_id: JobId::from_bytes(row.id).to_string(),
        kind: row.kind,
        subject: Some(row.subject).filter(|subject| subject.len() <= SUBJECT),
        attempts: row.attempt,
        last_error: row.last_error.unwrap_or_default(),
        created_at: moment(row.created_at),
        next_at: moment(row.due_at),
    }
}

fn failure(failure: &Failure) -> DutyFailure {
    DutyFailure { at: failure.at.to_string(), error: failure.why.clone() }
}

fn told(name: &str, duty: &Duty) -> DutyView {
    let whole = |micros: u128| i64::try_from(micros).unwrap_or(i64::MAX);
    DutyView {
        name: name.to_owned(),
        period_ms: whole(duty.period.as_millis()),
        last_at: duty.last.map(|run| run.at.to_string()),
        took_us: duty.last.map(|run| whole(run.took.as_micros())),
        next_at: duty.next_at().map(|at| at.to_string()),
        slowest_at: duty.slowest.map(|run| run.at.to_string()),
        slowest_us: duty.slowest.map(|run| whole(run.took.as_micros())),
        runs: whole(duty.runs.into()),
        failed: whole(duty.failed.into()),
        failures: duty.failures.iter().map(failure).collect(),
    }
}
