//! `ykt migrate`: brings the schema of both worlds up to date without serving.

use crate::arguments::{Context, Local};
use crate::failure::Failure;
use crate::folder::{Folder, WORLDS};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Row {
    world: &'static str,
    engine: &'static str,
    schema_version: i64,
}

/// Does it.
pub fn run(local: &Local, context: &Context) -> Result<(), Failure> {
    let folder = Folder::lock(&context.configuration(&local.flags())?)?;
    let mut rows = Vec::new();
    for name in WORLDS {
        let db = store::Db::open(&folder.database(name))?;
        let schema_version = store::db::migrate::MIGRATIONS.last().map_or(0, |migration| migration.version);
        rows.push(Row { world: name.as_str(), engine: db.engine().name(), schema_version });
    }
    context.output.list(&rows, &["world", "engine", "schema_version"])
}
