//! `bench`: every measurement in one command, beside the peers that this machine can run.
//!
//! It brings what `ykt bench` measures beside: a private PostgreSQL with its programs on the path, and the peers in
//! `benches/peers` where there is a Node or one can be had. Deliberately not here: what is measured and how it is printed.

use crate::cluster::{self, Cluster};
use crate::failure::{Attempt, Failure};
use crate::pages::Node;
use crate::workspace;
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
    let node = install_peers();
    let cluster = Cluster::start()?;
    let mut command = workspace::optimised_ykt(&["bench", "--postgres", &cluster.address()]);
    if node.is_some() {
        command.args(["--peers", PEERS]);
    }
    command.args(arguments).env("PATH", path(node.as_ref())?);
    if arguments.contains(&"--json") { keep(&mut command) } else { run(&mut command) }
}

/// Installs the peers with the Node that runs them, the machine's or our own; none where there is none to be had.
fn install_peers() -> Option<Node> {
    let installed = Node::ensure().and_then(|node| node.install(PEERS).map(|()| node));
    match installed {
        Ok(node) => Some(node),
        Err(failure) => {
            eprintln!("the peer is left out: {failure:?}");
            None
        }
    }
}

/// The path with the programs of PostgreSQL first, since Debian keeps pgbench off it, then that of the Node.
fn path(node: Option<&Node>) -> Result<OsString, Failure> {
    let known = node.map_or_else(|| std::env::var_os("PATH").unwrap_or_default(), Node::path);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_measured_finds_the_node_that_installed_its_peer() {
        let ours = Node::of(Path::new("/ours"));
        let path = path(Some(&ours)).unwrap();
        let folders: Vec<_> = std::env::split_paths(&path).collect();
        let place = |folder: &str| folders.iter().position(|known| known == Path::new(folder));
        assert!(place("/ours/bin").is_some(), "{folders:?}");
        let machine: Vec<_> = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect();
        assert!(place("/ours/bin") < folders.iter().position(|folder| *folder == machine[0]));
    }
}
