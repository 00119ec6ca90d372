//! Residency, then the intent, then the queue: nothing starts that is not allowed and not on record.

use actix_web::web;
use leeward_domain::{
    CaptureLevel, Sha256Digest,
    ids::{RequestId, TenantId},
    residency::{Classification, Decision, Purpose},
    tenant::ModelName,
};
use leeward_fleet::{SubmitError, Work};
use leeward_ledger::{EventCode, ModelRef, Object, Phase, Record};
use leeward_wire::{ChatPrompt, Prompt};
use tokio::sync::mpsc;

use super::{Ask, Running, capture::Captured, deadline::Deadline, settle};
use crate::{
    app::App,
    audit::Draft,
    auth::{Identity, lease::Lease},
    catalogue::Model,
    error::{AppError, Code},
    http::RequestContext,
};

/// How many events may wait for a slow reader before its inference waits too.
const EVENTS: usize = 256;

/// Admits one ask of `identity` and starts it. `id` names the inference: the request's own id, or a fresh
/// one for each further choice of a request with `n` > 1.
///
/// # Errors
/// `model_not_found`, `residency_denied`, `queue_full`, `model_not_ready`, `audit_unavailable`. Whatever is
/// refused after the intent is on record gets its outcome before this returns.
pub async fn admit(
    app: &web::Data<App>,
    context: &RequestContext,
    identity: &Identity,
    id: RequestId,
    mut ask: Ask,
) -> Result<Running, AppError> {
    let deadline = Deadline::of(ask.within, app.config.engine.answer_timeout());
    app.ledger.has_room()?;
    app.admitted.now(app.ambient.now());
    let model = chosen(app, identity.tenant.id, context.id, &ask.model)?;
    let (name, weights) = (model.manifest.name.clone(), model.weights);

    let (class, level) = (ask.class, identity.tenant.capture);
    let decision = identity.tenant.policy.decide(Purpose::Process, &app.place, class);
    let draft = Draft::of(&app.ambient, context, identity);
    let key = app.tenant_key(&identity.tenant).await?;
    let prompt = prompt_of(&ask.work).map_err(AppError::internal)?;
    let mut common = draft.on(EventCode::InferenceRefused, "model", &name);
    common.request = Some(id);
    if id != context.id {
        common.object = Some(Object { kind: "request".into(), id: context.id.to_string() });
    }
    common.decision = Some(decision.clone());
    common.classification = Some(class);
    common.place = Some(app.place.clone());
    common.isolation = Some(if app.dedicated_to.is_some() { "dedicated" } else { "shared" }.into());
    common.model = Some(ModelRef { name: name.to_string(), weights });
    common.prompt_hmac = (level >= CaptureLevel::Digests).then(|| key.hmac("prompt", &prompt));

    if !decision.allowed {
        let mut refused = common;
        refused.reason = Some(Code::ResidencyDenied.as_str().into());
        app.audit.append(draft.log(), vec![refused]).await?;
        return Err(denied(&decision));
    }
    if let Some(error) = too_sensitive(&model, class) {
        let refused = Record { reason: Some(error.code.as_str().into()), ..common };
        app.audit.append(draft.log(), vec![refused]).await?;
        return Err(error);
    }

    common.blob = ask.kept_as.map(|id| id.to_string());
    let prompt = String::from_utf8_lossy(&prompt);
    let captured = Captured::begin(app, identity, &key, (id, &name.to_string(), class), &prompt, &mut common).await?;
    let intent = Record { phase: Phase::Intent, event: EventCode::InferenceIntent, ..common.clone() };
    app.audit.append(draft.log(), vec![intent]).await?;

    let keep = ask.keep.take();
    let writes = matches!(ask.work, Work::Generate(_));
    let settling = settle::Settling { app: app.clone(), draft, common, key, keep, captured, level, writes };
    match app.models.submit(&model, identity.tenant.id, ask.work) {
        Ok(job) => {
            let (sender, events) = mpsc::channel(EVENTS);
            app.tasks.spawn(settling.run(job, sender, Lease::new(app, identity), deadline));
            Ok(Running { events, model: name })
        }
        Err(refusal) => {
            let error = explain(refusal);
            settling.refuse(error.code).await?;
            Err(error)
        }
    }
}

/// What is kept and digested as the prompt.
fn prompt_of(work: &Work) -> Result<Vec<u8>, serde_json::Error> {
    match work {
        Work::Generate(request) => match &request.prompt {
            // A bare conversation is known by its messages alone.
            Prompt::Chat(ChatPrompt { messages, tools, thinking: None, effort: None }) if tools.is_empty() => {
                serde_json::to_vec(messages)
            }
            prompt => serde_json::to_vec(prompt),
        },
        Work::Embed(request) => serde_json::to_vec(&request.inputs),
    }
}

/// The model that `tenant` means by this name, a model's own or an alias. Of several answers to one request each gets the
/// same.
///
/// # Errors
/// `model_not_found`.
pub(super) fn chosen(app: &App, tenant: TenantId, request: RequestId, model: &str) -> Result<Model, AppError> {
    let unknown = || AppError {
        param: Some("model".into()),
        ..AppError::new(
            Code::ModelNotFound,
            format!("there is no model {:?}; GET /v1/models lists what there is", shortened(model)),
        )
    };
    let name: ModelName = model.parse().map_err(|_| unknown())?;
    // Uniform in 0..100, for canaries.
    let draw = u8::try_from(request.uuid().as_u128() % 100).unwrap_or_default();
    app.catalogue.known().resolve(&name, tenant, draw).cloned().ok_or_else(unknown)
}

/// What a caller is told whose tenant's policy refused.
pub(super) fn denied(decision: &Decision) -> AppError {
    AppError::new(Code::ResidencyDenied, format!("the tenant's residency policy does not allow it ({})", decision.rule))
}

/// What a caller is told whose content is more sensitive than the model may be given, if it is. A rule of the house, not of
/// the tenant's policy: the decision on record stays what the policy says, as who checks it later decides it again.
pub(super) fn too_sensitive(model: &Model, class: Classification) -> Option<AppError> {
    let ceiling = model.listing().ceiling.filter(|ceiling| class > *ceiling)?;
    let detail = format!(
        "the model {} may be given {} content at most, and this is {}; ask another model",
        model.manifest.name,
        ceiling.as_str(),
        class.as_str()
    );
    Some(AppError::new(Code::ModelCeiling, detail))
}

pub(super) fn explain(refusal: SubmitError) -> AppError {
    match refusal {
        SubmitError::UnknownModel => AppError::new(Code::ModelNotReady, "the model is not loaded in this process"),
        SubmitError::QueueFull { limit, retry_after } => AppError {
            retry_after: Some(retry_after),
            ..AppError::new(
                Code::QueueFull,
                format!(
                    "{limit} requests are waiting for this model already (engine.queue_capacity); try again in {} s",
                    retry_after.as_secs().max(1)
                ),
            )
        },
        SubmitError::ModelFailed { message } => {
            AppError::new(Code::ModelNotReady, format!("the model could not be loaded and is tried again: {message}"))
        }
        SubmitError::WrongDomain => AppError::new(
            Code::ModelNotReady,
            "this appliance's workers are dedicated to another tenant (engine.dedicated_to)",
        ),
        SubmitError::ShuttingDown => AppError::new(Code::ShuttingDown, "the service is stopping; try again soon"),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

/// The digest of an answer under the tenant's key.
pub(super) fn output_hmac(key: &leeward_keyring::TenantKey, text: &str) -> Sha256Digest {
    key.hmac("output", text.as_bytes())
}
