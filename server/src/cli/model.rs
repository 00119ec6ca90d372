//! `leeward model`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use leeward_domain::tenant::ModelName;
use leeward_ledger::{EventCode, ModelRef};
use serde_json::json;

use super::output::Output;
use crate::{
    audit::Draft,
    catalogue::{Catalogue, import::Import, verify},
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
    /// Copy a GGUF file into the store; a running service sees it after a restart.
    Import {
        /// The file.
        file: PathBuf,
        /// What requests call it.
        #[arg(long)]
        name: ModelName,
        /// Re-quantise on the way.
        #[arg(long, value_enum)]
        quantize: Option<Quantisation>,
    },
    /// List the models.
    List,
    /// Check every model's files against its manifest.
    Verify,
}

impl ModelCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Import { file, name, quantize } => import(config, base, out, file, name, quantize).await,
            Self::List => {
                list(&Catalogue::open(&config.models_dir())?, out);
                Ok(())
            }
            Self::Verify => check_all(&Catalogue::open(&config.models_dir())?, out),
        }
    }
}

async fn import(
    config: &Config,
    base: &Foundation,
    out: Output,
    file: PathBuf,
    name: ModelName,
    quantize: Option<Quantisation>,
) -> anyhow::Result<()> {
    let draft = Draft::local_console(&base.ambient);
    let import = Import {
        store: &config.models_dir(),
        engine: &engine_program(config)?,
        file: &file,
        name: name.clone(),
        quantize: quantize.map(|Quantisation::Q8_0| "q8_0"),
    };
    let imported = import.run(&base.ambient).await;
    let mut record = match &imported {
        Ok(_) => draft.on(EventCode::ModelImported, "model", &name),
        Err(_) => draft.on(EventCode::ModelImportFailed, "model", &name),
    };
    match &imported {
        Ok(manifest) => {
            record.model = manifest.weights_digest().map(|weights| ModelRef { name: name.to_string(), weights });
            record.reason = Some(format!("from {} sha256 {}", manifest.source.file, manifest.source.sha256));
        }
        Err(error) => record.reason = Some(format!("{error:#}")),
    }
    let mut tx = base.store.platform_write().await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    let manifest = imported?;
    let text = format!(
        "imported {} ({}, {}, context {})\nsha256 {}",
        manifest.name,
        manifest.facts.architecture,
        manifest.facts.quantisation,
        manifest.facts.context_length,
        manifest.files.first().map(|file| file.sha256.to_string()).unwrap_or_default()
    );
    out.say(&text, &serde_json::to_value(&manifest)?);
    Ok(())
}

fn list(catalogue: &Catalogue, out: Output) {
    let text: Vec<String> = catalogue
        .all()
        .map(|m| {
            format!(
                "{}  {}  {}  context {}",
                m.name, m.facts.architecture, m.facts.quantisation, m.facts.context_length
            )
        })
        .collect();
    let items: Vec<_> = catalogue.all().collect();
    out.say(&text.join("\n"), &json!({ "items": items }));
}

fn check_all(catalogue: &Catalogue, out: Output) -> anyhow::Result<()> {
    let mut findings = Vec::new();
    for manifest in catalogue.all() {
        if let Some(weights) = manifest.weights_digest()
            && let Err(finding) = verify::check(manifest, &catalogue.weights_dir(&weights))
        {
            findings.push(format!("{}: {finding}", manifest.name));
        }
    }
    if findings.is_empty() {
        out.say("every model is as it was imported", &json!({ "ok": true }));
        return Ok(());
    }
    anyhow::bail!(findings.join("\n"))
}
