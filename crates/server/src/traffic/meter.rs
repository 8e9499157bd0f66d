//! The counts since they were last written.
//!
//! Invariant: a request costs one look into one table under a lock that nobody holds for longer than that, and nothing is
//! allocated but for the first of a kind since the last look; whoever writes the counts takes the whole table away. So many
//! kinds are counted between two looks and no more.

use crate::World;
use crate::auth::{Caller, CallerKind};
use axum::extract::MatchedPath;
use domain::id::{ChannelId, KeyId};
use domain::traffic::{Latency, UNANSWERED};
use http::request::Parts;
use http::{Extensions, Method};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Kinds of calls that are counted between two looks.
const COUNTED: usize = 65_536;

/// An operation, as the router found it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    method: Method,
    path: Option<MatchedPath>,
}

impl Operation {
    /// The operation of a request.
    pub(crate) fn of(method: &Method, extensions: &Extensions) -> Self {
        Self { method: method.clone(), path: extensions.get::<MatchedPath>().cloned() }
    }

    /// The route's pattern, world and all.
    pub(crate) fn path(&self) -> &str {
        self.path.as_ref().map_or("", MatchedPath::as_str)
    }

    pub(crate) fn method(&self) -> &str {
        self.method.as_str()
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.method == other.method && self.path() == other.path()
    }
}

impl Eq for Operation {}

impl Hash for Operation {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.method.hash(state);
        self.path().hash(state);
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Ended {
    pub(super) status: u16,
    /// The code of the error; empty where there is none.
    pub(super) code: &'static str,
    pub(super) latency: Latency,
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) channel: ChannelId,
    pub(super) key: KeyId,
    pub(super) day: i32,
    pub(super) operation: Operation,
    pub(super) ended: Ended,
}

/// How many, and the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) calls: i64,
    pub(super) last_at: i64,
}

/// What was counted, by kind.
pub(super) type Counts = HashMap<Kind, Count>;

/// The counts since the last look.
#[derive(Debug, Default)]
pub struct Meter {
    counts: Mutex<Counts>,
}

impl Meter {
    fn add(&self, kind: Kind, more: Count) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= COUNTED && !counts.contains_key(&kind) {
            return;
        }
        let count = counts.entry(kind).or_default();
        count.calls += more.calls;
        count.last_at = count.last_at.max(more.last_at);
    }

    /// Takes the counts away.
    pub(super) fn take(&self) -> Counts {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&self, counts: Counts) {
        counts.into_iter().for_each(|(kind, count)| self.add(kind, count));
    }
}

/// A request of a channel that is being answered; counted when it ends, however that is.
#[derive(Debug)]
pub struct Call<'w> {
    world: &'w World,
    caller: Caller,
    operation: Option<Operation>,
    began: Instant,
}

impl<'w> Call<'w> {
    /// A request that has proven to be `caller`'s and whose last byte was here at `began`.
    #[must_use]
    pub fn new(world: &'w World, caller: Caller, parts: &Parts, began: Instant) -> Self {
        let operation = Operation::of(&parts.method, &parts.extensions);
        Self { world, caller, operation: Some(operation), began }
    }

    /// It is answered, with the error of this code unless that is empty.
    pub fn end(mut self, status: u16, code: &'static str) {
        self.count(status, code);
    }

    fn count(&mut self, status: u16, code: &'static str) {
        let Some(operation) = self.operation.take() else { return };
        if self.caller.kind != CallerKind::Channel {
            return;
        }
        let now = self.world.now();
        let latency = Latency::of(u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX));
        let kind = Kind {
            channel: ChannelId::from_bytes(self.caller.id),
            key: self.caller.key(),
            day: now.business_date().as_days(),
            operation,
            ended: Ended { status, code, latency },
        };
        self.world.traffic().add(kind, Count { calls: 1, last_at: now.as_micros() });
    }
}

impl Drop for Call<'_> {
    /// Nobody waits for the answer any more.
    fn drop(&mut self) {
        self.count(UNANSWERED, "request.unanswered");
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Calls with a key that ended so.
    pub fn kind(key: u8, status: u16) -> Kind {
        numbered([key; 16], status)
    }

    fn numbered(key: [u8; 16], status: u16) -> Kind {
        Kind {
            channel: ChannelId::from_bytes([7; 16]),
            key: KeyId::from_bytes(key),
            day: 20_000,
            operation: Operation { method: Method::POST, path: None },
            ended: Ended { status, code: "", latency: Latency::of(1_000) },
        }
    }

    const ONE: Count = Count { calls: 1, last_at: 5 };

    #[test]
    fn calls_of_one_kind_are_counted_together_until_they_are_taken() {
        let meter = Meter::default();
        meter.add(kind(1, 200), ONE);
        meter.add(kind(1, 200), Count { calls: 1, last_at: 3 });
        meter.add(kind(1, 403), ONE);
        let taken = meter.take();
        assert_eq!((taken.len(), taken[&kind(1, 200)]), (2, Count { calls: 2, last_at: 5 }));
        assert!(meter.take().is_empty());
        meter.put_back(taken.clone());
        meter.add(kind(1, 200), ONE);
        assert_eq!(meter.take()[&kind(1, 200)].calls, 3, "what could not be written waits");
    }

    #[test]
    fn so_many_kinds_are_counted_and_no_more() {
        let meter = Meter::default();
        let key = |number: usize| {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_be_bytes());
            key
        };
        (0..COUNTED + 10).for_each(|number| meter.add(numbered(key(number), 200), ONE));
        meter.add(numbered(key(0), 200), ONE);
        let taken = meter.take();
        assert_eq!((taken.len(), taken[&numbered(key(0), 200)].calls), (COUNTED, 2));
    }
}
