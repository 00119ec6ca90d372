//! A software authenticator: makes passkeys and uses them as a browser would (WebAuthn Level 3), and lies on demand.
//!
//! ES256, attestation "none", no extensions. What a browser and an authenticator check before they answer is not
//! checked: the relying party must not count on it. To add a lie: a field of [`Answer`] or of [`Authenticator`].

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leeward_domain::Sha256Digest;
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;
/// The COSE key of an ES256 public key up to its x: `{1: 2, 3: -7, -1: 1, -2: x, -3: y}` (RFC 9053).
const COSE_HEAD: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];

/// An authenticator with one passkey.
pub struct Authenticator {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    /// Whom it was made for; told when it signs in without a name.
    user: Vec<u8>,
    /// The signature counter of the next answer; it goes up by itself.
    pub counter: u32,
}

/// How to answer; [`Answer::at`] is the honest way.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The page's origin, as the browser names it.
    pub origin: String,
    /// The relying party's id the authenticator signs for.
    pub rp_id: String,
    /// Whether the authenticator checked its user.
    pub verified: bool,
    /// Whether anybody touched it.
    pub present: bool,
    /// What the browser was asked: `webauthn.get` when the passkey is used.
    pub kind: &'static str,
}

impl Answer {
    /// An honest answer at this origin to a relying party of this id.
    #[must_use]
    pub fn at(origin: &str, rp_id: &str) -> Self {
        Self { origin: origin.into(), rp_id: rp_id.into(), verified: true, present: true, kind: "webauthn.get" }
    }

    fn authenticator_data(&self, more: u8, counter: u32) -> Vec<u8> {
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(self.present, USER_PRESENT) | flag(self.verified, USER_VERIFIED) | more;
        let rp = Sha256Digest::of(self.rp_id.as_bytes());
        [rp.as_bytes().as_slice(), &[flags], &counter.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }
}

impl Authenticator {
    /// Makes a passkey for the options of a registration: the authenticator, and what the browser hands back.
    ///
    /// # Panics
    /// When the options name no user, or keys cannot be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
    pub fn register(options: &Value, answer: &Answer) -> (Self, Value) {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let user = options["publicKey"]["user"]["id"].as_str().expect("a user");
        let user = URL_SAFE_NO_PAD.decode(user).expect("a user id in base64url");
        // Nobody checks that it is random, only that it is its own.
        let id = Sha256Digest::of(key.public_key().as_ref()).as_bytes().to_vec();
        let point = key.public_key().as_ref();
        let cose = [&COSE_HEAD, &point[1..33], &[0x22, 0x58, 0x20], &point[33..]].concat();
        let mut data = answer.authenticator_data(ATTESTED, 0);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(&id);
        data.extend(cose);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        let client = answer.client_data("webauthn.create", options);
        let browser = json!({
            "id": URL_SAFE_NO_PAD.encode(&id), "rawId": URL_SAFE_NO_PAD.encode(&id), "type": "public-key",
            "response": {
                "attestationObject": URL_SAFE_NO_PAD.encode(object), "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            },
            "extensions": {},
        });
        (Self { key, id, user, counter: 1 }, browser)
    }

    /// Uses the passkey for the options of a sign-in: what the browser hands back.
    ///
    /// # Panics
    /// When signing fails.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that cannot go on has failed")]
    pub fn assert(&mut self, options: &Value, answer: &Answer) -> Value {
        let data = answer.authenticator_data(0, self.counter);
        self.counter = self.counter.wrapping_add(1);
        let client = answer.client_data(answer.kind, options);
        let signed = [data.as_slice(), Sha256Digest::of(&client).as_bytes()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.id), "rawId": URL_SAFE_NO_PAD.encode(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": URL_SAFE_NO_PAD.encode(data), "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "signature": URL_SAFE_NO_PAD.encode(signature.as_ref()),
                "userHandle": URL_SAFE_NO_PAD.encode(&self.user),
            },
            "extensions": {},
        })
    }
}
