//! One request inside the engine: how it is asked, how its tokens come out.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use candle_core::{Device, Tensor};
use leeward_wire::GenerateRequest;
use mistralrs::core::{
    Constraint, CustomLogitsProcessor, NormalRequest, Request, RequestMessage, Response, SamplingParams, StopTokens,
};
use tokio::sync::mpsc;

use crate::model::{Loaded, sampler::Sampler};

/// Room in a response channel beyond one chunk per token. The engine blocks everybody's step while it
/// waits for room, so there is always enough for the whole answer.
const SLACK: usize = 16;

/// A running request. The engine has let go of it when [`Generation::token`] answers `None`.
pub(super) struct Generation {
    tokens: mpsc::Receiver<u32>,
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
        model: &Loaded,
        id: usize,
        prompt: Vec<u32>,
        limit: u32,
        request: &GenerateRequest,
    ) -> Result<Self, String> {
        let room = limit as usize + SLACK;
        let (token_sender, tokens) = mpsc::channel(room);
        let (response_sender, responses) = mpsc::channel(room);
        let halt = Arc::new(AtomicBool::new(false));
        let left = (model.context_length as usize).saturating_sub(prompt.len());
        let chooser = Chooser {
            state: Mutex::new(State {
                sampler: Sampler::new(request.sampling, request.presence_penalty, request.frequency_penalty),
                chosen: 0,
                over: false,
            }),
            tokens: token_sender,
            halt: Arc::clone(&halt),
            end_tokens: model.end_tokens.clone(),
            seal: model.seal,
            limit,
        };
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
        Ok(Self { tokens, responses, halt, error: None })
    }

    /// The next token; `None` once the engine has let go of the request. Safe to cancel.
    pub(super) async fn token(&mut self) -> Option<u32> {
        let mut listening = true;
        loop {
            tokio::select! {
                biased;
                token = self.tokens.recv() => return token,
                response = self.responses.recv(), if listening => match response {
                    Some(response) => self.note(response),
                    None => listening = false,
                },
            }
        }
    }

    /// Ends the request at its next token. [`Generation::token`] still has to be asked until it says `None`.
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

/// Chooses the tokens of one sequence from within the engine's sampling step.
struct Chooser {
    state: Mutex<State>,
    tokens: mpsc::Sender<u32>,
    halt: Arc<AtomicBool>,
    end_tokens: Vec<u32>,
    seal: u32,
    limit: u32,
}

struct State {
    sampler: Sampler,
    chosen: u32,
    over: bool,
}

impl Chooser {
    fn choose(&self, logits: &mut [f32]) -> u32 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over || self.halt.load(Ordering::Relaxed) {
            state.over = true;
            return self.seal;
        }
        let token = state.sampler.choose(logits);
        state.chosen += 1;
        state.over = state.chosen >= self.limit || self.end_tokens.contains(&token);
        // There is room for every token, and a listener that is gone does not need it.
        let _ = self.tokens.try_send(token);
        token
    }
}

impl CustomLogitsProcessor for Chooser {
    fn apply(&self, logits: &Tensor, _context: &[u32]) -> candle_core::Result<Tensor> {
        let mut logits = logits.to_vec1::<f32>()?;
        let token = self.choose(&mut logits);
        logits.fill(f32::NEG_INFINITY);
        if let Some(chosen) = logits.get_mut(token as usize) {
            *chosen = 1.0;
        }
        let length = logits.len();
        Tensor::from_vec(logits, length, &Device::Cpu)
    }
}
