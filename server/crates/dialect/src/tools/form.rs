//! The forms, and who knows each.

use serde::{Deserialize, Serialize};

use super::{deepseek, hermes, list, llama3, mistral};

/// How a model writes tool calls. In JSON: `none`, `hermes`, `llama3`, `mistral`, `deepseek` or `json`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToolForm {
    /// It does not: everything is content.
    #[default]
    None,
    /// `<tool_call>{"name":…,"arguments":{…}}</tool_call>`: Hermes, Qwen 2.5 and 3.
    Hermes,
    /// `{"name":…,"parameters":{…}}` as the whole answer, `<|python_tag|>` before it or not: Llama 3.1 and later.
    Llama3,
    /// `[TOOL_CALLS]` and an array of calls, or a name and its arguments: Mistral.
    Mistral,
    /// `<｜tool▁calls▁begin｜>` and what follows: DeepSeek V3, R1 and V3.1.
    Deepseek,
    /// The answer is one call or an array of calls, because a grammar forced it ([`crate::schema`]).
    Json,
}

impl ToolForm {
    /// Every form.
    pub const ALL: [Self; 6] = [Self::None, Self::Hermes, Self::Llama3, Self::Mistral, Self::Deepseek, Self::Json];

    /// What announces a call anywhere in the text.
    pub(super) fn markers(self) -> &'static [&'static str] {
        match self {
            Self::None | Self::Json => &[],
            Self::Hermes => &[hermes::OPEN],
            Self::Llama3 => &[llama3::TAG],
            Self::Mistral => &[mistral::MARKER],
            Self::Deepseek => &[deepseek::CALLS_BEGIN, deepseek::CALL_BEGIN],
        }
    }

    /// Whether an answer may begin with a call that nothing announces.
    pub(super) fn begins_bare(self) -> bool {
        matches!(self, Self::Llama3 | Self::Json)
    }

    /// `raw` is the text since the marker, the marker and the space before it included; `{` can only be its last
    /// character. `in_list`: a call of the same array came before.
    pub(super) fn header(self, raw: &str, in_list: bool) -> Header {
        match self {
            _ if in_list => list::next(raw),
            Self::None => Header::No,
            Self::Hermes => hermes::header(raw),
            Self::Llama3 => llama3::header(raw),
            Self::Mistral => mistral::header(raw),
            Self::Deepseek => deepseek::header(raw),
            Self::Json => list::header(raw),
        }
    }

    /// `raw` is the text since the end of a call's JSON.
    pub(super) fn closer(self, raw: &str, in_list: bool) -> Closer {
        match self {
            _ if in_list => list::closer(raw),
            Self::None | Self::Mistral | Self::Json => Closer::Over(0),
            Self::Hermes => hermes::closer(raw),
            Self::Llama3 => llama3::closer(raw),
            Self::Deepseek => deepseek::closer(raw),
        }
    }
}

/// What the text before a call's JSON says so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Header {
    /// Not enough yet.
    More,
    /// The last character begins an object that holds a name and arguments.
    Envelope {
        /// It stands in an array.
        in_list: bool,
    },
    /// The last character begins the arguments of this function.
    Named(String),
    /// No call.
    No,
}

/// What the text after a call's JSON says so far. Offsets: how much of it belongs to the call; the rest is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closer {
    /// Not enough yet.
    More,
    /// Another call follows.
    Next(usize),
    /// No call follows here.
    Over(usize),
}
