//! Panics: logged without their payload's origin in user text, and fatal once the model is loaded.
//!
//! A panic inside a forward pass leaves the engine's locks poisoned; the only recovery is a new process.

use std::{
    panic,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

static PANICKED: AtomicBool = AtomicBool::new(false);
static NOTIFY: Notify = Notify::const_new();

/// Replaces the panic hook: one log line, and [`happened`] wakes.
pub(super) fn watch() {
    panic::set_hook(Box::new(|info| {
        // The payload may quote data; the place does not.
        let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::error!(place, "a thread panicked");
        PANICKED.store(true, Ordering::SeqCst);
        NOTIFY.notify_one();
    }));
}

/// Whether any thread has panicked.
pub(super) fn any() -> bool {
    PANICKED.load(Ordering::SeqCst)
}

/// Waits for the next panic.
pub(super) async fn happened() {
    while !any() {
        NOTIFY.notified().await;
    }
}
