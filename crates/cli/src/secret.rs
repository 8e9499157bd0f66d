//! Secrets on their way in and out: from a file, from stdin or typed without an echo; written for the owner only.
//! Never an argument: those are in the process list and in the shell's history.

use crate::failure::{Attempt, Failure};
use clap::Args;
use gm::Secret;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where a secret is read from.
#[derive(Debug, Clone, Args)]
pub struct Origin {
    /// File that holds the password; `-` is stdin. Without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Origin {
    /// A file, `-` for stdin, or the terminal.
    pub fn new(password_file: Option<PathBuf>) -> Self {
        Self { password_file }
    }

    /// Reads the secret, without the end of its line.
    ///
    /// # Errors
    /// Usage: there is neither a file nor a terminal, or nothing was given.
    pub fn read(&self, prompt: &str) -> Result<Secret<String>, Failure> {
        let mut text = String::new();
        match &self.password_file {
            Some(path) if path.as_os_str() == "-" => {
                io::stdin().lock().read_to_string(&mut text).attempt("read stdin")?;
            }
            Some(path) => {
                text = std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))?;
            }
            None if io::stdin().is_terminal() => {
                text = rpassword::prompt_password(format!("{prompt}: ")).attempt("read the terminal")?;
            }
            None => {
                return Err(Failure::usage("no password was given")
                    .hint("use --password-file FILE, or --password-file - to read stdin"));
            }
        }
        let text = Secret::new(text);
        let trimmed = text.expose().trim_end_matches(['\n', '\r']);
        if trimmed.is_empty() {
            return Err(Failure::usage("the password is empty"));
        }
        Ok(Secret::new(trimmed.to_owned()))
    }
}

/// Writes a new file that only its owner may read; an existing one is never overwritten.
///
/// # Errors
/// The file exists or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write(OpenOptions::new().write(true).create_new(true), path, bytes)
}

/// Writes a file that only its owner may read, in place of an earlier one.
///
/// # Errors
/// The file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let new = path.with_extension("new");
    write(OpenOptions::new().write(true).create(true).truncate(true), &new, bytes)?;
    std::fs::rename(&new, path).attempt(format_args!("write {}", path.display()))
}

fn write(options: &mut OpenOptions, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let what = format!("write {}", path.display());
    let mut file = options.mode(0o600).open(path).attempt(&what)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).attempt(&what)
}
