//! How a worker process ends.

use std::{process::ExitStatus, time::Duration};

use tokio::{process::Child, time::timeout};

/// How long the kernel may take to end a killed process (one in uninterruptible sleep takes longer).
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// Waits up to `grace` for the process to exit by itself, kills it otherwise, reaps it, and says how it ended.
pub(crate) async fn end(mut child: Child, grace: Duration) -> String {
    if let Ok(Ok(status)) = timeout(grace, child.wait()).await {
        return describe(status);
    }
    if let Err(error) = child.start_kill() {
        tracing::error!(%error, "an engine worker could not be killed");
    }
    match timeout(KILL_TIMEOUT, child.wait()).await {
        Ok(Ok(status)) => describe(status),
        Ok(Err(error)) => format!("could not be waited for: {error}"),
        Err(_) => "was killed but has not ended yet".into(),
    }
}

fn describe(status: ExitStatus) -> String {
    // `ExitStatus` prints "exit status: 1" and "signal: 9 (SIGKILL)".
    status.to_string()
}
