//! `prove`: whether the tests would notice if a number of the rules were another one.
//!
//! Each parameter that comes from a clause is shifted by one unit, up and down, one at a time, and the tests of `domain`
//! that cite its clause are run: at least one must fail. One binary is built once and started again and again with the
//! shift in its environment. A shift out of the range that the rule can work with is left out.

use crate::compliance::citation::Test;
use crate::failure::{Attempt, Failure};
use crate::programs::{self, Programs};
use crate::workspace;
use std::path::Path;
use std::process::Command;

/// The generated table of parameters.
const PARAMETERS: &str = "docs/reference/parameters.md";
/// What the tests say when the shift is not understood; see `domain::parameter::shift`.
const NOT_UNDERSTOOD: &str = "YKT_SHIFT names no parameter";

/// A parameter that comes from a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    pub meaning: String,
    pub value: i64,
    pub unit: String,
    pub least: i64,
    pub most: i64,
    pub clause: String,
}

/// A shift of a parameter, and the tests that noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub units: i64,
    pub noticed_by: Vec<String>,
}

/// A parameter with what its shifts did.
#[derive(Debug)]
pub struct Proof {
    pub parameter: Parameter,
    pub shifts: Vec<Shift>,
}

impl Proof {
    /// Whether every shift was noticed.
    pub fn holds(&self) -> bool {
        self.shifts.iter().all(|shift| !shift.noticed_by.is_empty())
    }
}

/// Shifts every parameter of [`PARAMETERS`] that has a clause.
pub fn prove(tests: &[Test], programs: &Programs) -> Result<Vec<Proof>, Failure> {
    let page = std::fs::read_to_string(workspace::root().join(PARAMETERS))
        .attempt(format_args!("read {PARAMETERS}"))?;
    let binary = Binary(&programs.domain_tests);
    parameters(&page)
        .into_iter()
        .map(|parameter| {
            let cites = |test: &&Test| test.binary == "domain" && test.ids.contains(&parameter.clause);
            let citing: Vec<&str> = tests.iter().filter(cites).map(|test| test.path.as_str()).collect();
            let shift = |units| {
                let noticed_by = binary.failures(&parameter.name, units, &citing)?;
                Ok(Shift { units, noticed_by })
            };
            let shifts = units(&parameter).map(shift).collect::<Result<_, Failure>>()?;
            Ok(Proof { parameter, shifts })
        })
        .collect()
}

/// Prints every parameter with the tests that notice its shifts.
pub fn report(tests: &[Test]) -> Result<(), Failure> {
    let proofs = prove(tests, &programs::build()?)?;
    for Proof { parameter, shifts } in &proofs {
        for Shift { units, noticed_by } in shifts {
            let by = if noticed_by.is_empty() { "nobody".to_owned() } else { noticed_by.join(", ") };
            println!("{:<44} {} {units:+}  noticed by {by}", parameter.name, parameter.clause);
        }
    }
    let held = proofs.iter().filter(|proof| proof.holds()).count();
    println!("{held} of {} parameters are proven", proofs.len());
    Ok(())
}

/// One up and one down, as far as the rule can work with the result.
fn units(parameter: &Parameter) -> impl Iterator<Item = i64> {
    let range = parameter.least..=parameter.most;
    let value = parameter.value;
    [1, -1].into_iter().filter(move |units| range.contains(&(value + units)))
}

/// The rows of the generated page that name a clause.
fn parameters(page: &str) -> Vec<Parameter> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, meaning, value, unit, least, most, clause] = cells[..] else { return None };
        Some(Parameter {
            name: name.strip_prefix('`')?.strip_suffix('`')?.to_owned(),
            meaning: meaning.to_owned(),
            value: value.parse().ok()?,
            unit: unit.to_owned(),
            least: least.parse().ok()?,
            most: most.parse().ok()?,
            clause: clause.strip_prefix('[')?.split(']').next()?.to_owned(),
        })
    };
    page.lines().filter_map(row).collect()
}

/// The built tests of `domain`.
struct Binary<'a>(&'a Path);

impl Binary<'_> {
    /// The tests among `citing` that fail under a shift, in order.
    fn failures(&self, name: &str, units: i64, citing: &[&str]) -> Result<Vec<String>, Failure> {
        if citing.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = Command::new(self.0);
        command.env("YKT_SHIFT", format!("{name}={units}")).env("RUST_BACKTRACE", "0");
        let output = command.arg("--exact").args(citing).output().attempt("start the tests of `domain`")?;
        let (said, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if said.contains(NOT_UNDERSTOOD) || errors.contains(NOT_UNDERSTOOD) {
            return Err(Failure::task(format!("{PARAMETERS} names {name}, which the tests do not know")));
        }
        let mut failed: Vec<String> = said.lines().filter_map(failed_test).map(str::to_owned).collect();
        failed.sort();
        if output.status.success() == failed.is_empty() {
            return Ok(failed);
        }
        Err(Failure::task(format!("the tests of `domain` ended with {} under {name}={units}", output.status)))
    }
}

/// The name in a line `test channel::tests::a_sentence ... FAILED`.
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "| name | 含义 | value | unit | least | most | clause |\n|---|---|---:|---|---:|---:|---|\n\
        | `exit.notice_months` | 提前 | 2 | months | 1 | 24 | [CH-32.2](compliance.md#CH-32.2) |\n\
        | `code.ttl_seconds` | 时间 | 60 | seconds | 1 | 60 |  |\n";

    #[test]
    fn the_parameters_with_a_clause_are_read_from_the_page() {
        let found = parameters(PAGE);
        assert_eq!(found.len(), 1);
        let Parameter { name, value, clause, .. } = &found[0];
        assert_eq!((name.as_str(), *value, clause.as_str()), ("exit.notice_months", 2, "CH-32.2"));
    }

    #[test]
    fn a_shift_stays_where_the_rule_works() {
        let at = |value| Parameter { value, ..parameters(PAGE)[0].clone() };
        assert_eq!(units(&at(2)).collect::<Vec<_>>(), [1, -1]);
        assert_eq!(units(&at(1)).collect::<Vec<_>>(), [1]);
        assert_eq!(units(&at(24)).collect::<Vec<_>>(), [-1]);
    }

    #[test]
    fn a_parameter_is_proven_when_every_shift_was_noticed() {
        let noticed =
            |by: &[&str]| Shift { units: 1, noticed_by: by.iter().map(|&name| name.into()).collect() };
        let proof = |shifts| Proof { parameter: parameters(PAGE)[0].clone(), shifts };
        assert!(proof(vec![noticed(&["a"]), noticed(&["b"])]).holds());
        assert!(!proof(vec![noticed(&["a"]), noticed(&[])]).holds());
    }

    #[test]
    fn what_the_tests_say_is_read() {
        assert_eq!(failed_test("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed_test("test a::b ... ok"), None);
    }
}
