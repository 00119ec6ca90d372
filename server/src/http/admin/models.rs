//! `GET /api/models`: what there is, where it runs, how it is.

use actix_web::{HttpResponse, web};
use leeward_domain::{Sha256Digest, residency::Classification, tenant::ModelName, time::Timestamp};
use leeward_fleet::{ModelState, ModelStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ModelsRead, Permit},
    http::{capabilities, errors::Problem},
};

/// A model, as people see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Model {
    /// What requests call it.
    id: String,
    /// Whether it answers now.
    ready: bool,
    /// `ready`, `starting`, `restarting`, `failed`, `unloaded`, or
    /// `asleep`: let go of because nobody asked, and loaded again when somebody does.
    state: &'static str,
    /// What is wrong, if something is.
    detail: Option<String>,
    /// The longest prompt plus answer in tokens, once loaded.
    context_length: Option<u32>,
    /// `completion`, `tools`, `thinking`, `embedding`; null until it is loaded.
    #[schema(value_type = Option<Vec<String>>)]
    capabilities: Option<Vec<&'static str>>,
    /// For example `llama`.
    architecture: String,
    /// For example `Q8_0`.
    quantisation: String,
    /// The number of weights.
    parameters: u64,
    /// What the weights' file says of its licence.
    licence: Option<String>,
    /// Names the weights exactly; the same digest is in every audit record.
    #[schema(value_type = String)]
    weights_sha256: Sha256Digest,
    /// The most sensitive content it may be given; null for no ceiling of its own.
    #[schema(value_type = Option<String>)]
    ceiling: Option<Classification>,
    /// Other names for it.
    #[schema(value_type = Vec<String>)]
    aliases: Vec<ModelName>,
    /// When it was imported.
    #[schema(value_type = String)]
    imported_at: Timestamp,
    /// `dedicated` (one tenant's, with a prefix cache) or `shared` (no cache).
    isolation: &'static str,
    /// The site it runs at.
    place: String,
}

/// The models.
#[derive(Debug, Serialize, ToSchema)]
pub struct Models {
    /// In the order of their names.
    items: Vec<Model>,
}

/// The worker's state, what is wrong, and the context length once loaded.
pub(in crate::http) fn state(status: Option<&ModelStatus>) -> (&'static str, Option<String>, Option<u32>) {
    match status.map(|status| &status.state) {
        Some(ModelState::Ready { context_length }) => ("ready", None, Some(*context_length)),
        Some(ModelState::Starting) => ("starting", None, None),
        Some(ModelState::Restarting) => ("restarting", None, None),
        Some(ModelState::Failed { message }) => ("failed", Some(message.clone()), None),
        None => ("unloaded", Some("no worker holds it".to_owned()), None),
    }
}

/// Lists the models that the tenant may use, and their state.
#[utoipa::path(get, path = "/api/models", tag = "admin", responses(
    (status = 200, description = "The models", body = Models),
    (status = 403, description = "Needs models.read", body = Problem)))]
pub async fn list(app: web::Data<App>, permit: Permit<ModelsRead>) -> HttpResponse {
    let statuses = app.fleet.models();
    let known = app.catalogue.known();
    let items = known.of_tenant(permit.tenant.id).map(|model| {
        let manifest = &model.manifest;
        let status = statuses.iter().find(|status| status.name == manifest.name);
        let (state, detail, context_length) = match state(status) {
            _ if app.models.sleeps(&manifest.name) => ("asleep", None, None),
            told => told,
        };
        Model {
            id: manifest.name.to_string(),
            ready: state == "ready",
            state,
            detail,
            context_length,
            capabilities: capabilities::of(&app, &statuses, &manifest.name).capabilities,
            architecture: manifest.facts.architecture.clone(),
            quantisation: manifest.facts.quantisation.clone(),
            parameters: manifest.facts.parameters,
            licence: manifest.facts.licence.clone(),
            weights_sha256: model.weights,
            ceiling: model.listing().ceiling,
            aliases: known.aliases_of(&manifest.name).cloned().collect(),
            imported_at: manifest.imported_at,
            isolation: status.map_or("shared", |status| status.isolation.as_str()),
            place: app.place.site.clone(),
        }
    });
    HttpResponse::Ok().json(Models { items: items.collect() })
}
