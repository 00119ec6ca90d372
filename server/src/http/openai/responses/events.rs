//! The objects of the Responses API, whole and as the events of a stream.

use leeward_wire::Usage;
use serde::Serialize;
use utoipa::ToSchema;

use super::request::Echo;

/// A response, as far as it got.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ResponseObject {
    pub(super) id: String,
    pub(super) object: &'static str,
    /// Unix seconds.
    pub(super) created_at: i64,
    /// `in_progress`, `completed`, `incomplete` or `failed`.
    pub(super) status: &'static str,
    pub(super) error: Option<ResponseError>,
    pub(super) incomplete_details: Option<Incomplete>,
    pub(super) model: String,
    pub(super) output: Vec<OutputItem>,
    pub(super) usage: Option<ResponseUsage>,
    /// Always false.
    pub(super) background: bool,
    /// Always `disabled`.
    pub(super) truncation: &'static str,
    #[serde(flatten)]
    pub(super) echo: Echo,
}

/// Why it is not whole.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct Incomplete {
    /// `max_output_tokens`.
    pub(super) reason: &'static str,
}

/// Why it failed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ResponseError {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Tokens of a response.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct ResponseUsage {
    pub(super) input_tokens: u32,
    pub(super) input_tokens_details: InputTokensDetails,
    pub(super) output_tokens: u32,
    pub(super) output_tokens_details: OutputTokensDetails,
    pub(super) total_tokens: u32,
}

/// Where input tokens came from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct InputTokensDetails {
    pub(super) cached_tokens: u32,
}

/// What output tokens were for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct OutputTokensDetails {
    /// Those of the thoughts' text, counted again by themselves; null where the worker could not be asked.
    pub(super) reasoning_tokens: Option<u32>,
}

impl ResponseUsage {
    pub(super) fn of(usage: Usage, thought: Option<u32>) -> Self {
        let reasoning_tokens = thought.map(|tokens| tokens.min(usage.completion_tokens));
        Self {
            input_tokens: usage.prompt_tokens,
            input_tokens_details: InputTokensDetails { cached_tokens: usage.cached_tokens },
            output_tokens: usage.completion_tokens,
            output_tokens_details: OutputTokensDetails { reasoning_tokens },
            total_tokens: usage.prompt_tokens + usage.completion_tokens,
        }
    }
}

/// A piece of a response's output.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum OutputItem {
    /// What the model thought.
    Reasoning {
        id: String,
        #[schema(value_type = Vec<Object>)]
        summary: [(); 0],
        content: Vec<OutputPart>,
        status: &'static str,
    },
    /// What it said.
    Message { id: String, role: &'static str, content: Vec<OutputPart>, status: &'static str },
    /// What it called.
    FunctionCall { id: String, call_id: String, name: String, arguments: String, status: &'static str },
}

/// A part of an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum OutputPart {
    /// Thoughts.
    ReasoningText { text: String },
    /// Words.
    OutputText {
        text: String,
        #[schema(value_type = Vec<Object>)]
        annotations: [(); 0],
        #[schema(value_type = Vec<Object>)]
        logprobs: [(); 0],
    },
}

impl OutputPart {
    pub(super) const fn said(text: String) -> Self {
        Self::OutputText { text, annotations: [], logprobs: [] }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::ReasoningText { text } | Self::OutputText { text, .. } => text,
        }
    }

    pub(super) fn push(&mut self, more: &str) {
        match self {
            Self::ReasoningText { text } | Self::OutputText { text, .. } => text.push_str(more),
        }
    }
}

/// An event of a stream with its number.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Numbered {
    #[serde(flatten)]
    pub(super) event: ResponseEvent,
    /// From 0, without gaps.
    pub(super) sequence_number: u64,
}

/// Where a part stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PartPlace {
    pub(super) item_id: String,
    pub(super) output_index: u32,
    /// Always 0: an item has one part.
    pub(super) content_index: u32,
}

/// An event of a stream; its name is its type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type")]
pub(super) enum ResponseEvent {
    #[serde(rename = "response.created")]
    Created { response: Box<ResponseObject> },
    #[serde(rename = "response.in_progress")]
    InProgress { response: Box<ResponseObject> },
    #[serde(rename = "response.output_item.added")]
    ItemAdded { output_index: u32, item: OutputItem },
    #[serde(rename = "response.content_part.added")]
    PartAdded {
        #[serde(flatten)]
        place: PartPlace,
        part: OutputPart,
    },
    #[serde(rename = "response.reasoning_text.delta")]
    ReasoningDelta {
        #[serde(flatten)]
        place: PartPlace,
        delta: String,
    },
    #[serde(rename = "response.reasoning_text.done")]
    ReasoningDone {
        #[serde(flatten)]
        place: PartPlace,
        text: String,
    },
    #[serde(rename = "response.output_text.delta")]
    TextDelta {
        #[serde(flatten)]
        place: PartPlace,
        delta: String,
        #[schema(value_type = Vec<Object>)]
        logprobs: [(); 0],
    },
    #[serde(rename = "response.output_text.done")]
    TextDone {
        #[serde(flatten)]
        place: PartPlace,
        text: String,
        #[schema(value_type = Vec<Object>)]
        logprobs: [(); 0],
    },
    #[serde(rename = "response.content_part.done")]
    PartDone {
        #[serde(flatten)]
        place: PartPlace,
        part: OutputPart,
    },
    #[serde(rename = "response.function_call_arguments.delta")]
    ArgumentsDelta { item_id: String, output_index: u32, delta: String },
    #[serde(rename = "response.function_call_arguments.done")]
    ArgumentsDone { item_id: String, output_index: u32, name: String, arguments: String },
    #[serde(rename = "response.output_item.done")]
    ItemDone { output_index: u32, item: OutputItem },
    #[serde(rename = "response.completed")]
    Completed { response: Box<ResponseObject> },
    #[serde(rename = "response.incomplete")]
    Incomplete { response: Box<ResponseObject> },
    #[serde(rename = "response.failed")]
    Failed { response: Box<ResponseObject> },
}

impl ResponseEvent {
    /// Its name in the stream.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "response.created",
            Self::InProgress { .. } => "response.in_progress",
            Self::ItemAdded { .. } => "response.output_item.added",
            Self::PartAdded { .. } => "response.content_part.added",
            Self::ReasoningDelta { .. } => "response.reasoning_text.delta",
            Self::ReasoningDone { .. } => "response.reasoning_text.done",
            Self::TextDelta { .. } => "response.output_text.delta",
            Self::TextDone { .. } => "response.output_text.done",
            Self::PartDone { .. } => "response.content_part.done",
            Self::ArgumentsDelta { .. } => "response.function_call_arguments.delta",
            Self::ArgumentsDone { .. } => "response.function_call_arguments.done",
            Self::ItemDone { .. } => "response.output_item.done",
            Self::Completed { .. } => "response.completed",
            Self::Incomplete { .. } => "response.incomplete",
            Self::Failed { .. } => "response.failed",
        }
    }
}
