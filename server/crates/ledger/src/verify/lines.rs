//! Reads the file in blocks of whole lines and has them worked on side by side; hands the results over in order.
//!
//! Hashing and parsing entries is what costs, and no entry needs another for it. Memory is bounded by the blocks
//! under way.

use std::{
    io::{self, Read},
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
};

use memchr::{memchr_iter, memrchr};

use super::facts;
use crate::export::{Line, MAX_LINE_BYTES, parse};

/// Bytes a block is closed at.
const BLOCK: usize = 256 * 1024;
/// Blocks under way for each worker: enough that none waits for the next.
const UNDER_WAY: usize = 8;

/// A line, worked on.
#[derive(Debug)]
pub(super) enum Item {
    /// An entry.
    Entry(facts::Read),
    /// Another line of the format, and its bytes with the newline.
    Other(Box<Line>, Vec<u8>),
    /// A line that is none of the format, and why.
    Malformed(String),
    /// The end of the file in the middle of a line.
    Cut,
    /// A line longer than any may be; nothing after it is read.
    TooLong,
}

/// What became of a block: its lines, worked on.
type Block = Receiver<io::Result<Vec<Item>>>;

/// Calls `each` with every line of the file, in order, up to one that is too long.
pub(super) fn for_each<R: Read + Send>(from: R, mut each: impl FnMut(Item)) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let source = Mutex::new(Source { from, rest: Vec::new(), more: true });
    // Bounded, so that reading waits for `each`.
    let (order, blocks) = mpsc::sync_channel::<Block>(UNDER_WAY * workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (order, source) = (order.clone(), &source);
            scope.spawn(move || work(source, &order));
        }
        drop(order);
        // Returning drops `blocks`, which ends the workers.
        for block in blocks {
            let items = block.recv().map_err(|_| io::Error::other("a worker thread ended"))??;
            if !all(items, &mut each) {
                break;
            }
        }
        Ok(())
    })
}

/// False if nothing after these is to be looked at.
fn all(items: Vec<Item>, each: &mut impl FnMut(Item)) -> bool {
    for item in items {
        let last = matches!(item, Item::TooLong);
        each(item);
        if last {
            return false;
        }
    }
    true
}

/// The file, which the workers take turns to read: what a worker has read is in its core's cache.
struct Source<R> {
    from: R,
    /// Read already, but not a whole line.
    rest: Vec<u8>,
    more: bool,
}

impl<R: Read> Source<R> {
    /// Reads some [`BLOCK`] bytes of whole lines. A block is longer than a line may be: one without an end of a line
    /// is the beginning of one that is too long, and the last.
    fn read(&mut self, block: &mut Vec<u8>) -> io::Result<()> {
        block.clear();
        block.append(&mut self.rest);
        self.more = false;
        let wanted = BLOCK.saturating_sub(block.len());
        self.from.by_ref().take(wanted as u64).read_to_end(block)?;
        if let Some(end) = memrchr(b'\n', block).filter(|_| block.len() >= BLOCK) {
            self.rest.extend_from_slice(block.get(end + 1..).unwrap_or_default());
            block.truncate(end + 1);
            self.more = true;
        }
        Ok(())
    }
}

/// Reads a block and works on it, until there is none, or nobody listens any more.
fn work<R: Read>(source: &Mutex<Source<R>>, order: &SyncSender<Block>) {
    let mut block = Vec::with_capacity(BLOCK);
    loop {
        let (done, result) = mpsc::channel();
        let read = {
            let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
            if !source.more {
                return;
            }
            let read = source.read(&mut block);
            // Under the lock, so that blocks are in order.
            if order.send(result).is_err() {
                return;
            }
            read
        };
        // An error of sending means that nobody listens, which the next turn finds out.
        drop(done.send(read.map(|()| items(&block))));
    }
}

fn items(block: &[u8]) -> Vec<Item> {
    let mut items = Vec::with_capacity(block.len() / 512);
    let mut begin = 0;
    // An end of the file in the middle of a line is a line too.
    for end in memchr_iter(b'\n', block).map(|at| at + 1).chain([block.len()]) {
        items.extend(block.get(begin..end).filter(|line| !line.is_empty()).map(item));
        begin = end;
    }
    items
}

fn item(line: &[u8]) -> Item {
    let Some(bytes) = line.strip_suffix(b"\n") else {
        return if line.len() > MAX_LINE_BYTES { Item::TooLong } else { Item::Cut };
    };
    if bytes.len() > MAX_LINE_BYTES {
        return Item::TooLong;
    }
    match parse(bytes) {
        Ok(Line::Entry) => Item::Entry(facts::read(bytes)),
        Ok(other) => Item::Other(Box::new(other), line.to_vec()),
        Err(why) => Item::Malformed(why),
    }
}
