//! Files of long lists, for whoever asked for them. Every method fails as [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::export::{CreateExport, ExportView};

/// Bytes that are asked for at a time.
const PIECE: u64 = 8 << 20;

impl Staff {
    /// Begins a file of a list.
    pub fn create_export(&self, request: &CreateExport) -> Result<ExportView, Error> {
        self.client().send(&Call::post("/api/v1/exports", request)?.once())
    }

    /// The own exports, newest first.
    pub fn exports(&self) -> Items<'_, ExportView> {
        self.client().list("/api/v1/exports")
    }

    /// How far one of the own exports has come.
    pub fn export(&self, export_id: &str) -> Result<ExportView, Error> {
        self.client().send(&Call::get(format!("/api/v1/exports/{}", encode(export_id))))
    }

    /// The file of an export from byte `at` on, 8 MiB at most: fewer at its end, none behind it.
    pub fn export_piece(&self, export: &ExportView, at: u64) -> Result<Vec<u8>, Error> {
        let size = export.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(u64::MAX);
        if at >= size {
            return Ok(Vec::new());
        }
        let path = format!("/api/v1/exports/{}/content", encode(&export.export_id));
        self.client().bytes(&Call::get(path).range(at, PIECE))
    }
}
