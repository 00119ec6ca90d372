//! What was decided about models, and aliases.

use leeward_domain::{
    model::listing::{Alias, Audience, Canary, Listing},
    residency::Classification,
    tenant::ModelName,
};
use leeward_store::{KeptListing, StoreError};

use crate::{fixture::Database, on_both};

fn name(text: &str) -> ModelName {
    text.parse().unwrap()
}

async fn of_two_changes_at_once_one_is_kept(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let model = name("demo");
    let read = async || db.store.platform_read().await.unwrap().listing(&model).await.unwrap();
    assert_eq!(read().await, KeptListing::default());
    let first = Listing { ceiling: Some(Classification::Internal), ..Listing::default() };
    let mut write = db.store.platform_write().await.unwrap();
    write.keep_listing(&model, 0, &first).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(read().await, KeptListing { listing: first, version: 1 });

    let second = Listing { audience: Audience::Only([acme.id].into()), loaded: false, ..Listing::default() };
    for late in [0, 7] {
        let mut write = db.store.platform_write().await.unwrap();
        let refused = write.keep_listing(&model, late, &second).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    let mut write = db.store.platform_write().await.unwrap();
    write.keep_listing(&model, 1, &second).await.unwrap();
    write.commit().await.unwrap();
    let all = db.store.platform_read().await.unwrap().listings().await.unwrap();
    assert_eq!(all, [(model.clone(), KeptListing { listing: second, version: 2 })]);
}

async fn an_alias_moves_and_goes(db: Database) {
    let alias = name("default");
    let mut target = Alias { model: name("a"), canary: None };
    for _ in 0..2 {
        let mut write = db.store.platform_write().await.unwrap();
        write.keep_alias(&alias, &target).await.unwrap();
        write.commit().await.unwrap();
        let all = db.store.platform_read().await.unwrap().aliases().await.unwrap();
        assert_eq!(all, [(alias.clone(), target.clone())]);
        target = Alias { model: name("b"), canary: Some(Canary { model: name("c"), percent: 5 }) };
    }
    let mut write = db.store.platform_write().await.unwrap();
    write.delete_alias(&alias).await.unwrap();
    assert!(matches!(write.delete_alias(&alias).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    assert_eq!(db.store.platform_read().await.unwrap().aliases().await.unwrap(), []);
}

on_both!(of_two_changes_at_once_one_is_kept, an_alias_moves_and_goes);
