//! `ykt`, the one program: it serves, migrates, checks and demonstrates the platform, and speaks to a running one.
//!
//! The only crate that reads the environment, arguments and the terminal; everything else is given values. Data
//! goes to stdout, everything for people to stderr, and the exit code says what kind of failure it was. Verbs on a
//! running system go through its API: what they can do is what the API permits their user. Deliberately not here:
//! rules, SQL, HTTP handlers.

mod arguments;
mod backup;
mod bench;
mod card;
mod chance;
mod completion;
mod config;
mod crowd;
mod demo;
mod doctor;
mod expected;
mod explain;
mod failure;
mod folder;
mod key;
mod matter;
mod migrate;
mod output;
mod profile;
mod reference;
mod remote;
mod running;
mod scene;
mod secret;
mod serve;
mod simulate;
mod workflow;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match arguments::Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.code(),
    }
}
