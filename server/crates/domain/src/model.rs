//! What Leeward knows of a model: its manifest, written at import, checked at every load.

use serde::{Deserialize, Serialize};

use crate::{Sha256Digest, Timestamp, tenant::ModelName};

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// The file's name within the model's directory; no separators.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

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

/// The facts read out of a GGUF header.
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
}

/// A model in the store: `manifest.json` beside its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelManifest {
    /// The version of this form; 1.
    pub schema: u32,
    /// What requests call it.
    pub name: ModelName,
    /// Every file, the weights first. The first file's digest names the model in audit records.
    pub files: Vec<ModelFile>,
    /// What the weights' header says.
    pub facts: ModelFacts,
    /// Where it came from.
    pub source: ModelSource,
    /// When it was imported.
    pub imported_at: Timestamp,
}

impl ModelManifest {
    /// The digest of the weights, which names this model exactly.
    #[must_use]
    pub fn weights_digest(&self) -> Option<Sha256Digest> {
        self.files.first().map(|file| file.sha256)
    }
}
