//! Models as directories, as Hugging Face lays them out: `config.json`, `tokenizer.json`, weights in
//! `*.safetensors`; what embeds has `modules.json` of sentence-transformers besides.
//!
//! Everything is read and checked here before the engine sees it, and the engine is then given these files by
//! name: it looks for nothing itself. To support an architecture: a row in [`Architecture::of`], what it needs in
//! [`config`], and a tiny model of it in the tests. Left out: pickled weights, adapters, weights that are quantised
//! in the files (GPTQ, AWQ, FP8), images and sound.

mod architecture;
mod config;
mod facts;
pub mod header;
mod modules;
mod texts;

pub use architecture::Architecture;
pub use config::{Config, Ids, LatentHeads};
pub use facts::facts;
pub use header::Tensor;
pub use modules::{Module, Modules};
pub use texts::Texts;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};

/// The longest JSON file that is read here, in bytes; tokenizers, which are not, reach tens of megabytes.
const MAX_JSON_BYTES: u64 = 32 << 20;
/// The most files of weights; the largest public models have under 200.
const MAX_FILES: usize = 1024;

/// Names of the files in a directory.
pub mod name {
    /// The architecture and its sizes; a directory without it is no model.
    pub const CONFIG: &str = "config.json";
    /// The tokenizer, in the form of the `tokenizers` library.
    pub const TOKENIZER: &str = "tokenizer.json";
    /// The special tokens, and often the chat template.
    pub const TOKENIZER_CONFIG: &str = "tokenizer_config.json";
    /// The tokens that end an answer, among what is not read.
    pub const GENERATION: &str = "generation_config.json";
    /// Which tensor is in which file.
    pub const INDEX: &str = "model.safetensors.index.json";
    /// What comes after the layers of a model that embeds.
    pub const MODULES: &str = "modules.json";
    /// A chat template alone; it counts before that in [`TOKENIZER_CONFIG`].
    pub const TEMPLATE: &str = "chat_template.jinja";
    /// The same, in JSON.
    pub const TEMPLATE_JSON: &str = "chat_template.json";
    /// The files besides the weights and the modules' own.
    pub const SMALL: [&str; 8] =
        [CONFIG, TOKENIZER, TOKENIZER_CONFIG, GENERATION, TEMPLATE, TEMPLATE_JSON, INDEX, MODULES];
}

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It is not a model's directory, or its files contradict each other.
    #[error("not a model: {0}")]
    NotAModel(String),
    /// A file ends too early.
    #[error("truncated: {0}")]
    Truncated(String),
    /// A model, but of a kind this engine cannot work with.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// Reading failed.
    #[error("{0}")]
    Io(String),
}

impl DirectoryError {
    /// The word programs match on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAModel(_) => "not_a_model",
            Self::Truncated(_) => "truncated",
            Self::Unsupported(_) => "unsupported",
            Self::Io(_) => "io",
        }
    }

    /// Says which file it is about.
    #[must_use]
    pub(crate) fn about(self, path: &Path) -> Self {
        let named = |message: String| format!("{}: {message}", path.display());
        match self {
            Self::NotAModel(message) => Self::NotAModel(named(message)),
            Self::Truncated(message) => Self::Truncated(named(message)),
            Self::Unsupported(message) => Self::Unsupported(named(message)),
            Self::Io(message) => Self::Io(named(message)),
        }
    }
}

/// A directory that has been read and checked; its weights' headers too, their data not.
#[derive(Debug)]
pub struct Directory {
    /// Where it is.
    pub path: PathBuf,
    /// What `config.json` says.
    pub config: Config,
    /// Chat template and special tokens.
    pub texts: Texts,
    /// The files of weights, in the order of their names.
    pub weights: Vec<PathBuf>,
    /// Every tensor of all of them by name, with its file's place among them.
    pub tensors: BTreeMap<String, (usize, Tensor)>,
    /// What comes after the layers, if it is a model that embeds.
    pub modules: Option<Modules>,
}

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

impl Directory {
    /// Whether there is a model of this kind, whole or not.
    #[must_use]
    pub fn is_one(path: &Path) -> bool {
        path.join(name::CONFIG).is_file()
    }

    /// Reads and checks a directory.
    ///
    /// # Errors
    /// See [`DirectoryError`]; each names its file.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let lacks = |name: &str| DirectoryError::NotAModel(format!("{} has no {name}", path.display()));
        let config: Option<Config> = read_json(&path.join(name::CONFIG))?;
        let config = config.ok_or_else(|| lacks(name::CONFIG))?;
        let modules = Modules::open(path)?;
        config.check(modules.is_some()).map_err(|error| error.about(&path.join(name::CONFIG)))?;
        if !path.join(name::TOKENIZER).is_file() {
            return Err(lacks(name::TOKENIZER));
        }
        let texts = Texts::open(path)?;
        let weights = weights(path)?;
        let mut tensors = BTreeMap::new();
        for (place, file) in weights.iter().enumerate() {
            for tensor in header::open(file)? {
                if let Some((_, twice)) = tensors.insert(tensor.name.clone(), (place, tensor)) {
                    let detail = format!("{}: another file has the tensor {}, too", file.display(), twice.name);
                    return Err(DirectoryError::NotAModel(detail));
                }
            }
        }
        Ok(Self { path: path.to_owned(), config, texts, weights, tensors, modules })
    }

    /// The names of all files that make the model, the weights first, with `/` between a folder and its file.
    ///
    /// # Errors
    /// [`DirectoryError::NotAModel`] if one of them is no UTF-8.
    pub fn files(&self) -> Result<Vec<String>, DirectoryError> {
        let small = name::SMALL.iter().map(|name| self.file(name)).filter(|path| path.is_file());
        let modules = self.modules.iter().flat_map(|modules| &modules.steps).flat_map(Module::files);
        let paths = self.weights.iter().cloned().chain(small).chain(modules.cloned());
        let name = |path: PathBuf| {
            let name = path.strip_prefix(&self.path).ok().and_then(Path::to_str).map(str::to_owned);
            name.ok_or_else(|| DirectoryError::NotAModel(format!("{}: its name is no UTF-8", path.display())))
        };
        paths.map(name).collect()
    }

    /// The path of a file in it, whether it is there or not.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// The files of weights: those the index names, or all if there is none.
fn weights(path: &Path) -> Result<Vec<PathBuf>, DirectoryError> {
    let mut names = BTreeSet::new();
    if let Some(Index { weight_map }) = read_json(&path.join(name::INDEX))? {
        names.extend(weight_map.into_values());
    } else {
        let listing = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let files = listing.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.extend(files.filter(|name| name.ends_with(".safetensors")));
    }
    if names.is_empty() {
        return Err(DirectoryError::NotAModel(format!("{} has no *.safetensors", path.display())));
    }
    if names.len() > MAX_FILES {
        let detail = format!("{} has {} files of weights, at most {MAX_FILES} are taken", path.display(), names.len());
        return Err(DirectoryError::NotAModel(detail));
    }
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        if !is_plain(&name) || !path.join(&name).is_file() {
            return Err(DirectoryError::NotAModel(format!("{} has no file {name:?}", path.display())));
        }
        files.push(path.join(name));
    }
    Ok(files)
}

/// Whether this names a file right in a directory.
fn is_plain(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == name)
}

/// Reads a JSON file; `None` if it is not there.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, DirectoryError> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    let parsed = serde_json::from_str(&text);
    parsed.map(Some).map_err(|error| DirectoryError::NotAModel(format!("{}: {error}", path.display())))
}

/// Reads a text file of at most [`MAX_JSON_BYTES`]; `None` if it is not there.
fn read_text(path: &Path) -> Result<Option<String>, DirectoryError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let mut text = String::new();
    let read = file.take(MAX_JSON_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| unreadable(path, &error))?;
    if text.len() as u64 > MAX_JSON_BYTES {
        let detail = format!("{} has over {MAX_JSON_BYTES} bytes", path.display());
        return Err(DirectoryError::NotAModel(detail));
    }
    Ok(Some(text))
}

fn unreadable(path: &Path, error: &io::Error) -> DirectoryError {
    match error.kind() {
        io::ErrorKind::InvalidData => DirectoryError::NotAModel(format!("{} is no text", path.display())),
        _ => DirectoryError::Io(format!("{}: {error}", path.display())),
    }
}
