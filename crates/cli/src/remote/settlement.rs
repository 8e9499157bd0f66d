//! `ykt settlement`.

use super::first;
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::Subcommand;
use data_encoding::HEXLOWER;
use domain::settlement::{Line, Manifest};
use gm::sm2::{Signature, VerifyingKey};
use sdk::client::platform_keys;
use sdk::types::key::PlatformKeys;
use sdk::types::settlement::{CutDay, DayFile};
use std::path::PathBuf;

/// What can be done with business days.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Cut a business day
    Cut {
        /// YYYY-MM-DD
        day: String,
    },
    /// List the batches of a business day
    List {
        /// YYYY-MM-DD
        day: String,
    },
    /// Take the day file of a batch, and check it against its digest
    File {
        /// set_…
        batch: String,
        /// Folder to write into
        #[arg(long, default_value = ".")]
        into: PathBuf,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Cut { day } => context.output.item(&staff.cut_day(&CutDay { business_on: day })?),
            Self::List { day } => {
                let fields = [
                    "batch_id",
                    "payee_id",
                    "state",
                    "payments",
                    "paid_fen",
                    "refunded_fen",
                    "fee_fen",
                    "net_fen",
                ];
                context.output.list(&first(staff.batches(&day), usize::MAX)?, &fields)
            }
            Self::File { batch, into } => {
                let file = staff.day_file(&batch)?;
                check(&file, &platform_keys(&context.target.url()?)?)?;
                let written =
                    [("", &file.content), (".manifest", &file.manifest), (".signature", &file.signature)];
                for (extension, text) in written {
                    let name = PathBuf::from(format!("{}{extension}", file.name));
                    let name = name.file_name().ok_or_else(|| Failure::failed("the file has no name"))?;
                    let path = into.join(name);
                    std::fs::write(&path, text).attempt(format_args!("write {}", path.display()))?;
                }
                context.output.item(&serde_json::json!({
                    "file": into.join(&file.name).display().to_string(), "rows": file.rows,
                    "sum_fen": file.sum_fen, "digest": file.digest, "signed_by": file.key_id,
                }))
            }
        }
    }
}

/// The lines of a day file whose manifest is signed by the platform and fits the file.
///
/// # Errors
/// What does not fit.
pub fn check(file: &DayFile, keys: &PlatformKeys) -> Result<Vec<Line>, Failure> {
    let key = keys.data.iter().find(|key| key.key_id == file.key_id);
    let key =
        key.ok_or_else(|| Failure::failed("the file is signed by a key that the platform does not list"))?;
    let hex = |text: &str| HEXLOWER.decode(text.as_bytes()).attempt("read the file's signature");
    let key = VerifyingKey::from_sec1(&hex(&key.public_key)?).attempt("read the platform's key")?;
    let signature: [u8; 64] = hex(&file.signature)?
        .try_into()
        .map_err(|_| Failure::failed("the file's signature is not 64 bytes"))?;
    let signed = key.verify(file.manifest.as_bytes(), &Signature(signature));
    signed.map_err(|_| Failure::failed("the platform has not signed this manifest"))?;
    let manifest = Manifest::read(&file.manifest).attempt("read the manifest")?;
    manifest.check(&file.content).attempt("trust the file")?;
    domain::settlement::read(&file.content).attempt("read the file")
}
