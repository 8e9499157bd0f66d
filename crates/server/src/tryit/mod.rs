//! The try-it page at `/`: a newcomer plays holder, channel and terminal of the sandbox in a browser.
//!
//! A browser cannot do SM2, so a demonstration channel, its terminal and each visitor's device live here and speak to
//! this server's own address with the SDK: every step is a real signed request. Invariant: nothing here touches a
//! world directly, and nothing here exists unless the [`Stage`] was opened with a [`Cast`], which only a server
//! started for demonstration does. Deliberately not here: the production world, the rules.

mod gate;
mod http;
mod visit;

pub use http::routes;

use gate::Gate;
use sdk::client::{Channel, Terminal};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use visit::Visit;

/// A documented test person of the sandbox.
#[derive(Debug, Clone)]
pub struct TestPerson {
    /// Name, as in the card registry.
    pub name: String,
    /// 社会保障号码 of nobody.
    pub id_number: String,
    /// What the simulated real-person check is told.
    pub real_person_token: String,
    /// What will happen, in Chinese.
    pub about_zh: String,
    /// What will happen, in English.
    pub about_en: String,
}

/// Who plays: a channel and a terminal of the sandbox with their registered keys, and the persons.
pub struct Cast {
    /// The channel that visitors claim e-cards in.
    pub channel: Channel,
    /// The terminal that scans.
    pub terminal: Terminal,
    /// `org_…` that is paid.
    pub payee_id: String,
    /// Who can be chosen.
    pub persons: Vec<TestPerson>,
}

/// Where visitors play; closed until a cast is there. Cheap to clone.
#[derive(Clone, Default)]
pub struct Stage {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    cast: OnceLock<Cast>,
    gate: Mutex<Gate>,
    visits: Mutex<HashMap<String, Arc<Mutex<Visit>>>>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("open", &self.inner.cast.get().is_some()).finish_non_exhaustive()
    }
}

impl Stage {
    /// Lets visitors in; the first cast stays.
    pub fn open(&self, cast: Cast) {
        let _ = self.inner.cast.set(cast);
    }
}
