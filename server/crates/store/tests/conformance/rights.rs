//! Who may do what, as the look-ups tell it: roles through groups, roles of the tenant's own, guests, the epoch.

use leeward_domain::{
    ids::GroupId,
    permission::{Permission, PermissionSet, Role, RoleRef},
    user::GuestOf,
};
use leeward_store::{CustomRole, StoreError, conflict};

use crate::{
    fixture::{Database, NOW, api_key, conflict as constraint, digest, grave, id, later, session, user},
    on_both,
};

fn role(name: &str, permissions: &[Permission]) -> CustomRole {
    CustomRole { id: id(), name: name.into(), permissions: permissions.iter().copied().collect(), created_at: NOW }
}

async fn a_tenants_own_roles_mean_what_it_says(db: Database) {
    let (acme, mut ada) = db.tenant("acme").await;
    let (mut helpdesk, other) = (role("helpdesk", &[Permission::UsersManage]), role("other", &[]));
    ada.roles = vec![Role::Member.into(), RoleRef::Custom(helpdesk.id)];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_role(&helpdesk).await.unwrap();
    write.add_role(&other).await.unwrap();
    write.update_user(&ada).await.unwrap();
    write.commit().await.unwrap();

    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(found.grants.permissions.contains(Permission::UsersManage));
    assert!(found.grants.permissions.contains(Permission::ChatUse));
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.custom_roles().await.unwrap(), vec![helpdesk.clone(), other.clone()]);
    assert!(read.role_is_held(helpdesk.id).await.unwrap());
    assert!(!read.role_is_held(other.id).await.unwrap());
    drop(read);

    helpdesk.permissions = PermissionSet::NONE.with(Permission::KeysManage);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.update_role(&helpdesk).await.unwrap();
    write.commit().await.unwrap();
    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(found.grants.permissions.contains(Permission::KeysManage));
    assert!(!found.grants.permissions.contains(Permission::UsersManage));

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.add_role(&role("helpdesk", &[])).await), conflict::ROLES_NAME);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_role(helpdesk.id).await.unwrap();
    assert!(matches!(write.delete_role(helpdesk.id).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(!found.grants.permissions.contains(Permission::KeysManage), "a role nobody knows holds nothing");
}

async fn roles_come_through_groups(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let group: GroupId = id();
    let (tenant, member) = (hex(acme.id.uuid().as_bytes(), &db), hex(ada.id.uuid().as_bytes(), &db));
    let group = hex(group.uuid().as_bytes(), &db);
    let at = if db.store.backend() == "sqlite" { "0" } else { "now()" };
    let sql = format!(
        "insert into groups (tenant_id, id, name, roles, created_at, updated_at) \
         values ({tenant}, {group}, 'g', '[\"security_officer\"]', {at}, {at}); \
         insert into group_members (tenant_id, group_id, user_id) values ({tenant}, {group}, {member})"
    );
    let scope = if db.store.backend() == "sqlite" { "" } else { "set leeward.scope = 'platform'; " };
    db.raw(&format!("{scope}{sql}")).await.unwrap();
    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(found.grants.roles.contains(&Role::SecurityOfficer.into()));
    assert!(found.grants.permissions.contains(Permission::PolicyManage));
    assert_eq!(found.user.roles, ada.roles, "what is held directly stays apart");
}

fn hex(bytes: &[u8], db: &Database) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if db.store.backend() == "sqlite" { format!("x'{digits}'") } else { format!("'{digits}'::uuid") }
}

async fn the_epoch_moves_with_rights_and_with_nothing_else(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let epoch = async || db.store.platform_read().await.unwrap().security_epoch().await.unwrap();
    let (before, mark) = (epoch().await, db.store.security_mark());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let seat = session(&ada);
    write.add_session(&seat, &digest("t")).await.unwrap();
    write.touch_login(ada.id, later(1)).await.unwrap();
    write.touch_session(seat.id, later(1)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!((epoch().await, db.store.security_mark()), (before, mark));

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_session(seat.id).await.unwrap();
    drop(write);
    assert_eq!((epoch().await, db.store.security_mark()), (before, mark), "what never happened moves nothing");

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_session(seat.id).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!((epoch().await, db.store.security_mark()), (before + 1, mark + 1));
}

async fn a_deleted_user_leaves_nothing_behind(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&api_key(&ada, "ci"), &digest("key")).await.unwrap();
    write.add_session(&session(&ada), &digest("token")).await.unwrap();
    write.add_conversation(&crate::fixture::conversation(&ada)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_user(ada.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    let mut platform = db.store.platform_read().await.unwrap();
    assert!(platform.find_api_key(&digest("key")).await.unwrap().is_none());
    assert!(platform.find_session(&digest("token")).await.unwrap().is_none());
    assert!(platform.find_user(acme.id, ada.id).await.unwrap().is_none());
}

async fn a_deleted_tenant_leaves_nothing_but_its_log(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&api_key(&ada, "ci"), &digest("key")).await.unwrap();
    write.add_session(&session(&ada), &digest("token")).await.unwrap();
    write.append_audit(&[crate::fixture::event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.platform_write().await.unwrap();
    write.delete_tenant(acme.id, grave()).await.unwrap();
    assert!(matches!(write.delete_tenant(acme.id, grave()).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    let mut platform = db.store.platform_read().await.unwrap();
    assert!(platform.tenant(acme.id).await.unwrap().is_none());
    assert!(platform.find_user(acme.id, ada.id).await.unwrap().is_none());
    assert!(platform.find_user(other.id, bob.id).await.unwrap().is_some());
}

async fn guests_are_found_from_home(db: Database) {
    let (home, ada) = db.tenant("home").await;
    let (away, _) = db.tenant("away").await;
    let mut guest = user("ada@home.example");
    guest.guest_of = Some(GuestOf { tenant: home.id, user: ada.id, accepted_at: None });
    let mut write = db.store.tenant_write(away.id).await.unwrap();
    write.add_user(&guest, None).await.unwrap();
    write.commit().await.unwrap();
    guest.guest_of = Some(GuestOf { accepted_at: Some(later(5)), ..guest.guest_of.unwrap() });
    let mut write = db.store.tenant_write(away.id).await.unwrap();
    write.update_user(&guest).await.unwrap();
    write.commit().await.unwrap();
    let found = db.store.platform_read().await.unwrap().memberships(home.id, ada.id).await.unwrap();
    assert_eq!(found.into_iter().map(|(tenant, user)| (tenant.id, user)).collect::<Vec<_>>(), [(away.id, guest)]);
}

on_both!(
    a_tenants_own_roles_mean_what_it_says,
    roles_come_through_groups,
    the_epoch_moves_with_rights_and_with_nothing_else,
    a_deleted_user_leaves_nothing_behind,
    a_deleted_tenant_leaves_nothing_but_its_log,
    guests_are_found_from_home,
);
