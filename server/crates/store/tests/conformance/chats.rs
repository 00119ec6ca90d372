//! Conversations and messages.

use leeward_store::{Page, StoreError, conflict};

use crate::{
    fixture::{Database, conflict as constraint, conversation, grave, later, message, user},
    on_both,
};

async fn a_conversation_comes_back_unchanged(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut chat = conversation(&ada);
    let (question, mut answer) = (message(&chat, 0), message(&chat, 1));
    (answer.role, answer.model, answer.finish_reason) = ("assistant".into(), Some("demo".into()), Some("stop".into()));
    (answer.prompt_tokens, answer.completion_tokens) = (Some(12), Some(i64::from(u32::MAX)));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.add_message(&answer).await.unwrap();
    write.add_message(&question).await.unwrap();
    write.rename_conversation(ada.id, chat.id, b"\0other").await.unwrap();
    write.touch_conversation(ada.id, chat.id, later(7)).await.unwrap();
    write.commit().await.unwrap();
    (chat.title, chat.updated_at) = (b"\0other".to_vec(), later(7));
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.conversation(ada.id, chat.id).await.unwrap(), Some(chat.clone()));
    assert_eq!(read.messages(chat.id).await.unwrap(), [question, answer]);
}

async fn two_writers_cannot_take_one_position(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let chat = conversation(&ada);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.add_message(&message(&chat, 0)).await.unwrap();
    assert_eq!(constraint(write.add_message(&message(&chat, 0)).await), conflict::MESSAGES_POSITION);
}

async fn deleting_takes_the_messages_along(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let chat = conversation(&ada);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.add_message(&message(&chat, 0)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_conversation(ada.id, chat.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert!(write.messages(chat.id).await.unwrap().is_empty());
    assert!(matches!(write.delete_conversation(ada.id, chat.id, grave()).await, Err(StoreError::NotFound)));
    assert!(matches!(write.add_message(&message(&chat, 1)).await, Err(StoreError::NotFound)));
}

async fn a_colleagues_conversation_is_not_there(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (bob, chat) = (user("bob@acme.example"), conversation(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_user(&bob, None).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    assert_eq!(write.conversation(bob.id, chat.id).await.unwrap(), None);
    assert!(write.conversations(bob.id, Page::first(10)).await.unwrap().is_empty());
    assert!(matches!(write.rename_conversation(bob.id, chat.id, b"x").await, Err(StoreError::NotFound)));
    assert!(matches!(write.touch_conversation(bob.id, chat.id, later(1)).await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_conversation(bob.id, chat.id, grave()).await, Err(StoreError::NotFound)));
    assert_eq!(write.conversation(ada.id, chat.id).await.unwrap(), Some(chat));
}

on_both!(
    a_conversation_comes_back_unchanged,
    two_writers_cannot_take_one_position,
    deleting_takes_the_messages_along,
    a_colleagues_conversation_is_not_there,
);
