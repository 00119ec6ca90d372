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

use memchr::{memchr_iter, memrchr};

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
    Other(Box<Line>, Vec<u8>),
    /// A line that is none of the format, and why.
    Malformed(String),
    /// The end of the file in the middle of a line.
    Cut,
    /// A line longer than any may be; nothing after it is read.
    TooLong,
}

type Job = (Vec<u8>, Sender<Vec<Item>>);

/// Calls `each` with every line of the file, in order, up to one that is too long.
pub(super) fn for_each<R: BufRead>(mut from: R, mut each: impl FnMut(Item)) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let (jobs, inbox) = mpsc::channel::<Job>();
    let inbox = Mutex::new(inbox);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&inbox));
        }
        let mut under_way: VecDeque<Receiver<Vec<Item>>> = VecDeque::new();
        let mut rest = Vec::new();
        let mut more = true;
        let result = loop {
            if under_way.len() > 2 * workers || !more {
                let Some(oldest) = under_way.pop_front() else { break Ok(()) };
                let Ok(items) = oldest.recv() else { break Err(io::Error::other("a worker thread ended")) };
                if !all(items, &mut each) {
                    break Ok(());
                }
                continue;
            }
            let block;
            (block, more) = match read_block(&mut from, &mut rest) {
                Ok(read) => read,
                Err(error) => break Err(error),
            };
            let (done, results) = mpsc::channel();
            if jobs.send((block, done)).is_err() {
                break Err(io::Error::other("the worker threads ended"));
            }
            under_way.push_back(results);
        };
        drop(jobs);
        result
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

/// Some [`BLOCK`] bytes of whole lines, and whether there may be more; what follows the last of them is left in
/// `rest`. A block is longer than a line may be: one without an end of a line is the beginning of one that is too
/// long, and the last.
fn read_block<R: BufRead>(from: &mut R, rest: &mut Vec<u8>) -> io::Result<(Vec<u8>, bool)> {
    let mut block = Vec::with_capacity(BLOCK);
    block.append(rest);
    let wanted = BLOCK.saturating_sub(block.len());
    from.by_ref().take(wanted as u64).read_to_end(&mut block)?;
    match memrchr(b'\n', &block) {
        Some(end) if block.len() >= BLOCK => {
            rest.extend_from_slice(block.get(end + 1..).unwrap_or_default());
            block.truncate(end + 1);
            Ok((block, true))
        }
        _ => Ok((block, false)),
    }
}

fn work(inbox: &Mutex<Receiver<Job>>) {
    loop {
        let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((block, done)) = job else { return };
        let mut items = Vec::with_capacity(block.len() / 512);
        let mut begin = 0;
        // An end of the file in the middle of a line is a line too.
        let ends = memchr_iter(b'\n', &block).map(|at| at + 1).chain([block.len()]);
        for end in ends {
            items.extend(block.get(begin..end).filter(|line| !line.is_empty()).map(item));
            begin = end;
        }
        // Nobody listens any more if the file could not be read further.
        drop(done.send(items));
    }
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
