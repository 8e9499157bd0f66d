//! Regulation as code, shown to be so: every clause with the code that enforces it and the tests that prove it.
//!
//! The page is made from the sources alone, so it is the same on every machine; that the tests which it names ran and
//! passed is asked of the runner ([`run`]), and that they would notice another number of [`prove`]. Invariant: a clause
//! about channels that had a test keeps one, because the list of gaps is only ever made shorter here.

pub mod citation;
mod matrix;
mod page;
pub mod run;
mod table;

use crate::failure::{Attempt, Failure};
use crate::programs::Programs;
use crate::{prove, workspace};
use citation::{Citations, Place};
use std::fs;
use table::Tables;

/// The page.
pub const PAGE: &str = "docs/reference/compliance.md";
/// The list of gaps.
pub const GAPS: &str = table::GAPS;

/// The page and the list of gaps as they should be, given the other generated pages.
pub fn artifacts(programs: &Programs) -> Result<(String, String), Failure> {
    let (tables, found) = (Tables::read()?, citations()?);
    let proofs = prove::prove(&found.tests, programs)?;
    let rows = matrix::rows(&tables, &found, &proofs);
    let (gaps, unlisted) = matrix::gaps(&tables, &rows, &proofs);
    let complaints = [matrix::complaints(&tables, &found), unlisted].concat();
    if !complaints.is_empty() {
        return Err(Failure::task(format!("citations of clauses:\n{}", complaints.join("\n"))));
    }
    let gaps: String = gaps.iter().map(|id| format!("{id}\n")).collect();
    Ok((page::page(&tables, &found, &rows, &proofs), gaps))
}

/// Fails when a test that cites a clause is not among those that ran and passed.
pub fn check_run(passed: &run::Passed) -> Result<(), Failure> {
    let found = citations()?;
    let missing = passed.missing(&found.tests);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<_> =
        missing.iter().map(|test| format!("{} {} ({})", test.binary, test.path, test.file)).collect();
    Err(Failure::task(format!("cite a clause and did not run and pass:\n{}", missing.join("\n"))))
}

/// Prints which tests notice which number.
pub fn prove() -> Result<(), Failure> {
    prove::report(&citations()?.tests)
}

/// What all sources cite.
fn citations() -> Result<Citations, Failure> {
    let mut all = Citations::default();
    for path in workspace::files(workspace::root()).attempt("read the tree")? {
        let Some(name) = path.to_str() else { continue };
        let is_rust = name.starts_with("crates/") && path.extension().is_some_and(|end| end == "rs");
        let is_schema = name.starts_with("migrations/");
        if !is_rust && !is_schema {
            continue;
        }
        let text = fs::read_to_string(workspace::root().join(&path)).attempt(format_args!("read {name}"))?;
        if is_rust {
            let mut found = citation::read(name, &text);
            all.tests.append(&mut found.tests);
            all.places.append(&mut found.places);
        } else {
            let ids = citation::ids(&text);
            all.places.push(Place { file: name.to_owned(), symbol: String::new(), ids });
        }
    }
    Ok(all)
}
