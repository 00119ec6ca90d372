//! One tenant's ids in another tenant's hands: as if they did not exist.

use leeward_store::{AuditFilter, Page, StoreError};

use crate::{
    fixture::{Database, NOW, api_key, conversation, digest, event, grave, message, session},
    on_both,
};

async fn reads_find_nothing_of_another_tenant(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (key, chat) = (api_key(&ada, "ci"), conversation(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&key, &digest("a")).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.add_message(&message(&chat, 0)).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();

    let mut read = db.store.tenant_read(other.id).await.unwrap();
    assert_eq!(read.tenant().await.unwrap(), other);
    assert_eq!(read.user(ada.id).await.unwrap(), None);
    assert_eq!(read.password_hash(ada.id).await.unwrap(), None);
    assert_eq!(read.users(Page::first(10)).await.unwrap(), [eve]);
    assert_eq!(read.api_key(key.id).await.unwrap(), None);
    assert!(read.api_keys(Page::first(10)).await.unwrap().is_empty());
    assert_eq!(read.conversation(ada.id, chat.id).await.unwrap(), None);
    assert!(read.conversations(ada.id, Page::first(10)).await.unwrap().is_empty());
    assert!(read.messages(chat.id).await.unwrap().is_empty());
    assert!(read.audit(&AuditFilter::default(), None, 10).await.unwrap().entries.is_empty());
    assert!(read.audit_range(0, 10).await.unwrap().is_empty());
    assert_eq!(read.audit_size().await.unwrap(), 0);
    assert!(read.audit_checkpoint().await.unwrap().is_none());
    assert!(read.audit_checkpoints(None, 10).await.unwrap().is_empty());
    assert!(read.audit_tile(0, 0).await.unwrap().is_empty());
    assert!(read.audit_places(None, None).await.unwrap().is_none());
    assert!(read.audit_sinks().await.unwrap().is_empty());
}

async fn writes_touch_nothing_of_another_tenant(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (key, seat, chat) = (api_key(&ada, "ci"), session(&ada), conversation(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&key, &digest("a")).await.unwrap();
    write.add_session(&seat, &digest("s")).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.commit().await.unwrap();

    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert!(matches!(write.update_user(&ada).await, Err(StoreError::NotFound)));
    assert!(matches!(write.set_password_hash(ada.id, Some("x"), false).await, Err(StoreError::NotFound)));
    assert!(matches!(write.revoke_api_key(key.id, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(write.touch_api_key(key.id, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(write.touch_session(seat.id, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_session(seat.id).await, Err(StoreError::NotFound)));
    assert_eq!(write.delete_sessions_of(ada.id).await.unwrap(), 0);
    assert!(matches!(write.rename_conversation(ada.id, chat.id, b"x").await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_conversation(ada.id, chat.id, grave()).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();

    // Nor can a row be hung onto another tenant's.
    for attempt in 0..4 {
        let mut write = db.store.tenant_write(other.id).await.unwrap();
        let refused = match attempt {
            0 => write.add_api_key(&api_key(&ada, "x"), &digest("x")).await,
            1 => write.add_session(&session(&ada), &digest("x")).await,
            2 => write.add_conversation(&conversation(&ada)).await,
            _ => write.add_message(&message(&chat, 0)).await,
        };
        assert!(matches!(refused, Err(StoreError::NotFound)), "{attempt}: {refused:?}");
    }

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.user(ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(read.api_key(key.id).await.unwrap(), Some(key));
    assert_eq!(read.conversation(ada.id, chat.id).await.unwrap(), Some(chat));
    drop(read);
    assert!(eve.id != ada.id);
}

async fn a_tenant_that_does_not_exist_is_empty(db: Database) {
    let nobody = crate::fixture::tenant("nobody").id;
    let mut read = db.store.tenant_read(nobody).await.unwrap();
    assert!(matches!(read.tenant().await, Err(StoreError::NotFound)));
    assert!(read.users(Page::first(10)).await.unwrap().is_empty());
    drop(read);
    let mut write = db.store.tenant_write(nobody).await.unwrap();
    let added = write.add_user(&crate::fixture::user("a@b.c"), None).await;
    assert!(matches!(added, Err(StoreError::NotFound)), "{added:?}");
}

on_both!(
    reads_find_nothing_of_another_tenant,
    writes_touch_nothing_of_another_tenant,
    a_tenant_that_does_not_exist_is_empty,
);
