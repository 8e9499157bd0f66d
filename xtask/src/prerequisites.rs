//! What the tests need from the operating system, and how to get it.
//!
//! A missing package is installed when we are root on a Debian; otherwise the message says the one command to
//! run. A run never goes on without a part: under `cargo xtask test` a test that cannot run is a failure, not
//! a skip.

use crate::cluster;
use crate::failure::{Attempt, Failure};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// A Debian package, what it is for, and how to see that it is there.
struct Prerequisite {
    package: &'static str,
    purpose: &'static str,
    present: fn() -> bool,
}

const PREREQUISITES: [Prerequisite; 6] = [
    Prerequisite {
        package: "postgresql",
        purpose: "the second database of every store test",
        present: || cluster::binaries().is_some(),
    },
    Prerequisite {
        package: "chromium",
        purpose: "the browser of the journey tests",
        present: || on_path("chromium"),
    },
    Prerequisite {
        package: "strace",
        purpose: "the proof that a sync comes before its answer",
        present: || on_path("strace"),
    },
    Prerequisite {
        package: "openssl",
        purpose: "the other implementation of SM2, SM3 and SM4",
        present: || on_path("openssl"),
    },
    Prerequisite {
        package: "python3-venv",
        purpose: "test tools written in Python",
        present: || succeeds("python3", &["-c", "import ensurepip, venv"]),
    },
    Prerequisite {
        package: "fonts-noto-cjk",
        purpose: "Chinese text in screenshots",
        present: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
    },
];

/// Installs what is missing, or says how to.
pub fn ensure() -> Result<(), Failure> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|prerequisite| prerequisite.package).collect();
    if !(is_root() && on_path("apt-get")) {
        return Err(Failure::task(advice(&missing)));
    }
    println!("installing {}", packages.join(" "));
    apt_get(&["update", "--quiet=2"])?;
    apt_get(&[["install", "--yes", "--quiet=2", "--no-install-recommends"].as_slice(), &packages].concat())?;
    let missing = self::missing();
    if missing.is_empty() { Ok(()) } else { Err(Failure::task(advice(&missing))) }
}

/// Whether we may install packages and must not run PostgreSQL as ourselves.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn missing() -> Vec<&'static Prerequisite> {
    PREREQUISITES.iter().filter(|prerequisite| !(prerequisite.present)()).collect()
}

fn advice(missing: &[&Prerequisite]) -> String {
    let mut lines = String::from("the tests need packages that are not installed:\n");
    for Prerequisite { package, purpose, .. } in missing {
        lines.push_str(&format!("  {package:<16} {purpose}\n"));
    }
    let packages: Vec<&str> = missing.iter().map(|prerequisite| prerequisite.package).collect();
    lines.push_str(&format!("on Debian: sudo apt-get install {}", packages.join(" ")));
    lines
}

/// Silent when it succeeds; what it said is in the failure.
fn apt_get(arguments: &[&str]) -> Result<(), Failure> {
    let output = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .attempt("start apt-get")?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::task(format!("apt-get {} failed: {}\n{said}", arguments.join(" "), output.status)))
}

/// Whether a program can be called by its name.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_every_package_once_with_its_purpose_and_once_in_the_command() {
        let all: Vec<&Prerequisite> = PREREQUISITES.iter().collect();
        let advice = advice(&all);
        for Prerequisite { package, purpose, .. } in PREREQUISITES {
            assert_eq!(advice.matches(package).count(), 2, "{package} in {advice}");
            assert!(advice.contains(purpose));
        }
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_on_the_path() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program"));
    }
}
