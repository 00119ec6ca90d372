//! DeepSeek's latent attention and experts against a plain computation of the same, token by token: that answers come is
//! not enough, since wrong experts or values make answers, too.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::collections::HashMap;

use leeward_wire::{Constraint, GenerateRequest, Prompt};
use support::{
    directory::{self, Model},
    worker::{Worker, greedy},
};
use tempfile::TempDir;

type Vector = Vec<f64>;

/// A model, computed as its authors describe it, in 64-bit floats and without a cache.
struct Reference {
    config: serde_json::Value,
    tensors: HashMap<String, (Vec<u64>, Vec<f32>)>,
}

impl Reference {
    fn of(model: &Model) -> Self {
        let tensors = model.tensors.iter().cloned().map(|(name, shape, values)| (name, (shape, values)));
        Self { config: model.config.clone(), tensors: tensors.collect() }
    }

    fn size(&self, key: &str) -> usize {
        self.config[key].as_u64().unwrap() as usize
    }

    /// A matrix times a vector.
    fn times(&self, name: &str, x: &[f64]) -> Vector {
        let (shape, values) = &self.tensors[&format!("{name}.weight")];
        assert_eq!(shape[1] as usize, x.len(), "{name}");
        let rows = values.chunks(x.len());
        rows.map(|row| row.iter().zip(x).map(|(weight, x)| f64::from(*weight) * x).sum()).collect()
    }

    fn norm(&self, name: &str, x: &[f64]) -> Vector {
        let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
        let scale = (mean + 1e-6).sqrt().recip();
        let weights = &self.tensors[&format!("{name}.weight")].1;
        x.iter().zip(weights).map(|(x, weight)| x * scale * f64::from(*weight)).collect()
    }

    fn mlp(&self, name: &str, x: &[f64]) -> Vector {
        let (gate, up) = (self.times(&format!("{name}.gate_proj"), x), self.times(&format!("{name}.up_proj"), x));
        let hidden = gate.iter().zip(&up).map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up).collect::<Vec<_>>();
        self.times(&format!("{name}.down_proj"), &hidden)
    }

    /// Turns neighbouring pairs of numbers by angles that grow with the position.
    fn turned(x: &[f64], position: usize) -> Vector {
        let pairs = x.chunks(2).enumerate().flat_map(|(pair, numbers)| {
            let angle = position as f64 * 10000_f64.powf(-(2.0 * pair as f64) / x.len() as f64);
            let (sin, cos) = angle.sin_cos();
            [numbers[0] * cos - numbers[1] * sin, numbers[0] * sin + numbers[1] * cos]
        });
        pairs.collect()
    }

    fn attention(&self, name: &str, xs: &[Vector]) -> Vec<Vector> {
        let (heads, rank) = (self.size("num_attention_heads"), self.size("kv_lora_rank"));
        let (plain, rope) = (self.size("qk_nope_head_dim"), self.size("qk_rope_head_dim"));
        let value = self.size("v_head_dim");
        let part = |part: &str| format!("{name}.{part}");
        let mut keys = Vec::new();
        let mut out = Vec::new();
        for (position, x) in xs.iter().enumerate() {
            let query = self.norm(&part("q_a_layernorm"), &self.times(&part("q_a_proj"), x));
            let query = self.times(&part("q_b_proj"), &query);
            let latent = self.times(&part("kv_a_proj_with_mqa"), x);
            let turned = Self::turned(&latent[rank..], position);
            let kv = self.times(&part("kv_b_proj"), &self.norm(&part("kv_a_layernorm"), &latent[..rank]));
            keys.push((kv, turned));
            let mut all = Vec::new();
            for head in 0..heads {
                let query = &query[head * (plain + rope)..][..plain + rope];
                let turned = Self::turned(&query[plain..], position);
                let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                let of_head = |kv: &Vector| kv[head * (plain + value)..][..plain + value].to_vec();
                let scores = keys.iter().map(|(kv, key)| {
                    (dot(&query[..plain], &of_head(kv)[..plain]) + dot(&turned, key)) / ((plain + rope) as f64).sqrt()
                });
                let weights = softmax(&scores.collect::<Vec<_>>());
                let mut sum = vec![0.0; value];
                for (weight, (kv, _)) in weights.iter().zip(&keys) {
                    sum.iter_mut().zip(&of_head(kv)[plain..]).for_each(|(sum, number)| *sum += weight * number);
                }
                all.extend(sum);
            }
            out.push(self.times(&part("o_proj"), &all));
        }
        out
    }

    fn experts(&self, name: &str, x: &[f64]) -> Vector {
        let chosen = self.size("num_experts_per_tok");
        let logits = self.times(&format!("{name}.gate"), x);
        let (scores, choice) = if self.config["topk_method"] == "noaux_tc" {
            let scores = logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect::<Vec<_>>();
            let bias = &self.tensors[&format!("{name}.gate.e_score_correction_bias")].1;
            let biased = scores.iter().zip(bias).map(|(score, bias)| score + f64::from(*bias)).collect::<Vec<_>>();
            let in_group = biased.len() / self.size("n_group");
            let groups = biased.chunks(in_group).map(|group| best(group, 2).iter().map(|one| group[*one]).sum());
            let groups = best(&groups.collect::<Vec<f64>>(), self.size("topk_group"));
            let kept = biased.iter().enumerate();
            let kept = kept.map(|(expert, score)| if groups.contains(&(expert / in_group)) { *score } else { 0.0 });
            (scores, kept.collect())
        } else {
            let scores = softmax(&logits);
            (scores.clone(), scores)
        };
        let experts = best(&choice, chosen);
        let sum = experts.iter().map(|expert| scores[*expert]).sum::<f64>();
        let normed = self.config["norm_topk_prob"] == true;
        let mut out = self.mlp(&format!("{name}.shared_experts"), x);
        for expert in experts {
            let weight = scores[expert] * self.config["routed_scaling_factor"].as_f64().unwrap();
            let weight = if normed { weight / sum } else { weight };
            let part = self.mlp(&format!("{name}.experts.{expert}"), x);
            out.iter_mut().zip(part).for_each(|(out, part)| *out += weight * part);
        }
        out
    }

    /// The logarithm of each token's probability after each place.
    fn logprobs(&self, tokens: &[u32]) -> Vec<Vector> {
        let (shape, embedding) = &self.tensors["model.embed_tokens.weight"];
        let row = |token: &u32| &embedding[*token as usize * shape[1] as usize..][..shape[1] as usize];
        let mut xs: Vec<Vector> =
            tokens.iter().map(|token| row(token).iter().map(|x| f64::from(*x)).collect()).collect();
        for layer in 0..self.size("num_hidden_layers") {
            let name = format!("model.layers.{layer}");
            let normed = xs.iter().map(|x| self.norm(&format!("{name}.input_layernorm"), x)).collect::<Vec<_>>();
            let attended = self.attention(&format!("{name}.self_attn"), &normed);
            for (x, attended) in xs.iter_mut().zip(attended) {
                x.iter_mut().zip(attended).for_each(|(x, more)| *x += more);
                let normed = self.norm(&format!("{name}.post_attention_layernorm"), x);
                let mlp = format!("{name}.mlp");
                let more = if layer == 0 { self.mlp(&mlp, &normed) } else { self.experts(&mlp, &normed) };
                x.iter_mut().zip(more).for_each(|(x, more)| *x += more);
            }
        }
        let logits = xs.iter().map(|x| self.times("lm_head", &self.norm("model.norm", x)));
        logits.map(|logits| softmax(&logits).iter().map(|probability| probability.ln()).collect()).collect()
    }
}

fn softmax(x: &[f64]) -> Vector {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials = x.iter().map(|x| (x - most).exp()).collect::<Vec<_>>();
    let sum = exponentials.iter().sum::<f64>();
    exponentials.iter().map(|x| x / sum).collect()
}

/// The places of the largest numbers.
fn best(x: &[f64], count: usize) -> Vec<usize> {
    let mut places = (0..x.len()).collect::<Vec<_>>();
    places.sort_by(|a, b| x[*b].total_cmp(&x[*a]));
    places.truncate(count);
    places
}

#[test]
fn answers_are_as_likely_as_a_plain_computation_has_them() {
    const PROMPT: &str = "what follows?";
    const ANSWER: &str = "a line of text";
    for (version, value) in [(2, 32), (2, 48), (3, 32), (3, 48)] {
        let model = directory::deepseek(version, 64, value);
        let directory = TempDir::new().unwrap();
        model.write(directory.path(), 1);
        let (mut worker, ..) = Worker::start(directory.path(), &["--prefix-cache", "0"]);
        let request = GenerateRequest {
            prompt: Prompt::Text { text: PROMPT.into() },
            constraint: Some(Constraint::Regex { pattern: ANSWER.into() }),
            logprobs: Some(5),
            ..greedy(vec![], 50)
        };
        let answer = worker.run(1, request);
        assert_eq!(answer.text, ANSWER);
        let tokens = [PROMPT, ANSWER].concat().bytes().map(|byte| 4 + u32::from(byte)).collect::<Vec<_>>();
        let expected = Reference::of(&model).logprobs(&tokens);
        for (place, told) in answer.logprobs.iter().enumerate() {
            let expected = &expected[PROMPT.len() + place - 1];
            for one in told.top.iter().chain([&told.chosen]) {
                let distance = (f64::from(one.logprob) - expected[one.id as usize]).abs();
                assert!(distance < 2e-3, "version {version}, values of {value}, place {place}: {distance}");
            }
        }
    }
}
