//! A stream that reads a file piece by piece, so that a film never lies in memory whole.

use super::Shelf;
use axum::body::Bytes;
use domain::id::AttachmentId;
use futures_core::Stream;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes of one piece.
const PIECE: u64 = 256 * 1024;

/// The bytes from `at` up to `end`.
#[derive(Debug)]
pub struct Pieces {
    shelf: Arc<dyn Shelf>,
    id: AttachmentId,
    at: u64,
    end: u64,
    next: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl Pieces {
    /// A stream over a part of a file.
    pub fn new(shelf: Arc<dyn Shelf>, id: AttachmentId, at: u64, end: u64) -> Self {
        Self { shelf, id, at, end, next: None }
    }
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.at >= self.end {
            return Poll::Ready(None);
        }
        let (shelf, id, at) = (self.shelf.clone(), self.id, self.at);
        let most = usize::try_from((self.end - at).min(PIECE)).unwrap_or_default();
        let next = self.next.get_or_insert_with(|| spawn_blocking(move || shelf.read(id, at, most)));
        let read = match Pin::new(next).poll(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(read) => read.map_err(io::Error::other).and_then(|read| read),
        };
        self.next = None;
        Poll::Ready(Some(match read {
            Ok(bytes) if bytes.is_empty() => {
                self.at = self.end;
                Err(io::ErrorKind::UnexpectedEof.into())
            }
            Ok(bytes) => {
                self.at += bytes.len() as u64;
                Ok(bytes.into())
            }
            Err(error) => {
                self.at = self.end;
                Err(error)
            }
        }))
    }
}
