//! What a model can do, as far as its worker has told.

use leeward_dialect::{Dialect, ReasoningForm, ToolForm};
use leeward_domain::tenant::ModelName;
use leeward_fleet::{ModelState, ModelStatus};

use crate::app::App;

/// What is told of a model beside its name.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// In the order of [`of`]; none while it is not loaded.
    pub(super) capabilities: Option<Vec<&'static str>>,
    /// The longest prompt plus answer in tokens.
    pub(super) context_length: Option<u32>,
}

/// `completion`, `tools` and `thinking` for a model that writes, `embedding` for one that embeds: Ollama's names. Tools
/// and thoughts are those that the template gives away; a call can be enforced with every model that writes.
pub(super) fn of(app: &App, statuses: &[ModelStatus], model: &ModelName) -> Told {
    let Some(status) = statuses.iter().find(|status| status.name == *model) else { return Told::default() };
    let ModelState::Ready { context_length } = status.state else { return Told::default() };
    let capabilities = if status.embedding.is_some() {
        vec!["embedding"]
    } else {
        let dialect = app.fleet.template(model).map(|template| Dialect::of_template(&template)).unwrap_or_default();
        let tools = (dialect.tools != ToolForm::None).then_some("tools");
        let thinking = (dialect.reasoning != ReasoningForm::None).then_some("thinking");
        ["completion"].into_iter().chain(tools).chain(thinking).collect()
    };
    Told { capabilities: Some(capabilities), context_length: Some(context_length) }
}
