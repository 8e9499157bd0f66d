//! The page, its files, and the steps of the play under `/sandbox/try/`.

use super::visit::{Trouble, Visit};
use super::{Cast, Inner, Stage};
use crate::Error;
use crate::app::Json;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sdk::types::qr::Purpose;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Visitors at one time.
const MOST_VISITS: usize = 500;
/// A visit that was idle this long is forgotten.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// Names the visit in each step.
const VISIT: &str = "ykt-visit";
/// Most that a visitor may pay at once, in fen.
const MOST_FEN: i64 = 100_000;

/// Nothing but this page's own files and steps may be loaded, run or sent to.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/app.js");

/// The page and its steps.
pub fn routes(stage: Stage) -> Router {
    Router::new()
        .route("/", get(|| async { file("text/html; charset=utf-8", PAGE) }))
        .route("/try/style.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/try/app.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/sandbox/try/stage", get(show_stage))
        .route("/sandbox/try/visits", post(begin))
        .route("/sandbox/try/claims", post(claim))
        .route("/sandbox/try/codes", post(show))
        .route("/sandbox/try/scans", post(scan))
        .route("/sandbox/try/payments", post(pay))
        .route("/sandbox/try/uses", get(uses))
        .with_state(stage)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    (headers, text).into_response()
}

#[derive(Serialize)]
struct PersonView<'a> {
    name: &'a str,
    id_number: &'a str,
    about_zh: &'a str,
    about_en: &'a str,
}

async fn show_stage(State(stage): State<Stage>) -> Result<Response, Error> {
    let cast = stage.inner.cast()?;
    let persons: Vec<PersonView> = cast
        .persons
        .iter()
        .map(|person| PersonView {
            name: &person.name,
            id_number: &person.id_number,
            about_zh: &person.about_zh,
            about_en: &person.about_en,
        })
        .collect();
    Ok(axum::Json(serde_json::json!({ "persons": persons })).into_response())
}

async fn begin(State(stage): State<Stage>) -> Result<Response, Error> {
    stage.inner.cast()?;
    stage.inner.pass()?;
    let id = data_encoding::HEXLOWER.encode(&gm::random::bytes::<16>());
    let mut visits = stage.inner.visits.lock().unwrap_or_else(PoisonError::into_inner);
    // A visit that is locked is being used at this moment.
    visits.retain(|_, visit| visit.try_lock().map_or(true, |visit| visit.used_at.elapsed() < IDLE));
    if visits.len() >= MOST_VISITS {
        return Err(Error::platform("platform.rate_limited"));
    }
    visits.insert(id.clone(), Arc::default());
    Ok((StatusCode::CREATED, axum::Json(serde_json::json!({ "visit_id": id }))).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    person: usize,
    password: String,
}

async fn claim(
    State(stage): State<Stage>,
    headers: HeaderMap,
    Json(body): Json<Claim>,
) -> Result<Response, Error> {
    step(stage, &headers, move |visit, cast| {
        let person = cast.persons.get(body.person).ok_or(Trouble::TooEarly)?;
        visit.claim(cast, person, &body.password)
    })
    .await
}

async fn show(State(stage): State<Stage>, headers: HeaderMap) -> Result<Response, Error> {
    step(stage, &headers, Visit::show).await
}

async fn scan(State(stage): State<Stage>, headers: HeaderMap) -> Result<Response, Error> {
    step(stage, &headers, |visit, cast| visit.scan(cast, Purpose::Identity)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    amount_fen: i64,
}

async fn pay(
    State(stage): State<Stage>,
    headers: HeaderMap,
    Json(body): Json<Pay>,
) -> Result<Response, Error> {
    if !(1..=MOST_FEN).contains(&body.amount_fen) {
        let message = "须为1至100000分 (must be 1 to 100000 fen)";
        return Err(Error::field_text("/amount_fen", "money.range", message));
    }
    step(stage, &headers, move |visit, cast| visit.pay(cast, body.amount_fen)).await
}

async fn uses(State(stage): State<Stage>, headers: HeaderMap) -> Result<Response, Error> {
    step(stage, &headers, |visit, cast| visit.uses(cast)).await
}

/// Runs one step of a visit on a thread that may wait, and passes the platform's answer on, good or bad.
async fn step<T, F>(stage: Stage, headers: &HeaderMap, body: F) -> Result<Response, Error>
where
    T: Serialize + Send + 'static,
    F: FnOnce(&mut Visit, &Cast) -> Result<T, Trouble> + Send + 'static,
{
    stage.inner.cast()?;
    stage.inner.pass()?;
    let visit = stage.inner.visit(headers)?;
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let english = language.is_some_and(|text| text.starts_with("en"));
    let played = tokio::task::spawn_blocking(move || {
        let mut visit = visit.lock().unwrap_or_else(PoisonError::into_inner);
        visit.used_at = Instant::now();
        stage.inner.cast().map(|cast| body(&mut visit, cast))
    });
    let outcome = played.await.map_err(|error| Error::internal(error.to_string()))??;
    match outcome {
        Ok(view) => Ok(axum::Json(view).into_response()),
        Err(Trouble::TooEarly) => {
            Err(Error::detailed("request.malformed", "a step before this one is missing"))
        }
        Err(Trouble::Platform(error)) => match *error {
            sdk::client::Error::Refused(problem) => Ok(pass_on(*problem, english)),
            error => Err(Error::internal(error.to_string())),
        },
    }
}

/// The platform's refusal, in the visitor's language where its sentence needs no values.
fn pass_on(mut problem: sdk::Problem, english: bool) -> Response {
    let entries = domain::refusal::CATALOGUE.iter().flat_map(|(_, entries)| *entries);
    let refusals = entries.map(|entry| (entry.code, entry.en));
    let platform = crate::error::PLATFORM.iter().map(|&(code, _, _, en)| (code, en));
    let sentence = refusals.chain(platform).find(|(code, _)| *code == problem.code).map(|(_, en)| en);
    if let Some(sentence) = sentence.filter(|text| english && !text.contains('{')) {
        sentence.clone_into(&mut problem.title);
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = (status, axum::Json(problem)).into_response();
    let kind = HeaderValue::from_static(sdk::problem::CONTENT_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

impl Inner {
    fn cast(&self) -> Result<&Cast, Error> {
        self.cast.get().ok_or_else(Error::not_found)
    }

    fn pass(&self) -> Result<(), Error> {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        if gate.pass(Instant::now()) { Ok(()) } else { Err(Error::platform("platform.rate_limited")) }
    }

    fn visit(&self, headers: &HeaderMap) -> Result<Arc<Mutex<Visit>>, Error> {
        let id = headers.get(VISIT).and_then(|value| value.to_str().ok()).ok_or_else(Error::not_found)?;
        let visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.get(id).cloned().ok_or_else(Error::not_found)
    }
}
