//! `POST /v1/embeddings`: texts turned into vectors.
//!
//! Admitted and recorded as an inference is. The vectors are told once the outcome is on record; they are not kept, and no
//! digest of them is: the same model computes them again from the prompt.

use actix_web::{HttpResponse, web};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_wire::{EmbedInput, EmbedRequest, MAX_EMBED_INPUTS};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::admit_each;
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Terms, errors::OpenAiError},
    inference::Event,
};

/// Texts to turn into vectors.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingsRequest {
    /// A model of `/v1/models` that embeds.
    model: String,
    /// A text, a list of texts, a list of tokens, or a list of such lists; at most 2048 inputs, none empty.
    input: Inputs,
    /// `float` (the default), or `base64`: 32-bit little-endian floats.
    #[serde(default)]
    encoding_format: Option<String>,
    /// Keep only so many of each vector's first numbers and bring it back to length 1; of use with models that were
    /// trained for it.
    #[serde(default)]
    #[schema(minimum = 1)]
    dimensions: Option<u32>,
    /// The caller's own name for the end user; not interpreted.
    #[serde(default)]
    #[expect(dead_code, reason = "accepted, not interpreted")]
    user: Option<String>,
}

/// What to embed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Inputs {
    /// One text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// One text, as tokens of the model.
    Tokens(Vec<u32>),
    /// Several such.
    TokenLists(Vec<Vec<u32>>),
}

/// OpenAI's list of embeddings.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingList {
    /// Always `list`.
    object: &'static str,
    /// One for each input, in their order.
    data: Vec<Embedding>,
    /// The model that computed them.
    model: String,
    /// What it cost.
    usage: EmbeddingUsage,
}

/// One input's vector.
#[derive(Debug, Serialize, ToSchema)]
pub struct Embedding {
    /// Always `embedding`.
    object: &'static str,
    /// The input's place.
    index: usize,
    /// Numbers, or base64.
    embedding: Vector,
}

/// A vector as it was asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Vector {
    /// `float`.
    Numbers(Vec<f32>),
    /// `base64`.
    Base64(String),
}

/// Tokens of all inputs.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingUsage {
    /// Tokens in.
    prompt_tokens: u32,
    /// The same: nothing is generated.
    total_tokens: u32,
}

pub(in crate::http) struct Parsed {
    model: String,
    request: EmbedRequest,
    base64: bool,
    dimensions: Option<usize>,
}

impl EmbeddingsRequest {
    pub(in crate::http) fn parse(self) -> Result<Parsed, AppError> {
        let inputs: Vec<EmbedInput> = match self.input {
            Inputs::Text(text) => vec![EmbedInput::Text(text)],
            Inputs::Texts(texts) => texts.into_iter().map(EmbedInput::Text).collect(),
            Inputs::Tokens(tokens) => vec![EmbedInput::Tokens(tokens)],
            Inputs::TokenLists(lists) => lists.into_iter().map(EmbedInput::Tokens).collect(),
        };
        let empty = |input: &EmbedInput| match input {
            EmbedInput::Text(text) => text.is_empty(),
            EmbedInput::Tokens(tokens) => tokens.is_empty(),
        };
        if inputs.is_empty() {
            return Err(AppError::invalid("input", "input is empty: at least one text"));
        }
        if inputs.len() > MAX_EMBED_INPUTS {
            let detail = format!("input has {} texts, at most {MAX_EMBED_INPUTS}: send several requests", inputs.len());
            return Err(AppError::invalid("input", detail));
        }
        if let Some(place) = inputs.iter().position(empty) {
            return Err(AppError::invalid("input", format!("input {place} is empty: there is nothing to embed")));
        }
        let base64 = match self.encoding_format.as_deref() {
            None | Some("float") => false,
            Some("base64") => true,
            Some(other) => {
                let detail = format!("encoding_format is float or base64, not {other:?}");
                return Err(AppError::invalid("encoding_format", detail));
            }
        };
        let dimensions = match self.dimensions {
            Some(0) => return Err(AppError::invalid("dimensions", "dimensions must be at least 1")),
            wanted => wanted.and_then(|wanted| usize::try_from(wanted).ok()),
        };
        Ok(Parsed { model: self.model, request: EmbedRequest { inputs }, base64, dimensions })
    }
}

/// Turns texts into vectors.
///
/// # Errors
/// As chat completions; 400 where the model writes text.
#[utoipa::path(
    post, path = "/v1/embeddings", tag = "inference", request_body = EmbeddingsRequest,
    responses(
        (status = 200, description = "The vectors, each of length 1", body = EmbeddingList),
        (status = "4XX", description = "The request is at fault", body = OpenAiError),
        (status = "5XX", description = "The service is at fault", body = OpenAiError),
    ))]
pub async fn embeddings(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    terms: Terms,
    Body(request): Body<EmbeddingsRequest>,
) -> Result<HttpResponse, AppError> {
    let Parsed { model, request, base64, dimensions } = request.parse()?;
    let asked = request.inputs.len();
    let mut running = admit_each(&app, &permit, terms, &model, [request]).await?;
    let mut running = running.pop().ok_or_else(|| AppError::internal(anyhow::anyhow!("nothing was admitted")))?;
    let (usage, vectors) = loop {
        match running.next().await {
            Some(Event::Started(..) | Event::Delta { .. }) => {}
            Some(Event::Done { usage, vectors, .. }) => break (usage, vectors),
            // Where the conversation would be at fault, an input is.
            Some(Event::Failed(error)) => {
                let param = error.param.map(|_| "input".into());
                return Err(AppError { param, ..error });
            }
            None => return Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
        }
    };
    if vectors.len() != asked {
        let why = format!("{} vectors came for {asked} inputs", vectors.len());
        return Err(AppError::internal(anyhow::anyhow!(why)));
    }
    let data = vectors.into_iter().enumerate().map(|(index, vector)| {
        let vector = shortened(vector, dimensions)?;
        let embedding = if base64 { Vector::Base64(encoded(&vector)) } else { Vector::Numbers(vector) };
        Ok(Embedding { object: "embedding", index, embedding })
    });
    let data = data.collect::<Result<_, AppError>>()?;
    let usage = EmbeddingUsage { prompt_tokens: usage.prompt_tokens, total_tokens: usage.prompt_tokens };
    let model = running.model().to_string();
    Ok(HttpResponse::Ok().json(EmbeddingList { object: "list", data, model, usage }))
}

/// The first numbers of a vector, of length 1 again.
fn shortened(mut vector: Vec<f32>, dimensions: Option<usize>) -> Result<Vec<f32>, AppError> {
    let Some(wanted) = dimensions.filter(|wanted| *wanted != vector.len()) else { return Ok(vector) };
    if wanted > vector.len() {
        let detail = format!("dimensions is {wanted}, and the model's vectors have {}", vector.len());
        return Err(AppError::invalid("dimensions", detail));
    }
    vector.truncate(wanted);
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|number| *number /= length);
    }
    Ok(vector)
}

/// As OpenAI encodes a vector.
fn encoded(vector: &[f32]) -> String {
    STANDARD.encode(vector.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>())
}
