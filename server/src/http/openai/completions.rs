//! `POST /v1/completions`: text to go on with as it stands, for programs from before chats. No template is put around it,
//! and nothing is looked for in the answer: no reasoning, no calls.

use std::{collections::BTreeMap, pin::Pin};

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{Stream, StreamExt as _, stream};
use leeward_wire::{GenerateRequest, Prompt, TokenLogprob, Usage};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answers::{Head, admit_each, merge},
    chunks::CompletionUsage,
    request::{MAX_CHOICES, ResponseFormat, Stop, StreamOptions, knobs},
};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Terms, errors::OpenAiError, sse},
    inference::{Event, Running, finish_reason},
};

/// OpenAI's default.
const DEFAULT_MAX_TOKENS: u32 = 16;
/// The most prompts of one request.
const MAX_PROMPTS: usize = 16;
/// The most likely tokens told at each place, as OpenAI has it here.
const MAX_LOGPROBS: u32 = 5;

/// OpenAI's older request, as far as Leeward serves it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletionRequest {
    /// A model of `/v1/models`.
    pub model: String,
    /// A text, or up to 16.
    pub prompt: Texts,
    /// 16 by default.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// 0 (greedy) to 2; 1 by default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Above 0, at most 1.
    #[serde(default)]
    pub top_p: Option<f64>,
    /// Keep only the likeliest k tokens.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub top_k: Option<u32>,
    /// Keep only tokens at least this fraction as likely as the likeliest.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    pub min_p: Option<f64>,
    /// As with chat completions.
    #[serde(default)]
    pub seed: Option<i64>,
    /// -2 to 2.
    #[serde(default)]
    pub presence_penalty: Option<f32>,
    /// -2 to 2.
    #[serde(default)]
    pub frequency_penalty: Option<f32>,
    /// As with chat completions.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub logit_bias: Option<BTreeMap<String, f32>>,
    /// Up to four strings that end the answer.
    #[serde(default)]
    pub stop: Option<Stop>,
    /// How many answers to each prompt; with several prompts together at most 16.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4)]
    pub n: Option<u32>,
    /// How many of the likeliest tokens to tell at each place, 0 to 5.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 5)]
    pub logprobs: Option<u32>,
    /// As with chat completions.
    #[serde(default)]
    pub response_format: Option<ResponseFormat>,
    /// Give the prompt back before the answer.
    #[serde(default)]
    pub echo: Option<bool>,
    /// Answer as server-sent events.
    #[serde(default)]
    pub stream: Option<bool>,
    /// Options of the stream.
    #[serde(default)]
    pub stream_options: Option<StreamOptions>,
    /// Only 1, or the same as `n`: answers are not ranked.
    #[serde(default)]
    pub best_of: Option<u32>,
    /// Only null: models are not asked to fill a gap.
    #[serde(default)]
    pub suffix: Option<String>,
    /// Not interpreted.
    #[serde(default)]
    pub user: Option<String>,
}

/// One text or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Texts {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
    /// Anything else, such as tokens: refused by name.
    #[schema(value_type = Object)]
    Other(Value),
}

/// An answer, whole or a piece of one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completion {
    id: String,
    object: &'static str,
    created: i64,
    model: String,
    choices: Vec<TextChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<CompletionUsage>,
}

/// One of the answers, or a piece of one.
#[derive(Debug, Serialize, ToSchema)]
struct TextChoice {
    index: u32,
    text: String,
    finish_reason: Option<&'static str>,
    logprobs: Option<TextLogprobs>,
}

/// How likely tokens were, in the older form.
#[derive(Debug, Default, Serialize, ToSchema)]
struct TextLogprobs {
    tokens: Vec<String>,
    token_logprobs: Vec<f32>,
    #[schema(value_type = Vec<Object>)]
    top_logprobs: Vec<BTreeMap<String, f32>>,
    /// Where each token begins in the answer, in bytes.
    text_offset: Vec<usize>,
}

/// One answer to generate.
struct Generation {
    /// The prompt's text where it is given back.
    echo: Option<String>,
    /// Whether its prompt is another answer's too, and counted there.
    again: bool,
    request: GenerateRequest,
}

/// A checked request: one generation for each answer.
pub(in crate::http) struct Parsed {
    model: String,
    generations: Vec<Generation>,
    logprobs: bool,
    stream: bool,
    include_usage: bool,
}

impl CompletionRequest {
    pub(in crate::http) fn parse(self) -> Result<Parsed, AppError> {
        let prompts = match self.prompt {
            Texts::One(text) => vec![text],
            Texts::Many(texts) if (1..=MAX_PROMPTS).contains(&texts.len()) => texts,
            Texts::Many(texts) => {
                return Err(AppError::invalid("prompt", format!("1 to {MAX_PROMPTS} prompts, not {}", texts.len())));
            }
            Texts::Other(_) => return Err(AppError::invalid("prompt", "prompt is a text or a list of texts")),
        };
        if prompts.iter().any(String::is_empty) {
            return Err(AppError::invalid("prompt", "a prompt is empty; send at least one character"));
        }
        let n = match self.n.unwrap_or(1) {
            n @ 1..=MAX_CHOICES if prompts.len() * n as usize <= MAX_PROMPTS => n,
            n => {
                let detail =
                    format!("n is 1 to {MAX_CHOICES}, and with the prompts at most {MAX_PROMPTS} answers, not {n}");
                return Err(AppError::invalid("n", detail));
            }
        };
        if self.best_of.is_some_and(|best_of| best_of != n) {
            return Err(AppError::invalid("best_of", "best_of: answers are not ranked; leave it out"));
        }
        if self.suffix.is_some_and(|suffix| !suffix.is_empty()) {
            return Err(AppError::invalid("suffix", "suffix: models are not asked to fill a gap; leave it out"));
        }
        if let Some(top) = self.logprobs.filter(|top| *top > MAX_LOGPROBS) {
            return Err(AppError::invalid("logprobs", format!("logprobs is 0 to {MAX_LOGPROBS}, not {top}")));
        }
        let stream = self.stream.unwrap_or(false);
        if self.stream_options.is_some() && !stream {
            return Err(AppError::invalid("stream_options", "stream_options needs stream: true"));
        }
        let max_tokens = match self.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS) {
            0 => return Err(AppError::invalid("max_tokens", "max_tokens must be at least 1")),
            tokens => tokens,
        };
        let sampling = knobs::sampling(self.temperature, self.top_p, self.top_k, self.min_p, self.seed)?;
        let base = GenerateRequest {
            presence_penalty: knobs::penalty("presence_penalty", self.presence_penalty)?,
            frequency_penalty: knobs::penalty("frequency_penalty", self.frequency_penalty)?,
            stop: knobs::stops(self.stop)?,
            logit_bias: knobs::biases(self.logit_bias)?,
            constraint: self.response_format.map(ResponseFormat::parse).transpose()?.flatten(),
            logprobs: self.logprobs,
            ..GenerateRequest::new(Prompt::Text { text: String::new() }, sampling, max_tokens)
        };
        let echo = self.echo.unwrap_or(false);
        let generations =
            prompts.iter().flat_map(|text| (0..n).map(move |answer| (text, answer > 0))).map(|(text, again)| {
                Generation {
                    echo: echo.then(|| text.clone()),
                    again,
                    request: GenerateRequest { prompt: Prompt::Text { text: text.clone() }, ..base.clone() },
                }
            });
        Ok(Parsed {
            model: self.model,
            generations: generations.collect(),
            logprobs: self.logprobs.is_some(),
            stream,
            include_usage: self.stream_options.is_some_and(|options| options.include_usage),
        })
    }
}

/// Goes on with a text, whole or as a stream.
///
/// # Errors
/// As chat completions.
#[utoipa::path(
    post, path = "/v1/completions", tag = "inference", request_body = CompletionRequest,
    responses(
        (status = 200, description = "The answer; with stream: true, server-sent chunks", content(
            (Completion = "application/json"), (Completion = "text/event-stream"))),
        (status = "4XX", description = "The request is at fault", body = OpenAiError),
        (status = "5XX", description = "The service is at fault", body = OpenAiError),
    ))]
pub async fn completions(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    terms: Terms,
    Body(request): Body<CompletionRequest>,
) -> Result<HttpResponse, AppError> {
    let parsed = request.parse()?;
    let head = Head::of("cmpl", &app, &permit, &parsed.model);
    let (told, requests): (Vec<_>, Vec<_>) = parsed
        .generations
        .into_iter()
        .map(|Generation { echo, again, request }| {
            (Told { echo, again, offset: 0, logprobs: parsed.logprobs }, request)
        })
        .unzip();
    let running = admit_each(&app, &permit, terms, &parsed.model, requests).await?;
    let head = running.iter().take(1).fold(head, Head::answered_by);
    let answers = running.into_iter().zip(told).collect();
    if parsed.stream { streamed(head, answers, parsed.include_usage).await } else { whole(head, answers).await }
}

/// What the caller is told of one answer.
struct Told {
    echo: Option<String>,
    again: bool,
    /// Bytes told so far.
    offset: usize,
    logprobs: bool,
}

impl Told {
    fn opening(&mut self) -> String {
        let text = self.echo.take().unwrap_or_default();
        self.offset += text.len();
        text
    }

    /// What it cost, its prompt once.
    fn cost(&self, usage: Usage) -> Usage {
        if self.again { Usage { prompt_tokens: 0, cached_tokens: 0, ..usage } } else { usage }
    }

    fn likelihoods(&mut self, text: &str, tokens: Vec<TokenLogprob>, into: &mut TextLogprobs) {
        let mut offset = self.offset;
        for TokenLogprob { chosen, top } in tokens {
            into.text_offset.push(offset);
            offset += chosen.bytes.len();
            into.tokens.push(chosen.token);
            into.token_logprobs.push(chosen.logprob);
            into.top_logprobs.push(top.into_iter().map(|one| (one.token, one.logprob)).collect());
        }
        self.offset += text.len();
    }
}

impl Head {
    fn completion(&self, choices: Vec<TextChoice>, usage: Option<CompletionUsage>) -> Completion {
        let (id, created, model) = (self.id.clone(), self.created, self.model.clone());
        Completion { id, object: "text_completion", created, model, choices, usage }
    }
}

async fn whole(head: Head, answers: Vec<(Running, Told)>) -> Result<HttpResponse, AppError> {
    let (mut usage, mut choices) = (CompletionUsage::default(), Vec::new());
    for (index, (mut running, mut told)) in (0..).zip(answers) {
        let mut text = told.opening();
        let mut logprobs = told.logprobs.then(TextLogprobs::default);
        let reason = loop {
            match running.next().await {
                Some(Event::Started(..)) => {}
                Some(Event::Delta { text: more, logprobs: tokens }) => {
                    if let Some(logprobs) = &mut logprobs {
                        told.likelihoods(&more, tokens, logprobs);
                    }
                    text.push_str(&more);
                }
                Some(Event::Done { reason, usage: cost, .. }) => {
                    usage.add_whole(told.cost(cost));
                    break reason;
                }
                Some(Event::Failed(error)) => return Err(error),
                None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
            }
        };
        choices.push(TextChoice { index, text, finish_reason: Some(finish_reason(reason)), logprobs });
    }
    Ok(HttpResponse::Ok().json(head.completion(choices, Some(usage))))
}

async fn streamed(
    head: Head,
    mut answers: Vec<(Running, Told)>,
    include_usage: bool,
) -> Result<HttpResponse, AppError> {
    // The first answer decides the status.
    if let Some((first, _)) = answers.first_mut() {
        first.started().await?;
    }
    let (running, told): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    let events = merge(running);
    let state = Streaming { head, events, told, usage: CompletionUsage::default(), ended: false };
    let body = stream::unfold(state, move |mut state| async move {
        let bytes = state.next(include_usage).await?;
        Some((bytes, state))
    });
    Ok(sse::response(body))
}

struct Streaming {
    head: Head,
    events: Pin<Box<dyn Stream<Item = (u32, Event)>>>,
    told: Vec<Told>,
    usage: CompletionUsage,
    ended: bool,
}

impl Streaming {
    async fn next(&mut self, include_usage: bool) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        loop {
            let Some((index, event)) = self.events.next().await else {
                self.ended = true;
                let mut tail = Vec::new();
                if include_usage {
                    tail.extend_from_slice(&sse::data(&self.head.completion(Vec::new(), Some(self.usage))));
                }
                tail.extend_from_slice(b"data: [DONE]\n\n");
                return Some(tail.into());
            };
            let told = self.told.get_mut(index as usize)?;
            let mut choice = TextChoice { index, text: told.opening(), finish_reason: None, logprobs: None };
            match event {
                Event::Started(..) => {}
                Event::Delta { text, logprobs } => {
                    if told.logprobs {
                        told.likelihoods(&text, logprobs, choice.logprobs.get_or_insert_default());
                    }
                    choice.text.push_str(&text);
                }
                Event::Done { reason, usage, .. } => {
                    self.usage.add_whole(told.cost(usage));
                    choice.finish_reason = Some(finish_reason(reason));
                }
                Event::Failed(error) => {
                    self.ended = true;
                    return Some(sse::data(&OpenAiError::of(&error)));
                }
            }
            if !choice.text.is_empty() || choice.finish_reason.is_some() {
                return Some(sse::data(&self.head.completion(vec![choice], None)));
            }
        }
    }
}
