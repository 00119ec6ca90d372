//! Configuration: one TOML file, every key also as `LEEWARD__SECTION__KEY`, every key with a default.
//!
//! Later wins: built-in defaults, the file, the environment, the command line. An unknown key is an error
//! that names it. To add a key: a field in its section (the smaller ones are in [`sections`]) with its default and its doc; `docs/operations.md`
//! lists them. Parsing and checking happen here once; the rest of the house gets a valid [`Config`].

mod audit;
mod backups;
mod digest;
mod engine;
mod keys;
mod sections;
mod sinks;
mod witnesses;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use audit::AuditSection;
pub use backups::BackupSection;
pub use engine::{Engine, Isq, Models};
pub use keys::{CredentialKey, FileKey, KeySource, KeysSection, PassphraseKey, Pkcs11Key, VaultKey};
use leeward_store::DatabaseConfig;
pub use sections::*;
use serde::{Deserialize, Serialize};
pub use sinks::{Carrier, CheckpointSection, SinkSection};
pub use witnesses::{WitnessSection, WitnessedSection};

/// The longest that an answer may be allowed.
const WEEK_S: u64 = 7 * 24 * 3600;

/// Everything that can be configured.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The listener and its limits.
    pub http: Http,
    /// Certificates.
    pub tls: Tls,
    /// Where files are kept.
    pub data: Data,
    /// SQLite or PostgreSQL.
    pub database: Database,
    /// Where this appliance stands.
    pub place: PlaceSection,
    /// The model workers.
    pub engine: Engine,
    /// What it takes for a model to serve.
    pub models: Models,
    /// Sessions and passwords.
    pub auth: Auth,
    /// Deleting what has run its time.
    pub retention: RetentionSection,
    /// Access tokens.
    pub tokens: TokensSection,
    /// Who holds the key-encryption keys.
    pub keys: KeysSection,
    /// Where this process may connect to.
    pub outbound: OutboundSection,
    /// The audit log.
    pub audit: AuditSection,
    /// Where backups go.
    pub backups: Vec<BackupSection>,
    /// Logs and traces.
    pub telemetry: Telemetry,
}

/// Whether a text will do as the name of something declared: 1 to 64 letters, digits, '-', '_' or '.'.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// A configuration nobody should run with; the message says the key and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

/// What the command line may override.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--listen`.
    pub listen: Option<SocketAddr>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
}

impl Config {
    /// Reads the file (if any), the environment and the overrides, and checks the whole.
    ///
    /// # Errors
    /// When the file cannot be read, a key is unknown or mistyped, or the values do not go together.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self, ConfigError> {
        let mut builder = config::Config::builder();
        if let Some(path) = file {
            if !path.is_file() {
                return Err(ConfigError(format!("there is no file {}", path.display())));
            }
            builder = builder.add_source(config::File::from(path).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("LEEWARD")
            .prefix_separator("__")
            .separator("__")
            .list_separator(",")
            .with_list_parse_key("outbound.allow")
            .with_list_parse_key("outbound.networks")
            .with_list_parse_key("outbound.refused_by_network")
            .try_parsing(true);
        let mut config: Self = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| ConfigError(error.to_string()))?;
        if let Some(listen) = overrides.listen {
            config.http.listen = listen;
        }
        if let Some(dir) = overrides.data_dir {
            config.data.dir = dir;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |message: &str| Err(ConfigError(message.to_owned()));
        if self.tls.certificate.is_some() != self.tls.key.is_some() {
            return wrong("tls.certificate and tls.key belong together: set both or neither");
        }
        if self.tls.client_certificates && !self.tls.is_on() {
            return wrong(
                "tls.client_certificates needs TLS to end here: set tls.certificate and tls.key (a proxy in front of \
                 Leeward keeps clients' certificates to itself)",
            );
        }
        if !self.http.listen.ip().is_loopback() && !self.tls.is_on() && !self.tls.terminated_upstream {
            return Err(ConfigError(format!(
                "http.listen = {} is not a loopback address, so it needs TLS: set tls.certificate and tls.key, or \
                 tls.terminated_upstream = true if a proxy in front of Leeward speaks TLS",
                self.http.listen
            )));
        }
        if self.engine.queue_capacity == 0 || self.engine.slots == 0 {
            return wrong("engine.queue_capacity and engine.slots must be at least 1");
        }
        if !(1..=WEEK_S).contains(&self.engine.answer_timeout_s) {
            return wrong("engine.answer_timeout_s must be 1 to 604800, a week");
        }
        if self.models.unload_idle_s == Some(0) {
            return wrong("models.unload_idle_s must be at least 1; leave it out to keep models loaded");
        }
        if self.retention.every_s == 0 {
            return wrong("retention.every_s must be at least 1");
        }
        if self.tokens.access_s == 0 || self.tokens.access_s > 3600 {
            return wrong(
                "tokens.access_s must be from 1 to 3600: what is issued cannot be called back from its bearer",
            );
        }
        let no_target = |target: &&String| {
            !target.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        };
        if let Some(target) = self.outbound.refused_by_network.iter().find(no_target) {
            return Err(ConfigError(format!("outbound.refused_by_network holds {target:?}: write HOST:PORT")));
        }
        if let Some(url) =
            self.outbound.allow.iter().find(|url| url.host().is_none() || !matches!(url.path(), "" | "/"))
        {
            return Err(ConfigError(format!(
                "outbound.allow holds {url}, which is not an origin: write scheme, host and port only"
            )));
        }
        let sinks = self.audit.sinks.iter().map(|sink| (format!("audit.sinks {:?}", sink.name), sink.place.clone()));
        let places = self.audit.checkpoints.iter().map(|at| (format!("audit.checkpoints {}", at.to), at.place.clone()));
        let backups = self.backups.iter().map(|to| (format!("backups {:?}", to.name), to.place.clone()));
        let witnesses = self.audit.witnesses.iter().map(|at| (format!("audit.witnesses {}", at.url), at.place.clone()));
        for (whose, place) in
            sinks.chain(places).chain(backups).chain(witnesses).chain([("[place]".to_owned(), self.place.place())])
        {
            if let Some(fault) = place.check().err().and_then(|faults| faults.into_iter().next()) {
                return Err(ConfigError(format!("{whose}: {fault}")));
            }
        }
        if let Some(other) = self.audit.checkpoints.iter().find(|place| place.dir().is_none()) {
            return Err(ConfigError(format!("audit.checkpoints: {} is not file:///ABSOLUTE/DIRECTORY", other.to)));
        }
        let mut names = std::collections::BTreeSet::new();
        for sink in &self.audit.sinks {
            sink.check().map_err(ConfigError)?;
            if !names.insert(&sink.name) {
                return Err(ConfigError(format!("two audit.sinks are called {:?}", sink.name)));
            }
        }
        self.audit.check_witnesses().map_err(ConfigError)?;
        self.models.keys().map_err(ConfigError)?;
        let mut names = std::collections::BTreeSet::new();
        for target in &self.backups {
            target.check().map_err(ConfigError)?;
            if !names.insert(&target.name) {
                return Err(ConfigError(format!("two backups are called {:?}", target.name)));
            }
        }
        self.keys.check(self).map_err(ConfigError)?;
        self.telemetry.check().map_err(ConfigError)?;
        if self.http.max_body_bytes > 4 * 1024 * 1024 {
            return wrong("http.max_body_bytes is at most 4194304 (4 MiB): the engine's frames are bounded by it");
        }
        Ok(())
    }

    /// Everywhere this process may connect to by itself.
    #[must_use]
    pub fn outbound(&self) -> Vec<url::Url> {
        let sinks = self.audit.sinks.iter().filter(|sink| sink.carrier() != Some(Carrier::File));
        let witnesses = self.audit.witnesses.iter().map(|witness| &witness.url);
        self.outbound.allow.iter().chain(sinks.map(|sink| &sink.to)).chain(witnesses).cloned().collect()
    }

    /// The database to connect to: `database.url`, or SQLite in the data directory.
    #[must_use]
    pub fn database(&self) -> DatabaseConfig {
        match &self.database.url {
            Some(url) => DatabaseConfig::Postgres { url: url.clone(), max_connections: self.database.max_connections },
            None => DatabaseConfig::Sqlite { path: self.data.dir.join("leeward.db") },
        }
    }

    /// The file of a key-encryption key that is in a file, unless another is named.
    #[must_use]
    pub fn kek_file(&self) -> PathBuf {
        self.data.dir.join("keys").join("kek")
    }

    /// The names of keys that were destroyed, beside those that were not: kept apart from the database.
    #[must_use]
    pub fn tombstones_file(&self) -> PathBuf {
        self.data.dir.join("keys").join("tombstones")
    }

    /// The audit log's (wrapped) signing key.
    #[must_use]
    pub fn log_key_file(&self) -> PathBuf {
        self.data.dir.join("keys").join("audit-log")
    }

    /// The audit log's next signing key, while it is being handed over to.
    #[must_use]
    pub fn next_log_key_file(&self) -> PathBuf {
        self.data.dir.join("keys").join("audit-log.next")
    }

    /// The model store.
    #[must_use]
    pub fn models_dir(&self) -> PathBuf {
        self.data.dir.join("models")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_loopback() {
        let listen = |address: &str| Overrides { listen: address.parse().ok(), data_dir: None };
        assert!(Config::load(None, listen("127.0.0.1:0")).is_ok());
        let error = Config::load(None, listen("0.0.0.0:8080")).expect_err("refused").to_string();
        assert!(error.contains("tls.terminated_upstream"), "{error}");
    }

    #[test]
    fn unknown_keys_are_named() {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        std::fs::write(file.path(), "[http]\nlisten_on = \"x\"\n").expect("written");
        let error = Config::load(Some(file.path()), Overrides::default()).expect_err("refused").to_string();
        assert!(error.contains("listen_on"), "{error}");
    }

    #[test]
    fn a_collector_elsewhere_says_where_it_stands() {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        let load = |text: &str| {
            std::fs::write(file.path(), format!("[telemetry]\notlp_endpoint = {text}")).expect("written");
            Config::load(Some(file.path()), Overrides::default()).map_err(|error| error.to_string())
        };
        for (text, said) in [
            ("\"http://otel.example.org:4318/v1/traces\"", "over TLS only"),
            ("\"https://otel.example.org:4318/v1/traces\"", "set telemetry.place"),
            ("\"http://u:p@127.0.0.1:4318/v1/traces\"", "host, port and path only"),
            ("\"grpc://127.0.0.1:4317\"", "write https://"),
            ("\"nonsense\"", "otlp_endpoint"),
        ] {
            let error = load(text).expect_err("refused");
            assert!(error.contains(said), "{error}");
        }
        let place = "place = { site = \"a\", region = \"b\", jurisdiction = \"IT\", ceiling = \"public\" }";
        assert!(load("\"http://127.0.0.1:4318/v1/traces\"").is_ok());
        assert!(load(&format!("\"https://otel.example.org:4318/v1/traces\"\n{place}")).is_ok());
    }

    #[test]
    fn client_certificates_end_where_tls_does() {
        let file = tempfile::NamedTempFile::new().expect("temporary file");
        let load = |text: &str| {
            std::fs::write(file.path(), text).expect("written");
            Config::load(Some(file.path()), Overrides::default())
        };
        for tls in ["", "terminated_upstream = true"] {
            let error = load(&format!("[tls]\nclient_certificates = true\n{tls}")).expect_err("refused").to_string();
            assert!(error.contains("tls.client_certificates needs TLS"), "{error}");
        }
        assert!(load("[tls]\nclient_certificates = true\ncertificate = \"c\"\nkey = \"k\"").is_ok());
    }
}
