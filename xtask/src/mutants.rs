//! `mutants`: whether the tests of the rules notice when an operator in a rule is another one.
//!
//! It drives cargo-mutants, which is not a dependency of anything here: `cargo install cargo-mutants --locked`. Every
//! comparison, connective, sum and negation of the rules of channels is replaced, one at a time, and the tests of `domain`
//! are run. Deliberately not here: replacing whole functions, which finds names and titles more than rules.

use crate::failure::{Attempt, Failure};
use crate::workspace;

/// The rules of channels, the most important first, below `crates/domain/src`.
const RULES: [&str; 22] = [
    "monitoring/figures.rs",
    "monitoring.rs",
    "channel.rs",
    "channel/succession.rs",
    "risk_event/steps.rs",
    "exit.rs",
    "exit/steps.rs",
    "agreement.rs",
    "agreement/steps.rs",
    "application/act.rs",
    "application/form.rs",
    "application/level_two.rs",
    "application/routing.rs",
    "security_report.rs",
    "security_report/lab.rs",
    "calendar.rs",
    "filing.rs",
    "notice.rs",
    "maintenance.rs",
    "campaign.rs",
    "rectification.rs",
    "rectification/steps.rs",
];

/// What is replaced.
const OPERATORS: &str = r"replace (==|!=|<|>|<=|>=|&&|\|\||-|\+|\*|/|%) with|delete !|match guard";

/// Tries the files, or all rules of channels when none is named.
pub fn mutants(files: &[&str]) -> Result<(), Failure> {
    let files = if files.is_empty() { &RULES[..] } else { files };
    let mut command = workspace::cargo(&["mutants", "--package", "domain", "--no-shuffle"]);
    for file in files {
        command.arg("--file").arg(format!("crates/domain/src/{file}"));
    }
    command.args(["--re", OPERATORS, "--timeout", "120", "--output", "target/mutants", "--", "--lib"]);
    let status = command.status().attempt("start cargo")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(101) => Err(Failure::task("there is no cargo-mutants: cargo install cargo-mutants --locked")),
        code => Err(Failure::Reported(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_rules_is_there() {
        for file in RULES {
            assert!(workspace::root().join("crates/domain/src").join(file).is_file(), "{file}");
        }
    }
}
