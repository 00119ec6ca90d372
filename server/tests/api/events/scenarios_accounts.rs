//! Tenants, users, roles, groups and projects: made, changed, deleted, and the attempts that fail.

use reqwest::Method;
use serde_json::json;

use super::scene::{Scene, act, administrator, for_officers, made, robot};
use crate::TestApp;

pub async fn a_tenant_made() -> Scene {
    let app = TestApp::spawn().await;
    let tenant = act(&app, Method::POST, "/api/tenants", json!({"name": "other"}), 201).await;
    Scene::from(app).and(&tenant["id"])
}

pub async fn a_tenant_not_made() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/tenants", json!({"name": "demo"}), 409).await;
    app.into()
}

pub async fn a_tenant_suspended() -> Scene {
    let app = TestApp::spawn().await;
    let tenant = act(&app, Method::POST, "/api/tenants", json!({"name": "other"}), 201).await;
    let path = format!("/api/tenants/{}", tenant["id"].as_str().unwrap());
    act(&app, Method::PATCH, &path, json!({"status": "disabled"}), 200).await;
    Scene::from(app).and(&tenant["id"])
}

pub async fn a_tenant_not_suspended() -> Scene {
    let app = TestApp::spawn().await;
    let path = format!("/api/tenants/{}", app.tenant);
    act(&app, Method::PATCH, &path, json!({"status": "disabled"}), 409).await;
    app.into()
}

pub async fn a_tenant_deleted() -> Scene {
    let app = TestApp::spawn().await;
    let tenant = act(&app, Method::POST, "/api/tenants", json!({"name": "other"}), 201).await;
    let path = format!("/api/tenants/{}", tenant["id"].as_str().unwrap());
    act(&app, Method::PATCH, &path, json!({"status": "disabled"}), 200).await;
    act(&app, Method::DELETE, &format!("{path}?confirm=other"), json!({}), 204).await;
    Scene::from(app).and(&tenant["id"])
}

pub async fn a_user_made() -> Scene {
    let app = TestApp::spawn().await;
    made(&app, "/api/users", robot()).await;
    app.into()
}

pub async fn a_user_not_made() -> Scene {
    let app = TestApp::spawn().await;
    made(&app, "/api/users", robot()).await;
    act(&app, Method::POST, "/api/users", robot(), 409).await;
    app.into()
}

pub async fn a_user_changed() -> Scene {
    let app = TestApp::spawn().await;
    let user = made(&app, "/api/users", robot()).await;
    act(&app, Method::PATCH, &user, json!({"roles": ["auditor"], "status": "disabled"}), 200).await;
    app.into()
}

pub async fn a_user_not_changed() -> Scene {
    let app = TestApp::spawn().await;
    let own = administrator(&app).await;
    act(&app, Method::PATCH, &own, json!({"status": "disabled"}), 409).await;
    app.into()
}

pub async fn a_user_deleted() -> Scene {
    let app = TestApp::spawn().await;
    let user = made(&app, "/api/users", robot()).await;
    act(&app, Method::DELETE, &user, json!({}), 204).await;
    app.into()
}

pub async fn a_user_not_deleted() -> Scene {
    let app = TestApp::spawn().await;
    let own = administrator(&app).await;
    act(&app, Method::DELETE, &own, json!({}), 409).await;
    app.into()
}

/// Made, changed and deleted.
pub async fn roles() -> Scene {
    let app = TestApp::spawn().await;
    let role = made(&app, "/api/roles", json!({"name": "desk", "permissions": ["keys.own"]})).await;
    let wider = json!({"name": "desk", "permissions": ["keys.own", "keys.manage"]});
    act(&app, Method::PUT, &role, wider, 200).await;
    act(&app, Method::DELETE, &role, json!({}), 204).await;
    app.into()
}

pub async fn a_role_not_made() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/roles", json!({"name": " ", "permissions": ["keys.own"]}), 400).await;
    app.into()
}

/// Made, named anew, given a member, deleted.
pub async fn groups() -> Scene {
    let app = TestApp::spawn().await;
    let user = made(&app, "/api/users", robot()).await;
    let group = made(&app, "/api/groups", json!({"name": "grid"})).await;
    act(&app, Method::PATCH, &group, json!({"name": "net", "roles": ["member"]}), 200).await;
    let member = user.replace("/api/users/", &format!("{group}/members/"));
    act(&app, Method::PUT, &member, json!({}), 204).await;
    act(&app, Method::DELETE, &group, json!({}), 204).await;
    app.into()
}

pub async fn a_group_not_made() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/groups", json!({"name": " "}), 400).await;
    app.into()
}

/// Made, named anew, given a member, deleted.
pub async fn projects() -> Scene {
    let app = TestApp::spawn().await;
    let user = made(&app, "/api/users", robot()).await;
    let project = made(&app, "/api/projects", json!({"name": "grid"})).await;
    act(&app, Method::PATCH, &project, json!({"name": "net"}), 200).await;
    let member = user.replace("/api/users/", &format!("{project}/members/"));
    act(&app, Method::PUT, &member, json!({"role": "member"}), 204).await;
    act(&app, Method::DELETE, &project, json!({}), 204).await;
    app.into()
}

pub async fn a_project_not_made() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/projects", json!({"name": " "}), 400).await;
    app.into()
}

pub async fn a_policy_changed() -> Scene {
    let app = for_officers(&[]).await;
    act(&app, Method::PUT, "/api/sign-in-policy", json!({"session_hours": 3}), 200).await;
    app.into()
}

pub async fn a_policy_not_changed() -> Scene {
    let app = for_officers(&[]).await;
    act(&app, Method::PUT, "/api/sign-in-policy", json!({"session_hours": 0}), 400).await;
    app.into()
}
