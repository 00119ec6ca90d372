//! The emergency account's seal: replaced, used once, another tenant's not there.

use leeward_domain::user::UserKind;
use leeward_store::{BreakGlassSeal, StoreError};

use crate::{
    fixture::{Database, NOW, digest, grave, later, user},
    on_both,
};

async fn a_seal_is_used_once(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let mut account = user("break-glass@acme.invalid");
    account.kind = UserKind::BreakGlass;
    let old = BreakGlassSeal { user: account.id, first: digest("a"), second: digest("b"), sealed_at: NOW };
    let new = BreakGlassSeal { first: digest("c"), second: digest("d"), sealed_at: later(1), ..old };
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.break_glass_user().await.unwrap(), None);
    write.add_user(&account, None).await.unwrap();
    assert_eq!(write.break_glass_seal(account.id).await.unwrap(), None);
    write.set_break_glass_seal(&old).await.unwrap();
    write.set_break_glass_seal(&new).await.unwrap();
    write.commit().await.unwrap();

    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert_eq!(write.break_glass_user().await.unwrap(), None);
    assert_eq!(write.break_glass_seal(account.id).await.unwrap(), None);
    assert!(matches!(write.take_break_glass_seal(&new).await, Err(StoreError::NotFound)));
    let refused = write.set_break_glass_seal(&new).await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    drop(write);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.break_glass_user().await.unwrap(), Some(account.clone()));
    assert_eq!(write.break_glass_seal(account.id).await.unwrap(), Some(new));
    assert!(matches!(write.take_break_glass_seal(&old).await, Err(StoreError::NotFound)));
    write.take_break_glass_seal(&new).await.unwrap();
    assert!(matches!(write.take_break_glass_seal(&new).await, Err(StoreError::NotFound)));
    write.set_break_glass_seal(&old).await.unwrap();
    write.delete_user(account.id, grave()).await.unwrap();
    assert_eq!(write.break_glass_seal(account.id).await.unwrap(), None, "the seal goes with its account");
    write.commit().await.unwrap();
}

on_both!(a_seal_is_used_once);
