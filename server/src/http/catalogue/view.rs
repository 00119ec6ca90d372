//! Models as those see them who decide about them.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::TenantId,
    model::{
        Footprint,
        listing::{Alias, Audience, Stage},
    },
    residency::Classification,
    tenant::ModelName,
};
use leeward_fleet::ModelStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, catalogue, http::admin::models::state};

/// The models and the aliases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Catalogue {
    /// In the order of their names.
    models: Vec<Model>,
    /// In the order of their names.
    aliases: Vec<NamedAlias>,
    /// Whether two people must stand behind a model before it serves (`models.two_people`).
    two_people: bool,
}

impl Catalogue {
    pub(super) fn of(app: &App) -> Self {
        let known = app.catalogue.known();
        Self {
            models: known.all().map(|model| Model::new(app, &known, model)).collect(),
            aliases: known.aliases().map(|(alias, target)| NamedAlias::new(alias, target)).collect(),
            two_people: app.config.models.two_people,
        }
    }
}

/// A name that stands for a model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NamedAlias {
    #[schema(value_type = String)]
    alias: ModelName,
    /// The model it means.
    #[schema(value_type = String)]
    model: ModelName,
    /// Another model that is tried on a share of the requests.
    #[schema(value_type = Option<String>)]
    canary: Option<ModelName>,
    /// How many of a hundred requests the canary gets.
    canary_percent: Option<u8>,
}

impl NamedAlias {
    pub(super) fn new(alias: &ModelName, target: &Alias) -> Self {
        let canary = target.canary.as_ref();
        Self {
            alias: alias.clone(),
            model: target.model.clone(),
            canary: canary.map(|canary| canary.model.clone()),
            canary_percent: canary.map(|canary| canary.percent),
        }
    }
}

/// A model, and what was decided about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogueModel)]
pub(super) struct Model {
    /// What requests call it.
    #[schema(value_type = String)]
    name: ModelName,
    /// How far it has come: an object with `stage` `imported`, `proposed` (with `by`, `reason`, `at`), `production` (with
    /// `proposed_by`, `approved_by`, `at`) or `retired`.
    #[schema(value_type = Object)]
    promotion: Stage,
    /// Whether it may serve anybody.
    serves: bool,
    /// The most sensitive content it may be given; null for no ceiling of its own.
    #[schema(value_type = Option<String>)]
    ceiling: Option<Classification>,
    /// The tenants that may use it; null for all.
    #[schema(value_type = Option<Vec<String>>)]
    tenants: Option<Vec<TenantId>>,
    /// Whether a worker is to hold it.
    loaded: bool,
    /// `ready`, `starting`, `restarting`, `failed`, `unloaded`, or `asleep` (let go of because nobody
    /// asked; loaded again when somebody does).
    state: &'static str,
    /// What is wrong, if something is.
    detail: Option<String>,
    /// The aliases that mean it.
    #[schema(value_type = Vec<String>)]
    aliases: Vec<ModelName>,
    /// Counts decisions about it; 0 if there was none.
    version: u64,
    /// Names the weights exactly; the same digest is in every audit record.
    #[schema(value_type = String)]
    weights_sha256: Sha256Digest,
    architecture: String,
    quantisation: String,
    parameters: u64,
    /// The longest prompt plus answer it was made for, in tokens.
    context_length: u32,
    licence: Option<String>,
    /// The imported file's name.
    source: String,
    /// The key that signed the bundle it came in; null if it came as a bare file.
    vouched_by: Option<String>,
    #[schema(value_type = String)]
    imported_at: Timestamp,
    /// Bytes a worker needs for it, at least: `weights` and `context`.
    #[schema(value_type = Object)]
    footprint: Footprint,
    /// Bytes its worker holds now.
    resident_bytes: Option<u64>,
    /// Requests being answered.
    running: usize,
    /// Requests that wait.
    queued: usize,
}

impl Model {
    pub(super) fn new(app: &App, known: &catalogue::Known, model: &catalogue::Model) -> Self {
        let (manifest, listing, engine) = (&model.manifest, model.listing(), &app.config.engine);
        let status: Option<ModelStatus> = app.fleet.models().into_iter().find(|status| status.name == manifest.name);
        let (state, detail, _) = match state(status.as_ref()) {
            _ if app.models.sleeps(&manifest.name) => ("asleep", None, None),
            told => told,
        };
        Self {
            name: manifest.name.clone(),
            promotion: listing.stage.clone(),
            serves: known.serves(model),
            ceiling: listing.ceiling,
            tenants: match &listing.audience {
                Audience::Everyone => None,
                Audience::Only(tenants) => Some(tenants.iter().copied().collect()),
            },
            loaded: listing.loaded,
            state,
            detail,
            aliases: known.aliases_of(&manifest.name).cloned().collect(),
            version: model.kept.version,
            weights_sha256: model.weights,
            architecture: manifest.facts.architecture.clone(),
            quantisation: manifest.facts.quantisation.clone(),
            parameters: manifest.facts.parameters,
            context_length: manifest.facts.context_length,
            licence: manifest.facts.licence.clone(),
            source: manifest.source.file.clone(),
            vouched_by: manifest.vouched_by.clone(),
            imported_at: manifest.imported_at,
            footprint: catalogue::fit::needed(manifest, engine),
            resident_bytes: status.as_ref().and_then(|status| status.resident_bytes),
            running: status.as_ref().map_or(0, |status| status.running),
            queued: status.as_ref().map_or(0, |status| status.queued),
        }
    }
}
