//! What leaves this process: to identity providers, issuers, key providers and audit sinks, nowhere undeclared.
//!
//! Nothing is dialled that the operator has not listed (`outbound.allow`) or declared as a sink (`audit.sinks`) or as the
//! traces' collector; unset means nothing. Redirects are not followed and proxies of the environment are ignored, and [`guard`] checks the address
//! that a name leads to, so the address checked is the address asked. Every request has a deadline and every answer a
//! bound. Here is HTTP; [`stream`] is for other protocols, [`tls`] for whom either trusts. To reach something new:
//! through here. [`self_test`] tries at every start what must fail. The client of directories (LDAP) is its own; it is checked with [`Outbound::check`] and dials with the
//! [`Guard`].

pub mod guard;
mod self_test;
mod stream;
pub mod tls;

use std::{net::IpAddr, sync::Arc, time::Duration};

use actix_web::web::Bytes;
pub use guard::Guard;
use leeward_domain::Sha256Digest;
use quick_cache::sync::Cache;
use reqwest::{Certificate, Client, Identity, RequestBuilder, header::HeaderMap, redirect::Policy};
pub use self_test::{Finding, SelfTest};
pub use stream::Stream;
pub use tls::Trust;
use url::Url;
use zeroize::Zeroizing;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a whole exchange may take.
const WHOLE: Duration = Duration::from_secs(8);
/// The largest answer read, in bytes: key sets and discovery documents are a few KiB.
const MAX_BYTES: usize = 512 * 1024;
/// The largest answer read from a key provider: a wrapped key is some hundred bytes.
const MAX_SECRET: usize = 64 * 1024;
/// Clients kept for different certificate authorities.
const CLIENTS: usize = 64;

/// Why nothing came back. The message says what to do; it holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// The operator has not listed it.
    #[error("this appliance may not connect to {0}; the operator can list it under outbound.allow")]
    NotAllowed(String),
    /// The operator has listed it, but not the network its address is in.
    #[error("this appliance does not connect to the address of {0} (outbound.networks)")]
    Forbidden(String),
    /// No connection, or it broke.
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// It took too long.
    #[error("{0} did not answer within 8 s")]
    Timeout(String),
    /// It took longer than its own deadline, in seconds.
    #[error("{0} did not take it within {1} s")]
    Slow(String, u64),
    /// The answer is larger than anything sensible.
    #[error("{0} answered with more than {1} bytes")]
    TooLarge(String, usize),
    /// It answered with an error.
    #[error("{0} answered with status {1}")]
    Status(String, u16),
    /// The certificate authorities given cannot be read.
    #[error("ca_pem holds no certificate that can be read")]
    Certificates,
    /// Our own certificate or its key cannot be read.
    #[error("the certificate and key to show cannot be read")]
    Identity,
}

/// The client, with the list of where it may go.
#[derive(Debug, Clone)]
pub struct Outbound {
    allowed: Arc<[String]>,
    guard: Guard,
    clients: Arc<Cache<Sha256Digest, Client>>,
}

impl Outbound {
    /// A client that may go to `allowed`, origins such as `https://login.example.org`, at addresses `guard` permits.
    #[must_use]
    pub fn new(allowed: &[Url], guard: Guard) -> Self {
        Self { allowed: allowed.iter().map(origin).collect(), guard, clients: Arc::new(Cache::new(CLIENTS)) }
    }

    /// What checks the addresses that are dialled.
    #[must_use]
    pub const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Whether an address may be dialled.
    ///
    /// # Errors
    /// `NotAllowed` when the operator has not listed its scheme, host and port; `Forbidden` for an address written as
    /// numbers that is in none of the networks.
    pub fn check(&self, url: &Url) -> Result<(), OutboundError> {
        let origin = origin(url);
        // An address with credentials in it is never one that was declared.
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || !self.allowed.contains(&origin) {
            return Err(OutboundError::NotAllowed(origin));
        }
        let numbers: Option<IpAddr> = bare_host(url).parse().ok();
        if numbers.is_some_and(|address| !self.guard.permits(address)) {
            return Err(OutboundError::Forbidden(origin));
        }
        Ok(())
    }

    /// Fetches a document.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn get(&self, url: &Url, ca_pem: Option<&str>) -> Result<Vec<u8>, OutboundError> {
        let request = self.client(url, ca_pem, None)?.get(url.clone()).header("accept", "application/json");
        match exchange(url, request, MAX_BYTES).await? {
            (200, body) => Ok(body),
            (status, _) => Err(OutboundError::Status(origin(url), status)),
        }
    }

    /// Posts a form; gives the status and the body, whatever the status is.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn post_form(
        &self,
        url: &Url,
        ca_pem: Option<&str>,
        basic: Option<(&str, &str)>,
        form: &[(&str, &str)],
    ) -> Result<(u16, Vec<u8>), OutboundError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = self
            .client(url, ca_pem, None)?
            .post(url.clone())
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        if let Some((name, secret)) = basic {
            request = request.basic_auth(name, Some(secret));
        }
        exchange(url, request, MAX_BYTES).await
    }

    /// Posts JSON; gives the status and the body, whatever the status is.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn post_json(
        &self,
        url: &Url,
        trust: &Trust,
        bearer: Option<&str>,
        body: String,
    ) -> Result<(u16, Vec<u8>), OutboundError> {
        let identity = trust.identity_pem.as_ref();
        let client = self.client(url, trust.ca_pem.as_deref(), identity)?;
        let mut request = client.post(url.clone()).header("content-type", "application/json").body(body);
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        exchange(url, request, MAX_BYTES).await
    }

    /// Posts text; gives the status and the body, whatever the status is.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn post_text(&self, url: &Url, trust: &Trust, body: String) -> Result<(u16, Vec<u8>), OutboundError> {
        let client = self.client(url, trust.ca_pem.as_deref(), trust.identity_pem.as_ref())?;
        let request = client.post(url.clone()).header("content-type", "text/plain; charset=utf-8").body(body);
        exchange(url, request, MAX_BYTES).await
    }

    /// Posts bytes under headers that say what they are; gives the status and the body, whatever the status is.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn post_bytes(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<(u16, Vec<u8>), OutboundError> {
        exchange(url, self.client(url, None, None)?.post(url.clone()).headers(headers).body(body), MAX_BYTES).await
    }

    /// Posts JSON that holds a secret, with a token in a header of this name; gives the status and the body, whatever
    /// the status is. Both bodies are wiped.
    ///
    /// # Errors
    /// As the variants say.
    pub async fn post_secret(
        &self,
        url: &Url,
        trust: &Trust,
        token: (&str, &str),
        body: Zeroizing<Vec<u8>>,
    ) -> Result<(u16, Zeroizing<Vec<u8>>), OutboundError> {
        let client = self.client(url, trust.ca_pem.as_deref(), trust.identity_pem.as_ref())?;
        let request = client
            .post(url.clone())
            .header("content-type", "application/json")
            .header(token.0, token.1)
            .body(Bytes::from_owner(body));
        let (status, body) = exchange(url, request, MAX_SECRET).await?;
        Ok((status, Zeroizing::new(body)))
    }

    fn client(
        &self,
        url: &Url,
        ca_pem: Option<&str>,
        identity: Option<&(String, String)>,
    ) -> Result<Client, OutboundError> {
        self.check(url)?;
        let shown = identity.map(|(certificate, key)| format!("{certificate}\n{key}\n")).unwrap_or_default();
        let key = Sha256Digest::of(format!("{shown}{}", ca_pem.unwrap_or_default()).as_bytes());
        if let Some(client) = self.clients.get(&key) {
            return Ok(client);
        }
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(self.guard.clone())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .pool_max_idle_per_host(2)
            .user_agent(concat!("leeward/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = ca_pem {
            let roots = Certificate::from_pem_bundle(pem.as_bytes()).map_err(|_| OutboundError::Certificates)?;
            if roots.is_empty() {
                return Err(OutboundError::Certificates);
            }
            builder = builder.tls_certs_only(roots);
        }
        if !shown.is_empty() {
            builder = builder.identity(Identity::from_pem(shown.as_bytes()).map_err(|_| OutboundError::Identity)?);
        }
        let client = builder.build().map_err(|_| OutboundError::Certificates)?;
        self.clients.insert(key, client.clone());
        Ok(client)
    }
}

/// The host without the brackets of an IPv6 address.
fn bare_host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Scheme, host and port, as compared and as shown.
fn origin(url: &Url) -> String {
    let port = url.port_or_known_default().or(match url.scheme() {
        "ldaps" => Some(636),
        "ldap" => Some(389),
        _ => None,
    });
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    format!("{}://{host}:{}", url.scheme(), port.unwrap_or_default())
}

async fn exchange(url: &Url, request: RequestBuilder, limit: usize) -> Result<(u16, Vec<u8>), OutboundError> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            return OutboundError::Timeout(origin(url));
        }
        // The innermost cause is the one that says something; the outer ones repeat the address.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        OutboundError::Unreachable(origin(url), cause.to_string())
    };
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > limit {
            return Err(OutboundError::TooLarge(origin(url), limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_may_be_dialled() {
        let url = |text: &str| text.parse::<Url>().expect("url");
        let outbound =
            Outbound::new(&[url("https://login.example.org"), url("ldaps://dc1.example.org")], Guard::default());
        for good in ["https://login.example.org/a?b", "https://LOGIN.example.org:443/", "ldaps://dc1.example.org:636"] {
            assert_eq!(outbound.check(&url(good)), Ok(()), "{good}");
        }
        for bad in [
            "http://login.example.org/",
            "https://login.example.org:444/",
            "https://login.example.org.evil.example/",
            "https://login.example.org@evil.example/",
            "https://u:p@login.example.org/",
            "https://203.0.113.7/",
            "https://[::ffff:203.0.113.7]/",
            "ldap://dc1.example.org",
        ] {
            assert!(matches!(outbound.check(&url(bad)), Err(OutboundError::NotAllowed(_))), "{bad}");
        }
        assert!(Outbound::new(&[], Guard::default()).check(&url("https://login.example.org")).is_err());
    }
}
