//! Questions about prompts: how many tokens one has, and which they are.
//!
//! Nothing is generated, but the content is processed where the worker stands: the same model, the same isolation and
//! the same residency policy are asked as for an inference. A refusal by the policy is a record. A count is none, and
//! nothing of what was counted is kept.

use leeward_domain::{
    ids::TenantId,
    residency::{Classification, Purpose},
    tenant::ModelName,
};
use leeward_fleet::{CountError, JobError, ModelState, SubmitError};
use leeward_ledger::{EventCode, ModelRef};
use leeward_wire::Prompt;

use super::admit;
use crate::{
    app::App,
    audit::Draft,
    auth::Identity,
    error::{AppError, Code},
    http::RequestContext,
};

/// A text's tokens.
#[derive(Debug)]
pub struct Counted {
    /// Their numbers in the model's vocabulary.
    pub tokens: Vec<u32>,
    /// What the model's context holds, for prompt and answer together.
    pub context_length: u32,
}

/// How many tokens `prompt` has for `model`, template included.
///
/// # Errors
/// `model_not_found`, `residency_denied`, `model_not_ready`, and what the worker refuses the prompt for.
pub async fn count(
    app: &App,
    (context, identity): (&RequestContext, &Identity),
    class: Classification,
    model: &str,
    prompt: Prompt,
) -> Result<u32, AppError> {
    let name = allowed(app, (context, identity), class, model).await?;
    app.fleet.count(&name, prompt).await.map_err(explain)
}

/// The tokens of `text` for `model`: no template, nothing put around it.
///
/// # Errors
/// As [`count`].
pub async fn tokenize(
    app: &App,
    (context, identity): (&RequestContext, &Identity),
    class: Classification,
    model: &str,
    text: String,
) -> Result<Counted, AppError> {
    let name = allowed(app, (context, identity), class, model).await?;
    let tokens = app.fleet.tokenize(&name, text).await.map_err(explain)?;
    let status = app.fleet.models().into_iter().find(|status| status.name == name);
    match status.map(|status| status.state) {
        Some(ModelState::Ready { context_length }) => Ok(Counted { tokens, context_length }),
        _ => Err(explain(CountError::WorkerLost)),
    }
}

/// How many tokens a part of an answer has that `model` gave; none where its worker cannot be asked.
pub async fn measure(app: &App, model: &str, text: String) -> Option<u32> {
    let name: ModelName = model.parse().ok()?;
    let tokens = app.fleet.tokenize(&name, text).await.ok()?;
    u32::try_from(tokens.len()).ok()
}

/// Asks the policy; gives the model's name.
async fn allowed(
    app: &App,
    (context, identity): (&RequestContext, &Identity),
    class: Classification,
    model: &str,
) -> Result<ModelName, AppError> {
    let model = admit::chosen(app, identity.tenant.id, context.id, model)?;
    let name = model.manifest.name.clone();
    let decision = identity.tenant.policy.decide(Purpose::Process, &app.place, class);
    let refusal = if decision.allowed { admit::too_sensitive(&model, class) } else { Some(admit::denied(&decision)) };
    if let Some(error) = refusal {
        let draft = Draft::of(&app.ambient, context, identity);
        let mut refused = draft.on(EventCode::InferenceRefused, "model", &name);
        refused.request = Some(context.id);
        refused.decision = Some(decision);
        refused.classification = Some(class);
        refused.place = Some(app.place.clone());
        refused.model = Some(ModelRef { name: name.to_string(), weights: model.weights });
        refused.reason = Some(error.code.as_str().into());
        app.audit.append(draft.log(), vec![refused]).await?;
        return Err(error);
    }
    app.models.wake(&model);
    own_workers(app, identity.tenant.id)?;
    Ok(name)
}

/// Dedicated workers see nothing of another tenant, not even to count it.
fn own_workers(app: &App, tenant: TenantId) -> Result<(), AppError> {
    match app.dedicated_to {
        Some(other) if other != tenant => Err(admit::explain(SubmitError::WrongDomain)),
        _ => Ok(()),
    }
}

fn explain(error: CountError) -> AppError {
    match error {
        CountError::UnknownModel => admit::explain(SubmitError::UnknownModel),
        CountError::Worker(failure) => super::settle::explain(JobError::Worker(failure)),
        CountError::Unavailable | CountError::WorkerLost | CountError::Timeout => {
            AppError::new(Code::ModelNotReady, error.to_string())
        }
    }
}
