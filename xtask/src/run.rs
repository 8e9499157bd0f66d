//! `run`: the product as a newcomer meets it, in one command.

use crate::failure::Failure;
use crate::pages::Node;
use crate::workspace;
use std::os::unix::process::CommandExt;

/// What an empty data folder is filled with.
#[derive(Clone, Copy)]
pub enum FirstRun {
    /// Persons, cards, channels and keys to try everything with.
    LoadsDemonstration,
    /// Nothing but what the product needs to start.
    StaysEmpty,
}

/// Builds the pages and the release binary, and becomes `ykt serve`; returns only if that fails.
pub fn run(first_run: FirstRun) -> Result<(), Failure> {
    let mut serve = workspace::optimised_ykt(&["serve", "--data", ".data", "--listen", "127.0.0.1:8080"]);
    match first_run {
        FirstRun::LoadsDemonstration => serve.arg("--demo"),
        FirstRun::StaysEmpty => &mut serve,
    };
    println!("building the pages");
    if let Err(Failure::Task(why)) = Node::ensure().and_then(|node| node.build()) {
        // The API works without them, and their address says what is missing.
        println!("the pages cannot be built, going on without them: {why}");
    }
    println!("building the release binary; the first time takes some minutes");
    Err(Failure::task(format!("cannot start cargo: {}", serve.exec())))
}
