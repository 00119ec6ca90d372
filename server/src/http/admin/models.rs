//! `GET /api/models`: what there is, where it runs, how it is.

use actix_web::{HttpResponse, web};
use leeward_domain::{Sha256Digest, time::Timestamp};
use leeward_fleet::ModelState;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ModelsRead, Permit},
    http::errors::Problem,
};

/// A model, as people see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Model {
    /// What requests call it.
    id: String,
    /// Whether it answers now.
    ready: bool,
    /// `ready`, `starting`, `restarting` or `failed`.
    state: &'static str,
    /// What is wrong, if something is.
    detail: Option<String>,
    /// The longest prompt plus answer in tokens, once loaded.
    context_length: Option<u32>,
    /// For example `llama`.
    architecture: String,
    /// For example `Q8_0`.
    quantisation: String,
    /// The number of weights.
    parameters: u64,
    /// What the weights' file says of its licence.
    licence: Option<String>,
    /// Names the weights exactly; the same digest is in every audit record.
    #[schema(value_type = Option<String>)]
    weights_sha256: Option<Sha256Digest>,
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

/// Lists the models and their state.
#[utoipa::path(get, path = "/api/models", tag = "admin", responses(
    (status = 200, description = "The models", body = Models),
    (status = 403, description = "Needs models.read", body = Problem)))]
pub async fn list(app: web::Data<App>, _permit: Permit<ModelsRead>) -> HttpResponse {
    let statuses = app.fleet.models();
    let items = app.catalogue.all().map(|manifest| {
        let status = statuses.iter().find(|status| status.name == manifest.name);
        let (state, detail, context_length) = match status.map(|status| &status.state) {
            Some(ModelState::Ready { context_length }) => ("ready", None, Some(*context_length)),
            Some(ModelState::Starting) => ("starting", None, None),
            Some(ModelState::Restarting) => ("restarting", None, None),
            Some(ModelState::Failed { message }) => ("failed", Some(message.clone()), None),
            None => ("failed", Some("not loaded in this process".to_owned()), None),
        };
        Model {
            id: manifest.name.to_string(),
            ready: state == "ready",
            state,
            detail,
            context_length,
            architecture: manifest.facts.architecture.clone(),
            quantisation: manifest.facts.quantisation.clone(),
            parameters: manifest.facts.parameters,
            licence: manifest.facts.licence.clone(),
            weights_sha256: manifest.weights_digest(),
            imported_at: manifest.imported_at,
            isolation: status.map_or("shared", |status| status.isolation.as_str()),
            place: app.place.site.clone(),
        }
    });
    HttpResponse::Ok().json(Models { items: items.collect() })
}
