//! Passkeys (WebAuthn Level 3), by the `webauthn-rs` crate: the authenticator must have checked its user.
//!
//! Every ceremony has two halves. The first gives options for the browser and a state; the caller keeps the state
//! where no client reaches it, sealed, for a few minutes, and takes it once: that is what makes an answer good for
//! one sign-in only. Left out: attestation (any make of authenticator will do), and keeping anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        Credential, CredentialID, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
        PublicKeyCredential, RegisterPublicKeyCredential, Uuid,
    },
};

/// Why a ceremony came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The origin or the relying party's id cannot be used.
    #[error("passkeys cannot be used at {origin}: {reason}")]
    Origin {
        /// The origin.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The browser's answer has not the shape of one.
    #[error("the browser's answer cannot be read: {0}")]
    Malformed(String),
    /// The answer was refused: wrong origin, challenge, signature, or a user that was not checked.
    #[error("the passkey was refused: {0}")]
    Refused(String),
    /// What was kept cannot be read back.
    #[error("what was kept of a passkey cannot be read: {0}")]
    Kept(String),
}

/// Who asks for passkeys: bound to one origin.
#[derive(Clone)]
pub struct RelyingParty {
    webauthn: Webauthn,
}

impl std::fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelyingParty").field("origins", &self.webauthn.get_allowed_origins()).finish_non_exhaustive()
    }
}

/// The first half of a ceremony.
#[derive(Debug)]
pub struct Begun {
    /// For the browser: what `navigator.credentials` is given, as JSON.
    pub options: Value,
    /// To be kept, sealed, and taken once.
    pub state: Vec<u8>,
}

/// A passkey that was registered.
#[derive(Debug)]
pub struct Registered {
    /// The authenticator's name for it.
    pub credential_id: Vec<u8>,
    /// To be kept: public key and counters.
    pub credential: Vec<u8>,
}

/// A passkey that was used.
#[derive(Debug)]
pub struct Used {
    /// Which.
    pub credential_id: Vec<u8>,
    /// To be kept from now on, counters moved.
    pub credential: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
enum State {
    Registration(PasskeyRegistration),
    Authentication(PasskeyAuthentication),
    Discoverable(DiscoverableAuthentication),
}

impl RelyingParty {
    /// For `origin`, for example `https://leeward.example.org`. Its host is the relying party's id: passkeys made
    /// here work here only.
    ///
    /// # Errors
    /// `Origin` when it is no origin of a named host; an address will not do, `localhost` will.
    pub fn new(origin: &str, name: &str) -> Result<Self, PasskeyError> {
        let wrong = |reason: String| PasskeyError::Origin { origin: origin.to_owned(), reason };
        let url = Url::parse(origin).map_err(|error| wrong(error.to_string()))?;
        let host = url.domain().ok_or_else(|| wrong("it has no host name (an address will not do)".into()))?;
        let webauthn = WebauthnBuilder::new(host, &url)
            .and_then(|builder| builder.rp_name(name).build())
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self { webauthn })
    }

    /// Begins to register a passkey for a user who has those of `known` already.
    ///
    /// # Errors
    /// `Refused` when the library does.
    pub fn begin_registration(
        &self,
        user: [u8; 16],
        name: &str,
        display_name: &str,
        known: &[Vec<u8>],
    ) -> Result<Begun, PasskeyError> {
        let known = known.iter().map(|id| CredentialID::from(id.clone())).collect();
        let (options, state) = self
            .webauthn
            .start_passkey_registration(Uuid::from_bytes(user), name, display_name, Some(known))
            .map_err(refused)?;
        let mut options = serde_json::to_value(options).map_err(kept)?;
        // Asked for, not demanded: a passkey the authenticator keeps itself can sign in without a name.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred".into();
        Ok(Begun { options, state: serde_json::to_vec(&State::Registration(state)).map_err(kept)? })
    }

    /// Ends a registration.
    ///
    /// # Errors
    /// `Malformed` or `Refused` for the answer, `Kept` for the state.
    pub fn finish_registration(&self, state: &[u8], answer: Value) -> Result<Registered, PasskeyError> {
        let State::Registration(state) = read(state)? else {
            return Err(PasskeyError::Kept("another ceremony".into()));
        };
        let answer: RegisterPublicKeyCredential = serde_json::from_value(answer).map_err(malformed)?;
        let passkey = self.webauthn.finish_passkey_registration(&answer, &state).map_err(refused)?;
        Ok(Registered {
            credential_id: passkey.cred_id().to_vec(),
            credential: serde_json::to_vec(&passkey).map_err(kept)?,
        })
    }

    /// Begins to ask a known user for one of their passkeys.
    ///
    /// # Errors
    /// `Kept` for credentials that cannot be read, `Refused` when there are none.
    pub fn begin_authentication(&self, credentials: &[Vec<u8>]) -> Result<Begun, PasskeyError> {
        let passkeys = credentials.iter().map(|one| read(one)).collect::<Result<Vec<Passkey>, _>>()?;
        let (options, state) = self.webauthn.start_passkey_authentication(&passkeys).map_err(refused)?;
        let options = serde_json::to_value(options).map_err(kept)?;
        Ok(Begun { options, state: serde_json::to_vec(&State::Authentication(state)).map_err(kept)? })
    }

    /// Begins to ask whoever is there for a passkey of theirs.
    ///
    /// # Errors
    /// `Refused` when the library does.
    pub fn begin_discoverable(&self) -> Result<Begun, PasskeyError> {
        let (options, state) = self.webauthn.start_discoverable_authentication().map_err(refused)?;
        let mut options = serde_json::to_value(options).map_err(kept)?;
        // A button of our own asks, not the browser's autofill.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Ok(Begun { options, state: serde_json::to_vec(&State::Discoverable(state)).map_err(kept)? })
    }

    /// The credential id in an answer, to look its passkey up by.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn credential_id(answer: &Value) -> Result<Vec<u8>, PasskeyError> {
        let answer: PublicKeyCredential = serde_json::from_value(answer.clone()).map_err(malformed)?;
        Ok(answer.get_credential_id().to_vec())
    }

    /// Ends an authentication of either kind with the passkey that was kept under the answer's credential id.
    ///
    /// # Errors
    /// `Malformed` or `Refused` for the answer (a counter that went backwards too: the passkey may have been
    /// copied), `Kept` for the state or the credential.
    pub fn finish_authentication(&self, state: &[u8], answer: Value, credential: &[u8]) -> Result<Used, PasskeyError> {
        let answer: PublicKeyCredential = serde_json::from_value(answer).map_err(malformed)?;
        let mut passkey: Passkey = read(credential)?;
        let result = match read(state)? {
            State::Authentication(state) => self.webauthn.finish_passkey_authentication(&answer, &state),
            State::Discoverable(state) => self.webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey),
            State::Registration(_) => return Err(PasskeyError::Kept("another ceremony".into())),
        }
        .map_err(refused)?;
        if !result.user_verified() {
            return Err(PasskeyError::Refused("the authenticator did not check its user".into()));
        }
        // The state of a known user holds the passkey as it was when the ceremony began, and the library asks that
        // one. What counts is what is kept now: the answer may be of another ceremony, or of a copy.
        let kept_counter = Credential::from(passkey.clone()).counter;
        if (kept_counter > 0 || result.counter() > 0) && result.counter() <= kept_counter {
            return Err(PasskeyError::Refused("its counter did not go up: it may have been copied".into()));
        }
        if passkey.update_credential(&result).is_none() {
            return Err(PasskeyError::Refused("the answer is of another passkey".into()));
        }
        Ok(Used { credential_id: result.cred_id().to_vec(), credential: serde_json::to_vec(&passkey).map_err(kept)? })
    }
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, PasskeyError> {
    serde_json::from_slice(bytes).map_err(kept)
}

fn refused(error: impl std::fmt::Display) -> PasskeyError {
    PasskeyError::Refused(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn malformed(error: serde_json::Error) -> PasskeyError {
    PasskeyError::Malformed(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn kept(error: serde_json::Error) -> PasskeyError {
    PasskeyError::Kept(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_needs_a_name() {
        assert!(RelyingParty::new("https://leeward.example.org", "Leeward").is_ok());
        assert!(RelyingParty::new("http://localhost:8080", "Leeward").is_ok());
        for wrong in ["", "leeward", "http://127.0.0.1:8080", "https://[::1]"] {
            assert!(matches!(RelyingParty::new(wrong, "Leeward"), Err(PasskeyError::Origin { .. })), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_answer_is_said_to_be_none() {
        let party = RelyingParty::new("https://leeward.example.org", "Leeward").unwrap();
        let begun = party.begin_registration([7; 16], "ada", "Ada", &[]).unwrap();
        assert_eq!(begun.options["publicKey"]["rp"]["id"], "leeward.example.org");
        assert_eq!(begun.options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
        let answer = party.finish_registration(&begun.state, serde_json::json!({"id": "x"}));
        assert!(matches!(answer, Err(PasskeyError::Malformed(_))));
        let other = party.begin_discoverable().unwrap();
        let answer = party.finish_registration(&other.state, serde_json::json!({}));
        assert!(matches!(answer, Err(PasskeyError::Kept(_))), "a state of one ceremony is nothing in another");
        assert!(party.begin_authentication(&[b"{}".to_vec()]).is_err());
    }
}
