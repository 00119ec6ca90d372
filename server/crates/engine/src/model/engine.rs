//! The engine's own thread over a loaded model.

use std::{fmt, sync::Arc};

use mistralrs::core::{DefaultSchedulerMethod, MistralRs, MistralRsBuilder, Request, SchedulerConfig};
use tokio::sync::mpsc::Sender;

use super::load::{LoadError, Loaded};

/// The engine's thread over a loaded model: its scheduler and its prefix cache.
pub struct Engine {
    /// Kept alive: dropping it ends the thread.
    _instance: Arc<MistralRs>,
    sender: Sender<Request>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("closed", &self.sender.is_closed()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts the engine. Never two at a time over one model: they would mix their KV caches.
    ///
    /// # Errors
    /// When the engine's thread did not come up.
    pub async fn start(model: &Loaded, slots: u32, prefix_cache: usize) -> Result<Self, LoadError> {
        let method = DefaultSchedulerMethod::Fixed(
            std::num::NonZeroUsize::new(slots as usize).unwrap_or(std::num::NonZeroUsize::MIN),
        );
        let scheduler = SchedulerConfig::DefaultScheduler { method };
        let instance = MistralRsBuilder::new(Arc::clone(model.pipeline()), scheduler, false, None)
            .with_no_prefix_cache(prefix_cache == 0)
            .with_prefix_cache_n(prefix_cache)
            .with_disable_eos_stop(true)
            .build()
            .await;
        let sender = instance.get_sender(None).map_err(|error| LoadError(format!("the engine is gone: {error}")))?;
        Ok(Self { _instance: instance, sender })
    }

    /// Where requests go.
    #[must_use]
    pub fn sender(&self) -> Sender<Request> {
        self.sender.clone()
    }
}
