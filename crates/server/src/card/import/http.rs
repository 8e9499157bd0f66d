//! The wire form of imports.

use super::{Imported, Row, Rows, prepare, read};
use crate::app::Json;
use crate::auth::Staff;
use crate::rows::Fault;
use crate::wire::{hex, rows};
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, Request, State};
use domain::id::ImportId;
use domain::time::Timestamp;
use sdk::types::import::{ImportRows, ImportView, MAX_CHUNK_ROWS, RowsImported, StartImport};
use std::sync::Arc;
use store::card::import::ImportRow;
use tokio::task::spawn_blocking;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most bytes of a chunk: as many rows as it may have stay below it with the longest values there can be.
const CHUNK_LIMIT: usize = 20 * 1024 * 1024;
/// Most rows a file may have: beyond every registry there is.
const TOTAL_LIMIT: i64 = 10_000_000_000;

/// The routes of imports for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(start_import))
        .routes(routes!(import_rows))
        .routes(routes!(get_import))
}

/// Announces a file of the card registry; the same file is the same import and goes on where it stopped.
#[utoipa::path(post, path = "/api/v1/imports", tag = "import", operation_id = "start_import",
    request_body = StartImport, responses((status = 200, body = ImportView)))]
async fn start_import(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<StartImport>,
) -> Result<Json<ImportView>, Error> {
    if !(1..=255).contains(&body.file_name.chars().count()) {
        return Err(Error::field_text(
            "/file_name",
            "import.file_name",
            "须为1至255个字符 (1 to 255 characters)",
        ));
    }
    let digest = hex::decode("/digest", &body.digest)?;
    let digest = digest.try_into().map_err(|_| {
        Error::field_text("/digest", "import.digest", "须为64位十六进制数 (64 hexadecimal digits)")
    })?;
    if !(1..=TOTAL_LIMIT).contains(&body.total) {
        return Err(Error::field_text("/total", "import.rows", "文件中没有数据行 (the file has no rows)"));
    }
    let import = super::start(&world, &staff, body.file_name, digest, body.total).await?;
    Ok(Json(view(&import)))
}

/// Writes the next rows of an import: good rows are kept, bad ones are named.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/rows", tag = "import", operation_id = "import_rows",
    params(("import_id" = String, Path)), request_body = ImportRows,
    responses((status = 200, body = RowsImported)))]
async fn import_rows(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(import_id): Path<String>,
    request: Request,
) -> Result<Json<RowsImported>, Error> {
    let id: ImportId = import_id.parse().map_err(|_| Error::not_found())?;
    let body = axum::body::to_bytes(request.into_body(), CHUNK_LIMIT)
        .await
        .map_err(|_| Error::platform("request.too_large"))?;
    let work = {
        let (world, staff) = (world.clone(), staff.clone());
        move || make_ready(&world, &staff, &body)
    };
    let rows = spawn_blocking(work).await.map_err(|_| Error::internal("rows could not be made ready"))??;
    let first_row = rows.first_row;
    let imported = super::rows(&world, &staff, id, rows).await?;
    Ok(Json(imported_view(imported, first_row)))
}

/// How far an import has come.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}", tag = "import", operation_id = "get_import",
    params(("import_id" = String, Path)), responses((status = 200, body = ImportView)))]
async fn get_import(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(import_id): Path<String>,
) -> Result<Json<ImportView>, Error> {
    let id: ImportId = import_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(view(&super::get(&world, &staff, id).await?)))
}

/// Reads, checks, seals and indexes a chunk; runs beside the writing of the one before.
fn make_ready(world: &World, staff: &Staff, body: &[u8]) -> Result<Rows, Error> {
    let chunk: ImportRows = crate::app::parse(body)?;
    if chunk.rows.len() > MAX_CHUNK_ROWS {
        let most = MAX_CHUNK_ROWS as i64;
        return Err(domain::card::Refusal::ChunkRows { most }.into());
    }
    let read: Vec<Result<Row, Vec<Fault>>> = chunk.rows.iter().map(read::read).collect();
    Ok(Rows {
        first_row: chunk.first_row,
        prepared: Arc::new(prepare(world, staff, read)),
        evidence: gm::sm3::digest(body),
    })
}

fn imported_view(imported: Imported, first_row: i64) -> RowsImported {
    RowsImported {
        import: view(&imported.import),
        repeated: imported.repeated,
        results: rows::results(first_row, imported.outcomes),
    }
}

fn view(row: &ImportRow) -> ImportView {
    ImportView {
        import_id: ImportId::from_bytes(row.id).to_string(),
        file_name: row.name.clone(),
        digest: hex::encode(&row.digest),
        total: row.total,
        rows_done: row.rows_done,
        inserted: row.inserted,
        updated: row.updated,
        unchanged: row.unchanged,
        refused: row.refused,
        started_at: Timestamp::from_micros(row.created_at).to_string(),
        finished_at: row.finished_at.map(|at| Timestamp::from_micros(at).to_string()),
    }
}
