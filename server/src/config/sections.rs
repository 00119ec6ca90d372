//! The sections of the configuration, each key with its default.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use leeward_domain::residency::{Classification, Place};
use leeward_ledger::{
    VerifierKey,
    alert::{Alert, Form, GroupBy},
};
use leeward_wire::SandboxMode;
use serde::{Deserialize, Serialize};

/// `[http]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where browsers reach the service, for example `https://leeward.example.org`: passkeys are bound to its host.
    /// Unset, `localhost`.
    pub public_url: Option<String>,
    /// The largest request body in bytes.
    pub max_body_bytes: usize,
    /// Threads that serve HTTP.
    pub workers: usize,
    /// Seconds a client may take to send its request's head.
    pub head_timeout_s: u64,
    /// Seconds a client may take to send its request's body.
    pub body_timeout_s: u64,
    /// Seconds that running answers get to finish when the service stops.
    pub shutdown_grace_s: u64,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            max_body_bytes: 4 * 1024 * 1024,
            workers: 2,
            head_timeout_s: 10,
            body_timeout_s: 60,
            shutdown_grace_s: 20,
        }
    }
}

/// `[tls]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// PEM file with the certificate chain, the leaf first.
    pub certificate: Option<PathBuf>,
    /// PEM file with the private key.
    pub key: Option<PathBuf>,
    /// A proxy in front of Leeward speaks TLS; plain HTTP off loopback is then allowed.
    pub terminated_upstream: bool,
    /// Ask clients for a certificate, so that people may sign in with a smart card; nobody must have one.
    pub client_certificates: bool,
}

impl Tls {
    /// Whether this process speaks TLS itself.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.certificate.is_some()
    }

    /// Whether browsers reach the service over HTTPS, here or at a proxy.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_on() || self.terminated_upstream
    }
}

/// `[data]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// Holds the SQLite database, the keys and the models.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("./var") }
    }
}

/// `[database]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// A `postgres://` URL; without it, SQLite in `data.dir`.
    pub url: Option<String>,
    /// At most this many PostgreSQL connections.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, max_connections: 10 }
    }
}

/// `[place]`: what residency policies are held against.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceSection {
    /// The building or data hall.
    pub site: String,
    /// Its region.
    pub region: String,
    /// Whose law applies (ISO 3166-1 alpha-2; `ZZ` is unknown).
    pub jurisdiction: String,
    /// The most sensitive content it may hold.
    pub ceiling: Classification,
}

impl Default for PlaceSection {
    fn default() -> Self {
        Self {
            site: "local".into(),
            region: "local".into(),
            jurisdiction: "ZZ".into(),
            ceiling: Classification::Internal,
        }
    }
}

impl PlaceSection {
    /// As the domain's type.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            site: self.site.clone(),
            region: self.region.clone(),
            jurisdiction: self.jurisdiction.clone(),
            ceiling: self.ceiling,
        }
    }
}

/// A type that weights are quantised to at load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Isq {
    /// Eight bits per weight, practically lossless.
    #[serde(rename = "q8_0")]
    Q8_0,
    /// Four and a half bits per weight.
    Q4k,
}

impl Isq {
    /// As the worker's command line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Q8_0 => "q8_0",
            Self::Q4k => "q4k",
        }
    }
}

/// `[engine]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// The worker's program; by default `leeward-engine` beside this binary.
    pub program: Option<PathBuf>,
    /// `require`, `prefer` or `off`.
    pub sandbox: SandboxMode,
    /// Compute threads per worker; by default the physical cores.
    pub threads: Option<u32>,
    /// Requests a worker runs at the same time.
    pub slots: u32,
    /// Lower the context length to this many tokens.
    pub context_length: Option<u32>,
    /// What the matrices of models that lie in directories become while they are loaded: `q8_0` or `q4k`; as they are if
    /// unset. GGUF models bring their own type.
    pub isq: Option<Isq>,
    /// Limit each worker's memory to this many bytes.
    pub memory_limit_bytes: Option<u64>,
    /// Unpack quantised weights to 32-bit floats at load: four bytes each in memory. On a CPU prompts are read up to 1.8
    /// times as fast, and answers written half as fast (docs/benchmarks.md).
    pub dense_weights: bool,
    /// Requests that may wait for a model; one more gets 429.
    pub queue_capacity: usize,
    /// Seconds a model may take to load.
    pub load_timeout_s: u64,
    /// Seconds a running request may go without a sign of life before its worker is restarted.
    pub stall_timeout_s: u64,
    /// The name of the one tenant the workers serve; they may then keep a prefix cache (a chat's second
    /// turn starts about ten times sooner). Unset: workers are shared and keep no cache.
    pub dedicated_to: Option<String>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            program: None,
            sandbox: SandboxMode::Require,
            threads: None,
            slots: 1,
            context_length: None,
            isq: None,
            memory_limit_bytes: None,
            dense_weights: false,
            queue_capacity: 64,
            load_timeout_s: 600,
            stall_timeout_s: 120,
            dedicated_to: None,
        }
    }
}

impl Engine {
    /// `load_timeout_s` as a duration.
    #[must_use]
    pub const fn load_timeout(&self) -> Duration {
        Duration::from_secs(self.load_timeout_s)
    }

    /// `stall_timeout_s` as a duration.
    #[must_use]
    pub const fn stall_timeout(&self) -> Duration {
        Duration::from_secs(self.stall_timeout_s)
    }
}

/// `[models]`: what it takes for a model to serve.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// Seconds after which a model that nobody asks is let go of; the next request has it loaded again. Unset: never.
    pub unload_idle_s: Option<u64>,
    /// Whether two people must stand behind a model before it serves: one proposes it, another approves.
    pub two_people: bool,
    /// Keys of those whose signed bundles may be imported, as `leeward model key` prints them: `name+hash+base64`.
    pub trusted_keys: Vec<String>,
    /// Whether nothing but signed bundles may be imported.
    pub require_signature: bool,
}

impl Models {
    /// The trusted keys.
    ///
    /// # Errors
    /// The first that is none, or that a signature is wanted and nobody is trusted.
    pub fn keys(&self) -> Result<Vec<VerifierKey>, String> {
        if self.require_signature && self.trusted_keys.is_empty() {
            return Err("models.require_signature is on and models.trusted_keys is empty: nothing could be imported; \
                        list the keys of those you trust, as `leeward model key` prints them there"
                .to_owned());
        }
        let parse = |key: &String| {
            key.parse().map_err(|_| format!("models.trusted_keys: {key:?} is no key: write name+hash+base64"))
        };
        self.trusted_keys.iter().map(parse).collect()
    }
}

/// `[auth]`: what holds for the whole appliance; sessions and passwords are each tenant's own policy.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Password checks at the same time; each takes about 19 MiB and a core for some 50 ms.
    pub password_checks: usize,
    /// Password checks that may wait; one more gets 429.
    pub password_queue: usize,
    /// Failed attempts on one account before further ones must wait.
    pub free_attempts: u64,
    /// Failed attempts from one network, on whatever accounts, before further ones must wait.
    pub free_attempts_per_network: u64,
    /// Seconds to wait after the free attempts; doubled with each further failure.
    pub backoff_s: u64,
    /// The longest wait in seconds.
    pub max_backoff_s: u64,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            password_checks: 1,
            password_queue: 32,
            free_attempts: 5,
            free_attempts_per_network: 50,
            backoff_s: 1,
            max_backoff_s: 900,
        }
    }
}

impl Auth {
    /// How long to wait after `beyond` failures more than the free ones.
    #[must_use]
    pub fn backoff(&self, beyond: u64) -> Duration {
        let factor = 1_u64.checked_shl(u32::try_from(beyond).unwrap_or(u32::MAX)).unwrap_or(u64::MAX);
        Duration::from_secs(self.backoff_s.saturating_mul(factor).min(self.max_backoff_s))
    }
}

/// `[telemetry]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// Which log lines: a `tracing` filter, for example `info,leeward_fleet=debug`.
    pub log: String,
    /// An OTLP/HTTP collector for traces, for example `https://otel.example.org:4318/v1/traces`; off if unset. Without
    /// TLS on this machine only.
    pub otlp_endpoint: Option<url::Url>,
    /// Where the collector stands. Needed if it is not on this machine.
    pub place: Option<Place>,
}

impl Telemetry {
    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub(super) fn check(&self) -> Result<(), String> {
        let Some(endpoint) = &self.otlp_endpoint else { return Ok(()) };
        let near = super::sinks::on_this_machine(endpoint);
        let fault = |what: &str| Err(format!("telemetry.otlp_endpoint is {endpoint}: {what}"));
        if !endpoint.username().is_empty() || endpoint.password().is_some() || endpoint.query().is_some() {
            return fault("write scheme, host, port and path only");
        }
        match endpoint.scheme() {
            "https" => {}
            "http" if near => {}
            "http" => return fault("traces leave this machine over TLS only: use https://"),
            _ => return fault("write https://HOST:PORT/v1/traces"),
        }
        match &self.place {
            None if !near => fault("say where it stands: set telemetry.place"),
            Some(place) => place.check().map_err(|faults| {
                faults.into_iter().next().map_or_else(String::new, |fault| format!("telemetry.place: {fault}"))
            }),
            None => Ok(()),
        }
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { log: "info".into(), otlp_endpoint: None, place: None }
    }
}

/// `[outbound]`: where this process may connect to by itself.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundSection {
    /// Origins of identity providers, issuers and directories, for example `https://login.example.org` or
    /// `ldaps://dc1.example.org`. Unset: nothing outside is asked.
    pub allow: Vec<url::Url>,
    /// Networks that what is listed, and every audit sink, must be in, for example `10.0.0.0/8`; asked of each address
    /// a name resolves to, when it is dialled. Unset: any but the link's own, multicast and nobody's.
    pub networks: Vec<ipnet::IpNet>,
    /// What the network around this process is to refuse, as `HOST:PORT`: dialled at every start, past our own guard;
    /// the service is not ready while one answers. Unset: the network is not tried.
    pub refused_by_network: Vec<String>,
}

/// `[retention]`: deleting what has run its time.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSection {
    /// Seconds between two looks at what has run its time by the tenants' policies.
    pub every_s: u64,
}

impl Default for RetentionSection {
    fn default() -> Self {
        Self { every_s: 600 }
    }
}

/// `[tokens]`: access tokens issued here.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokensSection {
    /// Seconds an access token lives.
    pub access_s: u64,
    /// Days a refresh token lives; each use gives a new one.
    pub refresh_days: u64,
    /// Seconds after its first use during which a refresh token may be shown again (a lost answer, two tabs).
    pub refresh_leeway_s: u64,
    /// Days after which the signing key gets a successor.
    pub key_days: u64,
    /// Seconds a new signing key is published before it signs.
    pub key_lead_s: u64,
}

impl Default for TokensSection {
    fn default() -> Self {
        Self { access_s: 600, refresh_days: 30, refresh_leeway_s: 30, key_days: 30, key_lead_s: 3600 }
    }
}

/// `[audit]`: the audit log.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSection {
    /// Room that must be left where the data directory is, in MiB: below it inference stops, while administrators can
    /// still sign in and make room. 0 turns it off. SQLite only; PostgreSQL's disk is not ours to see.
    pub min_free_mib: u64,
    /// Where else records go.
    pub sinks: Vec<super::SinkSection>,
    /// Where else the logs' checkpoints are kept.
    pub checkpoints: Vec<super::CheckpointSection>,
    /// Alerts over the platform's own log, in the form of docs/audit-alerts.md. Unset: the log's own faults, sinks that
    /// take nothing, the emergency account, and forged logs of others.
    pub alerts: Vec<Alert>,
    /// Who cosigns our logs' checkpoints.
    pub witnesses: Vec<super::WitnessSection>,
    /// How often each witness is asked, in seconds.
    pub witness_every_s: u64,
    /// The name under which this appliance cosigns the logs of others.
    pub witness_name: String,
    /// Whose logs this appliance cosigns.
    pub witness_for: Vec<super::WitnessedSection>,
}

impl Default for AuditSection {
    fn default() -> Self {
        Self {
            min_free_mib: 256,
            sinks: Vec::new(),
            checkpoints: Vec::new(),
            alerts: standing_alerts(),
            witnesses: Vec::new(),
            witness_every_s: 60,
            witness_name: "leeward/witness".to_owned(),
            witness_for: Vec::new(),
        }
    }
}

/// What an operator is told of unless they say otherwise: each at its first record, and then at most once in so long.
fn standing_alerts() -> Vec<Alert> {
    let alert = |name: &str, events: &[&str], window_seconds| {
        let events = events.iter().filter_map(|event| event.parse().ok()).collect();
        let form = Form {
            name: name.to_owned(),
            events,
            outcome: None,
            threshold: 1,
            window_seconds,
            group_by: GroupBy::None,
        };
        Alert::new(form).ok()
    };
    [
        alert("The audit log cannot be trusted or has no room", &["audit.ledger.fenced", "audit.space.low"], 60),
        alert("Audit records or checkpoints do not get out", &["audit.sink.failed", "audit.witness.failed"], 3600),
        alert("A log this appliance witnesses was forged", &["audit.fork.detected"], 60),
        alert("The emergency account was used", &["break_glass.*"], 60),
        alert("The network lets forbidden connections out", &["service.egress_test.failed"], 3600),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl AuditSection {
    /// What is wrong with alerts and witnesses, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check_witnesses(&self) -> Result<(), String> {
        let mut names = std::collections::BTreeSet::new();
        for alert in &self.alerts {
            if !names.insert(alert.name()) {
                return Err(format!("two audit.alerts are called {:?}", alert.name()));
            }
        }
        if self.witness_every_s == 0 {
            return Err("audit.witness_every_s must be at least 1".into());
        }
        let name = &self.witness_name;
        if name.is_empty() || name.len() > 100 || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
        {
            return Err("audit.witness_name must be 1 to 100 characters without spaces and '+'".into());
        }
        let mut names = std::collections::BTreeSet::new();
        for witness in &self.witnesses {
            witness.check()?;
            let key = witness.key()?;
            if !names.insert(key.name().to_owned()) {
                return Err(format!("two audit.witnesses are called {:?}", key.name()));
            }
        }
        let mut names = std::collections::BTreeSet::new();
        for other in &self.witness_for {
            other.check()?;
            if !names.insert(&other.name) {
                return Err(format!("two audit.witness_for are called {:?}", other.name));
            }
        }
        Ok(())
    }
}
