//! `POST /v1/chat/completions`.

use std::pin::Pin;

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{Stream, StreamExt as _, stream};

use super::{
    answer::{Piece, Reader, Whole},
    answers::{Head, admit_each, merge},
    chunks::{ChatCompletion, ChatCompletionChunk, Choice, ChunkChoice, CompletionUsage, Delta, Logprobs},
    request::{ChatCompletionRequest, Parsed},
};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Terms, errors::OpenAiError, sse},
    inference::{Event, Running},
};

/// Answers a conversation, whole or as a stream.
///
/// # Errors
/// 400 for what cannot be served, 403 `residency_denied`, 404 `model_not_found`, 429 `queue_full`, 503.
#[utoipa::path(
    post, path = "/v1/chat/completions", tag = "inference", request_body = ChatCompletionRequest,
    responses(
        (status = 200, description = "The answer; with stream: true, server-sent chunks", content(
            (super::chunks::ChatCompletion = "application/json"), (super::chunks::ChatCompletionChunk = "text/event-stream"))),
        (status = "4XX", description = "The request is at fault", body = OpenAiError),
        (status = "5XX", description = "The service is at fault", body = OpenAiError),
    ))]
pub async fn completions(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    terms: Terms,
    Body(request): Body<ChatCompletionRequest>,
) -> Result<HttpResponse, AppError> {
    let parsed = request.parse()?;
    let head = Head::of("chatcmpl", &app, &permit, &parsed.model);
    let generations = std::iter::repeat_n(&parsed.generate, parsed.choices as usize).cloned();
    let running = admit_each(&app, &permit, terms, &parsed.model, generations).await?;
    let head = running.iter().take(1).fold(head, Head::answered_by);
    let choices = running.into_iter().map(|running| {
        let logprobs = parsed.generate.logprobs.is_some();
        (running, Reader::new(parsed.calls.clone(), app.ambient.clone(), logprobs))
    });
    let choices = choices.collect();
    if parsed.stream { stream_choices(head, choices, &parsed).await } else { collect(head, choices).await }
}

type Choices = Vec<(Running, Reader)>;

async fn collect(head: Head, choices: Choices) -> Result<HttpResponse, AppError> {
    let mut usage = CompletionUsage::default();
    let mut answers = Vec::with_capacity(choices.len());
    for (index, (mut running, mut reader)) in (0..).zip(choices) {
        let mut whole = Whole::default();
        let mut logprobs = reader.logprobs();
        let reason = loop {
            match running.next().await {
                Some(Event::Started(dialect, _)) => reader.started(dialect),
                Some(Event::Delta { text, logprobs }) => {
                    reader.push(&text, &logprobs).into_iter().for_each(|piece| whole.add(piece));
                }
                Some(Event::Done { reason, usage: cost, .. }) => {
                    usage.add(cost);
                    break reason;
                }
                Some(Event::Failed(error)) => return Err(error),
                None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
            }
        };
        reader.finish().into_iter().for_each(|piece| whole.add(piece));
        if let (Some(told), Some(more)) = (&mut logprobs, reader.logprobs()) {
            told.content.extend(more.content);
        }
        answers.push(Choice { index, message: whole.message(), finish_reason: reader.reason(reason), logprobs });
    }
    Ok(HttpResponse::Ok().json(ChatCompletion {
        id: head.id,
        object: "chat.completion",
        created: head.created,
        model: head.model,
        choices: answers,
        usage,
    }))
}

impl Head {
    fn chunk(&self, choices: Vec<ChunkChoice>, usage: Option<CompletionUsage>) -> Bytes {
        sse::data(&ChatCompletionChunk {
            id: self.id.clone(),
            object: "chat.completion.chunk",
            created: self.created,
            model: self.model.clone(),
            choices,
            usage,
        })
    }

    fn piece(
        &self,
        index: u32,
        delta: Delta,
        finish_reason: Option<&'static str>,
        logprobs: Option<Logprobs>,
    ) -> Bytes {
        self.chunk(vec![ChunkChoice { index, delta, finish_reason, logprobs }], None)
    }

    /// Pieces of one answer, each a chunk of its own; how likely the tokens were goes with the first.
    fn pieces(&self, index: u32, pieces: Vec<Piece>, reader: &mut Reader, bytes: &mut Vec<u8>) {
        for delta in pieces.into_iter().filter_map(Piece::delta) {
            let logprobs = reader.logprobs().filter(|logprobs| !logprobs.content.is_empty());
            bytes.extend_from_slice(&self.piece(index, delta, None, logprobs));
        }
    }
}

async fn stream_choices(head: Head, mut choices: Choices, parsed: &Parsed) -> Result<HttpResponse, AppError> {
    // The first choice decides the status; the others have the same prompt.
    if let Some((first, reader)) = choices.first_mut() {
        reader.started(first.started().await?);
    }
    let include_usage = parsed.include_usage;
    let opening: Vec<Bytes> = (0..)
        .zip(&choices)
        .map(|(index, _)| {
            let delta = Delta { role: Some("assistant"), content: Some(String::new()), ..Delta::default() };
            head.piece(index, delta, None, None)
        })
        .collect();
    let (running, readers): (Vec<_>, Vec<_>) = choices.into_iter().unzip();
    let state = Streaming { head, events: merge(running), readers, usage: CompletionUsage::default(), ended: false };
    let body = stream::unfold(state, move |mut state| async move {
        let bytes = state.next(include_usage).await?;
        Some((bytes, state))
    });
    Ok(sse::response(stream::iter(opening).chain(body)))
}

struct Streaming {
    head: Head,
    events: Pin<Box<dyn Stream<Item = (u32, Event)>>>,
    /// One for each choice, by its index.
    readers: Vec<Reader>,
    usage: CompletionUsage,
    ended: bool,
}

impl Streaming {
    /// The next frames; `None` at the end. An error ends the stream without `[DONE]`.
    async fn next(&mut self, include_usage: bool) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        loop {
            let Some((index, event)) = self.events.next().await else {
                self.ended = true;
                let mut tail = Vec::new();
                if include_usage {
                    tail.extend_from_slice(&self.head.chunk(Vec::new(), Some(self.usage)));
                }
                tail.extend_from_slice(b"data: [DONE]\n\n");
                return Some(tail.into());
            };
            // There is a reader for each choice.
            let reader = self.readers.get_mut(index as usize)?;
            let mut bytes = Vec::new();
            match event {
                Event::Started(dialect, _) => reader.started(dialect),
                Event::Delta { text, logprobs } => {
                    let pieces = reader.push(&text, &logprobs);
                    self.head.pieces(index, pieces, reader, &mut bytes);
                }
                Event::Done { reason, usage, .. } => {
                    let pieces = reader.finish();
                    self.head.pieces(index, pieces, reader, &mut bytes);
                    self.usage.add(usage);
                    let logprobs = reader.logprobs().filter(|logprobs| !logprobs.content.is_empty());
                    let reason = reader.reason(reason);
                    bytes.extend_from_slice(&self.head.piece(index, Delta::default(), Some(reason), logprobs));
                }
                Event::Failed(error) => {
                    self.ended = true;
                    return Some(sse::data(&OpenAiError::of(&error)));
                }
            }
            if !bytes.is_empty() {
                return Some(bytes.into());
            }
        }
    }
}
