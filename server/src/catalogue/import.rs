//! Import: a file from outside becomes a model of the store, whole or not at all.
//!
//! Everything is made in a fresh directory under `incoming/`, flushed to disk, then renamed into place; a
//! crash or a full disk leaves the store as it was. What a crash leaves in `incoming/` the next import removes.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use leeward_domain::{
    Ambient, Sha256Digest,
    model::{ModelFile, ModelManifest, ModelSource},
    tenant::ModelName,
};
use leeward_ledger::VerifierKey;

use super::{WEIGHTS, bundle, manifest_path, tool, verify::digest_file, weights_dir};

/// What to import, and how.
#[derive(Debug)]
pub struct Import<'a> {
    /// The model store.
    pub store: &'a Path,
    /// The engine's program.
    pub engine: &'a Path,
    /// The GGUF file, a directory of safetensors, or a bundle ([`super::bundle`]).
    pub file: &'a Path,
    /// What to call it; a bundle says so itself.
    pub name: Option<ModelName>,
    /// Re-quantise to this type, for example `q8_0`.
    pub quantize: Option<&'a str>,
    /// Whose bundles may be imported.
    pub trusted: &'a [VerifierKey],
    /// Whether nothing but bundles may be.
    pub require_signature: bool,
    /// Names that a model must not take, since they stand for others.
    pub aliases: &'a [ModelName],
}

/// A directory that is removed unless it was moved away.
struct Incoming(PathBuf);

impl Drop for Incoming {
    fn drop(&mut self) {
        // Best effort: what stays behind is removed by the next import.
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Import<'_> {
    /// Imports the file and returns its manifest.
    ///
    /// # Errors
    /// When the name is taken by other weights, the file or directory is no whole model, a bundle is not as somebody trusted signed
    /// it, or the disk is full; the store is then as it was before.
    pub async fn run(&self, ambient: &Ambient) -> anyhow::Result<ModelManifest> {
        if !self.file.is_file() && !self.file.is_dir() {
            bail!("there is no file {}", self.file.display());
        }
        let incoming = self.incoming(ambient)?;
        let manifest = if self.file.is_file() && bundle::is_one(self.file)? {
            self.unpacked(&incoming, ambient).await?
        } else if self.require_signature {
            bail!(
                "{} is no signed bundle, and models.require_signature allows nothing else: import what \
                 `leeward model bundle` made where the model comes from",
                self.file.display()
            );
        } else if self.file.is_dir() {
            self.gathered(&incoming, ambient).await?
        } else {
            self.copied(&incoming, ambient).await?
        };
        self.keep(&incoming, manifest)
    }

    /// A fresh directory; what broken imports left behind is removed.
    fn incoming(&self, ambient: &Ambient) -> anyhow::Result<Incoming> {
        let parent = self.store.join("incoming");
        make_dir(&parent)?;
        for entry in fs::read_dir(&parent)?.flatten() {
            drop(fs::remove_dir_all(entry.path()));
        }
        let incoming = Incoming(parent.join(ambient.mint::<leeward_domain::ids::RequestId>().to_string()));
        make_dir(&incoming.0)?;
        Ok(incoming)
    }

    /// A GGUF file, as it is or re-quantised.
    async fn copied(&self, incoming: &Incoming, ambient: &Ambient) -> anyhow::Result<ModelManifest> {
        let name = self.name.clone().context("say what to call the model: --name NAME")?;
        let source = tool::inspect(self.engine, self.file).await.with_context(|| self.file.display().to_string())?;
        let weights = incoming.0.join(WEIGHTS);
        let (source_sha256, _) = digest_file(self.file)?;
        match self.quantize {
            Some(kind) => tool::quantize(self.engine, self.file, &weights, kind).await?,
            None => drop(fs::copy(self.file, &weights).map_err(|error| explain(error, &weights))?),
        }
        let facts = tool::inspect(self.engine, &weights).await?.facts;
        let (sha256, bytes) = digest_file(&weights)?;
        if self.quantize.is_none() && sha256 != source_sha256 {
            bail!("{} changed while it was copied; import it again", self.file.display());
        }
        Ok(ModelManifest {
            schema: 1,
            name,
            files: vec![ModelFile { name: WEIGHTS.into(), sha256, bytes }],
            facts,
            source: ModelSource {
                file: self.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                sha256: source_sha256,
                quantisation: source.facts.quantisation,
            },
            vouched_by: None,
            imported_at: ambient.now(),
        })
    }

    /// A directory of safetensors: those of its files that make the model.
    async fn gathered(&self, incoming: &Incoming, ambient: &Ambient) -> anyhow::Result<ModelManifest> {
        let name = self.name.clone().context("say what to call the model: --name NAME")?;
        if self.quantize.is_some() {
            bail!("a directory is imported as it is: leave out --quantize, and set engine.isq to quantise at load");
        }
        let names = tool::inspect(self.engine, self.file).await.with_context(|| self.file.display().to_string())?.files;
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let (from, to) = (self.file.join(&name), incoming.0.join(&name));
            if !ModelFile::is_inside(&name) {
                bail!("{}: a model's files have plain names, at most one folder deep", from.display());
            }
            make_folder(&to)?;
            fs::copy(&from, &to).map_err(|error| explain(error, &to))?;
            let ((sha256, bytes), source) = (digest_file(&to)?, digest_file(&from)?.0);
            if sha256 != source {
                bail!("{} changed while it was copied; import it again", from.display());
            }
            files.push(ModelFile { name, sha256, bytes });
        }
        if files.len() < 2 {
            bail!("{} has too few files to be a model", self.file.display());
        }
        // What was copied, not what lay there before: it may have changed in between.
        let facts = tool::inspect(self.engine, &incoming.0).await?.facts;
        let directory = self.file.canonicalize()?;
        let source = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let quantisation = facts.quantisation.clone();
        let mut manifest = ModelManifest {
            schema: 1,
            name,
            files,
            facts,
            source: ModelSource { file: source, sha256: Sha256Digest::of(&[]), quantisation },
            vouched_by: None,
            imported_at: ambient.now(),
        };
        manifest.source.sha256 = manifest.weights_digest().context("a manifest names its weights")?;
        Ok(manifest)
    }

    /// A bundle, if somebody trusted signed it and every byte is what was signed.
    async fn unpacked(&self, incoming: &Incoming, ambient: &Ambient) -> anyhow::Result<ModelManifest> {
        if self.quantize.is_some() {
            bail!("a bundle is imported as it was signed: leave out --quantize");
        }
        let (file, dir, trusted) = (self.file.to_owned(), incoming.0.clone(), self.trusted.to_vec());
        let unpack = move || bundle::unpack(&file, &dir, &trusted);
        let mut manifest = tokio::task::spawn_blocking(unpack).await??;
        if let Some(name) = &self.name {
            manifest.name = name.clone();
        }
        // What a signer vouched for is still parsed in the sandbox first.
        let model = manifest.single_file().map_or_else(|| incoming.0.clone(), |file| incoming.0.join(file));
        manifest.facts = tool::inspect(self.engine, &model).await?.facts;
        manifest.imported_at = ambient.now();
        Ok(manifest)
    }

    /// Moves what lies in `incoming` into place.
    fn keep(&self, incoming: &Incoming, manifest: ModelManifest) -> anyhow::Result<ModelManifest> {
        if self.aliases.contains(&manifest.name) {
            bail!("{} is an alias of another model; choose another --name, or delete the alias", manifest.name);
        }
        let manifest_file = manifest_path(self.store, &manifest.name);
        for file in &manifest.files {
            let path = incoming.0.join(&file.name);
            File::open(&path)?.sync_all().map_err(|error| explain(error, &path))?;
            sync_dir(path.parent().unwrap_or(&incoming.0))?;
        }
        sync_dir(&incoming.0)?;
        if let Ok(present) = super::read_manifest(&manifest_file) {
            if present.files == manifest.files {
                return Ok(present);
            }
            bail!("the name {} belongs to other weights already; choose another with --name", manifest.name);
        }
        let sha256 = manifest.weights_digest().context("a manifest names its weights")?;
        let target = weights_dir(self.store, &sha256);
        make_dir(&self.store.join("weights"))?;
        // The same weights under another name are already there: the manifest is all that is new.
        if !target.is_dir() {
            fs::rename(&incoming.0, &target).with_context(|| target.display().to_string())?;
            sync_dir(&self.store.join("weights"))?;
        }
        write_manifest(&manifest_file, &manifest)?;
        Ok(manifest)
    }
}

fn write_manifest(path: &Path, manifest: &ModelManifest) -> anyhow::Result<()> {
    let dir = path.parent().context("a manifest has a directory")?;
    make_dir(dir)?;
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh).map_err(|error| explain(error, &fresh))?;
    file.write_all(&serde_json::to_vec_pretty(manifest)?).map_err(|error| explain(error, &fresh))?;
    file.sync_all().map_err(|error| explain(error, &fresh))?;
    fs::rename(&fresh, path)?;
    sync_dir(dir)
}

/// The folder that a file is to lie in.
pub(super) fn make_folder(file: &Path) -> anyhow::Result<()> {
    file.parent().map_or(Ok(()), make_dir)
}

fn make_dir(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path).map_err(|error| explain(error, path))
}

/// A rename is durable only once its directory is.
fn sync_dir(path: &Path) -> anyhow::Result<()> {
    File::open(path)?.sync_all().map_err(|error| explain(error, path))
}

pub(super) fn explain(error: io::Error, path: &Path) -> anyhow::Error {
    if error.kind() == io::ErrorKind::StorageFull {
        anyhow::anyhow!("the disk is full at {}: nothing was imported; free space and try again", path.display())
    } else {
        anyhow::Error::new(error).context(path.display().to_string())
    }
}
