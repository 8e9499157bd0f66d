//! `bench`: every measurement in one command, beside the peers that this machine can run.
//!
//! It brings what `ykt bench` measures beside: a private PostgreSQL with its programs on the path, and the peers in
//! `benches/peers` where there is a Node. Deliberately not here: what is measured and how it is printed.

use crate::cluster::{self, Cluster};
use crate::failure::{Attempt, Failure};
use crate::{prerequisites, workspace};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where the peers and the results are, from the root.
const PEERS: &str = "benches/peers";
const RESULTS: &str = "benches/results.json";

/// Measures. `--json` among the arguments writes the results into a file instead of printing the table; what is
/// measured is told on stderr as it comes either way.
pub fn bench(arguments: &[&str]) -> Result<(), Failure> {
    let peers = install_peers()?;
    let cluster = Cluster::start()?;
    let mut command = workspace::ykt(&["--release"], &["bench", "--postgres", &cluster.address()]);
    if peers {
        command.args(["--peers", PEERS]);
    }
    command.args(arguments).env("PATH", path()?);
    if arguments.contains(&"--json") { keep(&mut command) } else { run(&mut command) }
}

/// Installs the peers; `false` when there is no Node to run them.
fn install_peers() -> Result<bool, Failure> {
    if !["node", "npm"].iter().all(|program| prerequisites::on_path(program)) {
        eprintln!("there is no node with npm: the peer is left out");
        return Ok(false);
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(workspace::root().join(PEERS));
    run(&mut install).map(|()| true)
}

/// The path with the programs of PostgreSQL first, since Debian keeps pgbench off it.
fn path() -> Result<OsString, Failure> {
    let known = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        cluster::binaries().into_iter().chain(std::env::split_paths(&known).collect::<Vec<PathBuf>>());
    std::env::join_paths(folders).attempt("put PostgreSQL's programs on the path")
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().attempt(format_args!("run {name}"))?;
    if status.success() { Ok(()) } else { Err(Failure::task(format!("{name} failed: {status}"))) }
}

/// Runs the command and keeps what it printed; results of a run that failed are not kept.
fn keep(command: &mut Command) -> Result<(), Failure> {
    let output = command.stderr(std::process::Stdio::inherit()).output().attempt("run ykt bench")?;
    if !output.status.success() {
        return Err(Failure::task(format!("ykt bench failed: {}", output.status)));
    }
    fs::write(workspace::root().join(RESULTS), output.stdout).attempt(format_args!("write {RESULTS}"))?;
    println!("wrote {RESULTS}");
    Ok(())
}
