//! `generate`: the committed files that are made from the program.
//!
//! Most are the output of one verb of `ykt`, byte for byte; the compliance matrix is read from the sources. Nothing is
//! edited by hand, so a difference means that somebody changed the program and did not run this.

use crate::failure::{Attempt, Failure};
use crate::programs::{self, Programs};
use crate::{compliance, workspace};
use std::fs;
use std::process::{Command, Stdio};

/// A verb of `ykt` and the file that holds what it prints.
struct Artifact {
    verb: &'static [&'static str],
    file: &'static str,
}

const ARTIFACTS: [Artifact; 4] = [
    Artifact { verb: &["openapi"], file: "openapi/ykt-v1.json" },
    Artifact { verb: &["errors", "--markdown"], file: "docs/reference/errors.md" },
    Artifact { verb: &["parameters", "--markdown"], file: "docs/reference/parameters.md" },
    Artifact { verb: &["workflows", "--markdown"], file: "docs/reference/workflows.md" },
];

/// What to do with a file that differs.
#[derive(Clone, Copy)]
pub enum Mode {
    /// Write it.
    Write,
    /// Fail and name it.
    Check,
}

/// Brings every artifact up to date, or fails naming those that are not.
pub fn generate(mode: Mode) -> Result<(), Failure> {
    let mut stale = Vec::new();
    let programs = programs::build()?;
    for artifact in &ARTIFACTS {
        stale.extend(bring(artifact.file, &print(&programs, artifact)?, mode)?);
    }
    // Made of the page of parameters, among others: last.
    let (matrix, gaps) = compliance::artifacts(&programs)?;
    for (file, text) in [(compliance::PAGE, matrix), (compliance::GAPS, gaps)] {
        stale.extend(bring(file, text.as_bytes(), mode)?);
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::task(format!("stale: {}; run `cargo xtask generate` and commit", stale.join(", "))))
}

/// Writes a file that differs, or returns its name.
fn bring(file: &'static str, wanted: &[u8], mode: Mode) -> Result<Option<&'static str>, Failure> {
    let path = workspace::root().join(file);
    if fs::read(&path).is_ok_and(|committed| committed == wanted) {
        return Ok(None);
    }
    match mode {
        Mode::Check => Ok(Some(file)),
        Mode::Write => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).attempt(format_args!("create {}", folder.display()))?;
            }
            fs::write(&path, wanted).attempt(format_args!("write {file}"))?;
            println!("wrote {file}");
            Ok(None)
        }
    }
}

fn print(programs: &Programs, artifact: &Artifact) -> Result<Vec<u8>, Failure> {
    let name = artifact.verb.join(" ");
    let output = Command::new(&programs.ykt)
        .args(artifact.verb)
        .current_dir(workspace::root())
        .stderr(Stdio::inherit())
        .output()
        .attempt(format_args!("run `ykt {name}`"))?;
    if !output.status.success() {
        return Err(Failure::task(format!("`ykt {name}` failed: {}", output.status)));
    }
    if output.stdout.is_empty() {
        return Err(Failure::task(format!("`ykt {name}` printed nothing")));
    }
    Ok(output.stdout)
}
