//! Chat templates: a conversation to prompt tokens, exactly those the engine will see.
//!
//! The template is Jinja as Hugging Face writes it. The engine has its own renderer, but it runs on the
//! engine's thread behind whatever that is doing; prompts must be countable at any time.

use std::sync::Arc;

use leeward_wire::ChatMessage;
use minijinja::{Environment, Error, ErrorKind, context};
use tokenizers::Tokenizer;

use crate::gguf::Header;

const NAME: &str = "chat";

/// Renders conversations and counts them.
pub struct Prompter {
    environment: Environment<'static>,
    tokenizer: Arc<Tokenizer>,
    bos: Option<String>,
    eos: Option<String>,
    unk: Option<String>,
}

impl std::fmt::Debug for Prompter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompter").field("bos", &self.bos).field("eos", &self.eos).finish_non_exhaustive()
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
        let mut environment = Environment::new();
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_lstrip_blocks(true);
        environment.set_trim_blocks(true);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment
            .add_template_owned(NAME, jinja_dialect(template))
            .map_err(|error| format!("the chat template does not parse: {error}"))?;
        let token = |key: &str| header.token(&format!("tokenizer.ggml.{key}")).map(str::to_owned);
        Ok(Self {
            environment,
            tokenizer,
            bos: token("bos_token_id"),
            eos: token("eos_token_id"),
            unk: token("unknown_token_id"),
        })
    }

    /// The prompt tokens of a conversation, ready for the assistant to answer.
    ///
    /// # Errors
    /// When the template refuses the conversation or nothing comes of it, in words for the caller.
    pub fn tokens(&self, messages: &[ChatMessage]) -> Result<Vec<u32>, String> {
        let text = self.render(messages)?;
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|error| error.to_string())?;
        let tokens = encoding.get_ids().to_vec();
        if tokens.is_empty() { Err("the conversation is empty".into()) } else { Ok(tokens) }
    }

    fn render(&self, messages: &[ChatMessage]) -> Result<String, String> {
        if messages.is_empty() {
            return Err("the conversation is empty".into());
        }
        let template = self.environment.get_template(NAME).map_err(|error| error.to_string())?;
        template
            .render(context! {
                messages => messages,
                add_generation_prompt => true,
                bos_token => self.bos,
                eos_token => self.eos,
                unk_token => self.unk,
                enable_thinking => true,
            })
            .map_err(|error| match error.detail() {
                // What the template's author says about the conversation; never the conversation itself.
                Some(detail) => format!("the model's chat template refused the conversation: {detail}"),
                None => format!("the model's chat template failed: {}", error.kind()),
            })
    }
}

/// Rewrites the Python that templates use and minijinja has no word for.
fn jinja_dialect(template: &str) -> String {
    template.replace("[::-1]", "|reverse").replace("{% generation %}", "").replace("{% endgeneration %}", "")
}
