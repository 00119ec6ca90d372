//! `/api/residency-policy`: where the tenant's content may be, how that came about, and how it changes.
//!
//! Nobody changes the policy alone: one person proposes, another approves, both signed in at a browser, and it comes
//! into force at its date ([`crate::residency`]). Left out: how people sign in, which is `/api/sign-in-policy`.

pub mod attest;
pub mod proposals;
pub mod trial;
mod view;

use actix_web::{HttpResponse, web};
use leeward_store::Page;

use self::view::{InForce, Version};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit, PolicyRead},
    error::AppError,
    http::{
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// Tells the policy in force; everybody it binds may know it.
///
/// # Errors
/// 401 when nobody is signed in.
#[utoipa::path(get, path = "/api/residency-policy", tag = "residency", responses(
    (status = 200, description = "The policy in force", body = InForce)))]
pub async fn get(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    let newest = app.store.tenant_read(permit.tenant.id).await?.policy_versions(Page::first(1)).await?;
    let enacted = newest.into_iter().next().and_then(|version| version.enacted);
    // What is cached may be older by less than a second: then it is not yet known since when.
    let since = enacted.filter(|enacted| enacted.policy == permit.tenant.policy).map(|enacted| enacted.enacted_at);
    Ok(HttpResponse::Ok().json(InForce::new(&permit.tenant.policy, since, &app.place)))
}

/// Lists the policies there have been, the newest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/residency-policy/history", tag = "residency", params(PageQuery), responses(
    (status = 200, description = "A page of policies", body = Paged<Version>),
    (status = 403, description = "Needs policy.read", body = Problem)))]
pub async fn history(
    app: web::Data<App>,
    permit: Permit<PolicyRead>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor::<u32>()?);
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let rows = tx.policy_versions(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| row.policy.version);
    let mut items: Vec<Version> = rows.into_iter().map(Version::from).collect();
    if items.is_empty() && after.is_none() {
        items.push(Version::first(tx.tenant().await?.policy));
    }
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}
