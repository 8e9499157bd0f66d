//! Taking connections and requests from a listener, within [`Bounds`].
//!
//! Invariant: at most so many connections are open at once, and none stays without saying in time what it wants: the
//! head of every request comes within the head's time, which is also how long a connection may rest between two of
//! them. A connection above the bound waits in the system's queue for its turn. Deliberately not here: how long a
//! request may take after its head (see [`within`], which the router applies), and who calls how often
//! ([`crate::limit`]).

use crate::Error;
use crate::limit::Peer;
use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// A request as it comes off a connection.
type Incoming = http::Request<hyper::body::Incoming>;

/// How long a request may take from its head to the beginning of its answer, its body included.
pub const REQUEST_TIME: Duration = Duration::from_secs(60);
/// How long to wait when the system has no connection to give, e.g. for want of file descriptors.
const EXHAUSTED: Duration = Duration::from_millis(500);

/// What connections are held to.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Open at once.
    pub connections: usize,
    /// For the head of a request, and for the rest before it.
    pub head_time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 4096, head_time: Duration::from_secs(30) }
    }
}

/// Serves the router on every connection that comes until `stop`, then lets the requests under way end.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let turns = Arc::new(Semaphore::new(bounds.connections));
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer, turn) = tokio::select! {
            biased;
            () = &mut stop => break,
            taken = take(&listener, &turns) => taken,
        };
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(bounds.head_time);
        let service = TowerToHyperService::new(router.clone().map_request(move |mut request: Incoming| {
            request.extensions_mut().insert(Peer(peer.ip()));
            request
        }));
        let connection = open.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(turn);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// The next connection, once there is room for it.
async fn take(
    listener: &TcpListener,
    turns: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let turn = turns.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, turn),
            // It went before its turn came.
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
}

fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers within `time`, else `request.timeout`. What the request had begun is left like that of a caller who has hung
/// up: done or not done, and told by its repetition.
pub async fn within(time: Duration, request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(time, next.run(request)).await;
    answered.unwrap_or_else(|_| Error::platform("request.timeout").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::middleware::from_fn;
    use axum::routing::{get, post};
    use std::io::ErrorKind::WouldBlock;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const TIME: Duration = Duration::from_secs(1);

    fn router(time: Duration) -> Router {
        Router::new()
            .route("/", get(async || "here"))
            .route("/", post(async |body: Bytes| body))
            .layer(from_fn(move |request, next| within(time, request, next)))
            .layer(from_fn(crate::auth::finish))
    }

    async fn start(bounds: Bounds) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, router(TIME), bounds, std::future::pending()));
        addr
    }

    async fn ask(stream: &mut TcpStream) {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    }

    /// What comes until the word that ends the answer.
    async fn answer(stream: &mut TcpStream) -> String {
        let mut said = String::new();
        while !said.ends_with("here") {
            let mut bytes = [0; 512];
            let read = stream.read(&mut bytes).await.unwrap();
            assert!(read > 0, "closed after {said:?}");
            said.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        said
    }

    #[tokio::test]
    async fn a_connection_above_the_bound_waits_for_one_to_end() {
        let addr = start(Bounds { connections: 2, ..Bounds::default() }).await;
        let mut within: Vec<TcpStream> = Vec::new();
        for _ in 0..2 {
            let mut stream = TcpStream::connect(addr).await.unwrap();
            ask(&mut stream).await;
            answer(&mut stream).await;
            within.push(stream);
        }
        let mut above = TcpStream::connect(addr).await.unwrap();
        ask(&mut above).await;
        for stream in &mut within {
            ask(stream).await;
            answer(stream).await;
        }
        assert_eq!(above.try_read(&mut [0; 1]).unwrap_err().kind(), WouldBlock, "not served yet");
        within.pop();
        assert!(answer(&mut above).await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn who_does_not_finish_the_head_is_cut_off_and_who_does_is_answered() {
        let addr = start(Bounds { head_time: TIME, ..Bounds::default() }).await;
        let mut slow = TcpStream::connect(addr).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        let mut silent = TcpStream::connect(addr).await.unwrap();
        let mut quick = TcpStream::connect(addr).await.unwrap();
        ask(&mut quick).await;
        assert!(answer(&mut quick).await.starts_with("HTTP/1.1 200"));
        for stream in [&mut slow, &mut silent, &mut quick] {
            let mut said = Vec::new();
            stream.read_to_end(&mut said).await.unwrap();
            assert!(!said.starts_with(b"HTTP/1.1 2"), "{said:?}");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_in_time_is_answered_and_the_connection_ends() {
        let addr = start(Bounds::default()).await;
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhere").await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 408") && said.contains("request.timeout"), "{said}");
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nhere").await.unwrap();
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"), "one byte less is whole");
    }

    #[tokio::test]
    async fn what_is_under_way_ends_before_the_server_does() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stopping = async {
            let _ = stopped.await;
        };
        let serving = tokio::spawn(serve(listener, router(REQUEST_TIME), Bounds::default(), stopping));
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream
            .write_all(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n")
            .await
            .unwrap();
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).await.unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n", "the request has arrived");
        stop.send(()).unwrap();
        stream.write_all(b"here").await.unwrap();
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        serving.await.unwrap();
        assert!(TcpStream::connect(addr).await.is_err(), "nobody listens any more");
    }
}
