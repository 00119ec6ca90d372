//! `/api/me/tokens`: access for one's own programs that renews itself and can be ended.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use leeward_domain::{ids::GrantId, permission::PermissionSet, time::Timestamp};
use leeward_ledger::EventCode;
use leeward_store::{GrantKind, Page, TokenGrant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::{
        break_glass::not_for_emergencies,
        permit::{KeysOwn, Permit},
        secret::SessionToken,
    },
    error::{AppError, Code},
    http::{
        Body,
        admin::{name, recorded},
        auth::token::{TokenAnswer, give},
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// What a program was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantRow {
    #[schema(value_type = String)]
    id: GrantId,
    name: String,
    /// What it may at most do; null: what you may.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<PermissionSet>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Timestamp>,
}

impl From<TokenGrant> for GrantRow {
    fn from(grant: TokenGrant) -> Self {
        Self {
            id: grant.id,
            name: grant.name,
            scopes: grant.scopes,
            created_at: grant.created_at,
            expires_at: grant.expires_at,
            last_used_at: grant.last_used_at,
        }
    }
}

/// Access to give to a program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// 1 to 100 characters: what the program is.
    name: String,
    /// What it may at most do; absent: what you may.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<PermissionSet>,
}

/// Lists what one's programs were given.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/me/tokens", tag = "me", params(PageQuery), responses(
    (status = 200, description = "A page of grants", body = Paged<GrantRow>)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let grants = read.grants_of(permit.user.id, GrantKind::Personal, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&grants, limit, |grant| grant.id);
    let now = app.ambient.now();
    let items: Vec<_> = grants.into_iter().filter(|grant| grant.expires_at > now).map(GrantRow::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Gives a program access: an access token, and a refresh token for the next ones. Shown this once.
///
/// # Errors
/// 403 for a key or token: only a person signed in hands on access; 400 for scopes one does not hold.
#[utoipa::path(post, path = "/api/me/tokens", tag = "me", request_body = NewGrant, responses(
    (status = 201, description = "The tokens", body = TokenAnswer),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Sign in first", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    Body(new): Body<NewGrant>,
) -> Result<HttpResponse, AppError> {
    let (id, now): (GrantId, _) = (app.ambient.mint(), app.ambient.now());
    let draft = permit.draft(&app);
    let work = async {
        not_for_emergencies(&permit)?;
        if permit.session.is_none() {
            return Err(AppError::new(Code::Forbidden, "keys and tokens hand on no access; sign in, in a browser"));
        }
        let beyond = new.scopes.and_then(|scopes| scopes.iter().find(|scope| !permit.principal.may(*scope)));
        if let Some(beyond) = beyond {
            return Err(AppError::invalid("scopes", format!("you do not hold {beyond} yourself")));
        }
        let days = app.authenticator.tokens().config().refresh_days;
        let grant = TokenGrant {
            id,
            user: permit.user.id,
            kind: GrantKind::Personal,
            name: name(&new.name)?,
            api_key: None,
            issuer: None,
            subject: None,
            scopes: new.scopes,
            created_at: now,
            expires_at: now.plus(Duration::from_secs(days * 24 * 3600)),
            last_used_at: None,
        };
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.add_grant(&grant).await?;
        give(&app, tx, &draft, permit.tenant.id, grant, Some(SessionToken::mint(&app.ambient))).await
    };
    let answer = recorded(&app, draft.on(EventCode::TokenRefused, "grant", id), work).await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(answer))
}

/// Ends what a program was given, at once.
///
/// # Errors
/// 404 for anybody else's.
#[utoipa::path(delete, path = "/api/me/tokens/{id}", tag = "me", params(("id" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No such grant of yours", body = Problem)))]
pub async fn revoke(
    app: web::Data<App>,
    permit: Permit<KeysOwn>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let not_found = || AppError::not_found("grant", &id);
    let grant: GrantId = id.parse().map_err(|_| not_found())?;
    let found = app.store.platform_read().await?.find_grant(permit.tenant.id, grant).await?;
    found.filter(|found| found.user.id == permit.user.id).ok_or_else(not_found)?;
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    tx.delete_grant(grant).await?;
    tx.append_audit(&[permit.draft(&app).on(EventCode::TokenRevoked, "grant", grant)]).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
