//! `test`: everything that must hold before a change is good, in one command on a fresh machine.
//!
//! The rules of `tidy` are among the tests. All parts run even when an early one fails, so that one run
//! tells everything. The last line is `N passed, N failed` only when that is the whole truth: the true sum of
//! what the runners reported, with nothing else wrong.

use crate::cluster::Cluster;
use crate::compliance::{self, run::Passed};
use crate::failure::{Attempt, Failure};
use crate::pages::Node;
use crate::summary::{self, Parse, Run};
use crate::{generate, prerequisites, python, workspace};
use std::fs;
use std::ops::Add;
use std::process::{Command, Stdio};

/// Checks without tests to count: cargo arguments.
const CHECKS: [&[&str]; 2] = [
    &["fmt", "--all", "--check"],
    &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
];

/// Cargo arguments of a test runner, and how its summary is read.
struct Runner {
    arguments: &'static [&'static str],
    parse: Parse,
}

const NEXTEST: Runner = Runner { arguments: &["nextest", "run", "--workspace"], parse: summary::nextest };
const LIBTEST: Runner = Runner {
    arguments: &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"],
    parse: summary::libtest,
};
const DOCTEST: Runner =
    Runner { arguments: &["test", "--workspace", "--doc", "--no-fail-fast"], parse: summary::libtest };

/// Tells the tests that every tool must be there: one that cannot run fails. Without it they are left out.
const COMPLETE: (&str, &str) = ("YKT_TEST_COMPLETE", "1");

/// What the tests of the server talk to and npm has.
const PEERS: &str = "crates/server/tests/peers";

/// Where nextest leaves its report, as `.config/nextest.toml` says.
const REPORT: &str = "target/nextest/default/junit.xml";

/// Runs the whole suite.
pub fn test() -> Result<(), Failure> {
    prerequisites::ensure()?;
    let node = Node::ensure()?;
    let mut failed = Vec::new();
    note(node.install(PEERS), &mut failed)?;
    let tools = [
        ("YKT_TEST_SCHEMATHESIS", python::schemathesis()?),
        ("YKT_TEST_PYTHON", python::example_interpreter()?),
        ("YKT_TEST_RELAY", python::relay_interpreter()?),
        ("YKT_TEST_PROMETHEUS", python::metrics_interpreter()?),
        ("YKT_TEST_S3RVER", Some(workspace::root().join(PEERS).join("node_modules/.bin/s3rver"))),
    ];
    for arguments in CHECKS {
        announce(arguments);
        if !workspace::cargo(arguments).status().attempt("start cargo")?.success() {
            failed.push(spell(arguments));
        }
    }
    announce(&["xtask", "generate", "--check"]);
    note(generate::generate(generate::Mode::Check), &mut failed)?;
    let cluster = Cluster::start()?;
    let (mut counts, mut names) = (Vec::new(), Vec::new());
    let by_nextest = has_nextest();
    let report_path = workspace::root().join(REPORT);
    // One of an earlier run must not speak for this one; there need not be any.
    let _ = fs::remove_file(&report_path);
    for runner in [if by_nextest { NEXTEST } else { LIBTEST }, DOCTEST] {
        announce(runner.arguments);
        let mut command = workspace::cargo(runner.arguments);
        command.env("PATH", node.path()).env(COMPLETE.0, COMPLETE.1);
        command.envs(tools.iter().filter_map(|(name, program)| Some((name, program.as_ref()?))));
        let Run { success, count, passed } =
            summary::run(command.envs(cluster.environment()), runner.parse).attempt("run the tests")?;
        counts.push(count);
        names.extend(passed);
        if !success && count.is_none() {
            failed.push(spell(runner.arguments));
        }
    }
    drop(cluster);
    let passed = if by_nextest {
        Passed::from_junit(&fs::read_to_string(&report_path).attempt(format_args!("read {REPORT}"))?)
    } else {
        Passed::from_names(names)
    };
    note(compliance::check_run(&passed), &mut failed)?;
    note(test_pages(&node, &mut counts), &mut failed)?;
    report(&failed, &counts)
}

/// Remembers what a part said and goes on.
fn note(outcome: Result<(), Failure>, failed: &mut Vec<String>) -> Result<(), Failure> {
    match outcome {
        Err(Failure::Task(message)) => failed.push(message),
        other => other?,
    }
    Ok(())
}

/// The pages and the journeys through them.
fn test_pages(node: &Node, counts: &mut Vec<Option<summary::Count>>) -> Result<(), Failure> {
    println!("── pages");
    node.build()?;
    // The journeys run the program that the tests before them have built.
    let program = workspace::root().join("target/debug/ykt");
    for folder in ["web", "e2e"] {
        println!("── npm test in {folder}");
        let Run { success, count, .. } = node.test(folder, &[("YKT_PROGRAM", program.clone())])?;
        counts.push(count);
        if !success && count.is_none() {
            return Err(Failure::task(format!("npm test in {folder}")));
        }
    }
    Ok(())
}

/// `counts` holds one entry per runner, absent when its sum is not known.
fn report(failed: &[String], counts: &[Option<summary::Count>]) -> Result<(), Failure> {
    let sum =
        counts.iter().copied().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().reduce(Add::add));
    if let Some(sum) = sum {
        println!("{} passed, {} failed", sum.passed, sum.failed);
    }
    if !failed.is_empty() {
        return Err(Failure::task(format!("failed: {}", failed.join("; "))));
    }
    if counts.iter().flatten().any(|count| count.failed > 0) {
        return Err(Failure::Reported(1));
    }
    Ok(())
}

fn has_nextest() -> bool {
    let mut command: Command = workspace::cargo(&["nextest", "--version"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn announce(arguments: &[&str]) {
    println!("── {}", spell(arguments));
}

fn spell(arguments: &[&str]) -> String {
    format!("cargo {}", arguments.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Count;

    const GOOD: Option<Count> = Some(Count { passed: 3, failed: 0 });
    const BAD: Option<Count> = Some(Count { passed: 3, failed: 1 });

    #[test]
    fn a_run_is_good_only_when_every_check_and_every_test_is() {
        assert!(report(&[], &[GOOD, GOOD]).is_ok());
        assert!(matches!(report(&[], &[GOOD, BAD]), Err(Failure::Reported(1))));
        assert!(matches!(report(&[], &[BAD, None]), Err(Failure::Reported(1))));
        assert!(matches!(report(&["cargo fmt".to_owned()], &[GOOD, GOOD]), Err(Failure::Task(_))));
    }
}
