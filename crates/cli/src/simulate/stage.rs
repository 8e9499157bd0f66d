//! The world that is played: a production world of its own, in a folder that ends with it, under a clock that stands
//! until the play moves it.
//!
//! Invariant: the world is the one that `ykt serve` opens, with one writer and real services; only its commits do not
//! wait for the disk, because nobody will ask for them after the process. A crash drops it between two steps and opens
//! it again over the same files: whatever was only in memory is gone then.

use crate::failure::{Attempt, Failure};
use domain::staff::Enrolment;
use domain::time::Timestamp;
use server::world::WorldConfig;
use server::{Clock, Error, World, WorldName};
use std::sync::Arc;
use tempfile::TempDir;

/// The world, and what it stands on.
pub struct Stage {
    world: World,
    config: WorldConfig,
    clock: Clock,
    runtime: tokio::runtime::Runtime,
    // Dropped last.
    _home: TempDir,
}

impl Stage {
    /// A new world that begins at `first`.
    ///
    /// # Errors
    /// No folder, or no world in it.
    pub fn open(first: Timestamp) -> Result<Self, Failure> {
        let home = tempfile::tempdir().attempt("make a folder to play in")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.attempt("start the runtime")?;
        let clock = Clock::standing(first);
        let url = format!("sqlite:{}", home.path().join("ykt.sqlite").display());
        let database = store::Config::new(url, Arc::new(server::clock::micros));
        let config = WorldConfig {
            name: WorldName::Production,
            database: store::Config { readers: 0, durable: false, ..database },
            keys: home.path().join("keys"),
            attachments: server::attachment::Place::Folder(home.path().join("attachments")),
            origin: "http://127.0.0.1".into(),
            real_person: Arc::new(server::ecard::real_person::Simulator),
            enrolment: Enrolment::Voluntary,
        };
        let world = World::open(&config, clock.clone()).map_err(|error| failed("open the world", &error))?;
        Ok(Self { world, config, clock, runtime, _home: home })
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Drops the world and opens it again.
    ///
    /// # Errors
    /// It does not open again.
    pub fn crash(&mut self) -> Result<(), Failure> {
        let opened = World::open(&self.config, self.clock.clone());
        self.world = opened.map_err(|error| failed("open the world again", &error))?;
        Ok(())
    }

    /// Moves business time.
    pub fn pass(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    /// Waits for a service.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Reads what the world has stored.
    ///
    /// # Errors
    /// The store's.
    pub fn read<T, F>(&self, body: F) -> Result<T, Failure>
    where
        F: FnOnce(&mut store::ReadTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.world.db().read_blocking(body).map_err(|error| failed("read the world", &error))
    }

    /// Writes what no service writes: whom there is to begin with, and what holders did.
    ///
    /// # Errors
    /// The store's.
    pub fn write<T, F>(&self, body: F) -> Result<T, Failure>
    where
        F: Fn(&mut store::WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let written = self.world.db().write_blocking(move |tx| {
            tx.unaudited("the play sets its scene");
            body(tx)
        });
        written.map_err(|error| failed("write to the world", &error))
    }
}

/// What of a service should never fail.
pub fn failed(what: &str, error: &Error) -> Failure {
    let source = error.source_for_log().unwrap_or_default();
    Failure::failed(format!("cannot {what}: {} {source}", error.code()))
}
