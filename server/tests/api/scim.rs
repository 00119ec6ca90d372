//! SCIM: what a provisioning system asks and gets. Its power and the ends of it are in `scim_power`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A provisioning system.
pub struct Scim<'a> {
    app: &'a TestApp,
    pub id: String,
    key: String,
}

impl<'a> Scim<'a> {
    pub async fn of(app: &'a TestApp) -> Self {
        let account = json!({"email": "scim@demo.example", "roles": ["provisioner"], "kind": "service"});
        let (status, made) = app.post("/api/users", &account).await;
        assert_eq!(status, 201, "{made}");
        let id = made["user"]["id"].as_str().unwrap().to_owned();
        let (status, key) = app.post("/api/keys", &json!({"name": "scim", "user": id})).await;
        assert_eq!(status, 201, "{key}");
        Self { app, id, key: key["secret"].as_str().unwrap().to_owned() }
    }

    pub async fn send(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self.app.http.request(method, format!("{}/scim/v2{path}", self.app.url)).bearer_auth(&self.key);
        let response = request.header("content-type", "application/scim+json").body(body.to_string()).send().await;
        let response = response.unwrap();
        let status = response.status().as_u16();
        if status != 204 {
            assert_eq!(response.headers()["content-type"], "application/scim+json", "{path}");
        }
        let answer: Value = response.json().await.unwrap_or_default();
        if status >= 400 {
            assert_eq!(answer["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{path}: {answer}");
            assert_eq!(answer["status"], json!(status.to_string()), "{path}: {answer}");
            assert!(!answer["detail"].as_str().unwrap().is_empty());
        }
        (status, answer)
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.send(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// The totals of a filter and the first attribute named of what fits.
    pub async fn filter(&self, kind: &str, filter: &str) -> (u64, Vec<String>) {
        let url = reqwest::Url::parse_with_params("http://x/", [("filter", filter)]).unwrap();
        let list = self.get(&format!("/{kind}?{}", url.query().unwrap())).await;
        let name = if kind == "Users" { "userName" } else { "displayName" };
        let names = list["Resources"].as_array().unwrap().iter().map(|one| one[name].as_str().unwrap().to_owned());
        (list["totalResults"].as_u64().unwrap(), names.collect())
    }

    pub async fn make(&self, path: &str, body: Value) -> String {
        let (status, made) = self.send(Method::POST, path, body).await;
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn user(&self, name: &str) -> String {
        self.make("/Users", json!({"schemas": [USER], "userName": format!("{name}@demo.example")})).await
    }

    pub async fn patch(&self, path: &str, operations: Value) -> (u16, Value) {
        let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        self.send(Method::PATCH, path, json!({"schemas": [schema], "Operations": operations})).await
    }
}

async fn users_are_made_changed_and_deleted(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let scim = Scim::of(&app).await;
    let ada = json!({
        "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "userName": "Ada@Demo.example", "externalId": "A-1", "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": "ada@demo.example", "type": "work", "primary": true}], "title": "Countess",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines"},
    });
    let (status, made) = scim.send(Method::POST, "/Users", ada.clone()).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap();
    let location = format!("{}/scim/v2/Users/{id}", app.url);
    assert_eq!(made["userName"], "ada@demo.example");
    assert_eq!((&made["displayName"], &made["active"]), (&json!("Ada Lovelace"), &json!(true)));
    assert_eq!(made["emails"], json!([{"value": "ada@demo.example", "type": "work", "primary": true}]));
    assert_eq!((made["meta"]["location"].as_str(), made.get("title")), (Some(location.as_str()), None));
    let path = format!("/Users/{id}");
    assert_eq!(scim.get(&path).await, made);
    let kept = app.get(&format!("/api/users/{id}")).await;
    assert_eq!(
        (&kept["origin"], &kept["roles"], &kept["external_id"]),
        (&json!("scim"), &json!(["member"]), &json!("A-1"))
    );
    assert_eq!(app.enter("/auth/login", &json!({"email": "ada@demo.example", "password": ""})).await.0, 401);

    let (status, refused) = scim.send(Method::POST, "/Users", ada).await;
    assert_eq!((status, &refused["scimType"]), (409, &json!("uniqueness")), "{refused}");
    let twin = json!({"userName": "twin@demo.example", "externalId": "A-1"});
    let (status, refused) = scim.send(Method::POST, "/Users", twin).await;
    assert_eq!((status, &refused["scimType"]), (409, &json!("uniqueness")), "{refused}");
    for wrong in [json!({}), json!({"userName": "ada"}), json!({"userName": "b@demo.example", "active": "perhaps"})] {
        let (status, refused) = scim.send(Method::POST, "/Users", wrong.clone()).await;
        assert_eq!((status, &refused["scimType"]), (400, &json!("invalidValue")), "{wrong}: {refused}");
    }

    // PUT takes away what it does not name, but wakes nobody up.
    scim.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await;
    let (status, put) = scim.send(Method::PUT, &path, json!({"userName": "countess@demo.example"})).await;
    assert_eq!(status, 200, "{put}");
    assert_eq!((&put["displayName"], &put["active"], put.get("externalId")), (&json!("countess"), &json!(false), None));
    assert_eq!(put["id"].as_str(), Some(id));
    let narrow = scim.get(&format!("{path}?attributes=userName,meta.created")).await;
    assert_eq!(narrow["meta"].as_object().unwrap().len(), 1);
    assert_eq!(narrow.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "meta", "schemas", "userName"]);
    assert_eq!(scim.get(&format!("{path}?excludedAttributes=meta,emails")).await.get("meta"), None);

    assert_eq!(scim.send(Method::DELETE, &path, Value::Null).await.0, 204);
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        assert_eq!(scim.send(method.clone(), &path, json!({})).await.0, 404, "{method}");
    }
    assert_eq!(app.records("user.create.succeeded").await[0]["object"]["id"].as_str(), Some(id));
    assert_eq!(app.records("user.create.failed").await.len(), 5);
    let updates = app.records("user.update.succeeded").await;
    assert_eq!(updates[1]["changes"], json!([{"field": "status", "from": "active", "to": "disabled"}]));
    assert_eq!(
        (app.records("user.delete.succeeded").await.len(), app.records("user.delete.failed").await.len()),
        (1, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_made_changed_and_deleted_on_sqlite() {
    users_are_made_changed_and_deleted(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_made_changed_and_deleted_on_postgres() {
    users_are_made_changed_and_deleted(Backend::Postgres).await;
}

async fn lists_are_filtered_and_paged(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let scim = Scim::of(&app).await;
    let mut ids = Vec::new();
    for name in ["ada", "bob", "cyd", "dan"] {
        let user = json!({"userName": format!("{name}@demo.example"), "externalId": format!("X-{name}")});
        ids.push(scim.make("/Users", user).await);
    }
    let poets =
        scim.make("/Groups", json!({"displayName": "Poets", "members": [{"value": ids[0]}, {"value": ids[1]}]})).await;
    scim.make("/Groups", json!({"displayName": "Engines", "externalId": "G-2"})).await;

    // The administrator is a person, the provisioning system is not.
    let all = scim.get("/Users").await;
    assert_eq!((&all["totalResults"], &all["startIndex"], &all["itemsPerPage"]), (&json!(5), &json!(1), &json!(5)));
    let page = scim.get("/Users?startIndex=2&count=2&attributes=userName").await;
    let names: Vec<_> = page["Resources"].as_array().unwrap().iter().map(|user| &user["userName"]).collect();
    assert_eq!(names, ["ada@demo.example", "bob@demo.example"]);
    assert_eq!((&page["totalResults"], &page["startIndex"], &page["itemsPerPage"]), (&json!(5), &json!(2), &json!(2)));
    assert_eq!(page["Resources"][0].get("emails"), None);
    let none = scim.get("/Users?startIndex=-3&count=-1").await;
    assert_eq!((&none["totalResults"], &none["itemsPerPage"]), (&json!(5), &json!(0)));
    assert_eq!(scim.get("/Users?startIndex=99").await["itemsPerPage"], 0);

    for (filter, names) in [
        (r#"userName eq "BOB@demo.example""#, &["bob"][..]),
        (r#"externalId eq "X-cyd""#, &["cyd"]),
        (r#"externalId eq "x-cyd""#, &[]),
        (r#"userName eq "bob""#, &[]),
        (r#"emails.value eq "bob@demo.example" and active eq true"#, &["bob"]),
        (r#"emails[type eq "work" and value sw "d"]"#, &["dan"]),
        (r#"not (userName sw "a") and externalId pr"#, &["bob", "cyd", "dan"]),
        (r#"userName co "a@" or displayName ew "YD""#, &["ada", "cyd"]),
        (r#"active eq false"#, &[]),
        (r#"externalId pr and userName gt "bz" and userName le "dan@demo.example""#, &["cyd", "dan"]),
    ] {
        let expected: Vec<_> = names.iter().map(|name| format!("{name}@demo.example")).collect();
        assert_eq!(scim.filter("Users", filter).await, (expected.len() as u64, expected), "{filter}");
    }
    let by_id = format!(r#"id eq "{}" and groups.value eq "{poets}""#, ids[1]);
    assert_eq!(scim.filter("Users", &by_id).await.0, 1);
    for (filter, names) in [
        (r#"displayName eq "Poets""#.to_owned(), &["Poets"][..]),
        (r#"externalId eq "G-2""#.to_owned(), &["Engines"]),
        (format!(r#"externalId eq "{poets}""#), &[]),
        (format!(r#"members.value eq "{}""#, ids[1]), &["Poets"]),
        (format!(r#"id eq "{poets}" and members[value eq "{}"]"#, ids[0]), &["Poets"]),
        (format!(r#"id eq "{poets}" and members[value eq "{}"]"#, ids[3]), &[]),
        (r#"displayName co "n""#.to_owned(), &["Engines"]),
    ] {
        let expected: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(scim.filter("Groups", &filter).await, (expected.len() as u64, expected), "{filter}");
    }
    let paged = scim.get("/Users?filter=userName%20co%20%22demo%22&startIndex=2&count=1").await;
    assert_eq!((&paged["totalResults"], &paged["Resources"][0]["userName"]), (&json!(5), &json!("ada@demo.example")));
    for wrong in ["userName%20is%20%22x%22", "groups.value%20pr", "(", ""] {
        let (status, refused) = scim.send(Method::GET, &format!("/Users?filter={wrong}"), Value::Null).await;
        assert_eq!((status, &refused["scimType"]), (400, &json!("invalidFilter")), "{wrong}: {refused}");
    }
    assert_eq!(scim.send(Method::GET, "/Groups?filter=members%20pr", Value::Null).await.0, 400);
    assert_eq!(scim.send(Method::GET, "/Users?count=many", Value::Null).await.0, 400);
    assert_eq!(scim.send(Method::GET, "/Users?attributes=id&excludedAttributes=meta", Value::Null).await.0, 400);

    let (status, both) = scim.send(Method::POST, "/.search", json!({"startIndex": 5, "count": 2})).await;
    assert_eq!((status, &both["totalResults"], &both["itemsPerPage"]), (200, &json!(7), &json!(2)), "{both}");
    assert_eq!(both["Resources"][0]["userName"], "dan@demo.example");
    assert_eq!(both["Resources"][1]["displayName"], "Poets");
    let search = json!({"filter": "displayName eq \"Poets\"", "attributes": ["members.display"]});
    let (_, found) = scim.send(Method::POST, "/Groups/.search", search).await;
    assert_eq!(found["Resources"][0]["members"], json!([{"display": "ada"}, {"display": "bob"}]));
    let (_, found) = scim.send(Method::POST, "/Users/.search", json!({"filter": "externalId pr", "count": 1})).await;
    assert_eq!((&found["totalResults"], &found["itemsPerPage"]), (&json!(4), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_paged_on_sqlite() {
    lists_are_filtered_and_paged(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_paged_on_postgres() {
    lists_are_filtered_and_paged(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_habits_of_entra_and_okta_are_understood() {
    let app = TestApp::spawn().await;
    let scim = Scim::of(&app).await;
    let path = format!("/Users/{}", scim.user("ada").await);
    // Entra: capitals, booleans as text, what is not kept beside what is.
    let (status, ada) = scim
        .patch(&path, json!([
            {"op": "Replace", "path": "active", "value": "False"},
            {"op": "Add", "path": "displayName", "value": "Ada"},
            {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "other@demo.example"},
            {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "x"},
            {"op": "Replace", "path": "userName", "value": "ADA.L@demo.example"},
        ]))
        .await;
    assert_eq!(status, 200, "{ada}");
    assert_eq!((&ada["active"], &ada["displayName"]), (&json!(false), &json!("Ada")));
    assert_eq!(
        (&ada["userName"], &ada["emails"][0]["value"]),
        (&json!("ada.l@demo.example"), &json!("ada.l@demo.example"))
    );
    // Okta: no path, and the name in parts.
    let (_, ada) = scim
        .patch(&path, json!([{"op": "replace", "value": {"active": true, "id": "x", "name": {"formatted": "Ada L."}}}]))
        .await;
    assert_eq!((&ada["active"], &ada["displayName"]), (&json!(true), &json!("Ada L.")));
    for (operation, kind) in [
        (json!({"op": "remove", "path": "userName"}), "mutability"),
        (json!({"op": "replace", "path": "id", "value": "x"}), "mutability"),
        (json!({"op": "replace", "path": "userName", "value": "nobody"}), "invalidValue"),
        (json!({"op": "replace", "path": "active[", "value": "x"}), "invalidPath"),
        (json!({"op": "remove"}), "noTarget"),
        (json!({"op": "jump"}), "invalidSyntax"),
    ] {
        let (status, refused) =
            scim.patch(&path, json!([{"op": "replace", "path": "active", "value": false}, operation])).await;
        assert_eq!((status, &refused["scimType"]), (400, &json!(kind)), "{refused}");
    }
    assert_eq!(scim.get(&path).await["active"], true, "a PATCH is done whole or not at all");

    let (one, two) = (scim.user("one").await, scim.user("two").await);
    let group = format!("/Groups/{}", scim.make("/Groups", json!({"displayName": "g"})).await);
    let members = async |operations: Value| {
        let (status, group) = scim.patch(&group, operations).await;
        assert_eq!(status, 200, "{group}");
        let members = group["members"].as_array().cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(members(json!([{"op": "Add", "path": "members", "value": [{"value": one}]}])).await, [one.as_str()]);
    assert_eq!(
        members(json!([{"op": "add", "value": {"members": [{"value": two}]}}])).await,
        [one.as_str(), two.as_str()]
    );
    assert_eq!(members(json!([{"op": "Remove", "path": "members", "value": [{"value": one}]}])).await, [two.as_str()]);
    assert_eq!(members(json!([{"op": "replace", "path": "members", "value": [{"value": one}]}])).await, [one.as_str()]);
    let out = format!("members[value eq \"{one}\"]");
    for _ in 0..2 {
        assert!(members(json!([{"op": "remove", "path": out}])).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_discovery_have_scims_shape() {
    let app = TestApp::spawn().await;
    let scim = Scim::of(&app).await;
    let bare = app.http.get(format!("{}/scim/v2/Users", app.url)).send().await.unwrap();
    assert_eq!((bare.status().as_u16(), &bare.headers()["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
    assert_eq!(bare.json::<Value>().await.unwrap()["status"], "401");
    let admins = app.request(Method::GET, "/scim/v2/Users").send().await.unwrap();
    assert_eq!(admins.status(), 403, "an administrator is no provisioning system");
    assert!(admins.json::<Value>().await.unwrap()["detail"].as_str().unwrap().contains("users.provision"));
    assert_eq!(scim.send(Method::GET, "/Nothing", Value::Null).await.0, 404);
    assert_eq!(scim.send(Method::POST, "/Schemas", json!({})).await.0, 405);
    let broken = app.http.post(format!("{}/scim/v2/Users", app.url)).bearer_auth(&scim.key).body("{").send().await;
    assert_eq!(broken.unwrap().json::<Value>().await.unwrap()["scimType"], "invalidSyntax");
    // Its key is made by whoever could do the same by hand, and by nobody less.
    let desk = app.post("/api/roles", &json!({"name": "desk", "permissions": ["keys.manage"]})).await.1;
    let (_, desk) = app.member("desk@demo.example", &[desk["name"].as_str().unwrap()]).await;
    let key = json!({"name": "theirs", "user": scim.id});
    assert_eq!(desk.send(Method::POST, "/api/keys", Some(&key)).await.0, 403);
    // The key does nothing else.
    let users = app.http.get(format!("{}/api/users", app.url)).bearer_auth(&scim.key).send().await.unwrap();
    assert_eq!(users.status(), 403);

    let config = scim.get("/ServiceProviderConfig").await;
    let offered = |what: &str| config[what]["supported"].as_bool().unwrap();
    assert!(offered("patch") && offered("filter"));
    assert!(!offered("bulk") && !offered("sort") && !offered("etag") && !offered("changePassword"));
    for (list, count) in [("/ResourceTypes", 2), ("/Schemas", 5)] {
        let all = scim.get(list).await;
        assert_eq!(all["totalResults"], count);
        for one in all["Resources"].as_array().unwrap() {
            assert_eq!(&scim.get(&format!("{list}/{}", one["id"].as_str().unwrap())).await, one);
        }
    }
}
