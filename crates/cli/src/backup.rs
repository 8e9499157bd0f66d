//! `ykt backup` and `ykt restore`.

use crate::arguments::{Context, Local};
use crate::failure::Failure;
use clap::Args;
use std::path::PathBuf;

/// What is saved where.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    local: Local,
    /// Folder to write, which must not exist
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// What is restored from where.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    local: Local,
    /// Folder that `ykt backup` wrote
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

impl Backup {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let _ = (context.configuration(&self.local.flags())?, self.to);
        Err(Failure::failed("not available yet"))
    }
}

impl Restore {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let _ = (context.configuration(&self.local.flags())?, self.from);
        Err(Failure::failed("not available yet"))
    }
}
