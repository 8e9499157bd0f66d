//! Files in an object store that speaks S3, for servers that share them.
//!
//! ```text
//! {world}/{id}                  a closed file
//! {world}/{id}.parts/{offset}   what has arrived from an offset on, until the file is closed
//! ```
//! A file is closed by writing its parts into one object, which appears whole or not at all, and only with the digest that was
//! announced: whoever closes a file beside somebody else writes the same bytes again. The parts follow each other: where one
//! ends the next begins, so nothing is ever listed. Requests carry a signature of version 4 that is good for minutes.

use super::Shelf;
use domain::attachment::{HEAD, PART};
use domain::id::AttachmentId;
use rusty_s3::{Bucket as Named, Credentials, S3Action, UrlStyle};
use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body, SendBody};

/// How long a signature is good.
const VALID: Duration = Duration::from_secs(600);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the store may take to begin its answer; it answers a large file once it holds it.
const ANSWER: Duration = Duration::from_secs(120);
/// How long nothing may arrive, or be taken, in the middle of a file.
const STALL: Duration = Duration::from_secs(30);
/// How often something is asked, and how long after the first trouble again; twice as long after the next.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);
/// Files that this server closes at one time, at most.
const CLOSERS: usize = 16;
/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// A bucket, or a part of one, in which a world keeps its files.
pub struct Bucket {
    agent: Agent,
    named: Named,
    credentials: Credentials,
    within: String,
    /// Held while a file is closed, each by the files of some ids.
    closing: [Mutex<()>; CLOSERS],
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.to_string()).finish()
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.named.base_url(), self.within)
    }
}

impl Bucket {
    /// The part `within` (a word without a slash) of a bucket at `http(s)://host[:port][/path]/bucket`, in a region, reached
    /// with a key: its name and its secret, on a line each.
    ///
    /// # Errors
    /// What is wrong with the address; with the key.
    pub fn new(address: &str, region: &str, key: &str, within: &str) -> Result<Self, &'static str> {
        const ADDRESS: &str = "must be http(s)://host[:port]/bucket";
        let (endpoint, name) = address.rsplit_once('/').ok_or(ADDRESS)?;
        if name.is_empty()
            || endpoint.ends_with('/')
            || endpoint.contains('@')
            || address.contains(['?', '#'])
        {
            return Err(ADDRESS);
        }
        let endpoint = endpoint.parse().map_err(|_| ADDRESS)?;
        let named =
            Named::new(endpoint, UrlStyle::Path, name.to_owned(), region.to_owned()).map_err(|_| ADDRESS)?;
        let mut lines = key.lines().map(str::trim).filter(|line| !line.is_empty());
        let (Some(id), Some(secret), None) = (lines.next(), lines.next(), lines.next()) else {
            return Err("must hold the name of a key and its secret, on a line each");
        };
        let agent = Agent::config_builder()
            .max_redirects(0)
            .proxy(None)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(STALL))
            .timeout_per_write(Some(STALL))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            named,
            credentials: Credentials::new(id, secret),
            within: within.to_owned(),
            closing: std::array::from_fn(|_| Mutex::default()),
        })
    }

    /// Whether the bucket is there, and this key is told that an object is not: without the right to list, a store answers
    /// 403 for it.
    ///
    /// # Errors
    /// The store's.
    pub fn look_at(&self) -> io::Result<()> {
        let action = self.named.head_bucket(Some(&self.credentials));
        good(again(|| self.agent.head(action.sign(VALID).as_str()).call())?)?;
        self.length(&self.whole(AttachmentId::from_bytes([0; 16]))).map(drop)
    }

    fn whole(&self, id: AttachmentId) -> String {
        format!("{}/{id}", self.within)
    }

    fn part(&self, id: AttachmentId, offset: u64) -> String {
        format!("{}/{id}.parts/{offset}", self.within)
    }

    /// The length of an object; none if it is not there.
    fn length(&self, key: &str) -> io::Result<Option<u64>> {
        let action = self.named.head_object(Some(&self.credentials), key);
        let answer = again(|| self.agent.head(action.sign(VALID).as_str()).call())?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let answer = good(answer)?;
        let length =
            answer.headers().get(header::CONTENT_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
        length.map(Some).ok_or_else(|| io::Error::other("the object store told no length"))
    }

    fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let action = self.named.put_object(Some(&self.credentials), key);
        good(again(|| self.agent.put(action.sign(VALID).as_str()).send(bytes))?).map(drop)
    }

    fn put_from(&self, key: &str, size: u64, reader: &mut dyn Read) -> io::Result<()> {
        let action = self.named.put_object(Some(&self.credentials), key);
        let put =
            self.agent.put(action.sign(VALID).as_str()).header(header::CONTENT_LENGTH, size.to_string());
        good(put.send(SendBody::from_reader(reader)).map_err(ureq::Error::into_io)?).map(drop)
    }

    /// At most `most` bytes of an object from an offset on; none after its end.
    fn get(&self, key: &str, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let Some(last) = (most as u64).checked_sub(1).map(|most| offset.saturating_add(most)) else {
            return Ok(Vec::new());
        };
        let action = self.named.get_object(Some(&self.credentials), key);
        let range = format!("bytes={offset}-{last}");
        let answer =
            again(|| self.agent.get(action.sign(VALID).as_str()).header(header::RANGE, &range).call())?;
        match answer.status() {
            StatusCode::RANGE_NOT_SATISFIABLE => return Ok(Vec::new()),
            StatusCode::NOT_FOUND => return Err(ErrorKind::NotFound.into()),
            StatusCode::OK if offset > 0 => return Err(io::Error::other("the object store ignored a range")),
            _ => {}
        }
        let mut bytes = Vec::with_capacity(most.min(BLOCK));
        good(answer)?.into_body().into_reader().take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        let action = self.named.delete_object(Some(&self.credentials), key);
        let answer = again(|| self.agent.delete(action.sign(VALID).as_str()).call())?;
        if answer.status() == StatusCode::NOT_FOUND { Ok(()) } else { good(answer).map(drop) }
    }

    /// Removes the parts of a file, the last first, so that what is left after a crash is still found.
    fn clear(&self, id: AttachmentId) -> io::Result<()> {
        let (mut keys, mut at) = (Vec::new(), 0);
        loop {
            let key = self.part(id, at);
            let Some(length) = self.length(&key)? else { break };
            keys.push(key);
            if length == 0 {
                break;
            }
            at += length;
        }
        keys.iter().rev().try_for_each(|key| self.delete(key))
    }

    /// The first bytes of a file that is closed already; one of another content is removed.
    fn closed(&self, id: AttachmentId, size: u64, digest: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        let (found, sm3, head) = self.look(id)?;
        if found == size && sm3 == *digest {
            return Ok(Some(head));
        }
        self.remove(id)?;
        Ok(None)
    }

    /// The length, the digest and the first bytes of a closed file.
    fn look(&self, id: AttachmentId) -> io::Result<(u64, [u8; 32], Vec<u8>)> {
        let (mut hasher, mut head, mut at) = (gm::sm3::Hasher::new(), Vec::new(), 0);
        loop {
            let block = self.read(id, at, BLOCK)?;
            if block.is_empty() {
                return Ok((at, hasher.finish(), head));
            }
            hasher.update(&block);
            let missing = HEAD.saturating_sub(head.len()).min(block.len());
            head.extend_from_slice(&block[..missing]);
            at += block.len() as u64;
        }
    }
}

impl Shelf for Bucket {
    fn write(&self, id: AttachmentId, offset: u64, bytes: &[u8]) -> io::Result<bool> {
        if self.length(&self.whole(id))?.is_some() {
            return Ok(false);
        }
        self.put(&self.part(id, offset), bytes)?;
        Ok(true)
    }

    fn read(&self, id: AttachmentId, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        self.get(&self.whole(id), offset, most)
    }

    fn close(&self, id: AttachmentId, size: u64, digest: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        // On one server a file is closed once: whoever comes second finds it closed instead of reading parts that are taken away.
        let place = usize::from(id.as_bytes().last().copied().unwrap_or_default()) % CLOSERS;
        let _one_at_a_time = self.closing[place].lock().unwrap_or_else(PoisonError::into_inner);
        let whole = self.whole(id);
        // A server stopped, or another did the same, between closing the file and saying so.
        if self.length(&whole)?.is_some() {
            return self.closed(id, size, digest);
        }
        let mut looked = Parts::new(self, id, size, digest);
        let seen = io::copy(&mut looked, &mut io::sink());
        // Parts that are gone may have been taken away by whoever closed the file meanwhile.
        if looked.is_other && self.length(&whole)?.is_some() {
            return self.closed(id, size, digest);
        }
        if looked.is_other {
            self.clear(id)?;
            return Ok(None);
        }
        seen?;
        // What changed since then ends as a broken transfer, of which a store keeps nothing.
        let mut parts = Parts::new(self, id, size, digest);
        match self.put_from(&whole, size, &mut parts) {
            Err(_) if parts.is_other && self.length(&whole)?.is_some() => self.closed(id, size, digest),
            put => put.map(|()| Some(parts.head)),
        }
    }

    fn settle(&self, id: AttachmentId) -> io::Result<()> {
        self.clear(id)
    }

    fn remove(&self, id: AttachmentId) -> io::Result<()> {
        self.delete(&self.whole(id))?;
        self.clear(id)
    }
}

/// The parts of a file as one stream of so many bytes. The last part is held back until all of them have the digest, so
/// another content, or one with a gap, ends before its end.
struct Parts<'a> {
    bucket: &'a Bucket,
    id: AttachmentId,
    at: u64,
    end: u64,
    digest: &'a [u8; 32],
    hasher: gm::sm3::Hasher,
    head: Vec<u8>,
    waiting: io::Cursor<Vec<u8>>,
    is_other: bool,
}

impl<'a> Parts<'a> {
    fn new(bucket: &'a Bucket, id: AttachmentId, end: u64, digest: &'a [u8; 32]) -> Self {
        let (hasher, waiting) = (gm::sm3::Hasher::new(), io::Cursor::default());
        Self { bucket, id, at: 0, end, digest, hasher, head: Vec::new(), waiting, is_other: false }
    }

    fn next(&mut self) -> io::Result<Vec<u8>> {
        let most =
            usize::try_from(self.end - self.at).unwrap_or(BLOCK).min(usize::try_from(PART).unwrap_or(BLOCK));
        let part = match self.bucket.get(&self.bucket.part(self.id, self.at), 0, most) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            part => part?,
        };
        self.at += part.len() as u64;
        self.hasher.update(&part);
        let missing = HEAD.saturating_sub(self.head.len()).min(part.len());
        self.head.extend_from_slice(&part[..missing]);
        let is_last = self.at >= self.end;
        self.is_other = part.is_empty() || is_last && self.hasher.clone().finish() != *self.digest;
        if self.is_other { Err(ErrorKind::InvalidData.into()) } else { Ok(part) }
    }
}

impl Read for Parts<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.waiting.read(buffer)?;
        if read > 0 || buffer.is_empty() || self.at >= self.end {
            return Ok(read);
        }
        self.waiting = io::Cursor::new(self.next()?);
        self.waiting.read(buffer)
    }
}

/// Asks until something other than a passing trouble is answered; everything here may be asked twice.
fn again(ask: impl Fn() -> Result<Response<Body>, ureq::Error>) -> io::Result<Response<Body>> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match ask() {
            Ok(answer) if !is_passing(answer.status()) => return Ok(answer),
            Ok(_) | Err(_) => sleep(pause),
        }
        pause *= 2;
    }
    ask().map_err(ureq::Error::into_io)
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

fn good(answer: Response<Body>) -> io::Result<Response<Body>> {
    let status = answer.status();
    if status.is_success() {
        Ok(answer)
    } else {
        Err(io::Error::other(format!("the object store answered {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_bucket_and_a_key_has_two_lines() {
        let of = |address: &str, key: &str| {
            Bucket::new(address, "cn-1", key, "production").map(|one| one.to_string())
        };
        assert_eq!(
            of("http://files.internal:9000/ykt", "id\nsecret\n").unwrap(),
            "http://files.internal:9000/ykt/production"
        );
        assert_eq!(
            of("https://files.internal/s3/ykt", "id\n\nsecret").unwrap(),
            "https://files.internal/s3/ykt/production"
        );
        for address in [
            "files",
            "http://",
            "http://files/",
            "ftp://files/ykt",
            "http://u:p@files/ykt",
            "http://files/ykt?a=b",
        ] {
            assert!(of(address, "id\nsecret").unwrap_err().starts_with("must be http"), "{address}");
        }
        for key in ["", "id", "id\nsecret\nmore"] {
            assert!(of("http://files/ykt", key).unwrap_err().starts_with("must hold"), "{key}");
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        let bucket = Bucket::new("http://files/ykt", "cn-1", "id\ngeheim", "production").unwrap();
        assert!(!format!("{bucket:?}").contains("geheim"));
    }
}
