//! Weights of a directory quantised while they are loaded.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor},
};
use leeward_wire::{EmbedInput, EmbedRequest, FinishReason, FromWorker, GenerateRequest, JobId, ToWorker};
use support::{
    directory::{self, Model},
    worker::{Outcome, Worker, greedy, user},
};
use tempfile::TempDir;

fn start(model: &Model, isq: Option<&str>) -> (TempDir, Worker) {
    let directory = TempDir::new().unwrap();
    model.write(directory.path(), 1);
    let arguments = isq.map(|isq| vec!["--isq", isq]).unwrap_or_default();
    let (worker, sandbox, _) = Worker::start(directory.path(), &arguments);
    assert!(sandbox.is_tight());
    (directory, worker)
}

/// What the model thinks of the tokens after a prompt, whatever it would say itself.
fn answer(model: &Model, isq: Option<&str>) -> Outcome {
    let mut request = GenerateRequest { logprobs: Some(20), ..greedy(vec![user("hello")], 12) };
    // The same tokens are forced whatever the weights, so that answers can be compared place by place.
    request.constraint = Some(leeward_wire::Constraint::Regex { pattern: "hello world!".into() });
    let (_directory, mut worker) = start(model, isq);
    let answer = worker.run(1, request.clone());
    assert_eq!((answer.text.as_str(), answer.finished().0), ("hello world!", FinishReason::Stop));
    assert_eq!(worker.run(2, request), answer, "the same twice");
    answer
}

fn distance(a: &Outcome, b: &Outcome) -> f32 {
    let squares = a.logprobs.iter().zip(&b.logprobs).map(|(a, b)| {
        assert_eq!(a.chosen.id, b.chosen.id);
        (a.chosen.logprob - b.chosen.logprob).powi(2)
    });
    (squares.sum::<f32>() / a.logprobs.len() as f32).sqrt()
}

/// The model with its matrices quantised and unpacked again.
fn round_trip(mut model: Model, kind: GgmlDType) -> Model {
    for (name, shape, values) in &mut model.tensors {
        if !name.ends_with("_proj.weight") && name != "lm_head.weight" {
            continue;
        }
        let shape = (shape[0] as usize, shape[1] as usize);
        let tensor = Tensor::from_slice(values, shape, &Device::Cpu).unwrap();
        let packed = QTensor::quantize(&tensor, kind).unwrap();
        *values = packed.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap();
    }
    model
}

#[test]
fn weights_become_the_type_that_was_asked() {
    let model = || directory::dense("Qwen2ForCausalLM", 256);
    let plain = answer(&model(), None);
    let (q8, q4) = (answer(&model(), Some("q8_0")), answer(&model(), Some("q4k")));
    let (of_q8, of_q4) = (distance(&q8, &plain), distance(&q4, &plain));
    assert!(of_q8 > 0.0 && of_q4 > 4.0 * of_q8, "{of_q8} and {of_q4}");
    // Four bits are told by the mistakes they make: the same as in weights that were packed and unpacked before.
    let foretold = answer(&round_trip(model(), GgmlDType::Q4K), None);
    let other = answer(&round_trip(model(), GgmlDType::Q4_0), None);
    let (near, far) = (distance(&q4, &foretold), distance(&q4, &other));
    assert!(3.0 * near < of_q4 && 2.0 * near < far, "{near}, {far} and {of_q4}");
}

/// Experts with one large weight in each block and `rest` for the others, which eight bits cannot tell from 0.
fn blunt(mut model: Model, rest: f32) -> Model {
    for (name, _, values) in model.tensors.iter_mut().filter(|(name, ..)| name.contains(".experts.")) {
        assert!(name.ends_with("_proj.weight"));
        for (place, value) in values.iter_mut().enumerate() {
            *value = if place % 32 == 0 { value.signum() } else { value.signum() * rest };
        }
    }
    model
}

#[test]
fn experts_are_quantised_too() {
    for version in [2, 3] {
        let model = |rest| blunt(directory::deepseek(version, 64, 32), rest);
        let [plain, with_nothing] = [0.0035, 0.0].map(|rest| answer(&model(rest), None));
        assert!(distance(&plain, &with_nothing) > 1e-3, "version {version}: the others count");
        let [q8, with_nothing] = [0.0035, 0.0].map(|rest| answer(&model(rest), Some("q8_0")));
        assert_eq!(q8, with_nothing, "version {version}: the others are gone");
    }
}

#[test]
fn vectors_of_quantised_weights_point_the_same_way() {
    let vector = |isq| {
        let (_directory, mut worker) = start(&directory::qwen3_embedding(64), isq);
        let request = EmbedRequest { inputs: vec![EmbedInput::Text("the sea".into())] };
        worker.send(&ToWorker::Embed { job: JobId(1), request });
        loop {
            match worker.receive().unwrap() {
                FromWorker::Embedded { vector, .. } => return vector,
                FromWorker::Started { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    };
    let (plain, q8) = (vector(None), vector(Some("q8_0")));
    let cosine = plain.iter().zip(&q8).map(|(a, b)| a * b).sum::<f32>();
    assert!(plain != q8 && cosine > 0.99, "{cosine}");
}

#[test]
fn weights_that_cannot_become_it_are_refused() {
    let cases = [
        (directory::dense("Qwen2ForCausalLM", 64), "q4k", "multiples of 256"),
        (directory::gemma_embedding(64, 64), "q8_0", "quantises no weights"),
    ];
    for (model, isq, expected) in cases {
        let directory = TempDir::new().unwrap();
        model.write(directory.path(), 1);
        let mut worker = Worker::spawn(directory.path(), &["--isq", isq]);
        assert!(matches!(worker.receive().unwrap(), FromWorker::Hello { .. }));
        let FromWorker::LoadFailed { message } = worker.receive().unwrap() else { panic!("LoadFailed") };
        assert!(message.contains(expected), "{message}");
    }
}
