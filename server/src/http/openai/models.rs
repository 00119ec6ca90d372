//! `GET /v1/models` and `GET /v1/models/{id}`.

use actix_web::{HttpResponse, web};
use leeward_domain::model::ModelManifest;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ModelsRead, Permit},
    error::{AppError, Code},
    http::errors::OpenAiError,
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
}

/// OpenAI's list object.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelList {
    /// Always `list`.
    object: &'static str,
    /// The models.
    data: Vec<ModelObject>,
}

impl From<&ModelManifest> for ModelObject {
    fn from(manifest: &ModelManifest) -> Self {
        let created = manifest.imported_at.unix_seconds();
        Self { id: manifest.name.to_string(), object: "model", created, owned_by: "leeward" }
    }
}

/// Lists the models.
#[utoipa::path(get, path = "/v1/models", tag = "inference", responses(
    (status = 200, description = "The models", body = ModelList),
    (status = "4XX", description = "Refused", body = OpenAiError)))]
pub async fn list(app: web::Data<App>, _permit: Permit<ModelsRead>) -> HttpResponse {
    let data = app.catalogue.all().map(ModelObject::from).collect();
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
    _permit: Permit<ModelsRead>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let manifest = name.parse().ok().and_then(|name| app.catalogue.get(&name)).ok_or_else(|| {
        AppError::new(Code::ModelNotFound, "there is no such model; GET /v1/models lists what there is")
    })?;
    Ok(HttpResponse::Ok().json(ModelObject::from(manifest)))
}
