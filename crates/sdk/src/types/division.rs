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
    /// Divisions of prefecture level that ended since 2003, by code; cards and identity documents keep their codes.
    pub former: Vec<FormerDivision>,
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
    /// The month in which the State Council approved it, `YYYY-MM`, if that was after 2002 and it is of prefecture level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<String>,
}

/// A division that is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerDivision {
    /// 6 digits.
    pub code: String,
    /// Its last Chinese name.
    pub name: String,
    /// The month in which the State Council approved its end, `YYYY-MM`.
    pub ended: String,
    /// The codes of what it became, or was divided among.
    pub successors: Vec<String>,
}
