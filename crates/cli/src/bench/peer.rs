//! A peer that anyone can install: token introspection of npm's `oidc-provider`, in memory and not durable, under
//! the same load generator. What the platform does durably and with three authorizations is set beside it.

use super::load::{self, Round};
use super::site::CONNECTIONS;
use crate::failure::{Attempt, Failure};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// Introspections of one round.
const REQUESTS: usize = 20_000;

/// The peer while it runs; it ends with its value.
pub struct Peer {
    child: Child,
    addr: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A peer that has already gone needs no ending.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Peer {
    /// Starts the peer that is installed in `folder`; it does nothing until it is asked.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        let child = Command::new("node")
            .arg(folder.join("introspection.mjs"))
            .stdout(Stdio::piped())
            .spawn()
            .attempt("start node")?;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut peer = Self { child, addr: nowhere, requests: Arc::default() };
        let stdout = peer.child.stdout.take().ok_or_else(|| Failure::failed("node has no output"))?;
        let mut told = String::new();
        BufReader::new(stdout).read_line(&mut told).attempt("read the peer's address")?;
        let mut words = told.split_whitespace();
        let mut word = || words.next().ok_or_else(|| Failure::failed(format!("the peer told: {told}")));
        let (addr, authorization, token) = (word()?, word()?, word()?);
        peer.addr = addr.parse().attempt("read the peer's address")?;
        let body = format!("token={token}");
        let request = format!(
            "POST /token/introspection HTTP/1.1\r\nhost: {addr}\r\nauthorization: Basic {authorization}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        peer.requests = Arc::new(vec![request.into_bytes(); REQUESTS]);
        Ok(peer)
    }

    /// One round of introspections.
    ///
    /// # Errors
    /// It answers anything but an active token.
    pub fn round(&self) -> Result<Round, Failure> {
        let measured = load::run(self.addr, CONNECTIONS, &self.requests, true).attempt("introspect")?;
        let active =
            measured.bodies.iter().filter(|body| body.windows(13).any(|w| w == b"\"active\":true")).count();
        if active == REQUESTS {
            Ok(measured)
        } else {
            Err(Failure::failed(format!("the peer found {active} of {REQUESTS} tokens active")))
        }
    }
}
