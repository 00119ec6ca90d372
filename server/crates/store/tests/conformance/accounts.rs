//! Tenants, users, keys and sessions: what goes in comes out, what must be unique is, owners are found.

use leeward_domain::{
    permission::{Role, RoleRef},
    sign_in::Stage,
    tenant::Status,
};
use leeward_store::{Page, SecondFactor, StoreError, conflict};

use crate::{
    fixture::{Database, NOW, api_key, conflict as constraint, digest, id, later, session, tenant, user},
    on_both,
};

async fn tenants_and_users_come_back_unchanged(db: Database) {
    let (tenant, user) = db.tenant("acme").await;
    let mut read = db.store.tenant_read(tenant.id).await.unwrap();
    assert_eq!(read.tenant().await.unwrap(), tenant);
    assert_eq!(read.user(user.id).await.unwrap(), Some(user.clone()));
    assert_eq!(read.password_hash(user.id).await.unwrap().as_deref(), Some("$argon2id$test"));
    drop(read);
    let mut platform = db.store.platform_read().await.unwrap();
    assert_eq!(platform.tenant(tenant.id).await.unwrap(), Some(tenant.clone()));
    assert_eq!(platform.tenant_by_name(&tenant.name).await.unwrap(), Some(tenant));
    assert_eq!(platform.tenant_by_name(&"nobody".parse().unwrap()).await.unwrap(), None);
    assert_eq!(platform.count_tenants().await.unwrap(), 1);
}

async fn users_change(db: Database) {
    let (tenant, mut ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(tenant.id).await.unwrap();
    let role = RoleRef::Custom(id());
    (ada.roles, ada.status) = (vec![Role::Member.into(), role], Status::Disabled);
    (ada.email, ada.external_id) = ("new@acme.example".parse().unwrap(), Some("0123".into()));
    write.update_user(&ada).await.unwrap();
    write.set_password_hash(ada.id, Some("other"), true).await.unwrap();
    write.touch_login(ada.id, later(1)).await.unwrap();
    write.commit().await.unwrap();
    (ada.must_change_password, ada.last_login_at) = (true, Some(later(1)));
    let mut read = db.store.tenant_read(tenant.id).await.unwrap();
    assert_eq!(read.user(ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(read.password_hash(ada.id).await.unwrap().as_deref(), Some("other"));
    drop(read);
    let mut write = db.store.tenant_write(tenant.id).await.unwrap();
    let unknown = user("nobody@acme.example").id;
    assert!(matches!(write.touch_login(unknown, NOW).await, Err(StoreError::NotFound)));
}

/// Each in a transaction of its own: after an error, PostgreSQL's is only good for dropping.
async fn unique_constraints_say_their_names(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut platform = db.store.platform_write().await.unwrap();
    assert_eq!(constraint(platform.add_tenant(&tenant("acme")).await), conflict::TENANTS_NAME);
    drop(platform);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.add_user(&user(ada.email.as_str()), None).await), conflict::USERS_EMAIL);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&api_key(&ada, "ci"), &digest("a")).await.unwrap();
    write.add_session(&session(&ada), &digest("a")).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.add_api_key(&api_key(&ada, "ci"), &digest("b")).await), conflict::API_KEYS_NAME);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let same_secret = write.add_api_key(&api_key(&ada, "other"), &digest("a")).await;
    assert_eq!(constraint(same_secret), conflict::API_KEYS_SECRET_HASH);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.add_session(&session(&ada), &digest("a")).await), conflict::SESSIONS_TOKEN_HASH);
}

async fn a_revoked_keys_name_is_free_again(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut first = api_key(&ada, "ci");
    first.expires_at = Some(later(3600));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&first, &digest("a")).await.unwrap();
    write.touch_api_key(first.id, later(2)).await.unwrap();
    write.revoke_api_key(first.id, later(3)).await.unwrap();
    assert!(matches!(write.revoke_api_key(first.id, later(4)).await, Err(StoreError::NotFound)));
    write.add_api_key(&api_key(&ada, "ci"), &digest("b")).await.unwrap();
    write.commit().await.unwrap();
    (first.last_used_at, first.revoked_at) = (Some(later(2)), Some(later(3)));
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.api_key(first.id).await.unwrap(), Some(first));
    assert_eq!(read.api_keys(Page::first(10)).await.unwrap().len(), 2);
}

async fn credentials_lead_to_their_owners(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    db.tenant("other").await;
    let (key, seat) = (api_key(&ada, "ci"), session(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&key, &digest("key")).await.unwrap();
    write.add_session(&seat, &digest("token")).await.unwrap();
    write.commit().await.unwrap();

    let mut platform = db.store.platform_read().await.unwrap();
    let found = platform.find_api_key(&digest("key")).await.unwrap().unwrap();
    assert_eq!((found.tenant, found.key, found.user), (acme.clone(), key, ada.clone()));
    let found = platform.find_session(&digest("token")).await.unwrap().unwrap();
    assert_eq!((found.tenant, found.session, found.user), (acme, seat, ada));
    assert!(platform.find_api_key(&digest("token")).await.unwrap().is_none());
    assert!(platform.find_session(&digest("key")).await.unwrap().is_none());
}

async fn sessions_are_extended_ended_and_cleared_away(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (kept, ended, old) = (session(&ada), session(&ada), session(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for (row, token) in [(&kept, "kept"), (&ended, "ended"), (&old, "old")] {
        write.add_session(row, &digest(token)).await.unwrap();
    }
    write.touch_session(kept.id, later(5)).await.unwrap();
    write.advance_session(kept.id, Stage::SecondFactor, Some(SecondFactor::Totp), &digest("new")).await.unwrap();
    write.delete_session(ended.id).await.unwrap();
    assert!(matches!(write.delete_session(ended.id).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();

    let mut platform = db.store.platform_write().await.unwrap();
    assert_eq!(platform.delete_expired_sessions(later(100_000)).await.unwrap(), 2);
    drop(platform);
    let mut platform = db.store.platform_write().await.unwrap();
    assert_eq!(platform.delete_expired_sessions(later(0)).await.unwrap(), 0);
    platform.commit().await.unwrap();
    let mut platform = db.store.platform_read().await.unwrap();
    assert!(platform.find_session(&digest("kept")).await.unwrap().is_none(), "the token was replaced");
    let found = platform.find_session(&digest("new")).await.unwrap().unwrap().session;
    assert_eq!((found.stage, found.last_seen_at), (Stage::SecondFactor, later(5)));
    assert_eq!(found.second_factor, Some(SecondFactor::Totp));
    drop(platform);
    assert_eq!(db.store.tenant_read(acme.id).await.unwrap().sessions_of(ada.id).await.unwrap().len(), 2);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.delete_other_sessions(ada.id, kept.id).await.unwrap(), 1);
    assert_eq!(write.delete_sessions_of(ada.id).await.unwrap(), 1);
}

async fn one_address_in_several_tenants(db: Database) {
    let mut tenants = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f"] {
        let (tenant, _) = db.tenant(name).await;
        let mut write = db.store.tenant_write(tenant.id).await.unwrap();
        write.add_user(&user("bob@example.org"), Some(name)).await.unwrap();
        write.commit().await.unwrap();
        tenants.push(tenant);
    }
    let bob = "bob@example.org".parse().unwrap();
    let mut platform = db.store.platform_read().await.unwrap();
    assert_eq!(platform.login_candidates(&bob, None).await.unwrap().len(), 5);
    let only = platform.login_candidates(&bob, Some(&tenants[2].name)).await.unwrap();
    assert_eq!(only.len(), 1);
    assert_eq!((&only[0].tenant, only[0].password_hash.as_str()), (&tenants[2], "c"));
    assert!(platform.login_candidates(&"x@y.z".parse().unwrap(), None).await.unwrap().is_empty());
}

on_both!(
    tenants_and_users_come_back_unchanged,
    users_change,
    unique_constraints_say_their_names,
    a_revoked_keys_name_is_free_again,
    credentials_lead_to_their_owners,
    sessions_are_extended_ended_and_cleared_away,
    one_address_in_several_tenants,
);
