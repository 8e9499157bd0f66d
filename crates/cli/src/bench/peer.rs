//! A peer that anyone can install: token introspection of npm's `oidc-provider`, in memory and not durable, under
//! the same load generator. What the platform does durably and with three authorizations is set beside it.

use super::load;
use super::report::Report;
use super::rounds::Pair;
use super::site::CONNECTIONS;
use crate::failure::{Attempt, Failure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// Introspections of one round.
const REQUESTS: usize = 20_000;

/// Ends the peer with its value.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        // A peer that has already gone needs no ending.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures introspection and sets the platform's verifications of this run beside it.
///
/// # Errors
/// The peer cannot be started or answers anything but an active token.
pub fn introspection(
    folder: &Path,
    rounds: usize,
    verify: &Pair,
    name: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut child = Command::new("node")
        .arg(folder.join("introspection.mjs"))
        .stdout(Stdio::piped())
        .spawn()
        .attempt("start node")?;
    let stdout = child.stdout.take().ok_or_else(|| Failure::failed("node has no output"))?;
    let _peer = Peer(child);
    let mut told = String::new();
    BufReader::new(stdout).read_line(&mut told).attempt("read the peer's address")?;
    let mut words = told.split_whitespace();
    let mut word = || words.next().ok_or_else(|| Failure::failed(format!("the peer told: {told}")));
    let (addr, authorization, token) = (word()?, word()?, word()?);
    let addr = addr.parse().attempt("read the peer's address")?;
    let body = format!("token={token}");
    let request = format!(
        "POST /token/introspection HTTP/1.1\r\nhost: {addr}\r\nauthorization: Basic {authorization}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let requests = Arc::new(vec![request.into_bytes(); REQUESTS]);
    let mut pair = Pair::default();
    for round in 0..rounds {
        let measured = load::run(addr, CONNECTIONS, &requests, true).attempt("introspect")?;
        let active =
            measured.bodies.iter().filter(|body| body.windows(13).any(|w| w == b"\"active\":true")).count();
        if active != REQUESTS {
            return Err(Failure::failed(format!("the peer found {active} of {REQUESTS} tokens active")));
        }
        pair.rates.push(verify.rates.get(round).copied().unwrap_or_else(|| verify.rate()));
        pair.ceilings.push(measured.rate());
    }
    report.ratio(&format!("verification ÷ oidc-provider introspection, {name}"), &pair, 6.0);
    Ok(())
}
