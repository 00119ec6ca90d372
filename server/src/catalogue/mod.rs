//! The model store on disk, and what is known of each model.
//!
//! Layout below `models/`: `manifests/NAME.json` and `weights/SHA256/model.gguf`. A model's directory holds
//! its weights and nothing else, because the engine picks up stray files beside them. [`import`] fills it,
//! [`verify`] checks the digests again before every load. Left out until the models issue: bundles,
//! promotion, aliases, changing the list while the service runs.

pub mod import;
mod tool;
pub mod verify;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use leeward_domain::{Sha256Digest, model::ModelManifest, tenant::ModelName};

/// The weights' file name within a model's directory.
pub const WEIGHTS: &str = "model.gguf";

/// The models as they were when the process started.
#[derive(Debug, Clone)]
pub struct Catalogue {
    dir: PathBuf,
    models: BTreeMap<ModelName, ModelManifest>,
}

impl Catalogue {
    /// Reads every manifest. A store that does not exist yet is empty.
    ///
    /// # Errors
    /// When a manifest cannot be read or is not one; the message names the file.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let mut models = BTreeMap::new();
        let manifests = dir.join("manifests");
        if manifests.is_dir() {
            for entry in std::fs::read_dir(&manifests).with_context(|| manifests.display().to_string())? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "json") {
                    let manifest = read_manifest(&path)?;
                    models.insert(manifest.name.clone(), manifest);
                }
            }
        }
        Ok(Self { dir: dir.to_owned(), models })
    }

    /// A model by name.
    #[must_use]
    pub fn get(&self, name: &ModelName) -> Option<&ModelManifest> {
        self.models.get(name)
    }

    /// All models, in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &ModelManifest> {
        self.models.values()
    }

    /// The directory with a model's weights.
    #[must_use]
    pub fn weights_dir(&self, weights: &Sha256Digest) -> PathBuf {
        weights_dir(&self.dir, weights)
    }
}

fn weights_dir(store: &Path, weights: &Sha256Digest) -> PathBuf {
    store.join("weights").join(weights.to_string())
}

fn manifest_path(store: &Path, name: &ModelName) -> PathBuf {
    store.join("manifests").join(format!("{name}.json"))
}

fn read_manifest(path: &Path) -> anyhow::Result<ModelManifest> {
    let json = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&json).with_context(|| format!("{} is not a model manifest", path.display()))
}
