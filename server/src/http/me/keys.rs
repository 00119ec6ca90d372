//! `/api/me/keys`: one's own API keys. They never carry more than their owner has.

use actix_web::{HttpResponse, web};

use crate::{
    app::App,
    auth::permit::{KeysOwn, Permit},
    error::AppError,
    http::{
        Body,
        admin::keys::{self, CreatedKey, Key, NewKey, Rotation, Whose},
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// Lists one's own keys, oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/me/keys", tag = "me", params(PageQuery), responses(
    (status = 200, description = "A page of keys", body = Paged<Key>),
    (status = 403, description = "Needs keys.own", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let rows = read.api_keys_of(permit.user.id, leeward_store::Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |key| key.id);
    let items: Vec<Key> = rows.into_iter().map(Key::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a key that acts as oneself.
///
/// # Errors
/// 400 for a bad name, expiry, scope or network, 409 when the name is taken.
#[utoipa::path(post, path = "/api/me/keys", tag = "me", request_body = NewKey, responses(
    (status = 201, description = "Made; the secret is shown this once", body = CreatedKey),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    Body(new): Body<NewKey>,
) -> Result<HttpResponse, AppError> {
    keys::make(&app, &permit, new, Whose::Own, None).await
}

/// Gives one of one's own keys a successor.
///
/// # Errors
/// 404 for anybody else's, 409 when it was replaced already.
#[utoipa::path(post, path = "/api/me/keys/{id}/rotate", tag = "me", params(("id" = String, Path)),
    request_body = Rotation, responses(
    (status = 201, description = "The successor; its secret is shown this once", body = CreatedKey),
    (status = 404, description = "No such key of yours", body = Problem)))]
pub async fn rotate(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    id: web::Path<String>,
    Body(rotation): Body<Rotation>,
) -> Result<HttpResponse, AppError> {
    keys::replace(&app, &permit, &id, rotation, Whose::Own).await
}

/// Revokes one of one's own keys at once.
///
/// # Errors
/// 404 for anybody else's.
#[utoipa::path(delete, path = "/api/me/keys/{id}", tag = "me", params(("id" = String, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "No such key of yours", body = Problem)))]
pub async fn revoke(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    keys::end(&app, &permit, &id, Whose::Own).await
}
