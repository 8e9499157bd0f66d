//! A bank that moves nothing, for sandbox, demo and tests: a real HTTP peer that answers by the amount.
//!
//! The last three digits of the amount in fen say what happens; every other amount succeeds at once.
//!
//! | ends in | debit or credit | query |
//! |---|---|---|
//! | 901 | failed: insufficient funds | the same |
//! | 902 | failed: declined | the same |
//! | 903 | failed: over a limit | the same |
//! | 904 | failed: account unavailable | the same |
//! | 911 | no answer, though the money moved | succeeded |
//! | 912 | no answer, and nothing moved | not found |
//! | 913 | processing | processing once, then succeeded |
//! | 914 | processing | processing once, then failed: declined |
//! | 915 | a debit: no answer, carried out late | not found once, then succeeded |
//! | 916 | succeeded | failed: declined (a bank that contradicts itself) |
//! | 917 | failed: declined | succeeded, though nothing had moved (the other way round) |
//!
//! Whatever else is settled is answered again in the same way however often it is asked (a bank that answers twice).
//! Invariant: it keeps its own count of what moved ([`Simulator::moved_fen`]), so a test can compare.

use super::remote::{MAC, Question, Reply, answer_mac, question_mac};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::payment::BankReason;
use gm::hmac;
use http::{HeaderMap, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How the reference of money that came late and goes back ends.
const LATE: &str = "#late";

/// The simulated bank.
#[derive(Clone)]
pub struct Simulator {
    key: hmac::Key,
    movements: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    debit: bool,
    amount_fen: i64,
    asked: u32,
    moved: bool,
}

enum Said {
    Succeeded,
    Failed(BankReason),
    Processing,
    NotFound,
    Silence,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Simulator")
    }
}

impl Simulator {
    /// A bank that shares `key` with the platform.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self { key: hmac::Key::new(key), movements: Arc::default() }
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/debits", post(debit))
            .route("/credits", post(credit))
            .route("/queries", post(query))
            .with_state(self.clone())
    }

    /// Serves it on a listener for as long as the runtime runs.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve(self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }

    /// Debits less credits that moved, in fen: what the platform's clearing accounts must hold.
    #[must_use]
    pub fn moved_fen(&self) -> i64 {
        let movements = self.movements.lock().unwrap_or_else(PoisonError::into_inner);
        let signed = |entry: &Entry| if entry.debit { entry.amount_fen } else { -entry.amount_fen };
        movements.values().filter(|entry| entry.moved).map(signed).sum()
    }

    fn movement(&self, question: &Question, debit: bool) -> Said {
        let mut movements = self.movements.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Entry { debit, amount_fen: question.amount_fen, asked: 0, moved: false };
        let entry = movements.entry(question.reference.clone()).or_insert(fresh);
        let said = match entry.amount_fen % 1000 {
            901 => Said::Failed(BankReason::InsufficientFunds),
            902 => Said::Failed(BankReason::Declined),
            // What goes back because it came late is taken.
            917 if !question.reference.ends_with(LATE) => Said::Failed(BankReason::Declined),
            903 => Said::Failed(BankReason::OverLimit),
            904 => Said::Failed(BankReason::Unavailable),
            911 | 912 => Said::Silence,
            915 if debit => Said::Silence,
            913 | 914 => Said::Processing,
            _ => Said::Succeeded,
        };
        entry.moved |= matches!(said, Said::Succeeded) || entry.amount_fen % 1000 == 911;
        said
    }

    fn query(&self, reference: &str) -> Said {
        let mut movements = self.movements.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = movements.get_mut(reference) else { return Said::NotFound };
        entry.asked += 1;
        let said = match (entry.amount_fen % 1000, entry.asked) {
            (901, _) => Said::Failed(BankReason::InsufficientFunds),
            (902 | 916, _) => Said::Failed(BankReason::Declined),
            (903, _) => Said::Failed(BankReason::OverLimit),
            (904, _) => Said::Failed(BankReason::Unavailable),
            (912, _) | (915, 1) => Said::NotFound,
            (913 | 914, 1) => Said::Processing,
            (914, _) => Said::Failed(BankReason::Declined),
            _ => Said::Succeeded,
        };
        entry.moved |= matches!(said, Said::Succeeded);
        said
    }

    async fn answer(
        &self,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
        ask: impl FnOnce(&Self, &Question) -> Said,
    ) -> Response {
        let mac = question_mac(&self.key, path, body);
        if headers.get(MAC).is_none_or(|found| found.as_bytes() != mac.as_bytes()) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let Ok(question) = serde_json::from_slice::<Question>(body) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let (state, reason) = match ask(self, &question) {
            Said::Succeeded => ("succeeded", None),
            Said::Failed(reason) => ("failed", Some(reason.to_string())),
            Said::Processing => ("processing", None),
            Said::NotFound => ("not_found", None),
            // The caller's own patience ends this.
            Said::Silence => std::future::pending().await,
        };
        let reply = serde_json::to_vec(&Reply { state: state.to_owned(), reason }).unwrap_or_default();
        ([(MAC, answer_mac(&self.key, &mac, &reply))], reply).into_response()
    }
}

async fn debit(State(bank): State<Simulator>, headers: HeaderMap, body: Bytes) -> Response {
    bank.answer("/debits", &headers, &body, |bank, question| bank.movement(question, true)).await
}

async fn credit(State(bank): State<Simulator>, headers: HeaderMap, body: Bytes) -> Response {
    bank.answer("/credits", &headers, &body, |bank, question| bank.movement(question, false)).await
}

async fn query(State(bank): State<Simulator>, headers: HeaderMap, body: Bytes) -> Response {
    bank.answer("/queries", &headers, &body, |bank, question| bank.query(&question.reference)).await
}
