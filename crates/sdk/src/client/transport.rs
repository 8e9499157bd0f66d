//! Sending bytes and reading bytes: the only file that knows the HTTP library.

use std::time::Duration;

use ureq::http::{HeaderMap, Request};

use super::call::Call;
use super::{Config, Error};

/// The largest answer that is read.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// An answer as it came, not yet believed.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After` in seconds; its other form, a date, is not used by the platform.
    pub fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }
}

/// A connection pool to one world of one platform.
pub(super) struct Transport {
    agent: ureq::Agent,
    base_url: String,
    prefix: String,
}

impl Transport {
    pub fn new(config: &Config) -> Result<Self, Error> {
        let base_url = config.base_url.trim_end_matches('/').to_owned();
        let authority = base_url
            .strip_prefix("http://")
            .or_else(|| base_url.strip_prefix("https://"))
            .filter(|rest| !rest.is_empty() && !rest.contains(['?', '#']))
            .ok_or(Error::Setup("the base URL is not http(s)://host[:port][/prefix]"))?;
        let prefix = authority.find('/').map_or("", |slash| &authority[slash..]).to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_idle_connections_per_host(64)
            .max_idle_connections(64)
            .timeout_connect(Some(config.timeout))
            .timeout_global(Some(config.timeout))
            .user_agent(concat!("ykt-sdk/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self { agent, base_url, prefix })
    }

    /// The absolute URI of a path, as it is signed.
    pub fn target_uri(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The path and query as they stand in the request line.
    pub fn target(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    pub fn send(&self, call: &Call, authentication: &[(&str, &str)]) -> Result<Answer, Error> {
        let mut request = Request::builder().method(call.method).uri(self.target_uri(&call.path));
        for (name, value) in call.headers().chain(authentication.iter().copied()) {
            request = request.header(name, value);
        }
        let setup = |_| Error::Setup("a path or header has characters that HTTP does not allow");
        let answer = if call.method == "GET" {
            self.agent.run(request.body(()).map_err(setup)?)
        } else {
            self.agent.run(request.body(call.body.as_slice()).map_err(setup)?)
        };
        let (parts, mut body) = answer.map_err(Error::Transport)?.into_parts();
        let body = body.with_config().limit(MAX_ANSWER_BYTES).read_to_vec().map_err(Error::Transport)?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}
