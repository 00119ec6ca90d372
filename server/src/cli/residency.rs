//! `leeward residency`: what can be proven of where content was.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Subcommand;
use leeward_domain::Timestamp;
use leeward_ledger::{
    EventCode,
    attest::{Period, Standing},
};
use serde_json::json;

use super::{find_tenant, output::Output};
use crate::{
    attestation::{Attested, Source},
    audit::Draft,
    config::Config,
    foundation::Foundation,
};

#[derive(Debug, Subcommand)]
pub(super) enum ResidencyCommand {
    /// Write a signed report on a tenant's period, with its evidence, for leeward-verify attest.
    Attest {
        /// The tenant's id or name.
        #[arg(long)]
        tenant: String,
        /// The period's first instant (RFC 3339), for example 2026-01-01T00:00:00Z.
        #[arg(long)]
        from: Timestamp,
        /// The first instant after it; not in the future.
        #[arg(long)]
        to: Timestamp,
        /// The file to write; must not exist.
        #[arg(long)]
        out: PathBuf,
        /// Also write a copy for reading (PDF); must not exist.
        #[arg(long)]
        pdf: Option<PathBuf>,
    },
}

impl ResidencyCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let Self::Attest { tenant, from, to, out: path, pdf } = self;
        let tenant = find_tenant(base, &tenant).await?;
        let period = Period::new(from, to)?;
        let draft = Draft::local_console(&base.ambient).in_tenant(tenant.id);
        let (sequencer, reading) = (base.sequencer(), base.reading());
        let Foundation { ambient, store, custody, .. } = base;
        let source = Source { config, ambient, store, custody, sequencer: &sequencer, reading: &reading };
        let made = async {
            let attested = source.attest(&tenant, period).await?;
            write(&path, &attested)?;
            if let Some(pdf) = &pdf {
                let copy = attested.report.to_pdf(attested.signed.digest(), &Standing::Issued);
                fs::write(pdf, copy).with_context(|| format!("cannot write {}", pdf.display()))?;
            }
            anyhow::Ok(attested)
        };
        let made = made.await;
        let code = if made.is_ok() { EventCode::Attested } else { EventCode::AttestFailed };
        let mut record = draft.on(code, "attestation", tenant.id);
        record.reason = Some(match &made {
            Ok(attested) => format!("from {from} to {to}, report {}, at the command line", attested.signed.digest()),
            Err(error) => format!("from {from} to {to}: {error:#}").chars().take(1000).collect(),
        });
        let mut tx = base.store.tenant_write(tenant.id).await?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        let attested = made?;
        let (digest, body) = (attested.signed.digest(), attested.report.body());
        let key = reading.key(Some(tenant.id));
        let text = format!(
            "a report on {} of {} in {} (SHA-256 {digest}); check it with: leeward-verify attest {} --key '{key}'",
            tenant.name,
            format_args!("{from} to {to}"),
            path.display(),
            path.display()
        );
        let object = json!({
            "tenant": tenant.id, "from": from, "to": to, "sha256": digest, "records": body.records.count, "key": key,
            "file": path, "pdf": pdf,
        });
        out.say(&text, &object);
        Ok(())
    }
}

fn write(path: &Path, attested: &Attested) -> anyhow::Result<()> {
    let file = File::create_new(path).with_context(|| format!("cannot make {}", path.display()))?;
    let done = attested.signed.write(&file, &attested.evidence).and_then(|()| file.sync_all());
    if done.is_err() {
        // Half a report would only be reported as truncated.
        drop(fs::remove_file(path));
    }
    done.with_context(|| format!("cannot write {}", path.display()))
}
