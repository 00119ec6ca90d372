//! Legal holds, tombstones, and what has run its time.

use leeward_domain::{
    Holder, Timestamp,
    ids::{AuditId, HoldId},
    residency::Classification,
};
use leeward_store::{Conversation, Grave, Hold, KeptTombstone, Page, StoreError, User};

use crate::{
    fixture::{Database, NOW, conversation, grave, id, later},
    on_both,
};

fn hold(user: &User) -> Hold {
    let (conversation, from, to) = (None, None, None);
    let (model, class, placed) = (None, None, (user.id, NOW));
    Hold { id: id(), reason: "r".into(), user: None, conversation, from, to, model, class, placed, released: None }
}

fn old(user: &User, updated_at: Timestamp) -> Conversation {
    Conversation { created_at: updated_at, updated_at, ..conversation(user) }
}

async fn a_hold_holds_what_fits_all_it_names(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let one = Conversation { class: Classification::Confidential, ..old(&ada, later(10)) };
    let two = Conversation { model: "other".into(), ..old(&ada, later(20)) };
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for chat in [&one, &two] {
        write.add_conversation(chat).await.unwrap();
    }
    write.commit().await.unwrap();
    for (hold, holds_one, holds_two) in [
        (hold(&ada), true, true),
        (Hold { user: Some(ada.id), ..hold(&ada) }, true, true),
        (Hold { user: Some(id()), ..hold(&ada) }, false, false),
        (Hold { conversation: Some(one.id), ..hold(&ada) }, true, false),
        (Hold { from: Some(later(20)), ..hold(&ada) }, false, true),
        (Hold { to: Some(later(20)), ..hold(&ada) }, true, false),
        (Hold { from: Some(later(11)), to: Some(later(20)), ..hold(&ada) }, false, false),
        (Hold { conversation: Some(one.id), from: Some(later(11)), ..hold(&ada) }, false, false),
        (Hold { model: Some("other".into()), ..hold(&ada) }, false, true),
        (Hold { class: Some(Classification::Public), ..hold(&ada) }, true, true),
        (Hold { class: Some(Classification::Internal), ..hold(&ada) }, true, true),
        (Hold { class: Some(Classification::Confidential), ..hold(&ada) }, true, false),
        (Hold { class: Some(Classification::Restricted), ..hold(&ada) }, false, false),
        (Hold { model: Some("other".into()), class: Some(Classification::Confidential), ..hold(&ada) }, false, false),
    ] {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        write.settle_holds().await.unwrap();
        write.add_hold(&hold).await.unwrap();
        assert_eq!(write.holds_in_force().await.unwrap(), 1);
        for (chat, holds) in [(&one, holds_one), (&two, holds_two)] {
            let expected: Vec<HoldId> = if holds { vec![hold.id] } else { Vec::new() };
            assert_eq!(write.holds_on_conversation(chat.id).await.unwrap(), expected, "{hold:?}");
        }
        let on_user = hold.user == Some(ada.id) || holds_one || holds_two;
        assert_eq!(write.holds_on_user(ada.id).await.unwrap().len(), usize::from(on_user), "{hold:?}");
        let expired = write.expire_conversations(later(100), 10).await.unwrap();
        assert_eq!(expired, u64::from(!holds_one) + u64::from(!holds_two), "{hold:?}");
    }
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let placed = Hold { model: Some("m".into()), class: Some(Classification::Restricted), ..hold(&ada) };
    write.add_hold(&placed).await.unwrap();
    write.release_hold(placed.id, ada.id, later(1)).await.unwrap();
    assert_eq!(write.holds_in_force().await.unwrap(), 0);
    assert!(write.holds_on_conversation(one.id).await.unwrap().is_empty());
    let kept = write.holds(Page::first(10)).await.unwrap();
    assert_eq!(kept, [Hold { released: Some((ada.id, later(1))), ..placed.clone() }]);
    assert!(matches!(write.release_hold(placed.id, ada.id, NOW).await, Err(StoreError::NotFound)));
}

async fn the_oldest_go_first_and_no_more_than_asked_for(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let chats: Vec<_> = [30, 10, 20].map(|at| old(&ada, later(at))).into();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for chat in &chats {
        write.add_conversation(chat).await.unwrap();
    }
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    write.add_conversation(&old(&bob, later(1))).await.unwrap();
    write.commit().await.unwrap();

    let left = async || {
        let mut read = db.store.tenant_read(acme.id).await.unwrap();
        read.conversations(ada.id, Page::first(10))
            .await
            .unwrap()
            .iter()
            .map(|chat| chat.updated_at)
            .collect::<Vec<_>>()
    };
    for (limit, expired, remain) in
        [(1, 1, vec![later(30), later(20)]), (10, 1, vec![later(30)]), (10, 0, vec![later(30)])]
    {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        assert_eq!(write.expire_conversations(later(30), limit).await.unwrap(), expired);
        write.commit().await.unwrap();
        assert_eq!(left().await, remain);
    }
    let mut read = db.store.tenant_read(other.id).await.unwrap();
    assert_eq!(read.conversations(bob.id, Page::first(10)).await.unwrap().len(), 1, "another tenant's stays");
}

async fn tombstones_outlive_what_they_are_about(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let chats = [conversation(&ada), conversation(&ada), conversation(&ada)];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for chat in &chats {
        write.add_conversation(chat).await.unwrap();
    }
    write.commit().await.unwrap();
    let [first, rest] = [grave(), Grave { at: later(5), record: id::<AuditId>() }];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_conversation(ada.id, chats[0].id, first).await.unwrap();
    write.delete_user(ada.id, rest).await.unwrap();
    write.commit().await.unwrap();

    let all = db.store.platform_read().await.unwrap().tombstones(0, 10).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.is_sorted_by_key(|stone| stone.seq));
    assert_eq!((all[0].holder, all[0].grave), (Holder::Conversation(chats[0].id), first));
    assert_eq!(db.store.platform_read().await.unwrap().tombstones(all[0].seq, 10).await.unwrap(), all[1..]);
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let acts = read.erasures(Page::first(10)).await.unwrap();
    assert_eq!(acts.iter().map(|act| (act.grave, act.keys)).collect::<Vec<_>>(), [(rest, 2), (first, 1)]);
    assert_eq!(read.erasures(Page::after(rest.record, 10)).await.unwrap(), acts[1..]);
    assert_eq!(read.erased_by(rest.record, 0, 1).await.unwrap(), all[1..2]);
    assert_eq!(read.erased_by(rest.record, all[1].seq, 10).await.unwrap(), all[2..]);
    drop(read);

    // A database that was put back: the key is there again, until its tombstone is.
    let back = conversation(&ada);
    let (other, bob) = db.tenant("other").await;
    let chat = Conversation { user: bob.id, ..back };
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    write.add_conversation(&chat).await.unwrap();
    write.commit().await.unwrap();
    let leeward_store::ConversationKey::Own(key) = &chat.key else { unreachable!() };
    let key = key.id.clone();
    let stone = KeptTombstone { seq: 0, tenant: other.id, holder: Holder::Conversation(chat.id), key, grave: first };
    for new in [true, false] {
        let mut write = db.store.platform_write().await.unwrap();
        assert_eq!(write.put_back_tombstone(&stone).await.unwrap(), new);
        write.commit().await.unwrap();
    }
    let mut read = db.store.tenant_read(other.id).await.unwrap();
    let chat = read.conversation(bob.id, chat.id).await.unwrap().unwrap();
    assert!(matches!(chat.key, leeward_store::ConversationKey::Destroyed(_)), "{chat:?}");
}

on_both!(
    a_hold_holds_what_fits_all_it_names,
    the_oldest_go_first_and_no_more_than_asked_for,
    tombstones_outlive_what_they_are_about,
);
