//! `[engine]` and `[models]`: the workers, and which models they serve.

use std::{path::PathBuf, time::Duration};

use leeward_ledger::VerifierKey;
use leeward_wire::SandboxMode;
use serde::{Deserialize, Serialize};

/// A type that weights are quantised to at load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Isq {
    /// Eight bits per weight, practically lossless.
    #[serde(rename = "q8_0")]
    Q8_0,
    /// Four and a half bits per weight.
    Q4k,
}

impl Isq {
    /// As the worker's command line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Q8_0 => "q8_0",
            Self::Q4k => "q4k",
        }
    }
}

/// `[engine]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// The worker's program; by default `leeward-engine` beside this binary.
    pub program: Option<PathBuf>,
    /// `require`, `prefer` or `off`.
    pub sandbox: SandboxMode,
    /// Compute threads per worker; by default the physical cores.
    pub threads: Option<u32>,
    /// Requests a worker runs at the same time.
    pub slots: u32,
    /// Lower the context length to this many tokens.
    pub context_length: Option<u32>,
    /// What the matrices of models that lie in directories become while they are loaded: `q8_0` or `q4k`; as they are if
    /// unset. GGUF models bring their own type.
    pub isq: Option<Isq>,
    /// Limit each worker's memory to this many bytes.
    pub memory_limit_bytes: Option<u64>,
    /// Unpack quantised weights to 32-bit floats at load: four bytes each in memory. On a CPU prompts are read up to 1.8
    /// times as fast, and answers written half as fast (docs/benchmarks.md).
    pub dense_weights: bool,
    /// Requests that may wait for a model; one more gets 429.
    pub queue_capacity: usize,
    /// Seconds a model may take to load.
    pub load_timeout_s: u64,
    /// Seconds a running request may go without a sign of life before its worker is restarted.
    pub stall_timeout_s: u64,
    /// Seconds an answer may take in all, waiting included; a request may ask for less (`Leeward-Timeout`).
    pub answer_timeout_s: u64,
    /// The name of the one tenant the workers serve; they may then keep a prefix cache (a chat's second
    /// turn starts about ten times sooner). Unset: workers are shared and keep no cache.
    pub dedicated_to: Option<String>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            program: None,
            sandbox: SandboxMode::Require,
            threads: None,
            slots: 1,
            context_length: None,
            isq: None,
            memory_limit_bytes: None,
            dense_weights: false,
            queue_capacity: 64,
            load_timeout_s: 600,
            stall_timeout_s: 120,
            answer_timeout_s: 3600,
            dedicated_to: None,
        }
    }
}

impl Engine {
    /// `load_timeout_s` as a duration.
    #[must_use]
    pub const fn load_timeout(&self) -> Duration {
        Duration::from_secs(self.load_timeout_s)
    }

    /// `stall_timeout_s` as a duration.
    #[must_use]
    pub const fn stall_timeout(&self) -> Duration {
        Duration::from_secs(self.stall_timeout_s)
    }

    /// `answer_timeout_s` as a duration.
    #[must_use]
    pub const fn answer_timeout(&self) -> Duration {
        Duration::from_secs(self.answer_timeout_s)
    }
}

/// `[models]`: what it takes for a model to serve.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// Seconds after which a model that nobody asks is let go of; the next request has it loaded again. Unset: never.
    pub unload_idle_s: Option<u64>,
    /// Whether two people must stand behind a model before it serves: one proposes it, another approves.
    pub two_people: bool,
    /// Keys of those whose signed bundles may be imported, as `leeward model key` prints them: `name+hash+base64`.
    pub trusted_keys: Vec<String>,
    /// Whether nothing but signed bundles may be imported.
    pub require_signature: bool,
}

impl Models {
    /// The trusted keys.
    ///
    /// # Errors
    /// The first that is none, or that a signature is wanted and nobody is trusted.
    pub fn keys(&self) -> Result<Vec<VerifierKey>, String> {
        if self.require_signature && self.trusted_keys.is_empty() {
            return Err("models.require_signature is on and models.trusted_keys is empty: nothing could be imported; \
                        list the keys of those you trust, as `leeward model key` prints them there"
                .to_owned());
        }
        let parse = |key: &String| {
            key.parse().map_err(|_| format!("models.trusted_keys: {key:?} is no key: write name+hash+base64"))
        };
        self.trusted_keys.iter().map(parse).collect()
    }
}
