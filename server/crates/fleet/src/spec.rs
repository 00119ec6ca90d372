//! What the caller says about workers and limits.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use leeward_domain::{ids::TenantId, tenant::ModelName};
use leeward_wire::SandboxMode;

use crate::status::Isolation;

/// How many finished conversations a worker with a prefix cache keeps ready to be continued.
const PREFIX_CACHE_SEQUENCES: u32 = 16;

/// The file descriptor a worker finds its socket at.
pub(crate) const WORKER_FD: i32 = 3;

/// One worker: a model, and the process that serves it.
#[derive(Debug, Clone)]
pub struct WorkerSpec {
    /// What requests call the model.
    pub model: ModelName,
    /// The worker's executable.
    pub program: PathBuf,
    /// The directory that holds the model's files; all the worker may read.
    pub model_dir: PathBuf,
    /// The weights' file name within it; if absent, the directory is the model, or has one such file.
    pub file: Option<String>,
    /// How hard the worker must be held in. With [`SandboxMode::Require`] a worker whose self-test shows a
    /// gap is refused.
    pub sandbox: SandboxMode,
    /// CPU threads; the worker chooses if absent.
    pub threads: Option<u32>,
    /// Jobs at the same time, at least 1; the worker may want fewer.
    pub slots: u32,
    /// Tokens of context; the model's own length if absent.
    pub context_length: Option<u32>,
    /// What the weights of a directory become while they are loaded, as the worker's command line calls it; as they are
    /// if absent. A model of one file brings its own type.
    pub isq: Option<String>,
    /// The worker's limit on address space in bytes; none if absent.
    pub memory_limit_bytes: Option<u64>,
    /// Whether the worker should keep a prefix cache. Only a worker with a [`WorkerSpec::domain`] gets one:
    /// a cache shared between tenants tells one what another asked.
    pub prefix_cache: bool,
    /// The one tenant this worker serves; every tenant if absent.
    pub domain: Option<TenantId>,
    /// Environment of the worker beside `PATH`, `LANG` and `RUST_LOG`; nothing else is inherited.
    pub env: Vec<(OsString, OsString)>,
}

impl WorkerSpec {
    /// A worker for `model` with the safest choices: sandbox required, one slot, no cache, shared.
    #[must_use]
    pub fn new(model: ModelName, program: PathBuf, model_dir: PathBuf) -> Self {
        Self {
            model,
            program,
            model_dir,
            file: None,
            sandbox: SandboxMode::Require,
            threads: None,
            slots: 1,
            context_length: None,
            isq: None,
            memory_limit_bytes: None,
            prefix_cache: false,
            domain: None,
            env: Vec::new(),
        }
    }

    /// Whether the worker serves one tenant or many.
    #[must_use]
    pub const fn isolation(&self) -> Isolation {
        match self.domain {
            Some(_) => Isolation::Dedicated,
            None => Isolation::Shared,
        }
    }

    /// The worker's command line, without the program.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let cache = if self.prefix_cache && self.domain.is_some() { PREFIX_CACHE_SEQUENCES } else { 0 };
        let mut arguments: Vec<OsString> = vec!["serve".into(), "--model-dir".into(), self.model_dir.clone().into()];
        let mut option = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                arguments.extend([name.into(), value.into()]);
            }
        };
        option("--file", self.file.clone());
        option("--fd", Some(WORKER_FD.to_string()));
        option("--sandbox", Some(self.sandbox.to_string()));
        option("--threads", self.threads.map(|n| n.to_string()));
        option("--slots", Some(self.slots.max(1).to_string()));
        option("--context-length", self.context_length.map(|n| n.to_string()));
        option("--isq", self.isq.clone());
        option("--memory-limit", self.memory_limit_bytes.map(|n| n.to_string()));
        option("--prefix-cache", Some(cache.to_string()));
        arguments
    }
}

/// The fleet's limits and deadlines. Start from [`FleetConfig::default`].
#[derive(Debug, Clone)]
pub struct FleetConfig {
    /// Jobs that may wait for one model beside those a free slot takes at once.
    pub queue_capacity: usize,
    /// From the check of the model's files to the worker's `Ready`.
    pub load_timeout: Duration,
    /// How long a running job may say nothing. It must cover the longest prefill, including that of a
    /// neighbour in the same worker.
    pub stall_timeout: Duration,
    /// The pause between two pings of a ready worker.
    pub ping_interval: Duration,
    /// How long a worker has to answer a ping, and a question for a token count.
    pub ping_timeout: Duration,
    /// The pause before the first restart; each further one doubles it.
    pub backoff_initial: Duration,
    /// The longest pause between restarts, and how long a worker must serve for the pause to begin anew at
    /// [`FleetConfig::backoff_initial`].
    pub backoff_max: Duration,
    /// How long a model that is unloaded may go on with what it has.
    pub drain_timeout: Duration,
    /// How long workers have to exit by themselves in [`crate::Fleet::shutdown`].
    pub shutdown_grace: Duration,
}

impl Default for FleetConfig {
    fn default() -> Self {
        Self {
            queue_capacity: 64,
            load_timeout: Duration::from_secs(600),
            stall_timeout: Duration::from_secs(180),
            ping_interval: Duration::from_secs(5),
            ping_timeout: Duration::from_secs(15),
            backoff_initial: Duration::from_millis(200),
            backoff_max: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(300),
            shutdown_grace: Duration::from_secs(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use leeward_domain::ids::PrefixedId as _;

    use super::*;

    fn option(spec: &WorkerSpec, name: &str) -> Option<OsString> {
        spec.arguments().into_iter().skip_while(|argument| argument != name).nth(1)
    }

    fn prefix_cache(spec: &WorkerSpec) -> Option<OsString> {
        option(spec, "--prefix-cache")
    }

    #[test]
    fn a_directory_is_served_as_a_whole_and_quantised_if_asked() {
        let mut spec = WorkerSpec::new("m".parse().expect("a name"), "engine".into(), "models/m".into());
        assert_eq!((option(&spec, "--file"), option(&spec, "--isq")), (None, None));
        (spec.file, spec.isq) = (Some("model.gguf".into()), Some("q4k".into()));
        assert_eq!((option(&spec, "--file"), option(&spec, "--isq")), (Some("model.gguf".into()), Some("q4k".into())));
    }

    #[test]
    fn only_a_dedicated_worker_gets_a_prefix_cache() {
        let mut spec = WorkerSpec::new("m".parse().expect("a name"), "engine".into(), "models/m".into());
        spec.prefix_cache = true;
        assert_eq!(prefix_cache(&spec), Some("0".into()));
        spec.domain = Some(TenantId::from_uuid(uuid::Uuid::from_u128(1)));
        assert_eq!(prefix_cache(&spec), Some("16".into()));
        spec.prefix_cache = false;
        assert_eq!(prefix_cache(&spec), Some("0".into()));
    }
}
