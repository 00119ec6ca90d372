//! One request inside the engine: how it is asked, how its tokens come out.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use leeward_wire::GenerateRequest;
use mistralrs::core::{Constraint, NormalRequest, Request, RequestMessage, Response, SamplingParams, StopTokens};
use tokio::sync::mpsc;

use super::chooser::{Chooser, Step};
use crate::model::{TextModel, grammar::Grammar};

/// Room in a response channel beyond one chunk per token. The engine blocks everybody's step while it
/// waits for room, so there is always enough for the whole answer.
const SLACK: usize = 16;

/// A running request. The engine has let go of it when [`Generation::step`] answers `None`.
pub(super) struct Generation {
    steps: mpsc::Receiver<Step>,
    responses: mpsc::Receiver<Response>,
    halt: Arc<AtomicBool>,
    error: Option<String>,
}

impl Generation {
    /// Hands `prompt` to the engine. `limit` is at most what the context leaves.
    ///
    /// # Errors
    /// When the engine's thread is gone.
    pub(super) async fn start(
        engine: &mpsc::Sender<Request>,
        model: &TextModel,
        id: usize,
        prompt: Vec<u32>,
        limit: u32,
        request: &GenerateRequest,
        grammar: Option<Grammar>,
    ) -> Result<Self, String> {
        let room = limit as usize + SLACK;
        let (step_sender, steps) = mpsc::channel(room);
        let (response_sender, responses) = mpsc::channel(room);
        let halt = Arc::new(AtomicBool::new(false));
        let left = (model.context_length as usize).saturating_sub(prompt.len());
        let chooser = Chooser::new(model, request, grammar, limit, step_sender, Arc::clone(&halt));
        let request = NormalRequest {
            messages: RequestMessage::CompletionTokens(prompt),
            sampling_params: SamplingParams {
                // The chooser leaves one possible token; the engine only has to take it.
                temperature: Some(0.0),
                // One more than the answer, for the seal.
                max_len: Some((limit as usize + 1).min(left)),
                stop_toks: Some(StopTokens::Ids(vec![model.seal])),
                ..SamplingParams::neutral()
            },
            response: response_sender,
            return_logprobs: false,
            is_streaming: true,
            id,
            constraint: Constraint::None,
            suffix: None,
            tools: None,
            tool_choice: None,
            logits_processors: Some(vec![Arc::new(chooser)]),
            return_raw_logits: false,
            web_search_options: None,
            model_id: None,
            truncate_sequence: false,
        };
        engine.send(Request::Normal(Box::new(request))).await.map_err(|_| "the engine has ended".to_owned())?;
        Ok(Self { steps, responses, halt, error: None })
    }

    /// The next step; `None` once the engine has let go of the request. Safe to cancel.
    pub(super) async fn step(&mut self) -> Option<Step> {
        let mut listening = true;
        loop {
            tokio::select! {
                biased;
                step = self.steps.recv() => return step,
                response = self.responses.recv(), if listening => match response {
                    Some(response) => self.note(response),
                    None => listening = false,
                },
            }
        }
    }

    /// Ends the request at its next token. [`Generation::step`] still has to be asked until it says `None`.
    pub(super) fn halt(&self) {
        self.halt.store(true, Ordering::Relaxed);
    }

    /// What the engine said went wrong, once it has let go.
    pub(super) fn error(&mut self) -> Option<String> {
        while let Ok(response) = self.responses.try_recv() {
            self.note(response);
        }
        self.error.take()
    }

    fn note(&mut self, response: Response) {
        let error = match response {
            Response::InternalError(error) | Response::ValidationError(error) => error.to_string(),
            Response::ModelError(message, _) | Response::CompletionModelError(message, _) => message,
            // Chunks of text: the tokens have told us already.
            _ => return,
        };
        self.error = Some(error);
    }
}
