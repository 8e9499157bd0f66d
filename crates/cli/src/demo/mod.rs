//! `ykt demo`.

use crate::arguments::Context;
use crate::failure::Failure;
use clap::Args;

/// How to demonstrate.
#[derive(Debug, Args)]
pub struct Flags {}

/// Demonstrates.
pub fn run(_: &Flags, _: &Context) -> Result<(), Failure> {
    Ok(())
}
