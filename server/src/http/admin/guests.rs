//! `POST /api/guests`: inviting somebody who signs in at another tenant.
//!
//! The administrator hands on a code; nobody learns from us who is a user of which tenant. Whoever takes the code
//! must be signed in under the invited address (`http::auth::tenants`).

use actix_web::{HttpResponse, web};
use leeward_domain::{permission::RoleRef, tenant::Email};
use leeward_ledger::EventCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{recorded, users};
use crate::{
    accounts,
    app::App,
    auth::{
        ceremony::{self, Kind},
        permit::{Permit, UsersManage},
    },
    error::AppError,
    http::{Body, errors::Problem},
};

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuest {
    /// The address they sign in with at home.
    #[schema(value_type = String)]
    email: Email,
    /// The name for people.
    #[serde(default)]
    display_name: Option<String>,
    /// What they will hold here.
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
}

/// Somebody who was invited.
#[derive(Serialize, ToSchema)]
pub struct Invited {
    /// Who they will be here; until they accept they can do nothing.
    user: users::User,
    /// To be handed on; good for seven days, once. Shown this once.
    invitation: String,
}

/// Invites a guest.
///
/// # Errors
/// 400 for no or foreign roles, 409 when the address is taken in this tenant or duties would mix.
#[utoipa::path(post, path = "/api/guests", tag = "admin", request_body = NewGuest, responses(
    (status = 201, description = "Invited; the code is shown this once", body = Invited),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The address is taken, or duties would mix", body = Problem)))]
pub async fn invite(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    Body(new): Body<NewGuest>,
) -> Result<HttpResponse, AppError> {
    let mut user = accounts::new_user(&app.ambient, new.email, new.display_name, new.roles);
    user.must_change_password = false;
    let failure = permit.draft(&app).on(EventCode::UserCreateFailed, "user", user.id);
    let work = async {
        users::add(&app, &permit, &user, None).await?;
        ceremony::keep(&app, Kind::Invitation, &permit.tenant, user.id, &[]).await
    };
    let invitation = recorded(&app, failure, work).await?;
    Ok(HttpResponse::Created().json(Invited { user: user.into(), invitation }))
}
