//! How far the channels of a sending have come with the rotation of a key: read from their keys and open key changes, all at once.

use crate::Error;
use crate::key::Ring;
use crate::key::service::held;
use crate::matter::body;
use domain::id::{KeyId, MatterId};
use domain::key::{Held, KeyUsage};
use domain::key_change;
use domain::key_rotation::{Goal, Opening, Stage, State};
use domain::matter::Kind;
use domain::time::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;
use store::ReadTx;
use store::sending::{EntryRow, SendingRow};

/// How far one channel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The word for it.
    pub stage: Stage,
    /// The open key change of that usage.
    pub change: Option<MatterId>,
    /// The newest key that counts and works.
    pub new: Option<KeyId>,
    /// The newest from before that works still.
    pub old: Option<KeyId>,
    /// When that one ends by itself.
    pub old_ends_at: Option<Timestamp>,
}

/// The keys and open key changes of all channels of one sending.
pub(crate) struct Facts {
    goal: Goal,
    keys: HashMap<[u8; 16], Vec<Held>>,
    changes: HashMap<[u8; 16], (MatterId, key_change::State)>,
}

/// What of a key change says of which usage it is, and where it stands.
#[derive(Deserialize)]
struct Change {
    usage: KeyUsage,
    state: key_change::State,
}

/// The usage of a rotation that is written so; none of what no rule would accept.
pub(crate) fn usage(words: &str) -> Option<KeyUsage> {
    serde_json::from_str::<Opening>(words).ok().map(|opening| opening.usage)
}

impl Facts {
    /// Of a sending that has begun.
    pub(crate) fn of(tx: &mut ReadTx<'_>, ring: &Ring, row: &SendingRow) -> Result<Self, Error> {
        let opening: Opening = serde_json::from_str(&row.content)
            .map_err(|error| Error::internal(format!("a kept rotation cannot be read: {error}")))?;
        let asked_at = Timestamp::from_micros(row.at);
        let goal = Goal { usage: opening.usage, asked_at, ends_old: opening.ends_old };
        let mut keys: HashMap<_, Vec<Held>> = HashMap::new();
        for key in store::key::list_of_sending(tx, &row.id, opening.usage.as_str())? {
            if let Some(owner) = key.owner {
                keys.entry(owner).or_default().push(held(&key)?);
            }
        }
        let mut changes = HashMap::new();
        for matter in store::matter::list_open_of_sending(tx, &row.id, Kind::KeyChange.as_str())? {
            let change: Change = serde_json::from_str(&body(ring, &matter)?)
                .map_err(|error| Error::internal(format!("a kept key change cannot be read: {error}")))?;
            if let Some(channel) = matter.channel_id.filter(|_| change.usage == opening.usage) {
                changes.insert(channel, (MatterId::from_bytes(matter.id), change.state));
            }
        }
        Ok(Self { goal, keys, changes })
    }

    /// How far a channel has come, and since when it has answered; none while it has not.
    pub(crate) fn of_channel(&self, row: &EntryRow) -> Result<(Progress, Option<Timestamp>), Error> {
        let keys = self.keys.get(&row.channel_id).map_or(&[][..], Vec::as_slice);
        let (found, change) = (self.goal.look(keys), self.changes.get(&row.channel_id));
        let state: State =
            row.state.parse().map_err(|_| Error::internal("a rotation in an unknown state"))?;
        let progress = Progress {
            stage: found.stage(change.map(|(_, state)| *state)),
            change: change.map(|(id, _)| *id),
            new: found.new.map(|key| key.id),
            old: found.old.map(|key| key.id),
            old_ends_at: found.old.and_then(|key| key.ends_at),
        };
        let noted = row.answered_at.map(Timestamp::from_micros);
        Ok((progress, found.answered_at(state, noted)))
    }
}
