//! `modules.json` of sentence-transformers: what is done with the layers' outputs to get a vector.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{DirectoryError, is_plain, name, read_json};

/// The most modules; real models have two to five.
const MAX_MODULES: usize = 16;

/// One step from the layers' outputs to the vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Module {
    /// One vector out of those of all tokens, by a configuration file.
    Pooling(PathBuf),
    /// A matrix: its configuration and its weights.
    Dense(PathBuf, PathBuf),
    /// To length 1.
    Normalize,
}

impl Module {
    /// The files it is read from.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let (config, weights) = match self {
            Self::Pooling(config) => (Some(config), None),
            Self::Dense(config, weights) => (Some(config), Some(weights)),
            Self::Normalize => (None, None),
        };
        config.into_iter().chain(weights)
    }
}

/// The steps after the layers, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modules {
    /// The steps.
    pub steps: Vec<Module>,
    /// How wide the vectors are in the end.
    pub width: u32,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What the engine reads of a pooling's configuration; it breaks on what is refused here.
#[derive(Deserialize)]
struct Pooling {
    word_embedding_dimension: u32,
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
    pooling_mode_weightedmean_tokens: bool,
    pooling_mode_lasttoken: bool,
    include_prompt: bool,
}

impl Pooling {
    const fn is_known(&self) -> bool {
        let others = self.pooling_mode_cls_token
            || self.pooling_mode_max_tokens
            || self.pooling_mode_mean_sqrt_len_tokens
            || self.pooling_mode_weightedmean_tokens;
        !others && self.include_prompt && (self.pooling_mode_mean_tokens != self.pooling_mode_lasttoken)
    }
}

#[derive(Deserialize)]
struct Dense {
    in_features: u32,
    out_features: u32,
}

impl Modules {
    /// Reads and checks them; `None` if there are none, so that the model is no model that embeds.
    pub(super) fn open(directory: &Path) -> Result<Option<Self>, DirectoryError> {
        let path = directory.join(name::MODULES);
        let Some(entries) = read_json::<Vec<Entry>>(&path)? else { return Ok(None) };
        Self::checked(directory, entries).map(Some).map_err(|error| error.about(&path))
    }

    fn checked(directory: &Path, entries: Vec<Entry>) -> Result<Self, DirectoryError> {
        let wrong = |why: String| DirectoryError::NotAModel(why);
        let unsupported = |why: String| DirectoryError::Unsupported(why);
        if entries.len() > MAX_MODULES {
            return Err(wrong(format!("it has {} modules, at most {MAX_MODULES} are taken", entries.len())));
        }
        let (mut steps, mut width) = (Vec::new(), None);
        for (place, Entry { path, kind }) in entries.into_iter().enumerate() {
            let kind = kind.rsplit('.').next().unwrap_or_default();
            let file = |file: &str| {
                let whole = directory.join(&path).join(file);
                if is_plain(&path) && whole.is_file() {
                    Ok(whole)
                } else {
                    Err(wrong(format!("there is no {path}/{file}")))
                }
            };
            match (kind, place, width) {
                ("Transformer", 0, _) if path.is_empty() => {}
                ("Pooling", 1, None) => {
                    let config = file(name::CONFIG)?;
                    let pooling: Pooling = present(&config)?;
                    if !pooling.is_known() {
                        return Err(unsupported("of poolings, the mean and the last token are known".into()));
                    }
                    width = Some(pooling.word_embedding_dimension);
                    steps.push(Module::Pooling(config));
                }
                ("Dense", _, Some(before)) => {
                    let config = file(name::CONFIG)?;
                    let dense: Dense = present(&config)?;
                    if dense.in_features != before {
                        return Err(wrong(format!("{path} takes {} numbers, not {before}", dense.in_features)));
                    }
                    width = Some(dense.out_features);
                    steps.push(Module::Dense(config, file("model.safetensors")?));
                }
                ("Normalize", _, Some(_)) => steps.push(Module::Normalize),
                _ => {
                    return Err(unsupported(format!(
                        "module {place} is {kind}; known is a transformer, then pooling, then dense and normalize"
                    )));
                }
            }
        }
        let width = width.filter(|width| *width > 0).ok_or_else(|| unsupported("there is no pooling".into()))?;
        Ok(Self { steps, width })
    }
}

fn present<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, DirectoryError> {
    read_json(path)?.ok_or_else(|| DirectoryError::NotAModel(format!("{} is gone", path.display())))
}
