//! `POST /v1/messages`.

use std::time::Duration;

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{StreamExt as _, stream};
use leeward_wire::{FinishReason, Usage};

use super::{
    blocks::{Told, Whole},
    events::{MessageEnd, MessagesAnswer, MessagesBlock, MessagesEvent, MessagesUsage},
    request::MessagesRequest,
    version::Version,
};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{
        Body, Terms,
        errors::AnthropicError,
        openai::{
            answer::{Piece, Reader},
            answers::admit_each,
        },
        sse,
    },
    inference::{Event, Running},
};

/// A stream says something at least this often, so that proxies do not take it for dead while it waits.
const PING: Duration = Duration::from_secs(15);

/// Answers a conversation, whole or as a stream.
///
/// # Errors
/// As chat completions.
#[utoipa::path(
    post, path = "/v1/messages", tag = "inference", request_body = MessagesRequest,
    params(("anthropic-version" = String, Header, description = "`2023-06-01` or `2026-10-21`")),
    responses(
        (status = 200, description = "The answer; with stream: true, server-sent events", content(
            (MessagesAnswer = "application/json"), (MessagesEvent = "text/event-stream"))),
        (status = "4XX", description = "The request is at fault", body = AnthropicError),
        (status = "5XX", description = "The service is at fault", body = AnthropicError),
    ))]
pub async fn messages(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    _version: Version,
    terms: Terms,
    Body(request): Body<MessagesRequest>,
) -> Result<HttpResponse, AppError> {
    let parsed = request.parse()?;
    let mut running = admit_each(&app, &permit, terms, &parsed.model, [parsed.generate]).await?;
    let running = running.pop().ok_or_else(|| AppError::internal(anyhow::anyhow!("nothing was admitted")))?;
    let id = format!("msg_{}", permit.context.id.uuid().simple());
    let head = Head { id, model: running.model().to_string() };
    let reader = Reader::new(parsed.calls, app.ambient.clone(), false);
    let answer = Answer { head, running, reader, thoughts: parsed.thoughts };
    if parsed.stream { answer.streamed(permit.context.id.to_string()).await } else { answer.whole().await }
}

/// What a response begins with.
struct Head {
    id: String,
    model: String,
}

impl Head {
    fn message(&self, content: Vec<MessagesBlock>, end: MessageEnd, usage: MessagesUsage) -> MessagesAnswer {
        MessagesAnswer {
            id: self.id.clone(),
            kind: "message",
            role: "assistant",
            model: self.model.clone(),
            content,
            stop_reason: end.stop_reason,
            stop_sequence: end.stop_sequence,
            usage,
        }
    }
}

/// An answer on its way.
struct Answer {
    head: Head,
    running: Running,
    reader: Reader,
    thoughts: bool,
}

impl Answer {
    /// What the caller is told of these pieces.
    fn told(&self, pieces: Vec<Piece>) -> impl Iterator<Item = Piece> + use<> {
        let thoughts = self.thoughts;
        pieces.into_iter().filter(move |piece| thoughts || !matches!(piece, Piece::Reasoning(_)))
    }

    /// How the message ended; `stop` is the stop string that was met.
    fn end(&self, reason: FinishReason, stop: Option<String>) -> MessageEnd {
        let (stop_reason, stop_sequence) = match (self.reader.reason(reason), stop) {
            ("tool_calls", _) => ("tool_use", None),
            ("length", _) => ("max_tokens", None),
            (_, Some(stop)) => ("stop_sequence", Some(stop)),
            (_, None) => ("end_turn", None),
        };
        MessageEnd { stop_reason: Some(stop_reason), stop_sequence }
    }

    async fn whole(mut self) -> Result<HttpResponse, AppError> {
        let mut whole = Whole::default();
        let (reason, stop, usage) = loop {
            match self.running.next().await {
                Some(Event::Started(dialect, _)) => self.reader.started(dialect),
                Some(Event::Delta { text, .. }) => {
                    let pieces = self.reader.push(&text, &[]);
                    self.told(pieces).for_each(|piece| whole.add(piece));
                }
                Some(Event::Done { reason, stop, usage, .. }) => break (reason, stop, usage),
                Some(Event::Failed(error)) => return Err(error),
                None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
            }
        };
        let pieces = self.reader.finish();
        self.told(pieces).for_each(|piece| whole.add(piece));
        let end = self.end(reason, stop);
        Ok(HttpResponse::Ok().json(self.head.message(whole.blocks(), end, usage.into())))
    }

    async fn streamed(mut self, request_id: String) -> Result<HttpResponse, AppError> {
        let (dialect, prompt_tokens) = self.running.accepted().await?;
        self.reader.started(dialect);
        let usage = Usage { prompt_tokens, ..Usage::default() };
        let message = self.head.message(Vec::new(), MessageEnd::default(), usage.into());
        let opening = frames([MessagesEvent::MessageStart { message }, MessagesEvent::Ping]);
        let state = Streaming { answer: self, told: Told::default(), request_id, ended: false };
        let body = stream::unfold(state, |mut state| async move {
            let bytes = state.next().await?;
            Some((bytes, state))
        });
        Ok(sse::response(stream::once(async { opening }).chain(body)))
    }
}

struct Streaming {
    answer: Answer,
    told: Told,
    request_id: String,
    ended: bool,
}

impl Streaming {
    /// The next frames; `None` at the end. An error ends the stream without `message_stop`.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.ended {
            let mut events = Vec::new();
            match tokio::time::timeout(PING, self.answer.running.next()).await {
                Err(_) => events.push(MessagesEvent::Ping),
                Ok(Some(Event::Started(dialect, _))) => self.answer.reader.started(dialect),
                Ok(Some(Event::Delta { text, .. })) => {
                    let pieces = self.answer.reader.push(&text, &[]);
                    events.extend(self.answer.told(pieces).flat_map(|piece| self.told.piece(piece)));
                }
                Ok(Some(Event::Done { reason, stop, usage, .. })) => {
                    self.ended = true;
                    let pieces = self.answer.reader.finish();
                    events.extend(self.answer.told(pieces).flat_map(|piece| self.told.piece(piece)));
                    events.extend(self.told.close());
                    let delta = self.answer.end(reason, stop);
                    events.push(MessagesEvent::MessageDelta { delta, usage: usage.into() });
                    events.push(MessagesEvent::MessageStop);
                }
                Ok(Some(Event::Failed(error))) => {
                    self.ended = true;
                    return Some(sse::event("error", &AnthropicError::of(&error, &self.request_id)));
                }
                Ok(None) => return None,
            }
            if !events.is_empty() {
                return Some(frames(events));
            }
        }
        None
    }
}

fn frames(events: impl IntoIterator<Item = MessagesEvent>) -> Bytes {
    let mut bytes = Vec::new();
    for event in events {
        bytes.extend_from_slice(&sse::event(event.name(), &event));
    }
    bytes.into()
}
