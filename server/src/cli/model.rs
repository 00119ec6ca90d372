//! `leeward model`.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use leeward_domain::tenant::ModelName;
use leeward_ledger::{EventCode, ModelRef, Record, bundle_key};
use serde_json::json;

use super::output::Output;
use crate::{
    audit::Draft,
    catalogue::{Catalogue, Known, bundle, import::Import, verify},
    config::Config,
    foundation::Foundation,
    startup::engine_program,
};

/// The types the engine re-quantises to.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Quantisation {
    /// 8 bits, block of 32: the fastest on CPUs, close to lossless.
    #[value(name = "q8_0")]
    Q8_0,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelCommand {
    /// Copy a GGUF file, a directory of safetensors or a signed bundle into the store; a running service sees it within a
    /// second.
    Import {
        /// The file or directory.
        file: PathBuf,
        /// What requests call it; a bundle brings its name.
        #[arg(long)]
        name: Option<ModelName>,
        /// Re-quantise on the way.
        #[arg(long, value_enum)]
        quantize: Option<Quantisation>,
    },
    /// Write a model and its manifest to one file, signed by this appliance.
    Bundle {
        /// Which model.
        name: ModelName,
        /// Where to; the file must not exist yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Print the key that signs this appliance's bundles, for models.trusted_keys of others.
    Key,
    /// List the models.
    List,
    /// Check every model's files against its manifest.
    Verify,
}

impl ModelCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Import { file, name, quantize } => import(config, base, out, file, name, quantize).await,
            Self::Bundle { name, out: file } => bundle(config, base, out, name, file).await,
            Self::Key => {
                let key = bundle_key(&base.signer).to_string();
                out.say(&key, &json!({ "key": key }));
                Ok(())
            }
            Self::List => {
                let known = known(config, base).await?;
                list(&known, out);
                Ok(())
            }
            Self::Verify => check_all(&open(config)?, out),
        }
    }
}

fn open(config: &Config) -> anyhow::Result<Catalogue> {
    Catalogue::open(&config.models_dir(), config.models.two_people)
}

/// The store, with what was decided.
async fn known(config: &Config, base: &Foundation) -> anyhow::Result<Arc<Known>> {
    let catalogue = open(config)?;
    let mut tx = base.store.platform_read().await?;
    catalogue.learn(tx.listings().await?, tx.aliases().await?)?;
    Ok(catalogue.known())
}

async fn record(base: &Foundation, record: Record) -> anyhow::Result<()> {
    let mut tx = base.store.platform_write().await?;
    tx.append_audit(&[record]).await?;
    Ok(tx.commit().await?)
}

async fn bundle(config: &Config, base: &Foundation, out: Output, name: ModelName, file: PathBuf) -> anyhow::Result<()> {
    let draft = Draft::local_console(&base.ambient);
    let (signer, to) = (Arc::clone(&base.signer), file.clone());
    let (wanted, catalogue) = (name.clone(), open(config)?);
    let work = tokio::task::spawn_blocking(move || {
        let known = catalogue.known();
        let model = known.get(&wanted).with_context(|| format!("there is no model {wanted}"))?;
        bundle::pack(&model.manifest, &catalogue.weights_dir(&model.weights), &signer, &to)?;
        anyhow::Ok(ModelRef { name: wanted.to_string(), weights: model.weights })
    });
    let packed = work.await?;
    let mut done = match &packed {
        Ok(_) => draft.on(EventCode::ModelBundled, "model", &name),
        Err(_) => draft.on(EventCode::ModelBundleFailed, "model", &name),
    };
    match &packed {
        Ok(model) => done.model = Some(model.clone()),
        Err(error) => done.reason = Some(format!("{error:#}")),
    }
    record(base, done).await?;
    let (model, key) = (packed?, bundle_key(&base.signer).to_string());
    let text = format!("{name} is in {}\nsigned by {key}", file.display());
    out.say(&text, &json!({ "file": file, "model": model, "key": key }));
    Ok(())
}

async fn import(
    config: &Config,
    base: &Foundation,
    out: Output,
    file: PathBuf,
    name: Option<ModelName>,
    quantize: Option<Quantisation>,
) -> anyhow::Result<()> {
    let draft = Draft::local_console(&base.ambient);
    let trusted = config.models.keys().map_err(anyhow::Error::msg)?;
    let aliases = base.store.platform_read().await?.aliases().await?;
    let aliases: Vec<_> = aliases.into_iter().map(|(alias, _)| alias).collect();
    let import = Import {
        store: &config.models_dir(),
        engine: &engine_program(config)?,
        file: &file,
        name: name.clone(),
        quantize: quantize.map(|Quantisation::Q8_0| "q8_0"),
        trusted: &trusted,
        require_signature: config.models.require_signature,
        aliases: &aliases,
    };
    let imported = import.run(&base.ambient).await;
    let told = match &imported {
        Ok(manifest) => {
            let mut record = draft.on(EventCode::ModelImported, "model", &manifest.name);
            record.model =
                manifest.weights_digest().map(|weights| ModelRef { name: manifest.name.to_string(), weights });
            let vouched = manifest.vouched_by.as_ref().map(|key| format!(", vouched for by {key}"));
            let source = &manifest.source;
            record.reason =
                Some(format!("from {} sha256 {}{}", source.file, source.sha256, vouched.unwrap_or_default()));
            record
        }
        Err(error) => {
            let what = name.map_or_else(|| file.display().to_string(), |name| name.to_string());
            let mut record = draft.on(EventCode::ModelImportFailed, "model", what);
            record.reason = Some(format!("{error:#}"));
            record
        }
    };
    record(base, told).await?;
    let manifest = imported?;
    let waits = if config.models.two_people {
        "\nit serves once two people stand behind it (models.two_people): propose it in the console"
    } else {
        ""
    };
    let text = format!(
        "imported {} ({}, {}, context {})\nsha256 {}{waits}",
        manifest.name,
        manifest.facts.architecture,
        manifest.facts.quantisation,
        manifest.facts.context_length,
        manifest.weights_digest().map(|digest| digest.to_string()).unwrap_or_default()
    );
    out.say(&text, &serde_json::to_value(&manifest)?);
    Ok(())
}

fn list(known: &Known, out: Output) {
    let mut text: Vec<String> = known
        .all()
        .map(|model| {
            let (facts, listing) = (&model.manifest.facts, model.listing());
            format!(
                "{}  {}  {}  context {}  {}{}",
                model.manifest.name,
                facts.architecture,
                facts.quantisation,
                facts.context_length,
                listing.stage.as_str(),
                if known.serves(model) { "" } else { ", does not serve" }
            )
        })
        .collect();
    text.extend(known.aliases().map(|(alias, target)| format!("{alias} -> {}", target.model)));
    let items: Vec<_> = known.all().map(|model| &model.manifest).collect();
    out.say(&text.join("\n"), &json!({ "items": items }));
}

fn check_all(catalogue: &Catalogue, out: Output) -> anyhow::Result<()> {
    let mut findings = Vec::new();
    for model in catalogue.known().all() {
        if let Err(finding) = verify::check(&model.manifest, &catalogue.weights_dir(&model.weights)) {
            findings.push(format!("{}: {finding}", model.manifest.name));
        }
    }
    if findings.is_empty() {
        out.say("every model is as it was imported", &json!({ "ok": true }));
        return Ok(());
    }
    anyhow::bail!(findings.join("\n"))
}
