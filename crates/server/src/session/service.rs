//! Opening and closing a caller's session.

use crate::auth::Caller;
use crate::{Error, World};
use domain::audit::{Record, Reference};
use domain::id::SessionId;
use domain::parameter::Name;
use domain::time::Timestamp;
use gm::sm2::EncryptingKey;
use store::session::SessionRow;

/// A session that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its id.
    pub id: SessionId,
    /// The MAC key, encrypted to the caller.
    pub envelope: Vec<u8>,
    /// Real time.
    pub expires_at: Timestamp,
}

/// Opens a session for the caller; the MAC key is made here and leaves only encrypted to `receiver`.
///
/// # Errors
/// As [`Caller::write`].
pub async fn open(world: &World, caller: Caller, receiver: &EncryptingKey) -> Result<Opened, Error> {
    let id = world.id(SessionId::make);
    let now = world.real_now();
    let ttl = world.parameter(Name::SessionTtl);
    let expires_at = now.plus_seconds(ttl);
    let (wrapped, envelope) = world.keys().make_session(id.as_bytes(), receiver);
    let row = SessionRow {
        id: *id.as_bytes(),
        key_id: *caller.key().as_bytes(),
        caller: caller.id,
        caller_kind: caller.kind.as_str().into(),
        wrapped,
        created_at: now.as_micros(),
        expires_at: expires_at.as_micros(),
        closed_at: None,
    };
    caller
        .write(world, move |tx| {
            store::session::insert(tx, &row)?;
            let mut record = Record::done(now, caller.actor(), "session.opened");
            record.object = Some(Reference::new(SessionId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            Ok(())
        })
        .await?;
    Ok(Opened { id, envelope, expires_at })
}

/// Closes a session of the caller's; from then on no process accepts it.
///
/// # Errors
/// `resource.not_found` for a session that is not the caller's or is closed already.
pub async fn close(world: &World, caller: Caller, id: SessionId) -> Result<(), Error> {
    let now = world.real_now();
    caller
        .write(world, move |tx| {
            let row = store::session::find(tx, id.as_bytes())?.filter(|row| row.caller == caller.id);
            if row.is_none() || store::session::close(tx, id.as_bytes(), now.as_micros())? == 0 {
                return Err(Error::not_found());
            }
            let mut record = Record::done(now, caller.actor(), "session.closed");
            record.object = Some(Reference::new(SessionId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            Ok(())
        })
        .await
}
