//! `/api/keys`: API keys of the tenant.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{ApiKeyId, UserId},
    time::Timestamp,
};
use leeward_ledger::EventCode;
use leeward_store::{ApiKey, Page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failed;
use crate::{
    accounts,
    app::App,
    auth::permit::{KeysManage, Permit},
    error::AppError,
    http::{
        Body,
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Key {
    #[schema(value_type = String)]
    id: ApiKeyId,
    /// What people call it.
    name: String,
    /// The first characters of the secret, to recognise it by.
    prefix: String,
    /// Whose roles it acts with.
    #[schema(value_type = String)]
    user: UserId,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    revoked_at: Option<Timestamp>,
    /// Accurate to a minute.
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Timestamp>,
}

impl From<ApiKey> for Key {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            user: key.user,
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What to call it, 1 to 100 characters; unique among the tenant's living keys.
    name: String,
    /// When it stops working; never, if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct CreatedKey {
    /// The key.
    key: Key,
    /// The secret; shown this once.
    secret: String,
}

/// Lists the tenant's keys, oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/keys", tag = "admin", params(PageQuery), responses(
    (status = 200, description = "A page of keys", body = Paged<Key>),
    (status = 403, description = "Needs keys.manage", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<KeysManage>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let keys = app.store.tenant_read(permit.tenant.id).await?.api_keys(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&keys, limit, |key| key.id);
    let items: Vec<Key> = keys.into_iter().map(Key::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a key that acts as the caller.
///
/// # Errors
/// 400 for a bad name or a past expiry, 409 when the name is taken.
#[utoipa::path(post, path = "/api/keys", tag = "admin", request_body = NewKey, responses(
    (status = 201, description = "Made; the secret is shown this once", body = CreatedKey),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<KeysManage>,
    Body(new): Body<NewKey>,
) -> Result<HttpResponse, AppError> {
    let now = app.ambient.now();
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(AppError::invalid("name", "a key's name has 1 to 100 characters"));
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(AppError::invalid("expires_at", "expires_at must be in the future"));
    }
    let (mut key, secret) = accounts::new_key(&app.ambient, permit.user.id, name);
    key.expires_at = new.expires_at;
    let draft = permit.draft(&app);
    let added = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.add_api_key(&key, &secret.hash()).await?;
        tx.append_audit(&[draft.on(EventCode::KeyCreated, "key", key.id)]).await?;
        tx.commit().await
    };
    if let Err(error) = added.await {
        return Err(failed(&app, draft.on(EventCode::KeyCreateFailed, "key", key.id), error.into()).await);
    }
    Ok(HttpResponse::Created().json(CreatedKey { key: key.into(), secret: secret.reveal().to_owned() }))
}

/// Revokes a key at once.
///
/// # Errors
/// 404 when there is no such living key.
#[utoipa::path(delete, path = "/api/keys/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "No such key", body = Problem)))]
pub async fn revoke(
    app: web::Data<App>,
    permit: Permit<KeysManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id: ApiKeyId = id.parse().map_err(|_| AppError::not_found("key", &id))?;
    let draft = permit.draft(&app);
    let revoked = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.revoke_api_key(id, app.ambient.now()).await?;
        tx.append_audit(&[draft.on(EventCode::KeyRevoked, "key", id)]).await?;
        tx.commit().await
    };
    match revoked.await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => {
            let error = match error {
                leeward_store::StoreError::NotFound => AppError::not_found("key", id),
                other => other.into(),
            };
            Err(failed(&app, draft.on(EventCode::KeyRevokeFailed, "key", id), error).await)
        }
    }
}
