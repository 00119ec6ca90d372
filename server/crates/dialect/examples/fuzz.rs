//! Looks for answers that break a promise: `cargo run -p leeward-dialect --example fuzz -- SECONDS [FIRST_SEED]`.
//!
//! Every seed is one answer, one dialect and one way of cutting it, so what it finds it finds again. On a finding it
//! prints the seed and the answer and exits with 1; otherwise how many it tried.
#![expect(clippy::print_stdout, reason = "a tool of the tests: this is its output")]

#[path = "../tests/dialect/support.rs"]
mod support;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use leeward_dialect::Event;
use support::{Random, answer, dialect, holds};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (seconds, first) = match (arguments.next(), arguments.next()) {
        (Some(Ok(seconds)), None) => (seconds, 0),
        (Some(Ok(seconds)), Some(Ok(first))) => (seconds, first),
        _ => {
            println!("usage: fuzz SECONDS [FIRST_SEED]");
            return ExitCode::from(2);
        }
    };
    let begun = Instant::now();
    let (mut seed, mut bytes, mut calls) = (first, 0, 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        // Reading the clock a thousand times less often.
        for _ in 0..1_000 {
            let mut random = Random::new(seed);
            let (dialect, text) = (dialect(&mut random), answer(&mut random));
            match holds(dialect, &text, &mut random) {
                Err(wrong) => {
                    println!("seed {seed}, {dialect:?}, {text:?}: {wrong}");
                    return ExitCode::FAILURE;
                }
                Ok(events) => calls += events.iter().filter(|event| matches!(event, Event::CallEnd { .. })).count(),
            }
            bytes += text.len();
            seed = seed.wrapping_add(1);
        }
    }
    let answers = seed.wrapping_sub(first);
    println!("{answers} answers, {bytes} bytes, {calls} calls, seeds from {first}: every promise kept");
    ExitCode::SUCCESS
}
