//! What a directory says about text: its chat template, its special tokens, the tokens that end an answer.

use std::path::Path;

use serde::Deserialize;

use super::{DirectoryError, config::Ids, name, read_json, read_text};

/// The template of several that is for conversations.
const DEFAULT: &str = "default";

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The chat template; none for models that were not trained for conversations.
    pub template: Option<String>,
    /// Begins a text.
    pub bos: Option<String>,
    /// Ends one.
    pub eos: Option<String>,
    /// Stands for what is not in the vocabulary.
    pub unk: Option<String>,
    /// Tokens that end an answer, by `generation_config.json`.
    pub end_tokens: Vec<u32>,
}

#[derive(Default, Deserialize)]
struct TokenizerConfig {
    bos_token: Option<Token>,
    eos_token: Option<Token>,
    unk_token: Option<Token>,
    chat_template: Option<Templates>,
}

/// A token's name, alone or with how it is cut.
#[derive(Deserialize)]
#[serde(untagged)]
enum Token {
    Name(String),
    Added { content: String },
}

impl Token {
    fn name(self) -> String {
        match self {
            Self::Name(name) | Self::Added { content: name } => name,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Templates {
    One(String),
    Several(Vec<NamedTemplate>),
}

#[derive(Deserialize)]
struct NamedTemplate {
    name: String,
    template: String,
}

impl Templates {
    fn default(self) -> Option<String> {
        match self {
            Self::One(template) => Some(template),
            Self::Several(several) => several.into_iter().find(|one| one.name == DEFAULT).map(|one| one.template),
        }
    }
}

#[derive(Deserialize)]
struct TemplateFile {
    chat_template: Templates,
}

#[derive(Deserialize)]
struct Generation {
    eos_token_id: Option<Ids>,
}

impl Texts {
    /// Reads what there is; all of it may be missing.
    pub(super) fn open(path: &Path) -> Result<Self, DirectoryError> {
        let tokens: Option<TokenizerConfig> = read_json(&path.join(name::TOKENIZER_CONFIG))?;
        let tokens = tokens.unwrap_or_default();
        let mut template = read_text(&path.join(name::TEMPLATE))?;
        if template.is_none() {
            let file: Option<TemplateFile> = read_json(&path.join(name::TEMPLATE_JSON))?;
            template = file.and_then(|file| file.chat_template.default());
        }
        let generation: Option<Generation> = read_json(&path.join(name::GENERATION))?;
        let ends = generation.and_then(|generation| generation.eos_token_id);
        Ok(Self {
            template: template.or_else(|| tokens.chat_template.and_then(Templates::default)),
            bos: tokens.bos_token.map(Token::name),
            eos: tokens.eos_token.map(Token::name),
            unk: tokens.unk_token.map(Token::name),
            end_tokens: ends.map(|ids| ids.as_slice().to_vec()).unwrap_or_default(),
        })
    }
}
