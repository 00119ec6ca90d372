//! The engine's own thread over a loaded model.

use std::{fmt, sync::Arc};

use mistralrs::core::{
    Constraint, DefaultSchedulerMethod, MistralRs, MistralRsBuilder, NormalRequest, Request, RequestMessage, Response,
    SamplingParams, SchedulerConfig,
};
use tokio::sync::mpsc::{Sender, channel};

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
    /// When the engine's thread did not come up, or the model cannot compute.
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
        let engine = Self { _instance: instance, sender };
        engine.try_out(model).await?;
        Ok(engine)
    }

    /// Has the model compute once, where that is how a missing tensor shows.
    async fn try_out(&self, model: &Loaded) -> Result<(), LoadError> {
        // Nobody's prompt begins so: what it leaves in the prefix cache is never used.
        let messages = match model {
            Loaded::Text(model) if model.try_out => RequestMessage::CompletionTokens(vec![model.seal; 2]),
            Loaded::Text(_) => return Ok(()),
            Loaded::Embedding(_) => RequestMessage::EmbeddingTokens { prompt: vec![0; 2] },
        };
        let failed = |why: String| LoadError(format!("the model is loaded but cannot compute: {why}"));
        let (response, mut responses) = channel(4);
        let request = NormalRequest {
            messages,
            // A token out of the prompt, and one out of that one.
            sampling_params: SamplingParams { max_len: Some(2), temperature: Some(0.0), ..SamplingParams::neutral() },
            response,
            return_logprobs: false,
            is_streaming: false,
            id: 0,
            constraint: Constraint::None,
            suffix: None,
            tools: None,
            tool_choice: None,
            logits_processors: None,
            return_raw_logits: false,
            web_search_options: None,
            model_id: None,
            truncate_sequence: false,
        };
        let sent = self.sender.send(Request::Normal(Box::new(request))).await;
        sent.map_err(|_| failed("the engine has ended".into()))?;
        match responses.recv().await {
            Some(Response::InternalError(error) | Response::ValidationError(error)) => Err(failed(error.to_string())),
            Some(Response::ModelError(why, _) | Response::CompletionModelError(why, _)) => Err(failed(why)),
            Some(_) => Ok(()),
            None => Err(failed("the engine ended".into())),
        }
    }

    /// Where requests go.
    #[must_use]
    pub fn sender(&self) -> Sender<Request> {
        self.sender.clone()
    }
}
