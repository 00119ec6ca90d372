//! A token is taken as it was signed, or not at all.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leeward_domain::Timestamp;
use leeward_identity::{
    jwks::KeySet,
    jwt::{Expected, TokenSigner, unverified_issuer, verify},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const SEED: [u8; 32] = [9; 32];
const NOW: i64 = 1_700_000_000;

fn keys() -> KeySet {
    let public = Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap();
    KeySet::of_ed25519([("key".to_owned(), public.public_key().as_ref().try_into().unwrap())])
}

fn expected() -> Expected<'static> {
    let now = Timestamp::from_unix_micros(NOW * 1_000_000);
    Expected { issuer: "https://a.example", audience: "leeward", kinds: &["jwt", ""], requires: &["exp", "sub"], now }
}

fn claims() -> Map<String, Value> {
    let claims = json!({"iss": "https://a.example", "aud": ["leeward"], "sub": "ada", "exp": NOW + 600, "iat": NOW});
    claims.as_object().unwrap().clone()
}

fn signed(claims: &Map<String, Value>) -> String {
    TokenSigner::from_seed("key".into(), &SEED).sign("JWT", claims).unwrap()
}

/// Any JSON, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{1,4}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[test]
fn the_token_itself_is_taken() {
    assert_eq!(verify(&signed(&claims()), &keys(), &expected()).unwrap().subject.as_deref(), Some("ada"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn one_character_changed_spoils_a_token(at in any::<prop::sample::Index>(), new in "[A-Za-z0-9_.=+/ -]|\\PC") {
        let token = signed(&claims());
        let at = at.index(token.len());
        let changed = format!("{}{new}{}", &token[..at], &token[at + 1..]);
        prop_assume!(changed != token);
        prop_assert!(verify(&changed, &keys(), &expected()).is_err(), "{changed}");
    }

    #[test]
    fn a_token_cut_or_extended_is_none(at in any::<prop::sample::Index>(), more in "[A-Za-z0-9_.=-]{1,8}") {
        let token = signed(&claims());
        let cut = &token[..at.index(token.len())];
        prop_assert!(verify(cut, &keys(), &expected()).is_err(), "{cut}");
        for longer in [format!("{token}{more}"), format!("{more}{token}"), format!("{cut}{more}{}", &token[cut.len()..])] {
            prop_assert!(verify(&longer, &keys(), &expected()).is_err(), "{longer}");
        }
    }

    #[test]
    fn another_head_or_body_over_the_same_signature_is_refused(head in any_json(), body in any_json()) {
        let token = signed(&claims());
        let parts: Vec<&str> = token.split('.').collect();
        let spell = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        for forged in [
            format!("{}.{}.{}", spell(&head), parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], spell(&body), parts[2]),
            format!("{}.{}.{}", spell(&head), spell(&body), parts[2]),
        ] {
            prop_assert!(verify(&forged, &keys(), &expected()).is_err(), "{forged}");
            let _ = unverified_issuer(&forged);
        }
    }

    /// Rightly signed, whatever is claimed: never a panic, and never taken with another issuer, audience or no end.
    #[test]
    fn strange_claims_are_refused_or_what_they_seem(
        name in prop::sample::select(vec!["iss", "aud", "sub", "exp", "nbf", "iat", "jti"]), value in any_json()
    ) {
        let mut claims = claims();
        claims.insert(name.to_owned(), value.clone());
        if let Ok(taken) = verify(&signed(&claims), &keys(), &expected()) {
            prop_assert_eq!(&taken.all["iss"], &json!("https://a.example"));
            prop_assert!(taken.expires_at.is_some_and(|end| end > NOW - 61));
            prop_assert!(taken.subject.is_some_and(|subject| claims["sub"] == json!(subject)));
            let audience = &taken.all["aud"];
            let named = audience.as_array().is_some_and(|all| all.contains(&json!("leeward")));
            prop_assert!(*audience == json!("leeward") || named);
        }
    }

    #[test]
    fn no_text_is_taken_or_makes_it_panic(text in "\\PC{0,200}|[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,90}") {
        prop_assert!(verify(&text, &keys(), &expected()).is_err());
        let _ = unverified_issuer(&text);
        let _ = KeySet::parse(text.as_bytes());
    }

    #[test]
    fn no_key_set_makes_it_panic(set in any_json(), key in any_json()) {
        let _ = KeySet::parse(set.to_string().as_bytes());
        let _ = KeySet::parse(json!({"keys": [key, {"kty": "OKP", "crv": set}]}).to_string().as_bytes());
    }
}
