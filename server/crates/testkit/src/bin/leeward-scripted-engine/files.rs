//! `inspect` and `quantize`, as far as an import's test needs them.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use leeward_domain::model::ModelFacts;
use serde_json::{Value, json};

/// Prints `{"facts":…}`, or `{"error":{"code","message"}}` and exits with 1. What a token of context costs is what the
/// file says behind `kv=`.
pub(crate) fn inspect(file: &Path) -> ExitCode {
    let facts = ModelFacts {
        architecture: "llama".into(),
        context_length: 4096,
        quantisation: "Q8_0".into(),
        parameters: 135_000_000,
        licence: Some("apache-2.0".into()),
        title: Some("Scripted".into()),
        kv_bytes_per_token: said(file, "kv").and_then(|said| said.parse().ok()),
    };
    if file.is_dir() {
        return answer(below(file).map(|files| json!({ "facts": facts, "files": files })));
    }
    answer(check(file).map(|()| json!({ "facts": facts })))
}

/// The files of a directory with a `config.json`: the weights, then the others, one folder deep, but for `*.txt`.
fn below(directory: &Path) -> Result<Vec<String>, Refusal> {
    let io = |error: io::Error| ("io", error.to_string());
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(directory.join(&folder)).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(format!("{name}/"));
            } else if !name.ends_with(".txt") {
                files.push(name);
            }
        }
    }
    files.sort_by_key(|name| (!name.ends_with(".safetensors"), name.clone()));
    let is_one = files.iter().any(|name| name == "config.json");
    if is_one { Ok(files) } else { Err(("not_a_model", "there is no config.json".into())) }
}

/// What the file says behind `KEY=`, up to the next space.
fn said(file: &Path, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let (_, said) = text.split_once(&format!("{key}="))?;
    Some(said.split_whitespace().next().unwrap_or_default().to_owned())
}

/// How wide the vectors of a model are that embeds: what a file in its directory says behind `embeds=`.
pub(crate) fn embeds(directory: &Path) -> Option<u32> {
    let files = fs::read_dir(directory).ok()?.filter_map(Result::ok);
    files.filter_map(|entry| said(&entry.path(), "embeds")).find_map(|said| said.parse().ok())
}

/// Copies, and prints `{"facts":…}`-less success as an empty object.
pub(crate) fn quantize(file: &Path, target: &Path) -> ExitCode {
    let copied = check(file).and_then(|()| fs::copy(file, target).map_err(|error| ("io", error.to_string())));
    answer(copied.map(|_| json!({})))
}

type Refusal = (&'static str, String);

fn check(file: &Path) -> Result<(), Refusal> {
    let mut magic = [0; 4];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut magic)).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => not_gguf(),
        _ => ("io", error.to_string()),
    })?;
    if magic == *b"GGUF" { Ok(()) } else { Err(not_gguf()) }
}

fn not_gguf() -> Refusal {
    ("not_gguf", "the file does not begin with GGUF".into())
}

fn answer(result: Result<Value, Refusal>) -> ExitCode {
    let (text, status) = match result {
        Ok(value) => (value, ExitCode::SUCCESS),
        Err((code, message)) => (json!({ "error": { "code": code, "message": message } }), ExitCode::FAILURE),
    };
    match writeln!(io::stdout(), "{text}") {
        Ok(()) => status,
        Err(_) => ExitCode::FAILURE,
    }
}
