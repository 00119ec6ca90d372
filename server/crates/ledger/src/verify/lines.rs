//! Reads the file in blocks of whole lines and has them worked on side by side; hands the results over in order.
//!
//! Hashing and parsing entries is what costs, and no entry needs another for it. Memory is bounded by the blocks
//! under way.

use std::{
    collections::VecDeque,
    io::{self, BufRead, Read as _},
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use super::facts::{self, Read};
use crate::export::{Line, MAX_LINE_BYTES, parse};

/// Bytes a block is closed at.
const BLOCK: usize = 256 * 1024;

/// A line, worked on.
#[derive(Debug)]
pub(super) enum Item {
    /// An entry.
    Entry(Read),
    /// Another line of the format, and its bytes with the newline.
    Other(Line, Vec<u8>),
    /// A line that is none of the format, and why.
    Malformed(String),
    /// The end of the file in the middle of a line.
    Cut,
    /// A line longer than any may be; nothing after it is read.
    TooLong,
}

type Job = (Vec<u8>, Sender<Vec<Item>>);

/// Calls `each` with every line of the file, in order.
pub(super) fn for_each<R: BufRead>(mut from: R, mut each: impl FnMut(Item)) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let (jobs, inbox) = mpsc::channel::<Job>();
    let inbox = Mutex::new(inbox);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&inbox));
        }
        let mut under_way = VecDeque::new();
        let mut take = |under_way: &mut VecDeque<Receiver<Vec<Item>>>| {
            if let Some(done) = under_way.pop_front() {
                done.recv().map_err(|_| io::Error::other("a worker thread ended"))?.into_iter().for_each(&mut each);
            }
            io::Result::Ok(())
        };
        let result = loop {
            let (block, more) = match read_block(&mut from) {
                Ok(read) => read,
                Err(error) => break Err(error),
            };
            let (done, results) = mpsc::channel();
            if jobs.send((block, done)).is_err() {
                break Err(io::Error::other("the worker threads ended"));
            }
            under_way.push_back(results);
            if under_way.len() > 2 * workers {
                take(&mut under_way)?;
            }
            if !more {
                break Ok(());
            }
        };
        drop(jobs);
        while !under_way.is_empty() {
            take(&mut under_way)?;
        }
        result
    })
}

/// Whole lines, some [`BLOCK`] bytes of them, and whether there may be more.
fn read_block<R: BufRead>(from: &mut R) -> io::Result<(Vec<u8>, bool)> {
    let mut block = Vec::with_capacity(BLOCK + 4096);
    while block.len() < BLOCK {
        let line = from.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut block)?;
        if line == 0 || block.last() != Some(&b'\n') {
            return Ok((block, false));
        }
    }
    Ok((block, true))
}

fn work(inbox: &Mutex<Receiver<Job>>) {
    loop {
        let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((block, done)) = job else { return };
        let items = block.split_inclusive(|byte| *byte == b'\n').map(item).collect();
        // Nobody listens any more if the file could not be read further.
        drop(done.send(items));
    }
}

fn item(line: &[u8]) -> Item {
    let Some(bytes) = line.strip_suffix(b"\n") else {
        return if line.len() > MAX_LINE_BYTES { Item::TooLong } else { Item::Cut };
    };
    match parse(bytes) {
        Ok(Line::Entry) => Item::Entry(facts::read(bytes)),
        Ok(other) => Item::Other(other, line.to_vec()),
        Err(why) => Item::Malformed(why),
    }
}
