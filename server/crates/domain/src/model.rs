//! What Leeward knows of a model: its manifest, written at import, checked at every load; what the house decided about
//! it ([`listing`]); and what holding it costs.

pub mod listing;

use serde::{Deserialize, Serialize};

use crate::{Sha256Digest, Timestamp, tenant::ModelName};

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// The file's name within the model's directory, with `/` between a folder and its file; see [`ModelFile::is_inside`].
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

impl ModelFile {
    /// Whether `name` is a file's in a directory, or in a folder right below it, and can lead nowhere else.
    #[must_use]
    pub fn is_inside(name: &str) -> bool {
        let part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let mut parts = name.split('/');
        name.len() <= MAX_FILE_NAME && parts.by_ref().take(2).all(part) && parts.next().is_none()
    }
}

/// The longest name of a model's file, in bytes.
const MAX_FILE_NAME: usize = 200;

/// Where the weights came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSource {
    /// The imported file's name, as given.
    pub file: String,
    /// SHA-256 of the imported file, before any re-quantising.
    pub sha256: Sha256Digest,
    /// Its quantisation, before any re-quantising, for example `Q4_1`.
    pub quantisation: String,
}

/// The facts read out of a GGUF header, or out of a directory of safetensors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFacts {
    /// `general.architecture`, for example `llama`.
    pub architecture: String,
    /// The trained context length in tokens.
    pub context_length: u32,
    /// The commonest type among the weight tensors, for example `Q8_0`.
    pub quantisation: String,
    /// The number of weights.
    pub parameters: u64,
    /// `general.license`, if the file names one.
    pub licence: Option<String>,
    /// `general.name`, if the file names one.
    pub title: Option<String>,
    /// Bytes of keys and values that one token of context takes, at 16 bits each; none if the header does not say, or
    /// the model was imported before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv_bytes_per_token: Option<u64>,
}

/// What holding a model takes, in bytes; an estimate from below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// The files, all of which are read into memory.
    pub weights: u64,
    /// Keys and values of as many contexts as are worked on at the same time; 0 if not known.
    pub context: u64,
}

impl Footprint {
    /// Both together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.weights.saturating_add(self.context)
    }
}

/// A model in the store: `manifest.json` beside its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelManifest {
    /// The version of this form; 1.
    pub schema: u32,
    /// What requests call it.
    pub name: ModelName,
    /// Every file, the weights first; [`ModelManifest::weights_digest`] is made of them.
    pub files: Vec<ModelFile>,
    /// What the weights' header says.
    pub facts: ModelFacts,
    /// Where it came from.
    pub source: ModelSource,
    /// The key that signed the bundle it came in, `name+hash+base64`; none if it came as a bare file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched_by: Option<String>,
    /// When it was imported.
    pub imported_at: Timestamp,
}

impl ModelManifest {
    /// The digest that names this model exactly, in audit records and in the store: of its one file; or, if there are
    /// several, of the list of them as `sha256sum` prints it (digest, two spaces, name, line feed), in their order.
    #[must_use]
    pub fn weights_digest(&self) -> Option<Sha256Digest> {
        match self.files.as_slice() {
            [] => None,
            [only] => Some(only.sha256),
            several => {
                let lines = several.iter().map(|file| format!("{}  {}\n", file.sha256, file.name));
                Some(Sha256Digest::of(lines.collect::<String>().as_bytes()))
            }
        }
    }

    /// The name of its one file; none if it is a directory of several.
    #[must_use]
    pub fn single_file(&self) -> Option<&str> {
        match self.files.as_slice() {
            [only] => Some(&only.name),
            _ => None,
        }
    }

    /// What a worker takes that answers `slots` requests at the same time, each of up to `context` tokens (the model's
    /// own length if none, or if that is shorter).
    #[must_use]
    pub fn footprint(&self, slots: u32, context: Option<u32>) -> Footprint {
        let weights = self.files.iter().fold(0_u64, |all, file| all.saturating_add(file.bytes));
        let tokens = u64::from(context.unwrap_or(u32::MAX).min(self.facts.context_length));
        let each = self.facts.kv_bytes_per_token.unwrap_or(0);
        let context = each.saturating_mul(tokens).saturating_mul(u64::from(slots.max(1)));
        Footprint { weights, context }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_lead_nowhere_else() {
        for good in ["model.gguf", "model-00001-of-00002.safetensors", "1_Pooling/config.json"] {
            assert!(ModelFile::is_inside(good), "{good}");
        }
        let long = "x".repeat(201);
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a/b/c", "a//b", "a/", ".hidden", "a\\b", "a\0b", "é", &long]
        {
            assert!(!ModelFile::is_inside(bad), "{bad:?}");
        }
    }
}
