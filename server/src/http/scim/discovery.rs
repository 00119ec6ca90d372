//! What the service offers: `/scim/v2/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use leeward_identity::scim::{GROUP, RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG, Schema, USER};
use serde_json::{Value, json};

use super::{Found, MAX_RESULTS, base, respond};
use crate::{
    app::App,
    auth::permit::{Permit, UsersProvision},
    error::AppError,
    http::errors::ScimError,
};

// The last three describe discovery itself.
const SCHEMAS: &[&Schema] = &[&USER, &GROUP, &SERVICE_PROVIDER_CONFIG, &RESOURCE_TYPE, &SCHEMA];

/// Tells what of the protocol is offered.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/scim/v2/ServiceProviderConfig", tag = "scim", responses(
    (status = 200, description = "What is offered", body = Value, content_type = "application/scim+json")))]
pub async fn config(
    app: web::Data<App>,
    _permit: Permit<UsersProvision>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let offered = |is: bool| json!({"supported": is});
    let document = json!({
        "schemas": [SERVICE_PROVIDER_CONFIG.urn],
        "patch": offered(true),
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": MAX_RESULTS},
        "changePassword": offered(false),
        "sort": offered(false),
        "etag": offered(false),
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "An API key of a service account with the role provisioner, as a bearer token.",
            "primary": true,
        }],
        "meta": {
            "resourceType": SERVICE_PROVIDER_CONFIG.name,
            "location": format!("{}/ServiceProviderConfig", base(&app, &request)),
        },
    });
    Ok(respond(StatusCode::OK, &document))
}

/// Lists the kinds of resources.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/scim/v2/ResourceTypes", tag = "scim", responses(
    (status = 200, description = "The kinds of resources", body = Value, content_type = "application/scim+json")))]
pub async fn resource_types(
    app: web::Data<App>,
    _permit: Permit<UsersProvision>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    Ok(all(types(&base(&app, &request))))
}

/// Tells of one kind of resource.
///
/// # Errors
/// 404 for any other.
#[utoipa::path(get, path = "/scim/v2/ResourceTypes/{id}", tag = "scim", params(("id" = String, Path)), responses(
    (status = 200, description = "The kind", body = Value, content_type = "application/scim+json"),
    (status = 404, description = "No such kind", body = ScimError, content_type = "application/scim+json")))]
pub async fn resource_type(
    app: web::Data<App>,
    _permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    one(types(&base(&app, &request)), "resource type", &id)
}

/// Lists the schemas.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/scim/v2/Schemas", tag = "scim", responses(
    (status = 200, description = "The schemas", body = Value, content_type = "application/scim+json")))]
pub async fn schemas(
    app: web::Data<App>,
    _permit: Permit<UsersProvision>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    Ok(all(documents(&base(&app, &request))))
}

/// Tells of one schema.
///
/// # Errors
/// 404 for any other.
#[utoipa::path(get, path = "/scim/v2/Schemas/{id}", tag = "scim", params(("id" = String, Path)), responses(
    (status = 200, description = "The schema", body = Value, content_type = "application/scim+json"),
    (status = 404, description = "No such schema", body = ScimError, content_type = "application/scim+json")))]
pub async fn schema(
    app: web::Data<App>,
    _permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    one(documents(&base(&app, &request)), "schema", &id)
}

fn types(base: &str) -> Vec<Value> {
    let describe = |schema: &Schema, endpoint: &str| {
        json!({
            "schemas": [RESOURCE_TYPE.urn],
            "id": schema.name,
            "name": schema.name,
            "endpoint": endpoint,
            "schema": schema.urn,
            "meta": {"resourceType": RESOURCE_TYPE.name, "location": format!("{base}/ResourceTypes/{}", schema.name)},
        })
    };
    vec![describe(&USER, "/Users"), describe(&GROUP, "/Groups")]
}

fn documents(base: &str) -> Vec<Value> {
    let describe = |schema: &&Schema| {
        let mut document = schema.document();
        document["meta"] = json!({"resourceType": SCHEMA.name, "location": format!("{base}/Schemas/{}", schema.urn)});
        document
    };
    SCHEMAS.iter().map(describe).collect()
}

fn all(resources: Vec<Value>) -> HttpResponse {
    Found { total: resources.len() as u64, resources }.respond(0)
}

fn one(resources: Vec<Value>, kind: &str, id: &str) -> Result<HttpResponse, AppError> {
    let found = resources.iter().find(|resource| resource["id"] == id);
    found.map(|found| respond(StatusCode::OK, found)).ok_or_else(|| AppError::not_found(kind, id))
}
