//! What the house decides about its models: it takes effect at once, everywhere, and is on record.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser, app::MODEL};

/// Imports further weights under `name`; `more` goes into the file.
fn import(app: &TestApp, name: &str, more: &str) {
    let file = app.path(&format!("{name}.gguf"));
    std::fs::write(&file, format!("GGUF {name} {more}")).unwrap();
    let done = app.cli(&["model", "import", file.to_str().unwrap(), "--name", name]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Another operator of the appliance, signed in at a browser.
async fn second_operator(app: &TestApp) -> Browser {
    app.operator("second@demo.example").await
}

async fn decide(operator: &Browser, name: &str, patch: &Value) -> Value {
    let path = format!("/api/catalogue/models/{name}");
    let (status, model) = operator.send(Method::PATCH, &path, Some(patch)).await;
    assert_eq!(status, 200, "{model}");
    model
}

async fn act(operator: &Browser, name: &str, act: &str, body: &Value) -> (u16, Value) {
    operator.send(Method::POST, &format!("/api/catalogue/models/{name}/{act}"), Some(body)).await
}

async fn ask(app: &TestApp, key: &str, model: &str) -> (u16, Value) {
    let body = json!({"model": model, "messages": [{"role": "user", "content": "hi"}]});
    let request = app.http.post(format!("{}/v1/chat/completions", app.url)).bearer_auth(key).json(&body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Until `model` answers, or does not any more.
async fn until(app: &TestApp, model: &str, wanted: u16) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let (status, answer) = ask(app, &app.key, model).await;
        if status == wanted {
            return answer;
        }
        assert!(Instant::now() < deadline, "{model}: {status} {answer}\n{}", app.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn names(app: &TestApp, key: &str) -> Vec<String> {
    let request = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(key);
    let list: Value = request.send().await.unwrap().json().await.unwrap();
    list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
}

async fn a_model_comes_and_goes_without_a_restart(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let operator = app.admin().await;
    assert_eq!(ask(&app, &app.key, "later").await.0, 404);
    import(&app, "later", "");
    let answer = until(&app, "later", 200).await;
    assert_eq!(answer["model"], "later");

    let model = decide(&operator, "later", &json!({"loaded": false})).await;
    assert_eq!((&model["loaded"], &model["state"]), (&json!(false), &json!("unloaded")));
    let (status, error) = ask(&app, &app.key, "later").await;
    assert_eq!((status, &error["error"]["code"]), (503, &json!("model_not_ready")), "{error}");
    assert_eq!(act(&operator, "later", "reload", &json!({})).await.0, 409, "nothing to reload");
    decide(&operator, "later", &json!({"loaded": true})).await;
    until(&app, "later", 200).await;
    assert_eq!(act(&operator, "later", "reload", &json!({})).await.0, 202);
    until(&app, "later", 200).await;

    let (status, retired) = act(&operator, "later", "retire", &json!({})).await;
    assert_eq!((status, &retired["serves"]), (200, &json!(false)), "{retired}");
    assert_eq!(ask(&app, &app.key, "later").await.0, 404);
    assert_eq!(names(&app, &app.key).await, [MODEL]);
    assert_eq!(ask(&app, &app.key, MODEL).await.0, 200, "nobody else was touched");
    let (status, nothing) = operator.send(Method::PATCH, "/api/catalogue/models/later", Some(&json!({}))).await;
    assert_eq!(status, 400, "{nothing}");
    assert_eq!(operator.send(Method::PATCH, "/api/catalogue/models/none", Some(&json!({}))).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_comes_and_goes_without_a_restart_on_sqlite() {
    a_model_comes_and_goes_without_a_restart(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_comes_and_goes_without_a_restart_on_postgres() {
    a_model_comes_and_goes_without_a_restart(Backend::Postgres).await;
}

/// What runs when a model is let go of is answered to its end.
#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_answered_when_its_model_goes() {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    let slow = json!({"model": MODEL, "messages": [{"role": "user", "content": "!slow 40 !count 40"}]});
    let request = app.http.post(format!("{}/v1/chat/completions", app.url)).bearer_auth(&app.key).json(&slow).send();
    let running = tokio::spawn(request);
    let deadline = Instant::now() + Duration::from_secs(20);
    while operator.send(Method::GET, "/api/catalogue", None).await.1["models"][0]["running"] != 1 {
        assert!(Instant::now() < deadline, "nothing runs");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    decide(&operator, MODEL, &json!({"loaded": false})).await;
    assert_eq!(ask(&app, &app.key, MODEL).await.0, 503);
    let answer = running.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["choices"][0]["finish_reason"], "stop", "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_stand_behind_what_serves() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__MODELS__TWO_PEOPLE", "true")]).await;
    let (first, second) = (app.admin().await, second_operator(&app).await);
    assert_eq!(ask(&app, &app.key, MODEL).await.0, 404, "imported, and that is all");
    assert_eq!(names(&app, &app.key).await, [""; 0]);
    let why = json!({"reason": "evaluated against the acceptance set of May"});
    assert_eq!(act(&first, MODEL, "propose", &json!({"reason": ""})).await.0, 400);
    assert_eq!(act(&first, MODEL, "approve", &json!({})).await.0, 409, "nothing is proposed");
    let (status, proposed) = act(&first, MODEL, "propose", &why).await;
    assert_eq!((status, &proposed["promotion"]["stage"]), (200, &json!("proposed")), "{proposed}");
    let (status, own) = act(&first, MODEL, "approve", &json!({})).await;
    assert_eq!((status, &own["code"]), (409, &json!("separation_of_duties")), "{own}");
    assert_eq!(ask(&app, &app.key, MODEL).await.0, 404, "one person is one person");

    assert_eq!(act(&second, MODEL, "withdraw", &json!({})).await.0, 200);
    assert_eq!(act(&second, MODEL, "approve", &json!({})).await.0, 409);
    assert_eq!(act(&first, MODEL, "propose", &why).await.0, 200);
    let (status, promoted) = act(&second, MODEL, "approve", &json!({})).await;
    assert_eq!((status, &promoted["promotion"]["stage"]), (200, &json!("production")), "{promoted}");
    until(&app, MODEL, 200).await;
    let out = app.path("platform");
    assert!(app.cli(&["audit", "export", "--tenant", "platform", "--out", out.to_str().unwrap()]).status.success());
    let log = std::fs::read_to_string(out).unwrap();
    for event in ["model.promotion.propose.succeeded", "model.promotion.approve.succeeded"] {
        assert!(log.contains(&format!("\"event\":\"{event}\"")), "{event} is not in the platform's log");
    }
    assert!(log.contains("the acceptance set of May"));
}

#[tokio::test(flavor = "multi_thread")]
async fn to_other_tenants_there_is_no_such_model() {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    let other = app.bootstrap("other", "eve@other.example");
    let (key, tenant) = (other["api_key"].as_str().unwrap(), other["tenant_id"].as_str().unwrap());
    assert_eq!(ask(&app, key, MODEL).await.0, 200);
    let alias = json!({"model": MODEL});
    assert_eq!(operator.send(Method::PUT, "/api/catalogue/aliases/default", Some(&alias)).await.0, 200);
    let own = operator.info["tenant"]["id"].as_str().unwrap().to_owned();
    let model = decide(&operator, MODEL, &json!({"tenants": [own]})).await;
    assert_eq!(model["tenants"], json!([own]));
    for name in [MODEL, "default"] {
        assert_eq!(ask(&app, key, name).await.0, 404);
        assert_eq!(ask(&app, &app.key, name).await.0, 200);
    }
    assert_eq!(names(&app, key).await, [""; 0]);
    assert_eq!(names(&app, &app.key).await, [MODEL, "default"]);
    let nobody = json!({"tenants": [own, "ten_00000000000000000000000000000000"]});
    let path = format!("/api/catalogue/models/{MODEL}");
    let (status, problem) = operator.send(Method::PATCH, &path, Some(&nobody)).await;
    assert_eq!(status, 400, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("no tenant ten_0000"), "{problem}");
    decide(&operator, MODEL, &json!({"tenants": [own, tenant]})).await;
    assert_eq!(ask(&app, key, "default").await.0, 200);
    decide(&operator, MODEL, &json!({"tenants": null})).await;
    assert_eq!(names(&app, key).await, [MODEL, "default"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn above_a_models_ceiling_nothing_is_answered() {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    let classified = async |class: &str| {
        let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "hi"}]});
        let request =
            app.request(Method::POST, "/v1/chat/completions").header("Leeward-Classification", class).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    assert_eq!(classified("internal").await.0, 200);
    decide(&operator, MODEL, &json!({"ceiling": "public"})).await;
    assert_eq!(classified("public").await.0, 200);
    let (status, error) = classified("internal").await;
    assert_eq!((status, &error["error"]["code"]), (403, &json!("model_ceiling")), "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains("public content at most, and this is internal"));
    let refused = app.records("inference.refused").await.pop().unwrap();
    assert_eq!((&refused["reason"], &refused["classification"]), (&json!("model_ceiling"), &json!("internal")));
    // It is the house's rule: whoever decides the tenant's policy again finds what is on record.
    assert_eq!(refused["decision"]["allowed"], true);
    decide(&operator, MODEL, &json!({"ceiling": null})).await;
    assert_eq!(classified("internal").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_moves_while_people_ask() {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    import(&app, "next", "");
    until(&app, "next", 200).await;
    let put = async |alias: &str, body: Value| {
        operator.send(Method::PUT, &format!("/api/catalogue/aliases/{alias}"), Some(&body)).await
    };
    assert_eq!(put("default", json!({"model": MODEL})).await.0, 200);
    assert_eq!(ask(&app, &app.key, "default").await.1["model"], MODEL);
    let half = json!({"model": MODEL, "canary": "next", "canary_percent": 50});
    assert_eq!(put("default", half).await.0, 200);
    let mut next = 0;
    for _ in 0..60 {
        next += u32::from(ask(&app, &app.key, "default").await.1["model"] == "next");
    }
    assert!((10..=50).contains(&next), "{next} of 60 went to the canary");
    assert_eq!(put("default", json!({"model": "next"})).await.0, 200);
    assert_eq!(ask(&app, &app.key, "default").await.1["model"], "next");
    let newest = app.records("inference.completed").await.pop().unwrap();
    assert_eq!(newest["model"]["name"], "next", "the record names what answered");

    for (alias, body, status) in [
        ("default", json!({"model": "none"}), 400),
        ("default", json!({"model": MODEL, "canary": "next"}), 400),
        ("default", json!({"model": MODEL, "canary": "next", "canary_percent": 100}), 400),
        (MODEL, json!({"model": "next"}), 409),
        ("not%20a%20name", json!({"model": MODEL}), 400),
    ] {
        let (told, problem) = put(alias, body.clone()).await;
        assert_eq!(told, status, "{alias} {body}: {problem}");
    }
    let taken = app.cli(&["model", "import", app.path("next.gguf").to_str().unwrap(), "--name", "default"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("is an alias"), "{taken:?}");
    let retired = act(&operator, "next", "retire", &json!({})).await;
    assert_eq!(retired.0, 200);
    assert_eq!(ask(&app, &app.key, "default").await.0, 404, "what it means does not serve");
    assert_eq!(operator.send(Method::DELETE, "/api/catalogue/aliases/default", None).await.0, 204);
    assert_eq!(operator.send(Method::DELETE, "/api/catalogue/aliases/default", None).await.0, 404);
}

/// 4,096 tokens of a tebibyte each are more than any machine has.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_fit_is_refused_with_the_numbers() {
    let app = TestApp::spawn().await;
    import(&app, "huge", "kv=1099511627776");
    let deadline = Instant::now() + Duration::from_secs(30);
    let told = loop {
        let (_, error) = ask(&app, &app.key, "huge").await;
        let told = error["error"]["message"].as_str().unwrap_or_default().to_owned();
        if told.contains("it takes at least") {
            break told;
        }
        assert!(Instant::now() < deadline, "{error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(told.contains("4194304.0 GiB for contexts") && told.contains("are free: lower"), "{told}");
    assert_eq!(app.ask("hi").await.0, 200, "the other model serves");
    assert_eq!(app.cli(&["doctor"]).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_gateway_decides_holds_on_the_other() {
    let app = TestApp::spawn_with(Backend::Postgres, &[]).await;
    let operator = app.admin().await;
    let mut other = app.another_gateway();
    other.start();
    until(&other, MODEL, 200).await;
    assert_eq!(act(&operator, MODEL, "retire", &json!({})).await.0, 200);
    until(&other, MODEL, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_nobody_asks_sleeps_until_somebody_does() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__MODELS__UNLOAD_IDLE_S", "1")]).await;
    for _ in 0..2 {
        let deadline = Instant::now() + Duration::from_secs(30);
        while app.get("/api/models").await["items"][0]["state"] != "asleep" {
            assert!(Instant::now() < deadline, "{}", app.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let asked = (0..3).map(|_| app.ask("hi"));
        for (status, answer) in futures::future::join_all(asked).await {
            assert_eq!(status, 200, "{answer}");
        }
    }
}

/// One that was damaged hides itself and nothing else: what is decided about the others takes effect.
#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_cannot_be_read_holds_up_no_decision() {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    std::fs::write(app.data_dir().join("models/manifests/damaged.json"), "{").unwrap();
    assert_eq!(act(&operator, MODEL, "retire", &json!({})).await.0, 200);
    assert_eq!(ask(&app, &app.key, MODEL).await.0, 404);
    assert!(app.log().contains("damaged.json"), "{}", app.log());
}
