//! The command line: `leeward serve` and everything an operator does at the machine.
//!
//! Exit status: 0 is yes, 1 is a finding or a failure (named on standard error), 2 is bad usage. With
//! `--json` a command prints exactly one JSON object on standard output. To add a command: a variant of
//! [`Command`], a file here, a line in `docs/operations.md`.

mod advice;
mod audit;
mod audit_key;
mod backup;
mod bootstrap;
mod break_glass;
mod doctor;
mod key;
mod model;
mod output;
mod residency;
mod restore;
mod serve;
mod signing_key;
mod tenant;
mod user;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use leeward_store::Tenant;

use crate::{
    config::{Config, Overrides},
    foundation::Foundation,
};

/// On-prem LLM appliance: the gateway and its tools.
#[derive(Debug, Parser)]
#[command(name = "leeward", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// Configuration file (TOML). Every key can also be set as LEEWARD__SECTION__KEY.
    #[arg(long, global = true, value_name = "FILE", env = "LEEWARD_CONFIG")]
    config: Option<PathBuf>,
    /// Where the database, the keys and the models are kept [default: ./var].
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until told to stop (SIGTERM or Ctrl-C).
    Serve {
        /// Address and port to listen on [default: 127.0.0.1:8080].
        #[arg(long, value_name = "HOST:PORT")]
        listen: Option<SocketAddr>,
    },
    /// Bring the database's schema up to date (`serve` does so too).
    Migrate,
    /// Make a tenant, its administrator and an API key; prints the secrets once.
    Bootstrap(bootstrap::Bootstrap),
    /// Tenants.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Users of a tenant.
    #[command(subcommand)]
    User(user::UserCommand),
    /// API keys of a tenant, and key-encryption keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Keys that sign access tokens.
    #[command(subcommand)]
    SigningKey(signing_key::SigningKeyCommand),
    /// The emergency account of a tenant.
    #[command(subcommand)]
    BreakGlass(break_glass::BreakGlassCommand),
    /// Models.
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// What can be proven of where content was.
    #[command(subcommand)]
    Residency(residency::ResidencyCommand),
    /// Backups, made while the service runs.
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Put a backup back; every gateway stopped.
    Restore(restore::Restore),
    /// Look over this machine and this installation; exit 1 names what is wrong.
    Doctor,
    /// Print the OpenAPI document.
    Openapi,
}

/// Parses the command line, runs the command and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failure(&anyhow::Error::new(error)),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => output::failure(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { global, command } = cli;
    let listen = match &command {
        Command::Serve { listen } => *listen,
        _ => None,
    };
    let overrides = Overrides { listen, data_dir: global.data_dir };
    let config = Config::load(global.config.as_deref(), overrides)?;
    let out = output::Output { json: global.json };
    match command {
        Command::Serve { .. } => serve::run(config).await.map(|()| ExitCode::SUCCESS),
        Command::Openapi => {
            use utoipa::OpenApi as _;
            out.raw(&crate::http::openapi::ApiDoc::openapi().to_pretty_json()?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor => doctor::run(&config, out).await,
        // Two that may be asked for when there is no database that opens.
        Command::Backup(command) => command.run(&config, out).await.map(|()| ExitCode::SUCCESS),
        Command::Restore(command) => command.run(&config, out).await.map(|()| ExitCode::SUCCESS),
        command => {
            let base = match &command {
                Command::Audit(audit::AuditCommand::RotateKey { .. }) => Foundation::open_between_keys(&config).await?,
                Command::Audit(audit::AuditCommand::AcceptRestore { .. }) => Foundation::open_put_back(&config).await?,
                _ => Foundation::open(&config).await?,
            };
            match command {
                Command::Bootstrap(bootstrap) => bootstrap.run(&config, &base, out).await?,
                Command::Tenant(command) => command.run(&config, &base, out).await?,
                Command::User(command) => command.run(&config, &base, out).await?,
                Command::Key(command) => command.run(&config, &base, out).await?,
                Command::SigningKey(command) => command.run(&config, &base, out).await?,
                Command::BreakGlass(command) => command.run(&base, out).await?,
                Command::Model(command) => command.run(&config, &base, out).await?,
                Command::Audit(command) => command.run(&config, &base, out).await?,
                Command::Residency(command) => command.run(&config, &base, out).await?,
                // Opening the foundation has migrated already.
                _ => out.say("the schema is up to date", &serde_json::json!({ "pending": [] })),
            }
            base.store.close().await;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A tenant by its id or its name.
async fn find_tenant(base: &Foundation, text: &str) -> anyhow::Result<Tenant> {
    let mut tx = base.store.platform_read().await?;
    let found = match text.parse() {
        Ok(id) => tx.tenant(id).await?,
        Err(_) => tx.tenant_by_name(&text.parse()?).await?,
    };
    found.with_context(|| format!("there is no tenant {text}; `leeward tenant list` shows them"))
}
