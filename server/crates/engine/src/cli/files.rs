//! `leeward-engine inspect` and `quantize`: models' files, each in a sandbox of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use leeward_domain::model::ModelFacts;
use leeward_wire::SandboxMode;
use serde::Serialize;

use crate::{
    directory::{self, Directory, DirectoryError},
    gguf::{self, GgufError, Header},
    sandbox::{self, Policy},
};

/// Exit status 0 when the model is sound; 1 with `{"error":{"code","message"}}` when it is not.
#[derive(Debug, Args)]
pub(super) struct InspectArguments {
    /// The GGUF file, or a directory with config.json, tokenizer.json and *.safetensors.
    file: PathBuf,
    /// require, prefer or off.
    #[arg(long, default_value = "prefer", value_parser = super::parse_mode)]
    sandbox: SandboxMode,
}

/// Exit status 0 when the new file is there, whole; 1 with `{"error":{"code","message"}}` and nothing left
/// behind when it is not.
#[derive(Debug, Args)]
pub(super) struct QuantizeArguments {
    /// The GGUF file to convert.
    input: PathBuf,
    /// The file to make; replaced if it is there.
    output: PathBuf,
    /// What the matrices become.
    #[arg(long = "type", value_enum)]
    target: TargetName,
    /// require, prefer or off.
    #[arg(long, default_value = "prefer", value_parser = super::parse_mode)]
    sandbox: SandboxMode,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TargetName {
    /// Eight bits per weight, practically lossless.
    #[value(name = "q8_0")]
    Q8_0,
}

impl From<TargetName> for gguf::Target {
    fn from(name: TargetName) -> Self {
        match name {
            TargetName::Q8_0 => Self::Q8_0,
        }
    }
}

#[derive(Debug, Serialize)]
struct Inspected {
    facts: ModelFacts,
    /// Of a directory: the files that make the model, the weights first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Refused {
    error: RefusedBecause,
}

#[derive(Debug, Serialize)]
struct RefusedBecause {
    code: &'static str,
    message: String,
}

pub(super) fn inspect(arguments: &InspectArguments) -> u8 {
    let result = openable(&arguments.file).map(|file| (vec![file], vec![]));
    answer(arguments.sandbox, result, || facts_of(&arguments.file))
}

pub(super) fn quantize(arguments: &QuantizeArguments) -> u8 {
    let result = openable(&arguments.input).and_then(|input| {
        let parent = arguments.output.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = openable(parent.unwrap_or(Path::new(".")))?;
        Ok((vec![input], vec![directory]))
    });
    answer(arguments.sandbox, result, || {
        gguf::requantise(&arguments.input, &arguments.output, arguments.target.into())?;
        facts_of(&arguments.output)
    })
}

impl From<GgufError> for RefusedBecause {
    fn from(error: GgufError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

impl From<DirectoryError> for RefusedBecause {
    fn from(error: DirectoryError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

fn facts_of(path: &Path) -> Result<Inspected, RefusedBecause> {
    if path.is_dir() {
        let directory = Directory::open(path)?;
        return Ok(Inspected { facts: directory::facts(&directory)?, files: directory.files()? });
    }
    Ok(Inspected { facts: gguf::facts(&Header::open(path)?)?, files: Vec::new() })
}

/// Landlock needs paths that are there.
fn openable(path: &Path) -> Result<PathBuf, RefusedBecause> {
    let refused = |why: String| GgufError::Io(format!("{}: {why}", path.display())).into();
    match fs::metadata(path) {
        Ok(_) => Ok(path.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(refused("there is no such file".into())),
        Err(error) => Err(refused(error.to_string())),
    }
}

type Paths = (Vec<PathBuf>, Vec<PathBuf>);

fn answer(
    mode: SandboxMode,
    paths: Result<Paths, RefusedBecause>,
    work: impl FnOnce() -> Result<Inspected, RefusedBecause>,
) -> u8 {
    let result = match paths {
        Ok((read, write)) => {
            let entered = sandbox::enter(&Policy { mode, read, write, memory_limit: None });
            super::serve::log(&entered);
            if !entered.may_serve() {
                tracing::error!("the sandbox is required and does not hold: refusing to read the file");
                return super::SANDBOX_LEAKS;
            }
            work()
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(inspected) => {
            super::print(&inspected);
            0
        }
        Err(error) => {
            super::print(&Refused { error });
            1
        }
    }
}
