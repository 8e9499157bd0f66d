//! The real-person check (实人认证): whether who stands before the device is the holder.
//!
//! The check itself (face, message to the reserved phone, clerk) is another service's: it gives the device a token
//! for the person it saw, good for one use, and the platform asks it whom the token stands for. Real or honest: there
//! is an HTTP implementation, and a simulator for sandbox and demo that says so; a world without either refuses.

use crate::Error;
use domain::ecard::Refusal;
use domain::identity::IdDocument;
use gm::hmac;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

/// How the person was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Face comparison.
    Face,
    /// A code sent to the reserved phone.
    Sms,
    /// A clerk, in person.
    Window,
}

impl Method {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Face => "face",
            Method::Sms => "sms",
            Method::Window => "window",
        }
    }
}

/// What the holder's device brings.
#[derive(Clone)]
pub struct Evidence {
    /// How the person was checked.
    pub method: Method,
    /// What the checking service gave for it.
    pub token: String,
}

impl Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Whom a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The person with this document.
    Same,
    /// Somebody else.
    Other,
    /// Nobody: the check failed, or the token is unknown, used or too old.
    Failed,
}

/// Why there is no verdict; the request may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// No checking service is configured.
    Unconfigured,
    /// It did not answer in time, or its answer cannot be trusted.
    NoAnswer,
}

/// A checking service. Called on a blocking thread.
pub trait RealPerson: Debug + Send + Sync {
    /// Asks whether the evidence stands for the person with this document.
    ///
    /// # Errors
    /// [`Unavailable`]
    fn check(&self, evidence: &Evidence, document: &IdDocument) -> Result<Verdict, Unavailable>;

    /// Whether the answer is there without waiting, so that asking needs no thread of its own.
    fn is_immediate(&self) -> bool {
        false
    }
}

/// Asks `checker`, away from the async threads if it has to be waited for.
///
/// # Errors
/// `real_person.unavailable` and `real_person.no_answer`, which may be tried again.
pub async fn check(
    checker: Arc<dyn RealPerson>,
    evidence: Evidence,
    document: IdDocument,
) -> Result<Result<(), Refusal>, Error> {
    let answer = if checker.is_immediate() {
        checker.check(&evidence, &document)
    } else {
        let asked = tokio::task::spawn_blocking(move || checker.check(&evidence, &document)).await;
        asked.map_err(|_| Error::internal("the real-person check broke an invariant"))?
    };
    match answer {
        Ok(Verdict::Same) => Ok(Ok(())),
        Ok(Verdict::Other) => Ok(Err(Refusal::RealPersonOther)),
        Ok(Verdict::Failed) => Ok(Err(Refusal::RealPersonFailed)),
        Err(Unavailable::Unconfigured) => Err(Error::platform("real_person.unavailable")),
        Err(Unavailable::NoAnswer) => Err(Error::platform("real_person.no_answer")),
    }
}

/// No checking service: every check is refused.
#[derive(Debug, Clone, Copy)]
pub struct Unconfigured;

impl RealPerson for Unconfigured {
    fn check(&self, _: &Evidence, _: &IdDocument) -> Result<Verdict, Unavailable> {
        Err(Unavailable::Unconfigured)
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

/// A simulator for sandbox and demo: it checks nobody and answers by the token alone. `sim:pass` is the holder,
/// `sim:other_person` somebody else, `sim:timeout` no answer; any other token, `sim:fail` among them, fails.
#[derive(Debug, Clone, Copy)]
pub struct Simulator;

impl RealPerson for Simulator {
    fn check(&self, evidence: &Evidence, _: &IdDocument) -> Result<Verdict, Unavailable> {
        match evidence.token.as_str() {
            "sim:pass" => Ok(Verdict::Same),
            "sim:other_person" => Ok(Verdict::Other),
            "sim:timeout" => Err(Unavailable::NoAnswer),
            _ => Ok(Verdict::Failed),
        }
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

/// A checking service over HTTP.
///
/// `POST url` with `{method, token, subject, mac}` is answered by `{verdict, mac}`, `verdict` being `same`, `other`
/// or `failed`. Neither name nor number leaves the platform: `subject` is HMAC-SM3 of `kind:number` under the shared
/// key. The MACs are HMAC-SM3 under the same key over `method "\n" token "\n" subject "\n"`, and over the same with
/// the verdict behind it, so an answer is good for its question only. TLS is not in this build: put the service on
/// a trusted network or behind a proxy.
pub struct Http {
    agent: ureq::Agent,
    url: String,
    key: hmac::Key,
}

impl Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("url", &self.url).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Question<'a> {
    method: &'a str,
    token: &'a str,
    subject: &'a str,
    mac: String,
}

#[derive(Deserialize)]
struct Answer {
    verdict: String,
    mac: String,
}

/// Most bytes of an answer.
const ANSWER_LIMIT: u64 = 64 * 1024;

impl Http {
    /// The service at `url`, which shares `key`; one question waits at most `timeout`.
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

    fn ask(&self, evidence: &Evidence, document: &IdDocument) -> Option<Verdict> {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let subject = hex(&self.key.mac(&document.index_bytes()));
        let method = evidence.method.as_str();
        let said = [method, "\n", &evidence.token, "\n", &subject, "\n"].concat();
        let mac = hex(&self.key.mac(said.as_bytes()));
        let question = Question { method, token: &evidence.token, subject: &subject, mac };
        let body = serde_json::to_vec(&question).ok()?;
        let sent =
            self.agent.post(&self.url).header("content-type", "application/json").send(body.as_slice());
        let mut response = sent.ok()?;
        let bytes = response.body_mut().with_config().limit(ANSWER_LIMIT).read_to_vec().ok()?;
        let answer: Answer = serde_json::from_slice(&bytes).ok()?;
        let tag = data_encoding::HEXLOWER.decode(answer.mac.as_bytes()).ok()?;
        if tag.len() != 32 || !self.key.verify(&[said.as_bytes(), answer.verdict.as_bytes()], &tag) {
            return None;
        }
        match answer.verdict.as_str() {
            "same" => Some(Verdict::Same),
            "other" => Some(Verdict::Other),
            "failed" => Some(Verdict::Failed),
            _ => None,
        }
    }
}

impl RealPerson for Http {
    fn check(&self, evidence: &Evidence, document: &IdDocument) -> Result<Verdict, Unavailable> {
        self.ask(evidence, document).ok_or(Unavailable::NoAnswer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::DocumentKind;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    fn document() -> IdDocument {
        IdDocument::new(DocumentKind::ResidentId, "11010519491231002X").unwrap()
    }

    fn evidence(token: &str) -> Evidence {
        Evidence { method: Method::Face, token: token.into() }
    }

    #[test]
    fn the_simulator_answers_by_its_magic_tokens() {
        for (token, answer) in [
            ("sim:pass", Ok(Verdict::Same)),
            ("sim:other_person", Ok(Verdict::Other)),
            ("sim:fail", Ok(Verdict::Failed)),
            ("anything", Ok(Verdict::Failed)),
            ("sim:timeout", Err(Unavailable::NoAnswer)),
        ] {
            assert_eq!(Simulator.check(&evidence(token), &document()), answer, "{token}");
        }
        assert_eq!(Unconfigured.check(&evidence("sim:pass"), &document()), Err(Unavailable::Unconfigured));
    }

    /// A checking service that answers every question with this verdict under this key.
    fn service(verdict: &'static str, key: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/check", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = vec![0; 4096];
            let mut length = 0;
            let body = loop {
                length += stream.read(&mut bytes[length..]).unwrap();
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                if let Some((_, body)) = text.split_once("\r\n\r\n").filter(|(_, body)| body.ends_with('}')) {
                    break body.to_owned();
                }
            };
            let asked: serde_json::Value = serde_json::from_str(&body).unwrap();
            let said = format!(
                "{}\n{}\n{}\n{verdict}",
                asked["method"].as_str().unwrap(),
                asked["token"].as_str().unwrap(),
                asked["subject"].as_str().unwrap()
            );
            let mac = data_encoding::HEXLOWER.encode(&hmac::Key::new(key).mac(said.as_bytes()));
            let answer = format!("{{\"verdict\":\"{verdict}\",\"mac\":\"{mac}\"}}");
            let length = answer.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
            )
            .unwrap();
        });
        url
    }

    #[test]
    fn an_answer_is_believed_under_the_shared_key_only() {
        for (verdict, key, answer) in [
            ("same", b"shared".as_slice(), Ok(Verdict::Same)),
            ("other", b"shared", Ok(Verdict::Other)),
            ("failed", b"shared", Ok(Verdict::Failed)),
            ("perhaps", b"shared", Err(Unavailable::NoAnswer)),
            ("same", b"forged", Err(Unavailable::NoAnswer)),
        ] {
            let http = Http::new(service(verdict, key), b"shared", Duration::from_secs(5));
            assert_eq!(http.check(&evidence("t"), &document()), answer, "{verdict}");
        }
    }

    #[test]
    fn silence_ends_with_the_time_allowed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/check", listener.local_addr().unwrap());
        let http = Http::new(url, b"shared", Duration::from_millis(50));
        assert_eq!(http.check(&evidence("t"), &document()), Err(Unavailable::NoAnswer));
    }
}
