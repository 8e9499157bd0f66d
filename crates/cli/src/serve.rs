//! `ykt serve`: both worlds in one process.
//!
//! The first start of a world makes one administrator and prints the one-time password once, on stdout; it is in no
//! file and no log. Logs are JSON lines on stderr.

use crate::arguments::{Context, Local};
use crate::config::Configuration;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::output::{self, Format, Output};
use crate::running::Running;
use crate::scene::{self, Account, Country, Scene};
use clap::Args;
use domain::time::Timestamp;
use server::WorldName;

/// How to serve.
#[derive(Debug, Args)]
pub struct Flags {
    #[command(flatten)]
    local: Local,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Scheme, host and port that callers use, if a proxy stands before the server
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// Load demonstration data into the sandbox once, print its accounts, and offer the try-it page
    #[arg(long)]
    demo: bool,
    /// With --demo: only what the try-it page and the examples need, which is there in seconds, without the portals' country
    #[arg(long, requires = "demo")]
    scene_only: bool,
    /// Log filter, such as `warn` [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
}

impl Flags {
    fn configuration(&self, context: &Context) -> Result<Configuration, Failure> {
        let mut flags = self.local.flags();
        flags.push(("listen", self.listen.clone()));
        flags.push(("origin", self.origin.clone()));
        flags.push(("log", self.log.clone()));
        flags.push(("demo", self.demo.then(|| "true".into())));
        context.configuration(&flags)
    }
}

/// Serves until it is asked to end.
pub fn run(flags: &Flags, context: &Context) -> Result<(), Failure> {
    let configuration = flags.configuration(context)?;
    log(&configuration.log);
    let folder = Folder::lock(&configuration)?;
    // The demonstration's country has a past, which ends now.
    let real_now = Timestamp::from_micros(server::clock::micros());
    let ago = if configuration.demo && !flags.scene_only { scene::seconds_ago(real_now) } else { 0 };
    let mut running =
        Running::start_since(&folder, configuration.listen, configuration.origin.as_deref(), ago)?;
    for (world, account) in &running.first {
        // With a demonstration the sandbox's account goes into the scene.
        if !(configuration.demo && *world == WorldName::Sandbox) {
            announce(*world, account)?;
        }
    }
    if configuration.demo {
        demonstrate(&folder, &running, flags.scene_only)?;
    }
    if let Some(listen) = configuration.metrics_listen {
        output::text(&format!("metrics at http://{}/metrics\n", running.tell(listen)?))?;
    }
    output::text(&format!("ready at {}\n", running.origin))?;
    running.until_asked()
}

fn announce(world: WorldName, account: &Account) -> Result<(), Failure> {
    output::text(&format!(
        "first start of the {} world: sign in as `{}` with the one-time password {}\n",
        world.as_str(),
        account.login,
        account.password.expose(),
    ))
}

/// Sets the scene and founds its country if they were not, tells the accounts, and opens the stage of the try-it page.
fn demonstrate(folder: &Folder, running: &Running, scene_only: bool) -> Result<(), Failure> {
    let base_url = running.sandbox();
    let scene = match Scene::kept(folder)? {
        Some(scene) => scene,
        None => {
            let first = running.first.iter().find(|(world, _)| *world == WorldName::Sandbox);
            let (_, first) = first.ok_or_else(|| {
                Failure::failed("the sandbox is in use, and its demonstration is gone or was not finished")
                    .hint("take another --data folder for the demonstration")
            })?;
            let told = |step: &str| output::note(&format!("demo: {step}"));
            let unfinished = |failure: Failure| {
                failure.hint("nothing is kept of it: delete the --data folder and start again")
            };
            let mut scene = scene::set(&base_url, first, &told).map_err(unfinished)?;
            if !scene_only {
                scene.country = Some(scene::found(&base_url, &scene, &told).map_err(unfinished)?);
            }
            scene.keep(folder)?;
            scene
        }
    };
    running.stage.open(scene.cast(&base_url)?);
    if let Some(country) = &scene.country {
        introduce(country, running)?;
    }
    let kept = Scene::path(folder);
    output::text(&format!(
        "demonstration: open {}/ in a browser; accounts and keys of the sandbox are in {}\n",
        running.origin,
        kept.display(),
    ))
}

/// Says who can sign in at the portals.
fn introduce(country: &Country, running: &Running) -> Result<(), Failure> {
    output::text("\naccounts of the sandbox:\n\n")?;
    Output::new(Format::Table).list(&country.accounts, &["role", "login", "password", "org"])?;
    output::text(&format!("\nportals: sign in with any of them at {}/sandbox/portal/\n\n", running.origin))
}

/// JSON lines on stderr.
fn log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::new(filter);
    let format = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process is a mistake of a test, not of an operator.
    let _ = format.try_init();
}
