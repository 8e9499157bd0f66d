//! The request that a write is asked in: taken along from the task to the database thread, and put into every record.
//!
//! Invariant: the address is in no record. It is a row of its own, which can be forgotten, and the record holds a
//! commitment to it ([`Whence`]). Whoever asks says so once, around everything that a request does; no use case can
//! leave it out, and none has to know of it. Writes that no task asked for, and commands of a [`super::Batch`], have none.

use super::connection::Connection;
use crate::{StoreError, params, sql};
use domain::audit::{Record, Whence};
use domain::id::RequestId;
use std::future::Future;
use std::sync::Arc;

/// A request of staff, as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its id, made by the platform.
    pub id: RequestId,
    /// The address that it came from, if that is known.
    pub from: Option<Source>,
}

/// An address, and what its commitment is made with.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// As it is written.
    pub address: String,
    /// Random bytes.
    pub salt: [u8; 16],
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(…)")
    }
}

tokio::task_local! {
    static ASKED: Arc<Asked>;
}

/// Runs `future`; what it writes is asked for in this request.
pub async fn asked_in<F: Future>(asked: Asked, future: F) -> F::Output {
    ASKED.scope(Arc::new(asked), future).await
}

pub(crate) fn current() -> Option<Arc<Asked>> {
    ASKED.try_with(Arc::clone).ok()
}

impl Asked {
    /// The record as it is written.
    pub(crate) fn complete(&self, record: &Record) -> Record {
        let whence = self.from.as_ref().map(|from| Whence::commit(&from.salt, &from.address));
        Record { request: Some(self.id), whence, ..record.clone() }
    }

    /// Keeps the address; what a request writes in several transactions keeps it once.
    pub(crate) fn keep(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let Some(from) = &self.from else { return Ok(()) };
        connection.execute(
            sql!("insert into audit_request (id, address, salt) values ($1, $2, $3) on conflict do nothing"),
            params![self.id.as_bytes(), &from.address, &from.salt],
        )?;
        Ok(())
    }
}
