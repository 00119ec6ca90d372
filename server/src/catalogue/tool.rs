//! Running `leeward-engine inspect` and `quantize`: files from outside are parsed in the worker's binary,
//! which sandboxes itself first, never in this process.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use leeward_domain::model::ModelFacts;
use serde::Deserialize;
use tokio::{process::Command, time::timeout};

/// Reading a header is quick.
const INSPECT: Duration = Duration::from_secs(60);
/// Re-quantising reads and writes every weight; an hour is a model of hundreds of gigabytes.
const QUANTIZE: Duration = Duration::from_secs(3600);

/// What a model's files say.
#[derive(Debug, Deserialize)]
pub(super) struct Inspected {
    /// What a manifest records.
    pub(super) facts: ModelFacts,
    /// Of a directory, the files that make the model, the weights first; the tool is not trusted with their names.
    #[serde(default)]
    pub(super) files: Vec<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: Refusal,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

/// What a file's header, or a directory's files, say.
///
/// # Errors
/// When it is no whole model, with the tool's own explanation.
pub(super) async fn inspect(program: &Path, file: &Path) -> anyhow::Result<Inspected> {
    let mut command = Command::new(program);
    command.arg("inspect").arg(file);
    let answer = run(command, INSPECT).await?;
    serde_json::from_slice(&answer).context("the engine's answer makes no sense")
}

/// Writes `file`, re-quantised, to `target`.
///
/// # Errors
/// When it is no whole GGUF file or the disk is full; nothing is left at `target` then.
pub(super) async fn quantize(program: &Path, file: &Path, target: &Path, kind: &str) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.arg("quantize").arg(file).arg(target).args(["--type", kind]);
    run(command, QUANTIZE).await.map(drop)
}

async fn run(mut command: Command, deadline: Duration) -> anyhow::Result<Vec<u8>> {
    let program = command.as_std().get_program().to_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}; set engine.program", program.display()))?;
    let output = timeout(deadline, child.wait_with_output())
        .await
        .with_context(|| format!("{} took longer than {} s", program.display(), deadline.as_secs()))??;
    if output.status.success() {
        return Ok(output.stdout);
    }
    match serde_json::from_slice::<Refused>(&output.stdout) {
        Ok(Refused { error }) => bail!("{} ({})", error.message, error.code),
        Err(_) => bail!("{} failed: {}", program.display(), output.status),
    }
}
