//! A load generator that costs little: requests are built before the clock starts, each connection sends the next
//! one as soon as its last is answered, and nothing is parsed but the status and the length.

use super::cpu_time::CpuTime;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a round of load measured.
#[derive(Debug, Clone, Default)]
pub struct Round {
    /// Requests answered.
    pub answered: usize,
    /// Seconds from the first request to the last answer.
    pub seconds: f64,
    /// How often each status was answered.
    pub statuses: Vec<(u16, usize)>,
    /// Latency of each request in microseconds, sorted.
    pub micros: Vec<u32>,
    /// Processor time of this process meanwhile: load, server and store.
    pub processor: CpuTime,
    /// Bodies, in the order of the requests, when they were asked for.
    pub bodies: Vec<Vec<u8>>,
}

impl Round {
    /// Requests per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    /// The latency below which `percent` of the requests stayed, in microseconds.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> u32 {
        let place = self.micros.len() * percent / 100;
        self.micros.get(place.min(self.micros.len().saturating_sub(1))).copied().unwrap_or(0)
    }

    /// How many requests were answered with `status`.
    #[must_use]
    pub fn count(&self, status: u16) -> usize {
        self.statuses.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n)
    }
}

struct Answer {
    at: usize,
    status: u16,
    micros: u32,
    body: Vec<u8>,
}

/// Sends every request once over `connections` connections, on one thread.
///
/// # Errors
/// The first connection that fails.
pub fn run(
    addr: SocketAddr,
    connections: usize,
    requests: &Arc<Vec<Vec<u8>>>,
    keep: bool,
) -> io::Result<Round> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let next = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(addr).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let (started, used) = (Instant::now(), CpuTime::now());
        let tasks: Vec<_> = streams
            .into_iter()
            .map(|stream| tokio::spawn(connection(stream, next.clone(), requests.clone(), keep)))
            .collect();
        let mut answers = Vec::with_capacity(requests.len());
        for task in tasks {
            answers.extend(task.await.map_err(io::Error::other)??);
        }
        let seconds = started.elapsed().as_secs_f64();
        let processor = CpuTime::now() - used;
        Ok(Round { processor, ..collect(answers, seconds) })
    })
}

fn collect(mut answers: Vec<Answer>, seconds: f64) -> Round {
    answers.sort_unstable_by_key(|a| a.at);
    let mut round = Round { answered: answers.len(), seconds, ..Round::default() };
    for answer in answers {
        round.micros.push(answer.micros);
        match round.statuses.iter_mut().find(|(status, _)| *status == answer.status) {
            Some((_, n)) => *n += 1,
            None => round.statuses.push((answer.status, 1)),
        }
        round.bodies.push(answer.body);
    }
    round.micros.sort_unstable();
    round.statuses.sort_unstable();
    round
}

async fn connection(
    mut stream: TcpStream,
    next: Arc<AtomicUsize>,
    requests: Arc<Vec<Vec<u8>>>,
    keep: bool,
) -> io::Result<Vec<Answer>> {
    let mut answers = Vec::new();
    let mut buffer = Vec::with_capacity(8192);
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(at) else { return Ok(answers) };
        let sent = Instant::now();
        stream.write_all(request).await?;
        let (status, head, length) = read(&mut stream, &mut buffer).await?;
        let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
        let body = if keep { buffer[head..head + length].to_vec() } else { Vec::new() };
        buffer.drain(..head + length);
        answers.push(Answer { at, status, micros, body });
    }
}

/// Reads one response into `buffer`: its status, the length of its head and of its body.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<(u16, usize, usize)> {
    loop {
        if let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4) {
            let text = std::str::from_utf8(&buffer[..head]).map_err(io::Error::other)?;
            let status = text.get(9..12).and_then(|s| s.parse().ok()).unwrap_or(0);
            let length = text
                .lines()
                .find_map(|line| {
                    line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                })
                .and_then(|(_, value)| value.trim().parse().ok())
                .unwrap_or(0);
            if buffer.len() >= head + length {
                return Ok((status, head, length));
            }
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed a connection"));
        }
    }
}
