//! What the workspace's tests are made of, built in one selection.
//!
//! Cargo joins the features of all that one command selects, so `ykt` alone, the tests of `domain` alone and the whole
//! workspace are three builds of the same crates. Everything that a check starts is taken from the one that the test
//! runner makes anyway. Deliberately not here: the optimised program, see
//! [`workspace::optimised_ykt`].

use crate::failure::{Attempt, Failure};
use crate::workspace;
use std::path::PathBuf;
use std::process::Stdio;

/// What was built.
#[derive(Debug, PartialEq, Eq)]
pub struct Programs {
    /// The program.
    pub ykt: PathBuf,
    /// The tests of `domain`.
    pub domain_tests: PathBuf,
}

/// Builds every test of the workspace, as `cargo nextest run --workspace` and `cargo test --workspace` do.
pub fn build() -> Result<Programs, Failure> {
    let arguments =
        ["test", "--workspace", "--no-run", "--quiet", "--message-format=json-render-diagnostics"];
    let output = workspace::cargo(&arguments).stderr(Stdio::inherit()).output().attempt("start cargo")?;
    if !output.status.success() {
        return Err(Failure::task("the tests of the workspace do not build"));
    }
    named(&String::from_utf8_lossy(&output.stdout))
}

/// The programs among the messages of cargo.
fn named(messages: &str) -> Result<Programs, Failure> {
    let find = |kind: &str, name: &str, test: bool| {
        let described = [
            format!(r#""kind":["{kind}"]"#),
            format!(r#""name":"{name}""#),
            format!(r#""test":{test}}},"features""#),
        ];
        let is_it = |line: &&str| described.iter().all(|part| line.contains(part));
        let path = messages.lines().filter(is_it).find_map(executable);
        path.map(PathBuf::from).ok_or_else(|| Failure::task(format!("cargo names no {kind} `{name}`")))
    };
    Ok(Programs { ykt: find("bin", "ykt", false)?, domain_tests: find("lib", "domain", true)? })
}

/// The path in a message of cargo about an executable.
fn executable(message: &str) -> Option<String> {
    let path = message.split_once("\"executable\":\"")?.1.split('"').next()?;
    Some(path.replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: &str, name: &str, test: bool, executable: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","target":{{"kind":["{kind}"],"name":"{name}","test":true}},"profile":{{"opt_level":"0","test":{test}}},"features":[],"executable":{executable},"fresh":true}}"#
        )
    }

    #[test]
    fn the_program_and_the_tests_are_told_from_what_has_the_same_name() {
        let messages = [
            message("lib", "domain", false, "null"),
            message("lib", "domain", true, r#""/t/debug/deps/domain-1""#),
            message("bin", "ykt", true, r#""/t/debug/deps/ykt-2""#),
            message("bin", "ykt", false, r#""/t/debug/ykt""#),
        ];
        let expected = Programs { ykt: "/t/debug/ykt".into(), domain_tests: "/t/debug/deps/domain-1".into() };
        assert_eq!(named(&messages.join("\n")).ok(), Some(expected));
        assert!(named(&messages[..3].join("\n")).is_err());
    }

    #[test]
    fn a_path_is_read_and_none_is_none() {
        assert_eq!(executable(r#"{"executable":"C:\\t\\it","fresh":true}"#).as_deref(), Some(r"C:\t\it"));
        assert_eq!(executable(r#"{"executable":null}"#), None);
    }
}
