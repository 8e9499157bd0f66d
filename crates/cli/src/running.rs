//! A server that runs inside this process: for `serve`, and for verbs that bring their own.

use crate::failure::{Attempt, Failure};
use crate::folder::Folder;
use crate::scene::Account;
use server::app::Worlds;
use server::bank;
use server::serve::{Server, bind};
use server::tryit::Stage;
use server::{World, WorldName};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long the simulated bank may keep silent before it counts as silent.
const SIMULATED_BANK_TIMEOUT: Duration = Duration::from_secs(2);

/// A server and what it runs on.
pub struct Running {
    /// Scheme, host and port that callers use.
    pub origin: String,
    /// The accounts that this start made, by world; their one-time passwords exist nowhere else.
    pub first: Vec<(WorldName, Account)>,
    /// Where visitors of the try-it page play.
    pub stage: Stage,
    asked: Asked,
    server: Server,
    runtime: Runtime,
}

impl Running {
    /// Opens both worlds of the folder and serves them.
    ///
    /// # Errors
    /// The address, a database or the keys cannot be used.
    pub fn start(folder: &Folder, listen: SocketAddr, origin: Option<&str>) -> Result<Self, Failure> {
        Self::start_since(folder, listen, origin, 0)
    }

    /// [`Running::start`]; a sandbox in which nobody has been yet begins `seconds_ago`.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub fn start_since(
        folder: &Folder,
        listen: SocketAddr,
        origin: Option<&str>,
        seconds_ago: u32,
    ) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.attempt("start the runtime")?;
        // Bound first, so that the origin can name a port that the system chose.
        let listener = runtime.block_on(bind(listen))?;
        let bound = listener.local_addr().attempt("read the bound address")?;
        let origin = origin.map_or_else(|| format!("http://{bound}"), str::to_owned);
        let open = |name| folder.open(name, &origin);
        let worlds = Worlds::new(open(WorldName::Production)?, open(WorldName::Sandbox)?);
        let worlds = Worlds { grey_days: folder.grey_days().into(), ..worlds };
        if let Some(relay) = folder.relay()? {
            let relay = Arc::new(relay);
            worlds.production.set_relay(relay.clone());
            worlds.sandbox.set_relay(relay);
        }
        if let Some(bank) = folder.bank()? {
            worlds.production.set_bank(bank);
        }
        runtime.block_on(simulate_bank(&worlds.sandbox))?;
        if seconds_ago > 0 {
            runtime.block_on(server::clock::service::begin(&worlds.sandbox, seconds_ago))?;
        }
        let mut first = Vec::new();
        for world in [&worlds.production, &worlds.sandbox] {
            first.extend(runtime.block_on(bootstrap(world))?.map(|account| (world.name(), account)));
        }
        let stage = Stage::default();
        let entered = runtime.enter();
        // Caught before anybody can know that the server is there.
        let asked = Asked::listen()?;
        let server = Server::start_with(listener, worlds, stage.clone())?;
        drop(entered);
        Ok(Self { origin, first, stage, asked, server, runtime })
    }

    /// Tells metrics on this address too: where that is.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub fn tell(&mut self, listen: SocketAddr) -> Result<SocketAddr, Failure> {
        let listener = self.runtime.block_on(bind(listen))?;
        let bound = listener.local_addr().attempt("read the bound address")?;
        let _entered = self.runtime.enter();
        self.server.tell(listener);
        Ok(bound)
    }

    /// Where the sandbox world is.
    pub fn sandbox(&self) -> String {
        format!("{}{}", self.origin, WorldName::Sandbox.prefix())
    }

    /// Moves the sandbox's business time forward.
    pub fn move_sandbox_clock(&self, seconds: i64) {
        self.server.worlds().sandbox.clock().advance(seconds);
    }

    /// Bytes that the sandbox's database takes.
    ///
    /// # Errors
    /// The database does not say.
    pub fn sandbox_bytes(&self) -> Result<i64, Failure> {
        Ok(self.server.worlds().sandbox.db().read_blocking(store::registry::bytes)?)
    }

    /// Serves until the process is asked to end, then drains.
    ///
    /// # Errors
    /// The listener failed, or the last record could not be sealed.
    pub fn until_asked(self) -> Result<(), Failure> {
        Ok(self.runtime.block_on(self.server.run_until(self.asked.wait()))?)
    }

    /// Stops and drains.
    ///
    /// # Errors
    /// As [`Running::until_asked`].
    pub fn stop(self) -> Result<(), Failure> {
        Ok(self.runtime.block_on(self.server.stop())?)
    }
}

/// The sandbox's bank: a simulator behind a port of its own, asked over HTTP like a real one.
async fn simulate_bank(sandbox: &World) -> Result<(), Failure> {
    let key = gm::random::bytes::<32>();
    let listener = bind(([127, 0, 0, 1], 0).into()).await?;
    let url = format!("http://{}", listener.local_addr().attempt("read the bound address")?);
    sandbox.set_bank(Arc::new(bank::Remote::new(url, &key, SIMULATED_BANK_TIMEOUT)));
    tokio::spawn(bank::simulator::Simulator::new(&key).serve(listener));
    Ok(())
}

async fn bootstrap(world: &World) -> Result<Option<Account>, Failure> {
    let account = server::staff::bootstrap(world).await?;
    Ok(account.map(|account| Account {
        login: account.login,
        role: "operator_admin".into(),
        password: account.one_time_password.expose().as_str().into(),
    }))
}

/// The signals that ask a process to end, caught from the moment this is made.
struct Asked {
    terminate: Signal,
    interrupt: Signal,
}

impl Asked {
    /// Must be called inside the runtime.
    fn listen() -> Result<Self, Failure> {
        let catch = |kind| signal(kind).attempt("catch signals");
        Ok(Self { terminate: catch(SignalKind::terminate())?, interrupt: catch(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => tracing::info!("asked to end by SIGTERM"),
            _ = self.interrupt.recv() => tracing::info!("asked to end by SIGINT"),
        }
    }
}
