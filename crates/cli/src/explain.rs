//! `ykt config explain`: every setting, its value and where the value came from.

use crate::arguments::Context;
use crate::config::{Configuration, shown};
use crate::failure::Failure;
use clap::Subcommand;
use serde::Serialize;

/// What can be asked about the configuration.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Say where each value comes from, and whether all of them can be used
    Explain,
}

#[derive(Debug, Serialize)]
struct Row {
    setting: &'static str,
    value: String,
    source: String,
    variable: String,
    about: &'static str,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let Self::Explain = self;
        let resolved = context.resolve(&[])?;
        let rows: Vec<Row> = resolved
            .iter()
            .map(|row| Row {
                setting: row.setting.name,
                value: shown(row),
                source: row.source.to_string(),
                variable: format!("YKT_{}", row.setting.name.to_uppercase()),
                about: row.setting.about,
            })
            .collect();
        context.output.list(&rows, &["setting", "value", "source", "about"])?;
        Configuration::check(&resolved).map(drop)
    }
}
