//! Decoding speed of the worker against the bare engine, in one run.
//!
//! `cargo run -p leeward-engine --example decode_ratio -- MODEL.gguf [--tokens 128] [--rounds 5]` starts two
//! processes over the same file, a worker (sandboxed, over its socket, as the fleet would) and a plain
//! program using mistral.rs' own API, and lets them take turns at the same greedy prompt. It prints one line
//! of JSON: the median tokens per second of both and their ratio. Decoding is measured from the first token
//! to the last, at the receiving end.
//!
//! `… -- prefill MODEL.gguf [--words 440] [--rounds 5]` lets the bare engine as its builder sets it up ("plain") and two
//! workers take turns at a long prompt, one over the weights as they are, one with them unpacked to 32-bit floats
//! (`engine.dense_weights`): medians of prompt and of answer tokens per second, and the ratios to the plain engine.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark driver: any failure ends it")]

mod bare;
mod turn;
mod worker;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bare::Bare;
use worker::Worker;

const PROMPT: &str = "Write a long story about a lighthouse keeper and the sea.";

fn main() -> ExitCode {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // This program again, as the worker: everything behind the word is the worker's command line.
        ["worker", rest @ ..] => {
            let line = ["leeward-engine"].iter().chain(rest).map(Into::into).collect::<Vec<_>>();
            leeward_engine::cli::run(line)
        }
        ["bare", model] => {
            bare::serve(Path::new(model));
            ExitCode::SUCCESS
        }
        ["prefill", model, rest @ ..] => {
            let option = |name: &str, default: u32| {
                let value = rest.iter().position(|word| *word == name).and_then(|at| rest.get(at + 1));
                value.map_or(default, |text| text.parse().expect("a number"))
            };
            prefill(Path::new(model), option("--words", 440), option("--rounds", 5));
            ExitCode::SUCCESS
        }
        [model, rest @ ..] => {
            let option = |name: &str, default: u32| {
                let value = rest.iter().position(|word| *word == name).and_then(|at| rest.get(at + 1));
                value.map_or(default, |text| text.parse().expect("a number"))
            };
            compare(Path::new(model), option("--tokens", 128), option("--rounds", 5));
            ExitCode::SUCCESS
        }
        [] => {
            println!("usage: decode_ratio MODEL.gguf [--tokens N] [--rounds N]");
            ExitCode::from(2)
        }
    }
}

fn compare(model: &Path, tokens: u32, rounds: u32) {
    let model = model.canonicalize().expect("the model file");
    let mut bare = Bare::start(&model);
    let mut worker = Worker::start(&model, false);
    // One unmeasured turn each: page faults and lazy threads.
    let first = (bare.turn(PROMPT, tokens), worker.turn(0, PROMPT, tokens));
    let (mut of_bare, mut of_worker) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        of_bare.push(bare.turn(PROMPT, tokens).rate);
        of_worker.push(worker.turn(u64::from(round), PROMPT, tokens).rate);
    }
    let (bare, worker) = (median(&mut of_bare), median(&mut of_worker));
    let line = serde_json::json!({
        "model": model.file_name().map(|name| name.to_string_lossy()),
        "tokens": tokens,
        "rounds": rounds,
        "bare_tokens_per_second": bare,
        "worker_tokens_per_second": worker,
        "ratio": worker / bare,
        "bare_rounds": of_bare,
        "worker_rounds": of_worker,
        "same_text": first.0.text == first.1.text,
    });
    println!("{line}");
    if env::var_os("SHOW_TEXT").is_some() {
        println!("bare:   {}\nworker: {}", first.0.text, first.1.text);
    }
}

/// Tokens of the answer that follows a long prompt.
const AFTER_PREFILL: u32 = 33;

fn prefill(model: &Path, words: u32, rounds: u32) {
    let model = model.canonicalize().expect("the model file");
    let prompt = PROMPT.split(' ').cycle().take(words as usize).collect::<Vec<_>>().join(" ");
    let mut plain = Bare::start(&model);
    let (mut packed, mut dense) = (Worker::start(&model, false), Worker::start(&model, true));
    let prompt_tokens = packed.turn(0, &prompt, AFTER_PREFILL).prompt_tokens;
    dense.turn(0, &prompt, AFTER_PREFILL);
    plain.turn(&prompt, AFTER_PREFILL);
    let mut seen = [const { Vec::new() }; 6];
    for round in 1..=rounds {
        let job = u64::from(round);
        let turns = [
            plain.turn(&prompt, AFTER_PREFILL),
            packed.turn(job, &prompt, AFTER_PREFILL),
            dense.turn(job, &prompt, AFTER_PREFILL),
        ];
        for (at, turn) in turns.iter().enumerate() {
            seen[at].push(f64::from(prompt_tokens) / turn.first);
            seen[at + 3].push(turn.rate);
        }
    }
    let [plain, packed, dense, plain_decode, packed_decode, dense_decode] =
        seen.each_mut().map(|values| median(values));
    let told = |plain: f64, packed: f64, dense: f64| {
        serde_json::json!({
            "plain": plain, "as_they_are": packed, "dense": dense,
            "as_they_are_to_plain": packed / plain, "dense_to_plain": dense / plain,
        })
    };
    let line = serde_json::json!({
        "model": model.file_name().map(|name| name.to_string_lossy()),
        "prompt_tokens": prompt_tokens,
        "rounds": rounds,
        "prefill_tokens_per_second": told(plain, packed, dense),
        "decode_tokens_per_second": told(plain_decode, packed_decode, dense_decode),
    });
    println!("{line}");
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().expect("at least one round")
}

fn directory(model: &Path) -> PathBuf {
    let directory = model.parent().expect("a directory");
    fs::canonicalize(directory).expect("a directory")
}
