//! Bytes as lower-case hexadecimal text.

use crate::Error;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// Writes bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads bytes in either case; `pointer` names the field in the error.
///
/// # Errors
/// `request.fields` naming `pointer`.
pub fn decode(pointer: &str, text: &str) -> Result<Vec<u8>, Error> {
    HEXLOWER_PERMISSIVE
        .decode(text.as_bytes())
        .map_err(|_| Error::field_text(pointer, "request.hex", "须为十六进制 (must be hexadecimal)"))
}
