//! Channels: the carriers of e-card service. One comes into being and moves through its phases by the effects of
//! matters; only the sandbox has a short way.

pub mod http;
pub mod impact;
pub mod levels;
pub mod life;
pub mod service;
pub mod testing;

use crate::Error;
use domain::channel::{Channel, Level, Scope, Withheld};
use domain::id::{ChannelId, OrgId};
use domain::time::Timestamp;
use store::channel::ChannelRow;
use store::measure::MeasureRow;

/// A stored channel as the rules see it.
///
/// # Errors
/// Internal when a stored word is unknown to the rules.
pub fn from_row(row: &ChannelRow) -> Result<Channel, Error> {
    parse(row)
        .ok_or_else(|| Error::internal(format!("channel {} holds a word the rules do not know", row.number)))
}

fn parse(row: &ChannelRow) -> Option<Channel> {
    let regions: Option<Vec<_>> = words(&row.regions).map(|text| text.parse().ok()).collect();
    let measures: Option<Vec<_>> = row.measures.iter().map(|text| serde_json::from_str(text).ok()).collect();
    let services: Option<Vec<_>> = words(&row.services).map(|text| text.parse().ok()).collect();
    Some(Channel {
        id: ChannelId::from_bytes(row.id),
        number: row.number.parse().ok()?,
        name: row.name.clone(),
        owner: OrgId::from_bytes(row.owner_id),
        class: row.class.parse().ok()?,
        level: Level::new(row.level)?,
        parent: row.parent_id.map(ChannelId::from_bytes),
        form: row.form.parse().ok()?,
        access_mode: row.access_mode.parse().ok()?,
        scope: Scope::new(regions?, services?).ok()?,
        relation: row.relation.as_deref().map(str::parse).transpose().ok()?,
        is_platform_level: row.platform_level != 0,
        phase: row.phase.parse().ok()?,
        live_at: row.live_at.map(Timestamp::from_micros),
        measures: measures?,
    })
}

/// What a stored measure withholds.
fn withheld_by(row: &MeasureRow) -> Result<Withheld, Error> {
    serde_json::from_str(&row.withheld).map_err(|error| Error::internal(error.to_string()))
}

/// The words of a comma-separated column.
fn words(column: &str) -> impl Iterator<Item = &str> {
    column.split(',').filter(|word| !word.is_empty())
}
