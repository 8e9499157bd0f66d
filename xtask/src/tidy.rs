//! `tidy`: the rules of STYLE.md and ARCHITECTURE.md that a program can check, and cargo and clippy cannot.
//!
//! Every check is a function from the tree to findings, so a test hands it a tree of two lines and sees it
//! fail. The real tree is checked by a test as well, so `cargo test` is enough to keep the rules.
//! Deliberately not here: anything that needs types. A check reads text, with comments and literals set apart.

mod habits;
mod layers;
mod names;
mod prose;
mod shape;
mod sql;

use crate::failure::{Attempt, Failure};
use crate::source::Source;
use crate::workspace;
use std::fmt;
use std::fs;
use std::path::Path;

/// A rule: its name, and how to find what breaks it.
struct Check {
    name: &'static str,
    findings: fn(&Tree) -> Vec<Finding>,
}

const CHECKS: [Check; 14] = [
    Check { name: "layers", findings: layers::words },
    Check { name: "dependencies", findings: layers::dependencies },
    Check { name: "registry", findings: layers::registry },
    Check { name: "type names", findings: names::types },
    Check { name: "module names", findings: names::modules },
    Check { name: "nouns", findings: names::nouns },
    Check { name: "file length", findings: shape::length },
    Check { name: "module docs", findings: shape::docs },
    Check { name: "portable sql", findings: sql::portable },
    Check { name: "forced sql", findings: sql::forced },
    Check { name: "links", findings: prose::links },
    Check { name: "words", findings: prose::words },
    Check { name: "ignored tests", findings: habits::ignored },
    Check { name: "sleeping tests", findings: habits::sleeping },
];

/// A place that breaks a rule, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(file: &File, line: usize, message: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// A text file: its path from the root with `/` between the parts, its text, and its Rust source if it is any.
struct File {
    path: String,
    text: String,
    rust: Option<Source>,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let rust = has_extension(&path, "rs").then(|| Source::read(&text));
        Self { path, text, rust }
    }

    /// The parts of the path.
    fn parts(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    /// `store` for `crates/store/…`.
    fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether the file is part of what a crate ships, not of its tests.
    fn is_shipped(&self) -> bool {
        let for_tests = self.rust.as_ref().is_some_and(|source| source.code.contains("#![cfg(test)]"));
        self.parts().get(2) == Some(&"src") && !for_tests
    }

    /// The lines with their numbers, from one.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// All text files of the repository.
struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// Reads the tree below `root`; a file that is not text is not ours to judge.
    fn read(root: &Path) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for path in workspace::files(root)? {
            if let (Some(name), Ok(text)) = (path.to_str(), String::from_utf8(fs::read(root.join(&path))?)) {
                files.push(File::new(name, text));
            }
        }
        Ok(Self { files })
    }

    fn rust(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?)))
    }

    fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| has_extension(&file.path, extension))
    }

    fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All that breaks any rule, as `path:line: message [rule]`.
    fn complaints(&self) -> Vec<String> {
        CHECKS
            .iter()
            .flat_map(|check| {
                (check.findings)(self).into_iter().map(|finding| format!("{finding} [{}]", check.name))
            })
            .collect()
    }
}

/// Checks the whole tree.
pub fn tidy() -> Result<(), Failure> {
    let tree = Tree::read(workspace::root()).attempt("read the tree")?;
    let complaints = tree.complaints();
    if complaints.is_empty() {
        println!("tidy: {} files, {} rules", tree.files.len(), CHECKS.len());
        return Ok(());
    }
    Err(Failure::task(format!("not tidy:\n{}", complaints.join("\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree made of paths and texts.
    pub(super) fn tree(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| File::new(*path, *text)).collect() }
    }

    /// Where the check finds something in a tree of one file.
    pub(super) fn lines(check: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        check(&tree(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn the_tree_is_tidy() {
        let complaints = Tree::read(workspace::root()).unwrap().complaints();
        assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    }

    #[test]
    fn a_complaint_says_where_what_and_which_rule() {
        let complaints = tree(&[("crates/gm/src/lib.rs", "fn nothing() {}\n")]).complaints();
        assert_eq!(complaints, ["crates/gm/src/lib.rs:1: begin with a `//!` module doc [module docs]"]);
    }
}
