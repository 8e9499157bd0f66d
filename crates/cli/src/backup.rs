//! `ykt backup` and `ykt restore`: both worlds, their data and their sealed keys.
//!
//! A backup may be made beside a running server. Without the unseal keys nobody can read it, so they are written
//! apart from it, and only when asked for.

use crate::arguments::{Context, Local};
use crate::failure::Failure;
use crate::folder::{Folder, WORLDS};
use crate::output;
use clap::Args;
use serde::Serialize;
use server::backup::Manifest;
use server::world::WorldConfig;
use std::path::PathBuf;

/// What is saved where.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    local: Local,
    /// Folder to write, which must not exist
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Folder to write the unseal keys to; keep it apart from the backup
    #[arg(long, value_name = "DIR")]
    unseal_to: Option<PathBuf>,
}

/// What is restored from where.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    local: Local,
    /// Folder that `ykt backup` wrote
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Folder that holds the unseal keys
    #[arg(long, value_name = "DIR")]
    unseal_from: PathBuf,
}

#[derive(Debug, Serialize)]
struct Row {
    file: String,
    bytes: u64,
    sm3: String,
}

impl Backup {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let folder = Folder::peek(&context.configuration(&self.local.flags())?);
        if folder.is_empty() {
            return Err(Failure::failed(format!("{} holds nothing to save", folder.root().display()))
                .hint("is --data the folder that the server has?"));
        }
        if self.to.exists() {
            return Err(Failure::failed(format!("{} exists already", self.to.display()))
                .hint("each backup takes a folder of its own, which it makes"));
        }
        let manifest = server::backup::backup(&worlds(&folder)?, &self.to, self.unseal_to.as_deref())?;
        if self.unseal_to.is_none() {
            output::note(
                "the unseal keys are not in it: without them nobody can restore it (see --unseal-to)",
            );
        }
        show(manifest, context)
    }
}

impl Restore {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let configuration = context.configuration(&self.local.flags())?;
        if !self.from.join(server::backup::MANIFEST).is_file() {
            let why = format!("{} holds no backup: no {}", self.from.display(), server::backup::MANIFEST);
            return Err(Failure::failed(why));
        }
        let folder = Folder::lock(&configuration)?;
        show(server::backup::restore(&self.from, &self.unseal_from, &worlds(&folder)?)?, context)
    }
}

fn worlds(folder: &Folder) -> Result<Vec<WorldConfig>, Failure> {
    WORLDS.iter().map(|name| folder.world(*name, "")).collect()
}

fn show(manifest: Manifest, context: &Context) -> Result<(), Failure> {
    let rows =
        manifest.files.into_iter().map(|file| Row { file: file.path, bytes: file.bytes, sm3: file.sm3 });
    context.output.list(&rows.collect::<Vec<_>>(), &["file", "bytes", "sm3"])
}
