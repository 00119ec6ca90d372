//! The protocol between the fleet and an engine worker.
//!
//! One stream socket (a socketpair inherited as a file descriptor) carries length-prefixed JSON frames in
//! both directions: [`ToWorker`] one way, [`FromWorker`] the other. [`codec`] holds the framing.
//!
//! The order of a worker's life: it enters its sandbox and says [`FromWorker::Hello`]; it loads the model
//! and says [`FromWorker::Ready`] or [`FromWorker::LoadFailed`]; then it answers jobs until
//! [`ToWorker::Shutdown`] or the socket closes. Every job it accepts ends in exactly one
//! [`FromWorker::Finished`] or [`FromWorker::Failed`], also when it was cancelled.
//!
//! To add a message: a variant here and an arm on both sides. Fields may be added with
//! `#[serde(default)]`; a change of meaning raises [`PROTOCOL_VERSION`].

pub mod codec;
mod embed;
mod job;
mod json;
mod logprob;
mod prompt;
mod worker;

pub use embed::{EmbedInput, EmbedRequest, MAX_EMBED_INPUTS};
pub use job::{
    Constraint, FinishReason, GenerateRequest, JobFailure, MAX_BIASES, MAX_GRAMMAR_BYTES, MAX_LOGPROBS, Sampling, Usage,
};
pub use json::JsonText;
pub use logprob::{LEAST_LOGPROB, Likelihood, TokenLogprob};
pub use prompt::{ChatMessage, ChatPrompt, ChatRole, Effort, Prompt, ToolCall};
pub use worker::{ModelReady, SandboxMode, SandboxReport, WorkerStats};

use serde::{Deserialize, Serialize};

/// Raised when a peer built against the old meaning could do harm; both sides refuse another's version.
pub const PROTOCOL_VERSION: u32 = 3;

/// Names one job on one worker connection; chosen by the fleet, never reused on that connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

/// What the fleet says to a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// Start generating.
    Generate {
        /// The new job.
        job: JobId,
        /// What to generate.
        request: GenerateRequest,
    },
    /// Turn texts into vectors.
    Embed {
        /// The new job.
        job: JobId,
        /// The texts.
        request: EmbedRequest,
    },
    /// Count the tokens this prompt would cost, template included.
    Count {
        /// The new job.
        job: JobId,
        /// The prompt.
        prompt: Prompt,
    },
    /// Cut a text into tokens, as it would be in the middle of a prompt: no template, nothing put around it.
    Tokenize {
        /// The new job.
        job: JobId,
        /// The text; special tokens spelled out in it become those tokens.
        text: String,
    },
    /// Stop a running job soon. Unknown or finished jobs are ignored.
    Cancel {
        /// The job to stop.
        job: JobId,
    },
    /// Answer with [`FromWorker::Pong`]; asked of an idle worker too, so it shows the worker is alive.
    Ping {
        /// Comes back in the answer.
        nonce: u64,
    },
    /// Finish nothing more and exit with status 0.
    Shutdown,
}

/// What a worker says to the fleet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromWorker {
    /// The first frame: the worker is in its sandbox and has tested it.
    Hello {
        /// [`PROTOCOL_VERSION`] of the worker.
        protocol: u32,
        /// The worker's package version.
        version: String,
        /// The engine behind it and its version, for example `mistral.rs 0.8.1`.
        engine: String,
        /// What the sandbox holds back, as tested by trying.
        sandbox: SandboxReport,
    },
    /// The model is loaded; jobs may come.
    Ready(ModelReady),
    /// The model could not be loaded; the worker exits after this.
    LoadFailed {
        /// What was wrong, for an operator.
        message: String,
    },
    /// The prompt was accepted, its length is known, generation begins.
    Started {
        /// The job.
        job: JobId,
        /// Length of the prompt in tokens, template included.
        prompt_tokens: u32,
    },
    /// More text. Never part of a stop string, never part of a character.
    Delta {
        /// The job.
        job: JobId,
        /// The text to append; may be empty only if `tokens` is not 0.
        text: String,
        /// How many generated tokens this stands for.
        tokens: u32,
        /// One for each of these tokens, if they were asked for; over all deltas every generated token
        /// appears once, also one whose text is held back or is part of a stop string.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        logprobs: Vec<TokenLogprob>,
    },
    /// The vector of the next input of a [`ToWorker::Embed`]: one for each, in the order asked.
    Embedded {
        /// The job.
        job: JobId,
        /// Of length 1, as wide as [`ModelReady::embedding`] says.
        vector: Vec<f32>,
    },
    /// The job's end, with the whole count.
    Finished {
        /// The job.
        job: JobId,
        /// Why it ended.
        reason: FinishReason,
        /// Which of the request's stop strings ended it, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stop: Option<String>,
        /// What it cost.
        usage: Usage,
    },
    /// The job's end without a proper answer; text sent so far stands.
    Failed {
        /// The job.
        job: JobId,
        /// Why.
        failure: JobFailure,
    },
    /// The answer to [`ToWorker::Count`].
    Counted {
        /// The job.
        job: JobId,
        /// Length of the prompt in tokens, template included.
        prompt_tokens: u32,
    },
    /// The answer to [`ToWorker::Tokenize`].
    Tokenized {
        /// The job.
        job: JobId,
        /// The tokens' numbers in the vocabulary.
        tokens: Vec<u32>,
    },
    /// The answer to [`ToWorker::Ping`].
    Pong {
        /// The nonce of the question.
        nonce: u64,
        /// How the worker is.
        stats: WorkerStats,
    },
}
