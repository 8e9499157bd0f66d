//! `ykt export`: files of long lists.

use super::{Page, first, word};
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use gm::sm3::Hasher;
use sdk::client::Staff;
use sdk::types::audit::{ExportFormat, ExportedList};
use sdk::types::export::{CreateExport, ExportLanguage, ExportView};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

const FIELDS: [&str; 7] = ["export_id", "list", "format", "state", "rows", "size", "expires_at"];

/// What can be done with files of long lists.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Begin a file of a list: `matter`, `matter_acted`, `matter_opened`, `terminal`, or a trail such as `channel_trail`
    Create(Create),
    /// List the own exports, newest first
    List(Page),
    /// Show how far an export has come
    Show {
        /// exp_…
        export: String,
    },
    /// Save the file of an export that is ready, and check it
    Save {
        /// exp_…
        export: String,
        /// Where to; it must not exist
        file: PathBuf,
    },
}

/// What is asked for.
#[derive(Debug, Args)]
pub struct Create {
    /// Of which list
    #[arg(value_parser = word::<ExportedList>)]
    list: ExportedList,
    /// Whose trail, by its id
    #[arg(long)]
    object: Option<String>,
    /// Only such rows, as the list itself is narrowed: `kind=exit`, `ended=false`; may be repeated
    #[arg(long = "filter", value_parser = filter)]
    filters: Vec<(String, Value)>,
    /// `xlsx`, `csv` or, of 5,000 rows at most, `pdf`
    #[arg(long, default_value = "xlsx", value_parser = word::<ExportFormat>)]
    format: ExportFormat,
    /// `zh-CN` or `en`
    #[arg(long, default_value = "zh-CN", value_parser = word::<ExportLanguage>)]
    language: ExportLanguage,
}

fn filter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write it NAME=VALUE")?;
    let value = match value {
        "true" | "false" => Value::Bool(value == "true"),
        text => Value::String(text.to_owned()),
    };
    Ok((name.to_owned(), value))
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create(asked) => {
                let request = CreateExport {
                    list: asked.list,
                    object_id: asked.object,
                    filter: asked.filters.into_iter().collect::<Map<_, _>>(),
                    format: asked.format,
                    language: asked.language,
                };
                context.output.item(&staff.create_export(&request)?)
            }
            Self::List(page) => context.output.list(&first(staff.exports(), page.limit)?, &FIELDS),
            Self::Show { export } => context.output.item(&staff.export(&export)?),
            Self::Save { export, file } => {
                let found = staff.export(&export)?;
                save(&staff, &found, &file)?;
                context.output.item(&found)
            }
        }
    }
}

/// Writes the file piece by piece, and refuses one that has not the digest it is said to have.
fn save(staff: &Staff, export: &ExportView, path: &Path) -> Result<(), Failure> {
    let mut file = File::create_new(path).attempt(format_args!("write {}", path.display()))?;
    let (mut hasher, mut at) = (Hasher::new(), 0);
    loop {
        let piece = staff.export_piece(export, at)?;
        if piece.is_empty() {
            break;
        }
        file.write_all(&piece).attempt(format_args!("write {}", path.display()))?;
        hasher.update(&piece);
        at += piece.len() as u64;
    }
    if export.sm3.as_deref() == Some(HEXLOWER.encode(&hasher.finish()).as_str()) {
        return Ok(());
    }
    Err(Failure::failed(format!("{}: what came is not the file that was made", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_name_and_a_word_or_a_truth() {
        assert_eq!(filter("kind=exit"), Ok(("kind".into(), "exit".into())));
        assert_eq!(filter("ended=false"), Ok(("ended".into(), Value::Bool(false))));
        assert_eq!(filter("actor=a=b"), Ok(("actor".into(), "a=b".into())));
        assert!(filter("kind").is_err());
    }
}
