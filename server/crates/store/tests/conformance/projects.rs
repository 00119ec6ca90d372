//! Projects, their members, and keys that end with a membership.

use leeward_domain::{ids::ProjectId, project::ProjectRole};
use leeward_store::{ApiKey, Page, Project, StoreError, User, conflict};

use crate::{
    fixture::{Database, NOW, api_key, conflict as constraint, digest, grave, id, later, user},
    on_both,
};

fn project(name: &str) -> Project {
    Project { id: id::<ProjectId>(), name: name.into(), created_at: NOW }
}

fn key_of(user: &User, project: &Project, name: &str) -> ApiKey {
    ApiKey { project: Some(project.id), ..api_key(user, name) }
}

async fn projects_are_listed_in_pages_with_the_callers_role(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (alpha, mut beta, gamma) = (project("alpha"), project("beta"), project("gamma"));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for one in [&alpha, &beta, &gamma] {
        write.add_project(one).await.unwrap();
    }
    write.set_project_member(alpha.id, ada.id, ProjectRole::Admin).await.unwrap();
    write.set_project_member(gamma.id, ada.id, ProjectRole::Admin).await.unwrap();
    write.set_project_member(gamma.id, ada.id, ProjectRole::Member).await.unwrap();
    beta.name = "renamed".into();
    write.rename_project(beta.id, "renamed").await.unwrap();
    write.commit().await.unwrap();

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let (first, last) = ((alpha.clone(), Some(ProjectRole::Admin)), (gamma.clone(), Some(ProjectRole::Member)));
    let all = [first.clone(), (beta.clone(), None), last.clone()];
    assert_eq!(read.projects(ada.id, Page::first(10)).await.unwrap(), all);
    let page = Page { after: Some(alpha.id), limit: 1 };
    assert_eq!(read.projects(ada.id, page).await.unwrap(), [(beta.clone(), None)]);
    assert_eq!(read.projects_of(ada.id, Page::first(10)).await.unwrap(), [first, last.clone()]);
    let page = Page { after: Some(alpha.id), limit: 10 };
    assert_eq!(read.projects_of(ada.id, page).await.unwrap(), [last]);
    assert_eq!(read.project(beta.id, ada.id).await.unwrap(), Some((beta.clone(), None)));
    let members = read.project_members(gamma.id, Page::first(10)).await.unwrap();
    assert_eq!(members.iter().map(|one| (one.user.id, one.role)).collect::<Vec<_>>(), [(ada.id, ProjectRole::Member)]);
    assert!(read.project_members(beta.id, Page::first(10)).await.unwrap().is_empty());
    drop(read);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.add_project(&project("renamed")).await), conflict::PROJECTS_NAME);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.rename_project(alpha.id, "gamma").await), conflict::PROJECTS_NAME);
}

async fn a_membership_takes_its_keys_along(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (bob, alpha, beta) = (user("bob@acme.example"), project("alpha"), project("beta"));
    let keys = [key_of(&ada, &alpha, "a"), key_of(&ada, &beta, "b"), key_of(&bob, &alpha, "c"), api_key(&ada, "d")];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_user(&bob, None).await.unwrap();
    for one in [&alpha, &beta] {
        write.add_project(one).await.unwrap();
        write.set_project_member(one.id, ada.id, ProjectRole::Member).await.unwrap();
    }
    for key in &keys {
        write.add_api_key(key, &digest(&key.name)).await.unwrap();
    }
    assert_eq!(write.hold_project_member(alpha.id, ada.id).await.unwrap(), Some(ProjectRole::Member));
    assert_eq!(write.hold_project_member(alpha.id, bob.id).await.unwrap(), None);
    write.commit().await.unwrap();

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let [a, _, c, _] = &keys;
    assert_eq!(read.project_keys(alpha.id, None, Page::first(10)).await.unwrap(), [a.clone(), c.clone()]);
    assert_eq!(read.project_keys(alpha.id, Some(bob.id), Page::first(10)).await.unwrap(), std::slice::from_ref(c));
    drop(read);
    let found = db.store.platform_read().await.unwrap().find_api_key(&digest("a")).await.unwrap().unwrap();
    assert_eq!(found.key.project, Some(alpha.id));

    let living = async || {
        let read = &mut db.store.tenant_read(acme.id).await.unwrap();
        let keys = read.api_keys(Page::first(10)).await.unwrap();
        keys.into_iter().filter(|key| key.revoked_at.is_none()).map(|key| key.name).collect::<Vec<_>>()
    };
    let mark = db.store.security_mark();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.remove_project_member(alpha.id, ada.id, later(1)).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(living().await, ["b", "c", "d"]);
    assert_eq!(db.store.security_mark(), mark + 1, "cached keys are forgotten");
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.delete_project(beta.id, later(2)).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(living().await, ["c", "d"]);
    assert!(db.store.tenant_read(acme.id).await.unwrap().projects_of(ada.id, Page::first(9)).await.unwrap().is_empty());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert!(matches!(write.remove_project_member(alpha.id, ada.id, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_project(beta.id, NOW).await, Err(StoreError::NotFound)));
    write.delete_user(bob.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    // And with the tenant everything goes.
    let mut write = db.store.platform_write().await.unwrap();
    write.delete_tenant(acme.id, grave()).await.unwrap();
    write.commit().await.unwrap();
}

async fn another_tenants_projects_are_not_there(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (alpha, theirs) = (project("alpha"), project("alpha"));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_project(&alpha).await.unwrap();
    write.set_project_member(alpha.id, ada.id, ProjectRole::Admin).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    write.add_project(&theirs).await.unwrap();
    assert_eq!(write.project(alpha.id, eve.id).await.unwrap(), None);
    assert!(write.project_members(alpha.id, Page::first(10)).await.unwrap().is_empty());
    assert_eq!(write.hold_project_member(alpha.id, ada.id).await.unwrap(), None);
    assert!(matches!(write.rename_project(alpha.id, "x").await, Err(StoreError::NotFound)));
    assert!(matches!(write.delete_project(alpha.id, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(write.remove_project_member(alpha.id, ada.id, NOW).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    for (project, user) in [(alpha.id, eve.id), (theirs.id, ada.id)] {
        let mut write = db.store.tenant_write(other.id).await.unwrap();
        let refused = write.set_project_member(project, user, ProjectRole::Admin).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    let kept = db.store.tenant_read(acme.id).await.unwrap().project(alpha.id, ada.id).await.unwrap();
    assert_eq!(kept, Some((alpha, Some(ProjectRole::Admin))));
}

on_both!(
    projects_are_listed_in_pages_with_the_callers_role,
    a_membership_takes_its_keys_along,
    another_tenants_projects_are_not_there,
);
