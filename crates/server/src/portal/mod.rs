//! The portals: the pages that people work in, built from `web/` and served by this server.
//!
//! Invariants: no page may load, run or ask anything that this server does not serve; what is named after its content
//! is kept for ever by a browser, the page that names it never. A build of the server needs no pages: without them
//! their address says how to build them. Deliberately not here: what a page shows. It asks the API like everybody.

mod pages;

use crate::Error;
use crate::app::Worlds;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use pages::{Coding, Embedded, Page};

/// Where the nonce goes in the page that the build made.
const PLACEHOLDER: &str = "__YKT_NONCE__";

/// What is served when the pages were not built.
const UNBUILT: &str = include_str!("unbuilt.html");

/// Where the look goes in the page that the build made: `grey` on a day of mourning, nothing on another.
const LOOK: &str = "__YKT_LOOK__";

/// The portals of both worlds; they share their files.
pub fn routes(worlds: &Worlds) -> Router {
    Router::new()
        .route("/portal", get(|| async { Redirect::permanent("/portal/") }))
        .route("/sandbox/portal", get(|| async { Redirect::permanent("/sandbox/portal/") }))
        .route("/portal/", get(shell))
        .route("/sandbox/portal/", get(shell))
        .route("/portal/{*path}", get(file))
        .route("/sandbox/portal/{*path}", get(shell))
        .with_state(worlds.clone())
}

/// The page that every address of a portal begins with; the address itself is read by the page.
async fn shell(State(worlds): State<Worlds>) -> Response {
    let is_grey = worlds.grey_days.contains(&worlds.production.now().business_date());
    render(pages::find::<Embedded>("index.html", &[]).as_ref(), is_grey)
}

/// A file of the build; any address that is none belongs to the page.
async fn file(worlds: State<Worlds>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let accepted = Coding::accepted(headers.get(header::ACCEPT_ENCODING));
    match pages::find::<Embedded>(&path, &accepted) {
        Some(_) if path == "index.html" => shell(worlds).await,
        Some(page) => send(page),
        None if path.starts_with(pages::HASHED) => Error::not_found().into_response(),
        None => shell(worlds).await,
    }
}

fn send(page: Page) -> Response {
    let cache = if page.is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, page.kind),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let coding = page.coding.map(|coding| [(header::CONTENT_ENCODING, coding.as_str())]);
    match coding {
        Some(coding) => (headers, coding, page.bytes).into_response(),
        None => (headers, page.bytes).into_response(),
    }
}

/// The shell with a nonce of its own, or the page that says that there is none.
fn render(built: Option<&Page>, is_grey: bool) -> Response {
    let nonce = BASE64.encode(&gm::random::bytes::<16>());
    let (status, text) = match built {
        Some(page) => (StatusCode::OK, String::from_utf8_lossy(&page.bytes).into_owned()),
        None => (StatusCode::NOT_FOUND, UNBUILT.to_owned()),
    };
    let text = text.replace(LOOK, if is_grey { "grey" } else { "" });
    let mut response = (status, text.replace(PLACEHOLDER, &nonce)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    match HeaderValue::from_str(&policy(&nonce)) {
        Ok(policy) => _ = headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(_) => return Error::internal("a policy is no header").into_response(),
    }
    response
}

/// Only this server's files, and style sheets that carry the nonce. Style attributes are allowed because the
/// components place their popups with them; no attribute can load or run anything under the rest of the policy.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src-elem 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn shown(built: Option<&Page>) -> (StatusCode, String, String) {
        let (parts, body) = render(built, false).into_parts();
        let policy = parts.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, policy, String::from_utf8(body.to_vec()).unwrap())
    }

    fn nonce(policy: &str) -> &str {
        policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0
    }

    #[tokio::test]
    async fn every_shell_carries_the_nonce_of_its_policy_and_no_two_have_the_same() {
        let page = Page::new("index.html", b"<script nonce=\"__YKT_NONCE__\">".as_slice().into(), None);
        let (status, first, text) = shown(Some(&page)).await;
        assert_eq!((status, text), (StatusCode::OK, format!("<script nonce=\"{}\">", nonce(&first))));
        let (_, second, _) = shown(Some(&page)).await;
        assert_ne!(nonce(&first), nonce(&second));
    }

    #[tokio::test]
    async fn without_pages_the_address_says_how_to_build_them() {
        let (status, policy, text) = shown(None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(text.contains("cargo xtask run") && text.contains(nonce(&policy)), "{text}");
    }
}
