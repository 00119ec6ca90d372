//! `leeward doctor`: is this machine and this installation fit to serve?

use std::{process::ExitCode, sync::Arc, time::Duration};

use leeward_store::{Page, StoreError};
use leeward_wire::SandboxMode;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{process::Command, time::timeout};

use super::{
    advice::{self, Advice, Machine},
    output::Output,
};
use crate::{
    catalogue::{Catalogue, fit, verify},
    config::Config,
    foundation::Foundation,
    startup::engine_program,
};

/// How long the engine may take to try its sandbox.
const PROBE: Duration = Duration::from_secs(20);
/// How long all key providers together may take to be tried, one after another.
const PROVIDERS: Duration = Duration::from_secs(120);

#[derive(Debug, Serialize)]
struct Finding {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// Checks everything and prints it; exit 1 if anything is wrong.
pub(super) async fn run(config: &Config, out: Output) -> anyhow::Result<ExitCode> {
    let mut findings = vec![processor(), sandbox_mode(config)];
    findings.push(engine(config).await);
    let (found, tenants) = foundation(config).await;
    findings.extend(found);
    findings.extend(models(config));
    let ok = findings.iter().all(|finding| finding.ok);
    let advice = advised(config, &tenants);
    let told = findings.iter().map(|f| format!("{}  {}: {}", if f.ok { "ok    " } else { "WRONG " }, f.name, f.detail));
    let text: Vec<String> =
        told.chain(advice.iter().map(|a| format!("advice  {}: {} ({})", a.key, a.recommended, a.why))).collect();
    out.say(&text.join("\n"), &json!({ "ok": ok, "checks": findings, "advice": advice }));
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn finding(name: &'static str, result: Result<String, String>) -> Finding {
    let ok = result.is_ok();
    Finding { name, ok, detail: result.unwrap_or_else(|error| error) }
}

fn processor() -> Finding {
    #[cfg(target_arch = "x86_64")]
    let result = if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        Ok("x86-64 with AVX2 and FMA".to_owned())
    } else {
        Err("this processor lacks AVX2 or FMA, which the engine is built for; use a machine from 2015 or later".into())
    };
    #[cfg(not(target_arch = "x86_64"))]
    let result = Ok(std::env::consts::ARCH.to_owned());
    finding("processor", result)
}

fn sandbox_mode(config: &Config) -> Finding {
    let mode = config.engine.sandbox;
    let result = match mode {
        SandboxMode::Off => Err("engine.sandbox is off: nothing holds the worker in; set it to \"require\"".into()),
        _ => Ok(format!("engine.sandbox = {mode}")),
    };
    finding("sandbox mode", result)
}

async fn engine(config: &Config) -> Finding {
    let probe = async {
        let program = engine_program(config).map_err(|error| error.to_string())?;
        // An address nobody may reach and a file everybody may read: both must be refused.
        let mut command = Command::new(&program);
        command.args([
            "probe",
            "--sandbox",
            "require",
            "--connect",
            "127.0.0.1:9",
            "--read",
            "/etc/passwd",
            "--model-dir",
        ]);
        command.arg(&config.data.dir).kill_on_drop(true);
        let output = timeout(PROBE, command.output())
            .await
            .map_err(|_| format!("{} probe did not answer in time", program.display()))?
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if output.status.success() {
            Ok(format!("{}: its sandbox holds (Landlock ABI {})", program.display(), report["sandbox"]["landlock_abi"]))
        } else {
            let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(format!("the engine's sandbox does not hold on this kernel: {report} {why}"))
        }
    };
    finding("engine", probe.await)
}

/// The findings, and the names of the first two tenants.
async fn foundation(config: &Config) -> (Vec<Finding>, Vec<String>) {
    const NAME: &str = "database and keys";
    let base = match Foundation::open(config).await {
        Ok(base) => base,
        Err(error) => return (vec![finding(NAME, Err(format!("{error:#}")))], Vec::new()),
    };
    let tenants = async {
        let mut read = base.store.platform_read().await?;
        let first = read.tenants(Page { after: None, limit: 2 }).await?;
        Ok((read.count_tenants().await?, first.into_iter().map(|tenant| tenant.name.to_string()).collect()))
    };
    let (opened, names) = match tenants.await {
        Ok((count, names)) => {
            (Ok(format!("{} answers, {count} tenants, the log's key opens", base.store.backend())), names)
        }
        Err(error) => (Err(StoreError::to_string(&error)), Vec::new()),
    };
    let mut findings = vec![finding(NAME, opened)];
    findings.extend(providers(&base).await);
    base.store.close().await;
    (findings, names)
}

/// What would be set otherwise on this machine.
fn advised(config: &Config, tenants: &[String]) -> Vec<Advice> {
    let Ok(catalogue) = Catalogue::open(&config.models_dir(), config.models.two_people) else { return Vec::new() };
    let known = catalogue.known();
    let models: Vec<_> = known.all().map(|model| &model.manifest).collect();
    advice::of(Machine::here(), &config.engine, &models, tenants)
}

/// Which key providers there are, and whether each can be used now.
async fn providers(base: &Foundation) -> Vec<Finding> {
    const NAME: &str = "key provider";
    let (custody, ambient) = (Arc::clone(&base.custody), base.ambient.clone());
    let probed = timeout(PROVIDERS, tokio::task::spawn_blocking(move || custody.probe(&ambient))).await;
    let Ok(Ok(probed)) = probed else {
        return vec![finding(NAME, Err("the key providers did not answer in time".to_owned()))];
    };
    let unknown = base.custody.unknown().iter().map(|name| {
        finding(NAME, Err(format!("keys.tenants.{name}: there is no such tenant; `leeward tenant list` shows them")))
    });
    let keys = base.custody.keys().into_iter().zip(probed).map(|(key, probed)| {
        let whose = key.tenant.map_or_else(|| "the house's".to_owned(), |tenant| format!("{tenant}'s"));
        let role = if key.is_current { whose } else { format!("{whose}, older") };
        let what = format!("{} (key {}, {role}, at {})", key.provider, key.key_id, key.place.site);
        finding(
            NAME,
            match probed {
                Ok(()) => Ok(format!("{what} answers")),
                Err(error) => Err(format!("{what}: {error}")),
            },
        )
    });
    keys.chain(unknown).collect()
}

fn models(config: &Config) -> Vec<Finding> {
    let catalogue = match Catalogue::open(&config.models_dir(), config.models.two_people) {
        Ok(catalogue) => catalogue,
        Err(error) => return vec![finding("models", Err(format!("{error:#}")))],
    };
    let mut findings = Vec::new();
    for model in catalogue.known().all() {
        let name = &model.manifest.name;
        let checked = verify::check(&model.manifest, &catalogue.weights_dir(&model.weights));
        findings.push(finding("model", checked.map(|()| format!("{name} is as it was imported"))));
        let needed = fit::needed(&model.manifest, &config.engine);
        let room = fit::check(needed, config.engine.memory_limit_bytes, fit::available());
        findings.push(finding("memory", room.map(|()| format!("there is room for {name}"))));
    }
    if findings.is_empty() {
        let detail = "none is imported yet: leeward model import FILE --name NAME".to_owned();
        findings.push(Finding { name: "models", ok: true, detail });
    }
    findings
}
