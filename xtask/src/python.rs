//! Tools that come from PyPI: a virtual environment for each below `target`, made once and kept.
//!
//! Without a network nothing can be installed; the run then says so and goes on, and the tests that need the tool fail:
//! `test` leaves nothing out. Every other trouble is a failure at once.

use crate::failure::{Attempt, Failure};
use crate::workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What tests the API against its own description, and the version that the tests were written for.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The relay that mail is given to in tests, and the version that they were written for.
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// What reads metrics in tests, and the version that they were written for.
const PROMETHEUS: &str = "prometheus-client==0.23.1";

/// What the example in Python takes: one package with its version.
const EXAMPLE_REQUIREMENTS: &str = "examples/python/requirements.txt";

/// The `schemathesis` program, installed if need be; none without a network.
pub fn schemathesis() -> Result<Option<PathBuf>, Failure> {
    program(SCHEMATHESIS, "schemathesis", &["--version"])
}

/// An interpreter that has the relay, installed if need be; none without a network.
pub fn relay_interpreter() -> Result<Option<PathBuf>, Failure> {
    program(AIOSMTPD, "python", &["-c", "import aiosmtpd"])
}

/// An interpreter that reads metrics, installed if need be; none without a network.
pub fn metrics_interpreter() -> Result<Option<PathBuf>, Failure> {
    program(PROMETHEUS, "python", &["-c", "import prometheus_client"])
}

/// An interpreter that has what the example takes, installed if need be; none without a network.
pub fn example_interpreter() -> Result<Option<PathBuf>, Failure> {
    let requirements = fs::read_to_string(workspace::root().join(EXAMPLE_REQUIREMENTS));
    let requirements = requirements.attempt(format_args!("read {EXAMPLE_REQUIREMENTS}"))?;
    let package = requirements.trim();
    let name = package.split("==").next().unwrap_or(package);
    program(package, "python", &["-c", &format!("import {name}")])
}

/// A program of the package's environment that can be run with these arguments.
fn program(package: &str, name: &str, arguments: &[&str]) -> Result<Option<PathBuf>, Failure> {
    let program = home(package).join("bin").join(name);
    if runs(&program, arguments) {
        return Ok(Some(program));
    }
    let said = install(package)?;
    if runs(&program, arguments) {
        return Ok(Some(program));
    }
    println!("{package} cannot be installed, its test will fail:\n{said}");
    Ok(None)
}

/// The virtual environment of a package with its version, whether it is there or not.
pub fn home(package: &str) -> PathBuf {
    workspace::root().join("target/python").join(package)
}

/// Installs a package into a new environment of its own; what pip said if it could not, else nothing.
pub fn install(package: &str) -> Result<String, Failure> {
    println!("installing {package}");
    let home = home(package);
    let made = quiet(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    if !made.is_empty() {
        return Err(Failure::task(format!("python3 -m venv failed:\n{made}")));
    }
    quiet(Command::new(home.join("bin/pip")).args(["install", "--quiet", package]))
}

fn runs(program: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a command said when it failed; empty when it did not.
fn quiet(command: &mut Command) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).output().attempt(format_args!("start {command:?}"))?;
    if output.status.success() {
        return Ok(String::new());
    }
    Ok(format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}
