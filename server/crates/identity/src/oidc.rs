//! OpenID Connect Core 1.0, Discovery 1.0 and Back-Channel Logout 1.0: what is asked and what is believed.
//!
//! The code flow with PKCE (RFC 7636, S256) and nothing else. Pure: the gateway fetches what is named here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leeward_domain::{Ambient, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::{
    jwks::KeySet,
    jwt::{self, Claims, Expected, Refusal},
};

/// The member of `events` that makes a token a logout token.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A logout token that says no end is believed for this long after it was made, in seconds.
const LOGOUT_TOKEN_S: i64 = 300;

/// What a provider says of itself (`/.well-known/openid-configuration`).
#[derive(Debug, Clone, Deserialize)]
pub struct Discovery {
    /// Must be exactly what was configured.
    pub issuer: String,
    /// Where browsers are sent; issuers of workload tokens have none.
    #[serde(default)]
    pub authorization_endpoint: Option<String>,
    /// Where codes are redeemed.
    #[serde(default)]
    pub token_endpoint: Option<String>,
    /// Where the keys are.
    pub jwks_uri: Url,
    /// How a client may authenticate when redeeming; the specification's default is `client_secret_basic`.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// The PKCE methods it knows, if it says.
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
}

/// Why a provider's description is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// It is not the document it should be.
    #[error("its discovery document is malformed: {0}")]
    Malformed(String),
    /// It speaks of another issuer.
    #[error("its discovery document names the issuer {0:?}; set exactly that as the issuer, if it is the right one")]
    Issuer(String),
    /// It lacks what signing in needs.
    #[error("its discovery document names no usable {0}")]
    Endpoint(&'static str),
    /// It does not know S256.
    #[error("it does not offer PKCE with S256")]
    Pkce,
}

impl Discovery {
    /// Reads a discovery document of `issuer`.
    ///
    /// # Errors
    /// When it is malformed, of another issuer (mix-up), or says that it cannot do PKCE.
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, DiscoveryError> {
        let found: Self = serde_json::from_slice(json).map_err(|error| DiscoveryError::Malformed(error.to_string()))?;
        if found.issuer != issuer {
            return Err(DiscoveryError::Issuer(found.issuer.chars().take(200).collect()));
        }
        if found.code_challenge_methods_supported.as_ref().is_some_and(|known| !known.iter().any(|one| one == "S256")) {
            return Err(DiscoveryError::Pkce);
        }
        Ok(found)
    }

    /// Where the document of `issuer` lies.
    ///
    /// # Errors
    /// When `issuer` is no URL.
    pub fn url(issuer: &str) -> Result<Url, url::ParseError> {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')).parse()
    }

    /// Where browsers are sent.
    ///
    /// # Errors
    /// `Endpoint` when there is no such address.
    pub fn authorization_endpoint(&self) -> Result<Url, DiscoveryError> {
        endpoint(self.authorization_endpoint.as_deref(), "authorization_endpoint")
    }

    /// Where codes are redeemed.
    ///
    /// # Errors
    /// `Endpoint` when there is no such address.
    pub fn token_endpoint(&self) -> Result<Url, DiscoveryError> {
        endpoint(self.token_endpoint.as_deref(), "token_endpoint")
    }

    /// Whether the secret goes into the form rather than the header when redeeming.
    #[must_use]
    pub fn secret_in_form(&self) -> bool {
        let knows = |method| {
            self.token_endpoint_auth_methods_supported.as_ref().is_none_or(|all| all.iter().any(|one| one == method))
        };
        !knows("client_secret_basic") && knows("client_secret_post")
    }
}

fn endpoint(text: Option<&str>, name: &'static str) -> Result<Url, DiscoveryError> {
    let url = text.and_then(|text| text.parse::<Url>().ok());
    url.filter(|url| matches!(url.scheme(), "https" | "http")).ok_or(DiscoveryError::Endpoint(name))
}

/// What must be remembered between sending a browser away and its coming back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    nonce: String,
    verifier: String,
}

impl Pending {
    /// Fresh secrets.
    #[must_use]
    pub fn mint(ambient: &Ambient) -> Self {
        let secret = || URL_SAFE_NO_PAD.encode(ambient.bytes::<32>());
        Self { nonce: secret(), verifier: secret() }
    }

    /// PKCE's proof, to be sent with the code.
    #[must_use]
    pub fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Where to send the browser, from the provider's authorization `endpoint`.
    #[must_use]
    pub fn authorization_url(
        &self,
        endpoint: Url,
        client_id: &str,
        redirect_uri: &str,
        scopes: &str,
        state: &str,
    ) -> Url {
        let mut url = endpoint;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", scopes)
            .append_pair("state", state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        url
    }

    /// Takes the ID token that came for the code (OpenID Connect Core, section 3.1.3.7).
    ///
    /// # Errors
    /// As [`jwt::verify`]; also when the nonce is not ours or the token was made for another party.
    pub fn id_token(
        &self,
        token: &str,
        keys: &KeySet,
        issuer: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Result<Claims, Refusal> {
        let expected =
            Expected { issuer, audience: client_id, kinds: &["", "jwt"], requires: &["exp", "iat", "sub"], now };
        let claims = jwt::verify(token, keys, &expected)?;
        if claims.text("nonce") != Some(&self.nonce) {
            return Err(Refusal::Claim("nonce"));
        }
        let party = claims.text("azp");
        if party.is_some_and(|party| party != client_id) || (claims.audiences > 1 && party.is_none()) {
            return Err(Refusal::Audience);
        }
        Ok(claims)
    }
}

/// What a logout token ends: one session of the provider's, or all of a subject's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logout {
    /// Whose.
    pub subject: Option<String>,
    /// Which.
    pub session: Option<String>,
    /// The token's own name: it is taken once.
    pub id: String,
    /// Until when its name must be remembered, in seconds since 1970.
    pub remember_until: i64,
}

/// Takes a logout token (Back-Channel Logout 1.0, section 2.6).
///
/// # Errors
/// As [`jwt::verify`]; also without the event, without `sub` and `sid`, or with a nonce (it would be an ID token).
pub fn logout_token(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    client_id: &str,
    now: Timestamp,
) -> Result<Logout, Refusal> {
    let expected =
        Expected { issuer, audience: client_id, kinds: &["", "jwt", "logout+jwt"], requires: &["iat", "jti"], now };
    let claims = jwt::verify(token, keys, &expected)?;
    let event = claims.all.get("events").and_then(|events| events.get(LOGOUT_EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(Refusal::Claim("events"));
    }
    if claims.all.contains_key("nonce") {
        return Err(Refusal::Claim("nonce"));
    }
    let session = claims.text("sid").filter(|sid| !sid.is_empty()).map(str::to_owned);
    if claims.subject.is_none() && session.is_none() {
        return Err(Refusal::Claim("sub"));
    }
    let made = claims.issued_at.ok_or(Refusal::Claim("iat"))?;
    if made + LOGOUT_TOKEN_S + jwt::LEEWAY_S <= now.unix_seconds() {
        return Err(Refusal::Expired);
    }
    let remember_until = made + LOGOUT_TOKEN_S + 2 * jwt::LEEWAY_S;
    let id = claims.id.ok_or(Refusal::Claim("jti"))?;
    Ok(Logout { subject: claims.subject, session, id, remember_until })
}

/// The groups a claim lists: an array of strings, or one string. Absent, or of another type, is `None`, which is
/// not the same as an empty list.
#[must_use]
pub fn groups(claims: &serde_json::Map<String, Value>, claim: &str) -> Option<Vec<String>> {
    match claims.get(claim)? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => Some(many.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()),
        _ => None,
    }
}
