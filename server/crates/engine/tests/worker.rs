//! The worker over a real socket pair, with the tiny model.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use leeward_wire::{ChatMessage, ChatRole, FinishReason, FromWorker, JobFailure, JobId, Prompt, Sampling, ToWorker};
use support::{
    tiny,
    worker::{Worker, assistant, greedy, random, user},
};
use tempfile::TempDir;

fn model() -> TempDir {
    let directory = TempDir::new().unwrap();
    tiny::write(directory.path());
    directory
}

#[test]
fn a_greedy_answer_is_the_same_twice_and_counted_exactly() {
    let model = model();
    let (mut worker, sandbox, ready) = Worker::start(model.path(), &[]);
    assert!(sandbox.is_tight(), "{sandbox:?}");
    assert_eq!((ready.context_length, ready.slots), (tiny::CONTEXT, 1));

    let first = worker.run(1, greedy(vec![user("hello")], 50));
    let second = worker.run(2, greedy(vec![user("hello")], 50));
    assert_eq!(first.text, second.text);
    let (reason, usage) = first.finished();
    assert_eq!(reason, FinishReason::Length);
    assert_eq!((usage.completion_tokens, first.streamed), (50, 50));
    assert_eq!(first.started, Some(usage.prompt_tokens));

    worker.send(&ToWorker::Count { job: JobId(3), prompt: Prompt::chat(vec![user("hello")]) });
    let counted = worker.receive().unwrap();
    assert_eq!(counted, FromWorker::Counted { job: JobId(3), prompt_tokens: usage.prompt_tokens });

    worker.send(&ToWorker::Ping { nonce: 9 });
    let FromWorker::Pong { nonce: 9, stats } = worker.receive().unwrap() else { panic!("Pong") };
    assert_eq!((stats.running, stats.completion_tokens), (0, 100));
    assert!(stats.resident_bytes > 0);
    worker.send(&ToWorker::Shutdown);
    assert_eq!(worker.wait().code(), Some(0));
}

#[test]
fn jobs_that_share_the_engine_get_their_solo_answers() {
    let model = model();
    let conversations = ["one", "a second one, rather longer than the first", "3"];
    for slots in ["1", "3"] {
        let (mut worker, ..) = Worker::start(model.path(), &["--slots", slots, "--prefix-cache", "0"]);
        let solo = conversations.map(|text| worker.run(text.len() as u64, greedy(vec![user(text)], 60)));
        // Rows of equal length are computed together, and rounding then differs in the last bit: now and then that
        // tips a near tie between two tokens (one run in sixty was seen to). What is mixed up between neighbours is
        // mixed up every time, so each job has three tries to give its solo answer.
        let mut right = [false; 3];
        for round in 0..if slots == "1" { 1 } else { 3 } {
            let jobs = [100 + 3 * round, 101 + 3 * round, 102 + 3 * round];
            for (job, text) in jobs.into_iter().zip(conversations) {
                worker.generate(job, greedy(vec![user(text)], 60));
            }
            let together = worker.outcomes(&jobs);
            for ((alone, shared), right) in solo.iter().zip(&together).zip(&mut right) {
                assert_eq!(alone.started, shared.started, "with {slots} slots");
                assert_eq!(alone.finished(), shared.finished(), "with {slots} slots");
                *right = *right || alone == shared;
            }
        }
        assert_eq!(right, [true; 3], "with {slots} slots");
    }
}

#[test]
fn equally_long_jobs_do_not_go_on_in_each_other() {
    let model = model();
    let (mut worker, _, ready) = Worker::start(model.path(), &["--slots", "2", "--prefix-cache", "0"]);
    assert_eq!(ready.slots, 1, "on a CPU");
    let texts = ["one text here", "two text here"];
    let solo = texts.map(|text| worker.run(text.len() as u64, greedy(vec![user(text)], 60)));
    for round in 0..20 {
        let jobs = [100 + 2 * round, 101 + 2 * round];
        for (job, text) in jobs.into_iter().zip(texts) {
            worker.generate(job, greedy(vec![user(text)], 60));
        }
        assert_eq!(worker.outcomes(&jobs), solo, "round {round}");
    }
}

#[test]
fn a_stop_string_ends_the_answer_and_is_no_part_of_it() {
    let model = model();
    let (mut worker, ..) = Worker::start(model.path(), &["--prefix-cache", "0"]);
    let whole = worker.run(1, greedy(vec![user("go on")], 80)).text;
    let characters = whole.chars().collect::<Vec<_>>();
    let middle = characters.len() / 2;
    let stop = characters[middle..middle + 3].iter().collect::<String>();
    let mut request = greedy(vec![user("go on")], 80);
    request.stop = vec!["\u{10FFFF}".into(), stop.clone()];
    let stopped = worker.run(2, request);
    assert_eq!(stopped.text, whole[..whole.find(&stop).unwrap()]);
    let (reason, usage) = stopped.finished();
    assert_eq!(reason, FinishReason::Stop);
    assert_eq!(usage.completion_tokens, stopped.streamed);
    assert!(usage.completion_tokens < 80);

    for bad in [vec![String::new()], vec!["x".to_owned(); 100]] {
        let mut request = greedy(vec![user("go on")], 5);
        request.stop = bad;
        assert!(matches!(worker.run(3, request).end, Err(JobFailure::Invalid { .. })));
    }
}

#[test]
fn cancelling_stops_one_job_and_not_its_neighbour() {
    let model = model();
    let (mut worker, ..) = Worker::start(model.path(), &["--slots", "2"]);
    worker.generate(1, greedy(vec![user("endless")], 1900));
    worker.generate(2, greedy(vec![user("short")], 20));
    loop {
        if let FromWorker::Delta { job: JobId(1), .. } = worker.receive().unwrap() {
            break;
        }
    }
    worker.send(&ToWorker::Cancel { job: JobId(1) });
    worker.send(&ToWorker::Cancel { job: JobId(77) });
    let outcomes = worker.outcomes(&[1, 2]);
    let (reason, usage) = outcomes[0].finished();
    assert_eq!(reason, FinishReason::Cancelled);
    assert!(usage.completion_tokens < 1900 && usage.prompt_tokens > 0, "{usage:?}");
    assert_eq!(outcomes[1].finished().0, FinishReason::Length);

    // A job that waits for a slot is cancelled without having started.
    for job in 3..6 {
        worker.generate(job, greedy(vec![user("endless")], 1900));
    }
    worker.send(&ToWorker::Cancel { job: JobId(5) });
    let waiting = loop {
        match worker.receive().unwrap() {
            FromWorker::Finished { job: JobId(5), reason, usage, .. } => break (reason, usage),
            FromWorker::Started { job: JobId(5), .. } => panic!("it had no slot"),
            _ => {}
        }
    };
    assert_eq!((waiting.0, waiting.1.completion_tokens), (FinishReason::Cancelled, 0));
    assert_eq!(worker.hang_up().code(), Some(0));
}

#[test]
fn what_does_not_fit_or_makes_no_sense_fails_alone() {
    let model = model();
    let (mut worker, _, ready) = Worker::start(model.path(), &["--context-length", "200"]);
    assert_eq!(ready.context_length, 200);
    let long = worker.run(1, greedy(vec![user(&"x".repeat(500))], 10));
    match long.end {
        Err(JobFailure::ContextOverflow { prompt_tokens, context_length: 200 }) => {
            // A byte a token, plus what the template adds.
            assert!((500..600).contains(&prompt_tokens), "{prompt_tokens}");
        }
        other => panic!("{other:?}"),
    }
    // What is left of the context bounds the answer.
    let filled = worker.run(2, greedy(vec![user("hello")], 5000)).finished();
    assert_eq!((filled.0, filled.1.prompt_tokens + filled.1.completion_tokens), (FinishReason::Length, 200));

    let system_last = ChatMessage::new(ChatRole::System, "be brief");
    let mut hot = greedy(vec![user("hello")], 5);
    hot.sampling = random(9.0, None);
    let refused = [greedy(vec![], 5), greedy(vec![user("hello")], 0), greedy(vec![user("x"), system_last], 5), hot];
    for (job, request) in (10..).zip(refused) {
        let end = worker.run(job, request).end;
        assert!(matches!(end, Err(JobFailure::Invalid { .. })), "{end:?}");
    }
    let refusal = worker.run(20, greedy(vec![], 5)).end.unwrap_err().to_string();
    assert!(refusal.contains("empty"), "{refusal}");

    let mut drawn = greedy(vec![user("hello")], 30);
    drawn.sampling = Sampling::Random { temperature: 1.5, top_p: 0.95, top_k: Some(50), min_p: Some(0.01), seed: None };
    drawn.presence_penalty = 1.0;
    drawn.frequency_penalty = -0.5;
    let drawn = worker.run(21, drawn);
    assert_eq!(drawn.streamed, drawn.finished().1.completion_tokens);
}

#[test]
fn an_engine_error_fails_its_job_only() {
    // The bytes of ASCII have embeddings, those of anything else do not.
    let model = TempDir::new().unwrap();
    std::fs::write(model.path().join("ascii.gguf"), tiny::with_embeddings("llama", 4 + 128).bytes()).unwrap();
    let (mut worker, ..) = Worker::start(model.path(), &["--slots", "2"]);
    let good = worker.run(1, greedy(vec![user("plain")], 200));
    worker.generate(2, greedy(vec![user("plain")], 200));
    worker.generate(3, greedy(vec![user("caffè")], 200));
    let outcomes = worker.outcomes(&[2, 3]);
    assert_eq!(outcomes[0].text, good.text);
    assert_eq!(outcomes[0].finished().0, good.finished().0);
    assert!(matches!(outcomes[1].end, Err(JobFailure::Engine { .. })), "{:?}", outcomes[1].end);
    assert_eq!(worker.run(4, greedy(vec![user("plain")], 200)).text, good.text);
}

#[test]
fn the_prefix_cache_answers_as_a_cold_worker_does() {
    let model = model();
    let (mut warm, ..) = Worker::start(model.path(), &[]);
    let (mut cold, ..) = Worker::start(model.path(), &["--prefix-cache", "0"]);
    let mut conversation = vec![user("tell me something")];
    for turn in 0..3 {
        let (job, request) = (turn, greedy(conversation.clone(), 40));
        let (with, without) = (warm.run(job, request.clone()), cold.run(job, request));
        assert_eq!(with.text, without.text, "turn {turn}");
        let (cached, never) = (with.finished().1.cached_tokens, without.finished().1.cached_tokens);
        assert_eq!(never, 0);
        assert_eq!(cached > 0, turn > 0, "turn {turn} took {cached} tokens from the cache");
        conversation.push(assistant(&with.text));
        conversation.push(user("and then?"));
    }
}

#[test]
fn an_idle_worker_that_holds_too_much_memory_asks_to_be_started_anew() {
    let model = model();
    // Any process is above one byte.
    let (mut worker, ..) = Worker::start(model.path(), &["--recycle-above", "1"]);
    worker.generate(1, greedy(vec![user("hello")], 10));
    assert_eq!(worker.outcomes(&[1])[0].finished().0, FinishReason::Length);
    assert_eq!(worker.wait().code(), Some(75));
}

#[test]
fn what_cannot_be_loaded_is_explained() {
    let empty = TempDir::new().unwrap();
    let odd = TempDir::new().unwrap();
    std::fs::write(odd.path().join("odd.gguf"), tiny::model("mamba").bytes()).unwrap();
    let cut = TempDir::new().unwrap();
    let bytes = tiny::model("llama").bytes();
    std::fs::write(cut.path().join("cut.gguf"), &bytes[..bytes.len() / 2]).unwrap();
    let cases: [(&TempDir, &[&str], &str); 4] = [
        (&empty, &[], "no .gguf file"),
        (&empty, &["--file", "x.gguf"], "no file x.gguf"),
        (&odd, &[], "mamba"),
        (&cut, &[], "truncated"),
    ];
    for (directory, arguments, expected) in cases {
        let mut worker = Worker::spawn(directory.path(), arguments);
        assert!(matches!(worker.receive().unwrap(), FromWorker::Hello { .. }));
        let FromWorker::LoadFailed { message } = worker.receive().unwrap() else { panic!("LoadFailed") };
        assert!(message.contains(expected), "{message}");
        assert_eq!(worker.wait().code(), Some(65));
    }
}
