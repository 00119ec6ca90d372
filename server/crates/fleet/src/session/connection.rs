//! The two directions of a worker's socket.
//!
//! Writing happens on a task of its own, so that a worker that does not read cannot keep us from reading
//! what it says, and from noticing that it hangs.

use std::{fmt, io, pin::Pin};

use futures::{Stream, StreamExt as _};
use leeward_wire::{FromWorker, ToWorker, codec};
use tokio::{net::UnixStream, sync::mpsc};
use tokio_util::task::TaskTracker;

use super::Lost;

/// Messages that may wait to be written. A worker that reads never lets it fill: at most its slots, its
/// counts and one ping are unanswered.
const OUTBOX: usize = 1024;

/// A framed connection to a worker; dropping it closes it.
pub(crate) struct Connection {
    incoming: Pin<Box<dyn Stream<Item = io::Result<FromWorker>> + Send>>,
    outbox: mpsc::Sender<ToWorker>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Takes the socket over; `tasks` runs the writer.
    pub(crate) fn new(socket: UnixStream, tasks: &TaskTracker) -> Self {
        let (read, write) = socket.into_split();
        let (outbox, mut messages) = mpsc::channel(OUTBOX);
        tasks.spawn(async move {
            let mut writer = codec::writer(write);
            while let Some(message) = messages.recv().await {
                // A worker that cannot be written to is about to be noticed by the reading side.
                if writer.send(&message).await.is_err() {
                    break;
                }
            }
        });
        Self { incoming: Box::pin(codec::reader(read)), outbox }
    }

    /// The next message. Safe to drop before it is ready: nothing is lost.
    pub(super) async fn receive(&mut self) -> Result<FromWorker, Lost> {
        match self.incoming.next().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                // The error's own text could quote what the worker sent.
                Err(Lost::violation("a frame was too long or was no message"))
            }
            Some(Err(error)) => Err(Lost { reason: format!("its connection failed: {error}"), exiting: true }),
            None => Err(Lost { reason: "it closed its connection".into(), exiting: true }),
        }
    }

    /// Hands a message to the writer without waiting.
    pub(super) fn send(&self, message: ToWorker) -> Result<(), Lost> {
        self.outbox.try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Lost::hung("it does not read its messages".into()),
            mpsc::error::TrySendError::Closed(_) => Lost { reason: "it closed its connection".into(), exiting: true },
        })
    }
}
