//! The holder's proof of one operation, checked against the session it names.
//!
//! Invariant: a proof changes something at most once, in any process and across restarts: its counter must lie above
//! the highest one spent, and is spent in the transaction of the effect. So proofs of one session arrive in order.
//! Minting a code changes nothing: its counters are kept in this process's memory ([`Windows`]) and must also lie
//! above the durable one. After a restart a captured request for a code could therefore be answered once more with a
//! fresh code, by its own channel, until the session ends.

use crate::{Error, World};
use domain::id::{BindingId, ChannelId, HolderSessionId};
use domain::time::Timestamp;
use sdk::holder::Consent;
use sdk::session::Window;
use sdk::types::Proof;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::binding::BindingRow;
use store::ecard::EcardRow;
use store::holder_session::HolderSessionRow;
use store::{ReadTx, WriteTx};

/// An operation with all its values, and the proof of it.
#[derive(Debug, Clone)]
pub struct HolderProof {
    session: HolderSessionId,
    consent: Consent,
    proof: Proof,
}

impl HolderProof {
    /// Takes a proof for what `consent` says.
    ///
    /// # Errors
    /// `holder.proof_invalid` for an impossible session id or counter.
    pub fn new(proof: Proof, consent: Consent) -> Result<Self, Error> {
        let session = proof.holder_session_id.parse().map_err(|_| invalid("there is no such session"))?;
        if proof.counter == 0 || proof.counter > sdk::session::MAX_COUNTER {
            return Err(invalid("the counter is out of range"));
        }
        Ok(Self { session, consent, proof })
    }

    fn counter(&self) -> i64 {
        i64::try_from(self.proof.counter).unwrap_or(i64::MAX)
    }
}

/// A holder who has proven an operation, as the transaction sees them.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The e-card; its row is held until the transaction ends.
    pub ecard: EcardRow,
    /// The binding.
    pub binding: BindingRow,
    /// The session that proved it.
    pub session: HolderSessionRow,
}

/// The binding of a channel, with its e-card.
///
/// # Errors
/// `resource.not_found` for a binding that is not this channel's.
pub fn find(tx: &mut ReadTx<'_>, channel: ChannelId, id: BindingId) -> Result<(EcardRow, BindingRow), Error> {
    let shard = i64::from(id.shard().get());
    let binding = store::binding::find(tx, shard, id.as_bytes())?;
    let binding = binding.filter(|row| row.channel_id == *channel.as_bytes()).ok_or_else(Error::not_found)?;
    let ecard = store::ecard::find(tx, shard, &binding.ecard_id)?;
    Ok((ecard.ok_or_else(|| Error::internal("a binding without its e-card"))?, binding))
}

/// [`find`], holding the e-card's row.
///
/// # Errors
/// As [`find`].
pub fn hold(
    tx: &mut WriteTx<'_>,
    channel: ChannelId,
    id: BindingId,
) -> Result<(EcardRow, BindingRow), Error> {
    let (ecard, _) = find(tx, channel, id)?;
    store::ecard::lock(tx, ecard.shard, &ecard.id)?;
    // Read again now that nobody else can change either row.
    find(tx, channel, id)
}

/// Checks a proof and leaves its counter unspent.
///
/// # Errors
/// `holder.proof_invalid`, then `holder_session.ended`.
pub fn check(
    tx: &mut ReadTx<'_>,
    world: &World,
    (ecard, binding): (&EcardRow, &BindingRow),
    proof: &HolderProof,
) -> Result<HolderSessionRow, Error> {
    let session = store::holder_session::find(tx, ecard.shard, proof.session.as_bytes())?;
    let session = session
        .filter(|row| row.binding_id == binding.id)
        .ok_or_else(|| invalid("there is no such session"))?;
    let key = world.keys().open_session(&session.id, &session.wrapped)?;
    if !proof.consent.verify(&key.mac, &proof.proof) {
        return Err(invalid("the proof does not fit the operation"));
    }
    let expired = world.real_now() >= Timestamp::from_micros(session.expires_at);
    if expired || session.closed_at.is_some() || session.ecard_generation != ecard.generation {
        return Err(Error::platform("holder_session.ended"));
    }
    if proof.counter() <= session.counter {
        return Err(replayed());
    }
    Ok(session)
}

/// Checks a proof and spends its counter; the e-card's row is held until the transaction ends.
///
/// # Errors
/// As [`hold`], then as [`check`].
pub fn prove(
    tx: &mut WriteTx<'_>,
    world: &World,
    channel: ChannelId,
    binding: BindingId,
    proof: &HolderProof,
) -> Result<Holder, Error> {
    let (ecard, binding) = hold(tx, channel, binding)?;
    let session = check(tx, world, (&ecard, &binding), proof)?;
    if !store::holder_session::spend_counter(tx, session.shard, &session.id, proof.counter())? {
        return Err(replayed());
    }
    Ok(Holder { ecard, binding, session })
}

fn invalid(why: &str) -> Error {
    Error::detailed("holder.proof_invalid", why)
}

fn replayed() -> Error {
    invalid("the counter was used before")
}

/// Counters of proofs that changed nothing, by session, as this process has seen them.
#[derive(Debug, Default)]
pub struct Windows {
    seen: Mutex<HashMap<[u8; 16], (i64, Window)>>,
}

/// Sessions remembered before those that have expired are forgotten.
const LIMIT: usize = 65_536;

impl Windows {
    /// Uses the counter of a checked proof.
    ///
    /// # Errors
    /// `holder.proof_invalid` for a counter that was used.
    pub fn accept(
        &self,
        now: Timestamp,
        session: &HolderSessionRow,
        proof: &HolderProof,
    ) -> Result<(), Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= LIMIT {
            seen.retain(|_, (expires_at, _)| *expires_at > now.as_micros());
        }
        let (_, window) = seen.entry(session.id).or_insert_with(|| (session.expires_at, Window::new()));
        window.accept(proof.proof.counter).map_err(|_| replayed())
    }
}
