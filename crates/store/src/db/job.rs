//! Jobs: what a caller hands to a database thread, and how each keeps its own outcome.

use super::asked::{Asked, current};
use super::tx::{ReadTx, WriteTx};
use crate::StoreError;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// What to do with the part of the transaction that a job wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Commit it with the group.
    Keep,
    /// Roll it back; the job has its refusal or error.
    Discard,
    /// Roll it back and run its commands one by one.
    Split,
}

/// A write on its way to a database thread. It may run more than once before it is answered.
pub(crate) trait Job: Send {
    fn run(&mut self, tx: &mut WriteTx<'_>) -> Verdict;
    fn split(self: Box<Self>) -> Vec<Box<dyn Job>>;
    /// Answers the caller; `outcome` is what became of the transaction.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// The runtime that a command came from, if it came from one.
fn runtime() -> Option<Handle> {
    Handle::try_current().ok()
}

/// A read on its way to a database thread.
pub(crate) type ReadJob = Box<dyn FnOnce(Result<&mut ReadTx<'_>, StoreError>) + Send>;

/// A use case's closure.
pub(crate) struct ClosureJob<F, T, E> {
    body: F,
    asked: Option<Arc<Asked>>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> ClosureJob<F, T, E> {
    pub(crate) fn new(body: F, reply: oneshot::Sender<Result<T, E>>) -> Self {
        Self { body, asked: current(), result: None, reply }
    }
}

impl<F, T, E> Job for ClosureJob<F, T, E>
where
    F: Fn(&mut WriteTx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut WriteTx<'_>) -> Verdict {
        let body = &self.body;
        tx.set_asked(self.asked.clone());
        let result = catch_unwind(AssertUnwindSafe(|| body(tx)));
        tx.set_asked(None);
        let result = result.unwrap_or_else(|_| Err(broken().into()));
        let result =
            if result.is_ok() && tx.owes_evidence() { Err(StoreError::Unaudited.into()) } else { result };
        let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Discard };
        self.result = Some(result);
        verdict
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Job>> {
        Vec::new()
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let result = match (self.result, outcome) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(result), _) => result,
            (None, Ok(())) => Err(broken().into()),
        };
        // The caller may have gone away; its effect stands all the same.
        let _ = self.reply.send(result);
    }
}

fn broken() -> StoreError {
    StoreError::Db { code: "panic".into(), message: "a job broke an invariant and was rolled back".into() }
}

/// A hot path: commands that arrived together run as one slice in one transaction.
///
/// `run` must be a function of its inputs (it may run again), returns one outcome per command in order, and
/// fails as a whole only for reasons of the database; a refusal of one command is that command's outcome.
pub trait Batch: 'static {
    /// One request, with ids and times already chosen.
    type Command: Send + 'static;
    /// Its answer.
    type Outcome: Send + 'static;

    /// Runs the commands, in order, inside `tx`.
    fn run(tx: &mut WriteTx<'_>, commands: &[Self::Command]) -> Result<Vec<Self::Outcome>, StoreError>;
}

type Reply<B> = oneshot::Sender<Result<<B as Batch>::Outcome, StoreError>>;

struct BatchJob<B: Batch> {
    commands: Vec<B::Command>,
    replies: Vec<Reply<B>>,
    runtime: Option<Handle>,
    outcomes: Result<Vec<B::Outcome>, StoreError>,
}

impl<B: Batch> Job for BatchJob<B> {
    fn run(&mut self, tx: &mut WriteTx<'_>) -> Verdict {
        let commands = &self.commands;
        let outcomes =
            catch_unwind(AssertUnwindSafe(|| B::run(tx, commands))).unwrap_or_else(|_| Err(broken()));
        self.outcomes = match outcomes {
            Ok(o) if o.len() != commands.len() => Err(StoreError::RowCount(o.len() as u64)),
            Ok(_) if tx.owes_evidence() => Err(StoreError::Unaudited),
            other => other,
        };
        match &self.outcomes {
            Ok(_) => Verdict::Keep,
            Err(_) if self.commands.len() > 1 => Verdict::Split,
            Err(_) => Verdict::Discard,
        }
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Job>> {
        let runtime = self.runtime;
        let pairs = self.commands.into_iter().zip(self.replies);
        pairs
            .map(|(command, reply)| BatchJob::<B>::boxed(vec![command], vec![reply], runtime.clone()))
            .collect()
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { replies, outcomes, runtime, .. } = *self;
        let result = outcome.and(outcomes);
        let send = move || match result {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    let _ = reply.send(Ok(outcome));
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(error.clone()));
                }
            }
        };
        // Waking many tasks from outside their runtime costs a system call each; one task inside wakes the rest.
        match runtime {
            Some(runtime) => drop(runtime.spawn(async move { send() })),
            None => send(),
        }
    }
}

impl<B: Batch> BatchJob<B> {
    fn boxed(commands: Vec<B::Command>, replies: Vec<Reply<B>>, runtime: Option<Handle>) -> Box<dyn Job> {
        Box::new(Self { commands, replies, runtime, outcomes: Err(broken()) })
    }
}

/// Where commands of one kind wait for one writer.
pub(crate) trait Lane: Send + Sync {
    /// Everything waiting, at most `limit`; `true` when more is left.
    fn drain(&self, limit: usize) -> (Option<Box<dyn Job>>, bool);
}

/// The lane of batch `B`.
pub(crate) struct BatchLane<B: Batch> {
    waiting: Mutex<VecDeque<Waiting<B>>>,
}

struct Waiting<B: Batch> {
    command: B::Command,
    reply: Reply<B>,
    runtime: Option<Handle>,
}

impl<B: Batch> Default for BatchLane<B> {
    fn default() -> Self {
        Self { waiting: Mutex::new(VecDeque::new()) }
    }
}

impl<B: Batch> BatchLane<B> {
    /// Queues a command; `Ok(true)` when the lane was empty and its writer must be told. `Busy` at `limit`.
    pub(crate) fn push(
        &self,
        command: B::Command,
        reply: Reply<B>,
        limit: usize,
    ) -> Result<bool, StoreError> {
        let runtime = runtime();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= limit {
            return Err(StoreError::Busy);
        }
        waiting.push_back(Waiting { command, reply, runtime });
        Ok(waiting.len() == 1)
    }
}

impl<B: Batch> Lane for BatchLane<B> {
    fn drain(&self, limit: usize) -> (Option<Box<dyn Job>>, bool) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(limit);
        if count == 0 {
            return (None, false);
        }
        let mut runtime = None;
        let (commands, replies) = waiting
            .drain(..count)
            .map(|w| {
                runtime = w.runtime;
                (w.command, w.reply)
            })
            .unzip();
        (Some(BatchJob::<B>::boxed(commands, replies, runtime)), !waiting.is_empty())
    }
}

/// What a writer thread receives.
pub(crate) enum Task {
    /// A use case's write.
    Job(Box<dyn Job>),
    /// A read, where no connection is there for reads alone.
    Read(ReadJob),
    /// A lane that has commands waiting.
    Lane(Arc<dyn Lane>),
}
