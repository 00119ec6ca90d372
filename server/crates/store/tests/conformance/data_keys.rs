//! Data keys: they come and go with what they belong to.

use leeward_domain::Holder;
use leeward_store::{ConversationKey, Page, StoreError, conflict};

use crate::{
    fixture::{Database, NOW, conflict as constraint, conversation, data_key, grave, later, message, user},
    on_both,
};

/// How many rows of `data_keys` satisfy a condition.
async fn count(db: &Database, condition: &str) -> u64 {
    let scope = if db.store.backend() == "postgres" { "set leeward.scope = 'platform'; " } else { "" };
    db.raw(&format!("{scope}update data_keys set created_at = created_at where {condition}")).await.unwrap()
}

async fn a_conversation_comes_with_its_key_alone_and_in_lists(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (one, mut two, mut three) = (conversation(&ada), conversation(&ada), conversation(&ada));
    (two.updated_at, three.updated_at) = (later(1), later(2));
    three.key = ConversationKey::Tenants;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for chat in [&one, &two, &three] {
        write.add_conversation(chat).await.unwrap();
    }
    write.commit().await.unwrap();
    let holder = Holder::Conversation(one.id);
    assert_eq!(count(&db, &format!("holder = '{holder}'")).await, 1);
    assert_eq!(count(&db, "true").await, 2);
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.conversation(ada.id, one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(read.conversations(ada.id, Page::first(10)).await.unwrap(), [three, two, one]);
}

async fn a_conversation_has_one_key_and_keeps_it(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut chat = conversation(&ada);
    chat.key = ConversationKey::Tenants;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    let (first, second) = (data_key(), data_key());
    let given = write.ensure_data_key(ada.id, chat.id, first.clone(), NOW).await.unwrap();
    assert_eq!(given, ConversationKey::Own(first));
    assert_eq!(write.ensure_data_key(ada.id, chat.id, second, NOW).await.unwrap(), given, "the first one stays");
    chat.key = given;
    assert_eq!(write.conversation(ada.id, chat.id).await.unwrap(), Some(chat.clone()));
    let stranger = write.ensure_data_key(user("bob@acme.example").id, chat.id, data_key(), NOW).await;
    assert!(matches!(stranger, Err(StoreError::NotFound)), "{stranger:?}");
    write.commit().await.unwrap();
    assert_eq!(count(&db, "true").await, 1);

    // Nor is there room for a second one beside it.
    let scope = if db.store.backend() == "postgres" { "set leeward.scope = 'platform'; " } else { "" };
    db.raw(&format!("{scope}update conversations set data_key = null")).await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let beside = write.ensure_data_key(ada.id, chat.id, data_key(), NOW).await.map(|_| ());
    assert_eq!(constraint(beside), conflict::DATA_KEYS_HOLDER);
}

async fn a_key_goes_with_its_conversation_user_or_tenant(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (bob, theirs) = (user("bob@acme.example"), conversation(&eve));
    let (one, two, bobs) = (conversation(&ada), conversation(&ada), conversation(&bob));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_user(&bob, None).await.unwrap();
    for chat in [&one, &two, &bobs] {
        write.add_conversation(chat).await.unwrap();
    }
    write.add_message(&message(&one, 0)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    write.add_conversation(&theirs).await.unwrap();
    write.commit().await.unwrap();
    // Nobody makes these yet; they must not outlive the person all the same.
    let (scope, tenant) = if db.store.backend() == "postgres" {
        ("set leeward.scope = 'platform'; ", format!("'{}'", acme.id.uuid()))
    } else {
        ("", format!("x'{}'", acme.id.uuid().simple()))
    };
    let at = if db.store.backend() == "postgres" { "now()" } else { "0" };
    let holder = Holder::User(bob.id);
    let values = format!("{tenant}, '0123456789abcdef', '{holder}', tenants.wrapped_key, {at} from tenants limit 1");
    db.raw(&format!("{scope}insert into data_keys select {values}")).await.unwrap();
    assert_eq!(count(&db, "true").await, 5);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_conversation(ada.id, one.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(count(&db, &format!("holder = '{}'", Holder::Conversation(one.id))).await, 0);
    assert_eq!(count(&db, "true").await, 4);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_user(bob.id, grave()).await.unwrap();
    drop(write);
    assert_eq!(count(&db, "true").await, 4, "what was not committed did not happen");
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_user(bob.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(count(&db, "true").await, 2);

    let mut write = db.store.platform_write().await.unwrap();
    write.delete_tenant(acme.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(count(&db, "true").await, 1);
    let mut read = db.store.tenant_read(other.id).await.unwrap();
    assert_eq!(read.conversation(eve.id, theirs.id).await.unwrap(), Some(theirs));
}

/// Whoever deletes waits for whoever gives a key, and takes that key along.
async fn a_key_given_during_a_deletion_does_not_stay(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut chat = conversation(&ada);
    chat.key = ConversationKey::Tenants;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.commit().await.unwrap();
    let mut giving = db.store.tenant_write(acme.id).await.unwrap();
    giving.ensure_data_key(ada.id, chat.id, data_key(), NOW).await.unwrap();
    let deletion = async {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        write.delete_conversation(ada.id, chat.id, grave()).await.unwrap();
        write.commit().await
    };
    let (deleted, given) = tokio::join!(deletion, giving.commit());
    deleted.and(given).unwrap();
    assert_eq!(count(&db, "true").await, 0);
}

async fn of_a_destroyed_key_the_name_remains(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut chat = conversation(&ada);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.commit().await.unwrap();
    let scope = if db.store.backend() == "postgres" { "set leeward.scope = 'platform'; " } else { "" };
    db.raw(&format!("{scope}delete from data_keys")).await.unwrap();
    let ConversationKey::Own(key) = chat.key else { unreachable!("the fixture's have keys") };
    chat.key = ConversationKey::Destroyed(key.id);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.conversation(ada.id, chat.id).await.unwrap(), Some(chat.clone()));
    let given = write.ensure_data_key(ada.id, chat.id, data_key(), NOW).await.unwrap();
    assert_eq!(given, chat.key, "it is not given another one");
}

on_both!(
    a_conversation_comes_with_its_key_alone_and_in_lists,
    a_conversation_has_one_key_and_keeps_it,
    a_key_goes_with_its_conversation_user_or_tenant,
    a_key_given_during_a_deletion_does_not_stay,
    of_a_destroyed_key_the_name_remains,
);
