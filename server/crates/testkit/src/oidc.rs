//! A real OpenID provider that a test can turn: `server/tests/peers/oidc`, as a process of its own.
//!
//! What each door takes is written in `server/tests/peers/oidc/control.mjs`; bodies and answers are JSON as they
//! stand there. The provider ends when this process does, killed included. To add a door: an entry there, a
//! method here. Left out: a rendering browser. [`Browser`] follows redirects and confirms logouts, no more.
//!
//! Everything here panics when the provider does not do as it is told: that is a failed test.

use std::{fmt, process::Stdio, time::Duration};

use reqwest::{Client, Method, Response, redirect::Policy};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};
use url::{Url, form_urlencoded};

/// Where the provider lies, in the `server` folder.
const HOME: &str = "tests/peers/oidc";
/// For the start of a process, and for one request; both take a fraction of a second.
const DEADLINE: Duration = Duration::from_secs(60);
const REDIRECTS_MAX: usize = 20;

/// A running provider. Killed when dropped.
pub struct OidcPeer {
    /// Its issuer, which is also where it listens: `http://127.0.0.1:PORT`.
    pub issuer: String,
    http: Client,
    /// Holds the pipe whose end stops the provider.
    _child: Child,
}

impl OidcPeer {
    /// Starts a provider without clients or users.
    pub async fn start() -> Self {
        let home = crate::server_dir().join(HOME);
        assert!(
            home.join("node_modules/oidc-provider").is_dir(),
            "the oidc peer's packages are not installed; run: npm --prefix server/tests/peers/oidc ci"
        );
        let child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(&home)
            .env("PORT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A Ctrl-C at the terminal is for the tests; the provider hears of it through the pipe.
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let mut child = sound("start (it needs Node.js 20 or newer)", child);
        let Some(stdout) = child.stdout.take() else { panic!("the oidc peer has no standard output") };
        let mut ready = String::new();
        let read = sound("start", timeout(DEADLINE, BufReader::new(stdout).read_line(&mut ready)).await);
        sound("start", read);
        assert!(!ready.is_empty(), "the oidc peer did not start; what it said is on standard error");
        let ready: Value = sound("start", serde_json::from_str(&ready));
        Self { issuer: text(&ready, "issuer"), http: client(false), _child: child }
    }

    /// Registers a client, or replaces the one of the same `client_id`: OpenID client metadata
    /// (`client_secret`, `redirect_uris`, `backchannel_logout_uri`, `id_token_signed_response_alg`, …).
    pub async fn add_client(&self, metadata: &Value) {
        self.door(Method::POST, "clients", Some(metadata)).await;
    }

    /// Sets a user's claims: `email`, `email_verified`, `name`, `groups`. One that is absent is absent from the
    /// tokens too. `password` is no claim: the login page then asks for it.
    pub async fn set_user(&self, sub: &str, claims: &Value) {
        self.call(Method::PUT, self.user(sub), Some(claims)).await;
    }

    /// Removes a user: no further login, no further tokens.
    pub async fn remove_user(&self, sub: &str) {
        self.call(Method::DELETE, self.user(sub), None).await;
    }

    /// Signs with fresh keys from now on, and publishes the old ones no longer unless `keep_old`. Gives the ids
    /// now in use, by algorithm (`RS256`, `ES256`, `EdDSA`).
    pub async fn rotate_keys(&self, keep_old: bool) -> Value {
        self.door(Method::POST, "rotate-keys", Some(&json!({"keep_old": keep_old}))).await["kids"].take()
    }

    /// Posts a logout token to a client: `{client_id, sub, sid, tamper}`. Gives what the client answered,
    /// `{status, body}`, and its second answer in `again` when the tampering was `replay`.
    pub async fn backchannel_logout(&self, order: &Value) -> Value {
        self.door(Method::POST, "backchannel-logout", Some(order)).await
    }

    /// Signs any claims: `{claims, header, key, secret}`.
    pub async fn token(&self, order: &Value) -> String {
        text(&self.door(Method::POST, "token", Some(order)).await, "token")
    }

    /// Makes an endpoint (`token`, `jwks`, `discovery`, `userinfo`) fail (`500`, `hang`, `garbage`, `huge`,
    /// `redirect`) until it is `ok` again.
    pub async fn fail(&self, endpoint: &str, mode: &str) {
        self.door(Method::POST, "fail", Some(&json!({"endpoint": endpoint, "mode": mode}))).await;
    }

    /// Alters answers until each is set to null: `id_token` is `{claims, header, key, secret}`; `token`, `jwks`,
    /// `discovery` and `userinfo` are laid over the answer, where null removes a member.
    pub async fn tamper(&self, wanted: &Value) {
        self.door(Method::POST, "tamper", Some(wanted)).await;
    }

    /// How often `path` was asked for with `method` since the start.
    pub async fn requests(&self, method: &str, path: &str) -> usize {
        let log = self.door(Method::GET, "log", None).await;
        let all = log["requests"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|request| request["method"] == method && request["path"] == path).count()
    }

    /// The sessions that stand, `{sub, client_id, sid}`: one per client a browser logged in at.
    pub async fn sessions(&self) -> Vec<Value> {
        match self.door(Method::GET, "sessions", None).await["sessions"].take() {
            Value::Array(sessions) => sessions,
            other => panic!("the oidc peer, sessions: {other}"),
        }
    }

    /// A browser that was never here.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser { http: client(true), home: sound("issuer", Url::parse(&self.issuer)) }
    }

    /// Logs a user in with a browser of its own: [`Browser::authorize`].
    pub async fn authorize(&self, url: &str, login_hint: &str) -> String {
        self.browser().authorize(url, login_hint).await
    }

    async fn door(&self, method: Method, name: &str, body: Option<&Value>) -> Value {
        let url = sound("issuer", Url::parse(&format!("{}/control/{name}", self.issuer)));
        self.call(method, url, body).await
    }

    async fn call(&self, method: Method, url: Url, body: Option<&Value>) -> Value {
        let what = format!("{method} {url}");
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = sound(&what, request.send().await);
        let status = response.status();
        let answer: Value = sound(&what, response.json().await);
        assert!(status.is_success(), "the oidc peer, {what}: {status} {answer}");
        answer
    }

    /// The address of a user, whatever is in the name.
    fn user(&self, sub: &str) -> Url {
        let mut url = sound("issuer", Url::parse(&self.issuer));
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(["control", "users", sub]);
        }
        url
    }
}

/// A browser at the provider: keeps its cookies, so that its session there stands from one call to the next.
pub struct Browser {
    http: Client,
    home: Url,
}

/// Where a walk through the provider ended.
enum End {
    /// It was sent elsewhere.
    Left(String),
    /// On a page: status and text.
    Page(u16, String),
}

impl Browser {
    /// Goes to `url`, the authorization request a relying party redirects to, as the user `login_hint`, and on to
    /// where the provider sends the browser in the end: the relying party's callback with all its parameters. A
    /// session of another user is ended on the way.
    pub async fn authorize(&self, url: &str, login_hint: &str) -> String {
        let mut url = sound(url, Url::parse(url));
        url.query_pairs_mut().append_pair("login_hint", login_hint);
        match self.walk(url).await {
            End::Left(callback) => callback,
            End::Page(status, page) => panic!("the oidc peer showed {login_hint} a page, {status}: {page}"),
        }
    }

    /// Ends the session at the provider, which tells every client with a back-channel logout address before this
    /// returns. `url` is the address a relying party redirects to, or the bare `/session/end`. Gives where the
    /// browser was sent, if that is elsewhere.
    pub async fn end_session(&self, url: Option<&str>) -> Option<String> {
        let bare = sound("issuer", self.home.join("/session/end"));
        match self.walk(url.map_or(bare, |url| sound(url, Url::parse(url)))).await {
            End::Left(url) => Some(url),
            End::Page(200, _) => None,
            End::Page(status, page) => panic!("the oidc peer did not end the session, {status}: {page}"),
        }
    }

    /// Follows redirects, and confirms the end of a session where it is asked to.
    async fn walk(&self, mut url: Url) -> End {
        let mut response = self.get(&url).await;
        for _ in 0..REDIRECTS_MAX {
            if response.status().is_redirection() {
                let location = response.headers().get("location").and_then(|value| value.to_str().ok());
                url = sound(url.as_str(), url.join(location.unwrap_or_default()));
                if url.origin() != self.home.origin() {
                    return End::Left(url.into());
                }
                response = self.get(&url).await;
                continue;
            }
            let status = response.status().as_u16();
            let page = sound(url.as_str(), response.text().await);
            let Some(secret) = confirmation(&page) else { return End::Page(status, page) };
            url = sound("issuer", self.home.join("/session/end/confirm"));
            let form = form_urlencoded::Serializer::new(String::new())
                .append_pair("xsrf", secret)
                .append_pair("logout", "yes")
                .finish();
            let post = self.http.post(url.clone()).header("content-type", "application/x-www-form-urlencoded");
            response = sound(url.as_str(), post.body(form).send().await);
        }
        panic!("the oidc peer redirects in circles, the last time to {url}")
    }

    async fn get(&self, url: &Url) -> Response {
        assert!(url.origin() == self.home.origin(), "{url} is not at the oidc peer, {}", self.home);
        sound(url.as_str(), self.http.get(url.clone()).send().await)
    }
}

/// The secret of a page that asks whether to end the session.
fn confirmation(page: &str) -> Option<&str> {
    page.split_once("name=\"xsrf\" value=\"")?.1.split_once('"').map(|(secret, _)| secret)
}

fn client(cookies: bool) -> Client {
    let builder = Client::builder().cookie_store(cookies).redirect(Policy::none()).no_proxy().timeout(DEADLINE);
    sound("HTTP client", builder.build())
}

fn text(answer: &Value, member: &str) -> String {
    match answer[member].as_str() {
        Some(text) => text.to_owned(),
        None => panic!("the oidc peer's answer has no {member}: {answer}"),
    }
}

fn sound<T, E: fmt::Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("the oidc peer, {what}: {error}"))
}
