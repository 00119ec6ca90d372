//! Making tenants, users and keys: shared by the console's routes and the command line.
//!
//! The functions work inside the caller's transaction, so that the thing and its audit record are one.

use std::sync::Arc;

use leeward_domain::{
    Ambient, CaptureLevel,
    ids::{TenantId, UserId},
    permission::RoleRef,
    residency::{Place, ResidencyPolicy},
    sign_in::SignInPolicy,
    tenant::{Email, Status, TenantName},
    user::{Origin, UserKind},
};
use leeward_keyring::Keyring;
use leeward_store::{ApiKey, Tenant, User};

use crate::{auth::secret::ApiKeySecret, error::AppError, keys};

/// A tenant to be added, with a key of its own and a policy that allows this appliance's place only.
///
/// # Errors
/// When the keyring cannot wrap the new key.
pub async fn new_tenant(
    ambient: &Ambient,
    keyring: &Arc<Keyring>,
    place: &Place,
    name: TenantName,
) -> Result<Tenant, AppError> {
    let (id, clock): (TenantId, _) = (ambient.mint(), ambient.clone());
    let (_, wrapped_key) = keys::ask(keyring, Some(id), move |keyring| keyring.new_tenant_key(&clock, id)).await?;
    Ok(Tenant {
        id,
        name,
        status: Status::Active,
        policy: ResidencyPolicy::only(place),
        sign_in: SignInPolicy::default(),
        capture: CaptureLevel::default(),
        wrapped_key,
        created_at: ambient.now(),
    })
}

/// A person to be added, who begins with a password that somebody else chose. An empty display name becomes the
/// address's local part.
#[must_use]
pub fn new_user(ambient: &Ambient, email: Email, display_name: Option<String>, roles: Vec<RoleRef>) -> User {
    let local_part = email.as_str().split('@').next().unwrap_or_default().to_owned();
    let display_name = display_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    User {
        id: ambient.mint::<UserId>(),
        email,
        display_name: display_name.unwrap_or(local_part),
        roles,
        status: Status::Active,
        created_at: ambient.now(),
        last_login_at: None,
        kind: UserKind::Person,
        origin: Origin::Local,
        external_id: None,
        must_change_password: true,
        guest_of: None,
    }
}

/// A key to be added that acts as `user`, and its secret.
#[must_use]
pub fn new_key(ambient: &Ambient, user: UserId, name: String) -> (ApiKey, ApiKeySecret) {
    let secret = ApiKeySecret::mint(ambient);
    let key = ApiKey {
        id: ambient.mint(),
        user,
        name,
        prefix: secret.shown_prefix(),
        created_at: ambient.now(),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        scopes: None,
        networks: None,
        successor: None,
        project: None,
    };
    (key, secret)
}
