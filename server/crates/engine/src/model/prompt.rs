//! Prompts to tokens, exactly those the engine will see.

use std::sync::Arc;

use leeward_wire::Prompt;
use tokenizers::Tokenizer;

use super::template::{Special, Template};
use crate::gguf::Header;

/// Renders prompts and cuts them into tokens.
pub struct Prompter {
    template: Template,
    tokenizer: Arc<Tokenizer>,
}

impl std::fmt::Debug for Prompter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompter").field("template", &self.template).finish_non_exhaustive()
    }
}

impl Prompter {
    /// Takes the template and the special tokens from the model's header.
    ///
    /// # Errors
    /// When the file has no chat template or it does not parse, in words for an operator.
    pub fn new(header: &Header, tokenizer: Arc<Tokenizer>) -> Result<Self, String> {
        let template = header
            .text("tokenizer.chat_template")
            .ok_or("the file has no chat template (tokenizer.chat_template); an instruction-tuned model is needed")?;
        let token = |key: &str| header.token(&format!("tokenizer.ggml.{key}")).map(str::to_owned);
        let special =
            Special { bos: token("bos_token_id"), eos: token("eos_token_id"), unk: token("unknown_token_id") };
        Ok(Self { template: Template::new(template, special)?, tokenizer })
    }

    /// The tokens of a prompt.
    ///
    /// # Errors
    /// When the template refuses the conversation or nothing comes of it, in words for the caller.
    pub fn tokens(&self, prompt: &Prompt) -> Result<Vec<u32>, String> {
        let tokens = match prompt {
            Prompt::Chat(chat) => self.encode(&self.template.render(chat)?, true)?,
            Prompt::Text { text } => self.encode(text, true)?,
        };
        if tokens.is_empty() { Err("the prompt is empty".into()) } else { Ok(tokens) }
    }

    /// The tokens of a text in the middle of a prompt.
    ///
    /// # Errors
    /// When the tokenizer fails, in words for the caller.
    pub fn plain_tokens(&self, text: &str) -> Result<Vec<u32>, String> {
        self.encode(text, false)
    }

    fn encode(&self, text: &str, around: bool) -> Result<Vec<u32>, String> {
        let encoding = self.tokenizer.encode_fast(text, around).map_err(|error| error.to_string())?;
        Ok(encoding.get_ids().to_vec())
    }
}
