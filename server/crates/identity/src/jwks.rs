//! Key sets (RFC 7517): read from issuers, written for our own tokens.
//!
//! What cannot be used is left out rather than failing the set: symmetric keys (with one, whoever can check can
//! forge), keys for encryption, unknown kinds. Each key that stays has exactly one algorithm.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde_json::{Value, json};

/// Keys read of one set; issuers publish a handful.
const MAX_KEYS: usize = 64;

/// The text is no key set, or none of its keys can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key set cannot be used: {0}")]
pub struct KeySetError(&'static str);

/// A public key with its one algorithm.
#[derive(Debug, Clone)]
pub struct Key {
    kid: Option<String>,
    pub(crate) algorithm: Algorithm,
    pub(crate) decoding: DecodingKey,
}

/// The keys of one issuer.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<Key>);

impl KeySet {
    /// Reads a set as issuers publish it.
    ///
    /// # Errors
    /// When it is not a set, or has no key that could be used.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        let set: Value = serde_json::from_slice(json).map_err(|_| KeySetError("it is not JSON"))?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(KeySetError("it has no array \"keys\""))?;
        let usable: Vec<Key> = keys.iter().take(MAX_KEYS).filter_map(usable).collect();
        if usable.is_empty() {
            return Err(KeySetError("it has no public key for signatures (RSA, EC P-256 or P-384, Ed25519)"));
        }
        Ok(Self(usable))
    }

    /// A set of Ed25519 keys by name: our own.
    #[must_use]
    pub fn of_ed25519(keys: impl IntoIterator<Item = (String, [u8; 32])>) -> Self {
        let key = |(kid, public): (String, [u8; 32])| Key {
            kid: Some(kid),
            algorithm: Algorithm::EdDSA,
            decoding: DecodingKey::from_ed_der(&public),
        };
        Self(keys.into_iter().map(key).collect())
    }

    pub(crate) fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid.as_deref() == Some(kid))
    }

    /// The key, if there is only one: what a token without a key's name can mean.
    pub(crate) fn only(&self) -> Option<&Key> {
        match self.0.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// An Ed25519 public key as issuers publish it (RFC 8037).
#[must_use]
pub fn ed25519_jwk(kid: &str, public: &[u8; 32]) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(public), "kid": kid, "alg": "EdDSA", "use": "sig"})
}

fn usable(key: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let natural = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(ec) => match ec.curve {
            EllipticCurve::P256 => Algorithm::ES256,
            EllipticCurve::P384 => Algorithm::ES384,
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(okp) if okp.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let algorithm = match jwk.common.key_algorithm {
        None => natural,
        Some(KeyAlgorithm::RS256) => Algorithm::RS256,
        Some(KeyAlgorithm::RS384) => Algorithm::RS384,
        Some(KeyAlgorithm::RS512) => Algorithm::RS512,
        Some(KeyAlgorithm::PS256) => Algorithm::PS256,
        Some(KeyAlgorithm::PS384) => Algorithm::PS384,
        Some(KeyAlgorithm::PS512) => Algorithm::PS512,
        Some(KeyAlgorithm::ES256) => Algorithm::ES256,
        Some(KeyAlgorithm::ES384) => Algorithm::ES384,
        Some(KeyAlgorithm::EdDSA) => Algorithm::EdDSA,
        Some(_) => return None,
    };
    if algorithm.family() != natural.family() {
        return None;
    }
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { kid: jwk.common.key_id, algorithm, decoding })
}
