//! Which roles may be given, and that nobody audits what they administer.

use leeward_domain::permission::{PermissionSet, Role, RoleRef};
use leeward_store::{Tenant, TenantWrite};

use crate::error::{AppError, Code};

/// Refuses roles that no administrator of a tenant may give, that the tenant does not have, or that together
/// would let their holder audit what they administer.
///
/// # Errors
/// `invalid_request` on `roles`, `separation_of_duties`.
pub async fn check(tx: &mut TenantWrite, tenant: &Tenant, roles: &[RoleRef]) -> Result<(), AppError> {
    if roles.is_empty() {
        return Err(AppError::invalid(
            "roles",
            "give at least one role: tenant_admin, security_officer, auditor, member or one of the tenant's own (rol_…)",
        ));
    }
    let custom = tx.custom_roles().await?;
    let mut all = PermissionSet::NONE;
    for role in roles {
        match role {
            RoleRef::Builtin(Role::PlatformOperator) => {
                let detail = "platform_operator is granted at the machine's command line only";
                return Err(AppError::invalid("roles", detail));
            }
            RoleRef::Custom(id) if !custom.iter().any(|known| known.id == *id) => {
                return Err(AppError::invalid("roles", format!("the tenant has no role {id}")));
            }
            _ => {}
        }
        let meaning = |id| custom.iter().find(|known| known.id == id).map(|known| known.permissions);
        all = all.union(role.permissions(meaning));
    }
    separate(all, tenant)
}

/// Refuses a set of permissions whose holder would audit what they administer.
///
/// # Errors
/// `separation_of_duties`.
pub fn separate(permissions: PermissionSet, tenant: &Tenant) -> Result<(), AppError> {
    if permissions.separated(tenant.sign_in.self_audit) == permissions {
        return Ok(());
    }
    Err(AppError::new(
        Code::SeparationOfDuties,
        "together these would let somebody audit what they administer: give audit.read to somebody else, or let a \
         security officer turn on self_audit in the sign-in policy",
    ))
}
