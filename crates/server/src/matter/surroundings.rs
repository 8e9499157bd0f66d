//! What a rule may look at around a matter, read in the transaction that will carry the step, and locked where it writes.

use super::step::{kind, neighbour};
use crate::Error;
use crate::channel::from_row;
use crate::key::Ring;
use crate::service::life::opening;
use domain::authorization::{Caller, Opening};
use domain::calendar::Calendar;
use domain::channel::Channel;
use domain::id::{ChannelId, MatterId, OrgId};
use domain::key::Held;
use domain::matter::{By, Kind, Known, Party, Scene};
use domain::parameter::Parameters;
use domain::service_form::Blank;
use domain::time::Timestamp;
use domain::webhook::Endpoint;
use std::collections::HashSet;
use store::matter::MatterRow;
use store::service::OpeningRow;
use store::{ReadTx, WriteTx};

/// Other matters that a rule may look at, newest first; of the kinds that it never looks at, none.
const OTHERS: i64 = 500;

/// What a rule may look at around a matter.
pub(super) struct Surroundings {
    parameters: Parameters,
    calendar: Calendar,
    pub(super) channel: Option<Channel>,
    parent: Option<Channel>,
    others: Vec<Known>,
    files: Vec<domain::matter::File>,
    openings: Vec<OpeningRow>,
    keys: Vec<Held>,
    blanks: Vec<Blank>,
    endpoints: Vec<Endpoint>,
}

impl Surroundings {
    /// Of what a step rests on: the channel is locked, and of one organisation's keys, and what it signs, one thing happens
    /// after the other.
    pub(super) fn lock(tx: &mut WriteTx<'_>, ring: &Ring, row: &MatterRow, by: &By) -> Result<Self, Error> {
        if let Some(id) = &row.channel_id {
            store::channel::lock(tx, id)?.ok_or_else(Error::not_found)?;
        }
        if kind(row)? == Kind::SigningKey {
            store::org::lock(tx, &row.owner_id)?;
        }
        if let Some(org) = signer(row, by) {
            store::org::lock(tx, org.as_bytes())?;
        }
        Self::read(tx, ring, row, by)
    }

    /// Reads them and locks nothing.
    pub(super) fn read(tx: &mut ReadTx<'_>, ring: &Ring, row: &MatterRow, by: &By) -> Result<Self, Error> {
        let channel = match &row.channel_id {
            Some(id) => Some(store::channel::find(tx, id)?.ok_or_else(Error::not_found)?),
            None => None,
        };
        let channel = channel.as_ref().map(from_row).transpose()?;
        let parent_id = channel.as_ref().and_then(|channel| channel.parent).map(|id| *id.as_bytes());
        let parent = match parent_id.or(row.parent_id) {
            Some(id) => store::channel::find(tx, &id)?,
            None => None,
        };
        let mut seen = HashSet::from([row.id]);
        let mut rows = match &row.channel_id {
            // What no rule looks at looks at nothing.
            Some(_) if Kind::ASIDE.contains(&kind(row)?) => Vec::new(),
            Some(id) => {
                let aside = Kind::ASIDE.map(Kind::as_str);
                store::matter::list_around_channel(tx, id, aside, OTHERS)?
            }
            None if kind(row)? == Kind::SigningKey => {
                store::matter::list_open_of_owner(tx, &row.owner_id, &row.kind)?
            }
            None => store::matter::list_of_owner(tx, &row.owner_id, &[u8::MAX; 16], OTHERS)?,
        };
        if let Some(org) = signer(row, by) {
            let key = Kind::SigningKey.as_str();
            rows.extend(store::matter::list_open_of_owner(tx, org.as_bytes(), key)?);
        }
        rows.retain(|other| seen.insert(other.id));
        let others = rows.iter().map(|other| neighbour(ring, other)).collect::<Result<_, _>>()?;
        let parent = parent.as_ref().map(from_row).transpose()?;
        let files = crate::attachment::service::files(tx, &row.id)?;
        let openings = match &row.channel_id {
            Some(id) if kind(row)?.is_of_opening() => store::service::list_openings(tx, id)?,
            _ => Vec::new(),
        };
        let parameters = crate::parameter::service::in_force(tx)?;
        let calendar = crate::calendar::service::in_force(tx)?;
        let keys = row.channel_id.filter(|_| kind(row).is_ok_and(Kind::looks_at_keys));
        let keys = keys.map_or_else(|| Ok(Vec::new()), |id| crate::key::service::held_by(tx, &id))?;
        let blanks = match kind(row)? {
            Kind::Application => crate::service_form::service::blanks(tx)?,
            _ => Vec::new(),
        };
        let endpoints = row.channel_id.filter(|_| kind(row).is_ok_and(Kind::looks_at_endpoints));
        let endpoints =
            endpoints.map_or_else(|| Ok(Vec::new()), |id| crate::webhook::change::endpoints(tx, &id))?;
        Ok(Self { parameters, calendar, channel, parent, others, files, openings, keys, blanks, endpoints })
    }

    /// What a rule looks at that looks at no other matter and at no file.
    pub(super) fn alone(tx: &mut ReadTx<'_>, row: &MatterRow) -> Result<Self, Error> {
        let channel = match &row.channel_id {
            Some(id) => Some(store::channel::find(tx, id)?.ok_or_else(Error::not_found)?),
            None => None,
        };
        Ok(Self {
            parameters: crate::parameter::service::in_force(tx)?,
            calendar: crate::calendar::service::in_force(tx)?,
            channel: channel.as_ref().map(from_row).transpose()?,
            parent: None,
            others: Vec::new(),
            files: Vec::new(),
            openings: Vec::new(),
            keys: Vec::new(),
            blanks: Vec::new(),
            endpoints: Vec::new(),
        })
    }

    /// Lets something look at them.
    pub(super) fn stage<T>(
        &self,
        row: &MatterRow,
        by: By,
        at: Timestamp,
        look: impl FnOnce(&Scene<'_>) -> T,
    ) -> T {
        let openings: Vec<_> = self.openings.iter().filter_map(of_channel).collect();
        look(&Scene {
            by,
            at,
            matter: MatterId::from_bytes(row.id),
            parameters: &self.parameters,
            calendar: &self.calendar,
            channel: self.channel.as_ref(),
            parent: self.parent.as_ref(),
            others: &self.others,
            files: &self.files,
            openings: &openings,
            keys: &self.keys,
            blanks: &self.blanks,
            endpoints: &self.endpoints,
        })
    }
}

/// What was opened to a channel, as a rule looks at it.
fn of_channel(row: &OpeningRow) -> Option<Opening<'_>> {
    opening(row, Caller::Channel(ChannelId::from_bytes(row.target_id)), &row.service)
}

/// The organisation that signs in the matter, when whoever acts may do so.
fn signer(row: &MatterRow, by: &By) -> Option<OrgId> {
    by.org.filter(|_| by.party == Party::Owner && kind(row).is_ok_and(Kind::is_signed))
}
