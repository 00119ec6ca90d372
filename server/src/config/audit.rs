//! `[audit]`: the audit log, its sinks, alerts and witnesses.

use leeward_ledger::alert::{Alert, Form, GroupBy};
use serde::{Deserialize, Serialize};

use super::{CheckpointSection, SinkSection, WitnessSection, WitnessedSection};

/// `[audit]`: the audit log.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSection {
    /// Room that must be left where the data directory is, in MiB: below it inference stops, while administrators can
    /// still sign in and make room. 0 turns it off. SQLite only; PostgreSQL's disk is not ours to see.
    pub min_free_mib: u64,
    /// Where else records go.
    pub sinks: Vec<SinkSection>,
    /// Where else the logs' checkpoints are kept.
    pub checkpoints: Vec<CheckpointSection>,
    /// Alerts over the platform's own log, in the form of docs/audit-alerts.md. Unset: the log's own faults, sinks that
    /// take nothing, the emergency account, and forged logs of others.
    pub alerts: Vec<Alert>,
    /// Who cosigns our logs' checkpoints.
    pub witnesses: Vec<WitnessSection>,
    /// How often each witness is asked, in seconds.
    pub witness_every_s: u64,
    /// The name under which this appliance cosigns the logs of others.
    pub witness_name: String,
    /// Whose logs this appliance cosigns.
    pub witness_for: Vec<WitnessedSection>,
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
