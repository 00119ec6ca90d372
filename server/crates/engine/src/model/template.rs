//! Chat templates: a conversation to text.
//!
//! The template is Jinja as Hugging Face writes it. The engine has its own renderer, but it runs on the
//! engine's thread behind whatever that is doing; prompts must be countable at any time. `messages` gives
//! messages and tools their shape, `tojson` is the filter. Left out: `strftime_now`, since a prompt that
//! changes with the date can be neither counted ahead nor kept; templates that need it say so.

use std::collections::BTreeMap;

use leeward_wire::ChatPrompt;
use minijinja::{Environment, Error, ErrorKind, Value};

use super::{
    messages::{Shape, value},
    tojson::tojson,
};

const NAME: &str = "chat";

/// Special tokens a template may name.
#[derive(Debug, Clone, Default)]
pub struct Special {
    /// Begins a text.
    pub bos: Option<String>,
    /// Ends one.
    pub eos: Option<String>,
    /// Stands for what is not in the vocabulary.
    pub unk: Option<String>,
}

/// One model's chat template.
pub struct Template {
    environment: Environment<'static>,
    shape: Shape,
    special: Special,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Template").field("shape", &self.shape).field("special", &self.special).finish_non_exhaustive()
    }
}

impl Template {
    /// Takes a template's text.
    ///
    /// # Errors
    /// When it does not parse, in words for an operator.
    pub fn new(template: &str, special: Special) -> Result<Self, String> {
        let mut environment = Environment::new();
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_lstrip_blocks(true);
        environment.set_trim_blocks(true);
        environment.add_filter("tojson", tojson);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment
            .add_template_owned(NAME, jinja_dialect(template))
            .map_err(|error| format!("the chat template does not parse: {error}"))?;
        Ok(Self { environment, shape: Shape::of(template), special })
    }

    /// The conversation as text, ready for the assistant to answer.
    ///
    /// # Errors
    /// When the template refuses it, in words for the caller.
    pub fn render(&self, prompt: &ChatPrompt) -> Result<String, String> {
        if prompt.messages.is_empty() {
            return Err("the conversation is empty".into());
        }
        let mut tools = Vec::with_capacity(prompt.tools.len());
        for tool in &prompt.tools {
            tools.push(value(&tool.value().map_err(|error| format!("a tool is no JSON: {error}"))?));
        }
        // Hugging Face gives `none` for what it has not got; templates ask for exactly that.
        let tools = if tools.is_empty() { Value::from(()) } else { Value::from(tools) };
        let text = |text: &Option<String>| Value::from(text.as_deref());
        let mut variables = BTreeMap::from([
            ("messages", self.shape.messages(&prompt.messages)),
            ("tools", tools),
            ("documents", Value::from(())),
            ("add_generation_prompt", Value::from(true)),
            ("bos_token", text(&self.special.bos)),
            ("eos_token", text(&self.special.eos)),
            ("unk_token", text(&self.special.unk)),
            ("enable_thinking", Value::from(prompt.thinking.unwrap_or(true))),
        ]);
        if let Some(thinking) = prompt.thinking {
            // The name in DeepSeek's and Granite's templates, where thinking is off unless it is asked for.
            variables.insert("thinking", Value::from(thinking));
        }
        if let Some(effort) = prompt.effort {
            variables.insert("reasoning_effort", Value::from(effort.as_str()));
        }
        let template = self.environment.get_template(NAME).map_err(|error| error.to_string())?;
        template.render(variables).map_err(|error| in_words(&error))
    }
}

fn in_words(error: &Error) -> String {
    use ErrorKind::{UnknownFilter, UnknownFunction, UnknownMethod, UnknownTest};
    match (error.kind(), error.detail()) {
        (UnknownFilter | UnknownFunction | UnknownMethod | UnknownTest, detail) => format!(
            "the model's chat template uses something that Leeward does not provide ({}); use a model with another \
             template",
            detail.map_or_else(|| error.kind().to_string(), str::to_owned)
        ),
        // What the template's author says about the conversation; never the conversation itself.
        (_, Some(detail)) => format!("the model's chat template refused the conversation: {detail}"),
        (kind, None) => format!("the model's chat template failed: {kind}"),
    }
}

/// Rewrites the Python that templates use and minijinja has no word for.
fn jinja_dialect(template: &str) -> String {
    template.replace("[::-1]", "|reverse").replace("{% generation %}", "").replace("{% endgeneration %}", "")
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
