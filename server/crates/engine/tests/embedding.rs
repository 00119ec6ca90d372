//! Models that embed, over a real socket pair: tiny ones of each architecture that loads.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use leeward_wire::{
    EmbedInput, EmbedRequest, FinishReason, FromWorker, JobFailure, JobId, MAX_EMBED_INPUTS, Prompt, ToWorker, Usage,
};
use support::{
    directory::{self, Model},
    tiny,
    worker::{Worker, greedy, user},
};
use tempfile::TempDir;

/// How a job that embeds went.
struct Embedded {
    started: Option<u32>,
    vectors: Vec<Vec<f32>>,
    end: Result<(FinishReason, Usage), JobFailure>,
}

fn start(model: &Model, arguments: &[&str]) -> (TempDir, Worker, u32) {
    let directory = TempDir::new().unwrap();
    model.write(directory.path(), 1);
    let (worker, sandbox, ready) = Worker::start(directory.path(), arguments);
    assert!(sandbox.is_tight(), "{sandbox:?}");
    assert_eq!(ready.template, "");
    (directory, worker, ready.embedding.expect("it embeds"))
}

fn ask(worker: &mut Worker, job: u64, inputs: Vec<EmbedInput>) {
    worker.send(&ToWorker::Embed { job: JobId(job), request: EmbedRequest { inputs } });
}

fn embed(worker: &mut Worker, job: u64, inputs: Vec<EmbedInput>) -> Embedded {
    ask(worker, job, inputs);
    let (mut started, mut vectors) = (None, Vec::new());
    loop {
        match worker.receive().unwrap() {
            FromWorker::Started { job: JobId(of), prompt_tokens } if of == job => started = Some(prompt_tokens),
            FromWorker::Embedded { job: JobId(of), vector } if of == job => {
                assert!(started.is_some(), "a vector before the start");
                vectors.push(vector);
            }
            FromWorker::Finished { job: JobId(of), reason, usage, .. } if of == job => {
                return Embedded { started, vectors, end: Ok((reason, usage)) };
            }
            FromWorker::Failed { job: JobId(of), failure } if of == job => {
                return Embedded { started, vectors, end: Err(failure) };
            }
            other => panic!("the worker said {other:?}"),
        }
    }
}

fn texts(texts: &[&str]) -> Vec<EmbedInput> {
    texts.iter().map(|text| EmbedInput::Text((*text).into())).collect()
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

fn models() -> [(Model, u32); 2] {
    [(directory::qwen3_embedding(64), 64), (directory::gemma_embedding(64, 48), 48)]
}

#[test]
fn texts_become_vectors_of_length_one_in_their_order() {
    const TEXTS: [&str; 5] = ["the sea", "the land", "a rather longer text about something else", "the sea", "è"];
    for (model, width) in models() {
        let (_directory, mut worker, told) = start(&model, &[]);
        assert_eq!(told, width);
        let all = embed(&mut worker, 1, texts(&TEXTS));
        // A byte a token, and one at each text's end.
        let tokens = TEXTS.iter().map(|text| text.len() as u32 + 1).sum();
        let usage = Usage { prompt_tokens: tokens, ..Usage::default() };
        assert_eq!((all.started, all.end), (Some(tokens), Ok((FinishReason::Stop, usage))));
        assert_eq!(all.vectors.len(), TEXTS.len());
        for vector in &all.vectors {
            assert_eq!(vector.len(), width as usize);
            let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
        }
        assert!(distance(&all.vectors[0], &all.vectors[3]) < 1e-5, "the same text");
        for (a, b) in [(0, 1), (0, 2), (1, 2), (0, 4)] {
            assert!(distance(&all.vectors[a], &all.vectors[b]) > 0.05, "{a} and {b}");
        }
        for (place, text) in TEXTS.iter().enumerate() {
            let alone = embed(&mut worker, 10 + place as u64, texts(&[text]));
            assert!(distance(&alone.vectors[0], &all.vectors[place]) < 1e-5, "{text}");
        }
        // The tokens of the first text, as the tokenizer cuts it: four special ones come before the bytes.
        let tokens = "the sea".bytes().map(|byte| 4 + u32::from(byte)).chain([0]).collect();
        let as_tokens = embed(&mut worker, 20, vec![EmbedInput::Tokens(tokens)]);
        assert!(distance(&as_tokens.vectors[0], &all.vectors[0]) < 1e-5);

        worker.send(&ToWorker::Ping { nonce: 1 });
        let FromWorker::Pong { stats, .. } = worker.receive().unwrap() else { panic!("Pong") };
        assert_eq!((stats.running, stats.completion_tokens), (0, 0));
        assert!(stats.prompt_tokens > u64::from(usage.prompt_tokens));
        worker.send(&ToWorker::Shutdown);
        assert_eq!(worker.wait().code(), Some(0));
    }
}

#[test]
fn jobs_beside_each_other_get_their_own_vectors() {
    for (model, _) in models() {
        let (_directory, mut worker, _) = start(&model, &["--slots", "3"]);
        // Equally long, so that the engine computes them together if it can.
        let inputs = ["one text", "two text", "six text"];
        let alone = inputs.map(|text| embed(&mut worker, text.len() as u64, texts(&[text, "short"])).vectors);
        for (job, text) in (100..).zip(inputs) {
            ask(&mut worker, job, texts(&[text, "short"]));
        }
        let (mut vectors, mut ended) = ([const { Vec::new() }; 3], 0);
        while ended < inputs.len() {
            match worker.receive().unwrap() {
                FromWorker::Embedded { job, vector } => vectors[job.0 as usize - 100].push(vector),
                FromWorker::Finished { reason: FinishReason::Stop, .. } => ended += 1,
                FromWorker::Started { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        for (together, alone) in vectors.iter().zip(&alone) {
            assert_eq!(together.len(), 2);
            assert!(together.iter().zip(alone).all(|(a, b)| distance(a, b) < 1e-4));
        }
    }
}

#[test]
fn what_does_not_fit_or_makes_no_sense_fails_with_nothing_computed() {
    let (_directory, mut worker, _) = start(&directory::qwen3_embedding(64), &["--context-length", "100"]);
    let long = embed(&mut worker, 1, texts(&["fits", &"x".repeat(100)]));
    let overflow = JobFailure::ContextOverflow { prompt_tokens: 101, context_length: 100 };
    assert_eq!((long.started, long.vectors.len(), long.end), (None, 0, Err(overflow)));
    assert!(embed(&mut worker, 2, texts(&[&"x".repeat(99)])).end.is_ok(), "as long as the context");

    let cases = [
        (vec![], "at least one"),
        (texts(&vec!["x"; MAX_EMBED_INPUTS + 1]), "at most 2048"),
        (texts(&["x", ""]), "input 1 is empty"),
        (vec![EmbedInput::Tokens(vec![])], "input 0 is empty"),
        (vec![EmbedInput::Tokens(vec![5, 260])], "tokens 0 to 259"),
        (vec![EmbedInput::Tokens(vec![5])], "2 or more"),
    ];
    for (job, (inputs, expected)) in (10..).zip(cases) {
        let refused = embed(&mut worker, job, inputs);
        assert_eq!((refused.started, refused.vectors.len()), (None, 0));
        let Err(JobFailure::Invalid { message }) = refused.end else { panic!("{:?}", refused.end) };
        assert!(message.contains(expected), "{message}");
    }
    worker.generate(30, greedy(vec![user("hello")], 5));
    let Err(JobFailure::Invalid { message }) = &worker.outcomes(&[30])[0].end else { panic!("it writes text") };
    assert!(message.contains("embeds"), "{message}");
    worker.send(&ToWorker::Count { job: JobId(31), prompt: Prompt::Text { text: "four".into() } });
    assert_eq!(worker.receive().unwrap(), FromWorker::Counted { job: JobId(31), prompt_tokens: 5 });
    assert!(embed(&mut worker, 32, texts(&["still there"])).end.is_ok());

    // A model with attention to both sides takes a token alone.
    let (_directory, mut worker, _) = start(&directory::gemma_embedding(64, 64), &[]);
    assert!(embed(&mut worker, 1, vec![EmbedInput::Tokens(vec![5])]).end.is_ok());
}

#[test]
fn a_text_model_does_not_embed() {
    let directory = TempDir::new().unwrap();
    tiny::write(directory.path());
    let (mut worker, _, ready) = Worker::start(directory.path(), &[]);
    assert_eq!(ready.embedding, None);
    let refused = embed(&mut worker, 1, texts(&["hello"]));
    assert!(matches!(refused.end, Err(JobFailure::Invalid { .. })), "{:?}", refused.end);
}

#[test]
fn cancelling_ends_a_job_between_two_inputs_and_not_its_neighbour() {
    let (_directory, mut worker, _) = start(&directory::qwen3_embedding(64), &[]);
    let many = texts(&vec!["a text that is to be embedded"; 2000]);
    ask(&mut worker, 1, many.clone());
    ask(&mut worker, 2, many);
    ask(&mut worker, 3, texts(&["short"]));
    let mut vectors = 0;
    while vectors < 3 {
        if let FromWorker::Embedded { job: JobId(1), .. } = worker.receive().unwrap() {
            vectors += 1;
        }
    }
    // One has begun, one waits.
    worker.send(&ToWorker::Cancel { job: JobId(2) });
    worker.send(&ToWorker::Cancel { job: JobId(1) });
    let (mut cancelled, mut finished) = (Vec::new(), false);
    while !finished || cancelled.len() < 2 {
        match worker.receive().unwrap() {
            FromWorker::Embedded { job: JobId(1), .. } => vectors += 1,
            FromWorker::Finished { job, reason: FinishReason::Cancelled, usage, .. } => cancelled.push((job.0, usage)),
            FromWorker::Finished { job: JobId(3), reason: FinishReason::Stop, .. } => finished = true,
            FromWorker::Started { job: JobId(1 | 3), .. } | FromWorker::Embedded { job: JobId(3), .. } => {}
            other => panic!("{other:?}"),
        }
    }
    cancelled.sort_by_key(|(job, _)| *job);
    assert_eq!((cancelled[0].0, cancelled[1]), (1, (2, Usage::default())));
    assert!(cancelled[0].1.prompt_tokens > 0 && vectors < 2000, "{vectors} vectors");
    assert_eq!(worker.hang_up().code(), Some(0));
}
