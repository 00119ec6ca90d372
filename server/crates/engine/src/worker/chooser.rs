//! Chooses the tokens of one sequence from within the engine's sampling step.
//!
//! The order: how likely each token is, by the model's own logits; what the grammar makes impossible; bias,
//! penalties and the draw ([`Sampler`]). What goes wrong here ends this sequence only: the engine is handed
//! the token that seals it, and the job is told.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use candle_core::{Device, Tensor};
use leeward_wire::GenerateRequest;
use mistralrs::core::CustomLogitsProcessor;
use tokio::sync::mpsc;

use crate::model::{TextModel, grammar::Grammar, logprobs::Distribution, sampler::Sampler};

/// One step of an answer.
#[derive(Debug)]
pub(super) enum Step {
    /// A token was chosen.
    Token(Chosen),
    /// The grammar leads no further, for the reason given; the sequence is sealed.
    Stuck(String),
}

/// A token of the answer.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) token: u32,
    /// How likely it was, if that was asked for.
    pub(super) likelihood: Option<Likelihoods>,
    /// The grammar is complete: nothing follows.
    pub(super) complete: bool,
}

/// The logprob of a token, and the likeliest tokens at its place with theirs.
#[derive(Debug)]
pub(super) struct Likelihoods {
    pub(super) logprob: f32,
    pub(super) top: Vec<(u32, f32)>,
}

/// See the module.
pub(super) struct Chooser {
    state: Mutex<State>,
    steps: mpsc::Sender<Step>,
    halt: Arc<AtomicBool>,
    end_tokens: Vec<u32>,
    seal: u32,
    limit: u32,
    /// How many of the likeliest tokens to tell, if any are asked for.
    logprobs: Option<usize>,
}

struct State {
    sampler: Sampler,
    grammar: Option<Grammar>,
    chosen: u32,
    over: bool,
}

impl Chooser {
    /// `steps` has room for every token of `limit` and one more; `halt` ends the sequence at its next token.
    pub(super) fn new(
        model: &TextModel,
        request: &GenerateRequest,
        grammar: Option<Grammar>,
        limit: u32,
        steps: mpsc::Sender<Step>,
        halt: Arc<AtomicBool>,
    ) -> Self {
        let sampler = Sampler::new(request.sampling, request.presence_penalty, request.frequency_penalty);
        let sampler = sampler.with_bias(&request.logit_bias);
        Self {
            state: Mutex::new(State { sampler, grammar, chosen: 0, over: false }),
            steps,
            halt,
            end_tokens: model.end_tokens.clone(),
            seal: model.seal,
            limit,
            logprobs: request.logprobs.map(|count| count as usize),
        }
    }

    /// The next token of the answer, or the seal.
    fn choose(&self, logits: &mut [f32]) -> u32 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over || self.halt.load(Ordering::Relaxed) {
            state.over = true;
            return self.seal;
        }
        let step = self.step(&mut state, logits);
        let token = match &step {
            Step::Token(chosen) => {
                state.chosen += 1;
                state.over = chosen.complete || state.chosen >= self.limit || self.end_tokens.contains(&chosen.token);
                chosen.token
            }
            Step::Stuck(_) => {
                state.over = true;
                self.seal
            }
        };
        // There is room for every step, and a listener that is gone does not need it.
        let _ = self.steps.try_send(step);
        token
    }

    fn step(&self, state: &mut State, logits: &mut [f32]) -> Step {
        let distribution = self.logprobs.map(|count| (Distribution::of(logits), count));
        if let Some(Err(why)) = state.grammar.as_mut().map(|grammar| grammar.mask(logits)) {
            return Step::Stuck(why);
        }
        let token = state.sampler.choose(logits);
        let mut complete = false;
        if let Some(grammar) = state.grammar.as_mut().filter(|_| !self.end_tokens.contains(&token)) {
            match grammar.take(token) {
                Ok(ended) => complete = ended,
                Err(why) => return Step::Stuck(why),
            }
        }
        let likelihood = distribution.map(|(distribution, count)| Likelihoods {
            logprob: distribution.logprob(token),
            top: distribution.top(count),
        });
        Step::Token(Chosen { token, likelihood, complete })
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
