//! Reads what test runners say about themselves, so that the last line of a run can be their true sum.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::Add;
use std::process::{Command, Stdio};
use std::thread;

/// How many tests passed and how many did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, in whatever way.
    pub failed: u64,
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// Understands one line of a runner, if it is a summary.
pub type Parse = fn(&str) -> Option<Count>;

/// `     Summary [   1.5s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
///
/// A cancelled run (`5/10 tests run`) and numbers that do not add up are no summary.
pub fn nextest(line: &str) -> Option<Count> {
    let rest = line.trim_start().strip_prefix("Summary [")?;
    let rest = rest.split_once(']')?.1.trim_start();
    let (run, outcomes) = rest.split_once(" tests run: ").or_else(|| rest.split_once(" test run: "))?;
    let run: u64 = run.parse().ok()?;
    let mut count = Count::default();
    for outcome in outside_parentheses(outcomes).split(',') {
        let (number, kind) = outcome.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match kind.trim() {
            "passed" => count.passed += number,
            "skipped" => {}
            _ => count.failed += number,
        }
    }
    (count.passed + count.failed == run).then_some(count)
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
pub fn libtest(line: &str) -> Option<Count> {
    let outcomes = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let number = |kind: &str| {
        outcomes.split("; ").find_map(|outcome| outcome.strip_suffix(kind)?.trim().parse::<u64>().ok())
    };
    Some(Count { passed: number("passed")?, failed: number("failed")? })
}

/// `      Tests  1 failed | 2 passed (3)`; tests that are skipped or left for later are no tests.
pub fn vitest(line: &str) -> Option<Count> {
    let outcomes = line.trim_start().strip_prefix("Tests ")?;
    let mut count = Count::default();
    for outcome in outside_parentheses(outcomes).split('|') {
        let (number, kind) = outcome.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        match kind.trim() {
            "passed" => count.passed += number,
            "failed" => count.failed += number,
            _ => {}
        }
    }
    Some(count)
}

fn outside_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|character| match character {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

/// How a runner ended: whether it was content, and its sum when it told one that can be believed.
pub struct Run {
    /// The runner's exit code was zero.
    pub success: bool,
    /// The sum of its summaries; absent when it gave none, or failed without a failed test.
    pub count: Option<Count>,
    /// The names of tests that it said are `ok`, line by line (libtest does, nextest has a report instead).
    pub passed: Vec<String>,
}

/// Runs a test runner, showing its output as it comes and adding up its summaries.
pub fn run(command: &mut Command, parse: Parse) -> io::Result<Run> {
    run_into(command, parse, io::stdout(), io::stderr())
}

fn run_into(command: &mut Command, parse: Parse, out: impl Write, err: impl Write + Send) -> io::Result<Run> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (from_stdout, from_stderr) = thread::scope(|scope| {
        let other = scope.spawn(move || stderr.map_or(Ok(Said::default()), |pipe| relay(pipe, err, parse)));
        let one = stdout.map_or(Ok(Said::default()), |pipe| relay(pipe, out, parse));
        (one, other.join().unwrap_or_else(|_| Ok(Said::default())))
    });
    let success = child.wait()?.success();
    let (one, other) = (from_stdout?, from_stderr?);
    let count = [one.count, other.count].into_iter().flatten().reduce(Add::add);
    let passed = [one.passed, other.passed].concat();
    Ok(Run { success, count: count.filter(|count| success == (count.failed == 0)), passed })
}

/// What one stream of a runner said.
#[derive(Default)]
struct Said {
    count: Option<Count>,
    passed: Vec<String>,
}

fn relay(from: impl Read, mut to: impl Write, parse: Parse) -> io::Result<Said> {
    let mut from = BufReader::new(from);
    let (mut line, mut said) = (Vec::new(), Said::default());
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        let text = String::from_utf8_lossy(&line);
        if let Some(count) = parse(text.trim_end()) {
            said.count = Some(said.count.unwrap_or_default() + count);
        }
        said.passed.extend(passed_test(text.trim_end()).map(str::to_owned));
        line.clear();
    }
    Ok(said)
}

/// The name in a line `test card::tests::a_sentence ... ok` of libtest.
fn passed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... ok")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nextest_summary_counts_every_bad_end_as_failed() {
        let line = "     Summary [   1.5s] 12 tests run: 8 passed (1 slow, 2 flaky), 2 failed, 1 timed out, \
                    1 exec failed, 3 skipped";
        assert_eq!(nextest(line), Some(Count { passed: 8, failed: 4 }));
        assert_eq!(
            nextest("     Summary [   0.005s] 1 test run: 1 passed, 0 skipped"),
            Some(Count { passed: 1, failed: 0 })
        );
    }

    #[test]
    fn a_cancelled_or_inconsistent_nextest_run_has_no_count() {
        assert_eq!(nextest("     Summary [   1.5s] 5/10 tests run: 4 passed, 1 failed, 0 skipped"), None);
        assert_eq!(nextest("     Summary [   1.5s] 10 tests run: 4 passed, 1 failed, 0 skipped"), None);
        assert_eq!(nextest("        PASS [   0.005s] store it::row::is_found"), None);
    }

    #[test]
    fn a_libtest_summary_is_read_whether_it_is_good_or_bad() {
        let good =
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0s";
        let bad = "test result: FAILED. 13 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(libtest(good), Some(Count { passed: 3, failed: 0 }));
        assert_eq!(libtest(bad), Some(Count { passed: 13, failed: 2 }));
        assert_eq!(libtest("running 3 tests"), None);
    }

    #[test]
    fn a_vitest_summary_is_read_whether_it_is_good_or_bad() {
        assert_eq!(vitest("      Tests  3 passed (3)"), Some(Count { passed: 3, failed: 0 }));
        let bad = "      Tests  1 failed | 2 passed | 1 skipped (4)";
        assert_eq!(vitest(bad), Some(Count { passed: 2, failed: 1 }));
        assert_eq!(vitest(" Test Files  1 passed (1)"), None);
    }

    fn in_silence(script: &str) -> Run {
        run_into(Command::new("sh").args(["-c", script]), libtest, io::sink(), io::sink()).unwrap()
    }

    #[test]
    fn the_summaries_of_a_runner_are_added_up_from_both_streams() {
        let line =
            |passed, failed| format!("echo 'test result: x. {passed} passed; {failed} failed; 0 ignored'");
        let script = format!("{}; {} >&2; {}; exit 1", line(2, 0), line(3, 1), line(4, 0));
        let run = in_silence(&script);
        assert!(!run.success);
        assert_eq!(run.count, Some(Count { passed: 9, failed: 1 }));
        assert_eq!(run.passed, [""; 0]);
    }

    #[test]
    fn the_tests_that_passed_are_remembered_by_name() {
        let run = in_silence("echo 'test card::one ... ok'; echo 'test card::two ... FAILED'; exit 1");
        assert_eq!(run.passed, ["card::one"]);
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_has_no_count() {
        let script = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 1";
        let run = in_silence(script);
        assert_eq!((run.success, run.count), (false, None));
    }
}
