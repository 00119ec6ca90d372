//! One running service, from nothing.

use std::{
    collections::HashSet,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Mutex,
    time::Duration,
};

use leeward_testkit::{pgbouncer::PgBouncer, postgres::Cluster, scripted};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Which database the service runs on.
#[derive(Debug, Clone, Copy)]
pub enum Backend {
    Sqlite,
    Postgres,
    /// PostgreSQL behind PgBouncer in transaction mode.
    Pooled,
}

/// A running service with one tenant, its administrator and a key. Killed when dropped.
pub struct TestApp {
    dir: TempDir,
    env: Vec<(String, String)>,
    child: Option<Child>,
    pub http: reqwest::Client,
    pub url: String,
    pub tenant: String,
    pub key: String,
    pub password: String,
    /// One-time passwords that were replaced by [`own`].
    replaced: Mutex<HashSet<String>>,
    /// Another service's data directory, shared.
    data: Option<PathBuf>,
    /// Where it listens; a port of its own at each start, unless a test needs it to come back at the same.
    pub listen: String,
}

pub const ADMIN: &str = "admin@demo.example";
pub const MODEL: &str = "echo";

/// What a signed-in browser holds.
pub struct Browser {
    pub http: reqwest::Client,
    pub csrf: String,
    pub info: Value,
    url: String,
}

const ANY_PORT: &str = "127.0.0.1:0";

impl TestApp {
    pub async fn spawn() -> Self {
        Self::spawn_with(Backend::Sqlite, &[]).await
    }

    /// A service on `backend` with more configuration, as environment variables.
    pub async fn spawn_with(backend: Backend, env: &[(&str, &str)]) -> Self {
        let mut app = Self::installed(backend, env).await;
        app.start();
        app
    }

    /// Everything in place, nothing started yet.
    pub async fn installed(backend: Backend, env: &[(&str, &str)]) -> Self {
        Self::installed_in(tempfile::tempdir().unwrap(), backend, env).await
    }

    /// The same, in a directory of the caller's choosing.
    pub async fn installed_in(dir: TempDir, backend: Backend, env: &[(&str, &str)]) -> Self {
        let mut all = vec![("LEEWARD__ENGINE__PROGRAM".to_owned(), scripted::binary().display().to_string())];
        let url = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Cluster::shared().unwrap().fresh_database().await.unwrap()),
            Backend::Pooled => Some(PgBouncer::shared().unwrap().fresh_database().await.unwrap()),
        };
        all.extend(url.map(|url| ("LEEWARD__DATABASE__URL".to_owned(), url)));
        all.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut app = Self {
            dir,
            env: all,
            child: None,
            http: reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap(),
            url: String::new(),
            tenant: String::new(),
            key: String::new(),
            password: String::new(),
            replaced: Mutex::default(),
            data: None,
            listen: ANY_PORT.to_owned(),
        };
        let weights = app.path("weights.gguf");
        std::fs::write(&weights, b"GGUF, says the scripted engine").unwrap();
        assert!(app.cli(&["model", "import", weights.to_str().unwrap(), "--name", MODEL]).status.success());
        let made = app.bootstrap("demo", ADMIN);
        app.tenant = made["tenant_id"].as_str().unwrap().to_owned();
        app.key = made["api_key"].as_str().unwrap().to_owned();
        app.password = made["password"].as_str().unwrap().to_owned();
        app
    }

    /// A further tenant: `{"tenant_id","user_id","password","api_key"}`.
    pub fn bootstrap(&self, tenant: &str, admin: &str) -> Value {
        let output = self.cli(&["bootstrap", "--tenant", tenant, "--admin", admin, "--self-audit", "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| self.path("data"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leeward"));
        command.arg("--data-dir").arg(self.data_dir()).envs(self.env.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Runs a command of the command line to its end.
    pub fn cli(&self, args: &[&str]) -> Output {
        self.command().args(args).output().unwrap()
    }

    /// A second gateway on the same data and database. It has the same data directory: its keys and models.
    pub fn another_gateway(&self) -> Self {
        let mut other = Self {
            dir: tempfile::tempdir().unwrap(),
            env: self.env.clone(),
            child: None,
            http: self.http.clone(),
            url: String::new(),
            tenant: self.tenant.clone(),
            key: self.key.clone(),
            password: self.password.clone(),
            replaced: Mutex::default(),
            data: None,
            listen: ANY_PORT.to_owned(),
        };
        other.data = Some(self.data_dir());
        other.start();
        other
    }

    /// Starts the service and waits for its ready line.
    pub fn start(&mut self) {
        self.start_with(&[]);
    }

    /// The same, with more environment for this run only.
    pub fn start_with(&mut self, env: &[(&str, &str)]) {
        let log = std::fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut child = self
            .command()
            .args(["serve", "--listen", &self.listen])
            .envs(env.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        printed.read_line(&mut line).unwrap();
        let mut kept = std::fs::File::options().create(true).append(true).open(self.path("stdout")).unwrap();
        kept.write_all(line.as_bytes()).unwrap();
        std::thread::spawn(move || std::io::copy(&mut printed, &mut kept));
        self.child = Some(child);
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not ready: {}", self.log()));
        self.url = ready["url"].as_str().unwrap().to_owned();
    }

    /// Configures it by this file from its next start on.
    pub fn configure(&mut self, text: &str) {
        let file = self.path("leeward.toml");
        std::fs::write(&file, text).unwrap();
        self.env.retain(|(name, _)| name != "LEEWARD_CONFIG");
        self.env.push(("LEEWARD_CONFIG".to_owned(), file.display().to_string()));
    }

    /// The PostgreSQL database, if it runs on one.
    pub fn database_url(&self) -> Option<&str> {
        self.env.iter().find(|(name, _)| name == "LEEWARD__DATABASE__URL").map(|(_, url)| url.as_str())
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The service's process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// SIGTERM, and the exit status it leads to.
    pub fn terminate(&mut self) -> Option<i32> {
        let mut child = self.child.take().unwrap();
        let killed = Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(killed.success());
        child.wait().unwrap().code()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let response = self.request(Method::POST, path).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// A chat completion of one user message.
    pub async fn ask(&self, content: &str) -> (u16, Value) {
        self.post("/v1/chat/completions", &json!({"model": MODEL, "messages": [{"role": "user", "content": content}]}))
            .await
    }

    /// The audit records of one event, newest first.
    pub async fn records(&self, event: &str) -> Vec<Value> {
        let page = self.get(&format!("/api/audit?event={event}&limit=200")).await;
        page["items"].as_array().unwrap().iter().map(|item| item["record"].clone()).collect()
    }

    /// Signs in; a one-time password is replaced by [`own`] on the way, and known to be from then on.
    pub async fn sign_in(&self, email: &str, password: &str) -> Browser {
        let own = own(password);
        let replaced = self.replaced.lock().unwrap().contains(password);
        let mut browser = self.begin(email, if replaced { &own } else { password }).await;
        if browser.info["stage"] == "change_password" {
            let change = json!({"current_password": password, "new_password": own});
            let (status, info) = browser.send(Method::POST, "/auth/password", Some(&change)).await;
            assert_eq!(status, 200, "{info}");
            browser.now(info);
            self.replaced.lock().unwrap().insert(password.to_owned());
        }
        browser
    }

    /// The first step of signing in, whatever the next one is.
    pub async fn begin(&self, email: &str, password: &str) -> Browser {
        let body = json!({"email": email, "password": password});
        let (status, browser) = self.enter("/auth/login", &body).await;
        assert_eq!(status, 200, "{}", browser.info);
        browser
    }

    /// Posts to a route that opens a session, in a browser of its own.
    pub async fn enter(&self, path: &str, body: &Value) -> (u16, Browser) {
        let http = reqwest::Client::builder().cookie_store(true).timeout(Duration::from_secs(60)).build().unwrap();
        let response = http.post(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        let status = response.status().as_u16();
        let info: Value = response.json().await.unwrap_or_default();
        let csrf = info["csrf_token"].as_str().unwrap_or_default().to_owned();
        (status, Browser { http, csrf, info, url: self.url.clone() })
    }

    /// A member of the tenant, signed in: their id and browser.
    pub async fn member(&self, email: &str, roles: &[&str]) -> (String, Browser) {
        let (id, password) = self.person(email, roles).await;
        (id, self.sign_in(email, &password).await)
    }

    /// A new member of the tenant: their id and one-time password.
    pub async fn person(&self, email: &str, roles: &[&str]) -> (String, String) {
        let (status, made) = self.post("/api/users", &json!({"email": email, "roles": roles})).await;
        assert_eq!(status, 201, "{made}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["user"]["id"]), text(&made["one_time_password"]))
    }

    pub async fn admin(&self) -> Browser {
        self.sign_in(ADMIN, &self.password).await
    }

    /// A security officer of the tenant, signed in.
    pub async fn officer(&self) -> Browser {
        self.member("officer@demo.example", &["security_officer"]).await.1
    }

    /// As [`TestApp::officer`], where only `http` gets through.
    pub async fn officer_by(&self, http: reqwest::Client) -> Browser {
        let browser = self.holder_of_all_by(http, "demo", "officer@demo.example").await;
        assert_eq!(browser.info["stage"], "full", "{}", browser.info);
        browser
    }

    /// Somebody who administers a tenant and sets its policies too, made at the command line.
    pub async fn holder_of_all(&self, tenant: &str, email: &str) -> Browser {
        let http = reqwest::Client::builder().cookie_store(true).timeout(Duration::from_secs(60)).build().unwrap();
        self.holder_of_all_by(http, tenant, email).await
    }

    /// A further operator of the appliance, made at the command line.
    pub async fn operator(&self, email: &str) -> Browser {
        let http = reqwest::Client::builder().cookie_store(true).timeout(Duration::from_secs(60)).build().unwrap();
        self.made_by(http, "demo", email, &["--role", "platform_operator"]).await
    }

    async fn holder_of_all_by(&self, http: reqwest::Client, tenant: &str, email: &str) -> Browser {
        self.made_by(http, tenant, email, &["--role", "tenant_admin", "--role", "security_officer"]).await
    }

    async fn made_by(&self, http: reqwest::Client, tenant: &str, email: &str, roles: &[&str]) -> Browser {
        let made = self.cli(&[&["user", "create", "--tenant", tenant, email, "--json"][..], roles].concat());
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let password = made["password"].as_str().unwrap();
        let login = json!({"email": email, "password": password});
        let response = http.post(format!("{}/auth/login", self.url)).json(&login).send().await.unwrap();
        let info: Value = response.json().await.unwrap();
        let csrf = info["csrf_token"].as_str().unwrap_or_else(|| panic!("{info}")).to_owned();
        let mut browser = Browser { http, csrf, info, url: self.url.clone() };
        let change = json!({"current_password": password, "new_password": own(password)});
        let (status, info) = browser.send(Method::POST, "/auth/password", Some(&change)).await;
        assert_eq!(status, 200, "{info}");
        browser.now(info);
        browser
    }

    /// Bytes of every file of the installation, for looking for things that must not be there.
    pub fn disk(&self) -> Vec<u8> {
        fn add(dir: &Path, bytes: &mut Vec<u8>) {
            for entry in std::fs::read_dir(dir).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() { add(&path, bytes) } else { bytes.extend(std::fs::read(path).unwrap()) }
            }
        }
        let mut bytes = Vec::new();
        add(self.dir.path(), &mut bytes);
        bytes
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What a one-time password is replaced by.
pub fn own(one_time: &str) -> String {
    format!("{one_time} and three words")
}

impl Browser {
    /// A browser that was signed in some other way.
    pub fn at(http: reqwest::Client, csrf: String, info: Value, url: &str) -> Self {
        Self { http, csrf, info, url: url.to_owned() }
    }

    /// Goes on with what a step of signing in answered.
    pub fn now(&mut self, info: Value) {
        self.csrf = info["csrf_token"].as_str().unwrap().to_owned();
        self.info = info;
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header("x-csrf-token", &self.csrf)
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }
}

/// The `data:` values of a stream, and the name before each if there is one.
pub fn events(text: &str) -> Vec<(Option<String>, String)> {
    text.split("\n\n")
        .filter_map(|frame| {
            let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
            field("data: ").map(|data| (field("event: "), data))
        })
        .collect()
}
