//! OpenTelemetry's logs over HTTP (OTLP/HTTP with JSON).

use std::fs;

use leeward_ledger::render::{Entry, otlp::export_request};
use serde::Deserialize;

use super::Batch;
use crate::{config::SinkSection, outbound::Outbound};

/// A collector.
pub(super) struct Otlp {
    section: SinkSection,
    outbound: Outbound,
}

/// What of an `ExportLogsServiceResponse` matters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer {
    partial_success: Option<PartialSuccess>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartialSuccess {
    /// A 64-bit number, which this encoding may write as a string.
    rejected_log_records: serde_json::Value,
    error_message: String,
}

impl Otlp {
    pub(super) fn new(section: SinkSection, outbound: Outbound) -> Self {
        Self { section, outbound }
    }

    pub(super) async fn deliver(&self, batch: &Batch<'_>) -> Result<(), String> {
        let entries: Vec<Entry<'_>> = batch.entries().collect();
        let token = match &self.section.token_file {
            Some(path) => {
                Some(fs::read_to_string(path).map_err(|error| format!("token_file {}: {error}", path.display()))?)
            }
            None => None,
        };
        let trust = self.section.trust()?;
        let body = export_request(batch.host, &entries);
        let sent = self.outbound.post_json(&self.section.to, &trust, token.as_deref().map(str::trim), body).await;
        let (status, answer) = sent.map_err(|error| error.to_string())?;
        if status != 200 {
            let said: String = String::from_utf8_lossy(&answer).chars().take(200).collect();
            return Err(format!("it answered with status {status}: {said}"));
        }
        let answer: Answer = serde_json::from_slice(&answer).unwrap_or_default();
        let partly = answer.partial_success.unwrap_or_default();
        let rejected = match &partly.rejected_log_records {
            serde_json::Value::Null => false,
            serde_json::Value::String(count) => count != "0" && !count.is_empty(),
            count => count != 0,
        };
        if rejected {
            // The protocol forbids sending them again, and the same would come of it.
            tracing::error!(
                sink = self.section.name,
                rejected = %partly.rejected_log_records,
                why = partly.error_message,
                "a collector took a batch of audit records but for some"
            );
        }
        Ok(())
    }
}
