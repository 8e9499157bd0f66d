//! Jobs: work that a transaction leaves for later (the outbox), done by whichever process gets to it first.
//!
//! Invariants. A job is enqueued in the transaction of its cause, so neither exists without the other. It is held
//! under a lease; a handler that writes ends the job in the transaction of its own effect ([`Job::finish`]), so an
//! effect that needs nothing from outside happens exactly once. What goes out of the process happens at least once.
//! A job is never dropped: one that keeps failing is tried again every hour and stays visible with its last error.
//! One kind may take as long as it needs: a server does one such job at a time, beside the others, and it renews its lease
//! as it goes ([`Job::renew`]); when the server stops it is broken off and left to its lease.
//!
//! Due times are business time, so that moving a sandbox's clock makes its jobs due.

pub mod duty;
pub mod http;
pub mod service;

use crate::{Error, World};
use domain::time::Timestamp;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use store::WriteTx;
use store::job::JobRow;
use tokio::task::JoinSet;

/// How long a process may hold a job, seconds.
const LEASE_SECONDS: i64 = 60;
/// How long a handler may run; less than the lease, so that it has ended before another process may begin.
const HANDLER_SECONDS: u64 = 50;
/// Jobs that one process does at once.
const AT_ONCE: usize = 32;
/// The first wait after a failure, seconds; it doubles up to [`LONGEST_WAIT_SECONDS`].
const FIRST_WAIT_SECONDS: i64 = 5;
const LONGEST_WAIT_SECONDS: i64 = 3600;
/// Characters of an error that are kept with the job.
const ERROR_LENGTH: usize = 300;

/// Leaves work in the transaction of its cause: `kind` is one of [`registered`], `subject` says to what, and both
/// together are done once however often they are enqueued while one is waiting.
///
/// # Errors
/// The store's.
pub fn enqueue(tx: &mut WriteTx<'_>, kind: &str, subject: &str, due_at: Timestamp) -> Result<(), Error> {
    store::job::enqueue(tx, kind, subject, due_at.as_micros(), due_at.as_micros())?;
    Ok(())
}

/// Takes back work that nobody needs any more; whoever holds it settles nothing.
///
/// # Errors
/// The store's.
pub fn withdraw(tx: &mut WriteTx<'_>, kind: &str, subject: &str) -> Result<(), Error> {
    if let Some(row) = store::job::find(tx, kind, subject)? {
        store::job::finish(tx, &row)?;
    }
    Ok(())
}

/// A job that this process holds.
#[derive(Debug, Clone)]
pub struct Job {
    row: JobRow,
}

impl Job {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.row.subject
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        u32::try_from(self.row.attempt).unwrap_or(u32::MAX)
    }

    /// Ends the job together with its effect. Not needed by a handler that writes nothing: a handler that returns
    /// `Ok` has its job ended for it.
    ///
    /// # Errors
    /// Stale when the lease is lost: then the effect must not stand either.
    pub fn finish(&self, tx: &mut WriteTx<'_>) -> Result<(), Error> {
        self.held(store::job::finish(tx, &self.row)?)
    }

    /// Puts the job back to be taken again at `due_at`, together with what the handler writes about it.
    ///
    /// # Errors
    /// As [`Job::finish`].
    pub fn put_back(&self, tx: &mut WriteTx<'_>, due_at: Timestamp, why: &str) -> Result<(), Error> {
        self.held(store::job::put_back(tx, &self.row, due_at.as_micros(), why)?)
    }

    /// The job as it is held from `now` on, to be kept in the place of this one when [`Job::renew`] is committed.
    #[must_use]
    pub fn renewed(&self, now: Timestamp) -> Self {
        let due_at = now.plus_seconds(LEASE_SECONDS).as_micros();
        Self { row: JobRow { due_at, ..self.row.clone() } }
    }

    /// Renews the lease, together with what a handler that takes long writes about its progress.
    ///
    /// # Errors
    /// As [`Job::finish`].
    pub fn renew(&self, tx: &mut WriteTx<'_>, renewed: &Self) -> Result<(), Error> {
        Ok(store::job::move_due(tx, &self.row, renewed.row.due_at)?)
    }

    fn held(&self, held: bool) -> Result<(), Error> {
        if held { Ok(()) } else { Err(store::StoreError::Stale.into()) }
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
type Handler = Arc<dyn Fn(World, Job) -> Running + Send + Sync>;

/// What to do for each kind of job.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: HashMap<&'static str, Handler>,
    long: Option<&'static str>,
}

impl std::fmt::Debug for Handlers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_kind.keys()).finish()
    }
}

impl Handlers {
    /// Adds what to do for `kind`.
    #[must_use]
    pub fn on<F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(World, Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.by_kind.insert(kind, Arc::new(move |world, job| Box::pin(handler(world, job))));
        self
    }

    /// Adds what to do for the one kind whose jobs may take long: the handler renews its lease, and ends the job itself.
    #[must_use]
    pub fn on_long<F, R>(self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(World, Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        Self { long: Some(kind), ..self.on(kind, handler) }
    }
}

/// Every kind of job of the platform.
#[must_use]
pub fn registered() -> Handlers {
    let handlers = crate::webhook::delivery::handle(Handlers::default());
    let handlers = crate::key_rotation::follow::register(crate::export::make::register(handlers));
    crate::sending::plan::register(crate::channel::testing::register(crate::bank::jobs::register(handlers)))
}

/// Does every job that is due now, one after the other, until none is left; how many were taken.
///
/// # Errors
/// The store's; what a handler says is kept with its job.
pub async fn run_due(world: &World, handlers: &Handlers) -> Result<usize, Error> {
    let mut taken = 0;
    loop {
        let mut jobs = take(world, handlers, AT_ONCE).await?;
        jobs.extend(take_long(world, handlers).await?);
        if jobs.is_empty() {
            return Ok(taken);
        }
        taken += jobs.len();
        for job in jobs {
            attempt(world.clone(), handlers.clone(), job).await;
        }
    }
}

/// Jobs being done in the background by this process.
#[derive(Debug)]
pub struct Runner {
    world: World,
    handlers: Handlers,
    running: JoinSet<()>,
    long: JoinSet<()>,
}

impl Runner {
    /// A runner with nothing to do yet.
    #[must_use]
    pub fn new(world: World, handlers: Handlers) -> Self {
        Self { world, handlers, running: JoinSet::new(), long: JoinSet::new() }
    }

    /// Begins what is due, as far as there is room.
    ///
    /// # Errors
    /// The store's.
    pub async fn tick(&mut self) -> Result<(), Error> {
        for running in [&mut self.running, &mut self.long] {
            while let Some(ended) = running.try_join_next() {
                if let Err(panic) = ended {
                    tracing::error!(%panic, "a job broke off; its lease runs out and it is tried again");
                }
            }
        }
        let room = AT_ONCE - self.running.len().min(AT_ONCE);
        if room > 0 {
            for job in take(&self.world, &self.handlers, room).await? {
                self.running.spawn(attempt(self.world.clone(), self.handlers.clone(), job));
            }
        }
        if self.long.is_empty() {
            for job in take_long(&self.world, &self.handlers).await? {
                self.long.spawn(attempt(self.world.clone(), self.handlers.clone(), job));
            }
        }
        Ok(())
    }

    /// Waits for what has begun, and breaks off what takes long: its lease runs out, and another server begins it anew.
    pub async fn drain(mut self) {
        self.long.shutdown().await;
        while self.running.join_next().await.is_some() {}
    }
}

/// Takes up to `most` jobs that are due and do not take long.
async fn take(world: &World, handlers: &Handlers, most: usize) -> Result<Vec<Job>, Error> {
    let (due_by, limit) = (world.now().as_micros(), i64::try_from(most).unwrap_or(i64::MAX));
    let long = handlers.long.unwrap_or_default();
    let due = world.db().read(move |tx| store::job::list_due(tx, due_by, long, limit)).await?;
    hold(world, due).await
}

/// Takes the job that takes long and has been due longest, if there is one.
async fn take_long(world: &World, handlers: &Handlers) -> Result<Vec<Job>, Error> {
    let Some(long) = handlers.long else { return Ok(Vec::new()) };
    let due_by = world.now().as_micros();
    let due = world.db().read(move |tx| store::job::list_due_of(tx, due_by, long, 1)).await?;
    hold(world, due).await
}

/// Puts jobs under a lease of this process; those that another one took meanwhile are left out.
async fn hold(world: &World, due: Vec<JobRow>) -> Result<Vec<Job>, Error> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let now = world.now();
    let lease_until = now.plus_seconds(LEASE_SECONDS).as_micros();
    let taken = world
        .db()
        .write(move |tx| {
            tx.unaudited("leases on jobs");
            let mut taken = Vec::with_capacity(due.len());
            for row in &due {
                if store::job::lease(tx, row, lease_until)? {
                    taken.push(JobRow { due_at: lease_until, attempt: row.attempt + 1, ..row.clone() });
                }
            }
            Ok::<_, Error>(taken)
        })
        .await?;
    Ok(taken.into_iter().map(|row| Job { row }).collect())
}

/// One attempt: the handler, then the end of the job or its next due time.
async fn attempt(world: World, handlers: Handlers, job: Job) {
    let outcome = match handlers.by_kind.get(job.row.kind.as_str()) {
        Some(handler) if handlers.long == Some(job.row.kind.as_str()) => {
            handler(world.clone(), job.clone()).await
        }
        Some(handler) => {
            let limit = Duration::from_secs(HANDLER_SECONDS);
            let running = handler(world.clone(), job.clone());
            tokio::time::timeout(limit, running)
                .await
                .unwrap_or_else(|_| Err(Error::internal("it took longer than its lease allows")))
        }
        None => Err(Error::internal("no handler knows this kind of job")),
    };
    if let Err(error) = settle(&world, &job, outcome).await {
        let source = error.source_for_log();
        tracing::error!(kind = job.row.kind, code = error.code(), source, "a job could not be settled");
    }
}

async fn settle(world: &World, job: &Job, outcome: Result<(), Error>) -> Result<(), Error> {
    let row = job.row.clone();
    let failed = outcome.err().map(|error| {
        let why = error.source_for_log().unwrap_or_else(|| error.code().to_owned());
        tracing::warn!(kind = row.kind, subject = row.subject, attempt = row.attempt, why, "a job failed");
        why.chars().take(ERROR_LENGTH).collect::<String>()
    });
    let again_at = world.now().plus_seconds(wait_seconds(job.attempt())).as_micros();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("the end of a job");
            // A handler that ended its job itself holds no lease any more; then this touches nothing.
            match &failed {
                None => store::job::finish(tx, &row)?,
                Some(why) => store::job::put_back(tx, &row, again_at, why)?,
            };
            Ok(())
        })
        .await
}

/// How long to wait after the attempt numbered `attempt` failed.
fn wait_seconds(attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(1).min(16);
    (FIRST_WAIT_SECONDS << doublings).min(LONGEST_WAIT_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_five_seconds_to_an_hour() {
        let waits: Vec<_> = [1, 2, 3, 10, 11, u32::MAX].map(wait_seconds).into();
        assert_eq!(waits, [5, 10, 20, 2560, 3600, 3600]);
    }
}
