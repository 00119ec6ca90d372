//! The worker: frames in, jobs, frames out.
//!
//! One task reads the socket ([`connection`]), one writes it, each job is a task of its own ([`job`]) that
//! feeds the engine and listens to it ([`generation`], whose tokens are chosen by [`chooser`]). Requests are
//! checked once more ([`validate`]) and grammars compiled ([`compile`]) before the engine hears of them. The
//! engine runs on its own threads. What models do that embed is in [`embed`]. To add a message of the protocol: an arm in [`connection`].

mod chooser;
mod compile;
mod connection;
mod counters;
mod embed;
mod generation;
mod job;
mod memory;
mod panics;
mod prefix;
mod validate;

pub use connection::{ServeOptions, exit, serve};
pub use memory::resident_bytes;
