//! Which forms a model writes, recognised from its chat template; each has a name in JSON too.

use serde::{Deserialize, Serialize};

use crate::{
    reasoning::{Reasoning, Tags},
    tools::ToolForm,
};

/// How a model writes its reasoning. In JSON: `none`, `think-tags` or `think-opened`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasoningForm {
    /// It does not, or not so that it could be told apart.
    #[default]
    None,
    /// `<think>…</think>` at the start of the answer, both written by the model.
    ThinkTags,
    /// The same, but the generation prompt ends in `<think>`: the answer starts inside.
    ThinkOpened,
}

impl ReasoningForm {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::None, Self::ThinkTags, Self::ThinkOpened];

    /// A splitter of one answer.
    #[must_use]
    pub fn splitter(self) -> Reasoning {
        match self {
            Self::None => Reasoning::none(),
            Self::ThinkTags => Reasoning::tagged(Tags::default()),
            Self::ThinkOpened => Reasoning::opened(Tags::default()),
        }
    }
}

/// The forms of one model. In JSON: `{"reasoning": "think-tags", "tools": "hermes"}`, each `none` if absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// How it reasons.
    #[serde(default)]
    pub reasoning: ReasoningForm,
    /// How it calls tools.
    #[serde(default)]
    pub tools: ToolForm,
}

impl Dialect {
    /// What a chat template (Jinja) gives away. A guess from its markers.
    /// Forms that have no parser here, such as Qwen3-Coder's XML, are `none`.
    #[must_use]
    pub fn of_template(template: &str) -> Self {
        Self { reasoning: reasoning_of(template), tools: tools_of(template) }
    }

    /// The same model when a grammar forces a call ([`crate::schema`]): it can write nothing before the JSON, not even
    /// the end of a block that its prompt opened.
    #[must_use]
    pub fn forced() -> Self {
        Self { reasoning: ReasoningForm::None, tools: ToolForm::Json }
    }
}

fn reasoning_of(template: &str) -> ReasoningForm {
    let (opens, closes) = (|text: &str| text.contains("<think>"), |text: &str| text.contains("</think>"));
    if !opens(template) && !closes(template) {
        return ReasoningForm::None;
    }
    // What the template writes last, where an answer is asked for. An empty block there (Qwen 3 told not to think)
    // or a choice between both tags (DeepSeek V3.1) leaves the model to write its own.
    let prompt = template.rfind("add_generation_prompt").map_or("", |at| template.split_at(at).1);
    if opens(prompt) && !closes(prompt) { ReasoningForm::ThinkOpened } else { ReasoningForm::ThinkTags }
}

fn tools_of(template: &str) -> ToolForm {
    let has = |marker: &str| template.contains(marker);
    // The distilled DeepSeek models keep DeepSeek's template over another model's tokens: it goes first.
    if has("<｜tool▁calls▁begin｜>") {
        ToolForm::Deepseek
    } else if has("[TOOL_CALLS]") {
        ToolForm::Mistral
    } else if has("<tool_call>") {
        // The same tag around another language: XML for Qwen3-Coder, key and value tags for GLM.
        if has("<function=") || has("<arg_key>") { ToolForm::None } else { ToolForm::Hermes }
    } else if has("<|python_tag|>") || (has("<|start_header_id|>") && has(r#"{"name": function name, "parameters""#)) {
        ToolForm::Llama3
    } else {
        ToolForm::None
    }
}
