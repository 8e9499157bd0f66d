//! Props: what a request uses up and nobody can make up, such as the code on a holder's screen, a proof of their device, a payment
//! that is open. Each is made when a request comes that needs it.

mod desk;
mod till;

use super::operations::Operation;
use super::scene::account_of;
use crate::harness::{CallerHandle, Platform};
use crate::notification::Post;
use domain::org::{OrgKind, Role};
use sdk::types::Private;
use serde_json::Value;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use till::Counter;

/// What a request gets in place of what stands in the examples of the description, and who sends it.
#[derive(Default)]
pub struct Prop {
    /// Whose token goes with it.
    pub token: Option<Private>,
    /// The channel or terminal that signs it.
    pub caller: Option<Arc<CallerHandle>>,
    /// Parameters of its path, by name.
    pub path: Vec<(&'static str, String)>,
    /// Fields of its body.
    pub body: Value,
    /// Its whole body, where that is a document.
    pub bytes: Option<&'static [u8]>,
    /// The version of the thing that it is about, if not the first.
    pub version: Option<i64>,
    /// Whether it goes to the sandbox.
    pub sandboxed: bool,
}

impl Prop {
    fn of_staff(token: &Private) -> Self {
        Self { token: Some(token.clone()), ..Self::default() }
    }

    fn of_caller(caller: &Arc<CallerHandle>) -> Self {
        Self { caller: Some(caller.clone()), ..Self::default() }
    }

    fn about(mut self, name: &'static str, id: impl Into<String>) -> Self {
        self.path.push((name, id.into()));
        self
    }

    fn saying(mut self, body: impl serde::Serialize) -> Self {
        self.body = serde_json::to_value(body).unwrap();
        self
    }
}

/// How a prop is made.
type Maker = fn(&Props<'_>) -> Prop;

fn maker(operation: &str) -> Option<Maker> {
    let mut all = till::MAKERS.iter().chain(desk::MAKERS);
    all.find(|(id, _)| *id == operation).map(|(_, maker)| *maker)
}

/// Whoever makes props: the thread of the test, which has the platform at hand.
pub struct Props<'a> {
    platform: &'a Platform,
    counter: Counter,
    post: Option<Post>,
    made: Cell<u32>,
    wishes: Receiver<(String, Sender<Prop>)>,
}

/// Where the proxy asks for props.
#[derive(Clone)]
pub struct Wishes(Sender<(String, Sender<Prop>)>);

impl Wishes {
    /// A prop for this operation, if its requests use one up.
    pub fn ask(&self, operation: &Operation) -> Option<Prop> {
        maker(&operation.id)?;
        let (answer, answers) = channel();
        self.0.send((operation.id.clone(), answer)).ok()?;
        answers.recv().ok()
    }
}

impl<'a> Props<'a> {
    /// Sets the scene; the other half is for the proxy.
    pub fn new(platform: &'a Platform) -> (Self, Wishes) {
        let (wish, wishes) = channel();
        let post = Post::start();
        if let Some(post) = &post {
            post.serve(platform);
        }
        let counter = Counter::new(platform);
        (Self { platform, counter, post, made: Cell::new(0), wishes }, Wishes(wish))
    }

    /// What of the scene the paths and queries of requests are about.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Makes what is asked for, until this says that nothing more is wanted.
    pub fn serve_while(&self, mut wanted: impl FnMut() -> bool) {
        while wanted() {
            match self.wishes.recv_timeout(Duration::from_millis(100)) {
                Ok((operation, answer)) => {
                    let prop = maker(&operation).expect("only what is known is asked for")(self);
                    // Whoever asked may have gone.
                    let _ = answer.send(prop);
                }
                Err(RecvTimeoutError::Timeout) => (),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// A word that was not used before.
    fn fresh(&self, prefix: &str) -> String {
        self.made.set(self.made.get() + 1);
        format!("{prefix}-{}", self.made.get())
    }

    fn account(&self, role: Role, kind: OrgKind, division: &str) -> Private {
        account_of(self.platform, role, self.platform.org(kind, division))
    }
}
