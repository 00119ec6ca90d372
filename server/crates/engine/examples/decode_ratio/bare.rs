//! The bare engine: what a program that knows nothing of Leeward would write, in a process of its own.
//!
//! It reads a question from each line of standard input (`{"prompts","tokens"}`, all prompts at the same time) and answers with a line: `{"seconds"` from the question to the last token of all, `"tokens"` of all,
//! and one value for each of the answers in `"rates"`, `"firsts"` and `"texts"}`. `scripts/gateway-bench.py` asks it,
//! too.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use futures::future::join_all;
use mistralrs::{DeviceMapSetting, GgufModelBuilder, Model, RequestBuilder, Response, TextMessageRole, TokenSource};
use serde_json::{Value, json};

use crate::{
    directory,
    turn::{Stopwatch, Turn},
};

/// The driver's end.
pub(crate) struct Bare {
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    _process: Child,
}

impl Bare {
    pub(crate) fn start(model: &Path) -> Self {
        let mut process = Command::new(env::current_exe().expect("this program"))
            .arg("bare")
            .arg(model)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the bare engine starts");
        let ask = process.stdin.take().expect("piped");
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        Self { ask, answers, _process: process }
    }

    /// One answer; the prompt's tokens are not told.
    pub(crate) fn turn(&mut self, prompt: &str, tokens: u32) -> Turn {
        let question = json!({"prompts": [prompt], "tokens": tokens});
        writeln!(self.ask, "{question}").expect("the bare engine reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        Turn {
            rate: answer["rates"][0].as_f64().expect("a rate"),
            first: answer["firsts"][0].as_f64().expect("a time"),
            prompt_tokens: 0,
            text: answer["texts"][0].as_str().expect("a text").to_owned(),
        }
    }
}

/// The engine's end.
pub(crate) fn serve(model: &Path) {
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
            let question: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
            let prompts = question["prompts"].as_array().expect("prompts");
            let tokens = usize::try_from(question["tokens"].as_u64().expect("a number")).expect("a number");
            let asked = Instant::now();
            let prompts = prompts.iter().map(|prompt| prompt.as_str().expect("a text"));
            let turns = join_all(prompts.map(|prompt| answer(&engine, prompt, tokens))).await;
            let line = json!({
                "seconds": asked.elapsed().as_secs_f64(),
                "tokens": turns.iter().map(|(_, tokens)| tokens).sum::<u32>(),
                "rates": turns.iter().map(|(turn, _)| turn.rate).collect::<Vec<_>>(),
                "firsts": turns.iter().map(|(turn, _)| turn.first).collect::<Vec<_>>(),
                "texts": turns.iter().map(|(turn, _)| turn.text.as_str()).collect::<Vec<_>>(),
            });
            println!("{line}");
        }
    });
}

async fn answer(engine: &Model, prompt: &str, most: usize) -> (Turn, u32) {
    let request = RequestBuilder::new()
        .add_message(TextMessageRole::User, prompt)
        .set_deterministic_sampler()
        .set_sampler_max_len(most);
    let (mut watch, mut text, mut tokens) = (Stopwatch::start(), String::new(), 0);
    let mut stream = engine.stream_chat_request(request).await.expect("the request is taken");
    while let Some(response) = stream.next().await {
        let Response::Chunk(chunk) = response else { continue };
        watch.tokens(1);
        tokens += 1;
        text.extend(chunk.choices.iter().filter_map(|choice| choice.delta.content.as_deref()));
    }
    (watch.turn(0, text), tokens)
}
