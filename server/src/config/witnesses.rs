//! `[[audit.witnesses]]` and `[[audit.witness_for]]`: who vouches for our logs, and for whose we do
//! (C2SP tlog-witness, <https://c2sp.org/tlog-witness>).

use std::path::PathBuf;

use leeward_domain::residency::Place;
use leeward_ledger::{
    LogId,
    note::{VerifierKey, WitnessKey},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::sinks::on_this_machine;
use crate::outbound::Trust;

/// A witness of our logs. It must say where it stands: without a place the configuration is refused.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessSection {
    /// Its submission prefix: `https://HOST/witness` for another Leeward; checkpoints go to `…/add-checkpoint`.
    pub url: Url,
    /// Its key, as it publishes it: `name+hash+base64`.
    pub key: String,
    /// Where it stands; it is told how many records each tenant's log has, where the tenant's policy allows `telemetry`.
    pub place: Place,
    /// PEM file with the certificate authorities to trust; the usual ones if unset.
    #[serde(default)]
    pub ca: Option<PathBuf>,
}

impl WitnessSection {
    /// Its key.
    ///
    /// # Errors
    /// That it is none.
    pub fn key(&self) -> Result<WitnessKey, String> {
        self.key
            .parse()
            .map_err(|_| format!("audit.witnesses: key {:?} is no witness's key: write name+hash+base64", self.key))
    }

    /// Where checkpoints go.
    #[must_use]
    pub fn endpoint(&self) -> Url {
        let mut endpoint = self.url.clone();
        endpoint.set_path(&format!("{}/add-checkpoint", self.url.path().trim_end_matches('/')));
        endpoint
    }

    /// Whom a connection to it trusts.
    ///
    /// # Errors
    /// That the file cannot be read.
    pub fn trust(&self) -> Result<Trust, String> {
        Trust::read(self.ca.as_deref(), None, None)
    }

    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), String> {
        let fault = |what: &str| Err(format!("audit.witnesses {}: {what}", self.url));
        self.key()?;
        match self.url.scheme() {
            "https" => {}
            "http" if on_this_machine(&self.url) => {}
            _ => return fault("a witness is asked over https:// (http:// on this machine only)"),
        }
        if !self.url.username().is_empty() || self.url.password().is_some() || self.url.query().is_some() {
            return fault("url is a submission prefix: scheme, host, port and path only");
        }
        Ok(())
    }
}

/// Another appliance, whose logs this one cosigns.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessedSection {
    /// Its name here, in records.
    pub name: String,
    /// The key of its platform log (`leeward audit key`), which is that of its tenants' logs too.
    pub key: String,
}

impl WitnessedSection {
    /// The key of one of its logs.
    ///
    /// # Errors
    /// That it is none.
    pub fn key_of(&self, log: LogId) -> Result<VerifierKey, String> {
        let wrong = || {
            let (name, origin) = (&self.name, LogId::Platform.origin());
            format!("audit.witness_for {name:?}: key must be that of its platform log: {origin}+hash+base64")
        };
        let key: VerifierKey = self.key.parse().map_err(|_| wrong())?;
        if key.name() == LogId::Platform.origin() { Ok(key.of_log(log)) } else { Err(wrong()) }
    }

    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), String> {
        let name = &self.name;
        if !super::is_name(name) {
            return Err(format!(
                "audit.witness_for {name:?}: its name must be 1 to 64 letters, digits, '-', '_' or '.'"
            ));
        }
        self.key_of(LogId::Platform).map(drop)
    }
}
