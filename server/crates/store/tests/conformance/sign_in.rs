//! What signing in needs kept: second factors, passkeys, ceremonies, failures, known networks; and groups.

use std::time::Duration;

use leeward_domain::{
    Timestamp,
    ids::UserId,
    permission::{Permission, Role},
};
use leeward_store::{Ceremony, Failures, Group, Page, Passkey, Store, StoreError, conflict};

use crate::{
    fixture::{Database, NOW, conflict as constraint, digest, id, later},
    on_both,
};

async fn a_step_is_taken_once(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.begin_totp(ada.id, b"first", NOW).await.unwrap();
    write.begin_totp(ada.id, b"sealed", NOW).await.unwrap();
    write.commit().await.unwrap();
    let kept = db.store.tenant_read(acme.id).await.unwrap().totp(ada.id).await.unwrap().unwrap();
    assert!(kept.secret == b"sealed" && kept.confirmed_at.is_none() && kept.last_step.is_none());

    let take = async |step: u64| {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        let taken = write.use_totp(ada.id, step, later(1)).await;
        write.commit().await.unwrap();
        taken
    };
    take(100).await.unwrap();
    for step in [100, 99] {
        assert!(matches!(take(step).await, Err(StoreError::NotFound)), "{step}");
    }
    take(101).await.unwrap();
    // Two at the same time: one wins.
    let (one, two) = tokio::join!(race(&db.store, acme.id, ada.id), race(&db.store, acme.id, ada.id));
    assert_eq!(usize::from(one) + usize::from(two), 1);
    let kept = db.store.tenant_read(acme.id).await.unwrap().totp(ada.id).await.unwrap().unwrap();
    assert_eq!((kept.confirmed_at, kept.last_step), (Some(later(1)), Some(102)));

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let again = write.begin_totp(ada.id, b"other", NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "a confirmed one is not replaced");
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_totp(ada.id).await.unwrap();
    assert!(matches!(write.delete_totp(ada.id).await, Err(StoreError::NotFound)));
}

async fn race(store: &Store, tenant: leeward_domain::ids::TenantId, user: UserId) -> bool {
    let mut write = store.tenant_write(tenant).await.unwrap();
    let won = write.use_totp(user, 102, later(1)).await.is_ok();
    write.commit().await.unwrap();
    won
}

async fn a_recovery_code_is_good_once(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.set_recovery_codes(ada.id, &[digest("old")]).await.unwrap();
    write.set_recovery_codes(ada.id, &[digest("a"), digest("b")]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    for user in [ada.id, bob.id] {
        assert!(matches!(write.take_recovery_code(user, &digest("a")).await, Err(StoreError::NotFound)));
    }
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.take_recovery_code(ada.id, &digest("a")).await.unwrap();
    for spent in ["a", "old"] {
        assert!(matches!(write.take_recovery_code(ada.id, &digest(spent)).await, Err(StoreError::NotFound)));
    }
    write.commit().await.unwrap();
    assert_eq!(db.store.tenant_read(acme.id).await.unwrap().recovery_codes_left(ada.id).await.unwrap(), 1);
}

fn passkey(user: UserId, credential_id: &[u8]) -> Passkey {
    Passkey {
        id: id(),
        user,
        credential_id: credential_id.to_vec(),
        credential: b"{}".to_vec(),
        name: "laptop".into(),
        created_at: NOW,
        last_used_at: None,
    }
}

async fn a_passkey_leads_to_its_owner(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let mut key = passkey(ada.id, b"credential");
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_passkey(&key).await.unwrap();
    write.use_passkey(key.id, b"{1}", later(3)).await.unwrap();
    write.commit().await.unwrap();
    (key.credential, key.last_used_at) = (b"{1}".to_vec(), Some(later(3)));
    let found = db.store.platform_read().await.unwrap().find_passkey(b"credential").await.unwrap();
    assert_eq!(found, Some((acme.id, key.clone())));

    // A credential belongs to one user in the whole house.
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    let taken = write.add_passkey(&passkey(bob.id, b"credential")).await;
    assert_eq!(constraint(taken), conflict::PASSKEYS_CREDENTIAL_ID);
    drop(write);
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert!(matches!(write.delete_passkey(ada.id, key.id).await, Err(StoreError::NotFound)));
    assert!(matches!(write.use_passkey(key.id, b"x", NOW).await, Err(StoreError::NotFound)));
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.passkeys(ada.id).await.unwrap(), [key.clone()]);
    write.delete_passkey(ada.id, key.id).await.unwrap();
    assert_eq!(write.delete_passkeys_of(ada.id).await.unwrap(), 0);
}

async fn a_ceremony_is_taken_once(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let ceremony =
        |user, seconds| Ceremony { kind: "test".into(), user, state: b"state".to_vec(), expires_at: later(seconds) };
    let mut write = db.store.platform_write().await.unwrap();
    write.add_ceremony(Some(acme.id), &digest("hers"), &ceremony(Some(ada.id), 60)).await.unwrap();
    write.add_ceremony(None, &digest("anybodys"), &ceremony(None, 60)).await.unwrap();
    write.add_ceremony(None, &digest("old"), &ceremony(None, 1)).await.unwrap();
    write.commit().await.unwrap();
    let take = async |token: &str| {
        let mut write = db.store.platform_write().await.unwrap();
        let taken = write.take_ceremony(&digest(token)).await.unwrap();
        write.commit().await.unwrap();
        taken.map(|(tenant, ceremony)| (tenant, ceremony.user, ceremony.state))
    };
    assert_eq!(take("hers").await, Some((Some(acme.id), Some(ada.id), b"state".to_vec())));
    assert_eq!(take("anybodys").await, Some((None, None, b"state".to_vec())));
    for spent in ["hers", "anybodys", "never"] {
        assert_eq!(take(spent).await, None, "{spent}");
    }
    let mut write = db.store.platform_write().await.unwrap();
    assert_eq!(write.delete_expired_ceremonies(later(30)).await.unwrap(), 1);
}

async fn failures_at_the_same_time_are_all_counted(db: Database) {
    let bucket = digest("bucket");
    let attempts = (0..20).map(|_| async {
        let mut write = db.store.platform_write().await.unwrap();
        let held = write.hold_failures(&bucket, NOW).await.unwrap();
        let counted = Failures { count: held.count + 1, ..held };
        write.set_failures(&bucket, counted, later(60)).await.unwrap();
        write.commit().await.unwrap();
    });
    futures(attempts).await;
    let mut read = db.store.platform_read().await.unwrap();
    assert_eq!(read.failures(&bucket).await.unwrap().unwrap().count, 20);
    assert_eq!(read.failures(&digest("other")).await.unwrap(), None);
    drop(read);
    let mut write = db.store.platform_write().await.unwrap();
    let blocked = Failures { count: 7, first_at: NOW, blocked_until: Some(later(9)) };
    write.set_failures(&bucket, blocked, later(60)).await.unwrap();
    assert_eq!(write.failures(&bucket).await.unwrap(), Some(blocked));
    assert_eq!(write.delete_expired_failures(later(30)).await.unwrap(), 0);
    write.clear_failures(&bucket).await.unwrap();
    assert_eq!(write.failures(&bucket).await.unwrap(), None);
}

async fn futures(work: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = work.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

async fn a_network_is_known_for_a_while(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.keep_network(ada.id, "192.0.2.0/24", NOW).await.unwrap();
    write.keep_network(ada.id, "192.0.2.0/24", later(100)).await.unwrap();
    write.commit().await.unwrap();
    let knows = async |tenant, network: &str, since: Timestamp| {
        db.store.tenant_read(tenant).await.unwrap().knows_network(ada.id, network, since).await.unwrap()
    };
    assert!(knows(acme.id, "192.0.2.0/24", later(100)).await);
    assert!(!knows(acme.id, "192.0.2.0/24", later(101)).await);
    assert!(!knows(acme.id, "198.51.100.0/24", NOW).await);
    assert!(!knows(other.id, "192.0.2.0/24", NOW.minus(Duration::from_secs(1))).await);
}

async fn groups_and_their_members(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let group = |name: &str| Group {
        id: id(),
        name: name.into(),
        external_id: Some(format!("ext {name}")),
        roles: vec![Role::Auditor.into()],
        created_at: NOW,
        updated_at: NOW,
    };
    let (mut keepers, spare) = (group("keepers"), group("spare"));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_group(&keepers).await.unwrap();
    write.add_group(&spare).await.unwrap();
    for _ in 0..2 {
        write.add_group_member(keepers.id, ada.id).await.unwrap();
    }
    keepers.roles = vec![Role::SecurityOfficer.into()];
    write.update_group(&keepers).await.unwrap();
    write.commit().await.unwrap();

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.groups(None, Page::first(10)).await.unwrap(), [keepers.clone(), spare.clone()]);
    assert_eq!(read.groups(Some("spare"), Page::first(10)).await.unwrap(), std::slice::from_ref(&spare));
    assert_eq!((read.count_groups(None).await.unwrap(), read.count_groups(Some("spare")).await.unwrap()), (2, 1));
    assert_eq!(
        read.group_members(keepers.id, Page { after: None, limit: 10 }).await.unwrap(),
        std::slice::from_ref(&ada)
    );
    assert_eq!(read.groups_of(ada.id, Page::first(10)).await.unwrap(), [keepers.clone()]);
    drop(read);
    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(found.grants.permissions.contains(Permission::PolicyManage));

    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert!(write.group(keepers.id).await.unwrap().is_none());
    assert!(matches!(write.update_group(&keepers).await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_group(keepers.id).await, Err(StoreError::NotFound)));
    assert!(write.group_members(keepers.id, Page { after: None, limit: 10 }).await.unwrap().is_empty());
    drop(write);
    // No member of another tenant, no group of another tenant.
    for (tenant, group, user) in [(acme.id, keepers.id, bob.id), (other.id, keepers.id, bob.id)] {
        let mut write = db.store.tenant_write(tenant).await.unwrap();
        assert!(matches!(write.add_group_member(group, user).await, Err(StoreError::NotFound)));
    }
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let mut clash = group("spare");
    clash.external_id = None;
    assert_eq!(constraint(write.add_group(&clash).await), conflict::GROUPS_NAME);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.remove_group_member(keepers.id, ada.id).await.unwrap();
    write.add_group_member(spare.id, ada.id).await.unwrap();
    write.clear_group_members(spare.id).await.unwrap();
    write.delete_group(spare.id).await.unwrap();
    write.commit().await.unwrap();
    let found = db.store.platform_read().await.unwrap().find_user(acme.id, ada.id).await.unwrap().unwrap();
    assert!(!found.grants.permissions.contains(Permission::PolicyManage));
}

on_both!(
    a_step_is_taken_once,
    a_recovery_code_is_good_once,
    a_passkey_leads_to_its_owner,
    a_ceremony_is_taken_once,
    failures_at_the_same_time_are_all_counted,
    a_network_is_known_for_a_while,
    groups_and_their_members,
);
