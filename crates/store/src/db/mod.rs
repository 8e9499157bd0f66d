//! The database façade: one code path over `SQLite` (embedded, the default) and `PostgreSQL`.
//!
//! A whole transaction crosses to a database thread, never a single statement. Writes that arrive together
//! share one commit (always on `SQLite`; for [`Batch`] lanes on `PostgreSQL`), each with its own outcome.
//! Nothing is answered before its transaction, audit records included, is committed. Deliberately not here:
//! an object mapper, query building, a cache.

pub mod asked;
mod connection;
mod job;
mod journal;
pub mod migrate;
pub(crate) mod open;
mod rehearsal;
mod scratch;
pub mod sql;
mod tx;
mod value;
mod writer;

use crate::StoreError;
use crossbeam_channel::{Sender, TrySendError};
use job::{BatchLane, ClosureJob, Task};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::oneshot;
use writer::PoolTask;

pub use job::Batch;
pub use journal::Clock;
pub use open::{Config, Engine};
pub use rehearsal::Run;
use rehearsal::Undone;
pub use scratch::Scratch;
pub use sql::Sql;
pub use tx::{ReadTx, WriteTx};
pub use value::{Cell, Column, Row, Value};

/// Commands that may wait in one lane before callers are told to come back.
const LANE_CAPACITY: usize = 8192;

/// A database. Cloning shares it; the last clone's end stops its threads.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

enum Routes {
    Sqlite { writer: Sender<Task>, readers: Option<Sender<job::ReadJob>>, _stop: Sender<()> },
    Postgres { writers: Vec<Sender<Task>>, pool: Sender<PoolTask> },
}

struct Inner {
    routes: Routes,
    lanes: RwLock<HashMap<(TypeId, usize), Arc<dyn Any + Send + Sync>>>,
    engine: Engine,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("engine", &self.inner.engine).finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the database, checks that it is durable, and brings its schema up to date.
    ///
    /// # Errors
    /// `Config` when durability is switched off or the schema is newer than this program; `Unavailable`.
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        open::open(config)
    }

    fn new(routes: Routes, engine: Engine) -> Self {
        Self { inner: Arc::new(Inner { routes, lanes: RwLock::default(), engine }) }
    }

    /// Which engine serves this database.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Runs `body` over one consistent view.
    ///
    /// # Errors
    /// What `body` returns; `Busy` when the queue is full; `Unavailable` when the database has gone.
    pub async fn read<F, T, E>(&self, body: F) -> Result<T, E>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let answer = self.send_read(body)?;
        answer.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// [`Db::read`] for threads outside the async runtime.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<F, T, E>(&self, body: F) -> Result<T, E>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.send_read(body)?.blocking_recv().unwrap_or_else(|_| Err(gone().into()))
    }

    fn send_read<F, T, E>(&self, body: F) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: job::ReadJob = Box::new(move |tx| {
            let result = match tx {
                Ok(tx) => body(tx),
                Err(error) => Err(error.into()),
            };
            let _ = reply.send(result);
        });
        match &self.inner.routes {
            Routes::Sqlite { readers: Some(readers), .. } => offer(readers, job)?,
            Routes::Sqlite { writer, readers: None, .. } => offer(writer, Task::Read(job))?,
            Routes::Postgres { pool, .. } => offer(pool, PoolTask::Read(job))?,
        }
        Ok(answer)
    }

    /// Runs `body` in a write transaction. `Err` rolls back what `body` did and nothing else. `body` may run
    /// again (a neighbour failed, the database asked for a retry), so ids, times and randomness come in with it.
    ///
    /// # Errors
    /// What `body` returns; `Unaudited` when it wrote without evidence; `Busy`; `Unavailable`.
    pub async fn write<F, T, E>(&self, body: F) -> Result<T, E>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.send_write(body)?.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// [`Db::write`], or the same with everything taken back at the end: `body` runs whole, with every rule, lock and
    /// constraint, and leaves nothing but its answer.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn perform<F, T, E>(&self, run: Run, body: F) -> Result<T, E>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match run {
            Run::Real => self.write(body).await,
            Run::Dry => match self.write(move |tx| Undone::of(body(tx))).await {
                Ok(never) => match never {},
                Err(undone) => undone.into_result(),
            },
        }
    }

    /// [`Db::write`] for threads outside the async runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<F, T, E>(&self, body: F) -> Result<T, E>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.send_write(body)?.blocking_recv().unwrap_or_else(|_| Err(gone().into()))
    }

    fn send_write<F, T, E>(&self, body: F) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(ClosureJob::new(body, reply));
        match &self.inner.routes {
            Routes::Sqlite { writer, .. } => offer(writer, Task::Job(job))?,
            Routes::Postgres { pool, .. } => offer(pool, PoolTask::Write(job))?,
        }
        Ok(answer)
    }

    /// Hands a command to the writer that owns `shard`; it is grouped with the commands that wait there.
    ///
    /// # Errors
    /// `Busy` when the lane is full; `Unavailable`; otherwise what made this command's transaction fail.
    pub async fn submit<B: Batch>(&self, shard: u16, command: B::Command) -> Result<B::Outcome, StoreError> {
        self.send_command::<B>(shard, command)?.await.unwrap_or_else(|_| Err(gone()))
    }

    /// [`Db::submit`] for threads outside the async runtime.
    ///
    /// # Errors
    /// As [`Db::submit`].
    pub fn submit_blocking<B: Batch>(
        &self,
        shard: u16,
        command: B::Command,
    ) -> Result<B::Outcome, StoreError> {
        self.send_command::<B>(shard, command)?.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }

    fn send_command<B: Batch>(
        &self,
        shard: u16,
        command: B::Command,
    ) -> Result<oneshot::Receiver<Result<B::Outcome, StoreError>>, StoreError> {
        let (writer, sender) = match &self.inner.routes {
            Routes::Sqlite { writer, .. } => (0, writer),
            Routes::Postgres { writers, .. } => {
                let writer = usize::from(shard) % writers.len();
                (writer, &writers[writer])
            }
        };
        let lane = self.lane::<B>(writer);
        let (reply, answer) = oneshot::channel();
        if lane.push(command, reply, LANE_CAPACITY)? {
            sender.send(Task::Lane(lane)).map_err(|_| gone())?;
        }
        Ok(answer)
    }

    fn lane<B: Batch>(&self, writer: usize) -> Arc<BatchLane<B>> {
        let key = (TypeId::of::<B>(), writer);
        let known = {
            let lanes = self.inner.lanes.read().unwrap_or_else(PoisonError::into_inner);
            lanes.get(&key).cloned()
        };
        let lane = known.unwrap_or_else(|| {
            let mut lanes = self.inner.lanes.write().unwrap_or_else(PoisonError::into_inner);
            lanes.entry(key).or_insert_with(|| Arc::new(BatchLane::<B>::default())).clone()
        });
        // The key names the type, so the downcast cannot fail; a fresh lane would only cost grouping.
        lane.downcast().unwrap_or_default()
    }

    /// Checks that this database accepts a statement, without running it.
    ///
    /// # Errors
    /// What the database says against it.
    pub fn check(&self, sql: Sql) -> Result<(), StoreError> {
        self.read_blocking(move |tx| tx.connection.check(sql))
    }
}

fn offer<T>(queue: &Sender<T>, task: T) -> Result<(), StoreError> {
    queue.try_send(task).map_err(|error| match error {
        TrySendError::Full(_) => StoreError::Busy,
        TrySendError::Disconnected(_) => gone(),
    })
}

fn gone() -> StoreError {
    StoreError::Unavailable("its thread has stopped".into())
}
