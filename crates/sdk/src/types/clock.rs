//! The clock of the sandbox, whose business time can be moved.

use serde::{Deserialize, Serialize};

/// Both times of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockView {
    /// Business time, by which periods and dates go, RFC 3339.
    pub now: String,
    /// Real time, by which signatures, sessions and codes go, RFC 3339.
    pub real_now: String,
    /// How far the one is ahead of the other.
    pub ahead_seconds: i64,
}

/// Moves business time forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdvanceClock {
    /// 1 to 31622400, a leap year.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 31_622_400))]
    pub seconds: i64,
}
