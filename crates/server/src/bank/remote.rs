//! A bank over HTTP.
//!
//! ```text
//! POST {url}/debits   {"reference","account","amount_fen"}     answered by {"state","reason"}
//! POST {url}/credits  {"reference","account","amount_fen"}
//! POST {url}/queries  {"reference"}
//! ```
//! `state` is `succeeded`, `failed` (with `reason`), `processing` or `not_found`. Header `bank-mac` is HMAC-SM3 under
//! the shared key: of a question over path, line end and body; of an answer over the question's MAC, line end and
//! body, so an answer is good for its question only. TLS is not in this build: put the bank behind a proxy.

use super::{Answer, Bank, Movement, NoAnswer};
use data_encoding::HEXLOWER;
use gm::hmac;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The header that authenticates questions and answers.
pub(super) const MAC: &str = "bank-mac";
/// Most bytes of an answer.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// A question of any of the three kinds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Question {
    pub reference: String,
    #[serde(default)]
    pub account: String,
    #[serde(default)]
    pub amount_fen: i64,
}

/// An answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reply {
    pub state: String,
    #[serde(default)]
    pub reason: Option<String>,
}

/// The MAC of a question.
pub(super) fn question_mac(key: &hmac::Key, path: &str, body: &[u8]) -> String {
    HEXLOWER.encode(&key.mac_parts(&[path.as_bytes(), b"\n", body]))
}

/// The MAC of an answer.
pub(super) fn answer_mac(key: &hmac::Key, question_mac: &str, body: &[u8]) -> String {
    HEXLOWER.encode(&key.mac_parts(&[question_mac.as_bytes(), b"\n", body]))
}

/// A bank at a URL.
pub struct Remote {
    agent: ureq::Agent,
    url: String,
    key: hmac::Key,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Remote {
    /// The bank at `url`, without a slash at its end, which shares `key`; one question waits at most `timeout`.
    #[must_use]
    pub fn new(url: impl Into<String>, key: &[u8], timeout: Duration) -> Self {
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(timeout))
            .build()
            .new_agent();
        Self { agent, url: url.into(), key: hmac::Key::new(key) }
    }

    fn ask(&self, path: &str, question: &Question) -> Option<Answer> {
        let body = serde_json::to_vec(question).ok()?;
        let mac = question_mac(&self.key, path, &body);
        let request = self.agent.post(format!("{}{path}", self.url)).header(MAC, &mac);
        let mut response = request.header("content-type", "application/json").send(body.as_slice()).ok()?;
        let tag = response.headers().get(MAC)?.to_str().ok()?.as_bytes().to_vec();
        let bytes = response.body_mut().with_config().limit(ANSWER_LIMIT).read_to_vec().ok()?;
        let tag = HEXLOWER.decode(&tag).ok().filter(|tag| tag.len() == 32)?;
        if !self.key.verify(&[mac.as_bytes(), b"\n", &bytes], &tag) {
            return None;
        }
        let reply: Reply = serde_json::from_slice(&bytes).ok()?;
        match (reply.state.as_str(), reply.reason) {
            ("succeeded", None) => Some(Answer::Succeeded),
            ("failed", Some(reason)) => Some(Answer::Failed(reason.parse().ok()?)),
            ("processing", None) => Some(Answer::Processing),
            ("not_found", None) => Some(Answer::NotFound),
            _ => None,
        }
    }

    fn movement(&self, path: &str, movement: &Movement) -> Result<Answer, NoAnswer> {
        let Movement { reference, account, amount_fen } = movement.clone();
        self.ask(path, &Question { reference, account, amount_fen }).ok_or(NoAnswer)
    }
}

impl Bank for Remote {
    fn debit(&self, movement: &Movement) -> Result<Answer, NoAnswer> {
        self.movement("/debits", movement)
    }

    fn credit(&self, movement: &Movement) -> Result<Answer, NoAnswer> {
        self.movement("/credits", movement)
    }

    fn query(&self, reference: &str) -> Result<Answer, NoAnswer> {
        let question = Question { reference: reference.to_owned(), account: String::new(), amount_fen: 0 };
        self.ask("/queries", &question).ok_or(NoAnswer)
    }
}
