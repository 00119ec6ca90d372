//! A ZIP archive that is written while it is read: files go in on one side, bytes come out on the other; if one side
//! stops, so does the other.
//!
//! Compressing is a thread's work; both sides wait for each other, so little is in memory however large it gets. The
//! last file is `SHA256SUMS`.

use std::{
    fs::File,
    io::{self, Read as _, Write},
    time::Duration,
};

use actix_web::web::Bytes;
use anyhow::{Context as _, bail};
use futures::{Stream, stream};
use sha2::{Digest as _, Sha256};
use tokio::{runtime::Handle, sync::mpsc, task::JoinHandle, time::timeout};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Pieces that wait, on either side.
const WAITING: usize = 4;
/// The largest piece read from a file.
const PIECE: usize = 64 * 1024;
/// How long a reader may take nothing before the archive breaks off.
const PATIENCE: Duration = Duration::from_secs(60);

enum Piece {
    Begin(String),
    Bytes(Vec<u8>),
    Finish,
}

/// The side that files go in on.
pub(super) struct Archive {
    pieces: mpsc::Sender<Piece>,
    thread: JoinHandle<anyhow::Result<()>>,
}

/// Where the archive's bytes go.
struct Out(mpsc::Sender<io::Result<Bytes>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.send(Ok(Bytes::copy_from_slice(bytes)));
        // On a thread for blocking work: a reader that takes nothing must not keep it for ever.
        match Handle::current().block_on(async { timeout(PATIENCE, sent).await }) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads the archive any more")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the archive's reader takes nothing")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Archive {
    /// An empty archive, and its bytes.
    pub(super) fn begin() -> (Self, impl Stream<Item = io::Result<Bytes>> + 'static) {
        let (pieces, inbox) = mpsc::channel(WAITING);
        let (bytes, outbox) = mpsc::channel(WAITING);
        let thread = tokio::task::spawn_blocking(move || {
            let written = write(inbox, Out(bytes.clone()));
            if written.is_err() {
                // So that the connection breaks off too, and does not end as if the archive were whole.
                let _full = bytes.try_send(Err(io::Error::other("the archive broke off")));
            }
            written
        });
        let file = stream::unfold(outbox, |mut outbox| async { outbox.recv().await.map(|bytes| (bytes, outbox)) });
        (Self { pieces, thread }, file)
    }

    /// Puts in a whole file.
    pub(super) async fn file(&mut self, name: &str, content: impl Into<Vec<u8>>) -> anyhow::Result<()> {
        self.begin_file(name).await?;
        self.bytes(content.into()).await
    }

    /// Begins a file, and ends the one before.
    pub(super) async fn begin_file(&mut self, name: &str) -> anyhow::Result<()> {
        self.put(Piece::Begin(name.to_owned())).await
    }

    /// Adds to the file that was begun.
    pub(super) async fn bytes(&mut self, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.put(Piece::Bytes(bytes)).await
    }

    /// Adds what is left of an open file to the one that was begun.
    pub(super) async fn rest_of(&mut self, mut open: File) -> anyhow::Result<()> {
        loop {
            let (piece, rest) = tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; PIECE];
                let read = open.read(&mut piece)?;
                piece.truncate(read);
                io::Result::Ok((piece, open))
            })
            .await??;
            if piece.is_empty() {
                return Ok(());
            }
            self.bytes(piece).await?;
            open = rest;
        }
    }

    /// Ends the archive.
    pub(super) async fn finish(self) -> anyhow::Result<()> {
        self.put(Piece::Finish).await?;
        self.thread.await?
    }

    async fn put(&self, piece: Piece) -> anyhow::Result<()> {
        let put = timeout(PATIENCE, self.pieces.send(piece)).await;
        put.with_context(|| format!("nothing was read for {} s", PATIENCE.as_secs()))?
            .context("nobody reads it any more")
    }
}

/// Writes the archive. Without [`Piece::Finish`] it stays without its directory.
fn write(mut inbox: mpsc::Receiver<Piece>, out: Out) -> anyhow::Result<()> {
    let mut zip = ZipWriter::new_stream(io::BufWriter::with_capacity(PIECE, out));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let (mut sums, mut current) = (String::new(), None::<(String, Sha256)>);
    let mut close = |current: &mut Option<(String, Sha256)>| {
        if let Some((name, digest)) = current.take() {
            sums.push_str(&format!("{}  {name}\n", hex::encode(digest.finalize())));
        }
        sums.clone()
    };
    while let Some(piece) = inbox.blocking_recv() {
        match piece {
            Piece::Begin(name) => {
                close(&mut current);
                zip.start_file(name.as_str(), options)?;
                current = Some((name, Sha256::new()));
            }
            Piece::Bytes(bytes) => {
                let (_, digest) = current.as_mut().context("bytes before the first file")?;
                digest.update(&bytes);
                zip.write_all(&bytes)?;
            }
            Piece::Finish => {
                let sums = close(&mut current);
                zip.start_file("SHA256SUMS", options)?;
                zip.write_all(sums.as_bytes())?;
                zip.finish()?.flush()?;
                return Ok(());
            }
        }
    }
    bail!("it was given up")
}
