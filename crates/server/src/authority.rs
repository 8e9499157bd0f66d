//! Who may act now, for hot batches: what the tables say, remembered for as long as the authority epoch stands.
//!
//! Every batch reads the epoch in its own transaction first. Any commit that changes a channel, terminal, opening,
//! key or closes a session counts the epoch up, so the next batch reads the tables again: a revocation holds from
//! the very next request. Only what was found is remembered; absence is always looked up.

use crate::Error;
use crate::auth::{Caller, CallerKind, Evidence};
use crate::channel::from_row;
use crate::service::life::opening;
use domain::authorization::Opening;
use domain::channel::Channel;
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::service::Service;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use store::{StoreError, WriteTx};

/// A terminal as a decision needs it.
#[derive(Debug, Clone, Copy)]
pub struct TerminalFacts {
    /// The organisation that runs it.
    pub org: [u8; 16],
    /// Where it stands.
    pub division: DivisionCode,
}

/// Facts of one epoch, as one database connection has read them.
#[derive(Debug, Default)]
pub struct Authority {
    epoch: i64,
    callers: HashMap<[u8; 16], [u8; 16]>,
    channels: HashMap<[u8; 16], Channel>,
    terminals: HashMap<[u8; 16], TerminalFacts>,
    openings: HashMap<([u8; 16], &'static str), Vec<Opening<'static>>>,
}

/// Entries kept before everything is read anew; bounds memory under many short sessions.
const LIMIT: usize = 100_000;

impl Authority {
    /// What this connection remembers, valid in this transaction.
    ///
    /// # Errors
    /// The store's.
    pub fn recall(tx: &mut WriteTx<'_>) -> Result<Box<Self>, StoreError> {
        let epoch = store::epoch::authority(tx)?;
        let mut authority: Box<Self> = tx.recall();
        if authority.epoch != epoch || authority.callers.len() > LIMIT {
            *authority = Self { epoch, ..Self::default() };
        }
        Ok(authority)
    }

    /// Checks that key, session and state admit the caller now.
    ///
    /// # Errors
    /// As [`crate::auth::admit`].
    pub fn admit(&mut self, tx: &mut WriteTx<'_>, caller: &Caller) -> Result<(), Error> {
        let proof = match caller.evidence {
            Evidence::Signature { key, .. } => *key.as_bytes(),
            Evidence::Session { session, .. } => *session.as_bytes(),
        };
        if self.callers.get(&proof) == Some(&caller.id) {
            return Ok(());
        }
        crate::auth::admit(tx, caller)?;
        self.callers.insert(proof, caller.id);
        Ok(())
    }

    /// The channel with this id.
    ///
    /// # Errors
    /// The store's.
    pub fn channel(&mut self, tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<&Channel>, Error> {
        match self.channels.entry(*id) {
            Entry::Occupied(entry) => Ok(Some(entry.into_mut())),
            Entry::Vacant(entry) => match store::channel::find(tx, id)? {
                Some(row) => Ok(Some(entry.insert(from_row(&row)?))),
                None => Ok(None),
            },
        }
    }

    /// The terminal with this id.
    ///
    /// # Errors
    /// The store's.
    pub fn terminal(&mut self, tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<Option<TerminalFacts>, Error> {
        if let Some(facts) = self.terminals.get(id) {
            return Ok(Some(*facts));
        }
        let Some(row) = store::terminal::find(tx, id)? else { return Ok(None) };
        let division = row.division.parse().map_err(|_| Error::internal("a stored division is unknown"))?;
        let facts = TerminalFacts { org: row.org_id, division };
        self.terminals.insert(*id, facts);
        Ok(Some(facts))
    }

    /// What departments have opened of `service` to the channel or terminal, and suspended or closed again (ND-3.5d, ND-3.5e).
    ///
    /// # Errors
    /// The store's.
    pub fn openings(
        &mut self,
        tx: &mut WriteTx<'_>,
        target: domain::authorization::Caller,
        service: &'static Service,
    ) -> Result<&[Opening<'static>], Error> {
        let id = match target {
            domain::authorization::Caller::Channel(id) => *id.as_bytes(),
            domain::authorization::Caller::Terminal(id) => *id.as_bytes(),
        };
        Ok(match self.openings.entry((id, service.code)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let rows = store::service::list_openings_for(tx, &id, service.code)?;
                let parsed: Option<Vec<_>> =
                    rows.iter().map(|row| opening(row, target, service.code)).collect();
                entry.insert(parsed.ok_or_else(|| Error::internal("a stored division is unknown"))?)
            }
        })
    }

    /// Where a use by this caller takes place, and the organisation that a grant of it would name: a terminal
    /// stands somewhere; a channel says where, or acts where the card was issued.
    ///
    /// # Errors
    /// `caller.suspended` for a caller that is gone; the store's.
    pub fn place(
        &mut self,
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        said: Option<DivisionCode>,
        card: DivisionCode,
    ) -> Result<(DivisionCode, OrgId), Error> {
        let gone = || Error::platform("caller.suspended");
        match caller.kind {
            CallerKind::Channel => {
                let owner = self.channel(tx, &caller.id)?.ok_or_else(gone)?.owner;
                Ok((said.unwrap_or(card), owner))
            }
            CallerKind::Terminal => {
                let facts = self.terminal(tx, &caller.id)?.ok_or_else(gone)?;
                Ok((facts.division, OrgId::from_bytes(facts.org)))
            }
        }
    }
}
