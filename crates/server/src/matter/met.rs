//! What one reading has met already: a page of matters names the same channels and organisations again and again, and asks of each
//! matter whether the same office was shown it.
//!
//! Invariant: it lives as long as its transaction and is never kept, so it says what the tables held at one moment.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use store::channel::ChannelRow;
use store::org::OrgRow;
use store::{ReadTx, StoreError};

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Met {
    channels: HashMap<[u8; 16], Option<ChannelRow>>,
    orgs: HashMap<[u8; 16], Option<OrgRow>>,
    shown: HashMap<(String, String), HashSet<[u8; 16]>>,
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

    /// The matters that an office was shown by being asked about them, read once.
    pub(super) fn shown_to(
        &mut self,
        tx: &mut ReadTx<'_>,
        party: &str,
        area: String,
    ) -> Result<&HashSet<[u8; 16]>, StoreError> {
        match self.shown.entry((party.to_owned(), area)) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let (party, area) = unknown.key();
                let found = store::advice::list_shown_to(tx, party, area)?.into_iter().collect();
                Ok(unknown.insert(found))
            }
        }
    }
}
