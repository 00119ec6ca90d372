//! The models: what lies in the store on disk, what was decided about each, and the names that stand for them.
//!
//! Layout below `models/`: `manifests/NAME.json`, and `weights/SHA256/model.gguf` or the files of a directory of
//! safetensors. A model's directory holds what its manifest lists and nothing else, because the engine picks up stray
//! files beside it. [`import`] fills it,
//! [`verify`] checks the digests again before every load, [`fit`] whether there is room, [`bundle`] carries a model to
//! another house. What was decided lies in the database, so that several gateways agree; [`keeper`] brings both
//! together every second and has the fleet hold what is to be held.
//!
//! Left out: adapters, and models of projects rather than tenants.

pub mod bundle;
pub mod fit;
pub mod import;
pub mod keeper;
mod tool;
pub mod verify;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use leeward_domain::{
    Sha256Digest,
    ids::TenantId,
    model::{
        ModelManifest,
        listing::{Alias, Listing},
    },
    tenant::ModelName,
};
use leeward_store::KeptListing;

/// The weights' file name within the directory of a model of one file.
pub const WEIGHTS: &str = "model.gguf";

/// The models as this process knows them; cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalogue {
    dir: PathBuf,
    two_people: bool,
    known: Arc<RwLock<Arc<Known>>>,
}

/// What is known at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    models: BTreeMap<ModelName, Model>,
    aliases: BTreeMap<ModelName, Alias>,
    two_people: bool,
}

/// A model in the store, and what was decided about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it is.
    pub manifest: ModelManifest,
    /// What was decided.
    pub kept: KeptListing,
    /// Names the weights exactly.
    pub weights: Sha256Digest,
}

impl Model {
    /// What was decided.
    #[must_use]
    pub const fn listing(&self) -> &Listing {
        &self.kept.listing
    }
}

impl Catalogue {
    /// The store at `dir`, as its manifests say; nothing is decided about any model yet ([`Catalogue::learn`]). A store
    /// that does not exist yet is empty. `two_people` is whether a model needs two people behind it before it serves.
    ///
    /// # Errors
    /// When a manifest cannot be read or is not one; the message names the file.
    pub fn open(dir: &Path, two_people: bool) -> anyhow::Result<Self> {
        let catalogue = Self { dir: dir.to_owned(), two_people, known: Arc::default() };
        let manifests = read_manifests(dir)?.into_iter().collect::<anyhow::Result<_>>()?;
        catalogue.take(manifests, Vec::new(), Vec::new());
        Ok(catalogue)
    }

    /// Reads every manifest again, and takes over what was decided. A model whose manifest cannot be read is none until
    /// it can, and the log says why: what was decided about the others holds all the same.
    ///
    /// # Errors
    /// When the store's directory cannot be read; what was known stays.
    pub fn learn(
        &self,
        listings: Vec<(ModelName, KeptListing)>,
        aliases: Vec<(ModelName, Alias)>,
    ) -> anyhow::Result<()> {
        let mut manifests = Vec::new();
        for manifest in read_manifests(&self.dir)? {
            match manifest {
                Ok(manifest) => manifests.push(manifest),
                Err(error) => tracing::error!(error = format!("{error:#}"), "a model is left out"),
            }
        }
        self.take(manifests, listings, aliases);
        Ok(())
    }

    fn take(
        &self,
        manifests: Vec<ModelManifest>,
        listings: Vec<(ModelName, KeptListing)>,
        aliases: Vec<(ModelName, Alias)>,
    ) {
        let mut listings: BTreeMap<_, _> = listings.into_iter().collect();
        let mut models = BTreeMap::new();
        for manifest in manifests {
            let Some(weights) = manifest.weights_digest() else { continue };
            let kept = listings.remove(&manifest.name).unwrap_or_default();
            models.insert(manifest.name.clone(), Model { manifest, kept, weights });
        }
        let now = Known { models, aliases: aliases.into_iter().collect(), two_people: self.two_people };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if **known != now {
            *known = Arc::new(now);
        }
    }

    /// What is known now.
    #[must_use]
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The directory with a model's weights.
    #[must_use]
    pub fn weights_dir(&self, weights: &Sha256Digest) -> PathBuf {
        weights_dir(&self.dir, weights)
    }
}

impl Known {
    /// A model by its own name, whatever was decided about it.
    #[must_use]
    pub fn get(&self, name: &ModelName) -> Option<&Model> {
        self.models.get(name)
    }

    /// All models, in the order of their names, whatever was decided about them.
    pub fn all(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    /// All aliases, in the order of their names.
    pub fn aliases(&self) -> impl Iterator<Item = (&ModelName, &Alias)> {
        self.aliases.iter()
    }

    /// Whether a model may serve anybody.
    #[must_use]
    pub fn serves(&self, model: &Model) -> bool {
        model.listing().serves(model.weights, self.two_people)
    }

    /// Whether a model may serve `tenant`.
    #[must_use]
    pub fn serves_tenant(&self, model: &Model, tenant: TenantId) -> bool {
        self.serves(model) && model.listing().audience.has(tenant)
    }

    /// The models that may serve `tenant`.
    pub fn of_tenant(&self, tenant: TenantId) -> impl Iterator<Item = &Model> {
        self.all().filter(move |model| self.serves_tenant(model, tenant))
    }

    /// What `tenant` means by `name`, a model's own or an alias; `draw` (uniform in 0..100) decides about canaries.
    /// A canary that does not serve this tenant leaves the request to the other. None if there is nothing for it.
    #[must_use]
    pub fn resolve(&self, name: &ModelName, tenant: TenantId, draw: u8) -> Option<&Model> {
        let serving = |name| self.models.get(name).filter(|model| self.serves_tenant(model, tenant));
        if let Some(model) = self.models.get(name) {
            return Some(model).filter(|model| self.serves_tenant(model, tenant));
        }
        let alias = self.aliases.get(name)?;
        serving(alias.pick(draw)).or_else(|| serving(&alias.model))
    }

    /// The aliases that mean this model, canaries included.
    pub fn aliases_of(&self, model: &ModelName) -> impl Iterator<Item = &ModelName> {
        let means = move |alias: &Alias| {
            alias.model == *model || alias.canary.as_ref().is_some_and(|canary| canary.model == *model)
        };
        self.aliases.iter().filter(move |(_, alias)| means(alias)).map(|(name, _)| name)
    }
}

fn read_manifests(dir: &Path) -> anyhow::Result<Vec<anyhow::Result<ModelManifest>>> {
    let dir = dir.join("manifests");
    let mut manifests = Vec::new();
    if dir.is_dir() {
        for entry in std::fs::read_dir(&dir).with_context(|| dir.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                manifests.push(read_manifest(&path));
            }
        }
    }
    Ok(manifests)
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
