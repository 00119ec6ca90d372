//! Writes a tiny model that embeds (Qwen 3 Embedding, random weights) into a directory, for the tests of clients:
//! `cargo run -p leeward-engine --example tiny_embedder -- DIR`.
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr, reason = "a tool of the tests")]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/directory.rs"]
mod directory;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/tiny.rs"]
mod tiny;

use std::{path::Path, process::ExitCode};

/// Numbers in a vector.
const WIDTH: u64 = 64;

fn main() -> ExitCode {
    let Some(target) = std::env::args().nth(1) else {
        eprintln!("usage: tiny_embedder DIR");
        return ExitCode::from(2);
    };
    std::fs::create_dir_all(&target).expect("the directory can be made");
    directory::qwen3_embedding(WIDTH).write(Path::new(&target), 1);
    ExitCode::SUCCESS
}
