//! Decoding speed of the worker against the bare engine, in one run.
//!
//! `cargo run -p leeward-engine --example decode_ratio -- MODEL.gguf [--tokens 128] [--rounds 5]` starts two
//! processes over the same file, a worker (sandboxed, over its socket, as the fleet would) and a plain
//! program using mistral.rs' own API, and lets them take turns at the same greedy prompt. It prints one line
//! of JSON: the median tokens per second of both and their ratio. Decoding is measured from the first token
//! to the last, at the receiving end.
//!
//! `… -- prefill MODEL.gguf [--words 440] [--rounds 5]` lets two workers take turns at a long prompt, one over the weights
//! as they are, one with them unpacked to 32-bit floats (`engine.dense_weights`): medians of prompt and of answer tokens
//! per second, and the ratios.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark driver: any failure ends it")]

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::{fd::AsRawFd as _, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio},
    time::Instant,
};

use leeward_wire::{ChatMessage, ChatRole, FromWorker, GenerateRequest, JobId, Prompt, Sampling, ToWorker};
use mistralrs::{DeviceMapSetting, GgufModelBuilder, RequestBuilder, Response, TextMessageRole, TokenSource};

const PROMPT: &str = "Write a long story about a lighthouse keeper and the sea.";

fn main() -> ExitCode {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // This program again, as the worker: everything behind the word is the worker's command line.
        ["worker", rest @ ..] => {
            let line = ["leeward-engine"].iter().chain(rest).map(Into::into).collect::<Vec<_>>();
            leeward_engine::cli::run(line)
        }
        ["bare", model, tokens] => {
            bare(Path::new(model), tokens.parse().expect("a number of tokens"));
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
    let mut bare = Bare::start(&model, tokens);
    let mut worker = Worker::start(&model, false);
    // One unmeasured turn each: page faults and lazy threads.
    let first = (bare.turn(), worker.turn(0, PROMPT, tokens));
    let (mut of_bare, mut of_worker) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        of_bare.push(bare.turn().rate);
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
    let (mut packed, mut dense) = (Worker::start(&model, false), Worker::start(&model, true));
    let prompt_tokens = packed.turn(0, &prompt, AFTER_PREFILL).prompt_tokens;
    dense.turn(0, &prompt, AFTER_PREFILL);
    let mut seen = [const { Vec::new() }; 4];
    for round in 1..=rounds {
        for (at, worker) in [(0, &mut packed), (1, &mut dense)] {
            let turn = worker.turn(u64::from(round), &prompt, AFTER_PREFILL);
            seen[at].push(f64::from(turn.prompt_tokens) / turn.first);
            seen[at + 2].push(turn.rate);
        }
    }
    let [packed, dense, packed_decode, dense_decode] = seen.each_mut().map(|values| median(values));
    let line = serde_json::json!({
        "model": model.file_name().map(|name| name.to_string_lossy()),
        "prompt_tokens": prompt_tokens,
        "rounds": rounds,
        "prefill_tokens_per_second": {"as_they_are": packed, "dense": dense, "ratio": dense / packed},
        "decode_tokens_per_second": {"as_they_are": packed_decode, "dense": dense_decode, "ratio": dense_decode / packed_decode},
    });
    println!("{line}");
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().expect("at least one round")
}

struct Turn {
    rate: f64,
    /// Seconds from the question to the first token; 0 where nobody asks for it.
    first: f64,
    prompt_tokens: u32,
    text: String,
}

/// The first token's time and how many came after it.
#[derive(Default)]
struct Stopwatch {
    first: Option<Instant>,
    last: Option<Instant>,
    after: f64,
}

impl Stopwatch {
    fn tokens(&mut self, count: u32) {
        let now = Instant::now();
        if self.first.is_none() {
            self.first = Some(now);
        } else {
            self.after += f64::from(count);
        }
        self.last = Some(now);
    }

    fn rate(&self) -> f64 {
        let (first, last) = (self.first.expect("a token"), self.last.expect("a token"));
        self.after / last.duration_since(first).as_secs_f64()
    }
}

/// The worker, over its socket.
struct Worker {
    socket: UnixStream,
    _process: Child,
}

impl Worker {
    fn start(model: &Path, dense: bool) -> Self {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        rustix::io::fcntl_setfd(&theirs, rustix::io::FdFlags::empty()).expect("the child's end is inherited");
        let process = Command::new(env::current_exe().expect("this program"))
            .args(["worker", "serve", "--sandbox", "require", "--prefix-cache", "0", "--fd"])
            .arg(theirs.as_raw_fd().to_string())
            .arg("--model-dir")
            .arg(directory(model))
            .arg("--file")
            .arg(model.file_name().expect("a file"))
            // candle's own switch, read when weights are loaded.
            .envs(dense.then_some(("CANDLE_DEQUANTIZE_ALL", "1")))
            .stderr(Stdio::null())
            .spawn()
            .expect("the worker starts");
        let mut worker = Self { socket: ours, _process: process };
        loop {
            match worker.receive() {
                FromWorker::Ready(_) => return worker,
                FromWorker::Hello { .. } => {}
                other => panic!("the worker said {other:?}"),
            }
        }
    }

    fn receive(&mut self) -> FromWorker {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length).expect("a frame");
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.socket.read_exact(&mut frame).expect("a frame");
        serde_json::from_slice(&frame).expect("a message")
    }

    fn turn(&mut self, job: u64, prompt: &str, tokens: u32) -> Turn {
        let prompt = Prompt::chat(vec![ChatMessage::new(ChatRole::User, prompt)]);
        let request = GenerateRequest::new(prompt, Sampling::Greedy, tokens);
        let frame = serde_json::to_vec(&ToWorker::Generate { job: JobId(job), request }).expect("JSON");
        let length = u32::try_from(frame.len()).expect("a short frame").to_be_bytes();
        self.socket.write_all(&[&length, frame.as_slice()].concat()).expect("the worker reads");
        let (asked, mut watch, mut text) = (Instant::now(), Stopwatch::default(), String::new());
        let (mut first, mut prompt_tokens) = (None, 0);
        loop {
            match self.receive() {
                FromWorker::Delta { text: more, tokens, .. } => {
                    first.get_or_insert_with(|| asked.elapsed().as_secs_f64());
                    watch.tokens(tokens);
                    text.push_str(&more);
                }
                FromWorker::Finished { .. } => {
                    let first = first.unwrap_or_default();
                    return Turn { rate: watch.rate(), first, prompt_tokens, text };
                }
                FromWorker::Started { prompt_tokens: counted, .. } => prompt_tokens = counted,
                other => panic!("the worker said {other:?}"),
            }
        }
    }
}

/// The bare engine, a line on standard input for each turn.
struct Bare {
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    _process: Child,
}

impl Bare {
    fn start(model: &Path, tokens: u32) -> Self {
        let mut process = Command::new(env::current_exe().expect("this program"))
            .arg("bare")
            .arg(model)
            .arg(tokens.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the bare engine starts");
        let ask = process.stdin.take().expect("piped");
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        Self { ask, answers, _process: process }
    }

    fn turn(&mut self) -> Turn {
        self.ask.write_all(b"\n").expect("the bare engine reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        let answer: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        Turn {
            rate: answer["rate"].as_f64().expect("a rate"),
            first: 0.0,
            prompt_tokens: 0,
            text: answer["text"].as_str().expect("a text").to_owned(),
        }
    }
}

/// What a program that knows nothing of Leeward would write.
fn bare(model: &Path, tokens: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = model.file_name().expect("a file").to_string_lossy().into_owned();
        let engine = GgufModelBuilder::new(directory(model).display(), vec![file])
            .with_token_source(TokenSource::None)
            .with_force_cpu()
            .with_device_mapping(DeviceMapSetting::dummy())
            .with_prefix_cache_n(None)
            .build()
            .await
            .expect("the model loads");
        for line in std::io::stdin().lines() {
            line.expect("a turn");
            let request = RequestBuilder::new()
                .add_message(TextMessageRole::User, PROMPT)
                .set_deterministic_sampler()
                .set_sampler_max_len(tokens);
            let mut stream = engine.stream_chat_request(request).await.expect("the request is taken");
            let (mut watch, mut text) = (Stopwatch::default(), String::new());
            while let Some(response) = stream.next().await {
                let Response::Chunk(chunk) = response else { continue };
                watch.tokens(1);
                text.extend(chunk.choices.iter().filter_map(|choice| choice.delta.content.as_deref()));
            }
            println!("{}", serde_json::json!({"rate": watch.rate(), "text": text}));
        }
    });
}

fn directory(model: &Path) -> PathBuf {
    let directory = model.parent().expect("a directory");
    fs::canonicalize(directory).expect("a directory")
}
