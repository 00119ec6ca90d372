//! `[[audit.sinks]]`: where else audit records go.

use std::{path::PathBuf, time::Duration};

use leeward_domain::residency::Place;
use leeward_ledger::{LogId, render::Format};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use url::{Host, Url};

use crate::outbound::Trust;

/// One further place for audit records. It must say where it stands: without a place the service does not start.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SinkSection {
    /// Its name in records, metrics and the console; a sink with a new name gets everything from the beginning.
    pub name: String,
    /// `syslog+tls://HOST:6514` (RFC 5425), `https://HOST/v1/logs` (OTLP) or `file:///PATH`; without TLS
    /// (`syslog+tcp`, `http`) only on this machine.
    pub to: Url,
    /// Where it stands; residency policies are held against it.
    pub place: Place,
    /// How records are written: for syslog `rfc5424` (default), `cef`, `ocsf` or `ndjson`; for a file any format of
    /// exports, by default `ndjson`. OTLP has its own.
    #[serde(default, deserialize_with = "format")]
    pub format: Option<Format>,
    /// Which logs: `platform`, or a tenant's id. Unset: all of them.
    #[serde(default)]
    pub logs: Vec<String>,
    /// PEM file with the certificate authorities to trust. `syslog+tls` needs it.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// PEM file with our certificate, leaf first, for a receiver that asks for one.
    #[serde(default)]
    pub certificate: Option<PathBuf>,
    /// PEM file with its private key.
    #[serde(default)]
    pub key: Option<PathBuf>,
    /// File with a bearer token for OTLP.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    /// Seconds for each of: connecting, and handing over one batch.
    #[serde(default = "timeout_s")]
    pub timeout_s: u64,
}

/// `[[audit.checkpoints]]`: a further place for the logs' checkpoints, best one that cannot be written twice.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointSection {
    /// `file:///DIRECTORY`.
    pub to: Url,
    /// Where it stands; without it the service does not start.
    pub place: Place,
}

impl CheckpointSection {
    /// The directory.
    #[must_use]
    pub fn dir(&self) -> Option<PathBuf> {
        (self.to.scheme() == "file").then(|| self.to.to_file_path().ok()).flatten()
    }
}

const fn timeout_s() -> u64 {
    10
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Format>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    name.map(|name| name.parse().map_err(D::Error::custom)).transpose()
}

/// How records travel to a sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Syslog over TLS.
    SyslogTls,
    /// Syslog over plain TCP, to this machine only.
    SyslogTcp,
    /// OTLP over HTTP.
    Otlp,
    /// A file that is only ever appended to.
    File,
}

impl SinkSection {
    /// How records travel there; none if the address has no scheme of ours.
    #[must_use]
    pub fn carrier(&self) -> Option<Carrier> {
        match self.to.scheme() {
            "syslog+tls" => Some(Carrier::SyslogTls),
            "syslog+tcp" => Some(Carrier::SyslogTcp),
            "https" | "http" => Some(Carrier::Otlp),
            "file" => Some(Carrier::File),
            _ => None,
        }
    }

    /// How records are written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.unwrap_or(match self.carrier() {
            Some(Carrier::SyslogTls | Carrier::SyslogTcp) => Format::Syslog,
            Some(Carrier::Otlp) => Format::OtlpJson,
            Some(Carrier::File) | None => Format::Ndjson,
        })
    }

    /// Whether it gets that log.
    #[must_use]
    pub fn wants(&self, log: LogId) -> bool {
        self.logs.is_empty() || self.logs.contains(&log.to_string())
    }

    /// `timeout_s` as a duration.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_s)
    }

    /// Whom a connection to it trusts and what it shows, as the files say now.
    ///
    /// # Errors
    /// Which file cannot be read.
    pub fn trust(&self) -> Result<Trust, String> {
        Trust::read(self.ca.as_deref(), self.certificate.as_deref(), self.key.as_deref())
    }

    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let fault = |what: &str| Err(format!("audit.sinks {name:?}: {what}"));
        if !super::is_name(name) {
            return fault("its name must be 1 to 64 letters, digits, '-', '_' or '.'");
        }
        let Some(carrier) = self.carrier() else {
            return fault(
                "to must be syslog+tls://HOST:PORT, https://HOST/v1/logs or file:///PATH \
                 (syslog+tcp:// and http:// on this machine only)",
            );
        };
        let plain = matches!(self.to.scheme(), "syslog+tcp" | "http");
        if plain && !on_this_machine(&self.to) {
            return fault("records leave this machine over TLS only: use syslog+tls:// or https://");
        }
        if !self.to.username().is_empty() || self.to.password().is_some() {
            return fault("to holds credentials; use certificate and key, or token_file");
        }
        match carrier {
            Carrier::SyslogTls | Carrier::SyslogTcp if self.to.host().is_none() || self.to.port().is_none() => {
                return fault("to needs a host and a port; syslog over TLS is usually on 6514");
            }
            Carrier::SyslogTls if self.ca.is_none() => {
                return fault("syslog+tls needs ca: a PEM file with the authority of the receiver's certificate");
            }
            Carrier::File if self.to.to_file_path().is_err() => return fault("to must be file:///ABSOLUTE/PATH"),
            _ => {}
        }
        let fits = match carrier {
            Carrier::SyslogTls | Carrier::SyslogTcp => {
                matches!(self.format(), Format::Syslog | Format::Cef | Format::Ocsf | Format::Ndjson)
            }
            Carrier::Otlp => self.format() == Format::OtlpJson,
            Carrier::File => true,
        };
        if !fits {
            return fault(&format!("format {} does not travel that way", self.format().as_str()));
        }
        if self.certificate.is_some() != self.key.is_some() {
            return fault("certificate and key belong together: set both or neither");
        }
        if self.token_file.is_some() && carrier != Carrier::Otlp {
            return fault("token_file is for OTLP only");
        }
        if let Some(unknown) = self.logs.iter().find(|log| log.parse::<LogId>().is_err()) {
            return fault(&format!("logs holds {unknown:?}, which is neither \"platform\" nor a tenant's id"));
        }
        if !(1..=60).contains(&self.timeout_s) {
            return fault("timeout_s must be from 1 to 60");
        }
        Ok(())
    }
}

/// Whether an address is this machine's, as far as it says so itself.
pub(super) fn on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            matches!(name.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]")
        }
        None => false,
    }
}
