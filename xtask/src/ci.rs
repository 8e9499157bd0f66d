//! `ci`: what CI does, here, before a push: says what is checked on what, then runs the very script that CI runs.
//!
//! A log that says which commit, which machine and which tools can be compared with another; a change that is not
//! committed is named before and after, since CI will not see it. Deliberately not here: any check. `.ci/run` calls
//! [`test`](crate::test), which has them all, so that there is one list.

use crate::failure::{Attempt, Failure};
use crate::{cluster, workspace};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What CI runs, from the root.
const SCRIPT: &str = ".ci/run";

/// Tells where this is, runs the script and tells how long it took.
pub fn ci() -> Result<(), Failure> {
    for (name, value) in report() {
        println!("{name:<11} {value}");
    }
    let changed = changed();
    warn(&changed);
    let begun = Instant::now();
    let status = Command::new(workspace::root().join(SCRIPT)).status();
    let status = status.attempt(format_args!("run {SCRIPT}"))?;
    println!("{SCRIPT} took {}", minutes(begun.elapsed().as_secs()));
    warn(&changed);
    if status.success() { Ok(()) } else { Err(Failure::Reported(1)) }
}

/// The commit, the machine and the tools, as a log needs them.
fn report() -> Vec<(&'static str, String)> {
    let git = |arguments: &[&str]| first_line("git", arguments);
    let memory = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| memory(&text));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let postgres = cluster::binaries().map(|folder| first_line_of(&folder.join("postgres"), &["--version"]));
    vec![
        ("commit", git(&["log", "-1", "--format=%h %s"])),
        ("system", first_line("uname", &["-srm"])),
        ("processors", format!("{cores} × {}", processor())),
        ("memory", memory.unwrap_or_else(|| ABSENT.to_owned())),
        ("rustc", first_line("rustc", &["--version"])),
        ("cargo", first_line("cargo", &["--version"])),
        ("nextest", first_line("cargo", &["nextest", "--version"])),
        ("node", first_line("node", &["--version"])),
        ("python", first_line("python3", &["--version"])),
        ("postgresql", postgres.unwrap_or_else(|| ABSENT.to_owned())),
    ]
}

const ABSENT: &str = "not here";

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    named.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}

/// The memory in whole GiB, from `/proc/meminfo`.
fn memory(text: &str) -> Option<String> {
    let kib = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = kib.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{} GiB", kib.div_ceil(1 << 20)))
}

fn minutes(seconds: u64) -> String {
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// Files that differ from the commit, as git names them.
fn changed() -> Vec<String> {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(workspace::root()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

fn warn(changed: &[String]) {
    if !changed.is_empty() {
        println!("not committed, so CI will not see it:\n{}", changed.join("\n"));
    }
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    first_line_of(Path::new(program), arguments)
}

fn first_line_of(program: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root()).stdin(Stdio::null()).stderr(Stdio::null());
    let Some(output) = command.output().ok().filter(|output| output.status.success()) else {
        return ABSENT.to_owned();
    };
    String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or(ABSENT).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last command of a shell script.
    fn last_command(script: &str) -> &str {
        script.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#')).unwrap()
    }

    #[test]
    fn ci_runs_the_command_that_the_readme_names_and_nothing_after_it() {
        let read = |name: &str| std::fs::read_to_string(workspace::root().join(name)).unwrap();
        let command = last_command(&read(SCRIPT)).strip_prefix("exec ").unwrap().to_owned();
        for page in ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"] {
            assert!(read(page).contains(&command), "{page} does not name `{command}`");
        }
        assert_eq!(read(SCRIPT).lines().filter(|line| line.contains("exec cargo")).count(), 1);
    }

    #[test]
    fn the_report_names_the_commit_and_the_compiler_and_says_of_a_tool_that_it_is_not_here() {
        let report = report();
        let of = |name: &str| report.iter().find(|(told, _)| *told == name).unwrap().1.clone();
        assert!(of("rustc").starts_with("rustc 1."), "{}", of("rustc"));
        assert!(!of("commit").is_empty() && of("system").starts_with("Linux "));
        assert_eq!(first_line("no-such-program", &[]), ABSENT);
        assert_eq!(first_line("false", &[]), ABSENT);
    }

    #[test]
    fn memory_is_rounded_up_to_whole_gibibytes() {
        assert_eq!(memory("MemTotal:        8388608 kB\nMemFree: 1 kB\n").unwrap(), "8 GiB");
        assert_eq!(memory("MemTotal:        8388609 kB\n").unwrap(), "9 GiB");
        assert_eq!(memory("MemFree: 1 kB\n"), None);
        assert_eq!(minutes(125), "2 min 5 s");
    }
}
