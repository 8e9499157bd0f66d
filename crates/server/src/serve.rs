//! Serving: a listener, the router of both worlds, their periodic work, and an orderly end.
//!
//! Invariant: when [`Server::stop`] returns, every request that was taken is answered, every job that was begun is
//! settled or left to its lease, and every record is sealed under a head. What does not end in time is cut off: its
//! effect is whatever it had committed. Deliberately not here: TLS (a proxy's), signals (the caller's), configuration.

use crate::app::{self, Worlds};
use crate::job::duty::Run;
use crate::job::{self, Runner};
use crate::listen::{self, Bounds};
use crate::tryit::Stage;
use crate::{
    Error, World, audit, clock, ecard, export, key, matter, monitoring, notification, parameter,
    registration, retention, statistic, terminal, traffic,
};
use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval};

/// How often due jobs are looked for.
const JOB_TICK: Duration = Duration::from_millis(250);
/// How often the heads of the audit logs are folded, when something was recorded.
const SEAL_TICK: Duration = Duration::from_secs(1);
/// How often counters are folded and days closed.
const STATISTIC_TICK: Duration = Duration::from_secs(2);
/// How often it is asked whether the day was counted.
const COVERAGE_TICK: Duration = Duration::from_secs(300);
/// How often it is written what terminals presented as codes that are none.
const TALLY_TICK: Duration = Duration::from_secs(10);
/// How often it is written what channels have asked.
const TRAFFIC_TICK: Duration = Duration::from_secs(60);
/// How often minutes that can take no more codes are indexed for their holders.
const INDEX_TICK: Duration = Duration::from_secs(20);
/// How often what another server has changed is looked for (keys, the sandbox's clock), and callers' keys past their
/// overlap are retired.
const CHANGE_TICK: Duration = Duration::from_secs(1);
/// How often matters whose last day has passed are looked for.
const MATTER_TICK: Duration = Duration::from_secs(5);
/// How often it is asked whose mail is due.
const MAIL_TICK: Duration = Duration::from_secs(15);
/// How often what has expired is forgotten.
const RETENTION_TICK: Duration = Duration::from_secs(60);
/// How often the parameters are read again.
const PARAMETER_TICK: Duration = Duration::from_secs(60);
/// How long requests and jobs may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(15);

/// A server that is serving.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    worlds: Worlds,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    periodic: JoinSet<()>,
}

impl Server {
    /// Serves both worlds on a listener that is bound already, so that the origin they are configured with can name
    /// its port.
    ///
    /// # Errors
    /// Internal: the listener is not usable.
    pub fn start(listener: TcpListener, worlds: Worlds) -> Result<Self, Error> {
        Self::start_with(listener, worlds, Stage::default())
    }

    /// [`Server::start`] with a stage for visitors of the try-it page.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(listener: TcpListener, worlds: Worlds, stage: Stage) -> Result<Self, Error> {
        let addr = listener.local_addr().map_err(|e| Error::internal(e.to_string()))?;
        let (stop, stopping) = watch::channel(false);
        let router = app::router_with(&worlds, stage);
        let drain = until(stopping.clone());
        let serving = tokio::spawn(listen::serve(listener, router, Bounds::default(), drain));
        let mut periodic = JoinSet::new();
        for world in [&worlds.production, &worlds.sandbox] {
            spawn_periodic(&mut periodic, world, &stopping);
        }
        tracing::info!(%addr, "serving");
        Ok(Self { addr, worlds, stop, serving, periodic })
    }

    /// Tells its numbers on another listener, until it stops ([`crate::metrics`]).
    pub fn tell(&mut self, listener: TcpListener) {
        let (router, stopping) = (crate::metrics::router(&self.worlds), self.stop.subscribe());
        self.periodic.spawn(listen::serve(listener, router, Bounds::default(), until(stopping)));
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What it serves.
    #[must_use]
    pub fn worlds(&self) -> &Worlds {
        &self.worlds
    }

    /// Serves until `signal` comes, then stops.
    ///
    /// # Errors
    /// As [`Server::stop`].
    pub async fn run_until(self, signal: impl Future<Output = ()>) -> Result<(), Error> {
        signal.await;
        self.stop().await
    }

    /// Takes no more requests, lets those under way and the jobs that were begun end, and seals what was recorded.
    ///
    /// # Errors
    /// The store's for the last head.
    pub async fn stop(mut self) -> Result<(), Error> {
        // The receivers live in the tasks that are waited for below.
        let _ = self.stop.send(true);
        let cut_off = self.serving.abort_handle();
        let served = tokio::time::timeout(DRAIN, &mut self.serving).await;
        if served.is_err() {
            tracing::warn!("requests that did not end in time are cut off");
            cut_off.abort();
        }
        let settled = async { while self.periodic.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, settled).await.is_err() {
            tracing::warn!("jobs that did not end in time are left to their leases");
            self.periodic.abort_all();
        }
        for world in [&self.worlds.production, &self.worlds.sandbox] {
            terminal::tally::fold(world).await?;
            traffic::service::flush(world).await?;
            audit::service::seal(world).await?;
        }
        tracing::info!(addr = %self.addr, "stopped");
        Ok(())
    }
}

/// Binds `addr`; port 0 takes any that is free.
///
/// # Errors
/// Internal: the address cannot be bound.
pub async fn bind(addr: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(addr).await.map_err(|e| Error::internal(format!("cannot listen on {addr}: {e}")))
}

fn spawn_periodic(tasks: &mut JoinSet<()>, world: &World, stopping: &watch::Receiver<bool>) {
    let mut runner = Runner::new(world.clone(), job::registered());
    let (own, mut stop) = (world.clone(), stopping.clone());
    own.duties().take_up("jobs", JOB_TICK);
    tasks.spawn(async move {
        let mut ticks = ticks(JOB_TICK);
        while next(&mut ticks, &mut stop).await {
            perform(&own, "jobs", runner.tick()).await;
        }
        runner.drain().await;
    });
    every(
        tasks,
        world,
        stopping,
        SEAL_TICK,
        "audit",
        |world| async move { audit::service::seal(&world).await },
    );
    every(tasks, world, stopping, STATISTIC_TICK, "statistic", |world| async move {
        statistic::service::fold(&world).await?;
        statistic::service::close_days(&world).await
    });
    every(tasks, world, stopping, COVERAGE_TICK, "coverage", |world| async move {
        statistic::coverage::count(&world).await
    });
    every(tasks, world, stopping, COVERAGE_TICK, "applications", |world| async move {
        statistic::usage::count(&world).await
    });
    every(tasks, world, stopping, TALLY_TICK, "terminals", |world| async move {
        terminal::tally::fold(&world).await
    });
    every(tasks, world, stopping, TRAFFIC_TICK, "traffic", |world| async move {
        traffic::service::flush(&world).await
    });
    every(tasks, world, stopping, INDEX_TICK, "uses", |world| async move {
        ecard::service::index_uses(&world).await
    });
    every(tasks, world, stopping, CHANGE_TICK, "changes", |world| async move {
        world.keys().refresh(world.db()).await?;
        key::service::retire_overdue(&world).await?;
        clock::service::refresh(&world).await
    });
    // What another process approved; it cannot be in force yet.
    every(tasks, world, stopping, PARAMETER_TICK, "parameters", |world| async move {
        parameter::service::recall(&world).await
    });
    tasks.spawn(settle_left(world.clone()));
    every(tasks, world, stopping, MATTER_TICK, "matters", |world| async move {
        // What one of them cannot do keeps the others from nothing.
        let expired = matter::service::expire(&world).await;
        let told = matter::event::due_soon(&world).await;
        let closed = monitoring::service::close_month(&world).await;
        let followed = monitoring::service::follow(&world).await;
        expired.and(told).and(closed).and(followed).map(|_| ())
    });
    every(tasks, world, stopping, MAIL_TICK, "mail", |world| async move {
        let at = world.real_now();
        notification::send_due(&world, at).await.map(drop)
    });
    every(tasks, world, stopping, RETENTION_TICK, "retention", |world| async move {
        // What one of them cannot do keeps the others from nothing.
        let lapsed = registration::service::expire(&world).await;
        let counted = traffic::service::forget(&world).await;
        let exported = export::service::expire(&world).await;
        let forgotten = retention::forget(&world).await;
        lapsed.map(drop).and(counted.map(drop)).and(exported).and(forgotten)
    });
}

/// Once: what left before there was a step for it. Each that leaves now is settled in its own.
async fn settle_left(world: World) {
    if let Err(error) = matter::leave::settle_left(&world).await {
        let (code, source) = (error.code(), error.source_for_log());
        tracing::error!(code, source, "what has left is not settled");
    }
}

fn every<F, R>(
    tasks: &mut JoinSet<()>,
    world: &World,
    stopping: &watch::Receiver<bool>,
    period: Duration,
    name: &'static str,
    body: F,
) where
    F: Fn(World) -> R + Send + 'static,
    R: Future<Output = Result<(), Error>> + Send,
{
    let (world, mut stop) = (world.clone(), stopping.clone());
    world.duties().take_up(name, period);
    tasks.spawn(async move {
        let mut ticks = ticks(period);
        while next(&mut ticks, &mut stop).await {
            perform(&world, name, body(world.clone())).await;
        }
    });
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Waits for the next tick; `false` when the server stops first.
async fn next(ticks: &mut tokio::time::Interval, stop: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => false,
        _ = ticks.tick() => true,
    }
}

async fn until(mut stopping: watch::Receiver<bool>) {
    // An error means that the server was dropped, which is also an end.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// One run of a duty. A tick that failed is tried again by the next one; somebody should know all the same.
async fn perform(world: &World, name: &'static str, work: impl Future<Output = Result<(), Error>>) {
    let (at, began) = (world.real_now(), Instant::now());
    let outcome = work.await.map_err(|error| {
        let (code, source) = (error.code(), error.source_for_log());
        tracing::error!(task = name, code, source, "periodic work failed");
        source.unwrap_or_else(|| code.to_owned())
    });
    world.duties().ran(name, Run { at, took: began.elapsed() }, outcome);
}
