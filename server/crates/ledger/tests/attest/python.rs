//! The second verifier, `docs/verify_attest.py`, as a process.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use leeward_ledger::verify::Options;
use serde_json::{Value, json};

pub(crate) fn python() -> Command {
    // Of the checkout that runs, not of the one that was compiled: they may share a target directory.
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut command = Command::new("python3");
    command.args(["-I", "-B"]).arg(Path::new(&package).join("../../../docs/verify_attest.py"));
    command
}

/// It, checking many files in one process.
pub(crate) struct Batch {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    pub(crate) fn start() -> Self {
        let mut child = python().arg("--batch").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (questions, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, questions, answers }
    }

    /// What it finds in `file`, which is put at `path`; nothing if all is well.
    pub(crate) fn ask(&mut self, path: &Path, file: &[u8], options: &Options) -> Vec<String> {
        fs::write(path, file).unwrap();
        let mut arguments = vec![path.display().to_string()];
        if let Some(key) = &options.key {
            arguments.extend(["--key".into(), key.to_string()]);
        }
        if let Some(note) = &options.since {
            let since = path.with_extension("since");
            fs::write(&since, note).unwrap();
            arguments.extend(["--since".into(), since.display().to_string()]);
        }
        for witness in &options.witnesses {
            arguments.extend(["--witness".into(), witness.to_string()]);
        }
        writeln!(self.questions, "{}", json!({ "arguments": arguments })).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        let findings = answer["findings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        let findings: Vec<_> = findings.collect();
        assert_eq!(answer["status"], i32::from(!findings.is_empty()));
        findings
    }

    pub(crate) fn end(mut self) {
        drop(self.questions);
        assert!(self.child.wait().unwrap().success());
    }
}
