//! The session MAC: what a caller with an open session sends instead of a signature, and what it gets back.
//!
//! Invariant: the MAC covers method, target, counter, idempotency key and body; the response MAC covers the request
//! MAC, status and body. A counter is accepted once.
//!
//! `If-Match` is not covered: a conditional request must be signed instead (see [`crate::signature`]).
//!
//! Deliberately not here: where sessions and windows are kept.

use std::fmt;

use data_encoding::HEXLOWER;
use gm::hmac::Key;

/// Request header: `<session id>;<counter>;<hex MAC>`.
pub const REQUEST_HEADER: &str = "ykt-session";
/// Response header: `<hex MAC>`.
pub const RESPONSE_HEADER: &str = "ykt-session-mac";
/// Largest counter, so that it fits every signed 64-bit column and JSON reader that matters (2⁵³ − 1).
pub const MAX_COUNTER: u64 = (1 << 53) - 1;

/// Why a session header or counter is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionError {
    /// The header is not `<session id>;<counter>;<64 lower-case hex digits>`.
    Malformed,
    /// The MAC is not that of this message under the session's key.
    Invalid,
    /// The counter has been used.
    Replayed,
    /// The counter is further behind the highest one than the window reaches.
    TooOld,
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the session header is malformed",
            Self::Invalid => "the session MAC is not that of this message",
            Self::Replayed => "the session counter has been used",
            Self::TooOld => "the session counter is too far behind",
        })
    }
}

impl std::error::Error for SessionError {}

/// The parts of a request that its MAC covers.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Upper-case method.
    pub method: &'a str,
    /// Path and query as in the request line.
    pub target: &'a str,
    /// The `Idempotency-Key` header, or empty.
    pub idempotency_key: &'a str,
    /// The body, as sent.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// The MAC of this request with this counter.
    pub fn mac(&self, key: &Key, counter: u64) -> [u8; 32] {
        self.with_parts(counter, |parts| key.mac_parts(parts))
    }

    /// Checks the MAC of a parsed header, in constant time.
    pub fn verify(&self, key: &Key, header: &Header<'_>) -> Result<(), SessionError> {
        let valid = self.with_parts(header.counter, |parts| key.verify(parts, &header.mac));
        if valid { Ok(()) } else { Err(SessionError::Invalid) }
    }

    fn with_parts<R>(&self, counter: u64, f: impl FnOnce(&[&[u8]]) -> R) -> R {
        let mut digits = [0; 20];
        f(&[
            b"ykt1\n",
            self.method.as_bytes(),
            b"\n",
            self.target.as_bytes(),
            b"\n",
            decimal(counter, &mut digits),
            b"\n",
            self.idempotency_key.as_bytes(),
            b"\n",
            self.body,
        ])
    }
}

/// A session header taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// `ses_…`
    pub session_id: &'a str,
    /// 1 to [`MAX_COUNTER`].
    pub counter: u64,
    /// The MAC as sent.
    pub mac: [u8; 32],
}

impl<'a> Header<'a> {
    /// Reads the header's value.
    pub fn parse(value: &'a str) -> Result<Self, SessionError> {
        let (session_id, rest) = value.split_once(';').ok_or(SessionError::Malformed)?;
        let (digits, mac) = rest.split_once(';').ok_or(SessionError::Malformed)?;
        if session_id.is_empty() || session_id.len() > 64 {
            return Err(SessionError::Malformed);
        }
        Ok(Self { session_id, counter: read_counter(digits)?, mac: parse_mac(mac)? })
    }

    /// Writes the header's value, in one allocation.
    pub fn write(&self) -> String {
        let mut digits = [0; 20];
        let mut value = String::with_capacity(self.session_id.len() + 86);
        value.push_str(self.session_id);
        value.push(';');
        value.extend(decimal(self.counter, &mut digits).iter().map(|&byte| char::from(byte)));
        value.push(';');
        HEXLOWER.encode_append(&self.mac, &mut value);
        value
    }
}

/// The MAC of a response to the request that had `request_mac`.
pub fn response_mac(key: &Key, request_mac: &[u8; 32], status: u16, body: &[u8]) -> [u8; 32] {
    with_response_parts(request_mac, status, body, |parts| key.mac_parts(parts))
}

/// Checks the value of the response header, in constant time.
pub fn verify_response(
    key: &Key,
    request_mac: &[u8; 32],
    status: u16,
    body: &[u8],
    header: &str,
) -> Result<(), SessionError> {
    let mac = parse_mac(header)?;
    let valid = with_response_parts(request_mac, status, body, |parts| key.verify(parts, &mac));
    if valid { Ok(()) } else { Err(SessionError::Invalid) }
}

/// The value of the response header: the MAC in lower-case hex, on the stack.
pub fn write_mac(mac: &[u8; 32]) -> [u8; 64] {
    let mut hex = [0; 64];
    HEXLOWER.encode_mut(mac, &mut hex);
    hex
}

fn with_response_parts<R>(
    request_mac: &[u8; 32],
    status: u16,
    body: &[u8],
    f: impl FnOnce(&[&[u8]]) -> R,
) -> R {
    let mut digits = [0; 20];
    let hex = write_mac(request_mac);
    f(&[b"ykt1r\n", &hex, b"\n", decimal(u64::from(status), &mut digits), b"\n", body])
}

fn parse_mac(hex: &str) -> Result<[u8; 32], SessionError> {
    let mut mac = [0; 32];
    if hex.len() != 64 {
        return Err(SessionError::Malformed);
    }
    HEXLOWER.decode_mut(hex.as_bytes(), &mut mac).map_err(|_| SessionError::Malformed)?;
    Ok(mac)
}

/// Reads a counter in its one canonical spelling.
fn read_counter(digits: &str) -> Result<u64, SessionError> {
    if !matches!(digits.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.len() < 16 && rest.iter().all(u8::is_ascii_digit))
    {
        return Err(SessionError::Malformed);
    }
    match digits.parse() {
        Ok(counter) if counter <= MAX_COUNTER => Ok(counter),
        _ => Err(SessionError::Malformed),
    }
}

/// Writes a number in decimal into the end of `buffer`.
fn decimal(mut number: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            return &buffer[start..];
        }
    }
}

/// Which counters of a session have been used: a ring of bits behind the highest one.
///
/// A caller with many connections sends its counters out of order, so the window is wide: [`Window::WIDTH`].
/// The ring moves word by word, which is why it holds 64 bits more than it promises (the scheme of RFC 6479).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    highest: u64,
    ring: [u64; Self::WORDS],
}

impl Window {
    const WORDS: usize = 16;
    /// How far behind the highest counter one may still come.
    pub const WIDTH: u64 = 64 * (Self::WORDS as u64 - 1);

    /// A window that has seen nothing.
    pub const fn new() -> Self {
        Self { highest: 0, ring: [0; Self::WORDS] }
    }

    /// The highest counter seen; 0 before the first.
    pub const fn highest(&self) -> u64 {
        self.highest
    }

    /// Uses a counter. Call it only after the MAC has been verified: it moves the window.
    pub fn accept(&mut self, counter: u64) -> Result<(), SessionError> {
        if counter == 0 || counter > MAX_COUNTER {
            return Err(SessionError::Malformed);
        }
        if counter > self.highest {
            self.advance(counter);
        } else if self.highest - counter >= Self::WIDTH {
            return Err(SessionError::TooOld);
        }
        let word = &mut self.ring[Self::slot(counter / 64)];
        let bit = 1 << (counter % 64);
        if *word & bit != 0 {
            return Err(SessionError::Replayed);
        }
        *word |= bit;
        Ok(())
    }

    /// Clears the words between the old highest counter and the new one.
    fn advance(&mut self, counter: u64) {
        let (old, new) = (self.highest / 64, counter / 64);
        if new - old >= Self::WORDS as u64 {
            self.ring = [0; Self::WORDS];
        } else {
            for word in old + 1..=new {
                self.ring[Self::slot(word)] = 0;
            }
        }
        self.highest = counter;
    }

    fn slot(word: u64) -> usize {
        usize::try_from(word % Self::WORDS as u64).unwrap_or(0)
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}
