//! Intents wait for exactly one outcome.

use std::time::Duration;

use leeward_domain::ids::RequestId;
use leeward_ledger::Phase;
use leeward_store::{Orphans, conflict::AUDIT_OPEN};
use uuid::Uuid;

use crate::{
    audit_append::verify,
    fixture::{Database, NOW, conflict, event, id, later, step},
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
    let mut open = read.open_intents(Uuid::nil(), Orphans::Own, NOW, 10).await.unwrap();
    drop(read);
    open.sort_by_key(|(log, _)| *log);
    assert_eq!(open, [(None, left_in_platform), (tenant, left)]);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&[step(tenant, orphan, Phase::Outcome)]).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(conflict(write.append_audit(&[step(tenant, orphan, Phase::Outcome)]).await), AUDIT_OPEN);
    drop(write);
    assert_eq!(
        db.store.platform_read().await.unwrap().open_intents(Uuid::nil(), Orphans::Own, NOW, 10).await.unwrap().len(),
        1
    );
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
    assert_eq!(
        db.store.platform_read().await.unwrap().open_intents(Uuid::nil(), Orphans::Own, NOW, 10).await.unwrap().len(),
        1
    );
}

/// Intent and outcome may be committed together, as a group commit does.
async fn a_batch_may_hold_both(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (tenant, request) = (Some(acme.id), id::<RequestId>());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let both = [step(tenant, request, Phase::Intent), step(tenant, request, Phase::Outcome)];
    write.append_audit(&both).await.unwrap();
    write.commit().await.unwrap();
    assert!(
        db.store
            .platform_read()
            .await
            .unwrap()
            .open_intents(Uuid::nil(), Orphans::Own, NOW, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

/// What another process has open is its own to end, for as long as it says that it is there.
async fn only_what_nobody_will_end_is_an_orphan(db: Database) {
    let (mine, alive, gone) = (Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(2));
    let (acme, _) = db.tenant("acme").await;
    for (process, present) in [(mine, false), (alive, true), (gone, false)] {
        let store = db.store.clone().with_instance(process);
        let mut write = store.platform_write().await.unwrap();
        if present {
            write.present(NOW, Duration::from_secs(15)).await.unwrap();
        }
        // A lease on something else says nothing.
        write.lease(&format!("sink:{process}"), NOW, Duration::from_secs(900)).await.unwrap();
        write.append_audit_to(Some(acme.id), &[step(Some(acme.id), id(), Phase::Intent)]).await.unwrap();
        write.commit().await.unwrap();
    }
    let mut read = db.store.platform_read().await.unwrap();
    // Right after an outage of the database nobody has been heard of: whoever starts then ends only its own.
    for (whose, at, orphans) in
        [(Orphans::Absent, 1, 1), (Orphans::Own, 1, 1), (Orphans::Absent, 15, 2), (Orphans::Own, 15, 1)]
    {
        let found = read.open_intents(mine, whose, later(at), 10).await.unwrap().len();
        assert_eq!(found, orphans, "{whose:?}, after {at} s");
    }
}

on_both!(
    only_what_nobody_will_end_is_an_orphan,
    orphans_are_found_and_closed_once,
    a_request_cannot_begin_twice,
    another_tenant_cannot_close_it,
    a_batch_may_hold_both,
);
