//! Administrative divisions, as codes are read by people.

use serde::{Deserialize, Serialize};

/// Every division of the current edition down to the prefecture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Divisions {
    /// The edition.
    pub revision: String,
    /// By code; a province comes before what lies within it.
    pub data: Vec<DivisionView>,
}

/// A division.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DivisionView {
    /// 6 digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name; provinces alone have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
}
