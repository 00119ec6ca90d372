//! The worker, as the fleet would run it: sandboxed, over its socket.

use std::{
    env,
    io::{Read as _, Write as _},
    os::{fd::AsRawFd as _, unix::net::UnixStream},
    path::Path,
    process::{Child, Command, Stdio},
};

use leeward_wire::{ChatMessage, ChatRole, FromWorker, GenerateRequest, JobId, Prompt, Sampling, ToWorker};

use crate::{
    directory,
    turn::{Stopwatch, Turn},
};

/// The worker, over its socket.
pub(crate) struct Worker {
    socket: UnixStream,
    _process: Child,
}

impl Worker {
    pub(crate) fn start(model: &Path, dense: bool) -> Self {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        rustix::io::fcntl_setfd(&theirs, rustix::io::FdFlags::empty()).expect("the child's end is inherited");
        let process = Command::new(env::current_exe().expect("this program"))
            .args(["worker", "serve", "--sandbox", "require", "--prefix-cache", "0", "--fd"])
            .arg(theirs.as_raw_fd().to_string())
            .arg("--model-dir")
            .arg(directory(model))
            .arg("--file")
            .arg(model.file_name().expect("a file"))
            // candle's own switch, read when weights are loaded.
            .envs(dense.then_some(("CANDLE_DEQUANTIZE_ALL", "1")))
            .stderr(Stdio::null())
            .spawn()
            .expect("the worker starts");
        let mut worker = Self { socket: ours, _process: process };
        loop {
            match worker.receive() {
                FromWorker::Ready(_) => return worker,
                FromWorker::Hello { .. } => {}
                other => panic!("the worker said {other:?}"),
            }
        }
    }

    fn receive(&mut self) -> FromWorker {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length).expect("a frame");
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.socket.read_exact(&mut frame).expect("a frame");
        serde_json::from_slice(&frame).expect("a message")
    }

    pub(crate) fn turn(&mut self, job: u64, prompt: &str, tokens: u32) -> Turn {
        let prompt = Prompt::chat(vec![ChatMessage::new(ChatRole::User, prompt)]);
        let request = GenerateRequest::new(prompt, Sampling::Greedy, tokens);
        let frame = serde_json::to_vec(&ToWorker::Generate { job: JobId(job), request }).expect("JSON");
        let length = u32::try_from(frame.len()).expect("a short frame").to_be_bytes();
        self.socket.write_all(&[&length, frame.as_slice()].concat()).expect("the worker reads");
        let (mut watch, mut text, mut counted) = (Stopwatch::start(), String::new(), 0);
        loop {
            match self.receive() {
                FromWorker::Delta { text: more, tokens, .. } => {
                    watch.tokens(tokens);
                    text.push_str(&more);
                }
                FromWorker::Finished { .. } => return watch.turn(counted, text),
                FromWorker::Started { prompt_tokens, .. } => counted = prompt_tokens,
                other => panic!("the worker said {other:?}"),
            }
        }
    }
}
