//! Logs, traces, metrics.
//!
//! Logs are JSON lines on standard error; never prompt or answer text. Traces go to an OTLP collector if
//! one is configured. Metrics live in [`metrics::Metrics`], a value, not a global.

mod export;
pub mod metrics;

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};
use url::Url;

use self::export::Collector;
use crate::{config::Config, outbound::Guard as Addresses};

/// Keeps the exporter alive; flushes it when dropped.
#[derive(Debug)]
pub struct Guard(Option<SdkTracerProvider>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // Nobody is left to tell: the process is ending.
            drop(provider.shutdown());
        }
    }
}

/// Installs the subscriber. Call once, inside the runtime, before anything logs.
///
/// # Errors
/// When the filter or the collector's address makes no sense.
pub fn install(config: &Config) -> anyhow::Result<Guard> {
    let log = &config.telemetry.log;
    let filter =
        EnvFilter::try_new(log).with_context(|| format!("telemetry.log = {log:?} is not a filter such as \"info\""))?;
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let provider = config.telemetry.otlp_endpoint.as_ref().map(|endpoint| exporter(endpoint, config)).transpose()?;
    let traces = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("leeward")))
        .map(|layer| layer.with_filter(EnvFilter::new("leeward=info")));
    tracing_subscriber::registry().with(lines).with(traces).try_init().context("a subscriber is installed already")?;
    Ok(Guard(provider))
}

fn exporter(endpoint: &Url, config: &Config) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::at(endpoint, Addresses::new(&config.outbound.networks)))
        .with_endpoint(endpoint.as_str())
        .build()
        .with_context(|| format!("telemetry.otlp_endpoint = {endpoint}"))?;
    let resource = Resource::builder().with_service_name("leeward").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}
