//! `ykt settlement`.

use super::first;
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::Subcommand;
use sdk::types::settlement::CutDay;
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
                let digest = data_encoding::HEXLOWER.encode(&gm::sm3::digest(file.content.as_bytes()));
                if digest != file.digest {
                    return Err(Failure::failed("the file does not have the digest it names"));
                }
                let name = PathBuf::from(&file.name);
                let name = name.file_name().ok_or_else(|| Failure::failed("the file has no name"))?;
                let path = into.join(name);
                std::fs::write(&path, &file.content).attempt(format_args!("write {}", path.display()))?;
                context.output.item(&serde_json::json!({
                    "file": path.display().to_string(), "rows": file.rows, "sum_fen": file.sum_fen,
                    "digest": file.digest, "key_id": file.key_id, "signature": file.signature,
                }))
            }
        }
    }
}
