//! Which channels something is put to.
//!
//! Invariant: a channel that has exited or was terminated is in no audience.

use crate::Error;
use crate::channel::from_row;
use domain::channel::{Channel, Class, Phase};
use domain::division::DivisionCode;
use domain::id::ChannelId;
use store::ReadTx;

/// Channels read at a time.
const CHUNK: i64 = 500;

/// Which channels; what is empty does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// Of these classes.
    pub classes: Vec<Class>,
    /// That serve in one of these regions.
    pub regions: Vec<DivisionCode>,
    /// These.
    pub channels: Vec<ChannelId>,
}

impl Audience {
    fn holds(&self, channel: &Channel) -> bool {
        let serves = |region: &DivisionCode| channel.scope.regions().iter().any(|own| own.overlaps(*region));
        !matches!(channel.phase, Phase::Exited | Phase::Terminated)
            && (self.classes.is_empty() || self.classes.contains(&channel.class))
            && (self.regions.is_empty() || self.regions.iter().any(serves))
            && (self.channels.is_empty() || self.channels.contains(&channel.id))
    }

    pub(super) fn of(&self, tx: &mut ReadTx<'_>) -> Result<Vec<Channel>, Error> {
        let mut found = Vec::new();
        let mut after = Vec::new();
        loop {
            let rows = store::channel::list(tx, &after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(found) };
            after = last.id.to_vec();
            for row in &rows {
                let channel = from_row(row)?;
                if self.holds(&channel) {
                    found.push(channel);
                }
            }
        }
    }
}
