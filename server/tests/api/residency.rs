//! Residency policies: two people change them, everybody obeys them within a second, a trial says beforehand what
//! would be refused, and a tenant bound to one of two sites is served there only.

use std::time::{Duration, Instant, SystemTime};

use leeward_domain::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{Browser, MODEL},
};

const POLICY: &str = "/api/residency-policy";
const PROPOSALS: &str = "/api/residency-policy/proposals";

/// Two officers of the tenant.
pub async fn officers(app: &TestApp) -> (Browser, Browser) {
    let ada = app.member("ada@demo.example", &["security_officer"]).await.1;
    let bea = app.member("bea@demo.example", &["security_officer"]).await.1;
    (ada, bea)
}

/// The next policy: the one in force, with what `change` makes of it.
pub async fn next(browser: &Browser, change: impl FnOnce(&mut Value)) -> Value {
    let (status, shown) = browser.send(Method::GET, POLICY, None).await;
    assert_eq!(status, 200, "{shown}");
    let mut policy = shown["policy"].clone();
    policy["version"] = json!(policy["version"].as_u64().unwrap() + 1);
    change(&mut policy);
    policy
}

/// Proposes, and gives the proposal's path.
pub async fn propose(browser: &Browser, policy: &Value) -> String {
    let body = json!({"policy": policy, "reason": "the new hall in Bari"});
    let (status, made) = browser.send(Method::POST, PROPOSALS, Some(&body)).await;
    assert_eq!((status, &made["state"]), (201, &json!("open")), "{made}");
    format!("{PROPOSALS}/{}", made["id"].as_str().unwrap())
}

pub async fn decide(browser: &Browser, proposal: &str, how: &str) -> (u16, Value) {
    browser.send(Method::POST, &format!("{proposal}/{how}"), None).await
}

/// One proposes and the other approves.
async fn change(ada: &Browser, bea: &Browser, change: impl FnOnce(&mut Value)) {
    let proposal = propose(ada, &next(ada, change).await).await;
    let (status, approved) = decide(bea, &proposal, "approve").await;
    assert_eq!((status, &approved["state"]), (200, &json!("enacted")), "{approved}");
}

async fn it_takes_two(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let (ada, bea) = officers(&app).await;
    let (_, first) = bea.send(Method::GET, POLICY, None).await;
    assert_eq!((&first["policy"]["version"], &first["in_force_since"]), (&json!(1), &Value::Null));
    let (_, only) = ada.send(Method::GET, &format!("{POLICY}/history"), None).await;
    assert_eq!(only["items"][0], json!({"policy": first["policy"], "hash": first["hash"]}));

    let wider = next(&ada, |policy| policy["back_up"] = json!(["bari-1", "jurisdiction:IT"])).await;
    let proposal = propose(&ada, &wider).await;
    let rival = propose(&bea, &next(&bea, |policy| policy["ceiling"] = json!("public")).await).await;
    let (status, own) = decide(&ada, &proposal, "approve").await;
    assert_eq!((status, &own["code"]), (409, &json!("separation_of_duties")), "{own}");
    assert_eq!(ada.send(Method::GET, POLICY, None).await.1["policy"], first["policy"], "nothing changed yet");

    let (_, shown) = bea.send(Method::GET, &proposal, None).await;
    assert_eq!((&shown["loosens"], &shown["dry_run"]["refused"]), (&json!(true), &json!([])), "{shown}");
    let added = json!({"field": "back_up", "from": null, "to": "jurisdiction:IT"});
    assert!(shown["changes"].as_array().unwrap().contains(&added), "{shown}");
    let (status, approved) = decide(&bea, &proposal, "approve").await;
    assert_eq!((status, &approved["state"]), (200, &json!("enacted")), "{approved}");

    let (_, now) = ada.send(Method::GET, POLICY, None).await;
    assert_eq!((&now["policy"], &now["hash"]), (&wider, &shown["hash"]));
    assert!(now["in_force_since"].is_string(), "{now}");
    let (_, history) = ada.send(Method::GET, &format!("{POLICY}/history"), None).await;
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    assert_eq!(history["items"][0]["replaces"], first["hash"]);
    assert_eq!(history["items"][0]["approvals"], json!([bea.info["user"]["id"]]));
    assert_eq!(history["items"][1]["policy"], first["policy"]);

    // What was made for the version before is left behind, and there is nothing left to decide.
    assert_eq!(bea.send(Method::GET, &rival, None).await.1["state"], "superseded");
    for (proposal, how) in [(&rival, "approve"), (&proposal, "approve"), (&proposal, "withdraw")] {
        assert_eq!(decide(&ada, proposal, how).await.0, 409, "{how}");
    }
    let told = app.records("policy.residency.enact.succeeded").await;
    let hash = json!({"field": "hash", "from": first["hash"], "to": now["hash"]});
    assert!(told[0]["changes"].as_array().unwrap().contains(&hash), "{told:?}");
    assert_eq!(app.records("policy.residency.enact.failed").await.len(), 1);
    assert_eq!(app.records("policy.residency.approve.failed").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_two_on_sqlite() {
    it_takes_two(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_two_on_postgres() {
    it_takes_two(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_policy_is_refused_by_name() {
    let app = TestApp::spawn().await;
    let (ada, _) = officers(&app).await;
    let sites = |count: usize| (0..count).map(|n| json!(format!("site-{n}"))).collect::<Value>();
    let good = next(&ada, |_| {}).await;
    let with = |field: &str, value: Value| {
        let mut policy = good.clone();
        policy[field] = value;
        policy
    };
    for (policy, reason, effective_at, status, told) in [
        (with("version", json!(1)), "r", Value::Null, 409, "version 1 is in force"),
        (with("version", json!(3)), "r", Value::Null, 409, "is version 2, not 3"),
        (with("keys", sites(65)), "r", Value::Null, 400, "at most 64 rules"),
        (with("keys", json!([""])), "r", Value::Null, 400, "keys: site is empty"),
        (with("keys", json!(["jurisdiction:Italy"])), "r", Value::Null, 400, "two capital letters"),
        (with("kyes", json!(["a"])), "r", Value::Null, 400, "kyes"),
        (good.clone(), " ", Value::Null, 400, "a reason of 1 to 1000"),
        (good.clone(), "r", json!("2999-01-01T00:00:00Z"), 400, "366 days"),
    ] {
        let body = json!({"policy": policy, "reason": reason, "effective_at": effective_at});
        let (got, error) = ada.send(Method::POST, PROPOSALS, Some(&body)).await;
        assert_eq!(got, status, "{error}");
        assert!(error["detail"].as_str().unwrap().contains(told), "{error}");
    }
    for _ in 0..20 {
        propose(&ada, &good).await;
    }
    let (status, error) = ada.send(Method::POST, PROPOSALS, Some(&json!({"policy": good, "reason": "r"}))).await;
    assert_eq!(status, 409);
    assert!(error["detail"].as_str().unwrap().contains("20 proposals wait"), "{error}");
    let (_, page) = ada.send(Method::GET, &format!("{PROPOSALS}?limit=15"), None).await;
    let rest = format!("{PROPOSALS}?limit=15&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(ada.send(Method::GET, &rest, None).await.1["items"].as_array().unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_neither_propose_nor_approve() {
    let app = TestApp::spawn().await;
    let (ada, _) = officers(&app).await;
    let all = app.holder_of_all("demo", "all@demo.example").await;
    let (status, key) = all.send(Method::POST, "/api/keys", Some(&json!({"name": "theirs"}))).await;
    assert_eq!(status, 201, "{key}");
    let policy = next(&ada, |_| {}).await;
    let proposal = propose(&ada, &policy).await;
    for path in [PROPOSALS.to_owned(), format!("{proposal}/approve")] {
        let request = app.http.post(format!("{}{path}", app.url)).bearer_auth(key["secret"].as_str().unwrap());
        let response = request.json(&json!({"policy": policy, "reason": "r"})).send().await.unwrap();
        let (status, error) = (response.status().as_u16(), response.json::<Value>().await.unwrap());
        assert_eq!((status, &error["code"]), (403, &json!("forbidden")), "{error}");
        assert!(error["detail"].as_str().unwrap().contains("browser"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_ahead_is_waited_for() {
    let app = TestApp::spawn().await;
    let (ada, bea) = officers(&app).await;
    let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_secs(3);
    let at = Timestamp::from_unix_micros(at.as_micros().try_into().unwrap());
    let policy = next(&ada, |policy| policy["process"] = json!([])).await;
    let body = json!({"policy": policy, "reason": "the hall closes", "effective_at": at});
    let (status, made) = ada.send(Method::POST, PROPOSALS, Some(&body)).await;
    assert_eq!(status, 201, "{made}");
    let proposal = format!("{PROPOSALS}/{}", made["id"].as_str().unwrap());
    let (_, approved) = decide(&bea, &proposal, "approve").await;
    assert_eq!(approved["state"], "approved", "{approved}");
    assert_eq!(app.ask("before").await.0, 200);
    let begun = Instant::now();
    while app.ask("after").await.0 == 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never came into force");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(ada.send(Method::GET, &proposal, None).await.1["state"], "enacted");
    let (_, history) = ada.send(Method::GET, &format!("{POLICY}/history"), None).await;
    let newest = &history["items"][0];
    assert!(newest["enacted_at"].as_str() >= newest["effective_at"].as_str(), "{newest}");
    assert_eq!(app.records("policy.residency.enact.succeeded").await[0]["actor"]["type"], "system");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_says_what_would_have_been_refused() {
    let app = TestApp::spawn().await;
    let (ada, _) = officers(&app).await;
    for _ in 0..3 {
        assert_eq!(app.ask("hello").await.0, 200);
    }
    let (status, begun) = app.post("/api/conversations", &json!({"model": MODEL})).await;
    assert_eq!(status, 201, "{begun}");
    let say = format!("/api/conversations/{}/messages", begun["id"].as_str().unwrap());
    let said = app.request(Method::POST, &say).json(&json!({"content": "hello"})).send().await.unwrap();
    assert!(said.text().await.unwrap().contains("event: done"));

    let policy = next(&ada, |policy| policy["process"] = json!(["elsewhere-1"])).await;
    let begun = Instant::now();
    // Decisions count once the log's tree covers them.
    let tried = loop {
        let (status, tried) =
            ada.send(Method::POST, &format!("{POLICY}/dry-run"), Some(&json!({"policy": policy}))).await;
        assert_eq!(status, 200, "{tried}");
        let refused: u64 = tried["refused"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum();
        if refused + tried["allowed"].as_u64().unwrap() == 5 {
            break tried;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{tried}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(tried["allowed"], 1, "the answer that was kept: {tried}");
    let refused = &tried["refused"][0];
    assert_eq!(
        (&refused["purpose"], &refused["count"], &refused["class"]),
        (&json!("process"), &json!(4), &json!("internal"))
    );
    assert!(refused["rule"].as_str().unwrap().contains("is not in the tenant's list"), "{tried}");
    assert_eq!(tried["loosens"], true, "another place is allowed");
    assert_eq!(app.ask("and nothing changed").await.0, 200);
}

/// Asks until the answer is `status`, for at most a second, and gives the last answer.
async fn within_a_second(app: &TestApp, status: u16) -> Value {
    let begun = Instant::now();
    loop {
        let asked = Instant::now();
        let (got, answer) = app.ask("hello").await;
        if got == status {
            println!("{status} after {:?}", begun.elapsed());
            return answer;
        }
        assert!(asked.duration_since(begun) < Duration::from_secs(1), "still {got} after a second: {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_served_at_its_own_site_only() {
    let app = TestApp::spawn_with(Backend::Postgres, &[("LEEWARD__PLACE__SITE", "roma-1")]).await;
    let mut milano = app.another_gateway();
    milano.terminate();
    milano.start_with(&[("LEEWARD__PLACE__SITE", "milano-1"), ("LEEWARD__PLACE__REGION", "Lombardia")]);
    let (ada, bea) = officers(&app).await;

    assert_eq!(app.ask("at home").await.0, 200);
    let (status, refused) = milano.ask("elsewhere").await;
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("residency_denied")), "{refused}");
    let told = refused["error"]["message"].as_str().unwrap();
    assert!(told.contains("process: site milano-1 (region Lombardia"), "{told}");

    // Counting processes content, too.
    let text = json!({"model": MODEL, "prompt": "one two"});
    assert_eq!(app.post("/v1/tokenize", &text).await.0, 200);
    let (status, refused) = milano.post("/v1/tokenize", &text).await;
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("residency_denied")), "{refused}");

    change(&ada, &bea, |policy| policy["process"] = json!(["region:Lombardia"])).await;
    within_a_second(&milano, 200).await;
    let refused = within_a_second(&app, 403).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("process: site roma-1"), "{refused}");
    let records = app.records("inference.*").await;
    let at = |site: &str, allowed: bool| {
        let fits = |record: &&Value| record["place"]["site"] == site && record["decision"]["allowed"] == allowed;
        records.iter().filter(fits).count()
    };
    assert!(at("milano-1", true) > 0 && at("roma-1", false) > 0, "{records:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_classification_only_rises_and_meets_its_ceilings() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__PLACE__CEILING", "restricted")]).await;
    let (ada, bea) = officers(&app).await;
    change(&ada, &bea, |policy| policy["ceiling"] = json!("confidential")).await;
    let say = async |class: &str, path: &str, body: Value| {
        let request = app.request(Method::POST, path).json(&body);
        let request = if class.is_empty() { request } else { request.header("Leeward-Classification", class) };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let ask = json!({"model": MODEL, "messages": [{"role": "user", "content": "hello"}]});
    for (class, expected, told) in [
        ("public", 200, ""),
        ("confidential", 200, ""),
        ("restricted", 403, "ceiling: Restricted is above the tenant's Confidential"),
        ("secret", 400, "one of public, internal, confidential, restricted"),
    ] {
        let (status, text) = say(class, "/v1/chat/completions", ask.clone()).await;
        assert_eq!(status, expected, "{class}: {text}");
        assert!(text.contains(told), "{class}: {text}");
    }
    let told: Vec<_> = app.records("inference.completed").await.iter().map(|r| r["classification"].clone()).collect();
    assert_eq!(told, [json!("confidential"), json!("public")]);

    let (_, begun) = app.post("/api/conversations", &json!({"model": MODEL})).await;
    assert_eq!(begun["classification"], "internal");
    let path = format!("/api/conversations/{}", begun["id"].as_str().unwrap());
    let messages = format!("{path}/messages");
    let class = async || app.get(&path).await["conversation"]["classification"].clone();
    assert_eq!(say("public", &messages, json!({"content": "lower than the rest"})).await.0, 200);
    assert_eq!(class().await, "internal");
    assert_eq!(say("confidential", &messages, json!({"content": "the salaries"})).await.0, 200);
    assert_eq!(class().await, "confidential");
    assert_eq!(say("", &messages, json!({"content": "thanks"})).await.0, 200);
    assert_eq!(app.records("inference.completed").await[0]["classification"], "confidential", "read with the rest");
    assert_eq!(say("restricted", &messages, json!({"content": "too much"})).await.0, 403);
    assert_eq!(app.get(&path).await["messages"].as_array().unwrap().len(), 6, "nothing of it is kept");
    for (body, expected) in [
        (json!({"classification": "internal"}), 400),
        (json!({"classification": "restricted"}), 403),
        (json!({"classification": "confidential"}), 200),
        (json!({}), 400),
    ] {
        let response = app.request(Method::PATCH, &path).json(&body).send().await.unwrap();
        assert_eq!(response.status(), expected, "{body}");
    }
    let (status, sensitive) =
        app.post("/api/conversations", &json!({"model": MODEL, "classification": "restricted"})).await;
    assert_eq!((status, &sensitive["code"]), (403, &json!("residency_denied")), "{sensitive}");

    // A lower ceiling is met by the next message.
    change(&ada, &bea, |policy| policy["ceiling"] = json!("internal")).await;
    let begun = Instant::now();
    while say("", &messages, json!({"content": "more"})).await.0 == 200 {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
