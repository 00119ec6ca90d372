//! `GET /v1/models` and `GET /v1/models/{id}`.

use actix_web::{HttpResponse, web};
use leeward_domain::tenant::ModelName;
use leeward_fleet::ModelStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ModelsRead, Permit},
    catalogue::Model,
    error::{AppError, Code},
    http::{
        capabilities::{self, Told},
        errors::OpenAiError,
    },
};

/// OpenAI's model object.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelObject {
    /// What requests call it.
    id: String,
    /// Always `model`.
    object: &'static str,
    /// When it was imported, in Unix seconds.
    created: i64,
    /// Always `leeward`.
    owned_by: &'static str,
    /// The longest prompt plus answer in tokens, once it is loaded; vLLM's name.
    max_model_len: Option<u32>,
    /// `completion`, `tools`, `thinking`, `embedding`, once it is loaded; Ollama's names.
    #[schema(value_type = Option<Vec<String>>)]
    capabilities: Option<Vec<&'static str>>,
}

/// OpenAI's list object.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelList {
    /// Always `list`.
    object: &'static str,
    /// The models.
    data: Vec<ModelObject>,
}

impl ModelObject {
    /// `model` as `name`: its own, or an alias.
    fn new(app: &App, statuses: &[ModelStatus], name: &ModelName, model: &Model) -> Self {
        let created = model.manifest.imported_at.unix_seconds();
        let Told { capabilities, context_length } = capabilities::of(app, statuses, &model.manifest.name);
        let (id, max_model_len) = (name.to_string(), context_length);
        Self { id, object: "model", created, owned_by: "leeward", max_model_len, capabilities }
    }
}

/// Lists the models that the tenant may use, and the aliases of such.
#[utoipa::path(get, path = "/v1/models", tag = "inference", responses(
    (status = 200, description = "The models", body = ModelList),
    (status = "4XX", description = "Refused", body = OpenAiError)))]
pub async fn list(app: web::Data<App>, permit: Permit<ModelsRead>) -> HttpResponse {
    let (known, tenant) = (app.catalogue.known(), permit.tenant.id);
    let statuses = app.fleet.models();
    let models = known.of_tenant(tenant).map(|model| ModelObject::new(&app, &statuses, &model.manifest.name, model));
    // A canary is no other model to those who ask for the alias.
    let aliases = known.aliases().filter_map(|(alias, target)| {
        let model = known.get(&target.model).filter(|model| known.serves_tenant(model, tenant))?;
        Some(ModelObject::new(&app, &statuses, alias, model))
    });
    let data = models.chain(aliases).collect();
    HttpResponse::Ok().json(ModelList { object: "list", data })
}

/// Tells about one model.
///
/// # Errors
/// 404 `model_not_found`.
#[utoipa::path(get, path = "/v1/models/{id}", tag = "inference",
    params(("id" = String, Path, description = "The model's name")), responses(
    (status = 200, description = "The model", body = ModelObject),
    (status = 404, description = "No such model", body = OpenAiError)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<ModelsRead>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let missing = || AppError::new(Code::ModelNotFound, "there is no such model; GET /v1/models lists what there is");
    let known = app.catalogue.known();
    let name: ModelName = name.parse().map_err(|_| missing())?;
    let model = known.resolve(&name, permit.tenant.id, 99).ok_or_else(missing)?;
    Ok(HttpResponse::Ok().json(ModelObject::new(&app, &app.fleet.models(), &name, model)))
}
