//! Prometheus metrics, in OpenMetrics text. Names follow Prometheus' conventions; labels are bounded sets
//! (route patterns, never paths; tenants are left out until quotas need them).

use std::fmt;

use leeward_fleet::{ModelState, ModelStatus};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Which route, how it went.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, or `unmatched`.
    pub route: String,
    /// The HTTP method.
    pub method: String,
    /// The HTTP status.
    pub status: u16,
}

/// Which model, how it went.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct InferenceLabels {
    /// The model's name.
    pub model: String,
    /// `completed`, `cancelled`, `aborted` or `refused`.
    pub outcome: &'static str,
}

/// Which model.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ModelLabels {
    /// The model's name.
    pub model: String,
}

/// Which audit sink.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct SinkLabels {
    /// Its name in the configuration.
    pub sink: String,
}

/// Whose audit log.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct LogLabels {
    /// `platform`, or `tenant` for that of any tenant.
    pub log: &'static str,
}

/// Which witness.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct WitnessLabels {
    /// Its name.
    pub witness: String,
}

/// Every metric of the gateway.
pub struct Metrics {
    registry: Registry,
    /// HTTP requests answered.
    pub requests: Family<RequestLabels, Counter>,
    /// Seconds from a request's arrival to its response's head.
    pub request_seconds: Histogram,
    /// Inferences ended.
    pub inferences: Family<InferenceLabels, Counter>,
    /// Seconds from admission to the first text.
    pub first_token_seconds: Histogram,
    /// Prompt tokens processed.
    pub input_tokens: Family<ModelLabels, Counter>,
    /// Tokens generated.
    pub output_tokens: Family<ModelLabels, Counter>,
    /// Audit records made durable.
    pub audit_records: Counter,
    /// Seconds from handing a record over to its being durable.
    pub audit_seconds: Histogram,
    /// Audit records that could not be made durable.
    pub audit_failures: Counter,
    /// Whether an audit sink took what it was last given: 1 or 0.
    pub sink_up: Family<SinkLabels, Gauge>,
    /// Alerts over audit logs that fired.
    pub alerts_fired: Family<LogLabels, Counter>,
    /// Whether a witness cosigned what it was last asked to: 1 or 0.
    pub witness_up: Family<WitnessLabels, Gauge>,
    /// Checkpoints of others that this appliance refused to cosign because they do not continue what it saw.
    pub forks_seen: Counter,
    /// Emergency accounts unlocked; anything but a rare event is an alarm.
    pub break_glass_unlocks: Counter,
    ready: Family<ModelLabels, Gauge>,
    queued: Family<ModelLabels, Gauge>,
    running: Family<ModelLabels, Gauge>,
    restarts: Family<ModelLabels, Gauge>,
    worker_bytes: Family<ModelLabels, Gauge>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

const FAST_SECONDS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0];
const SLOW_SECONDS: [f64; 10] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("leeward"),
            requests: Family::default(),
            request_seconds: Histogram::new(SLOW_SECONDS),
            inferences: Family::default(),
            first_token_seconds: Histogram::new(SLOW_SECONDS),
            input_tokens: Family::default(),
            output_tokens: Family::default(),
            audit_records: Counter::default(),
            audit_seconds: Histogram::new(FAST_SECONDS),
            audit_failures: Counter::default(),
            sink_up: Family::default(),
            alerts_fired: Family::default(),
            witness_up: Family::default(),
            forks_seen: Counter::default(),
            break_glass_unlocks: Counter::default(),
            ready: Family::default(),
            queued: Family::default(),
            running: Family::default(),
            restarts: Family::default(),
            worker_bytes: Family::default(),
        };
        let r = &mut metrics.registry;
        r.register("http_requests", "HTTP requests answered", metrics.requests.clone());
        let seconds = || Unit::Seconds;
        r.register_with_unit(
            "http_request_duration",
            "Time to the response's head",
            seconds(),
            metrics.request_seconds.clone(),
        );
        r.register("inferences", "Inferences ended", metrics.inferences.clone());
        r.register_with_unit(
            "inference_first_token",
            "Time from admission to the first text",
            seconds(),
            metrics.first_token_seconds.clone(),
        );
        r.register("input_tokens", "Prompt tokens processed", metrics.input_tokens.clone());
        r.register("output_tokens", "Tokens generated", metrics.output_tokens.clone());
        r.register("audit_records", "Audit records made durable", metrics.audit_records.clone());
        r.register_with_unit(
            "audit_append",
            "Time until a record was durable",
            seconds(),
            metrics.audit_seconds.clone(),
        );
        r.register("audit_failures", "Audit records that could not be written", metrics.audit_failures.clone());
        r.register("audit_alerts_fired", "Alerts over audit logs that fired", metrics.alerts_fired.clone());
        r.register(
            "audit_witness_up",
            "1 if the witness cosigned what it was last asked to",
            metrics.witness_up.clone(),
        );
        r.register(
            "audit_forks_seen",
            "Checkpoints of other appliances that do not continue what was cosigned",
            metrics.forks_seen.clone(),
        );
        r.register("audit_sink_up", "1 if the audit sink took what it was last given", metrics.sink_up.clone());
        r.register("break_glass_unlocks", "Emergency accounts unlocked", metrics.break_glass_unlocks.clone());
        r.register("model_ready", "1 if the model answers", metrics.ready.clone());
        r.register("model_queued_requests", "Requests waiting for the model", metrics.queued.clone());
        r.register("model_running_requests", "Requests being answered", metrics.running.clone());
        r.register("worker_restarts", "Worker restarts since the start", metrics.restarts.clone());
        r.register_with_unit("worker_resident", "Worker memory", Unit::Bytes, metrics.worker_bytes.clone());
        metrics
    }
}

impl Metrics {
    /// The text of `/metrics`, with the fleet's state as of now.
    #[must_use]
    pub fn render(&self, models: &[ModelStatus]) -> String {
        for status in models {
            let labels = ModelLabels { model: status.name.to_string() };
            let gauge = |family: &Family<ModelLabels, Gauge>, value: u64| {
                family.get_or_create(&labels).set(i64::try_from(value).unwrap_or(i64::MAX));
            };
            gauge(&self.ready, u64::from(matches!(status.state, ModelState::Ready { .. })));
            gauge(&self.queued, status.queued as u64);
            gauge(&self.running, status.running as u64);
            gauge(&self.restarts, status.restarts);
            gauge(&self.worker_bytes, status.resident_bytes.unwrap_or_default());
        }
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
