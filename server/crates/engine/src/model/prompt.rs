//! Prompts to tokens, exactly those the engine will see.

use std::sync::Arc;

use leeward_wire::Prompt;
use tokenizers::Tokenizer;

use super::template::Template;

/// Renders prompts and cuts them into tokens.
pub struct Prompter {
    /// None for models that embed.
    template: Option<Template>,
    /// The template writes what begins a text, so that the tokenizer must not do it again.
    template_begins: bool,
    tokenizer: Arc<Tokenizer>,
}

impl std::fmt::Debug for Prompter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompter").field("template", &self.template).finish_non_exhaustive()
    }
}

impl Prompter {
    /// Takes the chat template, if there is one, whether it writes itself what begins a text, and the tokenizer.
    #[must_use]
    pub const fn new(template: Option<Template>, template_begins: bool, tokenizer: Arc<Tokenizer>) -> Self {
        Self { template, template_begins, tokenizer }
    }

    /// The tokens of a prompt.
    ///
    /// # Errors
    /// When the template refuses the conversation or nothing comes of it, in words for the caller.
    pub fn tokens(&self, prompt: &Prompt) -> Result<Vec<u32>, String> {
        let tokens = match prompt {
            Prompt::Chat(chat) => {
                let template = self.template.as_ref().ok_or("this model embeds texts, it holds no conversations")?;
                self.encode(&template.render(chat)?, !self.template_begins)?
            }
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
