//! `GET /api/roles`: the permission table, for people.

use actix_web::HttpResponse;
use leeward_domain::permission::{Permission, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::permit::{Anyone, Permit};

/// The roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// Each with what it may do.
    roles: Vec<RoleRow>,
}

/// One role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleRow {
    /// Its name.
    #[schema(value_type = String)]
    name: Role,
    /// What it may do.
    #[schema(value_type = Vec<String>)]
    permissions: &'static [Permission],
}

/// Lists the roles and their permissions.
#[utoipa::path(get, path = "/api/roles", tag = "admin", responses((status = 200, description = "The table", body = Roles)))]
pub async fn list(_permit: Permit<Anyone>) -> HttpResponse {
    let roles = Role::ALL.into_iter().map(|name| RoleRow { name, permissions: name.permissions() }).collect();
    HttpResponse::Ok().json(Roles { roles })
}
