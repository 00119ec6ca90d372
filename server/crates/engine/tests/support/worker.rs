//! A worker process, spoken to as the fleet does.

use std::{
    io::{self, Read as _, Write as _},
    os::{fd::AsRawFd as _, unix::net::UnixStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::Mutex,
    time::Duration,
};

use leeward_wire::{
    ChatMessage, ChatRole, FinishReason, FromWorker, GenerateRequest, JobFailure, JobId, ModelReady, Prompt, Sampling,
    SandboxReport, ToWorker, TokenLogprob, Usage,
};

pub(crate) const ENGINE: &str = env!("CARGO_BIN_EXE_leeward-engine");

/// Only for hangs: nothing a test asks takes a minute.
const PATIENCE: Duration = Duration::from_secs(120);

/// One spawn at a time, so that no other child inherits a worker's end of a socket.
static SPAWN: Mutex<()> = Mutex::new(());

pub(crate) struct Worker {
    socket: UnixStream,
    process: Child,
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// How a job went.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    /// The sum of the deltas' tokens.
    pub(crate) streamed: u32,
    /// The prompt tokens of `Started`, if it came.
    pub(crate) started: Option<u32>,
    /// Those of all deltas.
    pub(crate) logprobs: Vec<TokenLogprob>,
    pub(crate) end: Result<(FinishReason, Usage), JobFailure>,
}

impl Outcome {
    pub(crate) fn finished(&self) -> (FinishReason, Usage) {
        self.end.clone().expect("the job finishes")
    }
}

impl Worker {
    /// Starts a worker without waiting for anything.
    pub(crate) fn spawn(directory: &Path, arguments: &[&str]) -> Self {
        let guard = SPAWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_read_timeout(Some(PATIENCE)).unwrap();
        rustix::io::fcntl_setfd(&theirs, rustix::io::FdFlags::empty()).unwrap();
        let process = Command::new(ENGINE)
            .args(["serve", "--fd", &theirs.as_raw_fd().to_string(), "--model-dir"])
            .arg(directory)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(theirs);
        drop(guard);
        Self { socket: ours, process }
    }

    /// Starts a worker and waits until it is ready.
    pub(crate) fn start(directory: &Path, arguments: &[&str]) -> (Self, SandboxReport, ModelReady) {
        let mut worker = Self::spawn(directory, arguments);
        let FromWorker::Hello { sandbox, .. } = worker.receive().unwrap() else { panic!("Hello comes first") };
        let FromWorker::Ready(ready) = worker.receive().unwrap() else { panic!("then Ready") };
        (worker, sandbox, ready)
    }

    pub(crate) fn send(&mut self, message: &ToWorker) {
        let frame = serde_json::to_vec(message).unwrap();
        let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
        self.socket.write_all(&[&length[..], &frame].concat()).unwrap();
    }

    pub(crate) fn receive(&mut self) -> io::Result<FromWorker> {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length)?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.socket.read_exact(&mut frame)?;
        Ok(serde_json::from_slice(&frame)?)
    }

    pub(crate) fn generate(&mut self, job: u64, request: GenerateRequest) {
        self.send(&ToWorker::Generate { job: JobId(job), request });
    }

    /// Runs one job to its end.
    pub(crate) fn run(&mut self, job: u64, request: GenerateRequest) -> Outcome {
        self.generate(job, request);
        self.outcomes(&[job]).remove(0)
    }

    /// Waits for these jobs' ends, in whatever order they come.
    pub(crate) fn outcomes(&mut self, jobs: &[u64]) -> Vec<Outcome> {
        let mut texts = vec![(String::new(), 0, None, Vec::new()); jobs.len()];
        let mut ends = vec![None; jobs.len()];
        let index = |job: JobId| jobs.iter().position(|other| *other == job.0).expect("only our jobs");
        while ends.iter().any(Option::is_none) {
            match self.receive().unwrap() {
                FromWorker::Started { job, prompt_tokens } => texts[index(job)].2 = Some(prompt_tokens),
                FromWorker::Delta { job, text, tokens, logprobs } => {
                    assert!(!text.is_empty() || tokens > 0, "an empty delta");
                    assert!(logprobs.is_empty() || logprobs.len() == tokens as usize, "one for each token");
                    assert!(ends[index(job)].is_none(), "a delta after the end");
                    texts[index(job)].0.push_str(&text);
                    texts[index(job)].1 += tokens;
                    texts[index(job)].3.extend(logprobs);
                }
                FromWorker::Finished { job, reason, usage, .. } => ends[index(job)] = Some(Ok((reason, usage))),
                FromWorker::Failed { job, failure } => ends[index(job)] = Some(Err(failure)),
                other => panic!("the worker said {other:?}"),
            }
        }
        std::iter::zip(texts, ends)
            .map(|((text, streamed, started, logprobs), end)| {
                let end = end.unwrap();
                Outcome { text, streamed, started, logprobs, end }
            })
            .collect()
    }

    /// Closes the connection and waits for the process.
    pub(crate) fn hang_up(self) -> ExitStatus {
        self.socket.shutdown(std::net::Shutdown::Both).unwrap();
        self.wait()
    }

    pub(crate) fn wait(mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

pub(crate) fn user(content: &str) -> ChatMessage {
    ChatMessage::new(ChatRole::User, content)
}

pub(crate) fn assistant(content: &str) -> ChatMessage {
    ChatMessage::new(ChatRole::Assistant, content)
}

/// Random sampling at a temperature, nothing cut.
pub(crate) const fn random(temperature: f64, seed: Option<u64>) -> Sampling {
    Sampling::Random { temperature, top_p: 1.0, top_k: None, min_p: None, seed }
}

/// A greedy request without stops or penalties.
pub(crate) fn greedy(messages: Vec<ChatMessage>, max_tokens: u32) -> GenerateRequest {
    GenerateRequest::new(Prompt::chat(messages), Sampling::Greedy, max_tokens)
}
