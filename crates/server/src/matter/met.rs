//! What one reading has met already: a page of matters names the same channels and organisations again and again.
//!
//! Invariant: it lives as long as its transaction and is never kept, so it says what the tables held at one moment.

use std::collections::HashMap;
use store::channel::ChannelRow;
use store::org::OrgRow;
use store::{ReadTx, StoreError};

/// The channels and organisations that were read so far.
#[derive(Debug, Default)]
pub(super) struct Met {
    channels: HashMap<[u8; 16], Option<ChannelRow>>,
    orgs: HashMap<[u8; 16], Option<OrgRow>>,
}

impl Met {
    /// A channel, read once.
    pub(super) fn channel(
        &mut self,
        tx: &mut ReadTx<'_>,
        id: &[u8; 16],
    ) -> Result<Option<ChannelRow>, StoreError> {
        if let Some(known) = self.channels.get(id) {
            return Ok(known.clone());
        }
        let found = store::channel::find(tx, id)?;
        self.channels.insert(*id, found.clone());
        Ok(found)
    }

    /// An organisation, read once.
    pub(super) fn org(&mut self, tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<OrgRow>, StoreError> {
        if let Some(known) = self.orgs.get(id) {
            return Ok(known.clone());
        }
        let found = store::org::find(tx, id)?;
        self.orgs.insert(*id, found.clone());
        Ok(found)
    }
}
