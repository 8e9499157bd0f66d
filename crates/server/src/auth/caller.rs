//! Callers: channels and terminals, and what a request of theirs has proven.

use crate::{Error, World};
use domain::audit::{Actor, Reference};
use domain::channel::Phase;
use domain::id::{ChannelId, KeyId, OrgId, SessionId, TerminalId};
use domain::key::KeyUsage;
use gm::sm2::VerifyingKey;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use store::key::KeyRow;
use store::{ReadTx, WriteTx};

/// What kind of machine calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// A channel's server.
    Channel,
    /// A terminal.
    Terminal,
}

impl CallerKind {
    /// The word in rows.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CallerKind::Channel => "channel",
            CallerKind::Terminal => "terminal",
        }
    }
}

/// What a request has proven, to be checked and spent in the transaction of its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// An SM2 signature by this key; the nonce is spent with the effect.
    Signature {
        /// The key.
        key: KeyId,
        /// Creation second.
        second: i64,
        /// The nonce.
        nonce: [u8; 16],
    },
    /// An HMAC under a session; its counter was accepted by this process.
    Session {
        /// The session.
        session: SessionId,
        /// The key that signed its handshake.
        key: KeyId,
    },
}

/// An authenticated caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Channel or terminal id.
    pub id: [u8; 16],
    /// Which of the two.
    pub kind: CallerKind,
    /// What was proven.
    pub evidence: Evidence,
}

impl Caller {
    /// The caller as the audit names it.
    #[must_use]
    pub fn reference(&self) -> Reference {
        match self.kind {
            CallerKind::Channel => Reference::new(ChannelId::PREFIX, &self.id),
            CallerKind::Terminal => Reference::new(TerminalId::PREFIX, &self.id),
        }
    }

    /// The caller as an audit actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Party(self.reference())
    }

    /// To whom a person is known under one pseudonym: a channel by itself, so that two channels cannot join theirs even
    /// if one organisation owns both; a terminal by the organisation that runs it, whose counters serve one matter.
    #[must_use]
    pub fn relying_party(&self, org: OrgId) -> [u8; 16] {
        match self.kind {
            CallerKind::Channel => self.id,
            CallerKind::Terminal => *org.as_bytes(),
        }
    }

    /// The channel's id.
    ///
    /// # Errors
    /// `caller.forbidden` for a terminal.
    pub fn channel(&self) -> Result<ChannelId, Error> {
        match self.kind {
            CallerKind::Channel => Ok(ChannelId::from_bytes(self.id)),
            CallerKind::Terminal => Err(Error::platform("caller.forbidden")),
        }
    }

    /// The key behind the evidence.
    #[must_use]
    pub fn key(&self) -> KeyId {
        match self.evidence {
            Evidence::Signature { key, .. } | Evidence::Session { key, .. } => key,
        }
    }

    /// Runs a write as this caller: what was proven is checked and spent in the same transaction.
    ///
    /// # Errors
    /// `signature.invalid`, `session.invalid`, `caller.suspended`, then what `body` returns.
    pub async fn write<T, F>(&self, world: &World, body: F) -> Result<T, Error>
    where
        F: Fn(&mut WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let caller = *self;
        world
            .db()
            .write(move |tx| {
                spend(tx, &caller)?;
                admit(tx, &caller)?;
                body(tx)
            })
            .await
    }

    /// Runs a read as this caller. A nonce is spent durably first, so a captured request reads nothing again.
    ///
    /// # Errors
    /// As [`Caller::write`].
    pub async fn read<T, F>(&self, world: &World, body: F) -> Result<T, Error>
    where
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let caller = *self;
        if matches!(caller.evidence, Evidence::Signature { .. }) {
            world
                .db()
                .write(move |tx| {
                    tx.unaudited("a nonce spent by a read");
                    spend(tx, &caller)
                })
                .await?;
        }
        world
            .db()
            .read(move |tx| {
                admit(tx, &caller)?;
                body(tx)
            })
            .await
    }
}

fn spend(tx: &mut WriteTx<'_>, caller: &Caller) -> Result<(), Error> {
    let Evidence::Signature { key, second, nonce } = caller.evidence else { return Ok(()) };
    if store::key::spend_nonce(tx, second, key.as_bytes(), &nonce)? {
        Ok(())
    } else {
        Err(Error::detailed("signature.invalid", "the nonce was used before"))
    }
}

/// Checks that the caller's key, session and own state admit it now. Read inside the transaction, every time.
///
/// # Errors
/// `signature.invalid` for a revoked key, `session.invalid` for a closed session, `caller.suspended`.
pub fn admit(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<(), Error> {
    let key = store::key::find(tx, caller.key().as_bytes())?;
    if !key.as_ref().is_some_and(usable) {
        return Err(Error::detailed("signature.invalid", "the key is not in force"));
    }
    if let Evidence::Session { session, .. } = caller.evidence {
        let row = store::session::find(tx, session.as_bytes())?;
        if row.is_none_or(|row| row.closed_at.is_some()) {
            return Err(Error::detailed("session.invalid", "the session was closed"));
        }
    }
    let open = match caller.kind {
        CallerKind::Channel => {
            let phase = store::channel::phase(tx, &caller.id)?.and_then(|word| word.parse::<Phase>().ok());
            phase.is_some_and(Phase::is_connected)
        }
        CallerKind::Terminal => {
            store::terminal::state(tx, &caller.id)?.is_some_and(|state| state == "active")
        }
    };
    if open { Ok(()) } else { Err(Error::platform("caller.suspended")) }
}

/// Whether a key may authenticate its owner's requests: it is for that, and neither retired nor revoked (SE-2.5a).
#[must_use]
pub fn usable(key: &KeyRow) -> bool {
    key.usage == KeyUsage::Caller.as_str() && matches!(key.state.as_str(), "active" | "retiring")
}

/// A caller's verifying key and whose it is: facts that never change for a key id.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// The channel or terminal.
    pub owner: [u8; 16],
    /// Which of the two.
    pub kind: CallerKind,
    /// Prepared once.
    pub key: VerifyingKey,
}

/// Prepared verifying keys by id. States are not cached.
#[derive(Debug, Default)]
pub struct KeyCache {
    known: RwLock<HashMap<[u8; 16], KnownKey>>,
}

/// Keys remembered before the cache starts over: a prepared key is a table of 18 KiB.
const CACHE_LIMIT: usize = 1024;

impl KeyCache {
    /// The key of a caller, from the cache or the store.
    ///
    /// # Errors
    /// `signature.invalid` when no caller has this key.
    pub async fn get(&self, world: &World, id: KeyId) -> Result<KnownKey, Error> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(id.as_bytes()).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let unknown = || Error::detailed("signature.invalid", "the key is not known");
        let (row, is_channel) = world
            .db()
            .read(move |tx| {
                let Some(row) = store::key::find(tx, id.as_bytes())? else { return Ok(None) };
                let Some(owner) = row.owner else { return Ok(None) };
                let is_channel = store::channel::phase(tx, &owner)?.is_some();
                Ok::<_, Error>(Some((row, is_channel)))
            })
            .await?
            .ok_or_else(unknown)?;
        let point = row.public_key.as_deref().unwrap_or_default();
        let known = KnownKey {
            owner: row.owner.ok_or_else(unknown)?,
            kind: if is_channel { CallerKind::Channel } else { CallerKind::Terminal },
            key: VerifyingKey::from_sec1(point).map_err(|_| unknown())?,
        };
        let mut cache = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE_LIMIT {
            cache.clear();
        }
        cache.insert(*id.as_bytes(), known.clone());
        Ok(known)
    }
}
