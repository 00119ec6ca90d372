//! What `leeward doctor` would set otherwise on this machine, and why.
//!
//! Each is a pure function of what was found, so that a test can put it before any machine. Advice is never a fault: the
//! figures behind it are in `docs/benchmarks.md`. Left out: anything that only a trial could tell.

use std::path::Path;

use leeward_domain::model::ModelManifest;
use serde::Serialize;

use crate::{catalogue::fit, config::Engine};

/// What accelerators look like in `/dev`, and the feature of the engine's build for them.
const ACCELERATORS: [(&str, &str, &str); 1] = [("/dev/nvidiactl", "an NVIDIA GPU", "cuda")];

/// What this machine has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine {
    /// Cores this process may use.
    pub(super) cores: u32,
    /// Bytes that are free.
    pub(super) memory: Option<u64>,
    /// An accelerator that was seen, and the engine's feature for it.
    pub(super) accelerator: Option<(&'static str, &'static str)>,
}

impl Machine {
    /// This one.
    pub(super) fn here() -> Self {
        let cores =
            std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX));
        let accelerator = ACCELERATORS.iter().find(|(path, ..)| Path::new(path).exists());
        Self { cores, memory: fit::available(), accelerator: accelerator.map(|(_, name, feature)| (*name, *feature)) }
    }
}

/// One key that could be set otherwise.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Advice {
    /// The configuration's key, or what else is to be done.
    pub(super) key: &'static str,
    /// What to set it to.
    pub(super) recommended: String,
    /// In words.
    pub(super) why: String,
}

/// Everything that speaks for another setting. `tenants` are the names of all.
pub(super) fn of(machine: Machine, engine: &Engine, models: &[&ModelManifest], tenants: &[String]) -> Vec<Advice> {
    let mut advice = Vec::new();
    if let Some((name, feature)) = machine.accelerator {
        let why = format!("{name} was found; the engine uses it only when it is built with the feature {feature}");
        advice.push(Advice { key: "the engine's build", recommended: format!("--features {feature}"), why });
    } else if engine.slots > 1 {
        let why = "on a processor a worker takes one request at a time, whatever this says";
        advice.push(Advice { key: "engine.slots", recommended: "1".to_owned(), why: why.to_owned() });
    }
    if let Some(threads) = engine.threads.filter(|threads| *threads > machine.cores) {
        let why = format!("{threads} threads share the {} cores that this process may use", machine.cores);
        advice.push(Advice { key: "engine.threads", recommended: format!("unset, or {}", machine.cores), why });
    }
    if let ([only], None) = (tenants, &engine.dedicated_to) {
        let why = "there is one tenant: workers of its own may keep what they have read, and the second turn of a chat \
                   starts about ten times sooner";
        advice.push(Advice { key: "engine.dedicated_to", recommended: format!("{only:?}"), why: why.to_owned() });
    }
    advice.extend(models.iter().filter_map(|model| context(machine, engine, model)));
    advice.extend(dense(machine, engine, models));
    advice
}

/// The longest context with which a model fits that does not fit as it is set.
fn context(machine: Machine, engine: &Engine, model: &ModelManifest) -> Option<Advice> {
    let fits = |length: u32| {
        let engine = Engine { context_length: Some(length), ..engine.clone() };
        fit::check(fit::needed(model, &engine), engine.memory_limit_bytes, machine.memory).is_ok()
    };
    let most = engine.context_length.unwrap_or(u32::MAX).min(model.facts.context_length);
    if fits(most) {
        return None;
    }
    // Halved until it fits: a round number that leaves some room.
    let length = std::iter::successors(Some(most / 2), |length| Some(length / 2))
        .take_while(|length| *length >= 1024)
        .find(|length| fits(*length))?;
    let why = format!("{} does not fit into memory with contexts of {most} tokens; with these it does", model.name);
    Some(Advice { key: "engine.context_length", recommended: length.to_string(), why })
}

/// Unpacked weights, where all models have room twice over.
fn dense(machine: Machine, engine: &Engine, models: &[&ModelManifest]) -> Option<Advice> {
    if engine.dense_weights || machine.accelerator.is_some() || models.is_empty() {
        return None;
    }
    let engine = Engine { dense_weights: true, ..engine.clone() };
    let needed = models.iter().map(|model| fit::needed(model, &engine).total()).sum::<u64>();
    (needed <= machine.memory? / 2).then(|| Advice {
        key: "engine.dense_weights",
        recommended: "true where prompts are long and answers short".to_owned(),
        why: format!(
            "there is room for weights unpacked ({} of {} MiB): a processor reads prompts up to 1.8 times as fast, and \
             writes answers half as fast",
            needed >> 20,
            machine.memory.unwrap_or_default() >> 20
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn model() -> ModelManifest {
        serde_json::from_value(serde_json::json!({
            "schema": 1,
            "name": "m",
            "files": [{"name": "m.gguf", "sha256": "00".repeat(32), "bytes": GIB}],
            "facts": {
                "architecture": "llama", "context_length": 32_768, "quantisation": "Q8_0", "parameters": 1_000_000_000,
                "licence": null, "title": null, "kv_bytes_per_token": 131_072,
            },
            "source": {"file": "m.gguf", "sha256": "00".repeat(32), "quantisation": "Q8_0"},
            "imported_at": "2026-12-01T00:00:00Z",
        }))
        .expect("a manifest")
    }

    fn keys(machine: Machine, engine: &Engine, tenants: &[&str]) -> Vec<&'static str> {
        let tenants: Vec<String> = tenants.iter().map(|name| (*name).to_owned()).collect();
        of(machine, engine, &[&model()], &tenants).iter().map(|advice| advice.key).collect()
    }

    #[test]
    fn a_setting_that_fits_needs_no_advice() {
        let machine = Machine { cores: 8, memory: Some(7 * GIB), accelerator: None };
        assert_eq!(keys(machine, &Engine::default(), &["a", "b"]), [""; 0]);
    }

    #[test]
    fn each_has_its_reason() {
        let machine = Machine { cores: 2, memory: Some(128 * GIB), accelerator: None };
        let engine = Engine { slots: 8, threads: Some(4), ..Engine::default() };
        let wanted = ["engine.slots", "engine.threads", "engine.dedicated_to", "engine.dense_weights"];
        assert_eq!(keys(machine, &engine, &["only"]), wanted);
        // Contexts of 32,768 tokens take 4 GiB.
        let small = Machine { memory: Some(4 * GIB), ..machine };
        let advice = of(small, &Engine::default(), &[&model()], &[]);
        assert_eq!(
            (advice.len(), advice[0].key, advice[0].recommended.as_str()),
            (1, "engine.context_length", "16384")
        );
        let gpu = Machine { accelerator: Some(("an NVIDIA GPU", "cuda")), ..machine };
        assert_eq!(keys(gpu, &Engine { slots: 8, ..Engine::default() }, &[]), ["the engine's build"]);
    }
}
