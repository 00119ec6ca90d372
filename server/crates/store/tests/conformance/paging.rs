//! Pages neither skip nor repeat a row, whatever is written in between.

use leeward_domain::ids::UserId;
use leeward_domain::user::{GuestOf, UserKind};
use leeward_store::{Group, MAX_PAGE, Page, User};

use crate::{
    fixture::{Database, conversation, id, later, tenant, user},
    on_both,
};

async fn users_page_by_page(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut expected = vec![ada.id];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for number in 0..6 {
        let user = user(&format!("u{number}@acme.example"));
        write.add_user(&user, None).await.unwrap();
        expected.push(user.id);
    }
    write.commit().await.unwrap();
    let mut seen: Vec<UserId> = Vec::new();
    loop {
        let mut read = db.store.tenant_read(acme.id).await.unwrap();
        let page = Page { after: seen.last().copied(), limit: 3 };
        let rows = read.users(page).await.unwrap();
        drop(read);
        if rows.is_empty() {
            break;
        }
        assert!(rows.len() <= 3);
        seen.extend(rows.iter().map(|row| row.id));
    }
    assert_eq!(seen, expected);
}

async fn persons_and_groups_by_position(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, bob) = db.tenant("other").await;
    let mut expected = vec![ada.id];
    let mut groups = Vec::new();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for number in 0..4 {
        let person = user(&format!("u{number}@acme.example"));
        write.add_user(&person, None).await.unwrap();
        expected.push(person.id);
        let (name, external_id) = (format!("g{number}"), Some(format!("x{number}")));
        let at = later(number);
        groups.push(Group { id: id(), name, external_id, roles: Vec::new(), created_at: at, updated_at: at });
        write.add_group(groups.last().unwrap()).await.unwrap();
    }
    // Neither a program nor a guest is a person here.
    let robot = User { kind: UserKind::Service, ..user("ci@acme.example") };
    let guest = GuestOf { tenant: other.id, user: bob.id, accepted_at: Some(later(1)) };
    let guest = User { guest_of: Some(guest), ..user("bob@other.example") };
    write.add_user(&robot, None).await.unwrap();
    write.add_user(&guest, None).await.unwrap();
    write.commit().await.unwrap();

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let mut from = async |skip, limit| {
        read.persons_from(skip, limit).await.unwrap().iter().map(|person| person.id).collect::<Vec<_>>()
    };
    assert_eq!(from(0, 10).await, expected);
    assert_eq!(from(1, 2).await, expected[1..3]);
    assert_eq!((from(5, 2).await, from(u64::MAX, 2).await), (vec![], vec![]));
    assert_eq!(read.count_persons().await.unwrap(), 5);
    assert_eq!(read.groups_from(1, 2).await.unwrap(), groups[1..3]);
    assert!(read.groups_from(9, 2).await.unwrap().is_empty());
    assert_eq!(read.group_by_external_id("x2").await.unwrap().as_ref(), Some(&groups[2]));
    assert_eq!(read.group_by_external_id("x9").await.unwrap(), None);
    drop(read);
    let mut read = db.store.tenant_read(other.id).await.unwrap();
    assert_eq!(read.count_persons().await.unwrap(), 1);
    assert_eq!(read.group_by_external_id("x2").await.unwrap(), None);
}

async fn tenants_page_by_page_and_limits_hold(db: Database) {
    let mut write = db.store.platform_write().await.unwrap();
    for number in 0..5 {
        write.add_tenant(&tenant(&format!("t{number}"))).await.unwrap();
    }
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    let first = read.tenants(Page::first(2)).await.unwrap();
    let rest = read.tenants(Page::after(first[1].id, u32::MAX)).await.unwrap();
    let names: Vec<_> = first.iter().chain(&rest).map(|tenant| tenant.name.to_string()).collect();
    assert_eq!(names, ["t0", "t1", "t2", "t3", "t4"]);
    assert_eq!(read.tenants(Page::first(0)).await.unwrap().len(), 1);
    const { assert!(MAX_PAGE >= 100) };
}

async fn conversations_move_without_being_shown_twice(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut chats = Vec::new();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for number in 0..6 {
        let mut chat = conversation(&ada);
        // Two share each instant, so that the id decides.
        chat.updated_at = later(number / 2);
        write.add_conversation(&chat).await.unwrap();
        chats.push(chat);
    }
    write.commit().await.unwrap();
    chats.reverse();

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let first = write.conversations(ada.id, Page::first(3)).await.unwrap();
    assert_eq!(first, chats[..3]);
    // The oldest jumps to the top after the first page was read: it is gone from the rest, nothing shifts.
    write.touch_conversation(ada.id, chats[5].id, later(100)).await.unwrap();
    let cursor = (first[2].updated_at, first[2].id);
    assert_eq!(write.conversations(ada.id, Page::after(cursor, 10)).await.unwrap(), chats[3..5]);
    write.commit().await.unwrap();
}

on_both!(
    users_page_by_page,
    persons_and_groups_by_position,
    tenants_page_by_page_and_limits_hold,
    conversations_move_without_being_shown_twice,
);
