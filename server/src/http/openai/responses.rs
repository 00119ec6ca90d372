//! `POST /v1/responses`: OpenAI's newer API over the same generations.
//!
//! Left out, and refused by name: answers in the background, tools that a server would run, and thoughts summed up or
//! encrypted (they are told whole).

mod events;
mod input;
mod items;
pub(in crate::http) mod request;
pub mod stored;

use std::time::Duration;

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{StreamExt as _, stream};
use leeward_wire::{FinishReason, Usage};

pub use self::request::{ReasoningConfig, ResponsesRequest, TextConfig};
use self::{
    events::{Incomplete, Numbered, OutputItem, ResponseError, ResponseEvent, ResponseObject, ResponseUsage},
    items::Items,
    request::Echo,
    stored::Keeping,
};
use super::{
    answer::{Piece, Reader},
    answers::{Head, admit_each},
};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Terms, errors::OpenAiError, sse},
    inference::{self, Event, Running, UNSAID},
};

/// A stream says something at least this often, so that proxies do not take it for dead while it waits.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers a conversation, whole or as a stream.
///
/// # Errors
/// As chat completions.
#[utoipa::path(
    post, path = "/v1/responses", tag = "inference", request_body = ResponsesRequest,
    responses(
        (status = 200, description = "The response; with stream: true, server-sent events", content(
            (ResponseObject = "application/json"), (Numbered = "text/event-stream"))),
        (status = "4XX", description = "The request is at fault", body = OpenAiError),
        (status = "5XX", description = "The service is at fault", body = OpenAiError),
    ))]
pub async fn responses(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    terms: Terms,
    Body(request): Body<ResponsesRequest>,
) -> Result<HttpResponse, AppError> {
    let earlier = match request.previous() {
        Some(id) => Some(stored::earlier(&app, &permit, id).await?),
        None => None,
    };
    // As sensitive as what was said before: it is read together with it.
    let said = terms.class.into_iter().chain(earlier.as_ref().map(|earlier| earlier.class)).max();
    let terms = Terms { class: said, ..terms };
    let parsed = request.parse(earlier.map(|earlier| earlier.items).unwrap_or_default())?;
    let keeping = match &parsed.kept {
        Some(items) => {
            let class = terms.class.unwrap_or(UNSAID);
            Some(Keeping::begin(&app, &permit, &parsed.model, class, items).await?)
        }
        None => None,
    };
    let head = Head { id: stored::id_of(permit.context.id), ..Head::of("resp", &app, &permit, &parsed.model) };
    let mut running = admit_each(&app, &permit, terms, &parsed.model, [parsed.generate]).await?;
    let running = running.pop().ok_or_else(|| AppError::internal(anyhow::anyhow!("nothing was admitted")))?;
    let answer = Answer {
        app: app.clone(),
        head: head.answered_by(&running),
        echo: parsed.echo,
        running,
        reader: Reader::new(parsed.calls, app.ambient.clone(), false),
        items: Items::new(app.ambient.clone(), parsed.stream),
        keeping,
    };
    if parsed.stream { answer.streamed().await } else { answer.whole().await }
}

/// An answer on its way.
struct Answer {
    app: web::Data<App>,
    head: Head,
    echo: Echo,
    running: Running,
    reader: Reader,
    items: Items,
    keeping: Option<Keeping>,
}

impl Answer {
    fn object(&self, status: &'static str, output: Vec<OutputItem>) -> ResponseObject {
        ResponseObject {
            id: self.head.id.clone(),
            object: "response",
            created_at: self.head.created,
            status,
            error: None,
            incomplete_details: None,
            model: self.head.model.clone(),
            output,
            usage: None,
            background: false,
            truncation: "disabled",
            echo: self.echo.clone(),
        }
    }

    /// Takes more text; gives its events.
    fn text(&mut self, text: &str) -> Vec<ResponseEvent> {
        let pieces = self.reader.push(text, &[]);
        self.pieces(pieces)
    }

    fn pieces(&mut self, pieces: Vec<Piece>) -> Vec<ResponseEvent> {
        let mut events = Vec::new();
        for piece in pieces {
            self.items.piece(piece, &mut events);
        }
        events
    }

    /// The last items' events, and the response, which is kept if that was asked.
    ///
    /// # Errors
    /// When it cannot be kept.
    async fn end(
        &mut self,
        reason: FinishReason,
        usage: Usage,
    ) -> Result<(Vec<ResponseEvent>, ResponseObject), AppError> {
        let pieces = self.reader.finish();
        let mut events = self.pieces(pieces);
        let cut = reason == FinishReason::Length;
        self.items.finish(cut, &mut events);
        let thoughts = self.items.thoughts();
        let thought =
            if thoughts.is_empty() { Some(0) } else { inference::measure(&self.app, &self.head.model, thoughts).await };
        let response = ResponseObject {
            incomplete_details: cut.then_some(Incomplete { reason: "max_output_tokens" }),
            usage: Some(ResponseUsage::of(usage, thought)),
            ..self.object(if cut { "incomplete" } else { "completed" }, self.items.items().to_vec())
        };
        if let Some(keeping) = &self.keeping {
            keeping.keep(&self.app, &response).await?;
        }
        Ok((events, response))
    }

    fn failed(&self, error: AppError) -> ResponseEvent {
        let output = self.items.items().to_vec();
        let error = ResponseError { code: error.code.as_str(), message: error.detail };
        ResponseEvent::Failed {
            response: Box::new(ResponseObject { error: Some(error), ..self.object("failed", output) }),
        }
    }

    async fn whole(mut self) -> Result<HttpResponse, AppError> {
        loop {
            match self.running.next().await {
                Some(Event::Started(dialect, _)) => self.reader.started(dialect),
                Some(Event::Delta { text, .. }) => drop(self.text(&text)),
                Some(Event::Done { reason, usage, .. }) => {
                    let (_, response) = self.end(reason, usage).await?;
                    return Ok(HttpResponse::Ok().json(response));
                }
                Some(Event::Failed(error)) => return Err(error),
                None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
            }
        }
    }

    async fn streamed(mut self) -> Result<HttpResponse, AppError> {
        self.reader.started(self.running.started().await?);
        let response = Box::new(self.object("in_progress", Vec::new()));
        let opening =
            vec![ResponseEvent::Created { response: response.clone() }, ResponseEvent::InProgress { response }];
        let mut state = Streaming { answer: self, told: 0, ended: false };
        let opening = state.frames(opening);
        let body = stream::unfold(state, |mut state| async move {
            let bytes = state.next().await?;
            Some((bytes, state))
        });
        Ok(sse::response(stream::once(async { opening }).chain(body)))
    }
}

struct Streaming {
    answer: Answer,
    /// Events told so far.
    told: u64,
    ended: bool,
}

impl Streaming {
    /// The next frames; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        while !self.ended {
            let events = match tokio::time::timeout(KEEP_ALIVE, self.answer.running.next()).await {
                // A comment line: ignored by every reader.
                Err(_) => return Some(Bytes::from_static(b": waiting\n\n")),
                Ok(Some(Event::Started(dialect, _))) => {
                    self.answer.reader.started(dialect);
                    continue;
                }
                Ok(Some(Event::Delta { text, .. })) => self.answer.text(&text),
                Ok(Some(Event::Done { reason, usage, .. })) => {
                    self.ended = true;
                    match self.answer.end(reason, usage).await {
                        Ok((mut events, response)) => {
                            let (cut, response) = (response.incomplete_details.is_some(), Box::new(response));
                            events.push(if cut {
                                ResponseEvent::Incomplete { response }
                            } else {
                                ResponseEvent::Completed { response }
                            });
                            events
                        }
                        Err(error) => vec![self.answer.failed(error)],
                    }
                }
                Ok(Some(Event::Failed(error))) => {
                    self.ended = true;
                    vec![self.answer.failed(error)]
                }
                Ok(None) => return None,
            };
            if !events.is_empty() {
                return Some(self.frames(events));
            }
        }
        None
    }

    fn frames(&mut self, events: Vec<ResponseEvent>) -> Bytes {
        let mut bytes = Vec::new();
        for event in events {
            let name = event.name();
            bytes.extend_from_slice(&sse::event(name, &Numbered { event, sequence_number: self.told }));
            self.told += 1;
        }
        bytes.into()
    }
}
