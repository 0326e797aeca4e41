//! What responses carry: a text, a text that goes wrong on purpose, or what happens from now on.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

/// The body of a response.
#[derive(Debug)]
pub(crate) enum Content {
    /// All at once.
    Whole(Option<Bytes>),
    /// These bytes, and then the connection breaks.
    Truncated(Half),
    /// Piece by piece, with a pause before each.
    Slow(Paced),
    /// Whatever comes, until nobody is left who could send something.
    Events(mpsc::Receiver<Bytes>),
}

/// A half that leaves before the connection breaks.
#[derive(Debug)]
pub(crate) struct Half {
    bytes: Option<Bytes>,
    has_left: bool,
}

/// Pieces that are not in a hurry.
#[derive(Debug)]
pub(crate) struct Paced {
    pieces: VecDeque<Bytes>,
    pause: Duration,
    sleeping: Pin<Box<Sleep>>,
}

/// In how many pieces slow bodies come.
const PIECES: u32 = 10;

impl Content {
    /// The first half, and no more.
    pub(crate) fn half_of(bytes: &Bytes) -> Self {
        Self::Truncated(Half {
            bytes: Some(bytes.slice(..bytes.len() / 2)),
            has_left: false,
        })
    }

    /// Everything, in the end.
    pub(crate) fn slowly(bytes: &Bytes, time: Duration) -> Self {
        let pieces = bytes.chunks((bytes.len() / PIECES as usize).max(1));
        let pause = time / PIECES;
        Self::Slow(Paced {
            pieces: pieces.map(Bytes::copy_from_slice).collect(),
            pause,
            sleeping: Box::pin(sleep(pause)),
        })
    }

    /// The bytes of a body that is whole. Others have none yet.
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone().unwrap_or_default(),
            _ => Bytes::new(),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Content {
    fn from(bytes: T) -> Self {
        Self::Whole(Some(bytes.into()))
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Truncated(half) => return half.poll_frame(context),
            Self::Slow(paced) => ready!(paced.poll_piece(context)),
            Self::Events(events) => ready!(events.poll_recv(context)),
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    // What goes wrong has no length of its own: its head says that of what it should have been.
    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                let length = bytes.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(length as u64)
            }
            _ => SizeHint::default(),
        }
    }
}

impl Half {
    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        // hyper sends what it has while there is nothing more, and throws it away when there is an error.
        if !std::mem::replace(&mut self.has_left, true) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}

impl Paced {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.pieces.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.sleeping.as_mut().poll(context));
        self.sleeping = Box::pin(sleep(self.pause));
        Poll::Ready(self.pieces.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[tokio::test]
    async fn slow_bodies_come_whole() {
        for length in [0, 3, 10, 99] {
            let bytes = Bytes::from(vec![b'a'; length]);
            let content = Content::slowly(&bytes, Duration::from_millis(20));
            assert_eq!(content.collect().await.unwrap().to_bytes(), bytes);
        }
    }

    #[tokio::test]
    async fn truncated_bodies_break() {
        let mut content = Content::half_of(&Bytes::from_static(b"abcd"));
        let first = content.frame().await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "ab");
        assert!(content.frame().await.unwrap().is_err());
    }
}
