//! `/auth/tenants`, `/auth/switch`: one person in several tenants.
//!
//! People sign in at home. Elsewhere they are guests: users with roles of their own there, without credentials.
//! A guest may act as long as the person may at home.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{TenantId, UserId},
    principal::AuthMethod,
    tenant::{Status, TenantName},
    user::GuestOf,
};
use leeward_ledger::EventCode;
use leeward_store::{PlatformRead, Tenant, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SessionInfo, signed_in};
use crate::{
    app::App,
    auth::{
        Identity,
        break_glass::not_for_emergencies,
        ceremony,
        permit::{Anyone, Permit},
        sign_in::{self, Factors, Proof},
    },
    error::{AppError, Code},
    http::{Body, admin::recorded, errors::Problem},
};

/// The tenants one may act in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Memberships {
    /// Home first.
    items: Vec<Membership>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    #[schema(value_type = String)]
    id: TenantId,
    #[schema(value_type = String)]
    name: TenantName,
    /// Whether one signs in there.
    home: bool,
    /// Whether the session that asks is there.
    current: bool,
}

/// What an administrator of the other tenant handed on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The code.
    invitation: String,
}

/// Where to go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The tenant.
    #[schema(value_type = String)]
    tenant: TenantId,
}

/// Lists the tenants one may act in.
///
/// # Errors
/// 401 when nobody is signed in.
#[utoipa::path(get, path = "/auth/tenants", tag = "auth", responses(
    (status = 200, description = "The tenants", body = Memberships)))]
pub async fn list(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    let mut read = app.store.platform_read().await?;
    let home = home(&permit.identity);
    let rows = reachable(&mut read, home).await?;
    let items = rows.into_iter().map(|(tenant, user)| Membership {
        home: user.guest_of.is_none(),
        current: tenant.id == permit.tenant.id,
        id: tenant.id,
        name: tenant.name,
    });
    Ok(HttpResponse::Ok().json(Memberships { items: items.collect() }))
}

/// Accepts an invitation to another tenant.
///
/// # Errors
/// 400 for a code that is over, 403 for one meant for another address, 409 for one's own tenant.
#[utoipa::path(post, path = "/auth/tenants", tag = "auth", request_body = Acceptance, responses(
    (status = 204, description = "Accepted"),
    (status = 400, description = "The code is over", body = Problem),
    (status = 403, description = "It was meant for another address", body = Problem)))]
pub async fn accept(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    Body(acceptance): Body<Acceptance>,
) -> Result<HttpResponse, AppError> {
    let failure = permit.draft(&app).event(EventCode::GuestRefused);
    recorded(&app, failure, join(&app, &permit, &acceptance.invitation)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn join(app: &App, permit: &Permit<Anyone>, code: &str) -> Result<(), AppError> {
    not_for_emergencies(&permit.identity)?;
    if permit.session.is_none() || permit.user.guest_of.is_some() {
        return Err(AppError::new(Code::Forbidden, "accept invitations signed in at home, in a browser"));
    }
    let (tenant, guest) = ceremony::take_invitation(app, code).await?;
    if tenant == permit.tenant.id {
        return Err(AppError::new(Code::Conflict, "you are a user of this tenant already"));
    }
    let mut tx = app.store.tenant_write(tenant).await?;
    let invited = tx.user(guest).await?.ok_or_else(|| AppError::not_found("invitation", "of this code"))?;
    if invited.email != permit.user.email {
        return Err(AppError::new(Code::Forbidden, "this invitation was meant for another address"));
    }
    let now = app.ambient.now();
    let of = GuestOf { tenant: permit.tenant.id, user: permit.user.id, accepted_at: Some(now) };
    tx.set_guest(guest, of).await?;
    let draft = permit.draft(app);
    // In the inviting tenant's log, and at home.
    let theirs = draft.clone().in_tenant(tenant).on(EventCode::GuestAccepted, "user", guest);
    tx.append_audit(&[theirs]).await?;
    tx.commit().await?;
    app.audit.append(draft.log(), vec![draft.on(EventCode::GuestAccepted, "tenant", tenant)]).await
}

/// Goes on in another tenant one may act in, or back home, in a session of its own.
///
/// # Errors
/// 404 for a tenant one may not act in, 409 when it demands a second factor that was not shown.
#[utoipa::path(post, path = "/auth/switch", tag = "auth", request_body = Switch, responses(
    (status = 200, description = "There; the cookie is set", body = SessionInfo),
    (status = 404, description = "One may not act there", body = Problem),
    (status = 409, description = "It demands a second factor", body = Problem)))]
pub async fn switch(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    Body(switch): Body<Switch>,
) -> Result<HttpResponse, AppError> {
    let Some(session) = permit.session.clone() else {
        return Err(AppError::new(Code::Forbidden, "a key acts in one tenant only"));
    };
    not_for_emergencies(&permit.identity)?;
    let mut read = app.store.platform_read().await?;
    let rows = reachable(&mut read, home(&permit.identity)).await?;
    drop(read);
    let found = rows.into_iter().find(|(tenant, _)| tenant.id == switch.tenant);
    let (tenant, user) = found.ok_or_else(|| AppError::not_found("tenant", switch.tenant))?;
    if tenant.sign_in.second_factor && session.second_factor.is_none() {
        let detail = format!("{} demands a second factor: set one up at home and sign in with it", tenant.name);
        return Err(AppError::new(Code::Conflict, detail));
    }
    let method = AuthMethod::Guest;
    let proof =
        Proof { tenant, user, method, second_factor: session.second_factor, provider: session.provider.clone() };
    let (identity, token) = sign_in::open(&app, &permit.context, proof).await?;
    Ok(signed_in(&app, &identity, &token, Factors::default()))
}

/// Who somebody is at home.
fn home(identity: &Identity) -> (TenantId, UserId) {
    identity.user.guest_of.map_or((identity.tenant.id, identity.user.id), |guest| (guest.tenant, guest.user))
}

/// Home, and the tenants the person is a guest of; those where they may act now.
async fn reachable(
    read: &mut PlatformRead,
    (tenant, user): (TenantId, UserId),
) -> Result<Vec<(Tenant, User)>, AppError> {
    let at_home = read.find_user(tenant, user).await?.map(|home| (home.tenant, home.user));
    let elsewhere = read.memberships(tenant, user).await?;
    let rows = at_home.into_iter().chain(elsewhere);
    Ok(rows.filter(|(tenant, user)| tenant.status == Status::Active && user.status == Status::Active).collect())
}
