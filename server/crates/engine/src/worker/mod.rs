//! The worker: frames in, jobs, frames out.
//!
//! One task reads the socket ([`connection`]), one writes it, each job is a task of its own ([`job`]) that
//! feeds the engine and listens to it ([`generation`]). The engine runs on its own threads. To add a
//! message of the protocol: an arm in [`connection`].

mod connection;
mod generation;
mod job;
mod memory;
mod panics;
mod prefix;

pub use connection::{ServeOptions, exit, serve};
pub use memory::resident_bytes;
