//! The worker itself: its sandbox, its model, its health.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What to do when the kernel cannot hold the worker in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SandboxMode {
    /// Landlock and seccomp both, or the worker refuses to serve. The default on Linux.
    Require,
    /// As much as the kernel has, with a loud warning for what it lacks.
    Prefer,
    /// Nothing. For debugging only; shown wherever health is shown.
    Off,
}

impl SandboxMode {
    /// The spelling on command lines and in configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Prefer => "prefer",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for SandboxMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SandboxMode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "require" => Ok(Self::Require),
            "prefer" => Ok(Self::Prefer),
            "off" => Ok(Self::Off),
            _ => Err("the sandbox is one of: require, prefer, off".into()),
        }
    }
}

/// What the worker found when it tried to get out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxReport {
    /// The mode it was started with.
    pub mode: SandboxMode,
    /// `no_new_privs` is set.
    pub no_new_privs: bool,
    /// The Landlock ABI in force; absent if the kernel has none.
    pub landlock_abi: Option<u32>,
    /// The seccomp filter is in force.
    pub seccomp: bool,
    /// The limit on address space in bytes, if one was set.
    pub memory_limit_bytes: Option<u64>,
    /// The self-test: opening a new socket was refused.
    pub socket_refused: bool,
    /// The self-test: reading a file outside the model directory was refused.
    pub file_refused: bool,
}

impl SandboxReport {
    /// Whether both doors were tried and found shut.
    #[must_use]
    pub const fn is_tight(&self) -> bool {
        self.no_new_privs && self.seccomp && self.landlock_abi.is_some() && self.socket_refused && self.file_refused
    }
}

/// A loaded model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelReady {
    /// The longest prompt plus answer, in tokens.
    pub context_length: u32,
    /// How many jobs the worker wants at most at the same time.
    pub slots: u32,
    /// How long loading took, in milliseconds.
    pub load_ms: u64,
    /// Its chat template, as the model's file has it: what it gives away of how the model reasons and calls tools.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// How wide its vectors are, if it is a model that embeds; such a model generates nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<u32>,
}

/// How a worker is, in [`crate::FromWorker::Pong`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerStats {
    /// Jobs being worked on.
    pub running: u32,
    /// Resident memory in bytes.
    pub resident_bytes: u64,
    /// Tokens generated since the start.
    pub completion_tokens: u64,
    /// Prompt tokens since the start.
    pub prompt_tokens: u64,
}
