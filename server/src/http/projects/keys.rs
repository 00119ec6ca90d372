//! `/api/projects/{id}/keys`: API keys that belong to a project and end with their owner's membership.

use actix_web::{HttpResponse, web};
use leeward_domain::ids::ApiKeyId;
use leeward_ledger::EventCode;
use leeward_store::{Page, StoreError};

use super::{parse, standing};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit},
    error::AppError,
    http::{
        Body,
        admin::{
            keys::{self, CreatedKey, Key, NewKey, Whose},
            recorded,
        },
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// Lists a project's keys, oldest first: all for its administrators, one's own for its other members.
///
/// # Errors
/// 404 for a project the caller is not to see.
#[utoipa::path(get, path = "/api/projects/{id}/keys", tag = "projects", params(("id" = String, Path), PageQuery),
    responses(
    (status = 200, description = "A page of keys", body = Paged<Key>),
    (status = 404, description = "No such project", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    id: web::Path<String>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, limit, after) = (parse(&id)?, page.limit()?, page.cursor()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let own = (!standing(&mut read, &permit, id).await?.administers()).then_some(permit.user.id);
    let rows = read.project_keys(id, own, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |key| key.id);
    let items: Vec<Key> = rows.into_iter().map(Key::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a key that acts as the caller, a member of the project, and belongs to it.
///
/// # Errors
/// 400 for a bad name, expiry, scope or network, 404 for a project one is no member of, 409 when the name is taken.
#[utoipa::path(post, path = "/api/projects/{id}/keys", tag = "projects", params(("id" = String, Path)),
    request_body = NewKey, responses(
    (status = 201, description = "Made; the secret is shown this once", body = CreatedKey),
    (status = 400, description = "Malformed", body = Problem),
    (status = 404, description = "No such project, or one is no member", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    id: web::Path<String>,
    Body(new): Body<NewKey>,
) -> Result<HttpResponse, AppError> {
    keys::make(&app, &permit, new, Whose::Own, Some(parse(&id)?)).await
}

/// Revokes a key of the project at once: any for its administrators, one's own for its other members.
///
/// # Errors
/// 404 when the project has no such living key.
#[utoipa::path(delete, path = "/api/projects/{id}/keys/{key_id}", tag = "projects",
    params(("id" = String, Path), ("key_id" = String, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "No such project or key", body = Problem)))]
pub async fn revoke(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    let (project, key) = path.into_inner();
    let missing = || AppError::not_found("key", &key);
    let (project, id) = (parse(&project)?, key.parse::<ApiKeyId>().map_err(|_| missing())?);
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let any = standing(&mut tx, &permit, project).await?.administers();
        let kept = tx.api_key(id).await?.filter(|key| key.project == Some(project));
        kept.filter(|key| any || key.user == permit.user.id).ok_or_else(missing)?;
        tx.revoke_api_key(id, app.ambient.now()).await.map_err(|error| match error {
            StoreError::NotFound => missing(),
            other => other.into(),
        })?;
        tx.append_audit(&[draft.on(EventCode::KeyRevoked, "key", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::KeyRevokeFailed, "key", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}
