//! Where the workspace is, which files it has, and how its cargo is called.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What holds no source of ours: what git, cargo, npm and a running server leave behind. (`.git` is a file where the
/// work tree is not the first one.)
const FOREIGN: [&str; 8] =
    [".git", ".data", "ykt-data", "target", "node_modules", "dist", ".venv", "test-results"];

/// The root of the workspace, fixed when xtask was compiled.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The cargo that started us, in the root.
///
/// What it told us about our own package is kept from it: some build scripts (of `ring`) take part of that for a change
/// of their own, and everything above would be built again after every `cargo` that was typed without us.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(name);
        }
    }
    command
}

/// The command that builds the optimised `ykt` and runs it.
pub fn optimised_ykt(arguments: &[&str]) -> Command {
    let mut command = cargo(&["run", "--quiet", "--package", "cli", "--bin", "ykt", "--release", "--"]);
    command.args(arguments);
    command
}

/// Every file below `folder` that is ours, as paths relative to it, in order.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        if FOREIGN.iter().any(|foreign| name == *foreign) {
            continue;
        }
        if kind.is_dir() {
            walk(root, &entry.path(), found)?;
        } else if kind.is_file()
            && let Ok(relative) = entry.path().strip_prefix(root)
        {
            found.push(relative.to_path_buf());
        }
    }
    Ok(())
}
