//! What a test runner says about single tests, to hold it against the tests that cite clauses.

use super::citation::Test;
use std::collections::BTreeSet;

/// The tests that ran and passed: `(binary, path)`; the binary is unknown when the runner does not say it.
#[derive(Debug, Default)]
pub struct Passed(BTreeSet<(Option<String>, String)>);

impl Passed {
    /// Reads nextest's report in JUnit's format.
    pub fn from_junit(text: &str) -> Self {
        let cases = text.split("<testcase ").skip(1).filter_map(|case| {
            let bad = ["<failure", "<error", "<skipped"].iter().any(|mark| case.contains(mark));
            let binary = attribute(case, "classname")?;
            let binary = binary.split_once("::bin/").map_or(binary, |(package, _)| package);
            let path = attribute(case, "name")?;
            (!bad).then(|| (Some(binary.to_owned()), path.to_owned()))
        });
        Self(cases.collect())
    }

    /// Takes the names that `cargo test` printed; it does not say of which binary.
    pub fn from_names(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|path| (None, path)).collect())
    }

    /// Whether a test, or every variant of a behaviour (`a_sentence::on_sqlite`), is among them.
    fn has(&self, test: &Test) -> bool {
        self.0.iter().any(|(binary, path)| {
            let rest = path.strip_prefix(&test.path);
            let same = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
            same && binary.as_ref().is_none_or(|binary| *binary == test.binary)
        })
    }

    /// The tests that cite a clause and are not among these.
    pub fn missing<'a>(&self, tests: &'a [Test]) -> Vec<&'a Test> {
        tests.iter().filter(|test| !test.ids.is_empty() && !self.has(test)).collect()
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
    tag[start..].split('"').next()
}

#[cfg(test)]
mod tests {
    use super::super::citation;
    use super::*;

    const JUNIT: &str = "<testsuite name=\"domain\"><testcase name=\"card::tests::one\" classname=\"domain\" time=\"0\">\n\
        </testcase><testcase name=\"card::tests::two\" classname=\"domain\"><failure type=\"x\"/></testcase>\
        <testcase name=\"qr::code::three::on_sqlite\" classname=\"server::it\"></testcase>\
        <testcase name=\"four\" classname=\"cli::bin/ykt\"></testcase></testsuite>";

    fn missing(passed: &Passed, path: &str, text: &str) -> Vec<String> {
        passed.missing(&citation::read(path, text).tests).iter().map(|test| test.path.clone()).collect()
    }

    const THREE: &str = "mod tests { /// R1\n#[test]\nfn one() {}\n/// R1\n#[test]\nfn two() {}\n/// R1\n#[test]\nfn gone() {}\n\
        #[test]\nfn cites_nothing() {} }";

    #[test]
    fn a_citing_test_that_failed_or_did_not_run_is_missing() {
        let passed = Passed::from_junit(JUNIT);
        let path = "crates/domain/src/card.rs";
        assert_eq!(missing(&passed, path, THREE), ["card::tests::two", "card::tests::gone"]);
        assert_eq!(
            missing(&passed, "crates/store/src/card.rs", THREE).len(),
            3,
            "another binary's tests do not count"
        );
        let behaviour = "on_both! { /// R1\nfn three(place) {} }";
        assert_eq!(missing(&passed, "crates/server/tests/it/qr/code.rs", behaviour), [""; 0]);
        assert_eq!(missing(&passed, "crates/cli/src/main.rs", "/// R1\n#[test]\nfn four() {}"), [""; 0]);
    }

    #[test]
    fn the_names_that_cargo_test_prints_do_as_well() {
        let passed = Passed::from_names(["card::tests::one".to_owned()]);
        assert_eq!(
            missing(&passed, "crates/domain/src/card.rs", THREE),
            ["card::tests::two", "card::tests::gone"]
        );
    }
}
