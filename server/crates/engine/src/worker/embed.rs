//! One job that embeds, from its frame to its end.
//!
//! Inputs go into the engine one by one: it computes those together that are equally long, and fills up others with
//! tokens that change the vector. To let a job use several slots, send inputs of equal length at the same time.

use std::sync::Arc;

use leeward_wire::{EmbedRequest, FinishReason, FromWorker, JobFailure, JobId, MAX_EMBED_INPUTS, Usage};
use mistralrs::core::{Constraint, NormalRequest, Request, RequestMessage, Response, SamplingParams};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::job::{End, Shared, blocking, length};
use crate::model::{EmbeddingModel, Loaded};

/// Room for the one response, and for what the engine may say besides.
const RESPONSES: usize = 4;

impl Shared {
    /// Answers an `Embed`, with exactly one end.
    pub(super) async fn embed(self: Arc<Self>, job: JobId, request: EmbedRequest, cancel: CancellationToken) {
        let end = self.try_embed(job, request, cancel).await;
        self.end(job, end).await;
    }

    async fn try_embed(
        self: &Arc<Self>,
        job: JobId,
        request: EmbedRequest,
        cancel: CancellationToken,
    ) -> Result<End, JobFailure> {
        let Loaded::Embedding(model) = &self.model else {
            return Err(JobFailure::Invalid { message: "this model writes text, it does not embed".into() });
        };
        let model = Arc::clone(model);
        let Some(permit) = self.slot(&cancel).await? else { return Ok(End::cancelled(Usage::default())) };
        let (inputs, prompt_tokens) = inputs(&model, request).await?;
        let usage = Usage { prompt_tokens, ..Usage::default() };
        if cancel.is_cancelled() {
            return Ok(End::cancelled(usage));
        }
        self.counters.prompted(prompt_tokens);
        self.send(FromWorker::Started { job, prompt_tokens }).await;
        for input in inputs {
            let mut responses = self.ask(input).await?;
            tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    // The engine cannot stop, and breaks if nobody listens: the slot waits for it, the caller need not.
                    self.tasks.spawn(async move {
                        let _ = responses.recv().await;
                        drop(permit);
                    });
                    return Ok(End::cancelled(usage));
                }
                vector = answer(&mut responses) => {
                    let vector = of_length_one(vector?, model.width)?;
                    self.send(FromWorker::Embedded { job, vector }).await;
                }
            }
        }
        Ok(End { reason: FinishReason::Stop, stop: None, usage })
    }

    /// Hands one input to the engine.
    async fn ask(&self, prompt: Vec<u32>) -> Result<mpsc::Receiver<Response>, JobFailure> {
        let (response, responses) = mpsc::channel(RESPONSES);
        let request = NormalRequest {
            messages: RequestMessage::EmbeddingTokens { prompt },
            sampling_params: SamplingParams::neutral(),
            response,
            return_logprobs: false,
            is_streaming: false,
            id: self.counters.id(),
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
        let sent = self.engine.sender().send(Request::Normal(Box::new(request))).await;
        sent.map_err(|_| JobFailure::Engine { message: "the engine has ended".into() })?;
        Ok(responses)
    }
}

/// Cuts all inputs into tokens before anything is computed; with the sum of their tokens.
async fn inputs(model: &Arc<EmbeddingModel>, request: EmbedRequest) -> Result<(Vec<Vec<u32>>, u32), JobFailure> {
    let invalid = |message: String| JobFailure::Invalid { message };
    let asked = request.inputs.len();
    if asked == 0 {
        return Err(invalid("there is nothing to embed: at least one input".into()));
    }
    if asked > MAX_EMBED_INPUTS {
        return Err(invalid(format!("{asked} inputs, at most {MAX_EMBED_INPUTS}: send several requests")));
    }
    let cutting = Arc::clone(model);
    let cut = move || {
        let inputs = request.inputs.into_iter().enumerate();
        inputs.map(|(place, input)| cutting.tokens_of(place, input)).collect::<Result<Vec<_>, _>>()
    };
    let inputs = blocking(cut).await?;
    let context_length = model.context_length;
    if let Some(prompt_tokens) = inputs.iter().map(|input| length(input)).find(|tokens| *tokens > context_length) {
        return Err(JobFailure::ContextOverflow { prompt_tokens, context_length });
    }
    let sum = inputs.iter().fold(0_u32, |all, input| all.saturating_add(length(input)));
    Ok((inputs, sum))
}

/// Waits until the engine has let go of the request. Safe to cancel.
async fn answer(responses: &mut mpsc::Receiver<Response>) -> Result<Vec<f32>, JobFailure> {
    let message = match responses.recv().await {
        Some(Response::Embeddings { embeddings, .. }) => return Ok(embeddings),
        Some(Response::InternalError(error) | Response::ValidationError(error)) => error.to_string(),
        Some(Response::ModelError(message, _) | Response::CompletionModelError(message, _)) => message,
        Some(_) => "it answered with something else than a vector".into(),
        None => "it ended without an answer".into(),
    };
    Err(JobFailure::Engine { message })
}

/// The vector, brought to length 1: not every model does so itself.
fn of_length_one(mut vector: Vec<f32>, width: u32) -> Result<Vec<f32>, JobFailure> {
    let broken = |message: String| JobFailure::Engine { message };
    if u32::try_from(vector.len()) != Ok(width) {
        return Err(broken(format!("it computed {} numbers, not {width}", vector.len())));
    }
    let length = vector.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
    if !length.is_normal() {
        return Err(broken("it computed a vector without a direction".into()));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a quotient of at most 1")]
    for number in &mut vector {
        *number = (f64::from(*number) / length) as f32;
    }
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_to_length_one_or_not_at_all() {
        assert_eq!(of_length_one(vec![3.0, -4.0], 2), Ok(vec![0.6, -0.8]));
        for (vector, width) in [(vec![3.0], 2), (vec![0.0, 0.0], 2), (vec![f32::NAN, 1.0], 2), (vec![f32::INFINITY], 1)]
        {
            assert!(matches!(of_length_one(vector, width), Err(JobFailure::Engine { .. })));
        }
    }
}
