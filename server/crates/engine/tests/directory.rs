//! Models that write text and lie in directories of safetensors, over a real socket pair: tiny ones of each
//! architecture that loads.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::{fs, path::Path, process::Command};

use leeward_wire::{FinishReason, FromWorker, GenerateRequest, JobId, Prompt, ToWorker};
use serde_json::{Value, json};
use support::{
    directory::{self, Model},
    tiny,
    worker::{ENGINE, Outcome, Worker, assistant, greedy, user},
};
use tempfile::TempDir;

fn written(model: &Model, files: usize) -> TempDir {
    let directory = TempDir::new().unwrap();
    model.write(directory.path(), files);
    directory
}

fn asked(max_tokens: u32) -> GenerateRequest {
    GenerateRequest { logprobs: Some(5), ..greedy(vec![user("hello")], max_tokens) }
}

fn models() -> Vec<(&'static str, Model)> {
    let dense = |name| (name, directory::dense(name, 64));
    vec![
        dense("LlamaForCausalLM"),
        dense("MistralForCausalLM"),
        dense("Qwen2ForCausalLM"),
        dense("Qwen3ForCausalLM"),
        // Narrow values as in the real ones, and values as wide as keys.
        ("DeepSeek V2", directory::deepseek(2, 64, 32)),
        ("DeepSeek V2, wide", directory::deepseek(2, 64, 48)),
        ("DeepSeek V3", directory::deepseek(3, 64, 32)),
        ("DeepSeek V3, wide", directory::deepseek(3, 64, 48)),
    ]
}

/// The mean distance of two answers' likeliest logprobs, up to where they part.
fn distance(a: &Outcome, b: &Outcome) -> f32 {
    let pairs = a.logprobs.iter().zip(&b.logprobs);
    let mut same = Vec::new();
    for (a, b) in pairs {
        same.push((a.chosen.logprob - b.chosen.logprob).abs());
        if a.chosen.id != b.chosen.id {
            break;
        }
    }
    same.iter().sum::<f32>() / same.len() as f32
}

#[test]
fn each_architecture_answers_repeats_itself_counts_and_stops() {
    for (name, model) in models() {
        let directory = written(&model, 1);
        let (mut worker, sandbox, ready) = Worker::start(directory.path(), &["--prefix-cache", "0"]);
        assert!(sandbox.is_tight(), "{name}: {sandbox:?}");
        assert_eq!((ready.context_length, ready.embedding), (directory::CONTEXT, None), "{name}");
        assert_eq!(ready.template, tiny::TEMPLATE, "{name}");

        let first = worker.run(1, asked(60));
        assert_eq!(first, worker.run(2, asked(60)), "{name}: greedy is the same twice");
        let (reason, usage) = first.finished();
        assert_eq!((reason, usage.completion_tokens, first.streamed), (FinishReason::Length, 60, 60), "{name}");
        worker.send(&ToWorker::Count { job: JobId(3), prompt: Prompt::chat(vec![user("hello")]) });
        let counted = FromWorker::Counted { job: JobId(3), prompt_tokens: usage.prompt_tokens };
        assert_eq!(worker.receive().unwrap(), counted, "{name}");
        // What was generated does not hang on the prompt alone: it depends on each token before.
        let other = worker.run(4, greedy(vec![user("jello")], 60));
        assert_ne!(first.text, other.text, "{name}");

        let middle = first.text.char_indices().nth(first.text.chars().count() / 2).unwrap().0;
        let stop = first.text[middle..].chars().take(3).collect::<String>();
        let stopped = worker.run(5, GenerateRequest { stop: vec![stop.clone()], ..asked(60) });
        assert_eq!(stopped.text, first.text[..first.text.find(&stop).unwrap()], "{name}");
        assert_eq!(stopped.finished().0, FinishReason::Stop, "{name}");
        let end = GenerateRequest { logit_bias: vec![(directory::TURN_END, 100.0)], ..asked(60) };
        assert_eq!(worker.run(6, end).finished().0, FinishReason::Stop, "{name}: the end of its turn");
        worker.send(&ToWorker::Shutdown);
        assert_eq!(worker.wait().code(), Some(0));
    }
}

#[test]
fn a_conversation_goes_on_from_the_prefix_cache_as_from_nothing() {
    for (name, model) in [models().remove(2), models().remove(6)] {
        let directory = written(&model, 1);
        let (mut warm, ..) = Worker::start(directory.path(), &[]);
        let (mut cold, ..) = Worker::start(directory.path(), &["--prefix-cache", "0"]);
        let mut conversation = vec![user("tell me something")];
        for turn in 0..3 {
            let request = greedy(conversation.clone(), 40);
            let (with, without) = (warm.run(turn, request.clone()), cold.run(turn, request));
            assert_eq!(with.text, without.text, "{name}, turn {turn}");
            assert_eq!(with.finished().1.cached_tokens > 0, turn > 0, "{name}, turn {turn}");
            conversation.extend([assistant(&with.text), user("and then?")]);
        }
    }
}

#[test]
fn weights_in_several_files_are_those_in_one() {
    let model = directory::dense("Qwen2ForCausalLM", 64);
    let answers = [1, 3].map(|files| {
        let directory = written(&model, files);
        Worker::start(directory.path(), &[]).0.run(1, asked(30))
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn weights_of_16_bits_are_computed_with_as_those_of_32() {
    for model in [directory::dense("Qwen2ForCausalLM", 64), directory::deepseek(3, 64, 32)] {
        let mut model = model.rounded();
        let answers = [false, true].map(|half| {
            model.half = half;
            let directory = written(&model, 2);
            Worker::start(directory.path(), &[]).0.run(1, asked(30))
        });
        assert_eq!(answers[0], answers[1]);
    }
}

#[test]
fn narrow_values_are_computed_as_if_filled_up_with_zeros() {
    const HEADS: usize = 4;
    let (plain, value, key) = (32, 32, 48);
    for version in [2, 3] {
        let mut model = directory::deepseek(version, 64, value as u64);
        let narrow = written(&model, 2);
        let narrow = Worker::start(narrow.path(), &[]).0.run(1, asked(30));
        for (name, shape, values) in &mut model.tensors {
            let (piece, zeros) = if name.ends_with("kv_b_proj.weight") {
                let columns = shape[1] as usize;
                shape[0] = (HEADS * (plain + key)) as u64;
                ((plain + value) * columns, (key - value) * columns)
            } else if name.ends_with("o_proj.weight") {
                shape[1] = (HEADS * key) as u64;
                (value, key - value)
            } else {
                continue;
            };
            let filled = values.chunks(piece).flat_map(|piece| piece.iter().copied().chain(vec![0.0; zeros]));
            *values = filled.collect();
        }
        model.config["v_head_dim"] = key.into();
        let wide = written(&model, 1);
        let wide = Worker::start(wide.path(), &[]).0.run(1, asked(30));
        assert_eq!(narrow.text, wide.text, "version {version}");
        assert!(distance(&narrow, &wide) < 1e-5, "version {version}");
    }
}

#[test]
fn what_cannot_be_loaded_is_explained() {
    let mut cases = Vec::new();
    let mut case = |expected: &'static str, change: &dyn Fn(&Path)| {
        let directory = written(&directory::dense("Qwen2ForCausalLM", 64), 2);
        change(directory.path());
        cases.push((directory, expected));
    };
    let remove = |name: &'static str| move |path: &Path| fs::remove_file(path.join(name)).unwrap();
    let set = |key: &'static str, value: Value| {
        move |path: &Path| {
            let file = path.join("config.json");
            let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            config[key] = value.clone();
            fs::write(file, config.to_string()).unwrap();
        }
    };
    case("tokenizer.json", &remove("tokenizer.json"));
    case("chat template", &remove("tokenizer_config.json"));
    case("00002-of-00002", &remove("model-00002-of-00002.safetensors"));
    case("MambaForCausalLM", &set("architectures", json!(["MambaForCausalLM"])));
    case("quantization_config", &set("quantization_config", json!({ "quant_method": "gptq", "bits": 4 })));
    case("invalid type", &set("max_position_embeddings", json!("many")));
    case("cannot compute", &|path: &Path| {
        let mut model = directory::dense("Qwen2ForCausalLM", 64);
        model.tensors.retain(|(name, ..)| name != "lm_head.weight");
        fs::remove_file(path.join("model.safetensors.index.json")).unwrap();
        fs::remove_file(path.join("model-00001-of-00002.safetensors")).unwrap();
        fs::remove_file(path.join("model-00002-of-00002.safetensors")).unwrap();
        model.write(path, 1);
    });
    case("truncated", &|path: &Path| {
        let file = path.join("model-00001-of-00002.safetensors");
        let bytes = fs::read(&file).unwrap();
        fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
    });
    let twice = |path: &Path| {
        fs::remove_file(path.join("model.safetensors.index.json")).unwrap();
        fs::copy(path.join("model-00001-of-00002.safetensors"), path.join("again.safetensors")).unwrap();
    };
    case("another file has the tensor", &twice);
    for (expected, key, value) in [
        ("group_limited_greedy", "topk_method", json!("group_limited_greedy")),
        ("norm_topk_prob", "norm_topk_prob", json!(true)),
        ("values of 49", "v_head_dim", json!(49)),
    ] {
        let mut model = directory::deepseek(2, 64, 32);
        model.config[key] = value;
        cases.push((written(&model, 1), expected));
    }
    for (directory, expected) in cases {
        let mut worker = Worker::spawn(directory.path(), &[]);
        assert!(matches!(worker.receive().unwrap(), FromWorker::Hello { .. }));
        let FromWorker::LoadFailed { message } = worker.receive().unwrap() else { panic!("it loads: {expected}") };
        assert!(message.contains(expected), "{expected}: {message}");
        assert_eq!(worker.wait().code(), Some(65));
    }
}

#[test]
fn inspect_tells_the_facts_of_a_directory_or_a_reason() {
    let inspect = |path: &Path| {
        let output = Command::new(ENGINE).args(["inspect", "--sandbox", "require"]).arg(path).output().unwrap();
        (serde_json::from_slice::<Value>(&output.stdout).unwrap(), output.status.code().unwrap())
    };
    let (answer, status) = inspect(written(&directory::dense("Qwen3ForCausalLM", 64), 2).path());
    let facts = &answer["facts"];
    assert_eq!(
        (status, &facts["architecture"], &facts["quantisation"]),
        (0, &json!("qwen3"), &json!("F32")),
        "{answer}"
    );
    // Two layers, two heads of 16, keys and values, two bytes each.
    assert_eq!((&facts["context_length"], &facts["kv_bytes_per_token"]), (&json!(2048), &json!(256)));
    let small = ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"];
    let weights = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    let files = [&weights[..], &small[..], &["model.safetensors.index.json"]].concat();
    assert_eq!(answer["files"], json!(files));
    let (answer, _) = inspect(written(&directory::gemma_embedding(64, 48), 1).path());
    assert_eq!(answer["facts"]["architecture"], json!("gemma-embedding"));
    let modules = ["1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors", "3_Dense/config.json"];
    let files = [&["model.safetensors", "config.json", "tokenizer.json", "modules.json"][..], &modules[..]].concat();
    assert_eq!(answer["files"], json!([&files[..], &["3_Dense/model.safetensors"]].concat()));

    let empty = TempDir::new().unwrap();
    let (answer, status) = inspect(empty.path());
    assert_eq!((status, &answer["error"]["code"]), (1, &json!("not_a_model")), "{answer}");
    let odd = written(&directory::dense("Qwen3ForCausalLM", 64), 1);
    fs::write(odd.path().join("config.json"), r#"{"architectures": ["X"]}"#).unwrap();
    assert_eq!(inspect(odd.path()).0["error"]["code"], json!("not_a_model"));
}
