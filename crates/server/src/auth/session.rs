//! Sessions of callers, prepared: the MAC key of each, and which counters this process has accepted.

use super::caller::CallerKind;
use crate::key::SessionKey;
use crate::{Error, World};
use domain::id::{KeyId, SessionId};
use sdk::session::Window;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A session as this process knows it. Whether it is still open is read in every transaction.
#[derive(Debug)]
pub struct Open {
    /// The channel or terminal.
    pub caller: [u8; 16],
    /// Which of the two.
    pub kind: CallerKind,
    /// The key that signed the handshake.
    pub key_id: KeyId,
    /// The MAC key.
    pub key: SessionKey,
    /// Real time, µs.
    pub expires_at: i64,
    window: Mutex<Window>,
}

impl Open {
    /// Uses a counter; only after the MAC was verified.
    ///
    /// # Errors
    /// `session.invalid` for a counter that was used or is too old.
    pub fn accept(&self, counter: u64) -> Result<(), Error> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.accept(counter).map_err(|e| Error::detailed("session.invalid", e.to_string()))
    }
}

/// The sessions this process has met.
#[derive(Debug, Default)]
pub struct Sessions {
    open: RwLock<HashMap<[u8; 16], Arc<Open>>>,
}

/// Sessions remembered before expired ones are swept out.
const LIMIT: usize = 65_536;

impl Sessions {
    /// The session with this id, from memory or from the store (another process may have opened it).
    ///
    /// # Errors
    /// `session.invalid` when there is none or it has expired.
    pub async fn get(&self, world: &World, id: SessionId) -> Result<Arc<Open>, Error> {
        let now = world.real_now().as_micros();
        let known = self.open.read().unwrap_or_else(PoisonError::into_inner).get(id.as_bytes()).cloned();
        let open = match known {
            Some(open) => open,
            None => self.load(world, id, now).await?,
        };
        if open.expires_at <= now {
            return Err(Error::detailed("session.invalid", "the session has expired"));
        }
        Ok(open)
    }

    async fn load(&self, world: &World, id: SessionId, now: i64) -> Result<Arc<Open>, Error> {
        let row = world.db().read(move |tx| store::session::find(tx, id.as_bytes())).await?;
        let row = row.ok_or_else(|| Error::detailed("session.invalid", "there is no such session"))?;
        let open = Arc::new(Open {
            caller: row.caller,
            kind: if row.caller_kind == "channel" { CallerKind::Channel } else { CallerKind::Terminal },
            key_id: KeyId::from_bytes(row.key_id),
            key: world.keys().open_session(&row.id, &row.wrapped)?,
            expires_at: row.expires_at,
            window: Mutex::new(Window::new()),
        });
        let mut sessions = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= LIMIT {
            sessions.retain(|_, open| open.expires_at > now);
        }
        // A second request may have loaded it meanwhile: its window must not be lost.
        Ok(sessions.entry(*id.as_bytes()).or_insert(open).clone())
    }
}
