//! `POST /v1/chat/completions`.

use std::pin::Pin;

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{Stream, StreamExt as _, stream};
use leeward_domain::ids::RequestId;

use super::{
    chunks::{AnswerMessage, ChatCompletion, ChatCompletionChunk, Choice, ChunkChoice, CompletionUsage, Delta},
    request::{ChatCompletionRequest, Parsed},
};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Classified, errors::OpenAiError, sse},
    inference::{Ask, Event, Running, UNSAID, admit, finish_reason},
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
    Classified(class): Classified,
    Body(request): Body<ChatCompletionRequest>,
) -> Result<HttpResponse, AppError> {
    let parsed = request.parse()?;
    let head = Head {
        id: format!("chatcmpl-{}", permit.context.id.uuid().simple()),
        created: app.ambient.now().unix_seconds(),
        model: parsed.model.clone(),
    };
    let mut choices = Vec::new();
    for index in 0..parsed.choices {
        let id: RequestId = if index == 0 { permit.context.id } else { app.ambient.mint() };
        let (model, generate) = (parsed.model.clone(), parsed.generate.clone());
        let class = class.unwrap_or(UNSAID);
        let ask = Ask { model, generate, class, keep: None, kept_as: None };
        choices.push((index, admit(&app, &permit.context, &permit.identity, id, ask).await?));
    }
    if parsed.stream { stream_choices(head, choices, &parsed).await } else { collect(head, choices).await }
}

struct Head {
    id: String,
    created: i64,
    model: String,
}

async fn collect(head: Head, choices: Vec<(u32, Running)>) -> Result<HttpResponse, AppError> {
    let mut usage = CompletionUsage::default();
    let mut answers = Vec::with_capacity(choices.len());
    for (index, mut running) in choices {
        let mut content = String::new();
        let reason = loop {
            match running.next().await {
                Some(Event::Started) => {}
                Some(Event::Delta(text)) => content.push_str(&text),
                Some(Event::Done { reason, usage: cost }) => {
                    usage.add(cost);
                    break reason;
                }
                Some(Event::Failed(error)) => return Err(error),
                None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
            }
        };
        let message = AnswerMessage { role: "assistant", content, refusal: None };
        answers.push(Choice { index, message, finish_reason: finish_reason(reason), logprobs: None });
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

    fn piece(&self, index: u32, delta: Delta, finish_reason: Option<&'static str>) -> Bytes {
        self.chunk(vec![ChunkChoice { index, delta, finish_reason, logprobs: None }], None)
    }
}

async fn stream_choices(
    head: Head,
    mut choices: Vec<(u32, Running)>,
    parsed: &Parsed,
) -> Result<HttpResponse, AppError> {
    // The first choice decides the status; the others have the same prompt.
    if let Some((_, first)) = choices.first_mut() {
        first.started().await?;
    }
    let include_usage = parsed.include_usage;
    let opening: Vec<Bytes> = choices
        .iter()
        .map(|(index, _)| {
            let delta = Delta { role: Some("assistant"), content: Some(String::new()) };
            head.piece(*index, delta, None)
        })
        .collect();
    let state = Streaming { head, events: merge(choices), usage: CompletionUsage::default(), ended: false };
    let body = stream::unfold(state, move |mut state| async move {
        let bytes = state.next(include_usage).await?;
        Some((bytes, state))
    });
    Ok(sse::response(stream::iter(opening).chain(body)))
}

type Indexed = (u32, Event);

fn merge(choices: Vec<(u32, Running)>) -> Pin<Box<dyn Stream<Item = Indexed>>> {
    let streams = choices.into_iter().map(|(index, running)| {
        stream::unfold(running, move |mut running| async move {
            let event = running.next().await?;
            Some(((index, event), running))
        })
        .boxed_local()
    });
    Box::pin(stream::select_all(streams))
}

struct Streaming {
    head: Head,
    events: Pin<Box<dyn Stream<Item = Indexed>>>,
    usage: CompletionUsage,
    ended: bool,
}

impl Streaming {
    /// The next frame; `None` at the end. An error ends the stream without `[DONE]`.
    async fn next(&mut self, include_usage: bool) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        loop {
            return Some(match self.events.next().await {
                Some((_, Event::Started)) => continue,
                Some((index, Event::Delta(text))) => {
                    if text.is_empty() {
                        continue;
                    }
                    self.head.piece(index, Delta { role: None, content: Some(text) }, None)
                }
                Some((index, Event::Done { reason, usage })) => {
                    self.usage.add(usage);
                    self.head.piece(index, Delta::default(), Some(finish_reason(reason)))
                }
                Some((_, Event::Failed(error))) => {
                    self.ended = true;
                    sse::data(&OpenAiError::of(&error))
                }
                None => {
                    self.ended = true;
                    let mut tail = Vec::new();
                    if include_usage {
                        tail.extend_from_slice(&self.head.chunk(Vec::new(), Some(self.usage)));
                    }
                    tail.extend_from_slice(b"data: [DONE]\n\n");
                    tail.into()
                }
            });
        }
    }
}
