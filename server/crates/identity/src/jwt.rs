//! JSON Web Tokens, checked and made in one place: ID tokens, logout tokens, workload tokens, our own.
//!
//! [`verify`] is strict where libraries are lenient (RFC 8725): a key has one algorithm and never a symmetric
//! one, a token may not bring its own key or say where to fetch one, times are numbers, and what an
//! [`Expected`] asks for must be there. The clock is the caller's. The signature itself is checked by
//! `jsonwebtoken` with aws-lc-rs. To check a further kind of token: an [`Expected`] for it. Left out: fetching
//! keys, remembering used tokens.

use jsonwebtoken::{EncodingKey, Header, Validation, decode, encode};
use leeward_domain::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::jwks::{Key, KeySet};

pub use jsonwebtoken::Algorithm;

/// The longest token read, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// How far two clocks may be apart, in seconds.
pub const LEEWAY_S: i64 = 60;
/// The longest claim that names somebody or something, in bytes.
const MAX_NAME_BYTES: usize = 1024;

/// Why a token is not taken. The message never holds the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not three parts of base64url that hold JSON.
    #[error("it is not a signed JSON Web Token")]
    Malformed,
    /// It is longer than [`MAX_TOKEN_BYTES`].
    #[error("it is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// The algorithm is none, symmetric, or not the key's.
    #[error("its algorithm is not the one of the issuer's key")]
    Algorithm,
    /// The header holds a key, or says where to get one, or demands an extension.
    #[error("its header holds {0:?}, which is never followed")]
    Header(&'static str),
    /// The issuer has no such key, as far as is known.
    #[error("it is signed with a key that the issuer does not publish")]
    UnknownKey,
    /// The signature does not fit.
    #[error("its signature is wrong")]
    Signature,
    /// It is another kind of token (`typ`).
    #[error("it is another kind of token")]
    Kind,
    /// A claim is missing or of the wrong type.
    #[error("its claim {0:?} is missing or malformed")]
    Claim(&'static str),
    /// Somebody else issued it.
    #[error("it is from another issuer")]
    Issuer,
    /// It is meant for somebody else.
    #[error("it is meant for another audience")]
    Audience,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet; compare the clocks of both machines")]
    NotYetValid,
}

/// What a token must be.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// `iss`, exactly.
    pub issuer: &'a str,
    /// What `aud` must name.
    pub audience: &'a str,
    /// The values of `typ` that will do, lower case without `application/`; a token without one will do if
    /// the empty string is among them.
    pub kinds: &'a [&'a str],
    /// Claims that must be there, of `exp`, `nbf`, `iat`, `jti` and `sub`. Those that are there are checked in
    /// any case.
    pub requires: &'a [&'static str],
    /// Now.
    pub now: Timestamp,
}

/// The claims of a token that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Who it is about.
    pub subject: Option<String>,
    /// Its own name.
    pub id: Option<String>,
    /// When it ends, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// When it was made, in seconds since 1970.
    pub issued_at: Option<i64>,
    /// How many audiences it has.
    pub audiences: usize,
    /// Everything it says.
    pub all: Map<String, Value>,
}

impl Claims {
    /// A claim that is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name).and_then(Value::as_str)
    }
}

/// Takes a token or says why not.
///
/// # Errors
/// Each rule broken has its own [`Refusal`]; [`Refusal::UnknownKey`] may be cured by fetching the issuer's keys
/// again.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<Claims, Refusal> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Refusal::TooLong);
    }
    let header = header(token)?;
    check_kind(&header, expected.kinds)?;
    let key = find_key(keys, &header)?;
    let mut validation = Validation::new(key.algorithm);
    validation.required_spec_claims.clear();
    // Checked below, against the caller's clock and with stricter types.
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    let all = decode::<Map<String, Value>>(token, &key.decoding, &validation).map_err(refusal)?.claims;
    check_claims(all, expected)
}

/// Reads who issued a token, before anything of it is believed: to find out whose keys to check it with.
#[must_use]
pub fn unverified_issuer(token: &str) -> Option<(String, Vec<String>)> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Map<String, Value>>(token).ok()?;
    let issuer = claims.get("iss")?.as_str()?.to_owned();
    Some((issuer, audiences(&claims).ok()?))
}

fn header(token: &str) -> Result<Header, Refusal> {
    // The library's enum of algorithms has no "none": such a token does not parse.
    let header = jsonwebtoken::decode_header(token).map_err(refusal)?;
    let forbidden = [
        (header.jwk.is_some(), "jwk"),
        (header.jku.is_some(), "jku"),
        (header.x5u.is_some(), "x5u"),
        (header.x5c.is_some(), "x5c"),
        (header.crit.is_some(), "crit"),
    ];
    match forbidden.into_iter().find(|(there, _)| *there) {
        Some((_, name)) => Err(Refusal::Header(name)),
        None => Ok(header),
    }
}

fn check_kind(header: &Header, kinds: &[&str]) -> Result<(), Refusal> {
    let kind = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    let kind = kind.strip_prefix("application/").unwrap_or(&kind);
    if kinds.contains(&kind) { Ok(()) } else { Err(Refusal::Kind) }
}

fn find_key<'a>(keys: &'a KeySet, header: &Header) -> Result<&'a Key, Refusal> {
    let key = match &header.kid {
        // A key's name is compared, never opened as a file or put into a query.
        Some(kid) => keys.find(kid).ok_or(Refusal::UnknownKey)?,
        None => keys.only().ok_or(Refusal::UnknownKey)?,
    };
    if key.algorithm == header.alg { Ok(key) } else { Err(Refusal::Algorithm) }
}

fn check_claims(all: Map<String, Value>, expected: &Expected<'_>) -> Result<Claims, Refusal> {
    if all.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(if all.get("iss").is_some_and(Value::is_string) { Refusal::Issuer } else { Refusal::Claim("iss") });
    }
    let audiences = audiences(&all)?;
    if !audiences.iter().any(|audience| audience == expected.audience) {
        return Err(Refusal::Audience);
    }
    let now = expected.now.unix_seconds();
    let time = |name: &'static str| match all.get(name) {
        None => Ok(None),
        // A date as text, or far out of range, is no date.
        Some(value) => seconds(value).map(Some).ok_or(Refusal::Claim(name)),
    };
    let (expires_at, not_before, issued_at) = (time("exp")?, time("nbf")?, time("iat")?);
    if expires_at.is_some_and(|end| end + LEEWAY_S <= now) {
        return Err(Refusal::Expired);
    }
    if [not_before, issued_at].into_iter().flatten().any(|start| start - LEEWAY_S > now) {
        return Err(Refusal::NotYetValid);
    }
    let text = |name: &'static str| match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() && text.len() <= MAX_NAME_BYTES => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::Claim(name)),
    };
    let (subject, id) = (text("sub")?, text("jti")?);
    if let Some(missing) = expected.requires.iter().find(|name| !all.contains_key(**name)) {
        return Err(Refusal::Claim(missing));
    }
    Ok(Claims { subject, id, expires_at, issued_at, audiences: audiences.len(), all })
}

/// RFC 7519's NumericDate: whole seconds or with a fraction, within a span that arithmetic survives.
fn seconds(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    #[expect(clippy::cast_possible_truncation, reason = "seconds; the range is checked next")]
    let whole = number.as_i64().or_else(|| number.as_f64().filter(|f| f.is_finite()).map(|f| f.floor() as i64))?;
    (0..=1_i64 << 40).contains(&whole).then_some(whole)
}

fn audiences(all: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let wrong = Refusal::Claim("aud");
    match all.get("aud") {
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(many)) if many.len() <= 64 => {
            many.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(|| wrong.clone())).collect()
        }
        _ => Err(wrong),
    }
}

fn refusal(error: jsonwebtoken::errors::Error) -> Refusal {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => Refusal::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::InvalidKeyFormat => {
            Refusal::Algorithm
        }
        _ => Refusal::Malformed,
    }
}

/// A key of ours that signs tokens with Ed25519 (RFC 8037).
pub struct TokenSigner {
    kid: String,
    key: EncodingKey,
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSigner").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Signing failed; never with a sound key.
#[derive(Debug, thiserror::Error)]
#[error("the token could not be signed: {0}")]
pub struct SigningError(#[from] jsonwebtoken::errors::Error);

impl TokenSigner {
    /// From the key's seed (RFC 8032), under the name its public half is published with.
    #[must_use]
    pub fn from_seed(kid: String, seed: &[u8; 32]) -> Self {
        // PKCS #8 for Ed25519 (RFC 8410) is a fixed frame around the seed.
        const FRAME: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let pkcs8 = Zeroizing::new([FRAME.as_slice(), seed].concat());
        Self { kid, key: EncodingKey::from_ed_der(&pkcs8) }
    }

    /// Signs `claims` as a token of kind `typ`.
    ///
    /// # Errors
    /// Never with a sound key.
    pub fn sign(&self, typ: &str, claims: &Map<String, Value>) -> Result<String, SigningError> {
        let mut header = Header::new(Algorithm::EdDSA);
        (header.typ, header.kid) = (Some(typ.to_owned()), Some(self.kid.clone()));
        Ok(encode(&header, claims, &self.key)?)
    }
}
