//! Framing: a 32-bit big-endian length, then that many bytes of JSON.

use std::{io, marker::PhantomData};

use futures::{Sink, Stream, StreamExt as _, sink::SinkExt as _};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

/// The longest frame either side accepts, in bytes. A request body is at most 4 MiB and JSON may escape
/// each byte to six, so nothing the gateway accepts can exceed it.
pub const MAX_FRAME_BYTES: usize = 32 * 1024 * 1024;

fn frames() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME_BYTES).new_codec()
}

fn invalid(error: serde_json::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The receiving half.
///
/// # Errors
/// The stream yields an error for a frame over [`MAX_FRAME_BYTES`], for a frame cut short by the end of the
/// stream, and for JSON that is not a `T`; after any of them the connection is of no more use.
pub fn reader<T: DeserializeOwned, R: AsyncRead>(io: R) -> impl Stream<Item = io::Result<T>> {
    FramedRead::new(io, frames()).map(|frame| serde_json::from_slice(&frame?).map_err(invalid))
}

/// The sending half; [`MessageSink::send`] flushes.
#[derive(Debug)]
pub struct MessageSink<T, W> {
    frames: FramedWrite<W, LengthDelimitedCodec>,
    message: PhantomData<fn(T)>,
}

/// Wraps the writable half of a socket.
pub fn writer<T: Serialize, W: AsyncWrite + Unpin>(io: W) -> MessageSink<T, W> {
    MessageSink { frames: FramedWrite::new(io, frames()), message: PhantomData }
}

impl<T: Serialize, W: AsyncWrite + Unpin> MessageSink<T, W>
where
    FramedWrite<W, LengthDelimitedCodec>: Sink<tokio_util::bytes::Bytes, Error = io::Error>,
{
    /// Writes one message and flushes it.
    ///
    /// # Errors
    /// When the peer is gone or the message is over [`MAX_FRAME_BYTES`].
    pub async fn send(&mut self, message: &T) -> io::Result<()> {
        let json = serde_json::to_vec(message).map_err(invalid)?;
        self.frames.send(json.into()).await
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;
    use crate::{FromWorker, JobId, ToWorker};

    #[tokio::test]
    async fn messages_cross_in_order() {
        let (a, b) = tokio::io::duplex(64);
        let task = async {
            let mut out = writer(a);
            for nonce in 0..100 {
                out.send(&ToWorker::Ping { nonce }).await.expect("peer reads");
            }
        };
        let got = reader::<ToWorker, _>(b).map(|m| m.expect("valid")).collect::<Vec<_>>();
        let ((), got) = tokio::join!(task, got);
        assert_eq!(got, (0..100).map(|nonce| ToWorker::Ping { nonce }).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn rubbish_and_oversize_are_errors_not_panics() {
        for bytes in [&[0xff; 4][..], &[0, 0, 0, 2, b'{', b'}'], &[0, 0, 0, 9, b'{']] {
            let (mut a, b) = tokio::io::duplex(64);
            a.write_all(bytes).await.expect("buffered");
            drop(a);
            let mut messages = Box::pin(reader::<FromWorker, _>(b));
            assert!(messages.next().await.is_some_and(|m| m.is_err()), "{bytes:?}");
        }
        let _ = JobId(1);
    }
}
