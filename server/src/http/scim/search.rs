//! `…/.search`: a list whose question is too long for an address.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ListQuery, base, groups as rooms, users as people};
use crate::{
    app::App,
    auth::permit::{Permit, UsersProvision},
    error::AppError,
    http::{Body, errors::ScimError},
};

/// The question of a list, as a body.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct SearchRequest {
    /// The only attributes to show.
    attributes: Vec<String>,
    /// The attributes not to show.
    excluded_attributes: Vec<String>,
    /// Which resources; all, if absent.
    filter: Option<String>,
    /// The position of the first one, from 1.
    start_index: Option<i64>,
    /// How many, 0 to 200; 100 by default.
    count: Option<i64>,
}

impl From<SearchRequest> for ListQuery {
    fn from(request: SearchRequest) -> Self {
        Self {
            filter: request.filter,
            start_index: request.start_index,
            count: request.count,
            attributes: Some(request.attributes.join(",")),
            excluded_attributes: Some(request.excluded_attributes.join(",")),
        }
    }
}

/// Looks for users and groups: users first.
///
/// # Errors
/// As for the lists.
#[utoipa::path(post, path = "/scim/v2/.search", tag = "scim",
    request_body(content = SearchRequest, content_type = "application/scim+json"), responses(
    (status = 200, description = "A page of users and groups", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad filter", body = ScimError, content_type = "application/scim+json")))]
pub async fn everything(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    Body(search): Body<SearchRequest>,
) -> Result<HttpResponse, AppError> {
    let (base, mut wanted) = (base(&app, &request), ListQuery::from(search).wanted()?);
    let skip = wanted.skip;
    let mut found = people::find(&app, &permit, &base, &wanted).await?;
    wanted.skip = wanted.skip.saturating_sub(found.total);
    wanted.count -= (found.resources.len() as u64).min(wanted.count);
    let more = rooms::find(&app, &permit, &base, &wanted).await?;
    found.total += more.total;
    found.resources.extend(more.resources);
    Ok(found.respond(skip))
}

/// Looks for users.
///
/// # Errors
/// As for the list.
#[utoipa::path(post, path = "/scim/v2/Users/.search", tag = "scim",
    request_body(content = SearchRequest, content_type = "application/scim+json"), responses(
    (status = 200, description = "A page of users", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad filter", body = ScimError, content_type = "application/scim+json")))]
pub async fn users(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    Body(search): Body<SearchRequest>,
) -> Result<HttpResponse, AppError> {
    let wanted = ListQuery::from(search).wanted()?;
    Ok(people::find(&app, &permit, &base(&app, &request), &wanted).await?.respond(wanted.skip))
}

/// Looks for groups.
///
/// # Errors
/// As for the list.
#[utoipa::path(post, path = "/scim/v2/Groups/.search", tag = "scim",
    request_body(content = SearchRequest, content_type = "application/scim+json"), responses(
    (status = 200, description = "A page of groups", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad filter", body = ScimError, content_type = "application/scim+json")))]
pub async fn groups(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    Body(search): Body<SearchRequest>,
) -> Result<HttpResponse, AppError> {
    let wanted = ListQuery::from(search).wanted()?;
    Ok(rooms::find(&app, &permit, &base(&app, &request), &wanted).await?.respond(wanted.skip))
}
