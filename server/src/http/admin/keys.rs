//! `/api/keys`: API keys of the tenant; `/api/me/keys` shares what is here.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use ipnet::IpNet;
use leeward_domain::{
    ids::{ApiKeyId, ProjectId, UserId},
    permission::{Permission, PermissionSet},
    time::Timestamp,
    user::UserKind,
};
use leeward_ledger::EventCode;
use leeward_store::{ApiKey, Page, StoreError, TenantWrite};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{changed, name, recorded};
use crate::{
    accounts,
    app::App,
    auth::{
        break_glass::not_for_emergencies,
        permit::{KeysManage, Permit},
    },
    error::{AppError, Code},
    http::{
        Body,
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// Networks one key may name.
const MAX_NETWORKS: usize = 50;
/// The longest overlap of a key and its successor, in hours.
const MAX_OVERLAP_HOURS: u32 = 30 * 24;

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
    /// Accurate to half a minute.
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Timestamp>,
    /// The only permissions of its owner it carries; all of them if null.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<PermissionSet>,
    /// The only networks it works from, in CIDR notation; any if null.
    #[schema(value_type = Option<Vec<String>>)]
    networks: Option<Vec<IpNet>>,
    /// The key that took its place; this one works until it expires.
    #[schema(value_type = Option<String>)]
    successor: Option<ApiKeyId>,
    /// The project it belongs to; it ends when its owner leaves that.
    #[schema(value_type = Option<String>)]
    project: Option<ProjectId>,
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
            scopes: key.scopes,
            networks: key.networks,
            successor: key.successor,
            project: key.project,
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
    /// The only permissions of its owner it is to carry; all of them, if absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<PermissionSet>,
    /// The only networks it is to work from, for example `10.0.0.0/8`; any, if absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    networks: Option<Vec<IpNet>>,
    /// The service account it is to act as; the caller, if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
}

/// How to replace a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Hours that the old key goes on working beside the new one, 0 to 720.
    overlap_hours: u32,
}

/// Whose keys a caller may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The caller's own.
    Own,
    /// Any of the tenant's.
    Any,
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

/// Makes a key that acts as the caller, or as a service account.
///
/// # Errors
/// 400 for a bad name, expiry, scope or network, 404 for no such service account, 409 when the name is taken.
#[utoipa::path(post, path = "/api/keys", tag = "admin", request_body = NewKey, responses(
    (status = 201, description = "Made; the secret is shown this once", body = CreatedKey),
    (status = 400, description = "Malformed", body = Problem),
    (status = 404, description = "No such service account", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<KeysManage>,
    Body(new): Body<NewKey>,
) -> Result<HttpResponse, AppError> {
    make(&app, &permit, new, Whose::Any, None).await
}

/// Gives a key a successor of the same owner, scopes, networks and length of life.
///
/// # Errors
/// 404 when there is no such living key, 409 when it was replaced already.
#[utoipa::path(post, path = "/api/keys/{id}/rotate", tag = "admin", params(("id" = String, Path)),
    request_body = Rotation, responses(
    (status = 201, description = "The successor; its secret is shown this once", body = CreatedKey),
    (status = 404, description = "No such key", body = Problem)))]
pub async fn rotate(
    app: web::Data<App>,
    permit: Permit<KeysManage>,
    id: web::Path<String>,
    Body(rotation): Body<Rotation>,
) -> Result<HttpResponse, AppError> {
    replace(&app, &permit, &id, rotation, Whose::Any).await
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
    end(&app, &permit, &id, Whose::Any).await
}

/// Makes a key, for whoever `whose` allows; in a project only for who is a member of it.
///
/// # Errors
/// As [`create`].
pub async fn make<P>(
    app: &App,
    permit: &Permit<P>,
    new: NewKey,
    whose: Whose,
    project: Option<ProjectId>,
) -> Result<HttpResponse, AppError> {
    let owner = new.user.unwrap_or(permit.user.id);
    let (mut key, secret) = accounts::new_key(&app.ambient, owner, new.name.clone());
    let draft = permit.draft(app);
    let work = async {
        not_for_emergencies(permit)?;
        if permit.limited_key {
            let detail = "a key limited by scopes, networks, expiry or a project makes no keys";
            return Err(AppError::new(Code::Forbidden, detail));
        }
        key.name = name(&new.name)?;
        if new.expires_at.is_some_and(|end| end <= app.ambient.now()) {
            return Err(AppError::invalid("expires_at", "expires_at must be in the future"));
        }
        if new.scopes == Some(PermissionSet::NONE) {
            return Err(AppError::invalid(
                "scopes",
                "a key without a permission is worth nothing; leave scopes out for all",
            ));
        }
        if new.networks.as_ref().is_some_and(|all| all.is_empty() || all.len() > MAX_NETWORKS) {
            let detail = format!("name 1 to {MAX_NETWORKS} networks, or leave networks out for any");
            return Err(AppError::invalid("networks", detail));
        }
        (key.expires_at, key.scopes, key.networks) = (new.expires_at, new.scopes, new.networks);
        key.project = project;
        if owner != permit.user.id {
            let scopes = new.scopes.unwrap_or(PermissionSet::EVERYTHING);
            service_account(app, permit, owner, scopes, whose).await?;
        }
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let mut record = draft.on(EventCode::KeyCreated, "key", key.id);
        record.changes = vec![changed("user", None, Some(owner.to_string()))];
        if let Some(project) = project {
            belongs(&mut tx, permit, project, key.scopes).await?;
            record.changes.push(changed("project", None, Some(project.to_string())));
        }
        tx.add_api_key(&key, &secret.hash()).await.map_err(|error| taken(error, &key.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(key.clone())
    };
    let failure = draft.on(EventCode::KeyCreateFailed, "key", owner);
    let key = recorded(app, failure, work).await?;
    Ok(HttpResponse::Created().json(CreatedKey { key: key.into(), secret: secret.reveal().to_owned() }))
}

/// Replaces a key that `whose` allows.
///
/// # Errors
/// As [`rotate`].
pub async fn replace<P>(
    app: &App,
    permit: &Permit<P>,
    id: &str,
    rotation: Rotation,
    whose: Whose,
) -> Result<HttpResponse, AppError> {
    let id: ApiKeyId = id.parse().map_err(|_| AppError::not_found("key", id))?;
    let draft = permit.draft(app);
    let work = async {
        not_for_emergencies(permit)?;
        if rotation.overlap_hours > MAX_OVERLAP_HOURS {
            let detail = format!("overlap_hours is at most {MAX_OVERLAP_HOURS}");
            return Err(AppError::invalid("overlap_hours", detail));
        }
        // Its own successor carries the same limits; a limited key gets at no other secret.
        if permit.limited_key && permit.principal.api_key != Some(id) {
            return Err(AppError::new(
                Code::Forbidden,
                "a key limited by scopes, networks, expiry or a project rotates only itself",
            ));
        }
        let now = app.ambient.now();
        let mut read = app.store.tenant_read(permit.tenant.id).await?;
        let old = find(read.api_key(id).await?, permit.user.id, whose, id)?;
        drop(read);
        if old.user != permit.user.id {
            let scopes = old.scopes.unwrap_or(PermissionSet::EVERYTHING);
            service_account(app, permit, old.user, scopes, whose).await?;
        }
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if old.successor.is_some() {
            return Err(AppError::new(Code::Conflict, "this key has a successor already; rotate that one"));
        }
        let (mut new, secret) = accounts::new_key(&app.ambient, old.user, old.name.clone());
        (new.scopes, new.networks, new.project) = (old.scopes, old.networks.clone(), old.project);
        // A key made for a time gets a successor for as long, counted from now.
        new.expires_at = old.expires_at.map(|end| now.plus(end.since(old.created_at)));
        let overlap = now.plus(Duration::from_secs(u64::from(rotation.overlap_hours) * 3600));
        let until = old.expires_at.map_or(overlap, |end| end.min(overlap));
        if let Some(project) = old.project {
            // Whoever takes the membership away waits, and finds the successor too.
            tx.hold_project_member(project, old.user).await?.ok_or_else(|| AppError::not_found("key", id))?;
        }
        tx.supersede_api_key(id, new.id, until).await?;
        tx.add_api_key(&new, &secret.hash()).await?;
        let mut record = draft.on(EventCode::KeyRotated, "key", id);
        record.changes = vec![changed("successor", None, Some(new.id.to_string()))];
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(CreatedKey { key: new.into(), secret: secret.reveal().to_owned() })
    };
    let made = recorded(app, draft.on(EventCode::KeyRotateFailed, "key", id), work).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Revokes a key that `whose` allows.
///
/// # Errors
/// As [`revoke`].
pub async fn end<P>(app: &App, permit: &Permit<P>, id: &str, whose: Whose) -> Result<HttpResponse, AppError> {
    let id: ApiKeyId = id.parse().map_err(|_| AppError::not_found("key", id))?;
    let draft = permit.draft(app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        find(tx.api_key(id).await?, permit.user.id, whose, id)?;
        tx.revoke_api_key(id, app.ambient.now()).await?;
        tx.append_audit(&[draft.on(EventCode::KeyRevoked, "key", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(app, draft.on(EventCode::KeyRevokeFailed, "key", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether the caller is a member of the project, which holds until the commit, and has what the key is to carry.
async fn belongs<P>(
    tx: &mut TenantWrite,
    permit: &Permit<P>,
    project: ProjectId,
    scopes: Option<PermissionSet>,
) -> Result<(), AppError> {
    let member = tx.hold_project_member(project, permit.user.id).await?;
    member.ok_or_else(|| AppError::not_found("project", format!("{project} that you are a member of")))?;
    match scopes.and_then(|scopes| scopes.iter().find(|scope| !permit.principal.may(*scope))) {
        Some(beyond) => Err(AppError::invalid("scopes", format!("you do not hold {beyond} yourself"))),
        None => Ok(()),
    }
}

/// Nobody speaks for another person, and nobody through a service account for more than they hold themselves: who
/// makes or rotates a key sees its secret.
async fn service_account<P>(
    app: &App,
    permit: &Permit<P>,
    owner: UserId,
    scopes: PermissionSet,
    whose: Whose,
) -> Result<(), AppError> {
    let found = app.store.platform_read().await?.find_user(permit.tenant.id, owner).await?;
    let found = found.filter(|found| found.user.kind == UserKind::Service && whose == Whose::Any);
    let found = found.ok_or_else(|| AppError::not_found("service account", owner))?;
    let carried = found.grants.permissions.intersection(scopes);
    // Whoever manages users by hand does all that a provisioning system may, and more.
    let holds = |permission| {
        permit.principal.may(permission)
            || (permission == Permission::UsersProvision && permit.principal.may(Permission::UsersManage))
    };
    if let Some(more) = carried.iter().find(|permission| !holds(*permission)) {
        let detail = format!("the key would carry {more}, which you do not hold yourself; limit its scopes");
        return Err(AppError::new(Code::Forbidden, detail));
    }
    Ok(())
}

/// The key, if it lives and the caller may touch it.
fn find(key: Option<ApiKey>, caller: UserId, whose: Whose, id: ApiKeyId) -> Result<ApiKey, AppError> {
    key.filter(|key| key.revoked_at.is_none() && (whose == Whose::Any || key.user == caller))
        .ok_or_else(|| AppError::not_found("key", id))
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, format!("there is a living key {name:?} already")),
        other => other.into(),
    }
}
