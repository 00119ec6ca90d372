//! `leeward serve`.

use tokio::signal::unix::{SignalKind, signal};

use super::output;
use crate::{config::Config, startup::Application, telemetry};

/// Serves until SIGTERM or SIGINT.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let _telemetry = telemetry::install(&config)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let application = Application::build(config).await?;
    tracing::info!(url = application.url(), "listening");
    let ready = |url: &str| output::event(&serde_json::json!({ "event": "ready", "url": url }));
    application.run_until_stopped(ready, stop).await
}
