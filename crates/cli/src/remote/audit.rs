//! `ykt audit`: the signed head, an export, proofs of single records, and their checks, which need no server.

use super::{proof, trail};
use crate::arguments::Context;
use crate::expected::Expected;
use crate::failure::{Attempt, Failure};
use crate::secret;
use clap::Subcommand;
use serde::Serialize;
use server::audit::export::{verify_file, write_line};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show the newest signed head
    Head,
    /// Write everything sealed into a file that can be checked offline
    Export {
        /// File to write; it must not exist
        file: PathBuf,
    },
    /// List the records about one thing, newest first: who did what, when, what changed
    Trail(trail::Wanted),
    /// Write the records about one thing into a file, each with the proof that it is sealed
    Prove {
        /// use_…, pay_…, chn_… or any other id
        object: String,
        /// File to write; it must not exist
        file: PathBuf,
        /// When it happened, RFC 3339, if not when the id was made; a minute from then on is looked through
        #[arg(long)]
        at: Option<String>,
    },
    /// Check proofs offline: signature, head, path, record
    VerifyProof {
        /// File that `ykt audit prove` wrote, or items of `GET /proofs`, one to a line
        file: PathBuf,
        #[command(flatten)]
        expected: Expected,
    },
    /// Check an export offline: signatures, heads, every record
    Verify {
        /// File that `ykt audit export` wrote
        file: PathBuf,
        #[command(flatten)]
        expected: Expected,
    },
}

#[derive(Debug, Serialize)]
struct Checked {
    sound: bool,
    heads: u64,
    newest_head_at: Option<String>,
    newest_root: Option<String>,
    logs: u64,
    records: u64,
    sealed: u64,
    keys: Vec<String>,
    faults: Vec<String>,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Head => context.output.item(&context.target.staff()?.audit_head()?),
            Self::Export { file } => export(&file, context),
            Self::Trail(wanted) => trail::list(&wanted, context),
            Self::Prove { object, file, at } => proof::prove(&object, at.as_deref(), &file, context),
            Self::VerifyProof { file, expected } => proof::verify(&file, &expected, context),
            Self::Verify { file, expected } => verify(&file, &expected, context),
        }
    }
}

fn export(path: &Path, context: &Context) -> Result<(), Failure> {
    let staff = context.target.staff()?;
    let mut lines = 0_u64;
    let mut text = String::new();
    for line in staff.export_audit() {
        text.push_str(&write_line(&line?).attempt("write the export")?);
        lines += 1;
    }
    // The end of the last line ends the file.
    secret::write_new(path, text.trim_end().as_bytes())?;
    context.output.item(&serde_json::json!({ "file": path.display().to_string(), "lines": lines }))
}

fn verify(path: &Path, expected: &Expected, context: &Context) -> Result<(), Failure> {
    let file = File::open(path).attempt(format_args!("open {}", path.display()))?;
    let report = verify_file(BufReader::new(file)).attempt(format_args!("read {}", path.display()))?;
    let mut faults = report.faults();
    faults.extend(
        report
            .keys
            .iter()
            .filter(|(_, print)| !expected.admits(print))
            .map(|(id, _)| format!("{id} is not the expected key")),
    );
    let (newest_head_at, newest_root) = report.newest.map(|(at, root)| (at.to_string(), root)).unzip();
    let checked = Checked {
        sound: faults.is_empty(),
        heads: report.heads,
        newest_head_at,
        newest_root,
        logs: report.evidence.logs,
        records: report.evidence.records,
        sealed: report.evidence.sealed,
        keys: report.keys.iter().map(|(id, print)| format!("{id}={print}")).collect(),
        faults,
    };
    context.output.item(&checked)?;
    expected.caution(context);
    if checked.sound { Ok(()) } else { Err(Failure::failed(format!("{} faults", checked.faults.len()))) }
}
