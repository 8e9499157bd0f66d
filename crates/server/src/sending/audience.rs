//! Which channels something is put to.
//!
//! Invariant: nobody is in an audience whom it does not concern, such as a channel that has exited; and a channel that is
//! named and cannot be told is said so by its place, never a channel less.

use crate::Error;
use crate::channel::from_row;
use crate::key_rotation::progress::usage;
use crate::wire::fields::Fields;
use domain::channel::{Channel, Class};
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::sending::{Content, Refusal};
use domain::time::{BusinessDate, Timestamp};
use serde::Deserialize;
use std::collections::HashMap;
use store::ReadTx;

/// Channels read at a time.
const CHUNK: i64 = 500;

/// Which channels; what is empty does not narrow it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// Of these classes.
    pub classes: Vec<Class>,
    /// That serve in one of these regions.
    pub regions: Vec<DivisionCode>,
    /// These.
    #[serde(rename = "channel_ids")]
    pub channels: Vec<ChannelId>,
    /// Whose key in use was registered before this day; of a rotation. A channel without one is not younger, and is left out by name.
    pub registered_before: Option<BusinessDate>,
}

/// Since when the channels have their keys in use.
type InUse = HashMap<ChannelId, Timestamp>;

/// A channel that is named and cannot be told.
pub(super) struct Beyond {
    place: usize,
    /// The channel, if there is one.
    pub(super) channel: Option<Channel>,
    /// Why.
    pub(super) why: Refusal,
}

/// An audience as it is now.
pub(super) struct Found {
    /// Whom it concerns, by id.
    pub(super) channels: Vec<Channel>,
    /// Who is named in vain.
    pub(super) beyond: Vec<Beyond>,
}

impl Found {
    /// The same, when nobody is named in vain.
    ///
    /// # Errors
    /// `sending.no_channel`, `sending.gone`, `sending.signs_none`, `sending.filtered` at the place of each.
    pub(super) fn whole(self) -> Result<Self, Error> {
        let mut fields = Fields::default();
        for one in &self.beyond {
            fields.take::<()>(&format!("/audience/channel_ids/{}", one.place), Err(one.why));
        }
        fields.check()?;
        Ok(self)
    }
}

impl Audience {
    fn holds(&self, channel: &Channel, in_use: &InUse) -> bool {
        let serves = |region: &DivisionCode| channel.scope.regions().iter().any(|own| own.overlaps(*region));
        (self.classes.is_empty() || self.classes.contains(&channel.class))
            && (self.regions.is_empty() || self.regions.iter().any(serves))
            && (self.channels.is_empty() || self.channels.contains(&channel.id))
            && self
                .registered_before
                .is_none_or(|day| in_use.get(&channel.id).is_none_or(|since| since.business_date() < day))
    }

    /// The keys whose age is asked for.
    fn in_use(&self, tx: &mut ReadTx<'_>, words: &str) -> Result<InUse, Error> {
        let Some(usage) = self.registered_before.and_then(|_| usage(words)) else { return Ok(InUse::new()) };
        let found = store::key::list_in_use(tx, usage.as_str())?;
        let since = |(id, at)| (ChannelId::from_bytes(id), Timestamp::from_micros(at));
        Ok(found.into_iter().map(since).collect())
    }

    /// The channels that this content concerns, of which the words say more.
    pub(super) fn of(&self, tx: &mut ReadTx<'_>, content: Content, words: &str) -> Result<Found, Error> {
        let in_use = self.in_use(tx, words)?;
        let mut found = Found { channels: Vec::new(), beyond: self.beyond(tx, content, &in_use)? };
        let mut after = Vec::new();
        loop {
            let rows = store::channel::list(tx, &after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(found) };
            after = last.id.to_vec();
            for row in &rows {
                let channel = from_row(row)?;
                if content.concerns(channel.phase, channel.class).is_ok() && self.holds(&channel, &in_use) {
                    found.channels.push(channel);
                }
            }
        }
    }

    fn beyond(&self, tx: &mut ReadTx<'_>, content: Content, in_use: &InUse) -> Result<Vec<Beyond>, Error> {
        let mut beyond = Vec::new();
        for (place, id) in self.channels.iter().enumerate() {
            let channel = store::channel::find(tx, id.as_bytes())?.as_ref().map(from_row).transpose()?;
            let concerns = |one: &Channel| {
                content.concerns(one.phase, one.class)?;
                if self.holds(one, in_use) { Ok(()) } else { Err(Refusal::Filtered) }
            };
            if let Err(why) = channel.as_ref().map_or(Err(Refusal::NoChannel), concerns) {
                beyond.push(Beyond { place, channel, why });
            }
        }
        Ok(beyond)
    }
}
