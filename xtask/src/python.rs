//! Tools that come from PyPI: a virtual environment for each below `target`, made once and kept.
//!
//! Without a network nothing can be installed; the run then says so and the tests that need the tool say that they
//! are skipped. Every other trouble is a failure.

use crate::failure::{Attempt, Failure};
use crate::workspace;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What tests the API against its own description, and the version that the tests were written for.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The `schemathesis` program, installed if need be; none without a network.
pub fn schemathesis() -> Result<Option<PathBuf>, Failure> {
    let program = home(SCHEMATHESIS).join("bin/schemathesis");
    if runs(&program) {
        return Ok(Some(program));
    }
    let said = install(SCHEMATHESIS)?;
    if runs(&program) {
        return Ok(Some(program));
    }
    println!("{SCHEMATHESIS} cannot be installed, its test is skipped:\n{said}");
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

fn runs(program: &Path) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
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
