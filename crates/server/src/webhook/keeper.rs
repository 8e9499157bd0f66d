//! Who keeps a channel's endpoints: its server, by a key of the channel, or people, who hold an operation and have the
//! channel in sight.
//!
//! Invariant: a keeper reaches the endpoints of its channels and of no other; another's does not exist for it.

use crate::auth::{Caller, Party, Sight, Staff, authorize_role};
use crate::{Error, World};
use domain::audit::Actor;
use domain::channel::Errand;
use domain::id::{ChannelId, WebhookId};
use domain::org::Operation;
use store::webhook::WebhookRow;
use store::{ReadTx, WriteTx};

/// Whoever asks about endpoints.
#[derive(Debug, Clone)]
pub enum Keeper {
    /// The channel's server.
    Server(Caller),
    /// Somebody at a portal.
    Desk(Box<Staff>),
}

impl Keeper {
    /// Whoever asks, if they may do this at all.
    ///
    /// # Errors
    /// `caller.forbidden` for a terminal; `staff.role`.
    pub fn of(party: Party, operation: Operation) -> Result<Self, Error> {
        match party {
            Party::Caller(caller) => caller.channel().map(|_| Self::Server(caller)),
            Party::Staff(staff) => {
                authorize_role(&staff, operation)?;
                Ok(Self::Desk(Box::new(staff)))
            }
        }
    }

    /// As the audit names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Server(caller) => caller.actor(),
            Self::Desk(staff) => staff.actor(),
        }
    }

    /// The channel that is meant: the server's own, or the one that somebody names.
    ///
    /// # Errors
    /// `request.fields` when somebody names none; `resource.not_found` for one that is not theirs; `channel.exited`,
    /// `channel.terminated` where the people of one that has left want more than to read (CH-33.3).
    pub fn channel(
        &self,
        tx: &mut ReadTx<'_>,
        named: Option<ChannelId>,
        errand: Errand,
    ) -> Result<ChannelId, Error> {
        let staff = match self {
            Self::Server(caller) => {
                let own = caller.channel()?;
                let is_own = named.is_none_or(|named| named == own);
                return if is_own { Ok(own) } else { Err(Error::not_found()) };
            }
            Self::Desk(staff) => staff,
        };
        let missing = || Error::field_text("/channel_id", "request.missing", "须指明渠道 (name a channel)");
        let id = named.ok_or_else(missing)?;
        let row = store::channel::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
        if !crate::channel::service::keeps(staff.sight(), &row)? {
            return Err(Error::not_found());
        }
        if matches!(staff.sight(), Sight::Own(_)) {
            crate::channel::from_row(&row)?.phase.receives(errand)?;
        }
        Ok(id)
    }

    /// An endpoint of a channel of theirs.
    ///
    /// # Errors
    /// `resource.not_found`; as [`Keeper::channel`].
    pub fn endpoint(&self, tx: &mut ReadTx<'_>, id: WebhookId, errand: Errand) -> Result<WebhookRow, Error> {
        let row = store::webhook::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
        self.channel(tx, Some(ChannelId::from_bytes(row.owner_id)), errand)?;
        Ok(row)
    }

    /// Runs a write as whoever asks.
    ///
    /// # Errors
    /// As [`Caller::write`]; what `body` returns.
    pub async fn write<T, F>(&self, world: &World, body: F) -> Result<T, Error>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match self {
            Self::Server(caller) => caller.write(world, body).await,
            Self::Desk(_) => world.db().write(body).await,
        }
    }

    /// Runs a read as whoever asks.
    ///
    /// # Errors
    /// As [`Caller::read`]; what `body` returns.
    pub async fn read<T, F>(&self, world: &World, body: F) -> Result<T, Error>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        match self {
            Self::Server(caller) => caller.read(world, body).await,
            Self::Desk(_) => world.db().read(body).await,
        }
    }
}
