//! Intents wait for exactly one outcome.

use leeward_domain::ids::RequestId;
use leeward_ledger::Phase;
use leeward_store::conflict::AUDIT_OPEN;

use crate::{
    audit_append::verify,
    fixture::{Database, conflict, event, id, step},
    on_both,
};

async fn orphans_are_found_and_closed_once(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (done, orphan, platform_orphan) = (id::<RequestId>(), id::<RequestId>(), id::<RequestId>());
    let tenant = Some(acme.id);
    let left = step(tenant, orphan, Phase::Intent);
    let left_in_platform = step(None, platform_orphan, Phase::Intent);
    let mut platform = db.store.platform_write().await.unwrap();
    platform.append_audit(std::slice::from_ref(&left_in_platform)).await.unwrap();
    let mut write = platform.into_tenant(acme.id).await.unwrap();
    write.append_audit(&[step(tenant, done, Phase::Intent), left.clone(), event(tenant)]).await.unwrap();
    write.append_audit(&[step(tenant, done, Phase::Outcome)]).await.unwrap();
    write.commit().await.unwrap();

    let mut read = db.store.platform_read().await.unwrap();
    let mut open = read.open_intents(10).await.unwrap();
    drop(read);
    open.sort_by_key(|(log, _)| *log);
    assert_eq!(open, [(None, left_in_platform), (tenant, left)]);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&[step(tenant, orphan, Phase::Outcome)]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(conflict(write.append_audit(&[step(tenant, orphan, Phase::Outcome)]).await), AUDIT_OPEN);
    drop(write);
    assert_eq!(db.store.platform_read().await.unwrap().open_intents(10).await.unwrap().len(), 1);
    assert_eq!(verify(&db.store, tenant).await.len(), 5);
}

async fn a_request_cannot_begin_twice(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (tenant, request) = (Some(acme.id), id::<RequestId>());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&[step(tenant, request, Phase::Intent)]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(conflict(write.append_audit(&[step(tenant, request, Phase::Intent)]).await), AUDIT_OPEN);
}

async fn another_tenant_cannot_close_it(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let request = id::<RequestId>();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&[step(Some(acme.id), request, Phase::Intent)]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert_eq!(conflict(write.append_audit(&[step(Some(other.id), request, Phase::Outcome)]).await), AUDIT_OPEN);
    drop(write);
    assert_eq!(db.store.platform_read().await.unwrap().open_intents(10).await.unwrap().len(), 1);
}

/// Intent and outcome may be committed together, as a group commit does.
async fn a_batch_may_hold_both(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (tenant, request) = (Some(acme.id), id::<RequestId>());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let both = [step(tenant, request, Phase::Intent), step(tenant, request, Phase::Outcome)];
    write.append_audit(&both).await.unwrap();
    write.commit().await.unwrap();
    assert!(db.store.platform_read().await.unwrap().open_intents(10).await.unwrap().is_empty());
}

on_both!(
    orphans_are_found_and_closed_once,
    a_request_cannot_begin_twice,
    another_tenant_cannot_close_it,
    a_batch_may_hold_both,
);
