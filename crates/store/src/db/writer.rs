//! The threads that own connections: group commit on `SQLite`, a pool and hot writers on `PostgreSQL`.
//!
//! Invariant: nothing is answered before the transaction that holds its effect and its evidence is committed.

use super::connection::Connection;
use super::job::{Job, Lane, ReadJob, Task, Verdict};
use super::tx::{ReadTx, WriteTx, WriterState};
use crate::StoreError;
use crossbeam_channel::Receiver;
use std::sync::Arc;

/// Commands of one lane that one transaction takes at most.
const LANE_LIMIT: usize = 1024;
/// How often a serialization failure or deadlock is tried again.
const ATTEMPTS: usize = 6;

/// A connection with the state of its writer.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) state: WriterState,
    /// Most tasks that one `SQLite` transaction takes; 1 turns grouping off (for comparison only).
    pub(crate) group: usize,
}

impl Writer {
    /// Serves the embedded database: one transaction takes whatever arrived while the last one committed.
    pub(crate) fn serve_grouped(mut self, tasks: &Receiver<Task>) {
        let mut left: Vec<Arc<dyn Lane>> = Vec::new();
        loop {
            let mut group: Vec<Task> = left.drain(..).map(Task::Lane).collect();
            if group.is_empty() {
                let Ok(first) = tasks.recv() else { return };
                group.push(first);
            }
            while group.len() < self.group {
                let Ok(task) = tasks.try_recv() else { break };
                group.push(task);
            }
            self.commit_group(group, &mut left);
        }
    }

    fn commit_group(&mut self, group: Vec<Task>, left: &mut Vec<Arc<dyn Lane>>) {
        let limit = if self.group == 1 { 1 } else { LANE_LIMIT };
        let mut jobs = Vec::with_capacity(group.len());
        for task in group {
            match task {
                Task::Job(job) => jobs.push(job),
                Task::Read(job) => serve_read(&mut self.connection, job),
                Task::Lane(lane) => {
                    let (job, more) = lane.drain(limit);
                    jobs.extend(job);
                    if more {
                        left.push(lane);
                    }
                }
            }
        }
        // A job alone needs no savepoint, which would copy every page that it touches; under load that is the
        // usual case, because the commands of a lane are one job.
        match jobs.len() {
            0 => {}
            1 => jobs.into_iter().for_each(|job| self.run_alone(job)),
            _ => self.run_together(jobs),
        }
    }

    fn run_together(&mut self, jobs: Vec<Box<dyn Job>>) {
        if let Err(error) = self.connection.begin("begin immediate") {
            return jobs.into_iter().for_each(|job| job.answer(Err(error.clone())));
        }
        let mut tx = WriteTx::new(&mut self.connection, &mut self.state);
        let mut done: Vec<Box<dyn Job>> = Vec::with_capacity(jobs.len());
        for job in jobs {
            run_under_savepoint(&mut tx, job, &mut done);
        }
        let outcome = commit(&mut tx);
        for job in done {
            job.answer(outcome.clone());
        }
    }

    /// Serves a lane-owning connection of a server: one transaction per drained lane.
    pub(crate) fn serve_lanes(mut self, tasks: &Receiver<Task>) {
        while let Ok(task) = tasks.recv() {
            match task {
                Task::Job(job) => self.run_alone(job),
                Task::Read(job) => serve_read(&mut self.connection, job),
                Task::Lane(lane) => loop {
                    let limit = if self.group == 1 { 1 } else { LANE_LIMIT };
                    let (job, more) = lane.drain(limit);
                    if let Some(job) = job {
                        self.run_alone(job);
                    }
                    if !more {
                        break;
                    }
                },
            }
        }
    }

    /// Runs one job in a transaction of its own, again on serialization failures.
    fn run_alone(&mut self, mut job: Box<dyn Job>) {
        for attempt in 1..=ATTEMPTS {
            self.connection.take_retryable();
            let begin = match self.connection {
                Connection::Sqlite(_) => "begin immediate",
                Connection::Postgres(_) => "begin",
            };
            if let Err(error) = self.connection.begin(begin) {
                return job.answer(Err(error));
            }
            let mut tx = WriteTx::new(&mut self.connection, &mut self.state);
            match job.run(&mut tx) {
                Verdict::Keep => {
                    let outcome = commit(&mut tx);
                    if outcome.is_err() && tx.connection().take_retryable() && attempt < ATTEMPTS {
                        continue;
                    }
                    return job.answer(outcome);
                }
                verdict => {
                    rollback(&mut tx);
                    if tx.connection().take_retryable() && attempt < ATTEMPTS {
                        continue;
                    }
                    if verdict == Verdict::Split {
                        for single in job.split() {
                            self.run_alone(single);
                        }
                        return;
                    }
                    return job.answer(Ok(()));
                }
            }
        }
    }

    /// Serves a connection of the pool: reads and writes as they come.
    pub(crate) fn serve_pool(mut self, tasks: &Receiver<PoolTask>) {
        while let Ok(task) = tasks.recv() {
            match task {
                PoolTask::Read(job) => serve_read(&mut self.connection, job),
                PoolTask::Write(job) => self.run_alone(job),
            }
        }
    }
}

/// What a pooled connection receives.
pub(crate) enum PoolTask {
    /// A read.
    Read(ReadJob),
    /// A write that is not on a hot path.
    Write(Box<dyn Job>),
}

/// Serves a read-only connection of the embedded database.
pub(crate) fn serve_reads(mut connection: Connection, tasks: &Receiver<ReadJob>) {
    while let Ok(job) = tasks.recv() {
        serve_read(&mut connection, job);
    }
}

fn serve_read(connection: &mut Connection, job: ReadJob) {
    let begin = match connection {
        Connection::Sqlite(_) => "begin",
        Connection::Postgres(_) => "begin isolation level repeatable read read only",
    };
    match connection.begin(begin) {
        Ok(()) => {
            job(Ok(&mut ReadTx { connection }));
            // Nothing was written; a failed commit of a read harms nobody.
            let _ = connection.control("commit");
        }
        Err(error) => job(Err(error)),
    }
}

fn run_under_savepoint(tx: &mut WriteTx<'_>, mut job: Box<dyn Job>, done: &mut Vec<Box<dyn Job>>) {
    let mark = tx.mark();
    if let Err(error) = tx.connection().control("savepoint job") {
        return job.answer(Err(error));
    }
    tx.begin_job();
    match job.run(tx) {
        Verdict::Keep => match tx.connection().control("release job") {
            Ok(()) => done.push(job),
            Err(error) => job.answer(Err(error)),
        },
        verdict => {
            tx.reset(mark);
            let undone = tx.connection().batch("rollback to job; release job");
            if let Err(error) = undone {
                return job.answer(Err(error));
            }
            if verdict == Verdict::Split {
                for single in job.split() {
                    run_under_savepoint(tx, single, done);
                }
            } else {
                job.answer(Ok(()));
            }
        }
    }
}

fn commit(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let outcome = tx.seal().and_then(|()| tx.connection().control("commit"));
    match outcome {
        Ok(()) => tx.committed(),
        Err(_) => rollback(tx),
    }
    outcome
}

fn rollback(tx: &mut WriteTx<'_>) {
    // A connection that cannot roll back is broken; its next `begin` reports that.
    let _ = tx.connection().control("rollback");
    tx.rolled_back();
}
